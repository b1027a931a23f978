//! Ledgers of two levels: a city that dispatches its picks, and counties that draw who goes and visit them.

use crate::ledger::{Office, adoption, approval, hex, throw};
use crate::levels::{Below, CITY, JOINT, LATER, READY, city_policy};
use crate::{frame, roster};
use double_random::id::UnitId;
use double_random::policy::Policy;
use double_random::seal::SealTerms;
use double_random::{Plan, Record};
use serde_json::{Value, json};

pub const ONE: (u64, u64) = (1, 1);
/// Every visit is made on this day.
const DAY: &str = "2026-02-10";

/// The origin of an authority's ledger.
pub fn origin_of(authority: &str) -> String {
    format!("double-random/1/{authority}/test")
}

/// The entry with which a ledger takes in what another says now.
pub fn received(draw: u64, below: &Office) -> Value {
    let point = below.ledger.checkpoint().unwrap();
    json!({"kind": "received", "attempt": 1, "draw": draw, "origin": point.origin, "root": point.root,
           "size": point.size})
}

/// The city, with its draw made and its own visits to come.
pub fn city_office() -> Office {
    let mut office = Office::open(None);
    let policy = city_policy(|_| ());
    office.register("2026-01-03T00:00:00Z", &policy);
    let registers = (frame(48, &policy), roster(24, &[], &policy));
    assert_eq!(office.seal_of("2026-01-05T00:00:00Z", policy, registers), ONE);
    office.values("2026-01-10T09:30:00Z", ONE, &[throw("dice", 7)]);
    office.draw("2026-01-10T10:00:00Z", ONE);
    office.publish("2026-01-10T11:00:00Z", ONE);
    office
}

impl Below {
    /// The ledger of this authority, with nothing in it but its register of the year.
    pub fn opened(self, policy: &Policy) -> Office {
        let mut office = Office::open_as(self.authority, None);
        office.register("2026-01-03T00:00:00Z", policy);
        office
    }

    /// Adopts a policy and seals a draw upon the record of the city.
    pub fn seals(self, office: &mut Office, above: &Record, at: &str, policy: Policy) -> (u64, u64) {
        let batch = office.state().batch_for(&policy);
        office.enter(at, &adoption(&policy, batch));
        let (sequence, attempt) = office.state().next();
        let terms = SealTerms {
            sequence,
            attempt,
            sealed_at: crate::ledger::instant(at),
            previous: office.state().head(),
            ..self.terms()
        };
        let own = self.plan(above, policy.clone(), self.roster(&policy, &[]));
        let plan = Plan::new(
            own.frame().clone(),
            own.roster().clone(),
            policy,
            office.state().cycle().unwrap().clone(),
        );
        let sealed = plan.unwrap().seal_under(terms, above).unwrap();
        let name = office.enter_seal(at, sealed);
        office.publish_seal(at, name);
        name
    }

    /// Its ledger with the draw made.
    pub fn office(self, above: &Record) -> Office {
        let policy = self.policy(|_| ());
        let mut office = self.opened(&policy);
        let name = self.seals(&mut office, above, "2026-01-12T00:00:00Z", policy);
        office.values("2026-01-13T09:30:00Z", name, &[throw("dice", 8)]);
        office.draw("2026-01-13T10:00:00Z", name);
        office.publish("2026-01-13T11:00:00Z", name);
        office
    }
}

/// A county visits its picks but for the last, which is closed.
pub fn visits(office: &mut Office) {
    let units = office.units(ONE);
    let (last, others) = units.split_last().unwrap();
    for unit in others {
        let visit = office.visit(ONE, DAY, unit);
        office.enter("2026-02-11T00:00:00Z", &visit);
    }
    office.enter("2026-02-11T00:00:00Z", &missed(last));
}

fn missed(unit: &UnitId) -> Value {
    json!({"kind": "missed", "approval": approval("authority"), "date": DAY, "draw": 1, "evidence": hex(1),
           "reason": "closed", "unit": unit})
}

/// What a county's ledger says of a pick, as the city enters it: with its own officers where both send some.
fn told(city: &Office, below: &Office, unit: &UnitId) -> Value {
    let last = below.units(ONE).pop().unwrap();
    if *unit == last {
        return missed(unit);
    }
    let mut visit = below.visit(ONE, DAY, unit);
    let own = city.visit(ONE, DAY, unit);
    let mut team: Vec<String> = [&own["team"], &visit["team"]]
        .into_iter()
        .flat_map(|team| team.as_array().unwrap())
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    team.sort();
    visit["team"] = json!(team);
    visit
}

/// The city enters what its counties told, and takes in their ledgers as they are.
pub fn reports(city: &mut Office, counties: &[Office]) {
    for county in counties {
        for unit in county.units(ONE) {
            let told = told(city, county, &unit);
            city.enter("2026-02-12T00:00:00Z", &told);
        }
        city.enter("2026-02-12T00:00:00Z", &received(1, county));
    }
    let done: Vec<UnitId> = counties.iter().flat_map(|county| county.units(ONE)).collect();
    for unit in city.units(ONE).into_iter().filter(|unit| !done.contains(unit)) {
        let kept = city.draws[&ONE].teams.visits.iter().any(|v| v.unit == unit && !v.posts.is_empty());
        if kept && !unit_of(&unit, JOINT.county) {
            let visit = city.visit(ONE, DAY, &unit);
            city.enter("2026-02-12T00:00:00Z", &visit);
        }
    }
}

/// Whether a unit lies in a county.
fn unit_of(unit: &UnitId, county: &str) -> bool {
    crate::unit_row(unit.as_str()[2..].parse().unwrap()).division == county
}

/// Ledgers of a tree, the city's first.
pub struct Ledgers {
    pub name: &'static str,
    pub offices: Vec<Office>,
}

/// The ledgers in order, and every attack upon them.
pub fn ledgers() -> Vec<Ledgers> {
    let drawn = city_office();
    let above = drawn.draws[&ONE].record.clone();
    let mut counties = [READY, LATER, JOINT].map(|below| below.office(&above));
    counties.iter_mut().for_each(visits);
    let mut city = drawn.clone();
    reports(&mut city, &counties);
    let [ready, later, joint] = &counties;
    let tree = |name, offices: [&Office; 4]| Ledgers { name, offices: offices.map(Clone::clone).to_vec() };
    let mut all = vec![tree("in_order", [&city, ready, later, joint])];

    // A county goes on after its checkpoint was taken.
    let amended = |office: &Office, at: &str| {
        let mut office = office.clone();
        let first = office.state().visits().next().map(|(number, _)| number).unwrap();
        let mut visit = office.visit(ONE, DAY, &office.units(ONE)[0]);
        visit["result"] = json!("violation");
        let entry = json!({"kind": "amended", "amends": first, "approval": approval("authority"),
                           "entry": visit, "evidence": hex(1), "reason": "evidence"});
        office.enter(at, &entry);
        office
    };
    let goes_on = amended(later, "2026-02-13T00:00:00Z");
    all.push(tree("a_county_amends_after_the_checkpoint", [&city, ready, &goes_on, joint]));

    // The same visit, and another result from the beginning: all lines after it are made anew.
    let mut rewritten = LATER.office(&above);
    for unit in rewritten.units(ONE) {
        let mut visit = rewritten.visit(ONE, DAY, &unit);
        visit["result"] = json!("nothing-found");
        rewritten.enter("2026-02-11T00:00:00Z", &visit);
    }
    all.push(tree("a_county_rewrites_its_results", [&city, ready, &rewritten, joint]));

    // The checkpoint is that of another ledger of the same origin.
    let mut other = drawn.clone();
    reports(&mut other, &[ready.clone(), rewritten.clone(), joint.clone()]);
    all.push(tree("a_checkpoint_of_another_ledger", [&other, ready, later, joint]));

    // The lines after the draw are cut off, so that the checkpoint is of more than there is.
    all.push(tree("a_county_cuts_its_results_off", [&city, ready, &LATER.office(&above), joint]));

    let policy = LATER.policy(|_| ());
    let idle = LATER.opened(&policy);
    let mut waiting = drawn.clone();
    reports(&mut waiting, &[ready.clone(), joint.clone()]);
    all.push(tree("a_county_never_draws", [&waiting, ready, &idle, joint]));

    // The city says that a county found nothing, where it has found something; it leaves a miss out; it tells
    // of a visit that the county has not made.
    let says = |change: &dyn Fn(&mut Value)| {
        let mut city = drawn.clone();
        for county in [ready, later, joint] {
            for (place, unit) in county.units(ONE).iter().enumerate() {
                let mut told = told(&city, county, unit);
                if std::ptr::eq(county, later) && place == 0 {
                    change(&mut told);
                }
                city.enter("2026-02-12T00:00:00Z", &told);
            }
            city.enter("2026-02-12T00:00:00Z", &received(1, county));
        }
        city
    };
    let result = says(&|told| told["result"] = json!("violation"));
    all.push(tree("a_result_that_the_county_does_not_have", [&result, ready, later, joint]));
    let team = says(&|told| told["team"] = json!(["350503-06"]));
    all.push(tree("another_team_than_the_county_says", [&team, ready, later, joint]));
    let unmade = {
        let mut later = LATER.office(&above);
        let units = later.units(ONE);
        for unit in &units[1..] {
            let visit = later.visit(ONE, DAY, unit);
            later.enter("2026-02-11T00:00:00Z", &visit);
        }
        let mut city = drawn.clone();
        reports(&mut city, &[ready.clone(), joint.clone()]);
        for unit in &units {
            let visit = later.visit(ONE, DAY, unit);
            city.enter("2026-02-12T00:00:00Z", &visit);
        }
        city.enter("2026-02-12T00:00:00Z", &received(1, &later));
        [city, later]
    };
    all.push(tree("a_visit_that_the_county_has_not_made", [&unmade[0], ready, &unmade[1], joint]));

    // Results that no checkpoint covers.
    let mut uncovered = drawn.clone();
    reports(&mut uncovered, &[ready.clone(), joint.clone()]);
    for unit in later.units(ONE) {
        let told = told(&uncovered, later, &unit);
        uncovered.enter("2026-02-12T00:00:00Z", &told);
    }
    all.push(tree("results_without_a_checkpoint", [&uncovered, ready, later, joint]));

    // The county draws again until the team suits it.
    let mut twice = LATER.office(&above);
    let again = LATER.policy(|p| p["beacon"]["sources"][0]["at"] = json!("2026-01-16T09:00:00Z"));
    let name = LATER.seals(&mut twice, &above, "2026-01-15T00:00:00Z", again);
    twice.values("2026-01-16T09:30:00Z", name, &[throw("dice", 9)]);
    twice.draw("2026-01-16T10:00:00Z", name);
    let mut waits = drawn.clone();
    reports(&mut waits, &[ready.clone(), joint.clone()]);
    all.push(tree("a_county_draws_twice", [&waits, ready, &twice, joint]));

    // A ledger that was brought and is of no part.
    let mut stray = tree("a_ledger_of_no_part", [&city, ready, later, joint]);
    stray.offices.push(Office::open_as("350582-wsjd", None));
    all.push(stray);
    assert_eq!(CITY, "350500-wsjd");
    all
}
