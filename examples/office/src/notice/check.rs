//! Whether a published notice says what ledger and record say (Spec 19, *The folder*).

use super::build::is_origin;
use super::{Material, Notice, build};
use crate::catalogue::as_message;
use crate::folder::{document, optional};
use crate::problem::{FileProblem, fewer_entries};
use crate::published::{closed_lines, untold};
use crate::say;
use double_random::bytes::decode;
use double_random::ledger::{Content, Line};
use double_random::message::Message;
use double_random::pack::Pack;
use double_random::plan::CellTable;
use double_random::programme::Programme;
use double_random::{Frame, Policy, Record};
use double_random_support::files::Failure;
use std::collections::BTreeMap;
use std::path::Path;

/// What a notice says otherwise than the documents that it was made from: the place in it, what it should say
/// and what it says; none if it says the same. Facts, addresses, codes and, without a frame, names are the
/// office's word and are taken from it.
#[must_use]
pub fn differs(notice: &Notice, material: &Material<'_>) -> Option<Message> {
    let mut expected = build(material);
    expected.date = notice.date;
    expected.facts.clone_from(&notice.facts);
    for row in &mut expected.rows {
        let Some(given) = notice.rows.iter().find(|given| given.unit == row.unit) else { continue };
        row.address.clone_from(&given.address);
        if row.code.is_empty() {
            row.code.clone_from(&given.code);
        }
        if material.frame.is_none() {
            row.name.clone_from(&given.name);
        }
    }
    if expected == *notice {
        return None;
    }
    let json = |notice: &Notice| serde_json::to_value(notice).unwrap_or_default();
    first(&json(&expected), &json(notice), "")
}

/// The first place where two documents differ.
pub(crate) fn first(expected: &serde_json::Value, found: &serde_json::Value, place: &str) -> Option<Message> {
    use serde_json::Value::{Array, Null, Object};
    if expected == found {
        return None;
    }
    match (expected, found) {
        (Object(one), Object(other)) => one.keys().chain(other.keys()).find_map(|key| {
            let of = |map: &serde_json::Map<String, serde_json::Value>| map.get(key).cloned().unwrap_or(Null);
            first(&of(one), &of(other), &format!("{place}/{key}"))
        }),
        (Array(one), Array(other)) if one.len() == other.len() => (0..)
            .zip(one.iter().zip(other))
            .find_map(|(n, (one, other)): (usize, _)| first(one, other, &format!("{place}/{n}"))),
        (Array(one), Array(other)) => Some(say!(
            "office.file.entries",
            "{field}: {expected} entries, found {found}",
            expected = one.len(),
            field = place,
            found = other.len()
        )),
        _ => Some(say!(
            "office.file.field",
            "{field}: expected {expected}, found {found}",
            expected = expected.to_string(),
            field = place,
            found = found.to_string()
        )),
    }
}

/// The number and the ending of a file of a notice: `notice-000012.json`, `.xlsx`, `.docx`.
#[must_use]
pub fn file(name: &str) -> Option<(&str, &str)> {
    let (number, ending) = name.strip_prefix("notice-")?.split_once('.')?;
    let digits = number.len() >= 6 && number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && matches!(ending, "json" | "xlsx" | "docx")).then_some((number, ending))
}

/// A file of a notice in the folder of a draw: `notice-*.json` is held against ledger and record. A workbook or
/// .docx is bound by the entry that names it, and not looked at here.
///
/// # Errors
/// [`FileProblem::Wrong`] where it says something else than they do, [`FileProblem::NotChecked`] where one of them
/// is not there.
pub fn published(
    path: &Path,
    name: (u64, u64),
    lines: &[Line],
    record: Option<&Record>,
    rules: Option<(&Pack, &Programme)>,
    frame: Option<&Frame>,
) -> Result<(), FileProblem> {
    let wrong = |error: Failure| FileProblem::wrong(as_message(error.as_ref()));
    let missing = |what: &Message| {
        FileProblem::NotChecked(say!("office.file.not_beside", "there is no {what} beside it", what))
    };
    if path.extension().is_none_or(|ending| ending != "json") {
        return Ok(());
    }
    let notice = document(path, Notice::from_json).map_err(wrong)?;
    let named = format!("notice-{:06}.json", notice.at);
    if path.file_name().and_then(|name| name.to_str()) != Some(named.as_str()) {
        return Err(FileProblem::Wrong(say!(
            "office.file.name",
            "its name is not that of its size, {named}",
            named
        )));
    }
    let folder = path.parent().unwrap_or(path);
    // Where the rules are not those that were sealed, that is what is wrong.
    let policy = optional(&folder.join("policy.json"), |bytes| -> Result<Policy, Failure> {
        Ok(Policy::from_json(std::str::from_utf8(bytes)?)?)
    });
    let table = optional(&folder.join("cells.json"), decode::<CellTable>);
    let sealed = lines.iter().find_map(|line| match &line.entry().entry {
        Content::Sealed { seal } if (seal.sequence, seal.attempt) == name => Some(seal.as_ref()),
        _ => None,
    });
    let rules_sealed = (|| {
        let (policy, table, seal) = (policy.ok()??, table.ok()??, sealed?);
        let same = policy.digest() == seal.policy && table.digest(seal.suite) == seal.cells;
        same.then_some((policy, table))
    })();
    let (policy, table) = rules_sealed.ok_or_else(|| {
        missing(&say!("office.file.sealed", "policy.json and cells.json as they were sealed"))
    })?;
    if policy.origin.is_some() && !rules.is_some_and(|rules| is_origin(&policy, rules)) {
        return Err(missing(&say!(
            "office.file.rules",
            "pack.json and programme.json that its policy follows from"
        )));
    }
    // What was made before the record was open is held against the rest.
    let record = record.filter(|_| notice.record.is_some());
    if notice.record.is_some() && record.is_none() {
        return Err(missing(&say!("office.file.record", "record")));
    }
    if notice.record.is_some() && untold(lines, name, notice.at) {
        return Err(closed_lines());
    }
    let Some(lines) = usize::try_from(notice.at).ok().and_then(|at| lines.get(..at)) else {
        return Err(FileProblem::NotChecked(fewer_entries(notice.at)));
    };
    let material = Material {
        lines,
        name,
        policy: &policy,
        table: &table,
        record,
        rules,
        frame,
        facts: &notice.facts,
        seats: &BTreeMap::new(),
        date: notice.date,
    };
    differs(&notice, &material).map_or(Ok(()), |what| Err(FileProblem::Wrong(what)))
}
