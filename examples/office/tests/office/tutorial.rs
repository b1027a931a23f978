//! The tutorials: every command that they show is run in an empty folder, in order, and must print what they show.
//!
//! A block begins with ```` ```console ````; `$ office …` is a command, what stands below it its output; a line `…` stands for
//! any lines, and `…` within a line for any text. Comments of the paper say what a reader need not see:
//!
//! - `<!-- with: OPTIONS -->`: options of the commands from here on, as the clock of a rehearsal;
//! - `<!-- ends: N -->`: the exit status of the next command that is shown, or run;
//! - `<!-- run: office … -->`: a command that is not shown;
//! - `<!-- fill: REGISTER FILE -->`: constructed rows are filled into a form;
//! - `<!-- results: DAY FILE -->`: the visits of a form are filled in;
//! - `<!-- file: NAME -->`: a file that is there, such as a photograph;
//! - `<!-- keep: N -->`: how many lines of the outputs of the next block `record` shows; the last ones where N is
//!   negative.

use crate::begin::fill;
use crate::support::{Kind, Office, root};
use calamine::Reader as _;
use std::process::Command;

/// Words divided by blanks; what stands between quotation marks is one.
fn words(line: &str) -> Vec<String> {
    let (mut all, mut word, mut quoted, mut any) = (Vec::new(), String::new(), false, false);
    for letter in line.chars() {
        match letter {
            '\'' => {
                quoted = !quoted;
                any = true;
            }
            ' ' if !quoted => {
                if any || !word.is_empty() {
                    all.push(std::mem::take(&mut word));
                }
                any = false;
            }
            letter => word.push(letter),
        }
    }
    if any || !word.is_empty() {
        all.push(word);
    }
    all
}

/// Whether a line is what a paper shows.
fn is_line(shown: &str, line: &str) -> bool {
    let (shown, line) = (shown.trim_end(), line.trim_end());
    let mut parts = shown.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        let Some(place) = rest.find(part) else { return false };
        rest = &rest[place + part.len()..];
    }
    rest.ends_with(last)
}

/// Whether lines are what a paper shows: the first line that is not, if any.
fn differs(shown: &[&str], lines: &[&str]) -> Option<String> {
    let mut place = 0;
    let mut skip = false;
    for one in shown {
        if *one == "…" {
            skip = true;
            continue;
        }
        let found = (place..lines.len()).find(|place| is_line(one, lines[*place]));
        match found {
            Some(found) if skip || found == place => place = found + 1,
            _ => return Some((*one).to_owned()),
        }
        skip = false;
    }
    (place < lines.len() && !skip).then(|| format!("(not shown) {}", lines[place]))
}

/// An institution of the tutorial.
fn unit(n: usize, kinds: &[(&str, &str)], zh: bool) -> Vec<(&'static str, String)> {
    let (kind, name) = kinds[n % kinds.len()];
    let (id, called, division, of_kind, status) = match zh {
        true => ("统一社会信用代码/机构标识", "机构名称", "行政区划", "机构类别", "状态"),
        false => ("id", "name", "division", "kind", "status"),
    };
    let town = if zh { "鲤城示例" } else { "Example " };
    vec![
        (id, format!("LC-{n:04}")),
        (called, format!("{town}{name}{n}")),
        (division, "350502".to_owned()),
        (of_kind, kind.to_owned()),
        (status, if zh { "在业" } else { "active" }.to_owned()),
    ]
}

const ZH: [(&str, &str); 8] = [
    ("公立医院", "医院"),
    ("社会办医院", "民营医院"),
    ("乡镇卫生院、社区卫生服务中心", "卫生院"),
    ("诊所、门诊部", "诊所"),
    ("诊所、门诊部", "诊所"),
    ("诊所、门诊部", "诊所"),
    ("公共场所经营单位", "宾馆"),
    ("公共场所经营单位", "宾馆"),
];
const EN: [(&str, &str); 8] = [
    ("hospital", "hospital "),
    ("private_hospital", "private hospital "),
    ("township", "health centre "),
    ("clinic", "clinic "),
    ("clinic", "clinic "),
    ("clinic", "clinic "),
    ("public_place", "hotel "),
    ("public_place", "hotel "),
];

/// Fills constructed rows into a form.
fn register(office: &Office, register: &str, file: &str, zh: bool) {
    let pick = |zh_word: &'static str, en: &'static str| if zh { zh_word } else { en };
    let rows: Vec<Vec<(&str, String)>> = match register {
        "units" => (1..=48).map(|n| unit(n, if zh { &ZH } else { &EN }, zh)).collect(),
        "officers" => {
            let row = |n: usize| {
                let name = ["陈", "林", "黄", "张", "吴", "李", "王", "刘", "蔡", "杨"][n - 1];
                vec![
                    (pick("执法证号", "id"), format!("350502-{n:02}")),
                    (pick("姓名", "name"), format!("{name}某")),
                    (pick("所属部门", "department"), "wsjd".to_owned()),
                    (pick("管辖区划", "divisions"), "350502".to_owned()),
                    (pick("执法证有效期至", "certified until"), "2029-12-31".to_owned()),
                ]
            };
            (1..=10).map(row).collect()
        }
        "recusals" => vec![vec![
            (pick("执法人员", "inspector"), "陈某".to_owned()),
            (pick("检查对象", "unit"), "LC-0003".to_owned()),
            (pick("回避类型", "ground"), pick("法定回避", "statutory").to_owned()),
            (pick("事由及依据", "basis"), "配偶在该诊所任职（行政处罚法第四十三条）".to_owned()),
        ]],
        "entries" => vec![vec![
            (pick("日期", "date"), "2026-01-15".to_owned()),
            (pick("记录类型", "entry"), pick("记录", "noted").to_owned()),
            (pick("信用事项", "signal"), "投诉举报".to_owned()),
            (pick("次数", "count"), "2".to_owned()),
            (pick("检查对象", "unit"), "LC-0004".to_owned()),
            (pick("来源", "source"), "12345工单（演示）".to_owned()),
        ]],
        other => panic!("no rows for {other}"),
    };
    fill(office, file, &rows);
}

/// Fills in the visits of a form: most without a finding.
fn visits(office: &Office, day: &str, file: &str) {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(office.path(file)).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    let text = |cell: &calamine::Data| cell.to_string();
    let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
    let is_head = |row: &Vec<String>| row.iter().any(|cell| cell == "检查日期" || cell == "date");
    let head = rows.iter().position(is_head).unwrap_or_else(|| panic!("{file} has no heading: {rows:?}"));
    let column =
        |names: [&str; 2]| rows[head].iter().position(|cell| names.contains(&cell.as_str())).unwrap();
    let (on, result) = (column(["检查日期", "date"]), column(["检查结果", "result"]));
    let mut filled = rust_xlsxwriter::Workbook::new();
    let sheet = filled.add_worksheet();
    for (row, cells) in rows.iter().skip(head).enumerate() {
        for (place, cell) in cells.iter().enumerate() {
            let found = if row % 5 == 3 { "violation" } else { "no_problem" };
            let cell = match place {
                _ if row == 0 || cells[0].is_empty() => cell.as_str(),
                place if place == on => day,
                place if place == result => found,
                _ => cell.as_str(),
            };
            sheet.write_string(u32::try_from(row).unwrap(), u16::try_from(place).unwrap(), cell).unwrap();
        }
    }
    filled.save(office.path(file)).unwrap();
}

/// A tutorial that is being played.
struct Player {
    office: Office,
    zh: bool,
    with: Vec<String>,
    ends: i32,
}

impl Player {
    fn new(zh: bool) -> Self {
        let office = Office::nothing(Kind::Sqlite);
        office.rehearse();
        office.write("secret.txt", "6b".repeat(32));
        Self { office, zh, with: Vec::new(), ends: 0 }
    }

    /// Runs a command: what the terminal shows.
    fn run(&mut self, line: &str) -> Result<String, String> {
        let mut all = words(line);
        assert_eq!(all.remove(0), "office", "{line}");
        let mut command: Command = self.office.command("");
        command.args(&all).args(&self.with).env("LANG", if self.zh { "zh_CN.UTF-8" } else { "C" });
        let out = Office::done(&mut command);
        let wanted = std::mem::take(&mut self.ends);
        let text = format!("{}{}", out.err, out.out);
        if out.status == Some(wanted) {
            Ok(text)
        } else {
            Err(format!("{line}: status {:?}\n{text}", out.status))
        }
    }

    /// Does what a comment says; how many lines of the next output are shown, if it says so.
    fn hear(&mut self, comment: &str) -> Option<i64> {
        let (what, rest) = comment.split_once(':').unwrap_or_else(|| panic!("{comment}"));
        let rest = rest.trim();
        let two = || rest.split_once(' ').unwrap_or_else(|| panic!("{comment}"));
        match what {
            "with" => self.with = words(rest),
            "ends" => self.ends = rest.parse().unwrap(),
            "run" => drop(self.run(rest).unwrap()),
            "fill" => register(&self.office, two().0, two().1, self.zh),
            "results" => visits(&self.office, two().0, two().1),
            "file" => self.office.write(rest, "a file of the tutorial\n"),
            "keep" => return Some(rest.parse().unwrap()),
            other => panic!("{other} is nothing that a tutorial says"),
        }
        None
    }
}

/// Plays a tutorial. Returns it with its outputs as they are now, what differs, and how many commands it shows.
fn play(paper: &str, zh: bool) -> (String, Vec<String>, usize) {
    let mut player = Player::new(zh);
    let (mut made, mut wrong, mut shown) = (Vec::new(), Vec::new(), 0);
    let (mut keep, mut inside) = (None, false);
    let mut lines = paper.lines().peekable();
    while let Some(line) = lines.next() {
        made.push(line.to_owned());
        if line == "```console" {
            inside = true;
        } else if line == "```" {
            inside = false;
            keep = None;
        } else if let Some(comment) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
            keep = player.hear(comment).or(keep);
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            shown += 1;
            let mut expected = Vec::new();
            while let Some(next) = lines.next_if(|next| !next.starts_with("$ ") && *next != "```") {
                expected.push(next);
            }
            match player.run(command) {
                Ok(text) => {
                    let actual: Vec<&str> = text.trim_end().lines().collect();
                    if let Some(line) = differs(&expected, &actual) {
                        wrong.push(format!("{command}\n  shown: {line}\n  printed:\n{text}"));
                    }
                    let most = usize::try_from(keep.map_or(i64::MAX, i64::abs)).unwrap_or(usize::MAX);
                    let left = actual.len().saturating_sub(most);
                    let last = keep.is_some_and(i64::is_negative);
                    let from = if last { left } else { 0 };
                    made.extend((left > 0 && last).then(|| "…".to_owned()));
                    made.extend(actual.iter().skip(from).take(most).map(|line| masked(line)));
                    made.extend((left > 0 && !last).then(|| "…".to_owned()));
                }
                Err(error) => {
                    wrong.push(error);
                    return (made.join("\n"), wrong, shown);
                }
            }
        }
    }
    (format!("{}\n", made.join("\n")), wrong, shown)
}

/// A line without the digests, which no reader compares here.
fn masked(line: &str) -> String {
    let mut told = String::new();
    for (place, word) in line.split(' ').enumerate() {
        let digest =
            word.len() >= 32 && word.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
        told.push_str(if place == 0 { "" } else { " " });
        told.push_str(if digest && word.len() == 64 { "…" } else { word });
    }
    told
}

const PAPERS: [(&str, bool); 2] = [("docs/tutorial.zh-CN.md", true), ("docs/tutorial.md", false)];

#[test]
fn the_tutorials_show_what_the_program_prints() {
    for (name, zh) in PAPERS {
        let paper = std::fs::read_to_string(root().join(name)).unwrap();
        let (_, wrong, shown) = play(&paper, zh);
        assert!(
            wrong.is_empty(),
            "{name} shows what the program does not print (cargo test -p double-random-office tutorial::record -- --ignored \
             writes it anew):\n{}",
            wrong.join("\n")
        );
        assert!(shown >= 25, "{name} shows {shown} commands: a year has more");
    }
}

/// Writes the outputs of the tutorials anew.
#[test]
#[ignore = "writes the tutorials anew"]
fn record() {
    for (name, zh) in PAPERS {
        let path = root().join(name);
        let (made, wrong, _) = play(&std::fs::read_to_string(&path).unwrap(), zh);
        let broken: Vec<&String> = wrong.iter().filter(|error| error.contains(": status ")).collect();
        assert!(broken.is_empty(), "{name}: {broken:?}");
        std::fs::write(path, made).unwrap();
    }
}

#[test]
fn a_paper_that_shows_another_line_is_found() {
    assert_eq!(words("a 'b c'  d=''"), ["a", "b c", "d="]);
    assert!(is_line("drawn: … (entry …)", "drawn: 1.1 abc (entry 5)") && !is_line("drawn …", "draw 1"));
    assert!(is_line("a", "a ") && !is_line("a", "a b"));
    let printed = ["one", "two", "three"];
    assert_eq!(differs(&["one", "…"], &printed), None);
    assert_eq!(differs(&["…", "three"], &printed), None);
    assert_eq!(differs(&["one", "three"], &printed), Some("three".to_owned()));
    assert_eq!(differs(&["one", "two"], &printed), Some("(not shown) three".to_owned()));
    assert_eq!(differs(&["…", "four"], &printed), Some("four".to_owned()));
}
