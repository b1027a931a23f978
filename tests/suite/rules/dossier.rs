//! Dossiers: what counts on which day, what is repaired, and what holds for every history.

use double_random::UnitId;
use double_random::bytes::{SaltKey, Suite};
use double_random::calendar::Date;
use double_random::dossier::{Dossier, DossierEntry, DossierTerms};
use double_random::id::Code;
use double_random::pack::Pack;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::rules::{pack_json, refused_entries};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn pack() -> Pack {
    Pack::from_json(&pack_json(|_| {})).unwrap()
}

fn enter(dossier: &mut Dossier, terms: &DossierTerms, entry: Value) {
    dossier.enter(terms, serde_json::from_value::<DossierEntry>(entry).unwrap()).unwrap();
}

fn noted(signal: &str, day: &str, count: u64) -> Value {
    json!({"entry": "noted", "date": day, "count": count, "signal": signal, "source": "file", "unit": "U-1"})
}

fn result(day: &str, results: &[&str], drawn: bool) -> Value {
    let mut entry =
        json!({"entry": "result", "date": day, "results": results, "source": "visit", "unit": "U-1"});
    if drawn {
        entry["drawn"] = json!(true);
    }
    entry
}

fn counts(dossier: &Dossier, terms: &DossierTerms, kind: &str, day: &str) -> BTreeMap<String, u64> {
    let signals = dossier.signals(terms, &UnitId::parse("U-1").unwrap(), &code(kind), date(day));
    signals.into_iter().map(|(code, n)| (code.to_string(), n)).collect()
}

fn is(list: &[(&str, u64)]) -> BTreeMap<String, u64> {
    list.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect()
}

#[test]
fn windows_end_and_begin_on_the_day_they_say() {
    let (terms, mut dossier) = (pack().dossier_terms(), Dossier::default());
    enter(&mut dossier, &terms, noted("complaints", "2025-03-10", 2));
    enter(&mut dossier, &terms, noted("points", "2025-12-31", 6));
    enter(&mut dossier, &terms, noted("serious", "2019-01-01", 1));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-03-09"), is(&[("serious", 1)]));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-03-10"), is(&[("complaints", 2), ("serious", 1)]));
    assert_eq!(
        counts(&dossier, &terms, "hospital", "2025-12-31"),
        is(&[("complaints", 2), ("points", 6), ("serious", 1)])
    );
    // 364 days later the complaint still counts, the points of last year do not.
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-09"), is(&[("complaints", 2), ("serious", 1)]));
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-10"), is(&[("serious", 1)]));
}

#[test]
fn repair_clears_what_was_noted_before_it_and_nothing_after() {
    let (terms, mut dossier) = (pack().dossier_terms(), Dossier::default());
    let cleared = |day: &str| {
        json!({"entry": "cleared", "date": day, "signal": "serious",
               "source": "decision", "unit": "U-1"})
    };
    enter(&mut dossier, &terms, noted("serious", "2025-05-01", 1));
    enter(&mut dossier, &terms, cleared("2025-06-01"));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-05-31"), is(&[("serious", 1)]));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-06-01"), is(&[]));
    // Of one day the order of entering counts: a repair does not swallow what is entered after it.
    enter(&mut dossier, &terms, noted("serious", "2025-06-01", 1));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-06-01"), is(&[("serious", 1)]));
    // A mistake is withdrawn, not deleted; before the withdrawal it counted.
    enter(
        &mut dossier,
        &terms,
        json!({"entry": "withdrawn", "date": "2025-07-01", "of": 3, "source": "office"}),
    );
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-06-30"), is(&[("serious", 1)]));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-07-01"), is(&[]));
    // Withdrawing the repair brings the first note back.
    enter(
        &mut dossier,
        &terms,
        json!({"entry": "withdrawn", "date": "2025-08-01", "of": 2, "source": "office"}),
    );
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-08-01"), is(&[("serious", 1)]));
    assert_eq!(dossier.entries().len(), 5);
}

#[test]
fn a_result_opens_until_a_pass_or_a_repair() {
    let (terms, mut dossier) = (pack().dossier_terms(), Dossier::default());
    enter(&mut dossier, &terms, result("2026-03-01", &["violation"], true));
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-01"), is(&[("points", 6), ("recheck", 1)]));
    // A pass beside a failure is no pass, and closed or neutral settles nothing.
    enter(&mut dossier, &terms, result("2026-03-05", &["minor", "ok"], true));
    enter(&mut dossier, &terms, result("2026-03-06", &["closed"], true));
    enter(&mut dossier, &terms, result("2026-03-07", &["neutral"], true));
    assert_eq!(
        counts(&dossier, &terms, "hospital", "2026-03-07"),
        is(&[("complaints", 1), ("points", 6), ("recheck", 1)])
    );
    // A visit that came without lot settles it, too.
    enter(&mut dossier, &terms, result("2026-03-08", &["ok"], false));
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-08"), is(&[("complaints", 1), ("points", 6)]));
    // What is entered late counts by its date.
    enter(&mut dossier, &terms, result("2026-03-02", &["violation"], true));
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-08"), is(&[("complaints", 1), ("points", 12)]));
}

#[test]
fn refused_entries_change_nothing_and_say_why() {
    let terms = pack().dossier_terms();
    for entries in refused_entries() {
        let entries: Vec<DossierEntry> = serde_json::from_value(entries).unwrap();
        let (place, error) = Dossier::replay(&terms, entries.clone()).unwrap_err();
        assert_eq!(place, entries.len() - 1, "{error}");
        let mut dossier = Dossier::replay(&terms, entries[..place].to_vec()).unwrap();
        let before = dossier.clone();
        assert!(dossier.enter(&terms, entries[place].clone()).is_err());
        assert_eq!(dossier, before);
    }
}

#[test]
fn an_earlier_dossier_is_the_beginning_of_a_later_one() {
    let terms = pack().dossier_terms();
    let mut dossier = Dossier::default();
    enter(&mut dossier, &terms, noted("serious", "2025-05-01", 1));
    let earlier = dossier.clone();
    enter(&mut dossier, &terms, noted("serious", "2025-05-02", 1));
    assert!(dossier.extends(&earlier) && dossier.extends(&dossier) && !earlier.extends(&dossier));
    let key = SaltKey::new([3; 32]);
    let file = dossier.to_json(&key);
    let (read, again) = Dossier::from_json(&file, &terms).unwrap();
    assert_eq!((&read, again.reveal()), (&dossier, key.reveal()));
    assert_ne!(dossier.digest(Suite::Sha256, &key), earlier.digest(Suite::Sha256, &key));
    assert_ne!(dossier.digest(Suite::Sha256, &key), dossier.digest(Suite::Sha256, &SaltKey::new([4; 32])));
    for wrong in [&file[..file.len() - 1], b"{}".as_slice()] {
        assert!(Dossier::from_json(wrong, &terms).is_err());
    }
}

/// Every history of up to seven days over five kinds of days, against a ladder written otherwise; and
/// theorem 14.
#[test]
fn ladders_are_climbed_by_drawn_passes_and_lost_by_any_failure() {
    let terms = pack().dossier_terms();
    // Days: nothing, a drawn pass, a pass outside any draw, a failure, a drawn pass beside a failure.
    let days: [&[(&[&str], bool)]; 5] = [
        &[],
        &[(&["ok"], true)],
        &[(&["ok"], false)],
        &[(&["minor"], true)],
        &[(&["ok"], true), (&["violation"], false)],
    ];
    let step = |history: &[usize]| {
        let mut dossier = Dossier::default();
        for (day, kind) in history.iter().enumerate() {
            for (results, drawn) in days[*kind] {
                enter(&mut dossier, &terms, result(&format!("2026-03-{:02}", day + 1), results, *drawn));
            }
        }
        counts(&dossier, &terms, "clinic", "2026-04-01").get("ladder").copied().unwrap_or(0)
    };
    // The step is 1 after two passes in a row since the last failure, 2 after five.
    let model = |history: &[usize]| {
        let since = history.iter().rposition(|kind| *kind >= 3).map_or(0, |place| place + 1);
        match history[since..].iter().filter(|kind| **kind == 1).count() {
            0 | 1 => 0,
            2..5 => 1,
            _ => 2,
        }
    };
    let mut seen = BTreeSet::new();
    for length in 0..=6_u32 {
        for number in 0..5_usize.pow(length) {
            let history: Vec<usize> = (0..length).map(|i| number / 5_usize.pow(i) % 5).collect();
            let found = step(&history);
            assert_eq!(found, model(&history), "{history:?}");
            seen.insert(found);
        }
    }
    assert_eq!(seen, BTreeSet::from([0, 1, 2]));
    for history in [[1, 1, 1, 1, 1, 0, 1], [1, 1, 2, 1, 1, 1, 1], [1, 3, 1, 1, 1, 1, 1]] {
        for place in 0..7 {
            for worse in [0, 2, 3, 4] {
                let mut other = history;
                if other[place] == 1 {
                    other[place] = worse;
                }
                assert!(step(&other) <= step(&history), "{history:?} {other:?}");
            }
        }
    }
    // Only the kinds that it names climb it.
    let mut dossier = Dossier::default();
    for day in 1..=6 {
        enter(&mut dossier, &terms, result(&format!("2026-03-{day:02}"), &["ok"], true));
    }
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-04-01"), is(&[]));
    assert_eq!(counts(&dossier, &terms, "clinic", "2026-04-01"), is(&[("ladder", 2)]));
}

#[test]
fn a_ladder_may_fall_to_a_step_above_the_first_and_never_rises_by_it() {
    let terms =
        Pack::from_json(&pack_json(|p| p["ladders"][0]["fails_to"] = json!(1))).unwrap().dossier_terms();
    let step = |days: &[&str]| {
        let mut dossier = Dossier::default();
        for (day, found) in (1..).zip(days) {
            enter(&mut dossier, &terms, result(&format!("2026-03-{day:02}"), &[found], true));
        }
        counts(&dossier, &terms, "clinic", "2026-04-01").get("ladder").copied().unwrap_or(0)
    };
    assert_eq!(step(&["ok", "ok", "ok", "ok", "ok"]), 2);
    assert_eq!(step(&["ok", "ok", "ok", "ok", "ok", "minor"]), 1);
    assert_eq!(step(&["ok", "ok", "ok", "ok", "ok", "minor", "ok", "ok", "ok"]), 2);
    assert_eq!(step(&["minor"]), 0);
    assert_eq!(step(&["ok", "minor", "ok"]), 0);
}

#[test]
fn counts_of_a_signal_end_at_what_a_row_can_hold() {
    let (terms, mut dossier) = (pack().dossier_terms(), Dossier::default());
    for _ in 0..3 {
        enter(&mut dossier, &terms, noted("serious", "2026-01-01", 999_999_999));
    }
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-01-01"), is(&[("serious", 999_999_999)]));
    // Clearing what a result opened settles it, too.
    enter(&mut dossier, &terms, result("2026-02-01", &["violation"], true));
    assert!(counts(&dossier, &terms, "hospital", "2026-02-01").contains_key("recheck"));
    let cleared = json!({"entry": "cleared", "date": "2026-02-01", "signal": "recheck", "source": "decision",
                         "unit": "U-1"});
    enter(&mut dossier, &terms, cleared);
    assert!(!counts(&dossier, &terms, "hospital", "2026-02-01").contains_key("recheck"));
}
