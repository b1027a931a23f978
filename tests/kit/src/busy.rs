//! An office with a busy year: twelve draws of a large frame, and a ledger of as many entries as are wanted,
//! nearly all of them visits; or an office of a fixed size with as many draws as give such a ledger. One in a hundred institutions is replaced, three in a hundred cannot be visited,
//! two in a hundred entries are corrected, and two officers drop out of each draw.

use crate::large;
use double_random::assign::{Away, Change, Teams};
use double_random::bytes::{SaltKey, encode};
use double_random::calendar::Instant;
use double_random::disclosure::{DrawnDocument, VisitsTree};
use double_random::id::Code;
use double_random::ledger::{Content, Ledger, Opened};
use double_random::policy::Policy;
use double_random::sample::{Reserve, next_reserve};
use double_random::seal::SealTerms;
use double_random::verify::{DrawEvidence, LedgerEvidence};
use double_random::{BeaconValue, Frame, InspectorId, Plan, UnitId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// How many draws the year has, and how many institutions.
#[derive(Clone, Copy)]
struct Shape {
    draws: u64,
    units: u64,
}

/// The institutions of an office of a fixed size: 1,000 visits a draw.
const FIXED: u64 = 4_000;

/// The year so far.
pub struct BusyYear {
    pub ledger: Ledger,
    pub evidence: LedgerEvidence,
    /// The results of the last draw that are not entered yet, in order.
    pub rows: Vec<(Instant, Content)>,
}

fn actor() -> Code {
    Code::parse("clerk").unwrap()
}

fn approval(level: &str) -> Value {
    json!({"by": "director", "level": level})
}

fn hex(n: u8) -> String {
    double_random::bytes::Digest::new([n; 32]).to_string()
}

fn content(value: &Value) -> Content {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

/// The share of the year of a draw, and what is left before it.
fn round(Shape { draws, .. }: Shape, draw: u64) -> (String, String) {
    let one = 1_000_000_000;
    let each = one / draws;
    let rest = one - each * (draw - 1);
    let share = if draw < draws { each } else { rest };
    let text = |n| double_random::policy::Billionths::new(n).unwrap().to_string();
    (text(share), text(rest))
}

/// The month of a draw: one a month, from January 2026 on.
fn month(draw: u64) -> String {
    format!("{}-{:02}", 2026 + (draw - 1) / 12, (draw - 1) % 12 + 1)
}

fn window(draw: u64) -> Value {
    json!({"from": format!("{}-12", month(draw)), "to": format!("{}-27", month(draw))})
}

/// The policy of a draw: one unit in four of the frame in each.
fn policy(shape: Shape, draw: u64) -> Policy {
    let units = shape.units;
    let mut p: Value = serde_json::from_slice(&large::policy(units).to_json().unwrap()).unwrap();
    let (share, rest) = round(shape, draw);
    p["as_of"] = json!(format!("{}-01", month(draw)));
    p["window"] = window(draw);
    p["round"] = json!({"rest": rest, "share": share});
    p["design"] = json!({"method": "number", "number": units / 4});
    p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
    p["beacon"]["sources"][0]["at"] = json!(format!("{}-10T09:00:00Z", month(draw)));
    Policy::from_json(&p.to_string()).unwrap()
}

impl BusyYear {
    /// A year whose ledger has at least so many entries, and `left` results of the last draw that are still to
    /// be entered.
    pub fn new(entries: u64, left: usize) -> Self {
        let draws = 12;
        let units = (entries + u64::try_from(left).unwrap()) * 4 / draws;
        Self::of(Shape { draws, units }, left)
    }

    /// The same of an office of 4,000 institutions, with as many draws as the entries need: how long its ledger is
    /// says nothing of how large the office is. At most 366 draws.
    pub fn long(entries: u64, left: usize) -> Self {
        let draws = (entries * 4).div_ceil(FIXED);
        Self::of(Shape { draws, units: FIXED }, left)
    }

    fn of(shape: Shape, left: usize) -> Self {
        let Shape { draws, units } = shape;
        let opened = json!({"authority": "bench", "scope": "bench", "protocol": "double-random/1"});
        let opened: Opened = serde_json::from_value(opened).unwrap();
        let at = Instant::parse("2025-12-20T00:00:00Z").unwrap();
        let ledger = Ledger::open(at, actor(), opened, None).unwrap();
        let (rows, evidence) = (Vec::new(), LedgerEvidence::default());
        let mut year = Self { ledger, evidence, rows };
        let batch = |draw| json!({"batch": draw, "share": round(shape, draw).0, "window": window(draw)});
        let batches: Vec<Value> = (1..=draws).map(batch).collect();
        year.enter(
            "2025-12-21T00:00:00Z",
            &json!({"kind": "registered", "approval": approval("authority"), "batches": batches}),
        );
        let rows = large::unit_rows(units);
        for draw in 1..=draws {
            let policy = policy(shape, draw);
            let frame = Frame::new(rows.clone(), &policy.frame, policy.as_of).unwrap();
            let mut results = year.draw(draw, units, policy, frame);
            let stop = if draw == draws { results.len() - left.min(results.len()) } else { results.len() };
            year.rows = results.split_off(stop);
            for (at, result) in results {
                year.ledger.append(at, actor(), result, None).unwrap();
            }
            year.correct(draw);
        }
        // Nothing is entered before the last entry.
        let last = year.ledger.state().last_at().unwrap();
        year.rows.iter_mut().for_each(|(at, _)| *at = last.max(*at));
        year
    }

    fn enter(&mut self, at: &str, value: &Value) -> u64 {
        self.append(at, content(value), None)
    }

    fn append(&mut self, at: &str, content: Content, drawn: Option<&DrawnDocument>) -> u64 {
        let line = self.ledger.append(Instant::parse(at).unwrap(), actor(), content, drawn);
        line.unwrap_or_else(|refusal| panic!("{refusal}")).entry().number
    }

    /// Seals and draws, changes teams and institutions, and returns the results of the visits.
    fn draw(&mut self, draw: u64, units: u64, policy: Policy, frame: Frame) -> Vec<(Instant, Content)> {
        let on = |day: u64, time: &str| format!("{}-{day:02}T{time}:00Z", month(draw));
        let batch = self.ledger.state().batch_for(&policy).unwrap();
        let adopted = json!({"kind": "policy", "approval": approval("authority"), "batch": batch,
                             "policy": policy.digest()});
        self.enter(&on(1, "00:00"), &adopted);
        let state = self.ledger.state();
        let terms = SealTerms {
            sequence: draw,
            attempt: 1,
            sealed_at: Instant::parse(&on(2, "00:00")).unwrap(),
            previous: state.head(),
            salt_key: SaltKey::new([7; 32]),
            secret: None,
        };
        let (roster, cycle) = (large::roster(units, &policy), state.cycle().unwrap().clone());
        let sealed = Plan::new(frame, roster, policy, cycle).unwrap().seal(terms).unwrap();
        self.enter(&on(2, "00:00"), &json!({"kind": "sealed", "seal": sealed.seal()}));
        let published = |what: &str, digest| {
            json!({"kind": "published", "draw": draw, "attempt": 1, "what": what, "digest": digest,
                   "where": "https://example.gov.cn/draws"})
        };
        self.enter(&on(2, "01:00"), &published("seal", sealed.digest()));
        let value = BeaconValue::new(Code::parse("dice").unwrap(), format!("{:040}", 271_828 * draw));
        self.enter(&on(10, "09:10"), &json!({"kind": "beacon", "draw": draw, "attempt": 1, "value": value}));
        let seed = sealed.seed(&[value]).unwrap();
        let sample = seed.draw();
        let assignment = sample.assign();
        let (record, document, whole) = (assignment.record(), sample.drawn_document(), sample.whole());
        let mut teams: Teams = assignment.teams().clone();
        let commit = |teams: &Teams| {
            VisitsTree::new(sealed.seal(), sealed.salt_key(), &teams.visits).unwrap().commitment()
        };
        let digest = document.digest(sealed.seal().suite);
        let drawn = json!({"kind": "drawn", "draw": draw, "attempt": 1, "drawn": digest,
                           "record": record.digest()});
        self.append(&on(10, "10:00"), content(&drawn), Some(&document));
        let assigned = json!({"kind": "assigned", "draw": draw, "attempt": 1, "visits": commit(&teams)});
        self.enter(&on(10, "10:00"), &assigned);
        self.enter(&on(10, "11:00"), &published("record", record.digest()));

        let (plan, first) = (sealed.plan(), record.teams.clone());
        let mut away: Vec<Away> = Vec::new();
        for place in [3, 7] {
            let out = first.visits[place].posts[0].officers[0].id.clone();
            let dates = plan.policy().window;
            if away.iter().any(|gone| gone.id == out) {
                continue;
            }
            let entered = json!({"kind": "dropped_out", "approval": approval("authority"), "dates": dates,
                                 "draw": draw, "evidence": hex(4), "out": out, "reason": "ill"});
            let entry = self.enter(&on(11, "08:00"), &entered);
            away.push(Away { dates, id: out.clone(), unit: None });
            let change = Change { away: away.clone(), dates, out, settled: Vec::new(), unit: None };
            let found = plan.reassign(&first, &teams, &change, &record.seed).unwrap();
            let moves = found.moves();
            teams = found.teams;
            self.enter(
                &on(11, "08:00"),
                &json!({"kind": "reassigned", "approval": approval("authority"), "draw": draw, "entry": entry,
                        "moves": moves, "visits": commit(&teams)}),
            );
        }
        let closed: Vec<UnitId> = first.visits.iter().skip(50).step_by(100).map(|v| v.unit.clone()).collect();
        let mut used = BTreeSet::new();
        for unit in closed {
            let Some(Reserve::Unit(by)) = next_reserve(&record.table, &whole, &unit, &used) else { continue };
            let found = teams.relocated(plan, &first, &away, (&unit, &by), &record.seed).unwrap();
            teams = found.teams;
            let mut entry = json!({"kind": "replaced", "approval": approval("authority"), "by": by,
                "date": format!("{}-11", month(draw)), "draw": draw, "evidence": hex(3), "reason": "closed",
                "unit": unit, "visits": commit(&teams)});
            if found.passed > 0 {
                entry["passed"] = json!(found.passed);
            }
            used.insert(by.clone());
            self.enter(&on(11, "09:00"), &entry);
        }
        let row = |(place, visit): (usize, &double_random::assign::Visit)| {
            let (day, unit) = (12 + place * 15 / teams.visits.len(), &visit.unit);
            let date = format!("{}-{day:02}", month(draw));
            let people = visit.posts.iter().flat_map(|post| &post.officers);
            let team: BTreeSet<&InspectorId> = people.map(|officer| &officer.id).collect();
            let entry = if place % 33 == 5 || team.is_empty() {
                json!({"kind": "missed", "approval": approval("authority"), "date": date, "draw": draw,
                       "evidence": hex(2), "reason": "closed", "unit": unit})
            } else {
                json!({"kind": "visited", "date": date, "draw": draw, "items": ["air", "licence", "staff", "waste"],
                       "result": "passed", "team": team, "unit": unit})
            };
            (Instant::parse(&format!("{date}T18:00:00Z")).unwrap(), content(&entry))
        };
        let results = teams.visits.iter().enumerate().map(row).collect();
        let evidence = crate::evidence(&sealed, &record);
        let known = DrawEvidence { record: Some(record), drawn: Some(document), evidence };
        self.evidence.draws.insert((draw, 1), known);
        results
    }

    /// Corrects the day of every fiftieth visit of a draw, and takes one of five hundred back and enters it
    /// once more.
    fn correct(&mut self, draw: u64) {
        let visits = self.ledger.state().visits().step_by(50);
        let visits = visits.map(|(number, visit)| (number, serde_json::to_value(visit).unwrap()));
        let visits: Vec<(u64, Value)> = visits.filter(|(_, visit)| visit["draw"] == draw).collect();
        for (place, (number, mut visit)) in visits.into_iter().enumerate() {
            let unit = visit["unit"].clone();
            visit["date"] = json!(format!("{}-26", month(draw)));
            let mut entries = vec![visit];
            if place % 10 == 9 {
                entries.insert(0, json!({"kind": "withdrawn", "draw": draw, "unit": unit}));
            }
            for entry in entries {
                let amended = json!({"kind": "amended", "amends": number, "approval": approval("authority"),
                                     "entry": entry, "evidence": hex(5), "reason": "clerical"});
                self.enter(&format!("{}-28T09:00:00Z", month(draw)), &amended);
            }
        }
    }

    /// Corrections of the days of so many entries about visits, from the whole year.
    pub fn corrections(&self, count: usize) -> Vec<(Instant, Content)> {
        let (at, all) =
            (self.ledger.state().last_at().unwrap(), self.ledger.state().visits().collect::<Vec<_>>());
        let chosen = all.iter().step_by((all.len() / count).max(1)).take(count);
        let correct = |(number, visit): &(u64, &double_random::ledger::Correction)| {
            let mut entry = serde_json::to_value(visit).unwrap();
            let month = entry["date"].as_str().unwrap()[..8].to_owned();
            entry["date"] = json!(format!("{month}27"));
            let amended = json!({"kind": "amended", "amends": number, "entry": entry, "reason": "clerical",
                                 "approval": approval("authority"), "evidence": hex(5)});
            (at, content(&amended))
        };
        chosen.map(correct).collect()
    }

    /// The documents of the draws, for the fold.
    pub fn document(&self, draw: u64, attempt: u64) -> Option<&DrawnDocument> {
        self.evidence.draws.get(&(draw, attempt))?.drawn.as_ref()
    }

    /// Writes the folder that the verifiers read, with everything that an auditor has.
    #[expect(clippy::disallowed_methods, reason = "the example writes what the kit makes; no test does")]
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("ledger.jsonl"), self.ledger.to_jsonl())?;
        for ((draw, attempt), known) in &self.evidence.draws {
            let home = folder.join(format!("draws/{draw}.{attempt}"));
            std::fs::create_dir_all(&home)?;
            let (record, given) = (known.record.as_ref().unwrap(), &known.evidence);
            std::fs::write(home.join("record.json"), record.to_json())?;
            std::fs::write(home.join("drawn.json"), known.drawn.as_ref().unwrap().to_json())?;
            std::fs::write(home.join("seal.json"), record.seal.to_json())?;
            std::fs::write(home.join("beacon.json"), encode(&record.beacon).unwrap())?;
            let ((frame, key), (roster, _)) = (given.frame.as_ref().unwrap(), given.roster.as_ref().unwrap());
            std::fs::write(home.join("frame.json"), frame.to_json(key))?;
            std::fs::write(home.join("roster.json"), roster.to_json(key))?;
            std::fs::write(home.join("cycle.json"), given.cycle.as_ref().unwrap().0.to_json(key))?;
        }
        Ok(())
    }
}
