//! The figures of results for people and machines: texts, sheets of a workbook, JSON.

use super::report::Figures;
use super::year::{By, Group};
use double_random::study::{RateChange, RateInterval};
use double_random_office::sheet::{Cell, Sheet, percent};
use double_random_support::screen::{Lang, columns, short};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Fewer visits than these give a rough interval.
const ROUGH: u64 = 30;

/// The heading of a table.
pub const fn title(by: By, lang: Lang) -> &'static str {
    match (by, lang) {
        (By::All, Lang::En) => "all",
        (By::All, Lang::Zh) => "全部",
        (By::Risk, Lang::En) => "by risk level",
        (By::Risk, Lang::Zh) => "按风险等级",
        (By::Level, Lang::En) => "by risk and credit level",
        (By::Level, Lang::Zh) => "按风险与信用等级",
        (By::Kind, Lang::En) => "by kind",
        (By::Kind, Lang::Zh) => "按机构类别",
        (By::District, Lang::En) => "by division",
        (By::District, Lang::Zh) => "按行政区划",
    }
}

/// The name of a group; that of all institutions.
pub fn name(by: By, group: &Group, lang: Lang) -> String {
    if by == By::All {
        lang.say("all institutions", "全部检查对象").to_owned()
    } else if group.codes.is_empty() {
        lang.say("others, told together", "其他（合并列示）").to_owned()
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
    let (en, zh) = (
        ["institutions", "first visits", "with findings", "violation rate", "95 % interval"],
        ["检查对象数", "首次检查数", "发现问题数", "问题发现率估计", "95%置信区间"],
    );
    let mut heads = if lang == Lang::En { en.to_vec() } else { zh.to_vec() };
    if figures.against.is_some() {
        heads.push(lang.say("last year", "上年"));
        heads.push(lang.say("change, points", "变化（百分点）"));
    }
    heads.push(lang.say("not covered", "未覆盖"));
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
    lines.push(match lang {
        Lang::En => format!(
            "Draws {draws}: {drawn} visits drawn or in the place of others; {answered} first visits with a result, \
             {repeated} further visits, {awaited} still to be made, {unreachable} where nobody was met, {gone} gone \
             or without the activity"
        ),
        Lang::Zh => format!(
            "第{draws}次抽取：抽中及递补 {drawn} 家次；首次检查并有结果 {answered} 家，再次检查 {repeated} 家次，待查 \
             {awaited} 家次，失联 {unreachable} 家次，注销、停业、合并、迁出或未开展该业务 {gone} 家次"
        ),
    });
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
        lines.push(match lang {
            Lang::En => format!(
                "The levels visited most, up to {}, are {units} of the institutions and hold {violations} of the \
                 violations expected (a rating that tells nothing: {units})",
                step.name
            ),
            Lang::Zh => format!(
                "检查频次最高的等级（至“{}”）占检查对象的{units}，估计占全部问题的{violations}（若分级毫无区分作用，应为{units}）",
                step.name
            ),
        });
    }
    if let Some((most, least, change)) = &figures.order {
        let said = points(change);
        let verdict = match (change.is_shown(), change.change > 0, lang) {
            (true, true, Lang::En) => "the rating finds those who break rules more often",
            (true, true, Lang::Zh) => "分级能够区分问题多发的对象",
            (true, false, Lang::En) => "the level visited most breaks rules less often: look at the rating",
            (true, false, Lang::Zh) => "检查频次高的等级问题反而较少：应复核分级标准",
            (false, _, Lang::En) => "the visits do not show a difference",
            (false, _, Lang::Zh) => "现有检查结果不足以显示差异",
        };
        lines.push(match lang {
            Lang::En => format!("{most} against {least}, points: {said}: {verdict}"),
            Lang::Zh => format!("“{most}”与“{least}”相差（百分点）：{said}：{verdict}"),
        });
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
        lines.push(match lang {
            Lang::En => format!(
                "{silent} of {all} institutions are in no rate: they had no chance in any draw of the year"
            ),
            Lang::Zh => {
                format!("检查对象 {all} 家中有 {silent} 家不在估计范围内：本年度各次抽取中均无被抽中可能")
            }
        });
    }
    if !without.is_empty() {
        let named = without.join(lang.say("; ", "；"));
        lines.push(format!("{}{named}", lang.say("No visit with a result: ", "没有检查结果的类别：")));
    }
    let fixed = match lang {
        Lang::En => [
            format!(
                "{} visits without a result are taken to be like the others of their level; if they differ, the rates are off",
                figures.unreachable + figures.awaited
            ),
            "A rate is that of findings at the first visit of the year, not of what nobody saw".to_owned(),
            format!(
                "{rough} of the {shown} rates rest on fewer than {ROUGH} visits: their intervals are rough. Of \
                 {shown} intervals about one in twenty misses the truth"
            ),
            "The ledger has one result for a visit: of an item it is known that it was checked, not that it failed"
                .to_owned(),
            "Level, kind and division are those of the first draw of the year; a difference is no proof of its cause"
                .to_owned(),
        ],
        Lang::Zh => [
            format!(
                "尚无结果的 {} 家次按同等级已查对象推算；如实际情况不同，估计会有偏差",
                figures.unreachable + figures.awaited
            ),
            "问题发现率指年度内首次检查发现问题的比例，不包括检查未发现的问题".to_owned(),
            format!(
                "{shown} 个比率中有 {rough} 个依据的检查不足 {ROUGH} 家，区间较粗略；{shown} 个区间中约有二十分之一不含真值"
            ),
            "台账对一次检查只记一个结果：某事项只知已查，不知是否为该事项不合格".to_owned(),
            "等级、类别、区划均为年度首次抽取时的情况；存在差异不能说明其原因".to_owned(),
        ],
    };
    lines.extend(fixed);
    lines
}

/// The report on the screen.
pub fn text(figures: &Figures, lang: Lang) -> String {
    let mut out = head(figures, lang).join("\n") + "\n";
    if let Some(against) = &figures.against {
        let _ = writeln!(out, "{} {against}", lang.say("held against:", "对照："));
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
        let _ = writeln!(out, "\n{}", lang.say("Does the rating find them?", "风险分级是否有效"));
        rating.iter().for_each(|line| {
            let _ = writeln!(out, "  {line}");
        });
    }
    if !figures.items.is_empty() {
        let _ = writeln!(
            out,
            "\n{}",
            lang.say("Items, those with most findings first", "检查事项（按发现问题比例排列）")
        );
        let line = |item: &super::report::ItemLine| {
            let share = (item.found * 1_000_000_000).checked_div(item.checked).unwrap_or(0);
            vec![item.code.clone(), item.checked.to_string(), item.found.to_string(), percent(share)]
        };
        let mut table =
            vec![["item", "checked", "visits with findings", "share"].map(str::to_owned).to_vec()];
        if lang == Lang::Zh {
            table = vec![["事项", "检查次数", "其中发现问题的检查", "比例"].map(str::to_owned).to_vec()];
        }
        table.extend(figures.items.iter().map(line));
        out.push_str(&columns(&table));
    }
    let _ = writeln!(out, "\n{}", lang.say("What this does not show", "本报告未说明的内容"));
    limits(figures, lang).iter().for_each(|line| {
        let _ = writeln!(out, "  {line}");
    });
    out
}

/// The sheets of a workbook.
pub fn sheets(figures: &Figures, lang: Lang) -> Vec<Sheet> {
    let rows = |lines: Vec<String>| lines.into_iter().map(|line| vec![line]).collect::<Vec<_>>();
    let about: Vec<String> = [head(figures, lang), rating(figures, lang), limits(figures, lang)].concat();
    let heading = lang.say("violation rates: what this is, and what it is not", "问题发现率：说明与局限");
    let above =
        |table: &str| format!("{} · {} · {table}", figures.title, lang.say("violation rates", "问题发现率"));
    let mut sheets = vec![Sheet::new(lang.say("about", "说明"), &[heading], rows(about))];
    for (by, groups) in &figures.groups {
        let mut header = vec![title(*by, lang).to_owned()];
        header.extend(heads(figures, lang).into_iter().map(str::to_owned));
        let rows = groups.iter().map(|group| row(figures, *by, group, lang)).collect();
        let title = title(*by, lang);
        sheets.push(Sheet { name: title.to_owned(), header, rows, ..Sheet::default() }.titled(above(title)));
    }
    let header = |en: [&str; 5], zh: [&str; 5]| match lang {
        Lang::En => en.map(str::to_owned).to_vec(),
        Lang::Zh => zh.map(str::to_owned).to_vec(),
    };
    let rating = lang.say("rating", "分级效果");
    sheets.push(Sheet {
        name: rating.to_owned(),
        title: Some(above(rating)),
        header: header(
            [
                "level, most visited first",
                "visits a year",
                "institutions so far",
                "violations so far",
                "lift",
            ],
            ["等级（按检查频次）", "年检查频次", "检查对象累计占比", "问题累计占比", "提升倍数"],
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
    let mut names = header(
        ["item", "checked", "visits with findings", "share", ""],
        ["检查事项", "检查次数", "其中发现问题的检查", "比例", ""],
    );
    names.truncate(4);
    let rows = figures.items.iter().map(item).collect();
    let items = lang.say("items", "检查事项");
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
