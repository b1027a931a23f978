//! The figures of a year as they are published (`figures-<n>.json`): what of them everybody can count again from
//! ledger, records and rules is counted here, for the office that writes them and for whoever checks them (Spec 19,
//! *The figures*). The rates of the year with their intervals need the frame; they are the word of the office.

use crate::catalogue::as_message;
use crate::folder::document;
use crate::notice::is_origin;
use crate::problem::{FileProblem, fewer_entries, other_document};
use crate::published::{closed_lines, untold};
use crate::say;
use double_random::Record;
use double_random::bytes::{PROTOCOL, decode};
use double_random::dossier::ResultKind;
use double_random::id::{Code, UnitId};
use double_random::ledger::{Content, Correction, Gone, Line};
use double_random::message::Message;
use double_random::odds::ONE;
use double_random::pack::Pack;
use double_random::plan::scale;
use double_random::policy::{Disclosure, Stratum};
use double_random::programme::Programme;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Draw and attempt.
pub type Name = (u64, u64);

/// What a result says of whether rules were broken: `fail`, `pass`, or `neutral` (未开展该业务).
pub type Kinds = BTreeMap<String, String>;

/// Keys of the document that are counted again.
const COUNTED: [&str; 11] = [
    "awaited",
    "draws",
    "drawn",
    "first_visits",
    "found",
    "further_visits",
    "gone",
    "items",
    "results",
    "scope",
    "unreachable",
];

/// Of fewer visits there is no estimate.
pub const FEWEST: u64 = 5;

/// Keys that are the office's word.
const SAID: [&str; 6] = ["against", "groups", "not_shown", "order", "rating", "title"];

/// The kinds of results by the rule pack.
#[must_use]
pub fn kinds(pack: &Pack) -> Kinds {
    let word = |kind| match kind {
        ResultKind::Fail => "fail",
        ResultKind::Pass => "pass",
        ResultKind::Neutral | ResultKind::Unmade => "neutral",
    };
    pack.results.iter().map(|rule| (rule.code.to_string(), word(rule.kind).to_owned())).collect()
}

/// One attempt, as the entries tell of it.
struct Told {
    name: Name,
    cycle: u64,
    /// Who stands in the ledger for the scope of the attempt.
    deferred: bool,
    drawn: bool,
    void: bool,
    disclosed: bool,
    replaced: Vec<(UnitId, UnitId, Gone)>,
    visits: BTreeMap<u64, Correction>,
}

/// The attempts of a ledger, in the order of their seals.
fn told(lines: &[Line]) -> Vec<Told> {
    let (mut all, mut cycle): (Vec<Told>, u64) = (Vec::new(), 0);
    for entry in lines.iter().map(Line::entry) {
        let named = |all: &mut [Told], name: Name, set: &dyn Fn(&mut Told)| {
            all.iter_mut().filter(|told| told.name == name).for_each(set);
        };
        // Visits are of the last attempt of their draw.
        let last = |all: &mut Vec<Told>, draw: u64| all.iter().rposition(|told| told.name.0 == draw);
        match &entry.entry {
            Content::CycleClosed { .. } => cycle += 1,
            Content::Sealed { seal } => all.push(Told {
                name: (seal.sequence, seal.attempt),
                cycle,
                deferred: matches!(seal.disclosure, Disclosure::Deferred { .. }),
                drawn: false,
                void: false,
                disclosed: false,
                replaced: Vec::new(),
                visits: BTreeMap::new(),
            }),
            Content::Drawn { attempt, draw, .. } => {
                named(&mut all, (*draw, *attempt), &|told| told.drawn = true);
            }
            Content::Disclosed { attempt, draw, .. } => {
                named(&mut all, (*draw, *attempt), &|told| told.disclosed = true);
            }
            Content::Void { attempt, draw, .. } => {
                named(&mut all, (*draw, *attempt), &|told| told.void = true);
            }
            Content::Replaced(change) => {
                if let Some(at) = last(&mut all, change.draw) {
                    all[at].replaced.push((change.unit.clone(), change.by.clone(), change.reason));
                }
            }
            Content::Visited(visited) => {
                if let Some(at) = last(&mut all, visited.draw) {
                    all[at].visits.insert(entry.number, Correction::Visited(visited.clone()));
                }
            }
            Content::Missed(missed) => {
                if let Some(at) = last(&mut all, missed.draw) {
                    all[at].visits.insert(entry.number, Correction::Missed(missed.clone()));
                }
            }
            Content::Amended { amends, entry, .. } => {
                let visits = all.iter_mut().filter_map(|told| told.visits.get_mut(amends));
                visits.for_each(|visit| *visit = entry.clone());
            }
            _ => {}
        }
    }
    all
}

/// The draws that a document beside this attempt is about: those of its year up to it that are drawn, open and not
/// void.
#[must_use]
pub fn draws(lines: &[Line], last: Name) -> Vec<Name> {
    let all = told(lines);
    let cycle = all.iter().find(|told| told.name == last).map(|told| told.cycle);
    let open = |told: &&Told| {
        Some(told.cycle) == cycle && told.drawn && !told.void && (!told.deferred || told.disclosed)
    };
    all.iter().filter(open).map(|told| told.name).collect()
}

/// What became of a unit that was drawn or came in the place of another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Pending,
    Visited(&'static str),
    Missed(Gone),
    Replaced(Gone),
}

/// The kind of a result. One that a pack does not know answers another question.
fn kind_of(kinds: &Kinds, of_pack: bool, result: &Code) -> Result<&'static str, Message> {
    match kinds.get(result.as_str()).map(String::as_str) {
        Some("fail") => Ok("fail"),
        Some("pass") => Ok("pass"),
        Some("neutral") => Ok("neutral"),
        None if of_pack => Ok("neutral"),
        _ => Err(say!("office.figures.result", "what the result {result} says is not told", result)),
    }
}

/// Visits with a result, findings among them, and the weights 1/π of both, those with a chance.
#[derive(Default, Clone)]
struct Sum {
    visited: u64,
    found: u64,
    weight: u128,
    broken: u128,
}

impl Sum {
    fn add(&mut self, chance: Option<u64>, found: bool) {
        self.visited += 1;
        self.found += u64::from(found);
        let one = u128::from(ONE);
        let weight = (one * one).checked_div(u128::from(chance.unwrap_or(0))).unwrap_or(0);
        self.weight += weight;
        self.broken += if found { weight } else { 0 };
    }

    fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("found".into(), self.found.into());
        fields.insert("visited".into(), self.visited.into());
        // At most 10²⁴ of weight for a million visits.
        let rate = (self.broken * u128::from(ONE)).checked_div(self.weight);
        if let Some(rate) = rate.filter(|_| self.visited >= FEWEST) {
            fields.insert("estimate".into(), u64::try_from(rate).unwrap_or(ONE).into());
        }
        fields
    }
}

/// What is counted over the draws of a year.
#[derive(Default)]
struct Year {
    seen: BTreeSet<UnitId>,
    awaited: u64,
    drawn: u64,
    first: u64,
    found: u64,
    further: u64,
    gone: u64,
    unreachable: u64,
    items: BTreeMap<String, (u64, u64)>,
    results: BTreeMap<String, Value>,
}

impl Year {
    /// Counts one draw, and returns its part of the document.
    fn draw(&mut self, told: &Told, record: &Record, kinds: &Kinds, of_pack: bool) -> Result<Value, Message> {
        let policy = &record.policy;
        let none = |_| say!("office.figures.table", "the table of a record is none");
        let cells = record.table.cells(policy).map_err(none)?;
        let scale = scale(&policy.design, &cells);
        let chances: Vec<u64> = cells.iter().map(|cell| scale.probability(cell)).collect();
        let mut came: BTreeMap<UnitId, Came> = BTreeMap::new();
        let mut place: BTreeMap<&UnitId, usize> = BTreeMap::new();
        for (at, sample) in record.sample.iter().enumerate() {
            came.extend(sample.picks.iter().map(|pick| (pick.id.clone(), Came::Pending)));
            place.extend(sample.picks.iter().chain(&sample.reserves).map(|pick| (&pick.id, at)));
        }
        let picks = came.len();
        for (unit, by, reason) in &told.replaced {
            came.insert(unit.clone(), Came::Replaced(*reason));
            came.entry(by.clone()).or_insert(Came::Pending);
        }
        for visit in told.visits.values() {
            match visit {
                Correction::Missed(missed) => {
                    came.insert(missed.unit.clone(), Came::Missed(missed.reason));
                }
                Correction::Visited(visited) => {
                    let kind = kind_of(kinds, of_pack, &visited.result)?;
                    self.results.insert(visited.result.to_string(), kind.into());
                    came.insert(visited.unit.clone(), Came::Visited(kind));
                    for item in visited.items.iter().filter(|_| kind != "neutral") {
                        let (checked, broken) = self.items.entry(item.to_string()).or_default();
                        *checked += 1;
                        *broken += u64::from(kind == "fail");
                    }
                }
                _ => {}
            }
        }
        let (mut all, mut other, mut pending) = (Sum::default(), 0u64, 0u64);
        let (mut missed, mut replaced) = (BTreeMap::new(), BTreeMap::new());
        let mut strata: Vec<BTreeMap<&str, Sum>> = vec![BTreeMap::new(); policy.strata.len()];
        for (unit, what) in &came {
            match what {
                Came::Pending => pending += 1,
                Came::Missed(reason) => *missed.entry(reason.as_str().to_owned()).or_insert(0u64) += 1,
                Came::Replaced(reason) => *replaced.entry(reason.as_str().to_owned()).or_insert(0u64) += 1,
                Came::Visited("neutral") => other += 1,
                Came::Visited(kind) => {
                    let found = *kind == "fail";
                    let at = place.get(unit).copied();
                    let chance = at.and_then(|at| chances.get(at)).copied();
                    all.add(chance, found);
                    let path = at.and_then(|at| cells.get(at)).map(|cell| cell.path.node());
                    let codes = path.into_iter().flat_map(|path| path.components().skip(1));
                    strata.iter_mut().zip(codes).for_each(|(rows, code)| {
                        rows.entry(code).or_default().add(chance, found);
                    });
                    let first = self.seen.insert(unit.clone());
                    self.first += u64::from(first);
                    self.found += u64::from(first && found);
                    self.further += u64::from(!first);
                }
            }
            match what {
                Came::Missed(Gone::Unreachable) | Came::Replaced(Gone::Unreachable) => self.unreachable += 1,
                Came::Missed(_) | Came::Replaced(_) | Came::Visited("neutral") => self.gone += 1,
                Came::Pending => self.awaited += 1,
                Came::Visited(_) => {}
            }
        }
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        self.drawn += count(came.len());
        let of_stratum = |(stratum, rows): (&Stratum, &BTreeMap<&str, Sum>)| {
            let row = |(code, sum): (&&str, &Sum)| {
                let mut fields = sum.fields();
                fields.insert("code".into(), (*code).into());
                Value::from(fields)
            };
            json!({ "by": stratum.as_str(), "rows": rows.iter().map(row).collect::<Vec<Value>>() })
        };
        let mut fields = all.fields();
        fields.extend([
            ("attempt".to_owned(), told.name.1.into()),
            ("came".into(), count(came.len() - picks).into()),
            ("draw".into(), told.name.0.into()),
            ("drawn".into(), count(picks).into()),
            ("missed".into(), json!(missed)),
            ("other".into(), other.into()),
            ("pending".into(), pending.into()),
            ("record".into(), record.digest().to_string().into()),
            ("replaced".into(), json!(replaced)),
            ("strata".into(), policy.strata.iter().zip(&strata).map(of_stratum).collect()),
        ]);
        Ok(Value::from(fields))
    }

    fn items(&self) -> Vec<Value> {
        let mut rows: Vec<(&String, &(u64, u64))> = self.items.iter().collect();
        let share = |one: u64, other: u64| u128::from(one) * u128::from(other);
        // Those with the largest share first; codes ascend among equals.
        rows.sort_by(|(_, one), (_, other)| share(other.1, one.0).cmp(&share(one.1, other.0)));
        let row = |(code, (checked, found)): (&String, &(u64, u64))| json!({ "checked": checked, "found": found, "item": code });
        rows.into_iter().map(row).collect()
    }
}

/// What everybody counts of draws of a year, by the entries of `lines` and the records. `of_pack`: the kinds are
/// those of a rule pack.
///
/// # Errors
/// A record is not there or has no table, or the kind of a result is not told.
pub fn counted<'a>(
    lines: &[Line],
    names: &[Name],
    record: impl Fn(Name) -> Option<&'a Record>,
    kinds: &Kinds,
    of_pack: bool,
) -> Result<Map<String, Value>, Message> {
    let mut year = Year::default();
    let mut parts = Vec::new();
    let opened = lines.first().map(|line| &line.entry().entry);
    for told in told(lines).iter().filter(|told| names.contains(&told.name)) {
        let missing = || no_record(told.name);
        parts.push(year.draw(told, record(told.name).ok_or_else(missing)?, kinds, of_pack)?);
    }
    let scope = match opened {
        Some(Content::Opened(opened)) => opened.scope.to_string(),
        _ => String::new(),
    };
    let (items, Year { awaited, drawn, first, found, further, gone, unreachable, results, .. }) =
        (year.items(), year);
    let fields = json!({
        "awaited": awaited, "draws": parts, "drawn": drawn, "first_visits": first, "found": found,
        "further_visits": further, "gone": gone, "items": items, "results": results, "scope": scope,
        "unreachable": unreachable,
    });
    match fields {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn no_record((draw, attempt): Name) -> Message {
    say!("office.file.no_record_of", "there is no record of draw {draw}.{attempt}", attempt, draw)
}

/// The number of a file of figures: `figures-000123.json`.
#[must_use]
pub fn file(name: &str) -> Option<&str> {
    let number = name.strip_prefix("figures-")?.strip_suffix(".json")?;
    (number.len() >= 6 && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

/// Holds published figures against ledger, records and rules, as far as these give them.
///
/// # Errors
/// [`FileProblem::Wrong`] where they say something else, [`FileProblem::NotChecked`] where what they are counted
/// from is not there.
pub fn published<'a>(
    path: &Path,
    name: Name,
    lines: &[Line],
    record: impl Fn(Name) -> Option<&'a Record>,
    rules: Option<(&Pack, &Programme)>,
) -> Result<(), FileProblem> {
    let given: Value =
        document(path, decode::<Value>).map_err(|error| FileProblem::wrong(as_message(error.as_ref())))?;
    let wrong = FileProblem::Wrong;
    let fields = given.as_object().ok_or_else(|| wrong(say!("office.figures.object", "it is no object")))?;
    if fields.get("document") != Some(&"figures".into()) || fields.get("protocol") != Some(&PROTOCOL.into()) {
        return Err(wrong(other_document()));
    }
    let known = |key: &&String| {
        let key = key.as_str();
        COUNTED.contains(&key) || SAID.contains(&key) || ["at", "document", "protocol"].contains(&key)
    };
    if let Some(key) = fields.keys().find(|key| !known(key)) {
        return Err(wrong(say!("office.figures.field", "\"{key}\" is no field of figures", key)));
    }
    let at = fields
        .get("at")
        .and_then(Value::as_u64)
        .ok_or_else(|| wrong(say!("office.figures.at", "at: not a number of entries")))?;
    if path.file_name().and_then(|name| name.to_str()) != Some(&format!("figures-{at:06}.json")) {
        return Err(wrong(say!("office.figures.name", "its name is not that of its size")));
    }
    let Some(lines) = usize::try_from(at).ok().and_then(|at| lines.get(..at)) else {
        return Err(FileProblem::NotChecked(fewer_entries(at)));
    };
    let names = draws(lines, name);
    if names.last() != Some(&name) {
        return Err(wrong(say!(
            "office.figures.last",
            "the draw beside it is not the last that it can be about"
        )));
    }
    if let Some(name) = names.iter().find(|name| record(**name).is_none()) {
        return Err(FileProblem::NotChecked(no_record(*name)));
    }
    if names.iter().any(|name| untold(lines, *name, at)) {
        return Err(closed_lines());
    }
    let told = || -> Option<Kinds> {
        let word = |(code, kind): (&String, &Value)| Some((code.clone(), kind.as_str()?.to_owned()));
        fields.get("results")?.as_object()?.iter().map(word).collect()
    };
    let (kinds, of_pack) =
        match record(name).map(|record| &record.policy).filter(|policy| policy.origin.is_some()) {
            Some(policy) => match rules.filter(|rules| is_origin(policy, *rules)) {
                Some((pack, _)) => (kinds(pack), true),
                None => {
                    return Err(FileProblem::NotChecked(say!(
                        "office.figures.no_rules",
                        "there is no pack.json and programme.json that its policy follows from beside it"
                    )));
                }
            },
            None => {
                let none = || wrong(say!("office.figures.results", "results: not kinds by code"));
                (told().ok_or_else(none)?, false)
            }
        };
    let expected = counted(lines, &names, record, &kinds, of_pack).map_err(FileProblem::Wrong)?;
    let (expected, found) = (Value::from(expected), Value::from(part(fields, &COUNTED)));
    crate::notice::first(&expected, &found, "").map_or(Ok(()), |words| Err(FileProblem::Wrong(words)))
}

/// Some fields of an object.
fn part(fields: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    let some = fields.iter().filter(|(key, _)| keys.contains(&key.as_str()));
    some.map(|(key, value)| (key.clone(), value.clone())).collect()
}
