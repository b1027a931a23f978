//! The figures of results for people and machines: texts, sheets of a workbook, JSON.

use super::report::Figures;
use super::year::{By, Group};
use double_random::study::{RateChange, RateInterval};
use double_random_office::sheet::{Cell, Sheet, percent};
use double_random_office::{catalogue, told};
use double_random_support::screen::{Lang, columns, short};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Fewer visits than these give a rough interval.
const ROUGH: u64 = 30;

/// The heading of a table.
pub fn title(by: By, lang: Lang) -> &'static str {
    let code = match by {
        By::All => "office.figures.by_all",
        By::Risk => "office.figures.by_risk",
        By::Level => "office.figures.by_level",
        By::Kind => "office.figures.by_kind",
        By::District => "office.figures.by_district",
    };
    catalogue::word(code, lang)
}

/// The name of a group; that of all institutions.
pub fn name(by: By, group: &Group, lang: Lang) -> String {
    if by == By::All {
        catalogue::word("office.figures.all_units", lang).to_owned()
    } else if group.codes.is_empty() {
        catalogue::word("office.figures.others", lang).to_owned()
    } else {
        group.name.clone()
    }
}

/// The ends of an interval.
pub fn ends(rate: &RateInterval) -> String {
    format!("{} – {}", percent(rate.low), percent(rate.high))
}

/// A difference in percentage points, with its interval.
pub fn points(change: &RateChange) -> String {
    let signed = |value: i64| {
        let sign = if value < 0 { "−" } else { "+" };
        format!("{sign}{}", percent(value.unsigned_abs()).trim_end_matches('%'))
    };
    format!("{} ({} … {})", signed(change.change), signed(change.low), signed(change.high))
}

fn heads(figures: &Figures, lang: Lang) -> Vec<&'static str> {
    let codes = [
        "office.figures.units",
        "office.figures.visits",
        "office.figures.found",
        "office.figures.rate",
        "office.figures.interval",
    ];
    let mut heads: Vec<&'static str> = codes.iter().map(|code| catalogue::word(code, lang)).collect();
    if figures.against.is_some() {
        heads.push(catalogue::word("office.figures.last_year", lang));
        heads.push(catalogue::word("office.figures.change", lang));
    }
    heads.push(catalogue::word("office.figures.silent", lang));
    heads
}

/// A row of a table.
fn row(figures: &Figures, by: By, group: &Group, lang: Lang) -> Vec<Cell> {
    let none = || Cell::from("—");
    let visits = group.rate.map_or(0, |rate| rate.visits);
    let mut cells = vec![Cell::from(name(by, group, lang)), Cell::from(group.units)];
    cells.extend([Cell::from(visits), Cell::from(group.found)]);
    cells.push(group.rate.map_or_else(none, |rate| Cell::Share(rate.rate)));
    cells.push(group.rate.map_or_else(none, |rate| Cell::from(ends(&rate))));
    if figures.against.is_some() {
        cells.push(group.before.map_or_else(none, |(rate, _)| Cell::Share(rate.rate)));
        cells.push(group.before.map_or_else(none, |(_, change)| Cell::from(points(&change))));
    }
    cells.push(Cell::from(group.silent));
    cells
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Day(text) => text.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Share(share) => percent(*share),
    }
}

/// What happened, in one line each.
fn head(figures: &Figures, lang: Lang) -> Vec<String> {
    let draws: Vec<String> = figures.draws.iter().map(ToString::to_string).collect();
    let draws = draws.join(", ");
    let Figures { drawn, answered, repeated, awaited, unreachable, gone, .. } = figures;
    let mut lines = vec![format!("{} ({})", figures.title, figures.scope)];
    lines.push(told!(
        lang,
        "office.figures.head",
        answered,
        awaited,
        drawn,
        draws,
        gone,
        repeated,
        unreachable
    ));
    lines
}

/// Whether the rating finds those who break rules.
fn rating(figures: &Figures, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    // The first levels that are half of all; where that takes all, the most that are not all.
    let mut parts = figures.curve.iter().filter(|step| step.units < 1_000_000_000);
    let half = parts.clone().find(|step| step.units >= 500_000_000).or_else(|| parts.next_back());
    if let (Some(step), true) = (half, figures.curve.len() > 1) {
        let (units, violations) = (percent(step.units), percent(step.violations));
        lines.push(told!(lang, "office.figures.half", level = step.name, units, violations));
    }
    if let Some((most, least, change)) = &figures.order {
        let verdict = match (change.is_shown(), change.change > 0) {
            (true, true) => "office.figures.finds",
            (true, false) => "office.figures.misses",
            (false, _) => "office.figures.undecided",
        };
        let verdict = catalogue::word(verdict, lang);
        lines.push(told!(lang, "office.figures.order", change = points(change), least, most, verdict));
    }
    lines
}

/// What the figures do not say.
pub fn limits(figures: &Figures, lang: Lang) -> Vec<String> {
    let groups = |by: By| figures.groups.get(&by).map_or(&[][..], Vec::as_slice);
    let silent = groups(By::All).iter().map(|group| group.silent).sum::<u64>();
    let all = groups(By::All).iter().map(|group| group.units).sum::<u64>();
    let without: Vec<String> = [By::Level, By::Kind, By::District]
        .into_iter()
        .flat_map(|by| groups(by).iter().filter(|group| group.rate.is_none()).map(|group| group.name.clone()))
        .collect();
    let rough = figures.groups.values().flatten();
    let rough = rough.filter(|group| group.rate.is_some_and(|rate| rate.visits < ROUGH)).count();
    let shown = figures.groups.values().flatten().filter(|group| group.rate.is_some()).count();
    let mut lines = Vec::new();
    if silent > 0 {
        lines.push(told!(lang, "office.figures.uncovered", all, silent));
    }
    if !without.is_empty() {
        let groups = catalogue::joined(&without, "office.between.sentences", lang);
        lines.push(told!(lang, "office.figures.without", groups));
    }
    let visits = figures.unreachable + figures.awaited;
    lines.extend([
        told!(lang, "office.figures.unanswered", visits),
        catalogue::word("office.figures.first_only", lang).to_owned(),
        told!(lang, "office.figures.rough", least = ROUGH, rough, shown),
        catalogue::word("office.figures.one_result", lang).to_owned(),
        catalogue::word("office.figures.no_cause", lang).to_owned(),
    ]);
    lines
}

/// The report on the screen.
pub fn text(figures: &Figures, lang: Lang) -> String {
    let mut out = head(figures, lang).join("\n") + "\n";
    if let Some(against) = &figures.against {
        let _ = writeln!(out, "{}", told!(lang, "office.figures.against", year = against));
    }
    for (by, groups) in &figures.groups {
        if *by != By::All && groups.len() < 2 {
            continue;
        }
        let mut table = vec![vec![title(*by, lang).to_owned()]];
        table[0].extend(heads(figures, lang).into_iter().map(str::to_owned));
        table.extend(groups.iter().map(|group| row(figures, *by, group, lang).iter().map(plain).collect()));
        let _ = write!(out, "\n{}", columns(&table));
    }
    let rating = rating(figures, lang);
    if !rating.is_empty() {
        let _ = writeln!(out, "\n{}", catalogue::word("office.figures.rating_heading", lang));
        rating.iter().for_each(|line| {
            let _ = writeln!(out, "  {line}");
        });
    }
    if !figures.items.is_empty() {
        let _ = writeln!(out, "\n{}", catalogue::word("office.figures.items_heading", lang));
        let line = |item: &super::report::ItemLine| {
            let share = (item.found * 1_000_000_000).checked_div(item.checked).unwrap_or(0);
            vec![item.code.clone(), item.checked.to_string(), item.found.to_string(), percent(share)]
        };
        let heads = [
            "office.figures.item",
            "office.figures.checked",
            "office.figures.checked_found",
            "office.figures.part",
        ];
        let mut table = vec![header(&heads, lang)];
        table.extend(figures.items.iter().map(line));
        out.push_str(&columns(&table));
    }
    let _ = writeln!(out, "\n{}", catalogue::word("office.figures.limits", lang));
    limits(figures, lang).iter().for_each(|line| {
        let _ = writeln!(out, "  {line}");
    });
    out
}

/// Headings by their codes.
fn header(codes: &[&'static str], lang: Lang) -> Vec<String> {
    codes.iter().map(|code| catalogue::word(code, lang).to_owned()).collect()
}

/// The sheets of a workbook.
pub fn sheets(figures: &Figures, lang: Lang) -> Vec<Sheet> {
    let rows = |lines: Vec<String>| lines.into_iter().map(|line| vec![line]).collect::<Vec<_>>();
    let about: Vec<String> = [head(figures, lang), rating(figures, lang), limits(figures, lang)].concat();
    let heading = catalogue::word("office.figures.about_heading", lang);
    let above = |table: &str| told!(lang, "office.figures.above", table, title = figures.title);
    let mut sheets = vec![Sheet::new(catalogue::word("office.sheet.about", lang), &[heading], rows(about))];
    for (by, groups) in &figures.groups {
        let mut header = vec![title(*by, lang).to_owned()];
        header.extend(heads(figures, lang).into_iter().map(str::to_owned));
        let rows = groups.iter().map(|group| row(figures, *by, group, lang)).collect();
        let title = title(*by, lang);
        sheets.push(Sheet { name: title.to_owned(), header, rows, ..Sheet::default() }.titled(above(title)));
    }
    let rating = catalogue::word("office.figures.rating", lang);
    sheets.push(Sheet {
        name: rating.to_owned(),
        title: Some(above(rating)),
        header: header(
            &[
                "office.figures.step",
                "office.figures.frequency",
                "office.figures.step_units",
                "office.figures.step_violations",
                "office.figures.lift",
            ],
            lang,
        ),
        rows: figures
            .curve
            .iter()
            .map(|step| {
                vec![
                    Cell::from(step.name.clone()),
                    Cell::from(short(u128::from(step.frequency))),
                    Cell::Share(step.units),
                    Cell::Share(step.violations),
                    Cell::from(short(u128::from(step.lift))),
                ]
            })
            .collect(),
    });
    let item = |item: &super::report::ItemLine| {
        let share = (item.found * 1_000_000_000).checked_div(item.checked).unwrap_or(0);
        let (checked, found) = (Cell::from(item.checked), Cell::from(item.found));
        vec![Cell::from(item.code.clone()), checked, found, Cell::Share(share)]
    };
    let names = [
        "office.figures.item_column",
        "office.figures.checked",
        "office.figures.checked_found",
        "office.figures.part",
    ];
    let names = header(&names, lang);
    let rows = figures.items.iter().map(item).collect();
    let items = catalogue::word("office.figures.items", lang);
    sheets.push(Sheet { name: items.to_owned(), title: Some(above(items)), header: names, rows });
    sheets
}

fn signed(billionths: i64) -> String {
    let sign = if billionths < 0 { "-" } else { "" };
    let value = billionths.unsigned_abs();
    format!("{sign}{}.{:09}", value / 1_000_000_000, value % 1_000_000_000)
}

/// For machines: rates in billionths; differences as decimal texts.
pub fn json(figures: &Figures) -> Value {
    let interval = |rate: &RateInterval| json!({ "high": rate.high, "low": rate.low, "rate": rate.rate });
    let change = |change: &RateChange| {
        let (low, high) = (signed(change.low), signed(change.high));
        json!({ "change": signed(change.change), "high": high, "low": low })
    };
    let group = |group: &Group| {
        let mut value = json!({
            "codes": group.codes, "found": group.found, "name": group.name, "not_covered": group.silent,
            "units": group.units, "visits": group.rate.map_or(0, |rate| rate.visits),
        });
        if let Some(rate) = &group.rate {
            value["rate"] = interval(rate);
        }
        if let Some((rate, difference)) = &group.before {
            value["before"] = interval(rate);
            value["change"] = change(difference);
        }
        value
    };
    let groups = |by: By| figures.groups.get(&by).into_iter().flatten().map(group).collect::<Vec<Value>>();
    let curve = figures.curve.iter().map(|step| {
        let (frequency, units, violations) = (step.frequency, step.units, step.violations);
        json!({ "frequency": frequency, "level": step.name, "lift": step.lift, "rate": interval(&step.rate),
                "units": units, "violations": violations })
    });
    let mut value = json!({
        "document": "figures",
        "groups": {
            "all": groups(By::All), "district": groups(By::District), "kind": groups(By::Kind),
            "level": groups(By::Level), "risk": groups(By::Risk),
        },
        "not_shown": { "en": limits(figures, Lang::En), "zh": limits(figures, Lang::Zh) },
        "protocol": double_random::bytes::PROTOCOL,
        "rating": curve.collect::<Vec<Value>>(),
        "title": figures.title,
    });
    for (key, counted) in &figures.counted {
        value[key] = counted.clone();
    }
    // A document that may be published has no null.
    if let Some(against) = &figures.against {
        value["against"] = json!(against);
    }
    if let Some((most, least, difference)) = &figures.order {
        value["order"] = json!({ "change": change(difference), "least": least, "most": most });
    }
    value
}

/// The document that is published: it says after how many entries it stands.
pub fn published(figures: &Figures, at: u64) -> Value {
    let mut value = json(figures);
    value["at"] = at.into();
    value
}
