//! Receipts, absences, outcomes, openings: what one institution can check alone, and that no byte of it can
//! be changed.

use double_random::bytes::Suite;
use double_random::disclosure::Opening;
use double_random::receipt::{Absence, Fate, Receipt, UnitOutcome};
use double_random::sample::{Reserve, next_reserve};
use double_random::seal::Sealed;
use double_random::verify::{self, PublishedDraw, ReceiptCheck, Verdict};
use double_random::{Record, UnitId};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use testkit::{dice, policy, sealed};

fn world(units: u64, suite: Suite) -> Sealed {
    sealed(
        units,
        24,
        &[],
        policy(|p| {
            p["suite"] = json!(suite);
            p["design"] = json!({"method": "rate", "rate": "0.4"});
            p["exclusions"] = json!([{"code": "recent", "basis": "a rule", "rule": {"units": ["T-000005"]}}]);
        }),
    )
}

#[test]
fn every_institution_can_check_its_row_and_its_outcome() {
    for suite in Suite::ALL {
        let sealed = world(41, suite);
        // A policy that names the default is read, and its canonical form leaves it out.
        let named = serde_json::to_value(sealed.seal()).unwrap().get("suite").is_some();
        assert_eq!(named, suite != Suite::default());
        let values = dice(3);
        let seed = sealed.seed(&values).unwrap();
        let sample = seed.draw();
        let assignment = sample.assign();
        let record: Record = assignment.record();
        let published = PublishedDraw {
            seal: Some(sealed.seal()),
            record: Some(&record),
            values: Some(&values),
            ..PublishedDraw::default()
        };
        let receipts = sealed.receipts();
        let outcomes: BTreeMap<UnitId, UnitOutcome> =
            sample.outcomes().map(|outcome| (outcome.unit.clone(), outcome)).collect();
        assert_eq!(outcomes.len(), 41);
        let mut picked = 0;
        for receipt in receipts.iter() {
            let outcome = &outcomes[&receipt.row.unit.id];
            assert_eq!(sample.outcome(&receipt.row.unit.id).as_ref(), Some(outcome));
            let report = verify::receipt(&receipt, Some(outcome), &published);
            let excluded = matches!(outcome.fate, Fate::Excluded { .. });
            // An exclusion follows from frame and cycle, which no receipt shows.
            let expected = if excluded { Verdict::SelfConsistent } else { Verdict::Confirmed };
            assert_eq!((report.failed(), report.verdict()), (vec![], expected), "{report}");
            assert_eq!(report.established().count(), if excluded { 9 } else { 12 });
            let drawn = record.teams.visits.iter().any(|visit| visit.unit == receipt.row.unit.id);
            assert_eq!(matches!(outcome.fate, Fate::Picked { .. }), drawn);
            picked += usize::from(drawn);
            // Before the draw: the row alone, and nothing about an outcome.
            let early = verify::receipt(
                &receipt,
                None,
                &PublishedDraw { seal: Some(sealed.seal()), ..PublishedDraw::default() },
            );
            assert_eq!((early.failed(), early.established().count()), (vec![], 2));
            let alone = verify::receipt(&receipt, None, &PublishedDraw::default());
            assert_eq!((alone.failed(), alone.established().count()), (vec![], 0));
            assert_eq!((early.verdict(), alone.verdict()), (Verdict::Confirmed, Verdict::SelfConsistent));
            let mut forged = receipt.clone();
            forged.row.index += 1;
            assert_eq!(verify::receipt(&forged, Some(outcome), &published).verdict(), Verdict::Refuted);
        }
        assert_eq!(picked, record.teams.visits.len());
        let text = verify::receipt(&receipts.get(&record.teams.visits[0].unit).unwrap(), None, &published)
            .to_string();
        assert!(
            text.contains("the row, exactly as printed here, stood on the frame when it was sealed"),
            "{text}"
        );
        assert!(text.contains("not established:"), "{text}");
        // The places among the reserves are those of the record.
        for (number, cell) in sample.whole().iter().enumerate() {
            for (place, reserve) in (1u64..).zip(&cell.reserves) {
                let Fate::Reserve { cell, place: found, .. } = outcomes[&reserve.id].fate else {
                    panic!("a reserve")
                };
                assert_eq!((cell, found), (number as u64, place));
            }
        }
    }
}

#[test]
fn an_absence_is_shown_by_its_neighbours_and_by_nothing_else() {
    let sealed = world(41, Suite::Sha256);
    let receipts = sealed.receipts();
    let id = |text: &str| UnitId::parse(text).unwrap();
    let row = |text: &str| receipts.get(&id(text)).map(|receipt| receipt.row);
    for absent in ["AAA-1", "T-0000055", "T-000041", "ZZZ-1"] {
        let absence = receipts.absence(&id(absent)).unwrap();
        assert!(absence.shows(sealed.seal()), "{absent}");
        let read = Absence::from_json(&absence.to_json()).unwrap();
        assert_eq!(read, absence);
        // Neighbours that are none, of another seal, or of an id that is there.
        let mut wider = absence.clone();
        wider.lower = row("T-000002");
        wider.upper = row("T-000007");
        assert!(!wider.shows(sealed.seal()));
        // One neighbour that is not at the end of the frame, neighbours of another seal, an absence that
        // names another.
        let alone = |lower: Option<&str>, upper: Option<&str>| Absence {
            lower: lower.and_then(row),
            upper: upper.and_then(row),
            ..absence.clone()
        };
        assert!(!Absence { id: id("T-0000025"), ..alone(Some("T-000002"), None) }.shows(sealed.seal()));
        assert!(!Absence { id: id("T-0000025"), ..alone(None, Some("T-000003")) }.shows(sealed.seal()));
        let mut foreign = Absence { id: id("T-0000025"), ..alone(Some("T-000002"), Some("T-000003")) };
        assert!(foreign.shows(sealed.seal()));
        foreign.lower.as_mut().unwrap().salt = double_random::bytes::Half::new([0; 16]);
        assert!(!foreign.shows(sealed.seal()));
        let mut named = absence.clone();
        named.seal = double_random::bytes::Digest::ZERO;
        assert!(!named.shows(sealed.seal()));
        let mut there = absence.clone();
        there.id = id("T-000006");
        assert!(!there.shows(sealed.seal()));
        assert!(!absence.shows(world(40, Suite::Sha256).seal()));
        let mut one_sided = absence.clone();
        if one_sided.lower.take().is_some() {
            assert!(!one_sided.shows(sealed.seal()));
        }
        let mut one_sided = absence;
        if one_sided.upper.take().is_some() {
            assert!(!one_sided.shows(sealed.seal()));
        }
    }
    assert_eq!(receipts.absence(&id("T-000006")), None);
}

/// Every byte of every document, in two ways: unreadable, or refuted.
#[test]
fn no_byte_of_a_document_can_be_changed() {
    for suite in Suite::ALL {
        let sealed = world(13, suite);
        let values = dice(3);
        let seed = sealed.seed(&values).unwrap();
        let sample = seed.draw();
        let assignment = sample.assign();
        let record = assignment.record();
        let unit = record.teams.visits[0].unit.clone();
        let published = PublishedDraw {
            record: None,
            seal: Some(sealed.seal()),
            policy: Some(&record.policy),
            table: Some(&record.table),
            sample: Some(&record.sample),
            values: Some(&values),
            secret: None,
        };
        let (receipt, outcome) = (sealed.receipts().get(&unit).unwrap(), sample.outcome(&unit).unwrap());
        let visits = assignment.visits();
        let opening = visits.opening(&unit).unwrap();
        let absence = sealed.receipts().absence(&UnitId::parse("T-0000055").unwrap()).unwrap();
        let drawn = sample.drawn_document();
        let check = |bytes: &[u8], fits: &dyn Fn(&[u8]) -> bool| {
            assert!(fits(bytes));
            for place in 0..bytes.len() {
                for flip in [0x01, 0x20] {
                    let mut other = bytes.to_vec();
                    other[place] ^= flip;
                    assert!(!fits(&other), "byte {place} of {}", String::from_utf8_lossy(&other));
                }
            }
        };
        check(&receipt.to_json(), &|bytes| {
            Receipt::from_json(bytes)
                .is_ok_and(|r| verify::receipt(&r, Some(&outcome), &published).failed().is_empty())
        });
        check(&outcome.to_json(), &|bytes| {
            UnitOutcome::from_json(bytes)
                .is_ok_and(|o| verify::receipt(&receipt, Some(&o), &published).failed().is_empty())
        });
        let commitment = visits.commitment();
        let seal = sealed.digest();
        check(&opening.to_json(), &|bytes| {
            Opening::from_json(bytes).is_ok_and(|o| o.is_in(sealed.seal(), &commitment))
        });
        // The id of an absence may be any other between the two rows: that is then shown as well.
        check(&absence.to_json(), &|bytes| {
            Absence::from_json(bytes).is_ok_and(|a| a.shows(sealed.seal()) && a.id.as_str() == "T-0000055")
        });
        let digest = drawn.digest(sealed.seal().suite);
        check(&drawn.to_json(), &|bytes| {
            double_random::disclosure::DrawnDocument::from_json(bytes)
                .is_ok_and(|d| d.digest(sealed.seal().suite) == digest)
        });
        let bytes = sealed.seal().to_json();
        check(&bytes, &|bytes| double_random::seal::Seal::from_json(bytes).is_ok_and(|s| s.digest() == seal));
    }
}

#[test]
fn a_forged_outcome_is_refuted_by_its_check() {
    let sealed = world(41, Suite::Sha256);
    let values = dice(3);
    let seed = sealed.seed(&values).unwrap();
    let sample = seed.draw();
    let record = sample.assign().record();
    let published = PublishedDraw {
        record: None,
        seal: Some(sealed.seal()),
        policy: Some(&record.policy),
        table: Some(&record.table),
        sample: Some(&record.sample),
        values: Some(&values),
        secret: None,
    };
    let unit = record.teams.visits[0].unit.clone();
    let receipt = sealed.receipts().get(&unit).unwrap();
    let honest = sample.outcome(&unit).unwrap();
    let Fate::Picked { cell, cutoff, ticket } = honest.fate.clone() else { panic!("picked") };
    let case = |fate: Fate, expected: &[ReceiptCheck]| {
        let outcome = UnitOutcome { fate, ..honest.clone() };
        assert_eq!(verify::receipt(&receipt, Some(&outcome), &published).failed(), expected);
    };
    let zero = double_random::bytes::Digest::ZERO;
    case(Fate::Picked { cell, cutoff, ticket: zero }, &[ReceiptCheck::Ticket]);
    case(Fate::Picked { cell, cutoff: zero, ticket }, &[ReceiptCheck::Fate, ReceiptCheck::Listed]);
    case(
        Fate::Reserve { cell, cutoff: Some(cutoff), place: 1, ticket },
        &[ReceiptCheck::Fate, ReceiptCheck::Listed],
    );
    case(
        Fate::Reserve { cell, cutoff: Some(zero), place: 1000, ticket },
        &[ReceiptCheck::Fate, ReceiptCheck::Listed],
    );
    case(
        Fate::Reserve { cell, cutoff: None, place: 1, ticket },
        &[ReceiptCheck::Count, ReceiptCheck::Listed],
    );
    case(
        Fate::Excluded { code: double_random::id::Code::parse("nothing").unwrap() },
        &[ReceiptCheck::Cell, ReceiptCheck::Listed],
    );
    case(
        Fate::Reserve { cell, cutoff: Some(zero), place: 0, ticket },
        &[ReceiptCheck::Fate, ReceiptCheck::Listed],
    );
    let other = UnitOutcome { seal: zero, ..honest.clone() };
    assert_eq!(verify::receipt(&receipt, Some(&other), &published).failed(), [ReceiptCheck::Seal]);
    let other = UnitOutcome { seed: zero, ..honest.clone() };
    let failed = verify::receipt(&receipt, Some(&other), &published).failed();
    assert!(failed.starts_with(&[ReceiptCheck::Seed]), "{failed:?}");
    // Another policy or table than the sealed ones.
    let policy = policy(|_| ());
    let failed =
        verify::receipt(&receipt, None, &PublishedDraw { policy: Some(&policy), ..published }).failed();
    assert_eq!(failed, [ReceiptCheck::Policy]);
    let mut table = record.table.clone();
    table.cells[0].count += 1;
    let failed =
        verify::receipt(&receipt, None, &PublishedDraw { table: Some(&table), ..published }).failed();
    assert_eq!(failed, [ReceiptCheck::Table]);
}

/// Reserves: the cell first, then the strata around it, each unit once, until no unit is left.
#[test]
fn reserves_follow_cell_by_cell_and_then_further_out() {
    let sealed = world(41, Suite::Sha256);
    let seed = sealed.seed(&dice(3)).unwrap();
    let sample = seed.draw();
    let (whole, table) = (sample.whole(), sealed.plan().table());
    let unit = sample.units()[0].id.clone();
    let own = whole.iter().position(|cell| cell.picks.iter().any(|pick| pick.id == unit)).unwrap();
    let mut used = BTreeSet::new();
    let mut order = Vec::new();
    while let Some(Reserve::Unit(next)) = next_reserve(&table, &whole, &unit, &used) {
        assert!(used.insert(next.clone()), "no unit twice");
        order.push(next);
    }
    assert_eq!(next_reserve(&table, &whole, &unit, &used), Some(Reserve::Exhausted));
    // Every reserve comes, those of the own cell first and in ticket order, then by how much of the path they
    // share.
    let all: usize = whole.iter().map(|cell| cell.reserves.len()).sum();
    assert_eq!(order.len(), all);
    let first: Vec<&UnitId> = whole[own].reserves.iter().map(|pick| &pick.id).collect();
    assert_eq!(order.iter().take(first.len()).collect::<Vec<_>>(), first);
    let place =
        |id: &UnitId| whole.iter().position(|cell| cell.reserves.iter().any(|pick| &pick.id == id)).unwrap();
    let near = |id: &UnitId| {
        let (a, b) = (&table.cells[own].path, &table.cells[place(id)].path);
        a.node().components().zip(b.node().components()).take_while(|(a, b)| a == b).count()
    };
    let ticket = |id: &UnitId| {
        let reserve = whole[place(id)].reserves.iter().find(|pick| &pick.id == id).unwrap();
        reserve.ticket
    };
    for pair in order[first.len()..].windows(2) {
        let (a, b) = (near(&pair[0]), near(&pair[1]));
        assert!(a > b || (a == b && ticket(&pair[0]) < ticket(&pair[1])), "{pair:?}");
    }
    // A record shows two reserves of each cell: what lies beyond is not known from it.
    let cells = sample.cells();
    let mut shown = BTreeSet::new();
    let mut count = 0;
    while let Some(Reserve::Unit(next)) = next_reserve(&table, &cells, &unit, &shown) {
        assert_eq!(next, order[count]);
        count += 1;
        shown.insert(next);
    }
    assert!(count >= 1 && count <= all);
    let hidden = whole[own].reserves.len() > cells[own].reserves.len();
    if hidden {
        assert_eq!(next_reserve(&table, &cells, &unit, &shown), Some(Reserve::NotShown));
        assert_eq!(count, 2);
    }
    // Strata whose codes begin alike are not one inside the other, and who had no chance is no reserve.
    let row = |path: &str, size: &str| double_random::plan::CellRow {
        certain: false,
        count: 2,
        path: path.into(),
        size: size.into(),
    };
    let pick = |id: &str, n: u8| double_random::sample::Pick {
        id: UnitId::parse(id).unwrap(),
        pseudonym: testkit::pseudonym(id),
        ticket: double_random::bytes::Digest::new([n; 32]),
    };
    let cell = |picks, reserves| double_random::sample::CellSample { cutoff: None, picks, reserves };
    let table = double_random::plan::CellTable {
        cells: vec![row("first/b", "5"), row("first/b/x", "0"), row("first/b/y", "5"), row("first/bc", "5")],
        exclusions: BTreeMap::new(),
    };
    let cells = [
        cell(vec![pick("T-1", 1), pick("T-2", 2)], vec![]),
        cell(vec![], vec![pick("T-3", 0), pick("T-4", 1)]),
        cell(vec![], vec![pick("T-5", 8), pick("T-6", 9)]),
        cell(vec![], vec![pick("T-7", 3), pick("T-8", 4)]),
    ];
    let mut order = Vec::new();
    let mut used = BTreeSet::new();
    while let Some(Reserve::Unit(next)) = next_reserve(&table, &cells, &UnitId::parse("T-1").unwrap(), &used)
    {
        order.push(next.to_string());
        used.insert(next);
    }
    assert_eq!(order, ["T-5", "T-6", "T-7", "T-8"]);
    let stranger = UnitId::parse("ZZZ-1").unwrap();
    assert_eq!(next_reserve(&table, &cells, &stranger, &shown), None);
    assert_eq!(Suite::default(), Suite::Sha256);
}
