//! What the command lines of the office and of the demonstrations have in common: the language of the reader. The
//! English words stand beside the options, as clap shows them; the Chinese ones stand in the catalogue under the name
//! of the command and of the option.

use crate::catalogue;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use double_random::Verdict;
use double_random::message::{Message, Param};
use double_random_support::args::finish;
use double_random_support::files::Failure;
use double_random_support::out;
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
    let lang = Lang::asked(std::env::args().skip(1));
    let line = A::command();
    let name = line.get_name().to_owned();
    match command(line, lang).try_get_matches().and_then(|given| A::from_arg_matches(&given)) {
        Ok(args) => finish(run(&args), |error| {
            if lang == Lang::Zh { catalogue::error(error.as_ref(), lang) } else { error.to_string() }
        }),
        Err(error) => {
            if error.use_stderr() && lang == Lang::Zh {
                out::note(refused(&error, &name, lang));
            } else {
                let _ = error.print();
            }
            ExitCode::from(if error.use_stderr() { 64 } else { 0 })
        }
    }
}

/// A command line, its help in a language.
#[must_use]
pub fn command(line: Command, lang: Lang) -> Command {
    let name = line.get_name().to_owned();
    if lang == Lang::Zh { chinese(line, "", &name) } else { line }
}

fn text(code: &str) -> String {
    catalogue::text(code, &[], Lang::Zh)
}

/// A heading of the Chinese help; clap keeps only texts of the program.
fn heading(code: &'static str) -> &'static str {
    catalogue::word(code, Lang::Zh)
}

/// What the catalogue has under a name of the help, if anything.
fn known(code: &str) -> Option<String> {
    catalogue::has(code, Lang::Zh).then(|| text(code))
}

/// The name under which the catalogue has the help of a command: of the office `help.…`, of a demonstration `demo.…`.
#[must_use]
pub fn path(before: &str, name: &str) -> String {
    let words: Vec<&str> = before.split_whitespace().chain([name]).collect();
    match words.as_slice() {
        ["office", first, inside @ ..] => format!("help.{}", [&[*first], inside].concat().join(".")),
        ["office"] => format!("help.{name}"),
        all => format!("demo.{}", all.join(".")),
    }
}

/// A command with the words of the catalogue; `before` are the commands before it.
fn chinese(command: Command, before: &str, name: &str) -> Command {
    let path = path(before, name);
    let words = command.clone().render_usage().to_string();
    let (options, inner) = (heading("help.options"), heading("help.commands"));
    let usage = words.trim_start_matches("Usage:").trim().replace("[OPTIONS]", &format!("[{options}]"));
    let usage = usage.replace("[COMMAND]", &format!("[{inner}]"));
    let usage = format!("{before}{}", usage.replace("<COMMAND>", &format!("<{inner}>")));
    let template = format!("{{about}}\n\n{}{{usage}}\n\n{{all-args}}{{after-help}}", text("help.usage"));
    let mut command = command
        .override_usage(usage)
        .help_template(template)
        .subcommand_help_heading(inner)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .mut_args(|arg| argument(arg, &path));
    if let Some(about) = known(&path) {
        command = command.about(about.clone()).long_about(about);
    }
    if let Some(after) = known(&format!("{path}.after")) {
        command = command.after_help(after);
    } else if let Some(after) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(after.replace("Examples:", &text("help.examples")));
    }
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help(text("help.help"));
    let mut command = command.arg(help.help_heading(options));
    if before.is_empty() && command.get_version().is_some() {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        let version = version.help(text("help.version")).help_heading(options);
        command = command.disable_version_flag(true).arg(version);
    }
    let before = format!("{before}{name} ");
    command.mut_subcommands(|inner| {
        let name = inner.get_name().to_owned();
        chinese(inner, &before, &name)
    })
}

fn argument(arg: Arg, path: &str) -> Arg {
    let heading = if arg.is_positional() { heading("help.arguments") } else { heading("help.options") };
    let Some(mut words) = known(&format!("{path}.{}", arg.get_id())) else { return arg };
    let shown = arg.get_action().takes_values() && !arg.is_hide_default_value_set();
    let defaults: Vec<String> = arg.get_default_values().iter().map(|v| v.to_string_lossy().into()).collect();
    if shown && !defaults.is_empty() {
        words.push_str(&format!("（{}：{}）", text("help.default"), defaults.join(" ")));
    }
    if let Some(name) = arg.get_env() {
        words.push_str(&format!("（{}：{}）", text("help.env"), name.to_string_lossy()));
    }
    let values = arg.get_action().takes_values();
    let arg = arg.help(words.clone()).long_help(words).help_heading(heading).hide_env(true);
    if values { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}

/// Why a command line cannot be understood, in words.
#[must_use]
pub fn refused(error: &clap::Error, program: &str, lang: Lang) -> String {
    if lang == Lang::En || !error.use_stderr() {
        return error.to_string();
    }
    let (code, values) = parts(error, program, lang);
    catalogue::text(code, &values, lang)
}

/// The same of words within an option, in English what the reader of command lines says in its first line.
#[must_use]
pub fn message(error: &clap::Error, program: &str) -> Message {
    let words = error.to_string();
    let first = words.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let (code, values) = parts(error, program, Lang::En);
    Message::new(code, first, values)
}

/// The code of what is wrong with a command line, and its values.
fn parts(error: &clap::Error, program: &str, lang: Lang) -> (&'static str, [(&'static str, Param); 7]) {
    let given = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(one)) => one.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        Some(ContextValue::StyledStr(one)) => one.to_string(),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let code = match error.kind() {
        ErrorKind::UnknownArgument => "office.usage.unknown_argument",
        ErrorKind::InvalidSubcommand => "office.usage.unknown_command",
        ErrorKind::MissingRequiredArgument => "office.usage.missing",
        ErrorKind::ArgumentConflict if given(ContextKind::InvalidArg) == given(ContextKind::PriorArg) => {
            "office.usage.twice"
        }
        ErrorKind::ArgumentConflict => "office.usage.conflict",
        ErrorKind::InvalidValue if given(ContextKind::InvalidValue).is_empty() => "office.usage.no_value",
        ErrorKind::InvalidValue => "office.usage.value",
        ErrorKind::ValueValidation => "office.usage.value_of_form",
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "office.usage.no_command"
        }
        _ => "office.usage.other",
    };
    let why = std::error::Error::source(error).map(|why| catalogue::error(why, lang)).unwrap_or_default();
    let values = [
        ("argument", given(ContextKind::InvalidArg)),
        ("command", given(ContextKind::InvalidSubcommand)),
        ("known", given(ContextKind::ValidValue)),
        ("other", given(ContextKind::PriorArg)),
        ("program", program.to_owned()),
        ("value", given(ContextKind::InvalidValue)),
        ("why", why),
    ];
    (code, values.map(|(name, value)| (name, Param::Text(value))))
}
