//! The tamper catalogue: each tamper names the checks that catch it, each check has a tamper that it alone
//! catches.
//!
//! After his edit the tamperer makes everything consistent again that he can (the record's digest, and with
//! [`forge`] the seed, the sample and the teams that follow from a changed seal).

use double_random::bytes::{Digest, Label, SaltKey, Suite, Tree};
use double_random::lot::Key;
use double_random::lot::allocation::allocate;
use double_random::lot::tickets::Tickets;
use double_random::odds::cells::Scale;
use double_random::seal::{Seal, Sealed};
use double_random::verify::{Check, Outcome, Verdict, verify};
use double_random::{BeaconValue, Evidence, Record};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::forged::forged;
use testkit::*;

/// One forgery: the record as published, and what the checker holds.
struct Case {
    name: &'static str,
    record: Value,
    evidence: Evidence,
    caught_by: &'static [Check],
    /// Whether the tamperer has computed the record's digest anew.
    rehash: bool,
}

fn to_value(record: &Record) -> Value {
    serde_json::from_slice(&record.to_json()).unwrap()
}

/// The record with its digest made right again.
fn parse(record: &Value, rehash: bool) -> Result<Record, String> {
    let bytes = |value: &Value| double_random::bytes::encode(value).unwrap();
    let mut record = record.clone();
    if rehash {
        let mut bare = record.clone();
        bare.as_object_mut().ok_or("no object")?.remove("digest");
        record["digest"] = json!(Suite::Sha256.digest(Label::Record, &bytes(&bare)));
    }
    Record::from_json(&bytes(&record)).map_err(|e| e.to_string())
}

/// Makes seed, sample and teams follow from the seal and beacon that now stand in the record, as an operator
/// with our own tools can do. Officers are made up.
fn forge(record: &mut Value, sealed: &Sealed) {
    let seal = Seal::from_json(&double_random::bytes::encode(&record["seal"]).unwrap()).unwrap();
    let mut text = seal.digest().to_string();
    for value in record["beacon"].as_array().unwrap() {
        text += &format!(" {}={}", value["source"].as_str().unwrap(), value["value"].as_str().unwrap());
    }
    if let Some(secret) = record["secret"].as_str() {
        text += &format!(" secret={secret}");
    }
    set_seed(record, sealed, Suite::Sha256.digest(Label::Seed, text.as_bytes()));
}

fn set_seed(record: &mut Value, sealed: &Sealed, seed: Digest) {
    record["seed"] = json!(seed);
    let plan = sealed.plan();
    let counts = allocate(plan.cells(), Scale::RATE, &Key::new(plan.policy().suite, seed));
    let tickets = Tickets::new(&Key::new(plan.policy().suite, seed));
    let mut picked = BTreeSet::new();
    let mut sample = Vec::new();
    for (cell, count) in counts.into_iter().enumerate() {
        let rows: Vec<Value> = tickets
            .in_order(pseudonyms(sealed, plan.members(cell)))
            .into_iter()
            .map(|(u, ticket)| shown(sealed, u, ticket))
            .collect();
        let (picks, reserves) = rows.split_at(usize::try_from(count).unwrap());
        let reserves = &reserves[..reserves.len().min(2)];
        let mut row = json!({"picks": picks, "reserves": reserves});
        if let Some(last) = picks.last() {
            row["cutoff"] = last["ticket"].clone();
        }
        picked.extend(picks.iter().map(|p| p["id"].as_str().unwrap().to_owned()));
        sample.push(row);
    }
    record["sample"] = json!(sample);
    testkit::include(record, sealed);
    let visits: Vec<Value> = picked
        .into_iter()
        .map(|unit| {
            let ticket = |officer: &&str| {
                let words: [&[u8]; 3] = [&seed.hex(), unit.as_bytes(), officer.as_bytes()];
                Suite::Sha256.words(Label::Lead, &words)
            };
            let officers = ["I-0000", "I-0001"];
            let lead = officers.iter().min_by_key(|o| ticket(o)).unwrap();
            let officers = officers.map(|id| json!({"chance": 1, "id": id}));
            json!({"lead": lead, "posts": [{"department": "wsjd", "officers": officers, "post": "member",
                "vacancies": 0}], "unit": unit})
        })
        .collect();
    record["teams"]["visits"] = json!(visits);
    record["teams"]["shortages"] = json!([]);
    let people = plan.roster().inspectors().len();
    record["teams"]["pools"] = json!([{"barred": {}, "department": "wsjd", "may": people, "post": "member"}]);
}

/// A unit as a record shows it.
fn shown(sealed: &Sealed, unit: usize, ticket: Digest) -> Value {
    let (_, pseudonym) = pseudonyms(sealed, &[unit]).next().unwrap();
    json!({"id": sealed.plan().frame().units()[unit].id, "pseudonym": pseudonym, "ticket": ticket})
}

fn deferred(policy: &mut Value) {
    policy["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-04-30"});
}

/// What the public holds: the published seal and the beacon.
fn public(evidence: &Evidence) -> Evidence {
    Evidence { seal: evidence.seal.clone(), beacon: evidence.beacon.clone(), ..Evidence::default() }
}

fn seal_of(record: &Value) -> Option<Seal> {
    Some(Seal::from_json(&double_random::bytes::encode(&record["seal"]).unwrap()).unwrap())
}

fn beacon_of(record: &Value) -> Option<Vec<BeaconValue>> {
    Some(serde_json::from_value(record["beacon"].clone()).unwrap())
}

/// An honest draw of few cells with several picks in each, and what an auditor has of it.
struct World {
    sealed: Sealed,
    honest: Record,
    full: Evidence,
    original: Value,
}

impl World {
    fn new() -> Self {
        Self::drawn(1)
    }

    fn drawn(dice: u64) -> Self {
        let sealed = sealed(60, 24, &[(0, 4), (3, 8)], policy(rate));
        let honest = draw(&sealed, dice);
        let (full, original) = (evidence(&sealed, &honest), to_value(&honest));
        Self { sealed, honest, full, original }
    }

    fn edited(&self, edit: impl FnOnce(&mut Value)) -> Value {
        let mut record = self.original.clone();
        edit(&mut record);
        include(&mut record, &self.sealed);
        record
    }

    fn public(&self) -> Evidence {
        public(&self.full)
    }
}

fn rate(policy: &mut Value) {
    policy["design"] = json!({"method": "rate", "rate": "0.4"});
}

/// The forgeries of one part of the record.
#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(
        &mut self,
        name: &'static str,
        record: Value,
        evidence: Evidence,
        caught_by: &'static [Check],
        rehash: bool,
    ) {
        self.0.push(Case { name, record, evidence, caught_by, rehash });
    }
}

fn catalogue() -> Vec<Case> {
    let (world, mut cases) = (World::new(), Cases::default());
    until_the_seed(&world, &mut cases);
    picks_and_reserves(&world, &mut cases);
    teams(&world, &mut cases);
    files_of_the_auditor(&world, &mut cases);
    replay_of_the_sample(&world, &mut cases);
    replay_of_the_teams(&world, &mut cases);
    of_registers(&mut cases);
    #[cfg(feature = "drand")]
    cases.0.push(forged_pulse());
    cases.0
}

/// Registers that make up a frame.
fn of_registers(cases: &mut Cases) {
    for mut federation in testkit::assembled::federations() {
        let (name, caught_by): (_, &'static [Check]) = match federation.name {
            "a_register_is_of_another_day" => ("a register is of another day", &[Check::Registers]),
            "a_row_is_altered" => ("a row of a register is altered", &[Check::RegisterRows]),
            _ => continue,
        };
        if caught_by == [Check::Registers] {
            // The public alone sees it.
            federation.evidence.registers = None;
        }
        cases.add(name, to_value(&federation.record), federation.evidence, caught_by, false);
    }
}

/// Documents, seal, beacon, secret and seed.
fn until_the_seed(world: &World, cases: &mut Cases) {
    let record = world.edited(|r| r["digest"] = json!(Digest::ZERO));
    cases.add("a digest of something else", record, world.full.clone(), &[Check::Digest], false);

    let record = world.edited(|r| r["policy"]["title"] = json!("Another policy"));
    cases.add("the policy is edited after the seal", record, world.full.clone(), &[Check::Policy], true);

    let record = world.edited(|r| r["table"]["exclusions"] = json!({"closed": 3}));
    const MADE_UP: &[Check] = &[Check::Cells, Check::Strata];
    cases.add("closed institutions are made up in the table", record, world.public(), MADE_UP, true);

    // Most of these change how many of each cell are drawn, too: one is taken that does not.
    let cells = world.original["table"]["cells"].as_array().unwrap().len();
    let found = (1..50).map(World::drawn).find_map(|world| {
        (1..cells).find_map(|cell| {
            let record = parse(&world.edited(|r| moved(r, cell)), true).ok()?;
            let failed = verify(&record, &world.public()).failed();
            (failed == [Check::Cells]).then(|| (to_value(&record), world.public()))
        })
    });
    let (record, knows) = found.unwrap();
    cases.add("a unit is counted in another cell", record, knows, &[Check::Cells], true);

    let mut record = world.edited(|r| r["seal"]["sealed_at"] = json!("2026-01-10T09:00:01Z"));
    forge(&mut record, &world.sealed);
    let knows = Evidence { seal: seal_of(&record), ..world.public() };
    cases.add("the seal is made after the dice fell", record, knows, &[Check::Timing], true);

    let mut record = world.edited(|r| r["seal"]["attempt"] = json!(2));
    forge(&mut record, &world.sealed);
    cases.add("a second seal is slipped in", record, world.public(), &[Check::Seal], true);

    let mut record = world.edited(|r| r["beacon"][0]["value"] = json!("x".repeat(40)));
    forge(&mut record, &world.sealed);
    let knows = Evidence { beacon: beacon_of(&record), ..world.public() };
    cases.add("dice with letters on them", record, knows, &[Check::BeaconForm], true);

    let mut record = world.edited(|r| r["beacon"][0]["value"] = json!(format!("{:040}", 2)));
    forge(&mut record, &world.sealed);
    cases.add("a swapped beacon value", record, world.public(), &[Check::Beacon], true);

    let hidden = testkit::sealed(60, 24, &[], policy(deferred));
    let with_secret = draw(&hidden, 1);
    let mut record = to_value(&with_secret);
    record["secret"] = json!(Digest::new([1; 32]));
    forge(&mut record, &hidden);
    let knows = public(&evidence(&hidden, &with_secret));
    cases.add("another secret is revealed", record, knows.clone(), &[Check::Secret], true);
    let mut record = to_value(&with_secret);
    record.as_object_mut().unwrap().remove("secret");
    forge(&mut record, &hidden);
    cases.add("the secret is withheld", record, knows, &[Check::Secret], true);

    let mut record = world.original.clone();
    set_seed(&mut record, &world.sealed, Digest::new([5; 32]));
    cases.add("a seed out of thin air", record, world.public(), &[Check::Seed], true);
}

/// Who is picked, and who stands by.
fn picks_and_reserves(world: &World, cases: &mut Cases) {
    let record = world.edited(|r| {
        // One pick fewer in the first cell that has one, with a right cutoff; the visit goes too.
        let cell =
            r["sample"].as_array().unwrap().iter().position(|c| !c["picks"].as_array().unwrap().is_empty());
        let cell = &mut r["sample"][cell.unwrap()];
        let dropped = cell["picks"].as_array_mut().unwrap().pop().unwrap();
        cell["reserves"].as_array_mut().unwrap().insert(0, dropped.clone());
        cell["reserves"].as_array_mut().unwrap().truncate(2);
        match cell["picks"].as_array().unwrap().last().cloned() {
            Some(last) => cell["cutoff"] = last["ticket"].clone(),
            None => drop(cell.as_object_mut().unwrap().remove("cutoff")),
        }
        r["teams"]["visits"].as_array_mut().unwrap().retain(|v| v["unit"] != dropped["id"]);
        for pool in r["teams"]["pools"].as_array_mut().unwrap() {
            if let Some(units) = pool.get_mut("units").and_then(Value::as_array_mut) {
                units.retain(|unit| *unit != dropped["id"]);
            }
        }
        r["teams"]["pools"].as_array_mut().unwrap().retain(|pool| pool["units"] != json!([]));
    });
    cases.add("one institution is let off", record, world.public(), &[Check::Allocation], true);

    let record = world.edited(|r| {
        let cell = cell_with_picks(r, 1);
        let last = cell["picks"].as_array().unwrap().len() - 1;
        let mut ticket = cell["cutoff"].as_str().unwrap().to_owned();
        let digit = if ticket.ends_with('0') { "1" } else { "0" };
        ticket.replace_range(63.., digit);
        cell["picks"][last]["ticket"] = json!(ticket);
        cell["cutoff"] = json!(ticket);
    });
    cases.add("a ticket is bent", record, world.public(), &[Check::Tickets], true);

    let record = world.edited(|r| {
        let cell = cell_with_picks(r, 2);
        cell["picks"].as_array_mut().unwrap().swap(0, 1);
        cell["cutoff"] = cell["picks"].as_array().unwrap().last().unwrap()["ticket"].clone();
    });
    cases.add("picks out of order", record, world.public(), &[Check::Cutoffs], true);

    // A pick under a name of his own choice, with the ticket of that name at the right place.
    let record = world.edited(|r| {
        let tickets = Tickets::new(&Key::new(world.honest.policy.suite, world.honest.seed));
        let cell = cell_with_picks(r, 2);
        let next = cell["picks"][1]["ticket"].as_str().unwrap().to_owned();
        let chosen = (0..10_000).map(|n: u32| pseudonym(&n.to_string()));
        let chosen = chosen.map(|known| (known, tickets.ticket(&known).to_string()));
        let (known, ticket) = chosen.into_iter().find(|(_, ticket)| *ticket < next).unwrap();
        cell["picks"][0]["pseudonym"] = json!(known);
        cell["picks"][0]["ticket"] = json!(ticket);
    });
    cases.add("a pick has a name of choice", record, world.public(), &[Check::Tickets], true);

    // A friend who is not drawn was sealed under a name of choice.
    let friend = |r: &Value| {
        let shown = r["sample"].to_string();
        let units = world.sealed.plan().frame().units().iter().map(|unit| unit.id.to_string());
        units.into_iter().find(|id| !shown.contains(id.as_str()))
    };
    let suite = world.honest.policy.suite;
    let forged = (0..100).find_map(|n: u32| {
        let spared = friend(&world.original)?;
        let mut leaves = testkit::sealed_leaves(&world.sealed);
        let own = world.sealed.salt_key().unit(suite, &spared).pseudonym.to_string();
        let place = leaves.binary_search(&testkit::leaf(suite, &own, &spared)).unwrap();
        leaves[place] = testkit::leaf(suite, &pseudonym(&n.to_string()).to_string(), &spared);
        leaves.sort_unstable();
        let root = Tree::new(suite, leaves.clone()).root();
        let mut record = world.edited(|r| r["seal"]["frame"]["pseudonyms"] = json!(root));
        forge(&mut record, &world.sealed);
        testkit::include_among(&mut record, suite, &leaves);
        (!record["sample"].to_string().contains(&spared)).then_some(record)
    });
    let record = forged.unwrap();
    let knows = Evidence { seal: seal_of(&record), roster: None, ..world.full.clone() };
    cases.add("a friend is sealed under a name of choice", record, knows, &[Check::Frame], true);
    let record = world.edited(|r| {
        let cell = r["sample"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .find(|c| c["reserves"].as_array().unwrap().len() == 2);
        cell.unwrap()["reserves"].as_array_mut().unwrap().remove(0);
    });
    cases.add("the first reserve is passed over", record, world.public(), &[Check::Cutoffs], true);
}

/// Who goes.
fn teams(world: &World, cases: &mut Cases) {
    let record = world.edited(|r| {
        let visit = &mut r["teams"]["visits"][0];
        let lead = visit["lead"].clone();
        let officers = visit["posts"][0]["officers"].as_array().unwrap();
        let twice = officers.iter().find(|o| o["id"] == lead).unwrap().clone();
        visit["posts"][0]["officers"] = json!([twice, twice]);
    });
    cases.add("one officer stands in a team twice", record, world.public(), &[Check::Teams], true);
    let record = world.edited(|r| {
        let officers = &r["teams"]["visits"][0]["posts"][0]["officers"];
        let other = officers.as_array().unwrap().iter().find(|o| o["id"] != r["teams"]["visits"][0]["lead"]);
        let other = other.unwrap()["id"].clone();
        r["teams"]["visits"][0]["lead"] = other;
    });
    cases.add("another officer leads", record, world.public(), &[Check::Teams], true);
    let record = world.edited(|r| {
        r["teams"]["visits"].as_array_mut().unwrap().remove(0);
    });
    cases.add("a visit is dropped", record, world.public(), &[Check::Teams], true);
    let record = world.edited(|r| {
        let lead = r["teams"]["visits"][0]["lead"].clone();
        let post = &mut r["teams"]["visits"][0]["posts"][0];
        post["officers"].as_array_mut().unwrap().retain(|o| o["id"] == lead);
        post["vacancies"] = json!(1);
    });
    cases.add("a vacancy without a shortage", record, world.public(), &[Check::Teams], true);
    // How many could go: not published, fewer than went, or other numbers that only the auditor sees through.
    let record = world.edited(|r| r["teams"]["pools"] = json!([]));
    cases.add("no pool is published", record, world.public(), &[Check::Teams], true);
    let record = world.edited(|r| {
        let pool = &mut r["teams"]["pools"][0];
        let all = pool["may"].as_u64().unwrap() - 1;
        (pool["may"], pool["barred"]["recusal"]) = (json!(1), json!(all));
    });
    cases.add("a pool is smaller than the team", record, world.public(), &[Check::Teams], true);
    let record = world.edited(|r| {
        let may = r["teams"]["pools"][0]["may"].as_u64().unwrap();
        let barred = r["teams"]["pools"][0]["barred"]["absence"].as_u64().unwrap_or(0);
        r["teams"]["pools"][0]["may"] = json!(may - 1);
        r["teams"]["pools"][0]["barred"]["absence"] = json!(barred + 1);
    });
    cases.add("one more is called absent", record, world.full.clone(), &[Check::Assignment], true);
}

/// Files that are not the sealed ones.
fn files_of_the_auditor(world: &World, cases: &mut Cases) {
    let rows = world.sealed.plan().frame().units().len() as u64;
    let renamed = {
        let policy = world.sealed.plan().policy();
        let rows = (0..rows).map(|n| {
            let mut row = unit_row(n);
            if n == 5 {
                row.name = "Another person".into();
            }
            row
        });
        double_random::Frame::new(rows, &policy.frame, policy.as_of).unwrap()
    };
    let knows = Evidence { frame: Some((renamed, world.sealed.salt_key().clone())), ..world.full.clone() };
    cases.add("another name stands on the frame", world.original.clone(), knows, &[Check::Frame], true);
    let (frame, _) = world.full.frame.clone().unwrap();
    let knows = Evidence { frame: Some((frame, SaltKey::new([8; 32]))), ..world.full.clone() };
    cases.add("another salt key", world.original.clone(), knows, &[Check::Frame, Check::Sample], true);

    let policy = world.sealed.plan().policy();
    let renamed = double_random::Roster::new(
        (0..24).map(|n| {
            let mut row = inspector_row(n);
            if n == 5 {
                row.name = "Another person".into();
            }
            row
        }),
        [recusal_row(0, 4), recusal_row(3, 8)],
        &policy.roster,
        policy.as_of,
    );
    let knows =
        Evidence { roster: Some((renamed.unwrap(), world.sealed.salt_key().clone())), ..world.full.clone() };
    cases.add("another name stands on the roster", world.original.clone(), knows, &[Check::Roster], true);

    let cycle = cycle("0", &[(999_999, 1, "1", "", &[])]);
    let knows = Evidence { cycle: Some((cycle, world.sealed.salt_key().clone())), ..world.full.clone() };
    cases.add("another history", world.original.clone(), knows, &[Check::Cycle], true);
}

/// Right in itself, and not what the plan and the seed give.
fn replay_of_the_sample(world: &World, cases: &mut Cases) {
    // Another drawn institution is tested than the lot said.
    let tested = testkit::sealed(
        60,
        24,
        &[],
        testkit::policy(|p| {
            rate(p);
            p["subsamples"] = json!([{"basis": "抽检", "code": "lab", "share": "0.5"}]);
        }),
    );
    let drawn = draw(&tested, 1);
    let mut record = to_value(&drawn);
    let units = record["subsamples"][0]["units"].as_array_mut().unwrap();
    let other = drawn.teams.visits.iter().map(|v| json!(v.unit)).find(|unit| !units.contains(unit)).unwrap();
    units[0] = other;
    units.sort_by_key(ToString::to_string);
    cases.add("another institution is tested", record, evidence(&tested, &drawn), &[Check::Subsamples], true);

    // A table that was sealed, but does not follow from the frame: coverage counted up by closed
    // institutions.
    let others = (1..world.original["table"]["cells"].as_array().unwrap().len()).map(|cell| {
        let mut record = world.edited(|r| moved(r, cell));
        let table: double_random::plan::CellTable = serde_json::from_value(record["table"].clone()).unwrap();
        record["seal"]["cells"] = json!(table.digest(Suite::Sha256));
        forge(&mut record, &world.sealed);
        let knows = Evidence { seal: seal_of(&record), roster: None, ..world.full.clone() };
        (verify(&parse(&record, true).unwrap(), &knows).failed(), record, knows)
    });
    let mut others = others.collect::<Vec<_>>().into_iter();
    let (_, record, knows) = others.find(|(failed, ..)| failed == &[Check::Plan]).unwrap();
    cases.add("a sealed table that does not follow from the frame", record, knows, &[Check::Plan], true);

    // In some draws the next institution is of another kind, whose posts are others: one is taken without.
    let found = (1..50).map(World::drawn).find_map(|world| {
        let record = smallest_left_out(&world);
        let knows = Evidence { roster: None, ..world.full };
        let failed = verify(&parse(&record, true).unwrap(), &knows).failed();
        (failed == [Check::Sample]).then_some((record, knows))
    });
    let (record, knows) = found.unwrap();
    cases.add("the smallest ticket is left out", record, knows, &[Check::Sample], true);
}

/// Teams that are allowed to a reader, and were not drawn.
fn replay_of_the_teams(world: &World, cases: &mut Cases) {
    // An officer without the qualification. The replay of the teams sees it too: the two checks share no code
    // on purpose.
    let record = world.edited(|r| {
        let hospital = |v: &&mut Value| {
            let n: u64 = v["unit"].as_str().unwrap()[2..].parse().unwrap();
            unit_row(n).kind == "hospital"
        };
        let seed = world.honest.seed.hex();
        let visit = r["teams"]["visits"].as_array_mut().unwrap().iter_mut().find(hospital).unwrap();
        replace_officer(visit, "I-0004", &seed);
    });
    cases.add(
        "an unqualified officer",
        record,
        world.full.clone(),
        &[Check::Eligibility, Check::Assignment],
        true,
    );

    let record = world.edited(|r| {
        let seed = world.honest.seed.hex();
        let visit = &mut r["teams"]["visits"][0];
        let there: Vec<String> = officers(visit);
        let unit =
            world.sealed.plan().frame().get(&serde_json::from_value(visit["unit"].clone()).unwrap()).unwrap();
        // An inspector who may go, has room, and was not drawn.
        let loads = |id: &str| {
            world
                .honest
                .teams
                .visits
                .iter()
                .flat_map(|v| &v.posts[0].officers)
                .filter(|o| o.id.as_str() == id)
                .count() as u64
        };
        let other = world.sealed.plan().roster().inspectors().iter().find(|&i| {
            i.department.as_str() == "wsjd"
                && !there.contains(&i.id.to_string())
                && world.sealed.plan().bar(i, unit).is_none()
                && loads(i.id.as_str()) < world.sealed.plan().cap(i)
        });
        replace_officer(visit, other.unwrap().id.as_str(), &seed);
    });
    cases.add("a friend goes instead", record, world.full.clone(), &[Check::Assignment], true);
    let record = world.edited(|r| r["teams"]["table"] = json!(Digest::ZERO));
    cases.add("another chance table", record, world.full.clone(), &[Check::Assignment], true);
    let record = world.edited(|r| r["teams"]["visits"][0]["posts"][0]["officers"][0]["chance"] = json!(1));
    cases.add("a chance made smaller", record, world.full.clone(), &[Check::Assignment], true);
}

/// The smallest ticket of a cell is left out, everything shown is right.
fn smallest_left_out(world: &World) -> Value {
    world.edited(|r| {
        let at = r["sample"].as_array().unwrap().iter().position(|c| {
            c["reserves"].as_array().unwrap().len() == 2 && !c["picks"].as_array().unwrap().is_empty()
        });
        let cell = &mut r["sample"][at.unwrap()];
        let spared = cell["picks"].as_array_mut().unwrap().remove(0);
        let next = cell["reserves"].as_array_mut().unwrap().remove(0);
        cell["cutoff"] = next["ticket"].clone();
        cell["picks"].as_array_mut().unwrap().push(next.clone());
        let plan = world.sealed.plan();
        let tickets = Tickets::new(&Key::new(world.honest.policy.suite, world.honest.seed));
        let order = tickets.in_order(pseudonyms(&world.sealed, plan.members(at.unwrap())));
        let (unit, ticket) = order[cell["picks"].as_array().unwrap().len() + 2];
        cell["reserves"].as_array_mut().unwrap().push(shown(&world.sealed, unit, ticket));
        include(r, &world.sealed);
        for visit in r["teams"]["visits"].as_array_mut().unwrap() {
            if visit["unit"] == spared["id"] {
                visit["unit"] = next["id"].clone();
                let unit = next["id"].as_str().unwrap();
                let officers = visit["posts"][0]["officers"].as_array().unwrap().clone();
                let lead = officers.iter().min_by_key(|o| {
                    let words: [&[u8]; 3] =
                        [&world.honest.seed.hex(), unit.as_bytes(), o["id"].as_str().unwrap().as_bytes()];
                    Suite::Sha256.words(Label::Lead, &words)
                });
                visit["lead"] = lead.unwrap()["id"].clone();
            }
        }
        r["teams"]["visits"].as_array_mut().unwrap().sort_by_key(|v| v["unit"].as_str().unwrap().to_owned());
    })
}

/// One unit less in a cell, one more in the cell before.
fn moved(record: &mut Value, cell: usize) {
    let cells = &mut record["table"]["cells"];
    for (cell, count) in [(cell, -1), (cell - 1, 1)] {
        let was = cells[cell]["count"].as_i64().unwrap();
        cells[cell]["count"] = json!(was + count);
    }
}

fn cell_with_picks(record: &mut Value, at_least: usize) -> &mut Value {
    record["sample"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|c| c["picks"].as_array().unwrap().len() >= at_least)
        .unwrap()
}

fn officers(visit: &Value) -> Vec<String> {
    visit["posts"][0]["officers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["id"].as_str().unwrap().to_owned())
        .collect()
}

/// A round of drand that no network signed: the value is the hash of some bytes that are called its
/// signature.
#[cfg(feature = "drand")]
fn forged_pulse() -> Case {
    use sha2::Digest as _;
    let policy = policy(|p| {
        p["as_of"] = json!("2023-08-20");
        p["beacon"]["sources"] = json!([{"kind": "drand", "id": "drand", "at": "2023-08-23T15:59:24Z",
            "genesis": 1_692_803_367,
            "period": 3, "round": 1000,
            "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"}]);
    });
    let terms = double_random::SealTerms {
        sealed_at: double_random::calendar::Instant::parse("2023-08-21T00:00:00Z").unwrap(),
        ..terms(&policy)
    };
    let (frame, roster) = (frame(60, &policy), roster(24, &[], &policy));
    let plan = double_random::Plan::new(frame, roster, policy, double_random::Cycle::default()).unwrap();
    let sealed = plan.seal(terms).unwrap();
    let value = Digest::new(sha2::Sha256::digest([0xb4u8; 48]).into());
    let forged = json!([{"source": "drand", "value": value, "pulse": {"signature": "b4".repeat(48)}}]);
    let values: Vec<BeaconValue> = serde_json::from_value(forged).unwrap();
    let record = sealed.seed(&values).unwrap().draw().assign().record();
    let evidence = evidence(&sealed, &record);
    let record = to_value(&record);
    Case {
        name: "a round that no network signed",
        record,
        evidence,
        caught_by: &[Check::Pulse],
        rehash: false,
    }
}

/// Puts `new` in the place of an officer of the visit, keeps the order and names the right lead.
fn replace_officer(visit: &mut Value, new: &str, seed: &[u8]) {
    let mut ids = officers(visit);
    ids[0] = new.to_owned();
    ids.sort();
    let unit = visit["unit"].as_str().unwrap().to_owned();
    let lead = ids
        .iter()
        .min_by_key(|id| Suite::Sha256.words(Label::Lead, &[seed, unit.as_bytes(), id.as_bytes()]))
        .unwrap();
    visit["lead"] = json!(lead);
    visit["posts"][0]["officers"] = ids.iter().map(|id| json!({"chance": 1, "id": id})).collect();
}

#[test]
fn every_tamper_is_caught_by_the_checks_named_for_it() {
    for case in catalogue() {
        let record = parse(&case.record, case.rehash).unwrap_or_else(|e| panic!("{}: {e}", case.name));
        let report = verify(&record, &case.evidence);
        assert_eq!(report.failed(), case.caught_by, "{}:\n{report}", case.name);
        assert_eq!(report.verdict(), Verdict::Refuted);
        for check in case.caught_by {
            let Outcome::Fail { why } = report.outcome(*check) else { unreachable!() };
            let [what, expected, found] = ["what", "expected", "found"].map(|name| &why.params()[name]);
            assert!(!what.to_string().is_empty() && expected != found, "{}: {check}", case.name);
        }
    }
}

/// Every check is the only one that catches some tamper. `eligibility` is the exception by design: every
/// tamper that breaks it differs from the replay as well.
#[test]
fn every_check_has_a_tamper() {
    let catalogue = catalogue();
    for check in Check::ALL {
        // Those of the published parts stand in `testkit::forged`.
        let alone = catalogue.iter().any(|case| case.caught_by == [check])
            || forged().iter().any(|case| case.failed == [check]);
        let named = catalogue.iter().any(|case| case.caught_by.contains(&check));
        // Signatures of drand are looked at only in a build that can.
        let unchecked = check == Check::Pulse && !cfg!(feature = "drand");
        assert!(alone || (check == Check::Eligibility && named) || unchecked, "no tamper for {check}");
    }
}

/// Every leaf of the record, changed alone: unreadable, or refuted; with the digest made right again and
/// without.
#[test]
fn no_single_field_can_be_changed() {
    let sealed = sealed(
        30,
        9,
        &[(0, 4)],
        policy(|p| {
            p["team"]["cap"] = json!(2);
            deferred(p);
        }),
    );
    let honest = draw(&sealed, 3);
    assert!(!honest.teams.shortages.is_empty(), "the record should have something of everything");
    let knows = evidence(&sealed, &honest);
    assert_eq!(verify(&honest, &knows).verdict(), Verdict::Confirmed, "{}", verify(&honest, &knows));
    let original = to_value(&honest);
    let mut pointers = Vec::new();
    leaves(&original, String::new(), &mut pointers);
    assert!(pointers.len() > 300);
    for pointer in &pointers {
        for variant in 0..3 {
            let mut record = original.clone();
            change(record.pointer_mut(pointer).unwrap(), variant);
            if record == original {
                continue;
            }
            for rehash in [false, true] {
                // A changed digest that is computed anew is the honest record again.
                if rehash && pointer == "/digest" {
                    continue;
                }
                let refuted =
                    parse(&record, rehash).map_or(true, |r| verify(&r, &knows).verdict() == Verdict::Refuted);
                assert!(refuted, "{pointer}, variant {variant}, digest computed anew: {rehash}");
            }
        }
    }
}

fn leaves(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| leaves(v, format!("{pointer}/{k}"), found)),
        Value::Array(list) => {
            found.push(pointer.clone());
            list.iter().enumerate().for_each(|(i, v)| leaves(v, format!("{pointer}/{i}"), found));
        }
        _ => found.push(pointer),
    }
}

fn change(value: &mut Value, variant: u8) {
    *value = match value.take() {
        Value::Bool(b) => json!(!b),
        Value::Number(n) => json!(n.as_u64().unwrap() + u64::from(variant) + 1),
        Value::String(text) => {
            let mut bytes = text.into_bytes();
            let at = match variant {
                0 => 0,
                1 => bytes.len() / 2,
                _ => bytes.len() - 1,
            };
            bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
            json!(String::from_utf8_lossy(&bytes))
        }
        Value::Array(mut list) => {
            match variant {
                0 => drop(list.pop()),
                1 => list.reverse(),
                _ => {
                    if let Some(first) = list.first().cloned() {
                        list.push(first);
                    }
                }
            }
            Value::Array(list)
        }
        other => other,
    };
}

/// A one-byte change anywhere in the file never panics and never passes.
#[test]
fn no_byte_can_be_changed() {
    let sealed = sealed(12, 6, &[], policy(|_| ()));
    let honest = draw(&sealed, 3);
    let knows = evidence(&sealed, &honest);
    let bytes = honest.to_json();
    for at in 0..bytes.len() {
        for flip in [1, 0x80] {
            let mut bytes = bytes.clone();
            bytes[at] ^= flip;
            if let Ok(record) = Record::from_json(&bytes) {
                assert_eq!(verify(&record, &knows).verdict(), Verdict::Refuted, "byte {at}");
            }
        }
    }
}
