//! Loads what an office has, and writes what it publishes: whole files or none.

use super::sheet::Sheet;
use super::table;
use double_random::bytes::{Digest, SaltKey};
use double_random::calendar::Instant;
use double_random::policy::Billionths;
use double_random::roster::RosterRule;
use double_random::seal::{Seal, SealTerms, Sealed, Secret};
use double_random::table::Problem;
use double_random::{Cycle, Frame, Plan, Policy, Roster, Verdict};
use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Any failure, in words.
pub type Failure = Box<dyn Error>;

/// The shipped demonstration: real names, constructed everything else.
pub mod demo {
    /// Policy of the demonstration.
    pub const POLICY: &str = include_str!("../../data/quanzhou_policy.json");
    /// Institutions.
    pub const UNITS: &[u8] = include_bytes!("../../data/quanzhou_units.csv");
    /// Officers.
    pub const OFFICERS: &[u8] = include_bytes!("../../data/quanzhou_officers.csv");
    /// Recusals.
    pub const RECUSALS: &[u8] = include_bytes!("../../data/quanzhou_recusals.csv");
    /// The year so far.
    pub const CYCLE: &[u8] = include_bytes!("../../data/quanzhou_cycle.csv");
    /// What the beacon said.
    pub const BEACON: &[u8] = include_bytes!("../../data/quanzhou_beacon.json");
    /// When the demonstration is sealed.
    pub const SEALED_AT: &str = "2023-08-22T08:00:00Z";
    /// A salt key known to everybody: right for a demonstration, wrong for everything else.
    pub const SALT_KEY: [u8; 32] = [0x5a; 32];
}

/// The exit status of a program that either did its work or says why not.
pub fn finish(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}

/// Runs a program that judges something: 0 confirmed, 1 refuted, 2 self-consistent only, 3 unusable input, 64 wrong usage.
pub fn judge<A: clap::Parser>(run: impl FnOnce(&A) -> Result<Verdict, Failure>) -> ExitCode {
    let args = match A::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    match run(&args) {
        Ok(Verdict::Confirmed) => ExitCode::SUCCESS,
        Ok(Verdict::Refuted) => ExitCode::from(1),
        Ok(Verdict::SelfConsistent) => ExitCode::from(2),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}

/// Reads a file, naming it when that fails.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|e| format!("{}: {e}", path.display()).into())
}

/// Prefixes an error with the file it is about.
pub fn about<T, E: Into<Failure>>(file: &str, result: Result<T, E>) -> Result<T, Failure> {
    result.map_err(|e| format!("{file}: {}", e.into()).into())
}

/// The tables of an office as they came.
pub struct Tables<'a> {
    /// Policy text.
    pub policy: &'a str,
    /// Institutions and where they came from.
    pub units: (&'a str, &'a [u8]),
    /// Officers.
    pub officers: (&'a str, &'a [u8]),
    /// Experts and third parties, if any.
    pub experts: Option<(&'a str, &'a [u8])>,
    /// Recusals, if any.
    pub recusals: Option<(&'a str, &'a [u8])>,
    /// The year so far, if any.
    pub cycle: Option<(&'a str, &'a [u8])>,
}

impl Tables<'_> {
    /// Reads all tables and makes the plan. Problems of all tables are reported together.
    pub fn plan(&self) -> Result<(Plan, Vec<String>), Failure> {
        let policy = about("policy", Policy::from_json(self.policy))?;
        let mut notes = Vec::new();
        let mut problems = Vec::new();
        let frame = keep(self.units, &mut notes, &mut problems, |bytes| {
            let (rows, notes, places) = table::units(bytes, &policy)?;
            let frame = Frame::new(rows, &policy.frame, policy.as_of).map_err(|e| places.tell_all(&e))?;
            Ok((frame, notes))
        });
        let recusals = self.recusals.and_then(|given| {
            keep(given, &mut notes, &mut problems, |bytes| {
                let (rows, notes, places) = table::recusals(bytes, &policy)?;
                Ok(((rows, places), notes))
            })
        });
        let experts = self.experts.and_then(|given| {
            keep(given, &mut notes, &mut problems, |bytes| {
                let (rows, notes, places) = table::experts(bytes, &policy)?;
                Ok(((rows, places), notes))
            })
        });
        let roster = keep(self.officers, &mut notes, &mut problems, |bytes| {
            let (rows, notes, places) = table::inspectors(bytes, &policy)?;
            let (recusals, barred) = recusals.clone().unwrap_or_default();
            let (experts, guests) = experts.clone().unwrap_or_default();
            // A roster is three tables; the library says by the field's prefix in which of them a row stands.
            let tell = |problem: &Problem<RosterRule>| match problem.field.split_once('.') {
                Some(("expert", _)) => format!("{}: {}", file(self.experts), guests.tell(problem)),
                Some(("recusal", _)) => format!("{}: {}", file(self.recusals), barred.tell(problem)),
                _ => places.tell(problem),
            };
            let roster = Roster::with_experts(rows, experts, recusals, &policy.roster, policy.as_of);
            let roster =
                roster.map_err(|e| e.as_slice().iter().map(tell).collect::<Vec<_>>().join("\n  "))?;
            Ok((roster, notes))
        });
        let cycle = self.cycle.map_or(Some(Cycle::default()), |given| {
            keep(given, &mut notes, &mut problems, |bytes| {
                // The state of the year as the library keeps it, or a table of the office.
                if bytes.starts_with(b"{") {
                    return Ok((Cycle::from_json(bytes)?.0, Vec::new()));
                }
                let (rows, notes, _) = table::standings(bytes, &policy)?;
                // A table does not say which share of the year is over: what the policy leaves to come is believed.
                let spent = Billionths::new(Billionths::ONE.get() - policy.round().rest.get())?;
                Ok((Cycle::new(spent, rows)?, notes))
            })
        });
        match (frame, roster, cycle) {
            (Some(frame), Some(roster), Some(cycle)) if problems.is_empty() => {
                Ok((Plan::new(frame, roster, policy, cycle)?, notes))
            }
            _ => Err(problems.join("\n").into()),
        }
    }
}

/// The name of a file that may not have been given.
fn file<'a>(given: Option<(&'a str, &'a [u8])>) -> &'a str {
    given.map_or("", |(file, _)| file)
}

/// Runs one reader, keeping its notes or its problems under the file's name.
fn keep<T>(
    (file, bytes): (&str, &[u8]),
    notes: &mut Vec<String>,
    problems: &mut Vec<String>,
    read: impl FnOnce(&[u8]) -> Result<(T, Vec<String>), Failure>,
) -> Option<T> {
    match read(bytes) {
        Ok((value, found)) => {
            notes.extend(found.into_iter().map(|note| format!("{file}: {note}")));
            Some(value)
        }
        Err(error) => {
            problems.push(format!("{file}: {error}"));
            None
        }
    }
}

/// What the office should know before it seals: what cannot be staffed whatever the seed, and rules that concern nobody.
pub fn warnings(plan: &Plan) -> Vec<String> {
    let short =
        plan.capacity().into_iter().filter(|capacity| capacity.shortfall() > 0).map(|c| c.to_string());
    let idle = plan.idle_rules().into_iter().map(|rule| rule.to_string());
    let understaffed = plan.understaffed().into_iter().map(|post| post.to_string());
    short.chain(understaffed).chain(idle).collect()
}

/// The demonstration, planned.
pub fn demo_plan() -> Result<(Plan, Vec<String>), Failure> {
    let tables = Tables {
        policy: demo::POLICY,
        units: ("quanzhou_units.csv", demo::UNITS),
        officers: ("quanzhou_officers.csv", demo::OFFICERS),
        experts: None,
        recusals: Some(("quanzhou_recusals.csv", demo::RECUSALS)),
        cycle: Some(("quanzhou_cycle.csv", demo::CYCLE)),
    };
    tables.plan()
}

/// The demonstration's terms. Its salt key is known to everybody.
pub fn demo_terms() -> Result<SealTerms, Failure> {
    Ok(SealTerms {
        sequence: 1,
        attempt: 1,
        sealed_at: Instant::parse(demo::SEALED_AT)?,
        previous: Digest::ZERO,
        salt_key: SaltKey::new(demo::SALT_KEY),
        secret: None,
    })
}

/// Opens what `seal` has written the day before, and insists that it still gives the published seal.
pub fn reopen(folder: &Path) -> Result<Sealed, Failure> {
    let (public, auditor) = (folder.join("public"), folder.join("auditor"));
    let seal = about("public/seal.json", Seal::from_json(&read(&public.join("seal.json"))?))?;
    let policy = String::from_utf8(read(&public.join("policy.json"))?)?;
    let policy = about("public/policy.json", Policy::from_json(&policy))?;
    let frame = about("auditor/frame.json", Frame::from_json(&read(&auditor.join("frame.json"))?))?;
    let roster = about("auditor/roster.json", Roster::from_json(&read(&auditor.join("roster.json"))?))?;
    let cycle = about("auditor/cycle.json", Cycle::from_json(&read(&auditor.join("cycle.json"))?))?;
    let secret = match seal.secret {
        Some(_) => Some(about(
            "auditor/secret.json",
            serde_json::from_slice::<Secret>(&read(&auditor.join("secret.json"))?),
        )?),
        None => None,
    };
    let reopened = Sealed::reopen(&seal, policy, frame, roster, cycle, secret);
    Ok(reopened.map_err(|error| format!("{}: {error}", folder.display()))?)
}

/// Files to be written together.
#[derive(Default)]
pub struct Files(Vec<(PathBuf, Vec<u8>)>);

impl Files {
    /// Adds a file by its path inside the folder.
    pub fn add(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.0.push((path.into(), content.into()));
    }

    /// Adds all files of a collection inside a folder.
    pub fn under(&mut self, folder: &str, files: Self) {
        self.0.extend(files.0.into_iter().map(|(path, content)| (Path::new(folder).join(path), content)));
    }

    /// Adds a table that Excel opens: UTF-8 with byte order mark.
    pub fn add_csv(&mut self, path: &str, header: &[&str], rows: Vec<Vec<String>>) -> Result<(), Failure> {
        self.add(path, Sheet::new(path, header, rows).to_csv_lf());
        Ok(())
    }

    /// Writes all files, or none. A file that is there already with the same bytes stays; one with other bytes is never overwritten,
    /// because a sealed or drawn document has only one content.
    pub fn write(self, folder: &Path) -> Result<(), Failure> {
        for (path, content) in &self.0 {
            match fs::read(folder.join(path)) {
                Ok(there) if &there == content => {}
                Ok(_) => {
                    let path = folder.join(path);
                    return Err(format!(
                        "{} exists and differs; nothing was written. Choose another --out",
                        path.display()
                    )
                    .into());
                }
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(format!("{}: {e}", folder.join(path).display()).into()),
            }
        }
        let named = |e: io::Error| format!("{}: {e}; nothing was written", folder.display());
        fs::create_dir_all(folder).map_err(named)?;
        // Everything is on the disk before the first file takes its name.
        let stage = tempfile::Builder::new().prefix(".partial-").tempdir_in(folder).map_err(named)?;
        for (number, (_, content)) in self.0.iter().enumerate() {
            let path = stage.path().join(number.to_string());
            fs::write(&path, content).map_err(named)?;
            fs::File::open(&path).and_then(|file| file.sync_all()).map_err(named)?;
        }
        for (path, _) in &self.0 {
            if let Some(parent) = folder.join(path).parent() {
                fs::create_dir_all(parent).map_err(named)?;
            }
        }
        for (number, (path, _)) in self.0.iter().enumerate() {
            fs::rename(stage.path().join(number.to_string()), folder.join(path)).map_err(named)?;
        }
        Ok(())
    }
}

/// What is written when a plan is sealed: what to publish, and what to keep for the auditor.
pub fn sealed_files(sealed: &Sealed) -> Result<Files, Failure> {
    let (plan, key) = (sealed.plan(), sealed.salt_key());
    let mut files = Files::default();
    files.add("public/seal.json", sealed.seal().to_json());
    files.add("public/policy.json", plan.policy().to_json()?);
    files.add("public/cells.json", double_random::bytes::encode(&plan.table())?);
    files.add("auditor/frame.json", plan.frame().to_json(key));
    files.add("auditor/roster.json", plan.roster().to_json(key));
    files.add("auditor/cycle.json", plan.cycle().to_json(key));
    let rows = plan.frame().units().iter().filter_map(|unit| {
        let why = plan.explain(&unit.id)?;
        let steps: Vec<String> = why.steps.iter().map(ToString::to_string).collect();
        let probability =
            format!("{}.{:09}", why.probability / 1_000_000_000, why.probability % 1_000_000_000);
        Some(vec![
            unit.id.to_string(),
            unit.name.clone(),
            why.path.unwrap_or_default().to_string(),
            probability,
            steps.join("; "),
        ])
    });
    files.add_csv("auditor/plan.csv", &["id", "name", "cell", "probability", "because"], rows.collect())?;
    Ok(files)
}
