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
use double_random_office::say;
use double_random_office::sheet::{Cell, Sheet, to_xlsx};
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

const fn title(habit: Habit, lang: Lang) -> &'static str {
    match (habit, lang) {
        (Habit::Returns, Lang::En) => "officers return to the same institutions",
        (Habit::Returns, Lang::Zh) => "检查人员重复检查同一对象（总体）",
        (Habit::OfficerReturns, Lang::En) => "one officer returns to institutions where he was",
        (Habit::OfficerReturns, Lang::Zh) => "某检查人员重复检查曾查过的对象",
        (Habit::Pair, Lang::En) => "one officer and one institution meet",
        (Habit::Pair, Lang::Zh) => "某检查人员与某对象反复相遇",
        (Habit::Findings, Lang::En) => "findings of one officer, too few or too many",
        (Habit::Findings, Lang::Zh) => "某检查人员发现问题过少或过多",
        (Habit::Closures, Lang::En) => "closed doors of one officer",
        (Habit::Closures, Lang::Zh) => "某检查人员未能检查过多",
        (Habit::ClerkClosures, Lang::En) => "closures and replacements entered by one clerk",
        (Habit::ClerkClosures, Lang::Zh) => "某录入人登记未能检查、替换过多",
        (Habit::DropsOut, Lang::En) => "one officer drops out",
        (Habit::DropsOut, Lang::Zh) => "某检查人员退出检查过多",
        (Habit::BackChecks, Lang::En) => "nothing found by one officer, something at the next visit",
        (Habit::BackChecks, Lang::Zh) => "某检查人员未发现问题而复核时发现问题",
        (Habit::OtherBackChecks, Lang::En) => {
            "nothing found by one officer, something at the next visit of another task"
        }
        (Habit::OtherBackChecks, Lang::Zh) => "某检查人员未发现问题而其他任务复核时发现问题",
        (Habit::Together, Lang::En) => "two officers come together",
        (Habit::Together, Lang::Zh) => "两名检查人员总在一起",
        (Habit::ClerkDropOuts, Lang::En) => "drop-outs entered by one clerk",
        (Habit::ClerkDropOuts, Lang::Zh) => "某录入人登记检查人员退出过多",
    }
}

/// What the tests do not show.
fn limits(visits: &[HabitVisit], lang: Lang) -> Vec<String> {
    let again = visits.iter().map(|visit| visit.again.len()).max().unwrap_or(0);
    let without = visits.iter().filter(|visit| visit.chances.is_empty()).count();
    match lang {
        Lang::En => vec![
            "That something is strange says that chance hardly gives it, not why: illness, a special task and a wrong \
             entry look the same. Ask before you judge"
                .to_owned(),
            "That nothing is strange is no proof of honesty: with few visits a habit stays below what chance gives"
                .to_owned(),
            format!(
                "{without} visits to institutions that came in the place of others have no table of chances: they \
                 stand in no test about officers"
            ),
            "A substitute counts as anybody of the table who was not drawn. Whether the reserve next in order came is \
             checked by `office verify`"
                .to_owned(),
            "Clerks are compared within a division, of drop-outs within a draw: where one clerk enters all of it, \
             nothing can be said"
                .to_owned(),
            format!(
                "How often two officers come together has no exact chance: it is held against {again} draws of the same \
                 teams under other seeds (those of the text `habits` and the digest of the seal). These know of no \
                 substitute: a pair that a substitute makes is held against draws without one"
            ),
            "A clerk whose task it is to enter closures, or drop-outs, is called strange for that: ask who enters what"
                .to_owned(),
        ],
        Lang::Zh => vec![
            "“异常”只表示很难由偶然解释，不说明原因：病休、专项任务、录入错误都会如此，下结论前应先核实".to_owned(),
            "“未见异常”不能证明廉洁：检查次数少时，惯常行为可能与偶然无法区分".to_owned(),
            format!("递补对象的 {without} 家次没有选派概率，未列入关于检查人员的检验"),
            "顶替人员按概率表中未被抽中者等可能计算；是否按候补顺序顶替，由 office verify 核验".to_owned(),
            "录入人在同一区划内（登记退出的在同一次抽取内）比较，由一人包办的无从比较".to_owned(),
            format!(
                "二人同组没有精确概率：与同一批检查另用种子重抽的 {again} 次比较（种子由文字 habits 和封存文件摘要产生）；\
                 重抽不含接替人员，顶替后形成的同组也按未顶替的重抽比较"
            ),
            "专人负责登记注销、停业或人员退出的，会仅因此显示“异常”：应先核实登记分工".to_owned(),
        ],
    }
}

fn verdict(finding: &HabitFinding, lang: Lang) -> &'static str {
    if finding.is_strange() {
        lang.say("STRANGE", "异常")
    } else {
        lang.say("as chance gives", "可由偶然解释")
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
    match lang {
        Lang::En => ["habit", "who", "times", "expected", "chance", "corrected", "verdict"],
        Lang::Zh => ["检验内容", "对象", "次数", "期望", "偶然概率", "校正后", "结论"],
    }
}

fn rows(tests: &[HabitTests], lang: Lang, most: usize) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for kind in tests {
        let strange = kind.found.iter().filter(|finding| finding.is_strange()).count();
        for finding in kind.found.iter().take(strange.max(most)) {
            let who = if finding.who.is_empty() {
                lang.say("all", "全体").to_owned()
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
    let spin = run.screen.spinner(run.screen.say("reading the draws", "读取抽取记录"));
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
    let said = match lang {
        Lang::En => format!(
            "{}: {count} visits, {made} tests by the chances of the lot; {strange} strange (where teams went as \
             drawn and clerks share the work, in at most 5 % of honest ledgers anything is called so)",
            book.scope
        ),
        Lang::Zh => format!(
            "{}：检查 {count} 家次，按抽签概率作检验 {made} 项；异常 {strange} 项（按抽取结果派出、录入不分专人的正常台账，出现任何“异常”的概率不超过5%）",
            book.scope
        ),
    };
    let mut text = format!("{said}\n\n{}", columns(&[vec![head.clone()], rows(&tests, lang, 1)].concat()));
    let _ = writeln!(text, "\n{}", lang.say("What this does not show", "本报告未说明的内容"));
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
                let heading =
                    lang.say("habits: what this is, and what it is not", "惯常行为检验：说明与局限");
                let texts = rows(&tests, lang, 10).into_iter();
                let cells = texts.map(|row| {
                    let count = |(at, text): (usize, String)| match (at, text.parse::<u64>()) {
                        (2, Ok(times)) => Cell::from(times),
                        _ => Cell::from(text),
                    };
                    row.into_iter().enumerate().map(count).collect()
                });
                let name = lang.say("habits", "惯常行为").to_owned();
                let sheet = Sheet { name, title: None, header: head.clone(), rows: cells.collect() };
                to_xlsx(&[Sheet::new(lang.say("about", "说明"), &[heading], about), sheet])?
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
