//! Tables about those who inspect: officers, experts, and who may not go where.

use super::cells::{coded, divisions, labelled, located};
use super::certain::{absence, all_divisions, is_town, is_whole, only_department, only_division};
use super::columns::{EXPERT, OFFICER, RECUSAL};
use super::grid::{self, Row, Schema, Spellings, Told};
use super::{Read, Source};
use crate::say;
use double_random::id::Code;
use double_random::policy::Policy;
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};

/// The absences of a row. One that is nothing but the day 0 of spreadsheets is none.
fn absences(row: Row<'_>, told: &mut Told) -> Vec<(String, String)> {
    let mut spans: Vec<(String, String)> =
        row.list("absences").iter().map(|text| row.span("absences", text, told)).collect();
    spans.retain(|(from, to)| !from.is_empty() || !to.is_empty());
    spans
}

/// The divisions of an officer: those that are named, all where the whole area is, and the one division of the rules for
/// a township of it.
fn areas(row: Row<'_>, policy: &Policy, told: &mut Told) -> Vec<String> {
    let mut areas: Vec<String> = Vec::new();
    for word in row.list("divisions") {
        let found = located(word.clone(), policy);
        let meant = if found != word {
            vec![found.clone()]
        } else if is_whole(&word) {
            all_divisions(policy)
        } else if let Some(only) = only_division(policy).filter(|_| is_town(&word)) {
            told.towns.count(row, "divisions");
            vec![only]
        } else {
            vec![word]
        };
        for area in meant {
            // A division that is named twice stays a problem; several townships of one are none.
            if !(areas.contains(&area) && area != found) {
                areas.push(area);
            }
        }
    }
    areas
}

/// The absences of a row, with one that only its remark says. Other remarks are named: they may say something that
/// belongs into another column or table.
fn with_remark(row: Row<'_>, told: &mut Told) -> Vec<(String, String)> {
    let mut spans = absences(row, told);
    let text = row.maybe("remark");
    if text.is_empty() {
        return spans;
    }
    let place = row.places.cell(row.number(), "remark");
    match absence(&text, row.dates()) {
        Some(span) => {
            let (from, to) = &span;
            told.notes.push(say!(
                "office.note.leave",
                "{place}: {text}: read as an absence ({from}–{to})",
                from,
                place,
                text,
                to
            ));
            if !spans.contains(&span) {
                spans.push(span);
            }
        }
        None => {
            told.notes.push(say!("office.note.remark", "{place}: a remark, not read: {text}", place, text))
        }
    }
    spans
}

/// Reads a table of officers (执法检查人员名录).
///
/// # Errors
/// As for [`units`].
pub fn inspectors<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> Read<InspectorRow> {
    let required = ["id", "name", "divisions", "certified until", "department"];
    // Where the rules have one department, a register need not name it.
    let department = only_department(policy);
    let required = if department.is_some() { &required[..4] } else { &required[..] };
    let schema = Schema { columns: OFFICER, keys: ["id", "name"], required, more: &[] };
    let (mut read, mut known) = (Vec::new(), Spellings::default());
    let (notes, mut places) = grid::read(source.into(), &schema, &mut |row, told| {
        let qualification = |word| coded(word, &policy.roster.qualifications, policy);
        let divisions = areas(row, policy, told);
        for division in &divisions {
            row.watch("divisions", division, told);
        }
        let id = row.id("id", told);
        row.spelt("id", &id, &mut known, told);
        read.push(InspectorRow {
            row: row.number(),
            id,
            name: row.text("name"),
            department: match department.as_ref().filter(|_| !row.has("department")) {
                Some(only) => only.clone(),
                None => coded(row.code("department"), &policy.roster.departments, policy),
            },
            office: row.maybe("office"),
            divisions,
            qualifications: if policy.roster.qualifications.is_empty() {
                // Rules without qualifications ask for none, and have no words for them.
                if !row.list("qualifications").is_empty() {
                    told.idle.count(row, "qualifications");
                }
                Vec::new()
            } else {
                row.list("qualifications").into_iter().map(qualification).collect()
            },
            certified_from: row.day("certified from", told),
            certified_until: row.last("certified until", &row.code("certified until"), told),
            absences: with_remark(row, told),
            grid: row.maybe("grid"),
            cap: row.maybe("cap"),
            family: row.maybe("family"),
            load: row.maybe("load"),
        });
    })?;
    let labelled = |codes: &[Code]| codes.iter().map(|code| labelled(code, policy)).collect();
    places.known.insert("department", labelled(&policy.roster.departments));
    places.known.insert("qualification", labelled(&policy.roster.qualifications));
    places.known.insert("division", divisions(policy));
    Ok((read, notes, places))
}

/// Reads a table of experts and third parties (专家库, 第三方机构库).
///
/// # Errors
/// As for [`units`].
pub fn experts<'a>(source: impl Into<Source<'a>>, policy: &Policy) -> Read<ExpertRow> {
    let required = ["id", "name", "divisions", "engaged until"];
    let schema = Schema { columns: EXPERT, keys: ["id", "name"], required: &required, more: &[] };
    let (mut read, mut known) = (Vec::new(), Spellings::default());
    let (notes, mut places) = grid::read(source.into(), &schema, &mut |row, told| {
        let qualification = |word| coded(word, &policy.roster.qualifications, policy);
        let id = row.id("id", told);
        row.spelt("id", &id, &mut known, told);
        read.push(ExpertRow {
            row: row.number(),
            id,
            name: row.text("name"),
            organisation: row.maybe("organisation"),
            divisions: row.list("divisions").into_iter().map(|word| located(word, policy)).collect(),
            qualifications: row.list("qualifications").into_iter().map(qualification).collect(),
            engaged_from: row.day("engaged from", told),
            engaged_until: row.last("engaged until", &row.code("engaged until"), told),
            absences: absences(row, told),
            cap: row.maybe("cap"),
            family: row.maybe("family"),
            load: row.maybe("load"),
            role: match row.maybe("role").as_str() {
                "专家" => "expert".to_owned(),
                "第三方" | "第三方机构" => "third_party".to_owned(),
                "网格员" => "grid".to_owned(),
                "辅助人员" | "协管员" | "临时工" => "uncertified".to_owned(),
                other => other.to_lowercase(),
            },
        });
    })?;
    let words =
        |words: &[(&str, &str)]| words.iter().map(|(code, name)| ((*code).into(), (*name).into())).collect();
    let qualifications = policy.roster.qualifications.iter();
    places.known.insert("qualification", qualifications.map(|code| labelled(code, policy)).collect());
    places.known.insert("division", divisions(policy));
    places.known.insert(
        "role",
        words(&[
            ("expert", "专家"),
            ("third_party", "第三方机构"),
            ("grid", "网格员"),
            ("uncertified", "辅助人员"),
        ]),
    );
    Ok((read, notes, places))
}

/// Reads a table of recusals (回避名单).
///
/// # Errors
/// As for [`units`].
pub fn recusals<'a>(source: impl Into<Source<'a>>, _policy: &Policy) -> Read<RecusalRow> {
    let required = ["inspector", "unit", "ground", "basis"];
    let schema = Schema { columns: RECUSAL, keys: ["inspector", "unit"], required: &required, more: &[] };
    let mut read = Vec::new();
    let (notes, mut places) = grid::read(source.into(), &schema, &mut |row, told| {
        let ground = row.code("ground");
        let known = match ground.to_lowercase().as_str() {
            "法定" | "法定回避" | "statutory" => Some("statutory"),
            "申请" | "申请回避" | "requested" => Some("requested"),
            "决定" | "决定回避" | "指令回避" | "decided" => Some("decided"),
            _ => None,
        };
        read.push(RecusalRow {
            row: row.number(),
            inspector: row.person("inspector", told),
            unit: row.unit("unit", told),
            ground: known.map_or(ground, str::to_owned),
            basis: row.text("basis"),
        });
    })?;
    let grounds = [("statutory", "法定回避"), ("requested", "申请回避"), ("decided", "决定回避")];
    places
        .known
        .insert("ground", grounds.iter().map(|(code, name)| ((*code).into(), (*name).into())).collect());
    Ok((read, notes, places))
}
