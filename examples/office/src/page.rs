//! The page of a public folder: it shows and verifies what is published in the reader's browser, without a server.
//!
//! `index.html` has all documents of the folder inside, `page.html` of a draw those of that draw, for a mail.
//! Both say nothing of their own, so a later version of them may stand in the place of an earlier one.

use crate::catalogue::as_message;
use crate::disk::{listed, name, plain, put};
use crate::problem::FileProblem;
use crate::say;
use double_random_support::files::{self, Failure};
use double_random_support::page::{EMPTY, NAME, OPEN, PAGE, inside, takes, with};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// Writes the page of a public folder with what is published inside, and one of each draw in it whose record is
/// published. Returns the files, by their paths within the folder.
///
/// # Errors
///
/// If a file cannot be read or written. No half file stays.
pub fn write(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut all = documents(folder, "")?;
    all.extend(documents(folder, "checkpoints/")?);
    let mut written = vec![NAME.to_owned()];
    for draw in listed(&folder.join("draws"))? {
        let place = format!("draws/{}/", name(&draw));
        let own = documents(folder, &place)?;
        if draw.join("record.json").exists() {
            put(&draw.join("page.html"), with(&own).as_bytes())?;
            written.push(format!("{place}page.html"));
        }
        all.extend(own);
    }
    put(&folder.join(NAME), with(&all).as_bytes())?;
    Ok(written)
}

/// What a page has inside of one folder: `place` is its path from that of the ledger, and ends with a slash.
fn documents(folder: &Path, place: &str) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut found = BTreeMap::new();
    for path in listed(&folder.join(place))? {
        let named = format!("{place}{}", name(&path));
        if path.is_file() && takes(&named) {
            found.insert(named, files::read(&path)?);
        }
    }
    Ok(found)
}

/// Whether what a page has inside is what lies in its folder, and the page is the one of this program. The paths in
/// it begin at the folder of the ledger. A ledger inside may be the beginning of the one that lies there, which goes on.
///
/// # Errors
///
/// [`FileProblem::Wrong`] if a document inside is another than the file, and [`FileProblem::OtherPage`] if the page
/// around the documents is another.
pub fn check(path: &Path) -> Result<(), FileProblem> {
    let bytes = files::read(path).map_err(|error| FileProblem::wrong(as_message(error.as_ref())))?;
    let text = String::from_utf8_lossy(&plain(&bytes)).into_owned();
    let other = || {
        FileProblem::OtherPage(say!(
            "office.page.other",
            "it is not the page of this program: take the page from the source, or from a program that you trust"
        ))
    };
    let (head, rest) = text.split_once(OPEN).ok_or_else(other)?;
    let (documents, tail) = rest.split_once('<').ok_or_else(other)?;
    let documents: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(documents).map_err(|error| {
            let error = error.to_string();
            FileProblem::Wrong(say!("office.page.documents", "its documents: {error}", error))
        })?;
    let root = root(path);
    for (name, document) in documents {
        let at = Path::new(&name);
        if !at.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(FileProblem::Wrong(say!(
                "office.page.path",
                "{name} inside is no path in its folder",
                name
            )));
        }
        let there = files::read(&root.join(at)).map_err(|_| {
            FileProblem::NotChecked(say!(
                "office.page.alone",
                "it has {name} inside, which does not lie in the folder",
                name
            ))
        })?;
        let holds = match document.as_str() {
            Some(text) if name == "ledger.jsonl" => plain(&there).starts_with(&plain(text.as_bytes())),
            Some(text) => plain(text.as_bytes()) == plain(&there),
            None => document == inside(&there),
        };
        if !holds {
            return Err(FileProblem::Wrong(say!(
                "office.page.inside",
                "it has another {name} inside than the one in the folder",
                name
            )));
        }
    }
    if PAGE.split_once(EMPTY) == Some((head, tail)) { Ok(()) } else { Err(other()) }
}

/// The folder of the ledger, or of the one draw, whose page it is.
fn root(page: &Path) -> PathBuf {
    let folder = page.parent().unwrap_or(page);
    let ups = if name(page) == "page.html" { 2 } else { 0 };
    folder.ancestors().nth(ups).unwrap_or(folder).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_with_another_document_inside_is_found() {
        let folder = std::env::temp_dir().join(format!("page-{}", std::process::id()));
        let draw = folder.join("draws/1.1");
        std::fs::create_dir_all(&draw).unwrap();
        std::fs::write(draw.join("record.json"), "{\"a\":\"</script><b>\"}").unwrap();
        std::fs::write(draw.join("notice.docx"), [0xff, 0x00]).unwrap();
        std::fs::write(draw.join("frame.json"), "never inside").unwrap();
        std::fs::write(folder.join("ledger.jsonl"), "one\n").unwrap();
        assert_eq!(write(&folder).unwrap(), ["index.html", "draws/1.1/page.html"]);
        let whole = folder.join("index.html");
        assert_eq!(check(&whole), Ok(()));
        let text = std::fs::read_to_string(&whole).unwrap();
        assert!(
            text.contains(r#""draws/1.1/notice.docx":{"base64":"/wA="}"#) && !text.contains("never inside")
        );
        // The ledger goes on after the page is written; what it said before stays.
        std::fs::write(folder.join("ledger.jsonl"), "one\ntwo\n").unwrap();
        assert_eq!(check(&whole), Ok(()));
        std::fs::write(folder.join("ledger.jsonl"), "other\n").unwrap();
        assert!(matches!(check(&whole), Err(FileProblem::Wrong(_))));
        std::fs::write(folder.join("ledger.jsonl"), "one\n").unwrap();
        for (from, to) in [("/wA=", "/wB="), ("draws/1.1/record", "../1.1/record")] {
            std::fs::write(&whole, text.replace(from, to)).unwrap();
            assert!(matches!(check(&whole), Err(FileProblem::Wrong(_))));
        }
        let page = draw.join("page.html");
        assert_eq!(check(&page), Ok(()));
        let text = std::fs::read_to_string(&page).unwrap();
        std::fs::write(&page, text.replace(r"\u003cb>", r"\u003ci>")).unwrap();
        assert!(matches!(check(&page), Err(FileProblem::Wrong(_))));
        std::fs::write(&page, text.replace("use strict", "use  strict")).unwrap();
        assert!(matches!(check(&page), Err(FileProblem::OtherPage(_))));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
