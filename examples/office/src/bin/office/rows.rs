//! What the cells of a row of a results table mean: which entry the row is, and the words of reasons, levels and
//! people. Every cell is used by the row's kind of entry, or refused, or noted.

use super::Run;
use super::args::{LevelArg, MaybeApproval};
use super::steps::approval;
use super::visits::officer_id;
use double_random::Roster;
use double_random::id::InspectorId;
use double_random::ledger::{Approval, DropOut, Gone};
use double_random::message::Message;
use double_random_office::nearest;
use double_random_office::say;
use double_random_office::table::ResultRow;
use double_random_office::values::Several;
use double_random_support::files::Failure;
use std::collections::BTreeSet;

/// What a row enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A visit that was made, or could not be made, as its result says.
    Told,
    /// A visit that was made.
    Visited,
    /// A visit that could not be made, and that no reserve takes.
    Missed,
    /// An institution is replaced by the next reserve.
    Replaced,
    /// An officer drops out.
    DroppedOut,
    /// An inspection outside any draw.
    Outside,
}

impl RowKind {
    /// By the word of the row; without one the result says it.
    pub fn of(word: &str) -> Result<Self, Failure> {
        Ok(match word.to_lowercase().as_str() {
            "" => Self::Told,
            "visit" | "visited" | "检查" | "检查结果" | "随机抽查" => Self::Visited,
            "missed" | "未检查" | "未能检查" => Self::Missed,
            "replaced" | "replacement" | "替换" | "替换检查对象" => Self::Replaced,
            "dropped_out" | "dropped out" | "drop-out" | "缺岗" | "不能到岗" | "检查人员不能到岗" => {
                Self::DroppedOut
            }
            "inspected" | "outside" | "非随机检查" | "随机抽查之外" | "随机抽查之外的检查" => {
                Self::Outside
            }
            _ => {
                return Err(say!(
                    "office.row.entry",
                    "entry (登记类型) \"{word}\": a row is visited (检查), missed (未能检查), replaced (替换检查对象), \
                     dropped out (检查人员不能到岗) or inspected (随机抽查之外的检查)",
                    word
                )
                .into());
            }
        })
    }

    /// The columns that such a row can fill.
    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Told => &["unit", "result", "team", "items", "reason", "evidence", "approved by", "level"],
            Self::Visited => &["unit", "result", "team", "items", "evidence", "approved by", "level"],
            Self::Missed => {
                &["unit", "result", "team", "items", "reason", "evidence", "approved by", "level"]
            }
            Self::Replaced => &["unit", "by", "result", "reason", "evidence", "approved by", "level"],
            Self::DroppedOut => &["unit", "officer", "until", "reason", "evidence", "approved by", "level"],
            Self::Outside => &["unit", "result", "team", "evidence", "approved by", "level"],
        }
    }

    /// Refuses cells that such a row does not use.
    pub fn uses(self, row: &ResultRow) -> Result<(), Failure> {
        let filled = [
            ("unit", !row.unit.is_empty()),
            ("result", !row.result.is_empty()),
            ("team", !row.team.is_empty()),
            ("items", !row.items.is_empty()),
            ("by", !row.by.is_empty()),
            ("officer", !row.officer.is_empty()),
            ("until", !row.until.is_empty()),
            ("reason", !row.reason.is_empty()),
            ("evidence", !row.evidence.is_empty()),
            ("approved by", !row.approved_by.is_empty()),
            ("level", !row.level.is_empty()),
        ];
        let lost = filled.into_iter().filter(|(name, filled)| *filled && !self.columns().contains(name));
        let lost: Vec<&'static str> = lost.map(|(name, _)| name).collect();
        if lost.is_empty() {
            return Ok(());
        }
        let known = self.columns().iter().copied().chain(["date"]);
        Err(say!(
            "office.row.lost",
            "{lost} would be lost: such a row has {fields}; the column entry (登记类型) says what a row is",
            fields = Several::new(known),
            lost = Several::new(lost)
        )
        .into())
    }
}

/// Words of tables that mean one thing, the code first and the usual Chinese word second.
type Words<T> = [(T, &'static [&'static str])];

const GONE: &Words<Gone> = &[
    (
        Gone::Closed,
        &["closed", "注销", "停业", "关闭", "歇业", "关停", "吊销", "撤销", "已关闭停业或注销", "注销或停业"],
    ),
    (Gone::Merged, &["merged", "合并"]),
    (Gone::Moved, &["moved", "迁出", "搬迁", "moved away"]),
    (
        Gone::Unreachable,
        &[
            "unreachable",
            "失联",
            "无法联系",
            "查无下落",
            "通过登记的住所(经营场所)无法联系",
            "not to be found",
        ],
    ),
];

const OUT: &Words<DropOut> = &[
    (DropOut::Ill, &["ill", "病假", "生病", "因病"]),
    (DropOut::Leave, &["leave", "休假", "请假", "公出", "出差", "事假", "年假", "产假", "培训"]),
    (DropOut::Left, &["left", "调离", "离职", "退休", "辞职", "调出"]),
    (DropOut::Recused, &["recused", "回避"]),
];

const LEVELS: &Words<LevelArg> = &[
    (LevelArg::Office, &["office", "科室负责人", "科室"]),
    (LevelArg::Authority, &["authority", "机关负责人", "本机关", "本机关负责人"]),
    (LevelArg::Superior, &["superior", "上级机关"]),
];

/// What a word means: as it stands, or with 已 or 因 before it.
fn among<T: Copy>(word: &str, words: &Words<T>) -> Option<T> {
    let word = word.trim().to_lowercase();
    let bare = word.strip_prefix('已').unwrap_or(&word);
    let of = |word: &str| words.iter().find(|(_, all)| all.contains(&word)).map(|(meant, _)| *meant);
    of(&word).or_else(|| of(bare))
}

/// The words that there are, the nearest to one that nobody knows first.
fn instead<T>(word: &str, words: &Words<T>) -> Message {
    let first = |all: &[&str]| Some(((*all.first()?).to_owned(), (*all.get(1)?).to_owned()));
    let known: Vec<(String, String)> = words.iter().filter_map(|(_, all)| first(all)).collect();
    nearest::told(word, &known)
}

/// Why an institution is gone, in the words of a table.
pub fn said_gone(word: &str) -> Option<Gone> {
    among(word, GONE)
}

/// The reasons for which an institution is gone.
pub fn gone_words(word: &str, what: &Message) -> Failure {
    let known = instead(word, GONE);
    say!("office.row.gone", "reason \"{word}\": {what} has one of the reasons {known}", known, what, word)
        .into()
}

/// Why an officer is out, in the words of a table.
pub fn said_out(word: &str) -> Result<DropOut, Failure> {
    among(word, OUT).ok_or_else(|| {
        let known = instead(word, OUT);
        say!("office.row.out", "reason \"{word}\": an officer is out for one of {known}", known, word).into()
    })
}

fn said_level(word: &str) -> Result<LevelArg, Failure> {
    among(word, LEVELS).ok_or_else(|| {
        let known = instead(word, LEVELS);
        say!("office.row.level", "level \"{word}\" is none of {known}", known, word).into()
    })
}

/// The approval of a row: its own cells before those of the command.
pub fn approval_of(run: &Run, row: &ResultRow, given: &MaybeApproval) -> Result<Approval, Failure> {
    let by = Some(row.approved_by.as_str()).filter(|by| !by.is_empty()).or(given.approved_by.as_deref());
    let by = by.ok_or_else(|| say!("office.row.approval", "who approved it (批准人) is needed"))?;
    let level = if row.level.is_empty() { given.level } else { said_level(&row.level)? };
    approval(run, by, level)
}

/// A person of a cell, by id or by a name that only one person of the roster has.
pub fn person(roster: &Roster, text: &str) -> Result<InspectorId, Failure> {
    let id = InspectorId::parse(text).ok();
    if let Some(id) = &id
        && (roster.position(id).is_some() || roster.expert_position(id).is_some())
    {
        return Ok(id.clone());
    }
    let officers = roster.inspectors().iter().filter(|row| row.name == text).map(|row| &row.id);
    let experts = roster.experts().iter().filter(|row| row.name == text).map(|row| &row.id);
    let named: Vec<&InspectorId> = officers.chain(experts).collect();
    match (named.as_slice(), id) {
        ([one], _) => Ok((*one).clone()),
        // That the roster does not have it is said where the roster is needed.
        ([], Some(id)) => Ok(id),
        ([], None) => Err(say!(
            "office.row.nobody",
            "{text} is no id (执法证号), and nobody on the roster of the draw has this name: write the id",
            text
        )
        .into()),
        (more, _) => Err(say!(
            "office.row.two_of_name",
            "{text} is the name of {ids}: write the id (执法证号)",
            text,
            ids = Several::new(more)
        )
        .into()),
    }
}

/// The people of a cell, ascending and once each. Names may have blanks inside; ids are divided by them.
pub fn people_of(roster: &Roster, cells: &[String]) -> Result<Vec<InspectorId>, Failure> {
    let mut all = BTreeSet::new();
    for cell in cells {
        match person(roster, cell) {
            Ok(id) => drop(all.insert(id)),
            Err(error) if cell.contains(' ') => {
                let parts: Result<Vec<InspectorId>, Failure> = cell
                    .split(' ')
                    .filter(|part| !part.is_empty())
                    .map(|part| person(roster, part))
                    .collect();
                all.extend(parts.map_err(|_| error)?);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(all.into_iter().collect())
}

/// The officer of a row.
pub fn officer_of(roster: &Roster, row: &ResultRow) -> Result<InspectorId, Failure> {
    if row.officer.is_empty() {
        return Err(say!("office.row.officer", "officer (缺岗人员): who drops out?").into());
    }
    let id = person(roster, &row.officer)?;
    if roster.position(&id).is_none() && roster.expert_position(&id).is_none() {
        return Err(say!("office.row.not_on_roster", "{id} is not on the roster of the draw", id).into());
    }
    officer_id(id.as_str())
}
