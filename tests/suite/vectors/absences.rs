//! Proofs of absence, and what only looks like one.

use super::{Files, lines};
use double_random::UnitId;
use double_random::bytes::encode;
use double_random::receipt::Absence;
use double_random::seal::Sealed;
use serde_json::{Value, json};
use testkit::{policy, sealed};

pub(super) fn files() -> Files {
    let mut cases = Vec::new();
    for suite in ["sha256", "sm3"] {
        let of_size = |units| {
            let policy = policy(|p| {
                if suite == "sm3" {
                    p["suite"] = json!(suite);
                }
            });
            sealed(units, 24, &[], policy)
        };
        of(&of_size(41), &of_size(40), &mut cases);
    }
    Files::from([("absences.json".to_owned(), lines("15.2", &cases))])
}

/// Units T-000000 to T-000040, and another seal over those before the last.
fn of(sealed: &Sealed, other: &Sealed, cases: &mut Vec<Value>) {
    let value = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).unwrap();
    let absence = |sealed: &Sealed, id: &str| {
        value(sealed.receipts().absence(&UnitId::parse(id).unwrap()).unwrap().to_json())
    };
    let at = |id: &str| absence(sealed, id);
    let changed = |mut absence: Value, field: &str, to: &Value| {
        *absence.pointer_mut(field).unwrap() = to.clone();
        absence
    };
    let without = |mut absence: Value, field: &str| {
        assert!(absence.as_object_mut().unwrap().remove(field).is_some());
        absence
    };
    let with = |mut absence: Value, field: &str, to: &Value| {
        absence[field] = to.clone();
        absence
    };
    let (below, inside, above) = (at("A-1"), at("T-000005a"), at("Z-1"));
    let far = at("T-000009a");
    let swapped = with(with(inside.clone(), "lower", &inside["upper"]), "upper", &inside["lower"]);
    let of_the_other = absence(other, "T-000005a");
    for (name, absence, shows) in [
        ("below_all", below, true),
        ("between_two", inside.clone(), true),
        ("above_all", above, true),
        ("an_id_that_is_there", changed(inside.clone(), "/id", &json!("T-000005")), false),
        ("the_id_of_the_upper_row", changed(inside.clone(), "/id", &json!("T-000006")), false),
        ("an_id_elsewhere", changed(inside.clone(), "/id", &json!("T-000009a")), false),
        ("rows_that_are_not_neighbours", with(inside.clone(), "upper", &far["upper"]), false),
        ("one_row_twice", with(inside.clone(), "upper", &inside["lower"]), false),
        ("rows_the_other_way_round", swapped, false),
        ("a_lower_row_that_is_not_the_last", without(inside.clone(), "upper"), false),
        ("an_upper_row_that_is_not_the_first", without(inside.clone(), "lower"), false),
        ("no_rows", without(without(inside.clone(), "lower"), "upper"), false),
        ("a_row_that_was_edited", changed(inside.clone(), "/upper/unit/name", &json!("Other")), false),
        ("an_index_that_was_edited", changed(inside.clone(), "/upper/index", &json!(7)), false),
        ("a_path_that_was_edited", changed(inside.clone(), "/lower/path/0", &json!("1".repeat(64))), false),
        ("of_another_seal", of_the_other.clone(), false),
        ("a_row_of_another_seal", with(inside.clone(), "upper", &of_the_other["upper"]), false),
        ("the_last_row_of_another_seal", absence(other, "T-000040"), false),
        ("the_name_of_another_seal", changed(inside, "/seal", &of_the_other["seal"]), false),
    ] {
        let read = Absence::from_json(&encode(&absence).unwrap()).unwrap();
        assert_eq!(read.shows(sealed.seal()), shows, "{name}");
        cases.push(json!({"name": name, "seal": sealed.seal(), "absence": absence, "shows": shows}));
    }
}
