//! One city's year, from its rule pack and its programme to verified records: what the example `five_cities`
//! runs and the tests look at. What visits find, and which are not made, is constructed (a hash of task,
//! batch and unit); everything else is the library.

use double_random::bytes::{Digest, SaltKey};
use double_random::calendar::{Date, Instant};
use double_random::cycle::CoverageReport;
use double_random::dossier::{Dossier, DossierEntry, ResultKind};
use double_random::frame::UnitRow;
use double_random::id::{Code, UnitId};
use double_random::pack::Pack;
use double_random::programme::{Answer, DrawnTask, Findings, MergedVisit, Programme, VisitOutcome};
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use double_random::seal::Secret;
use double_random::verify::{OriginEvidence, OriginReport, Report, origin};
use double_random::{
    BeaconValue, Cycle, Evidence, Frame, InspectorId, Plan, Policy, Record, Roster, SealTerms, verify,
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

/// The five cities of the rule packs.
pub const CITIES: [&str; 5] = ["songjiang", "yancheng", "hangzhou", "suzhou", "quanzhou"];

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Everything that a city's year starts from.
pub struct City {
    pub code: String,
    pub pack: Pack,
    pub programme: Programme,
    pub rows: Vec<UnitRow>,
    pub officers: Vec<InspectorRow>,
    pub experts: Vec<ExpertRow>,
    pub recusals: Vec<RecusalRow>,
    /// What was known before the year.
    pub entries: Vec<DossierEntry>,
    /// How many names are real.
    pub real: usize,
}

/// One draw of the year.
pub struct Drawn {
    pub task: Code,
    pub batch: u64,
    pub drawn: Date,
    pub policy: Policy,
    pub frame: Frame,
    pub record: Record,
    pub report: Report,
    pub origin: OriginReport,
    /// The cycle of the task before the draw.
    pub before: Cycle,
    /// Signals of the dossier when the frame was made.
    pub dossier: Dossier,
    pub plan: Plan,
    pub salt: SaltKey,
}

/// A visit as it was entered.
pub struct Settled {
    pub visit: MergedVisit,
    pub date: Date,
    pub made: bool,
    pub results: BTreeSet<Code>,
    pub publish_by: Option<Date>,
    pub team: Vec<InspectorId>,
}

/// A city's year.
pub struct Year {
    pub findings: Findings,
    pub draws: Vec<Drawn>,
    pub visits: Vec<Settled>,
    pub cycles: BTreeMap<Code, Cycle>,
    pub dossier: Dossier,
    pub coverage: BTreeMap<Code, CoverageReport>,
}

fn rows(path: &Path) -> Result<Vec<BTreeMap<String, String>>> {
    let mut reader = csv::Reader::from_path(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(reader.deserialize().collect::<std::result::Result<_, _>>()?)
}

fn list(text: &str) -> Vec<String> {
    text.split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A number that depends on texts alone.
pub fn constructed(parts: &[&str]) -> u64 {
    let digest = Sha256::digest(parts.join(" "));
    u64::from_be_bytes(digest[..8].try_into().expect("eight bytes"))
}

impl City {
    /// Reads a city's pack, programme and tables from `examples`.
    pub fn read(examples: &Path, code: &str) -> Result<Self> {
        let text = |name: &str| {
            let path = examples.join("rules").join(name);
            fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
        };
        let pack =
            Pack::from_json(&text(&format!("{code}.json"))?).map_err(|e| format!("{code}.json: {e}"))?;
        let programme = Programme::from_json(&text(&format!("{code}-2026.json"))?)?;
        let data = examples.join("data").join("five_cities");
        let of_city = |name: &str| -> Result<Vec<(u64, BTreeMap<String, String>)>> {
            let rows = rows(&data.join(name))?;
            Ok((2..).zip(rows).filter(|(_, row)| row["city"] == code).collect())
        };
        let units = rows(&data.join(format!("{code}_units.csv")))?;
        let real = units.iter().filter(|row| row["real"] == "1").count();
        let unit = |(number, row): (u64, &BTreeMap<String, String>)| UnitRow {
            row: number,
            id: row["id"].clone(),
            name: row["name"].clone(),
            division: row["division"].clone(),
            kind: row["kind"].clone(),
            // The rule table gives the levels; a register that states them would be refused.
            risk: String::new(),
            credit: String::new(),
            grid: row["grid"].clone(),
            status: row["status"].clone(),
            opened: row["opened"].clone(),
            signals: list(&row["features"])
                .iter()
                .filter_map(|feature| feature.split_once(':'))
                .map(|(code, n)| (code.to_owned(), n.to_owned()))
                .collect(),
            ..UnitRow::default()
        };
        let officer = |(number, row): (u64, BTreeMap<String, String>)| InspectorRow {
            row: number,
            id: row["id"].clone(),
            name: row["name"].clone(),
            department: row["department"].clone(),
            office: row["office"].clone(),
            divisions: list(&row["divisions"]),
            qualifications: list(&row["qualifications"]),
            certified_until: row["certified_until"].clone(),
            grid: row["grid"].clone(),
            ..InspectorRow::default()
        };
        let expert = |(number, row): (u64, BTreeMap<String, String>)| ExpertRow {
            row: number,
            id: row["id"].clone(),
            name: row["name"].clone(),
            organisation: row["organisation"].clone(),
            divisions: list(&row["divisions"]),
            qualifications: list(&row["qualifications"]),
            engaged_until: row["engaged_until"].clone(),
            role: row["role"].clone(),
            ..ExpertRow::default()
        };
        let recusal = |(number, row): (u64, BTreeMap<String, String>)| RecusalRow {
            row: number,
            inspector: row["inspector"].clone(),
            unit: row["unit"].clone(),
            ground: row["ground"].clone(),
            basis: row["basis"].clone(),
        };
        let entry = |(_, row): (u64, BTreeMap<String, String>)| -> Result<DossierEntry> {
            let (date, signal) = (Date::parse(&row["date"])?, Code::parse(&row["signal"])?);
            let (source, unit) = (row["source"].clone(), UnitId::parse(&row["unit"])?);
            Ok(match row["entry"].as_str() {
                "noted" => DossierEntry::Noted { count: row["count"].parse()?, date, signal, source, unit },
                _ => DossierEntry::Cleared { date, signal, source, unit },
            })
        };
        Ok(Self {
            code: code.to_owned(),
            rows: (2..).zip(&units).map(unit).collect(),
            officers: of_city("officers.csv")?.into_iter().map(officer).collect(),
            experts: of_city("experts.csv")?.into_iter().map(expert).collect(),
            recusals: of_city("recusals.csv")?.into_iter().map(recusal).collect(),
            entries: of_city("entries.csv")?.into_iter().map(entry).collect::<Result<_>>()?,
            pack,
            programme,
            real,
        })
    }

    /// The frame of a policy, with signals and levels as the dossier and the rules give them.
    pub fn frame(&self, policy: &Policy, dossier: &Dossier) -> Result<Frame> {
        Ok(self.pack.frame(policy, dossier, self.rows.iter().cloned())?)
    }

    /// The roster of a policy: officers of its departments, experts, and the recusals of both. Whose
    /// certificate or engagement has run out does not stand on it (失效人员不纳入抽取).
    pub fn roster(&self, policy: &Policy) -> Result<Roster> {
        let as_of = policy.as_of.to_string();
        let departments: BTreeSet<&str> = policy.roster.departments.iter().map(Code::as_str).collect();
        let officers = self.officers.iter().filter(|row| departments.contains(row.department.as_str()));
        let officers: Vec<InspectorRow> =
            officers.filter(|row| row.certified_until >= as_of).cloned().collect();
        let experts = self.experts.iter().filter(|row| row.engaged_until >= as_of);
        let experts: Vec<ExpertRow> = experts.cloned().collect();
        let known: BTreeSet<String> =
            officers.iter().map(|o| o.id.clone()).chain(experts.iter().map(|e| e.id.clone())).collect();
        let recusals = self.recusals.iter().filter(|r| known.contains(&r.inspector));
        let recusals: Vec<RecusalRow> = recusals.cloned().collect();
        Ok(Roster::with_experts(officers, experts, recusals, &policy.roster, policy.as_of)?)
    }

    /// The dossier before the year.
    pub fn opening(&self) -> Result<Dossier> {
        let terms = self.pack.dossier_terms();
        Ok(Dossier::replay(&terms, self.entries.iter().cloned())
            .map_err(|(place, e)| format!("entry {}: {e}", place + 1))?)
    }

    /// The check of the programme on the frame of its first draw.
    pub fn check(&self) -> Result<Findings> {
        let first = self.programme.tasks.first().ok_or("no tasks")?;
        let policy = self.programme.policy(&self.pack, &first.code, 1, None)?;
        Ok(self.programme.check(&self.pack, &self.frame(&policy, &self.opening()?)?))
    }

    /// Runs the year: draws in the order of their days, visits settled as their windows close.
    pub fn year(&self) -> Result<Year> {
        let mut run = Run {
            city: self,
            salt: SaltKey::new(Sha256::digest(format!("salt {}", self.code)).into()),
            dossier: self.opening()?,
            cycles: self.programme.tasks.iter().map(|task| (task.code.clone(), Cycle::default())).collect(),
            previous: BTreeMap::new(),
            draws: Vec::new(),
            waiting: BTreeSet::new(),
            visits: Vec::new(),
        };
        let mut dates: Vec<(Date, usize, u64)> = Vec::new();
        for (place, task) in self.programme.tasks.iter().enumerate() {
            dates.extend((1..).zip(&task.batches).map(|(batch, b)| (b.drawn, place, batch)));
        }
        dates.sort_unstable();
        for (_, place, batch) in dates {
            let task = &self.programme.tasks[place];
            let number = usize::try_from(batch - 1)?;
            run.settle(Some(task.batches[number].as_of))?;
            run.draw(&task.code, batch)?;
        }
        run.settle(None)?;
        let mut coverage = BTreeMap::new();
        for (task, cycle) in &run.cycles {
            let last =
                run.draws.iter().rev().find(|drawn| drawn.task == *task).ok_or("a task without draws")?;
            coverage.insert(task.clone(), cycle.coverage(&last.frame, &last.policy));
        }
        let Run { dossier, cycles, draws, visits, .. } = run;
        Ok(Year { findings: self.check()?, draws, visits, cycles, dossier, coverage })
    }
}

struct Run<'a> {
    city: &'a City,
    salt: SaltKey,
    dossier: Dossier,
    cycles: BTreeMap<Code, Cycle>,
    previous: BTreeMap<Code, Digest>,
    draws: Vec<Drawn>,
    /// Visits that are still to be made: task, batch, unit.
    waiting: BTreeSet<(Code, u64, UnitId)>,
    visits: Vec<Settled>,
}

impl Run<'_> {
    fn draw(&mut self, task: &Code, batch: u64) -> Result<()> {
        let City { pack, programme, .. } = self.city;
        let suite = programme.terms.suite;
        let digest = self.dossier.digest(suite, &self.salt);
        let policy = programme.policy(pack, task, batch, Some(digest))?;
        let frame = self.city.frame(&policy, &self.dossier)?;
        let roster = self.city.roster(&policy)?;
        let before = self.cycles[task].clone();
        let plan = Plan::new(frame.clone(), roster.clone(), policy.clone(), before.clone())
            .map_err(|e| format!("{task} {batch}: {e}"))?;
        // In earnest the operating system draws the secret of a draw that is not announced; here it is a hash.
        let words = ["secret", &self.city.code, task.as_str(), &batch.to_string()].join(" ");
        let secret = policy.disclosure.reveal_by().map(|_| Secret::new(Sha256::digest(words).into()));
        let sealed = plan.clone().seal(SealTerms {
            sequence: batch,
            attempt: 1,
            sealed_at: Instant::parse(&format!("{}T00:00:00Z", policy.as_of))?,
            previous: self.previous.get(task).copied().unwrap_or(Digest::ZERO),
            salt_key: self.salt.clone(),
            secret,
        })?;
        // In earnest a notary throws them; here they are a hash, and labelled so.
        let throws: String = (0..40)
            .map(|n| {
                (constructed(&["dice", &self.city.code, task.as_str(), &batch.to_string(), &n.to_string()])
                    % 10)
                    .to_string()
            })
            .collect();
        let source = policy.beacon.sources[0].id().to_string();
        let values: Vec<BeaconValue> =
            serde_json::from_value(serde_json::json!([{ "source": source, "value": throws }]))?;
        let seed = sealed.seed(&values)?;
        let sample = seed.draw();
        let event = sample.drawn();
        let record = sample.assign().record();
        let evidence = Evidence {
            seal: Some(sealed.seal().clone()),
            beacon: Some(values),
            frame: Some((frame.clone(), self.salt.clone())),
            roster: Some((roster, self.salt.clone())),
            cycle: Some((before.clone(), self.salt.clone())),
            registers: None,
        };
        let report = verify(&record, &evidence);
        let origin = origin(
            &record.policy,
            &OriginEvidence {
                pack: Some(pack),
                programme: Some(programme),
                dossier: Some((&self.dossier, &self.salt)),
                earlier: self.draws.last().map(|draw| &draw.dossier),
                frame: Some(&frame),
            },
        );
        self.cycles.get_mut(task).ok_or("no cycle")?.apply(&event)?;
        self.previous.insert(task.clone(), record.digest());
        let units = record.teams.visits.iter().map(|visit| (task.clone(), batch, visit.unit.clone()));
        self.waiting.extend(units);
        let drawn = policy_date(programme, task, batch)?;
        let dossier = self.dossier.clone();
        self.draws.push(Drawn {
            task: task.clone(),
            batch,
            drawn,
            policy,
            frame,
            record,
            report,
            origin,
            before,
            dossier,
            plan,
            salt: self.salt.clone(),
        });
        Ok(())
    }

    /// Enters the visits of all draws whose windows have closed before a day; of all draws without one.
    fn settle(&mut self, before: Option<Date>) -> Result<()> {
        let City { pack, programme, .. } = self.city;
        let Some(last) = self.draws.last() else { return Ok(()) };
        let mut waiting: BTreeMap<(Code, u64), Vec<UnitId>> = BTreeMap::new();
        for (task, batch, unit) in &self.waiting {
            waiting.entry((task.clone(), *batch)).or_default().push(unit.clone());
        }
        let waiting: Vec<DrawnTask> =
            waiting.into_iter().map(|((task, batch), units)| DrawnTask { batch, task, units }).collect();
        let merged = programme.visits(pack, &last.frame, &waiting)?;
        for visit in merged.iter().filter(|visit| before.is_none_or(|day| visit.window.to() < day)) {
            self.enter(visit)?;
            for draw in &visit.draws {
                self.waiting.remove(&(draw.task.clone(), draw.batch, visit.unit.clone()));
            }
        }
        Ok(())
    }

    /// Enters one visit: the form answered, the cycles and the dossier moved on.
    fn enter(&mut self, visit: &MergedVisit) -> Result<()> {
        let City { pack, programme, code, .. } = self.city;
        let draws: BTreeMap<Code, u64> =
            visit.draws.iter().map(|draw| (draw.task.clone(), draw.batch)).collect();
        let mut team: Vec<InspectorId> = Vec::new();
        for draw in self.draws.iter().filter(|draw| draws.get(&draw.task) == Some(&draw.batch)) {
            let Some(own) = draw.record.teams.visits.iter().find(|v| v.unit == visit.unit) else { continue };
            for post in &own.posts {
                let goes = |team: &double_random::programme::TaskTeam| {
                    team.task == draw.task && team.department == post.department
                };
                if visit.departments.iter().any(goes) {
                    team.extend(post.officers.iter().map(|officer| officer.id.clone()));
                }
            }
            if visit.experts.contains(&draw.task) {
                team.extend(
                    own.experts.iter().flat_map(|post| &post.experts).map(|expert| expert.id.clone()),
                );
            }
        }
        let window = visit.window;
        let days = u64::try_from(window.to().days_since(window.from()))? + 1;
        let chance = |what: &str| {
            constructed(&[
                what,
                code,
                &format!("{:?}", visit.draws),
                visit.unit.as_str(),
                &window.from().to_string(),
            ])
        };
        let date = window.from().plus_days(i64::try_from(chance("day") % days)?).ok_or("no such day")?;
        let of_kind = |kind: ResultKind| pack.results.iter().filter(move |r| r.kind == kind);
        let pick = |kind: ResultKind, chance: u64| {
            let count = u64::try_from(of_kind(kind).count()).unwrap_or(1).max(1);
            of_kind(kind).nth(usize::try_from(chance % count).unwrap_or(0)).map(|r| r.code.clone())
        };
        // 4 % cannot be made; of the others an item in twelve shows something.
        let made = chance("made") % 100 >= 4;
        let made = if made && !visit.form.lines.is_empty() {
            let answer = |line: &double_random::pack::FormLine| {
                let found =
                    constructed(&["found", code, line.item.as_str(), visit.unit.as_str(), &date.to_string()]);
                let kind = if found.is_multiple_of(12) { ResultKind::Fail } else { ResultKind::Pass };
                pick(kind, found / 12).map(|result| Answer { item: line.item.clone(), result })
            };
            let answers: Option<Vec<Answer>> = visit.form.lines.iter().map(answer).collect();
            VisitOutcome::Made { answers: answers.ok_or("a pack without results")?, team: team.clone() }
        } else {
            VisitOutcome::Unmade { result: pick(ResultKind::Unmade, chance("why")).ok_or("no such result")? }
        };
        let was_made = matches!(made, VisitOutcome::Made { .. });
        let follow = programme.follow(pack, &visit.form, &draws, date, made)?;
        for (task, event) in &follow.events {
            let cycle = self.cycles.get_mut(task).ok_or("no cycle")?;
            cycle.apply(event).map_err(|e| format!("{task}: {e}"))?;
        }
        let DossierEntry::Result { results, .. } = &follow.entry else { return Err("no result".into()) };
        let results = results.iter().cloned().collect();
        self.dossier.enter(&pack.dossier_terms(), follow.entry.clone())?;
        let (visit, publish_by) = (visit.clone(), follow.publish_by);
        self.visits.push(Settled { visit, date, made: was_made, results, publish_by, team });
        Ok(())
    }
}

fn policy_date(programme: &Programme, task: &Code, batch: u64) -> Result<Date> {
    let task = programme.task(task).ok_or("no such task")?;
    Ok(task.batches.get(usize::try_from(batch - 1)?).ok_or("no such batch")?.drawn)
}
