//! A published ledger as a folder: `ledger.jsonl`, `checkpoints/*.txt`, `cycle.json` where the ledger begins
//! in mid-year, `pack.json` and `programme.json` where policies follow from them, `dossier-*.json` as the
//! dossier stands now, and
//! `draws/<draw>.<attempt>/` with `record.json`, `seal.json`, `beacon.json`, `frame.json`, `roster.json`,
//! `cycle.json`, `drawn.json`, `dossier.json`, each only if it is known. `index.json` names all of them.
//! People read other files there:
//! `policy.json`, `cells.json`, `sample.csv`, `teams.csv`, `visits-*.csv`, `results-*.csv`. They are held against what is
//! signed and hashed by [`Folder::tables`].

use crate::index::INDEX;
use crate::notice;
use crate::show;
use double_random::bytes::{Digest, Label, Suite};
use double_random::calendar::Instant;
use double_random::disclosure::DrawnDocument;
use double_random::dossier::Dossier;
use double_random::ledger::{self, Attempt, Content, Correction, Gone, Line, Published, State, has_digest};
use double_random::note::Note;
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random::seal::Seal;
use double_random::verify::{DrawEvidence, LedgerEvidence, OriginEvidence, OriginReport, Verdict, origin};
use double_random::{Cycle, Evidence, Frame, Record, Roster, UnitId};
use double_random_support::files::{self, Failure, defused};
use double_random_support::screen::Lang;
use std::collections::{BTreeMap, BTreeSet};
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

/// What is the matter with a file that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// It does not say what seal, record or ledger say.
    Wrong(String),
    /// Nothing that is signed or hashed says what it must hold; why, in words.
    NotChecked(String),
}

/// Documents that are read for the verification of the ledger, so that they need no look of their own.
const READ: [&str; 7] =
    ["record.json", "seal.json", "beacon.json", "frame.json", "roster.json", "cycle.json", "drawn.json"];

/// Whether a file is the dossier as it stands after so many entries: `dossier-000123.json`.
fn is_dossier(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with("dossier-") && name.ends_with(".json")
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
    /// The dossier as it stands now, if the folder has it.
    pub dossier: Option<Dossier>,
    /// Where it is.
    root: PathBuf,
}

impl Folder {
    /// Reads a folder. `at` is the instant of the check; that of the last entry if not given.
    pub fn read(folder: &Path, at: Option<&str>) -> Result<Self, Failure> {
        let lines = document(&folder.join("ledger.jsonl"), ledger::read)?;
        let checkpoints = listed(&folder.join("checkpoints"))?;
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
            let mut published = BTreeMap::new();
            for file in listed(&path)?.into_iter().filter(|file| file.is_file()) {
                let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
                published.insert(name, files::read(&file)?);
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
        // Its name ends with the number of its entries, and it only grows: the last one stands.
        let now = listed(folder)?.into_iter().rfind(|path| is_dossier(path));
        let dossier = match (&rules, &now) {
            (Some((pack, _)), Some(now)) => {
                optional(now, |bytes| Dossier::from_json(bytes, &pack.dossier_terms()))?
            }
            _ => None,
        };
        let dossier = dossier.map(|(dossier, _)| dossier);
        Ok(Self { lines, evidence, rules, dossiers, dossier, root: folder.to_path_buf() })
    }

    /// Draws whose policies should follow from rules that are not there, or name none: what is missing.
    pub fn rules_missing(&self, state: &State) -> Vec<String> {
        let mut found = Vec::new();
        for (name, draw) in &self.evidence.draws {
            let Some(record) = &draw.record else { continue };
            let registered = || {
                let batch = state.attempt(name.0, name.1).and_then(Attempt::batch);
                let of_batch = |number| state.registers().iter().find(|one| one.number() == number);
                batch.and_then(|(number, _)| of_batch(number)).is_some_and(|one| one.programme().is_some())
            };
            if record.policy.origin.is_some() && self.rules.is_none() {
                let what = "pack.json and programme.json, from which its policy follows";
                found.push(format!("draw {}.{}: {what}", name.0, name.1));
            } else if record.policy.origin.is_none() && registered() {
                found.push(format!(
                    "draw {}.{}: its policy names no rules that it follows from",
                    name.0, name.1
                ));
            }
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
}

impl Folder {
    /// The files for readers that are wrong, and those that nothing signed or hashed covers; by the file's
    /// path within the folder, ascending.
    pub fn tables(&self) -> Vec<(String, FileProblem)> {
        let known = ["ledger.jsonl", "checkpoints", "draws", "cycle.json", "AUDITORS-ONLY.txt", INDEX];
        let rules = ["pack.json", "programme.json"];
        let mut found = Vec::new();
        self.each("", &mut found, |name, path| {
            if name == "index.html" {
                return crate::page::check(path);
            }
            let of_rules = rules.contains(&name) || is_dossier(Path::new(name));
            let read = known.contains(&name) || (self.rules.is_some() && of_rules);
            if read { Ok(()) } else { Err(unreferenced()) }
        });
        for numbers in self.evidence.draws.keys() {
            let folder = format!("draws/{}.{}", numbers.0, numbers.1);
            self.each(&folder, &mut found, |name, path| self.table(*numbers, name, path));
        }
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        found
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

    /// Looks at every file of one folder.
    fn each(
        &self,
        folder: &str,
        found: &mut Vec<(String, FileProblem)>,
        look: impl Fn(&str, &Path) -> Result<(), FileProblem>,
    ) {
        let named = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let paths = match listed(&self.root.join(folder)) {
            Ok(paths) => paths,
            Err(error) => return found.push((named(""), FileProblem::Wrong(error.to_string()))),
        };
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if let Err(problem) = look(&name, &path) {
                found.push((named(&name), problem));
            }
        }
    }

    /// One file of a draw.
    fn table(&self, numbers: (u64, u64), name: &str, path: &Path) -> Result<(), FileProblem> {
        let bytes = || files::read(path).map_err(|error| FileProblem::Wrong(error.to_string()));
        let draw = self.evidence.draws.get(&numbers);
        let record = || {
            let record = draw.and_then(|draw| draw.record.as_ref());
            record.ok_or_else(|| FileProblem::NotChecked("there is no record beside it".to_owned()))
        };
        let frame = draw.and_then(|draw| draw.evidence.frame.as_ref()).map(|(frame, _)| frame);
        match name {
            _ if READ.contains(&name) => Ok(()),
            "dossier.json" if self.rules.is_some() => Ok(()),
            "policy.json" | "cells.json" => {
                let seal = self
                    .seal(numbers)
                    .ok_or_else(|| FileProblem::NotChecked("there is no seal".to_owned()))?;
                let (label, named) = match name {
                    "policy.json" => (Label::Policy, seal.policy),
                    _ => (Label::Cells, seal.cells),
                };
                let plain = files::published(path).map_err(|error| FileProblem::Wrong(error.to_string()))?;
                let digest = seal.suite.digest(label, &plain);
                same("its digest", &named.to_string(), &digest.to_string())
            }
            "page.html" => crate::page::check(path),
            _ if name.starts_with("notice-") => {
                let record = draw.and_then(|draw| draw.record.as_ref());
                let rules = self.rules.as_ref().map(|(pack, programme)| (pack, programme));
                notice::published(path, numbers, &self.lines, record, rules, frame)
            }
            "sample.csv" => rows_are(&bytes()?, 6, &sampled(record()?, frame)),
            "teams.csv" => rows_are(&bytes()?, 5, &teams(record()?, frame)),
            _ if name.starts_with("visits-") => {
                let last = name.strip_prefix("visits-").and_then(|name| name.strip_suffix(".csv"));
                let last = last.and_then(|last| last.parse().ok()).ok_or_else(unreferenced)?;
                rows_are(&bytes()?, 6, &self.standing(numbers, last, record()?, frame))
            }
            _ => match name.strip_prefix("results-").and_then(|name| name.strip_suffix(".csv")) {
                Some(last) => self.results(numbers, last, path, &bytes()?, frame),
                None => Err(unreferenced()),
            },
        }
    }

    /// The seal of an attempt: that of the ledger, which everything hangs on.
    fn seal(&self, numbers: (u64, u64)) -> Option<&Seal> {
        let sealed = self.lines.iter().find_map(|line| match &line.entry().entry {
            Content::Sealed { seal } if (seal.sequence, seal.attempt) == numbers => Some(seal.as_ref()),
            _ => None,
        });
        sealed.or_else(|| self.evidence.draws.get(&numbers)?.evidence.seal.as_ref())
    }

    /// The suite of the ledger, in which files are hashed.
    fn suite(&self) -> Option<Suite> {
        self.lines.first().and_then(|line| match &line.entry().entry {
            Content::Opened(opened) => Some(opened.suite),
            _ => None,
        })
    }

    /// A table of results: one whose publication the ledger has entered, or else one that says what the
    /// ledger says.
    ///
    /// The second is what an auditor gets between two publications, or the public while a publication is
    /// being made: there is no entry for it yet. An entry that no file of the folder accounts for shows that
    /// a file was there and is another now.
    fn results(
        &self,
        numbers: (u64, u64),
        last: &str,
        path: &Path,
        bytes: &[u8],
        frame: Option<&Frame>,
    ) -> Result<(), FileProblem> {
        let Some(suite) = self.suite() else {
            return Err(FileProblem::NotChecked("there is no ledger".to_owned()));
        };
        let published: BTreeMap<Digest, u64> = self
            .lines
            .iter()
            .filter_map(|line| match &line.entry().entry {
                Content::Published { attempt, digest, draw, what: Published::Results, .. }
                    if (*draw, *attempt) == numbers =>
                {
                    Some((*digest, line.entry().number))
                }
                _ => None,
            })
            .collect();
        // Line ends that a program has changed change nothing that the table says.
        let is_one = |bytes: &[u8], digest: &Digest| has_digest(suite, bytes, digest);
        let as_of = |last| rows_are(bytes, 5, &self.visited(numbers, last, frame));
        if published.keys().any(|digest| is_one(bytes, digest)) {
            // That an entry names it does not make it true.
            return last.parse().map_or(Ok(()), as_of);
        }
        let unlisted = "no entry of the ledger says that it was published";
        let wrong = |what: &str| FileProblem::Wrong(format!("{unlisted}; {what}"));
        let last: u64 = last.parse().map_err(|_| wrong("its name ends with no number of an entry"))?;
        if let Err(FileProblem::Wrong(what)) = as_of(last).or_else(|first| as_of(u64::MAX).map_err(|_| first))
        {
            return Err(wrong(&what));
        }
        let beside = path.parent().and_then(|folder| listed(folder).ok()).unwrap_or_default();
        let beside: Vec<Vec<u8>> = beside.iter().filter_map(|path| files::read(path).ok()).collect();
        let there = |digest: &Digest| beside.iter().any(|bytes| is_one(bytes, digest));
        let missing = published.iter().find(|(digest, number)| **number > last && !there(digest));
        match missing {
            // Names stand in the frame, which the public does not have: to them any other name would go
            // unseen.
            Some((digest, number)) if frame.is_none() => {
                Err(wrong(&format!("entry {number} says that {digest} was, and no file here is that")))
            }
            _ => Err(FileProblem::NotChecked(format!(
                "{unlisted}; its rows are those of the entries up to {last}"
            ))),
        }
    }

    /// The rows of a table of the visits as they stand after so many entries. Teams that were changed are not
    /// made again here.
    fn standing(
        &self,
        numbers: (u64, u64),
        last: u64,
        record: &Record,
        frame: Option<&Frame>,
    ) -> Vec<Expected> {
        let mut replaced: BTreeMap<UnitId, (UnitId, Gone)> = BTreeMap::new();
        let mut reassigned = false;
        for entry in self.lines.iter().map(Line::entry).take_while(|entry| entry.number <= last) {
            match &entry.entry {
                Content::Sealed { seal } if (seal.sequence, seal.attempt) == numbers => replaced.clear(),
                Content::Replaced(change) if change.draw == numbers.0 => {
                    replaced.insert(change.unit.clone(), (change.by.clone(), change.reason));
                }
                Content::Reassigned(change) if change.draw == numbers.0 => reassigned = true,
                _ => {}
            }
        }
        // The office writes in its own language.
        let langs = |say: &dyn Fn(Lang) -> String| [Lang::En, Lang::Zh].map(say).to_vec();
        let mut rows: BTreeMap<String, Expected> = BTreeMap::new();
        for (visit, mut row) in record.teams.visits.iter().zip(teams(record, frame)) {
            if reassigned || !replaced.is_empty() {
                (row[3], row[4]) = (Vec::new(), Vec::new());
            }
            row.push(vec![String::new()]);
            rows.insert(visit.unit.to_string(), row);
        }
        for (unit, (by, why)) in &replaced {
            let empty = || vec![String::new()];
            let out = langs(&|lang| show::replaced_by(by, *why, lang));
            let row = vec![vec![unit.to_string()], called(frame, unit), empty(), empty(), empty(), out];
            rows.insert(unit.to_string(), row);
            if !replaced.contains_key(by) {
                let came = langs(&|lang| show::came_for(unit, *why, lang));
                let any = Vec::new;
                rows.insert(
                    by.to_string(),
                    vec![vec![by.to_string()], called(frame, by), any(), any(), any(), came],
                );
            }
        }
        rows.into_values().collect()
    }

    /// The rows of a table of results after so many entries.
    fn visited(&self, numbers: (u64, u64), last: u64, frame: Option<&Frame>) -> Vec<Expected> {
        let mut visits: BTreeMap<u64, Correction> = BTreeMap::new();
        for entry in self.lines.iter().map(Line::entry).take_while(|entry| entry.number <= last) {
            match &entry.entry {
                Content::Sealed { seal } if (seal.sequence, seal.attempt) == numbers => visits.clear(),
                Content::Visited(visited) => {
                    visits.insert(entry.number, Correction::Visited(visited.clone()));
                }
                Content::Missed(missed) => {
                    visits.insert(entry.number, Correction::Missed(missed.clone()));
                }
                Content::Amended { amends, entry, .. } => {
                    visits.entry(*amends).and_modify(|visit| *visit = entry.clone());
                }
                _ => {}
            }
        }
        let row = |visit: &Correction| -> Option<Expected> {
            let (unit, date, results, team) = match visit {
                Correction::Visited(visit) if visit.draw == numbers.0 => {
                    let team: Vec<&str> = visit.team.iter().map(double_random::InspectorId::as_str).collect();
                    (&visit.unit, visit.date, vec![visit.result.to_string()], team.join(" "))
                }
                Correction::Missed(missed) if missed.draw == numbers.0 => {
                    let words = [Lang::En, Lang::Zh].map(|lang| show::not_visited(missed.reason, lang));
                    (&missed.unit, missed.date, words.to_vec(), String::new())
                }
                _ => return None,
            };
            Some(vec![
                vec![unit.to_string()],
                called(frame, unit),
                vec![date.to_string()],
                results,
                vec![team],
            ])
        };
        let mut rows: Vec<Expected> = visits.values().filter_map(row).collect();
        // As the table is sorted: names, which only some know, do not come before the unit.
        rows.sort_by(|one, other| (&one[0], &one[2], &one[3]).cmp(&(&other[0], &other[2], &other[3])));
        rows
    }
}

fn unreferenced() -> FileProblem {
    FileProblem::NotChecked("no entry of the ledger refers to it".to_owned())
}

/// What each cell of a row may be, where it is known; any text where there is no choice.
type Expected = Vec<Vec<String>>;

/// The name of a unit, if the frame is at hand.
fn called(frame: Option<&Frame>, unit: &UnitId) -> Vec<String> {
    frame
        .map(|frame| frame.get(unit).map_or_else(String::new, |unit| unit.name.clone()))
        .into_iter()
        .collect()
}

/// The rows of the picks and reserves of a record, in its order.
fn sampled(record: &Record, frame: Option<&Frame>) -> Vec<Expected> {
    let mut rows = Vec::new();
    for (cell, sample) in record.table.cells.iter().zip(&record.sample) {
        let picks = sample.picks.iter().map(|pick| (pick, ["drawn", "抽中"]));
        let reserves = sample.reserves.iter().map(|pick| (pick, ["reserve", "备选"]));
        rows.extend(picks.chain(reserves).map(|(pick, kind)| {
            vec![
                vec![pick.id.to_string()],
                called(frame, &pick.id),
                Vec::new(),
                vec![cell.path.to_string()],
                kind.map(str::to_owned).to_vec(),
                vec![pick.ticket.to_string()],
            ]
        }));
    }
    rows
}

/// The rows of the visits of a record, in its order.
fn teams(record: &Record, frame: Option<&Frame>) -> Vec<Expected> {
    let window = record.policy.window;
    let row = |visit: &double_random::assign::Visit| {
        let officers = visit.posts.iter().flat_map(|post| &post.officers).map(|officer| officer.id.as_str());
        let experts = visit.experts.iter().flat_map(|post| &post.experts).map(|guest| guest.id.as_str());
        let people: BTreeSet<&str> = officers.chain(experts).collect();
        let people: Vec<&str> = people.into_iter().collect();
        let days = || format!("{} – {}", window.from(), window.to());
        vec![
            vec![visit.unit.to_string()],
            called(frame, &visit.unit),
            vec![visit.day.map_or_else(days, |day| day.to_string())],
            vec![people.join(" ")],
            vec![visit.lead.as_ref().map_or_else(String::new, ToString::to_string)],
        ]
    };
    record.teams.visits.iter().map(row).collect()
}

fn same(what: &str, expected: &str, found: &str) -> Result<(), FileProblem> {
    if expected == found {
        return Ok(());
    }
    Err(FileProblem::Wrong(format!("{what}: expected {expected}, found {found}")))
}

/// Whether a table has exactly these rows, in this order, below its heading.
fn rows_are(bytes: &[u8], columns: usize, expected: &[Expected]) -> Result<(), FileProblem> {
    let wrong = |what: String| FileProblem::Wrong(what);
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut rows = reader.records();
    let heading = rows.next().transpose().map_err(|error| wrong(error.to_string()))?;
    let width = heading.map_or(0, |heading| heading.len());
    same("columns", &columns.to_string(), &width.to_string())?;
    let mut expected = expected.iter();
    for number in 2.. {
        let (row, wanted) = match (rows.next(), expected.next()) {
            (None, None) => return Ok(()),
            (Some(Ok(row)), Some(wanted)) => (row, wanted),
            (Some(Err(error)), _) => return Err(wrong(error.to_string())),
            (Some(Ok(row)), None) => {
                let found = row.get(0).unwrap_or_default();
                return Err(wrong(format!("row {number}: expected no more rows, found {found}")));
            }
            (None, Some(wanted)) => {
                let unit = wanted.first().and_then(|cell| cell.first()).map_or("another", String::as_str);
                return Err(wrong(format!("row {number}: expected {unit}, found no more rows")));
            }
        };
        for (column, (cell, any_of)) in (1..).zip(row.iter().zip(wanted)) {
            if !any_of.is_empty() && !any_of.iter().any(|text| defused(text) == cell) {
                let expected = any_of.join(" or ");
                return Err(wrong(format!(
                    "row {number}, column {column}: expected {expected:?}, found {cell:?}"
                )));
            }
        }
    }
    Ok(())
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
