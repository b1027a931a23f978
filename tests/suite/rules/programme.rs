//! Programmes: what the check finds, the policies that follow, merged visits, follow-up, and where a policy
//! comes from.

use double_random::bytes::SaltKey;
use double_random::calendar::Date;
use double_random::cycle::{Cycle, Event};
use double_random::dossier::{Dossier, DossierEntry};
use double_random::frame::{Unit, UnitRow};
use double_random::id::Code;
use double_random::pack::Pack;
use double_random::policy::ItemClass;
use double_random::programme::{
    Answer, DrawnTask, Finding, Findings, FollowError, Programme, ProgrammeError, Severity, TaskTeam,
    VisitOutcome, VisitsError,
};
use double_random::verify::{OriginCheck, OriginEvidence, Verdict, origin};
use double_random::{Frame, InspectorId, Plan, Policy, Roster, UnitId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::rules::{pack_json, programme_json};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn pack_with(change: impl FnOnce(&mut Value)) -> Pack {
    Pack::from_json(&pack_json(change)).unwrap()
}

fn pack() -> Pack {
    pack_with(|_| {})
}

fn programme(change: impl FnOnce(&mut Value)) -> Programme {
    Programme::from_json(&programme_json(change)).unwrap()
}

/// Forty units with beds, some with radiology, levels by the pack's rules.
fn rows(units: u64) -> Vec<UnitRow> {
    let row = |n: u64| {
        let mut row = testkit::unit_row(n);
        (row.risk, row.credit) = (String::new(), String::new());
        row.signals = vec![("beds".into(), (5 + n % 20).to_string())];
        if n % 5 < 2 {
            row.signals.push(("radiology".into(), "1".into()));
        }
        row
    };
    (0..units).map(row).collect()
}

fn frame(pack: &Pack, policy: &Policy, dossier: &Dossier, units: u64) -> Frame {
    pack.frame(policy, dossier, rows(units)).unwrap()
}

fn any_policy(pack: &Pack, programme: &Programme) -> Policy {
    programme.policy(pack, &programme.tasks[0].code, 1, None).unwrap()
}

/// What the check says of a changed pack and programme, as text; and whether it is refused.
fn checked(of_pack: impl FnOnce(&mut Value), of_programme: impl FnOnce(&mut Value)) -> (String, bool) {
    let (pack, programme) = (pack_with(of_pack), programme(of_programme));
    let base = self::programme(|_| {});
    let policy = any_policy(&self::pack(), &base);
    let findings = programme.check(&pack, &frame(&self::pack(), &policy, &Dossier::default(), 40));
    (findings.to_string(), findings.is_refused())
}

#[test]
fn the_small_programme_breaks_nothing() {
    let (text, refused) = checked(|_| {}, |_| {});
    assert!(!refused && text.starts_with("0 breaches"), "{text}");
    // What could be better is said: two tasks in one summer, mixed classes, an item that chance may leave
    // out.
    for advice in ["tasks year and joint", "task year has key items"] {
        assert_eq!(text.contains(advice), advice.starts_with("task year has"), "{text}");
    }
}

/// A change of the pack, a change of the programme, and words of the finding.
type Breach = (fn(&mut Value), fn(&mut Value), &'static str);

/// What stands in the programme itself, and whether it is for this pack.
fn breaches_of_its_own_form() -> Vec<Breach> {
    vec![
        (|_| {}, |p| p["pack"] = json!("other"), "pack: other of 2026, and the pack given is small of 2026"),
        (|_| {}, |p| p["year"] = json!(2027), "small of 2027"),
        (|_| {}, |p| p["tasks"] = json!([]), "tasks: there is none"),
        (|_| {}, |p| p["tasks"][1]["code"] = json!("year"), "task year: stands twice"),
        (|_| {}, |p| p["tasks"][0]["items"] = json!([]), "task year: has no items"),
        (|_| {}, |p| p["tasks"][0]["items"] = json!(["none", "site"]), "none is no item of the pack"),
        (|_| {}, |p| p["tasks"][0]["items"] = json!(["site", "site"]), "has item site twice"),
        (|_| {}, |p| p["tasks"][1]["joining"] = json!(["ybj"]), "ybj is no department of the pack"),
        (|_| {}, |p| p["tasks"][1]["joining"] = json!(["wsjd"]), "wsjd takes part twice"),
        (
            |_| {},
            |p| p["divisions"] = json!(["350502", "350502", "350503", "350582", "350583"]),
            "names a division twice",
        ),
    ]
}

/// Items, departments, floors and bands of the pack that the tasks do not keep.
fn breaches_of_coverage_and_bands() -> Vec<Breach> {
    vec![
        (|_| {}, |p| p["tasks"][0]["items"] = json!(["x-ray"]), "item site is in no task"),
        (
            |_| {},
            |p| p["tasks"][1]["population"] = json!({"divisions": ["350502"]}),
            "item south applies to no unit in the tasks that have it (joint)",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["items"] = json!(["x-ray", "site", "prices"]),
            "task year has item prices without scjg",
        ),
        (
            |p| p["joint"]["least"] = json!(2),
            |_| {},
            "1 joint draws in the year, at least 2 are asked for (No. 1: joint)",
        ),
        (
            |_| {},
            |p| drop(p["tasks"][1].as_object_mut().unwrap().remove("joining")),
            "0 joint draws in the year",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["no_floor"] = json!(true),
            "clinic are in no task with a coverage floor (No. 1: floor)",
        ),
        (
            |p| {
                p["bands"][1]["share"]["max"] = json!("0.31");
                p["items"][2]["class"] = json!("general");
            },
            |p| p["tasks"][0]["design"] = json!({"method": "rate", "rate": "0.6"}),
            "band band-low: year, joint bring 0.",
        ),
        (
            |p| {
                p["bands"] = json!([{"cite": {"document": "doc", "says": "B seldom"}, "code": "band-b",
                                     "credit": "B", "visits": {"below": "0.6"}}]);
                p["items"][2]["class"] = json!("general");
            },
            |p| p["tasks"][0]["design"] = json!({"method": "rate", "rate": "0.9"}),
            "to level B, the band says less than 0.6 visits a year (No. 1: B seldom)",
        ),
        (
            // Just once is not less than once.
            |p| {
                p["bands"] = json!([{"cite": {"document": "doc", "says": "less than once"}, "code": "once",
                                     "credit": "B", "visits": {"below": "1"}}]);
                p["items"][2]["class"] = json!("general");
                p["rating"]["visits"] = json!([]);
                p.as_object_mut().unwrap().remove("ratios");
                p["rating"].as_object_mut().unwrap().remove("visits");
            },
            |p| {
                p["tasks"] = json!([p["tasks"][1]]);
                p["tasks"][0]["design"] = json!({"method": "rate", "rate": "1"});
            },
            "joint bring 1 to level B, the band says less than 1 visits a year",
        ),
    ]
}

/// Shares and dates of batches, deadlines, the calendar.
fn breaches_of_dates() -> Vec<Breach> {
    vec![
        (
            |_| {},
            |p| p["tasks"][0]["batches"][0]["share"] = json!("0.4"),
            "the shares of its batches sum to 0.9, not to 1",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][0]["matched"] = json!("2026-03-06"),
            "task year, batch 1: match on 2026-03-06, the last day is 2026-03-05 (No. 1: match)",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][0]["published"] = json!("2026-05-14"),
            "task year, batch 1: publish on 2026-05-14, the last day is 2026-05-12 (No. 1: publish)",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][0]["recusals"] = json!("2026-03-10"),
            "recusal on 2026-03-13, the last day is 2026-03-12",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][1]["published"] = json!("2026-10-15"),
            "published on 2026-10-15, before the last visit",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][0]["as_of"] = json!("2026-03-04"),
            "frame and roster are of 2026-03-04, after the draw",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][0]["drawn"] = json!("2026-03-07"),
            "drawn on 2026-03-07, which is no working day",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][0]["drawn"] = json!("2026-03-02"),
            "a value of its beacon becomes known after the draw on 2026-03-02",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][0]["recusals"] = json!("2026-03-04"),
            "recusals until 2026-03-04, before the teams are known",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][1]["drawn"] = json!("2026-03-03"),
            "task year, batch 2: is not drawn after the one before",
        ),
        (
            |_| {},
            |p| p["calendar"]["covers"]["to"] = json!("2026-11-10"),
            "publish on 2026-11-13, and the calendar does not cover its deadline",
        ),
    ]
}

/// What the draws of the tasks would come to.
fn breaches_of_plans() -> Vec<Breach> {
    vec![
        (
            |_| {},
            |p| p["tasks"][2]["design"] = json!({"method": "number", "number": 60}),
            "task some, batch 1: 60 units are asked for",
        ),
        (|_| {}, |p| p["terms"]["ceiling"] = json!("0"), "team.ceiling"),
        (|_| {}, |p| p["tasks"][1]["officers"] = json!(1), "task joint, batch 1: 2 broken rule"),
        (
            |p| {
                p["bands"] = json!([]);
                p.as_object_mut().unwrap().remove("bands");
                p["frequency"].as_array_mut().unwrap().iter_mut().for_each(|e| e["visits"] = json!("1.5"));
                p["caps"][0]["visits"] = json!(1);
                p["items"][2]["class"] = json!("general");
            },
            |_| {},
            "cap cap: 20 subjects expect up to 2.",
        ),
    ]
}

/// Advice: a signal must not stop a programme.
fn advice() -> Vec<Breach> {
    vec![
        (|_| {}, |p| p["tasks"][0]["strata"] = json!(["kind"]), "item"),
        (
            |p| {
                p.as_object_mut().unwrap().remove("bands");
                p["frequency"].as_array_mut().unwrap().iter_mut().for_each(|e| e["visits"] = json!("2.9"));
            },
            |_| {},
            "a unit is due 2.95 visits a year, and its batches can bring 2: more batches are needed",
        ),
    ]
}

/// What the check says of a changed pack and programme about the frame of the unchanged ones.
fn findings((of_pack, of_programme, why): Breach) -> Findings {
    let pack = Pack::from_json(&pack_json(of_pack)).unwrap_or_else(|e| panic!("{why}: {e}"));
    let programme =
        Programme::from_json(&programme_json(of_programme)).unwrap_or_else(|e| panic!("{why}: {e}"));
    let policy = any_policy(&self::pack(), &self::programme(|_| {}));
    programme.check(&pack, &frame(&self::pack(), &policy, &Dossier::default(), 40))
}

#[test]
fn every_breach_is_named_with_its_figures() {
    let breaches = [
        breaches_of_its_own_form(),
        breaches_of_coverage_and_bands(),
        breaches_of_dates(),
        breaches_of_plans(),
    ];
    for breach in breaches.concat() {
        let (findings, why) = (findings(breach), breach.2);
        let named = findings.breaches().any(|finding| finding.to_string().contains(why));
        assert!(findings.is_refused() && named, "{why}\n{findings}");
    }
    for case in advice() {
        let findings = findings(case).to_string();
        assert!(findings.contains(case.2), "{}\n{findings}", case.2);
    }
}

#[test]
fn all_breaches_are_reported_at_once_and_advice_breaks_nothing() {
    let (text, refused) = checked(
        |p| p["joint"]["least"] = json!(3),
        |p| {
            p["tasks"][0]["items"] = json!(["x-ray"]);
            p["tasks"][0]["batches"][0]["matched"] = json!("2026-03-09");
            p["tasks"][1]["batches"][0]["window"] = json!({"from": "2026-06-11", "to": "2026-07-10"});
        },
    );
    assert!(refused);
    for why in ["item site is in no task", "match on 2026-03-09", "1 joint draws"] {
        assert!(text.contains(why), "{why}\n{text}");
    }
    // Two tasks about the same hospitals in the same days could be one; that is advice.
    let (text, refused) =
        checked(|_| {}, |p| drop(p["tasks"][2].as_object_mut().unwrap().remove("population")));
    assert!(
        text.contains("advice: tasks joint and some are both about 20 units from 2026-06-11 to 2026-07-10"),
        "{text}"
    );
    assert!(!refused, "{text}");
    let finding = Finding::MixedClasses { task: code("t"), general: vec![code("i")] };
    assert_eq!(finding.severity(), Severity::Advice);
}

/// 林甸: A ≤ 5 %, B 5–20, C 21–60, D 61–100, as the national pack has them; a programme that breaks one is
/// refused with the rule named.
#[test]
fn the_bands_of_lindian_hold_or_the_plan_is_refused_with_the_rule_named() {
    let folder = testkit::repository("examples/rules");
    let pack =
        Pack::from_json(&std::fs::read_to_string(folder.join("national-health.json")).unwrap()).unwrap();
    let task = |design: Value, strata: Value, key: bool| {
        let general = |item: &&double_random::pack::CheckItem| key || item.class == ItemClass::General;
        let items: Vec<&Code> = pack.items.iter().filter(general).map(|item| &item.code).collect();
        let mut departments: Vec<&Code> =
            pack.items.iter().filter(general).map(|item| &item.department).collect();
        departments.sort();
        departments.dedup();
        programme(|p| {
            p["pack"] = json!(pack.code);
            p["tasks"] = json!([p["tasks"][0]]);
            let task = &mut p["tasks"][0];
            task["design"] = design;
            task["strata"] = strata;
            task["items"] = json!(items);
            task["department"] = json!(departments[0]);
            task["joining"] = json!(departments[1..]);
            task["officers"] = json!(8);
            // A control share comes on top of the frequency: with it A would be at 6.3 %.
            task.as_object_mut().unwrap().remove("surprise");
        })
    };
    // 400 units of every credit level, by facts that the rules turn into levels.
    let honest = task(json!({"method": "frequency"}), json!(["credit"]), true);
    let policy = honest.policy(&pack, &code("year"), 1, None).unwrap();
    let facts: [&[(&str, u64)]; 4] = [&[("red", 1)], &[], &[("points", 16)], &[("serious", 1)]];
    let rows = (0..400_u64).map(|n| {
        let mut row = testkit::unit_row(n);
        row.signals = Vec::new();
        row.kind = pack.kinds[n as usize % pack.kinds.len()].code.to_string();
        (row.risk, row.credit) = (String::new(), String::new());
        row
    });
    let entry = |n: u64| {
        facts[n as usize % 4].iter().map(move |(signal, count)| {
            let unit = testkit::unit_row(n).id;
            let entry = json!({"entry": "noted", "date": "2026-02-01", "count": count, "signal": signal,
                               "source": "file", "unit": unit});
            serde_json::from_value::<DossierEntry>(entry).unwrap()
        })
    };
    let dossier = Dossier::replay(&pack.dossier_terms(), (0..400).flat_map(entry)).unwrap();
    let frame = pack.frame(&policy, &dossier, rows).unwrap();
    let of = |level: &str| frame.units().iter().filter(|unit| unit.credit.as_str() == level).count();
    assert!(["A", "B", "C", "D"].iter().all(|level| of(level) >= 50), "{:?}", ["A", "B", "C", "D"].map(of));
    let bands = |programme: &Programme| -> BTreeSet<String> {
        let findings = programme.check(&pack, &frame);
        let named = findings.breaches().filter_map(|finding| match finding {
            Finding::Band { band, basis, .. } => {
                assert!(basis.contains("林甸"), "{basis}");
                Some(band.to_string())
            }
            _ => None,
        });
        named.collect()
    };
    assert_eq!(bands(&honest), BTreeSet::new(), "{}", honest.check(&pack, &frame));
    // One rate for all units breaks what it must: general items at 30 %, of which the pack's own limit leaves
    // 13, are too much for A and too little for C; key items at 2 % too little for B and C.
    let flat =
        |rate: &str, key| bands(&task(json!({"method": "rate", "rate": rate}), json!(["county"]), key));
    let names = |levels: &[&str]| -> BTreeSet<String> {
        let band = |level: &&str| {
            pack.bands.iter().find(|b| b.credit.as_ref().is_some_and(|c| c.as_str() == *level)).unwrap()
        };
        levels.iter().map(|level| band(level).code.to_string()).collect()
    };
    assert!(flat("0.3", false).is_superset(&names(&["A", "C"])), "{:?}", flat("0.3", false));
    assert!(flat("0.02", true).is_superset(&names(&["B", "C"])), "{:?}", flat("0.02", true));
    // A draw under such a policy is held by the same bands, where credit is the outermost level.
    let ratios: BTreeSet<String> = policy.ratios.iter().map(|ratio| ratio.code.to_string()).collect();
    assert_eq!(
        names(&["A", "B", "C", "D"]).intersection(&ratios).cloned().collect::<BTreeSet<_>>(),
        names(&["B", "C", "D"])
    );
    // Key items have no upper limit, so A's is left to the check; a task of general items has it, too.
    let general: Vec<&Code> =
        pack.items.iter().filter(|i| i.class == ItemClass::General).map(|i| &i.code).collect();
    let mut document = serde_json::to_value(&honest).unwrap();
    document["tasks"][0]["items"] = json!(general);
    let limited =
        Programme::from_json(&document.to_string()).unwrap().policy(&pack, &code("year"), 1, None).unwrap();
    assert!(
        names(&["A", "B", "C", "D"])
            .is_subset(&limited.ratios.iter().map(|ratio| ratio.code.to_string()).collect())
    );
    // And a pack whose own table breaks a band is none.
    let mut document: Value =
        serde_json::from_str(&String::from_utf8(pack.to_json().unwrap()).unwrap()).unwrap();
    for entry in document["frequency"].as_array_mut().unwrap() {
        if entry["credit"] == "A" {
            entry["visits"] = json!("0.06");
        }
    }
    let error = Pack::from_json(&document.to_string()).unwrap_err().to_string();
    assert!(
        error.contains("is broken by the 0.06 visits") && error.contains("at most 0.05 of them"),
        "{error}"
    );
}

/// Where the check names no finding for an item, every draw of some first batch brings a unit to which it
/// applies.
#[test]
fn items_that_the_check_does_not_name_are_reached_by_every_draw() {
    let (mut sure, mut named) = (0, 0);
    for world in 0..12_u64 {
        let rate = ["0.3", "0.05", "0.5"][world as usize / 3 % 3];
        let pack = pack();
        let programme = programme(|p| {
            p["tasks"][0]["strata"] =
                [json!(["county", "kind"]), json!(["kind", "county"]), json!(["county"])][world as usize % 3]
                    .clone();
            p["tasks"][1]["design"] = json!({"method": "rate", "rate": rate});
        });
        let units = 16 + 7 * world;
        let first = any_policy(&pack, &programme);
        let frame = frame(&pack, &first, &Dossier::default(), units);
        let findings = programme.check(&pack, &frame);
        let unsure: BTreeSet<Code> = findings
            .as_slice()
            .iter()
            .filter_map(|finding| match finding {
                Finding::ItemByChance { item, .. }
                | Finding::ItemUncovered { item }
                | Finding::ItemWithoutSubjects { item, .. } => Some(item.clone()),
                _ => None,
            })
            .collect();
        named += unsure.len();
        for item in pack.items.iter().filter(|item| !unsure.contains(&item.code)) {
            sure += 1;
            let reached = |task: &double_random::programme::Task| {
                let policy = programme.policy(&pack, &task.code, 1, None).unwrap();
                let roster = Roster::new([], [], &policy.roster, policy.as_of).unwrap();
                let Ok(plan) = Plan::new(frame.clone(), roster, policy.clone(), Cycle::default()) else {
                    return false;
                };
                let mut terms = testkit::terms(&policy);
                terms.sealed_at =
                    double_random::calendar::Instant::parse(&format!("{}T00:00:00Z", policy.as_of)).unwrap();
                let sealed = plan.seal(terms).unwrap();
                (0..25).all(|n| {
                    let record = sealed.seed(&testkit::dice(n)).unwrap().draw().assign().record();
                    record
                        .teams
                        .visits
                        .iter()
                        .any(|visit| pack.applies(item, frame.get(&visit.unit).unwrap()))
                })
            };
            let tasks = programme.tasks.iter().filter(|task| task.items.contains(&item.code));
            assert!(tasks.clone().any(reached), "world {world}, item {}", item.code);
        }
    }
    assert!(sure >= 20 && named >= 5, "{sure} sure, {named} named");
}

#[test]
fn the_policy_of_a_batch_carries_every_rule_of_the_pack_that_is_for_it() {
    let (pack, programme) = (pack(), programme(|_| {}));
    let policy = |task: &str, batch| programme.policy(&pack, &code(task), batch, None).unwrap();
    let (spring, autumn, joint, some) =
        (policy("year", 1), policy("year", 2), policy("joint", 1), policy("some", 1));
    assert_eq!(
        (spring.round().share, spring.round().rest),
        (testkit::billionths("0.5"), testkit::billionths("1"))
    );
    assert_eq!(
        (autumn.round().share, autumn.round().rest),
        (testkit::billionths("0.5"), testkit::billionths("0.5"))
    );
    assert_eq!(joint.round, None);
    // A key item lifts caps and upper limits; general items have them.
    let exclusions =
        |policy: &Policy| policy.exclusions.iter().map(|e| e.code.to_string()).collect::<Vec<_>>();
    assert_eq!(exclusions(&spring), ["new"]);
    assert_eq!(exclusions(&joint), ["new", "cap"]);
    let ratio = |policy: &Policy| {
        policy
            .ratios
            .iter()
            .map(|r| (r.code.to_string(), r.min.is_some(), r.max.is_some()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ratio(&spring), []);
    assert_eq!(ratio(&joint), [("beds".into(), true, true)]);
    // The band of the outermost level.
    assert_eq!(ratio(&some), [("band-low".into(), false, true)]);
    assert_eq!(some.coverage().minimum, testkit::billionths("0"));
    // Qualifications become posts at the kinds where an item asks for them; an item that is checked remotely
    // sends no officer.
    let posts = |policy: &Policy, n: usize| {
        policy.team.departments[n]
            .posts
            .iter()
            .map(|post| (post.post.to_string(), post.kinds.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(posts(&spring, 0), [("radiation".to_owned(), None)]);
    assert_eq!((posts(&joint, 0), posts(&joint, 1)), (vec![("medical".to_owned(), None)], vec![]));
    assert_eq!(
        joint.team.departments.iter().map(|d| (d.department.as_str(), d.officers)).collect::<Vec<_>>(),
        [("wsjd", 3), ("scjg", 3)]
    );
    assert_eq!(spring.team.experts.as_ref().map(|experts| (experts.cap, experts.posts.len())), Some((30, 1)));
    assert_eq!(joint.team.experts, None);
    let enterprises = spring.team.enterprises.as_ref().unwrap();
    assert_eq!(
        (enterprises.kinds.as_slice(), enterprises.basis.as_str()),
        (&[code("clinic")][..], "No. 1: attendance")
    );
    assert_eq!((joint.subsamples.len(), spring.subsamples.len()), (1, 0));
    // Unknown tasks and batches, and a number in two batches, are errors, not panics.
    for (task, batch) in [("none", 1), ("year", 0), ("year", 3), ("year", u64::MAX)] {
        assert!(matches!(
            programme.policy(&pack, &code(task), batch, None),
            Err(ProgrammeError::NoBatch { .. })
        ));
    }
    let twice = self::programme(|p| p["tasks"][0]["design"] = json!({"method": "number", "number": 3}));
    assert!(
        twice
            .policy(&pack, &code("year"), 1, None)
            .unwrap_err()
            .to_string()
            .contains("a number is drawn in one batch")
    );
    let over = self::programme(|p| p["tasks"][0]["batches"][0]["share"] = json!("1.5"));
    assert!(over.policy(&pack, &code("year"), 2, None).is_err());
}

fn unit(frame: &Frame, id: &str) -> Unit {
    frame.get(&UnitId::parse(id).unwrap()).unwrap().clone()
}

#[test]
fn visits_of_several_draws_merge_where_their_windows_meet() {
    let pack = pack();
    // The joint task is moved into the spring, so that its window meets the first of the year's.
    let programme = programme(|p| {
        p["tasks"][1]["batches"][0]["window"] = json!({"from": "2026-04-01", "to": "2026-04-30"})
    });
    let frame = frame(&pack, &any_policy(&pack, &programme), &Dossier::default(), 40);
    let draw = |task: &str, batch: u64, units: &[&str]| DrawnTask {
        batch,
        task: code(task),
        units: units.iter().map(|id| UnitId::parse(id).unwrap()).collect(),
    };
    let draws = [
        draw("some", 1, &["T-000000"]),
        draw("joint", 1, &["T-000000"]),
        draw("joint", 1, &["T-000000", "T-000001"]),
        draw("year", 2, &["T-000000"]),
        draw("year", 1, &["T-000000", "T-000002"]),
    ];
    let visits = programme.visits(&pack, &frame, &draws).unwrap();
    // No drawn unit is left out in silence.
    let refused = |draw: DrawnTask| programme.visits(&pack, &frame, &[draw]).unwrap_err();
    let unknown = VisitsError::UnknownUnit { unit: UnitId::parse("T-999999").unwrap() };
    assert_eq!(refused(draw("joint", 1, &["T-999999"])), unknown);
    assert_eq!(
        refused(draw("none", 1, &["T-000003"])),
        VisitsError::NoBatch { task: code("none"), batch: 1 }
    );
    assert_eq!(
        refused(draw("year", 9, &["T-000003"])),
        VisitsError::NoBatch { task: code("year"), batch: 9 }
    );
    assert!(matches!(refused(draw("year", 0, &[])), VisitsError::NoBatch { .. }));
    let seen: Vec<(String, Vec<String>, String)> = visits
        .iter()
        .map(|v| {
            let draws = v.draws.iter().map(|d| format!("{} {}", d.task, d.batch)).collect();
            (v.unit.to_string(), draws, format!("{} {}", v.window.from(), v.window.to()))
        })
        .collect();
    let text = |unit: &str, draws: &[&str], window: &str| {
        (unit.to_owned(), draws.iter().map(|d| (*d).to_owned()).collect(), window.to_owned())
    };
    assert_eq!(
        seen,
        [
            text("T-000000", &["year 1", "joint 1"], "2026-04-01 2026-04-10"),
            text("T-000000", &["some 1"], "2026-06-11 2026-07-10"),
            text("T-000000", &["year 2"], "2026-09-10 2026-10-16"),
            text("T-000001", &["joint 1"], "2026-04-01 2026-04-30"),
            text("T-000002", &["year 1"], "2026-03-12 2026-04-10"),
        ]
    );
    // T-000000 is a hospital with radiology: the year's team has the physicist, the joint one the physician;
    // each is needed.
    let merged = &visits[0];
    let team = |department: &str, task: &str| TaskTeam { department: code(department), task: code(task) };
    assert_eq!(merged.departments, [team("wsjd", "year"), team("wsjd", "joint"), team("scjg", "joint")]);
    assert_eq!((merged.lead.as_str(), merged.experts.as_slice()), ("wsjd", &[code("year")][..]));
    let items: Vec<&str> = merged.form.lines.iter().map(|line| line.item.as_str()).collect();
    assert_eq!(items, ["records", "prices", "x-ray"]);
    // Where the year asks for nothing that needs a qualification, its team goes all the same, as the first;
    // the other brings what is missing.
    let plain = programme
        .visits(&pack, &frame, &[draw("year", 1, &["T-000003"]), draw("joint", 1, &["T-000003"])])
        .unwrap();
    assert_eq!(unit(&frame, "T-000003").signals.get(&code("radiology")), None);
    assert_eq!(plain[0].departments, [team("wsjd", "year"), team("wsjd", "joint"), team("scjg", "joint")]);
    assert_eq!(plain[0].experts, []);
}

#[test]
fn a_visit_is_answered_line_by_line_and_moves_every_cycle() {
    let (pack, programme) = (pack(), programme(|_| {}));
    let frame = frame(&pack, &any_policy(&pack, &programme), &Dossier::default(), 40);
    let hospital = unit(&frame, "T-000000");
    let task = |n: usize| (&programme.tasks[n].code, programme.tasks[n].items.as_slice());
    let form = pack.form(&hospital, [task(0), task(1)]);
    let date = Date::parse("2026-04-03").unwrap();
    let answer = |item: &str, result: &str| Answer { item: code(item), result: code(result) };
    let officer = |id: &str| InspectorId::parse(id).unwrap();
    let made = |answers: Vec<Answer>| VisitOutcome::Made {
        answers,
        team: vec![officer("I-2"), officer("I-1"), officer("I-2")],
    };
    let draws = BTreeMap::from([(code("year"), 1), (code("joint"), 1)]);
    let all = || vec![answer("records", "ok"), answer("prices", "violation"), answer("x-ray", "neutral")];
    let follow = programme.follow(&pack, &form, &draws, date, made(all())).unwrap();
    let event =
        |task: &str| follow.events.iter().find(|(t, _)| t.as_str() == task).map(|(_, e)| e.clone()).unwrap();
    let team = vec![officer("I-1"), officer("I-2")];
    let visited = |items: &[&str]| Event::Visited {
        date,
        draw: 1,
        items: items.iter().map(|i| code(i)).collect(),
        team: team.clone(),
        unit: hospital.id.clone(),
    };
    assert_eq!((event("year"), event("joint")), (visited(&["x-ray"]), visited(&["prices", "records"])));
    assert_eq!(
        event("some"),
        Event::Inspected { approved: true, date, team: team.clone(), unit: hospital.id.clone() }
    );
    let DossierEntry::Result { drawn, results, .. } = &follow.entry else { panic!() };
    assert_eq!(
        (*drawn, results.iter().map(Code::as_str).collect::<Vec<_>>()),
        (true, vec!["neutral", "ok", "violation"])
    );
    // Twenty working days after Friday 3 April: Monday the 6th and the first days of May are holidays.
    assert_eq!(follow.publish_by, Some(Date::parse("2026-05-07").unwrap()));
    // The next frame has the open re-inspection, and the policy makes it certain.
    let mut dossier = Dossier::default();
    dossier.enter(&pack.dossier_terms(), follow.entry.clone()).unwrap();
    let policy = programme.policy(&pack, &code("year"), 2, None).unwrap();
    let next = self::frame(&pack, &policy, &dossier, 40);
    let roster = Roster::new([], [], &policy.roster, policy.as_of).unwrap();
    let spent: Cycle = testkit::cycle("0.5", &[]);
    let plan = Plan::new(next, roster, policy, spent).unwrap();
    let position = plan.frame().position(&hospital.id).unwrap();
    assert_eq!(plan.frame().units()[position].signals.get(&code("recheck")), Some(&1));
    assert_eq!(plan.probability(position), Some(1_000_000_000));
    // Nothing is added, left out or answered twice; a made visit is not closed, an unmade one not fine.
    for (answers, missing, unknown, twice) in [
        (vec![answer("records", "ok"), answer("prices", "ok")], 1, 0, 0),
        (
            vec![
                answer("records", "ok"),
                answer("prices", "ok"),
                answer("x-ray", "ok"),
                answer("site", "ok"),
            ],
            0,
            1,
            0,
        ),
        (
            vec![
                answer("records", "ok"),
                answer("prices", "ok"),
                answer("x-ray", "ok"),
                answer("x-ray", "ok"),
            ],
            0,
            0,
            1,
        ),
    ] {
        let error = programme.follow(&pack, &form, &draws, date, made(answers)).unwrap_err();
        let FollowError::Answers { missing: m, unknown: s, twice: t } = &error else { panic!("{error}") };
        assert_eq!((m.len(), s.len(), t.len()), (missing, unknown, twice), "{error}");
    }
    let mut closed = all();
    closed[0].result = code("closed");
    assert!(matches!(
        programme.follow(&pack, &form, &draws, date, made(closed)),
        Err(FollowError::Kind { visited: true, .. })
    ));
    let mut no_result = all();
    no_result[0].result = code("fine");
    assert!(matches!(
        programme.follow(&pack, &form, &draws, date, made(no_result)),
        Err(FollowError::UnknownResult { .. })
    ));
    let unmade = |result: &str| {
        programme.follow(&pack, &form, &draws, date, VisitOutcome::Unmade { result: code(result) })
    };
    assert!(matches!(unmade("ok"), Err(FollowError::Kind { visited: false, .. })));
    let missed = unmade("closed").unwrap();
    assert_eq!(missed.events.len(), 2);
    assert!(
        missed
            .events
            .iter()
            .all(|(_, event)| matches!(event, Event::Missed { reason, .. } if reason.as_str() == "closed"))
    );
    let foreign = BTreeMap::from([(code("none"), 1)]);
    assert!(matches!(
        programme.follow(&pack, &form, &foreign, date, made(all())),
        Err(FollowError::UnknownTask { .. })
    ));
    // A task with nothing on the form of a visit that is made for others is no coverage of it, and one visit
    // is one result.
    let plain = unit(&frame, "T-000002");
    let form = pack.form(&plain, [task(0), task(1)]);
    assert!(form.lines.iter().all(|line| line.tasks == [code("joint")]));
    let answers = form.lines.iter().map(|line| answer(line.item.as_str(), "ok")).collect();
    let follow = programme.follow(&pack, &form, &draws, date, made(answers)).unwrap();
    let (year, joint) = (&follow.events[0].1, &follow.events[1].1);
    assert!(
        matches!(year, Event::Missed { reason, .. } if reason.as_str() == "nothing_to_check"),
        "{year:?}"
    );
    assert!(matches!(joint, Event::Visited { items, .. } if items.len() == form.lines.len()), "{joint:?}");
    let empty = pack.form(&hospital, []);
    assert_eq!(
        programme.follow(&pack, &empty, &draws, date, made(Vec::new())),
        Err(FollowError::NothingToCheck)
    );
}

/// For every change behind a policy, the check of its origin that is named for it fails, and with everything
/// in place all pass.
#[test]
fn a_policy_shows_where_it_comes_from() {
    let (pack, programme, key) = (pack(), programme(|_| {}), SaltKey::new([5; 32]));
    let terms = pack.dossier_terms();
    let entry = |n: u64, signal: &str| {
        serde_json::from_value::<DossierEntry>(json!({"entry": "noted", "date": "2026-01-05", "count": 2,
            "signal": signal, "source": "file", "unit": format!("T-{n:06}")}))
        .unwrap()
    };
    let dossier = Dossier::replay(&terms, [entry(3, "complaints"), entry(5, "serious")]).unwrap();
    let digest = dossier.digest(programme.terms.suite, &key);
    let policy = programme.policy(&pack, &code("year"), 1, Some(digest)).unwrap();
    let frame = frame(&pack, &policy, &dossier, 40);
    let whole = OriginEvidence {
        pack: Some(&pack),
        programme: Some(&programme),
        dossier: Some((&dossier, &key)),
        earlier: None,
        frame: Some(&frame),
    };
    let report = origin(&policy, &whole);
    assert_eq!((report.verdict(), report.failed()), (Verdict::Confirmed, vec![]), "{report}");
    assert_eq!(
        OriginCheck::ALL.map(OriginCheck::as_str),
        ["pack", "programme", "policy", "dossier", "signals", "levels"]
    );

    let other_pack = pack_with(|p| p["title"] = json!("Another"));
    let report = origin(&policy, &OriginEvidence { pack: Some(&other_pack), ..whole });
    assert_eq!(report.failed(), [OriginCheck::Pack, OriginCheck::Policy]);
    let other_programme = self::programme(|p| p["title"] = json!("Another"));
    let report = origin(&policy, &OriginEvidence { programme: Some(&other_programme), ..whole });
    assert_eq!(report.failed(), [OriginCheck::Programme, OriginCheck::Policy]);
    for change in [
        (|p: &mut Value| p["team"]["cap"] = json!(19)) as fn(&mut Value),
        |p| p["rating"]["visits"][0]["rules"][0]["does"]["add"] = json!("0.2"),
        |p| p["coverage"]["minimum"] = json!("0.1"),
        |p| p["certainties"] = json!([]),
        |p| p["window"]["to"] = json!("2026-04-11"),
        |p| p["frequency"][0]["visits"] = json!("0.03"),
    ] {
        let mut document = serde_json::to_value(&policy).unwrap();
        change(&mut document);
        let other = Policy::from_json(&document.to_string()).unwrap();
        assert!(origin(&other, &whole).failed().contains(&OriginCheck::Policy), "{document}");
    }
    let shorter = Dossier::replay(&terms, [entry(3, "complaints")]).unwrap();
    let report = origin(&policy, &OriginEvidence { dossier: Some((&shorter, &key)), ..whole });
    assert_eq!(report.failed(), [OriginCheck::Dossier, OriginCheck::Signals]);
    let report =
        origin(&policy, &OriginEvidence { dossier: Some((&dossier, &SaltKey::new([6; 32]))), ..whole });
    assert_eq!(report.failed(), [OriginCheck::Dossier]);
    // Entries are only added: an earlier dossier is the beginning of the one given.
    assert_eq!(origin(&policy, &OriginEvidence { earlier: Some(&shorter), ..whole }).failed(), []);
    let other = Dossier::replay(&terms, [entry(4, "complaints")]).unwrap();
    let report = origin(&policy, &OriginEvidence { earlier: Some(&other), ..whole });
    assert_eq!(report.failed(), [OriginCheck::Dossier]);
    // A frame whose signals were lowered, with the levels that go with them; and one whose levels alone were
    // changed.
    let quiet = self::frame(&pack, &policy, &Dossier::default(), 40);
    let report = origin(&policy, &OriginEvidence { frame: Some(&quiet), ..whole });
    assert_eq!(report.failed(), [OriginCheck::Signals]);
    let rated = pack.frame(&policy, &dossier, rows(40)).unwrap();
    let mut rows: Vec<UnitRow> = (1..).zip(rated.units()).map(|(n, unit)| UnitRow::of(n, unit)).collect();
    rows[5].credit = "A".into();
    let flattered = Frame::new(rows, &policy.frame, policy.as_of).unwrap();
    let report = origin(&policy, &OriginEvidence { frame: Some(&flattered), ..whole });
    assert_eq!(report.failed(), [OriginCheck::Levels]);
    assert!(
        report.to_string().contains("levels of unit T-000005: expected high/D, found high/A"),
        "{report}"
    );
    // What is missing is said. The public has no dossier: pack, programme and policy confirm without it, and
    // nothing is confirmed without one of these.
    let report = origin(&policy, &OriginEvidence { dossier: None, ..whole });
    assert_eq!((report.verdict(), report.failed()), (Verdict::Confirmed, vec![]));
    assert_eq!(report.not_shown(), [OriginCheck::Dossier, OriginCheck::Signals]);
    for less in [OriginEvidence { pack: None, ..whole }, OriginEvidence { programme: None, ..whole }] {
        assert_eq!(origin(&policy, &less).verdict(), Verdict::SelfConsistent);
    }
    let plain = testkit::policy(|_| {});
    assert_eq!(origin(&plain, &whole).verdict(), Verdict::SelfConsistent);
    let unnamed = programme.policy(&pack, &code("year"), 1, None).unwrap();
    assert_eq!(origin(&unnamed, &whole).failed(), [OriginCheck::Dossier]);
}

#[test]
fn what_has_not_the_form_of_a_programme_says_where() {
    let error =
        |change: fn(&mut Value)| Programme::from_json(&programme_json(change)).unwrap_err().to_string();
    assert!(error(|p| p["colour"] = json!(1)).contains("unknown field `colour`"));
    assert!(error(|p| p["document"] = json!("pack")).contains("programme was expected"));
    assert!(error(|p| p["tasks"][0]["batches"][0]["drawn"] = json!("2026-02-30")).contains("is no date"));
    assert!(
        error(|p| p["calendar"]["holidays"] = json!(["2026-01-02", "2026-01-01"])).contains("do not ascend")
    );
    assert!(Programme::from_json("").is_err());
}

#[test]
fn what_breaks_nothing_is_advised() {
    for (of_pack, of_programme, why) in [
        (
            (|_| {}) as fn(&mut Value),
            (|p| p["tasks"][0]["items"] = json!(["x-ray"])) as fn(&mut Value),
            "task year: none of its items applies to 24 of its units (T-000002 is the first)",
        ),
        (
            |_| {},
            |p| p["tasks"][0]["batches"][1]["as_of"] = json!("2026-04-10"),
            "task year, batch 2: its frame is of 2026-04-10, and visits of the batch before go on until \
             2026-04-10",
        ),
        (
            |_| {},
            |_| {},
            "item x-ray asks for an expert at clinic, where only experts of the authority's own list may go",
        ),
    ] {
        let (text, _) = checked(of_pack, of_programme);
        assert!(text.contains(&format!("advice: {why}")), "{why}\n{text}");
    }
    // Where no expert at all may go it is a breach: the post could never be filled.
    let (pack, programme) = (
        pack_with(|p| p["attendance"]["barred"] = json!(["expert", "third_party", "grid", "uncertified"])),
        programme(|_| {}),
    );
    let frame = frame(&pack, &any_policy(&pack, &programme), &Dossier::default(), 40);
    let findings = programme.check(&pack, &frame);
    assert!(
        findings.breaches().any(|finding| finding.to_string().contains("where no expert may go")),
        "{findings}"
    );
    // A department that joins without an item of its own joins in name only; a feature that is not in the
    // pack names no unit.
    let (text, refused) = checked(|_| {}, |p| p["tasks"][1]["items"] = json!(["records"]));
    assert!(refused && text.contains("0 joint draws in the year"), "{text}");
    let (text, refused) = checked(|_| {}, |p| p["tasks"][2]["population"]["has"] = json!({"bedz": 10}));
    assert!(
        refused && text.contains("task some: bedz is no signal, ladder or feature of the pack"),
        "{text}"
    );
}

#[test]
fn a_programme_gives_policies_with_its_own_pack_alone() {
    let refused = |of_pack: fn(&mut Value), of_programme: fn(&mut Value), task: &str| {
        let error = programme(of_programme).policy(&pack_with(of_pack), &code(task), 1, None).unwrap_err();
        assert!(matches!(error, ProgrammeError::Policy { .. }), "{error}");
        error.to_string()
    };
    assert!(
        refused(|p| p["code"] = json!("other"), |_| {}, "year")
            .contains("is for pack small of 2026, this is other of 2026")
    );
    assert!(refused(|p| p["year"] = json!(2027), |_| {}, "year").contains("this is small of 2027"));
    assert!(
        refused(|_| {}, |p| p["tasks"][1]["code"] = json!("year"), "year").contains("task year stands twice")
    );
    assert!(
        refused(|_| {}, |p| p["tasks"][0]["items"] = json!(["typo", "site"]), "year")
            .contains("typo is no item of the pack")
    );
    assert!(
        refused(|_| {}, |p| p["tasks"][0]["department"] = json!("ybj"), "year")
            .contains("ybj is no department")
    );
    // No origin of another pack is confirmed.
    let (pack, programme) = (pack(), programme(|_| {}));
    let policy = programme.policy(&pack, &code("year"), 1, None).unwrap();
    let other = pack_with(|p| p["year"] = json!(2027));
    let evidence =
        OriginEvidence { pack: Some(&other), programme: Some(&programme), ..OriginEvidence::default() };
    assert_eq!(origin(&policy, &evidence).failed(), [OriginCheck::Pack, OriginCheck::Policy]);
    // Shares beyond anything are an error, not an overflow.
    let many = self::programme(|p| {
        let batch = p["tasks"][0]["batches"][0].clone();
        let batches = (0..2100).map(|_| {
            let mut batch = batch.clone();
            batch["share"] = json!("9000000");
            batch
        });
        p["tasks"][0]["batches"] = json!(batches.collect::<Vec<_>>());
    });
    assert!(many.policy(&pack, &code("year"), 2100, None).is_err());
    // A ratio of a level that the task does not have is not for it.
    let by_county = pack_with(|p| p["ratios"][0]["at"] = json!("city"));
    assert!(by_county.ratios.len() == 1);
    let document = pack_with(|p| {
        p["ratios"][0] = json!({"at": "risk", "cite": {"document": "doc", "says": "high"}, "code": "high",
            "is": ["high"], "min": "0.3"})
    });
    assert_eq!(programme.policy(&document, &code("joint"), 1, None).unwrap().ratios.len(), 0);
}

#[test]
fn the_register_does_not_state_what_the_dossier_keeps() {
    let (pack, programme) = (pack(), programme(|_| {}));
    let policy = any_policy(&pack, &programme);
    for signal in ["red", "ladder", "complaints"] {
        let mut rows = rows(3);
        rows[1].signals.push((signal.into(), "1".into()));
        let problems = pack.frame(&policy, &Dossier::default(), rows).unwrap_err();
        assert!(problems.to_string().contains("is given twice in this row"), "{signal}: {problems}");
    }
}

#[test]
fn experts_of_every_task_that_asks_for_another_qualification_go() {
    let pack = pack_with(|p| {
        p["items"][0]["expert"] = json!("medical");
        p["items"][1]["expert"] = json!("lab");
    });
    // The year's draw and the joint one, both in spring.
    let window = |p: &mut Value| {
        p["tasks"][1]["batches"][0]["window"] = json!({"from": "2026-04-01", "to": "2026-04-30"})
    };
    let programme = programme(window);
    let frame = frame(&pack, &any_policy(&pack, &programme), &Dossier::default(), 40);
    let unit = |id: &str| UnitId::parse(id).unwrap();
    let draw =
        |task: &str, id: &str| DrawnTask { batch: 1, task: code(task), units: vec![unit(id), unit(id)] };
    let go = |id: &str| {
        let visits = programme
            .visits(&pack, &frame, &[draw("year", id), draw("joint", id), draw("year", id)])
            .unwrap();
        assert_eq!(visits.len(), 1, "one visit, also for a draw that is given twice");
        visits[0].experts.clone()
    };
    // With radiology the year brings the laboratory, the joint task the physician; without it the joint task
    // brings both.
    assert_eq!(go("T-000000"), [code("year"), code("joint")]);
    assert_eq!(go("T-000002"), [code("joint")]);
}
