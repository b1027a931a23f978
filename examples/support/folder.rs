//! A published ledger as a folder: `ledger.jsonl`, `checkpoints/*.txt`, `cycle.json` where the ledger begins in mid-year, `pack.json` and
//! `programme.json` where policies follow from them, and `draws/<draw>.<attempt>/` with `record.json`, `seal.json`, `beacon.json`, `frame.json`,
//! `roster.json`, `cycle.json`, `drawn.json`, `dossier.json`, each only if it is known.

use super::office::{self, Failure};
use double_random::calendar::Instant;
use double_random::disclosure::DrawnDocument;
use double_random::dossier::Dossier;
use double_random::ledger::{self, Line};
use double_random::note::Note;
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random::seal::Seal;
use double_random::verify::{DrawEvidence, LedgerEvidence, OriginEvidence, OriginReport, Verdict, origin};
use double_random::{Cycle, Evidence, Frame, Record, Roster};
use std::path::{Path, PathBuf};

/// Reads a document of a known form.
pub fn document<T, E: Into<Failure>>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<T, Failure> {
    office::about(&path.display().to_string(), parse(&office::read(path)?))
}

/// The same if it is there.
pub fn optional<T, E: Into<Failure>>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<Option<T>, Failure> {
    if path.exists() { document(path, parse).map(Some) } else { Ok(None) }
}

/// What is in a folder, by name, ascending.
pub fn listed(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let read = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = read.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Failure>>()?;
    paths.sort();
    Ok(paths)
}

/// The ledger of a folder and everything that is known of it.
pub struct Folder {
    /// The lines.
    pub lines: Vec<Line>,
    /// What is known elsewhere.
    pub evidence: LedgerEvidence,
    /// Where policies follow from.
    pub rules: Option<(Pack, Programme)>,
    /// The dossiers of draws, in their order.
    pub dossiers: Vec<((u64, u64), Dossier, double_random::bytes::SaltKey)>,
}

impl Folder {
    /// Reads a folder. `at` is the instant of the check; that of the last entry if not given.
    pub fn read(folder: &Path, at: Option<&str>) -> Result<Self, Failure> {
        let lines = document(&folder.join("ledger.jsonl"), ledger::read)?;
        let note = |bytes: &[u8]| -> Result<Note, Failure> { Ok(Note::parse(std::str::from_utf8(bytes)?)?) };
        let checkpoints = listed(&folder.join("checkpoints"))?;
        let mut evidence = LedgerEvidence {
            checkpoints: checkpoints.iter().map(|path| document(path, note)).collect::<Result<_, _>>()?,
            opening: optional(&folder.join("cycle.json"), Cycle::from_json)?,
            at: at.map(Instant::parse).transpose()?,
            ..LedgerEvidence::default()
        };
        let text = |bytes: &[u8]| -> Result<String, Failure> { Ok(std::str::from_utf8(bytes)?.to_owned()) };
        let pack = optional(&folder.join("pack.json"), |bytes| -> Result<Pack, Failure> {
            Ok(Pack::from_json(&text(bytes)?)?)
        })?;
        let programme = optional(&folder.join("programme.json"), |bytes| -> Result<Programme, Failure> {
            Ok(Programme::from_json(&text(bytes)?)?)
        })?;
        let rules = pack.zip(programme);
        let mut dossiers = Vec::new();
        for path in listed(&folder.join("draws"))? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let numbers = name
                .split_once('.')
                .and_then(|(draw, attempt)| Some((draw.parse().ok()?, attempt.parse().ok()?)));
            let numbers: (u64, u64) = numbers.ok_or(format!("{}: not <draw>.<attempt>", path.display()))?;
            let known = DrawEvidence {
                record: optional(&path.join("record.json"), Record::from_json)?,
                drawn: optional(&path.join("drawn.json"), DrawnDocument::from_json)?,
                evidence: Evidence {
                    seal: optional(&path.join("seal.json"), Seal::from_json)?,
                    beacon: optional(&path.join("beacon.json"), |bytes| serde_json::from_slice(bytes))?,
                    frame: optional(&path.join("frame.json"), Frame::from_json)?,
                    roster: optional(&path.join("roster.json"), Roster::from_json)?,
                    cycle: optional(&path.join("cycle.json"), Cycle::from_json)?,
                },
            };
            evidence.draws.insert(numbers, known);
            if let Some((pack, _)) = &rules {
                let terms = pack.dossier_terms();
                let dossier =
                    optional(&path.join("dossier.json"), |bytes| Dossier::from_json(bytes, &terms))?;
                dossiers.extend(dossier.map(|(dossier, key)| (numbers, dossier, key)));
            }
        }
        dossiers.sort_by_key(|(numbers, ..)| *numbers);
        Ok(Self { lines, evidence, rules, dossiers })
    }

    /// Whether policies, signals and levels of every known record follow from pack, programme and dossier; empty where no rules are given.
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
}

/// The worst of several verdicts; self-consistent where there are none.
pub fn worst(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Confirmed => 0,
        Verdict::Refuted => 2,
        _ => 1,
    };
    verdicts.into_iter().max_by_key(rank).unwrap_or(Verdict::SelfConsistent)
}
