//! Worlds to draw in, for the tests and the benches. Everything is constructed.
//!
//! The small world stands here: a policy text, institutions and officers by number. [`large`] has one of any
//! size, [`instances`] large networks of who may go where, [`year`] a year of rounds, [`rules`] a rule pack
//! and a programme, `ledger` an office that keeps a ledger.

pub mod assembled;
pub mod busy;
#[cfg(feature = "signatures")]
pub mod counties;
pub mod elsewhere;
pub mod forged;
mod included;
pub mod instances;
pub mod large;
#[cfg(feature = "signatures")]
pub mod ledger;
pub mod levels;
#[cfg(feature = "signatures")]
pub mod refusals;
pub mod rules;
pub mod world;
pub mod year;

pub use included::{include, include_among, leaf, sealed_leaves};

use double_random::bytes::{Digest, Half, Label, SaltKey, Suite};
use double_random::calendar::Instant;
use double_random::frame::UnitRow;
use double_random::matching::{Day, Demand, Matching, Seat, WHOLE};
use double_random::policy::{Billionths, Policy};
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use double_random::seal::{SealTerms, Sealed, Secret};
use double_random::verify::Evidence;
use double_random::{BeaconValue, Cycle, Frame, Plan, Record, Roster};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A file or folder of the repository.
pub fn repository(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join(inside)
}

pub const COUNTIES: [&str; 4] = ["350502", "350503", "350582", "350583"];
pub const KINDS: [&str; 2] = ["hospital", "clinic"];
pub const RISKS: [&str; 3] = ["low", "medium", "high"];
pub const CREDITS: [&str; 2] = ["A", "B"];

/// A policy document; `change` edits it before it is read.
pub fn policy_json(change: impl FnOnce(&mut Value)) -> String {
    let frequency: Vec<Value> = (0..3)
        .flat_map(|r| (0..2).map(move |c| (r, c)))
        .map(|(r, c)| {
            json!({"risk": RISKS[r], "credit": CREDITS[c], "slack": "0",
                             "visits": format!("0.{}", 1 + 2 * r + c)})
        })
        .collect();
    let mut policy = json!({
        "protocol": "double-random/1", "document": "policy", "title": "Test", "authority": "350500-wsjd",
        "scope": "test", "as_of": "2026-01-01", "window": {"from": "2026-02-01", "to": "2026-03-31"},
        "frame": {"credit": CREDITS, "divisions": COUNTIES, "kinds": KINDS, "risk": RISKS},
        "roster": {"departments": ["wsjd", "scjg"], "qualifications": ["medical"]},
        "strata": ["county", "kind"], "design": {"method": "frequency"}, "frequency": frequency,
        "signals": [{"signal": "complaints", "at_least": 2, "add": "0.1", "basis": "a rule"}],
        "coverage": {"guards": ["total", "county"], "minimum": "0.2"},
        "team": {"cap": 6, "ceiling": "0.75", "departments": [{"department": "wsjd", "officers": 2}],
                 "jurisdiction": "city", "qualifications": {"hospital": "medical"}, "rotation": true,
                 "same_grid": true},
        "beacon": {"sources": [
            {"kind": "dice", "id": "dice", "at": "2026-01-10T09:00:00Z", "count": 40, "sides": 10,
             "witness": "notary"}]},
        "disclosure": {"mode": "immediate"}, "reserves": 2
    });
    change(&mut policy);
    policy.to_string()
}

pub fn policy(change: impl FnOnce(&mut Value)) -> Policy {
    Policy::from_json(&policy_json(change)).unwrap()
}

/// The entry of a list that a number comes to.
pub(crate) fn pick(list: &[&str], k: u64) -> String {
    list[usize::try_from(k % list.len() as u64).unwrap()].to_owned()
}

pub fn unit_row(n: u64) -> UnitRow {
    UnitRow {
        row: n + 1,
        id: format!("T-{n:06}"),
        name: format!("Unit {n}"),
        division: pick(&COUNTIES, n),
        kind: pick(&KINDS, n / 4),
        risk: pick(&RISKS, n / 3),
        credit: pick(&CREDITS, n / 5),
        signals: if n.is_multiple_of(7) {
            vec![("complaints".into(), (n % 4).to_string())]
        } else {
            Vec::new()
        },
        ..UnitRow::default()
    }
}

/// An officer of one division, certified beyond every window.
pub(crate) fn officer(n: u64, id: String, department: &str, division: String) -> InspectorRow {
    InspectorRow {
        row: n,
        id,
        name: format!("Officer {n}"),
        department: department.into(),
        divisions: vec![division],
        certified_until: "2027-12-31".into(),
        ..InspectorRow::default()
    }
}

pub fn inspector_row(n: u64) -> InspectorRow {
    let department = if n % 3 == 2 { "scjg" } else { "wsjd" };
    InspectorRow {
        row: n + 1,
        qualifications: if n % 5 == 4 { vec![] } else { vec!["medical".into()] },
        ..officer(n, format!("I-{n:04}"), department, pick(&COUNTIES, n))
    }
}

pub(crate) fn kin(row: u64, inspector: String, unit: String) -> RecusalRow {
    RecusalRow { row, inspector, unit, ground: "statutory".into(), basis: "kin".into() }
}

pub fn recusal_row(inspector: u64, unit: u64) -> RecusalRow {
    kin(1, format!("I-{inspector:04}"), format!("T-{unit:06}"))
}

pub fn frame(units: u64, policy: &Policy) -> Frame {
    Frame::new((0..units).map(unit_row), &policy.frame, policy.as_of).unwrap()
}

pub fn roster(officers: u64, recusals: &[(u64, u64)], policy: &Policy) -> Roster {
    let recusals = recusals.iter().map(|&(i, u)| recusal_row(i, u));
    Roster::new((0..officers).map(inspector_row), recusals, &policy.roster, policy.as_of).unwrap()
}

pub fn terms(policy: &Policy) -> SealTerms {
    let deferred = matches!(policy.disclosure, double_random::policy::Disclosure::Deferred { .. });
    SealTerms { secret: deferred.then(|| Secret::new([9; 32])), ..open_terms() }
}

/// Terms of a first seal without a secret.
pub fn open_terms() -> SealTerms {
    SealTerms {
        sequence: 1,
        attempt: 1,
        sealed_at: Instant::parse("2026-01-05T00:00:00Z").unwrap(),
        previous: Digest::ZERO,
        salt_key: SaltKey::new([7; 32]),
        secret: None,
    }
}

/// A first draw, sealed.
pub fn seal(frame: Frame, roster: Roster, policy: Policy) -> Sealed {
    let terms = terms(&policy);
    Plan::new(frame, roster, policy, Cycle::default()).unwrap().seal(terms).unwrap()
}

/// Dice digits that differ with `n`.
pub fn dice(n: u64) -> Vec<BeaconValue> {
    serde_json::from_value(json!([{"source": "dice", "value": format!("{n:040}")}])).unwrap()
}

pub fn sealed(units: u64, officers: u64, recusals: &[(u64, u64)], policy: Policy) -> Sealed {
    let (frame, roster) = (frame(units, &policy), roster(officers, recusals, &policy));
    seal(frame, roster, policy)
}

pub fn draw(sealed: &Sealed, n: u64) -> Record {
    let seed = sealed.seed(&dice(n)).unwrap();
    let sample = seed.draw();
    sample.assign().record()
}

/// A cycle in mid-year: unit, visits, exposure, last visit, last team.
pub fn cycle(spent: &str, standings: &[(u64, u64, &str, &str, &[&str])]) -> Cycle {
    let row = |(unit, visits, exposure, last, team): &(u64, u64, &str, &str, &[&str])| {
        let mut row = json!({"unit": format!("T-{unit:06}"), "visits": visits, "drawn": visits,
                             "credited": visits,
                             "exposure": exposure, "last_team": team, "missed": 0, "others": 0, "cycles": 1});
        if !last.is_empty() {
            row["last_visit"] = json!(last);
        }
        row
    };
    let rows: Vec<Value> = standings.iter().map(row).collect();
    Cycle::new(billionths(spent), serde_json::from_value(json!(rows)).unwrap()).unwrap()
}

pub fn billionths(text: &str) -> Billionths {
    Billionths::parse(text).unwrap()
}

/// Everything an auditor could hold.
pub fn evidence(sealed: &Sealed, record: &Record) -> Evidence {
    let plan = sealed.plan();
    let key = sealed.salt_key().clone();
    Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(record.beacon.clone()),
        frame: Some((plan.frame().clone(), key.clone())),
        roster: Some((plan.roster().clone(), key.clone())),
        cycle: Some((plan.cycle().clone(), key)),
        registers: None,
    }
}

/// A policy change: everything that teams can have. `short` makes shortlists tight and people few.
pub fn full_teams(p: &mut Value) {
    p["window"] = json!({"from": "2026-02-02", "to": "2026-02-27"});
    p["roster"] =
        json!({"departments": ["wsjd", "scjg"], "qualifications": ["medical", "senior", "radiation", "law"]});
    let days: Vec<String> = (0..20).map(|n| format!("2026-02-{:02}", 2 + n / 5 * 7 + n % 5)).collect();
    p["team"] = json!({
        "cap": 7, "caps": {"day": 1, "office": 70, "week": 4}, "ceiling": "0.75", "days": days,
        "departments": [
            {"department": "wsjd", "officers": 3, "posts": [
                {"post": "lead", "needs": "senior", "places": 1},
                {"post": "radiology", "kinds": ["hospital"], "needs": "radiation", "places": 1}]},
            {"department": "scjg", "officers": 2}],
        "experts": {"cap": 9, "jurisdiction": "province", "posts": [
            {"post": "jurist", "needs": "law", "places": 1},
            {"post": "physicist", "kinds": ["hospital"], "needs": "radiation", "places": 2}]},
        "jurisdiction": "city", "limit": {"by": "family", "most": 1},
        "pins": [{"basis": "the officer who fined it", "inspector": "I-0003", "post": "member",
                  "unit": "T-000002"},
                 {"basis": "the officer who fined it", "inspector": "I-0004", "post": "lead",
                  "unit": "T-000011"},
                 {"basis": "the officer who fined it", "inspector": "I-0004", "post": "member",
                  "unit": "T-000017"},
                 {"basis": "a decision", "inspector": "I-9999", "post": "member", "unit": "T-000023"}],
        "qualifications": {"hospital": "medical"}, "rotation": true, "same_grid": true, "shortlist": 5});
}

/// Officers and experts for [`full_teams`].
pub fn full_roster(officers: u64, experts: u64, recusals: &[(u64, u64)], policy: &Policy) -> Roster {
    let rows = (0..officers).map(|n| {
        let mut row = inspector_row(n);
        if n % 2 == 0 {
            row.qualifications.push("senior".into());
        }
        if n % 4 < 2 {
            row.qualifications.push("radiation".into());
        }
        row.office = format!("office-{}", n % 3);
        row.family = if n % 6 < 2 { format!("kin-{}", n / 12) } else { String::new() };
        row.load = (n % 3).to_string();
        if n % 7 == 3 {
            row.absences = vec![("2026-02-04".into(), "2026-02-12".into())];
        }
        if n % 11 == 5 {
            row.certified_until = "2026-02-16".into();
        }
        row
    });
    let guests = (0..experts).map(|n| ExpertRow {
        row: n + 1,
        id: format!("X-{n:04}"),
        name: format!("Expert {n}"),
        organisation: if n % 2 == 0 { String::new() } else { format!("lab-{}", n % 5) },
        divisions: vec![["350500", "350000", "350100"][n as usize % 3].into()],
        qualifications: if n % 3 == 0 {
            vec!["law".into(), "radiation".into()]
        } else {
            vec!["radiation".into()]
        },
        engaged_until: "2026-12-31".into(),
        absences: if n % 4 == 2 { vec![("2026-02-09".into(), "2026-02-13".into())] } else { Vec::new() },
        cap: if n % 5 == 0 { "3".into() } else { String::new() },
        ..ExpertRow::default()
    });
    let recusals = recusals.iter().map(|&(i, u)| recusal_row(i, u));
    Roster::with_experts(rows, guests, recusals, &policy.roster, policy.as_of).unwrap()
}

/// A sealed draw with all of it.
pub fn full(units: u64, officers: u64, experts: u64, change: impl FnOnce(&mut Value)) -> Sealed {
    let policy = policy(|p| {
        full_teams(p);
        change(p);
    });
    let roster = full_roster(officers, experts, &[(1, 5), (4, 9), (7, 2)], &policy);
    seal(frame(units, &policy), roster, policy)
}

/// A random world of who may go where, with everything a policy can ask for: days, leads, limits, pins, loads
/// before, offices with caps. What a world has depends on its number.
pub fn matching(number: u64, visits: u64, officers: u64) -> Matching {
    let mut state = number;
    let mut below = |n: u64| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    };
    let (days, leads, limits) = (number.is_multiple_of(2), !number.is_multiple_of(3), number % 5 < 2);
    let (offices, before, tight) = (number % 7 < 2, number % 4 == 1, number.is_multiple_of(6));
    let visits = 1 + below(visits);
    let officers = 1 + below(officers);
    let office_count = 1 + officers / 4;
    let seat = |below: &mut dyn FnMut(u64) -> u64| Seat {
        cap: if tight { below(3) } else { 1 + below(6) },
        day_cap: (days && number % 8 < 5).then(|| 1 + below(2)),
        week_cap: (days && number % 8 > 1).then(|| 1 + below(4)),
        before: if before { below(4) } else { 0 },
        group: (limits && below(3) > 0).then(|| below(3) as usize),
        office: (offices && below(4) > 0).then(|| below(office_count) as usize),
    };
    let seats: Vec<Seat> = (0..officers).map(|_| seat(&mut below)).collect();
    let mut posts = Vec::new();
    for visit in 0..visits as usize {
        let density = 1 + below(4);
        let mut list: Vec<u32> = (0..officers as u32).filter(|_| below(4) < density).collect();
        let limit = limits.then(|| 1 + below(2));
        if number % 9 == 4 && list.len() > 3 && below(2) == 0 {
            let officer = list.remove(below(list.len() as u64) as usize);
            posts.push(Demand { visit, places: 1, list: vec![officer], limit, pinned: true });
        }
        if leads {
            let lead = list.iter().copied().filter(|officer| officer % 3 != 1).collect();
            posts.push(Demand { visit, places: 1, list: lead, limit, pinned: false });
        }
        posts.push(Demand { visit, places: 1 + below(2), list, limit, pinned: false });
    }
    let day = |below: &mut dyn FnMut(u64) -> u64| {
        let number = below(9) as u32;
        Day { week: number / 4, number }
    };
    Matching {
        visits: (0..visits).map(|_| days.then(|| day(&mut below))).collect(),
        posts,
        officers: seats,
        offices: (0..office_count).map(|_| 1 + below(9)).collect(),
        ceiling: [WHOLE / 4 * 3, WHOLE, WHOLE / 2][number as usize % 3],
    }
}

/// A made-up pseudonym: every text has its own.
#[must_use]
pub fn pseudonym(text: &str) -> Half {
    let digest = Suite::Sha256.digest(Label::Study, text.as_bytes());
    Half::new(*digest.as_bytes().first_chunk().unwrap())
}

/// The pseudonyms of all units of a sealed plan, by position.
#[must_use]
pub fn all_pseudonyms(sealed: &Sealed) -> Vec<Half> {
    let units: Vec<usize> = (0..sealed.plan().frame().units().len()).collect();
    pseudonyms(sealed, &units).map(|(_, pseudonym)| pseudonym).collect()
}

/// The pseudonyms of some units of a sealed plan, as `Tickets::in_order` takes them.
pub fn pseudonyms<'a>(sealed: &'a Sealed, units: &'a [usize]) -> impl Iterator<Item = (usize, Half)> + 'a {
    let (plan, key) = (sealed.plan(), sealed.salt_key());
    let id = |unit: usize| plan.frame().units()[unit].id.as_str();
    units.iter().map(move |&unit| (unit, key.unit(sealed.seal().suite, id(unit)).pseudonym))
}
