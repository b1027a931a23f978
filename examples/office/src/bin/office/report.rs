//! Figures of results (抽查结果分析): how many institutions break the rules, by level, kind and district, from visits
//! that were not equally likely; against last year; and whether the rating of risk finds them.

use super::Run;
use super::args::Report;
use super::desk::{Office, Rules, WholeBook, document, refuse};
use super::figures;
use super::output::{ending, no_form, write_all};
use super::steps::whole_book;
use super::store::Database;
use super::words::Answer;
use super::year::{By, Fewest, Group, Meaning, Members, Year, cycles, too_small};
use double_random::Policy;
use double_random::id::Code;
use double_random::ledger::{Content, Correction};
use double_random::study::{LiftStep, RateChange, RateInterval, found_share, lift_curve, rate_change};
use double_random_office::figures::{FEWEST, Name, file};
use double_random_office::sheet::to_xlsx;
use double_random_office::values::Several;
use double_random_office::{catalogue, say, told};
use double_random_support::files::Failure;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Levels with fewer first visits are not held against each other.
const ENOUGH: u64 = 10;

/// A step of the curve: the levels in the order of their visits a year, most first.
#[derive(Debug, Clone)]
pub struct Step {
    /// The level; several with ` + ` where they are told together.
    pub name: String,
    /// Whether it is several levels that are told together, whatever their visits.
    pub joined: bool,
    /// Visits a year by the policy, billionths; of several the most.
    pub frequency: u64,
    /// Its rate.
    pub rate: RateInterval,
    /// Institutions up to and with this level, of all, billionths.
    pub units: u64,
    /// Violations expected in them, of all, billionths.
    pub violations: u64,
    /// The rate of the level against that of all levels, billionths.
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
    /// What everybody can count again, as it stands in the document.
    pub counted: Map<String, Value>,
}

/// The levels in the order of their visits, and how many of the violations they hold. Levels of `together` are one
/// step, the last: every step is a group of the rates by level, and tells nothing that these do not tell.
fn curve(year: &Year, together: &BTreeSet<Vec<Code>>) -> Vec<Step> {
    let visits = |codes: &[Code]| match codes {
        [risk, credit] => year.policy.frequency_of(risk, credit).map_or(0, |entry| entry.visits.get()),
        _ => 0,
    };
    let levels = year.members(By::Level).into_iter();
    let mut levels: Vec<(bool, u64, String, Members)> = levels
        .map(|(codes, members)| {
            (together.contains(&codes), visits(&codes), year.name(By::Level, &codes), members)
        })
        .collect();
    levels.sort_by(|one, other| {
        one.0.cmp(&other.0).then_with(|| other.1.cmp(&one.1)).then_with(|| one.2.cmp(&other.2))
    });
    let mut steps: Vec<(bool, u64, String, Members)> = Vec::new();
    for (joined, frequency, name, members) in levels {
        match steps.last_mut().filter(|(last, ..)| joined && *last) {
            Some((_, _, names, last)) => {
                *names = format!("{names} + {name}");
                last.join(&members);
            }
            None => steps.push((joined, frequency, name, members)),
        }
    }
    let rated: Vec<(bool, u64, String, u64, RateInterval)> = steps
        .into_iter()
        .filter_map(|(joined, frequency, name, step)| {
            Some((joined, frequency, name, step.there(), found_share(&step.visits)?))
        })
        .collect();
    let levels: Vec<(u64, u64)> = rated.iter().map(|(.., there, rate)| (*there, rate.rate)).collect();
    let shares = lift_curve(&levels);
    rated
        .into_iter()
        .zip(shares)
        .map(|((joined, frequency, name, _, rate), LiftStep { units, violations, lift })| Step {
            name,
            joined,
            frequency,
            rate,
            units,
            violations,
            lift,
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
    // What is told together comes last.
    groups.sort_by_key(|(codes, _)| (by != By::All && codes.is_empty(), place(codes)));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The figures of a year, held against an earlier one.
fn figures(book: &WholeBook, year: Year, before: Option<(String, Year)>, fewest: Fewest) -> Figures {
    let mut all: BTreeMap<By, Vec<Group>> = BTreeMap::new();
    let joined = too_small(&year.members(By::Level), fewest);
    for by in [By::All, By::Level, By::Risk, By::Kind, By::District] {
        // A risk level is the sum of levels. Less those that are told, it would tell of one that is too small.
        if by == By::Risk && !joined.is_empty() {
            continue;
        }
        let together = too_small(&year.members(by), fewest);
        let mut groups = year.groups(by, &together);
        if let Some((_, before)) = &before {
            let then = too_small(&before.members(by), fewest);
            // Last year's figures told of the same group, or they would now be told by their difference.
            let told = |codes: &[Code]| match codes {
                [] => by == By::All || then == together,
                _ => !then.contains(codes),
            };
            for (codes, group) in before.groups(by, &together).into_iter().filter(|(codes, _)| told(codes)) {
                if let (Some(now), Some(then)) = (groups.get_mut(&codes), group.rate)
                    && let Some(rate) = now.rate
                {
                    now.before = Some((then, rate_change(&then, &rate)));
                }
            }
        }
        // Where all are told together, the whole has told it.
        if by == By::All || groups.keys().any(|codes| !codes.is_empty()) {
            all.insert(by, in_order(&year.policy, by, groups));
        }
    }
    let whole = all.get(&By::All).and_then(|groups| groups.first()?.rate);
    let curve = whole.map(|_| curve(&year, &joined)).unwrap_or_default();
    let mut heard = curve.iter().filter(|step| !step.joined && step.rate.visits >= ENOUGH);
    let (most, least) = (heard.next(), heard.next_back());
    let order = most.zip(least).filter(|(most, least)| most.frequency > least.frequency);
    let order = order
        .map(|(most, least)| (most.name.clone(), least.name.clone(), rate_change(&least.rate, &most.rate)));
    let of = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64).unwrap_or(0);
    let items = year.counted.get("items").and_then(Value::as_array);
    let item = |row: &Value| ItemLine {
        code: row.get("item").and_then(Value::as_str).unwrap_or_default().to_owned(),
        checked: of(row, "checked"),
        found: of(row, "found"),
    };
    let items = items.into_iter().flatten().map(item).collect();
    let count = |key: &str| year.counted.get(key).and_then(Value::as_u64).unwrap_or(0);
    Figures {
        scope: book.scope.to_string(),
        title: year.policy.title.clone(),
        draws: year.names.iter().map(|name| name.0).collect(),
        drawn: count("drawn"),
        answered: count("first_visits"),
        repeated: count("further_visits"),
        awaited: count("awaited"),
        unreachable: count("unreachable"),
        gone: count("gone"),
        groups: all,
        curve,
        order,
        items,
        against: before.map(|(name, _)| name),
        counted: year.counted,
    }
}

/// The ledger of the year before: the one that is named, or that whose checkpoint this one names.
fn earlier(
    run: &Run,
    database: &mut Database,
    book: &WholeBook,
    against: Option<&String>,
) -> Result<Option<WholeBook>, Failure> {
    let named = against.cloned().or_else(|| {
        let origin = &book.state().opened()?.earlier.as_ref()?.origin;
        origin.rsplit('/').next().map(str::to_owned)
    });
    let Some(named) = named else { return Ok(None) };
    for office in Office::all(database)? {
        if let Some((scope, task)) = office.scopes()?.into_iter().find(|(scope, _)| scope.as_str() == named) {
            return Ok(Some(WholeBook::load(database, scope, task)?));
        }
    }
    if against.is_some() {
        return refuse(say!(
            "office.report.against",
            "--against {named}: no ledger of that scope is in the database",
            named
        ));
    }
    run.screen.note(&told!(run.screen.lang, "office.report.elsewhere", scope = named));
    Ok(None)
}

/// Which results are findings.
fn meaning<'a>(office: &'a Office, found: &'a [String]) -> Meaning<'a> {
    match &office.rules {
        Rules::Programme(rules) if found.is_empty() => Meaning::Pack(&rules.0),
        _ => Meaning::Codes(found.iter().map(String::as_str).collect()),
    }
}

/// The year before: of another ledger, or the cycle before in the same one.
fn year_before(
    run: &Run,
    database: &mut Database,
    book: &WholeBook,
    cycle: Option<Vec<Name>>,
    against: Option<&String>,
    meaning: &Meaning<'_>,
    of: &dyn Fn(&WholeBook) -> Vec<Vec<Name>>,
) -> Result<Option<(String, Year)>, Failure> {
    if let Some(other) = earlier(run, database, book, against)? {
        return match of(&other).pop() {
            Some(names) => {
                Ok(Some((other.scope.to_string(), Year::load(database, &other, &names, meaning)?)))
            }
            None => Ok(None),
        };
    }
    let Some(names) = cycle else { return Ok(None) };
    let draws: Vec<String> = names.iter().map(|name| name.0.to_string()).collect();
    let said = told!(
        run.screen.lang,
        "office.report.draws",
        draws = catalogue::joined(&draws, "office.between.words", run.screen.lang)
    );
    Ok(Some((said, Year::load(database, book, &names, meaning)?)))
}

/// Draws that stand and whose records are open, by cycle.
fn open_cycles(book: &WholeBook) -> Vec<Vec<Name>> {
    let open = |name: &Name| {
        let attempt = book.state().attempt(name.0, name.1);
        attempt.is_some_and(|attempt| attempt.void().is_none() && !attempt.is_hidden())
    };
    let open = |names: Vec<Name>| names.into_iter().filter(open).collect::<Vec<Name>>();
    cycles(book).into_iter().map(open).filter(|names| !names.is_empty()).collect()
}

/// Whether an entry can change figures.
const fn counts(content: &Content) -> bool {
    matches!(
        content,
        Content::Drawn { .. }
            | Content::Disclosed { .. }
            | Content::Void { .. }
            | Content::CycleClosed { .. }
            | Content::Visited(_)
            | Content::Missed(_)
            | Content::Replaced(_)
            | Content::Amended { .. }
    )
}

/// Whether figures were published so lately that the difference would tell of the levels of the few institutions
/// that were entered since.
fn too_soon(book: &WholeBook) -> bool {
    let mut entered = None;
    for line in book.lines() {
        match &line.entry().entry {
            Content::Published { files, .. }
                if files.iter().any(|told| file(told.file.as_str()).is_some()) =>
            {
                entered = Some(0);
            }
            // All results of a draw come in or go out.
            Content::Disclosed { .. } | Content::Void { .. } | Content::CycleClosed { .. } => entered = None,
            // A draw brings no result: what was entered before it stays as little as it was.
            Content::Drawn { .. } => {}
            content if counts(content) => entered = entered.map(|entered| entered + 1),
            _ => {}
        }
    }
    entered.is_some_and(|entered| entered < FEWEST)
}

/// The figures that are published beside an attempt: its name and bytes. None where another attempt is the last of
/// the year that is open, or where they are published already.
pub fn public(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &WholeBook,
    name: Name,
    found: &[String],
) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let meaning = meaning(office, found);
    if matches!(&meaning, Meaning::Codes(codes) if codes.is_empty()) {
        return Ok(None);
    }
    let mut years = open_cycles(book);
    // A year that was closed keeps the figures that it was closed with.
    let Some(names) = years.pop().filter(|names| names.last() == Some(&name)) else { return Ok(None) };
    let entries = book.lines().iter().map(|line| line.entry());
    let at = entries.filter(|entry| counts(&entry.entry)).map(|entry| entry.number).max().unwrap_or(0);
    let title = format!("figures-{at:06}.json");
    if document(database, &book.scope, name, &title)?.is_some() {
        return Ok(None);
    }
    if too_soon(book) {
        return Ok(None);
    }
    let year = Year::load(database, book, &names, &meaning)?;
    if year.members(By::All).values().all(|members| !members.may_be_told(Fewest::PUBLIC)) {
        return Ok(None);
    }
    let before = year_before(run, database, book, years.pop(), None, &meaning, &open_cycles)?;
    let figures = figures(book, year, before, Fewest::PUBLIC);
    Ok(Some((title, double_random::bytes::encode(&figures::published(&figures, at))?)))
}

/// Prints the figures of a year, and writes them.
pub fn report(run: &Run, database: &mut Database, given: &Report) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = whole_book(run, database, &office)?;
    let meaning = meaning(&office, &given.found);
    let mut names = cycles(&book);
    let Some(last) = names.pop() else {
        return refuse(say!(
            "office.report.nothing",
            "nothing is drawn yet: office status says what comes next"
        ));
    };
    if matches!(&meaning, Meaning::Codes(codes) if codes.is_empty()) {
        let results = book.whole().visits().filter_map(|(_, visit)| match visit {
            Correction::Visited(visited) => Some(visited.result.as_str()),
            _ => None,
        });
        let results: BTreeSet<&str> = results.collect();
        return refuse(say!(
            "office.report.found",
            "--found is needed: this office has no rule pack, which would say which results are findings (不合格); the \
             ledger has {results}",
            results = Several::new(results)
        ));
    }
    if given.habits {
        return super::habits::habits(run, database, &book, &last, &meaning, given);
    }
    let spin = run.screen.spinner(run.screen.word("office.report.reading"));
    let year = Year::load(database, &book, &last, &meaning)?;
    let against = given.against.as_ref();
    let before = year_before(run, database, &book, names.pop(), against, &meaning, &cycles)?;
    let figures = figures(&book, year, before, Fewest::OFFICE);
    spin.finish_and_clear();
    let json = figures::json(&figures);
    let mut text = figures::text(&figures, run.screen.lang);
    let mut files = Vec::new();
    for out in &given.out {
        let bytes = match ending(out) {
            "xlsx" => to_xlsx(&figures::sheets(&figures, run.screen.lang))?,
            "svg" => super::chart::svg(&figures, run.screen.lang).into_bytes(),
            "json" => double_random::bytes::encode(&json)?,
            _ => return Err(no_form(out, &[".xlsx", ".svg", ".json"])),
        };
        files.push((out.as_path(), bytes));
        text.push_str(&format!("{}\n", out.display()));
    }
    write_all(files.iter().map(|(out, bytes)| (*out, bytes.as_slice())))?;
    Ok(Answer::said(json, text))
}
