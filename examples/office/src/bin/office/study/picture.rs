//! The picture of a study: one panel for each figure, one line for each variant, from the least to the most over
//! the seeds, with the median as a dot.
#![allow(clippy::cast_precision_loss)]

use super::figures::{FIGURES, Outcome, Spread, decimal};
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use plotters::prelude::*;

/// The panels, in reading order: each the code of a figure.
const PANELS: [&str; 8] = ["visits", "covered", "weakest", "gap", "guess", "ratio", "most_load", "changes"];

const INK: RGBColor = RGBColor(0x33, 0x33, 0x33);
const GRID: RGBColor = RGBColor(0xd8, 0xd8, 0xd8);
const ADOPTED: RGBColor = RGBColor(0x77, 0x77, 0x77);
const VARIANT: RGBColor = RGBColor(0x1f, 0x4e, 0x8c);

/// Where things stand, in pixels.
const WIDTH: i32 = 1200;
const HEAD: i32 = 92;
const NAMES: i32 = 190;
const VALUES: i32 = 150;
const LINE: i32 = 26;
const CAPTION: i32 = 40;
const FOOT: i32 = 34;

/// Draws the picture as SVG text.
pub fn draw(outcomes: &[Outcome], title: &str, below: &str, lang: Lang) -> Result<String, Failure> {
    let drawn: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.figures.is_ok()).collect();
    let panels: Vec<(usize, Vec<Option<Spread>>)> = PANELS
        .iter()
        .filter_map(|code| FIGURES.iter().position(|figure| figure.code == *code))
        .map(|place| (place, drawn.iter().map(|outcome| outcome.spread(place)).collect::<Vec<_>>()))
        .filter(|(_, spreads)| spreads.iter().any(Option::is_some))
        .collect();
    let lines = i32::try_from(drawn.len())?;
    let height = CAPTION + LINE * lines + FOOT;
    let rows = i32::try_from(panels.len().div_ceil(2))?;
    let size = (WIDTH.unsigned_abs(), (HEAD + rows * height).unsigned_abs());
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let said = |error: DrawingAreaErrorKind<_>| -> Failure { format!("the picture: {error}").into() };
        root.fill(&WHITE).map_err(said)?;
        let write = |text: &str, size: i32, colour: &RGBColor, at: (i32, i32)| {
            let style = TextStyle::from(("sans-serif", size).into_font()).color(colour);
            root.draw(&Text::new(text.to_owned(), at, style))
        };
        write(title, 24, &INK, (20, 14)).map_err(said)?;
        write(below, 14, &INK, (20, 52)).map_err(said)?;
        for (number, (place, spreads)) in (0..).zip(&panels) {
            let figure = &FIGURES[*place];
            let (left, top) = ((number % 2) * (WIDTH / 2), HEAD + (number / 2) * height);
            let (from, to) = (left + NAMES, left + WIDTH / 2 - VALUES);
            write(figure.name(lang), 16, &INK, (left + 20, top + 8)).map_err(said)?;
            // The axis begins at 0, so that a line twice as far is twice as much.
            let most = spreads.iter().flatten().map(|spread| spread.most).max().unwrap_or(0).max(1);
            let x = |value: i64| {
                let along = (i128::from(value.max(0)) * i128::from(to - from) / i128::from(most)).max(0);
                from + i32::try_from(along).unwrap_or(0)
            };
            let bottom = top + CAPTION + LINE * lines;
            for tick in [0, most / 2, most] {
                let line = vec![(x(tick), top + CAPTION - 6), (x(tick), bottom)];
                root.draw(&PathElement::new(line, GRID.stroke_width(1))).map_err(said)?;
                let label = decimal(tick, figure.digits.max(u32::from(most < 4000)), false);
                write(&label, 12, &INK, (x(tick) - 8, bottom + 4)).map_err(said)?;
            }
            for (row, (outcome, spread)) in (0..).zip(drawn.iter().zip(spreads)) {
                let y = top + CAPTION + LINE * row + LINE / 2;
                let colour = if row == 0 { ADOPTED } else { VARIANT };
                write(&short(&outcome.name), 14, &INK, (left + 20, y - 6)).map_err(said)?;
                let Some(Spread { least, median, most }) = *spread else { continue };
                let range = vec![(x(least), y), (x(most), y)];
                root.draw(&PathElement::new(range, colour.stroke_width(3))).map_err(said)?;
                root.draw(&Circle::new((x(median), y), 6, colour.filled())).map_err(said)?;
                let label = decimal(median, figure.digits, false);
                write(&label, 14, &colour, (to + 16, y - 6)).map_err(said)?;
            }
        }
        root.present().map_err(said)?;
    }
    Ok(svg)
}

/// A name that fits beside its line.
fn short(name: &str) -> String {
    let mut width = 0;
    let mut kept = String::new();
    for c in name.chars() {
        width += if u32::from(c) >= 0x1100 { 2 } else { 1 };
        if width > 22 {
            return kept + "…";
        }
        kept.push(c);
    }
    kept
}
