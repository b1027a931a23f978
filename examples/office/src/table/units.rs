//! Tables about those who are inspected: the units, and what each of them has seen this year.

use super::cells::{STATES, coded, divisions, labelled, levelled, located, scientific, state};
use super::certain::{is_town, only_division};
use super::columns::{SIGNAL, STANDING, UNIT};
use super::grid::{self, Row, Schema, Spellings, Told, shortened};
use super::{Read, Source};
use crate::say;
use crate::values::Several;
use double_random::calendar::Date;
use double_random::cycle::Standing;
use double_random::frame::{LicenceRow, UnitRow};
use double_random::id::{Code, InspectorId, UnitId};
use double_random::message::Coded;
use double_random::policy::{Billionths, CertaintyRule, Policy};
use std::collections::BTreeMap;

/// Reads a table of units (检查对象名录). Rows of one unit that differ only in their licences become one row.
///
/// # Errors
/// Every problem of encoding, heading and cells that keeps the table from being read. What a well-read row
/// may not hold is for [`Frame::new`](double_random::frame::Frame::new) to say.
pub fn units<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> Read<UnitRow> {
    let signals = signal_headings(policy);
    let required = ["id", "name", "division", "kind", "risk", "credit"];
    // Where levels follow from rules the register need not state them.
    let rated = policy.rating.is_some();
    // A level that all units have need not be stated either.
    let stated = |field: &str| match field {
        "risk" => policy.frame.risk.len() > 1,
        "credit" => policy.frame.credit.len() > 1,
        _ => true,
    };
    let required: Vec<&'static str> =
        required.into_iter().filter(|field| stated(field)).take(if rated { 4 } else { 6 }).collect();
    let schema = Schema { columns: UNIT, keys: ["id", "name"], required: &required, more: &signals };
    let mut read: Vec<UnitRow> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut known = Spellings::default();
    let mut named: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut twins: u64 = 0;
    let (mut notes, mut places) = grid::read(source.into(), &schema, &mut |row, told| {
        let mut counts = Vec::new();
        for field in row.fields() {
            let Some(code) = field.strip_prefix("signal ") else { continue };
            let count = row.maybe(field);
            if !count.is_empty() {
                counts.push((code.to_owned(), count));
            }
        }
        for listed in row.list("signals") {
            let (code, count) = listed.split_once(':').unwrap_or((&listed, "1"));
            counts.push((code.trim().to_owned(), count.trim().to_owned()));
        }
        let mut unit = UnitRow {
            row: row.number(),
            id: row.id("id", told),
            name: row.text("name"),
            division: place_of(row, policy, told),
            kind: coded(row.code("kind"), &policy.frame.kinds, policy),
            risk: levelled(row.code("risk"), &policy.frame.risk, policy),
            credit: levelled(row.code("credit"), &policy.frame.credit, policy),
            status: state(row.code("status")),
            opened: row.day("opened", told),
            grid: row.maybe("grid"),
            licences: licences(row, told),
            signals: counts,
        };
        row.spelt("id", &unit.id, &mut known, told);
        // Registers hold one row for each licence of a subject; a lot must hold the subject once.
        let first = seen.get(&unit.id).and_then(|first| read.get_mut(*first));
        // Licences without numbers are counted on; one that holds as long as another may be the same.
        if let Some(first) = first.as_ref().filter(|_| !row.has("licence"))
            && !unit
                .licences
                .iter()
                .any(|one| first.licences.iter().any(|two| one.valid_until == two.valid_until))
        {
            for (place, licence) in (first.licences.len()..).zip(&mut unit.licences) {
                licence.number = unnumbered(place);
            }
        }
        match first {
            Some(first) if same_subject(first, &unit) => {
                told.notes.push(say!(
                    "office.note.licence_of",
                    "{place}: another licence of {unit} in {first}, put together",
                    first = row.places.row(first.row),
                    place = row.places.row(unit.row),
                    unit = unit.id
                ));
                first.licences.extend(unit.licences);
            }
            _ => {
                let name = (unit.name.clone(), unit.division.clone());
                let first = *named.entry(name).or_insert(read.len());
                if let Some(first) = read.get(first).filter(|first| first.id != unit.id)
                    && !unit.name.is_empty()
                {
                    twins += 1;
                    if twins <= TWINS {
                        told.notes.push(say!(
                            "office.note.twin",
                            "{place}: {unit} has the name and the division of {other} in {first}: is it one \
                             institution?",
                            other = first.id,
                            first = row.places.row(first.row),
                            place = row.places.row(unit.row),
                            unit = unit.id
                        ));
                    }
                }
                seen.entry(unit.id.clone()).or_insert(read.len());
                read.push(unit);
            }
        }
    })?;
    let labelled = |codes: &[Code]| codes.iter().map(|code| labelled(code, policy)).collect();
    places.known.insert("kind", labelled(&policy.frame.kinds));
    places.known.insert("risk", labelled(&policy.frame.risk));
    places.known.insert("credit", labelled(&policy.frame.credit));
    places.known.insert("division", divisions(policy));
    places
        .known
        .insert("status", STATES.iter().map(|(word, code)| ((*code).into(), (*word).into())).collect());
    if twins > TWINS {
        let count = twins - TWINS;
        notes.push(say!(
            "office.note.twins",
            "{count} more rows have name and division of another row",
            count
        ));
    }
    Ok((read, notes, places))
}

/// The division of a row. A township that the rules do not know lies in their one division, where they have only one.
fn place_of(row: Row<'_>, policy: &Policy, told: &mut Told) -> String {
    let word = row.id("division", told);
    let found = located(word.clone(), policy);
    match only_division(policy).filter(|_| found == word && is_town(&word)) {
        Some(only) => {
            told.towns.count(row, "division");
            only
        }
        None => found,
    }
}

/// Institutions of one name and division that are named one by one.
const TWINS: u64 = 10;

/// The signals that the policy names, by code and label, and the usual ones.
fn signal_headings(policy: &Policy) -> Vec<(String, String)> {
    let certain = policy.certainties.iter().filter_map(|certainty| match &certainty.rule {
        CertaintyRule::Signal { signal, .. } => Some(signal),
        _ => None,
    });
    let mut names = Vec::new();
    for code in policy.signals.iter().map(|signal| &signal.signal).chain(certain) {
        for name in [code.as_str(), policy.label(code)] {
            names.push((name.to_owned(), format!("signal {code}")));
        }
    }
    let usual = SIGNAL.iter().flat_map(|(code, all)| all.iter().map(move |name| (*name, *code)));
    names.extend(usual.map(|(name, code)| (name.to_owned(), format!("signal {code}"))));
    names
}

/// Whether two rows say the same of one subject and list licences of which none stands in both.
fn same_subject(a: &UnitRow, b: &UnitRow) -> bool {
    let apart = |row: &UnitRow| UnitRow { row: 0, licences: Vec::new(), ..row.clone() };
    apart(a) == apart(b)
        && !a.licences.is_empty()
        && !b.licences.is_empty()
        && !a.licences.iter().any(|x| b.licences.iter().any(|y| x.number == y.number))
}

/// What stands for the number of a licence without one, by its place among those of its unit.
fn unnumbered(place: usize) -> String {
    if place == 0 { "-".to_owned() } else { format!("-{}", place + 1) }
}

/// The licences of a row: as many last days as numbers.
fn licences(row: Row<'_>, told: &mut Told) -> Vec<LicenceRow> {
    let (numbers, ends) = (row.list("licence"), row.list("licence until"));
    for number in &numbers {
        row.watch("licence", number, told);
    }
    // A register without a column of numbers says of each licence only until when it holds.
    if numbers.is_empty() && !ends.is_empty() && !row.has("licence") {
        told.unnumbered.count(row, "licence until");
        let licence = |(place, end): (usize, &String)| LicenceRow {
            number: unnumbered(place),
            valid_until: row.until("licence until", end, told),
        };
        return ends.iter().enumerate().map(licence).collect();
    }
    if ends.is_empty() {
        if !numbers.is_empty() {
            let place = row.places.row(row.number());
            told.notes.push(say!(
                "office.note.endless_licence",
                "{place}: no last day of licence {licences}: read as 长期",
                licences = Several::new(&numbers),
                place
            ));
        }
        return numbers.into_iter().map(|number| LicenceRow { number, valid_until: String::new() }).collect();
    }
    if numbers.len() != ends.len() {
        let rule = say!(
            "office.cell.licences",
            "are {days} last days for {licences} licence numbers",
            days = ends.len(),
            licences = numbers.len()
        );
        row.problem("licence until", &ends.join(" "), &rule, told);
    }
    let mut licence = |(number, end): (&String, &String)| LicenceRow {
        number: number.clone(),
        valid_until: row.until("licence until", end, told),
    };
    numbers.iter().zip(&ends).map(&mut licence).collect()
}

/// Reads a table of the cycle so far (检查台账). Its rows are checked here, because a [`Standing`] holds no text.
///
/// # Errors
/// As for [`units`], and every cell that cannot be read.
pub fn standings<'a>(source: impl Into<Source<'a>>) -> Read<Standing> {
    let required = ["unit", "visits", "exposure"];
    let schema = Schema { columns: STANDING, keys: ["unit", "visits"], required: &required, more: &[] };
    let mut read = Vec::new();
    let (notes, places) = grid::read(source.into(), &schema, &mut |row, told| {
        let last = row.day("last visit", told);
        let mut failed = |field, value: &str, rule: &dyn Coded| {
            row.problem(field, value, &rule.message(), told);
        };
        let (unit, visits, exposure) = (row.code("unit"), row.code("visits"), row.code("exposure"));
        let unit = match UnitId::read(&unit, row.ids()) {
            _ if scientific(&unit) => {
                failed("unit", &unit, &shortened());
                None
            }
            read => read.map_err(|e| failed("unit", &unit, &e)).ok(),
        };
        let visits = match visits.parse::<u64>() {
            Ok(count) if visits.bytes().all(|b| b.is_ascii_digit()) => Some(count),
            _ => {
                failed("visits", &visits, &say!("office.cell.count", "is no count"));
                None
            }
        };
        let exposure = Billionths::parse(&exposure)
            .map_err(|_| {
                failed("exposure", &exposure, &say!("office.cell.decimal", "is no decimal such as 0.3"));
            })
            .ok();
        let last_visit = match last.as_str() {
            "" => None,
            text => Date::parse(text).map_err(|e| failed("last visit", text, &e)).ok(),
        };
        let mut last_team = Vec::new();
        for text in row.list("last team") {
            last_team.extend(InspectorId::parse(&text).map_err(|e| failed("last team", &text, &e)));
        }
        if let (Some(unit), Some(visits), Some(exposure)) = (unit, visits, exposure) {
            // A table of an office knows visits; each of them was drawn and counts against what was expected.
            let known = Standing::new(unit);
            let (credited, drawn) = (visits, visits);
            read.push(Standing { credited, drawn, exposure, last_team, last_visit, visits, ..known });
        }
    })?;
    Ok((read, notes, places))
}
