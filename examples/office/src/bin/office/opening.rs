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
use double_random_office::say;
use double_random_support::files::{Failure, Files};
use double_random_support::screen::Lang;
use serde_json::json;

/// What to do with the code.
const fn how(lang: Lang) -> &'static str {
    lang.say(
        "Read the code with a phone, or copy the text below it, and paste it on the published page (index.html) under \
         “Receipts”. If there are several codes, paste all of them. The page then shows in your browser whether this team \
         and this day were committed to in the published ledger before the visit; nothing is sent anywhere. The paper \
         tells nothing of other visits. If the people at your door are others, ask for the opening of the present team.",
        "用手机扫描二维码（或抄录下方文字），把读出的文字粘贴到公示网页（index.html）的“回执”一栏；有几个二维码的，全部粘贴。网页即在您的浏览器中核对：\
         这次检查的人员和日期是否在检查之前已经记入公布的台账；不上传任何内容。本开示书不涉及其他检查。到场人员与此不符的，可要求出示现任检查组的开示书。",
    )
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
            Block::Title(lang.say("Opening of a visit", "双随机抽查当场开示书").to_owned()),
            Block::Under(format!("{}{number}-{}", lang.say("No. ", "编号："), visit.unit)),
            Block::Fields(vec![
                (lang.say("Institution", "机构名称").to_owned(), called),
                (lang.say("Id", "机构标识").to_owned(), visit.unit.to_string()),
                (lang.say("Division", "行政区划").to_owned(), place),
                (lang.say("Task", "抽查任务").to_owned(), known.policy.title.clone()),
                (lang.say("When", "检查时间").to_owned(), known.days(visit.day)),
                (lang.say("Team", "检查人员").to_owned(), team.join(lang.say("; ", "；"))),
                (lang.say("Lead", "组长").to_owned(), lead),
                (lang.say("Digest of the seal", "封存文件摘要").to_owned(), opening.seal.to_string()),
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
    let text = match screen.lang {
        Lang::En => format!(
            "{}: {count} openings. Each is for its institution alone, at the door: it names the team and the day",
            given.out.display()
        ),
        Lang::Zh => format!(
            "{}：当场开示书 {count} 份。每份只在到场检查时交给该机构：其中写明检查人员和日期",
            given.out.display()
        ),
    };
    Ok(Answer::said(json!({ "folder": given.out, "openings": count }), text))
}
