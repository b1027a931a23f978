//! Ledgers of two levels and more: what a ledger took in of those below it, against these (Spec 27.5).

use super::super::dispatch::{TreeDraw, linked};
use super::super::names::{DispatchCheck, LevelCheck};
use super::super::report::{Comparison, Draft, NotRun, Report, Verdict, differ, differs, same, written};
use super::evidence::LedgerEvidence;
use super::report::LedgerReport;
use super::{contents, ledger as check};
use crate::bytes::Digest;
use crate::dispatch::PartPicks;
use crate::id::{Code, InspectorId, UnitId};
use crate::ledger::{self, Attempt, Content, Correction, Line, Missed, Received, Replaced, State, Visited};
use crate::message::{Message, Plain, said};
use crate::note::origin;
use crate::policy::{DispatchedPart, PolicyTerms};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How many units or entries a printed line names.
const MOST: usize = 20;

/// The lines of a ledger, and what is known of it besides.
#[derive(Debug, Clone, Copy)]
pub struct GivenLedger<'a> {
    /// Its lines.
    pub lines: &'a [Line],
    /// What the checker obtained elsewhere.
    pub evidence: &'a LedgerEvidence,
}

/// A ledger of the tree by itself.
#[derive(Debug, Clone)]
pub struct LedgerOfTree {
    /// Whose: [`origin`].
    pub origin: String,
    /// Its report.
    pub report: LedgerReport,
}

/// The picks of one part of one draw, by the ledgers of both levels.
#[derive(Debug, Clone)]
pub struct LevelPart {
    /// The origin of the ledger above.
    pub above: String,
    /// Sequence number and attempt of the draw above.
    pub draw: (u64, u64),
    /// The origin of the ledger of the part.
    pub below: String,
    /// The picks that were dispatched to it.
    pub picks: usize,
    /// Whether its ledger was given.
    pub given: bool,
    /// The draws of that ledger upon the record above that are made and stand.
    pub draws: Vec<(u64, u64)>,
    /// Each ledger against the other.
    pub checks: Report<LevelCheck>,
    /// The record below against the record above; `None` where one of them was not given.
    pub link: Option<Report<DispatchCheck>>,
    /// The last checkpoint that the ledger above took in of it for this draw: entry, and number of lines.
    pub taken: Option<(u64, u64)>,
    /// Picks that the ledger below, as it was given, says were visited.
    pub visited: usize,
    /// Picks that it says were missed.
    pub missed: usize,
    /// Picks of which it says nothing.
    pub open: Vec<UnitId>,
    /// Entries above that tell of a pick, and after which no checkpoint of the ledger below was taken in.
    pub uncovered: Vec<u64>,
}

/// How much of the frame of a draw was visited, by the ledgers of all levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelCoverage {
    /// Sequence number and attempt of the last draw of the ledger at the top whose frame was given.
    pub draw: (u64, u64),
    /// Its institutions.
    pub units: usize,
    /// Those of them that an entry says were visited in a draw, in whatever ledger of the tree.
    pub visited: usize,
}

/// What ledgers of several levels amount to.
#[derive(Debug, Clone)]
pub struct LevelsReport {
    /// The ledgers of the tree, the one at the top first.
    pub ledgers: Vec<LedgerOfTree>,
    /// The parts with picks of all draws whose records were given, level by level.
    pub parts: Vec<LevelPart>,
    /// How much of the frame was visited; `None` where no frame was given.
    pub coverage: Option<LevelCoverage>,
    /// The origins of ledgers that were given and are of no part, or given twice: nothing was said of them.
    pub strays: Vec<String>,
}

/// A ledger that was given, with its own report.
struct Known<'a> {
    origin: String,
    evidence: &'a LedgerEvidence,
    /// With the contents of closed lines, as far as they are told.
    lines: Vec<Line>,
    report: LedgerReport,
}

/// The origin of a ledger; empty where its first line opens none.
fn origin_of(lines: &[Line]) -> String {
    match lines.first().map(|line| &line.entry().entry) {
        Some(Content::Opened(opened)) => origin(&opened.authority, &opened.scope),
        _ => String::new(),
    }
}

/// Checks a ledger and those below it: each by itself, and for each part of each draw what the ledger above
/// took in and entered, against the ledger below. Ledgers are found by their origins, so they may be given
/// in any order, and one of them can be below one and above others.
#[must_use]
pub fn levels(top: GivenLedger<'_>, below: &[GivenLedger<'_>]) -> LevelsReport {
    let mut waiting: Vec<Option<GivenLedger<'_>>> = below.iter().copied().map(Some).collect();
    // Of two ledgers of one origin the first is taken.
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, given) in below.iter().enumerate() {
        places.entry(origin_of(given.lines)).or_insert(place);
    }
    let mut ledgers: Vec<Known<'_>> = vec![known(top)];
    let mut used: BTreeMap<String, usize> = [(ledgers[0].origin.clone(), 0)].into();
    let (mut parts, mut place) = (Vec::new(), 0);
    while let Some(upper) = ledgers.get(place) {
        let asked: Vec<Asked> = asked(upper);
        let mut find = |origin: &String| {
            used.get(origin).copied().or_else(|| {
                ledgers.push(known(waiting[*places.get(origin)?].take()?));
                used.insert(origin.clone(), ledgers.len() - 1);
                Some(ledgers.len() - 1)
            })
        };
        let own: Vec<Option<usize>> = asked.iter().map(|asked| find(&asked.origin)).collect();
        let upper = Upper::new(&ledgers[place]);
        let part = |(asked, own): (&Asked, Option<usize>)| part(&upper, asked, own.map(|own| &ledgers[own]));
        parts.extend(asked.iter().zip(own).map(part));
        place += 1;
    }
    let strays = waiting.into_iter().flatten().map(|given| origin_of(given.lines)).collect();
    let coverage = coverage(&ledgers);
    let ledgers = ledgers.into_iter().map(|Known { origin, report, .. }| LedgerOfTree { origin, report });
    LevelsReport { ledgers: ledgers.collect(), parts, coverage, strays }
}

fn known(given: GivenLedger<'_>) -> Known<'_> {
    let GivenLedger { lines, evidence } = given;
    let (told, _) = contents::tell(lines, &evidence.files);
    Known { origin: origin_of(lines), evidence, lines: told.into_owned(), report: check(lines, evidence) }
}

/// A part with picks of a draw that stands and whose record was given.
struct Asked {
    draw: (u64, u64),
    part: DispatchedPart,
    origin: String,
    picks: BTreeSet<UnitId>,
}

fn asked(upper: &Known<'_>) -> Vec<Asked> {
    let mut all = Vec::new();
    for attempt in upper.report.state().attempts().iter().filter(|a| a.drawn().is_some() && a.stands()) {
        let given = upper.evidence.draws.get(&attempt.name());
        let Some(record) = given.and_then(|given| given.record.as_ref()) else { continue };
        for dispatched in record.dispatched().into_iter().filter(|part| !part.picks.is_empty()) {
            let part = dispatched.part.clone();
            let picks = dispatched.picks.into_iter().cloned().collect();
            let origin = origin(&part.authority, &part.scope);
            all.push(Asked { draw: attempt.name(), part, origin, picks });
        }
    }
    all
}

/// The attempts of a ledger upon a record that were not taken back, in order.
fn upon(state: &State, record: Digest) -> Vec<&Attempt> {
    let of = |attempt: &&Attempt| attempt.seal().above == Some(record) && attempt.stands();
    state.attempts().iter().filter(of).collect()
}

/// An entry by which a checkpoint was taken in, with its number.
type Taken<'a> = (u64, &'a Received);

/// A ledger with parts: what it tells of units of its draws, and the checkpoints that it took in. Its lines
/// are looked through once for all parts.
struct Upper<'a> {
    known: &'a Known<'a>,
    /// By draw, attempt and origin.
    received: BTreeMap<((u64, u64), &'a str), Vec<Taken<'a>>>,
    told: BTreeMap<(u64, &'a UnitId), Vec<Told<'a>>>,
}

/// The ledger above against the ledger of a part.
fn part(upper: &Upper<'_>, asked: &Asked, lower: Option<&Known<'_>>) -> LevelPart {
    let Asked { draw, part, origin, picks } = asked;
    let Upper { known, received, .. } = upper;
    let above = known.report.state().attempt(draw.0, draw.1).expect("one of its attempts");
    let record = above.record().expect("drawn");
    let received = received.get(&(*draw, origin.as_str())).map_or(&[][..], Vec::as_slice);
    let taken = received.last().map(|(entry, received)| (*entry, received.size));
    let mut checks = Draft::new();
    let mut found = LevelPart {
        above: known.origin.clone(),
        draw: *draw,
        below: origin.clone(),
        picks: picks.len(),
        given: lower.is_some(),
        draws: Vec::new(),
        checks: Draft::new().finish(),
        link: None,
        taken,
        visited: 0,
        missed: 0,
        open: Vec::new(),
        uncovered: Vec::new(),
    };
    let results = upper.results(above, picks);
    let covered = |last: u64| taken.is_some_and(|(entry, _)| last < entry);
    found.uncovered = results.iter().filter(|told| !covered(told.last)).map(|told| told.number).collect();
    let Some(lower) = lower else {
        checks.skip_rest(NotRun::LedgerBelow);
        return LevelPart { checks: checks.finish(), open: picks.iter().cloned().collect(), ..found };
    };
    let grown = (!received.is_empty()).then(|| same_ledger(lower, received));
    let same_ledger = grown.as_ref().is_some_and(Result::is_ok);
    checks.run_if(LevelCheck::Received, grown, NotRun::Received, |comparison| comparison);
    let own = upon(lower.report.state(), record);
    checks.run_if(LevelCheck::Once, (!own.is_empty()).then_some(own.len()), NotRun::NoDrawBelow, |answers| {
        same(said!("compared.draws_upon", "draws of the ledger below upon the record above"), 1, answers)
    });
    let drawn = |attempt: &&&Attempt| attempt.drawn().is_some();
    found.draws = own.iter().filter(drawn).map(|attempt| attempt.name()).collect();
    found.link =
        found.draws.first().and_then(|own| link((known, *draw), (lower, *own), asked, found.draws.len()));
    for unit in picks {
        match own.iter().find_map(|own| told_of(lower.report.state(), own, unit)) {
            Some(Correction::Visited(_)) => found.visited += 1,
            Some(Correction::Missed(_)) => found.missed += 1,
            Some(Correction::Inspected(_) | Correction::Withdrawn(_)) | None => found.open.push(unit.clone()),
        }
    }
    let compared = taken.filter(|_| same_ledger).and_then(|(_, size)| {
        let size = usize::try_from(size).ok().filter(|size| *size <= lower.lines.len())?;
        let (state, _) = ledger::fold(&lower.lines[..size], None, |_, _| None);
        let own = upon(&state, record);
        let whole = part.departments.is_empty();
        let covered = results.iter().filter(|told| covered(told.last));
        let one = |told: &&Told<'_>| {
            let below = own.iter().find_map(|own| told_of(&state, own, told.unit));
            let known = own.iter().all(|own| own.untold().is_empty());
            if known || below.is_some() { told.against(below, whole) } else { Ok(()) }
        };
        covered.map(one).reduce(Comparison::and)
    });
    checks.run_if(LevelCheck::Results, compared, NotRun::NoResult, |comparison| comparison);
    LevelPart { checks: checks.finish(), ..found }
}

impl<'a> Upper<'a> {
    fn new(known: &'a Known<'a>) -> Self {
        let state = known.report.state();
        let size = usize::try_from(state.size()).unwrap_or(usize::MAX).min(known.lines.len());
        let entries = || known.lines[..size].iter().map(Line::entry);
        let amended = entries().filter_map(|entry| match entry.entry {
            Content::Amended { amends, .. } => Some((amends, entry.number)),
            _ => None,
        });
        let amended: BTreeMap<u64, u64> = amended.collect();
        let mut upper = Self { known, received: BTreeMap::new(), told: BTreeMap::new() };
        for entry in entries() {
            let number = entry.number;
            let (unit, what) = match (&entry.entry, state.visit(number)) {
                (Content::Received(received), _) => {
                    let of = ((received.draw, received.attempt), received.origin.as_str());
                    upper.received.entry(of).or_default().push((number, received));
                    continue;
                }
                (Content::Replaced(Replaced { unit, .. }), _) => (unit, What::Replaced),
                (Content::Visited(_) | Content::Missed(_), Some(Correction::Visited(visited))) => {
                    (&visited.unit, What::Visited(visited))
                }
                (Content::Visited(_) | Content::Missed(_), Some(Correction::Missed(missed))) => {
                    (&missed.unit, What::Missed(missed))
                }
                _ => continue,
            };
            let Some(draw) = entry.entry.facts().visits_of else { continue };
            let last = amended.get(&number).copied().unwrap_or(number);
            upper.told.entry((draw, unit)).or_default().push(Told { number, last, unit, what });
        }
        upper
    }

    /// What the ledger tells of these picks of an attempt, in the order of its entries.
    fn results<'b>(&'b self, attempt: &Attempt, picks: &'b BTreeSet<UnitId>) -> Vec<&'b Told<'b>> {
        let of = |unit| self.told.get(&(attempt.seal().sequence, unit)).into_iter().flatten();
        let mut told: Vec<&Told<'b>> =
            picks.iter().flat_map(of).filter(|told| told.number > attempt.number()).collect();
        told.sort_unstable_by_key(|told| told.number);
        told
    }
}

/// The ledger below is the one whose checkpoints were taken in.
fn same_ledger(lower: &Known<'_>, received: &[Taken<'_>]) -> Comparison {
    let tree = ledger::tree(ledger::suite(&lower.lines), &lower.lines);
    received.iter().try_for_each(|(number, Received { root, size, .. })| {
        let Some(found) = usize::try_from(*size).ok().and_then(|size| tree.root_at(size)) else {
            let what = said!("compared.lines_below", "entry {number}, the lines of the ledger below", number);
            let expected = said!("expected.at_least", "at least {least}", least = size);
            return differ(what, expected, tree.size());
        };
        let what = said!(
            "compared.root_below",
            "entry {number}, the root of the ledger below at {size} entries",
            number,
            size
        );
        same(what, *root, found)
    })
}

/// The record below against the record above, where both were given.
fn link(
    (upper, draw): (&Known<'_>, (u64, u64)),
    (lower, own): (&Known<'_>, (u64, u64)),
    Asked { part, picks, .. }: &Asked,
    answers: usize,
) -> Option<Report<DispatchCheck>> {
    let (above, below) = (upper.evidence.draws.get(&draw)?, lower.evidence.draws.get(&own)?);
    let above = TreeDraw { record: above.record.as_ref()?, evidence: &above.evidence };
    let below = TreeDraw { record: below.record.as_ref()?, evidence: &below.evidence };
    let PolicyTerms { authority, scope, .. } = &*below.record.policy;
    let found = PartPicks { part, picks: picks.iter().collect() };
    let found = Some(&found).filter(|found| (&found.part.authority, &found.part.scope) == (authority, scope));
    Some(linked(above, below, found, answers))
}

/// What a ledger tells of a pick of one of its draws.
struct Told<'a> {
    /// The entry that told it first.
    number: u64,
    /// The last entry that tells of it: an amendment, or itself.
    last: u64,
    unit: &'a UnitId,
    what: What<'a>,
}

enum What<'a> {
    Visited(&'a Visited),
    Missed(&'a Missed),
    /// Another institution came in its place.
    Replaced,
}

/// What a ledger tells of a unit of one of its attempts, as amended; nothing of what was taken back.
fn told_of<'a>(state: &'a State, attempt: &Attempt, unit: &UnitId) -> Option<&'a Correction> {
    let own = |(number, told): &(u64, &Correction)| {
        let of = told.about().0 == Some(attempt.seal().sequence) && *number > attempt.number();
        of && !matches!(told, Correction::Withdrawn(_))
    };
    state.visits_to(unit).filter(own).map(|(_, told)| told).last()
}

impl Told<'_> {
    /// Against what the ledger below tells. Of a part with the whole team it is the same; where the part adds
    /// officers, they are among those who went, on that day.
    fn against(&self, below: Option<&Correction>, whole: bool) -> Comparison {
        let (number, unit) = (self.number, self.unit);
        let field = |field: Message| {
            said!("compared.result_below", "entry {number}, {field} of {unit}", number, field, unit)
        };
        let kind = |expected: Message| {
            let what = field(said!("compared.of_result", "what became of the visit"));
            Err(differs(what, expected, found(&self.what)))
        };
        match (&self.what, below) {
            (What::Visited(above), Some(Correction::Visited(below))) => {
                same(field(said!("compared.day_of_visit", "the day")), below.date, above.date)?;
                if !whole {
                    return match below.team.iter().find(|id| !above.team.contains(id)) {
                        None => Ok(()),
                        Some(absent) => differ(field(team()), absent, people(&above.team)),
                    };
                }
                same(field(team()), people(&below.team), people(&above.team))?;
                same(field(said!("compared.result", "the result")), &below.result, &above.result)?;
                let items = |visited: &Visited| Plain::join(visited.items.iter().map(Code::as_str), " ");
                same(field(said!("compared.items", "the items")), items(below), items(above))
            }
            // One authority can go without the other.
            (What::Visited(_), Some(Correction::Missed(_))) if !whole => Ok(()),
            (What::Missed(above), Some(Correction::Missed(below))) => {
                let reason = |missed: &Missed| Plain(missed.reason.as_str().into());
                same(field(said!("compared.reason", "the reason")), reason(below), reason(above))
            }
            (What::Replaced, None | Some(Correction::Missed(_))) => Ok(()),
            (_, Some(Correction::Visited(_))) => kind(said!("found.visited", "visited")),
            (_, Some(Correction::Missed(_))) => kind(said!("found.missed", "missed")),
            (_, Some(Correction::Inspected(_) | Correction::Withdrawn(_)) | None) => {
                kind(said!("found.nothing_told", "nothing told"))
            }
        }
    }
}

fn found(what: &What<'_>) -> Message {
    match what {
        What::Visited(_) => said!("found.visited", "visited"),
        What::Missed(_) => said!("found.missed", "missed"),
        What::Replaced => said!("found.replaced", "replaced"),
    }
}

fn team() -> Message {
    said!("compared.team_sent", "the team")
}

fn people(team: &[InspectorId]) -> Plain {
    Plain::join(team.iter().map(InspectorId::as_str), " ")
}

/// How much of the frame of the last draw at the top was visited, where that frame was given.
fn coverage(ledgers: &[Known<'_>]) -> Option<LevelCoverage> {
    let top = ledgers.first()?;
    let drawn = |attempt: &&Attempt| attempt.drawn().is_some() && attempt.stands();
    let (draw, frame) = top.report.state().attempts().iter().rev().filter(drawn).find_map(|attempt| {
        let given = top.evidence.draws.get(&attempt.name())?;
        Some((attempt.name(), &given.evidence.frame.as_ref()?.0))
    })?;
    let told = ledgers.iter().flat_map(|known| known.report.state().visits().map(|(_, told)| told));
    let visited = told.filter_map(|told| match told {
        Correction::Visited(visited) => frame.get(&visited.unit).map(|unit| &unit.id),
        Correction::Missed(_) | Correction::Inspected(_) | Correction::Withdrawn(_) => None,
    });
    let visited: BTreeSet<&UnitId> = visited.collect();
    Some(LevelCoverage { draw, units: frame.units().len(), visited: visited.len() })
}

impl LevelPart {
    /// Whether a failed check speaks against it.
    fn failed(&self) -> bool {
        !self.checks.failed().is_empty() || self.link.as_ref().is_some_and(|link| !link.failed().is_empty())
    }

    /// Whether its draw is made, its record was held against the record above, and every result above is
    /// covered by a checkpoint of its ledger.
    fn shown(&self) -> bool {
        self.given && self.link.is_some() && self.uncovered.is_empty()
    }
}

impl LevelsReport {
    /// Refuted if any check of any ledger, or of one against another, failed. Confirmed if every ledger is,
    /// every part has one draw whose record was given, and every result above is covered. Else
    /// self-consistent (Spec 27.5).
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let verdicts: Vec<Verdict> = self.ledgers.iter().map(|known| known.report.verdict()).collect();
        if verdicts.contains(&Verdict::Refuted) || self.parts.iter().any(LevelPart::failed) {
            Verdict::Refuted
        } else if verdicts.contains(&Verdict::SelfConsistent) || !self.parts.iter().all(LevelPart::shown) {
            Verdict::SelfConsistent
        } else {
            Verdict::Confirmed
        }
    }

    /// The lines of the report, each with its code and its values.
    #[must_use]
    pub fn lines(&self) -> Vec<Message> {
        let mut lines = Vec::new();
        for LedgerOfTree { origin, report } in &self.ledgers {
            let verdict = report.verdict().as_str();
            lines.push(said!("report.level_ledger", "{origin}: {verdict}", origin, verdict));
            lines.extend(report.failed_lines());
        }
        lines.extend(self.parts.iter().flat_map(LevelPart::lines));
        for origin in &self.strays {
            lines.push(said!(
                "report.level_stray",
                "not used: the ledger {origin} is of no part of these draws, or given twice",
                origin
            ));
        }
        if let Some(LevelCoverage { draw: (draw, attempt), units, visited }) = self.coverage {
            lines.push(said!(
                "report.level_coverage",
                "{visited} of {units} institutions on the frame of draw {draw}, attempt {attempt} were \
                 visited, by the ledgers given",
                visited,
                units,
                draw,
                attempt
            ));
        }
        let verdict = self.verdict().as_str();
        lines.push(said!("report.level_verdict", "all ledgers: {verdict}", verdict));
        lines
    }
}

impl LevelPart {
    fn lines(&self) -> Vec<Message> {
        let Self { above, below, picks, visited, missed, .. } = self;
        let ((draw, attempt), open) = (self.draw, self.open.len());
        if !self.given {
            return vec![said!(
                "report.level_not_given",
                "{above}, draw {draw}.{attempt}, to {below}: {picks} picks, and its ledger was not given",
                above,
                draw,
                attempt,
                below,
                picks
            )];
        }
        let mut lines = vec![said!(
            "report.level_part",
            "{above}, draw {draw}.{attempt}, to {below}: {picks} picks, {visited} visited, {missed} missed, \
             {open} open",
            above,
            draw,
            attempt,
            below,
            picks,
            visited,
            missed,
            open
        )];
        lines.extend(self.checks.messages());
        lines.extend(self.link.iter().flat_map(Report::messages));
        if self.draws.is_empty() {
            lines.push(said!("report.level_not_drawn", "look at  it has made no draw of these picks"));
        } else if self.link.is_none() {
            lines.push(said!("report.level_no_record", "look at  the record of its draw was not given"));
        }
        if !self.open.is_empty() {
            let names = first(self.open.iter().map(ToString::to_string));
            lines.push(said!("report.level_open", "look at  nothing is told below of {names}", names));
        }
        if !self.uncovered.is_empty() {
            let entries = first(self.uncovered.iter().map(ToString::to_string));
            lines.push(said!(
                "report.level_uncovered",
                "look at  entries {entries} above: no checkpoint of the ledger below was taken in after them",
                entries
            ));
        }
        lines
    }
}

/// The first names of a list, and how many more there are.
fn first(names: impl ExactSizeIterator<Item = String>) -> Message {
    let more = names.len().saturating_sub(MOST);
    let names = names.take(MOST).collect::<Vec<_>>().join(" ");
    match more {
        0 => said!("report.names", "{names}", names),
        more => said!("report.names_more", "{names} and {more} others", names, more),
    }
}

impl fmt::Display for LevelsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, &self.lines())
    }
}
