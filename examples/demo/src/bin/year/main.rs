//! Runs a year of four rounds over the nine cities of Fujian: 1,111 real institutions, everything else about
//! them constructed (examples/data/README.md says by which rule).
//!
//! Institutions open, close and change level between the rounds; one draw is voided and repeated; drawn
//! institutions that turn out to be closed are replaced by the next reserve of their cell. Every round is
//! sealed, drawn, staffed, recorded and verified; the state of the year is the fold of its events. At the
//! end: coverage by city, visits by level, and a picture.
#![allow(
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

mod chart;
mod tables;

use chart::{Bar, CityCurve, Texts};
use clap::Parser;
use double_random::bytes::{Digest, Label, SaltKey, Suite};
use double_random::calendar::{Date, Instant};
use double_random::cycle::{CoverageLevel, CoverageNode, CoverageReport, Event};
use double_random::id::Code;
use double_random::odds::ONE;
use double_random::plan::Foresight;
use double_random::policy::{Billionths, Guard, ReachBounds};
use double_random::stratum::StratumNode;
use double_random::study::Study;
use double_random::verify::{Evidence, Verdict, verify};
use double_random::{BeaconValue, Cycle, Frame, Plan, Policy, PolicyTerms, Record, SealTerms, UnitId};
use double_random_demo::fujian::{POLICY, Registers};
use double_random_office::line::{judge, lang};
use double_random_office::{catalogue, say, show, told};
use double_random_support::demo;
use double_random_support::files::{self, Failure, Files};
use double_random_support::out;
use double_random_support::screen::{Lang, capacity, stratum};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// Draw a year of four rounds over the nine cities of Fujian, and show what came of it.
#[derive(Parser)]
#[command(
    name = "year",
    after_help = "Examples:
  year                                             the shipped year, to target/year
  year --shares 0.4,0.2,0.2,0.2 --salt 7           other shares, other chances
  year --study 20                                  the policy over twenty simulated years, and what it would cost to make gaps strict"
)]
struct YearArgs {
    /// The shares of the four rounds.
    #[arg(long, default_value = "0.25,0.25,0.25,0.25")]
    shares: String,
    /// Changes the constructed dice: another year of chances.
    #[arg(long, default_value_t = 0)]
    salt: u64,
    /// Simulate this many years of the policy instead, on the frame of the first round.
    #[arg(long)]
    study: Option<u64>,
    /// Where to write.
    #[arg(long, default_value = "target/year")]
    out: PathBuf,
    /// Language of the screen and the picture; that of the terminal if not given.
    #[arg(long, value_parser = lang())]
    lang: Option<Lang>,
    /// No progress bar, and only the verdict.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    judge(|args: &YearArgs| {
        match args.study {
            Some(years) => study(args, years)?,
            None => run(args)?,
        }
        Ok(Verdict::Confirmed)
    })
}

/// What the year is made of.
struct World {
    registers: Registers,
    shares: Vec<Billionths>,
    salt: u64,
}

impl World {
    fn read(args: &YearArgs) -> Result<Self, Failure> {
        let shares = args.shares.split(',').map(Billionths::parse).collect::<Result<Vec<_>, _>>()?;
        if shares.len() != 4 || shares.iter().map(|share| share.get()).sum::<u64>() != ONE {
            return Err(say!(
                "screen.year.shares",
                "--shares {shares}: four shares that sum to 1 are needed",
                shares = args.shares.as_str()
            )
            .into());
        }
        Ok(Self { registers: Registers::read()?, shares, salt: args.salt })
    }

    fn frame(&self, round: u64, policy: &Policy) -> Result<Frame, Failure> {
        self.registers.frame(round, policy, |_| true)
    }

    /// The policy of a round: the same rules, the round's dates, its share, its dice. Rounds begin every 13
    /// weeks; round 5 is a make-up draw.
    fn policy(&self, round: u64) -> Result<Policy, Failure> {
        let template = Policy::from_json(POLICY)?;
        let weeks = i64::try_from((round - 1) * 13)?;
        let on = |days: i64| template.as_of.plus_days(weeks * 7 + days).ok_or("a date beyond the calendar");
        let mut policy: serde_json::Value = serde_json::from_str(POLICY)?;
        policy["as_of"] = on(0)?.to_string().into();
        policy["window"] = serde_json::json!({"from": on(7)?.to_string(), "to": on(81)?.to_string()});
        policy["beacon"]["sources"][0]["at"] = format!("{}T01:00:00Z", on(3)?).into();
        let at = usize::try_from(round - 1)?;
        let rest: u64 = self.shares.get(at..).unwrap_or_default().iter().map(|share| share.get()).sum();
        let share = self.shares.get(at).copied().unwrap_or(Billionths::ZERO);
        policy["round"] =
            serde_json::json!({"rest": Billionths::new(rest)?.to_string(), "share": share.to_string()});
        Ok(Policy::from_json(&policy.to_string())?)
    }

    /// Forty digits, constructed from a hash: a demonstration has no notary.
    fn dice(&self, draw: u64, attempt: u64) -> Result<Vec<BeaconValue>, Failure> {
        let text = |n: u64| format!("dice {} {draw} {attempt} {n}", self.salt);
        let bytes =
            (0..).flat_map(|n| Suite::Sha256.digest(Label::Study, text(n).as_bytes()).as_bytes().to_vec());
        let digits: String =
            bytes.filter(|byte| *byte < 250).map(|byte| char::from(b'0' + byte % 10)).take(40).collect();
        Ok(serde_json::from_value(serde_json::json!([{"source": "dice-notary", "value": digits}]))?)
    }
}

/// The year as it goes.
struct YearOfRounds {
    world: World,
    cycle: Cycle,
    events: Vec<Event>,
    previous: Digest,
    files: Files,
    foresights: Vec<Foresight>,
    reports: Vec<CoverageReport>,
    verdicts: Vec<(String, Verdict)>,
    notes: Vec<String>,
    lang: Lang,
    /// By risk and credit: institutions times the share of the year they spent at that level, billionths;
    /// visits at that level.
    levels: BTreeMap<(Code, Code), (u64, u64)>,
}

impl YearOfRounds {
    /// Adds a round to the account by level: who was there, and who was visited.
    fn account(&mut self, draw: u64, frame: &Frame, policy: &Policy) {
        let visited = |event: &Event| match event {
            Event::Visited { draw: of, unit, .. } if *of == draw => Some(unit.clone()),
            _ => None,
        };
        let visited: Vec<UnitId> = self.events.iter().filter_map(visited).collect();
        for unit in frame.units().iter().filter(|unit| policy.outside(unit, None).is_none()) {
            let level = self.levels.entry((unit.risk.clone(), unit.credit.clone())).or_default();
            level.0 += policy.round().share.get();
            level.1 += u64::try_from(visited.iter().filter(|id| **id == unit.id).count()).unwrap_or(0);
        }
    }

    fn happen(&mut self, event: Event) -> Result<(), Failure> {
        self.cycle.apply(&event)?;
        self.events.push(event);
        Ok(())
    }

    /// Seals, draws, staffs, records and verifies one round.
    fn draw(&mut self, round: u64, attempt: u64, policy: Policy) -> Result<(Record, Frame), Failure> {
        let frame = self.world.frame(round, &policy)?;
        let roster = self.world.registers.roster(&policy, |_| true)?;
        // A second attempt is sealed after the first one's dice have fallen and its draw is void; its own
        // dice fall later.
        let days = if attempt == 1 { 1 } else { 4 };
        let sealed_at = policy.as_of.plus_days(days).ok_or("a date beyond the calendar")?;
        let plan = Plan::new(frame.clone(), roster, policy, self.cycle.clone())?;
        for short in plan.capacity().into_iter().filter(|capacity| capacity.shortfall() > 0) {
            let short = capacity(&short, plan.policy(), self.lang);
            self.notes.push(told!(self.lang, "screen.year.of_round", round, text = short));
        }
        if attempt == 1 {
            self.foresights.push(plan.foresight());
        }
        let terms = SealTerms {
            sequence: round,
            attempt,
            sealed_at: Instant::parse(&format!("{sealed_at}T01:00:00Z"))?,
            previous: self.previous,
            salt_key: SaltKey::new(demo::SALT_KEY),
            secret: None,
        };
        let sealed = plan.seal(terms)?;
        let beacon = self.world.dice(round, attempt)?;
        let seed = sealed.seed(&beacon)?;
        let sample = seed.draw();
        let record = sample.assign().record();
        let key = sealed.salt_key().clone();
        let evidence = Evidence {
            seal: Some(sealed.seal().clone()),
            beacon: Some(beacon.clone()),
            frame: Some((frame.clone(), key.clone())),
            roster: Some((sealed.plan().roster().clone(), key.clone())),
            cycle: Some((sealed.plan().cycle().clone(), key)),
            registers: None,
        };
        let name =
            if attempt == 1 { format!("round-{round}") } else { format!("round-{round}-attempt-{attempt}") };
        self.verdicts
            .push((name.clone(), verify(&Record::from_json(&record.to_json())?, &evidence).verdict()));
        let mut files = files::sealed(&sealed)?;
        let beacon = double_random::bytes::encode(&beacon)?;
        files.add_for("public/beacon.json", beacon, ["the values of the beacon", "公开随机数"]);
        files.add_for("public/record.json", record.to_json(), files::RECORD);
        files.add_page("public");
        self.files.lists(
            &format!("{name}/"),
            ["one draw: published files and files for auditors", "一次抽取：公布文件与审计文件"],
        );
        self.files.under(&name, files.indexed(files::DRAW));
        self.previous = record.digest();
        self.happen(sample.drawn())?;
        Ok((record, frame))
    }

    /// Makes the visits of a round. An institution that leaves before the next round is found closed, and the
    /// next reserve of its cell is visited in its place; where the cell has none left, the visit is missed.
    fn visit(&mut self, round: u64, record: &Record) -> Result<(), Failure> {
        let closed = self.world.registers.lives.iter().filter(|life| life.until == Some(round + 1));
        let closed: Vec<String> = closed.map(|life| life.id.clone()).collect();
        let closed = |unit: &UnitId| closed.iter().any(|id| id == unit.as_str());
        let date = record.policy.window.from().plus_days(14).ok_or("a date beyond the calendar")?;
        let teams: BTreeMap<&UnitId, Vec<_>> = record
            .teams
            .visits
            .iter()
            .map(|visit| {
                (
                    &visit.unit,
                    visit.posts.iter().flat_map(|post| &post.officers).map(|o| o.id.clone()).collect(),
                )
            })
            .collect();
        for cell in &record.sample {
            let mut reserves = cell.reserves.iter().map(|reserve| &reserve.id);
            for pick in &cell.picks {
                let team = teams[&pick.id].clone();
                let by = if closed(&pick.id) { reserves.find(|unit| !closed(unit)) } else { None };
                let visited = match (closed(&pick.id), by) {
                    (false, _) => &pick.id,
                    (true, None) => {
                        let (draw, reason, unit) = (round, Code::parse("closed")?, pick.id.clone());
                        self.happen(Event::Missed { date, draw, reason, unit })?;
                        continue;
                    }
                    (true, Some(by)) => {
                        let (reason, unit) = (Code::parse("closed")?, pick.id.clone());
                        self.happen(Event::Replaced { by: by.clone(), date, draw: round, reason, unit })?;
                        by
                    }
                };
                self.happen(visit_event(date, round, visited, team, record)?)?;
            }
        }
        Ok(())
    }
}

/// A visit with some of the check items, by a stated rule: item i where the hash of unit and item is even.
fn visit_event(
    date: Date,
    draw: u64,
    unit: &UnitId,
    mut team: Vec<double_random::InspectorId>,
    record: &Record,
) -> Result<Event, Failure> {
    team.sort();
    let even = |code: &Code| {
        Suite::Sha256.digest(Label::Study, format!("item {unit} {code}").as_bytes()).as_bytes()[31]
            .is_multiple_of(2)
    };
    let mut items: Vec<Code> =
        record.policy.items.iter().map(|item| item.code.clone()).filter(|code| even(code)).collect();
    items.sort();
    Ok(Event::Visited { date, draw, items, team, unit: unit.clone() })
}

fn run(args: &YearArgs) -> Result<(), Failure> {
    let lang = Lang::or_environment(args.lang);
    let world = World::read(args)?;
    let bar = if args.quiet { ProgressBar::hidden() } else { ProgressBar::new(10) };
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let mut year = YearOfRounds {
        world,
        cycle: Cycle::default(),
        events: Vec::new(),
        previous: Digest::ZERO,
        files: Files::default(),
        foresights: Vec::new(),
        reports: Vec::new(),
        verdicts: Vec::new(),
        notes: Vec::new(),
        lang,
        levels: BTreeMap::new(),
    };
    let mut last: Option<(Frame, Policy)> = None;
    for round in 1..=4 {
        bar.set_message(format!("{} {round}", catalogue::word("screen.year.round", lang)));
        let mut policy = year.world.policy(round)?;
        let (mut record, mut frame) = year.draw(round, 1, policy.clone())?;
        bar.inc(1);
        if round == 2 {
            // The wrong list was shown to the press before the draw: voided, recorded all the same, and drawn
            // again under a new seal with dice of a later day.
            let date = policy.as_of.plus_days(4).ok_or("a date beyond the calendar")?;
            let reason = Code::parse("leaked")?;
            year.happen(Event::Voided { date, draw: round, reason })?;
            let mut again: serde_json::Value = serde_json::from_slice(&policy.to_json()?)?;
            let later = policy.as_of.plus_days(5).ok_or("a date beyond the calendar")?;
            again["beacon"]["sources"][0]["at"] = format!("{later}T01:00:00Z").into();
            policy = Policy::from_json(&again.to_string())?;
            (record, frame) = year.draw(round, 2, policy.clone())?;
        }
        year.visit(round, &record)?;
        year.account(round, &frame, &policy);
        year.reports.push(year.cycle.coverage(&frame, &policy));
        bar.inc(1);
        last = Some((frame, policy));
    }
    // What has closed since the last round was drawn is active no more: the account is made on the frame of
    // the end.
    let (_, policy) = last.ok_or("no round")?;
    let mut after = year.world.frame(5, &policy)?;
    let mut report = year.cycle.coverage(&after, &policy);
    let make_up = report.make_up(&year.world.policy(5)?);
    let missing = make_up.is_some();
    if let Some(terms) = make_up {
        let policy = Policy::new(terms)?;
        let (record, frame) = year.draw(5, 1, policy.clone())?;
        year.visit(5, &record)?;
        year.account(5, &frame, &policy);
        after = frame;
        report = year.cycle.coverage(&after, &policy);
    }
    bar.inc(1);
    if Cycle::replay(&year.events).map_err(|(place, error)| format!("event {place}: {error}"))? != year.cycle
    {
        return Err(say!("screen.year.events", "the events do not give the state of the year").into());
    }
    let lines: Vec<String> = year
        .events
        .iter()
        .map(|e| Ok(String::from_utf8(double_random::bytes::encode(e)?)?))
        .collect::<Result<_, Failure>>()?;
    let purpose = [
        "what happened, a line each: drawn, visited, replaced, missed, voided",
        "全年检查事项流水，一行一条",
    ];
    year.files.add_for("events.jsonl", lines.join("\n") + "\n", purpose);
    let state = year.cycle.to_json(&SaltKey::new(demo::SALT_KEY));
    year.files.add_for(
        "cycle.json",
        state,
        ["the state of the year that follows from the events", "由事项流水生成的年末台账"],
    );
    // What a journalist asks for: the floor in his district, with numerator and denominator.
    let rows = report.nodes.iter().filter(|node| node.bounds.is_some()).map(|node| {
        let ReachBounds { quota, limit } = node.bounds.unwrap_or_default();
        let shares = [node.coverage(), node.completion(), node.closure(), node.settled()]
            .map(|share| share.to_string());
        let counts = [node.active, quota, limit].map(|n| n.to_string());
        [
            vec![node.node.clone(), stratum(StratumNode::new(&node.node), &policy, lang)],
            counts.to_vec(),
            shares.to_vec(),
        ]
        .concat()
    });
    let head =
        ["node", "name", "active", "must_reach", "may_reach", "coverage", "completion", "closure", "settled"];
    let purpose = ["coverage, completion and closure of every area", "各辖区覆盖率、完成率、关闭率"];
    year.files.add_csv("coverage.csv", &head, rows.collect(), purpose);
    let picture = picture(&year, &report, &policy, lang)?;
    year.files.add_for("year.svg", picture, ["the year as a picture", "全年图示"]);
    bar.finish_and_clear();
    let refuted = year.verdicts.iter().find(|(_, verdict)| *verdict != Verdict::Confirmed);
    if let Some((name, verdict)) = refuted {
        let (name, verdict) = (name.as_str(), verdict.as_str());
        return Err(
            say!("screen.year.verdict", "{name}: {verdict}; nothing was written", name, verdict).into()
        );
    }
    if !args.quiet {
        out!("{}\n", policy.title)?;
        year.notes.iter().try_for_each(|note| out!("{note}"))?;
        out::text(&show::coverage(&report, &policy, lang))?;
        out!("\n{}", catalogue::word("screen.year.level", lang))?;
        out::text(&tables::levels(&level_rows(&year, &policy), lang))?;
        out!("\n{}", catalogue::word("screen.year.what_outsider_can_foresee", lang))?;
        for (round, foresight) in (1..).zip(&year.foresights) {
            let foresight = catalogue::said(foresight, lang);
            out!("  {}", told!(lang, "screen.year.of_round", round, text = foresight))?;
        }
        out!("\n{} {}", catalogue::word("screen.year.check_items_used", lang), report.items.share())?;
        if missing {
            out!("{}", catalogue::word("screen.year.make_up_draw_brought", lang))?;
        }
        let (written, list) = (catalogue::word("screen.year.written", lang), year.files.list(lang));
        out!("\n{written} {}\n{list}", args.out.display())?;
    }
    let draws = year.verdicts.len();
    let title = ["A year of draws: what each file is for", "一年的抽取：各文件用途"];
    std::mem::take(&mut year.files).indexed(title).write(&args.out)?;
    out!(
        "{}",
        match report.deficits().next() {
            None => told!(lang, "screen.year.confirmed", draws),
            Some(_) => told!(lang, "screen.year.confirmed_not_reached", draws),
        }
    )?;
    Ok(())
}

/// Visits at each level against the time that institutions spent at it.
fn level_rows(year: &YearOfRounds, policy: &Policy) -> Vec<tables::LevelRow> {
    let row = |entry: &double_random::policy::Frequency| {
        let level = (entry.risk.clone(), entry.credit.clone());
        let (years, visits) = year.levels.get(&level).copied().unwrap_or_default();
        let (risk, credit) = (policy.label(&entry.risk).to_owned(), entry.credit.to_string());
        tables::LevelRow { risk, credit, years, frequency: entry.visits, visits }
    };
    policy.frequency.iter().map(row).collect()
}

/// Coverage over rounds by city, and visits by level.
fn picture(
    year: &YearOfRounds,
    report: &CoverageReport,
    policy: &Policy,
    lang: Lang,
) -> Result<String, Failure> {
    let cities = |report: &CoverageReport| -> Vec<CoverageNode> {
        let city = |node: &&CoverageNode| {
            matches!(
                node.level,
                CoverageLevel::Stratum(Guard::Stratum(double_random::policy::Stratum::Area(
                    double_random::division::AreaLevel::City
                )))
            )
        };
        report.nodes.iter().filter(city).cloned().collect()
    };
    let reports: Vec<&CoverageReport> = match year.reports.split_last() {
        Some((_, before)) => before.iter().chain([report]).collect(),
        None => vec![report],
    };
    let mut lines: Vec<CityCurve> = Vec::new();
    for node in cities(report) {
        let rounds =
            reports.iter().filter_map(|report| cities(report).into_iter().find(|n| n.node == node.node));
        let points = rounds.map(|n| {
            let quota = n.bounds.map_or(0, |bounds| bounds.quota);
            (chart::percent(n.visited, n.active), chart::percent(quota, n.active))
        });
        let name = Code::parse(&node.node)?;
        let share = node.coverage().to_string();
        let percent = share.split(" = ").last().unwrap_or_default();
        lines.push(CityCurve {
            name: policy.label(&name).to_owned(),
            rounds: points.collect(),
            end: percent.to_owned(),
        });
    }
    let bars: Vec<Bar> = level_rows(year, policy)
        .into_iter()
        .map(|row| Bar {
            name: format!("{} {} ({})", row.risk, row.credit, (row.years + ONE / 2) / ONE),
            frequency: chart::ratio(row.frequency.get(), ONE),
            made: chart::ratio(row.visits, 1) / chart::ratio(row.years, ONE).max(1e-9),
        })
        .collect();
    let word = |code| catalogue::word(code, lang).to_owned();
    let texts = Texts {
        title: policy.title.clone(),
        levels: word("screen.year.picture.levels"),
        coverage: word("screen.year.picture.coverage"),
        floor: word("screen.year.picture.floor"),
        frequency: word("screen.year.picture.frequency"),
        made: word("screen.year.picture.made"),
    };
    chart::year(&lines, &bars, &texts)
}

/// The policy over simulated years, as it is and with a strict maximum gap.
fn study(args: &YearArgs, years: u64) -> Result<(), Failure> {
    let lang = Lang::or_environment(args.lang);
    let world = World::read(args)?;
    let policy = world.policy(1)?;
    let frame = world.frame(1, &policy)?;
    let seeds = [Suite::Sha256.digest(Label::Study, format!("study {}", args.salt).as_bytes())];
    let mut variants = vec![(catalogue::word("screen.year.as_written", lang).to_owned(), policy.clone())];
    let without = Policy::new(PolicyTerms { surprise: None, ..policy.clone().into_terms() })?;
    variants.push((catalogue::word("screen.year.without_control_share", lang).to_owned(), without));
    // All units are due at once after three years, which no limit for the low levels can hold.
    let mut strict = policy.into_terms();
    strict.ratios.retain(|ratio| ratio.max.is_none());
    strict.certainties.push(double_random::policy::Based {
        basis: "a strict maximum gap of three years".into(),
        body: double_random::policy::Certainty {
            code: Code::parse("overdue")?,
            kinds: Vec::new(),
            rule: double_random::policy::CertaintyRule::NotVisitedDays(3 * 365 - 100),
        },
    });
    let strict = Policy::new(strict)?;
    variants.push((catalogue::word("screen.year.nobody_later_than_three", lang).to_owned(), strict));
    let bar = if args.quiet { ProgressBar::hidden() } else { ProgressBar::new(variants.len() as u64) };
    let mut rows = Vec::new();
    for (name, policy) in variants {
        bar.set_message(name.clone());
        let summary = Study::new(frame.clone(), policy, world.shares.clone(), years)?.run(&seeds)?;
        rows.push((name, summary));
        bar.inc(1);
    }
    bar.finish_and_clear();
    out::text(&tables::studies(&rows, lang))?;
    Ok(())
}
