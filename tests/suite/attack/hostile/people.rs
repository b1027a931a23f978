//! Steering by people: sick notes, teams that nobody drew, inspections outside a draw.

use double_random::assign::{Away, Change, Teams};
use double_random::ledger::Rule;
use double_random::verify::{self, LedgerCheck};
use double_random::{InspectorId, UnitId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::ledger::*;

const ONE: (u64, u64) = (1, 1);
const LATE: &str = "2026-02-03T00:00:00Z";
const WINDOW: [&str; 2] = ["2026-02-01", "2026-03-25"];

/// A draw of twenty visits by thirty officers.
fn twenty_visits() -> Office {
    let mut office = Office::open(None);
    let name = office.seal(
        "2026-01-05T00:00:00Z",
        policy_of(1, 1, |p| p["design"] = json!({"method": "rate", "rate": "0.5"})),
    );
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    office
}

/// Who is in the team of each unit.
fn people(teams: &Teams) -> BTreeMap<UnitId, BTreeSet<InspectorId>> {
    let ids = |visit: &double_random::assign::Visit| -> BTreeSet<InspectorId> {
        visit.posts.iter().flat_map(|post| post.officers.iter().map(|officer| officer.id.clone())).collect()
    };
    teams.visits.iter().map(|visit| (visit.unit.clone(), ids(visit))).collect()
}

/// Notes at the level of the office, one after the other, and what they have changed.
#[derive(Clone)]
struct Notes<'a> {
    office: &'a Office,
    teams: Teams,
    away: Vec<Away>,
    came: BTreeSet<InspectorId>,
}

impl<'a> Notes<'a> {
    fn new(office: &'a Office) -> Self {
        Self { office, teams: office.draws[&ONE].teams.clone(), away: vec![], came: BTreeSet::new() }
    }

    /// One more note. `None` where it takes the authority: a second note, a substitute, a reserve passed over.
    fn with(&self, out: &InspectorId) -> Option<Self> {
        if self.came.contains(out) || self.away.iter().any(|known| &known.id == out) {
            return None;
        }
        let draw = &self.office.draws[&ONE];
        let dates = draw.sealed.plan().policy().window;
        let mut away = self.away.clone();
        away.push(Away { dates, id: out.clone(), unit: None });
        let change = Change { away: away.clone(), dates, out: out.clone(), settled: vec![], unit: None };
        let found =
            draw.sealed.plan().reassign(&draw.record.teams, &self.teams, &change, &draw.record.seed).unwrap();
        let returns = found.moves().iter().any(|step| self.away.iter().any(|known| known.id == step.by));
        if found.needs_authority() || returns {
            return None;
        }
        let mut came = self.came.clone();
        came.extend(found.moves().into_iter().map(|step| step.by));
        Some(Self { office: self.office, teams: found.teams, away, came })
    }
}

/// He enters sick notes in chosen order until his friend is in the team of the enemy. With three notes every one of
/// the 560 pairs of a visit and an officer who was not drawn for it could be had. Now every sequence of notes that the
/// office can approve reaches one officer for each place, fixed when the teams were drawn; the ledger refuses the
/// others at this level.
#[test]
fn notes_of_the_office_reach_one_officer_for_each_place() {
    let office = twenty_visits();
    let drawn = people(&office.draws[&ONE].teams);
    let officers: Vec<InspectorId> =
        (0..30).map(|n| InspectorId::parse(&format!("I-{n:04}")).unwrap()).collect();
    let pairs: usize = drawn.values().map(|team| officers.len() - team.len()).sum();
    let mut reached: BTreeMap<UnitId, BTreeSet<InspectorId>> = BTreeMap::new();
    let mut tried = 0;
    let mut note = |notes: &Notes<'_>| {
        tried += 1;
        for (unit, team) in people(&notes.teams) {
            let own = &drawn[&unit];
            assert!(team.len() <= own.len(), "a place more at {unit}");
            reached.entry(unit).or_default().extend(team.difference(own).cloned());
        }
    };
    // Every single note and every pair of them, in both orders.
    let start = Notes::new(&office);
    let firsts: Vec<Notes<'_>> = officers.iter().filter_map(|out| start.with(out)).collect();
    for first in &firsts {
        note(first);
        officers.iter().filter_map(|out| first.with(out)).for_each(|second| note(&second));
    }
    // Sequences of up to twelve, a thousand of them, by the numbers of a fixed generator.
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % officers.len()
    };
    for _ in 0..100 {
        let mut notes = start.clone();
        for _ in 0..12 {
            if let Some(after) = notes.with(&officers[next()]) {
                note(&after);
                notes = after;
            }
        }
    }
    assert!(pairs > 510 && tried > 500, "{pairs} pairs, {tried} sequences");
    let places: usize = drawn.values().map(BTreeSet::len).sum();
    let had: usize = reached.values().map(BTreeSet::len).sum();
    for (unit, friends) in &reached {
        assert!(friends.len() <= drawn[unit].len(), "{unit}: {friends:?}");
    }
    assert!(had <= places && had > places / 2, "{had} of {pairs} pairs, {places} places");
}

/// He chooses the order in which two notes arrive. Where the office can approve both orders, they end alike.
#[test]
fn the_order_of_two_notes_changes_nothing() {
    let office = twenty_visits();
    let start = Notes::new(&office);
    let officers: Vec<InspectorId> =
        (0..30).map(|n| InspectorId::parse(&format!("I-{n:04}")).unwrap()).collect();
    let mut both = 0;
    for (n, one) in officers.iter().enumerate() {
        for other in &officers[n + 1..] {
            let orders =
                [[one, other], [other, one]].map(|[a, b]| start.with(a).and_then(|note| note.with(b)));
            if let [Some(left), Some(right)] = orders {
                both += 1;
                assert_eq!(left.teams, right.teams, "{one} and {other}");
            }
        }
    }
    assert!(both > 100, "{both}");
}

/// He lets the substitute fall ill, too, or the same officer twice: that takes the authority, and stands in the
/// report.
#[test]
fn a_note_for_a_substitute_takes_the_authority_and_is_listed() {
    let mut office = first_draw(None);
    let unit = office.units(ONE)[0].clone();
    let out = office.first_officer(ONE, &unit);
    let number = office.drop_out(LATE, ONE, &out, "office");
    let line = &office.lines()[usize::try_from(number).unwrap() - 1];
    let entry: Value = serde_json::from_slice(line.bytes()).unwrap();
    let by: InspectorId = serde_json::from_value(entry["entry"]["moves"][0]["by"].clone()).unwrap();
    for person in [&by, &out] {
        let note = Office::dropped_out(ONE, person, WINDOW, "office");
        assert_eq!(office.attempt(LATE, "clerk", &note).unwrap_err().rule, Rule::Approval);
    }
    let first = office.state().size() + 1;
    office.drop_out(LATE, ONE, &by, "authority");
    office.enter(LATE, &Office::dropped_out(ONE, &out, WINDOW, "authority"));
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!(report.failed(), []);
    let journal = report.state().journal();
    assert_eq!(journal.again_out, [first, first + 2]);
    assert_eq!(journal.drop_outs, [number - 1, first, first + 2]);
    // The places of the last one were never given on.
    let text = report.to_string();
    let words = format!("entry {}: the places of who dropped out were not given on", first + 2);
    assert!(
        text.contains(&words) && text.contains("officers who dropped out twice, or as substitutes"),
        "{text}"
    );
}

/// He calls the reserves ill who stand before his friend. They hold no place, so nobody misses them; but whoever is
/// passed over is counted in the entry, and that takes the authority.
#[test]
fn reserves_called_ill_are_counted_as_passed_over() {
    let mut office = first_draw(None);
    let unit = office.units(ONE)[0].clone();
    let out = office.first_officer(ONE, &unit);
    let mut ahead = office.clone();
    let number = ahead.enter(LATE, &Office::dropped_out(ONE, &out, WINDOW, "office"));
    let entry = ahead.reassigned(ONE, number, "office");
    let first: InspectorId = serde_json::from_value(entry["moves"][0]["by"].clone()).unwrap();
    office.enter(LATE, &Office::dropped_out(ONE, &first, WINDOW, "office"));
    let number = office.enter(LATE, &Office::dropped_out(ONE, &out, WINDOW, "office"));
    let mut entry = office.reassigned(ONE, number, "office");
    assert!(
        entry["moves"].as_array().unwrap().iter().any(|step| step["passed"].as_u64() >= Some(1)),
        "{entry}"
    );
    assert_eq!(office.attempt(LATE, "clerk", &entry).unwrap_err().rule, Rule::Approval);
    entry["approval"]["level"] = json!("authority");
    let listed = office.enter(LATE, &entry);
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!((report.failed(), report.state().journal().beyond_reserves.clone()), (vec![], vec![listed]));
    // Without the number, the entry is another than the rule gives.
    let mut silent = office.clone();
    let mut lines = silent.lines().to_vec();
    lines.pop();
    silent.ledger = double_random::ledger::Ledger::from_jsonl(
        &lines.iter().flat_map(|line| line.bytes().iter().copied().chain([b'\n'])).collect::<Vec<u8>>(),
        None,
        |draw, attempt| office.evidence.draws[&(draw, attempt)].drawn.as_ref(),
    )
    .unwrap();
    for step in entry["moves"].as_array_mut().unwrap() {
        step.as_object_mut().unwrap().remove("passed");
    }
    entry["approval"]["level"] = json!("office");
    silent.enter(LATE, &entry);
    assert_eq!(verify::ledger(silent.lines(), &silent.evidence).failed(), [LedgerCheck::Reassignments]);
}

/// He enters a team of strangers, who are on no roster, or one of ten.
#[test]
fn a_team_of_strangers_is_refuted() {
    let office = first_draw(None);
    let unit = office.units(ONE)[0].clone();
    let checked = |team: Value| {
        let mut wish = office.clone();
        let mut visit = wish.visit(ONE, "2026-02-10", &unit);
        visit["team"] = team;
        wish.enter("2026-02-11T00:00:00Z", &visit);
        verify::ledger(wish.lines(), &wish.evidence).failed()
    };
    assert_eq!(checked(json!(["I-0001", "I-0002"])), []);
    assert_eq!(checked(json!(["I-0001", "STRANGER-1"])), [LedgerCheck::People]);
    let ten: Vec<String> = (0..10).map(|n| format!("I-{n:04}")).collect();
    assert_eq!(checked(json!(ten)), [LedgerCheck::People]);
    // In an amendment as well. With the record alone only the size can be seen.
    let mut wish = office.clone();
    let number = wish.enter("2026-02-11T00:00:00Z", &office.visit(ONE, "2026-02-10", &unit));
    let mut visit = office.visit(ONE, "2026-02-10", &unit);
    visit["team"] = json!(ten);
    wish.enter(
        "2026-02-12T00:00:00Z",
        &json!({"kind": "amended", "amends": number, "approval": approval("authority"), "entry": visit,
            "evidence": hex(5), "reason": "clerical"}),
    );
    assert_eq!(verify::ledger(wish.lines(), &wish.evidence).failed(), [LedgerCheck::People]);
    let mut public = wish.evidence.clone();
    let known = public.draws.get_mut(&ONE).unwrap();
    (known.evidence.frame, known.evidence.roster, known.evidence.cycle, known.drawn) =
        (None, None, None, None);
    assert_eq!(verify::ledger(wish.lines(), &public).failed(), [LedgerCheck::People]);
    // Nobody at all.
    let mut visit = office.visit(ONE, "2026-02-10", &unit);
    visit["team"] = json!([]);
    let refused = office.clone().attempt("2026-02-12T00:00:00Z", "clerk", &visit);
    assert_eq!(refused.unwrap_err().rule, Rule::Visits);
}

/// Before the plan he enters an inspection of a friend's institution, which would exempt it, or by officers whom
/// rotation would then keep from it. The office alone cannot: the entry counts, and moves nothing. The authority can,
/// under a checkpoint before the next policy, and it is listed.
#[test]
fn an_inspection_entered_before_the_plan_moves_nothing_without_the_authority() {
    let mut office = first_draw(Some(2));
    let unit = UnitId::parse("T-000039").unwrap();
    let inspected = |level: &str, team: Value| {
        json!({"kind": "inspected", "date": "2026-03-30", "team": team, "approval": approval(level), "unit": unit,
            "evidence": hex(7)})
    };
    let at = "2026-03-30T00:00:00Z";
    let before = office.state().cycle().unwrap().get(&unit).cloned();
    office.enter(at, &inspected("office", json!(["I-0001", "I-0002"])));
    let standing = office.state().cycle().unwrap().get(&unit).unwrap().clone();
    assert_eq!(standing.others, 1);
    let last = before.as_ref().and_then(|standing| standing.last_visit);
    assert_eq!((standing.last_visit, standing.last_team.len()), (last, 0));
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), []);
    assert_eq!(office.state().journal().inspections.len(), 1);
    // With the authority: it moves, and it is listed apart.
    let number = office.enter(at, &inspected("authority", json!(["I-0001", "I-0002"])));
    assert!(office.state().cycle().unwrap().get(&unit).unwrap().last_visit.is_some());
    assert_eq!(office.state().journal().moving_inspections, [number]);
    let text = verify::ledger(office.lines(), &office.evidence).to_string();
    assert!(text.contains("inspections outside draws that move exclusions and rotation"), "{text}");
    // Entered when the plan is on the table, and seen by no witness before it.
    let settled = |office: &mut Office| {
        for unit in office.units(ONE) {
            let visit = office.visit(ONE, "2026-02-10", &unit);
            office.enter("2026-03-30T00:00:00Z", &visit);
        }
    };
    settled(&mut office);
    let mut unseen = office.clone();
    unseen.seal("2026-04-05T00:00:00Z", policy_of(2, 1, |_| ()));
    assert_eq!(verify::ledger(unseen.lines(), &unseen.evidence).failed(), [LedgerCheck::Witnesses]);
    office.witness("2026-03-30T12:00:00Z");
    office.seal("2026-04-05T00:00:00Z", policy_of(2, 1, |_| ()));
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), []);
    // By ten people, or by strangers.
    let ten: Vec<String> = (0..10).map(|n| format!("I-{n:04}")).collect();
    for team in [json!(ten), json!(["STRANGER-1", "STRANGER-2"])] {
        let mut wish = first_draw(None);
        wish.enter(at, &inspected("authority", team));
        assert_eq!(verify::ledger(wish.lines(), &wish.evidence).failed(), [LedgerCheck::People]);
    }
}

/// The authority has approved an inspection, which exempts the institution. He amends it to one that only the
/// office approves, or takes it back, before the next plan: both take the authority, and witnesses before the policy.
#[test]
fn an_approved_inspection_is_not_undone_by_the_office() {
    let mut office = first_draw(Some(2));
    let unit = UnitId::parse("T-000039").unwrap();
    let inspected = |level: &str| {
        json!({"kind": "inspected", "date": "2026-02-10", "team": ["I-0001", "I-0002"], "approval": approval(level),
            "unit": unit})
    };
    for unit in office.units(ONE) {
        let visit = office.visit(ONE, "2026-02-10", &unit);
        office.enter("2026-02-11T00:00:00Z", &visit);
    }
    let number = office.enter("2026-02-11T00:00:00Z", &inspected("authority"));
    office.witness("2026-02-11T12:00:00Z");
    let undone = |level: &str| {
        let lower = json!({"kind": "amended", "amends": number, "approval": approval(level),
            "entry": inspected("office"), "evidence": hex(5), "reason": "clerical"});
        let mut back = withdrawal(number, None, &unit);
        back["approval"] = approval(level);
        [lower, back]
    };
    for entry in undone("office") {
        let refused = office.attempt("2026-03-30T00:00:00Z", "clerk", &entry).unwrap_err();
        assert_eq!(refused.rule, Rule::Approval, "{entry}");
    }
    for entry in undone("authority") {
        let mut unseen = office.clone();
        let amendment = unseen.enter("2026-03-30T00:00:00Z", &entry);
        assert_eq!(unseen.state().journal().moving_inspections, [number, amendment]);
        unseen.seal("2026-04-05T00:00:00Z", policy_of(2, 1, |_| ()));
        assert_eq!(verify::ledger(unseen.lines(), &unseen.evidence).failed(), [LedgerCheck::Witnesses]);
    }
}
