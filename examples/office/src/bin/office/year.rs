//! What a year of draws has told: chances, outcomes and classes of all institutions, and groups of them.

use super::desk::WholeBook;
use super::store::Database;
use double_random::dossier::ResultKind;
use double_random::id::{Code, Division, UnitId};
use double_random::ledger::{Content, Correction, Gone, VoidReason};
use double_random::study::{
    RateChange, RateInterval, WeighedVisit, YearChance, YearOutcome, found_share, year_weights,
};
use double_random::{Policy, Record};
use double_random_office::figures::{FEWEST, Kinds, Name, counted, kinds};
use double_random_support::files::Failure;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A group of institutions about which a rate is told: so many first visits and institutions at least.
#[derive(Debug, Clone, Copy)]
pub struct Fewest {
    /// First visits with a result.
    pub visits: u64,
    /// Institutions on the frames.
    pub units: u64,
}

impl Fewest {
    /// For the office, which has the registers.
    pub const OFFICE: Self = Self { visits: 0, units: 0 };
    /// For the public: what a smaller group tells is told of its few members, also of those that nobody drew.
    pub const PUBLIC: Self = Self { visits: FEWEST, units: 10 };

    fn allows(self, visits: usize, units: u64) -> bool {
        u64::try_from(visits).is_ok_and(|visits| visits >= self.visits) && units >= self.units
    }
}

/// By what the institutions are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// All of them.
    All,
    /// Risk level.
    Risk,
    /// Risk and credit level.
    Level,
    /// Kind.
    Kind,
    /// Division.
    District,
}

/// One group of institutions.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name for people.
    pub name: String,
    /// Its codes: of the level, the kind, the division. None of the whole, and of groups that are told together.
    pub codes: Vec<String>,
    /// Institutions on the frames of the year.
    pub units: u64,
    /// Those of which no visit says anything.
    pub silent: u64,
    /// First visits with a result; those of them that found something.
    pub found: u64,
    /// The rate; none without a visit.
    pub rate: Option<RateInterval>,
    /// That of last year, and the difference.
    pub before: Option<(RateInterval, RateChange)>,
}

/// What one row of a frame is.
#[derive(Clone)]
struct Place {
    kind: Code,
    district: Code,
    risk: Code,
    credit: Code,
}

impl Place {
    fn codes(&self, by: By) -> Vec<&Code> {
        match by {
            By::All => Vec::new(),
            By::Risk => vec![&self.risk],
            By::Level => vec![&self.risk, &self.credit],
            By::Kind => vec![&self.kind],
            By::District => vec![&self.district],
        }
    }
}

/// Which results mean that something was found.
pub enum Meaning<'a> {
    Pack(&'a double_random::pack::Pack),
    Codes(BTreeSet<&'a str>),
}

impl Meaning<'_> {
    /// The same by code. Without a pack, a result that is not said to be a finding is none.
    fn kinds(&self, book: &WholeBook) -> Kinds {
        let codes = match self {
            Self::Pack(pack) => return kinds(pack),
            Self::Codes(codes) => codes,
        };
        let visits = book.whole().visits().filter_map(|(_, visit)| match visit {
            Correction::Visited(visited) => Some(visited.result.as_str()),
            _ => None,
        });
        let kind = |code: &str| if codes.contains(code) { "fail" } else { "pass" };
        visits.map(|code| (code.to_owned(), kind(code).to_owned())).collect()
    }

    /// `None` where the result answers another question (未开展该业务).
    pub fn found(&self, result: &Code) -> Option<bool> {
        match self {
            Self::Codes(codes) => Some(codes.contains(result.as_str())),
            Self::Pack(pack) => match pack.result(result).map(|rule| rule.kind) {
                Some(ResultKind::Fail) => Some(true),
                Some(ResultKind::Pass) => Some(false),
                Some(ResultKind::Neutral | ResultKind::Unmade) | None => None,
            },
        }
    }
}

/// What a cycle has told.
pub struct Year {
    /// The draws.
    pub names: Vec<Name>,
    /// The policy of the last of them.
    pub policy: Policy,
    /// A row for every unit in every draw.
    pub rows: Vec<YearChance>,
    /// Of each unit, as it stood in the first draw of the year: no result of the year has changed that.
    units: BTreeMap<u64, Place>,
    visits: Vec<WeighedVisit>,
    silent: BTreeSet<u64>,
    /// What everybody can count again.
    pub counted: Map<String, Value>,
}

/// Members of a group.
#[derive(Default, Clone)]
pub struct Members {
    /// Institutions; those of which no visit says anything.
    pub units: u64,
    pub silent: u64,
    /// First visits with a result.
    pub visits: Vec<WeighedVisit>,
}

impl Members {
    /// Takes in the members of another group.
    pub fn join(&mut self, other: &Self) {
        self.units += other.units;
        self.silent += other.silent;
        self.visits.extend(&other.visits);
    }

    /// Institutions of which visits say something.
    pub const fn there(&self) -> u64 {
        self.units - self.silent
    }

    /// Whether a rate may be told of them.
    pub fn may_be_told(&self, fewest: Fewest) -> bool {
        fewest.allows(self.visits.len(), self.units)
    }

    fn group(&self, name: String, codes: &[Code]) -> Group {
        let found = self.visits.iter().filter(|visit| visit.found).count();
        Group {
            name,
            codes: codes.iter().map(ToString::to_string).collect(),
            units: self.units,
            silent: self.silent,
            found: u64::try_from(found).unwrap_or(0),
            rate: found_share(&self.visits),
            before: None,
        }
    }
}

/// The groups that are too small to be told of, with as many of the next smallest as it takes that all of them
/// together are not. Nobody can then take one of them from the whole.
pub fn too_small(groups: &BTreeMap<Vec<Code>, Members>, fewest: Fewest) -> BTreeSet<Vec<Code>> {
    let mut sorted: Vec<(&Vec<Code>, &Members)> = groups.iter().collect();
    sorted.sort_by_key(|(codes, members)| {
        (members.may_be_told(fewest), members.visits.len(), members.units, (*codes).clone())
    });
    let (mut small, mut all) = (BTreeSet::new(), Members::default());
    for (codes, members) in sorted {
        if members.may_be_told(fewest) && (small.is_empty() || all.may_be_told(fewest)) {
            break;
        }
        small.insert(codes.clone());
        all.join(members);
    }
    small
}

/// Draws that stand, by cycle: the last list is that of the year.
pub fn cycles(book: &WholeBook) -> Vec<Vec<(u64, u64)>> {
    let closed = &book.state().journal().closings;
    let mut cycles: BTreeMap<usize, Vec<(u64, u64)>> = BTreeMap::new();
    for attempt in book.state().attempts() {
        let stands =
            attempt.record().is_some() && matches!(attempt.void(), None | Some(VoidReason::NotRevealed));
        if stands {
            let cycle = closed.partition_point(|number| *number < attempt.number());
            cycles.entry(cycle).or_default().push(attempt.name());
        }
    }
    cycles.into_values().collect()
}

/// What a unit is that could not be visited.
const fn left(why: Gone) -> YearOutcome {
    match why {
        Gone::Unreachable => YearOutcome::Unanswered,
        Gone::Closed | Gone::Merged | Gone::Moved => YearOutcome::Gone,
    }
}

impl Year {
    /// Reads the draws.
    pub fn load(
        database: &mut Database,
        book: &WholeBook,
        names: &[(u64, u64)],
        meaning: &Meaning<'_>,
    ) -> Result<Self, Failure> {
        let mut numbers: BTreeMap<UnitId, u64> = BTreeMap::new();
        let mut rows: Vec<YearChance> = Vec::new();
        let (mut units, mut policy) = (BTreeMap::new(), None);
        let mut records: BTreeMap<Name, Record> = BTreeMap::new();
        let mut classes: BTreeMap<(Code, Code), u64> = BTreeMap::new();
        for name in names {
            let attempt = book.state().attempt(name.0, name.1).ok_or("an attempt of the ledger")?;
            let mut outcomes: BTreeMap<UnitId, YearOutcome> = BTreeMap::new();
            let record = book.record(database, *name)?;
            for pick in record.sample.iter().flat_map(|cell| &cell.picks) {
                outcomes.insert(pick.id.clone(), YearOutcome::Unanswered);
            }
            records.insert(*name, record);
            let mut stand_ins = BTreeSet::new();
            for line in book.lines() {
                if let Content::Replaced(change) = &line.entry().entry
                    && change.draw == name.0
                    && line.entry().number > attempt.number()
                {
                    outcomes.insert(change.unit.clone(), left(change.reason));
                    outcomes.insert(change.by.clone(), YearOutcome::Unanswered);
                    stand_ins.insert(change.by.clone());
                }
            }
            for (_, visit) in book.whole().visits().filter(|(number, _)| *number > attempt.number()) {
                match visit {
                    Correction::Missed(missed) if missed.draw == name.0 => {
                        outcomes.insert(missed.unit.clone(), left(missed.reason));
                    }
                    Correction::Visited(visited) if visited.draw == name.0 => {
                        let found = meaning.found(&visited.result);
                        let outcome = found.map_or(YearOutcome::Gone, |found| YearOutcome::Visited { found });
                        outcomes.insert(visited.unit.clone(), outcome);
                    }
                    _ => {}
                }
            }
            let sealed = book.sealed(database, *name)?;
            let plan = sealed.plan();
            for (position, unit) in plan.frame().units().iter().enumerate() {
                let next = u64::try_from(numbers.len())?;
                let number = *numbers.entry(unit.id.clone()).or_insert(next);
                let next = u64::try_from(classes.len())?;
                let class = *classes.entry((unit.risk.clone(), unit.credit.clone())).or_insert(next);
                let place = Place {
                    kind: unit.kind.clone(),
                    district: Code::parse(unit.division.as_str())?,
                    risk: unit.risk.clone(),
                    credit: unit.credit.clone(),
                };
                rows.push(YearChance {
                    unit: number,
                    draw: name.0,
                    probability: plan.probability(position).unwrap_or(0),
                    class,
                    stand_in: stand_ins.contains(&unit.id),
                    outcome: outcomes.get(&unit.id).copied().unwrap_or(YearOutcome::NotDrawn),
                });
                units.entry(number).or_insert(place);
            }
            policy = Some(plan.policy().clone());
        }
        let weights = year_weights(&rows);
        let lines = book.lines();
        let kinds = meaning.kinds(book);
        let of_pack = matches!(meaning, Meaning::Pack(_));
        let counted = counted(lines, names, |name| records.get(&name), &kinds, of_pack)?;
        Ok(Self {
            names: names.to_vec(),
            policy: policy.ok_or("no draw")?,
            rows,
            units,
            visits: weights.visits,
            silent: weights.silent.into_iter().collect(),
            counted,
        })
    }

    /// The members of every group.
    pub fn members(&self, by: By) -> BTreeMap<Vec<Code>, Members> {
        let codes = |place: &Place| place.codes(by).into_iter().cloned().collect::<Vec<Code>>();
        let mut groups: BTreeMap<Vec<Code>, Members> = BTreeMap::new();
        for (unit, place) in &self.units {
            let members = groups.entry(codes(place)).or_default();
            members.units += 1;
            members.silent += u64::from(self.silent.contains(unit));
        }
        for visit in &self.visits {
            let row = self.rows.get(visit.place);
            if let Some(place) = row.and_then(|row| self.units.get(&row.unit)) {
                groups.entry(codes(place)).or_default().visits.push(*visit);
            }
        }
        groups
    }

    /// The name of a group.
    pub fn name(&self, by: By, codes: &[Code]) -> String {
        let place = |code: &Code| {
            Division::parse(code.as_str())
                .map_or_else(|_| code.to_string(), |division| self.policy.place(&division))
        };
        let name = |code: &Code| match by {
            By::District => place(code),
            By::All | By::Kind | By::Level | By::Risk => self.policy.label(code).to_owned(),
        };
        codes.iter().map(name).collect::<Vec<_>>().join(" / ")
    }

    /// The groups; those of `together` as one without codes.
    pub fn groups(&self, by: By, together: &BTreeSet<Vec<Code>>) -> BTreeMap<Vec<Code>, Group> {
        let mut groups: BTreeMap<Vec<Code>, Members> = BTreeMap::new();
        for (codes, members) in self.members(by) {
            let codes = if together.contains(&codes) { Vec::new() } else { codes };
            groups.entry(codes).or_default().join(&members);
        }
        let group = |(codes, members): (Vec<Code>, Members)| {
            let group = members.group(self.name(by, &codes), &codes);
            (codes, group)
        };
        groups.into_iter().map(group).collect()
    }
}
