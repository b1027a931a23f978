//! What the files for readers in a published folder must say: tables, policies and cells, held against seal,
//! record and ledger (Spec 19, *The folder*).

use crate::catalogue::{self, as_message};
use crate::disk::{listed, name as file_name};
use crate::figures;
use crate::folder::{Folder, is_dossier, numbers};
use crate::index::INDEX;
use crate::notice;
use crate::problem::{FileProblem, Finding, FindingCode};
use crate::say;
use crate::show;
use crate::values::Several;
use double_random::bytes::{Label, Suite};
use double_random::ledger::{Content, Correction, Gone, Line, Published, has_digest, is_contents};
use double_random::message::Message;
use double_random::seal::Seal;
use double_random::{Frame, Record, UnitId};
use double_random_support::files::{self, defused};
use double_random_support::screen::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Documents that are read for the verification of the ledger, so that they need no look of their own.
const READ: [&str; 8] = [
    "record.json",
    "seal.json",
    "beacon.json",
    "frame.json",
    "registers.json",
    "roster.json",
    "cycle.json",
    "drawn.json",
];

impl Folder {
    /// The files for readers that are wrong, and those that nothing signed or hashed covers.
    #[must_use]
    pub fn tables(&self) -> Vec<Finding> {
        let known = ["ledger.jsonl", "checkpoints", "draws", "cycle.json", "AUDITORS-ONLY.txt", INDEX];
        let rules = ["pack.json", "programme.json"];
        let mut found = Vec::new();
        self.each("", &mut found, |name, path| {
            if name == "index.html" {
                return crate::page::check(path);
            }
            let of_rules = rules.contains(&name) || is_dossier(name);
            let read = known.contains(&name) || (self.rules.is_some() && of_rules);
            if read { Ok(()) } else { Err(unreferenced()) }
        });
        let read = |read: bool| if read { Ok(()) } else { Err(unreferenced()) };
        self.each("checkpoints", &mut found, |name, _| read(name.ends_with(".txt")));
        self.each("draws", &mut found, |_, path| read(numbers(path).is_some()));
        for numbers in self.evidence.draws.keys() {
            let folder = format!("draws/{}.{}", numbers.0, numbers.1);
            // Of a draw without a folder there may be values that the checker brought.
            if !self.root().join(&folder).is_dir() {
                continue;
            }
            self.each(&folder, &mut found, |name, path| self.table(*numbers, name, path));
        }
        found
    }

    /// Looks at every file of one folder.
    fn each(
        &self,
        folder: &str,
        found: &mut Vec<Finding>,
        look: impl Fn(&str, &Path) -> Result<(), FileProblem>,
    ) {
        let named = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let paths = match listed(&self.root().join(folder)) {
            Ok(paths) => paths,
            Err(error) => {
                return found.push(Finding::new(FindingCode::NotChecked, folder, as_message(error.as_ref())));
            }
        };
        for path in paths {
            let name = file_name(&path);
            let (code, words) = match look(&name, &path) {
                Ok(()) => continue,
                Err(FileProblem::Wrong(words)) => (FindingCode::Differs, words),
                Err(FileProblem::NotChecked(words)) => (FindingCode::NotChecked, words),
                Err(FileProblem::OtherPage(words)) => (FindingCode::Page, words),
            };
            found.push(Finding::new(code, named(&name), words));
        }
    }

    /// One file of a draw.
    fn table(&self, numbers: (u64, u64), name: &str, path: &Path) -> Result<(), FileProblem> {
        let bytes = || files::read(path).map_err(|error| FileProblem::wrong(as_message(error.as_ref())));
        let draw = self.evidence.draws.get(&numbers);
        let record = || {
            let record = draw.and_then(|draw| draw.record.as_ref());
            record.ok_or_else(|| {
                FileProblem::NotChecked(say!("office.file.no_record", "there is no record beside it"))
            })
        };
        let frame = draw.and_then(|draw| draw.evidence.frame.as_ref()).map(|(frame, _)| frame);
        match name {
            _ if READ.contains(&name) || is_contents(name) => Ok(()),
            _ if path.is_dir() => Err(unreferenced()),
            "dossier.json" if self.rules.is_some() => Ok(()),
            "policy.json" | "cells.json" => {
                let seal = self.seal(numbers).ok_or_else(|| {
                    FileProblem::NotChecked(say!("office.file.no_seal", "there is no seal"))
                })?;
                let (label, named) = match name {
                    "policy.json" => (Label::Policy, seal.policy),
                    _ => (Label::Cells, seal.cells),
                };
                let plain =
                    files::published(path).map_err(|error| FileProblem::wrong(as_message(error.as_ref())))?;
                let digest = seal.suite.digest(label, &plain);
                same(&say!("office.file.digest", "its digest"), &named.to_string(), &digest.to_string())
            }
            "page.html" => crate::page::check(path),
            _ if notice::file(name).is_some() => {
                let record = draw.and_then(|draw| draw.record.as_ref());
                let rules = self.rules.as_ref().map(|(pack, programme)| (pack, programme));
                notice::published(path, numbers, &self.lines, record, rules, frame)?;
                self.listed(numbers, name, &bytes()?)
            }
            _ if figures::file(name).is_some() => {
                let rules = self.rules.as_ref().map(|(pack, programme)| (pack, programme));
                let record = |name| self.evidence.draws.get(&name).and_then(|draw| draw.record.as_ref());
                figures::published(path, numbers, &self.lines, record, rules)?;
                self.listed(numbers, name, &bytes()?)
            }
            _ => {
                let bytes = bytes()?;
                match name.strip_suffix(".csv").unwrap_or_default() {
                    "sample" => rows_are(&bytes, 6, &sampled(record()?, frame)),
                    "teams" => rows_are(&bytes, 5, &teams(record()?, frame)),
                    stem => match after(stem) {
                        Some((_, last)) if untold(&self.lines, numbers, last) => Err(closed_lines()),
                        Some(("visits", last)) => {
                            rows_are(&bytes, 6, &self.standing(numbers, last, record()?, frame))
                        }
                        Some(("results", last)) => rows_are(&bytes, 5, &self.visited(numbers, last, frame)),
                        _ => Err(unreferenced()),
                    },
                }?;
                self.listed(numbers, name, &bytes)
            }
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

    /// Whether an entry says that this file was published. Names and divisions stand on the frame, which the
    /// public does not have: only such an entry binds them.
    fn listed(&self, numbers: (u64, u64), name: &str, bytes: &[u8]) -> Result<(), FileProblem> {
        let suite = self.suite();
        let listed = self.lines.iter().any(|line| match &line.entry().entry {
            Content::Published { attempt, digest, draw, files, what, .. } if (*draw, *attempt) == numbers => {
                let results = *what == Published::Results && name.starts_with("results-");
                let same = || suite.is_some_and(|suite| has_digest(suite, bytes, digest));
                // Another digest than that of the entry is for the check `files`.
                files.iter().any(|file| file.file.as_str() == name) || (results && same())
            }
            _ => false,
        });
        if listed {
            return Ok(());
        }
        Err(FileProblem::NotChecked(say!(
            "office.file.not_listed",
            "its rows are right, and no entry of the ledger says that it was published"
        )))
    }

    /// The rows of a table of the visits as they stand after so many entries. The team of a visit that an entry
    /// changed takes the files of the auditor: it is not made again here.
    fn standing(
        &self,
        numbers: (u64, u64),
        last: u64,
        record: &Record,
        frame: Option<&Frame>,
    ) -> Vec<Expected> {
        let mut replaced: BTreeMap<UnitId, (UnitId, Gone)> = BTreeMap::new();
        let mut moved: BTreeSet<&UnitId> = BTreeSet::new();
        for entry in self.lines.iter().map(Line::entry).take_while(|entry| entry.number <= last) {
            match &entry.entry {
                Content::Sealed { seal } if (seal.sequence, seal.attempt) == numbers => {
                    replaced.clear();
                    moved.clear();
                }
                Content::Replaced(change) if change.draw == numbers.0 => {
                    replaced.insert(change.unit.clone(), (change.by.clone(), change.reason));
                }
                Content::Reassigned(change) if change.draw == numbers.0 => {
                    moved.extend(change.moves.iter().map(|step| &step.unit));
                }
                _ => {}
            }
        }
        // The office writes in its own language.
        let langs = |say: &dyn Fn(Lang) -> String| [Lang::En, Lang::Zh].map(say).to_vec();
        let mut rows: BTreeMap<String, Expected> = BTreeMap::new();
        for (visit, mut row) in record.teams.visits.iter().zip(teams(record, frame)) {
            if moved.contains(&visit.unit) {
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

/// The kind of a table and the entry after which it stands: `visits-000123`.
fn after(stem: &str) -> Option<(&str, u64)> {
    let (kind, last) = stem.split_once('-')?;
    let digits = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    Some((kind, last.parse().ok().filter(|_| digits)?))
}

/// Whether one of the first entries is a closed line of an attempt whose content is not known.
pub(crate) fn untold(lines: &[Line], (draw, attempt): (u64, u64), last: u64) -> bool {
    let sealed = |line: &Line| match &line.entry().entry {
        Content::Sealed { seal } => (seal.sequence, seal.attempt) == (draw, attempt),
        _ => false,
    };
    let after = lines.iter().skip_while(|line| !sealed(line));
    let mut first = after.take_while(|line| line.entry().number <= last);
    first.any(|line| matches!(line.entry().entry, Content::Closed { draw: of, .. } if of == draw))
}

/// That what closed lines hide was not given.
pub(crate) fn no_contents() -> Message {
    say!("office.file.closed_lines", "the contents of closed lines are not here")
}

/// What is said of a file that tells what closed lines hide.
pub(crate) fn closed_lines() -> FileProblem {
    FileProblem::NotChecked(no_contents())
}

fn unreferenced() -> FileProblem {
    FileProblem::NotChecked(say!(
        "office.file.unreferenced",
        "nothing that is signed or hashed says what it must hold"
    ))
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

/// The division of a unit in the policy's words, if the frame is at hand.
fn division(record: &Record, frame: Option<&Frame>, unit: &UnitId) -> Vec<String> {
    let words =
        |frame: &Frame| frame.get(unit).map_or_else(String::new, |unit| record.policy.place(&unit.division));
    frame.map(words).into_iter().collect()
}

/// The rows of the picks and reserves of a record, in its order.
fn sampled(record: &Record, frame: Option<&Frame>) -> Vec<Expected> {
    let mut rows = Vec::new();
    for (cell, sample) in record.table.cells.iter().zip(&record.sample) {
        let said = |code| [Lang::En, Lang::Zh].map(|lang| catalogue::word(code, lang));
        let picks = sample.picks.iter().map(|pick| (pick, said("office.sheet.drawn")));
        let reserves = sample.reserves.iter().map(|pick| (pick, said("office.sheet.reserve")));
        rows.extend(picks.chain(reserves).map(|(pick, kind)| {
            vec![
                vec![pick.id.to_string()],
                called(frame, &pick.id),
                division(record, frame, &pick.id),
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

fn same(what: &Message, expected: &str, found: &str) -> Result<(), FileProblem> {
    if expected == found {
        return Ok(());
    }
    Err(FileProblem::Wrong(say!(
        "office.file.differs",
        "{what}: expected {expected}, found {found}",
        expected,
        found,
        what
    )))
}

/// Whether a table has exactly these rows, in this order, below its heading.
fn rows_are(bytes: &[u8], columns: usize, expected: &[Expected]) -> Result<(), FileProblem> {
    let wrong = |what: String| FileProblem::wrong(what);
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut rows = reader.records();
    let heading = rows.next().transpose().map_err(|error| wrong(error.to_string()))?;
    let width = heading.map_or(0, |heading| heading.len());
    same(&say!("office.file.columns", "columns"), &columns.to_string(), &width.to_string())?;
    let mut expected = expected.iter();
    for number in 2_u64.. {
        let (row, wanted) = match (rows.next(), expected.next()) {
            (None, None) => return Ok(()),
            (Some(Ok(row)), Some(wanted)) => (row, wanted),
            (Some(Err(error)), _) => return Err(wrong(error.to_string())),
            (Some(Ok(row)), None) => {
                let found = row.get(0).unwrap_or_default();
                return Err(FileProblem::Wrong(say!(
                    "office.file.row_more",
                    "row {number}: expected no more rows, found {found}",
                    found,
                    number
                )));
            }
            (None, Some(wanted)) => {
                let unit = wanted.first().and_then(|cell| cell.first()).map_or("another", String::as_str);
                return Err(FileProblem::Wrong(say!(
                    "office.file.row_less",
                    "row {number}: expected {unit}, found no more rows",
                    number,
                    unit
                )));
            }
        };
        for (column, (cell, any_of)) in (1_u64..).zip(row.iter().zip(wanted)) {
            if !any_of.is_empty() && !any_of.iter().any(|text| defused(text) == cell) {
                return Err(FileProblem::Wrong(say!(
                    "office.file.cell",
                    "row {number}, column {column}: expected {expected}, found \"{cell}\"",
                    cell,
                    column,
                    expected = Several::new(any_of),
                    number
                )));
            }
        }
    }
    Ok(())
}
