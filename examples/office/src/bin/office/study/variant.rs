//! A variant of the rules: what the options change, checked as a whole before anything is drawn.

use super::options::Changes;
use crate::desk::{Book, Office, Rules};
use crate::store::Database;
use double_random::bytes::{Digest, Document, Label, Suite};
use double_random::id::{Code, InspectorId};
use double_random::message::{Coded as _, Message};
use double_random::odds::ONE;
use double_random::policy::{Billionths, Design, Frequency, Round};
use double_random::programme::Programme;
use double_random::roster::{InspectorRow, RecusalRow};
use double_random::study::Study;
use double_random::{Plan, Policy, PolicyTerms};
use double_random_office::values::Several;
use double_random_office::{catalogue, say};
use double_random_support::files::{self, Failure};
use double_random_support::screen::Lang;
use std::collections::BTreeSet;

/// The rules that are changed.
#[derive(Clone)]
pub struct Base {
    /// The policy; its own round does not count.
    pub policy: Policy,
    /// The shares of the rounds of a year.
    pub shares: Vec<Billionths>,
}

/// What all variants have in common.
pub struct Terms {
    /// Years under every seed.
    pub years: u64,
    /// The chance that a drawn visit cannot be made.
    pub missed: Billionths,
    /// Whether teams are drawn.
    pub teams: bool,
    /// The language of names and changes.
    pub lang: Lang,
}

/// Rules that are ready to be tried.
pub struct Variant {
    /// What it is called.
    pub name: String,
    /// What is changed, in words; empty for the adopted rules.
    pub changes: Vec<String>,
    /// The shares of its rounds.
    pub shares: Vec<Billionths>,
    /// Institutions of its frame.
    pub units: u64,
    /// Officers of its roster.
    pub officers: u64,
    /// What its years under one seed cost, in steps.
    pub cost: u64,
    /// What tells it from other rules.
    pub mark: Mark,
    /// Its years.
    pub study: Study,
}

/// What two variants that are the same have in common.
#[derive(PartialEq, Eq)]
pub struct Mark {
    policy: Digest,
    shares: Vec<Billionths>,
    officers: Vec<InspectorId>,
}

/// The rules in force for the next draws of a ledger, and the rounds of a year.
pub fn adopted(database: &mut Database, office: &Office, book: &Book) -> Result<Base, Failure> {
    let policy = match crate::steps::next_policy(database, office, book, None) {
        Ok((policy, _)) => policy,
        // The year is drawn, or the next policy is not written yet: the rules are those of the last draw.
        Err(error) => match &office.rules {
            Rules::Policy(_) => crate::steps::policy_of(database, office, book)?,
            Rules::Programme(rules) => match &book.task {
                Some(task) => rules.1.policy(&rules.0, task, 1, None)?,
                None => return Err(error),
            },
        },
    };
    let shares = rounds(office, book, &policy);
    Ok(Base { policy, shares })
}

/// The shares of the rounds of a year: those of the programme, those that are registered, or the policy's own as
/// often as they go into the year.
pub fn rounds(office: &Office, book: &Book, policy: &Policy) -> Vec<Billionths> {
    let task = match (&office.rules, &book.task) {
        (Rules::Programme(rules), Some(task)) => rules.1.task(task),
        _ => None,
    };
    let registered = book.state().register();
    match (task, registered) {
        (Some(task), _) => task.batches.iter().map(|batch| batch.share).collect(),
        (None, Some(year)) if year.batches().iter().map(|batch| batch.share.get()).sum::<u64>() == ONE => {
            year.batches().iter().map(|batch| batch.share).collect()
        }
        _ => repeated(policy.round().share),
    }
}

/// Rounds of one share as often as they go into the year, and one for the rest.
fn repeated(share: Billionths) -> Vec<Billionths> {
    let share = share.get().clamp(ONE / 366, ONE);
    let mut shares = Vec::new();
    let mut left = ONE;
    while left > 0 {
        let next = share.min(left);
        shares.extend(Billionths::new(next));
        left -= next;
    }
    shares
}

/// So many equal shares that sum to one; the first ones take what division leaves.
fn equal(rounds: u64) -> Vec<Billionths> {
    let (each, more) = (ONE / rounds, ONE % rounds);
    (0..rounds).filter_map(|round| Billionths::new(each + u64::from(round < more)).ok()).collect()
}

/// A part of one: a decimal from 0 to 1.
pub fn part(option: &str, text: &str) -> Result<Billionths, Message> {
    match Billionths::parse(text) {
        Ok(part) if part <= Billionths::ONE => Ok(part),
        Ok(_) => {
            Err(say!("office.study.part", "{option} {text}: a part of one is needed, 0 to 1", option, text))
        }
        Err(error) => Err(wrong(option, text, &error.message())),
    }
}

/// A count between two limits.
fn count(option: &str, text: &str, least: u64, most: u64) -> Result<u64, Message> {
    match text.parse::<u64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(say!(
            "office.study.count",
            "{option} {text}: a number from {least} to {most} is needed",
            least,
            most,
            option,
            text
        )),
    }
}

/// Everything that is wrong with the changes of one variant.
type Problems = Vec<Message>;

/// What is wrong with an option of a study.
pub fn wrong(option: &str, text: &str, rule: &Message) -> Message {
    say!("office.study.option", "{option} {text}: {rule}", option, rule, text)
}

/// Makes a variant, or says all that is wrong with it.
pub fn make(
    database: &mut Database,
    (office, book): (&Office, &Book),
    base: &Base,
    (name, changes): (String, &Changes),
    terms: &Terms,
) -> Result<Result<Variant, Problems>, Failure> {
    let mut problems = Vec::new();
    let mut note = |result: Result<(), Message>| problems.extend(result.err());
    let mut changed = base.clone();
    if let Some(path) = &changes.policy {
        match whole(office, book, path) {
            Ok(whole) => changed = Base { shares: whole.shares.unwrap_or(changed.shares), ..whole.base },
            Err(error) => {
                let path = path.display().to_string();
                note(Err(wrong("--policy", &path, &catalogue::as_message(error.as_ref()))));
            }
        }
    }
    let Base { policy, mut shares } = changed;
    let mut rules = policy.into_terms();
    for text in &changes.frequency {
        note(frequency(&mut rules, text));
    }
    for text in &changes.slack {
        note(slack(&mut rules, text));
    }
    if let (Some(_), Some(_)) = (&changes.rounds, &changes.shares) {
        note(Err(say!("office.study.rounds", "--rounds and --shares: one of them says what the rounds are")));
    }
    if let Some(text) = &changes.rounds {
        note(count("--rounds", text, 1, 366).map(|rounds| shares = equal(rounds)));
    }
    if let Some(text) = &changes.shares {
        let parts: Result<Vec<Billionths>, Message> =
            text.split([',', '，']).map(|share| part("--shares", share.trim())).collect();
        note(parts.map(|parts| shares = parts));
    }
    if let Some(text) = &changes.floor {
        note(part("--floor", text).map(|floor| {
            rules.coverage.iter_mut().for_each(|coverage| coverage.minimum = floor);
        }));
    }
    if let Some(text) = &changes.control {
        let share = part("--control", text);
        note(share.map(|share| rules.surprise = (share > Billionths::ZERO).then_some(share)));
    }
    if let Some(text) = &changes.rate {
        let rate = part("--rate", text);
        note(rate.and_then(|rate| match &mut rules.design {
            Design::Rate { rate: own } => {
                *own = rate;
                Ok(())
            }
            other => Err(wrong("--rate", text, &method(other))),
        }));
    }
    if let Some(text) = &changes.number {
        let number = count("--number", text, 1, 1_000_000_000);
        note(number.and_then(|number| match &mut rules.design {
            Design::Number { number: own } => {
                *own = number;
                Ok(())
            }
            other => Err(wrong("--number", text, &method(other))),
        }));
    }
    if let Some(text) = &changes.cap {
        note(count("--cap", text, 1, 999_999).map(|cap| rules.team.cap = cap));
    }
    let wanted = changes.officers.as_ref().map(|text| count("--officers", text, 1, 100_000)).transpose();
    let wanted = wanted.unwrap_or_else(|error| {
        note(Err(error));
        None
    });
    // The plan of the first round, which the study makes again under every seed.
    rules.round = shares.first().map(|share| Round { rest: Billionths::ONE, share: *share });
    let policy = match Policy::new(rules) {
        Ok(policy) => policy,
        Err(error) => {
            problems.push(error.message());
            return Ok(Err(problems));
        }
    };
    let frame = match office.frame(database, &policy) {
        Ok(frame) => frame,
        Err(error) => {
            problems.push(catalogue::as_message(error.as_ref()));
            return Ok(Err(problems));
        }
    };
    let roster = office.roster_of(database, &policy, book, &mut |officers, recusals| {
        problems.extend(dismiss(officers, recusals, &changes.without));
        if let Some(wanted) = wanted {
            problems.extend(resize(officers, recusals, wanted));
        }
    });
    let roster = match roster {
        Ok(roster) => roster,
        Err(error) => {
            problems.push(catalogue::as_message(error.as_ref()));
            return Ok(Err(problems));
        }
    };
    let (units, officers) = (frame.units().len() as u64, roster.inspectors().len() as u64);
    let mut pairs = 0;
    match Plan::new(frame.clone(), roster.clone(), policy.clone(), double_random::Cycle::default()) {
        Ok(plan) if terms.teams => {
            let cost = plan.cost();
            pairs = cost.pairs;
            if !cost.is_within() {
                problems.push(say!("office.study.teams", "its teams could not be sealed: {cost}", cost));
            }
        }
        Ok(_) => {}
        Err(error) => problems.push(error.message()),
    }
    let study = match Study::new(frame, policy.clone(), shares.clone(), terms.years) {
        Ok(study) => study.missing(terms.missed),
        Err(error) => {
            problems.push(error.message());
            return Ok(Err(problems));
        }
    };
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let study = if terms.teams { study.staffed(roster.clone()) } else { study };
    let rounds = terms.years.saturating_mul(shares.len() as u64);
    // A pair of a post and a candidate takes about as long as a unit.
    let cost = units.saturating_add(pairs).saturating_mul(rounds);
    let ids = roster.inspectors().iter().map(|officer| officer.id.clone()).collect();
    let mark = Mark { policy: policy.digest(), shares: shares.clone(), officers: ids };
    let changes = changes.words(terms.lang);
    Ok(Ok(Variant { name, changes, shares, units, officers, cost, mark, study }))
}

/// The rules of a whole file, with the rounds that a programme has.
struct Whole {
    base: Base,
    shares: Option<Vec<Billionths>>,
}

/// Reads a policy or a programme.
fn whole(office: &Office, book: &Book, path: &std::path::Path) -> Result<Whole, Failure> {
    let text = files::text(path)?;
    let kind: Option<Document> = serde_json::from_str::<serde_json::Value>(&text)
        .ok()
        .and_then(|value| serde_json::from_value(value.get("document")?.clone()).ok());
    if kind != Some(Document::Programme) {
        let policy = Policy::from_json(&text)?;
        return Ok(Whole { base: Base { policy, shares: Vec::new() }, shares: None });
    }
    let programme = Programme::from_json(&text)?;
    let (Rules::Programme(rules), Some(task)) = (&office.rules, &book.task) else {
        return Err(say!(
            "office.study.no_pack",
            "this office has no pack, under which a programme gives policies: name a policy"
        )
        .into());
    };
    let policy = programme.policy(&rules.0, task, 1, None)?;
    let batches = programme.task(task).map(|task| task.batches.iter().map(|batch| batch.share).collect());
    Ok(Whole { base: Base { policy, shares: Vec::new() }, shares: batches })
}

/// What the rules draw by.
fn method(design: &Design) -> Message {
    match design {
        Design::Rate { .. } => {
            say!("office.study.by_rate", "the rules draw by rate: --rate changes how many")
        }
        Design::Number { .. } => {
            say!("office.study.by_number", "the rules draw by number: --number changes how many")
        }
        Design::Frequency {} => {
            say!("office.study.by_frequency", "the rules draw by frequency: --frequency changes how many")
        }
    }
}

/// Changes the frequency of some levels.
fn frequency(rules: &mut PolicyTerms, text: &str) -> Result<(), Message> {
    let named = |why: Message| wrong("--frequency", text, &why);
    let (levels, amount) = of_levels(rules, text).map_err(named)?;
    let (visits, cycles) = amount.split_once(':').map_or((amount, None), |(v, cycles)| (v, Some(cycles)));
    let visits = Billionths::parse(visits).map_err(|error| {
        let rule = error.message();
        named(say!("office.study.visits", "\"{visits}\" {rule}", rule, visits))
    })?;
    let cycles = cycles.map(|text| count("CYCLES", text, 1, 20).map_err(named)).transpose()?;
    for entry in rules.frequency.iter_mut().filter(|entry| levels.has(entry)) {
        entry.visits = visits;
        entry.cycles = cycles.unwrap_or(entry.cycles);
    }
    Ok(())
}

/// Changes the slack of some levels.
fn slack(rules: &mut PolicyTerms, text: &str) -> Result<(), Message> {
    let named = |why: Message| wrong("--slack", text, &why);
    let (levels, visits) = of_levels(rules, text).map_err(named)?;
    let visits = Billionths::parse(visits).map_err(|error| {
        let rule = error.message();
        named(say!("office.study.visits", "\"{visits}\" {rule}", rule, visits))
    })?;
    rules.frequency.iter_mut().filter(|entry| levels.has(entry)).for_each(|entry| entry.slack = visits);
    Ok(())
}

/// Some levels; `None` is all of them.
struct Levels {
    risk: Option<Code>,
    credit: Option<Code>,
}

impl Levels {
    fn has(&self, entry: &Frequency) -> bool {
        self.risk.as_ref().is_none_or(|risk| *risk == entry.risk)
            && self.credit.as_ref().is_none_or(|credit| *credit == entry.credit)
    }
}

/// The levels before the `=` of an option, and what stands behind it.
fn of_levels<'t>(rules: &PolicyTerms, text: &'t str) -> Result<(Levels, &'t str), Message> {
    if rules.frequency.is_empty() {
        return Err(method(&rules.design));
    }
    let Some((levels, amount)) = text.split_once('=') else {
        return Ok((Levels { risk: None, credit: None }, text));
    };
    let (risk, credit) = levels.split_once('/').map_or((levels, "*"), |(risk, credit)| (risk, credit));
    let level = |word: &str, known: &[Code], field: &str| -> Result<Option<Code>, Message> {
        if word == "*" {
            return Ok(None);
        }
        let is = |code: &&Code| code.as_str() == word || rules.label(code) == word;
        let unknown = || {
            let known = Several::new(known);
            say!("office.study.level", "\"{word}\" is no {field} level, they are {known}", field, known, word)
        };
        known.iter().find(is).cloned().map(Some).ok_or_else(unknown)
    };
    let risk = level(risk, &rules.frame.risk, "risk")?;
    let credit = level(credit, &rules.frame.credit, "credit")?;
    Ok((Levels { risk, credit }, amount))
}

/// Takes officers out of the roster.
fn dismiss(officers: &mut Vec<InspectorRow>, recusals: &mut Vec<RecusalRow>, ids: &[String]) -> Vec<Message> {
    let gone: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let known: BTreeSet<&str> = officers.iter().map(|row| row.id.as_str()).collect();
    let unknown = gone.iter().filter(|id| !known.contains(**id));
    let stranger = |id: &&str| {
        say!("office.study.stranger", "--without {id}: no officer of this draw has that number", id)
    };
    let problems: Vec<Message> = unknown.map(stranger).collect();
    if problems.is_empty() && gone.len() == known.len() {
        return vec![say!("office.study.nobody", "--without: no officer is left")];
    }
    officers.retain(|row| !gone.contains(row.id.as_str()));
    recusals.retain(|row| !gone.contains(row.inspector.as_str()));
    problems
}

/// Makes the roster so large: a part of it by hash, or with copies.
fn resize(officers: &mut Vec<InspectorRow>, recusals: &mut Vec<RecusalRow>, wanted: u64) -> Option<Message> {
    if officers.is_empty() {
        return Some(say!(
            "office.study.copies",
            "--officers {wanted}: there is no officer to make copies of",
            wanted
        ));
    }
    let hash = |row: &InspectorRow| {
        Suite::Sha256.digest(Label::Study, format!("officer {}", row.id).as_bytes()).to_string()
    };
    officers.sort_by_cached_key(hash);
    let registered = officers.len();
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    for place in registered..wanted {
        let original = officers[place % registered].clone();
        let mut id = format!("{}_{}", original.id, place / registered + 1);
        // An id has at most 64 characters.
        if id.len() > 64 {
            id = format!("copy_{}", place + 1);
        }
        officers.push(InspectorRow { row: place as u64 + 1, id, ..original });
    }
    let dropped = officers.split_off(wanted.min(officers.len()));
    let gone: BTreeSet<&str> = dropped.iter().map(|row| row.id.as_str()).collect();
    recusals.retain(|row| !gone.contains(row.inspector.as_str()));
    None
}
