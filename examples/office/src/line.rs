//! What the command lines of the office and of the demonstrations have in common.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use double_random::Verdict;
use double_random_support::args::finish;
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use std::process::ExitCode;

/// The values of `--lang`.
#[must_use]
pub fn lang() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["en", "zh"]).try_map(|text| text.parse::<Lang>())
}

/// Runs a program that judges something: 0 confirmed, 1 refuted, 2 self-consistent only, 3 unusable input, 64
/// wrong usage.
pub fn judge<A: clap::Parser>(run: impl FnOnce(&A) -> Result<Verdict, Failure>) -> ExitCode {
    match A::try_parse() {
        Ok(args) => finish(run(&args)),
        Err(error) => {
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { 64 } else { 0 })
        }
    }
}
