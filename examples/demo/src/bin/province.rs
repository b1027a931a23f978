//! A year of two levels: the province draws institutions of its nine cities, and every city draws the officers
//! who go to its own (省抽市查). 1,111 real institutions, everything else about them constructed
//! (examples/data/README.md says by which rule).
//!
//! Eight cities hand over roster and rules before the province seals. 宁德 does not, and 南平 is late once: the
//! reports say both. What is visited counts in the year of the province and in that of the city.
//!
//! The frame of the province is put together from the registers of the nine cities (名录库归集), which its seals
//! name; each city checks with its intake that its register went in unchanged.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, unreachable_pub, dead_code)]

use clap::Parser;
use double_random::bytes::{Label, SaltKey, Suite};
use double_random::calendar::{Date, Instant};
use double_random::cycle::Event;
use double_random::dispatch::ready;
use double_random::id::{Code, Division};
use double_random::register::{self, Register, RegisterKey, RegisterKeys, SubmittedRegister};
use double_random::roster::RosterCommitment;
use double_random::seal::Sealed;
use double_random::verify::{
    DispatchCheck, DispatchReport, DrawEvidence, Outcome, Verdict, dispatched, intake,
};
use double_random::{BeaconValue, Cycle, Evidence, Plan, Policy, Record, SealTerms, UnitId};
use double_random_demo::fujian::{POLICY, Registers};
use double_random_office::line::{judge, lang};
use double_random_office::{catalogue, show, told};
use double_random_support::files::Failure;
use double_random_support::out;
use double_random_support::screen::Lang;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

/// The city that hands nothing over.
const UNREADY: &str = "350900";
/// The city that is late in round 3.
const LATE: &str = "350700";

/// Draw a year of two levels over the nine cities of Fujian, and verify it level by level.
#[derive(Parser)]
#[command(
    name = "province",
    after_help = "Examples:
  province                     four rounds, each drawn by the province and by its nine cities
  province --report            and every line of the report on the last round"
)]
struct ProvinceArgs {
    /// Print every line of the report on the last round.
    #[arg(long)]
    report: bool,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_parser = lang())]
    lang: Option<Lang>,
}

fn main() -> ExitCode {
    judge(run)
}

/// A day of a round. Rounds begin every 13 weeks.
fn on(round: u64, days: i64) -> Result<Date, Failure> {
    let weeks = i64::try_from((round - 1) * 13)?;
    let first = Policy::from_json(POLICY)?.as_of;
    Ok(first.plus_days(weeks * 7 + days).ok_or("a date beyond the calendar")?)
}

fn authority(city: &Division) -> String {
    format!("{city}-wsjd")
}

/// The rules of a round with its dates; `dice` is the day of the throw.
fn rules(round: u64, dice: i64) -> Result<Value, Failure> {
    let mut policy: Value = serde_json::from_str(POLICY)?;
    policy["as_of"] = on(round, 0)?.to_string().into();
    policy["window"] = json!({"from": on(round, 7)?.to_string(), "to": on(round, 81)?.to_string()});
    policy["beacon"]["sources"][0]["at"] = format!("{}T01:00:00Z", on(round, dice)?).into();
    Ok(policy)
}

/// The rules by which a city draws officers for the institutions that the province has drawn.
fn city_policy(round: u64, city: &Division) -> Result<Policy, Failure> {
    let mut policy = rules(round, 5)?;
    policy["above"] = json!({"authority": policy["authority"], "scope": policy["scope"]});
    policy["authority"] = json!(authority(city));
    policy["design"] = json!({"method": "rate", "rate": "1"});
    policy["coverage"] = json!({"guards": [], "minimum": "0"});
    policy["round"] = json!({"rest": "1", "share": "0"});
    policy["reserves"] = json!(0);
    let fields = policy.as_object_mut().ok_or("no policy")?;
    for left_out in ["frequency", "surprise", "ratios", "subsamples"] {
        fields.remove(left_out);
    }
    policy["frame"].as_object_mut().ok_or("no frame")?.remove("listed");
    policy["beacon"]["sources"][0]["witness"] = json!(format!("{city} 公证员（演示）"));
    Ok(Policy::from_json(&policy.to_string())?)
}

/// The salt key of a draw, constructed: a demonstration keeps no secrets.
fn salt_key(round: u64, whose: &str) -> SaltKey {
    let key = Suite::Sha256.digest(Label::Study, format!("province salt {round} {whose}").as_bytes());
    SaltKey::new(*key.as_bytes())
}

fn terms(round: u64, days: i64, whose: &str) -> Result<SealTerms, Failure> {
    Ok(SealTerms {
        sequence: round,
        attempt: 1,
        sealed_at: Instant::parse(&format!("{}T01:00:00Z", on(round, days)?))?,
        previous: double_random::bytes::Digest::ZERO,
        salt_key: salt_key(round, whose),
        secret: None,
    })
}

/// Forty digits, constructed from a hash: a demonstration has no notary.
fn dice(round: u64, whose: &str) -> Result<Vec<BeaconValue>, Failure> {
    let text = |n: u64| format!("province dice {round} {whose} {n}");
    let bytes =
        (0..).flat_map(|n| Suite::Sha256.digest(Label::Study, text(n).as_bytes()).as_bytes().to_vec());
    let digits: String =
        bytes.filter(|byte| *byte < 250).map(|byte| char::from(b'0' + byte % 10)).take(40).collect();
    Ok(serde_json::from_value(json!([{"source": "dice-notary", "value": digits}]))?)
}

/// A record with all that an auditor gets, and the event of the cycle.
fn drawn(sealed: &Sealed, values: Vec<BeaconValue>) -> Result<(DrawEvidence, Event), Failure> {
    let seed = sealed.seed(&values)?;
    let sample = seed.draw();
    let record = Record::from_json(&sample.assign().record().to_json())?;
    let (plan, key) = (sealed.plan(), sealed.salt_key().clone());
    let evidence = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(values),
        frame: Some((plan.frame().clone(), key.clone())),
        roster: Some((plan.roster().clone(), key.clone())),
        cycle: Some((plan.cycle().clone(), key)),
        registers: None,
    };
    Ok((DrawEvidence { record: Some(record), drawn: None, evidence }, sample.drawn()))
}

/// What a city had in the year.
#[derive(Default)]
struct CityYear {
    cycle: Cycle,
    picks: usize,
    visits: usize,
    officers: BTreeSet<String>,
}

/// The report on a round with the draws that were given.
fn verified(top: &DrawEvidence, below: &[DrawEvidence]) -> Result<DispatchReport, Failure> {
    Ok(dispatched(top.record.as_ref().ok_or("no record")?, &top.evidence, below))
}

fn run(args: &ProvinceArgs) -> Result<Verdict, Failure> {
    let lang = Lang::or_environment(args.lang);
    let registers = Registers::read()?;
    let mut cycle = Cycle::default();
    let mut cities: BTreeMap<&Division, CityYear> =
        registers.cities.iter().map(|city| (city, CityYear::default())).collect();
    let (mut verdicts, mut last, mut fixed_before) = (Vec::new(), None, 0);
    let (mut handed, mut unchanged) = (0, 0);
    for round in 1..=4 {
        // The cities hand over roster and rules; the province names them in its policy, and seals.
        let mut parts = Vec::new();
        for city in &registers.cities {
            let policy = city_policy(round, city)?;
            let roster = registers.roster(&policy, |of| of == city.as_str())?;
            let key = salt_key(round, city.as_str());
            let mut part = json!({"authority": authority(city), "divisions": [city], "scope": policy.scope});
            if city.as_str() != UNREADY {
                part["ready"] = json!(ready(&policy, &RosterCommitment::new(&roster, policy.suite, &key)));
            }
            parts.push(part);
        }
        let mut above = rules(round, 3)?;
        above["round"] = json!({"share": "0.25", "rest": format!("{}", Rest(5 - round))});
        above["dispatch"] = json!({"at": "city", "parts": parts});
        let policy = Policy::from_json(&above.to_string())?;
        // Every city has published its register before; the seal of the province names all nine.
        let handed_in = handed_in(&registers, round, &policy)?;
        let together = register::Registers::assemble(handed_in.clone(), &policy)?;
        let frame = together.frame().clone();
        let units = frame.units().len();
        let roster = registers.roster(&policy, |_| false)?;
        let plan = Plan::new(frame.clone(), roster, policy.clone(), cycle.clone())?;
        let sealed = plan.seal_assembled(terms(round, 1, "province")?, &together)?;
        let (mut top, event) = drawn(&sealed, dice(round, "province")?)?;
        cycle.apply(&event)?;
        unchanged += went_in(&sealed, &handed_in);
        handed += handed_in.len();
        top.evidence.registers = Some(RegisterKeys::new(handed_in.into_iter().map(key_of).collect()));
        let record = top.record.clone().ok_or("no record")?;
        // Every city seals the draw of its officers upon that record, and throws dice of its own.
        let mut below = Vec::new();
        for (part, city) in record.dispatched().iter().zip(&registers.cities) {
            let year = cities.get_mut(city).ok_or("a city of the list")?;
            year.picks += part.picks.len();
            if part.picks.is_empty() {
                continue;
            }
            let policy = city_policy(round, city)?;
            let meant: BTreeSet<&str> = part.picks.iter().map(|id| id.as_str()).collect();
            let frame = registers.frame(round, &policy, |id| meant.contains(id))?;
            let roster = registers.roster(&policy, |of| of == city.as_str())?;
            let plan = Plan::new(frame, roster, policy, year.cycle.clone())?;
            let sealed = plan.seal_under(terms(round, 4, city.as_str())?, &record)?;
            let (draw, event) = drawn(&sealed, dice(round, city.as_str())?)?;
            year.cycle.apply(&event)?;
            below.push((city.clone(), draw));
        }
        // The visits count in the year of the city and in that of the province.
        for (city, draw) in &below {
            let year = cities.get_mut(city).ok_or("a city of the list")?;
            let teams = &draw.record.as_ref().ok_or("no record")?.teams;
            for visit in &teams.visits {
                let event = visited(&registers, round, &visit.unit, visit)?;
                year.cycle.apply(&event)?;
                cycle.apply(&event)?;
                if let Event::Visited { team, .. } = &event {
                    year.visits += 1;
                    year.officers.extend(team.iter().map(ToString::to_string));
                }
            }
        }
        if round == 3 {
            let others = below.iter().filter(|(city, _)| city.as_str() != LATE);
            let before: Vec<DrawEvidence> = others.map(|(_, draw)| draw.clone()).collect();
            let report = verified(&top, &before)?;
            for (_, part) in report.unanswered() {
                out!(
                    "{}",
                    late(round, &policy, report.verdict(), part.authority.as_str(), part.picks, lang)
                )?;
            }
        }
        let below: Vec<DrawEvidence> = below.into_iter().map(|(_, draw)| draw).collect();
        let report = verified(&top, &below)?;
        let passed = |draw: &&DispatchReport| {
            draw.link.as_ref().is_some_and(|link| *link.outcome(DispatchCheck::Ready) == Outcome::Pass)
        };
        let before = report.below.iter().filter(passed).count();
        fixed_before += before;
        let (picks, cities, verdict) = (record.teams.visits.len(), below.len(), report.verdict());
        let word = catalogue::verdict(verdict, lang);
        out!("{}", told!(lang, "screen.province.round", round, picks, units, cities, before, word))?;
        verdicts.push(verdict);
        last = Some((report, frame, policy));
    }
    let (report, frame, policy) = last.ok_or("no round")?;
    out!("")?;
    out::text(&show::coverage(&cycle.coverage(&frame, &policy), &policy, lang))?;
    out!("")?;
    out!("{}", catalogue::word("screen.province.cities", lang))?;
    let mut equal = true;
    for (city, year) in &cities {
        let own = year.cycle.standings().iter().map(|standing| standing.visits).sum::<u64>();
        let of_city = |unit: &UnitId| frame.get(unit).is_some_and(|unit| unit.division == **city);
        let there = cycle.standings().iter().filter(|standing| of_city(&standing.unit));
        equal &= own == there.map(|standing| standing.visits).sum::<u64>();
        let (name, officers) = (policy.place(city), year.officers.len());
        out!("  {name}: {}, {own}, {officers}", year.picks)?;
    }
    if args.report {
        out!("")?;
        out!("{}", catalogue::lines(&report.lines(), lang))?;
    }
    out!("")?;
    out!("{}", told!(lang, "screen.province.registers", handed, unchanged))?;
    equal &= handed == unchanged;
    let verdict = if equal && verdicts.iter().all(|verdict| *verdict == Verdict::Confirmed) {
        Verdict::Confirmed
    } else {
        Verdict::Refuted
    };
    let word = catalogue::verdict(verdict, lang);
    out!(
        "{}",
        match equal {
            true => told!(lang, "screen.province.agree", word, fixed_before),
            false => told!(lang, "screen.province.differ", word, fixed_before),
        }
    )?;
    Ok(verdict)
}

/// What every city hands in: the register that it has published, its rows and its own key.
fn handed_in(registers: &Registers, round: u64, policy: &Policy) -> Result<Vec<SubmittedRegister>, Failure> {
    let whole = registers.frame(round, policy, |_| true)?;
    let mut all = Vec::new();
    for city in &registers.cities {
        let own = whole.units().iter().filter(|unit| unit.division == *city);
        let own: BTreeSet<&str> = own.map(|unit| unit.id.as_str()).collect();
        let frame = registers.frame(round, policy, |id| own.contains(id))?;
        let salt_key = salt_key(round, &format!("register {city}"));
        let (keeper, divisions) = (Code::parse(&authority(city))?, [city.clone()]);
        let register = Register::new(keeper, policy.as_of, divisions, &frame, policy.suite, &salt_key);
        all.push(SubmittedRegister { register, frame, salt_key });
    }
    Ok(all)
}

/// How many cities see from their own rows, key and intake that their register went in unchanged.
fn went_in(sealed: &Sealed, handed_in: &[SubmittedRegister]) -> usize {
    let receipts = sealed.receipts();
    let confirmed = |own: &&SubmittedRegister| {
        let shown = receipts.intake(&own.register.authority);
        shown.is_some_and(|shown| intake(&shown, own, Some(sealed.seal())).verdict() == Verdict::Confirmed)
    };
    handed_in.iter().filter(confirmed).count()
}

/// What an auditor gets of a register.
fn key_of(own: SubmittedRegister) -> RegisterKey {
    let SubmittedRegister { register, frame, salt_key } = own;
    RegisterKey { authority: register.authority, salt_key, units: Some(frame.units().to_vec()) }
}

/// What is said of a city that has not drawn yet.
fn late(round: u64, policy: &Policy, verdict: Verdict, whose: &str, picks: usize, lang: Lang) -> String {
    let city = whose.split('-').next().and_then(|city| Division::parse(city).ok());
    let name = city.map_or_else(|| whose.to_owned(), |city| policy.place(&city));
    let word = catalogue::verdict(verdict, lang);
    told!(lang, "screen.province.late", round, word, name, picks)
}

/// The visit, or that the institution was found closed.
fn visited(
    registers: &Registers,
    round: u64,
    unit: &UnitId,
    visit: &double_random::assign::Visit,
) -> Result<Event, Failure> {
    let (date, unit) = (on(round, 21)?, unit.clone());
    let gone = registers.lives.iter().any(|life| life.until == Some(round + 1) && life.id == unit.as_str());
    if gone {
        return Ok(Event::Missed { date, draw: round, reason: Code::parse("closed")?, unit });
    }
    let mut team: Vec<_> =
        visit.posts.iter().flat_map(|post| &post.officers).map(|officer| officer.id.clone()).collect();
    team.sort();
    Ok(Event::Visited { date, draw: round, items: Vec::new(), team, unit })
}

/// Quarters as a decimal.
struct Rest(u64);

impl std::fmt::Display for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            4 => "1",
            3 => "0.75",
            2 => "0.5",
            _ => "0.25",
        })
    }
}
