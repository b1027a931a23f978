//! Divisions by the list of the place, and teams of one: what an operator can try with either.

use super::*;
use double_random::division::Divisions;
use double_random::pack::{Pack, PackError};
use double_random::policy::{Policy, PolicyError};
use double_random::programme::Programme;
use double_random::roster::{RecusalRow, Roster};
use testkit::elsewhere::{elsewhere, short};

fn broken(change: impl FnOnce(&mut Value)) -> String {
    Policy::from_json(&testkit::policy_json(change)).unwrap_err().to_string()
}

fn rules(name: &str) -> Value {
    let text = std::fs::read_to_string(testkit::repository("examples/rules").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The record with another list: seal and beacon stay.
fn with_areas(record: &Record, change: impl FnOnce(&mut Value)) -> Value {
    let mut edited = serde_json::to_value(record).unwrap();
    change(&mut edited["policy"]["frame"]["divisions"]);
    edited
}

#[test]
fn a_ward_is_moved_to_another_county_after_the_seal() {
    let sealed = sealed(120, 24, &[], policy(elsewhere));
    let record = draw(&sealed, 7);
    assert_eq!(verify(&record, &Evidence::default()).verdict(), Verdict::SelfConsistent);
    let moved = with_areas(&record, |areas| areas[3]["parent"] = json!("south"));
    let moved = Record::from_json(moved.to_string().as_bytes()).unwrap();
    let failed = verify(&moved, &Evidence::default()).failed();
    // The list is sealed, and the cells of the ward stand under the county that it left.
    assert!(failed.contains(&Check::Policy) && failed.contains(&Check::Strata), "{failed:?}");
}

#[test]
fn a_name_of_a_ward_is_changed_after_the_seal() {
    let record = draw(&sealed(120, 24, &[], policy(elsewhere)), 7);
    let named = with_areas(&record, |areas| areas[3]["name"] = json!("Ward 9"));
    let named = Record::from_json(named.to_string().as_bytes()).unwrap();
    let failed = verify(&named, &Evidence::default()).failed();
    assert_eq!(failed, [Check::Digest, Check::Policy]);
}

#[test]
fn a_list_with_a_cycle_is_slipped_into_a_record() {
    let record = draw(&sealed(60, 24, &[], policy(elsewhere)), 7);
    let cycle = with_areas(&record, |areas| areas[1]["parent"] = json!("350502"));
    let error = Record::from_json(cycle.to_string().as_bytes()).unwrap_err().to_string();
    assert!(error.contains("north, 350502, north: each lies in the next"), "{error}");
}

#[test]
fn officers_of_a_county_that_no_list_has_are_put_on_the_roster() {
    let policy = policy(elsewhere);
    let rows = (0..3).map(|n| {
        let mut row = testkit::inspector_row(n);
        // The code of GB/T 2260 for the whole province would reach every ward, if digits meant anything here.
        row.divisions = vec!["350000".into()];
        row
    });
    let problems =
        double_random::Roster::new(rows, [], &policy.roster, policy.as_of).unwrap_err().to_string();
    assert!(problems.contains("is not among the policy's frame.divisions"), "{problems}");
}

#[test]
fn a_ward_without_officers_is_a_shortage_and_no_other_county_helps_in_silence() {
    let record = draw(&sealed(90, 9, &[], policy(short)), 7);
    assert_eq!(verify(&record, &Evidence::default()).verdict(), Verdict::SelfConsistent);
    assert!(!record.teams.shortages.is_empty());
    let list: &Divisions = &record.policy.frame.divisions;
    // Nobody outside the population was drawn, and each visit has one officer or a vacancy.
    for visit in &record.teams.visits {
        let people: usize = visit.posts.iter().map(|post| post.officers.len()).sum();
        let vacant: u64 = visit.posts.iter().map(|post| post.vacancies).sum();
        assert_eq!(people as u64 + vacant, 1);
    }
    assert_eq!(list.depth(), 3);
    // The ways out that are tried are those of this list: the county, then anywhere.
    let mut forged = serde_json::to_value(&record).unwrap();
    forged["teams"]["shortages"][0]["ways_out"].as_object_mut().unwrap().remove("anywhere").unwrap();
    let forged = Record::from_json(forged.to_string().as_bytes()).unwrap();
    assert!(verify(&forged, &Evidence::default()).failed().contains(&Check::Statements));
}

#[test]
fn a_chinese_office_sends_one_officer() {
    // Without a rule, with a rule of its own, and with the rule in the pack.
    let one = |p: &mut Value| p["team"]["departments"][0]["officers"] = json!(1);
    assert!(broken(one).contains("the law asks for at least two officers"));
    let with_rule = broken(|p| {
        one(p);
        p["team"]["alone"] = json!("a rule of the county");
    });
    assert!(with_rule.contains("行政处罚法 art. 42"), "{with_rule}");
    for city in ["quanzhou", "hangzhou", "suzhou", "yancheng", "songjiang"] {
        let mut pack = rules(&format!("{city}.json"));
        let mut programme = rules(&format!("{city}-2026.json"));
        assert!(pack["attendance"]["alone"].is_null(), "{city}");
        programme["tasks"][0]["officers"] = json!(1);
        let policy = |pack: &Value| {
            let pack = Pack::from_json(&pack.to_string()).unwrap();
            let programme = Programme::from_json(&programme.to_string()).unwrap();
            programme.policy(&pack, &programme.tasks[0].code, 1, None).unwrap_err().to_string()
        };
        assert!(policy(&pack).contains("at least two officers"), "{city}");
        let document = pack["documents"][0]["code"].clone();
        pack["attendance"]["alone"] = json!({"document": document, "says": "one is enough"});
        assert!(policy(&pack).contains("行政处罚法 art. 42"), "{city}");
    }
}

#[test]
fn a_list_is_given_twice_or_for_another_place() {
    let (pack, mut programme) = (rules("food-us.json"), rules("food-us-2026.json"));
    programme["divisions"] = json!(["HW1"]);
    let refused = |pack: &Value, programme: &Value| {
        let pack = Pack::from_json(&pack.to_string()).unwrap();
        let programme = Programme::from_json(&programme.to_string()).unwrap();
        programme.policy(&pack, &programme.tasks[0].code, 1, None).unwrap_err().to_string()
    };
    assert!(refused(&pack, &programme).contains("programme and pack both have divisions"));
    // Items for divisions of GB/T 2260 under a list of other codes would apply nowhere, and nobody would see it.
    let mut of_digits = pack.clone();
    of_digits.as_object_mut().unwrap().remove("divisions");
    of_digits["items"][2]["subjects"]["divisions"] = json!(["350582"]);
    assert!(refused(&of_digits, &programme).contains("is for divisions of GB/T 2260"));
    // An item for a ward that the pack's list does not have.
    let mut elsewhere = pack;
    elsewhere["items"][2]["subjects"]["divisions"] = json!(["HW9"]);
    let Err(PackError::Refused(problems)) = Pack::from_json(&elsewhere.to_string()) else { panic!() };
    assert!(problems[0].rule.to_string().contains("is for HW9"), "{problems:?}");
}

/// The check characters are what tells a credit code from one that lost a character. They are left out only where the
/// policy says so, and never under GB/T 2260; what a policy says is sealed.
#[test]
fn a_code_that_lost_a_character_is_passed_off_as_a_plain_id() {
    let lost = "91350100M000100Y4";
    let here = policy(|_| ());
    let row = |id: &str| double_random::frame::UnitRow { id: id.to_owned(), ..testkit::unit_row(0) };
    let refused = Frame::new([row(lost)], &here.frame, here.as_of).unwrap_err().to_string();
    assert!(refused.contains("is no credit code"), "{refused}");
    let told = broken(|p| p["frame"]["ids"] = json!("plain"));
    assert!(told.contains("lost a character would pass"), "{told}");
    // Every shipped pack of a Chinese city, with a programme of its districts.
    for city in ["quanzhou", "suzhou", "songjiang", "yancheng", "hangzhou"] {
        let mut pack = rules(&format!("{city}.json"));
        let programme = Programme::from_json(&rules(&format!("{city}-2026.json")).to_string()).unwrap();
        assert!(pack["ids"].is_null(), "{city}");
        pack["ids"] = json!("plain");
        let pack = Pack::from_json(&pack.to_string()).unwrap();
        let error = programme.policy(&pack, &programme.tasks[0].code, 1, None).unwrap_err().to_string();
        assert!(error.contains("lost a character would pass"), "{city}: {error}");
    }
    // Elsewhere the same text is an id, of the frame and of a recusal.
    let there = policy(testkit::elsewhere::plain);
    assert!(Frame::new([row(lost), row("R1042")], &there.frame, there.as_of).is_ok());
    let kin = |policy: &Policy| {
        let kin = RecusalRow { unit: lost.to_owned(), ..testkit::recusal_row(0, 0) };
        Roster::new([testkit::inspector_row(0)], [kin], &policy.roster, policy.as_of).map(|_| ())
    };
    assert_eq!(kin(&there), Ok(()));
    assert!(kin(&policy(elsewhere)).unwrap_err().to_string().contains("is no credit code"));
}

/// Whoever allows such ids after the seal changes the policy; whoever seals them without a rule is refuted by the record
/// alone, and by the frame.
#[test]
fn ids_without_a_form_are_drawn_under_a_policy_that_does_not_allow_them() {
    let seal = |change: fn(&mut Value)| {
        let policy = policy(change);
        testkit::seal(testkit::elsewhere::plain_frame(48), testkit::roster(24, &[], &policy), policy)
    };
    let honest = draw(&seal(testkit::elsewhere::plain), 7);
    assert_eq!(verify(&honest, &Evidence::default()).verdict(), Verdict::SelfConsistent);
    let sealed = seal(elsewhere);
    let record = draw(&sealed, 7);
    assert_eq!(verify(&record, &Evidence::default()).failed(), [Check::Tickets]);
    let failed = verify(&record, &testkit::evidence(&sealed, &record)).failed();
    assert!(failed.contains(&Check::Frame) && failed.contains(&Check::Tickets), "{failed:?}");
    let mut allowed = serde_json::to_value(&record).unwrap();
    allowed["policy"]["frame"]["ids"] = json!("plain");
    let allowed = Record::from_json(allowed.to_string().as_bytes()).unwrap();
    assert_eq!(verify(&allowed, &Evidence::default()).failed(), [Check::Digest, Check::Policy]);
}

#[test]
fn every_fault_of_the_list_is_told_with_the_others() {
    let Err(PolicyError::Rules(told)) = Policy::from_json(&testkit::policy_json(|p| {
        elsewhere(p);
        p["frame"]["divisions"][1]["parent"] = json!("350582");
        p["frame"]["divisions"][5]["parent"] = json!("east");
        p["strata"][0] = json!("county");
        p["team"]["jurisdiction"] = json!("city");
    })) else {
        panic!()
    };
    let told: Vec<String> = told.iter().map(|rule| format!("{}: {}", rule.place, rule.rule)).collect();
    let told = told.join("\n");
    for words in ["lies in east", "each lies in the next", "strata[0]: county", "team.jurisdiction: city"] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}
