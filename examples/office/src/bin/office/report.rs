//! Figures of results (抽查结果分析): how many institutions break the rules, by level, kind and district, from visits
//! that were not equally likely; against last year; and whether the rating of risk finds them.

use super::Run;
use super::args::Report;
use super::desk::{Book, Office, Rules, WholeBook, refuse};
use super::figures;
use super::output::{ending, no_form, write_all};
use super::steps::whole_book;
use super::store::Database;
use super::words::Answer;
use double_random::Policy;
use double_random::dossier::ResultKind;
use double_random::id::{Code, UnitId};
use double_random::ledger::{Content, Correction, Gone, VoidReason};
use double_random::odds::ONE;
use double_random::study::{
    RateChange, RateInterval, WeighedVisit, YearChance, YearOutcome, found_share, rate_change, year_weights,
};
use double_random_office::sheet::to_xlsx;
use double_random_support::files::Failure;
use std::collections::{BTreeMap, BTreeSet};

/// Levels with fewer first visits are not held against each other.
const ENOUGH: u64 = 10;

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
    /// Its codes: of the level, the kind, the division.
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

/// A step of the curve: the levels in the order of their visits a year, most first.
#[derive(Debug, Clone)]
pub struct Step {
    /// The level.
    pub name: String,
    /// Visits a year by the policy, billionths.
    pub frequency: u64,
    /// Institutions up to and with this level, of all, billionths.
    pub units: u64,
    /// Violations expected in them, of all, billionths.
    pub violations: u64,
    /// The rate of the level against that of all, billionths.
    pub lift: u64,
}

/// An item of the forms.
#[derive(Debug, Clone)]
pub struct ItemLine {
    /// Its code.
    pub code: String,
    /// Visits that checked it.
    pub checked: u64,
    /// Those of them that found something, of whatever item.
    pub found: u64,
}

/// The figures of a year.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The ledger.
    pub scope: String,
    /// What was drawn, for people.
    pub title: String,
    /// The draws.
    pub draws: Vec<u64>,
    /// Visits that were drawn or came in the place of others.
    pub drawn: u64,
    /// First visits with a result.
    pub answered: u64,
    /// Later visits to the same institutions.
    pub repeated: u64,
    /// Still to be made.
    pub awaited: u64,
    /// Nobody was met.
    pub unreachable: u64,
    /// Closed, merged, moved away, or without the activity in question.
    pub gone: u64,
    /// The groups.
    pub groups: BTreeMap<By, Vec<Group>>,
    /// The curve.
    pub curve: Vec<Step>,
    /// Levels that are visited more and break the rules more, or the other way round: names, and the difference.
    pub order: Option<(String, String, RateChange)>,
    /// Items, those with the largest share first.
    pub items: Vec<ItemLine>,
    /// The ledger or cycle that they are held against.
    pub against: Option<String>,
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
struct Year {
    draws: Vec<u64>,
    policy: Policy,
    rows: Vec<YearChance>,
    /// Of each unit, as it stood in the first draw of the year: no result of the year has changed that.
    units: BTreeMap<u64, Place>,
    visits: Vec<WeighedVisit>,
    silent: BTreeSet<u64>,
    repeated: u64,
    /// Awaited, unreachable, gone.
    counts: [u64; 3],
    items: BTreeMap<String, (u64, u64)>,
}

/// Draws that stand, by cycle: the last list is that of the year.
pub fn cycles(book: &WholeBook) -> Vec<Vec<(u64, u64)>> {
    let closed: Vec<u64> = book
        .lines()
        .iter()
        .map(|line| line.entry())
        .filter(|entry| matches!(entry.entry, Content::CycleClosed { .. }))
        .map(|entry| entry.number)
        .collect();
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

/// What a unit is that could not be visited; counted as unreachable or gone.
fn left(why: Gone, counts: &mut [u64; 3]) -> YearOutcome {
    match why {
        Gone::Unreachable => {
            counts[1] += 1;
            YearOutcome::Unanswered
        }
        Gone::Closed | Gone::Merged | Gone::Moved => {
            counts[2] += 1;
            YearOutcome::Gone
        }
    }
}

impl Year {
    fn load(
        database: &mut Database,
        book: &WholeBook,
        names: &[(u64, u64)],
        meaning: &Meaning<'_>,
    ) -> Result<Self, Failure> {
        let mut numbers: BTreeMap<UnitId, u64> = BTreeMap::new();
        let mut rows: Vec<YearChance> = Vec::new();
        let (mut units, mut policy) = (BTreeMap::new(), None);
        let mut counts = [0; 3];
        let mut items: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut classes: BTreeMap<(Code, Code), u64> = BTreeMap::new();
        for name in names {
            let attempt = book.state().attempt(name.0, name.1).ok_or("an attempt of the ledger")?;
            let mut outcomes: BTreeMap<UnitId, YearOutcome> = BTreeMap::new();
            let record = book.record(database, *name)?;
            for pick in record.sample.iter().flat_map(|cell| &cell.picks) {
                outcomes.insert(pick.id.clone(), YearOutcome::Unanswered);
            }
            let mut pending: BTreeSet<UnitId> = outcomes.keys().cloned().collect();
            let mut stand_ins = BTreeSet::new();
            for line in book.lines() {
                if let Content::Replaced(change) = &line.entry().entry
                    && change.draw == name.0
                    && line.entry().number > attempt.number()
                {
                    outcomes.insert(change.unit.clone(), left(change.reason, &mut counts));
                    pending.remove(&change.unit);
                    outcomes.insert(change.by.clone(), YearOutcome::Unanswered);
                    pending.insert(change.by.clone());
                    stand_ins.insert(change.by.clone());
                }
            }
            for (_, visit) in book.whole().visits().filter(|(number, _)| *number > attempt.number()) {
                match visit {
                    Correction::Missed(missed) if missed.draw == name.0 => {
                        outcomes.insert(missed.unit.clone(), left(missed.reason, &mut counts));
                        pending.remove(&missed.unit);
                    }
                    Correction::Visited(visited) if visited.draw == name.0 => {
                        let found = meaning.found(&visited.result);
                        let outcome = found.map_or(YearOutcome::Gone, |found| YearOutcome::Visited { found });
                        counts[2] += u64::from(found.is_none());
                        outcomes.insert(visited.unit.clone(), outcome);
                        pending.remove(&visited.unit);
                        for item in visited.items.iter().filter(|_| found.is_some()) {
                            let (checked, broken) = items.entry(item.to_string()).or_default();
                            *checked += 1;
                            *broken += u64::from(found == Some(true));
                        }
                    }
                    _ => {}
                }
            }
            counts[0] += u64::try_from(pending.len())?;
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
        Ok(Self {
            draws: names.iter().map(|name| name.0).collect(),
            policy: policy.ok_or("no draw")?,
            rows,
            units,
            visits: weights.visits,
            silent: weights.silent.into_iter().collect(),
            repeated: weights.repeated,
            counts,
            items,
        })
    }

    fn groups(&self, by: By) -> BTreeMap<Vec<Code>, Group> {
        let codes = |place: &Place| place.codes(by).into_iter().cloned().collect::<Vec<Code>>();
        let mut groups: BTreeMap<Vec<Code>, Group> = BTreeMap::new();
        let new = |codes: &[Code]| Group {
            name: codes.iter().map(|code| self.policy.label(code)).collect::<Vec<_>>().join(" / "),
            codes: codes.iter().map(ToString::to_string).collect(),
            units: 0,
            silent: 0,
            found: 0,
            rate: None,
            before: None,
        };
        for (unit, place) in &self.units {
            let codes = codes(place);
            let group = groups.entry(codes).or_insert_with_key(|codes| new(codes));
            group.units += 1;
            group.silent += u64::from(self.silent.contains(unit));
        }
        let mut visits: BTreeMap<Vec<Code>, Vec<WeighedVisit>> = BTreeMap::new();
        for visit in &self.visits {
            let row = self.rows.get(visit.place);
            if let Some(place) = row.and_then(|row| self.units.get(&row.unit)) {
                visits.entry(codes(place)).or_default().push(*visit);
            }
        }
        for (codes, visits) in visits {
            let group = groups.entry(codes).or_insert_with_key(|codes| new(codes));
            group.found = u64::try_from(visits.iter().filter(|visit| visit.found).count()).unwrap_or(0);
            group.rate = found_share(&visits);
        }
        groups
    }
}

/// The levels in the order of their visits, and how many of the violations they hold.
fn curve(year: &Year, groups: &BTreeMap<Vec<Code>, Group>, all: &RateInterval) -> Vec<Step> {
    let visits = |codes: &[Code]| match codes {
        [risk, credit] => year.policy.frequency_of(risk, credit).map_or(0, |entry| entry.visits.get()),
        _ => 0,
    };
    let mut levels: Vec<(u64, &Group, RateInterval)> =
        groups.iter().filter_map(|(codes, group)| Some((visits(codes), group, group.rate?))).collect();
    levels.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.name.cmp(&other.1.name)));
    let there = |group: &Group| u128::from(group.units - group.silent);
    let broken = |group: &Group, rate: &RateInterval| there(group) * u128::from(rate.rate);
    let units: u128 = levels.iter().map(|(_, group, _)| there(group)).sum();
    let violations: u128 = levels.iter().map(|(_, group, rate)| broken(group, rate)).sum();
    let part = |part: u128, of: u128| {
        u64::try_from((part * u128::from(ONE)).checked_div(of).unwrap_or(0)).unwrap_or(u64::MAX)
    };
    let (mut seen, mut hit) = (0, 0);
    levels
        .into_iter()
        .map(|(frequency, group, rate)| {
            seen += there(group);
            hit += broken(group, &rate);
            Step {
                name: group.name.clone(),
                frequency,
                units: part(seen, units),
                violations: part(hit, violations),
                lift: part(u128::from(rate.rate), u128::from(all.rate)),
            }
        })
        .collect()
}

/// Levels and kinds in the order of the policy, divisions by code.
fn in_order(policy: &Policy, by: By, groups: BTreeMap<Vec<Code>, Group>) -> Vec<Group> {
    let vocabularies: &[&[Code]] = match by {
        By::All | By::District => &[],
        By::Risk => &[&policy.frame.risk],
        By::Level => &[&policy.frame.risk, &policy.frame.credit],
        By::Kind => &[&policy.frame.kinds],
    };
    let place = |codes: &[Code]| {
        let place = |(code, known): (&Code, &&[Code])| known.iter().position(|other| other == code);
        codes.iter().zip(vocabularies).map(place).collect::<Vec<_>>()
    };
    let mut groups: Vec<(Vec<Code>, Group)> = groups.into_iter().collect();
    groups.sort_by_key(|(codes, _)| place(codes));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The figures of a year, held against an earlier one.
fn figures(book: &Book, year: &Year, before: Option<(String, Year)>) -> Figures {
    let mut all: BTreeMap<By, BTreeMap<Vec<Code>, Group>> = BTreeMap::new();
    for by in [By::All, By::Risk, By::Level, By::Kind, By::District] {
        let mut groups = year.groups(by);
        if let Some((_, before)) = &before {
            for (codes, group) in before.groups(by) {
                if let (Some(now), Some(then)) = (groups.get_mut(&codes), group.rate)
                    && let Some(rate) = now.rate
                {
                    now.before = Some((then, rate_change(&then, &rate)));
                }
            }
        }
        all.insert(by, groups);
    }
    let whole = all.get(&By::All).and_then(|groups| groups.values().next()?.rate);
    let levels = all.get(&By::Level).cloned().unwrap_or_default();
    let curve = whole.map(|whole| curve(year, &levels, &whole)).unwrap_or_default();
    let enough = |name: &str| {
        let group = levels.values().find(|group| group.name == name)?;
        group.rate.filter(|rate| rate.visits >= ENOUGH)
    };
    let mut heard = curve.iter().filter_map(|step| Some((step, enough(&step.name)?)));
    let (most, least) = (heard.next(), heard.next_back());
    let order = most.zip(least).filter(|((most, _), (least, _))| most.frequency > least.frequency).map(
        |((most, high), (least, low))| (most.name.clone(), least.name.clone(), rate_change(&low, &high)),
    );
    let mut items: Vec<ItemLine> = year
        .items
        .iter()
        .map(|(code, (checked, found))| ItemLine { code: code.clone(), checked: *checked, found: *found })
        .collect();
    items.sort_by(|one, other| {
        let (a, b) = (
            u128::from(one.found) * u128::from(other.checked),
            u128::from(other.found) * u128::from(one.checked),
        );
        b.cmp(&a).then_with(|| one.code.cmp(&other.code))
    });
    let drawn = year.rows.iter().filter(|row| row.outcome != YearOutcome::NotDrawn).count();
    Figures {
        scope: book.scope.to_string(),
        title: year.policy.title.clone(),
        draws: year.draws.clone(),
        drawn: u64::try_from(drawn).unwrap_or(u64::MAX),
        answered: u64::try_from(year.visits.len()).unwrap_or(u64::MAX),
        repeated: year.repeated,
        awaited: year.counts[0],
        unreachable: year.counts[1],
        gone: year.counts[2],
        groups: all.into_iter().map(|(by, groups)| (by, in_order(&year.policy, by, groups))).collect(),
        curve,
        order,
        items,
        against: before.map(|(name, _)| name),
    }
}

/// The ledger of the year before: the one that is named, or that whose checkpoint this one names.
fn earlier(
    run: &Run,
    database: &mut Database,
    book: &Book,
    given: &Report,
) -> Result<Option<WholeBook>, Failure> {
    let named = given.against.clone().or_else(|| {
        let origin = &book.state().opened()?.earlier.as_ref()?.origin;
        origin.rsplit('/').next().map(str::to_owned)
    });
    let Some(named) = named else { return Ok(None) };
    for office in Office::all(database)? {
        if let Some((scope, task)) = office.scopes()?.into_iter().find(|(scope, _)| scope.as_str() == named) {
            return Ok(Some(WholeBook::load(database, scope, task)?));
        }
    }
    if given.against.is_some() {
        return refuse(format!("--against {named}: no ledger of that scope is in the database"));
    }
    run.screen.note(&format!("{named}: {}", run.screen.say("not in this database", "不在本数据库中")));
    Ok(None)
}

/// Prints the figures of a year, and writes them.
pub fn report(run: &Run, database: &mut Database, given: &Report) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = whole_book(run, database, &office)?;
    let meaning = match &office.rules {
        Rules::Programme(rules) if given.found.is_empty() => Meaning::Pack(&rules.0),
        _ => Meaning::Codes(given.found.iter().map(String::as_str).collect()),
    };
    let mut names = cycles(&book);
    let Some(last) = names.pop() else {
        return refuse("nothing is drawn yet: office status says what comes next");
    };
    if matches!(&meaning, Meaning::Codes(codes) if codes.is_empty()) {
        let results = book.whole().visits().filter_map(|(_, visit)| match visit {
            Correction::Visited(visited) => Some(visited.result.as_str()),
            _ => None,
        });
        let results: BTreeSet<&str> = results.collect();
        let results: Vec<&str> = results.into_iter().collect();
        return refuse(format!(
            "--found is needed: this office has no rule pack, which would say which results are findings \
             (不合格); the ledger has {}",
            results.join(", ")
        ));
    }
    if given.habits {
        return super::habits::habits(run, database, &book, &last, &meaning, given);
    }
    let spin = run.screen.spinner(run.screen.say("reading the draws", "读取抽取记录"));
    let year = Year::load(database, &book, &last, &meaning)?;
    let before = match earlier(run, database, &book, given)? {
        Some(other) => match cycles(&other).pop() {
            Some(names) => Some((other.scope.to_string(), Year::load(database, &other, &names, &meaning)?)),
            None => None,
        },
        None => match names.pop() {
            Some(names) => {
                let draws: Vec<String> = names.iter().map(|name| name.0.to_string()).collect();
                let said = format!("{} {}", run.screen.say("draws", "第"), draws.join(", "));
                Some((said, Year::load(database, &book, &names, &meaning)?))
            }
            None => None,
        },
    };
    let figures = figures(&book, &year, before);
    spin.finish_and_clear();
    let json = figures::json(&figures);
    let mut text = figures::text(&figures, run.screen.lang);
    let mut files = Vec::new();
    for out in &given.out {
        let bytes = match ending(out) {
            "xlsx" => to_xlsx(&figures::sheets(&figures, run.screen.lang))?,
            "svg" => super::chart::svg(&figures, run.screen.lang).into_bytes(),
            "json" => double_random::bytes::encode(&json)?,
            _ => return Err(no_form(out, ".xlsx, .svg or .json")),
        };
        files.push((out.as_path(), bytes));
        text.push_str(&format!("{}\n", out.display()));
    }
    write_all(files.iter().map(|(out, bytes)| (*out, bytes.as_slice())))?;
    Ok(Answer::said(json, text))
}
