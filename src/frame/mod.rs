//! The sampling frame (检查对象名录库): who may be inspected.
//!
//! [`Frame::new`] takes rows as they come out of a database or a spreadsheet and returns either a frame that
//! is well-formed or every problem of the table. Once a [`Frame`] exists, its ids are unique and ascending,
//! its codes are of the policy's vocabulary and its dates are possible. Spec 9.2.

mod pseudonyms;
mod rows;
mod stretch;

pub use pseudonyms::FrameCommitment;
pub use rows::{FrameRule, LicenceRow, UnitRow};

use pseudonyms::pseudonym_leaves;
pub(crate) use pseudonyms::{PseudonymLeaves, Pseudonyms, pseudonym_leaf};
pub(crate) use rows::{Assess, Assessed, LevelsOfRows, STATED, TableRules, UnitLevels, is_stated};
pub(crate) use stretch::{Stretch, order};

use crate::bytes::batch;
use crate::bytes::{
    Buffer, Digest, Document, Frontier, Half, JsonError, Protocol, SaltKey, Suite, Tree, UnitSecret,
    UnitSecrets, decode, encode,
};
use crate::calendar::Date;
use crate::division::Divisions;
use crate::id::{Code, Division, UnitId, UnitIdForm};
use crate::message::{as_text, said};
use crate::table::{Gather, Problems};
use rows::{Reading, RowRules};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The vocabulary of a frame, as its policy states it (Spec 9.1, field `frame`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameTerms {
    /// Credit levels (信用等级) that a row may carry, as in `A B C D`. Where there is only one, a row may leave
    /// it out; the same holds for risk.
    pub credit: Vec<Code>,
    /// Divisions (行政区划) that a row may carry, as GB/T 2260 of the year of the draw.
    pub divisions: Divisions,
    /// Which ids the rows carry.
    #[serde(default, skip_serializing_if = "UnitIdForm::is_national")]
    pub ids: UnitIdForm,
    /// Kinds of institution (机构类别).
    pub kinds: Vec<Code>,
    /// States in which a row may stand on the frame although it can never be drawn. A row in any other such
    /// state is a problem, because closed units that stay on a frame inflate its coverage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<Listed>,
    /// Risk levels (风险等级).
    pub risk: Vec<Code>,
}

/// A state in which a row may be listed without being drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Listed {
    /// 注销、吊销、关闭.
    Closed,
    /// 停业、歇业.
    Suspended,
    /// Every licence has run out by the date of the frame.
    Expired,
}

as_text!(Listed);

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "closed",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
        })
    }
}

/// The number of rows that are read, checked or hashed at a time. It is a power of two, so that the leaves of
/// a batch are a full subtree.
const BATCH: usize = 1024;

/// The number of batches that are shared among cores at a time.
pub(crate) const BATCHES: usize = 16;

/// The state of a unit in its register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// 正常.
    Active,
    /// 停业、歇业: never drawn.
    Suspended,
    /// 注销、吊销、关闭: never drawn.
    Closed,
}

impl Status {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }
}

/// A licence (许可证) of a unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Licence number.
    pub number: String,
    /// Last day of validity; absent if it does not run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

/// A unit: one institution on the frame (检查对象).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Credit level.
    pub credit: Code,
    /// Division.
    pub division: Division,
    /// Grid (网格).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Code>,
    /// Unique id.
    pub id: UnitId,
    /// Kind of institution.
    pub kind: Code,
    /// Licences, ascending by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<Licence>,
    /// Name.
    pub name: String,
    /// Date of opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Date>,
    /// Risk level.
    pub risk: Code,
    /// Signals and how often, above zero.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub signals: BTreeMap<Code, u64>,
    /// State in the register.
    pub status: Status,
}

impl Unit {
    /// Whether a filter admits the unit: one of the divisions covers its own, its kind is among the kinds,
    /// and it has every signal at least so often. An empty part admits all (Spec 10.1, step 2, and 23.2).
    pub(crate) fn meets(
        &self,
        list: &Divisions,
        divisions: &[Division],
        kinds: &[Code],
        has: &BTreeMap<Code, u64>,
    ) -> bool {
        (divisions.is_empty() || divisions.iter().any(|division| list.covers(division, &self.division)))
            && (kinds.is_empty() || kinds.contains(&self.kind))
            && has.iter().all(|(signal, least)| self.signals.get(signal).is_some_and(|n| n >= least))
    }

    /// A unit of a division and a kind, with nothing else of its own: for questions that depend on no more.
    pub(crate) fn like(division: Division, kind: Code) -> Self {
        let id = UnitId::parse("x-like").expect("an id");
        Self {
            credit: kind.clone(),
            division,
            grid: None,
            id,
            kind: kind.clone(),
            licences: Vec::new(),
            name: String::new(),
            opened: None,
            risk: kind,
            signals: BTreeMap::new(),
            status: Status::Active,
        }
    }

    /// Whether every licence has run out before that day. A unit without licences has none that could.
    #[must_use]
    pub fn expired(&self, as_of: Date) -> bool {
        !self.licences.is_empty()
            && self.licences.iter().all(|l| l.valid_until.is_some_and(|day| day < as_of))
    }
}

/// The sampling frame: units with unique ids, ascending by id. The order of the rows it came from is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Shared by all copies: a frame never changes.
    units: Arc<Vec<Unit>>,
    /// The same ids once more, side by side: tickets and searches need nothing else.
    ids: Arc<Ids>,
}

/// A column of ids.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ids {
    text: String,
    /// The end of each id in the text.
    ends: Vec<usize>,
}

impl Ids {
    fn new(units: &[Unit]) -> Self {
        let mut text = String::with_capacity(units.len() * 18);
        let end = |unit: &Unit| {
            text.push_str(unit.id.as_str());
            text.len()
        };
        let ends = units.iter().map(end).collect();
        Self { text, ends }
    }

    fn get(&self, position: usize) -> &str {
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[position]]
    }
}

/// The frame as a file for auditors (Spec 12.3). A file that is read owns its units; one that is written
/// borrows them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameFile<U> {
    document: Document,
    protocol: Protocol,
    salt_key: SaltKey,
    units: U,
}

/// The content of the leaf of one unit, in any language: keys in byte order (Spec 4.2).
#[derive(Serialize)]
pub(crate) struct UnitLeaf<'a> {
    pub(crate) salt: &'a Half,
    pub(crate) unit: &'a Unit,
}

impl Frame {
    /// Reads a table of rows against the policy's vocabulary, as of a date.
    ///
    /// # Errors
    /// Every problem of the table, ordered by row; nothing is taken over unless all rows are right.
    pub fn new(
        rows: impl IntoIterator<Item = UnitRow>,
        terms: &FrameTerms,
        as_of: Date,
    ) -> Result<Self, Problems<FrameRule>> {
        Self::read(rows, &TableRules::new(terms, as_of))
    }

    /// Reads a table whose signals and levels follow from rules.
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub(crate) fn assessed(
        rows: impl IntoIterator<Item = UnitRow>,
        terms: &FrameTerms,
        as_of: Date,
        assess: &dyn Assess,
    ) -> Result<Self, Problems<FrameRule>> {
        Self::read(rows, &TableRules::new(terms, as_of).assessed(assess))
    }

    fn read(
        rows: impl IntoIterator<Item = UnitRow>,
        rules: &TableRules<'_>,
    ) -> Result<Self, Problems<FrameRule>> {
        let mut rows = rows.into_iter().fuse();
        let mut reading = Reading::new();
        let mut waiting: Vec<UnitRow> = Vec::new();
        loop {
            // So many rows at once that no core is idle for long, and no second copy of a long table is made.
            waiting.extend(rows.by_ref().take(BATCHES * BATCH));
            if waiting.is_empty() {
                return reading.finish();
            }
            let read = |rows: &mut [UnitRow]| {
                let mut part = Reading::new();
                rows.iter_mut().for_each(|row| part.read(row, rules));
                part
            };
            batch::map(waiting.chunks_mut(BATCH), read).into_iter().for_each(|part| reading.append(part));
            waiting.clear();
        }
    }

    /// Checks every row against the rules of rows and the vocabulary of a policy. A frame of [`Frame::new`]
    /// keeps them for the policy that it was read against. A frame from an auditor's file may not.
    ///
    /// # Errors
    /// Every problem, rows numbered from 1 in the order of ids.
    pub fn conforms(&self, terms: &FrameTerms, as_of: Date) -> Result<(), Problems<FrameRule>> {
        let rules = TableRules::new(terms, as_of);
        let parts = (1..).step_by(BATCH).zip(self.units.chunks(BATCH));
        let check = |(first, units): (u64, &[Unit])| {
            let mut gather = Gather::new();
            for (row, unit) in (first..).zip(units) {
                RowRules { rules: &rules, row, gather: &mut gather }.unit(unit);
            }
            gather
        };
        let mut gather = Gather::new();
        batch::map(parts, check).into_iter().for_each(|part| gather.append(part));
        if gather.is_empty() {
            // What is right row by row may still stand in another order or hold a signal of zero.
            let odd = |unit: &Unit| !unit.licences.is_sorted() || unit.signals.values().any(|n| *n == 0);
            if let Some((row, unit)) = (1..).zip(self.units.iter()).find(|(_, unit)| odd(unit)) {
                gather.note(row, "id", unit.id.as_str(), FrameRule::NotCanonical);
            }
        }
        gather.finish(())
    }

    /// Units that ascend by id: all of a frame, or those of a streamed one that are at hand.
    pub(crate) fn of(units: Vec<Unit>) -> Self {
        let ids = Arc::new(Ids::new(&units));
        Self { units: Arc::new(units), ids }
    }

    /// The units, ascending by id.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The ids, ascending.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.units.len()).map(|position| self.ids.get(position))
    }

    /// The position of the unit with this id.
    #[must_use]
    pub fn position(&self, id: &UnitId) -> Option<usize> {
        let (mut low, mut high) = (0, self.units.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.ids.get(middle).cmp(id.as_str()) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The unit of this id.
    #[must_use]
    pub fn get(&self, id: &UnitId) -> Option<&Unit> {
        self.position(id).map(|i| &self.units[i])
    }

    /// The Merkle tree over the salted rows (Spec 4).
    #[must_use]
    pub fn tree(&self, suite: Suite, key: &SaltKey) -> Tree {
        let secrets = key.units(suite);
        let batches = batch::map(self.units.chunks(BATCH), |units| Hashed::new(units, suite, &secrets).rows);
        Tree::new(suite, batches.concat())
    }

    /// The root of [`Frame::tree`], for those who need no paths: no level is kept.
    #[must_use]
    pub fn root(&self, suite: Suite, key: &SaltKey) -> Digest {
        self.commit(suite, key).0.root
    }

    /// What a seal holds of the frame, and the pseudonyms.
    pub(crate) fn commit(&self, suite: Suite, key: &SaltKey) -> (FrameCommitment, Pseudonyms) {
        let secrets = key.units(suite);
        let batches = batch::map(self.units.chunks(BATCH), |units| {
            let Hashed { rows, pseudonyms, leaves } = Hashed::new(units, suite, &secrets);
            let mut part = Frontier::new(suite);
            part.extend(rows);
            (part, pseudonyms, leaves)
        });
        let mut whole = Frontier::new(suite);
        let (mut of, mut all) = (Vec::with_capacity(self.units.len()), Vec::with_capacity(self.units.len()));
        for (part, pseudonyms, leaves) in batches {
            whole.append(part);
            of.extend(pseudonyms);
            all.extend(leaves);
        }
        let leaves = PseudonymLeaves::new(suite, all);
        let size = u64::try_from(self.units.len()).expect("a length");
        let frame = FrameCommitment { pseudonyms: leaves.root(), root: whole.root(), size };
        (frame, Pseudonyms::new(of, leaves))
    }

    /// The pseudonyms alone, by position.
    pub(crate) fn pseudonyms(&self, suite: Suite, key: &SaltKey) -> Vec<Half> {
        let secrets = key.units(suite);
        let of = |units: &[Unit]| -> Vec<Half> {
            let ids: Vec<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
            secrets.each(&ids).into_iter().map(|secret| secret.pseudonym).collect()
        };
        batch::pieces(&self.units, of)
    }

    /// The file an auditor gets: all rows and the salt key, canonical JSON.
    ///
    /// # Panics
    /// Never for a frame made by [`Frame::new`]: its values are all writable.
    #[must_use]
    pub fn to_json(&self, key: &SaltKey) -> Vec<u8> {
        let (document, protocol) = (Document::Frame, Protocol);
        encode(&FrameFile { document, protocol, salt_key: key.clone(), units: self.units.as_slice() })
            .expect("counts below 2^53")
    }

    /// Reads an auditor's file.
    ///
    /// # Errors
    /// The bytes are not the canonical file of a frame, or the ids do not ascend. Whether the rows
    /// keep a policy's vocabulary, [`Frame::conforms`] says.
    pub fn from_json(bytes: &[u8]) -> Result<(Self, SaltKey), JsonError> {
        let file: FrameFile<Vec<Unit>> = decode(bytes)?;
        file.document.expect(Document::Frame)?;
        if !file.units.is_sorted_by(|a, b| a.id < b.id) {
            return Err(JsonError::Schema {
                message: said!("frame.units_order", "units do not ascend by id"),
            });
        }
        Ok((Self::of(file.units), file.salt_key))
    }
}

/// What is hashed of some units for the seal.
pub(crate) struct Hashed {
    /// The leaves of the tree of rows, by unit (Spec 4.2).
    pub(crate) rows: Vec<Digest>,
    /// By unit.
    pub(crate) pseudonyms: Vec<Half>,
    /// The leaves of the tree of pseudonyms, by unit (Spec 4.5).
    pub(crate) leaves: Vec<Digest>,
}

impl Hashed {
    fn new(units: &[Unit], suite: Suite, secrets: &UnitSecrets) -> Self {
        let mut buffer = Buffer::default();
        let ids: Vec<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
        let secrets = secrets.each(&ids);
        // The rows one after the other, and where each of them begins.
        let (mut texts, mut begins) = (Vec::new(), vec![0]);
        for (unit, UnitSecret { salt, .. }) in units.iter().zip(&secrets) {
            texts.extend_from_slice(buffer.encode(&UnitLeaf { salt, unit }).expect("counts below 2^53"));
            begins.push(texts.len());
        }
        let texts: Vec<&[u8]> = begins.windows(2).map(|ends| &texts[ends[0]..ends[1]]).collect();
        let rows = suite.leaves(&texts);
        let pseudonyms: Vec<Half> = secrets.iter().map(|secret| secret.pseudonym).collect();
        let leaves = pseudonym_leaves(suite, pseudonyms.iter().zip(ids));
        Self { rows, pseudonyms, leaves }
    }
}

#[cfg(test)]
mod tests {
    use super::rows::MAX_COUNT;
    use super::*;

    const TERMS: &str = r#"{"credit":["A","B"],"divisions":["350503","350502"],"kinds":["clinic","school"],
        "listed":["suspended"],"risk":["low","high"]}"#;

    fn terms() -> FrameTerms {
        serde_json::from_str(TERMS).unwrap()
    }

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn row(n: u64) -> UnitRow {
        let licence =
            |i: u64| LicenceRow { number: format!("L{}-{n}", 9 - i), valid_until: "2027-01-01".into() };
        UnitRow {
            row: n,
            id: format!("U-{n:05}"),
            name: format!("泉州 {n}"),
            division: ["350502", "350503"][usize::try_from(n % 2).unwrap()].into(),
            kind: "clinic".into(),
            risk: "low".into(),
            credit: "A".into(),
            licences: (0..n % 3).map(licence).collect(),
            signals: vec![("complaint".into(), (n % 4).to_string())],
            ..UnitRow::default()
        }
    }

    #[test]
    fn rows_of_several_batches_in_any_order_are_one_frame() {
        let size = 70_000;
        let frame = Frame::new((0..size).map(row), &terms(), day("2026-01-01")).unwrap();
        assert!(frame.units().iter().zip(0..).all(|(unit, n)| unit.id.as_str() == row(n).id));
        assert_eq!(frame.units()[5].licences[0].number, "L8-5");
        let back = (0..size).map(|n| row(n * 30_011 % size));
        assert_eq!(Frame::new(back, &terms(), day("2026-01-01")).unwrap(), frame);
        assert_eq!(frame.conforms(&terms(), day("2026-01-01")), Ok(()));
        for size in [0, 1, 2, 3, 1023, 1024, 1025, 2048, 5000] {
            let frame = Frame::of(frame.units[..size].to_vec());
            for suite in Suite::ALL {
                let key = SaltKey::new([7; 32]);
                let tree = frame.tree(suite, &key);
                assert_eq!((tree.size(), tree.root()), (size, frame.root(suite, &key)));
            }
        }
    }

    /// Duplicates among rows that can be read, rows that cannot, and both; with the same licences, others, or
    /// none.
    #[test]
    fn every_row_after_the_first_of_a_subject_is_named() {
        let other = |n: u64, id: u64| UnitRow { row: n, id: row(id).id, ..row(id) };
        let mut rows: Vec<UnitRow> = (0..3_000).rev().map(row).collect();
        rows.push(other(5_000, 2));
        rows.push(UnitRow { licences: Vec::new(), ..other(5_001, 2) });
        rows.push(UnitRow { licences: row(1).licences, ..other(5_002, 2) });
        // Sorted, these are the licences of row 2: as the row gives them, they are not.
        rows.push(UnitRow { licences: row(2).licences.into_iter().rev().collect(), ..other(5_003, 2) });
        rows.push(UnitRow { name: String::new(), ..other(4_000, 2) });
        let found = |rows: Vec<UnitRow>| {
            let problems = Frame::new(rows, &terms(), day("2026-01-01")).unwrap_err();
            let problems = problems.as_slice().iter().map(|p| (p.row, p.field, p.rule.clone()));
            problems.collect::<Vec<_>>()
        };
        let duplicate = FrameRule::Duplicate { first: 2 };
        let several = FrameRule::SeveralLicences { first: 2 };
        let expected = [
            (4_000, "name", FrameRule::Text),
            (4_000, "id", duplicate.clone()),
            (5_000, "id", duplicate.clone()),
            (5_001, "id", duplicate),
            (5_002, "id", several.clone()),
            (5_003, "id", several),
        ];
        assert_eq!(found(rows.clone()), expected);
        rows.pop();
        assert_eq!(found(rows), expected[2..]);
    }

    /// A unit of a file breaks the rules that its row would break, in the same words and the same order.
    #[test]
    fn a_unit_is_held_against_the_rules_of_its_row() {
        let as_of = day("2026-01-01");
        let frame = Frame::new((0..24).map(row), &terms(), as_of).unwrap();
        let code = |text| Code::parse(text).unwrap();
        let changes: [&dyn Fn(&mut Unit); 12] = [
            &|u| u.name = "\n".into(),
            &|u| u.division = Division::parse("350504").unwrap(),
            &|u| u.kind = code("water"),
            &|u| u.risk = code("A"),
            &|u| u.credit = code("low"),
            &|u| u.status = Status::Closed,
            &|u| u.status = Status::Suspended,
            &|u| u.opened = Some(day("2026-01-02")),
            &|u| u.licences.iter_mut().for_each(|l| l.valid_until = Some(day("2025-12-31"))),
            &|u| u.licences.extend(u.licences.clone()),
            &|u| u.licences.iter_mut().for_each(|l| l.number = " ".into()),
            &|u| u.signals.extend([(code("late"), MAX_COUNT + 1)]),
        ];
        let mut seen = 0;
        for first in 0..changes.len() {
            for second in 0..changes.len() {
                let mut odd = frame.clone();
                for (place, change) in [(2, first), (2, second), (5, second), (23, first)] {
                    changes[change](&mut Arc::make_mut(&mut odd.units)[place]);
                }
                let rows = (1..).zip(odd.units()).map(|(n, unit)| UnitRow::of(n, unit));
                let expected = Frame::new(rows, &terms(), as_of).err();
                assert_eq!(odd.conforms(&terms(), as_of).err(), expected, "{first} {second}");
                seen += usize::from(expected.is_some());
            }
        }
        assert!(seen > 140, "{seen}");
        let not_canonical = |change: &dyn Fn(&mut Unit)| {
            let mut odd = frame.clone();
            change(&mut Arc::make_mut(&mut odd.units)[5]);
            let problems = odd.conforms(&terms(), as_of).unwrap_err();
            assert_eq!(problems.as_slice().len(), 1);
            assert_eq!(
                (problems.as_slice()[0].row, &problems.as_slice()[0].rule),
                (6, &FrameRule::NotCanonical)
            );
        };
        not_canonical(&|unit| unit.licences.reverse());
        not_canonical(&|unit| unit.signals.extend([(code("late"), 0)]));
    }
}
