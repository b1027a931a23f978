//! The proof that the units of a sample were sealed, made anew for records that are forged (Spec 4.5 and 4.6).

use crate::all_pseudonyms;
use double_random::bytes::{Digest, Half, Inclusion, Suite, Tree};
use double_random::frame::Unit;
use double_random::seal::Sealed;
use serde_json::{Value, json};

/// The leaf of one unit in the tree of pseudonyms.
#[must_use]
pub fn leaf(suite: Suite, pseudonym: &str, id: &str) -> Digest {
    suite.leaf(format!("{pseudonym} {id}").as_bytes())
}

/// Proves anew that the units of the sample were sealed, as whoever holds the frame can.
pub fn include(record: &mut Value, sealed: &Sealed) {
    include_among(record, sealed.seal().suite, &sealed_leaves(sealed));
}

/// The leaves of all units, ascending.
#[must_use]
pub fn sealed_leaves(sealed: &Sealed) -> Vec<Digest> {
    let units = sealed.plan().frame().units().iter().zip(all_pseudonyms(sealed));
    let hash = |(unit, known): (&Unit, Half)| leaf(sealed.seal().suite, &known.to_string(), unit.id.as_str());
    let mut leaves: Vec<Digest> = units.map(hash).collect();
    leaves.sort_unstable();
    leaves
}

/// The same among other leaves, which ascend.
pub fn include_among(record: &mut Value, suite: Suite, leaves: &[Digest]) {
    let mut places = Vec::new();
    for cell in record["sample"].as_array().unwrap() {
        for list in ["picks", "reserves"] {
            for pick in cell[list].as_array().unwrap() {
                let text = |field: &str| pick[field].as_str().unwrap();
                let leaf = leaf(suite, text("pseudonym"), text("id"));
                places.extend(leaves.binary_search(&leaf).map(|place| place as u64));
            }
        }
    }
    places.sort_unstable();
    let proof = Inclusion::of(&Tree::new(suite, leaves.to_vec()), places);
    record["inclusion"] = json!(proof);
}
