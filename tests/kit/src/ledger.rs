//! An office that keeps a ledger over the small world: a year with everything that can happen, or as much of
//! it as a test wants.

use super::{inspector_row, levels, policy, recusal_row, roster, unit_row};
use double_random::assign::{Away, Change, Teams};
use double_random::beacon::commitment;
use double_random::bytes::{Digest, SaltKey, Suite};
use double_random::calendar::Instant;
use double_random::disclosure::{DrawnRows, VisitsCommitment, VisitsTree};
use double_random::frame::UnitRow;
use double_random::id::Code;
use double_random::ledger::{
    Content, Correction, EarlierLedger, Ledger, Line, Opened, Refusal, State, closing_salt,
};
use double_random::note::{KeyKind, Note, NoteKey};
use double_random::policy::Policy;
use double_random::roster::InspectorRow;
use double_random::sample::{CellSample, Reserve, next_reserve};
use double_random::seal::{SealTerms, Sealed, Secret};
use double_random::verify::{DrawEvidence, LedgerEvidence};
use double_random::{BeaconValue, Evidence, Frame, InspectorId, Plan, Record, Roster, UnitId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Secret keys of the two witnesses.
pub const WITNESSES: [(&str, [u8; 32]); 2] = [("notary.example", [1; 32]), ("press.example", [2; 32])];

pub fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// A draw that the office has made.
#[derive(Clone)]
pub struct Draw {
    pub sealed: Sealed,
    pub record: Record,
    pub teams: Teams,
    /// The sample with all reserves.
    pub whole: Vec<CellSample>,
    pub used: BTreeSet<UnitId>,
}

#[derive(Clone)]
pub struct Office {
    pub ledger: Ledger,
    pub sealed: BTreeMap<(u64, u64), Sealed>,
    pub draws: BTreeMap<(u64, u64), Draw>,
    pub evidence: LedgerEvidence,
}

/// The texts of the witnesses' keys, ascending.
pub fn witness_keys() -> Vec<String> {
    let mut keys: Vec<String> = WITNESSES
        .iter()
        .map(|(name, secret)| {
            let mut note = Note::new("any\n".to_owned()).unwrap();
            note.cosign(name, secret, 0).unwrap().to_string()
        })
        .collect();
    keys.sort();
    assert!(keys.iter().all(|key| NoteKey::parse(key).unwrap().kind() == KeyKind::Witness));
    keys
}

/// The keys of the witnesses, as a checker brings them.
pub fn brought_keys() -> Vec<NoteKey> {
    witness_keys().iter().map(|key| NoteKey::parse(key).unwrap()).collect()
}

/// What the office enters about a draw's policy, by its number and attempt: dates follow from the number.
pub fn policy_of(draw: u64, attempt: u64, change: impl FnOnce(&mut Value)) -> Policy {
    let month = 1 + 3 * (draw - 1);
    let day = 10 + attempt;
    policy(|p| {
        p["design"] = json!({"method": "rate", "rate": "0.2"});
        p["as_of"] = json!(format!("2026-{month:02}-01"));
        p["window"] =
            json!({"from": format!("2026-{:02}-01", month + 1), "to": format!("2026-{:02}-25", month + 2)});
        let (share, rest) =
            [("0.4", "1"), ("0.3", "0.6"), ("0.3", "0.3")][usize::try_from(draw - 1).unwrap()];
        p["round"] = json!({"share": share, "rest": rest});
        p["beacon"]["sources"][0]["at"] = json!(format!("2026-{month:02}-{day:02}T09:00:00Z"));
        change(p);
    })
}

/// The same a year later, in the ledger of that year ([`Office::next_year`]) or in the same one.
pub fn policy_in_2027(scope: &str, draw: u64, attempt: u64) -> Policy {
    policy_of(draw, attempt, |p| {
        *p = serde_json::from_str(&p.to_string().replace("2026-", "2027-")).unwrap();
        p["scope"] = json!(scope);
    })
}

/// A policy as a batch of a register.
fn own_batch(policy: &Policy) -> Value {
    let share = policy.round.unwrap_or(double_random::policy::Round::WHOLE).share;
    json!({"batch": 1, "share": share, "window": policy.window})
}

/// The entry that adopts a policy: for a batch of the register, else by the superior.
pub fn adoption(policy: &Policy, batch: Option<u64>) -> Value {
    let digest = policy.digest();
    match batch {
        Some(batch) => json!({"kind": "policy", "approval": approval("authority"), "batch": batch,
                              "policy": digest}),
        None => json!({"kind": "policy", "approval": approval("superior"), "policy": digest}),
    }
}

pub fn approval(level: &str) -> Value {
    json!({"by": "director", "level": level})
}

/// 32 bytes as hexadecimal text, for evidence.
pub fn hex(n: u8) -> String {
    Digest::new([n; 32]).to_string()
}

impl Office {
    /// Before the first line.
    pub fn nothing() -> Self {
        Self {
            ledger: Ledger::default(),
            sealed: BTreeMap::new(),
            draws: BTreeMap::new(),
            evidence: LedgerEvidence::default(),
        }
    }

    /// An office that begins in mid-year, with a cycle of its own.
    pub fn begin_with(cycle: &double_random::Cycle) -> Self {
        let mut office = Self::open(None);
        let opened = office.state().opened().unwrap().clone();
        let opening = (cycle.clone(), SaltKey::new([6; 32]));
        let (at, actor) = (instant("2026-01-02T00:00:00Z"), Code::parse("clerk").unwrap());
        office.ledger = Ledger::open(at, actor, opened, Some(&opening)).unwrap();
        office.evidence.opening = Some(opening);
        office
    }

    /// The office of the next year, whose ledger goes on from the end of this one.
    pub fn next_year(&self) -> Self {
        let mut office = Self::open(None);
        let mut opened = office.state().opened().unwrap().clone();
        opened.scope = Code::parse("test-2027").unwrap();
        let ended = self.ledger.checkpoint().unwrap();
        opened.earlier = Some(EarlierLedger { origin: ended.origin, root: ended.root, size: ended.size });
        let opening = (self.state().cycle().unwrap().opening().unwrap(), SaltKey::new([6; 32]));
        let (at, actor) = (instant("2027-01-02T00:00:00Z"), Code::parse("clerk").unwrap());
        office.ledger = Ledger::open(at, actor, opened, Some(&opening)).unwrap();
        office.evidence.opening = Some(opening);
        office
    }

    pub fn open(quorum: Option<u64>) -> Self {
        Self::open_as("350500-wsjd", quorum)
    }

    /// The ledger of another authority.
    pub fn open_as(authority: &str, quorum: Option<u64>) -> Self {
        let opened = json!({"authority": authority, "scope": "test", "protocol": "double-random/1"});
        let mut opened: Opened = serde_json::from_value(opened).unwrap();
        if quorum.is_some() {
            opened.quorum = quorum;
            opened.witnesses = witness_keys();
        }
        let ledger =
            Ledger::open(instant("2026-01-02T00:00:00Z"), Code::parse("clerk").unwrap(), opened, None)
                .unwrap();
        // The checker has the keys from the witnesses themselves.
        let evidence = LedgerEvidence { witnesses: brought_keys(), ..LedgerEvidence::default() };
        Self { ledger, sealed: BTreeMap::new(), draws: BTreeMap::new(), evidence }
    }

    pub fn state(&self) -> &State {
        self.ledger.state()
    }

    /// Tries to append an entry.
    pub fn attempt(&mut self, at: &str, actor: &str, content: &Value) -> Result<u64, Refusal> {
        let content: Content = serde_json::from_value(content.clone()).unwrap();
        let drawn = match &content {
            Content::Drawn { attempt, draw, .. } => self.evidence.draws.get(&(*draw, *attempt)),
            _ => None,
        };
        let drawn = drawn.and_then(|known| known.drawn.clone());
        let line = self.ledger.append(instant(at), Code::parse(actor).unwrap(), content, drawn.as_ref())?;
        Ok(line.entry().number)
    }

    /// Tries to append an entry about the visits of a draw as a closed line, and keeps its content.
    pub fn attempt_closed(&mut self, at: &str, name: (u64, u64), content: &Value) -> Result<u64, Refusal> {
        let content: Content = serde_json::from_value(content.clone()).unwrap();
        let number = self.state().size() + 1;
        let salt = closing_salt(&SaltKey::new([7; 32]), self.sealed[&name].seal(), number);
        let (at, clerk) = (instant(at), Code::parse("clerk").unwrap());
        let line = self.ledger.append_closed(at, clerk, content, salt)?.clone();
        let files = self.evidence.files.entry(name).or_default();
        let contents = files.entry("contents.jsonl".to_owned()).or_default();
        contents.extend(line.content().unwrap().row().unwrap());
        contents.push(b'\n');
        Ok(number)
    }

    /// Appends a closed line that must follow.
    pub fn close(&mut self, at: &str, name: (u64, u64), content: &Value) -> u64 {
        self.attempt_closed(at, name, content).unwrap_or_else(|refusal| panic!("{refusal}\n{content}"))
    }

    /// The same office as a reader of its lines sees it: without what closed lines hide.
    pub fn shown(&self) -> Vec<Line> {
        double_random::ledger::read(&self.ledger.to_jsonl()).unwrap()
    }

    /// The same office that keeps its ledger by the lines alone, with what its closed lines hide.
    #[must_use]
    pub fn by_lines_shown(&self) -> Self {
        let ledger = Ledger::from_lines(self.lines().to_vec(), None, |_, _| None).unwrap();
        Self { ledger, ..self.clone() }
    }

    /// Appends an entry that must follow.
    pub fn enter(&mut self, at: &str, content: &Value) -> u64 {
        self.attempt(at, "clerk", content).unwrap_or_else(|refusal| panic!("{refusal}\n{content}"))
    }

    /// Witnesses see the ledger as it is, at a time.
    pub fn witness(&mut self, at: &str) {
        let mut note = self.ledger.checkpoint().unwrap().note();
        let time = u64::try_from(instant(at).unix()).unwrap();
        for (name, secret) in &WITNESSES {
            note.cosign(name, secret, time).unwrap();
        }
        self.evidence.checkpoints.push(note);
    }

    pub fn frame(policy: &Policy) -> Frame {
        Frame::new((0..40).map(unit_row), &policy.frame, policy.as_of).unwrap()
    }

    pub fn roster(policy: &Policy) -> Roster {
        assert_eq!(inspector_row(0).row, 1);
        roster(30, &[(0, 4), (3, 8)], policy)
    }

    /// What would be sealed now under a policy.
    pub fn plan(&self, policy: Policy, at: &str) -> Sealed {
        let registers = (Self::frame(&policy), Self::roster(&policy));
        self.plan_of(policy, at, registers)
    }

    /// The same of other registers.
    pub fn plan_of(&self, policy: Policy, at: &str, (frame, roster): (Frame, Roster)) -> Sealed {
        let cycle = self.state().cycle().unwrap().clone();
        let deferred = matches!(policy.disclosure, double_random::policy::Disclosure::Deferred { .. });
        let (sequence, attempt) = self.state().next();
        let terms = SealTerms {
            sequence,
            attempt,
            sealed_at: instant(at),
            previous: self.state().head(),
            salt_key: SaltKey::new([7; 32]),
            secret: deferred.then(|| Secret::new([9; 32])),
        };
        Plan::new(frame, roster, policy, cycle).unwrap().seal(terms).unwrap()
    }

    /// Registers the draws of a policy's year: those of [`policy_of`], or it alone if it is none of them.
    pub fn register(&mut self, at: &str, policy: &Policy) {
        let year = &policy.as_of.to_string()[..4];
        let batch = |(draw, share): (u64, &str)| {
            let (from, to) = (3 * draw - 1, 3 * draw);
            json!({"batch": draw, "share": share,
                   "window": {"from": format!("{year}-{from:02}-01"), "to": format!("{year}-{to:02}-25")}})
        };
        let mut batches: Vec<Value> = [(1, "0.4"), (2, "0.3"), (3, "0.3")].map(batch).to_vec();
        let own = own_batch(policy);
        let known = |batch: &Value| batch["share"] == own["share"] && batch["window"] == own["window"];
        if !batches.iter().any(known) {
            batches = vec![own];
        }
        let entry = json!({"kind": "registered", "approval": approval("authority"), "batches": batches});
        self.enter(at, &entry);
    }

    /// Adopts a policy and seals a draw under it. Witnesses see the seal an hour later.
    pub fn seal(&mut self, at: &str, policy: Policy) -> (u64, u64) {
        self.registered(at, &policy);
        let batch = self.state().batch_for(&policy);
        self.seal_as(at, policy, batch)
    }

    fn registered(&mut self, at: &str, policy: &Policy) {
        if self.state().register().is_none() {
            self.register(at, policy);
        }
    }

    /// The same as the draw of a batch, whatever the register says of it; `None`: outside the register.
    pub fn seal_as(&mut self, at: &str, policy: Policy, batch: Option<u64>) -> (u64, u64) {
        let name = self.seal_alone(at, policy, batch);
        self.witness(&at.replace("T00", "T01"));
        self.publish_seal(at, name);
        name
    }

    /// Seals a registered draw of other registers, before witnesses and in public.
    pub fn seal_of(&mut self, at: &str, policy: Policy, registers: (Frame, Roster)) -> (u64, u64) {
        let batch = self.state().batch_for(&policy);
        self.enter(at, &adoption(&policy, batch));
        let sealed = self.plan_of(policy, at, registers);
        let name = self.enter_seal(at, sealed);
        self.witness(&at.replace("T00", "T01"));
        self.publish_seal(at, name);
        name
    }

    /// Enters that the seal was published.
    pub fn publish_seal(&mut self, at: &str, name: (u64, u64)) {
        let digest = self.sealed[&name].digest();
        self.enter(
            at,
            &json!({"kind": "published", "draw": name.0, "attempt": name.1, "what": "seal",
                    "digest": digest, "where": "https://example.org/seal"}),
        );
    }

    /// Adopts a policy and seals a draw under it; nobody is told.
    pub fn seal_only(&mut self, at: &str, policy: Policy) -> (u64, u64) {
        self.registered(at, &policy);
        let batch = self.state().batch_for(&policy);
        self.seal_alone(at, policy, batch)
    }

    fn seal_alone(&mut self, at: &str, policy: Policy, batch: Option<u64>) -> (u64, u64) {
        self.enter(at, &adoption(&policy, batch));
        let sealed = self.plan(policy, at);
        self.enter_seal(at, sealed)
    }

    /// Enters a seal that was made of the state as it is.
    pub fn enter_seal(&mut self, at: &str, sealed: Sealed) -> (u64, u64) {
        let name = self.state().next();
        self.enter(at, &json!({"kind": "sealed", "seal": sealed.seal()}));
        self.sealed.insert(name, sealed);
        name
    }

    pub fn values(&mut self, at: &str, name: (u64, u64), values: &[BeaconValue]) {
        for value in values {
            self.enter(at, &json!({"kind": "beacon", "draw": name.0, "attempt": name.1, "value": value}));
        }
    }

    /// Computes the draw from the values that were entered.
    pub fn compute(&mut self, name: (u64, u64)) {
        let values = self.state().attempt(name.0, name.1).unwrap().values().unwrap();
        let sealed = self.sealed[&name].clone();
        let seed = sealed.seed(&values).unwrap();
        let sample = seed.draw();
        let assignment = sample.assign();
        let record = assignment.record();
        let (drawn, whole, teams) = (sample.drawn_document(), sample.whole(), assignment.teams().clone());
        let mut evidence: Evidence = super::evidence(&sealed, &record);
        evidence.beacon = Some(record.beacon.clone());
        let known = DrawEvidence { record: Some(record.clone()), drawn: Some(drawn), evidence };
        self.evidence.draws.insert(name, known);
        let draw = Draw { sealed: sealed.clone(), record, teams, whole, used: BTreeSet::new() };
        self.draws.insert(name, draw);
    }

    pub fn commitment(&self, name: (u64, u64)) -> VisitsCommitment {
        let draw = &self.draws[&name];
        VisitsTree::new(draw.sealed.seal(), draw.sealed.salt_key(), &draw.teams.visits).unwrap().commitment()
    }

    /// Enters `drawn`, and `assigned` if the attempt stands.
    pub fn draw(&mut self, at: &str, name: (u64, u64)) {
        self.compute(name);
        self.enter_drawn(at, name);
    }

    /// The same of what was computed, and perhaps changed since.
    pub fn enter_drawn(&mut self, at: &str, name: (u64, u64)) {
        let document = self.evidence.draws[&name].drawn.as_ref().unwrap();
        let drawn = document.digest(self.sealed[&name].seal().suite);
        let record = self.draws[&name].record.digest();
        let (draw, attempt) = name;
        self.enter(
            at,
            &json!({"kind": "drawn", "draw": draw, "attempt": attempt, "drawn": drawn, "record": record}),
        );
        if self.state().attempt(draw, attempt).unwrap().void().is_none() {
            let visits = self.commitment(name);
            self.enter(at, &json!({"kind": "assigned", "draw": draw, "attempt": attempt, "visits": visits}));
        }
    }

    pub fn publish(&mut self, at: &str, name: (u64, u64)) {
        let digest = self.draws[&name].record.digest();
        self.enter(
            at,
            &json!({"kind": "published", "draw": name.0, "attempt": name.1, "what": "record",
                    "digest": digest, "where": "https://example.org/record"}),
        );
    }

    /// The content of a visit by the team as it stands.
    pub fn visit(&self, name: (u64, u64), date: &str, unit: &UnitId) -> Value {
        let visit = self.draws[&name].teams.visits.iter().find(|visit| &visit.unit == unit).unwrap();
        let mut team: Vec<&InspectorId> =
            visit.posts.iter().flat_map(|post| post.officers.iter().map(|officer| &officer.id)).collect();
        team.sort();
        json!({"kind": "visited", "date": date, "draw": name.0, "unit": unit, "team": team, "result": "ok"})
    }

    /// The first draw's visit at a unit, with whom its county sends: nobody where the city keeps it.
    pub fn visit_by_county(&self, date: &str, unit: &UnitId) -> Value {
        let mut visit = self.visit((1, 1), date, unit);
        let sent = match levels::county_of(unit) {
            "350582" => &[][..],
            "350583" => &OF_COUNTIES[1],
            _ => &OF_COUNTIES[0],
        };
        let team = visit["team"].as_array_mut().unwrap();
        team.extend(sent.iter().map(|id| json!(id)));
        team.sort_by_key(Value::to_string);
        visit
    }

    /// The next reserve's entry for a unit that is closed.
    pub fn replacement(&mut self, name: (u64, u64), date: &str, unit: &UnitId) -> Value {
        self.replacement_without(name, date, unit, &[])
    }

    /// The same where a register bars some people, in the order of their ids, from the unit that comes.
    pub fn replacement_without(
        &mut self,
        name: (u64, u64),
        date: &str,
        unit: &UnitId,
        barred: &[&InspectorId],
    ) -> Value {
        let mut away = self.away(name);
        let draw = self.draws.get_mut(&name).unwrap();
        let Some(Reserve::Unit(by)) = next_reserve(&draw.record.table, &draw.whole, unit, &draw.used) else {
            panic!("a reserve");
        };
        let (plan, drawn) = (draw.sealed.plan(), &draw.record.teams);
        let out = |id: &&InspectorId| Away {
            dates: plan.policy().window,
            id: (*id).clone(),
            unit: Some(by.clone()),
        };
        away.extend(barred.iter().map(out));
        let found = draw.teams.relocated(plan, drawn, &away, (unit, &by), &draw.record.seed).unwrap();
        draw.teams = found.teams;
        draw.used.insert(by.clone());
        let visits = self.commitment(name);
        let mut entry = json!({"kind": "replaced", "approval": approval("authority"), "by": by, "date": date,
            "draw": name.0, "evidence": hex(3), "reason": "closed", "unit": unit, "visits": visits});
        if found.passed > 0 {
            entry["passed"] = json!(found.passed);
        }
        if !barred.is_empty() {
            let people = barred.iter().map(|id| json!({"id": id, "reason": "recused"}));
            entry["unavailable"] = people.collect();
        }
        entry
    }

    /// The entry by which an officer drops out of a draw on some days.
    pub fn dropped_out(name: (u64, u64), out: &InspectorId, dates: [&str; 2], level: &str) -> Value {
        json!({"kind": "dropped_out", "approval": approval(level), "dates": {"from": dates[0], "to": dates[1]},
            "draw": name.0, "evidence": hex(4), "out": out, "reason": "ill"})
    }

    /// Who dropped out of a draw so far.
    fn away(&self, name: (u64, u64)) -> Vec<Away> {
        let window = self.draws[&name].sealed.plan().policy().window;
        let away = |line: &Line| match &line.entry().entry {
            Content::DroppedOut(out) if out.draw == name.0 => vec![out.away()],
            Content::Replaced(replaced) if replaced.draw == name.0 => replaced.away(window).collect(),
            _ => Vec::new(),
        };
        self.lines().iter().flat_map(away).collect()
    }

    /// The entry that gives on the places of one who dropped out by an entry.
    pub fn reassigned(&mut self, name: (u64, u64), number: u64, level: &str) -> Value {
        let settled: Vec<UnitId> = self
            .lines()
            .iter()
            .filter_map(|line| match &line.entry().entry {
                Content::Visited(made) if made.draw == name.0 => Some(made.unit.clone()),
                Content::Missed(missed) if missed.draw == name.0 => Some(missed.unit.clone()),
                _ => None,
            })
            .collect();
        let place = usize::try_from(number).unwrap() - 1;
        let Content::DroppedOut(entered) = self.lines()[place].entry().entry.clone() else {
            panic!("an entry of one who dropped out")
        };
        let away = self.away(name);
        let draw = self.draws.get_mut(&name).unwrap();
        let change = Change { away, dates: entered.dates, out: entered.out, settled, unit: entered.unit };
        let found =
            draw.sealed.plan().reassign(&draw.record.teams, &draw.teams, &change, &draw.record.seed).unwrap();
        let moves = found.moves();
        draw.teams = found.teams;
        let visits = self.commitment(name);
        json!({"kind": "reassigned", "approval": approval(level), "draw": name.0, "entry": number, "moves": moves,
            "visits": visits})
    }

    /// An officer drops out of the whole window, and the places are given on: both entries, at one time. The
    /// number of the second.
    pub fn drop_out(&mut self, at: &str, name: (u64, u64), out: &InspectorId, level: &str) -> u64 {
        let window = self.draws[&name].sealed.plan().policy().window;
        let (from, to) = (window.from().to_string(), window.to().to_string());
        let number = self.enter(at, &Self::dropped_out(name, out, [&from, &to], level));
        let entry = self.reassigned(name, number, level);
        self.enter(at, &entry)
    }

    pub fn first_officer(&self, name: (u64, u64), unit: &UnitId) -> InspectorId {
        let visit = self.draws[&name].teams.visits.iter().find(|visit| &visit.unit == unit).unwrap();
        visit.posts[0].officers[0].id.clone()
    }

    /// The units with a visit, as they stand.
    pub fn units(&self, name: (u64, u64)) -> Vec<UnitId> {
        self.draws[&name].teams.visits.iter().map(|visit| visit.unit.clone()).collect()
    }

    /// What the public holds: records, seals and values, and no file of an auditor.
    pub fn public(&self) -> LedgerEvidence {
        let mut evidence = self.evidence.clone();
        for known in evidence.draws.values_mut() {
            known.drawn = None;
            (known.evidence.frame, known.evidence.roster, known.evidence.cycle) = (None, None, None);
        }
        evidence
    }

    /// The same office without its drawn documents: it keeps its ledger by the lines alone.
    #[must_use]
    pub fn by_lines_alone(&self) -> Self {
        let ledger = Ledger::from_jsonl(&self.ledger.to_jsonl(), None, |_, _| None).unwrap();
        Self { ledger, ..self.clone() }
    }

    pub fn lines(&self) -> &[Line] {
        self.ledger.lines()
    }
}

/// The first draw of a city that dispatches (Spec 27).
pub fn dispatching_draw() -> Office {
    let mut office = Office::open(None);
    let policy = policy_of(1, 1, |p| {
        levels::dispatches(p);
        p["strata"] = json!(["county"]);
    });
    let name = office.seal("2026-01-05T00:00:00Z", policy);
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    office.publish("2026-01-11T11:00:00Z", name);
    office
}

/// The same with all visits, as they are: counties send whole teams, or officers beside those of the city. In
/// each county one institution is closed, and its reserves are, too, up to one that the record does not show.
pub fn dispatching_year() -> Office {
    let (mut office, name) = (dispatching_draw(), (1, 1));
    let units = office.units(name);
    let firsts: Vec<UnitId> = super::COUNTIES
        .iter()
        .map(|county| units.iter().find(|unit| levels::county_of(unit) == *county).unwrap().clone())
        .collect();
    let mut due = units.into_iter().filter(|unit| !firsts.contains(unit));
    let early = due.next().unwrap();
    let visit = office.visit_by_county("2026-02-01", &early);
    office.enter("2026-02-02T00:00:00Z", &visit);
    for mut unit in firsts {
        for _ in 0..3 {
            let closed = office.replacement(name, "2026-02-02", &unit);
            office.enter("2026-02-03T00:00:00Z", &closed);
            unit = serde_json::from_value(closed["by"].clone()).unwrap();
        }
    }
    for unit in office.units(name).into_iter().filter(|unit| *unit != early) {
        let visit = office.visit_by_county("2026-02-10", &unit);
        office.enter("2026-02-12T00:00:00Z", &visit);
    }
    office
}

/// Officers of two counties of the city, who stand on no roster of its.
pub const OF_COUNTIES: [[&str; 2]; 2] = [["350502-00", "350502-01"], ["350583-00", "350583-01"]];

/// An entry that something of the first draw was published, with these files.
pub fn publication(what: &str, digest: &str, files: &[(&str, &[u8])]) -> Value {
    let row = |(file, bytes): &(&str, &[u8])| json!({"digest": Suite::Sha256.file(bytes), "file": file});
    let mut entry = json!({"kind": "published", "attempt": 1, "draw": 1, "digest": digest, "what": what,
                           "where": "https://example.gov.cn/draws"});
    if !files.is_empty() {
        entry["files"] = files.iter().map(row).collect();
    }
    entry
}

/// A draw that is deferred until the end of March, with closed lines: two visits, one institution that a reserve
/// replaces, an officer who drops out. One more visit was told at once.
pub fn closed_draw() -> Office {
    let (mut office, name) = (Office::open(None), (1, 1));
    let deferred = |p: &mut Value| p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-03-31"});
    assert_eq!(office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, deferred)), name);
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    let units = office.units(name);
    let gone = office.replacement(name, "2026-02-03", &units[1]);
    office.close("2026-02-03T00:00:00Z", name, &gone);
    let visit = office.visit(name, "2026-02-10", &units[0]);
    office.close("2026-02-11T00:00:00Z", name, &visit);
    let out = Office::dropped_out(
        name,
        &office.first_officer(name, &units[2]),
        ["2026-02-12", "2026-02-20"],
        "office",
    );
    let number = office.close("2026-02-12T00:00:00Z", name, &out);
    let moved = office.reassigned(name, number, "office");
    office.close("2026-02-12T00:00:00Z", name, &moved);
    let visit = office.visit(name, "2026-02-16", &units[2]);
    office.close("2026-02-17T00:00:00Z", name, &visit);
    let visit = office.visit(name, "2026-02-17", &units[3]);
    office.enter("2026-02-17T00:00:00Z", &visit);
    office
}

/// The same with the secret disclosed and the rest of the visits made; one of the closed visits is amended.
pub fn closed_draw_told() -> Office {
    let (mut office, name) = (closed_draw(), (1, 1));
    let at = "2026-03-26T00:00:00Z";
    office.enter(at, &json!({"kind": "disclosed", "draw": 1, "attempt": 1, "secret": hex(9)}));
    let pending: Vec<UnitId> = office
        .units(name)
        .into_iter()
        .filter(|unit| !office.state().latest(1).unwrap().is_done(unit))
        .collect();
    for unit in pending {
        let visit = office.visit(name, "2026-03-25", &unit);
        office.enter(at, &visit);
    }
    let closed = |line: &&Line| line.is_closed() && matches!(line.entry().entry, Content::Visited(_));
    let line = office.lines().iter().find(closed).unwrap().entry().clone();
    let mut now = serde_json::to_value(&line.entry).unwrap();
    now["result"] = json!("violation");
    office.enter(
        at,
        &json!({"kind": "amended", "amends": line.number, "approval": approval("authority"), "entry": now,
                "evidence": hex(1), "reason": "clerical"}),
    );
    office
}

/// A table of results.
const RESULTS: &[u8] = b"id,result\r\n";

/// A table of picks with names and divisions.
const SAMPLE: &str = "\u{feff}id,name,division,cell,kind,ticket\r\nT-000036,First clinic,350502,,drawn,\r\n\
                      T-000002,Other clinic,350503,,drawn,\r\n";

/// One draw whose record was published with a table.
pub fn published_draw() -> Office {
    published(first_draw(None))
}

/// The same of a draw under SM3, in a ledger under SHA-256.
pub fn published_draw_under_sm3() -> Office {
    let mut office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |p| p["suite"] = json!("sm3")));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    published(office)
}

fn published(mut office: Office) -> Office {
    let record = &office.draws[&(1, 1)].record;
    let (digest, bytes) = (record.digest().to_string(), record.to_json());
    let files: [(&str, &[u8]); 2] = [("record.json", &bytes), ("sample.csv", SAMPLE.as_bytes())];
    let entry = publication("record", &digest, &files);
    office.enter("2026-01-12T00:00:00Z", &entry);
    office
}

impl Office {
    /// What the public has of [`published_draw`], with a checkpoint that somebody kept.
    pub fn published_evidence(&self) -> LedgerEvidence {
        let kept = vec![self.ledger.checkpoint().unwrap().note()];
        let record = self.draws[&(1, 1)].record.to_json();
        let files = [("record.json", record), ("sample.csv", SAMPLE.into())];
        let files = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
        LedgerEvidence { kept, files: [((1, 1), files)].into(), ..self.public() }
    }
}

/// Forty dice.
pub fn throw(source: &str, n: u64) -> BeaconValue {
    BeaconValue::new(Code::parse(source).unwrap(), format!("{n:040}"))
}

/// Shares of three parties, their commitments, and the value; `None` for one who does not reveal.
pub fn shares(suite: Suite, missing: &[usize]) -> (Value, BeaconValue) {
    let parties = ["院方代表", "纪检组", "公证处"];
    let secret = |n: usize| Digest::new([u8::try_from(n + 40).unwrap(); 32]);
    let commitments: Vec<Value> = (0..3)
        .map(|n| json!({"party": parties[n], "commitment": commitment(suite, &secret(n), parties[n])}))
        .collect();
    let revealed: Vec<Option<Digest>> = (0..3).map(|n| (!missing.contains(&n)).then(|| secret(n))).collect();
    (json!(commitments), BeaconValue::shares(Code::parse("shares").unwrap(), &revealed))
}

/// The first draw: sealed, drawn, assigned, published.
pub fn first_draw(quorum: Option<u64>) -> Office {
    let mut office = Office::open(quorum);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    office.publish("2026-01-11T11:00:00Z", name);
    office
}

/// A policy by frequency with slack in every level, for the first draw.
pub fn slack_policy(attempt: u64) -> Policy {
    policy_of(1, attempt, |p| {
        p["design"] = json!({"method": "frequency"});
        for level in 0..6 {
            p["frequency"][level]["slack"] = json!("2.5");
        }
    })
}

/// The first draw under slack. `change` changes the event that the office enters.
pub fn phased_draw(change: impl FnOnce(&mut DrawnRows)) -> Office {
    let mut office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", slack_policy(1));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.compute(name);
    change(&mut office.evidence.draws.get_mut(&name).unwrap().drawn.as_mut().unwrap().drawn);
    office.enter_drawn("2026-01-11T10:00:00Z", name);
    office.publish("2026-01-11T11:00:00Z", name);
    office
}

/// Another phase for a unit of the draw: it would be due sooner.
pub fn another_phase(drawn: &mut DrawnRows, place: usize) {
    let phase = drawn.units[place].unit.phase.as_mut().unwrap();
    phase.visits = if phase.visits > -2 { -2 } else { -1 };
}

/// Two draws. For the second alone a unit is gone, a level is lowered, a recusal is missing, and a load is
/// raised; another load has grown by the visits of the ledger.
pub fn other_registers() -> Office {
    let mut office = first_draw(None);
    for unit in office.units((1, 1)) {
        let visit = office.visit((1, 1), "2026-02-10", &unit);
        office.enter("2026-02-12T00:00:00Z", &visit);
    }
    let policy = policy_of(2, 1, |_| ());
    let mut units: Vec<UnitRow> = (0..40).filter(|n| *n != 5).map(unit_row).collect();
    let high = units.iter_mut().find(|row| row.risk == "high").unwrap();
    high.risk = "low".into();
    let loads = office.state().loads();
    let load = |id: &str| loads.iter().find(|(known, _)| known.as_str() == id).map_or(0, |(_, n)| *n);
    let rows = (0..30).map(inspector_row).map(|row| match load(&row.id) {
        _ if row.id == "I-0001" => InspectorRow { load: (load(&row.id) + 40).to_string(), ..row },
        0 => row,
        visits => InspectorRow { load: visits.to_string(), ..row },
    });
    let frame = Frame::new(units, &policy.frame, policy.as_of).unwrap();
    let roster = Roster::new(rows, [recusal_row(3, 8)], &policy.roster, policy.as_of).unwrap();
    let two = office.seal_of("2026-04-05T00:00:00Z", policy, (frame, roster));
    office.values("2026-04-11T09:30:00Z", two, &[throw("dice", 2)]);
    office.draw("2026-04-11T10:00:00Z", two);
    office.publish("2026-04-11T11:00:00Z", two);
    office
}

/// An office that begins in mid-year, with its first draw.
pub fn mid_year() -> Office {
    let cycle =
        super::cycle("0.5", &[(7, 2, "1.5", "2025-11-03", &["I-0001", "I-0004"]), (9, 0, "0.25", "", &[])]);
    let mut office = Office::begin_with(&cycle);
    let name = office.seal(
        "2026-01-05T00:00:00Z",
        policy_of(1, 1, |p| p["round"] = json!({"share": "0.25", "rest": "0.5"})),
    );
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    office
}

/// A visit is entered of the wrong institution, taken back, and made later by people whom a register bars.
fn taken_back(office: &mut Office, unit: &UnitId) {
    let about = |visit: &Correction| matches!(visit, Correction::Visited(visited) if visited.unit == *unit);
    let number = office.state().visits().find(|(_, visit)| about(visit)).unwrap().0;
    office.enter("2026-02-13T00:00:00Z", &withdrawal(number, Some(1), unit));
    let mut again = office.visit((1, 1), "2026-02-14", unit);
    let who = again["team"][0].clone();
    again["barred"] = json!({"approval": approval("authority"), "people": [{"id": who, "reason": "ill"}]});
    again["evidence"] = json!(hex(5));
    office.enter("2026-02-15T00:00:00Z", &again);
}

/// The amendment that takes an entry back.
pub fn withdrawal(number: u64, draw: Option<u64>, unit: &UnitId) -> Value {
    let mut entry = json!({"kind": "withdrawn", "unit": unit});
    if let Some(draw) = draw {
        entry["draw"] = json!(draw);
    }
    json!({"kind": "amended", "amends": number, "approval": approval("authority"), "entry": entry,
        "evidence": hex(5), "reason": "clerical"})
}

/// The first two draws of a year, with all their visits; `policy` gives each of them.
pub fn two_draws(office: &mut Office, year: &str, policy: impl Fn(u64) -> Policy) {
    for (draw, month) in [(1, 1), (2, 4)] {
        let day = |month: u64, rest: &str| format!("{year}-{month:02}-{rest}");
        let name = office.seal(&day(month, "05T00:00:00Z"), policy(draw));
        let dice = throw("dice", 100 * u64::try_from(office.draws.len()).unwrap() + draw);
        office.values(&day(month, "11T09:30:00Z"), name, &[dice]);
        office.draw(&day(month, "11T10:00:00Z"), name);
        office.publish(&day(month, "11T11:00:00Z"), name);
        for unit in office.units(name) {
            let visit = office.visit(name, &day(month + 1, "10"), &unit);
            office.enter(&day(month + 1, "12T00:00:00Z"), &visit);
        }
    }
}

/// A year with everything in it.
pub fn year() -> Office {
    let mut office = first_draw(Some(2));
    let one = (1, 1);
    let units = office.units(one);
    // An institution is closed, the reserve's officer falls ill, and the next one, too.
    let closed = office.replacement(one, "2026-02-02", &units[0]);
    office.enter("2026-02-03T00:00:00Z", &closed);
    let by: UnitId = serde_json::from_value(closed["by"].clone()).unwrap();
    for (level, day) in [("office", 4), ("authority", 5)] {
        let out = office.first_officer(one, &by);
        office.drop_out(&format!("2026-02-0{day}T00:00:00Z"), one, &out, level);
    }
    let units = office.units(one);
    for unit in &units[2..] {
        let visit = office.visit(one, "2026-02-10", unit);
        office.enter("2026-02-12T00:00:00Z", &visit);
    }
    taken_back(&mut office, &units[2]);
    let slip = office.enter("2026-02-20T00:00:00Z", &office.visit(one, "2026-02-09", &units[1]));
    let mut right = office.visit(one, "2026-02-19", &units[1]);
    right["result"] = json!("findings");
    right["items"] = json!(["fever-01"]);
    office.enter(
        "2026-02-21T00:00:00Z",
        &json!({"kind": "amended", "amends": slip, "approval": approval("office"),
                "entry": right, "evidence": hex(5), "reason": "clerical"}),
    );
    office.enter(
        "2026-02-22T00:00:00Z",
        &json!({"kind": "missed", "approval": approval("authority"), "date": "2026-02-22",
                "draw": 1, "evidence": hex(6), "reason": "unreachable", "unit": units[0]}),
    );
    office.enter(
        "2026-02-23T00:00:00Z",
        &json!({"kind": "inspected", "date": "2026-02-23", "team": ["I-0001", "I-0002"],
                "approval": approval("office"), "unit": "T-000039", "evidence": hex(7), "result": "ok"}),
    );
    office.enter(
        "2026-03-01T00:00:00Z",
        &json!({"kind": "published", "draw": 1, "attempt": 1, "what": "results",
                "digest": Suite::Sha256.file(RESULTS), "where": "https://example.org/results",
                "files": [{"digest": Suite::Sha256.file(RESULTS), "file": "results.csv"}]}),
    );
    office.evidence.files = [((1, 1), [("results.csv".to_owned(), RESULTS.to_vec())].into())].into();
    // A clock that is a year ahead: set right, as the authority above approves and witnesses see.
    let ahead = office.enter(
        "2027-03-02T00:00:00Z",
        &json!({"kind": "inspected", "date": "2026-03-02", "team": ["I-0001", "I-0002"],
                "approval": approval("office"), "unit": "T-000037", "evidence": hex(7)}),
    );
    office.enter(
        "2026-03-02T01:00:00Z",
        &json!({"kind": "clock", "approval": approval("superior"), "evidence": hex(7), "from": ahead}),
    );
    office.witness("2026-03-02T02:00:00Z");
    // The second draw is voided after its beacon, computed and published all the same, and made again.
    let void = office.seal("2026-04-05T00:00:00Z", policy_of(2, 1, |_| ()));
    office.values("2026-04-11T09:30:00Z", void, &[throw("dice", 21)]);
    office.enter(
        "2026-04-11T10:00:00Z",
        &json!({"kind": "void", "draw": 2, "attempt": 1, "approval": approval("superior"),
                "evidence": hex(9), "reason": "technical"}),
    );
    office.draw("2026-04-11T11:00:00Z", void);
    office.publish("2026-04-11T12:00:00Z", void);
    let again = office.seal(
        "2026-04-11T12:00:00Z",
        policy_of(2, 2, |p| {
            p["beacon"]["fallbacks"] = json!([{"after": "2026-04-13T09:00:00Z", "for": "dice",
                "source": {"kind": "dice", "id": "other",
                    "at": "2026-04-14T09:00:00Z", "count": 40, "sides": 10,
                    "witness": "discipline office"}}]);
        }),
    );
    office.enter(
        "2026-04-13T10:00:00Z",
        &json!({"kind": "silent", "draw": 2, "attempt": 2, "approval": approval("superior"),
                "source": "dice", "evidence": hex(10)}),
    );
    office.witness("2026-04-13T11:00:00Z");
    office.values("2026-04-14T09:30:00Z", again, &[throw("other", 22)]);
    office.draw("2026-04-14T10:00:00Z", again);
    office.publish("2026-04-14T11:00:00Z", again);
    for unit in office.units(again) {
        let visit = office.visit(again, "2026-05-10", &unit);
        office.enter("2026-05-12T00:00:00Z", &visit);
    }
    // A policy that was adopted although the check of the programme found something, and never sealed.
    office.enter(
        "2026-07-04T00:00:00Z",
        &json!({"kind": "policy", "approval": approval("superior"), "policy": hex(11),
                "despite": {"findings": ["deadline"], "reason": "the calendar follows"}}),
    );
    // The third draw is unannounced, with shares, under SM3.
    let (commitments, value) = shares(Suite::Sm3, &[]);
    let third = office.seal(
        "2026-07-05T00:00:00Z",
        policy_of(3, 1, |p| {
            p["suite"] = json!("sm3");
            p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-10-31"});
            let dice = p["beacon"]["sources"][0].take();
            p["beacon"]["sources"] = json!([{"kind": "shares", "id": "shares", "at": "2026-07-10T09:00:00Z",
                "missing": "void",
            "commitments": commitments}, dice]);
        }),
    );
    office.values("2026-07-10T09:30:00Z", third, &[value]);
    office.witness("2026-07-10T10:00:00Z");
    office.values("2026-07-11T09:30:00Z", third, &[throw("dice", 3)]);
    office.draw("2026-07-11T10:00:00Z", third);
    for unit in office.units(third) {
        let visit = office.visit(third, "2026-08-10", &unit);
        office.enter("2026-08-12T00:00:00Z", &visit);
    }
    office.enter(
        "2026-10-30T00:00:00Z",
        &json!({"kind": "disclosed", "draw": 3, "attempt": 1, "secret": hex(9)}),
    );
    office.publish("2026-10-30T01:00:00Z", third);
    office.enter("2026-12-31T00:00:00Z", &json!({"kind": "cycle_closed", "approval": approval("authority")}));
    office.witness("2026-12-31T01:00:00Z");
    office
}

/// A source that is the round of quicknet at an instant.
pub fn quicknet(id: &str, at: &str) -> Value {
    let (genesis, period) = (1_692_803_367, 3);
    let round = (instant(at).unix() - genesis) / period + 1;
    json!({"kind": "drand", "id": id, "at": at, "genesis": genesis, "period": period, "round": round,
        "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"})
}

/// A policy change: the notary throws at nine, and the round of half past nine has the last word.
pub fn dice_then_round(p: &mut Value) {
    let dice = p["beacon"]["sources"][0].take();
    let at = dice["at"].as_str().unwrap().replace("T09:00", "T09:30");
    p["beacon"]["sources"] = json!([dice, quicknet("round", &at)]);
}

/// The value of a round: 32 bytes of one kind, for no network has signed it.
pub fn round_value(n: u8) -> BeaconValue {
    BeaconValue::new(Code::parse("round").unwrap(), hex(n))
}

/// The entry that calls a source of the first draw silent.
pub fn called_silent(source: &str) -> Value {
    json!({"kind": "silent", "approval": approval("superior"), "draw": 1, "attempt": 1, "evidence": hex(1),
        "source": source})
}

/// The first draw with dice and a round: sealed, the dice entered at five past nine. Witnesses see the dice at
/// `seen`.
pub fn dice_entered(seen: &str, change: impl FnOnce(&mut Value)) -> Office {
    let mut office = Office::open(Some(2));
    let policy = policy_of(1, 1, |p| {
        dice_then_round(p);
        change(p);
    });
    let name = office.seal("2026-01-05T00:00:00Z", policy);
    office.values("2026-01-11T09:05:00Z", name, &[throw("dice", 1)]);
    office.witness(seen);
    office
}

/// The same, drawn and published, the end witnessed.
pub fn public_round(seen: &str, change: impl FnOnce(&mut Value)) -> Office {
    let mut office = dice_entered(seen, change);
    office.values("2026-01-11T09:31:00Z", (1, 1), &[round_value(5)]);
    office.draw("2026-01-11T10:00:00Z", (1, 1));
    office.publish("2026-01-11T11:00:00Z", (1, 1));
    office.witness("2026-01-11T12:00:00Z");
    office
}

/// The same draw failed: the round was called silent after a week, and the attempt is void.
pub fn round_called_silent() -> Office {
    let mut office = dice_entered("2026-01-11T09:10:00Z", |_| ());
    office.enter("2026-01-18T09:30:00Z", &called_silent("round"));
    office.enter(
        "2026-01-18T09:40:00Z",
        &json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("superior"), "evidence": hex(2),
                "reason": "beacon_failed"}),
    );
    office.witness("2026-01-18T10:00:00Z");
    office
}

/// The round is found again: its value is entered, and the void draw computed and published.
pub fn round_found_again() -> Office {
    let mut office = round_called_silent();
    office.values("2026-01-20T09:00:00Z", (1, 1), &[round_value(5)]);
    office.draw("2026-01-20T10:00:00Z", (1, 1));
    office.publish("2026-01-20T11:00:00Z", (1, 1));
    office.witness("2026-01-20T12:00:00Z");
    office
}
