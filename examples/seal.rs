//! Seals a plan and names what is to be published: the first half of a draw, made before the beacon is
//! published.
//!
//! It seals the shipped demonstration, with a public salt key. `office seal` does the same with the registers
//! of an office and a salt key from the operating system.

use double_random::UnitId;
use double_random::message::Coded as _;
use double_random::verify::Verdict;
use double_random_support::args::{self, Arguments};
use double_random_support::demo;
use double_random_support::files::{self, Failure};
use double_random_support::screen;
use double_random_support::{out, say, told};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: [&str; 2] = [
    "Plans the shipped draw and seals it.
  seal [--out FOLDER] [--lang en|zh]                       to target/seal
  seal --explain FJQZ-0001                                 why this institution has its probability; writes nothing",
    "为随附的演示制定抽取计划并封存。
  seal [--out 文件夹] [--lang en|zh]                       写入 target/seal
  seal --explain FJQZ-0001                                 说明该检查对象入选概率的由来；不写任何文件",
];

fn main() -> ExitCode {
    args::run(USAGE, &["--out", "--explain", "--lang"], &[], run)
}

fn run(given: &Arguments) -> Result<Verdict, Failure> {
    let lang = given.lang()?;
    given.no_words()?;
    let plan = demo::plan()?;
    screen::warnings(&plan, lang).iter().for_each(out::note);
    if let Some(id) = given.text("--explain") {
        let unit = UnitId::any(id)
            .map_err(|error| say!("screen.unit", "\"{id}\" {rule}", id, rule = error.message()))?;
        let why = plan
            .explain(&unit)
            .ok_or_else(|| say!("screen.not_on_frame", "{unit} is not on the frame", unit))?;
        out!("{}", screen::explanation(&why, plan.policy(), lang))?;
        return Ok(Verdict::Confirmed);
    }
    let sealed = plan.seal(demo::terms()?)?;
    let out = given.path("--out").unwrap_or_else(|| PathBuf::from("target/seal"));
    files::sealed(&sealed)?.write(&out)?;
    out!("{}", screen::plan(&sealed, lang))?;
    if let Some(first) = sealed.seal().beacon.first_at() {
        let out = out.display();
        out!("{}", told!(lang, "screen.seal.publish", out, first))?;
    }
    Ok(Verdict::Confirmed)
}
