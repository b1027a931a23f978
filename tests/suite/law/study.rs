//! Studies say what the draws they are made of would say, and estimates hold what they promise.

use double_random::bytes::{Digest, Label, Suite};
use double_random::lot::Key;
use double_random::lot::allocation::allocate;
use double_random::lot::tickets::Tickets;
use double_random::odds::ONE;
use double_random::odds::cells::{Cell, Scale};
use double_random::plan::Foresight;
use double_random::policy::{Billionths, Round};
use double_random::study::{Observation, OfficerWork, Study, StudyError, violation_rate};
use double_random::{Frame, Policy, PolicyTerms, Roster};
use serde_json::json;
use testkit::year::{Level, Year, frame_of};
use testkit::*;

fn seeds(count: u8) -> Vec<Digest> {
    (0..count).map(|n| Digest::new([n; 32])).collect()
}

fn shares() -> Vec<Billionths> {
    vec![billionths("0.25"); 4]
}

fn study(change: impl FnOnce(&mut serde_json::Value), cycles: u64) -> Study {
    let policy = policy(|p| {
        p["signals"] = json!([]);
        p["frequency"][0]["visits"] = json!("0.25");
        p["frequency"][0]["cycles"] = json!(4);
        p["frequency"][5]["visits"] = json!("2");
        change(p);
    });
    let units: Vec<_> =
        (0..80).map(|n| (n, Level { county: n, kind: n / 4, risk: n / 3, credit: n / 7 })).collect();
    let frame = frame_of(&units, &policy);
    Study::new(frame, policy, shares(), cycles).unwrap()
}

#[test]
fn every_year_of_a_study_keeps_floors_and_frequencies() {
    let summary = study(|_| (), 8).run(&seeds(20)).unwrap();
    assert_eq!((summary.years, summary.rounds, summary.deficits, summary.missed), (160, 640, 0, 0));
    let weakest = summary.weakest.unwrap();
    assert!(weakest.1.part * 5 >= weakest.1.of, "{weakest:?}");
    let code = |text: &str| double_random::id::Code::parse(text).unwrap();
    let level = |risk: &str, credit: &str| &summary.levels[&(code(risk), code(credit))];
    // Two visits a cycle is two visits a cycle; one in four cycles is one in four, and no unit is left out.
    assert_eq!(level("high", "B").mean, 2 * ONE);
    assert!(level("high", "B").longest_gap <= 7);
    assert!(
        level("low", "A").mean >= ONE / 4 && level("low", "A").longest_gap <= 31,
        "{:?}",
        level("low", "A")
    );
    assert_eq!(summary.levels.values().map(|level| level.units).sum::<u64>(), 80);
    assert_eq!(summary.levels.values().map(|level| level.visits).sum::<u64>(), summary.drawn);
    assert!(summary.load.least <= summary.load.most && summary.load.most < 80);
}

/// Two visits in four rounds, without and with slack, two years of 600 units each: without, half of all are
/// certain in every other round; with it, no round tells more than a quarter above nothing, nobody in a hundred
/// is certain, and the mean stays.
#[test]
fn slack_takes_the_timetable_out_of_a_year() {
    let run = |slack: &str| {
        let policy = policy(|p| {
            p["signals"] = json!([]);
            p["coverage"]["minimum"] = json!("0");
            for level in 0..6 {
                p["frequency"][level]["visits"] = json!("2");
                p["frequency"][level]["slack"] = json!(slack);
            }
        });
        let units: Vec<_> = (0..600).map(|n| (n, Level { county: 0, kind: 0, risk: 0, credit: 0 })).collect();
        let frame = frame_of(&units, &policy);
        let summary = Study::new(frame, policy, shares(), 2).unwrap().run(&seeds(2)).unwrap();
        let ratio = summary.foresight.values().map(|found| found.ratio().unwrap()).max().unwrap();
        let certain = summary.foresight.values().map(Foresight::certain_part).max().unwrap();
        (summary.levels.into_values().next().unwrap(), ratio, certain)
    };
    let (strict, ratio, certain) = run("0");
    assert_eq!((strict.mean, ratio, certain), (2 * ONE, 2 * ONE, ONE));
    assert_eq!(strict.years, [(2, 2400)].into());
    let (loose, ratio, certain) = run("2.5");
    assert!(ratio < ONE + ONE / 8 && certain < ONE / 50, "{ratio} {certain}");
    assert!(loose.mean.abs_diff(2 * ONE) < ONE / 20, "{loose:?}");
    assert!(loose.years[&2] > 800 && loose.years[&1] > 400 && loose.years[&3] > 400, "{loose:?}");
    assert!(loose.years.keys().all(|visits| *visits <= 4), "{loose:?}");
}

/// The time after the last visit counts: a unit due once in four cycles that is seen early has a long time
/// without a visit behind it.
#[test]
fn gaps_run_to_the_end() {
    for n in 0..10 {
        let only = |p: &mut serde_json::Value| {
            p["frequency"][0]["visits"] = json!("0.25");
            p["frequency"][0]["cycles"] = json!(4);
            p["coverage"]["minimum"] = json!("0");
        };
        let policy = policy(only);
        let frame = frame_of(&[(0, Level { county: 0, kind: 0, risk: 0, credit: 0 })], &policy);
        let summary = Study::new(frame, policy, shares(), 4).unwrap().run(&[Digest::new([n; 32])]).unwrap();
        // One visit in sixteen rounds: what lies before it and what lies after it are seventeen together.
        let level = summary.levels.values().next().unwrap();
        assert_eq!(level.visits, 1);
        assert!((9..=16).contains(&level.longest_gap), "{level:?}");
    }
}

#[test]
fn missed_visits_show_as_deficits() {
    let summary = study(|_| (), 8).missing(billionths("0.5")).run(&seeds(5)).unwrap();
    assert!(summary.missed * 5 > summary.drawn * 2 && summary.missed * 5 < summary.drawn * 3, "{summary:?}");
    assert!(summary.deficits > 0);
    let none = study(|_| (), 2).missing(Billionths::ONE).run(&seeds(1)).unwrap();
    assert_eq!((none.drawn, none.lowest.unwrap().part), (none.missed, 0));
}

/// A strict maximum gap can be foreseen: the outsider's guess rises, and so do the visits. A control share
/// does the opposite: no unit is safe, at the price that the study shows.
#[test]
fn strict_gaps_cost_foreseeability_and_a_control_share_costs_visits() {
    let plain = study(|_| (), 8).run(&seeds(6)).unwrap();
    let overdue = json!([{"basis": "b", "code": "overdue", "rule": {"not_visited_days": 500}}]);
    let strict = study(|p| p["certainties"] = overdue, 8).run(&seeds(6)).unwrap();
    assert!(strict.guess > plain.guess + ONE / 10 && strict.drawn > plain.drawn, "{strict:?} {plain:?}");
    assert!(strict.levels.values().all(|level| level.longest_gap <= 7));
    let control = study(|p| p["surprise"] = json!("0.04"), 8).run(&seeds(6)).unwrap();
    assert!(plain.safe > 0 && control.safe == 0);
    let extra = u128::from(control.drawn - plain.drawn) * u128::from(ONE);
    let promised = control.control * u128::from(control.years);
    assert!(extra.abs_diff(promised) < promised / 4, "{extra} {promised}");
}

#[test]
fn studies_that_cannot_be_are_refused() {
    let base = policy(|_| ());
    let frame = frame_of(&[(0, Level { county: 0, kind: 0, risk: 0, credit: 0 })], &base);
    for wrong in [vec![], vec!["0.5"], vec!["1", "0"], vec!["0.6", "0.6"]] {
        let shares = wrong.into_iter().map(billionths).collect();
        assert!(matches!(Study::new(frame.clone(), base.clone(), shares, 1), Err(StudyError::Shares { .. })));
    }
    let often = policy(|p| p["frequency"][0]["visits"] = json!("9"));
    let error = Study::new(frame, often, shares(), 1).unwrap().run(&seeds(1)).unwrap_err();
    assert!(error.to_string().starts_with("cycle 1, round 1: unit T-000000 is due 2.25"), "{error}");
}

/// How often the interval holds the truth in 2,000 draws of a population (probability, units, breaches of 20)
/// with so many of 256 visits missed.
fn held(population: &[(u64, u64, usize)], missed: u8) -> u64 {
    let cells: Vec<Cell> = (0..)
        .zip(population)
        .map(|(i, (size, count, _))| Cell {
            path: format!("first/{i}").into(),
            size: *size,
            count: *count,
            certain: *size == ONE,
        })
        .collect();
    let broken: u64 = population.iter().map(|(_, count, of20)| count * *of20 as u64 / 20).sum();
    let truth = broken * ONE / population.iter().map(|p| p.1).sum::<u64>();
    let ids: Vec<Vec<String>> = cells
        .iter()
        .map(|c| (0..c.count).map(|n| format!("{}-{n:04}", c.path.node().strata())).collect())
        .collect();
    let mut hits = 0;
    for n in 0..2000u64 {
        let seed = Suite::Sha256.digest(Label::Study, &n.to_be_bytes());
        let key = Key::new(Suite::Sha256, seed);
        let tickets = Tickets::new(&key);
        let mut seen = Vec::new();
        for ((i, count), ids) in allocate(&cells, Scale::RATE, &key).into_iter().enumerate().zip(&ids) {
            for (unit, ticket) in tickets
                .in_order(ids.iter().map(|id| testkit::pseudonym(id)).enumerate())
                .into_iter()
                .take(usize::try_from(count).unwrap())
            {
                let found = (ticket.as_bytes()[31] >= missed).then(|| unit % 20 < population[i].2);
                seen.push(Observation { cell: i as u64, probability: cells[i].size, found });
            }
        }
        let estimate = violation_rate(&seen).unwrap();
        hits += u64::from((estimate.low..=estimate.high).contains(&truth));
    }
    hits
}

/// Where few visits carry most of the weight, or most visits could not be made, the interval widens.
#[test]
fn intervals_hold_in_unequal_and_silent_samples() {
    for (population, missed) in [
        (vec![(ONE, 100, 6)], 128),
        (vec![(9 * (ONE / 10), 100, 6)], 179),
        (vec![(7 * (ONE / 10), 40, 10), (ONE / 50, 1000, 2)], 0),
        (vec![(ONE / 2, 40, 10), (ONE / 20, 400, 2)], 0),
    ] {
        let hits = held(&population, missed);
        assert!(hits >= 1800, "{population:?} missing {missed}/256: {hits} of 2000");
    }
    assert_eq!(violation_rate(&[Observation { cell: 0, probability: ONE + 1, found: Some(true) }]), None);
}

/// A population of 400 with known breaches, drawn 2,000 times with unequal chances: the estimate is unbiased,
/// its interval, whose ends are moved out by one institution, holds the truth in at least 95 of 100 draws, and the
/// plain share of findings is far off.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let cell =
        |path: &str, size: u64, count: u64| Cell { path: path.into(), size, count, certain: size == ONE };
    let cells =
        [cell("first/a", ONE / 10, 240), cell("first/b", 3 * ONE / 10, 120), cell("first/c", ONE, 40)];
    // 5 % of the first, 20 % of the second, 60 % of the third break the rule: 12 + 24 + 24 of 400.
    let breaks = |cell: usize, unit: usize| unit % 20 < [1, 4, 12][cell];
    let truth = 150_000_000u64;
    let ids: Vec<Vec<String>> = cells
        .iter()
        .map(|c| (0..c.count).map(|n| format!("{}-{n:04}", c.path.as_str().replace('/', "-"))).collect())
        .collect();
    let (mut hits, mut sum, mut plain, mut width, mut draws) = (0, 0u64, 0u64, 0u64, 0u64);
    for n in 0..2000u64 {
        let seed = Suite::Sha256.digest(Label::Study, &n.to_be_bytes());
        let key = Key::new(Suite::Sha256, seed);
        let counts = allocate(&cells, Scale::RATE, &key);
        let tickets = Tickets::new(&key);
        let mut seen = Vec::new();
        for (i, count) in counts.iter().enumerate() {
            let order = tickets.in_order(ids[i].iter().map(|id| testkit::pseudonym(id)).enumerate());
            for (unit, ticket) in order.into_iter().take(usize::try_from(*count).unwrap()) {
                // One visit in eight cannot be made.
                let found = (ticket.as_bytes()[31] % 8 != 0).then(|| breaks(i, unit));
                seen.push(Observation { cell: i as u64, probability: cells[i].size, found });
            }
        }
        let estimate = violation_rate(&seen).unwrap();
        assert!(estimate.low <= estimate.rate && estimate.rate <= estimate.high && estimate.missed > 0);
        hits += u64::from((estimate.low..=estimate.high).contains(&truth));
        sum += estimate.rate;
        width += estimate.high - estimate.low;
        let answers: Vec<bool> = seen.iter().filter_map(|o| o.found).collect();
        plain += answers.iter().filter(|found| **found).count() as u64 * ONE / answers.len() as u64;
        draws += 1;
    }
    assert!((sum / draws).abs_diff(truth) < 3_000_000, "mean {}", sum / draws);
    assert!((1900..=1992).contains(&hits), "{hits} of 2000");
    // Wide enough to hold the truth, and no wider: 0.185 of Wilson, and a unit of the 400 at either end.
    assert!(width / draws <= 190_300_000, "mean width {}", width / draws);
    assert!(plain / draws > 300_000_000, "the plain share says {}", plain / draws);
}

/// Everybody is due once in each of two rounds a year, so that seeds decide nothing and every figure is known.
fn certain(change: impl FnOnce(&mut serde_json::Value)) -> Policy {
    policy(|p| {
        p["frequency"][0]["visits"] = json!("2");
        p["signals"] = json!([]);
        p["team"]["rotation"] = json!(false);
        p["team"]["same_grid"] = json!(false);
        change(p);
    })
}

/// Two clinics in each of two counties.
fn four_clinics(policy: &Policy) -> Frame {
    let clinic = |n| (n, Level { county: n / 2, kind: 1, risk: 0, credit: 0 });
    frame_of(&[clinic(0), clinic(1), clinic(2), clinic(3)], policy)
}

fn halves() -> Vec<Billionths> {
    vec![billionths("0.5"); 2]
}

#[test]
fn the_work_of_the_officers_is_counted() {
    let rules = certain(|_| ());
    let try_with = |roster: Roster, rules: &Policy| {
        let study = Study::new(four_clinics(rules), rules.clone(), halves(), 3).unwrap().staffed(roster);
        let summary = study.run(&seeds(2)).unwrap();
        // Six years, twelve rounds, four clinics each.
        assert_eq!((summary.drawn, summary.unvisited, summary.covered.unwrap().part), (48, 0, 24));
        let seen = summary.foreseen();
        let figures = (seen.guess, seen.ratio(), seen.certain_part(), seen.units, seen.safe);
        assert_eq!(figures, (ONE, Some(ONE), ONE, 48, 0));
        assert_eq!(summary.foresight.len(), 2, "two rounds of one level");
        summary.work.unwrap()
    };
    // Two officers go everywhere: four visits in each of two rounds, two counties, one change of district.
    let both = try_with(roster(2, &[], &rules), &rules);
    let all = OfficerWork { loads: vec![8; 12], filled: 96, vacancies: 0, outings: 24, changes: 24 };
    assert_eq!(both, all);
    // One of them is barred from one clinic: there a place stays empty.
    let barred = try_with(roster(2, &[(1, 3)], &rules), &rules);
    let mut loads = vec![6; 6];
    loads.extend([8; 6]);
    assert_eq!(barred, OfficerWork { loads, filled: 84, vacancies: 12, outings: 24, changes: 24 });
    // Where whoever came last stays away, two officers can go in every second round only.
    let rotating = certain(|p| p["team"]["rotation"] = json!(true));
    let tired = try_with(roster(2, &[], &rotating), &rotating);
    assert_eq!((tired.filled, tired.vacancies, tired.outings), (48, 48, 12), "{tired:?}");
    // With days, an outing is a day. Days are spread over every county, so each day has a visit in both.
    let days = certain(|p| p["team"]["days"] = json!(["2026-02-02", "2026-02-03"]));
    let days = try_with(roster(2, &[], &days), &days);
    assert_eq!(days, OfficerWork { loads: vec![8; 12], filled: 96, vacancies: 0, outings: 48, changes: 48 });
    // Without a roster nobody is sent.
    let alone = Study::new(four_clinics(&rules), rules, halves(), 1).unwrap().run(&seeds(1)).unwrap();
    assert_eq!(alone.work, None);
}

#[test]
fn a_study_goes_on_from_a_state() {
    let rules = policy(|p| {
        p["frequency"][0]["visits"] = json!("1");
        p["coverage"]["minimum"] = json!("0");
        p["signals"] = json!([]);
    });
    let study = || Study::new(four_clinics(&rules), rules.clone(), shares(), 1).unwrap();
    // Half of the year is over: one of four clinics was visited.
    let state = |spent: &str| {
        let one = |n, visits, last| (n, visits, "0.5", last, &[][..]);
        cycle(spent, &[one(0, 1, "2026-01-05"), one(1, 0, ""), one(2, 0, ""), one(3, 0, "")])
    };
    let summary = study().from_state(state("0.5")).unwrap().run(&seeds(20)).unwrap();
    assert_eq!((summary.years, summary.rounds, summary.drawn), (20, 40, 60), "the other three, each once");
    let round = |number: u64| {
        let mut found = summary.foresight.iter().filter(|((round, ..), _)| *round == number);
        *found.next().unwrap().1
    };
    // In round 3 the three have half a chance each; in round 4 whoever is left is certain.
    let third = round(3);
    assert_eq!((third.units, third.safe, third.certain_by_schedule, third.guess), (80, 20, 0, ONE / 2));
    assert_eq!(third.expected, 30 * u128::from(ONE));
    let last = round(4);
    assert_eq!((last.units, last.safe + last.certain_by_schedule, last.guess), (80, 80, ONE));
    assert_eq!(summary.foresight.len(), 2);
    let error = study().from_state(state("0.3")).unwrap_err();
    assert!(matches!(error, StudyError::Begins { .. }), "{error}");
    // A visit that is still to be made counts as made.
    let mut year = Year::default();
    let frame = four_clinics(&rules);
    let round = Some(Round { rest: Billionths::ONE, share: billionths("0.25") });
    let first = Policy::new(PolicyTerms { round, ..rules.clone().into_terms() }).unwrap();
    let first = year.draw(frame, roster(2, &[], &rules), first, 1, 1).unwrap();
    assert_eq!(first.record.teams.visits.len(), 1, "a quarter of four");
    let going = study().from_state(year.cycle).unwrap().run(&seeds(3)).unwrap();
    assert_eq!(going.rounds, 9);
    assert_eq!(going.drawn, 9, "the other three clinics once, under each of three seeds");
}
