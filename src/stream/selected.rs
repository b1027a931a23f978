//! What a selection found: the candidates among some rows, and the picks and reserves among all of them.

use super::part::{PartError, PartTerms, RunDocument, apart, length, order};
use super::standings::{CycleRun, join};
use super::{Apart, Counted, Counts, Foreign, RowsRead, StreamError};
use crate::bytes::{Digest, Document, Half, Protocol, Run, decode, encode};
use crate::cycle::Standing;
use crate::frame::{Frame, Pseudonyms, Unit};
use crate::lot::Key;
use crate::lot::tickets::{Candidate, Smallest, Tickets};
use crate::message::{Coded, said};
use crate::plan::{Assessment, Plan, UnitPlan, UnitRules};
use crate::roster::Roster;
use crate::sample::{self, CellDraw, CellSample, Ranked};
use crate::table::BrokenRules;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A unit that may be drawn or that a record names, with its pseudonym, its plan and its standing.
pub(super) type NamedUnit = Box<(Unit, Half, UnitPlan, Option<Standing>)>;

/// The candidates among some rows of a frame that stand side by side: the units that may be among the
/// smallest tickets of their cells, and those that a replayed record names. Parts merge in any order (Spec
/// 26.3).
#[derive(Debug, Clone)]
pub struct SelectedPart<'a> {
    pub(super) counts: &'a Counts,
    pub(super) seed: Digest,
    pub(super) run: Run,
    /// The same of the rows of the cycle that came beside them; none if it is in memory.
    pub(super) standings: Option<CycleRun>,
    /// Of all parts the least: what was kept below the ceilings of this slack was kept below those of more.
    pub(super) slack: Option<u64>,
    pub(super) smallest: Smallest<NamedUnit>,
    /// Units that a record names, by place. They are kept with any ticket, so that the record's claims about
    /// them can be checked.
    pub(super) named: BTreeMap<usize, NamedUnit>,
    /// A row came that the census did not count.
    pub(super) changed: bool,
}

/// How many units of each cell are picked, and the list that collects them with the reserves that are shown.
pub(super) fn shortlists(
    counts: &Counts,
    seed: &Digest,
    slack: Option<u64>,
) -> (Vec<usize>, Smallest<NamedUnit>) {
    let picks = sample::picks(&counts.parts.cells, counts.parts.scale, &Key::new(counts.policy.suite, *seed));
    let reserves = usize::try_from(counts.policy.reserves).unwrap_or(usize::MAX);
    let mut smallest = Smallest::new(picks.iter().map(|picks| picks.saturating_add(reserves)));
    slack.into_iter().for_each(|slack| smallest.below(units_of_cells(counts), slack));
    (picks, smallest)
}

fn units_of_cells(counts: &Counts) -> impl Iterator<Item = u64> {
    counts.parts.cells.iter().map(|cell| cell.count)
}

impl<'a> SelectedPart<'a> {
    /// The number of rows before the first one.
    #[must_use]
    pub fn start(&self) -> u64 {
        length(self.run.start())
    }

    /// The number of rows.
    #[must_use]
    pub fn size(&self) -> u64 {
        length(self.run.size())
    }

    /// The number of units that are kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.rows().len()
    }

    /// Adds the candidates of the rows behind these.
    ///
    /// # Errors
    /// There are rows between the two, or some are in both; or they were selected from another census or with
    /// another seed.
    pub fn append(&mut self, next: Self) -> Result<(), StreamError> {
        self.counts.terms.expect(&next.counts.terms)?;
        self.expect(&next.counts.rows, &next.seed)?;
        apart(&self.run, &next.run)?;
        join(&mut self.standings, next.standings)?;
        assert!(self.run.append(next.run), "it begins where this one ends");
        // The ceilings of the least slack hold for the merged part.
        let slack = [self.slack, next.slack].into_iter().flatten().min();
        if slack != self.slack {
            let (_, mut own) = shortlists(self.counts, &self.seed, slack);
            std::mem::swap(&mut own, &mut self.smallest);
            self.smallest.append(own);
            self.slack = slack;
        }
        self.smallest.append(next.smallest);
        self.named.extend(next.named);
        self.changed |= next.changed;
        Ok(())
    }

    /// The part of all these parts, which are given in any order. `None` without parts.
    ///
    /// # Errors
    /// As for [`Self::append`].
    pub fn merged(parts: impl IntoIterator<Item = Self>) -> Result<Option<Self>, StreamError> {
        let mut parts: Vec<Self> = parts.into_iter().collect();
        parts.sort_by_key(|part| order(&part.run, part.standings.as_ref()));
        let mut parts = parts.into_iter();
        let Some(mut whole) = parts.next() else { return Ok(None) };
        parts.try_for_each(|part| whole.append(part))?;
        Ok(Some(whole))
    }

    fn expect(&self, rows: &RowsRead, seed: &Digest) -> Result<(), Foreign> {
        if *rows != self.counts.rows {
            return Err(Foreign::Census);
        }
        if *seed == self.seed { Ok(()) } else { Err(Foreign::Seed) }
    }

    /// The kept units by place, each with its cell if it may be drawn, and whether a record names it.
    fn rows(&self) -> BTreeMap<usize, (&NamedUnit, bool)> {
        let named = self.named.iter().map(|(place, unit)| (*place, (unit, true)));
        let candidates =
            self.smallest.held().map(|(_, candidate)| (candidate.place, (&candidate.unit, false)));
        candidates.chain(named).collect()
    }

    /// The document (Spec 26.3): canonical JSON, with the rows of the kept units.
    ///
    /// # Panics
    /// Never: all counts are below 2⁵³.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let (rows, beside) = (self.rows().into_iter(), self.standings.is_some());
        let units = rows.map(|(place, (unit, named))| KeptUnit {
            cell: unit.2.cell,
            named,
            place: length(place),
            standing: unit.3.as_ref().filter(|_| beside).map(Cow::Borrowed),
            unit: Cow::Borrowed(&unit.0),
        });
        let PartTerms { policy, cycle, .. } = self.counts.terms;
        let document = SelectedDocument {
            blocks: self.run.digests().collect(),
            cycle,
            document: Document::Selected,
            policy,
            protocol: Protocol,
            root: self.counts.rows.root,
            seed: self.seed,
            size: self.size(),
            slack: self.slack,
            standings: self.standings.as_ref().map(RunDocument::of),
            start: self.start(),
            units: units.collect(),
        };
        encode(&document).expect("counts below 2^53")
    }

    /// Reads a document. The tickets of its units are made again.
    ///
    /// # Errors
    /// The bytes are not the canonical document of such a part, it was selected from another census, or its
    /// rows are not among the counted ones as far as single rows tell (the error lists all rules that are
    /// broken, with their places).
    pub fn from_json(bytes: &[u8], counts: &'a Counts) -> Result<Self, PartError> {
        let document: SelectedDocument<'_> = decode(bytes)?;
        document.document.expect(Document::Selected)?;
        let SelectedDocument {
            blocks, policy, cycle, root, seed, size, slack, start, standings, units, ..
        } = document;
        let broken = BrokenRules::default();
        for (field, found, wanted) in [
            ("cycle", cycle, counts.terms.cycle),
            ("policy", policy, counts.terms.policy),
            ("root", root, counts.rows.root),
        ] {
            broken.at(field).when(found != wanted, || {
                said!("selected.other", "is {found}, selected was to be from {wanted}", found, wanted)
            });
        }
        let rows = counts.rows.size;
        broken.at("start").at_most(start, rows);
        broken.at("size").at_most(size, rows.saturating_sub(start));
        let place = |number: u64| usize::try_from(number).ok();
        let run = place(start).zip(place(size));
        let run = run.and_then(|(start, size)| Run::of(counts.policy.suite, start, size, &blocks));
        broken.at("blocks").when(run.is_none(), || {
            let found = blocks.len();
            said!("selected.blocks", "has {found} digests, which do not belong to these rows", found)
        });
        standings.iter().for_each(|rows| rows.check(&broken.at("standings")));
        let beside = standings.is_some();
        broken.at("standings").when(beside == counts.cycle.whole.is_some(), || {
            said!(
                "selected.beside",
                "is there exactly if the rows of the cycle came beside those of the frame"
            )
        });
        let standings = standings.and_then(|rows| rows.run(counts.policy.suite));
        let within = start..start.saturating_add(size);
        let ascend = units.is_sorted_by(|a, b| a.place < b.place && a.unit.id < b.unit.id);
        broken.at("units").when(!ascend, || said!("part.order", "does not ascend"));
        let (_, mut smallest) = shortlists(counts, &seed, slack);
        let mut named = BTreeMap::new();
        let (rules, secrets) = (UnitRules::new(&counts.policy), counts.key.units(counts.policy.suite));
        let tickets = Tickets::new(&Key::new(counts.policy.suite, seed));
        for (field, KeptUnit { cell, named: of_record, place, standing, unit }) in
            broken.at("units").entries(&units)
        {
            field.field("place").when(!within.contains(place), || {
                let (first, end) = (start, within.end);
                said!("selected.place", "{place} is not from {first} to before {end}", place, first, end)
            });
            let frame = Frame::of(vec![unit.as_ref().clone()]);
            let conforms = frame.conforms(&counts.policy.frame, counts.policy.as_of);
            conforms.err().into_iter().for_each(|problems| field.field("unit").note(problems.message()));
            let own = standing.as_ref().is_none_or(|standing| beside && standing.unit == unit.id);
            field.field("standing").when(!own, || said!("selected.standing", "is not that of the unit"));
            let standing = standing.as_deref().or_else(|| counts.cycle.get(&unit.id));
            let assessment = Assessment::new(&rules, unit, standing).ok();
            let group = assessment.filter(Assessment::may_be_drawn);
            let group = group.and_then(|assessment| counts.count.group(&counts.policy, unit, &assessment));
            let fits = match (group, cell) {
                (Some(group), Some(cell)) => counts.parts.routes.leads(group, *cell),
                (None, None) => *of_record,
                _ => false,
            };
            field.field("cell").when(!fits, || said!("selected.cell", "is not one that the unit can be in"));
            let (Some(assessment), true) = (assessment, broken.is_empty()) else { continue };
            let pseudonym = secrets.of(unit.id.as_str()).pseudonym;
            let plan = UnitPlan { cell: *cell, ..assessment.plan };
            let place = usize::try_from(*place).expect("a place of the frame");
            let kept = || Box::new((unit.as_ref().clone(), pseudonym, plan, standing.cloned()));
            if *of_record {
                named.insert(place, kept());
            }
            for cell in cell.iter().filter_map(|cell| usize::try_from(*cell).ok()) {
                smallest.offer(cell, tickets.ticket(&pseudonym), place, kept);
            }
        }
        match run.filter(|_| broken.is_empty()) {
            Some(run) => Ok(Self { counts, seed, run, standings, slack, smallest, named, changed: false }),
            None => Err(PartError::Rules(broken.into_vec())),
        }
    }

    /// The picks and reserves of all rows.
    pub(super) fn finish(self, counted: &'a Counted, seed: &Digest) -> Result<Selected<'a>, StreamError> {
        let counts = counted.counts();
        counts.terms.expect(&self.counts.terms)?;
        self.expect(&counts.rows, seed)?;
        let begins = self.start();
        let root = self.run.root().ok_or(StreamError::Apart(Apart { ends: 0, begins }))?;
        let found = RowsRead { root, size: self.size() };
        // The pseudonyms follow from the key and the ids of these rows.
        if found != counts.rows {
            return Err(StreamError::Changed { counted: counts.rows, found });
        }
        counts.expect_rows(self.standings.as_ref())?;
        assert!(!self.changed, "rows with this root were all counted");
        let short = self.smallest.short(units_of_cells(counts));
        if let Some(cell) = short.first() {
            let first = counts.parts.cells[*cell].path.clone();
            return Err(StreamError::Short { cells: length(short.len()), first });
        }
        let (picks, _) = shortlists(counts, &self.seed, None);
        let (found, named) = (self.smallest.finish(), self.named);
        let candidates = found.iter().flatten().map(|candidate| candidate.place);
        let mut places: Vec<usize> = candidates.chain(named.keys().copied()).collect();
        places.sort_unstable();
        places.dedup();
        let mut kept: Vec<Option<NamedUnit>> = places.iter().map(|_| None).collect();
        let mut ranked = |Candidate { ticket, place, unit }: Candidate<NamedUnit>| {
            let at = places.binary_search(&place).expect("one of them");
            kept[at] = Some(unit);
            Ranked { unit: at, ticket }
        };
        let mut cells = Vec::with_capacity(picks.len());
        for (candidates, picked) in found.into_iter().zip(picks) {
            cells.push(CellDraw { ranked: candidates.into_iter().map(&mut ranked).collect(), picked });
        }
        for (place, unit) in named {
            let at = places.binary_search(&place).expect("one of them");
            kept[at].get_or_insert(unit);
        }
        let (mut units, mut pseudonyms, mut plans) = (Vec::new(), Vec::new(), Vec::new());
        let mut standings = Vec::new();
        for kept in kept {
            let (unit, pseudonym, plan, standing) = *kept.expect("every place has its unit");
            units.push(unit);
            pseudonyms.push(pseudonym);
            plans.push(plan);
            standings.extend(standing);
        }
        Ok(Selected { counted, seed: self.seed, units, pseudonyms, plans, standings, cells })
    }
}

impl Counted {
    /// The picks and reserves from the candidates of all rows, for an auditor:
    /// [`verify::streamed`](crate::verify::streamed).
    ///
    /// # Errors
    /// The candidates do not begin with the first row, the rows are not those that were counted, they were
    /// selected from another census, or ceilings kept out units that are wanted.
    pub fn selected<'a>(&'a self, all: SelectedPart<'a>) -> Result<Selected<'a>, StreamError> {
        let seed = all.seed;
        all.finish(self, &seed)
    }
}

/// A kept unit in a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptUnit<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cell: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    named: bool,
    place: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standing: Option<Cow<'a, Standing>>,
    unit: Cow<'a, Unit>,
}

/// The document of the candidates among some rows (Spec 26.3).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SelectedDocument<'a> {
    blocks: Vec<Digest>,
    cycle: Digest,
    document: Document,
    policy: Digest,
    protocol: Protocol,
    root: Digest,
    seed: Digest,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slack: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standings: Option<RunDocument>,
    start: u64,
    units: Vec<KeptUnit<'a>>,
}

/// The picks and reserves of a counted frame under one seed.
#[derive(Debug, Clone)]
pub struct Selected<'a> {
    counted: &'a Counted,
    seed: Digest,
    /// Picks, reserves and those that the record of a replay names, ascending by id.
    units: Vec<Unit>,
    pseudonyms: Vec<Half>,
    plans: Vec<UnitPlan>,
    /// Those of them that have one.
    standings: Vec<Standing>,
    /// Positions are those in `units`.
    cells: Vec<CellDraw>,
}

impl Selected<'_> {
    /// What was counted.
    #[must_use]
    pub const fn counted(&self) -> &Counted {
        self.counted
    }

    /// The seed.
    #[must_use]
    pub const fn seed(&self) -> Digest {
        self.seed
    }

    /// The sample cell by cell, as it stands in the record.
    #[must_use]
    pub fn cells(&self) -> Vec<CellSample> {
        sample::documents(&self.units, &self.pseudonyms, &self.cells)
    }

    /// Picks, reserves and those that the record of a replay names, ascending by id.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The plan of these units, from which teams are made, their pseudonyms, and the cells.
    pub(crate) fn excerpt(self, roster: Roster) -> (Plan, Pseudonyms, Vec<CellDraw>) {
        let Counts { policy, cycle, parts, .. } = self.counted.counts();
        let pseudonyms = Pseudonyms::new(self.pseudonyms, self.counted.leaves.clone());
        let cycle = cycle.excerpt(self.standings.into_iter());
        let frame = Frame::of(self.units);
        let plan = Plan::excerpt(frame, roster, policy.clone(), cycle, self.plans, parts);
        (plan, pseudonyms, self.cells)
    }
}
