//! Reads the tables of an office (CSV in any usual encoding, Chinese or English headings) into the library's row types.
//!
//! The library takes rows whose codes have one spelling; an office has spreadsheets. What lies between is here and decides
//! nothing: spellings that can mean only one thing are brought to the library's, everything else is passed on as it stands,
//! so that [`Frame::new`](double_random::frame::Frame::new) and its like report it with its line. What is left out (note rows,
//! columns nobody asks for) is named in the notes; what makes the table unreadable comes as one [`TableError`] with all problems.
#![allow(dead_code, reason = "each example and test uses a part of this file")]
#![allow(unreachable_pub, reason = "programs have no outside, and this file is part of several")]

use double_random::calendar::Date;
use double_random::cycle::Standing;
use double_random::frame::{LicenceRow, UnitRow};
use double_random::id::{Code, Division, InspectorId, UnitId};
use double_random::policy::{Billionths, CertaintyRule, Policy};
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};
use std::collections::BTreeMap;
use std::fmt;

/// Something that makes a table unreadable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableProblem {
    /// The bytes are a spreadsheet file, not text.
    #[error("this is a workbook (.xls or .xlsx): save it as CSV")]
    Workbook,
    /// The bytes are no text in the encoding they seem to have.
    #[error("is no text in {encoding}: {hint}")]
    Encoding {
        /// The encoding that was tried last.
        encoding: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A quotation mark that nothing closes: the rest of the file would be one cell.
    #[error("line {line}: a quotation mark is opened and never closed")]
    OpenQuote {
        /// The line of its row.
        line: u64,
    },
    /// What the CSV reader says.
    #[error("{0}")]
    Csv(String),
    /// No row is a heading.
    #[error("no heading row found: it needs at least {wanted}")]
    NoHeader {
        /// The columns by which it is recognised.
        wanted: String,
    },
    /// A column is missing.
    #[error("line {line}: no column {field}; it may be called {names}")]
    MissingColumn {
        /// The line of the heading.
        line: u64,
        /// The field.
        field: String,
        /// What it may be called.
        names: String,
    },
    /// Two columns mean the same.
    #[error("line {line}: columns {first:?} and {second:?} both mean {field}; leave one")]
    TwoColumns {
        /// The line of the heading.
        line: u64,
        /// The field.
        field: String,
        /// Heading of the first.
        first: String,
        /// Heading of the second.
        second: String,
    },
    /// A row is longer than the heading, as happens where a comma in a name is not quoted.
    #[error("line {line}: {cells} cells under {columns} headings; is a comma not quoted?")]
    TooManyCells {
        /// The line.
        line: u64,
        /// Cells of the row.
        cells: usize,
        /// Headings.
        columns: usize,
    },
    /// A cell that cannot be read.
    #[error("line {line}, {field} {value:?} {rule}")]
    Cell {
        /// The line.
        line: u64,
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
        /// What is wrong.
        rule: String,
    },
}

/// All problems that make a table unreadable. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct TableError(Vec<TableProblem>);

impl TableError {
    /// The problems, those of the file and the heading first, then those of the rows in their order.
    #[must_use]
    pub fn problems(&self) -> &[TableProblem] {
        &self.0
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "{} problem{plural}, the table was not read", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// Rows, and notes on what was left out or put together.
pub type Read<T> = Result<(Vec<T>, Vec<String>), TableError>;

// Bytes to text.

/// Decodes the bytes of a table and names the encoding: by its byte order mark, else UTF-8, else GB18030 (which holds GBK and
/// GB2312).
///
/// # Errors
/// A workbook, or bytes that are no text in the encoding: nothing is replaced by question marks.
pub fn decode(bytes: &[u8]) -> Result<(String, &'static str), TableError> {
    let wrong = |encoding, hint| TableError(vec![TableProblem::Encoding { encoding, hint }]);
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(TableError(vec![TableProblem::Workbook]));
    }
    let whole = |encoding: &'static Encoding, name, rest| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
        text.map(|text| (text.into_owned(), name)).ok_or_else(|| wrong(name, "save it as UTF-8 CSV"))
    };
    let (text, encoding) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => (text.to_owned(), "UTF-8"),
            Err(_) => return Err(wrong("UTF-8", "its byte order mark says so; save it again")),
        },
        [0xff, 0xfe, rest @ ..] => whole(UTF_16LE, "UTF-16LE", rest)?,
        [0xfe, 0xff, rest @ ..] => whole(UTF_16BE, "UTF-16BE", rest)?,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), "UTF-8"),
            Err(_) => whole(GB18030, "GB18030", bytes)?,
        },
    };
    if text.contains('\0') {
        return Err(wrong(encoding, "it holds NUL characters, as UTF-16 without byte order mark does"));
    }
    Ok((text, encoding))
}

// Text to cells.

/// A row with its line in the file, counted from 1.
struct Line {
    number: u64,
    cells: Vec<String>,
}

/// Splits the text into rows that are not blank.
fn split(text: &str, delimiter: u8) -> Result<Vec<Line>, TableProblem> {
    // The reader says nothing about a quotation mark that is never closed; it would swallow this last row, which no file
    // can hold, because NUL was refused before.
    let guarded = format!("{text}\n\0\n");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(guarded.as_bytes());
    let mut lines = Vec::new();
    let (mut number, mut counted) = (1, 0);
    let mut closed = false;
    for record in reader.records() {
        let record = record.map_err(|e| TableProblem::Csv(e.to_string()))?;
        // The position lies before the line breaks that the reader skips; the row begins behind them.
        let before = record.position().map_or(0, csv::Position::byte);
        let before = usize::try_from(before).unwrap_or(guarded.len());
        let rest = guarded.as_bytes().get(before..).unwrap_or_default();
        let start = before + rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        number += breaks(guarded.as_bytes().get(counted..start).unwrap_or_default());
        counted = start;
        closed = record.len() == 1 && record.get(0) == Some("\0");
        if !closed {
            lines.push(Line { number, cells: record.iter().map(bare).collect() });
        }
    }
    if !closed {
        return Err(TableProblem::OpenQuote { line: number });
    }
    lines.retain(|line| line.cells.iter().any(|cell| !cell.is_empty()));
    Ok(lines)
}

/// The number of line breaks: LF, CR LF, or CR alone.
fn breaks(bytes: &[u8]) -> u64 {
    let mut found = 0;
    for (i, byte) in bytes.iter().enumerate() {
        found += u64::from(match byte {
            b'\n' => true,
            b'\r' => bytes.get(i + 1) != Some(&b'\n'),
            _ => false,
        });
    }
    found
}

/// Characters at the ends of a cell that nobody sees.
fn unseen(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}')
}

/// A cell without unseen ends and without what Excel is told by: `="…"` and a leading `'` mean "this is text".
fn bare(cell: &str) -> String {
    let cell = cell.trim_matches(unseen);
    let cell = cell.strip_prefix("=\"").and_then(|inner| inner.strip_suffix('"')).unwrap_or(cell);
    cell.strip_prefix('\'').unwrap_or(cell).trim_matches(unseen).to_owned()
}

/// Full-width letters, digits and punctuation as their ASCII twins, for columns of codes, dates and numbers. Names keep theirs.
fn narrow(text: &str) -> String {
    let twin = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    text.chars().map(twin).collect::<String>().trim_matches(unseen).to_owned()
}

// Cells to fields.

/// A column: the field's name in messages and the headings that mean it, the first of them in ASCII.
type Column = (&'static str, &'static [&'static str]);

const UNIT: &[Column] = &[
    (
        "id",
        &[
            "id",
            "uscc",
            "unit id",
            "credit code",
            "统一社会信用代码",
            "社会信用代码",
            "信用代码",
            "注册号",
            "标识",
            "机构标识",
            "机构编号",
            "主体身份代码",
        ],
    ),
    ("name", &["name", "unit name", "名称", "机构名称", "单位名称", "企业名称", "检查对象", "检查对象名称"]),
    (
        "division",
        &["division", "division code", "行政区划代码", "行政区划", "区划代码", "所属区划", "所在县区"],
    ),
    ("kind", &["kind", "category", "机构类别", "类别", "机构类型", "主体类型"]),
    ("risk", &["risk", "risk level", "风险等级", "风险分级", "风险级别"]),
    ("credit", &["credit", "credit level", "信用等级", "信用分级", "信用级别"]),
    ("status", &["status", "状态", "登记状态", "经营状态", "机构状态"]),
    ("opened", &["opened", "opening date", "开业日期", "成立日期", "设立日期", "核准日期"]),
    ("grid", &["grid", "网格", "网格编号", "责任区", "责任网格"]),
    (
        "licence",
        &[
            "licence",
            "license",
            "licence number",
            "许可证号",
            "许可证编号",
            "许可证",
            "执业许可证号",
            "登记号",
        ],
    ),
    (
        "licence until",
        &[
            "licence until",
            "valid until",
            "license until",
            "有效期至",
            "许可证有效期至",
            "有效期止",
            "有效期限",
        ],
    ),
];

const OFFICER: &[Column] = &[
    ("id", &["id", "inspector id", "certificate", "执法证号", "执法证编号", "执法证件号", "标识"]),
    ("name", &["name", "姓名", "执法人员姓名", "人员姓名"]),
    ("department", &["department", "部门", "所属部门", "执法部门"]),
    ("office", &["office", "工作单位", "所属科室", "科室"]),
    (
        "divisions",
        &["divisions", "division", "管辖片区", "管辖区划", "岗位管辖片区", "行政区划代码", "行政区划"],
    ),
    ("qualifications", &["qualifications", "qualification", "资质", "岗位资质", "岗位资质资格", "业务专长"]),
    ("certified from", &["certified from", "证件生效日期", "执法证生效日期", "发证日期"]),
    (
        "certified until",
        &["certified until", "valid until", "证件有效期至", "执法证有效期至", "有效期至", "有效期止"],
    ),
    ("absences", &["absences", "absence", "leave", "请假", "休假", "请假时间", "不在岗"]),
    ("grid", &["grid", "网格", "网格编号", "责任区", "责任网格"]),
    ("cap", &["cap", "上限", "本轮上限", "任务上限", "最多任务数"]),
    ("family", &["family", "亲属组", "亲属关系组"]),
    ("load", &["load", "已完成任务数", "已办任务数", "累计任务数"]),
];

const EXPERT: &[Column] = &[
    ("id", &["id", "expert id", "专家编号", "机构编号", "编号", "标识"]),
    ("name", &["name", "姓名", "专家姓名", "机构名称", "名称"]),
    ("organisation", &["organisation", "organization", "所属机构", "工作单位", "单位"]),
    ("divisions", &["divisions", "division", "服务区域", "行政区划代码", "行政区划"]),
    ("qualifications", &["qualifications", "qualification", "专业", "专业领域", "资质"]),
    ("engaged from", &["engaged from", "聘期起", "聘用起始", "合同起始"]),
    ("engaged until", &["engaged until", "聘期止", "聘期至", "合同终止", "有效期至"]),
    ("absences", &["absences", "absence", "leave", "请假", "不可用日期"]),
    ("cap", &["cap", "上限", "任务上限", "最多任务数"]),
    ("family", &["family", "亲属组"]),
    ("load", &["load", "已完成任务数", "累计任务数"]),
    ("role", &["role", "身份", "角色", "人员类别"]),
];

const RECUSAL: &[Column] = &[
    ("inspector", &["inspector", "inspector id", "执法证号", "执法证编号", "执法人员", "检查人员"]),
    (
        "unit",
        &[
            "unit",
            "unit id",
            "uscc",
            "机构标识",
            "检查对象",
            "统一社会信用代码",
            "信用代码",
            "注册号",
            "标识",
        ],
    ),
    ("ground", &["ground", "回避类型", "回避种类", "类型"]),
    ("basis", &["basis", "reason", "事由", "事由及依据", "回避事由", "依据", "理由"]),
];

const STANDING: &[Column] = &[
    (
        "unit",
        &[
            "unit",
            "unit id",
            "uscc",
            "id",
            "机构标识",
            "检查对象",
            "统一社会信用代码",
            "信用代码",
            "注册号",
            "标识",
        ],
    ),
    ("visits", &["visits", "本周期检查次数", "检查次数", "本年度检查次数", "已检查次数"]),
    ("exposure", &["exposure", "累计期望次数", "期望次数", "累计期望检查次数"]),
    ("last visit", &["last visit", "上次检查日期", "最近检查日期", "上次检查时间"]),
    ("last team", &["last team", "上次检查人员", "上次检查组", "最近检查人员"]),
];

/// Headings of signals that need no label in the policy.
const SIGNAL: &[Column] = &[
    ("complaints", &["complaints", "投诉举报", "投诉举报数", "投诉数", "投诉举报件数"]),
    ("hazards", &["hazards", "安全隐患", "安全隐患数", "隐患数"]),
    ("penalties", &["penalties", "行政处罚", "行政处罚数", "处罚次数", "处罚数"]),
    ("serious", &["serious", "严重违法失信", "严重违法"]),
];

/// A heading reduced to what it says: narrow, lower case, without spaces, underscores, stars and colons.
fn heading(text: &str) -> String {
    let dull = |c: &char| !(unseen(*c) || matches!(c, ' ' | '_' | '-' | '*' | ':'));
    narrow(text).to_lowercase().chars().filter(dull).collect()
}

/// The meanings of a heading: as a whole, without its bracketed remark, or as alternatives that all mean the same, as in
/// `统一社会信用代码/标识`.
fn meaning(text: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let whole = heading(text);
    let without = match (whole.find(['(', '[', '【']), whole.find([')', ']', '】'])) {
        (Some(open), Some(close)) if open < close => {
            let after: String = whole.get(close..).unwrap_or_default().chars().skip(1).collect();
            format!("{}{after}", whole.get(..open).unwrap_or_default())
        }
        _ => whole.clone(),
    };
    let all = |text: &str| {
        let mut fields = text.split(['/', '、', '|']).map(|part| names.get(part));
        let first = fields.next()??;
        fields.all(|field| field == Some(first)).then(|| first.clone())
    };
    names.get(&whole).cloned().or_else(|| names.get(&without).cloned()).or_else(|| all(&without))
}

/// A table whose heading is understood.
struct Table {
    /// Field and column.
    columns: BTreeMap<String, usize>,
    rows: Vec<Line>,
    notes: Vec<String>,
    problems: Vec<TableProblem>,
}

impl Table {
    /// Finds the heading (the first row with both `keys`), and says what it does not use.
    fn read(
        bytes: &[u8],
        schema: &[Column],
        keys: [&str; 2],
        required: &[&str],
        more: &[(String, String)],
    ) -> Result<Self, TableError> {
        let (text, encoding) = decode(bytes)?;
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let listed = schema.iter().flat_map(|(field, all)| all.iter().map(move |name| (*name, *field)));
        let more = more.iter().map(|(name, field)| (name.as_str(), field.as_str()));
        for (name, field) in listed.chain(more) {
            names.entry(heading(name)).or_insert_with(|| field.to_owned());
        }
        let fields = |line: &Line| -> Vec<Option<String>> {
            line.cells.iter().map(|cell| meaning(cell, &names)).collect()
        };
        let has = |found: &[Option<String>], key: &str| found.iter().flatten().any(|field| field == key);
        // Excel separates its CSV by commas or semicolons, as the country has it, and its Unicode text by tabs.
        let mut best: Option<(usize, Vec<Line>, usize)> = None;
        let mut quote = None;
        for delimiter in [b',', b'\t', b';'] {
            let lines = match split(&text, delimiter) {
                Ok(lines) => lines,
                Err(problem) => {
                    quote.get_or_insert(problem);
                    continue;
                }
            };
            let scored = lines.iter().enumerate().map(|(i, line)| {
                let found = fields(line);
                let known = found.iter().flatten().count();
                (if keys.iter().all(|key| has(&found, key)) { usize::MAX } else { known }, i)
            });
            // The first row of the best score.
            let (score, at) = scored.fold((0, 0), |a, b| if b.0 > a.0 { b } else { a });
            if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                best = Some((score, lines, at));
            }
        }
        let titles = |field: &str| {
            let column = schema.iter().find(|(name, _)| *name == field);
            column.map_or_else(String::new, |(_, all)| all.join(", "))
        };
        // A row with one known word is not a heading in which the others are missing.
        let (score, mut lines, at) = match best {
            Some(best) if best.0 >= 2 => best,
            _ => {
                let wanted = keys.map(|key| format!("{key} ({})", titles(key))).join(" and ");
                let problem = quote.unwrap_or(TableProblem::NoHeader { wanted });
                return Err(TableError(vec![problem]));
            }
        };
        let mut problems: Vec<TableProblem> = Vec::new();
        let rows = lines.split_off(at + 1);
        let Some(head) = lines.pop() else {
            let wanted = keys.map(|key| format!("{key} ({})", titles(key))).join(" and ");
            return Err(TableError(vec![TableProblem::NoHeader { wanted }]));
        };
        let mut notes = vec![format!("the text is {encoding}")];
        if score == usize::MAX {
            let said = |line: &Line| {
                line.cells.iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>().join(" ")
            };
            notes.extend(
                lines.iter().map(|l| format!("line {}: above the heading, not read: {}", l.number, said(l))),
            );
        }
        let mut columns: BTreeMap<String, usize> = BTreeMap::new();
        for (i, field) in fields(&head).into_iter().enumerate() {
            let title = head.cells.get(i).map_or("", String::as_str);
            let used = || rows.iter().any(|row| row.cells.get(i).is_some_and(|cell| !cell.is_empty()));
            match field {
                Some(field) => match columns.get(&field) {
                    Some(first) => problems.push(TableProblem::TwoColumns {
                        line: head.number,
                        field,
                        first: head.cells.get(*first).cloned().unwrap_or_default(),
                        second: title.to_owned(),
                    }),
                    None => {
                        columns.insert(field, i);
                    }
                },
                None if title.is_empty() && !used() => {}
                None if title.is_empty() => {
                    notes.push(format!(
                        "line {}: column {} has no heading and is not read",
                        head.number,
                        i + 1
                    ));
                }
                None => notes.push(format!("line {}: column {title:?} is not read", head.number)),
            }
        }
        for field in required.iter().filter(|field| !columns.contains_key(**field)) {
            let (field, names) = ((*field).to_owned(), titles(field));
            problems.push(TableProblem::MissingColumn { line: head.number, field, names });
        }
        let mut kept = Vec::new();
        for row in rows {
            let beyond = row.cells.iter().skip(head.cells.len()).any(|cell| !cell.is_empty());
            if beyond {
                let (cells, columns) = (row.cells.len(), head.cells.len());
                problems.push(TableProblem::TooManyCells { line: row.number, cells, columns });
            }
            // A page break of a printed table repeats its heading.
            if row.cells == head.cells {
                notes.push(format!("line {}: the heading again, not read", row.number));
            } else {
                kept.push(row);
            }
        }
        Ok(Self { columns, rows: kept, notes, problems })
    }

    /// The cells of a row by field.
    fn row(&self, i: usize) -> Option<Row<'_>> {
        self.rows.get(i).map(|line| Row { line, columns: &self.columns })
    }

    fn finish<T>(self, rows: Vec<T>) -> Read<T> {
        if self.problems.is_empty() { Ok((rows, self.notes)) } else { Err(TableError(self.problems)) }
    }
}

/// One row by field.
#[derive(Clone, Copy)]
struct Row<'a> {
    line: &'a Line,
    columns: &'a BTreeMap<String, usize>,
}

impl Row<'_> {
    /// A text for people: as it stands.
    fn text(&self, field: &str) -> String {
        let cell = self.columns.get(field).and_then(|i| self.line.cells.get(*i));
        cell.cloned().unwrap_or_default()
    }

    /// A code, number or word of a vocabulary.
    fn code(&self, field: &str) -> String {
        narrow(&self.text(field))
    }

    /// A cell that may be empty, where an office writes a dash for nothing.
    fn maybe(&self, field: &str) -> String {
        let text = self.code(field);
        if matches!(text.as_str(), "/" | "-" | "--" | "—" | "——" | "无") {
            String::new()
        } else {
            text
        }
    }

    /// Several values in one cell.
    fn list(&self, field: &str) -> Vec<String> {
        pieces(&self.maybe(field))
    }

    /// An id, unless a spreadsheet has turned it into a number: the digits it dropped are gone.
    fn id(&self, field: &'static str, problems: &mut Vec<TableProblem>) -> String {
        let value = self.code(field);
        self.watch(field, &value, problems);
        value
    }

    fn watch(&self, field: &'static str, value: &str, problems: &mut Vec<TableProblem>) {
        if scientific(value) {
            let rule =
                "is a number that a spreadsheet has shortened: format the column as text and enter it again";
            self.problem(field, value, rule, problems);
        }
    }

    fn problem(&self, field: &'static str, value: &str, rule: &str, problems: &mut Vec<TableProblem>) {
        // A cell of a megabyte is a problem to name, not to repeat.
        let value = value.chars().take(80).collect();
        problems.push(TableProblem::Cell { line: self.line.number, field, value, rule: rule.to_owned() });
    }
}

/// The values of a list cell. The comma of Chinese enumerations and a line break inside a cell separate as well.
fn pieces(text: &str) -> Vec<String> {
    let parts = text.split([';', '、', ',', '|', '\n', '\r']).map(|part| part.trim_matches(unseen));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether a text is a number in scientific notation, such as `9.135E+17`. Without point and sign (`12E5`) it may be a code.
fn scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let power = exponent.strip_prefix('+').unwrap_or(exponent);
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(power) && digits(whole) && digits(part) && (mantissa.contains('.') || exponent.starts_with('+'))
}

/// A date in one of the spellings that can mean only one day, as `YYYY-MM-DD`; anything else as it stands. Whether the
/// day exists is the library's business.
fn day(text: &str) -> String {
    let text = narrow(text);
    // Databases and spreadsheets add midnight to a date.
    let bare = match text.split_once([' ', 'T']) {
        Some((date, time))
            if !time.is_empty() && time.bytes().all(|b| matches!(b, b'0' | b':' | b'.' | b'Z')) =>
        {
            date
        }
        _ => text.as_str(),
    };
    let separated = |marks: [char; 2], end: &[char]| {
        let (year, rest) = bare.split_once(marks[0])?;
        let (month, last) = rest.split_once(marks[1])?;
        let last = if end.is_empty() { last } else { last.strip_suffix(end)? };
        let digits = |t: &str, least: usize, most: usize| {
            (least..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit())
        };
        (digits(year, 4, 4) && digits(month, 1, 2) && digits(last, 1, 2))
            .then(|| format!("{year}-{month:0>2}-{last:0>2}"))
    };
    let packed = || match (bare.get(..4), bare.get(4..6), bare.get(6..)) {
        (Some(y), Some(m), Some(d)) if bare.len() == 8 && bare.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("{y}-{m}-{d}"))
        }
        _ => None,
    };
    separated(['-', '-'], &[])
        .or_else(|| separated(['/', '/'], &[]))
        .or_else(|| separated(['.', '.'], &[]))
        .or_else(|| separated(['年', '月'], &['日', '号']))
        .or_else(packed)
        .unwrap_or_else(|| text.clone())
}

/// The last day of a licence: empty where it does not run out. 9999-09-09 is how registers write that.
fn until(text: &str) -> String {
    let day = day(text);
    let endless = ["长期", "长期有效", "永久", "永久有效", "无固定期限", "9999-09-09", "9999-12-31"];
    if endless.contains(&day.as_str()) { String::new() } else { day }
}

/// An absence: `2023-09-04至2023-09-15`, `2023/10/9~2023/10/20`, `2023.9.4-2023.9.15`, or one day.
fn span(text: &str) -> (String, String) {
    // A hyphen divides only where it is the one hyphen, as in 2023.9.4-2023.9.15.
    let hyphen = || text.split_once('-').filter(|(_, to)| !to.contains('-') && to.contains(['.', '/', '年']));
    match text.split_once(['至', '到', '~', '\u{301c}', '—']).or_else(hyphen) {
        Some((from, to)) => (day(from), day(to.trim_start_matches('—'))),
        None => (day(text), day(text)),
    }
}

/// A word of the vocabulary by its code or its label in the policy. Where neither or more than one fits, the word itself: the
/// library will name it.
fn coded(word: String, vocabulary: &[Code], policy: &Policy) -> String {
    if vocabulary.iter().any(|code| code.as_str() == word) {
        return word;
    }
    let mut fits =
        vocabulary.iter().filter(|code| policy.labels.get(*code).is_some_and(|label| narrow(label) == word));
    match (fits.next(), fits.next()) {
        (Some(code), None) => code.as_str().to_owned(),
        _ => word,
    }
}

/// A division by its code or its label, also one that is only in the labels, as the city over the counties of a frame.
fn located(word: String, policy: &Policy) -> String {
    let divisions: Vec<Code> =
        policy.labels.keys().filter(|code| Division::parse(code.as_str()).is_ok()).cloned().collect();
    coded(word, &divisions, policy)
}

/// The state of an institution by the word of its register; an unknown word as it stands.
fn state(word: String) -> String {
    let known = match word.to_lowercase().as_str() {
        "正常" | "存续" | "在业" | "开业" | "active" => "active",
        "停业" | "歇业" | "suspended" => "suspended",
        "注销" | "吊销" | "关闭" | "closed" => "closed",
        _ => return word,
    };
    known.to_owned()
}

// The four tables.

/// Reads a table of units (检查对象名录). Rows of one unit that differ only in their licences become one row.
///
/// # Errors
/// Every problem of encoding, heading and cells that keeps the table from being read. What a well-read row may not hold
/// is for [`Frame::new`](double_random::frame::Frame::new) to say.
pub fn units(bytes: &[u8], policy: &Policy) -> Read<UnitRow> {
    let signals = signal_headings(policy);
    let required = ["id", "name", "division", "kind", "risk", "credit"];
    let mut table = Table::read(bytes, UNIT, ["id", "name"], &required, &signals)?;
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    let mut read: Vec<UnitRow> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for row in (0..table.rows.len()).filter_map(|i| table.row(i)) {
        let mut counts = Vec::new();
        for field in table.columns.keys() {
            let count = row.maybe(field);
            if let Some(code) = field.strip_prefix("signal ").filter(|_| !count.is_empty()) {
                counts.push((code.to_owned(), count));
            }
        }
        let unit = UnitRow {
            row: row.line.number,
            id: row.id("id", &mut problems),
            name: row.text("name"),
            division: located(row.id("division", &mut problems), policy),
            kind: coded(row.code("kind"), &policy.frame.kinds, policy),
            risk: coded(row.code("risk"), &policy.frame.risk, policy),
            credit: coded(row.code("credit"), &policy.frame.credit, policy),
            status: state(row.code("status")),
            opened: day(&row.maybe("opened")),
            grid: row.maybe("grid"),
            licences: licences(row, &mut problems, &mut notes),
            signals: counts,
        };
        // Registers hold one row for each licence of a subject; a lot must hold the subject once.
        match seen.get(&unit.id).and_then(|first| read.get_mut(*first)) {
            Some(first) if same_subject(first, &unit) => {
                notes.push(format!(
                    "line {}: another licence of {} in line {}, put together",
                    unit.row, unit.id, first.row
                ));
                first.licences.extend(unit.licences);
            }
            _ => {
                seen.entry(unit.id.clone()).or_insert(read.len());
                read.push(unit);
            }
        }
    }
    table.problems.extend(problems);
    table.notes.extend(notes);
    table.finish(read)
}

/// The signals that the policy names, by code and label, and the usual ones.
fn signal_headings(policy: &Policy) -> Vec<(String, String)> {
    let certain = policy.certainties.iter().filter_map(|certainty| match &certainty.rule {
        CertaintyRule::Signal { signal, .. } => Some(signal),
        _ => None,
    });
    let mut names = Vec::new();
    for code in policy.signals.iter().map(|signal| &signal.signal).chain(certain) {
        for name in [code.as_str(), policy.label(code)] {
            names.push((name.to_owned(), format!("signal {code}")));
        }
    }
    let usual = SIGNAL.iter().flat_map(|(code, all)| all.iter().map(move |name| (*name, *code)));
    names.extend(usual.map(|(name, code)| (name.to_owned(), format!("signal {code}"))));
    names
}

/// Whether two rows say the same of one subject and list licences of which none stands in both.
fn same_subject(a: &UnitRow, b: &UnitRow) -> bool {
    let apart = |row: &UnitRow| UnitRow { row: 0, licences: Vec::new(), ..row.clone() };
    apart(a) == apart(b)
        && !a.licences.is_empty()
        && !b.licences.is_empty()
        && !a.licences.iter().any(|x| b.licences.iter().any(|y| x.number == y.number))
}

/// The licences of a row: as many last days as numbers.
fn licences(row: Row<'_>, problems: &mut Vec<TableProblem>, notes: &mut Vec<String>) -> Vec<LicenceRow> {
    let (numbers, ends) = (row.list("licence"), row.list("licence until"));
    for number in &numbers {
        row.watch("licence", number, problems);
    }
    let licence =
        |(number, end): (&String, &String)| LicenceRow { number: number.clone(), valid_until: until(end) };
    if ends.is_empty() {
        if !numbers.is_empty() {
            let line = row.line.number;
            notes.push(format!("line {line}: no last day of licence {}: read as 长期", numbers.join(", ")));
        }
        return numbers.into_iter().map(|number| LicenceRow { number, valid_until: String::new() }).collect();
    }
    if numbers.len() != ends.len() {
        let rule = format!("are {} last days for {} licence numbers", ends.len(), numbers.len());
        row.problem("licence until", &ends.join(" "), &rule, problems);
    }
    numbers.iter().zip(&ends).map(licence).collect()
}

/// Reads a table of officers (执法检查人员名录).
///
/// # Errors
/// As for [`units`].
pub fn inspectors(bytes: &[u8], policy: &Policy) -> Read<InspectorRow> {
    let required = ["id", "name", "department", "divisions", "certified until"];
    let mut table = Table::read(bytes, OFFICER, ["id", "name"], &required, &[])?;
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for row in (0..table.rows.len()).filter_map(|i| table.row(i)) {
        let qualification = |word| coded(word, &policy.roster.qualifications, policy);
        let divisions = row.list("divisions");
        for division in &divisions {
            row.watch("divisions", division, &mut problems);
        }
        read.push(InspectorRow {
            row: row.line.number,
            id: row.id("id", &mut problems),
            name: row.text("name"),
            department: coded(row.code("department"), &policy.roster.departments, policy),
            office: row.maybe("office"),
            divisions: divisions.into_iter().map(|word| located(word, policy)).collect(),
            qualifications: row.list("qualifications").into_iter().map(qualification).collect(),
            certified_from: day(&row.maybe("certified from")),
            // A certificate always ends: 长期 stays, and the library says that it is no date.
            certified_until: day(&row.code("certified until")),
            absences: row.list("absences").iter().map(|text| span(text)).collect(),
            grid: row.maybe("grid"),
            cap: row.maybe("cap"),
            family: row.maybe("family"),
            load: row.maybe("load"),
        });
    }
    table.problems.extend(problems);
    table.finish(read)
}

/// Reads a table of experts and third parties (专家库, 第三方机构库).
///
/// # Errors
/// As for [`units`].
pub fn experts(bytes: &[u8], policy: &Policy) -> Read<ExpertRow> {
    let required = ["id", "name", "divisions", "engaged until"];
    let mut table = Table::read(bytes, EXPERT, ["id", "name"], &required, &[])?;
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for row in (0..table.rows.len()).filter_map(|i| table.row(i)) {
        let qualification = |word| coded(word, &policy.roster.qualifications, policy);
        read.push(ExpertRow {
            row: row.line.number,
            id: row.id("id", &mut problems),
            name: row.text("name"),
            organisation: row.maybe("organisation"),
            divisions: row.list("divisions").into_iter().map(|word| located(word, policy)).collect(),
            qualifications: row.list("qualifications").into_iter().map(qualification).collect(),
            engaged_from: day(&row.maybe("engaged from")),
            engaged_until: day(&row.code("engaged until")),
            absences: row.list("absences").iter().map(|text| span(text)).collect(),
            cap: row.maybe("cap"),
            family: row.maybe("family"),
            load: row.maybe("load"),
            role: match row.maybe("role").as_str() {
                "专家" => "expert".to_owned(),
                "第三方" | "第三方机构" => "third_party".to_owned(),
                "网格员" => "grid".to_owned(),
                "辅助人员" | "协管员" | "临时工" => "uncertified".to_owned(),
                other => other.to_lowercase(),
            },
        });
    }
    table.problems.extend(problems);
    table.finish(read)
}

/// Reads a table of recusals (回避名单).
///
/// # Errors
/// As for [`units`].
pub fn recusals(bytes: &[u8], _policy: &Policy) -> Read<RecusalRow> {
    let required = ["inspector", "unit", "ground", "basis"];
    let mut table = Table::read(bytes, RECUSAL, ["inspector", "unit"], &required, &[])?;
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for row in (0..table.rows.len()).filter_map(|i| table.row(i)) {
        let ground = row.code("ground");
        let known = match ground.to_lowercase().as_str() {
            "法定" | "法定回避" | "statutory" => Some("statutory"),
            "申请" | "申请回避" | "requested" => Some("requested"),
            "决定" | "决定回避" | "指令回避" | "decided" => Some("decided"),
            _ => None,
        };
        read.push(RecusalRow {
            row: row.line.number,
            inspector: row.id("inspector", &mut problems),
            unit: row.id("unit", &mut problems),
            ground: known.map_or(ground, str::to_owned),
            basis: row.text("basis"),
        });
    }
    table.problems.extend(problems);
    table.finish(read)
}

/// Reads a table of the cycle so far (检查台账). Its rows are checked here, because a [`Standing`] holds no text.
///
/// # Errors
/// As for [`units`], and every cell that cannot be read.
pub fn standings(bytes: &[u8], _policy: &Policy) -> Read<Standing> {
    let required = ["unit", "visits", "exposure"];
    let mut table = Table::read(bytes, STANDING, ["unit", "visits"], &required, &[])?;
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for row in (0..table.rows.len()).filter_map(|i| table.row(i)) {
        let mut failed = |field, value: &str, rule: &dyn fmt::Display| {
            row.problem(field, value, &rule.to_string(), &mut problems);
        };
        let (unit, visits, exposure) = (row.code("unit"), row.code("visits"), row.code("exposure"));
        let last = day(&row.maybe("last visit"));
        let unit = match UnitId::parse(&unit) {
            _ if scientific(&unit) => {
                failed("unit", &unit, &"is a number that a spreadsheet has shortened");
                None
            }
            read => read.map_err(|e| failed("unit", &unit, &e)).ok(),
        };
        let visits = match visits.parse::<u64>() {
            Ok(count) if visits.bytes().all(|b| b.is_ascii_digit()) => Some(count),
            _ => {
                failed("visits", &visits, &"is no count");
                None
            }
        };
        let exposure = Billionths::parse(&exposure)
            .map_err(|_| failed("exposure", &exposure, &"is no decimal such as 0.3"))
            .ok();
        let last_visit = match last.as_str() {
            "" => None,
            text => Date::parse(text).map_err(|e| failed("last visit", text, &e)).ok(),
        };
        let mut last_team = Vec::new();
        for text in row.list("last team") {
            last_team.extend(InspectorId::parse(&text).map_err(|e| failed("last team", &text, &e)));
        }
        if let (Some(unit), Some(visits), Some(exposure)) = (unit, visits, exposure) {
            // A table of an office knows visits; each of them was drawn and counts against what was expected.
            let known = Standing::new(unit);
            let (credited, drawn) = (visits, visits);
            read.push(Standing { credited, drawn, exposure, last_team, last_visit, visits, ..known });
        }
    }
    table.problems.extend(problems);
    table.finish(read)
}
