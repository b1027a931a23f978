//! Who changes a row of the year: a standing that is sealed under a root, a row of a drawn document.

use double_random::bytes::{Digest, Suite};
use double_random::cycle::{CycleCensus, CycleHead, CycleRow};
use double_random::disclosure::{DrawnDocument, DrawnRows};
use double_random::verify::{self, Check, DrawEvidence, LedgerCheck, verify};
use double_random::{Cycle, UnitId};
use testkit::ledger::*;

const ONE: (u64, u64) = (1, 1);

/// A change of the rows of a cycle.
type Change = fn(&mut Vec<CycleRow>);

/// A year with draws that are open when the next one is sealed: the second draw of it.
fn later_draw() -> (Office, (u64, u64)) {
    let office = year();
    let has_open = |(_, known): &(&(u64, u64), &DrawEvidence)| {
        known.record.is_some()
            && known.evidence.cycle.as_ref().is_some_and(|(cycle, _)| !cycle.open().is_empty())
    };
    let name = *office.evidence.draws.iter().find(has_open).unwrap().0;
    (office, name)
}

/// He seals one cycle and gives the auditor another: with a standing altered, left out or exchanged, with
/// another change of an open draw, or with another head.
#[test]
fn a_standing_is_altered_left_out_or_exchanged() {
    let (office, name) = later_draw();
    let known = &office.evidence.draws[&name];
    let record = known.record.as_ref().unwrap();
    let (cycle, key) = known.evidence.cycle.as_ref().unwrap();
    assert!(verify(record, &known.evidence).failed().is_empty());
    let suite = record.seal.suite;
    let digest = |head: &CycleHead, rows: &[CycleRow]| {
        let mut census = CycleCensus::new(suite, key, head);
        rows.iter().for_each(|row| census.push(row.clone()));
        census.digest()
    };
    let rows: Vec<CycleRow> = cycle.rows().collect();
    assert_eq!(digest(&cycle.head(), &rows), record.seal.cycle);
    let changes: [Change; 8] = [
        |rows| rows[1].standing.others += 1,
        |rows| rows[1].standing.first_seen = None,
        |rows| drop(rows.remove(1)),
        |rows| rows.swap(0, 1),
        |rows| {
            let (first, second) = rows.split_at_mut(1);
            std::mem::swap(&mut first[0].standing.unit, &mut second[0].standing.unit);
        },
        |rows| rows.iter_mut().find(|row| !row.opens.is_empty()).unwrap().opens.clear(),
        |rows| {
            let open = rows.iter_mut().find_map(|row| row.opens.first_mut()).unwrap();
            open.was = if open.was.is_some() { None } else { Some(2) };
        },
        |rows| {
            let open = rows.iter_mut().find_map(|row| row.opens.first_mut()).unwrap();
            open.pending = if open.pending.is_some() { None } else { Some(true) };
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut other = rows.clone();
        change(&mut other);
        assert_ne!(digest(&cycle.head(), &other), record.seal.cycle, "{number}");
        // Where the change makes a cycle at all, both checks find it.
        let Ok(changed) = Cycle::of_rows(&cycle.head(), other) else { continue };
        let mut evidence = office.evidence.clone();
        evidence.draws.get_mut(&name).unwrap().evidence.cycle = Some((changed, key.clone()));
        let failed = verify(record, &evidence.draws[&name].evidence).failed();
        assert!(failed.contains(&Check::Cycle), "{number}: {failed:?}");
        let failed = verify::ledger(office.lines(), &evidence).failed();
        assert!(failed.contains(&LedgerCheck::Cycles), "{number}: {failed:?}");
    }
    let mut heads = vec![cycle.head(); 4];
    heads[0].last += 1;
    heads[1].open.clear();
    heads[2].open[0].pending += 1;
    heads[3].spent = double_random::policy::Billionths::ZERO;
    assert!(heads.iter().all(|head| digest(head, &rows) != record.seal.cycle));
}

/// He shows the auditor a drawn document with a row altered, left out, added or exchanged: it has another
/// digest than the ledger. One that he enters so is not what the draw gives.
#[test]
fn a_row_of_the_draw_is_altered_left_out_or_added() {
    let changes: [fn(&mut DrawnRows); 6] = [
        |drawn| drawn.units[2].unit.cycles = 3,
        |drawn| {
            let pick = drawn.units.iter_mut().find(|row| row.unit.credited.is_some()).unwrap();
            pick.unit.credited = None;
        },
        |drawn| {
            let other = drawn.units.iter_mut().find(|row| row.unit.credited.is_none()).unwrap();
            other.unit.credited = Some(true);
        },
        |drawn| drop(drawn.units.remove(2)),
        |drawn| {
            let mut row = drawn.units[drawn.units.len() - 1].clone();
            row.unit.unit = UnitId::parse("Z-0000001").unwrap();
            drawn.units.push(row);
        },
        |drawn| {
            let (a, b) = (drawn.units[0].unit.unit.clone(), drawn.units[1].unit.unit.clone());
            (drawn.units[0].unit.unit, drawn.units[1].unit.unit) = (b, a);
            drawn.units.swap(0, 1);
        },
    ];
    let honest = phased_draw(|_| ());
    for (number, change) in changes.into_iter().enumerate() {
        let mut evidence = honest.evidence.clone();
        change(&mut evidence.draws.get_mut(&ONE).unwrap().drawn.as_mut().unwrap().drawn);
        let failed = verify::ledger(honest.lines(), &evidence).failed();
        assert!(failed.contains(&LedgerCheck::Events), "{number}: {failed:?}");
        let office = phased_draw(change);
        let failed = verify::ledger(office.lines(), &office.evidence).failed();
        assert!(failed.contains(&LedgerCheck::Events), "{number}: {failed:?}");
    }
}

/// One institution sees its own row, with the path to what the ledger holds; another row does not lead there,
/// and what is shown does not let it find the salts of others.
#[test]
fn one_row_is_shown_alone() {
    let office = phased_draw(|_| ());
    let document: &DrawnDocument = office.evidence.draws[&ONE].drawn.as_ref().unwrap();
    let digest = document.digest(Suite::Sha256);
    let salts: std::collections::BTreeSet<Digest> =
        document.drawn.units.iter().map(|row| row.salt).chain([document.salt]).collect();
    assert_eq!(salts.len(), document.drawn.units.len() + 1);
    for row in &document.drawn.units {
        let shown = document.shown(Suite::Sha256, &row.unit.unit).unwrap();
        assert_eq!(shown.row, *row);
        assert!(shown.is_in(Suite::Sha256, digest));
        assert!(!shown.is_in(Suite::Sm3, digest) && !shown.is_in(Suite::Sha256, Digest::ZERO));
        let mut others = vec![shown.clone(); 4];
        others[0].row.unit.credited = others[0].row.unit.credited.map_or(Some(true), |_| None);
        others[1].index ^= 1;
        others[2].row.salt = Digest::ZERO;
        others[3].head.drawn.units.root = Digest::ZERO;
        assert!(others.iter().all(|other| !other.is_in(Suite::Sha256, digest)));
    }
    assert_eq!(document.shown(Suite::Sha256, &UnitId::parse("Z-0000001").unwrap()), None);
}
