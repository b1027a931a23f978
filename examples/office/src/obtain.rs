//! Values of sources: those that lie in the folder under test are its author's copies, and whoever did not obtain
//! them from their sources takes his word for them; those that the checker brings are evidence (Spec 19, *The
//! folder*).

use crate::disk;
use crate::folder::{Folder, document};
use crate::problem::{Finding, FindingCode};
use crate::{say, told};
use double_random::BeaconValue;
use double_random::beacon::Signed;
use double_random::bytes::written;
use double_random::id::Code;
use double_random::ledger::{Content, State};
use double_random::message::Message;
use double_random::policy::Source;
use double_random::seal::Seal;
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use std::path::Path;

/// A value that the checker obtained from its source himself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// The name of its file.
    pub file: String,
    /// The attempt that this name begins with, if any.
    pub named: Option<(u64, u64)>,
    /// What the source has published.
    pub value: BeaconValue,
}

/// The attempt that the name of a file of values begins with: `2.1.json`, `2.1-lottery.json`.
fn named(file: &str) -> Option<(u64, u64)> {
    let stem = file.strip_suffix(".json")?;
    let (draw, attempt) = stem.split('-').next()?.split_once('.')?;
    let number = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        text.parse::<u64>().ok().filter(|_| plain)
    };
    Some((number(draw)?, number(attempt)?))
}

/// Reads values that the checker brings, in the form of `beacon.json`.
///
/// # Errors
/// The file cannot be read, has no value, or lies in the folder under test: what its author wrote is no evidence.
pub fn read_values(path: &Path, folder: &Path) -> Result<Vec<Brought>, Failure> {
    let values: Vec<BeaconValue> = document(path, |bytes| written(&String::from_utf8_lossy(bytes)))?;
    let shown = path.display().to_string();
    if path.canonicalize()?.starts_with(folder.canonicalize()?) {
        return Err(say!(
            "office.values.own",
            "{file}: lies in the folder under test, whose author wrote it; look the values up at their sources",
            file = shown
        )
        .into());
    }
    if values.is_empty() {
        return Err(say!("office.values.none", "{file}: no value in it", file = shown).into());
    }
    let file = disk::name(path);
    let named = named(&file);
    Ok(values.into_iter().map(|value| Brought { file: file.clone(), named, value }).collect())
}

/// The seals of a folder's ledger.
fn seals(folder: &Folder) -> impl Iterator<Item = &Seal> {
    folder.lines.iter().filter_map(|line| match &line.entry().entry {
        Content::Sealed { seal } => Some(seal.as_ref()),
        _ => None,
    })
}

/// Gives every folder the values that are of its draws: by the name of the file, else by the one seal that names
/// the source. What is of no draw stays with the first folder, whose report names it.
///
/// # Errors
/// A value that can be of several draws.
pub fn bring(folders: &mut [Folder], given: Vec<Brought>) -> Result<(), Message> {
    for brought in given {
        let source = &brought.value.source;
        let mut of: Vec<(usize, (u64, u64))> = Vec::new();
        for (place, folder) in folders.iter().enumerate() {
            let names = |seal: &&Seal| seal.beacon.all().any(|known| known.id() == source);
            let numbers = seals(folder).filter(names).map(|seal| (seal.sequence, seal.attempt));
            of.extend(
                numbers.filter(|name| brought.named.is_none_or(|own| own == *name)).map(|name| (place, name)),
            );
        }
        match of.as_slice() {
            [] => folders.iter_mut().take(1).for_each(|folder| folder.brought.push((None, brought.clone()))),
            [(place, name)] => {
                let Some(folder) = folders.get_mut(*place) else { continue };
                let known = folder.evidence.draws.entry(*name).or_default();
                known.evidence.beacon.get_or_insert_default().push(brought.value.clone());
                folder.brought.push((Some(*name), brought));
            }
            several => {
                let draws: Vec<String> = several.iter().map(|(_, (a, b))| format!("{a}.{b}")).collect();
                return Err(say!(
                    "office.values.several",
                    "{file}: {source} is a source of several draws ({draws}): begin the name of the file with the \
                     draw and attempt that it is of, as in 2.1.json, and verify one ledger at a time",
                    file = brought.file,
                    source = source,
                    draws = draws.join(", ")
                ));
            }
        }
    }
    Ok(())
}

/// The values that say nothing of the ledger: their files, and why.
fn unused(folder: &Folder, state: &State) -> Vec<(String, Message)> {
    let mut found = Vec::new();
    for (of, Brought { file, value, .. }) in &folder.brought {
        let source = &value.source;
        let known = of.and_then(|(draw, attempt)| state.attempt(draw, attempt));
        let why = match known {
            None => {
                say!(
                    "office.values.no_draw",
                    "{source} is a source of no draw that it can be of",
                    source = source
                )
            }
            Some(attempt) if attempt.value(source).is_none() && !attempt.is_silent(source) => {
                say!("office.values.not_yet", "the ledger has no value of {source} yet", source = source)
            }
            Some(_) => continue,
        };
        found.push((file.clone(), why));
    }
    found
}

/// A value that no signature shows, and that was read from the folder alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnValue {
    /// Sequence number and attempt.
    pub draw: (u64, u64),
    /// The source, as the seal names it.
    pub source: Source,
}

impl OwnValue {
    /// Where its source has published it.
    #[must_use]
    pub fn whence(&self, lang: Lang) -> String {
        let id = self.source.id();
        match &self.source {
            Source::Dice { at, witness, .. } => told!(lang, "office.obtain.dice", at, id, witness),
            Source::Lottery { game, issue, .. } => told!(lang, "office.obtain.lottery", game, id, issue),
            Source::Drand { chain, round, .. } => {
                format!("{id}: https://api.drand.sh/{chain}/public/{round}")
            }
            Source::Shares { .. } => told!(lang, "office.obtain.shares", id),
        }
    }
}

/// The values of draws of a ledger that were read from the folder alone: no signature shows them, and the checker
/// did not bring them.
///
/// They let the folder be self-consistent at most: an author can have made them up with everything else.
#[must_use]
pub fn own_values(folder: &Folder, state: &State) -> Vec<OwnValue> {
    let mut own = Vec::new();
    for attempt in state.attempts().iter().filter(|attempt| attempt.record().is_some()) {
        let draw = attempt.name();
        let brought = |id: &Code| {
            folder.brought.iter().any(|(of, brought)| *of == Some(draw) && brought.value.source == *id)
        };
        for value in attempt.values().unwrap_or_default() {
            let id = &value.source;
            let Some(source) = attempt.seal().beacon.all().find(|source| source.id() == id) else { continue };
            if value.signed(source) != Signed::Valid && !brought(id) {
                own.push(OwnValue { draw, source: source.clone() });
            }
        }
    }
    own
}

/// Copies of values in the folder that are not what the ledger says, by their files.
fn other_copies(folder: &Folder, state: &State) -> Vec<(String, Message)> {
    let mut found = Vec::new();
    for ((draw, attempt), values) in &folder.copies {
        let Some(known) = state.attempt(*draw, *attempt) else { continue };
        for BeaconValue { source, value, .. } in values {
            let entered = known.value(source);
            let words = if known.seal().beacon.all().all(|one| one.id() != source) {
                say!("office.values.no_source", "{source} is no source of the draw", source = source)
            } else if let Some(entered) = entered.filter(|entered| entered.value != *value) {
                say!(
                    "office.values.other",
                    "{source} has the value {value}, and the ledger says {entered}",
                    source = source,
                    value = value,
                    entered = entered.value
                )
            } else if entered.is_none() && known.is_silent(source) {
                say!(
                    "office.values.silent",
                    "{source} has the value {value}, and the ledger says that it was silent",
                    source = source,
                    value = value
                )
            } else {
                continue;
            };
            found.push((format!("draws/{draw}.{attempt}/beacon.json"), words));
        }
    }
    found
}

/// Everything of this kind that a folder is found with: values of its author alone, copies that are not what the
/// ledger says, and values that say nothing of it.
#[must_use]
pub fn findings(folder: &Folder, state: &State, own: &[OwnValue]) -> Vec<Finding> {
    let own = own.iter().map(|OwnValue { draw: (draw, attempt), source }| {
        let words = say!("office.values.look_up", "{source}: look it up at its source", source = source.id());
        Finding::new(FindingCode::OwnValues, format!("draws/{draw}.{attempt}"), words)
    });
    let of = |code| move |(file, why): (String, Message)| Finding::new(code, file, why);
    let copies = other_copies(folder, state).into_iter().map(of(FindingCode::Differs));
    let idle = unused(folder, state).into_iter().map(of(FindingCode::Unused));
    own.chain(copies).chain(idle).collect()
}
