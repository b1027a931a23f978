//! Openings (当场开示书): one visit of a draw shown to its institution alone, at its door, while the draw is not disclosed:
//! that this team and day were committed to in the ledger before.

use super::Run;
use super::args::OpeningArgs;
use super::desk::{Office, refuse};
use super::export::Known;
use super::receipts::{hand_out, hidden};
use super::steps::book;
use super::store::Database;
use super::teams::{people, teams_now};
use super::words::Answer;
use double_random::UnitId;
use double_random::assign::{Teams, Visit};
use double_random::bytes::encode;
use double_random::disclosure::{Opening, VisitsTree};
use double_random_office::paper::{Block, Page};
use double_random_office::{catalogue, say, told};
use double_random_support::files::{Failure, Files};
use double_random_support::screen::Lang;
use serde_json::json;

/// What to do with the code.
fn how(lang: Lang) -> &'static str {
    catalogue::word("office.opening.how", lang)
}

/// The paper of a visit.
fn page(known: &Known, number: &str, visit: &Visit, teams: &Teams, opening: &Opening, lang: Lang) -> Page {
    let (called, place) = known.unit(&visit.unit);
    let team = people(teams, &visit.unit).unwrap_or_default();
    let team: Vec<String> = team.iter().map(|id| format!("{} {id}", known.person(id))).collect();
    let lead = visit.lead.as_ref().map_or_else(String::new, |id| format!("{} {id}", known.person(id)));
    Page {
        wide: false,
        blocks: vec![
            Block::Title(catalogue::word("office.opening.title", lang).to_owned()),
            Block::Under(told!(lang, "office.paper.number", number = format!("{number}-{}", visit.unit))),
            Block::Fields(vec![
                (catalogue::word("office.paper.institution", lang).to_owned(), called),
                (catalogue::word("office.paper.id", lang).to_owned(), visit.unit.to_string()),
                (catalogue::word("office.paper.division", lang).to_owned(), place),
                (catalogue::word("office.paper.task", lang).to_owned(), known.policy.title.clone()),
                (catalogue::word("office.paper.when", lang).to_owned(), known.days(visit.day)),
                (
                    catalogue::word("office.paper.team", lang).to_owned(),
                    catalogue::joined(&team, "office.between.sentences", lang),
                ),
                (catalogue::word("office.paper.lead", lang).to_owned(), lead),
                (catalogue::word("office.paper.seal_digest", lang).to_owned(), opening.seal.to_string()),
            ]),
            Block::Text(how(lang).to_owned()),
        ],
    }
}

/// Writes the opening of one visit, or of all as they stand, each in a folder of its own.
pub fn openings(run: &Run, database: &mut Database, given: &OpeningArgs) -> Result<Answer, Failure> {
    let screen = run.screen;
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let attempt = book.standing(given.draw)?;
    let name = attempt.name();
    hidden(&given.out)?;
    let sealed = book.sealed(database, name)?;
    let teams = teams_now(&book, database, name)?;
    let tree = VisitsTree::new(attempt.seal(), sealed.salt_key(), &teams.visits)?;
    let known = Known::of(&sealed);
    let number = format!("{}-{}", book.scope, name.0);
    let wanted = given.unit.as_deref().map(UnitId::any).transpose()?;
    let mut files = Files::default();
    let mut count = 0_u64;
    for visit in teams.visits.iter().filter(|visit| wanted.as_ref().is_none_or(|unit| visit.unit == *unit)) {
        let unit = &visit.unit;
        let opening = tree.opening(unit).ok_or("a visit of the tree")?;
        let paper = page(&known, &number, visit, &teams, &opening, screen.lang);
        let documents = vec![("opening.json", encode(&opening)?)];
        hand_out(&mut files, unit, ("opening", screen.lang), documents, paper)?;
        count += 1;
    }
    if count == 0 {
        let unit = given.unit.as_deref().unwrap_or_default();
        return refuse(say!(
            "office.opening.no_visit",
            "{unit} has no visit in draw {draw}.{attempt}: it was not drawn, or another came in its place",
            unit,
            draw = name.0,
            attempt = name.1
        ));
    }
    files.write(&given.out)?;
    let text = told!(screen.lang, "office.opening.written", count, folder = given.out.display());
    Ok(Answer::said(json!({ "folder": given.out, "openings": count }), text))
}
