//! The notice (抽查公告, 抽查结果公示) of one draw, as authorities publish it: one model, made from ledger, record,
//! policy, rules and the facts that the office has entered. It is written as JSON, which the page shows, as .xlsx
//! and as .docx.
//!
//! Before the disclosure of a deferred draw it names no institution. Inspectors stand in it only once their visit
//! was made. A fact that nobody has entered stays blank.

mod build;
mod check;
mod lines;
mod workbook;

pub use build::{Material, build, is_origin};
pub(crate) use check::first;
pub use check::{differs, file, published};
pub use lines::law;

use crate::catalogue;
use crate::paper::{Block, Page, to_docx};
use double_random::UnitId;
use double_random::bytes::{Digest, PROTOCOL, encode};
use double_random::calendar::{Date, Instant, Window};
use double_random::id::{Code, InspectorId};
use double_random::ledger::{Gone, VoidReason};
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fact of a notice or letter that no other document holds: the office enters it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Who issues it (落款单位).
    Issuer,
    /// Where objections go (异议渠道).
    Objections,
    /// How long it stands (公示期限).
    Period,
    /// The telephone (联系电话).
    Phone,
    /// Where the draw took place (抽取地点).
    Place,
    /// The number of the annual plan (抽查计划编号).
    PlanNumber,
    /// The number of the task, if it has another than scope and draw (抽查任务编号).
    TaskNumber,
    /// Who watched the draw, beside those before whom the source of chance spoke (见证).
    Witnesses,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Issuer,
        Self::Objections,
        Self::Period,
        Self::Phone,
        Self::Place,
        Self::PlanNumber,
        Self::TaskNumber,
        Self::Witnesses,
    ];

    /// Whether a text is its word on the command line, or its name in either language.
    #[must_use]
    pub fn is_called(self, text: &str) -> bool {
        let called = |lang| self.called(lang).eq_ignore_ascii_case(text.trim());
        self.word() == text.trim() || called(Lang::Zh) || called(Lang::En)
    }

    /// The word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Objections => "objections",
            Self::Period => "period",
            Self::Phone => "phone",
            Self::Place => "place",
            Self::PlanNumber => "plan-number",
            Self::TaskNumber => "task-number",
            Self::Witnesses => "witnesses",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn called(self, lang: Lang) -> &'static str {
        match self {
            Self::Issuer => catalogue::word("office.fact.issuer", lang),
            Self::Objections => catalogue::word("office.fact.objections", lang),
            Self::Period => catalogue::word("office.fact.period", lang),
            Self::Phone => catalogue::word("office.fact.phone", lang),
            Self::Place => catalogue::word("office.fact.place", lang),
            Self::PlanNumber => catalogue::word("office.fact.plan_number", lang),
            Self::TaskNumber => catalogue::word("office.fact.task_number", lang),
            Self::Witnesses => catalogue::word("office.fact.witnesses", lang),
        }
    }
}

/// What the office has entered.
pub type Facts = BTreeMap<Fact, String>;

/// Where an institution is, and its 统一社会信用代码 where its id is another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Address.
    #[serde(default)]
    pub address: String,
    /// Code.
    #[serde(default)]
    pub code: String,
}

/// An item that is checked, and the law behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeItem {
    /// The law; empty where no pack gives it.
    pub basis: String,
    /// Code.
    pub code: Code,
    /// Name.
    pub name: String,
}

/// A source of chance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeSource {
    /// When.
    pub at: Instant,
    /// `dice`, `lottery`, `drand` or `shares`.
    pub kind: String,
    /// Witness, game and issue, round, or parties.
    pub name: String,
}

/// What is put on file for a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeMark {
    /// How often, or how many points.
    pub count: u64,
    /// The name of the signal.
    pub name: String,
}

/// What came of the visit to an institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum Came {
    /// Nothing yet.
    Pending {},
    /// Another institution is visited instead.
    Replaced {
        /// Which.
        by: UnitId,
        /// Why.
        reason: Gone,
    },
    /// It could not be visited.
    Missed {
        /// When that was established.
        date: Date,
        /// Why.
        reason: Gone,
    },
    /// It was visited.
    Visited {
        /// When.
        date: Date,
        /// The items that were checked, by name.
        items: Vec<String>,
        /// What is put on file for it.
        marks: Vec<NoticeMark>,
        /// A signal that holds from now on (待复查).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opens: Option<String>,
        /// The standard phrase of the result.
        phrase: String,
        /// The result, by code.
        result: Code,
        /// The inspectors, by certificate.
        team: Vec<InspectorId>,
    },
}

/// One institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeRow {
    /// Address; empty if nobody has entered it.
    pub address: String,
    /// What came of it.
    pub came: Came,
    /// 统一社会信用代码; empty if nobody has entered it.
    pub code: String,
    /// The institution that it stands in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<UnitId>,
    /// Name; empty where only auditors know it.
    pub name: String,
    /// Id.
    pub unit: UnitId,
}

/// The notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// How many entries of the ledger it is made from.
    pub at: u64,
    /// Number of the attempt.
    pub attempt: u64,
    /// Until when institutions and teams stay closed; absent once they are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_until: Option<Date>,
    /// The day of publication (in China).
    pub date: Date,
    /// Departments: the one that initiates, then those that join.
    pub departments: Vec<String>,
    /// `notice`.
    pub document: String,
    /// Number of the draw.
    pub draw: u64,
    /// How many institutions were drawn; absent before that is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<u64>,
    /// When the draw was computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_at: Option<Instant>,
    /// Institutions that could be drawn.
    pub eligible: u64,
    /// What the office has entered.
    pub facts: Facts,
    /// Institutions on the frame.
    pub frame: u64,
    /// What is checked.
    pub items: Vec<NoticeItem>,
    /// `rate`, `number` or `frequency`.
    pub method: String,
    /// The annual plan.
    pub plan: String,
    /// Which institutions are meant; empty: all.
    pub population: Vec<String>,
    /// The protocol.
    pub protocol: String,
    /// The digest of the record, once it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Digest>,
    /// Institutions, ascending by id.
    pub rows: Vec<NoticeRow>,
    /// The scope of the ledger.
    pub scope: Code,
    /// Sources of chance.
    pub sources: Vec<NoticeSource>,
    /// 定向: only institutions of some kinds, places or properties.
    pub targeted: bool,
    /// The task.
    pub task: String,
    /// Days of the visits.
    pub visits: Window,
    /// Why it is void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<VoidReason>,
}

impl Notice {
    /// The canonical bytes.
    ///
    /// # Errors
    /// A count beyond 2⁵³ − 1.
    pub fn to_json(&self) -> Result<Vec<u8>, Failure> {
        Ok(encode(self)?)
    }

    /// Reads a notice.
    ///
    /// # Errors
    /// The bytes are no canonical notice of this protocol.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Failure> {
        let notice: Self = double_random::bytes::decode(bytes)?;
        if notice.document != "notice" || notice.protocol != PROTOCOL {
            return Err(crate::problem::other_document().into());
        }
        Ok(notice)
    }

    /// Facts that stay blank.
    #[must_use]
    pub fn missing(&self) -> Vec<Fact> {
        let needed = |fact: &Fact| match fact {
            // Scope and draw are a number, and the source of chance may have its own witness.
            Fact::TaskNumber => false,
            Fact::Witnesses => self.witnesses().is_empty(),
            _ => true,
        };
        Fact::ALL.into_iter().filter(|fact| needed(fact) && !self.facts.contains_key(fact)).collect()
    }

    /// Institutions whose address nobody has entered.
    #[must_use]
    pub fn without_address(&self) -> usize {
        self.rows.iter().filter(|row| row.address.is_empty()).count()
    }

    /// Takes what the office has entered from an earlier notice.
    pub fn keep_facts(&mut self, earlier: &Self) {
        self.facts.clone_from(&earlier.facts);
        for row in &mut self.rows {
            if let Some(known) = earlier.rows.iter().find(|known| known.unit == row.unit) {
                row.address.clone_from(&known.address);
                row.code.clone_from(&known.code);
            }
        }
    }

    /// Whether both are the same but for the day and the size of the ledger.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let plain = |notice: &Self| Self { at: 0, date: self.date, ..notice.clone() };
        plain(self) == plain(other)
    }

    /// The notice as pages: what is told in sentences and fields, then the table on wide sheets.
    #[must_use]
    pub fn pages(&self, lang: Lang) -> Vec<Page> {
        let mut first = vec![
            Block::Title(self.title(lang)),
            Block::Under(self.under(lang)),
            Block::Text(self.opening(lang)),
        ];
        first.push(Block::Fields(self.fields(lang)));
        if let Some(summary) = self.summary(lang) {
            first.push(Block::Text(summary));
        }
        first.extend(self.closing(lang).into_iter().map(Block::Text));
        first.push(Block::Right(self.signed(lang)));
        let mut pages = vec![Page { wide: false, blocks: first }];
        if !self.rows.is_empty() {
            let table = Block::Table {
                widths: vec![4, 14, 16, 14, 15, 10, 10, 13, 12],
                head: Self::head(lang),
                rows: self.table(lang),
            };
            let title = Block::Heading(self.table_title(lang));
            pages.push(Page { wide: true, blocks: vec![title, table] });
        }
        pages
    }

    /// What a screen shows of it: title, fields, counts.
    #[must_use]
    pub fn shown(&self, lang: Lang) -> Vec<(String, String)> {
        let mut all = vec![(self.title(lang), self.under(lang))];
        all.extend(self.fields(lang));
        all.extend(
            self.summary(lang).map(|text| (catalogue::word("office.notice.came", lang).to_owned(), text)),
        );
        all
    }

    /// The notice as .docx, for signature.
    ///
    /// # Errors
    /// The archive cannot be written.
    pub fn to_docx(&self, lang: Lang) -> Result<Vec<u8>, Failure> {
        to_docx(&self.pages(lang), lang)
    }

    /// The notice as a workbook: what it says, and the table with a heading that stays.
    ///
    /// # Errors
    /// A text that no cell can hold.
    pub fn to_xlsx(&self, lang: Lang) -> Result<Vec<u8>, Failure> {
        Ok(workbook::to_xlsx(self, lang)?)
    }
}
