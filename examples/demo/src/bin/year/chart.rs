//! The picture of a year: coverage over the rounds against the floor, city by city, and visits of each level
//! against its frequency.
#![allow(clippy::float_arithmetic, clippy::cast_precision_loss)]

use double_random_support::files::Failure;
use plotters::prelude::*;

/// One city: its name and, after each round, coverage and floor in percent.
pub struct CityCurve {
    /// What it is called.
    pub name: String,
    /// Coverage and floor after each round, percent.
    pub rounds: Vec<(f64, f64)>,
    /// Coverage at the end, rounded down as the tables have it: 19.99 % is not 20 %.
    pub end: String,
}

/// One level: its name, visits a unit and year by the policy, and as made.
pub struct Bar {
    /// What it is called.
    pub name: String,
    /// By the policy's table.
    pub frequency: f64,
    /// As made, per active unit and year.
    pub made: f64,
}

/// The texts of the picture.
pub struct Texts {
    /// Above everything.
    pub title: String,
    /// Above the bars.
    pub levels: String,
    /// What the line is.
    pub coverage: String,
    /// What the dashed line is.
    pub floor: String,
    /// What the grey bars are.
    pub frequency: String,
    /// What the blue bars are.
    pub made: String,
}

const LINE: RGBColor = RGBColor(0x1f, 0x4e, 0x8c);
const FLOOR: RGBColor = RGBColor(0xb2, 0x22, 0x22);
const PLAN: RGBColor = RGBColor(0xb8, 0xb8, 0xb8);
const INK: RGBColor = RGBColor(0x33, 0x33, 0x33);

/// A number as a part of one.
pub fn ratio(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

/// A number as a percentage of another.
pub fn percent(part: u64, of: u64) -> f64 {
    100.0 * ratio(part, of)
}

/// Draws the picture as SVG text.
pub fn year(cities: &[CityCurve], bars: &[Bar], texts: &Texts) -> Result<String, Failure> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (1200, 1180)).into_drawing_area();
        root.fill(&WHITE).map_err(|e| e.to_string())?;
        let (head, rest) = root.split_vertically(70);
        let title = TextStyle::from(("sans-serif", 26).into_font()).color(&INK);
        head.draw(&Text::new(texts.title.clone(), (20, 14), title)).map_err(|e| e.to_string())?;
        legend(&head, 46, &[(LINE, &texts.coverage), (FLOOR, &texts.floor)])?;
        let (upper, lower) = rest.split_vertically(720);
        let top = cities.iter().flat_map(|city| city.rounds.iter().map(|round| round.0)).fold(30.0, f64::max);
        for (panel, city) in upper.split_evenly((3, 3)).iter().zip(cities) {
            draw_city(panel, city, top * 1.1).map_err(|e| e.to_string())?;
        }
        draw_levels(&lower, bars, texts).map_err(|e| e.to_string())?;
        root.present().map_err(|e| e.to_string())?;
    }
    Ok(svg)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Painted<'a> = Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

/// Coloured squares with their names, from left to right.
fn legend(area: &Area<'_>, y: i32, entries: &[(RGBColor, &String)]) -> Result<(), Failure> {
    let style = TextStyle::from(("sans-serif", 16).into_font()).color(&INK);
    for (i, (colour, name)) in (0..).zip(entries) {
        let x = 20 + i * 330;
        area.draw(&Rectangle::new([(x, y), (x + 14, y + 14)], colour.filled())).map_err(|e| e.to_string())?;
        area.draw(&Text::new((*name).clone(), (x + 22, y - 1), style.clone())).map_err(|e| e.to_string())?;
    }
    Ok(())
}

fn draw_city<'a>(panel: &Area<'a>, city: &CityCurve, top: f64) -> Painted<'a> {
    let last = city.rounds.len() as f64;
    let caption = ("sans-serif", 18).into_font().color(&INK);
    let mut chart = ChartBuilder::on(panel)
        .caption(&city.name, caption)
        .margin(10)
        .x_label_area_size(24)
        .y_label_area_size(44)
        .build_cartesian_2d(0.0..last + 0.1, 0.0..top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(0xe4, 0xe4, 0xe4))
        .axis_style(INK)
        .x_labels(city.rounds.len() + 1)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_labels(5)
        .y_label_formatter(&|y| format!("{y:.0} %"))
        .draw()?;
    let points = |value: fn(&(f64, f64)) -> f64| {
        std::iter::once((0.0, 0.0))
            .chain((1..).zip(&city.rounds).map(move |(i, round)| (f64::from(i), value(round))))
    };
    // The floor moves with the number of active institutions, so it is drawn as it stood after each round.
    let first = city.rounds.first().map_or(0.0, |round| round.1);
    let floor = std::iter::once((0.0, first)).chain(points(|round| round.1).skip(1));
    chart.draw_series(DashedLineSeries::new(floor, 6, 4, FLOOR.stroke_width(2)))?;
    chart.draw_series(LineSeries::new(points(|round| round.0), LINE.stroke_width(3)))?;
    chart.draw_series(points(|round| round.0).skip(1).map(|point| Circle::new(point, 4, LINE.filled())))?;
    if let Some(round) = city.rounds.last() {
        let style = TextStyle::from(("sans-serif", 14).into_font()).color(&LINE);
        let place = (last - 0.62, round.0 + top * 0.11);
        chart.draw_series(std::iter::once(Text::new(city.end.clone(), place, style)))?;
    }
    Ok(())
}

fn draw_levels<'a>(panel: &Area<'a>, bars: &[Bar], texts: &Texts) -> Painted<'a> {
    let top = bars.iter().map(|bar| bar.frequency.max(bar.made)).fold(0.5, f64::max) * 1.15;
    let caption = ("sans-serif", 18).into_font().color(&INK);
    let count = bars.len();
    let mut chart = ChartBuilder::on(panel)
        .caption(&texts.levels, caption)
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(44)
        .build_cartesian_2d(0.0..count as f64, 0.0..top)?;
    let name = |x: &f64| {
        let place = x.floor();
        let middle = (x - place - 0.5).abs() < 0.01;
        bars.iter()
            .enumerate()
            .find(|(i, _)| middle && (*i as f64 - place).abs() < 0.01)
            .map_or_else(String::new, |(_, bar)| bar.name.clone())
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(0xe4, 0xe4, 0xe4))
        .axis_style(INK)
        .x_labels(2 * count + 1)
        .x_label_formatter(&name)
        .y_labels(6)
        .y_label_formatter(&|y| format!("{y:.1}"))
        .draw()?;
    for (i, bar) in bars.iter().enumerate() {
        let x = i as f64;
        let pair = [(0.18, 0.48, bar.frequency, PLAN), (0.52, 0.82, bar.made, LINE)];
        chart.draw_series(pair.map(|(from, to, value, colour)| {
            Rectangle::new([(x + from, 0.0), (x + to, value)], colour.filled())
        }))?;
        let style = TextStyle::from(("sans-serif", 13).into_font()).color(&INK);
        chart.draw_series(std::iter::once(Text::new(
            format!("{:.2}", bar.made),
            (x + 0.5, bar.made + top * 0.05),
            style,
        )))?;
    }
    let style = TextStyle::from(("sans-serif", 16).into_font()).color(&INK);
    for (i, (colour, text)) in [(PLAN, &texts.frequency), (LINE, &texts.made)].into_iter().enumerate() {
        let y = 40 + 22 * i32::try_from(i).unwrap_or(0);
        panel.draw(&Rectangle::new([(860, y), (874, y + 14)], colour.filled()))?;
        panel.draw(&Text::new(text.clone(), (882, y - 1), style.clone()))?;
    }
    Ok(())
}
