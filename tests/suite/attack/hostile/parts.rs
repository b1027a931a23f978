//! What an operator can try who draws a nation in parts and owns some of the machines (Spec 26).

use double_random::bytes::{Digest, encode};
use double_random::frame::UnitRow;
use double_random::stream::{
    Apart, Census, Counted, Counts, Part, PartLeaves, SealedStream, SelectedPart, StreamError,
};
use double_random::verify::{Check, Verdict, verify};
use double_random::{Cycle, Policy, Record};
use serde_json::{Value, json};
use std::ops::Range;
use testkit::{dice, evidence, policy, roster, sealed, terms, unit_row};

const UNITS: u64 = 90;
const CUTS: [Range<u64>; 3] = [0..40, 40..55, 55..UNITS];

fn rules() -> Policy {
    policy(|p| p["design"] = json!({"method": "rate", "rate": "0.2"}))
}

fn part_of(rows: impl Iterator<Item = UnitRow>, start: u64) -> (Part, PartLeaves) {
    let policy = rules();
    let key = terms(&policy).salt_key;
    let mut census = Census::starting(policy, Cycle::default(), key, start).unwrap();
    census.extend(rows);
    census.part().unwrap()
}

fn honest(range: &Range<u64>) -> (Part, PartLeaves) {
    part_of(range.clone().map(unit_row), range.start)
}

fn all_leaves() -> PartLeaves {
    let mut all = PartLeaves::default();
    CUTS.iter().for_each(|range| all.append(honest(range).1));
    all
}

fn seal_of(whole: &Part) -> SealedStream {
    let policy = rules();
    let key = terms(&policy).salt_key;
    let counted = Counted::of(policy.clone(), Cycle::default(), key, whole, all_leaves()).unwrap();
    counted.seal(roster(30, &[], &policy), terms(&policy)).unwrap()
}

/// A document after a change.
fn changed(bytes: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(bytes).unwrap();
    change(&mut document);
    encode(&document).unwrap()
}

/// The candidates of the true rows, part by part; `spoil` changes the document of one.
fn candidates<'a>(
    counts: &'a Counts,
    seed: Digest,
    before: &[Part],
    slack: Option<u64>,
    spoil: impl Fn(usize, &mut Value),
) -> SelectedPart<'a> {
    let of = |place: usize| {
        let mut selection = counts.select(seed);
        if let Some(slack) = slack {
            selection = selection.below_ceilings(slack);
        }
        if let Some(before) = Part::merged(before[..place].iter().cloned()).unwrap() {
            selection = selection.after(&before).unwrap();
        }
        selection.extend(CUTS[place].clone().map(unit_row));
        let bytes = changed(&selection.part().unwrap().to_json(), |document| spoil(place, document));
        SelectedPart::from_json(&bytes, counts).unwrap()
    };
    SelectedPart::merged((0..3).map(of)).unwrap().unwrap()
}

fn honest_parts() -> Vec<Part> {
    CUTS.iter().map(|range| honest(range).0).collect()
}

/// What an auditor with the whole frame says.
fn audited(record: &Record) -> (Verdict, Vec<Check>) {
    let whole = sealed(UNITS, 30, &[], rules());
    let report = verify(record, &evidence(&whole, record));
    (report.verdict(), report.failed())
}

/// He counts the province without the county of his friend: its rows lie between two parts.
#[test]
fn a_county_between_two_parts_is_missed() {
    let without = [honest(&CUTS[0]).0, honest(&CUTS[2]).0];
    assert_eq!(Part::merged(without).unwrap_err(), StreamError::Apart(Apart { ends: 40, begins: 55 }));
    // He gives the last part another place: its digests are those of other subtrees, and the ids ascend, so
    // the merge holds. The seal then has another root and size, and every auditor refutes the frame.
    let moved = part_of((55..UNITS).map(unit_row), 40).0;
    let shorter = Part::merged([honest(&CUTS[0]).0, moved]).unwrap().unwrap();
    assert_eq!(shorter.size(), UNITS - 15);
    let policy = rules();
    let key = terms(&policy).salt_key;
    let leaves = all_leaves();
    let counted = Counted::of(policy, Cycle::default(), key, &shorter, leaves);
    assert_eq!(counted.unwrap_err(), StreamError::Leaves { wanted: 75, found: 90 });
}

/// He counts the rows of a rival's county twice, so that it is drawn more often.
#[test]
fn a_county_is_counted_twice() {
    let mut part = honest(&CUTS[0]).0;
    let overlap = part.append(honest(&(30..55)).0).unwrap_err();
    assert_eq!(overlap, StreamError::Apart(Apart { ends: 40, begins: 30 }));
    let again = part_of((30..55).map(unit_row), 40).0;
    assert!(matches!(part.append(again).unwrap_err(), StreamError::Order { .. }));
}

/// He writes into the part of his province that his friend's kind is exempt, with sums that agree. The rows
/// are hashed as they are; but the auditor counts them himself.
#[test]
fn a_part_states_counts_that_are_not_those_of_its_rows() {
    let mut parts = honest_parts();
    let bytes = changed(&parts[0].to_json(), |part| {
        // One drawable unit of the first stratum becomes one that is closed.
        let moved = &mut part["strata"][0];
        moved["units"] = json!(moved["units"].as_u64().unwrap() - 1);
        let measure = &mut moved["measures"][0]["units"];
        *measure = json!(measure.as_u64().unwrap() - 1);
        let class = &mut part["classes"][0]["units"];
        *class = json!(class.as_u64().unwrap() - 1);
        part["exclusions"]["closed"] = json!(1);
    });
    parts[0] = Part::from_json(&bytes).unwrap();
    let sealed = seal_of(&Part::merged(parts.clone()).unwrap().unwrap());
    let draw = sealed.draw(&dice(5)).unwrap();
    let all = candidates(sealed.counted().counts(), draw.seed(), &parts, None, |_, _| ());
    let record = draw.join(all).unwrap().record();
    let (verdict, failed) = audited(&record);
    assert_eq!(verdict, Verdict::Refuted);
    assert!(failed.contains(&Check::Plan), "{failed:?}");
}

/// The machine of one province leaves a candidate out. Where others would take its place the sample is
/// another than the seed's, and the auditor refutes it; where none is left the merge is short.
#[test]
fn a_machine_leaves_out_a_candidate() {
    let parts = honest_parts();
    let sealed = seal_of(&Part::merged(parts.clone()).unwrap().unwrap());
    let draw = || sealed.draw(&dice(5)).unwrap();
    let counts = sealed.counted().counts();
    let whole = || candidates(counts, draw().seed(), &parts, None, |_, _| ());
    let honest = draw().join(whole()).unwrap().record();
    assert_eq!(audited(&honest), (Verdict::Confirmed, Vec::new()));
    let (mut refuted, mut short) = (0, 0);
    for cell in &honest.sample {
        for pick in &cell.picks {
            let leave_out = |_: usize, document: &mut Value| {
                document["units"]
                    .as_array_mut()
                    .unwrap()
                    .retain(|kept| kept["unit"]["id"] != pick.id.as_str());
            };
            match draw().join(candidates(counts, draw().seed(), &parts, None, leave_out)) {
                Ok(sample) => {
                    let (verdict, failed) = audited(&sample.record());
                    assert_eq!(verdict, Verdict::Refuted);
                    assert!(failed.contains(&Check::Sample), "{failed:?}");
                    refuted += 1;
                }
                Err(StreamError::Short { .. }) => short += 1,
                Err(other) => panic!("{other}"),
            }
        }
    }
    assert!(refuted > 0 && short > 0, "{refuted} refuted, {short} short");
}

/// He gives a candidate another place, another cell or another row than it has.
#[test]
fn a_machine_changes_a_candidate() {
    let parts = honest_parts();
    let sealed = seal_of(&Part::merged(parts).unwrap().unwrap());
    let counts = sealed.counted().counts();
    let selection = || {
        let mut selection = counts.select(Digest::ZERO);
        selection.extend(CUTS[0].clone().map(unit_row));
        selection.part().unwrap().to_json()
    };
    let refused = |change: &dyn Fn(&mut Value)| {
        let bytes = changed(&selection(), |document| change(&mut document["units"][0]));
        SelectedPart::from_json(&bytes, counts).unwrap_err().to_string()
    };
    assert!(refused(&|kept| kept["place"] = json!(40)).contains("is not from 0 to before 40"));
    let cells = u64::try_from(sealed.counted().table().cells.len()).unwrap();
    let own: Value = serde_json::from_slice(&selection()).unwrap();
    let other = (own["units"][0]["cell"].as_u64().unwrap() + cells / 2) % cells;
    assert!(refused(&|kept| kept["cell"] = json!(other)).contains("is not one that the unit can be in"));
    assert!(refused(&|kept| kept["cell"] = json!(cells + 7)).contains("is not one that the unit can be in"));
    assert!(refused(&|kept| kept["unit"]["kind"] = json!("casino")).contains("casino"));
}

/// He sets ceilings so low that units he knows to lie above them cannot be drawn.
#[test]
fn ceilings_that_are_too_low_draw_nobody_else() {
    let parts = honest_parts();
    let sealed = seal_of(&Part::merged(parts.clone()).unwrap().unwrap());
    let counts = sealed.counted().counts();
    let draw = || sealed.draw(&dice(5)).unwrap();
    let record = draw().join(candidates(counts, draw().seed(), &parts, None, |_, _| ())).unwrap().record();
    let mut short = 0;
    for slack in 0..4 {
        match draw().join(candidates(counts, draw().seed(), &parts, Some(slack), |_, _| ())) {
            Ok(sample) => assert_eq!(sample.record(), record),
            Err(StreamError::Short { .. }) => short += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(short > 0, "the least slack is too little for this draw");
    // One machine keeps less than the others and says that it had no ceiling.
    let lie = |place: usize, document: &mut Value| {
        if place == 1 {
            document.as_object_mut().unwrap().remove("slack");
            document["units"].as_array_mut().unwrap().truncate(1);
        }
    };
    match draw().join(candidates(counts, draw().seed(), &parts, Some(9), lie)) {
        Ok(sample) => assert_eq!(audited(&sample.record()).0, Verdict::Refuted),
        Err(error) => assert!(matches!(error, StreamError::Short { .. }), "{error}"),
    }
}

/// A province deregisters a unit, or changes its risk, when it knows the beacon.
#[test]
fn a_province_changes_its_rows_between_census_and_selection() {
    let parts = honest_parts();
    let sealed = seal_of(&Part::merged(parts).unwrap().unwrap());
    let counts = sealed.counted().counts();
    let draw = || sealed.draw(&dice(5)).unwrap();
    for change in [
        |rows: &mut Vec<UnitRow>| drop(rows.remove(20)),
        |rows: &mut Vec<UnitRow>| rows[20].name = "another".into(),
    ] {
        let mut rows: Vec<UnitRow> = (0..UNITS).map(unit_row).collect();
        change(&mut rows);
        let mut selection = counts.select(draw().seed());
        selection.extend(rows);
        let found = draw().join(selection.part().unwrap()).unwrap_err();
        assert!(matches!(found, StreamError::Changed { .. }), "{found}");
    }
}

/// A province hands over the leaves of another one.
#[test]
fn leaves_of_other_rows_are_not_sealed() {
    let policy = rules();
    let key = terms(&policy).salt_key;
    let whole = Part::merged(honest_parts()).unwrap().unwrap();
    let mut leaves = honest(&CUTS[0]).1;
    leaves.append(honest(&CUTS[1]).1);
    leaves.append(part_of((56..=UNITS).map(unit_row), 55).1);
    let counted = Counted::of(policy, Cycle::default(), key, &whole, leaves);
    assert_eq!(counted.unwrap_err(), StreamError::Leaves { wanted: UNITS, found: UNITS });
}
