//! What an outsider learns of units that were not drawn, and of visits that are still to come.

use super::rate;
use double_random::bytes::{Digest, Half, Inclusion, SaltKey, Suite, Tree, encode};
use double_random::lot::Key;
use double_random::lot::tickets::Tickets;
use double_random::sample::Pick;
use double_random::seal::{SealTerms, Sealed};
use double_random::verify::{self, Check, PublishedDraw, ReceiptCheck, Verdict, verify};
use double_random::{Cycle, Evidence, Plan, Record, UnitId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{all_pseudonyms, dice, draw, evidence, policy, pseudonym, roster, sealed, terms};

/// The units that a record shows: picks and reserves.
fn shown(record: &Record) -> impl Iterator<Item = &Pick> {
    record.sample.iter().flat_map(|cell| cell.picks.iter().chain(&cell.reserves))
}

/// A record that its author has edited, with its digest made right again.
fn edited(record: &Record, edit: impl FnOnce(&mut Record)) -> Record {
    let mut other = record.clone();
    edit(&mut other);
    let mut bare: Value = serde_json::from_slice(&encode(&other).unwrap()).unwrap();
    bare.as_object_mut().unwrap().remove("digest");
    let suite = other.policy.suite;
    let digest = suite.digest(double_random::bytes::Label::Record, &encode(&bare).unwrap());
    bare["digest"] = json!(digest);
    Record::from_json(&encode(&bare).unwrap()).unwrap()
}

/// What everybody finds wrong with a record.
fn failed(record: &Record, sealed: &Sealed) -> Vec<Check> {
    let knows = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(record.beacon.clone()),
        ..Evidence::default()
    };
    verify(record, &knows).failed()
}

fn leaf(suite: Suite, pseudonym: &Half, id: &str) -> Digest {
    suite.leaf(format!("{pseudonym} {id}").as_bytes())
}

fn members(n: u64) -> impl Iterator<Item = UnitId> {
    (0..n).map(|n| UnitId::parse(&format!("T-{n:06}")).unwrap())
}

fn of_key(n: u8) -> Sealed {
    let policy = policy(rate);
    let (frame, officers) = (testkit::frame(200, &policy), roster(24, &[], &policy));
    let terms = SealTerms { salt_key: SaltKey::new([n; 32]), ..terms(&policy) };
    Plan::new(frame, officers, policy, Cycle::default()).unwrap().seal(terms).unwrap()
}

/// Somebody knows the ids of all institutions that there are, 200 on the frame and 200 that are not. After one
/// record, and after twelve, the texts that he has name those that were shown, and no hash that he can make of
/// another id stands anywhere in them. With tickets of ids he recognised 116 of the 200 after one record, all
/// after twelve, and saw of 199 others that they were not there.
#[test]
fn guessed_ids_are_recognised_only_if_they_are_shown() {
    let candidates: Vec<UnitId> = members(400).collect();
    let (mut recognised, mut published) = (BTreeSet::new(), BTreeSet::new());
    for n in 1..=12u8 {
        let sealed = of_key(n);
        let record = draw(&sealed, u64::from(n));
        let text = String::from_utf8([record.to_json(), sealed.seal().to_json()].concat()).unwrap();
        let named: BTreeSet<&UnitId> = shown(&record).map(|pick| &pick.id).collect();
        // Every hash of the protocol with a seed that takes a text of his choice: the ticket under the id, under
        // what he may think is a pseudonym, the salt under the seed, the leaves of both trees without a secret.
        let suite = record.policy.suite;
        let seed = record.seed.to_string();
        for id in &candidates {
            let id_text = id.as_str();
            let mut guesses = Vec::new();
            for label in ["lot", "salt", "control", "day", "stage"] {
                let plain = format!("double-random/1 {label} {seed} {id_text}");
                let hash = Digest::new(<sha2::Sha256 as sha2::Digest>::digest(plain).into());
                guesses.push(hash.to_string());
                guesses.push(hash.to_string()[..32].to_owned());
            }
            let known: Vec<Half> = shown(&record).map(|pick| pick.pseudonym).collect();
            guesses.extend(known.iter().map(|half| leaf(suite, half, id_text).to_string()));
            let hit = guesses.iter().any(|guess| text.contains(guess.as_str()));
            assert!(!hit, "{id} of draw {n}");
            if text.contains(&format!("\"{id}\"")) {
                recognised.insert(id.clone());
                assert!(named.contains(id), "{id} of draw {n}");
            }
        }
        published.extend(shown(&record).map(|pick| pick.id.clone()));
        // The test that used to show who is absent: a ticket below the cutoff of the cell, and no pick. It now
        // condemns members as often as strangers, so it says nothing.
        let tickets = Tickets::new(&Key::new(suite, record.seed));
        let condemned = |id: &UnitId| {
            let half: Half = Half::parse(&suite.leaf(id.as_str().as_bytes()).to_string()[..32]).unwrap();
            let ticket = tickets.ticket(&half);
            !named.contains(id)
                && record.sample.iter().any(|cell| cell.cutoff.is_some_and(|cutoff| ticket <= cutoff))
        };
        let (ours, theirs) = candidates.split_at(200);
        let count = |ids: &[UnitId]| ids.iter().filter(|id| condemned(id)).count();
        assert!(count(ours) > 20 && count(theirs) > 20, "{} {}", count(ours), count(theirs));
        if n == 1 {
            assert!(recognised.len() == named.len() && named.len() < 120, "{}", named.len());
        }
    }
    assert_eq!(recognised, published);
}

/// The places of what is shown are no ranks of ids: among 200 units the picks of a draw do not ascend as their
/// ids do, and a proof with the places of the ids is none.
#[test]
fn the_places_of_a_record_are_no_ranks() {
    let sealed = of_key(1);
    let record = draw(&sealed, 1);
    let suite = record.policy.suite;
    let ids: BTreeSet<&UnitId> = shown(&record).map(|pick| &pick.id).collect();
    let ranks: Vec<u64> = ids.iter().map(|id| sealed.plan().frame().position(id).unwrap() as u64).collect();
    assert_ne!(ranks, record.inclusion.places);
    // In the order of ids the tree has another root than the sealed one.
    let units = sealed.plan().frame().units().iter().zip(all_pseudonyms(&sealed));
    let leaves: Vec<Digest> = units.map(|(unit, half)| leaf(suite, &half, unit.id.as_str())).collect();
    let by_id = Tree::new(suite, leaves);
    assert_ne!(by_id.root(), sealed.seal().frame.pseudonyms);
    let other = edited(&record, |r| r.inclusion = Inclusion::of(&by_id, ranks));
    assert_eq!(failed(&other, &sealed), [Check::Tickets]);
}

/// He draws an enemy under a pseudonym of his choice, whose ticket is small enough.
#[test]
fn a_pseudonym_of_ones_own_choice_is_refuted() {
    let sealed = sealed(60, 24, &[], policy(rate));
    let record = draw(&sealed, 1);
    let tickets = Tickets::new(&Key::new(record.policy.suite, record.seed));
    let at = record.sample.iter().position(|cell| cell.picks.len() > 1).unwrap();
    let forged = edited(&record, |r| {
        let cell = &mut r.sample[at];
        let most = cell.picks[1].ticket;
        let name = (0..).map(|n: u32| pseudonym(&n.to_string()));
        let name = name.into_iter().find(|name| tickets.ticket(name) < most).unwrap();
        cell.picks[0].pseudonym = name;
        cell.picks[0].ticket = tickets.ticket(&name);
    });
    assert_eq!(failed(&record, &sealed), []);
    assert_eq!(failed(&forged, &sealed), [Check::Tickets]);
}

/// Two units of one pseudonym have one ticket, and the smaller id would come first: where both are shown, two
/// checks see it, and where not, the auditor derives another pseudonym.
#[test]
fn two_units_of_one_pseudonym_are_refuted() {
    let sealed = sealed(60, 24, &[], policy(rate));
    let record = draw(&sealed, 1);
    let at = record.sample.iter().position(|cell| cell.picks.len() > 1).unwrap();
    let twins = edited(&record, |r| {
        let cell = &mut r.sample[at];
        (cell.picks[1].pseudonym, cell.picks[1].ticket) = (cell.picks[0].pseudonym, cell.picks[0].ticket);
        cell.cutoff = cell.picks.last().map(|pick| pick.ticket);
    });
    assert_eq!(failed(&twins, &sealed), [Check::Tickets, Check::Cutoffs]);
    // In two cells, where the order of each is right.
    let other = record.sample.iter().rposition(|cell| cell.picks.len() > 1).unwrap();
    assert_ne!(at, other);
    let apart = edited(&record, |r| {
        let first = r.sample[at].picks[0].clone();
        let pick = &mut r.sample[other].picks[0];
        (pick.pseudonym, pick.ticket) = (first.pseudonym, first.ticket);
    });
    assert!(failed(&apart, &sealed).contains(&Check::Tickets));
}

/// He exchanges the pseudonyms of two picks, with their tickets, so that another one comes first.
#[test]
fn no_pseudonyms_of_two_picks_can_be_exchanged() {
    let sealed = sealed(60, 24, &[], policy(rate));
    let record = draw(&sealed, 1);
    let at = record.sample.iter().position(|cell| cell.picks.len() > 1).unwrap();
    let swapped = edited(&record, |r| {
        let picks = &mut r.sample[at].picks;
        let id = picks[0].id.clone();
        picks[0].id = std::mem::replace(&mut picks[1].id, id);
    });
    assert_eq!(failed(&swapped, &sealed), [Check::Tickets]);
}

/// He proves other leaves than those that he shows: the proof of another unit, of one unit fewer, of none.
#[test]
fn a_proof_of_another_id_is_refuted() {
    let sealed = sealed(60, 24, &[], policy(rate));
    let record = draw(&sealed, 1);
    let suite = record.policy.suite;
    let units = sealed.plan().frame().units().iter().zip(all_pseudonyms(&sealed));
    let mut leaves: Vec<Digest> = units.map(|(unit, half)| leaf(suite, &half, unit.id.as_str())).collect();
    leaves.sort_unstable();
    let tree = Tree::new(suite, leaves);
    assert_eq!(tree.root(), sealed.seal().frame.pseudonyms);
    let honest = record.inclusion.places.clone();
    assert_eq!(Inclusion::of(&tree, honest.clone()), record.inclusion);
    let unused = (0..60).find(|place| !honest.contains(place)).unwrap();
    let mut another = honest.clone();
    another[0] = unused;
    another.sort_unstable();
    for places in [another, honest[1..].to_vec(), Vec::new()] {
        let other = edited(&record, |r| r.inclusion = Inclusion::of(&tree, places.clone()));
        assert_eq!(failed(&other, &sealed), [Check::Tickets], "{places:?}");
    }
    // The right proof beside a unit whose id is another.
    let other = edited(&record, |r| {
        let stranger = UnitId::parse("T-000999").unwrap();
        let cell = r.sample.iter_mut().find(|cell| !cell.reserves.is_empty()).unwrap();
        cell.reserves[0].id = stranger;
    });
    assert_eq!(failed(&other, &sealed), [Check::Tickets]);
}

/// He seals a friend under two pseudonyms, so that he may choose later which of the two tickets he shows. The
/// second one takes the leaf of another unit. The auditor finds it, and the friend's own receipt does.
#[test]
fn a_unit_that_was_sealed_twice_is_seen() {
    let sealed = sealed(60, 24, &[], policy(rate));
    let record = draw(&sealed, 1);
    let suite = record.policy.suite;
    let values = dice(1);
    let seed = sealed.seed(&values).unwrap();
    let (sample, receipts) = (seed.draw(), sealed.receipts());
    let unit = shown(&record).next().unwrap().id.clone();
    let (receipt, outcome) = (receipts.get(&unit).unwrap(), sample.outcome(&unit).unwrap());
    let published = PublishedDraw {
        seal: Some(sealed.seal()),
        record: Some(&record),
        values: Some(&values),
        ..PublishedDraw::default()
    };
    let honest = verify::receipt(&receipt, Some(&outcome), &published);
    assert_eq!((honest.failed(), honest.verdict()), (vec![], Verdict::Confirmed));
    // The record shows the second pseudonym; the receipt holds the first.
    let second = edited(&record, |r| {
        let pick = r.sample.iter_mut().flat_map(|cell| &mut cell.picks).find(|pick| pick.id == unit).unwrap();
        pick.pseudonym = pseudonym("the second one");
    });
    let report =
        verify::receipt(&receipt, Some(&outcome), &PublishedDraw { record: Some(&second), ..published });
    assert!(report.failed().contains(&ReceiptCheck::Listed), "{report}");
    // A receipt of the second pseudonym leads to no root of the first seal.
    let mut forged = receipt;
    forged.pseudonym.pseudonym = pseudonym("the second one");
    assert_eq!(verify::receipt(&forged, None, &published).failed(), [ReceiptCheck::Row]);
    // With both leaves sealed the proof of the record holds, and the auditor's file does not.
    let units = sealed.plan().frame().units().iter().zip(all_pseudonyms(&sealed));
    let mut leaves: Vec<Digest> = units.map(|(unit, half)| leaf(suite, &half, unit.id.as_str())).collect();
    let spared =
        sealed.plan().frame().units().iter().position(|row| !shown(&record).any(|pick| pick.id == row.id));
    leaves[spared.unwrap()] = leaf(suite, &pseudonym("the second one"), unit.as_str());
    leaves.sort_unstable();
    let tree = Tree::new(suite, leaves.clone());
    let places = shown(&second).map(|pick| leaf(suite, &pick.pseudonym, pick.id.as_str()));
    let mut places: Vec<u64> = places.map(|leaf| leaves.binary_search(&leaf).unwrap() as u64).collect();
    places.sort_unstable();
    let both = edited(&second, |r| {
        r.seal.frame.pseudonyms = tree.root();
        r.inclusion = Inclusion::of(&tree, places);
    });
    let report = verify(&both, &evidence(&sealed, &both));
    assert!(report.failed().contains(&Check::Frame), "{report}");
}

/// Half of the doors were opened. Their openings tell nothing of the other visits: the place of an opening is
/// no rank, neither of the unit nor of the day.
#[test]
fn openings_of_half_the_visits_reveal_no_rank() {
    let sealed = sealed(60, 40, &[], policy(|p| p["design"] = json!({"method": "rate", "rate": "0.4"})));
    let seed = sealed.seed(&dice(1)).unwrap();
    let sample = seed.draw();
    let assignment = sample.assign();
    let visits = &assignment.teams().visits;
    assert!(visits.len() >= 20, "{}", visits.len());
    let tree = assignment.visits();
    let commitment = tree.commitment();
    let opened: Vec<u64> = visits
        .iter()
        .step_by(2)
        .map(|visit| {
            let opening = tree.opening(&visit.unit).unwrap();
            assert!(opening.is_in(sealed.seal(), &commitment));
            assert_eq!(opening.visit, *visit);
            opening.index
        })
        .collect();
    // In the order of units the gaps between the places would be the numbers of visits between the units.
    let ranks: Vec<u64> = (0..visits.len() as u64).step_by(2).collect();
    assert_ne!(opened, ranks);
    assert!(!opened.is_sorted() && !opened.iter().rev().is_sorted());
    // All openings have all places once.
    let all: BTreeSet<u64> = visits.iter().map(|visit| tree.opening(&visit.unit).unwrap().index).collect();
    assert_eq!(all, (0..visits.len() as u64).collect());
}

/// A pin lapsed because the officer is recused: the record says that it lapsed, and not why. The office and an
/// auditor, who have the roster, find the reason.
#[test]
fn a_lapsed_pin_shows_no_reason() {
    let pinned = |p: &mut Value| {
        p["design"] = json!({"method": "rate", "rate": "1"});
        p["team"]["cap"] = json!(60);
        p["team"]["pins"] = json!([
            {"basis": "who fined it", "inspector": "I-0003", "post": "member", "unit": "T-000004"}]);
    };
    let sealed = sealed(20, 24, &[(3, 4)], policy(pinned));
    let seed = sealed.seed(&dice(1)).unwrap();
    let sample = seed.draw();
    let assignment = sample.assign();
    let record = assignment.record();
    let text = String::from_utf8(record.to_json()).unwrap();
    let lapsed = r#""lapsed":[{"inspector":"I-0003","unit":"T-000004"}]"#;
    assert!(text.contains(lapsed));
    let reasons: Vec<&str> = assignment.lapsed().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons, ["recusal"]);
    assert_eq!(verify(&record, &evidence(&sealed, &record)).verdict(), Verdict::Confirmed);
    // The public sees that it did lapse, as nobody stands at its post; an auditor, that nobody made that up.
    let kept = edited(&record, |r| r.teams.lapsed.clear());
    assert_eq!(verify(&kept, &evidence(&sealed, &kept)).failed(), [Check::Statements, Check::Assignment]);
    assert!(
        Record::from_json(
            text.replace(
                r#""I-0003","unit":"T-000004"}]"#,
                r#""I-0003","reason":"recusal","unit":"T-000004"}]"#
            )
            .as_bytes()
        )
        .is_err()
    );
}
