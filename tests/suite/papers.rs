//! The papers: their links lead somewhere, their words are those of the code, and the first page stays one
//! screen.

use super::house::files;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every page of the project with its text.
fn pages() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in ["src", "docs", "examples", "benches", "tests"].map(testkit::repository) {
        files(&folder, &["md"], &mut found);
    }
    let top = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md"];
    found.extend(top.map(testkit::repository));
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The text without blocks of code.
fn prose(text: &str) -> String {
    let mut quoted = false;
    let mut kept = String::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        quoted ^= fence;
        if !quoted && !fence {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The targets of inline links and images.
fn links(text: &str) -> Vec<String> {
    let text = prose(text);
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(str::to_owned).collect()
}

/// The anchor of a heading: lower case, spaces to hyphens, no punctuation.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(page: &Path) -> BTreeSet<String> {
    let text = prose(&fs::read_to_string(page).unwrap());
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for (page, text) in pages() {
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            seen += 1;
            let (path, part) = link.split_once('#').map_or((link.as_str(), None), |(p, a)| (p, Some(a)));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            if !target.exists() {
                wrong.push(format!("{}: {link}", page.display()));
            } else if let Some(part) = part.filter(|_| target.extension().is_some_and(|end| end == "md"))
                && !anchors(&target).contains(part)
            {
                wrong.push(format!("{}: {link}: no such heading", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 100, "only {seen} links were found");
}

/// A row that follows an empty line begins no table of its own: a page shows it as plain text.
#[test]
fn no_row_is_cut_off_from_its_table() {
    let (mut seen, mut wrong) = (0, Vec::new());
    let rule = |line: &str| line.contains("---") && line.chars().all(|c| "|-: ".contains(c));
    for (page, text) in pages() {
        let text = prose(&text);
        let lines: Vec<&str> = text.lines().collect();
        let row = |at: usize| lines.get(at).is_some_and(|line| line.starts_with('|'));
        for at in (0..lines.len()).filter(|&at| row(at) && (at == 0 || !row(at - 1))) {
            seen += 1;
            if !lines.get(at + 1).is_some_and(|line| rule(line)) {
                wrong.push(format!("{}: {}", page.display(), lines[at]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 50, "only {seen} tables were found");
}

#[test]
fn the_first_page_is_one_screen() {
    for page in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(testkit::repository(page)).unwrap();
        assert!(text.lines().count() <= 150, "{page} has more than 150 lines");
    }
}

/// A page that exists in two languages names its twin in the first lines.
#[test]
fn pages_in_two_languages_name_each_other() {
    let mut seen = 0;
    for (page, text) in pages() {
        let name = page.file_name().unwrap().to_str().unwrap();
        let Some(stem) = name.strip_suffix(".zh-CN.md") else { continue };
        let twin = page.with_file_name(format!("{stem}.md"));
        let head = |text: &str| text.lines().take(6).collect::<String>();
        assert!(head(&text).contains(&format!("({stem}.md)")), "{name} does not name {stem}.md");
        let english = fs::read_to_string(&twin).unwrap();
        assert!(head(&english).contains(&format!("({name})")), "{stem}.md does not name {name}");
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} pages in Chinese");
}

/// What the Chinese texts call a thing by one word only: the word, and others that once stood beside it.
const CHINESE: [(&str, &[&str]); 21] = [
    ("匹配检查人员", &["派定"]),
    ("建立台账", &["开账"]),
    ("延期公开", &["延迟公开"]),
    ("保密随机数", &["密值"]),
    ("保密参数", &["盐值密钥", "盐密钥"]),
    ("入选线", &["抽中界限"]),
    ("签号", &["抽签号"]),
    ("必查", &["必抽"]),
    ("免查", &["免抽"]),
    ("签名", &["联署"]),
    ("浮动幅度", &["松弛"]),
    ("起始相位", &["检查相位"]),
    ("年度台账", &["年度状态"]),
    ("抽取方案", &["抽取规则", "抽查方案"]),
    ("抽中概率", &["抽取机会", "抽取前的机会", "抽中的机会"]),
    ("缺员", &["人员不足的说明"]),
    ("揭晓", &["随机源产生"]),
    ("内部一致", &["自身一致"]),
    ("年度备案", &["年度登记"]),
    ("公开随机源", &["公共随机源"]),
    ("递补、接替", &["替补"]),
];

/// A Chinese text that uses a second word for a thing leaves its reader to guess whether it is another thing.
#[test]
fn the_chinese_texts_have_one_word_for_one_thing() {
    let mut paths = Vec::new();
    for folder in ["docs", "src", "examples"].map(testkit::repository) {
        files(&folder, &["md", "rs", "ftl", "mjs"], &mut paths);
    }
    paths.push(testkit::repository("README.zh-CN.md"));
    let (mut seen, mut wrong) = (0, Vec::new());
    for path in paths {
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            for (word, others) in CHINESE {
                seen += usize::from(line.contains(word));
                // A heading of a table that people bring is theirs.
                let heading = line.contains("替补对象");
                let found = others.iter().filter(|other| line.contains(**other) && !heading);
                wrong.extend(
                    found.map(|other| format!("{}:{}: {other}, which is {word}", path.display(), number + 1)),
                );
            }
        }
    }
    assert!(seen > 300, "only {seen} words");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The words of the glossary are types of the room that it names.
#[test]
fn the_glossary_names_types_that_exist() {
    let page = fs::read_to_string(testkit::repository("docs/glossary.md")).unwrap();
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<String>>();
    let mut seen = 0;
    for row in page.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let rooms = quoted(cells[3]);
        let mut sources = Vec::new();
        for room in &rooms {
            let folder = testkit::repository(&format!("src/{room}"));
            if folder.is_dir() {
                files(&folder, &["rs"], &mut sources);
            } else {
                sources.push(folder.with_extension("rs"));
            }
        }
        let code: String = sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        for name in quoted(cells[2]) {
            let (owner, member) = name.split_once("::").map_or((name.as_str(), None), |(o, m)| (o, Some(m)));
            let ends = ["", "<", " ", "(", ";"].map(|end| format!(" {owner}{end}"));
            let declared = code.lines().any(|line| {
                ["pub struct", "pub enum", "pub type"].iter().any(|word| {
                    let rest = line.trim_start().strip_prefix(word);
                    rest.is_some_and(|rest| ends[1..].iter().any(|end| rest.starts_with(end)))
                })
            });
            assert!(declared, "{rooms:?} declares no type {owner}");
            if let Some(member) = member {
                let stands = [format!("fn {member}"), format!("pub {member}:")];
                assert!(stands.iter().any(|text| code.contains(text)), "{owner} has no {member}");
            }
            seen += 1;
        }
    }
    assert!(seen > 50, "only {seen} words");
}
