//! The state of a year: events one by one, and a year of four rounds.

use super::{Files, document, draw};
use double_random::Cycle;
use double_random::bytes;
use double_random::cycle::Event;
use serde_json::{Value, json};

pub(super) fn files() -> Files {
    let mut files = year("four_rounds", &|_, _| ());
    // Slack in two levels, and another one from the fifth round on.
    files.extend(year("with_slack", &|number, p| {
        for (level, slack) in [(1, "1.5"), (4, "2.5"), (5, if number < 4 { "0.75" } else { "2.5" })] {
            p["frequency"][level]["slack"] = json!(slack);
        }
    }));
    files.insert("events.json".to_owned(), document("9.6", &event_cases()));
    files
}

/// The state of a cycle as it stands in a vector: its file without the head.
fn state(cycle: &Cycle) -> Value {
    let file = cycle.to_json(&bytes::SaltKey::new([0; 32]));
    let mut file: Value = serde_json::from_slice(&file).unwrap();
    for head in ["document", "protocol", "salt_key"] {
        file.as_object_mut().unwrap().remove(head);
    }
    file
}

fn event_cases() -> Vec<Value> {
    let drawn = |draw: u64, share: &str, add: &[(&str, &str, u64)], picks: &[(&str, bool)]| {
        let units: Vec<Value> = add
            .iter()
            .map(|(unit, add, cycles)| json!({"add": add, "cycles": cycles, "unit": unit}))
            .collect();
        let picks: Vec<Value> =
            picks.iter().map(|(unit, credited)| json!({"credited": credited, "unit": unit})).collect();
        json!({"as_of": "2026-01-01", "draw": draw, "event": "drawn", "picks": picks, "share": share,
               "units": units})
    };
    let visited = |draw: u64, unit: &str, date: &str| {
        json!({"date": date, "draw": draw, "event": "visited",
               "items": ["records", "water"], "team": ["I-1", "I-2"], "unit": unit})
    };
    let missed = |draw: u64, unit: &str| {
        json!({"date": "2026-03-03", "draw": draw, "event": "missed",
               "reason": "closed", "unit": unit})
    };
    let replaced = |draw: u64, unit: &str, by: &str| {
        json!({"by": by, "date": "2026-03-04", "draw": draw,
               "event": "replaced", "reason": "not-found", "unit": unit})
    };
    let voided =
        |draw: u64| json!({"date": "2026-03-05", "draw": draw, "event": "voided", "reason": "power-cut"});
    let seen =
        |unit: &str, date: &str| json!({"date": date, "event": "inspected", "team": ["I-3"], "unit": unit});
    let inspected = |unit: &str, date: &str| {
        let mut event = seen(unit, date);
        event["approved"] = json!(true);
        event
    };
    let closed = || json!({"event": "cycle_closed"});
    let three: &[(&str, &str, u64)] = &[("U-A", "0.5", 1), ("U-B", "0.25", 1), ("U-C", "0.3", 4)];
    let cases: Vec<(&str, Vec<Value>)> = vec![
        (
            "one_round",
            vec![
                drawn(1, "0.5", three, &[("U-A", true), ("U-C", true)]),
                visited(1, "U-A", "2026-02-02"),
                missed(1, "U-C"),
            ],
        ),
        ("a_draw_without_picks_is_not_kept", vec![drawn(1, "0.5", three, &[]), voided(1), closed()]),
        (
            "replaced_by_one_behind_and_one_ahead",
            vec![
                drawn(1, "0.5", three, &[("U-A", true)]),
                replaced(1, "U-A", "U-B"),
                replaced(1, "U-B", "U-A"),
                replaced(1, "U-A", "U-A"),
                visited(1, "U-A", "2026-02-02"),
                drawn(2, "0.25", three, &[("U-B", true)]),
                replaced(2, "U-B", "U-D"),
                replaced(2, "U-D", "U-A"),
                visited(2, "U-D", "2026-02-03"),
                visited(2, "U-A", "2026-02-03"),
            ],
        ),
        (
            "a_void_before_and_after_visits",
            vec![
                drawn(1, "0.5", three, &[("U-A", true), ("U-B", false)]),
                voided(1),
                voided(1),
                drawn(1, "0.5", three, &[("U-A", true), ("U-B", false), ("U-C", true)]),
                visited(1, "U-C", "2026-02-02"),
                voided(1),
                visited(1, "U-A", "2026-02-02"),
            ],
        ),
        (
            "draws_ascend_and_only_the_last_is_voided",
            vec![
                drawn(3, "0.25", three, &[("U-A", true)]),
                drawn(3, "0.25", three, &[]),
                drawn(2, "0.25", three, &[]),
                drawn(0, "0.25", three, &[]),
                drawn(5, "0.25", &[("U-A", "0.5", 4), ("U-E", "0.5", 2)], &[("U-E", true)]),
                voided(3),
                voided(5),
                voided(3),
                drawn(3, "0.25", three, &[]),
                voided(3),
                drawn(1_000_000_000_001, "0", three, &[]),
            ],
        ),
        (
            "a_void_leaves_what_was_visited_or_missed",
            vec![
                drawn(1, "0.5", three, &[("U-A", true), ("U-B", true)]),
                replaced(1, "U-B", "U-C"),
                visited(1, "U-C", "2026-02-02"),
                voided(1),
            ],
        ),
        (
            "a_replacement_must_have_been_drawable",
            vec![
                drawn(1, "0.5", three, &[("U-A", true)]),
                inspected("U-Z", "2026-01-02"),
                replaced(1, "U-A", "U-Z"),
                replaced(1, "U-A", "U-B"),
            ],
        ),
        (
            "a_carried_balance",
            vec![
                drawn(1, "1", &[("U-A", "2.75", 4), ("U-B", "1.25", 4)], &[("U-A", true), ("U-B", true)]),
                visited(1, "U-A", "2026-02-02"),
                closed(),
                missed(1, "U-B"),
                closed(),
            ],
        ),
        (
            "two_draws_open",
            vec![
                drawn(1, "0.5", three, &[("U-A", true)]),
                drawn(1, "0.1", three, &[]),
                drawn(2, "0.6", three, &[]),
                drawn(2, "0.5", three, &[("U-A", false), ("U-B", true)]),
                voided(1),
                missed(2, "U-A"),
                closed(),
                visited(2, "U-B", "2026-02-02"),
                closed(),
            ],
        ),
        (
            "late_entries_hide_nothing",
            vec![
                inspected("U-A", "2026-05-05"),
                inspected("U-A", "2026-04-04"),
                inspected("U-B", "2026-04-04"),
                inspected("U-B", "2026-04-04"),
                // Without the approval of the authority: counted, and no last visit.
                seen("U-B", "2026-06-06"),
                seen("U-A", "2026-06-06"),
            ],
        ),
        (
            "windows_of_one_and_of_four_cycles",
            vec![
                drawn(
                    1,
                    "1",
                    &[("U-A", "1.5", 1), ("U-B", "2.75", 4), ("U-C", "0.25", 4)],
                    &[("U-A", true), ("U-B", true), ("U-C", true)],
                ),
                visited(1, "U-A", "2026-02-02"),
                visited(1, "U-B", "2026-02-02"),
                visited(1, "U-C", "2026-02-02"),
                closed(),
                drawn(2, "1", &[("U-A", "0.1", 2), ("U-B", "0.25", 1)], &[]),
                closed(),
            ],
        ),
        (
            "lists_out_of_order",
            vec![
                drawn(1, "0.5", &[("U-B", "0.5", 1), ("U-A", "0.5", 1)], &[]),
                drawn(1, "0.5", three, &[("U-C", true), ("U-A", true)]),
                drawn(1, "0.5", three, &[("U-D", true)]),
                drawn(1, "0.5", &[("U-A", "0.5", 0)], &[]),
                drawn(1, "0.5", &[("U-A", "0.5", 21)], &[]),
                drawn(1, "0.5", &[("U-A", "9000000", 20)], &[]),
                drawn(2, "0.5", &[("U-A", "0.000000001", 20)], &[]),
                json!({"date": "2026-02-02", "event": "inspected", "team": ["I-2", "I-1"], "unit": "U-A"}),
            ],
        ),
    ];
    let phased = |mut drawn: Value, place: usize, slack: &str, visits: i64| {
        drawn["units"][place]["phase"] = json!({"slack": slack, "visits": visits});
        drawn
    };
    let phases: Vec<(&str, Vec<Value>)> = vec![
        (
            "phases_begin_are_taken_back_and_end_with_the_year",
            vec![
                phased(drawn(1, "0.25", three, &[("U-A", true)]), 0, "2.5", -2),
                visited(1, "U-A", "2026-02-02"),
                phased(phased(drawn(2, "0.25", three, &[("U-C", true)]), 0, "0", 1), 2, "1", 3),
                voided(2),
                phased(drawn(2, "0.25", three, &[("U-C", true)]), 2, "1", 3),
                visited(2, "U-C", "2026-02-02"),
                closed(),
            ],
        ),
        (
            "a_phase_of_the_slack_that_a_unit_has_or_that_no_draw_gives",
            vec![
                phased(drawn(1, "0.25", three, &[]), 0, "0", 1),
                phased(drawn(1, "0.25", three, &[]), 0, "5.1", 1),
                phased(drawn(1, "0.25", three, &[]), 0, "5", 10_000_001),
                phased(drawn(1, "0.25", three, &[]), 0, "5", 10_000_000),
                phased(drawn(2, "0.25", three, &[]), 0, "5", -1),
                phased(drawn(2, "0.25", three, &[]), 0, "0", 0),
            ],
        ),
        (
            "replaced_by_the_balance_with_its_phase",
            vec![
                phased(phased(drawn(1, "0.5", three, &[("U-A", true)]), 1, "2", 1), 2, "2", -1),
                replaced(1, "U-A", "U-B"),
                replaced(1, "U-B", "U-C"),
            ],
        ),
        (
            "a_void_after_visits_keeps_the_band_of_the_phase",
            vec![
                phased(drawn(1, "0.25", three, &[("U-A", true)]), 0, "1.5", 1),
                visited(1, "U-A", "2026-02-02"),
                drawn(2, "0.25", three, &[("U-A", true), ("U-B", true)]),
                visited(2, "U-A", "2026-02-02"),
                visited(2, "U-B", "2026-02-02"),
                voided(2),
            ],
        ),
    ];
    let cases = cases.into_iter().chain(phases);
    let case = |(name, events): (&str, Vec<Value>)| {
        let mut cycle = Cycle::default();
        let mut steps = Vec::new();
        for event in events {
            let accepted = cycle.apply(&serde_json::from_value(event.clone()).unwrap()).is_ok();
            steps.push(json!({"accepted": accepted, "event": event}));
        }
        assert!(steps.iter().any(|step| step["accepted"] == true), "{name}");
        json!({"name": name, "state": state(&cycle), "steps": steps})
    };
    cases.map(case).collect()
}

/// A year of four rounds over a frame that changes: a void and its second attempt, misses, a replacement, an
/// inspection outside, a make-up draw, the end of the year and the first round of the next.
fn year(name: &str, change: &dyn Fn(u64, &mut Value)) -> Files {
    use testkit::year::{Level, Year, day, frame_of};
    let mut year = Year::default();
    let mut files = Files::new();
    let mut folders = 0;
    let rounds = [
        ("1", "0.25", 1),
        ("0.75", "0.25", 1),
        ("0.75", "0.25", 2),
        ("0.5", "0.2", 1),
        ("0.3", "0.3", 1),
        ("0", "0", 1),
        ("1", "0.4", 1),
    ];
    for (number, (rest, share, attempt)) in (0u64..).zip(rounds) {
        let policy = testkit::policy(|p| {
            p["strata"] = json!(["county", "credit"]);
            p["round"] = json!({"rest": rest, "share": share});
            p["surprise"] = json!("0.02");
            p["items"] = json!([{"class": "key", "code": "records"}, {"class": "general", "code": "water"},
                                {"class": "general", "code": "waste"}]);
            p["coverage"] = json!({"guards": ["total", "county", "credit"], "minimum": "0.3"});
            p["frequency"][1]["cycles"] = json!(5);
            p["frequency"][1]["visits"] = json!("0.2");
            p["frequency"][5]["visits"] = json!("2.2");
            p["subsamples"] = json!([{"basis": "a rule", "code": "lab", "share": "0.5"}]);
            p["certainties"] =
                json!([{"code": "overdue", "basis": "覆盖周期", "rule": {"not_visited_days": 900}}]);
            change(number, p);
        });
        let units = (0..48u64).filter(|n| if number > 2 { n % 11 != 3 } else { n % 13 != 5 }).map(|n| {
            let credit = if n % 9 == 0 { number } else { n / 3 };
            (n, Level { county: n, kind: n / 4, risk: n / 5, credit })
        });
        let frame = frame_of(&units.collect::<Vec<_>>(), &policy);
        let roster = testkit::roster(20, &[(0, 4), (3, 8)], &policy);
        let drawn = year.draw(frame, roster, policy, number, attempt).unwrap();
        folders += 1;
        draw(&mut files, &format!("years/{name}/round{folders}"), &drawn.sealed, &drawn.record);
        let code = |text: &str| double_random::id::Code::parse(text).unwrap();
        let draw = year.sequence;
        if number == 1 {
            year.happen(Event::Voided { date: day("2026-02-01"), draw, reason: code("power-cut") });
        }
        let visits = drawn.record.teams.visits.iter().filter(|_| number != 1);
        for (place, visit) in visits.enumerate() {
            let (date, unit) = (day("2026-02-10"), visit.unit.clone());
            let mut team: Vec<_> =
                visit.posts.iter().flat_map(|p| p.officers.iter().map(|o| o.id.clone())).collect();
            team.sort();
            let spare = || {
                let picked =
                    |id: &double_random::UnitId| drawn.record.teams.visits.iter().any(|v| &v.unit == id);
                drawn
                    .sealed
                    .plan()
                    .frame()
                    .units()
                    .iter()
                    .map(|u| u.id.clone())
                    .find(|id| !picked(id))
                    .unwrap()
            };
            match place {
                1 => year.happen(Event::Missed { date, draw, reason: code("closed"), unit }),
                2 if number == 3 => {
                    let by = spare();
                    year.happen(Event::Replaced {
                        by: by.clone(),
                        date,
                        draw,
                        reason: code("not-found"),
                        unit,
                    });
                    year.happen(Event::Visited { date, draw, items: vec![code("water")], team, unit: by });
                }
                _ => year.happen(Event::Visited { date, draw, items: vec![code("records")], team, unit }),
            }
        }
        if number == 4 {
            let team = vec![double_random::InspectorId::parse("I-0001").unwrap()];
            let unit = double_random::UnitId::parse("T-000002").unwrap();
            year.happen(Event::Inspected { approved: true, date: day("2026-03-03"), team, unit });
        }
        if number == 5 {
            year.happen(Event::CycleClosed {});
        }
    }
    let events = json!({"protocol": bytes::PROTOCOL, "events": year.events});
    files.insert(format!("years/{name}/events.json"), bytes::encode(&events).unwrap());
    files.insert(format!("years/{name}/end.json"), bytes::encode(&state(&year.cycle)).unwrap());
    files
}
