//! The five cities: their packs and programmes are read, checked and run through a year; what the documents demand holds in every draw.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    dead_code
)]

#[path = "../examples/support/city.rs"]
mod city;

use city::{CITIES, City, Year};
use double_random::verify::Verdict;
use std::path::Path;
use std::sync::LazyLock;

fn examples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
}

static YEARS: LazyLock<Vec<(City, Year)>> = LazyLock::new(|| {
    let run = |code: &&str| {
        let city = City::read(examples(), code).unwrap_or_else(|e| panic!("{code}: {e}"));
        let year = city.year().unwrap_or_else(|e| panic!("{code}: {e}"));
        (city, year)
    };
    CITIES.iter().map(run).collect()
});

#[test]
fn every_draw_of_every_city_is_confirmed_with_all_files_and_its_origin() {
    for (city, year) in YEARS.iter() {
        println!("{}: {}", city.code, year.findings);
        for draw in &year.draws {
            println!("  {} {}: {} visits", draw.task, draw.batch, draw.record.teams.visits.len());
            assert_eq!(
                draw.report.verdict(),
                Verdict::Confirmed,
                "{} {} {}",
                city.code,
                draw.task,
                draw.report
            );
            assert_eq!(
                draw.origin.verdict(),
                Verdict::Confirmed,
                "{} {} {}",
                city.code,
                draw.task,
                draw.origin
            );
        }
    }
}
