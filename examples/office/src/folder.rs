//! A published ledger as a folder: `ledger.jsonl`, `checkpoints/*.txt`, `cycle.json` where the ledger begins
//! in mid-year, `pack.json` and `programme.json` where policies follow from them, `dossier-*.json` as the
//! dossier stands now, and `draws/<draw>.<attempt>/` with `record.json`, `seal.json`, `beacon.json`,
//! `frame.json`, `registers.json`, `roster.json`, `cycle.json`, `drawn.json`, `dossier.json`, `contents.jsonl`, each only if
//! it is known.
//! `beacon.json` is its author's copy; what the checker brings himself is evidence (`obtain`).

use crate::disk::{listed, name};
use crate::obtain::Brought;
use crate::problem::{Finding, FindingCode};
use crate::say;
use double_random::calendar::Instant;
use double_random::disclosure::DrawnDocument;
use double_random::dossier::Dossier;
use double_random::ledger::{self, Attempt, Line, State};
use double_random::note::Note;
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random::register::RegisterKeys;
use double_random::seal::Seal;
use double_random::verify::{DrawEvidence, LedgerEvidence, OriginEvidence, OriginReport, origin};
use double_random::{BeaconValue, Cycle, Evidence, Frame, Record, Roster};
use double_random_support::files::{self, Failure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Reads a document of a known form.
pub fn document<T, E: Into<Failure>>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<T, Failure> {
    files::about(&path.display().to_string(), parse(&files::published(path)?))
}

/// Reads a checkpoint.
pub fn note(path: &Path) -> Result<Note, Failure> {
    document(path, |bytes| -> Result<Note, Failure> { Ok(Note::parse(std::str::from_utf8(bytes)?)?) })
}

/// The same as [`document`] if it is there.
pub fn optional<T, E: Into<Failure>>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<Option<T>, Failure> {
    if path.exists() { document(path, parse).map(Some) } else { Ok(None) }
}

/// Whether a file is the dossier as it stood after so many entries: `dossier-000123.json`.
pub(crate) fn is_dossier(name: &str) -> bool {
    name.starts_with("dossier-") && name.ends_with(".json")
}

/// The draw and attempt of a folder `<draw>.<attempt>`; other things may lie beside them.
pub(crate) fn numbers(path: &Path) -> Option<(u64, u64)> {
    let name = name(path);
    let (draw, attempt) = name.split_once('.')?;
    let numbers: (u64, u64) = (draw.parse().ok()?, attempt.parse().ok()?);
    let plain = numbers.0 > 0 && numbers.1 > 0 && name == format!("{}.{}", numbers.0, numbers.1);
    (plain && path.is_dir()).then_some(numbers)
}

/// The ledger of a folder and everything that is known of it.
pub struct Folder {
    /// The lines, closed ones with their contents where the files tell them.
    pub lines: Vec<Line>,
    /// What is known elsewhere.
    pub evidence: LedgerEvidence,
    /// The author's copies of the values of sources: they are held against the ledger, and confirm nothing.
    pub copies: BTreeMap<(u64, u64), Vec<BeaconValue>>,
    /// Where policies follow from.
    pub rules: Option<(Pack, Programme)>,
    /// The dossiers of draws, in their order.
    pub dossiers: Vec<((u64, u64), Dossier, double_random::bytes::SaltKey)>,
    /// The dossiers as they stood after so many entries, by the names of their files; the last stands now.
    pub now: Vec<(String, Dossier)>,
    /// The values that the checker brings, with the attempts that they are of; those are in `evidence`, too.
    pub brought: Vec<(Option<(u64, u64)>, Brought)>,
    /// Where it is.
    root: PathBuf,
}

impl Folder {
    /// Reads a folder. `at` is the instant of the check; that of the last entry if not given.
    pub fn read(folder: &Path, at: Option<&str>) -> Result<Self, Failure> {
        let lines = document(&folder.join("ledger.jsonl"), ledger::read)?;
        let mut checkpoints = listed(&folder.join("checkpoints"))?;
        checkpoints.retain(|path| name(path).ends_with(".txt"));
        let mut evidence = LedgerEvidence {
            checkpoints: Vec::new(),
            opening: optional(&folder.join("cycle.json"), Cycle::from_json)?,
            at: at.map(Instant::parse).transpose()?,
            ..LedgerEvidence::default()
        };
        // Whoever wrote the ledger can have written the checkpoints beside it: they can refute, and confirm
        // only under keys that the checker brings.
        for path in &checkpoints {
            evidence.checkpoints.push(note(path)?);
        }
        let text = |bytes: &[u8]| -> Result<String, Failure> { Ok(std::str::from_utf8(bytes)?.to_owned()) };
        let pack = optional(&folder.join("pack.json"), |bytes| -> Result<Pack, Failure> {
            Ok(Pack::from_json(&text(bytes)?)?)
        })?;
        let programme = optional(&folder.join("programme.json"), |bytes| -> Result<Programme, Failure> {
            Ok(Programme::from_json(&text(bytes)?)?)
        })?;
        let rules = pack.zip(programme);
        let (mut dossiers, mut copies) = (Vec::new(), BTreeMap::new());
        for path in listed(&folder.join("draws"))? {
            let Some(numbers) = numbers(&path) else { continue };
            let known = DrawEvidence {
                record: optional(&path.join("record.json"), Record::from_json)?,
                drawn: optional(&path.join("drawn.json"), DrawnDocument::from_json)?,
                evidence: Evidence {
                    seal: optional(&path.join("seal.json"), Seal::from_json)?,
                    beacon: None,
                    frame: optional(&path.join("frame.json"), Frame::from_json)?,
                    roster: optional(&path.join("roster.json"), Roster::from_json)?,
                    cycle: optional(&path.join("cycle.json"), Cycle::from_json)?,
                    registers: optional(&path.join("registers.json"), RegisterKeys::from_json)?,
                },
            };
            let copy = optional(&path.join("beacon.json"), |bytes| serde_json::from_slice(bytes))?;
            copies.extend(copy.map(|values| (numbers, values)));
            let mut published = BTreeMap::new();
            for file in listed(&path)?.into_iter().filter(|file| file.is_file()) {
                published.insert(name(&file), files::read(&file)?);
            }
            evidence.files.insert(numbers, published);
            evidence.draws.insert(numbers, known);
            if let Some((pack, _)) = &rules {
                let terms = pack.dossier_terms();
                let dossier =
                    optional(&path.join("dossier.json"), |bytes| Dossier::from_json(bytes, &terms))?;
                dossiers.extend(dossier.map(|(dossier, key)| (numbers, dossier, key)));
            }
        }
        dossiers.sort_by_key(|(numbers, ..)| *numbers);
        let mut now = Vec::new();
        if let Some((pack, _)) = &rules {
            let terms = pack.dossier_terms();
            // Their names end with the number of their entries.
            for path in listed(folder)?.into_iter().filter(|path| is_dossier(&name(path))) {
                let (dossier, _) = document(&path, |bytes| Dossier::from_json(bytes, &terms))?;
                now.push((name(&path), dossier));
            }
        }
        let lines = double_random::verify::told(&lines, &evidence.files);
        Ok(Self {
            lines,
            evidence,
            copies,
            rules,
            dossiers,
            now,
            brought: Vec::new(),
            root: folder.to_path_buf(),
        })
    }

    /// Where it is.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Draws whose policies should follow from rules that are not there, or name none.
    #[must_use]
    pub fn rules_missing(&self, state: &State) -> Vec<Finding> {
        let mut found = Vec::new();
        for (name, draw) in &self.evidence.draws {
            let Some(record) = &draw.record else { continue };
            let registered = || {
                let batch = state.attempt(name.0, name.1).and_then(Attempt::batch);
                let of_batch = |number| state.registers().iter().find(|one| one.number() == number);
                batch.and_then(|(number, _)| of_batch(number)).is_some_and(|one| one.programme().is_some())
            };
            let (code, words) = match &record.policy.origin {
                Some(_) if self.rules.is_none() => {
                    let words = say!(
                        "office.finding.no_rules",
                        "pack.json and programme.json, from which its policy follows"
                    );
                    (FindingCode::NoRules, words)
                }
                None if registered() => {
                    let words =
                        say!("office.finding.no_origin", "its policy names no rules that it follows from");
                    (FindingCode::NoOrigin, words)
                }
                _ => continue,
            };
            found.push(Finding::new(code, format!("draws/{}.{}", name.0, name.1), words));
        }
        found
    }

    /// Whether policies, signals and levels of every known record follow from pack, programme and dossier;
    /// empty where no rules are given.
    pub fn origins(&self) -> Vec<((u64, u64), OriginReport)> {
        let Some((pack, programme)) = &self.rules else { return Vec::new() };
        let mut reports = Vec::new();
        for (name, draw) in &self.evidence.draws {
            let Some(record) = &draw.record else { continue };
            // A policy that the office wrote by hand claims no origin.
            if record.policy.origin.is_none() {
                continue;
            }
            let place = self.dossiers.iter().position(|(known, ..)| known == name);
            let own = place.and_then(|place| self.dossiers.get(place));
            let earlier =
                place.and_then(|place| place.checked_sub(1)).and_then(|place| self.dossiers.get(place));
            let evidence = OriginEvidence {
                pack: Some(pack),
                programme: Some(programme),
                dossier: own.map(|(_, dossier, key)| (dossier, key)),
                earlier: earlier.map(|(_, dossier, _)| dossier),
                frame: draw.evidence.frame.as_ref().map(|(frame, _)| frame),
            };
            reports.push((*name, origin(&record.policy, &evidence)));
        }
        reports
    }

    /// The name of the ledger in its checkpoints.
    pub fn origin(&self) -> Option<String> {
        match &self.lines.first()?.entry().entry {
            ledger::Content::Opened(opened) => {
                Some(double_random::note::origin(&opened.authority, &opened.scope))
            }
            _ => None,
        }
    }
}
