//! The picture of the figures: rates with their intervals, and the curve of the rating. Plain SVG.

use super::figures::{ends, name, title};
use super::report::Figures;
use super::year::{By, Group};
use double_random_office::catalogue;
use double_random_office::sheet::percent;
use double_random_support::screen::Lang;
use std::fmt::Write as _;

/// The width of the picture, of its names, and of its bars.
const WIDTH: u64 = 1000;
const NAMES: u64 = 300;
const BARS: u64 = 440;
/// The height of a line.
const LINE: u64 = 26;
/// The side of the curve.
const SIDE: u64 = 320;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn words(svg: &mut String, x: u64, y: u64, size: u64, anchor: &str, text: &str) {
    let text = escaped(text);
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"#333\">{text}</text>"
    );
}

/// A value of billionths on a scale of so many points, of which `top` is the end.
fn on(value: u64, top: u64, points: u64) -> u64 {
    let place = u128::from(value) * u128::from(points) / u128::from(top.max(1));
    u64::try_from(place).unwrap_or(points).min(points)
}

fn bar(svg: &mut String, y: u64, top: u64, by: By, group: &Group, lang: Lang) {
    words(svg, NAMES - 10, y + 17, 14, "end", &name(by, group, lang));
    let Some(rate) = &group.rate else {
        words(svg, NAMES + 6, y + 17, 13, "start", catalogue::word("office.figures.no_visit", lang));
        return;
    };
    let place = |value: u64| NAMES + on(value, top, BARS);
    let (from, to, at) = (place(rate.low), place(rate.high), place(rate.rate));
    let middle = y + LINE / 2;
    let _ = writeln!(
        svg,
        "<line x1=\"{from}\" y1=\"{middle}\" x2=\"{to}\" y2=\"{middle}\" stroke=\"#1f4e8c\" stroke-width=\"3\"/>\
         <circle cx=\"{at}\" cy=\"{middle}\" r=\"5\" fill=\"#1f4e8c\"/>"
    );
    if let Some((before, _)) = &group.before {
        let x = place(before.rate);
        let (up, down) = (middle - 7, middle + 7);
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" y1=\"{up}\" x2=\"{x}\" y2=\"{down}\" stroke=\"#b22222\" stroke-width=\"2\"/>"
        );
    }
    let visits = rate.visits;
    let said = format!("{} ({}), n = {visits}", percent(rate.rate), ends(rate));
    words(svg, NAMES + BARS + 14, y + 17, 13, "start", &said);
}

/// The share of violations over the share of institutions, levels visited most first.
fn curve(svg: &mut String, figures: &Figures, y: u64, lang: Lang) {
    let (left, bottom) = (NAMES, y + SIDE);
    let heading = catalogue::word("office.figures.curve", lang);
    words(svg, 20, y - 16, 16, "start", heading);
    let right = left + SIDE;
    let _ = writeln!(
        svg,
        "<rect x=\"{left}\" y=\"{y}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#999\"/>\
         <line x1=\"{left}\" y1=\"{bottom}\" x2=\"{right}\" y2=\"{y}\" stroke=\"#b8b8b8\" stroke-dasharray=\"5 4\"/>"
    );
    let mut points = format!("{left},{bottom}");
    for step in &figures.curve {
        let x = left + on(step.units, 1_000_000_000, SIDE);
        let up = bottom - on(step.violations, 1_000_000_000, SIDE);
        let _ = write!(points, " {x},{up}");
        let _ = writeln!(svg, "<circle cx=\"{x}\" cy=\"{up}\" r=\"4\" fill=\"#1f4e8c\"/>");
    }
    let _ =
        writeln!(svg, "<polyline points=\"{points}\" fill=\"none\" stroke=\"#1f4e8c\" stroke-width=\"3\"/>");
    for (row, step) in (0..).zip(&figures.curve) {
        let said = format!("{}: {} / {}", step.name, percent(step.units), percent(step.violations));
        words(svg, right + 24, y + 18 + row * 22, 13, "start", &said);
    }
    for (share, label) in [(0, "0%"), (500_000_000, "50%"), (1_000_000_000, "100%")] {
        words(svg, left + on(share, 1_000_000_000, SIDE), bottom + 18, 12, "middle", label);
        words(svg, left - 8, bottom - on(share, 1_000_000_000, SIDE) + 4, 12, "end", label);
    }
}

/// The picture.
pub fn svg(figures: &Figures, lang: Lang) -> String {
    let shown: Vec<(By, &Vec<Group>)> = figures
        .groups
        .iter()
        .filter(|(by, groups)| **by == By::All || groups.len() > 1)
        .map(|(by, groups)| (*by, groups))
        .collect();
    let lines: u64 = shown.iter().map(|(_, groups)| u64::try_from(groups.len()).unwrap_or(0)).sum();
    let heads = u64::try_from(shown.len()).unwrap_or(0);
    let steps = u64::try_from(figures.curve.len()).unwrap_or(0);
    let with_curve = figures.curve.len() > 1;
    let below = if with_curve { 110 + SIDE.max(steps * 22) } else { 20 };
    let height = 90 + lines * LINE + heads * 40 + below;
    let highs = figures.groups.values().flatten().filter_map(|group| Some(group.rate?.high));
    let top = highs.max().unwrap_or(0).max(50_000_000);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    words(&mut svg, 20, 36, 22, "start", &figures.title);
    let legend = match figures.against {
        Some(_) => "office.figures.legend_before",
        None => "office.figures.legend",
    };
    words(&mut svg, 20, 62, 14, "start", catalogue::word(legend, lang));
    words(&mut svg, NAMES, 92, 12, "start", "0%");
    words(&mut svg, NAMES + BARS, 92, 12, "middle", &percent(top));
    let mut y = 80;
    for (by, groups) in shown {
        y += 26;
        words(&mut svg, 20, y, 16, "start", title(by, lang));
        y += 6;
        for group in groups {
            bar(&mut svg, y, top, by, group, lang);
            y += LINE;
        }
        y += 8;
    }
    if with_curve {
        curve(&mut svg, figures, y + 50, lang);
    }
    svg.push_str("</svg>\n");
    svg
}
