//! The targets: each takes any bytes, and must answer. What must hold of the answer is asserted here, and never a
//! time: a table of teams is held against a number of looks, a message against a length.

use double_random::bytes::{decode, encode};
use double_random::frame::UnitRow;
use double_random::matching::{Demand, Matching, WHOLE, table};
use double_random::note::{Checkpoint, Note, NoteKey};
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random::receipt::{Intake, Receipt};
use double_random::register::{Register, RegisterKeys, Registers};
use double_random::roster::{InspectorRow, RecusalRow};
use double_random::verify::{self, LedgerEvidence, Outcome, Verdict, verify};
use double_random::{Cycle, Evidence, Frame, Plan, Policy, Record, Roster, ledger};
use serde_json::{Value, json};
use std::fmt::Display;
use std::sync::LazyLock;
use testkit::assembled::{self, Federation};

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

/// All targets, in the order in which a driver runs them. Each has a folder of this name in `corpus`.
pub const TARGETS: [Target; 18] = [
    ("canonical", canonical),
    ("policy", policy),
    ("pack", pack),
    ("programme", programme),
    ("frame", frame),
    ("roster", roster),
    ("cycle", cycle),
    ("record", record),
    ("receipt", receipt),
    ("register", register),
    ("registers", registers),
    ("intake", intake),
    ("ledger", lines),
    ("note", note),
    ("rows", rows),
    ("embed", embed),
    ("network", network),
    ("world", world),
];

/// Runs a target.
///
/// # Panics
/// If what must hold does not, or if there is no such target.
pub fn run(target: &str, data: &[u8]) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target of this name");
    run(data);
}

/// No message is longer than what can be read, whatever the input is.
const LONGEST: usize = 2_000_000;

fn told(what: &impl Display) {
    let length = what.to_string().len();
    assert!(length < LONGEST, "a message of {length} bytes");
}

/// A result whose error is told.
fn read<T, E: Display>(result: Result<T, E>) -> Option<T> {
    result.map_err(|error| told(&error)).ok()
}

fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or("")
}

/// What is read as canonical is written as it was.
fn canonical(data: &[u8]) {
    if let Some(value) = read(decode::<Value>(data)) {
        assert_eq!(encode(&value).expect("it was read"), data);
    }
}

fn policy(data: &[u8]) {
    if let Some(policy) = read(Policy::from_json(text(data))) {
        let again = Policy::from_json(text(&encode(&policy).expect("it was read"))).expect("a policy");
        assert_eq!(policy.digest(), again.digest());
    }
}

fn pack(data: &[u8]) {
    read(Pack::from_json(text(data)));
}

fn programme(data: &[u8]) {
    if let Some(programme) = read(Programme::from_json(text(data))) {
        assert!(!programme.to_json().expect("it was read").is_empty());
    }
}

/// The registers of the tests' world against its policy.
fn frame(data: &[u8]) {
    if let Some((frame, key)) = read(Frame::from_json(data)) {
        assert_eq!(frame.to_json(&key), data);
        let policy = testkit::policy(|_| ());
        read(frame.conforms(&policy.frame, policy.as_of));
        let roster = testkit::roster(6, &[], &policy);
        read(Plan::new(frame, roster, policy, Cycle::default()));
    }
}

fn roster(data: &[u8]) {
    if let Some((roster, key)) = read(Roster::from_json(data)) {
        assert_eq!(roster.to_json(&key), data);
        let policy = testkit::policy(|_| ());
        // Rows that the gate refuses are sealed by nobody, and `verify` says so.
        let conforms = read(roster.conforms(&policy.roster, policy.as_of)).is_some();
        let plan = read(Plan::new(testkit::frame(12, &policy), roster, policy, Cycle::default()));
        if let Some(plan) = plan.filter(|_| conforms) {
            drawn(plan);
        }
    }
}

fn cycle(data: &[u8]) {
    if let Some((cycle, key)) = read(Cycle::from_json(data)) {
        assert_eq!(cycle.to_json(&key), data);
        let policy = testkit::policy(|_| ());
        read(Plan::new(testkit::frame(12, &policy), testkit::roster(6, &[], &policy), policy, cycle));
    }
}

/// A record alone is never confirmed.
fn record(data: &[u8]) {
    if let Some(record) = read(Record::from_json(data)) {
        let report = verify(&record, &Evidence::default());
        told(&report);
        assert_ne!(report.verdict(), Verdict::Confirmed);
    }
}

fn receipt(data: &[u8]) {
    read(Receipt::from_json(data));
}

/// A city whose frame was put together from the registers of its counties.
static CITY: LazyLock<Federation> = LazyLock::new(assembled::in_order);

/// A register takes the place of the first one: only its name can be another, and the frame is that of the rows.
fn register(data: &[u8]) {
    if let Some(register) = read(Register::from_json(data)) {
        assert_eq!(register.to_json(), data);
        let mut given = CITY.submitted.clone();
        given[0].register = register;
        if let Some(registers) = read(Registers::assemble(given, &CITY.record.policy)) {
            assert_eq!(Some(registers.frame()), CITY.evidence.frame.as_ref().map(|(frame, _)| frame));
        }
    }
}

/// With whatever an auditor has of registers, only those went in unchanged of which he has the key.
fn registers(data: &[u8]) {
    if let Some(keys) = read(RegisterKeys::from_json(data)) {
        assert_eq!(keys.to_json(), data);
        let evidence = Evidence { registers: Some(keys), ..CITY.evidence.clone() };
        told(&verify(&CITY.record, &evidence));
        for one in verify::registers(&CITY.record, &evidence) {
            let given = evidence.registers.iter().flat_map(RegisterKeys::as_slice);
            let given = given.filter(|key| key.authority == one.authority).map(|key| &key.salt_key);
            let mut own = CITY.submitted.iter().filter(|own| own.register.authority == one.authority);
            let has = own.next().is_some_and(|own| given.eq([&own.salt_key]));
            assert!(has || one.outcome != Outcome::Pass, "{}", one.authority);
        }
    }
}

/// Only the intake of a county as it was made confirms anything to it, and nothing without the seal.
fn intake(data: &[u8]) {
    if let Some(shown) = read(Intake::from_json(data)) {
        for (own, made) in CITY.submitted.iter().zip(&CITY.intakes) {
            let report = verify::intake(&shown, own, Some(&CITY.record.seal));
            told(&report);
            assert_eq!(report.verdict() == Verdict::Confirmed, shown == *made);
            assert_ne!(verify::intake(&shown, own, None).verdict(), Verdict::Confirmed);
        }
    }
}

/// A ledger alone is never confirmed.
fn lines(data: &[u8]) {
    if let Some(lines) = read(ledger::read(data)) {
        let report = verify::ledger(&lines, &LedgerEvidence::default());
        told(&report);
        assert_ne!(report.verdict(), Verdict::Confirmed);
    }
}

fn note(data: &[u8]) {
    read(NoteKey::parse(text(data)));
    if let Some(note) = read(Note::parse(text(data))) {
        read(Checkpoint::parse(note.text()));
    }
}

/// Rows of tables, as JSON: `{"units": …, "officers": …, "recusals": …}`.
fn rows(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    let list = |name: &str| value.get(name).cloned().unwrap_or(json!([]));
    let policy = testkit::policy(|_| ());
    let units: Vec<UnitRow> = serde_json::from_value(list("units")).unwrap_or_default();
    let officers: Vec<InspectorRow> = serde_json::from_value(list("officers")).unwrap_or_default();
    let recusals: Vec<RecusalRow> = serde_json::from_value(list("recusals")).unwrap_or_default();
    let frame = read(Frame::new(units, &policy.frame, policy.as_of));
    let roster = read(Roster::new(officers, recusals, &policy.roster, policy.as_of));
    if let (Some(frame), Some(roster)) = (frame, roster)
        && let Some(plan) = read(Plan::new(frame, roster, policy, Cycle::default()))
    {
        drawn(plan);
    }
}

/// A call: the step in the first line, its request behind it. A mistake of the library is one.
fn embed(data: &[u8]) {
    let (step, request) = text(data).split_once('\n').unwrap_or_default();
    let answer = double_random::embed::call(step, request);
    let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
    assert_ne!(answer["error"]["code"], "internal", "{answer}");
}

/// Bytes as choices; when they end, the first choice.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn below(&mut self, n: u64) -> u64 {
        let taken = self.0.len().min(2);
        let (own, rest) = self.0.split_at(taken);
        self.0 = rest;
        own.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)) % n
    }
}

/// The most looks at pairs and arcs for each pair of a table: a thousand sweeps of a small network over seven layers,
/// and the rounds of flows and prices.
const LOOKS: u64 = 12_000;

/// A network of visits and officers with loads, caps and offices of all kinds.
fn network(data: &[u8]) {
    let mut choices = Choices(data);
    let number = choices.below(1 << 16);
    let (visits, officers) = (1 + choices.below(12), 1 + choices.below(12));
    let mut matching = testkit::matching(number, visits, officers);
    for seat in &mut matching.officers {
        seat.before =
            [0, 1, 2, 1000, 999_999][usize::try_from(choices.below(5)).expect("small")] + choices.below(4096);
        seat.cap = choices.below(8);
    }
    for Demand { places, pinned, .. } in &mut matching.posts {
        *places = if *pinned { 1 } else { 1 + choices.below(20) };
    }
    settled(&matching);
}

fn settled(matching: &Matching) {
    let key = double_random::lot::Key::new(Default::default(), double_random::bytes::Digest::ZERO);
    for component in table(matching) {
        let pairs: usize = component.posts.iter().map(|&post| 1 + matching.posts[post].list.len()).sum();
        let most = LOOKS * u64::try_from(pairs).expect("a length");
        assert!(component.steps <= most, "{} looks at {pairs} pairs", component.steps);
        for filled in component.draw(matching, "fuzz", &key) {
            let post = &matching.posts[filled.post];
            let held = u64::try_from(filled.officers.len()).expect("a length");
            assert_eq!(held + filled.vacancies, post.places);
            assert!(filled.officers.iter().all(|(_, chance)| (1..=WHOLE).contains(chance)));
        }
    }
}

/// A whole draw of a small world. It is confirmed by everybody who has its files.
fn world(data: &[u8]) {
    let mut choices = Choices(data);
    let mut pick =
        |list: &[&str]| list[usize::try_from(choices.below(list.len() as u64)).expect("small")].to_owned();
    let (jurisdiction, ceiling) = (pick(&["city", "own", "province", "any"]), pick(&["0.75", "1", "0.2"]));
    let rate = pick(&["0.3", "1", "0.05"]);
    let (units, officers) = (1 + choices.below(40), choices.below(40));
    let document = testkit::policy_json(|p| {
        p["design"] = json!({"method": "rate", "rate": rate});
        p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
        let team = &mut p["team"];
        team["jurisdiction"] = json!(jurisdiction);
        team["ceiling"] = json!(ceiling);
        team["cap"] = json!(choices.below(6));
        team["departments"][0]["officers"] = json!(2 + choices.below(5));
        team["rotation"] = json!(choices.below(2) == 1);
        if choices.below(2) == 1 {
            team["days"] = json!(["2026-02-02", "2026-02-03", "2026-02-10"]);
            team["caps"] = json!({"day": 1 + choices.below(2), "week": 1 + choices.below(3)});
        } else if choices.below(2) == 1 {
            team["caps"] = json!({"office": 1 + choices.below(30)});
        }
        if choices.below(3) == 1 {
            team["shortlist"] = json!(4 + choices.below(8));
        }
    });
    let Some(policy) = read(Policy::from_json(&document)) else { return };
    let row = |n: u64, choices: &mut Choices<'_>| InspectorRow {
        cap: if choices.below(4) == 1 { choices.below(5).to_string() } else { String::new() },
        load: choices.below(1_000).to_string(),
        office: ["", "O-1", "O-2"][usize::try_from(choices.below(3)).expect("small")].to_owned(),
        ..testkit::inspector_row(n)
    };
    let rows: Vec<InspectorRow> = (0..officers).map(|n| row(n, &mut choices)).collect();
    let roster = Roster::new(rows, [], &policy.roster, policy.as_of).expect("rows of the tests");
    let frame = testkit::frame(units, &policy);
    if let Some(plan) = read(Plan::new(frame, roster, policy, Cycle::default())) {
        drawn(plan);
    }
}

/// Seals, draws and verifies.
fn drawn(plan: Plan) {
    let cost = plan.cost();
    let terms = testkit::terms(plan.policy());
    let Some(sealed) = read(plan.seal(terms)) else { return };
    assert!(cost.is_within());
    let record = testkit::draw(&sealed, 1);
    let record = Record::from_json(&record.to_json()).expect("a record of our own");
    assert!(u64::try_from(record.teams.visits.len()).expect("a length") <= cost.visits);
    let report = verify(&record, &testkit::evidence(&sealed, &record));
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
}

/// One of many small changes of some bytes: for drivers that do not watch what the library does with them.
#[must_use]
pub fn mutated(data: &[u8], other: &[u8], state: &mut u64) -> Vec<u8> {
    let mut below = |n: usize| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        usize::try_from(*state % (n.max(1) as u64)).expect("below a length")
    };
    let mut changed = data.to_vec();
    for _ in 0..1 + below(4) {
        let at = below(changed.len() + 1);
        match below(7) {
            0 => changed.truncate(at),
            1 => changed.insert(at, b"0\"{}[],:-9\xe5\x00"[below(12)]),
            2 if at < changed.len() => changed[at] ^= 1 << below(8),
            3 if at < changed.len() => drop(changed.remove(at)),
            4 => {
                let part = changed[at..].iter().copied().take(1 + below(200)).collect::<Vec<u8>>();
                let again = 1 + below(20);
                changed.splice(at..at, part.repeat(again));
            }
            5 => {
                let from = below(other.len() + 1);
                let part: Vec<u8> = other[from..].iter().copied().take(1 + below(400)).collect();
                changed.splice(at..at, part);
            }
            _ => {
                let number =
                    ["18446744073709551615", "-1", "0", "9007199254740993", "1e9", "999999999"][below(6)];
                if let Some(place) = changed[at..].iter().position(u8::is_ascii_digit) {
                    changed.splice(at + place..=at + place, number.bytes());
                }
            }
        }
    }
    changed.truncate(1 << 20);
    changed
}
