//! Draws of two levels: a city draws the institutions, its counties draw officers, and what an operator on
//! either level can try.

use crate::{COUNTIES, dice, evidence, officer, open_terms, policy, roster, seal, unit_row};
use double_random::bytes::{SaltKey, encode};
use double_random::calendar::Instant;
use double_random::dispatch::{DispatchError, ready};
use double_random::policy::Policy;
use double_random::roster::RosterCommitment;
use double_random::seal::{SealTerms, Sealed};
use double_random::verify::DrawEvidence;
use double_random::{Cycle, Evidence, Frame, Plan, Record, Roster, UnitId};
use serde_json::{Value, json};

/// An authority that draws teams for picks of the city.
#[derive(Debug, Clone, Copy)]
pub struct Below {
    pub authority: &'static str,
    /// Where its units lie, and its officers work.
    pub county: &'static str,
    /// The department that it sends.
    pub department: &'static str,
    /// Its officers are so many.
    pub officers: u64,
    /// The authority above.
    pub above: &'static str,
}

pub const CITY: &str = "350500-wsjd";
/// It has handed over its roster and rules.
pub const READY: Below =
    Below { authority: "350502-wsjd", county: "350502", department: "wsjd", officers: 7, above: CITY };
/// It has not.
pub const LATER: Below = Below { authority: "350503-wsjd", county: "350503", ..READY };
/// It adds officers of its department to the teams of the city.
pub const JOINT: Below = Below { authority: "350583-scjg", county: "350583", department: "scjg", ..READY };
/// An office of [`LATER`], to which that one dispatches in turn.
pub const THIRD: Below = Below { authority: "350503-office", above: "350503-wsjd", ..LATER };

impl Below {
    pub fn policy(self, change: impl FnOnce(&mut Value)) -> Policy {
        policy(|p| {
            p["authority"] = json!(self.authority);
            p["above"] = json!({"authority": self.above, "scope": "test"});
            p["design"] = json!({"method": "rate", "rate": "1"});
            p["frequency"] = json!([]);
            p["coverage"] = json!({"guards": [], "minimum": "0"});
            p["round"] = json!({"rest": "1", "share": "0"});
            p["team"]["departments"] = json!([{"department": self.department, "officers": 2}]);
            p["team"]["jurisdiction"] = json!("own");
            p["beacon"]["sources"][0]["at"] = json!("2026-01-13T09:00:00Z");
            p["beacon"]["sources"][0]["witness"] = json!(format!("notary of {}", self.authority));
            change(p);
        })
    }

    /// Its officers, without those of these numbers.
    pub fn roster(self, policy: &Policy, without: &[u64]) -> Roster {
        let rows = (0..self.officers).filter(|n| !without.contains(n)).map(|n| {
            let id = format!("{}-{n:02}", self.county);
            let mut row = officer(n + 1, id, self.department, self.county.into());
            row.qualifications = vec!["medical".into()];
            row
        });
        Roster::new(rows, [], &policy.roster, policy.as_of).unwrap()
    }

    pub fn terms(self) -> SealTerms {
        let salt_key = SaltKey::new([self.county.as_bytes()[5]; 32]);
        SealTerms { salt_key, sealed_at: Instant::parse("2026-01-12T00:00:00Z").unwrap(), ..open_terms() }
    }

    /// What it hands over before the city seals.
    pub fn ready(self) -> String {
        let policy = self.policy(|_| ());
        let roster = RosterCommitment::new(&self.roster(&policy, &[]), policy.suite, &self.terms().salt_key);
        ready(&policy, &roster).to_string()
    }

    /// The plan of the picks that a record dispatches to it.
    pub fn plan(self, above: &Record, policy: Policy, roster: Roster) -> Plan {
        let own =
            |part: &&double_random::dispatch::PartPicks<'_>| part.part.authority.as_str() == self.authority;
        let parts = above.dispatched();
        let picks = parts.iter().find(own).map_or(&[][..], |part| &part.picks);
        let rows = picks.iter().map(|id| unit_row(id.as_str()[2..].parse().unwrap()));
        let frame = Frame::new(rows, &policy.frame, policy.as_of).unwrap();
        Plan::new(frame, roster, policy, Cycle::default()).unwrap()
    }

    /// The draw that it seals upon a record.
    pub fn sealed(self, above: &Record) -> Result<Sealed, DispatchError> {
        let policy = self.policy(|_| ());
        let roster = self.roster(&policy, &[]);
        self.plan(above, policy, roster).seal_under(self.terms(), above)
    }

    /// The draw in order.
    pub fn drawn(self, above: &Record) -> DrawEvidence {
        draw_of(&self.sealed(above).unwrap())
    }

    /// A draw that is made with other programs: upon a record that was changed, and states the digest of the
    /// true one.
    pub fn forced(
        self,
        above: &Record,
        change: impl FnOnce(&mut Value),
        rules: impl FnOnce(&mut Value),
        without: &[u64],
        terms: SealTerms,
    ) -> DrawEvidence {
        let above = changed(above, change);
        let policy = self.policy(rules);
        let roster = self.roster(&policy, without);
        draw_of(&self.plan(&above, policy, roster).seal_under(terms, &above).unwrap())
    }
}

/// A record that was changed and states its old digest.
pub fn changed(record: &Record, change: impl FnOnce(&mut Value)) -> Record {
    let mut value: Value = serde_json::from_slice(&record.to_json()).unwrap();
    change(&mut value);
    Record::from_json(&encode(&value).unwrap()).unwrap()
}

fn draw_of(sealed: &Sealed) -> DrawEvidence {
    let record = sealed.seed(&dice(7)).unwrap().draw().assign().record();
    let evidence = evidence(sealed, &record);
    DrawEvidence { record: Some(record), evidence, drawn: None }
}

/// What the city's policy says of who draws: three counties draw teams, or some of their officers; the teams of
/// the fourth are drawn with the institutions.
pub fn dispatches(p: &mut Value) {
    p["authority"] = json!(CITY);
    p["design"] = json!({"method": "rate", "rate": "0.3"});
    p["frequency"] = json!([]);
    p["dispatch"] = json!({"at": "county", "parts": [
        {"authority": READY.authority, "divisions": [READY.county], "ready": READY.ready(), "scope": "test"},
        {"authority": LATER.authority, "divisions": [LATER.county], "scope": "test"},
        {"authority": JOINT.authority, "departments": ["scjg"], "divisions": [JOINT.county],
         "scope": "test"}]});
}

/// The county in which a unit lies.
pub fn county_of(unit: &UnitId) -> &'static str {
    COUNTIES[unit.as_str()[2..].parse::<usize>().unwrap() % COUNTIES.len()]
}

/// The city's policy.
pub fn city_policy(change: impl FnOnce(&mut Value)) -> Policy {
    policy(|p| {
        dispatches(p);
        change(p);
    })
}

/// The city's draw, sealed.
pub fn city() -> Sealed {
    let policy = city_policy(|_| ());
    let roster = roster(24, &[], &policy);
    seal(crate::frame(48, &policy), roster, policy)
}

/// Records of a tree, the city's first, each with everything that an auditor could hold.
pub struct Tree {
    pub name: &'static str,
    pub draws: Vec<DrawEvidence>,
}

impl Tree {
    /// The record at a place, from 0.
    pub fn record(&self, place: usize) -> &Record {
        self.draws[place].record.as_ref().unwrap()
    }

    /// What is known of the record at the top.
    pub fn evidence(&self) -> &Evidence {
        &self.draws[0].evidence
    }
}

/// The tree in order, and every attack upon it.
pub fn trees() -> Vec<Tree> {
    let top = draw_of(&city());
    let above = top.record.clone().unwrap();
    let [ready, later, joint] = [READY, LATER, JOINT].map(|below| below.drawn(&above));
    let tree = |name, draws: &[&DrawEvidence]| Tree {
        name,
        draws: [&top].into_iter().chain(draws.iter().copied()).cloned().collect(),
    };
    let none = |_: &mut Value| ();
    let later_terms = || LATER.terms();
    let dropped = LATER.forced(&above, |r| drop_a_pick(r, LATER.county), none, &[], later_terms());
    let exchanged = LATER.forced(&above, |r| exchange_a_pick(r, LATER.county), none, &[], later_terms());
    let unready =
        |r: &mut Value| drop(r["policy"]["dispatch"]["parts"][0].as_object_mut().unwrap().remove("ready"));
    let other_roster = READY.forced(&above, unready, none, &[3], READY.terms());
    let shorter = |p: &mut Value| p["window"]["to"] = json!("2026-03-30");
    let other_rules = READY.forced(&above, unready, shorter, &[], READY.terms());
    let later_beacon = |p: &mut Value| p["beacon"]["sources"][0]["at"] = json!("2026-01-14T09:00:00Z");
    let another_beacon = READY.forced(&above, none, later_beacon, &[], READY.terms());
    let twice = {
        let terms = SealTerms { attempt: 2, ..LATER.terms() };
        LATER.forced(&above, none, none, &[], terms)
    };
    let early = |r: &mut Value| r["seal"]["beacon"]["sources"][0]["at"] = json!("2026-01-06T09:00:00Z");
    let before = SealTerms { sealed_at: Instant::parse("2026-01-09T00:00:00Z").unwrap(), ..LATER.terms() };
    let backdated = LATER.forced(&above, early, none, &[], before);
    let to = |authority: &'static str| {
        move |r: &mut Value| r["policy"]["dispatch"]["parts"][1]["authority"] = json!(authority)
    };
    let neighbour = Below { authority: "350582-wsjd", ..LATER };
    let neighbour = neighbour.forced(&above, to("350582-wsjd"), none, &[], later_terms());
    let health = Below { department: "wsjd", ..JOINT };
    let any = |r: &mut Value| {
        let part = r["policy"]["dispatch"]["parts"][2].as_object_mut().unwrap();
        part.remove("departments");
    };
    let wrong_department = health.forced(&above, any, none, &[], JOINT.terms());
    let other_scope = LATER.forced(
        &above,
        |r| r["policy"]["scope"] = json!("other"),
        |p| p["above"]["scope"] = json!("other"),
        &[],
        later_terms(),
    );
    let another_above =
        LATER.forced(&above, |r| r["digest"] = json!("1".repeat(64)), none, &[], later_terms());
    let another_day = LATER.forced(
        &above,
        |r| r["policy"]["as_of"] = json!("2026-01-02"),
        |p| p["as_of"] = json!("2026-01-02"),
        &[],
        later_terms(),
    );
    let in_turn = |p: &mut Value| {
        p["dispatch"] = json!({"at": "county", "parts": [
            {"authority": THIRD.authority, "divisions": [THIRD.county], "scope": "test"}]});
    };
    let middle = LATER.forced(&above, none, in_turn, &[], later_terms());
    let third = {
        let above = middle.record.as_ref().unwrap();
        let terms = SealTerms { sealed_at: Instant::parse("2026-01-14T00:00:00Z").unwrap(), ..THIRD.terms() };
        let source = |p: &mut Value| p["beacon"]["sources"][0]["at"] = json!("2026-01-15T09:00:00Z");
        THIRD.forced(above, none, source, &[], terms)
    };
    vec![
        tree("in_order", &[&ready, &later, &joint]),
        tree("another_beacon_of_a_county_that_was_ready", &[&another_beacon, &later, &joint]),
        tree("three_levels", &[&third, &ready, &middle, &joint]),
        tree("the_third_level_is_missing", &[&ready, &middle, &joint]),
        tree("a_county_never_draws", &[&ready, &joint]),
        tree("a_pick_is_dropped_on_the_way_down", &[&ready, &dropped, &joint]),
        tree("a_county_drops_a_pick_and_adds_another", &[&ready, &exchanged, &joint]),
        tree("a_county_takes_an_officer_off_when_it_knows_the_picks", &[&other_roster, &later, &joint]),
        tree("a_county_changes_its_rules_when_it_knows_the_picks", &[&other_rules, &later, &joint]),
        tree("a_county_draws_twice", &[&ready, &later, &twice, &joint]),
        tree("a_county_seals_before_the_beacon_above", &[&ready, &backdated, &joint]),
        tree("another_authority_draws_the_teams", &[&ready, &neighbour, &joint]),
        tree("another_department_goes", &[&ready, &later, &wrong_department]),
        tree("the_policy_below_names_another_scope", &[&ready, &other_scope, &joint]),
        tree("a_county_draws_upon_another_record", &[&ready, &another_above, &joint]),
        tree("a_county_takes_the_registers_of_another_day", &[&ready, &another_day, &joint]),
        tree("a_county_changes_a_row", &[&ready, &changed_row(&above), &joint]),
    ]
}

/// The picks of the first cell in a county that has any.
fn picks<'r>(record: &'r mut Value, county: &str) -> &'r mut Vec<Value> {
    let mine = |row: &Value| row["path"].as_str().unwrap().contains(county);
    let rows = record["table"]["cells"].as_array().unwrap();
    let own = (0..rows.len()).find(|&n| mine(&rows[n]) && record["sample"][n]["picks"][0].is_object());
    record["sample"][own.unwrap()]["picks"].as_array_mut().unwrap()
}

fn drop_a_pick(record: &mut Value, county: &str) {
    picks(record, county).pop().unwrap();
}

/// Another unit of the county stands in the place of a pick.
fn exchange_a_pick(record: &mut Value, county: &str) {
    let drawn = record["sample"].to_string();
    let free = |n: &u64| COUNTIES[(n % 4) as usize] == county && !drawn.contains(&format!("T-{n:06}"));
    let other = (0..48).find(free).unwrap();
    picks(record, county)[0]["id"] = json!(format!("T-{other:06}"));
}

/// A county that says of a hospital that it is a clinic, so that no physician has to go.
fn changed_row(above: &Record) -> DrawEvidence {
    let policy = LATER.policy(|_| ());
    let parts = above.dispatched();
    let part = parts.iter().find(|part| part.part.authority.as_str() == LATER.authority).unwrap();
    let mut rows: Vec<_> = part.picks.iter().map(|id| unit_row(id.as_str()[2..].parse().unwrap())).collect();
    let row = rows.iter_mut().find(|row| row.kind == "hospital").unwrap();
    row.kind = "clinic".into();
    let frame = Frame::new(rows, &policy.frame, policy.as_of).unwrap();
    let roster = LATER.roster(&policy, &[]);
    let plan = Plan::new(frame, roster, policy, Cycle::default()).unwrap();
    draw_of(&plan.seal_under(LATER.terms(), above).unwrap())
}
