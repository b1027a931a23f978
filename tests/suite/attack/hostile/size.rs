//! Inputs that are small and would take minutes or gigabytes. Nothing here looks at a clock: what a network
//! takes is counted in looks at its arcs, and what would take minutes keeps the test from ending.

use double_random::frame::UnitRow;
use double_random::id::InspectorId;
use double_random::matching::{Demand, Matching, Seat, WHOLE, shortages, table};
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random::record::Record;
use double_random::roster::InspectorRow;
use double_random::seal::SealError;
use double_random::table::MOST_PROBLEMS;
use double_random::verify::{
    Check, DispatchCheck, DispatchReport, DrawEvidence, NotRun, Outcome, dispatched, verify,
};
use double_random::{Evidence, Frame, Plan, Policy, Roster};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use testkit::levels::{LATER, changed, city};
use testkit::policy;

#[path = "../../../fuzz/src/targets.rs"]
#[allow(dead_code)]
mod targets;

use targets::{TARGETS, mutated};

/// A vocabulary as long as a policy may have, of words as long as words may be.
fn wordy() -> Policy {
    let words: Vec<String> = (0..1000).map(|n| format!("{n:04}{}", "w".repeat(60))).collect();
    policy(|p| {
        p["frame"]["kinds"] = json!(words);
        p["team"]["qualifications"] = json!({});
        p["design"] = json!({"method": "rate", "rate": "0.2"});
        p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
    })
}

/// He sends a register with one wrong word in every row, and the reader answers with the whole vocabulary for
/// each of them: a megabyte became eight gigabytes.
#[test]
fn a_wrong_column_is_answered_with_a_thousand_problems_and_their_number() {
    let policy = wordy();
    let row = |n: u64| UnitRow { kind: format!("{n:04}{}v", "w".repeat(59)), ..testkit::unit_row(n) };
    let rows: Vec<UnitRow> = (1..=4000).map(row).collect();
    let problems = Frame::new(rows, &policy.frame, policy.as_of).unwrap_err();
    assert_eq!(problems.as_slice().len(), MOST_PROBLEMS);
    assert_eq!(problems.left_off(), 3000);
    let first = &problems.as_slice()[0];
    let rule = first.rule.to_string();
    assert!(rule.contains(&format!("0001{}", "w".repeat(60))), "the word that was meant: {rule}");
    assert!(rule.ends_with("(1000 in all)"), "{rule}");
    let text = problems.to_string();
    assert!(
        text.starts_with("4000 problems")
            && text.ends_with("3000 more are not listed: correct these, and read it again")
    );
    assert!(text.len() < 1_000_000, "{}", text.len());
}

/// The same with one cell of a megabyte.
#[test]
fn a_cell_of_a_megabyte_is_named_and_not_repeated() {
    let policy = testkit::policy(|_| ());
    let row = UnitRow { kind: "x".repeat(1_000_000), name: "n".repeat(1_000_000), ..testkit::unit_row(1) };
    let problems = Frame::new([row], &policy.frame, policy.as_of).unwrap_err();
    assert!(problems.to_string().len() < 2000, "{problems}");
}

/// One visit for two officers, all of whom may go everywhere.
fn everywhere(visits: usize, officers: Vec<Seat>, offices: Vec<u64>) -> Matching {
    let list: Vec<u32> = (0..u32::try_from(officers.len()).unwrap()).collect();
    let post = |visit| Demand { visit, places: 2, list: list.clone(), limit: None, pinned: false };
    Matching {
        visits: vec![None; visits],
        posts: (0..visits).map(post).collect(),
        officers,
        offices,
        ceiling: WHOLE,
    }
}

/// Looks at one pair of a post and a person, at most so many in the chance table of any of these networks.
/// Where every load was a round, they were the number of officers.
const LOOKS: u64 = 1500;

fn looks(matching: &Matching) -> u64 {
    let pairs: usize = matching.posts.iter().map(|post| post.list.len()).sum();
    let steps: u64 = table(matching).iter().map(|component| component.steps).sum();
    steps / u64::try_from(pairs).unwrap()
}

/// He gives every officer another load before the draw, far from the others: every price was a round of its
/// own, and 219 KB took 154 seconds after the seal.
#[test]
fn officers_with_widely_distinct_loads_take_no_more_rounds_than_loads_have_bits() {
    for (visits, officers) in [(40, 80), (80, 160)] {
        for step in [1, 97, 6000] {
            let seat = |n: u64| Seat { cap: 30, before: n * n % 7919 * step, ..Seat::default() };
            let matching = everywhere(visits, (0..officers).map(seat).collect(), Vec::new());
            let found = looks(&matching);
            assert!(found < LOOKS, "{visits} visits, {officers} officers, step {step}: {found}");
            // The caps of offices stand behind the loads.
            let seat = |n: u64| Seat { office: Some(usize::try_from(n % 7).unwrap()), ..seat(n) };
            let matching = everywhere(visits, (0..officers).map(seat).collect(), vec![20; 7]);
            let found = looks(&matching);
            assert!(found < LOOKS, "{visits} visits, {officers} officers, step {step}, offices: {found}");
        }
    }
}

/// A policy under which every unit is visited, by whoever works in the city.
fn every_unit(p: &mut Value) {
    p["design"] = json!({"method": "rate", "rate": "1"});
    p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
    p["team"]["qualifications"] = json!({});
    p["team"]["jurisdiction"] = json!("any");
}

/// Posts of many visits that all want more people than there are, in one dense network: every shortage was
/// compared with every pair of the network, and 273 KB took 228 seconds.
#[test]
fn a_dense_network_where_every_visit_is_short_is_looked_at_a_few_times() {
    for (visits, officers) in [(60, 20), (120, 40)] {
        let seat = |_| Seat { cap: 1, ..Seat::default() };
        let matching = everywhere(visits, (0..officers).map(seat).collect(), Vec::new());
        let short = shortages(&matching);
        assert_eq!((short.len(), short[0].posts.len()), (1, visits));
        let found = looks(&matching);
        assert!(found < LOOKS, "{visits} visits, {officers} officers: {found}");
    }
    let policy = policy(|p| {
        every_unit(p);
        p["team"]["cap"] = json!(1);
        p["team"]["departments"] = json!([{"department": "wsjd", "officers": 20}]);
    });
    let sealed = testkit::sealed(150, 150, &[], policy);
    let record = testkit::draw(&sealed, 1);
    let [shortage] = &record.teams.shortages[..] else { panic!("one shortage") };
    assert_eq!((shortage.need, shortage.can_fill), (3000, 100), "100 of the 150 are of the department");
    assert!(
        verify(&record, &testkit::evidence(&sealed, &record)).outcome(Check::Assignment) == &Outcome::Pass
    );
}

/// He enters an absence for every day of a century: each of them was compared with each day of each visit,
/// and 955 KB took 181 seconds.
#[test]
fn an_absence_is_looked_up_and_not_compared_with_every_day() {
    let policy = policy(|p| {
        every_unit(p);
        p["team"]["days"] = json!((1..=28).map(|d| format!("2026-02-{d:02}")).collect::<Vec<_>>());
    });
    let days = |n: u64| {
        let day = |k: u64| format!("{}-{:02}-{:02}", 2027 + k / 336, 1 + k / 28 % 12, 1 + k % 28);
        (0..2000).map(|k| (day(k * (1 + n % 3)), day(k * (1 + n % 3)))).collect()
    };
    let row = |n: u64| InspectorRow { absences: days(n), ..testkit::inspector_row(n) };
    let roster = Roster::new((0..20).map(row), [], &policy.roster, policy.as_of).unwrap();
    let plan =
        Plan::new(testkit::frame(120, &policy), roster, policy, double_random::Cycle::default()).unwrap();
    assert!(plan.understaffed().is_empty());
    assert!(plan.capacity().iter().all(|node| node.available > 0));
    let officer = &plan.roster().inspectors()[0];
    assert_eq!(plan.bar(officer, &plan.frame().units()[0]), None);
}

/// The last visit of a unit was made by a crowd, so that rotation compares each candidate with each of it.
#[test]
fn a_crowd_at_the_last_visit_is_looked_up() {
    let policy = policy(|p| {
        every_unit(p);
        p["round"] = json!({"rest": "0.5", "share": "0.5"});
    });
    let crowd: Vec<String> = (0..20_000).map(|n| format!("Z-{n:05}")).collect();
    let mut crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    crowd.insert(0, "I-0000");
    let cycle = testkit::cycle("0.5", &[(3, 1, "0", "2025-06-01", &crowd)]);
    let (frame, roster) = (testkit::frame(60, &policy), testkit::roster(60, &[], &policy));
    let plan = Plan::new(frame, roster, policy, cycle).unwrap();
    assert!(plan.understaffed().is_empty());
    let position = plan.roster().position(&InspectorId::parse("I-0000").unwrap()).unwrap();
    let officer = &plan.roster().inspectors()[position];
    let unit = &plan.frame().units()[3];
    assert_eq!(plan.bar(officer, unit), Some(double_random::plan::Bar::Rotation));
}

/// Shortages of a record that all share a post: joining them again with every one took half a minute for a
/// megabyte. The check still finds that the vacancies are not those of the group.
#[test]
fn shortages_that_share_a_post_are_joined_once_each() {
    let sealed = testkit::sealed(40, 4, &[], policy(every_unit));
    let mut record: Value = serde_json::from_slice(&testkit::draw(&sealed, 1).to_json()).unwrap();
    let one = record["teams"]["shortages"][0].clone();
    let statements: Vec<Value> = (0..3000)
        .map(|_| {
            let mut statement = one.clone();
            statement["officers"] = json!([]);
            statement["losses"] = json!({});
            statement
        })
        .collect();
    record["teams"]["shortages"] = json!(statements);
    let record = Record::from_json(&double_random::bytes::encode(&record).unwrap()).unwrap();
    let report = verify(&record, &Evidence::default());
    let Outcome::Fail { why } = report.outcome(Check::Teams) else { panic!("{report}") };
    assert_eq!(why.params()["what"].to_string(), "vacancies of a shortage");
}

/// A department with so many posts at every unit, and a visit to every unit.
fn crowded(number: u64, shortlist: Option<u64>) -> Policy {
    policy(|p| {
        every_unit(p);
        let post = |n: u64| json!({"places": 1, "post": format!("p{n}")});
        let posts: Vec<Value> = (0..number).map(post).collect();
        p["team"]["departments"] = json!([{"department": "wsjd", "officers": number, "posts": posts}]);
        if let Some(names) = shortlist {
            p["team"]["shortlist"] = json!(names);
        }
    })
}

/// He seals a draw whose teams no verifier can make again, and says what he likes of them. It is refused
/// before there is a seal, with what to do; what it tells to do is enough.
#[test]
fn a_plan_that_nobody_could_replay_is_not_sealed() {
    let policy = crowded(6, None);
    let plan = |policy: &Policy| {
        let (frame, roster) = (testkit::frame(300, policy), testkit::roster(3000, &[], policy));
        Plan::new(frame, roster, policy.clone(), double_random::Cycle::default()).unwrap()
    };
    let cost = plan(&policy).cost();
    // Two thousand of the three are of the department; each post counts as one more.
    assert_eq!((cost.visits, cost.pairs), (300, 300 * 6 * 2001));
    assert_eq!(cost.budget, (1 << 19) + 256 * 3300);
    let error = plan(&policy).seal(testkit::terms(&policy)).unwrap_err();
    assert_eq!(error, SealError::TooLarge(cost));
    assert!(error.to_string().contains("Set team.shortlist"), "{error}");
    let short = crowded(6, Some(20));
    assert_eq!(plan(&short).cost().pairs, 300 * 6 * 21);
    assert!(plan(&short).seal(testkit::terms(&short)).is_ok());
}

/// He brings a record that another program sealed all the same. The teams are not made again, and the report
/// says so: it confirms nothing.
#[test]
fn a_record_that_is_too_large_is_not_confirmed() {
    let sealed = testkit::sealed(300, 60, &[], crowded(6, None));
    let record = testkit::draw(&sealed, 1);
    let mut evidence = testkit::evidence(&sealed, &record);
    let crowd = testkit::roster(3000, &[], &record.policy);
    evidence.roster = Some((crowd, sealed.salt_key().clone()));
    let report = verify(&record, &evidence);
    let Outcome::NotRun { because } = report.outcome(Check::Assignment) else { panic!("{report}") };
    assert_eq!(*because, NotRun::TooLarge);
    assert_eq!(report.failed(), [Check::Roster], "what is too large is not what is wrong");
}

/// Nobody has room, so that every shortlist is doubled again and again: up to lists that can be replayed.
#[test]
fn shortlists_are_widened_within_the_budget() {
    let policy = crowded(20, Some(4));
    let full = |n: u64| InspectorRow { cap: "0".into(), ..testkit::inspector_row(n) };
    let roster = Roster::new((0..1050).map(full), [], &policy.roster, policy.as_of).unwrap();
    let sealed = testkit::seal(testkit::frame(100, &policy), roster, policy);
    let record = testkit::draw(&sealed, 1);
    let [widened] = &record.teams.widened[..] else { panic!("one length") };
    // 100 visits with twenty posts of 256 names and one; the next would be 512, of 700 people.
    assert_eq!((widened.shortlist, widened.units.len()), (256, 100));
    let budget = sealed.plan().cost().budget;
    assert!((100 * 20 * 257..100 * 20 * 513).contains(&budget));
}

/// Every visit is short for itself, and each shortage asks for four networks of its own.
#[test]
fn ways_out_are_tried_for_as_many_shortages_as_can_be_replayed() {
    let policy = policy(|p| {
        every_unit(p);
        p["team"]["jurisdiction"] = json!("own");
        p["team"]["cap"] = json!(600);
        p["team"]["departments"] = json!([{"department": "wsjd", "officers": 20}]);
    });
    let sealed = testkit::sealed(600, 60, &[], policy);
    let teams = testkit::draw(&sealed, 1).teams;
    assert_eq!(teams.shortages.len(), 600);
    let tried = teams.shortages.iter().take_while(|shortage| !shortage.ways_out.is_empty()).count();
    let budget = sealed.plan().cost().budget;
    let pairs: usize = teams.shortages.iter().map(|shortage| shortage.officers.len()).sum();
    // Each costs the pairs of the party and its forty people.
    assert_eq!(tried as u64, 4 * budget / (pairs as u64 + 40));
    assert!(tried < 600 && teams.shortages[tried..].iter().all(|shortage| shortage.ways_out.is_empty()));
}

/// A year of hundreds of tasks about the same units: for every item and task the tree was walked again, and
/// each pair of tasks was a finding of its own.
#[test]
fn a_programme_of_many_tasks_is_answered_with_the_first_findings_and_their_number() {
    let pack = Pack::from_json(&testkit::rules::pack_json(|_| {})).unwrap();
    let many = testkit::rules::programme_json(|p| {
        let task = p["tasks"][0].clone();
        let copy = |n: u64| {
            let mut copy = task.clone();
            copy["code"] = json!(format!("copy-{n}"));
            copy
        };
        p["tasks"] = json!((0..120).map(copy).collect::<Vec<Value>>());
    });
    let many = Programme::from_json(&many).unwrap();
    let policy = many.policy(&pack, &many.tasks[0].code, 1, None).unwrap();
    let row = |n: u64| UnitRow {
        risk: String::new(),
        credit: String::new(),
        signals: vec![("beds".into(), (5 + n % 20).to_string())],
        ..testkit::unit_row(n)
    };
    let frame = pack.frame(&policy, &double_random::dossier::Dossier::default(), (0..150).map(row)).unwrap();
    let findings = many.check(&pack, &frame);
    let pairs = 120 * 119 / 2;
    assert!(findings.advice().count() == MOST_PROBLEMS && findings.left_off() >= pairs - 1000, "{findings}");
    let text = findings.to_string();
    assert!(text.len() < 400_000, "{}", text.len());
    assert!(text.contains(" and 100 more"), "a list of tasks is shortened: {text}");
    assert!(text.ends_with("more are not listed: correct these, and read it again"));
}

/// A thousand parts, and five hundred records below: for each of them every pick was compared with every part.
#[test]
fn picks_of_a_thousand_parts_are_looked_up_once_for_all_records_below() {
    let (parts, picks, records) = (1000, 20_000, 500);
    let above = testkit::draw(&city(), 7);
    let below = LATER.drawn(&above);
    let county = |n: usize| format!("area-{n:04}");
    let above = changed(&above, |r| {
        r["policy"]["frame"]["divisions"] = (0..parts).map(|n| json!(county(n))).collect();
        r["policy"]["strata"] = json!(["area1", "kind"]);
        r["policy"]["team"]["jurisdiction"] = json!("own");
        r["policy"]["coverage"]["guards"] = json!(["total"]);
        r["policy"]["dispatch"]["at"] = json!("area1");
        let part = |n| json!({"authority": format!("a-{n}"), "divisions": [county(n)], "scope": "test"});
        r["policy"]["dispatch"]["parts"] = (0..parts).map(part).collect();
        let row = r["table"]["cells"][0].clone();
        let cell = |n: usize| {
            let mut row = row.clone();
            row["path"] = json!(format!("first/{}/hospital", county(n)));
            row
        };
        r["table"]["cells"] = (0..parts).map(cell).collect();
        let own = |n: usize, k: usize| json!({"id": format!("T-{:06}", k * parts + n), "pseudonym": "0".repeat(32), "ticket": "0".repeat(64)});
        let sample = |n: usize| {
            let picks: Vec<Value> = (0..picks / parts).map(|k| own(n, k)).collect();
            json!({"picks": picks, "reserves": []})
        };
        r["sample"] = (0..parts).map(sample).collect();
    });
    let of = |n: usize| {
        let record = changed(below.record.as_ref().unwrap(), |r| {
            r["policy"]["authority"] = json!(format!("a-{n}"));
        });
        DrawEvidence { record: Some(record), ..below.clone() }
    };
    let given: Vec<DrawEvidence> = (0..records).map(of).collect();
    let report = dispatched(&above, &Evidence::default(), &given);
    assert_eq!(report.parts.iter().map(|part| part.picks).sum::<usize>(), picks);
    assert_eq!(report.parts.iter().map(|part| part.answers).sum::<usize>(), records);
    let wrong = |draw: &DispatchReport| draw.link.as_ref().unwrap().failed().contains(&DispatchCheck::Picks);
    assert!(report.below.len() == records && report.below.iter().all(wrong));
}

/// A corpus of every target lies in the repository, small and current, and every target answers it and what
/// grows from it. `CONTRIBUTING.md` says how to go on for hours.
#[test]
fn the_corpus_of_every_target_is_answered() {
    let corpus = testkit::repository("tests/fuzz/corpus");
    let folders: BTreeSet<String> = names(&corpus).into_iter().collect();
    assert!(
        folders
            .iter()
            .map(String::as_str)
            .eq(TARGETS.map(|(name, _)| name).into_iter().collect::<BTreeSet<_>>())
    );
    let (mut state, mut bytes) = (0x5EED, 0);
    for (name, run) in TARGETS {
        let seeds: Vec<Vec<u8>> = names(&corpus.join(name))
            .iter()
            .map(|seed| fs::read(corpus.join(name).join(seed)).unwrap())
            .collect();
        assert!(!seeds.is_empty(), "{name}");
        for (place, seed) in seeds.iter().enumerate() {
            bytes += seed.len();
            run(seed);
            for _ in 0..20 {
                run(&mutated(seed, &seeds[(place + 1) % seeds.len()], &mut state));
            }
        }
    }
    assert!(bytes < 400_000, "a small corpus: {bytes} bytes");
}

/// The names of the files and folders at a place, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Writes the seeds of the corpus anew. What fuzzing found is kept: such files have no name of a seed.
#[test]
#[ignore = "writes tests/fuzz/corpus anew"]
fn write_the_corpus() {
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = testkit::repository("tests/fuzz/corpus").join(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("seed-{name}")), bytes).unwrap();
    };
    let rows = |n: u64| {
        let units: Vec<UnitRow> = (0..n).map(testkit::unit_row).collect();
        let officers: Vec<InspectorRow> = (0..n).map(testkit::inspector_row).collect();
        let mut all = json!({"units": units, "officers": officers});
        all["recusals"] = json!([testkit::recusal_row(0, 1)]);
        all
    };
    let document = testkit::policy_json(|p| p["coverage"] = json!({"guards": ["total"], "minimum": "0"}));
    let sealed = testkit::sealed(8, 9, &[(0, 1)], Policy::from_json(&document).unwrap());
    let record = testkit::draw(&sealed, 1);
    let (plan, key) = (sealed.plan(), sealed.salt_key());
    write("canonical", "record", &record.to_json());
    write("policy", "plain", document.as_bytes());
    write("policy", "full", testkit::policy_json(testkit::full_teams).as_bytes());
    for (target, file) in [("pack", "quanzhou.json"), ("programme", "quanzhou-2026.json")] {
        write(target, "quanzhou", &fs::read(testkit::repository("examples/rules").join(file)).unwrap());
    }
    write("frame", "eight", &plan.frame().to_json(key));
    write("roster", "nine", &plan.roster().to_json(key));
    let year = testkit::cycle("0.5", &[(3, 1, "0.5", "2025-06-01", &["I-0001", "I-0003"])]);
    write("cycle", "one", &year.to_json(key));
    write("record", "eight", &record.to_json());
    let receipt = sealed.receipts().get(&plan.frame().units()[0].id).unwrap();
    write("receipt", "first", &receipt.to_json());
    let city = testkit::assembled::in_order();
    write("register", "county", &city.submitted[0].register.to_json());
    write("registers", "counties", &testkit::assembled::keys(&city.submitted, true).to_json());
    write("intake", "county", &city.intakes[0].to_json());
    let office = testkit::ledger::first_draw(None);
    let lines: Vec<u8> = office.lines().iter().flat_map(|line| [line.bytes(), b"\n"].concat()).collect();
    write("ledger", "first", &lines);
    write("note", "key", testkit::ledger::witness_keys()[0].as_bytes());
    write("note", "signed", "example.org/ledger\n3\nAAAA\n\n— example.org/w AAAAAAAA\n".as_bytes());
    write("rows", "six", rows(6).to_string().as_bytes());
    let mut inputs = rows(6);
    inputs["policy"] = serde_json::from_str(&document).unwrap();
    write("embed", "version", b"version\n{}");
    write("embed", "plan", format!("plan\n{}", json!({"inputs": inputs})).as_bytes());
    write(
        "embed",
        "verify",
        format!("verify\n{}", json!({"record": String::from_utf8(record.to_json()).unwrap()})).as_bytes(),
    );
    for n in 0..6_u8 {
        let bytes: Vec<u8> = (0..120).map(|k: u8| k.wrapping_mul(37 + 2 * n) ^ n.rotate_left(3)).collect();
        write("network", &n.to_string(), &bytes);
        write("world", &n.to_string(), &bytes);
    }
}
