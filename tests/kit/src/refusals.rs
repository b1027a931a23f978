//! Entries that must be refused, each with the rule that it breaks. The ledger before the entry is in order.

mod corrections;
mod untold;

use crate::ledger::*;
use double_random::BeaconValue;
use double_random::bytes::{Digest, Suite};
use double_random::id::Code;
use double_random::ledger::{Entry, Line};
use double_random::note::Note;
use double_random::verify::DrawEvidence;
use serde_json::{Value, json};

/// A ledger whose last entry does not follow.
pub struct Refused {
    pub name: &'static str,
    /// The ledger of the vectors that it goes on from; empty: none.
    pub base: &'static str,
    pub lines: Vec<Line>,
    /// The number of the entry that is refused.
    pub number: u64,
    pub rule: &'static str,
}

/// All of them, in the order of the vectors.
pub fn refusals() -> Vec<Refused> {
    let mut refusals = Refusals::default();
    let first = first_draw(None);
    after_a_draw(&mut refusals, &first);
    levels_and_grounds(&mut refusals, &first);
    corrections::amendments(&mut refusals, &first);
    corrections::inspections(&mut refusals, &first);
    corrections::taken_back(&mut refusals, &first);
    corrections::clocks(&mut refusals, &first);
    corrections::barred_teams(&mut refusals, &first);
    registers(&mut refusals, &first);
    ledgers_below(&mut refusals, &first);
    officers_who_drop_out(&mut refusals, &first);
    visits_without_documents(&mut refusals, &first);
    openings(&mut refusals);
    sealed_and_waiting(&mut refusals);
    further_attempts(&mut refusals);
    secrets_of_void_attempts(&mut refusals);
    fallbacks(&mut refusals);
    foreign_document(&mut refusals, &first);
    shares_of_parties(&mut refusals);
    secrets(&mut refusals);
    who_speaks_last(&mut refusals);
    closed_lines(&mut refusals, &first);
    untold::another_draw(&mut refusals);
    untold::out_of_time(&mut refusals);
    names_and_leads(&mut refusals);
    refusals.0
}

/// Name, rule, and the entry's content.
type Case = (&'static str, &'static str, Value);

const ONE: (u64, u64) = (1, 1);
/// After the first draw and the visits.
const LATE: &str = "2026-02-12T00:00:00Z";

#[derive(Default)]
struct Refusals(Vec<Refused>);

impl Refusals {
    /// The office tries each entry after the lines that it has.
    fn try_all(
        &mut self,
        base: &'static str,
        office: &Office,
        at: &str,
        actor: &str,
        cases: impl IntoIterator<Item = Case>,
    ) {
        for (name, rule, content) in cases {
            let number = office.state().size() + 1;
            let entry = Entry {
                actor: Code::parse(actor).unwrap(),
                at: instant(at),
                entry: serde_json::from_value(content.clone()).unwrap(),
                number,
                previous: office.state().head(),
            };
            let refusal = office.clone().attempt(at, actor, &content).expect_err(name);
            assert_eq!((refusal.number, refusal.rule.as_str()), (number, rule), "{name}: {refusal}");
            let mut lines = office.lines().to_vec();
            lines.push(Line::new(entry).unwrap());
            self.0.push(Refused { name, base, lines, number, rule });
        }
    }

    /// The clerk tries, in a ledger that goes on from the vector `first`.
    fn first(&mut self, office: &Office, cases: impl IntoIterator<Item = Case>) {
        self.try_all("first", office, LATE, "clerk", cases);
    }

    /// The clerk tries, in a ledger of its own.
    fn own(&mut self, office: &Office, at: &str, cases: impl IntoIterator<Item = Case>) {
        self.try_all("", office, at, "clerk", cases);
    }
}

/// Closed lines of draws that are not closed, and open ones of a draw that is (Spec 17.7).
fn closed_lines(refusals: &mut Refusals, first: &Office) {
    let closed = |draw: u64| json!({"kind": "closed", "content": hex(1), "draw": draw});
    refusals.first(
        first,
        [
            ("a closed line of a draw that is disclosed at once", "disclosure", closed(1)),
            ("a closed line of a draw that was never sealed", "visits", closed(2)),
        ],
    );
    let office = closed_draw();
    let at = "2026-02-18T00:00:00Z";
    let units = office.units(ONE);
    let gone = office.clone().replacement(ONE, "2026-02-17", &units[4]);
    let out = Office::dropped_out(
        ONE,
        &office.first_officer(ONE, &units[4]),
        ["2026-02-18", "2026-02-20"],
        "office",
    );
    let size = office.commitment(ONE).size;
    let more = with(&closed(1), "visits", json!({"root": hex(1), "size": size + 1}));
    let told = office.state().size();
    refusals.own(
        &office,
        at,
        [
            ("a replacement in an open line while the draw is closed", "disclosure", gone),
            ("an officer who drops out in an open line while the draw is closed", "disclosure", out),
            (
                "a visit taken back in an open line while the draw is closed",
                "disclosure",
                withdrawal(told, Some(1), &units[3]),
            ),
            ("a closed line with another number of visits", "visits", more),
        ],
    );
    let office = closed_draw_told();
    let cases = [("a closed line after the disclosure", "disclosure", closed(1))];
    refusals.own(&office, "2026-03-27T00:00:00Z", cases);
}

/// The content with one field changed.
fn with(content: &Value, field: &str, value: impl Into<Value>) -> Value {
    let mut content = content.clone();
    content[field] = value.into();
    content
}

/// The content with the approval of another level.
fn at_level(content: &Value, level: &str) -> Value {
    let mut content = content.clone();
    content["approval"]["level"] = json!(level);
    content
}

fn void(reason: &str, level: &str) -> Value {
    json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval(level), "evidence": hex(1),
        "reason": reason})
}

fn published(what: &str, digest: impl ToString, place: &str) -> Value {
    json!({"kind": "published", "draw": 1, "attempt": 1, "what": what, "digest": digest.to_string(),
        "where": place})
}

fn amended(number: u64, entry: &Value, level: &str) -> Value {
    json!({"kind": "amended", "amends": number, "approval": approval(level), "entry": entry,
        "evidence": hex(1), "reason": "clerical"})
}

fn drawn() -> Value {
    json!({"kind": "drawn", "draw": 1, "attempt": 1, "drawn": hex(1), "record": hex(2)})
}

fn value(value: &BeaconValue) -> Value {
    json!({"kind": "beacon", "draw": 1, "attempt": 1, "value": value})
}

fn silent(source: &str) -> Value {
    called_silent(source)
}

fn disclosed(secret: u8) -> Value {
    json!({"kind": "disclosed", "draw": 1, "attempt": 1, "secret": hex(secret)})
}

fn adopted(policy: &double_random::Policy) -> Value {
    json!({"kind": "policy", "approval": approval("superior"), "policy": policy.digest()})
}

/// The seal of a second attempt that the office would make at a moment, changed.
fn seal(office: &Office, at: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut seal = serde_json::to_value(office.plan(policy_of(1, 2, |_| ()), at).seal()).unwrap();
    change(&mut seal);
    json!({"kind": "sealed", "seal": seal})
}

fn deferred(policy: &mut Value) {
    policy["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-03-31"});
}

fn after_a_draw(refusals: &mut Refusals, office: &Office) {
    let visit = office.visit(ONE, "2026-02-10", &office.units(ONE)[0]);
    let early = "2026-01-11T10:30:00Z";
    refusals.try_all("first", office, early, "clerk", [("goes_back", "times", visit.clone())]);
    let commitment = json!({"root": hex(1), "size": 1});
    let record = office.draws[&ONE].record.digest();
    refusals.first(
        office,
        [
            (
                "opened_again",
                "opening",
                json!({"kind": "opened", "authority": "350500-wsjd", "scope": "test",
                    "protocol": "double-random/1"}),
            ),
            ("visit_of_the_future", "times", with(&visit, "date", "2026-02-14")),
            ("visit_before_the_draw", "visits", with(&visit, "date", "2026-01-09")),
            ("visit_of_nobody", "cycle", with(&visit, "unit", "T-000777")),
            ("team_out_of_order", "visits", with(&visit, "team", json!(["I-0002", "I-0001"]))),
            ("visit_by_nobody", "visits", with(&visit, "team", json!([]))),
            (
                "visit_of_no_draw",
                "visits",
                json!({"kind": "visited", "date": "2026-02-10", "draw": 7, "unit": "T-000001", "team": [],
                    "result": "ok"}),
            ),
            (
                "no_such_attempt",
                "sequence",
                json!({"kind": "assigned", "draw": 1, "attempt": 2, "visits": commitment}),
            ),
            (
                "assigned_twice",
                "draw",
                json!({"kind": "assigned", "draw": 1, "attempt": 1, "visits": commitment}),
            ),
            ("drawn_twice", "draw", drawn()),
            ("value_after_the_draw", "beacon", value(&throw("dice", 2))),
            ("nothing_to_disclose", "disclosure", disclosed(9)),
            ("another_record", "publication", published("record", hex(1), "x")),
            ("results_of_nothing", "publication", published("results", hex(1), "x")),
            ("published_nowhere", "publication", published("record", record, " ")),
            ("published_backwards", "publication", published("record", record, "\u{202E}gro.elpmaxe")),
        ],
    );
}

fn levels_and_grounds(refusals: &mut Refusals, office: &Office) {
    let unit = &office.units(ONE)[0];
    let visit = office.visit(ONE, "2026-02-10", unit);
    let replaced = office.clone().replacement(ONE, "2026-02-02", unit);
    let himself = [("approves_himself", "approval", replaced.clone())];
    let barred = |ids: [&str; 2]| {
        let people = ids.map(|id| json!({"id": id, "reason": "recused"}));
        with(&replaced, "unavailable", json!(people))
    };
    refusals.first(
        office,
        [
            ("unavailable_people_not_in_order", "visits", barred(["I-0002", "I-0001"])),
            ("one_unavailable_person_twice", "visits", barred(["I-0001", "I-0001"])),
        ],
    );
    refusals.try_all("first", office, LATE, "director", himself);
    refusals.first(
        office,
        [
            ("approved_too_low", "approval", at_level(&replaced, "office")),
            ("void_after_chance_without_the_superior", "approval", void("technical", "authority")),
            ("beacon_that_did_not_fail", "void", void("beacon_failed", "superior")),
            ("share_that_is_not_missing", "void", void("share_missing", "superior")),
            ("secret_that_was_never_deferred", "void", void("not_revealed", "superior")),
            (
                "policy_below_the_authority",
                "approval",
                json!({"kind": "policy", "approval": approval("office"), "policy": hex(1)}),
            ),
            (
                "closed_with_visits_to_come",
                "cycle",
                json!({"kind": "cycle_closed", "approval": approval("authority")}),
            ),
            ("amends_what_it_cannot", "amendment", amended(3, &visit, "superior")),
            ("amends_no_line", "amendment", amended(0, &visit, "superior")),
        ],
    );
    let inspected = json!({"kind": "inspected", "approval": approval("office"), "date": "2026-02-10",
                           "team": [],
        "unit": "T-000001"});
    let himself = [("inspection_without_order", "approval", inspected)];
    refusals.try_all("first", office, LATE, "director", himself);
}

fn officers_who_drop_out(refusals: &mut Refusals, office: &Office) {
    let units = office.units(ONE);
    let out = office.first_officer(ONE, &units[0]);
    let window = ["2026-02-01", "2026-03-25"];
    let note = |level: &str| Office::dropped_out(ONE, &out, window, level);
    let mut noted = office.clone();
    let number = noted.enter(LATE, &note("office"));
    let gone = noted.clone().reassigned(ONE, number, "office");
    // The visit was made before the places are given on.
    let mut visited = noted.clone();
    visited.enter(LATE, &office.visit(ONE, "2026-02-10", &units[0]));
    refusals.first(&visited, [("moved_after_the_visit", "visits", gone.clone())]);
    // Its level would be too low, too: the entry that it names comes first.
    let mut unusual = gone.clone();
    unusual["moves"][0]["passed"] = json!(1);
    refusals.first(
        office,
        [
            ("moved_and_never_out", "visits", gone.clone()),
            ("moved_of_no_line", "visits", with(&gone, "entry", json!(0))),
            ("unusual_and_never_out", "visits", unusual),
            ("recused_from_nothing", "visits", with(&note("office"), "reason", "recused")),
            ("ill_at_one_unit", "visits", with(&note("office"), "unit", json!(units[0]))),
        ],
    );
    let mut moved = noted.clone();
    moved.enter(LATE, &gone);
    let by: double_random::InspectorId = serde_json::from_value(gone["moves"][0]["by"].clone()).unwrap();
    refusals.first(
        &moved,
        [
            ("out_again_too_low", "approval", note("office")),
            ("substitute_out_too_low", "approval", Office::dropped_out(ONE, &by, window, "office")),
            ("moved_twice", "visits", gone.clone()),
        ],
    );
    // Who comes was out himself.
    let mut both = office.clone();
    both.enter(LATE, &Office::dropped_out(ONE, &by, ["2026-02-01", "2026-02-01"], "office"));
    let number = both.enter(LATE, &note("office"));
    refusals.first(&both, [("comes_after_he_was_out_too_low", "approval", with(&gone, "entry", number))]);
    let mut elsewhere = gone.clone();
    elsewhere["moves"][0]["unit"] = json!("T-000777");
    let mut passed = gone.clone();
    passed["moves"][0]["passed"] = json!(1);
    let mut chain = gone.clone();
    let (first, mut second) = (gone["moves"][0].clone(), gone["moves"][0].clone());
    second["out"] = first["by"].clone();
    chain["moves"] = json!([first, second]);
    let mut other = at_level(&gone, "authority");
    other["moves"][0]["out"] = json!("I-0029");
    let mut himself = at_level(&gone, "authority");
    himself["moves"][0]["by"] = json!(out);
    refusals.first(
        &noted,
        [
            ("passed_over_too_low", "approval", passed),
            ("chain_too_low", "approval", chain),
            ("move_elsewhere", "visits", elsewhere),
            ("move_of_another", "visits", other),
            ("comes_himself", "visits", himself),
        ],
    );
}

/// What the lines alone show of visits: no document of the draw is known, so there is no cycle.
fn visits_without_documents(refusals: &mut Refusals, first: &Office) {
    let units = first.units(ONE);
    let close = json!({"kind": "cycle_closed", "approval": approval("authority")});
    let visit = |unit: usize| first.visit(ONE, "2026-02-10", &units[unit]);
    let never = [("closed_with_visits_never_made", "cycle", close.clone())];
    refusals.own(&first.by_lines_alone(), LATE, never);
    let mut before = Office::open(None);
    let name = before.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    before.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    before.compute(name);
    let known = before.evidence.draws[&name].drawn.as_ref().unwrap().digest(Suite::Sha256);
    before.enter("2026-01-11T10:00:00Z", &with(&drawn(), "drawn", json!(known)));
    refusals.own(&before.by_lines_alone(), LATE, [("closed_before_it_is_assigned", "cycle", close.clone())]);

    let mut office = first.by_lines_alone();
    office.enter(LATE, &visit(0));
    let missed = json!({"kind": "missed", "approval": approval("authority"), "date": "2026-02-10", "draw": 1,
        "evidence": hex(1), "reason": "closed", "unit": units[0]});
    let replaced = first.clone().replacement(ONE, "2026-02-02", &units[1]);
    let mut fewer = replaced.clone();
    fewer["visits"]["size"] = json!(1);
    let out = first.first_officer(ONE, &units[1]);
    let mut gone = office.clone();
    let number = gone.enter(LATE, &Office::dropped_out(ONE, &out, ["2026-02-01", "2026-03-25"], "office"));
    let mut more = gone.clone().reassigned(ONE, number, "authority");
    let mut made = more.clone();
    more["visits"]["size"] = json!(999);
    made["moves"][0]["unit"] = json!(units[0]);
    refusals.own(
        &gone,
        LATE,
        [
            ("reassigned_and_more_visits", "visits", more),
            ("given_on_at_a_visit_that_was_made", "visits", made),
        ],
    );
    refusals.own(
        &office,
        LATE,
        [
            ("visited_again", "visits", visit(0)),
            ("missed_after_the_visit", "visits", missed),
            ("replaced_after_the_visit", "visits", with(&replaced, "unit", json!(units[0]))),
            ("replaced_by_one_that_was_visited", "visits", with(&replaced, "by", json!(units[0]))),
            ("replaced_by_itself", "visits", with(&replaced, "by", json!(units[1]))),
            ("replaced_and_fewer_visits", "visits", fewer),
        ],
    );
    office.enter(LATE, &replaced);
    let again = with(&replaced, "unit", json!(units[2]));
    refusals.own(&office, LATE, [("comes_in_two_places", "visits", again)]);
    let came: Vec<Value> =
        (2..units.len()).map(visit).chain([with(&visit(1), "unit", replaced["by"].clone())]).collect();
    for visit in &came {
        office.enter(LATE, visit);
    }
    let stranger = with(&visit(1), "unit", json!("T-000777"));
    refusals.own(&office, LATE, [("one_visit_more_than_drawn", "visits", stranger.clone())]);
    office.enter(LATE, &close);
    let after = with(&visit(1), "unit", json!("T-000778"));
    refusals.own(&office, LATE, [("visited_after_the_cycle_was_closed", "visits", after)]);
}

fn openings(refusals: &mut Refusals) {
    let opening = |witnesses: &[String], quorum: u64| {
        json!({"kind": "opened", "authority": "350500-wsjd", "scope": "test", "protocol": "double-random/1",
            "quorum": quorum, "witnesses": witnesses})
    };
    let any = || Note::new("any\n".to_owned()).unwrap();
    let keys = witness_keys();
    let notary = any().cosign(WITNESSES[0].0, &WITNESSES[0].1, 0).unwrap().to_string();
    let twin = any().cosign("other.example", &WITNESSES[0].1, 0).unwrap().to_string();
    let mut twins = vec![twin, notary];
    twins.sort();
    let of_texts = any().sign("office.example", &[3; 32]).unwrap().to_string();
    refusals.own(
        &Office::nothing(),
        "2026-01-02T00:00:00Z",
        [
            ("quorum_of_half", "opening", opening(&keys, 1)),
            ("quorum_of_none", "opening", opening(&keys, 0)),
            ("quorum_of_too_many", "opening", opening(&keys, 3)),
            ("one_key_under_two_names", "opening", opening(&twins, 2)),
            ("witness_with_a_key_for_texts", "opening", opening(&[of_texts], 1)),
            (
                "begins_without_opening",
                "opening",
                json!({"kind": "policy", "approval": approval("superior"), "policy": hex(1)}),
            ),
        ],
    );
}

/// Checkpoints of ledgers below that are none, or do not grow.
fn ledgers_below(refusals: &mut Refusals, first: &Office) {
    let of = |draw: u64, origin: &str, size: u64, root: u8| json!({"kind": "received", "attempt": 1, "draw": draw, "origin": origin, "root": hex(root), "size": size});
    let (county, other) = ("double-random/1/350502-wsjd/test", "double-random/1/350503-wsjd/test");
    refusals.first(
        first,
        [
            ("a_checkpoint_for_a_draw_that_was_never_sealed", "sequence", of(2, county, 3, 1)),
            (
                "a_checkpoint_of_the_ledger_itself",
                "register",
                of(1, "double-random/1/350500-wsjd/test", 3, 1),
            ),
            ("a_checkpoint_without_an_origin", "register", of(1, "350502-wsjd test", 3, 1)),
            ("a_checkpoint_of_no_line", "register", of(1, county, 0, 1)),
        ],
    );
    let mut office = first.clone();
    office.enter(LATE, &of(1, county, 3, 1));
    // The same once more, and a shorter ledger of another authority, may follow.
    office.enter(LATE, &of(1, county, 3, 1));
    office.enter(LATE, &of(1, other, 2, 2));
    refusals.try_all(
        "first",
        &office,
        LATE,
        "clerk",
        [
            ("a_ledger_below_that_lost_a_line", "register", of(1, county, 2, 1)),
            ("a_ledger_below_with_another_root", "register", of(1, county, 3, 2)),
        ],
    );
    let at = "2026-04-05T00:00:00Z";
    let mut office = first.clone();
    office.seal(at, policy_of(2, 1, |_| ()));
    let early = [("a_checkpoint_before_the_draw", "draw", of(2, county, 3, 1))];
    refusals.try_all("first", &office, at, "clerk", early);
    let reason = json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("superior"),
                        "evidence": hex(1), "reason": "technical"});
    let mut office = first.clone();
    office.enter(LATE, &reason);
    let void = [("a_checkpoint_for_a_void_draw", "draw", of(1, county, 3, 1))];
    refusals.try_all("first", &office, LATE, "clerk", void);
}

/// Draws that the register of the year does not have, registers that change, logs that do not grow.
fn registers(refusals: &mut Refusals, first: &Office) {
    let batch = |number: u64, share: &str| json!({"batch": number, "share": share, "window": {"from": "2026-05-01", "to": "2026-06-25"}});
    let year = |batches: &[Value], level: &str| json!({"kind": "registered", "approval": approval(level), "batches": batches});
    let of_batch = |number: u64, level: &str| json!({"kind": "policy", "approval": approval(level), "batch": number, "policy": hex(1)});
    let imported = |size: u64| json!({"kind": "imported", "head": hex(1), "size": size, "what": "frame"});
    let outside = json!({"kind": "policy", "approval": approval("authority"), "policy": hex(1)});
    refusals.first(
        first,
        [
            ("a_year_of_no_draw", "batch", year(&[], "superior")),
            ("a_year_of_more_than_a_year", "batch", year(&[batch(1, "0.6"), batch(2, "0.6")], "superior")),
            ("batches_out_of_order", "batch", year(&[batch(2, "0.1"), batch(1, "0.1")], "superior")),
            ("a_batch_without_a_number", "batch", year(&[batch(0, "0.1")], "superior")),
            ("registered_again_without_the_superior", "approval", year(&[batch(1, "0.1")], "authority")),
            ("policy_of_a_batch_that_is_not_registered", "batch", of_batch(4, "superior")),
            ("policy_of_a_batch_below_the_authority", "approval", of_batch(2, "office")),
            ("policy_outside_the_register_without_the_superior", "approval", outside),
            ("a_log_without_lines", "register", imported(0)),
        ],
    );
    let mut office = first.clone();
    office.enter(LATE, &imported(3));
    refusals.try_all(
        "first",
        &office,
        LATE,
        "clerk",
        [("a_log_that_does_not_grow", "register", imported(3))],
    );
    // The batch of the first draw for a second one: adopted while it is only a policy, refused as a seal.
    let mut office = first.clone();
    let day = "2026-04-05T00:00:00Z";
    let again = policy_of(2, 1, |_| ());
    office.enter(
        day,
        &json!({"kind": "policy", "approval": approval("authority"), "batch": 1, "policy": again.digest()}),
    );
    let sealed = json!({"kind": "sealed", "seal": office.plan(again.clone(), day).seal()});
    refusals.try_all("first", &office, day, "clerk", [("second_draw_of_a_batch", "batch", sealed)]);
    // The register was changed since the policy was adopted.
    let mut office = first.clone();
    office.enter(
        day,
        &json!({"kind": "policy", "approval": approval("authority"), "batch": 2, "policy": again.digest()}),
    );
    office.enter(day, &year(&[batch(2, "0.3")], "superior"));
    let sealed = json!({"kind": "sealed", "seal": office.plan(again, day).seal()});
    refusals.try_all("first", &office, day, "clerk", [("policy_of_an_earlier_register", "batch", sealed)]);
}

/// A second seal before the first draw is settled, wrong numbers, a policy without approval, and the beacon
/// of the first draw.
fn sealed_and_waiting(refusals: &mut Refusals) {
    let mut office = Office::open(None);
    office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    let day = "2026-01-06T00:00:00Z";
    office.enter(day, &adopted(&policy_of(1, 2, |_| ())));
    let honest = seal(&office, day, |_| ());
    refusals.own(
        &office,
        day,
        [
            ("second_seal_for_one_draw", "sequence", honest.clone()),
            ("seal_of_another_scope", "seal", seal(&office, day, |s| s["scope"] = json!("other"))),
        ],
    );
    refusals.own(&office, "2026-01-06T01:00:00Z", [("seal_of_another_moment", "seal", honest)]);
    let elsewhere = seal(&office, day, |s| s["previous"] = json!(hex(1)));
    refusals.own(&office, day, [("seal_upon_another_ledger", "seal", elsewhere)]);
    let dead = "2026-01-13T00:00:00Z";
    let late = seal(&office, day, |s| s["sealed_at"] = json!(dead));
    refusals.own(&office, dead, [("seal_after_the_dice", "seal", late)]);
    let foreign = seal(&office, day, |s| s["policy"] = json!(hex(1)));
    refusals.own(&office, day, [("policy_of_nobody", "policy", foreign)]);

    let early = value(&throw("dice", 1));
    refusals.own(&office, "2026-01-11T08:59:59Z", [("value_before_its_time", "dating", early.clone())]);
    let misread =
        json!({"kind": "beacon", "draw": 1, "attempt": 1, "value": {"source": "dice", "value": "123"}});
    refusals.own(
        &office,
        "2026-01-11T09:30:00Z",
        [("value_without_form", "beacon", misread), ("drawn_before_the_beacon", "draw", drawn())],
    );
    let soon = [("silent_before_its_time", "dating", silent("dice"))];
    refusals.own(&office, "2026-01-11T08:00:00Z", soon);
    let then = "2026-01-11T10:00:00Z";
    refusals.own(
        &office,
        then,
        [
            ("silent_source_of_nobody", "beacon", silent("other")),
            ("silent_without_the_superior", "approval", at_level(&silent("dice"), "authority")),
        ],
    );
    office.enter(then, &silent("dice"));
    refusals.own(
        &office,
        then,
        [
            ("speaks_after_it_was_silent", "beacon", early),
            ("failed_and_voided_for_another_reason", "void", void("technical", "superior")),
        ],
    );
}

/// Further attempts at one draw.
fn further_attempts(refusals: &mut Refusals) {
    let mut office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.enter("2026-01-11T09:40:00Z", &void("technical", "superior"));
    let next = policy_of(1, 2, |_| ());
    office.enter("2026-01-11T09:45:00Z", &adopted(&next));
    let then = "2026-01-11T10:00:00Z";
    let honest = seal(&office, then, |_| ());
    refusals.own(&office, then, [("next_attempt_before_the_void_one_is_drawn", "sequence", honest)]);
    office.draw(then, name);
    let honest = seal(&office, then, |_| ());
    refusals.own(&office, then, [("next_attempt_before_the_void_one_is_published", "sequence", honest)]);
    office.publish(then, name);
    let third = seal(&office, then, |s| s["attempt"] = json!(3));
    let second = seal(&office, then, |s| s["sequence"] = json!(2));
    refusals.own(
        &office,
        then,
        [("attempt_skipped", "sequence", third), ("draw_skipped", "sequence", second)],
    );
    office.seal(then, next);
    let second = with(&void("input_error", "authority"), "attempt", 2);
    refusals.own(&office, "2026-01-12T08:00:00Z", [("void_again_without_the_superior", "approval", second)]);
}

/// An attempt whose secret is not disclosed is not settled, even void and published elsewhere.
fn secrets_of_void_attempts(refusals: &mut Refusals) {
    let mut office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, deferred));
    let early = [("disclosed_before_it_is_drawn", "disclosure", disclosed(9))];
    refusals.own(&office, "2026-01-06T00:00:00Z", early);
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.enter("2026-01-11T09:40:00Z", &void("technical", "superior"));
    office.draw("2026-01-11T09:50:00Z", name);
    office.enter("2026-01-11T09:55:00Z", &adopted(&policy_of(1, 2, |_| ())));
    let then = "2026-01-11T10:00:00Z";
    let honest = seal(&office, then, |_| ());
    let far = seal(&office, then, |s| {
        s["disclosure"] = json!({"mode": "deferred", "reveal_by": "2028-01-13"});
        s["secret"] = json!(hex(1));
    });
    let needless = seal(&office, then, |s| s["secret"] = json!(hex(1)));
    refusals.own(
        &office,
        then,
        [
            ("next_attempt_before_the_void_one_is_disclosed", "sequence", honest),
            ("secret_kept_for_ever", "seal", far),
            ("commitment_without_deferral", "seal", needless),
        ],
    );
}

/// A source with a value cannot be entered as silent; one with a fallback not before the fallback's day.
fn fallbacks(refusals: &mut Refusals) {
    let mut office = Office::open(None);
    let with_fallback = |p: &mut Value| {
        p["beacon"]["fallbacks"] = json!([{"after": "2026-01-12T09:00:00Z", "for": "dice", "source": {
            "kind": "dice", "id": "other", "at": "2026-01-13T09:00:00Z", "count": 40, "sides": 10,
            "witness": "discipline office"}}]);
    };
    office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, with_fallback));
    let early = [("silent_before_its_fallback_may_stand_in", "dating", silent("dice"))];
    refusals.own(&office, "2026-01-12T08:59:59Z", early);
    let unasked = [("fallback_speaks_unasked", "beacon", value(&throw("other", 1)))];
    refusals.own(&office, "2026-01-13T09:00:00Z", unasked);
    office.values("2026-01-11T09:30:00Z", ONE, &[throw("dice", 1)]);
    let known = [("silent_after_it_spoke", "beacon", silent("dice"))];
    refusals.own(&office, "2026-01-12T10:00:00Z", known);
}

/// A drawn document of another draw, under its own digest.
fn foreign_document(refusals: &mut Refusals, first: &Office) {
    let mut other = first.evidence.draws[&ONE].drawn.clone().unwrap();
    other.drawn.draw = 7;
    let mut office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    let known = DrawEvidence { drawn: Some(other.clone()), ..DrawEvidence::default() };
    office.evidence.draws.insert(name, known);
    let foreign = with(&drawn(), "drawn", json!(other.digest(Suite::Sha256)));
    let cases = [("document_of_another_draw", "cycle", foreign)];
    refusals.try_all("seventh", &office, "2026-01-11T10:00:00Z", "clerk", cases);
}

/// Shares after the time of the next source, shares that do not open, commitments that were used before.
fn shares_of_parties(refusals: &mut Refusals) {
    let (commitments, whole) = shares(Suite::Sha256, &[]);
    let with_shares = |p: &mut Value| {
        let dice = p["beacon"]["sources"][0].take();
        p["beacon"]["sources"] = json!([{"kind": "shares", "id": "shares", "at": "2026-01-10T09:00:00Z",
            "missing": "void", "commitments": commitments}, dice]);
    };
    let mut office = Office::open(None);
    office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, with_shares));
    refusals.own(&office, "2026-01-11T09:00:00Z", [("shares_too_late", "dating", value(&whole))]);
    let foreign = BeaconValue::shares(Code::parse("shares").unwrap(), &[Some(Digest::ZERO), None, None]);
    let then = "2026-01-10T09:30:00Z";
    refusals.own(
        &office,
        then,
        [
            ("share_that_does_not_open", "beacon", value(&foreign)),
            ("silent_shares", "beacon", silent("shares")),
        ],
    );
    office.values(then, ONE, &[shares(Suite::Sha256, &[1]).1]);
    office.values("2026-01-11T09:30:00Z", ONE, &[throw("dice", 1)]);
    let missing = [("drawn_with_a_share_missing", "draw", drawn())];
    refusals.own(&office, "2026-01-11T09:40:00Z", missing);

    office.enter("2026-01-11T09:40:00Z", &void("share_missing", "authority"));
    let reused = policy_of(1, 2, with_shares);
    office.enter("2026-01-11T09:45:00Z", &adopted(&reused));
    let then = "2026-01-11T10:00:00Z";
    let content = seal(&office, then, |s| {
        s["policy"] = json!(reused.digest());
        let dice = s["beacon"]["sources"][0].take();
        s["beacon"]["sources"] = json!([{"kind": "shares", "id": "shares", "at": "2026-01-11T12:00:00Z",
            "missing": "void", "commitments": commitments}, dice]);
    });
    refusals.own(&office, then, [("commitments_of_an_earlier_seal", "chance", content)]);
}

/// A deferred draw: another secret, a record before its disclosure, a void before its day.
fn secrets(refusals: &mut Refusals) {
    let mut office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, deferred));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    let record = published("record", office.draws[&name].record.digest(), "x");
    refusals.own(
        &office,
        "2026-03-30T00:00:00Z",
        [
            ("another_secret", "disclosure", disclosed(8)),
            ("published_before_it_is_disclosed", "publication", record),
        ],
    );
    let early = [("not_revealed_before_the_day", "void", void("not_revealed", "superior"))];
    refusals.own(&office, "2026-03-31T23:00:00Z", early);
    let low = [("not_revealed_without_the_superior", "approval", void("not_revealed", "authority"))];
    refusals.own(&office, "2026-04-01T00:00:00Z", low);
}

/// Dice entered when the round is known, and a round that is called silent.
fn who_speaks_last(refusals: &mut Refusals) {
    let mut office = Office::open(None);
    office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, dice_then_round));
    let dice = value(&throw("dice", 1));
    refusals.own(&office, "2026-01-11T09:30:00Z", [("dice_when_the_round_is_known", "dating", dice.clone())]);
    office.enter("2026-01-11T09:29:59Z", &dice);
    let week = [("round_called_silent_within_a_week", "dating", silent("round"))];
    refusals.own(&office, "2026-01-18T09:29:59Z", week);
    let low = [("round_called_silent_by_the_authority", "approval", at_level(&silent("round"), "authority"))];
    refusals.own(&office, "2026-01-18T09:30:00Z", low);
    let mut office = round_found_again();
    let next = policy_of(1, 2, |_| ());
    let then = "2026-01-21T00:00:00Z";
    let again = [("found_again_twice", "beacon", value(&round_value(6)))];
    refusals.own(&office, then, again);
    office = round_called_silent();
    office.values("2026-01-20T09:00:00Z", ONE, &[round_value(5)]);
    office.enter(then, &adopted(&next));
    let seal = seal(&office, "2026-01-06T00:00:00Z", |s| {
        s["sealed_at"] = json!(then);
        s["beacon"]["sources"][0]["at"] = json!("2026-01-22T09:00:00Z");
    });
    let unsettled = [("next_attempt_before_the_round_found_again_is_drawn", "sequence", seal)];
    refusals.own(&office, then, unsettled);
}

/// Seals whose plans break 8.3 by a spelling, an order or a lead.
fn names_and_leads(refusals: &mut Refusals) {
    let mut office = Office::open(None);
    let day = "2026-01-06T00:00:00Z";
    office.enter(day, &adopted(&policy_of(1, 1, |_| ())));
    let first = |change: &dyn Fn(&mut Value)| {
        let plan = office.plan(policy_of(1, 1, |_| ()), day);
        let mut seal = serde_json::to_value(plan.seal()).unwrap();
        change(&mut seal["beacon"]);
        json!({"kind": "sealed", "seal": seal})
    };
    let at = |time: &str| format!("2026-01-11T{time}:00Z");
    let dice = |id: &str, time: &str, witness: &str| json!({"kind": "dice", "id": id, "at": at(time), "count": 40, "sides": 10, "witness": witness});
    let plan = |sources: Value| first(&|beacon| beacon["sources"] = sources.clone());
    let twice = |other: &str| plan(json!([dice("a", "09:00", "Notary Li"), dice("b", "10:00", other)]));
    let with_fallback = |source: Value, fallback: Value| {
        first(&|beacon| {
            let row = json!({"after": at("10:00"), "for": "round", "source": fallback});
            *beacon = json!({"sources": [dice("a", "08:00", "Notary Wu"), source], "fallbacks": [row]});
        })
    };
    let cases = [
        (
            "dice_after_the_round",
            plan(json!([dice("a", "10:00", "notary"), quicknet("round", &at("09:30"))])),
        ),
        (
            "dice_beside_the_round",
            plan(json!([dice("a", "09:30", "notary"), quicknet("round", &at("09:30"))])),
        ),
        (
            "dice_as_fallback_of_a_round",
            with_fallback(quicknet("round", &at("09:30")), dice("b", "11:00", "Notary Li")),
        ),
        (
            "a_round_as_fallback_of_a_round",
            with_fallback(quicknet("round", &at("09:30")), quicknet("next", &at("11:00"))),
        ),
        ("witness_with_an_invisible_twin", twice("Notary\u{200B} Li")),
        ("witness_in_another_width_and_case", twice("ｎｏｔａｒｙ　ｌｉ ")),
        ("witness_again_an_hour_later", twice("Notary Li")),
        ("witness_with_a_combining_mark", plan(json!([dice("a", "09:00", "Notary Lu\u{308}")]))),
        ("witness_of_marks_only", plan(json!([dice("a", "09:00", "——")]))),
        ("seal_too_late_for_the_lead", first(&|beacon| beacon["lead"] = json!(464_400))),
        ("lead_of_more_than_a_month", first(&|beacon| beacon["lead"] = json!(2_678_401))),
    ];
    refusals.own(&office, day, cases.map(|(name, seal)| (name, "seal", seal)));
    // A second attempt on the same day, before the same witness under another spelling.
    let mut office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.enter("2026-01-11T09:40:00Z", &void("technical", "superior"));
    let then = "2026-01-11T10:00:00Z";
    office.draw(then, name);
    office.publish(then, name);
    office.enter(then, &adopted(&policy_of(1, 2, |_| ())));
    let again = seal(&office, then, |s| {
        s["beacon"]["sources"][0]["at"] = json!("2026-01-11T11:00:00Z");
        s["beacon"]["sources"][0]["witness"] = json!("NOTARY");
    });
    refusals.own(&office, then, [("a_second_throw_of_a_witness_on_one_day", "chance", again)]);
}
