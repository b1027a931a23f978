//! Draws institutions and teams, and writes the record.
//!
//! Without arguments it seals and draws the shipped demonstration in one go: 221 real institutions of 泉州,
//! everything but their names constructed. In earnest the seal is made and published the day before
//! (`seal.rs`).

use double_random::bytes::{encode, written};
use double_random::message::AsParam as _;
use double_random::sample::Pick;
use double_random::seal::Sealed;
use double_random::verify::{Evidence, verify};
use double_random::{BeaconValue, Record, UnitId, Verdict};
use double_random_support::args::{self, Arguments, Usage};
use double_random_support::files::{self, Failure};
use double_random_support::{catalogue, demo, out, say, screen};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: [&str; 2] = [
    "Draws institutions and teams from a sealed plan and the published values of its beacon.
  draw [--out FOLDER] [--lang en|zh] [--quiet]             the shipped demonstration, to target/draw
  draw --sealed FOLDER --beacon values.json                what `seal` has written; values as [{\"source\":…,\"value\":…}]",
    "依据已封存的计划和公开随机数，抽取检查对象和检查人员。
  draw [--out 文件夹] [--lang en|zh] [--quiet]             随附的演示，写入 target/draw
  draw --sealed 文件夹 --beacon values.json                seal 写出的文件夹；随机数的格式为 [{\"source\":…,\"value\":…}]",
];

fn main() -> ExitCode {
    args::run(USAGE, &["--sealed", "--beacon", "--out", "--lang"], &["--quiet"], run)
}

fn run(given: &Arguments) -> Result<Verdict, Failure> {
    let lang = given.lang()?;
    given.no_words()?;
    let (sealed, values) = match (given.path("--sealed"), given.path("--beacon")) {
        (None, None) => (demo::plan()?.seal(demo::terms()?)?, demo::beacon()?),
        (Some(folder), Some(values)) => {
            let text = files::text(&values)?;
            let named = values.display().to_string();
            (files::reopen(&folder)?, files::about(&named, written(&text))?)
        }
        _ => {
            return Err(Usage(say!(
                "screen.draw.together",
                "--sealed and --beacon are given together or not at all"
            ))
            .into());
        }
    };

    let seed = files::about("beacon", sealed.seed(&values))?;
    let sample = seed.draw(); // the first random: institutions
    let assignment = sample.assign(); // the second random: officers
    let record = assignment.record();

    // The record is read back and replayed before it is handed out.
    let key = || sealed.salt_key().clone();
    let evidence = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(values.clone()),
        frame: Some((sealed.plan().frame().clone(), key())),
        roster: Some((sealed.plan().roster().clone(), key())),
        cycle: Some((sealed.plan().cycle().clone(), key())),
        registers: None,
    };
    let report = verify(&Record::from_json(&record.to_json())?, &evidence);
    if !report.failed().is_empty() {
        return Err(say!(
            "screen.draw.not_verified",
            "the record does not verify; nothing was written: {report}",
            report = report.lines().param()
        )
        .into());
    }

    let chances = assignment.chances().map(|chance| {
        let party = chance.department.map_or_else(|| "experts".to_owned(), ToString::to_string);
        let (unit, post) = (chance.unit.to_string(), chance.post.to_string());
        vec![unit, party, post, chance.inspector.to_string(), chance.chance.to_string()]
    });
    let mut files = drawn_files(&sealed, &record, &values)?;
    files.add_for(
        "auditor/drawn.json",
        encode(&sample.drawn())?,
        ["the event that this draw adds to the year (`Cycle::apply`)", "本次抽取记入年度检查台账的事项"],
    );
    files.add_csv(
        "auditor/chances.csv",
        &["unit", "department", "post", "inspector", "chance_of_1048576"],
        chances.collect(),
        ["every officer's chance at every institution drawn", "每名执法人员到各抽中对象检查的概率"],
    );
    for folder in ["public", "deferred"] {
        if folder == "public" || record.secret.is_some() {
            files.add_page(folder);
        }
    }
    let list = files.list(lang);
    let out = given
        .path("--out")
        .or_else(|| given.path("--sealed"))
        .unwrap_or_else(|| PathBuf::from("target/draw"));
    files.indexed(files::DRAW).write(&out)?;
    if !given.has("--quiet") {
        out!("{}\n{}", screen::plan(&sealed, lang), screen::draw(&sealed, &record, lang))?;
        out!("{} {}\n{list}", catalogue::word("screen.draw.written", lang), out.display())?;
    }
    out!("{}", screen::verdict(report.verdict(), lang))?;
    Ok(report.verdict())
}

/// The files of a sealed plan, and what the draw publishes: at once, or at the deadline of a deferred
/// disclosure.
fn drawn_files(sealed: &Sealed, record: &Record, values: &[BeaconValue]) -> Result<files::Files, Failure> {
    let mut files = files::sealed(sealed)?;
    let place = if record.secret.is_some() { "deferred" } else { "public" };
    let name = |id: &UnitId| sealed.plan().frame().get(id).map_or("", |unit| unit.name.as_str()).to_owned();
    files.add_for("public/beacon.json", encode(values)?, ["the values of the beacon", "公开随机数"]);
    let purpose = if record.secret.is_some() {
        [
            "the record: publish deferred/ at the deadline, not before",
            "抽取记录：deferred/ 须到期公布，不得提前",
        ]
    } else {
        files::RECORD
    };
    files.add_for(&format!("{place}/record.json"), record.to_json(), purpose);
    let mut picks = Vec::new();
    for (cell, sample) in sealed.plan().cells().iter().zip(&record.sample) {
        let mut add = |pick: &Pick, kind: &str| {
            let (path, ticket) = (cell.path.to_string(), pick.ticket.to_string());
            picks.push(vec![pick.id.to_string(), name(&pick.id), path, kind.to_owned(), ticket]);
        };
        sample.picks.iter().for_each(|pick| add(pick, "pick"));
        sample.reserves.iter().for_each(|pick| add(pick, "reserve"));
    }
    let head = ["id", "name", "cell", "kind", "ticket"];
    files.add_csv(
        &format!("{place}/sample.csv"),
        &head,
        picks,
        ["institutions drawn and their reserves", "抽中对象与候补名单"],
    );
    let head = ["id", "name", "day", "department", "post", "officers", "lead", "vacancies"];
    let teams = screen::posts(record).into_iter().map(|mut row| {
        row.insert(1, UnitId::parse(&row[0]).map_or_else(|_| String::new(), |id| name(&id)));
        row
    });
    files.add_csv(
        &format!("{place}/teams.csv"),
        &head,
        teams.collect(),
        ["the team of every visit", "各检查对象的检查组"],
    );
    Ok(files)
}
