//! Ledgers of two levels and more: what a ledger took in of those below it, against these (Spec 27.5).

use super::super::dispatch::{TreeDraw, linked};
use super::super::names::{DispatchCheck, LevelCheck};
use super::super::report::{Comparison, Draft, NotRun, Report, differ, differs, same};
use super::evidence::LedgerEvidence;
use super::report::LedgerReport;
use super::{contents, ledger as check};
use crate::bytes::{Digest, Suite, Tree};
use crate::dispatch::PartPicks;
use crate::id::{Code, InspectorId, UnitId};
use crate::ledger::{self, Attempt, Content, Correction, Line, Missed, Received, Replaced, State, Visited};
use crate::message::{Message, Plain, said};
use crate::note::origin;
use crate::policy::{DispatchedPart, PolicyTerms};
use std::collections::{BTreeMap, BTreeSet};

mod words;

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
    // The parts of each ledger, and where the ledger of each part stands.
    let (mut all, mut place) = (Vec::new(), 0);
    while let Some(upper) = ledgers.get(place) {
        let asked: Vec<Asked> = asked(upper);
        let mut find = |origin: &String| {
            used.get(origin).copied().or_else(|| {
                ledgers.push(known(waiting[*places.get(origin)?].take()?));
                used.insert(origin.clone(), ledgers.len() - 1);
                Some(ledgers.len() - 1)
            })
        };
        let with_place = |asked: Asked| {
            let own = find(&asked.origin);
            (asked, own)
        };
        all.push(asked.into_iter().map(with_place).collect::<Vec<_>>());
        place += 1;
    }
    let parts = parts(&ledgers, &all);
    let strays = waiting.into_iter().flatten().map(|given| origin_of(given.lines)).collect();
    let coverage = coverage(&ledgers);
    let ledgers = ledgers.into_iter().map(|Known { origin, report, .. }| LedgerOfTree { origin, report });
    LevelsReport { ledgers: ledgers.collect(), parts, coverage, strays }
}

/// What is said of all parts of all ledgers. The lines of a ledger below are hashed once and followed once,
/// whatever number of parts asks for it.
fn parts(ledgers: &[Known<'_>], all: &[Vec<(Asked, Option<usize>)>]) -> Vec<LevelPart> {
    let uppers: Vec<Upper<'_>> = ledgers.iter().map(Upper::new).collect();
    let mut lowers: BTreeMap<usize, Lower<'_>> = BTreeMap::new();
    let mut started = Vec::new();
    // The parts whose results are compared: by the ledger below, and by how many of its lines say them.
    let mut due: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (upper, asked) in uppers.iter().zip(all) {
        for (asked, own) in asked {
            let lower = own.map(|own| &*lowers.entry(own).or_insert_with(|| Lower::new(&ledgers[own])));
            let part = Started::new(upper, asked, lower);
            if let (Some(own), Some(size)) = (own, part.compares) {
                due.entry((*own, size)).or_default().push(started.len());
            }
            started.push(part);
        }
    }
    let mut followed: Option<(usize, Followed<'_>)> = None;
    for ((own, size), parts) in due {
        if followed.as_ref().is_none_or(|(known, _)| *known != own) {
            followed = Some((own, Followed::new(&ledgers[own].lines)));
        }
        let Some((_, followed)) = &mut followed else { continue };
        followed.to(size);
        for part in parts {
            let part: &mut Started<'_> = &mut started[part];
            part.compared = part.compare(followed);
        }
    }
    started.into_iter().map(Started::finish).collect()
}

fn known(given: GivenLedger<'_>) -> Known<'_> {
    let GivenLedger { lines, evidence } = given;
    let (told, _) = contents::tell(lines, &evidence.files);
    Known { origin: origin_of(lines), evidence, lines: told.into_owned(), report: check(lines, evidence) }
}

/// A part with picks of a draw that stands and whose record was given.
struct Asked {
    /// The place of the attempt among those of the ledger.
    attempt: usize,
    draw: (u64, u64),
    part: DispatchedPart,
    origin: String,
    picks: BTreeSet<UnitId>,
}

fn asked(upper: &Known<'_>) -> Vec<Asked> {
    let mut all = Vec::new();
    let drawn = |(_, attempt): &(usize, &Attempt)| attempt.drawn().is_some() && attempt.stands();
    for (place, attempt) in upper.report.state().attempts().iter().enumerate().filter(drawn) {
        let given = upper.evidence.draws.get(&attempt.name());
        let Some(record) = given.and_then(|given| given.record.as_ref()) else { continue };
        for dispatched in record.dispatched().into_iter().filter(|part| !part.picks.is_empty()) {
            let part = dispatched.part.clone();
            let picks = dispatched.picks.into_iter().cloned().collect();
            let origin = origin(&part.authority, &part.scope);
            all.push(Asked { attempt: place, draw: attempt.name(), part, origin, picks });
        }
    }
    all
}

/// The places of the attempts of a ledger, by the digest of the record above that their seals name.
type Upon = BTreeMap<Digest, Vec<usize>>;

fn note_attempts(upon: &mut Upon, attempts: &[Attempt], from: usize) {
    for (place, attempt) in attempts.iter().enumerate().skip(from) {
        if let Some(above) = attempt.seal().above {
            upon.entry(above).or_default().push(place);
        }
    }
}

/// The attempts of a ledger upon a record that were not taken back, in order.
fn standing<'a>(state: &'a State, upon: &Upon, record: Digest) -> Vec<&'a Attempt> {
    let places = upon.get(&record).into_iter().flatten();
    places.filter_map(|place| state.attempts().get(*place)).filter(|attempt| attempt.stands()).collect()
}

/// A ledger of parts: its tree and its attempts, for all who ask for it.
struct Lower<'a> {
    known: &'a Known<'a>,
    tree: Tree,
    upon: Upon,
}

impl<'a> Lower<'a> {
    fn new(known: &'a Known<'a>) -> Self {
        let mut upon = Upon::new();
        note_attempts(&mut upon, known.report.state().attempts(), 0);
        Self { known, tree: ledger::tree(ledger::suite(&known.lines), &known.lines), upon }
    }
}

/// A ledger followed line by line, from its first to those that were taken in.
struct Followed<'a> {
    lines: &'a [Line],
    suite: Suite,
    state: State,
    upon: Upon,
    /// How many lines were followed; none more after one that is refused.
    next: usize,
    refused: bool,
}

impl<'a> Followed<'a> {
    fn new(lines: &'a [Line]) -> Self {
        let suite = ledger::suite(lines);
        Self { lines, suite, state: State::default(), upon: Upon::new(), next: 0, refused: false }
    }

    /// Goes on to the state after so many lines; never back.
    fn to(&mut self, size: usize) {
        while self.next < size && !self.refused {
            let before = self.state.attempts().len();
            let stepped =
                ledger::step(&mut self.state, self.suite, &self.lines[self.next], None, |_, _| None);
            self.refused = stepped.is_err();
            note_attempts(&mut self.upon, self.state.attempts(), before);
            self.next += 1;
        }
    }
}

/// An entry by which a checkpoint was taken in, with its number.
type TakenIn<'a> = (u64, &'a Received);

/// A ledger with parts: what it tells of units of its draws, and the checkpoints that it took in. Its lines
/// are looked through once for all parts.
struct Upper<'a> {
    known: &'a Known<'a>,
    /// By draw, attempt and origin.
    received: BTreeMap<((u64, u64), &'a str), Vec<TakenIn<'a>>>,
    told: BTreeMap<(u64, &'a UnitId), Vec<Told<'a>>>,
}

/// A part of which all is said but what the comparison of results says.
struct Started<'a> {
    found: LevelPart,
    checks: Draft<LevelCheck>,
    /// The digest of the record above.
    record: Digest,
    /// Whether the part has the whole team.
    whole: bool,
    /// What is told above and covered by a checkpoint.
    covered: Vec<&'a Told<'a>>,
    /// Against how many lines of the ledger below; `None` where nothing is to be compared.
    compares: Option<usize>,
    compared: Option<Comparison>,
}

impl<'a> Started<'a> {
    /// The ledger above against the ledger of a part, but for the results.
    fn new(upper: &'a Upper<'a>, asked: &'a Asked, lower: Option<&Lower<'_>>) -> Self {
        let Asked { draw, part, origin, picks, .. } = asked;
        let Upper { known, received, .. } = upper;
        let above = &known.report.state().attempts()[asked.attempt];
        let record = above.record().expect("drawn");
        let received = received.get(&(*draw, origin.as_str())).map_or(&[][..], Vec::as_slice);
        let taken = received.last().map(|(entry, received)| (*entry, received.size));
        let is_covered = |told: &&Told<'_>| taken.is_some_and(|(entry, _)| told.last < entry);
        let (covered, uncovered): (Vec<&Told<'_>>, Vec<_>) =
            upper.results(above, picks).into_iter().partition(is_covered);
        let mut started = Self {
            found: LevelPart {
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
                uncovered: uncovered.iter().map(|told| told.number).collect(),
            },
            checks: Draft::new(),
            record,
            whole: part.departments.is_empty(),
            covered,
            compares: None,
            compared: None,
        };
        match lower {
            Some(lower) => started.hold((known, *draw), asked, lower, received),
            None => {
                started.checks.skip_rest(NotRun::LedgerBelow);
                started.found.open = picks.iter().cloned().collect();
            }
        }
        started
    }

    /// What the ledger below says as it was given.
    fn hold(
        &mut self,
        above: (&Known<'_>, (u64, u64)),
        asked: &Asked,
        Lower { known: lower, tree, upon }: &Lower<'_>,
        received: &[TakenIn<'_>],
    ) {
        let (found, checks, state) = (&mut self.found, &mut self.checks, lower.report.state());
        let grown = (!received.is_empty()).then(|| same_ledger(tree, received));
        let same_ledger = grown.as_ref().is_some_and(Result::is_ok);
        checks.run_if(LevelCheck::Received, grown, NotRun::Received, |comparison| comparison);
        let own = standing(state, upon, self.record);
        checks.run_if(
            LevelCheck::Once,
            (!own.is_empty()).then_some(own.len()),
            NotRun::NoDrawBelow,
            |answers| {
                same(
                    said!("compared.draws_upon", "draws of the ledger below upon the record above"),
                    1,
                    answers,
                )
            },
        );
        let drawn = |attempt: &&&Attempt| attempt.drawn().is_some();
        found.draws = own.iter().filter(drawn).map(|attempt| attempt.name()).collect();
        found.link = found.draws.first().and_then(|own| link(above, (lower, *own), asked, found.draws.len()));
        for unit in &asked.picks {
            match own.iter().find_map(|own| told_of(state, own, unit)) {
                Some(Correction::Visited(_)) => found.visited += 1,
                Some(Correction::Missed(_)) => found.missed += 1,
                Some(Correction::Inspected(_) | Correction::Withdrawn(_)) | None => {
                    found.open.push(unit.clone());
                }
            }
        }
        let size = found.taken.filter(|_| same_ledger && !self.covered.is_empty());
        self.compares = size.and_then(|(_, size)| usize::try_from(size).ok());
    }

    /// The results above against what the first lines of the ledger below tell.
    fn compare(&self, Followed { state, upon, .. }: &Followed<'_>) -> Option<Comparison> {
        let own = standing(state, upon, self.record);
        let all_told = own.iter().all(|own| own.untold().is_empty());
        let one = |told: &&Told<'_>| {
            let below = own.iter().find_map(|own| told_of(state, own, told.unit));
            if all_told || below.is_some() { told.against(below, self.whole) } else { Ok(()) }
        };
        self.covered.iter().map(one).reduce(Comparison::and)
    }

    fn finish(mut self) -> LevelPart {
        if self.found.given {
            self.checks.run_if(LevelCheck::Results, self.compared, NotRun::NoResult, |comparison| comparison);
        }
        LevelPart { checks: self.checks.finish(), ..self.found }
    }
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
fn same_ledger(tree: &Tree, received: &[TakenIn<'_>]) -> Comparison {
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
