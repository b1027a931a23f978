//! Records whose published parts contradict each other, each with the checks of Spec 13 that say so. Whoever
//! forges one makes right again what he can: the record's digest, and where he forges before the seal, the
//! seal, the seed, the sample and the teams.

use crate::elsewhere::{elsewhere, plain, plain_frame};
use crate::{
    all_pseudonyms, dice, full, include_among, leaf, policy, pseudonyms, roster, seal, sealed, sealed_leaves,
};
use double_random::bytes::{Label, Suite, Tree, encode};
use double_random::lot::Key;
use double_random::lot::allocation::allocate;
use double_random::lot::tickets::Tickets;
use double_random::odds::cells::Scale;
use double_random::plan::CellTable;
use double_random::policy::{Design, Policy};
use double_random::seal::{Seal, Sealed};
use double_random::verify::{Check, verify};
use double_random::{Evidence, Record};
use serde_json::{Value, json};

/// A forged record.
pub struct Forged {
    pub name: &'static str,
    pub record: Value,
    /// The record that it was made of.
    pub honest: Value,
    /// The vector that has that record, if one has.
    pub base: Option<&'static str>,
    /// The checks that fail, with the seal and the values as published.
    pub failed: &'static [Check],
}

impl Forged {
    /// The record, read.
    pub fn read(&self) -> Record {
        read(&self.record)
    }
}

fn value(record: &Record) -> Value {
    serde_json::from_slice(&record.to_json()).unwrap()
}

/// The record with its digest made right again.
fn rehashed(mut record: Value) -> Value {
    record.as_object_mut().unwrap().remove("digest");
    let suite: Suite =
        serde_json::from_value(record["seal"].get("suite").cloned().unwrap_or(json!("sha256"))).unwrap();
    record["digest"] = json!(suite.digest(Label::Record, &encode(&record).unwrap()));
    record
}

fn read(record: &Value) -> Record {
    Record::from_json(&encode(record).unwrap()).unwrap()
}

/// The checks that fail for a record with its own seal and values as published.
fn failed(record: &Record) -> Vec<Check> {
    let seal = Some(record.seal.clone());
    verify(record, &Evidence { seal, beacon: Some(record.beacon.clone()), ..Evidence::default() }).failed()
}

/// All of them.
pub fn forged() -> Vec<Forged> {
    let mut cases = after_the_draw();
    cases.extend(before_the_seal());
    cases.push(under_other_ids());
    cases
}

/// A frame of numbers without a form is sealed under a policy that does not allow them.
fn under_other_ids() -> Forged {
    let drawn = |change: fn(&mut Value)| {
        let policy = policy(change);
        let people = roster(24, &[], &policy);
        value(&seal(plain_frame(48), people, policy).seed(&dice(7)).unwrap().draw().assign().record())
    };
    Forged {
        name: "ids are of another form than the policy says",
        record: drawn(elsewhere),
        honest: drawn(plain),
        base: None,
        failed: &[Check::Tickets],
    }
}

// ---- After the draw: what `teams` says ----

struct Book {
    base: &'static str,
    honest: Value,
    cases: Vec<Forged>,
}

impl Book {
    fn new(base: &'static str, sealed: &Sealed) -> Self {
        let honest = sealed.seed(&dice(7)).unwrap().draw().assign().record();
        assert!(failed(&honest).is_empty());
        Self { base, honest: value(&honest), cases: Vec::new() }
    }

    /// One edit.
    fn add(&mut self, name: &'static str, failed: &'static [Check], edit: impl FnOnce(&mut Value)) {
        let mut record = self.honest.clone();
        edit(&mut record);
        assert_ne!(record, self.honest, "{name}");
        self.cases.push(Forged {
            name,
            record: rehashed(record),
            honest: self.honest.clone(),
            base: Some(self.base),
            failed,
        });
    }

    /// The first of several edits that nothing else catches.
    fn search(&mut self, name: &'static str, caught: &'static [Check], edits: impl Iterator<Item = Value>) {
        let honest = self.honest.clone();
        let found = edits.filter(|record| *record != honest).map(rehashed).find(|record| {
            Record::from_json(&encode(record).unwrap()).is_ok_and(|record| failed(&record) == caught)
        });
        let record = found.unwrap_or_else(|| panic!("{name}: none found"));
        self.cases.push(Forged { name, record, honest, base: Some(self.base), failed: caught });
    }
}

const STATEMENTS: &[Check] = &[Check::Statements];
const TEAMS: &[Check] = &[Check::Teams];
const NOBODY: &str = "T-999999";

fn after_the_draw() -> Vec<Forged> {
    let mut few = Book::new(
        "teams_few",
        &full(50, 34, 9, |p| {
            p["team"]["cap"] = json!(3);
            p["team"]["caps"] = json!({"week": 2, "office": 24});
        }),
    );
    let teams = few.honest["teams"].clone();
    for part in ["widened", "lapsed", "shortages"] {
        assert!(!teams[part].as_array().unwrap().is_empty(), "{part}");
    }
    // The first visit to which anybody of one of the first posts goes.
    let mut places = (0..teams["visits"].as_array().unwrap().len())
        .flat_map(|visit| [0, 1].map(|post| format!("/teams/visits/{visit}/posts/{post}/officers/0/chance")));
    let first = &places.find(|place| few.honest.pointer(place).is_some()).unwrap();
    few.add("an officer who had no chance", STATEMENTS, |r| *r.pointer_mut(first).unwrap() = json!(0));
    few.add("a chance above one", STATEMENTS, |r| *r.pointer_mut(first).unwrap() = json!((1 << 20) + 1));
    if !teams["raised"].as_array().unwrap().is_empty() {
        few.add("a raised ceiling of nobody", STATEMENTS, |r| {
            r["teams"]["raised"][0]["units"] = json!([NOBODY])
        });
        few.add("a ceiling that is no step", STATEMENTS, |r| {
            let ceiling = r["teams"]["raised"][0]["ceiling"].as_u64().unwrap();
            r["teams"]["raised"][0]["ceiling"] = json!(ceiling + 1);
        });
        few.add("a ceiling raised twice", STATEMENTS, |r| {
            let again = r["teams"]["raised"][0].clone();
            r["teams"]["raised"].as_array_mut().unwrap().push(again);
        });
    }
    few.add("a shortlist widened for nobody", STATEMENTS, |r| {
        r["teams"]["widened"][0]["units"] = json!([NOBODY]);
    });
    few.add("a shortlist of any length", STATEMENTS, |r| r["teams"]["widened"][0]["shortlist"] = json!(11));
    few.add("widened shortlists in another order", STATEMENTS, |r| {
        r["teams"]["widened"].as_array_mut().unwrap().reverse();
    });
    few.add("a lapsed pin that nobody made", STATEMENTS, |r| {
        r["teams"]["lapsed"][0]["inspector"] = json!("I-9999");
    });
    few.add("a lapsed pin of no visit", STATEMENTS, |r| {
        let mut more = r["teams"]["lapsed"][0].clone();
        more["unit"] = json!(NOBODY);
        r["teams"]["lapsed"].as_array_mut().unwrap().push(more);
    });
    few.add("a lapsed pin twice", STATEMENTS, |r| {
        let again = r["teams"]["lapsed"][0].clone();
        r["teams"]["lapsed"].as_array_mut().unwrap().push(again);
    });
    few.add("more can be filled than is needed", &[Check::Teams, Check::Statements], |r| {
        let need = r["teams"]["shortages"][0]["need"].as_u64().unwrap();
        r["teams"]["shortages"][0]["can_fill"] = json!(need + 1);
    });
    few.add("a shortage of places that there are not", TEAMS, |r| {
        for field in ["need", "can_fill"] {
            let n = r["teams"]["shortages"][0][field].as_u64().unwrap();
            r["teams"]["shortages"][0][field] = json!(n + 5);
        }
    });
    few.add("a loss for no reason of the policy", STATEMENTS, |r| {
        r["teams"]["shortages"][0]["losses"]["enterprise"] = json!(1);
    });
    few.add("more losses than people", STATEMENTS, |r| {
        r["teams"]["shortages"][0]["losses"]["recusal"] = json!(1_000_000);
    });
    few.add("a way out that was not tried", STATEMENTS, |r| {
        drop(r["teams"]["shortages"][0]["ways_out"].as_object_mut().unwrap().remove("cap"));
    });
    few.add("a way out that makes it worse", STATEMENTS, |r| {
        r["teams"]["shortages"][0]["ways_out"]["cap"] = json!(999);
    });
    few.add("a limit of another visit", STATEMENTS, |r| {
        let post = r["teams"]["shortages"][0]["posts"][0]["post"].clone();
        r["teams"]["shortages"][0]["limits"] = json!([{"group": "g", "post": post, "unit": NOBODY}]);
    });
    let mut cases = few.cases;

    let mut whole = Book::new("teams_full", &full(99, 90, 20, |_| ()));
    let honest = whole.honest.clone();
    let visits = honest["teams"]["visits"].as_array().unwrap().clone();
    whole.add("a pin neither kept nor lapsed", STATEMENTS, |r| {
        drop(r["teams"].as_object_mut().unwrap().remove("lapsed"));
    });
    // Every officer who holds a post: visit, post, place.
    let count = |list: &Value| list.as_array().map_or(0, Vec::len);
    let held: Vec<(usize, usize, usize)> = (0..visits.len())
        .flat_map(|v| (0..count(&visits[v]["posts"])).map(move |p| (v, p)))
        .flat_map(|(v, p)| (0..count(&visits[v]["posts"][p]["officers"])).map(move |k| (v, p, k)))
        .collect();
    let sure = held.iter().map(|&(v, p, k)| {
        let mut record = honest.clone();
        record["teams"]["visits"][v]["posts"][p]["officers"][k]["chance"] = json!(1 << 20);
        record
    });
    whole.search("an officer who was sure to go", STATEMENTS, sure);
    // Somebody of another post, of another department or not, takes the place of an officer.
    let swapped = |other_department: bool| {
        let mut found = Vec::new();
        for (&(v, p, k), &(w, q, l)) in held.iter().flat_map(|one| held.iter().map(move |two| (one, two))) {
            let (one, two) = (&visits[v]["posts"][p], &visits[w]["posts"][q]);
            let fits = (one["department"] != two["department"]) == other_department
                && (other_department || (one["post"] == two["post"] && visits[v]["day"] == visits[w]["day"]))
                && v != w
                && one["post"] != "lead";
            let mut officers = one["officers"].as_array().unwrap().clone();
            officers[k]["id"] = two["officers"][l]["id"].clone();
            if fits && officers.is_sorted_by_key(|officer| officer["id"].to_string()) && found.len() < 200 {
                let mut record = honest.clone();
                record["teams"]["visits"][v]["posts"][p]["officers"] = json!(officers);
                found.push(record);
            }
        }
        found.into_iter()
    };
    whole.search("one officer in two departments", TEAMS, swapped(true));
    whole.search("one officer at two places on one day", TEAMS, swapped(false));
    let days = (0..visits.len()).flat_map(|v| (0..v).map(move |w| (v, w))).map(|(v, w)| {
        let mut record = honest.clone();
        record["teams"]["visits"][v]["day"] = visits[w]["day"].clone();
        record["teams"]["visits"][w]["day"] = visits[v]["day"].clone();
        record
    });
    let days: Vec<Value> = days.take(400).collect();
    whole.search("a day of somebody's choice", &[Check::Days], days.into_iter());
    cases.extend(whole.cases);
    cases.extend(dispatched());
    cases
}

/// Teams that the record above draws although others do, and leaves out although it keeps them (Spec 27.2).
fn dispatched() -> Vec<Forged> {
    let mut city = Book::new("dispatching", &crate::levels::city());
    let visits = city.honest["teams"]["visits"].as_array().unwrap();
    let kept = visits.iter().position(|visit| visit["posts"][0].is_object()).unwrap();
    let gone = visits.iter().position(|visit| !visit["posts"][0].is_object()).unwrap();
    city.add("a team of a pick that others have", TEAMS, |r| {
        let posts = r["teams"]["visits"][kept]["posts"].clone();
        r["teams"]["visits"][gone]["posts"] = posts;
    });
    city.add("no team of a pick that is kept", TEAMS, |r| {
        r["teams"]["visits"][kept]["posts"] = json!([]);
        r["teams"]["visits"][kept].as_object_mut().unwrap().remove("lead");
    });
    city.add("a record above of a draw of its own picks", &[Check::Policy, Check::Seed], |r| {
        r["seal"]["above"] = json!("1".repeat(64));
    });
    city.cases
}

// ---- Before the seal: the table ----

const STRATA: &[Check] = &[Check::Strata];

fn before_the_seal() -> Vec<Forged> {
    let rate = |p: &mut Value| {
        p["design"] = json!({"method": "rate", "rate": "0.4"});
        p["coverage"] = json!({"guards": [], "minimum": "0"});
    };
    let number = |p: &mut Value| {
        p["design"] = json!({"method": "number", "number": 12});
        p["frequency"] = json!([]);
        p["signals"] = json!([]);
        p["coverage"] = json!({"guards": [], "minimum": "0"});
    };
    let by_rate = sealed(48, 24, &[], policy(rate));
    let by_number = sealed(48, 24, &[], policy(number));
    let mut cases = Vec::new();
    let mut add = |name, world: &Sealed, edit: &dyn Fn(&mut Value)| {
        let honest = value(&world.seed(&dice(7)).unwrap().draw().assign().record());
        let mut record = honest.clone();
        edit(&mut record);
        cases.push(Forged { name, record: remade(record, world), honest, base: None, failed: STRATA });
    };
    add("three units are called closed that were never there", &by_rate, &|r| {
        r["table"]["exclusions"] = json!({"closed": 3});
    });
    add("a unit is in no cell", &by_rate, &|r| {
        let size = r["seal"]["frame"]["size"].as_u64().unwrap();
        r["seal"]["frame"]["size"] = json!(size + 1);
    });
    add("friends are exempt by a code of no rule", &by_rate, &|r| {
        r["table"]["exclusions"] = json!({"friends": 3});
        let size = r["seal"]["frame"]["size"].as_u64().unwrap();
        r["seal"]["frame"]["size"] = json!(size + 3);
    });
    add("closed units stand on a frame that lists none", &by_rate, &|r| {
        r["table"]["exclusions"] = json!({"closed": 3});
        let size = r["seal"]["frame"]["size"].as_u64().unwrap();
        r["seal"]["frame"]["size"] = json!(size + 3);
    });
    add("a cell of a kind that there is not", &by_rate, &|r| {
        let cells = r["table"]["cells"].as_array_mut().unwrap();
        let last = cells.last_mut().unwrap();
        let path = last["path"].as_str().unwrap().rsplit_once('/').unwrap().0.to_owned();
        last["path"] = json!(format!("{path}/palace"));
    });
    add("a cell of a county that there is not", &by_rate, &|r| {
        let cells = r["table"]["cells"].as_array_mut().unwrap();
        cells.last_mut().unwrap()["path"] = json!("first/999999/hospital");
    });
    add("a larger chance for one cell", &by_rate, &|r| {
        let cells = r["table"]["cells"].as_array_mut().unwrap();
        cells.last_mut().unwrap()["size"] = json!("999999999");
    });
    add("an enemy's cell is made certain", &by_number, &|r| {
        r["table"]["cells"].as_array_mut().unwrap().last_mut().unwrap()["certain"] = json!(true);
    });
    add("an enemy's cell weighs five times as much", &by_number, &|r| {
        r["table"]["cells"].as_array_mut().unwrap().last_mut().unwrap()["size"] = json!("5000000000");
    });
    add("a kind is drawn that a rule exempts", &by_rate, &|r| {
        r["policy"]["exclusions"] =
            json!([{"code": "other", "basis": "a rule", "rule": {"kinds": ["hospital"]}}]);
    });
    add("an exempt unit is drawn", &by_rate, &|r| {
        let units: Vec<String> = (0..48).map(|n| format!("T-{n:06}")).collect();
        r["policy"]["exclusions"] = json!([{"code": "other", "basis": "a rule", "rule": {"units": units}}]);
    });
    cases
}

/// Seal, seed, sample and teams that follow from the policy and the table of a record. Officers are made up.
fn remade(mut record: Value, world: &Sealed) -> Value {
    let policy = Policy::from_json(&record["policy"].to_string()).unwrap();
    let table: CellTable = serde_json::from_value(record["table"].clone()).unwrap();
    // Whoever forges before the seal has as many rows as he likes.
    let mut leaves = sealed_leaves(world);
    let size = usize::try_from(record["seal"]["frame"]["size"].as_u64().unwrap()).unwrap();
    leaves.extend((leaves.len()..size).map(|n| leaf(Suite::Sha256, &"0".repeat(32), &format!("X-{n}"))));
    leaves.sort_unstable();
    record["seal"]["frame"]["pseudonyms"] = json!(Tree::new(Suite::Sha256, leaves.clone()).root());
    record["seal"]["policy"] = json!(policy.digest());
    record["seal"]["cells"] = json!(table.digest(Suite::Sha256));
    let seal = Seal::from_json(&encode(&record["seal"]).unwrap()).unwrap();
    let value = &record["beacon"][0];
    let text = format!(
        "{} {}={}",
        seal.digest(),
        value["source"].as_str().unwrap(),
        value["value"].as_str().unwrap()
    );
    let seed = Suite::Sha256.digest(Label::Seed, text.as_bytes());
    record["seed"] = json!(seed);
    let key = Key::new(Suite::Sha256, seed);
    let cells = table.cells(&policy).unwrap();
    let scale = match policy.design {
        Design::Number { number } => Scale::number(&cells, number),
        _ => Scale::RATE,
    };
    let (tickets, plan) = (Tickets::new(&key), world.plan());
    let known = all_pseudonyms(world);
    let (mut sample, mut picked) = (Vec::new(), Vec::new());
    for (cell, count) in allocate(&cells, scale, &key).into_iter().enumerate() {
        let units = plan.frame().units();
        let rows = tickets.in_order(pseudonyms(world, plan.members(cell))).into_iter();
        let rows: Vec<Value> = rows
            .map(|(unit, ticket)| json!({"id": units[unit].id, "pseudonym": known[unit], "ticket": ticket}))
            .collect();
        let (picks, reserves) = rows.split_at(usize::try_from(count).unwrap());
        let mut row = json!({"picks": picks, "reserves": &reserves[..reserves.len().min(2)]});
        if let Some(last) = picks.last() {
            row["cutoff"] = last["ticket"].clone();
        }
        picked.extend(picks.iter().map(|pick| pick["id"].as_str().unwrap().to_owned()));
        sample.push(row);
    }
    picked.sort();
    record["sample"] = json!(sample);
    include_among(&mut record, Suite::Sha256, &leaves);
    let visit = |unit: &String| {
        let officers = ["I-0000", "I-0001"];
        let lead = double_random::lot::teams::lead(&key, unit, officers).unwrap();
        let posts = json!([{"department": "wsjd", "officers": officers.map(|id| json!({"chance": 1, "id": id})),
            "post": "member", "vacancies": 0}]);
        json!({"lead": officers[lead], "posts": posts, "unit": unit})
    };
    record["teams"]["visits"] = picked.iter().map(visit).collect();
    record["teams"]["shortages"] = json!([]);
    record["teams"]["raised"] = json!([]);
    let people = plan.roster().inspectors().len();
    record["teams"]["pools"] = json!([{"barred": {}, "department": "wsjd", "may": people, "post": "member"}]);
    rehashed(record)
}
