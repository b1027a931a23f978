//! Files that a program writes together or not at all, each with one line that says what it is for, and the
//! files of a sealed plan.

use crate::catalogue::of_disk;
use crate::page;
use crate::screen::Lang;
use crate::{say, told};
use double_random::bytes::encode;
use double_random::seal::{Seal, Sealed, Secret};
use double_random::{Cycle, Frame, Policy, Roster};
use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Any failure, in words.
pub type Failure = Box<dyn Error>;

/// What a file is for, in English and in Chinese.
pub type Purpose = [&'static str; 2];

/// The file that lists the others.
pub const INDEX: &str = "README.txt";

/// The title of the list of a draw's files.
pub const DRAW: Purpose = ["A draw: what each file is for", "一次抽取：各文件用途"];
/// The purpose of a record.
pub const RECORD: Purpose =
    ["the record, from which the draw can be replayed", "抽取记录：任何人均可据此复算核验"];
/// The purpose of a page.
pub const PAGE: Purpose = [
    "the public page: open it in a browser, it shows and verifies the rest",
    "公示网页：用浏览器打开，可查看并核验其余文件",
];

/// Reads a file, naming it when that fails.
///
/// # Errors
/// The file cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    about(&path.display().to_string(), fs::read(path))
}

/// Reads a text that a person saved: UTF-8, with or without a byte order mark, which Windows programs write.
///
/// # Errors
/// The file cannot be read, or it is UTF-16, GBK or no text. The error names the file and the remedy.
pub fn text(path: &Path) -> Result<String, Failure> {
    about(&path.display().to_string(), utf8(read(path)?))
}

/// The text of bytes that a person saved, as [`text`] reads it.
///
/// # Errors
/// The bytes are UTF-16, GBK or no text.
pub fn utf8(bytes: Vec<u8>) -> Result<String, Failure> {
    // Text in JSON begins with an ASCII character; in UTF-16 one of its two bytes is zero.
    if matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err(say!(
            "screen.utf16",
            "is UTF-16, which is not read here: save the file as UTF-8 (\"另存为\", encoding \"UTF-8\")"
        )
        .into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let place = error.utf8_error().valid_up_to() + 1;
            Err(say!(
                "screen.not_utf8",
                "is no UTF-8 text at byte {number}, as a file in GBK (ANSI) is not: save the file as UTF-8 \
                 (\"另存为\", encoding \"UTF-8\")",
                number = place
            )
            .into())
        }
    }
}

/// Reads a published document: without a byte order mark, and with line ends as they were published where a
/// program has made CR LF of them. No published JSON and no checkpoint holds a CR of its own.
///
/// # Errors
/// As for [`text`].
pub fn published(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(line_feeds(text(path)?.as_bytes()))
}

/// The bytes of a text with lines ended by LF.
#[must_use]
pub fn line_feeds(text: &[u8]) -> Vec<u8> {
    let mut feeds = Vec::with_capacity(text.len());
    for (place, byte) in text.iter().enumerate() {
        if *byte != b'\r' || text.get(place + 1) != Some(&b'\n') {
            feeds.push(*byte);
        }
    }
    feeds
}

/// An error with the name of the file that it is about.
#[derive(Debug)]
pub struct About {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub error: Failure,
}

impl About {
    /// The file, and what is wrong with it in these words.
    #[must_use]
    pub fn words(&self, error: &str, lang: Lang) -> String {
        told!(lang, "screen.labelled", label = self.file, text = error)
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.error)
    }
}

impl Error for About {}

/// Puts the name of a file before an error that is about it.
///
/// # Errors
/// That error.
pub fn about<T, E: Into<Failure>>(file: &str, result: Result<T, E>) -> Result<T, Failure> {
    // Not a box in a box, so that it can be found again.
    result.map_err(|error| Failure::from(About { file: file.to_owned(), error: error.into() }))
}

/// Files to be written together.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<(PathBuf, Vec<u8>)>,
    listed: Vec<(String, Purpose)>,
}

impl Files {
    /// Adds a file by its path inside the folder.
    pub fn add(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.files.push((path.into(), content.into()));
    }

    /// The paths of its files.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let slashes = |(path, _): &(PathBuf, Vec<u8>)| path.to_string_lossy().replace('\\', "/");
        self.files.iter().map(slashes).collect()
    }

    /// Adds a file that the list has with this purpose.
    pub fn add_for(&mut self, path: &str, content: impl Into<Vec<u8>>, purpose: Purpose) {
        self.add(path, content);
        self.lists(path, purpose);
    }

    /// Adds a table that Excel opens (UTF-8 with a byte order mark), which the list has with this purpose.
    pub fn add_csv(&mut self, path: &str, header: &[&str], rows: Vec<Vec<String>>, purpose: Purpose) {
        let header: Vec<String> = header.iter().map(ToString::to_string).collect();
        self.add_for(path, csv(&header, rows, "\n"), purpose);
    }

    /// Adds all files of a collection inside a folder. Their own list is not taken over.
    pub fn under(&mut self, folder: &str, files: Self) {
        let moved = files.files.into_iter().map(|(path, content)| (Path::new(folder).join(path), content));
        self.files.extend(moved);
    }

    /// Puts a file or a folder on the list.
    pub fn lists(&mut self, path: &str, purpose: Purpose) {
        self.listed.push((path.to_owned(), purpose));
    }

    /// The list: a line for each file, with its purpose.
    #[must_use]
    pub fn list(&self, lang: Lang) -> String {
        let width = self.listed.iter().map(|(path, _)| path.len()).max().unwrap_or(0);
        let line = |(path, purpose): &(String, Purpose)| format!("  {path:width$}  {}\n", lang.of(*purpose));
        self.listed.iter().map(line).collect()
    }

    /// Adds [`INDEX`], which holds the list in both languages.
    #[must_use]
    pub fn indexed(mut self, title: Purpose) -> Self {
        let list = |lang: Lang| format!("{}\n{}", lang.of(title), self.list(lang));
        let text = format!("{}\n{}", list(Lang::En), list(Lang::Zh));
        self.add(INDEX, text);
        self
    }

    /// Adds the public page of a folder, with what is in it inside. It goes on the list.
    pub fn add_page(&mut self, folder: &str) {
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let below = path("");
        let documents = self.paths().into_iter().zip(&self.files).filter_map(|(at, (_, content))| {
            let name = at.strip_prefix(&below)?;
            page::takes(name).then(|| (name.to_owned(), content.clone()))
        });
        let page = page::with(&documents.collect());
        self.add_for(&path(page::NAME), page, PAGE);
    }

    /// Writes all files, or none. A file that is there already with the same bytes stays. One with other
    /// bytes is never overwritten, because a sealed or drawn document has only one content. [`INDEX`] is no
    /// document: it is written anew, as is a page.
    ///
    /// # Errors
    /// A file of another content is there, or the folder cannot be written.
    pub fn write(self, folder: &Path) -> Result<(), Failure> {
        for (path, content) in &self.files {
            let path = folder.join(path);
            match fs::read(&path) {
                Ok(there) if &there == content || path.ends_with(INDEX) || path.ends_with(page::NAME) => {}
                Ok(_) => {
                    return Err(say!(
                        "screen.differs",
                        "{file} exists and differs; nothing was written. Choose another --out",
                        file = path.display().to_string()
                    )
                    .into());
                }
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return about(&path.display().to_string(), Err(e)),
            }
        }
        let named = |error: io::Error| {
            say!(
                "screen.unwritten",
                "{file}: {problem}; nothing was written",
                file = folder.display().to_string(),
                problem = of_disk(&error)
            )
        };
        fs::create_dir_all(folder).map_err(named)?;
        // Everything is on the disk before the first file takes its name.
        let stage = Stage(folder.join(format!(".partial-{}", std::process::id())));
        fs::create_dir(&stage.0).map_err(named)?;
        for (number, (_, content)) in self.files.iter().enumerate() {
            let path = stage.0.join(number.to_string());
            fs::write(&path, content).map_err(named)?;
            fs::File::open(&path).and_then(|file| file.sync_all()).map_err(named)?;
        }
        for (path, _) in &self.files {
            if let Some(parent) = folder.join(path).parent() {
                fs::create_dir_all(parent).map_err(named)?;
            }
        }
        for (number, (path, _)) in self.files.iter().enumerate() {
            fs::rename(stage.0.join(number.to_string()), folder.join(path)).map_err(named)?;
        }
        Ok(())
    }
}

/// The folder of files that have no name yet; it goes when the writing ends, however it ends.
struct Stage(PathBuf);

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A cell of a table as text that Excel does not take for a formula: a mark stands before `=`, `+`, `-`, `@`,
/// and before the mark itself. Readers of tables take it off.
#[must_use]
pub fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\'']) { format!("'{text}") } else { text.to_owned() }
}

/// A table as CSV that Excel opens: UTF-8 with a byte order mark, every line ended by `end`.
#[must_use]
pub fn csv(header: &[String], rows: impl IntoIterator<Item = Vec<String>>, end: &str) -> String {
    let mut text = String::from("\u{feff}");
    let mut add = |row: Vec<String>| {
        // A row of one empty cell is quoted, because a blank line is no row.
        let alone = row.len() == 1;
        let quoted = |cell: String| {
            let needs = cell.contains([',', '"', '\n', '\r']) || (alone && cell.is_empty());
            if needs { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
        };
        let cells: Vec<String> = row.into_iter().map(quoted).collect();
        text.push_str(&cells.join(","));
        text.push_str(end);
    };
    add(header.to_vec());
    rows.into_iter().for_each(|row| add(row.iter().map(|cell| defused(cell)).collect()));
    text
}

/// The files of a sealed plan: what is published at once, and what is kept for the auditor.
///
/// # Errors
/// A document cannot be encoded.
pub fn sealed(sealed: &Sealed) -> Result<Files, Failure> {
    let (plan, key) = (sealed.plan(), sealed.salt_key());
    let mut files = Files::default();
    files.add_for(
        "public/seal.json",
        sealed.seal().to_json(),
        ["the seal: publish it before the beacon", "封存文件：须在随机数揭晓之前公布"],
    );
    files.add_for("public/policy.json", plan.policy().to_json()?, ["the rules of the draw", "抽取方案"]);
    files.add_for(
        "public/cells.json",
        encode(&plan.table())?,
        ["the strata: institutions and expected picks of each", "各分层检查对象家数与期望抽中家数"],
    );
    files.add_for(
        "auditor/frame.json",
        plan.frame().to_json(key),
        [
            "the institutions as they were sealed (secret: salt key)",
            "检查对象名录封存件（含保密参数，不得公开）",
        ],
    );
    files.add_for(
        "auditor/roster.json",
        plan.roster().to_json(key),
        [
            "officers, experts and recusals as they were sealed (secret)",
            "执法检查人员、专家及回避名单封存件（不得公开）",
        ],
    );
    files.add_for(
        "auditor/cycle.json",
        plan.cycle().to_json(key),
        ["the year before this draw (secret)", "本次抽取之前的年度检查台账（不得公开）"],
    );
    let rows = plan.frame().units().iter().filter_map(|unit| {
        let why = plan.explain(&unit.id)?;
        let steps: Vec<String> = why.steps.iter().map(ToString::to_string).collect();
        let (whole, part) = (why.probability / 1_000_000_000, why.probability % 1_000_000_000);
        let (path, probability) = (why.path.unwrap_or_default(), format!("{whole}.{part:09}"));
        Some(vec![unit.id.to_string(), unit.name.clone(), path.to_string(), probability, steps.join("; ")])
    });
    files.add_csv(
        "auditor/plan.csv",
        &["id", "name", "cell", "probability", "because"],
        rows.collect(),
        ["every institution's probability and its grounds", "每家检查对象的抽中概率及依据"],
    );
    Ok(files)
}

/// Opens the folder of a sealed plan, and insists that it still gives the published seal.
///
/// # Errors
/// A file is missing or unreadable, or something was changed after sealing.
pub fn reopen(folder: &Path) -> Result<Sealed, Failure> {
    let file = |name: &str| published(&folder.join(name));
    let seal = about("public/seal.json", Seal::from_json(&file("public/seal.json")?))?;
    let policy = String::from_utf8(file("public/policy.json")?)?;
    let policy = about("public/policy.json", Policy::from_json(&policy))?;
    let frame = about("auditor/frame.json", Frame::from_json(&file("auditor/frame.json")?))?;
    let roster = about("auditor/roster.json", Roster::from_json(&file("auditor/roster.json")?))?;
    let cycle = about("auditor/cycle.json", Cycle::from_json(&file("auditor/cycle.json")?))?;
    let secret = match seal.secret {
        Some(_) => {
            let bytes = file("auditor/secret.json")?;
            Some(about("auditor/secret.json", serde_json::from_slice::<Secret>(&bytes))?)
        }
        None => None,
    };
    about(&folder.display().to_string(), Sealed::reopen(&seal, policy, frame, roster, cycle, secret))
}
