//! Verifies a published record, offline.

use double_random::bytes::written;
use double_random::lot::Key;
use double_random::lot::tickets::Tickets;
use double_random::message::Coded as _;
use double_random::register::RegisterKeys;
use double_random::sample::CellSample;
use double_random::seal::Seal;
use double_random::verify::{Evidence, Outcome, Verdict, replay_team, verify};
use double_random::{Cycle, Frame, Record, Roster, UnitId};
use double_random_support::args::{self, Arguments, Usage};
use double_random_support::files::{self, Failure};
use double_random_support::screen::{self, Lang};
use double_random_support::{catalogue, out, say, told};
use std::path::Path;
use std::process::ExitCode;

const USAGE: [&str; 2] = [
    "Verifies a published record with the evidence that is given.
  verify record.json --seal seal.json --beacon beacon.json
  verify record.json --seal seal.json --beacon beacon.json --frame frame.json --roster roster.json --cycle cycle.json
  verify record.json … --frame frame.json --registers registers.json      registers of lower authorities, by their keys
  verify record.json --unit FJQZ-0001                      what the record holds about this institution
Take seal and beacon from where they were published, not from the person who gave you the record.
Exit status: 0 confirmed, 1 refuted, 2 self-consistent only, 3 unusable input, 64 wrong usage.",
    "用所给的材料核验已公布的抽取记录。
  verify record.json --seal seal.json --beacon beacon.json
  verify record.json --seal seal.json --beacon beacon.json --frame frame.json --roster roster.json --cycle cycle.json
  verify record.json … --frame frame.json --registers registers.json      凭保密参数核对下级名录库
  verify record.json --unit FJQZ-0001                      抽取记录对该检查对象的记载
封存文件和随机数应从其公布处取得，不得取自提供抽取记录的人。
退出码：0 核验通过，1 核验不通过，2 内部一致，未全部核对，3 输入不可用，64 用法有误。",
];

const OPTIONS: [&str; 8] =
    ["--seal", "--beacon", "--frame", "--roster", "--cycle", "--registers", "--unit", "--lang"];

fn main() -> ExitCode {
    args::run(USAGE, &OPTIONS, &[], run)
}

/// Reads the file of an option that may not have been given.
fn optional<T, E: Into<Failure>>(
    given: &Arguments,
    option: &str,
    parse: impl FnOnce(&[u8]) -> Result<T, E>,
) -> Result<Option<T>, Failure> {
    let named = |path: &str| files::about(path, parse(&files::published(Path::new(path))?));
    given.text(option).map(named).transpose()
}

fn run(given: &Arguments) -> Result<Verdict, Failure> {
    let lang = given.lang()?;
    let [path] = given.words() else {
        return Err(Usage(say!("screen.one_record", "name one record")).into());
    };
    let record = files::about(path, Record::from_json(&files::published(Path::new(path))?))?;
    let evidence = Evidence {
        seal: optional(given, "--seal", Seal::from_json)?,
        beacon: optional(given, "--beacon", |bytes| written(&String::from_utf8_lossy(bytes)))?,
        frame: optional(given, "--frame", Frame::from_json)?,
        roster: optional(given, "--roster", Roster::from_json)?,
        cycle: optional(given, "--cycle", Cycle::from_json)?,
        registers: optional(given, "--registers", RegisterKeys::from_json)?,
    };
    let report = verify(&record, &evidence);
    out!("{}", screen::report(&report, lang))?;
    if let Some(id) = given.text("--unit") {
        let id = UnitId::any(id)
            .map_err(|error| say!("screen.unit", "\"{id}\" {rule}", id, rule = error.message()))?;
        out!("\n{}", fate(&record, &id, lang))?;
        if record.teams.visits.iter().any(|visit| visit.unit == id) {
            out!("{}", alone(&replay_team(&record, &evidence, &id), lang))?;
        }
    }
    Ok(report.verdict())
}

/// Whether the team of one institution follows from its own part of the roster.
fn alone(outcome: &Outcome, lang: Lang) -> String {
    match outcome {
        Outcome::Pass => catalogue::word("screen.verify.alone.same", lang).to_owned(),
        Outcome::Fail { why } => {
            let why = catalogue::words(why, lang);
            format!("{}{why}", told!(lang, "screen.verify.alone.differs"))
        }
        Outcome::NotRun { because } => {
            let because = catalogue::said(because, lang);
            format!("{}{because}", told!(lang, "screen.verify.alone.not_run"))
        }
    }
}

/// What the record holds about one institution, and how to check it.
fn fate(record: &Record, id: &UnitId, lang: Lang) -> String {
    let shown =
        |cell: &CellSample| cell.picks.iter().chain(&cell.reserves).find(|pick| &pick.id == id).cloned();
    let mut lines = record.sample.iter().find_map(shown).map_or_else(Vec::new, |pick| {
        let ticket = Tickets::new(&Key::new(record.policy.suite, record.seed)).ticket(&pick.pseudonym);
        vec![
            told!(lang, "screen.verify.ticket", id, ticket),
            format!("  printf '%s' 'double-random/1 lot {} {}' | sha256sum", record.seed, pick.pseudonym),
        ]
    });
    let shown = record.table.cells.iter().zip(&record.sample).find_map(|(row, cell)| {
        let cutoff = cell.cutoff.map_or_else(|| "-".to_owned(), |cutoff| cutoff.to_string());
        let stratum = screen::stratum(row.path.node(), &record.policy, lang);
        let (picks, count) = (cell.picks.len(), row.count);
        let place = |what: String| told!(lang, "screen.verify.place", what, stratum, picks, count, cutoff);
        if cell.picks.iter().any(|pick| &pick.id == id) {
            return Some(place(catalogue::word("screen.verify.drawn", lang).to_owned()));
        }
        let reserve = cell.reserves.iter().position(|pick| &pick.id == id)? + 1;
        Some(place(told!(lang, "screen.verify.reserve", reserve)))
    });
    let not_shown = catalogue::word("screen.verify.not_shown", lang);
    lines.push(shown.unwrap_or_else(|| not_shown.to_owned()));
    if let Some(visit) = record.teams.visits.iter().find(|visit| &visit.unit == id) {
        let officers = visit.posts.iter().flat_map(|post| &post.officers);
        let officers: Vec<&str> = officers.map(|officer| officer.id.as_str()).collect();
        let day = visit.day.map_or_else(String::new, |day| format!(" {day}"));
        lines.push(told!(lang, "screen.verify.team", day, officers = officers.join(" ")));
        let experts = visit.experts.iter().flat_map(|post| &post.experts);
        let experts: Vec<&str> = experts.map(|expert| expert.id.as_str()).collect();
        if !experts.is_empty() {
            lines.push(format!("{}{}", told!(lang, "screen.verify.experts"), experts.join(" ")));
        }
    }
    lines.join("\n")
}
