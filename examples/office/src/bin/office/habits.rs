//! Habits over the ledger of a year: what became of the visits, against the chances of the lot.

use super::Run;
use super::args::Report;
use super::desk::{Book, Office, WholeBook, refuse};
use super::output::{ending, write_all};
use super::store::Database;
use super::words::Answer;
use super::year::Meaning;
use double_random::calendar::Date;
use double_random::id::{InspectorId, UnitId};
use double_random::ledger::{Content, Correction};
use double_random::matching::WHOLE;
use double_random::odds::ONE;
use double_random::study::meetings::MeetingOutcome;
use double_random::study::{
    Habit, HabitFinding, HabitSeat, HabitTests, HabitVisit, habit_tests, teams_again,
};
use double_random_office::sheet::{Cell, Sheet, to_xlsx};
use double_random_office::{catalogue, say, told};
use double_random_support::files::Failure;
use double_random_support::screen::{Lang, columns, short};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

type Chances = BTreeMap<UnitId, BTreeMap<InspectorId, u64>>;

type TeamsOfUnits = BTreeMap<UnitId, BTreeSet<InspectorId>>;

/// The visits of a draw as drawn.
struct DrawnVisits {
    /// The chances of everybody at each.
    chances: Chances,
    /// Its team.
    teams: TeamsOfUnits,
    /// Its division.
    places: BTreeMap<UnitId, String>,
    /// Its teams under other seeds.
    again: Vec<TeamsOfUnits>,
}

fn drawn(database: &mut Database, book: &Book, name: (u64, u64), again: u64) -> Result<DrawnVisits, Failure> {
    let sealed = book.sealed(database, name)?;
    let attempt = book.state().attempt(name.0, name.1).ok_or("an attempt of the ledger")?;
    let values = attempt.values().ok_or("the values of a draw that is drawn")?;
    let seed = sealed.seed(&values)?;
    let sample = seed.draw();
    let assignment = sample.assign();
    let mut chances = Chances::new();
    for line in assignment.chances() {
        let of_unit = chances.entry(line.unit.clone()).or_default();
        *of_unit.entry(line.inspector.clone()).or_default() += line.chance;
    }
    let mut teams = BTreeMap::new();
    for visit in &assignment.teams().visits {
        let officers = visit.posts.iter().flat_map(|post| post.officers.iter().map(|one| one.id.clone()));
        let experts = visit.experts.iter().flat_map(|post| post.experts.iter().map(|one| one.id.clone()));
        teams.insert(visit.unit.clone(), officers.chain(experts).collect());
    }
    let units = sealed.plan().frame().units();
    let places = units.iter().map(|unit| (unit.id.clone(), unit.division.to_string())).collect();
    // The seal was there before anybody looked for habits: nobody chose these seeds to suit him.
    let again = teams_again(&sample, &format!("habits {}", attempt.seal().digest()), again);
    Ok(DrawnVisits { chances, teams, places, again })
}

/// What visits of other ledgers have found (back-checks of another task or plan): the day and the outcome, by
/// institution, ascending.
type Elsewhere = BTreeMap<UnitId, Vec<(Date, MeetingOutcome)>>;

fn elsewhere(database: &mut Database, book: &WholeBook, meaning: &Meaning<'_>) -> Result<Elsewhere, Failure> {
    let mut found = Elsewhere::new();
    let mut known = BTreeSet::from([book.scope.clone()]);
    for office in Office::all(database)? {
        for (scope, task) in office.scopes()? {
            if !known.insert(scope.clone()) {
                continue;
            }
            let other = WholeBook::load(database, scope, task)?;
            for (_, visit) in other.whole().visits() {
                if let Correction::Visited(made) = visit
                    && let Some(broken) = meaning.found(&made.result)
                {
                    let outcome = if broken { MeetingOutcome::Violation } else { MeetingOutcome::Clean };
                    found.entry(made.unit.clone()).or_default().push((made.date, outcome));
                }
            }
        }
    }
    found.values_mut().for_each(|visits| visits.sort_unstable());
    Ok(found)
}

/// The chances at one visit, billionths. A substitute came by the order of reserves, so everybody of the table
/// who was not drawn has an equal share of the places that were given on.
fn at_visit(
    table: Option<&BTreeMap<InspectorId, u64>>,
    team: &BTreeSet<InspectorId>,
    came: &BTreeSet<InspectorId>,
) -> Vec<(String, u64)> {
    let Some(table) = table else { return Vec::new() };
    let substitutes: Vec<&InspectorId> = came.difference(team).collect();
    let mut all: BTreeMap<&InspectorId, u64> = table
        .iter()
        .map(|(officer, chance)| {
            let chance = u128::from(*chance) * u128::from(ONE) / u128::from(WHOLE);
            (officer, u64::try_from(chance).unwrap_or(ONE).min(ONE))
        })
        .collect();
    substitutes.iter().for_each(|officer| {
        all.entry(*officer).or_default();
    });
    let free = all.keys().filter(|officer| !team.contains(**officer)).count();
    let given = u64::try_from(substitutes.len()).unwrap_or(0);
    let share = (given * ONE).checked_div(u64::try_from(free).unwrap_or(1)).unwrap_or(0);
    all.into_iter()
        .map(|(officer, chance)| {
            let more = if team.contains(officer) { 0 } else { share };
            (officer.to_string(), chance.saturating_add(more).min(ONE))
        })
        .collect()
}

/// What the ledger says of the draws.
fn collected(
    database: &mut Database,
    book: &WholeBook,
    names: &[(u64, u64)],
    meaning: &Meaning<'_>,
    again: u64,
) -> Result<(Vec<HabitVisit>, Vec<HabitSeat>), Failure> {
    let (mut visits, mut seats) = (Vec::new(), Vec::new());
    let others = elsewhere(database, book, meaning)?;
    for name in names {
        let from = book.state().attempt(name.0, name.1).ok_or("an attempt of the ledger")?.number();
        let DrawnVisits { chances, teams, places, again } = drawn(database, book, *name, again)?;
        let mut add = |unit: &UnitId, clerk: String, came: Option<(&[InspectorId], Date)>, outcome| {
            let none = BTreeSet::new();
            let team = teams.get(unit).unwrap_or(&none);
            let after = |day: Date| {
                let visits = others.get(unit).into_iter().flatten();
                visits.clone().find(|(other, _)| *other > day).map(|(_, outcome)| *outcome)
            };
            let elsewhere = came.and_then(|(_, day)| after(day));
            let came: BTreeSet<InspectorId> =
                came.map_or_else(|| team.clone(), |(came, _)| came.iter().cloned().collect());
            let names = |team: &BTreeSet<InspectorId>| team.iter().map(ToString::to_string).collect();
            let drawn_again = again.iter().filter_map(|teams| teams.get(unit)).map(names).collect();
            visits.push(HabitVisit {
                draw: name.0,
                unit: unit.to_string(),
                place: places.get(unit).cloned().unwrap_or_default(),
                clerk: Some(clerk),
                chances: at_visit(chances.get(unit), team, &came),
                team: came.iter().map(ToString::to_string).collect(),
                outcome: Some(outcome),
                elsewhere,
                again: drawn_again,
            });
        };
        let mut dropped: BTreeMap<InspectorId, String> = BTreeMap::new();
        for entry in book.lines().iter().map(|line| line.entry()).filter(|entry| entry.number > from) {
            match &entry.entry {
                Content::Replaced(change) if change.draw == name.0 => {
                    add(&change.unit, entry.actor.to_string(), None, MeetingOutcome::Closed);
                }
                Content::DroppedOut(out) if out.draw == name.0 => {
                    dropped.entry(out.out.clone()).or_insert_with(|| entry.actor.to_string());
                }
                _ => {}
            }
        }
        for (number, visit) in book.whole().visits().filter(|(number, _)| *number > from) {
            let line =
                usize::try_from(number).ok().and_then(|number| book.lines().get(number.checked_sub(1)?));
            let clerk = line.map(|line| line.entry().actor.to_string()).unwrap_or_default();
            match visit {
                Correction::Missed(missed) if missed.draw == name.0 => {
                    add(&missed.unit, clerk, None, MeetingOutcome::Closed);
                }
                Correction::Visited(made) if made.draw == name.0 => {
                    let outcome = match meaning.found(&made.result) {
                        Some(true) => MeetingOutcome::Violation,
                        Some(false) => MeetingOutcome::Clean,
                        None => continue,
                    };
                    add(&made.unit, clerk, Some((&made.team, made.date)), outcome);
                }
                _ => {}
            }
        }
        let seated: BTreeSet<&InspectorId> = teams.values().flatten().collect();
        seats.extend(seated.into_iter().map(|officer| HabitSeat {
            draw: name.0,
            officer: officer.to_string(),
            dropped: dropped.contains_key(officer),
            clerk: dropped.get(officer).cloned(),
        }));
    }
    Ok((visits, seats))
}

fn title(habit: Habit, lang: Lang) -> &'static str {
    let code = match habit {
        Habit::Returns => "office.habit.returns",
        Habit::OfficerReturns => "office.habit.officer_returns",
        Habit::Pair => "office.habit.pair",
        Habit::Findings => "office.habit.findings",
        Habit::Closures => "office.habit.closures",
        Habit::ClerkClosures => "office.habit.clerk_closures",
        Habit::DropsOut => "office.habit.drops_out",
        Habit::BackChecks => "office.habit.back_checks",
        Habit::OtherBackChecks => "office.habit.other_back_checks",
        Habit::Together => "office.habit.together",
        Habit::ClerkDropOuts => "office.habit.clerk_drop_outs",
    };
    catalogue::word(code, lang)
}

/// What the tests do not show.
fn limits(visits: &[HabitVisit], lang: Lang) -> Vec<String> {
    let again = visits.iter().map(|visit| visit.again.len()).max().unwrap_or(0);
    let without = visits.iter().filter(|visit| visit.chances.is_empty()).count();
    vec![
        catalogue::word("office.habits.cause", lang).to_owned(),
        catalogue::word("office.habits.nothing", lang).to_owned(),
        told!(lang, "office.habits.in_place", without),
        catalogue::word("office.habits.substitute", lang).to_owned(),
        catalogue::word("office.habits.clerks", lang).to_owned(),
        told!(lang, "office.habits.together", again),
        catalogue::word("office.habits.duty", lang).to_owned(),
    ]
}

fn verdict(finding: &HabitFinding, lang: Lang) -> &'static str {
    if finding.is_strange() {
        catalogue::word("office.habits.strange", lang)
    } else {
        catalogue::word("office.habits.by_chance", lang)
    }
}

/// A chance for people: of a thousand, or fewer.
fn chance(billionths: u64) -> String {
    let ten_thousandths = billionths.div_ceil(100_000);
    if ten_thousandths >= 10_000 {
        "1".to_owned()
    } else if billionths < 100_000 {
        "< 0.0001".to_owned()
    } else {
        format!("0.{ten_thousandths:04}")
    }
}

fn heads(lang: Lang) -> [&'static str; 7] {
    [
        "office.habits.head_habit",
        "office.habits.head_who",
        "office.habits.head_times",
        "office.habits.head_expected",
        "office.habits.head_chance",
        "office.habits.head_corrected",
        "office.habits.head_verdict",
    ]
    .map(|code| catalogue::word(code, lang))
}

fn rows(tests: &[HabitTests], lang: Lang, most: usize) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for kind in tests {
        let strange = kind.found.iter().filter(|finding| finding.is_strange()).count();
        for finding in kind.found.iter().take(strange.max(most)) {
            let who = if finding.who.is_empty() {
                catalogue::word("office.habits.all", lang).to_owned()
            } else {
                finding.who.join(" → ")
            };
            rows.push(vec![
                format!("{} ({})", title(kind.habit, lang), kind.made),
                who,
                finding.times.to_string(),
                short(u128::from(finding.expected)),
                chance(finding.chance),
                chance(finding.corrected),
                verdict(finding, lang).to_owned(),
            ]);
        }
    }
    rows
}

fn code(habit: Habit) -> &'static str {
    match habit {
        Habit::Returns => "returns",
        Habit::OfficerReturns => "officer_returns",
        Habit::Pair => "pair",
        Habit::Findings => "findings",
        Habit::Closures => "closures",
        Habit::ClerkClosures => "clerk_closures",
        Habit::DropsOut => "drops_out",
        Habit::BackChecks => "back_checks",
        Habit::OtherBackChecks => "other_back_checks",
        Habit::Together => "together",
        Habit::ClerkDropOuts => "clerk_drop_outs",
    }
}

fn json_of(book: &Book, names: &[(u64, u64)], visits: &[HabitVisit], tests: &[HabitTests]) -> Value {
    let finding = |finding: &HabitFinding| {
        json!({
            "chance": finding.chance, "corrected": finding.corrected, "expected": finding.expected,
            "strange": finding.is_strange(), "times": finding.times, "who": finding.who,
        })
    };
    let tests = tests.iter().map(|kind| {
        let found: Vec<Value> = kind.found.iter().map(finding).collect();
        json!({ "found": found, "habit": code(kind.habit), "made": kind.made })
    });
    json!({
        "document": "habits",
        "draws": names.iter().map(|name| name.0).collect::<Vec<u64>>(),
        "not_shown": { "en": limits(visits, Lang::En), "zh": limits(visits, Lang::Zh) },
        "scope": book.scope,
        "tests": tests.collect::<Vec<Value>>(),
        "visits": visits.len(),
    })
}

/// Prints what looks like a habit, and writes it.
pub fn habits(
    run: &Run,
    database: &mut Database,
    book: &WholeBook,
    names: &[(u64, u64)],
    meaning: &Meaning<'_>,
    given: &Report,
) -> Result<Answer, Failure> {
    let lang = run.screen.lang;
    let spin = run.screen.spinner(run.screen.word("office.report.reading"));
    let (visits, seats) = collected(database, book, names, meaning, given.again)?;
    let tests = habit_tests(&visits, &seats);
    spin.finish_and_clear();
    if tests.is_empty() {
        return refuse(say!("office.habits.none", "no visit has a result yet: there is nothing to test"));
    }
    let json = json_of(book, names, &visits, &tests);
    let head = heads(lang).map(str::to_owned).to_vec();
    let strange: usize =
        tests.iter().map(|kind| kind.found.iter().filter(|finding| finding.is_strange()).count()).sum();
    let (made, count): (u64, usize) = (tests.iter().map(|kind| kind.made).sum(), visits.len());
    let scope = &book.scope;
    let said = told!(lang, "office.habits.said", scope, strange, tests = made, visits = count);
    let mut text = format!("{said}\n\n{}", columns(&[vec![head.clone()], rows(&tests, lang, 1)].concat()));
    let _ = writeln!(text, "\n{}", catalogue::word("office.figures.limits", lang));
    limits(&visits, lang).iter().for_each(|line| {
        let _ = writeln!(text, "  {line}");
    });
    let mut files = Vec::new();
    for out in &given.out {
        let bytes = match ending(out) {
            "xlsx" => {
                let about: Vec<Vec<String>> = std::iter::once(said.clone())
                    .chain(limits(&visits, lang))
                    .map(|line| vec![line])
                    .collect();
                let heading = catalogue::word("office.habits.about", lang);
                let texts = rows(&tests, lang, 10).into_iter();
                let cells = texts.map(|row| {
                    let count = |(at, text): (usize, String)| match (at, text.parse::<u64>()) {
                        (2, Ok(times)) => Cell::from(times),
                        _ => Cell::from(text),
                    };
                    row.into_iter().enumerate().map(count).collect()
                });
                let name = catalogue::word("office.habits.sheet", lang).to_owned();
                let sheet = Sheet { name, title: None, header: head.clone(), rows: cells.collect() };
                to_xlsx(&[Sheet::new(catalogue::word("office.sheet.about", lang), &[heading], about), sheet])?
            }
            "json" => double_random::bytes::encode(&json)?,
            _ => {
                let file = out.display();
                return Err(say!(
                    "office.habits.ending",
                    "--out {file}: habits are written as .xlsx or .json",
                    file = file.to_string()
                )
                .into());
            }
        };
        files.push((out.as_path(), bytes));
        let _ = writeln!(text, "{}", out.display());
    }
    write_all(files.iter().map(|(out, bytes)| (*out, bytes.as_slice())))?;
    Ok(Answer::said(json, text))
}
