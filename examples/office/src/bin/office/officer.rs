//! One officer of a draw: chances or bars at every institution drawn, the load and what settles it, and who
//! would take the place.

use super::Run;
use super::args::OfficerArgs;
use super::desk::Office;
use super::dropout;
use super::steps::book;
use super::store::Database;
use super::teams::teams_now;
use super::words::Answer;
use double_random::InspectorId;
use double_random::assign::{Assignment, Change};
use double_random::bytes::encode;
use double_random::matching::WHOLE;
use double_random_office::{catalogue, say, show, told};
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use serde_json::json;
use std::fmt::Write as _;

fn inspector(text: &str) -> Result<InspectorId, Failure> {
    Ok(InspectorId::parse(text)
        .map_err(|rule| say!("office.option.officer", "\"{text}\" {rule}", rule, text))?)
}

/// Shows the chances of one officer of a draw, or who would take a place. Enters nothing.
pub fn officer(run: &Run, database: &mut Database, given: &OfficerArgs) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let attempt = book.standing(given.draw)?;
    let (name, number) = (attempt.name(), attempt.number());
    let record = book.record(database, name)?;
    let sealed = book.sealed(database, name)?;
    let id = inspector(&given.id)?;
    if given.drops_out {
        let (from, to) = (given.from.as_deref(), given.to.as_deref());
        let window = sealed.plan().policy().window;
        let dates = dropout::days(run, window, from, to)?;
        let away = dropout::away(&book, database, (name.0, number), window)?;
        let settled = dropout::settled(&book, database, (name.0, number))?;
        let change = Change { away, dates, out: id.clone(), settled, unit: None };
        let teams = teams_now(&book, database, name)?;
        let found = sealed.plan().reassign(&record.teams, &teams, &change, &record.seed)?;
        let places: serde_json::Value = serde_json::from_slice(&encode(&found.places)?)?;
        let mut text = catalogue::lines(&dropout::said(&id, &found), run.screen.lang);
        if found.needs_authority() {
            text = format!("{}\n{text}", run.screen.word("office.officer.authority"));
        }
        return Ok(Answer::said(json!({ "out": id, "places": places, "moves": found.moves() }), text));
    }
    let values = attempt.values().ok_or("the values of a draw that is drawn")?;
    let seed = sealed.seed(&values)?;
    let sample = seed.draw();
    let text = explained(&sample.assign(), &id, run.screen.lang)?;
    Ok(Answer::said(json!({ "officer": id, "draw": name.0, "explained": text }), text))
}

/// Chances, bars and load of one officer.
fn explained(assignment: &Assignment<'_>, id: &InspectorId, lang: Lang) -> Result<String, Failure> {
    let mut out = String::new();
    for visit in &assignment.teams().visits {
        let Some(posts) = assignment.explain(id, &visit.unit) else {
            return Err(told!(lang, "office.officer.stranger", id).into());
        };
        for (post, why) in posts {
            writeln!(out, "  {} {post}: {}", visit.unit, show::why(why, lang))?;
        }
    }
    let units = |units: u64| format!("{}.{:03}", units / WHOLE, units % WHOLE * 1000 / WHOLE);
    if let Some(load) = assignment.load(id) {
        let (expected, elsewhere) = (units(load.expected), units(load.elsewhere));
        let (officers, visits) = (load.officers.len(), load.units.len());
        let (drawn, before, places) = (load.drawn, load.before, load.places);
        writeln!(
            out,
            "{}",
            told!(
                lang,
                "office.officer.load",
                before,
                drawn,
                elsewhere,
                expected,
                id,
                officers,
                places,
                visits
            )
        )?;
    } else {
        writeln!(out, "{}", told!(lang, "office.officer.no_post", id))?;
    }
    let summary = assignment.summary();
    let (pairs, bits, table) = (summary.pairs, summary.entropy / 1000, summary.table);
    let (pair, team) = (units(summary.largest_pair), units(summary.largest_team));
    let [squares, least] = [summary.squares, summary.least_squares].map(|sum| sum / u128::from(WHOLE));
    writeln!(
        out,
        "{}",
        told!(lang, "office.officer.chances", bits, least, pair, pairs, squares, table, team)
    )?;
    Ok(out)
}
