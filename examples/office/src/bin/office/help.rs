//! The command line in the language of the reader. The English words stand beside the options, as clap shows
//! them; the Chinese ones stand in the catalogue under the name of the command and of the option.

use super::args::CommandLine;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory};
use double_random::message::{Message, Param};
use double_random_office::catalogue;
use double_random_support::screen::Lang;

/// The language that the words of a command line ask for, before they are understood.
pub fn lang(mut words: impl Iterator<Item = String>) -> Lang {
    let mut given = None;
    while let Some(word) = words.next() {
        let named = word.strip_prefix("--lang=").map(str::to_owned);
        given = named.or_else(|| (word == "--lang").then(|| words.next()).flatten()).or(given);
    }
    Lang::or_environment(given.and_then(|word| word.parse().ok()))
}

/// The command line, its help in a language.
pub fn command(lang: Lang) -> Command {
    match lang {
        Lang::En => CommandLine::command(),
        Lang::Zh => chinese(CommandLine::command(), "", "office"),
    }
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

/// A command with the words of the catalogue; `before` are the commands before it.
fn chinese(command: Command, before: &str, name: &str) -> Command {
    let inside: Vec<&str> = before.split_whitespace().skip(1).chain([name]).collect();
    let path =
        if before.is_empty() { "help.office".to_owned() } else { format!("help.{}", inside.join(".")) };
    let words = command.clone().render_usage().to_string();
    let (options, inner) = (heading("help.options"), heading("help.commands"));
    let usage = words.trim_start_matches("Usage:").trim().replace("[OPTIONS]", &format!("[{options}]"));
    let usage = usage.replace("[COMMAND]", &format!("[{inner}]"));
    let usage = format!("{before}{}", usage.replace("<COMMAND>", &format!("<{inner}>")));
    let template = format!("{{about}}\n\n{}{{usage}}\n\n{{all-args}}{{after-help}}", text("help.usage"));
    let mut command = command
        .override_usage(usage)
        .help_template(template)
        .subcommand_help_heading(heading("help.commands"))
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
    let mut command = command.arg(help.help_heading(heading("help.options")));
    if before.is_empty() {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        let version = version.help(text("help.version")).help_heading(heading("help.options"));
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
pub fn refused(error: &clap::Error, lang: Lang) -> String {
    if lang == Lang::En || !error.use_stderr() { error.to_string() } else { usage(error, lang) }
}

/// The same of words within an option, in English what the reader of command lines says in its first line.
pub fn message(error: &clap::Error) -> Message {
    let words = error.to_string();
    let first = words.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let (code, values) = parts(error, Lang::En);
    Message::new(code, first, values)
}

fn usage(error: &clap::Error, lang: Lang) -> String {
    let (code, values) = parts(error, lang);
    catalogue::text(code, &values, lang)
}

/// The code of what is wrong with a command line, and its values.
fn parts(error: &clap::Error, lang: Lang) -> (&'static str, [(&'static str, Param); 6]) {
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
        ("value", given(ContextKind::InvalidValue)),
        ("why", why),
    ];
    (code, values.map(|(name, value)| (name, Param::Text(value))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The names of the help of a command and of those in it.
    fn names(command: &Command, path: &str, found: &mut BTreeSet<String>) {
        found.insert(path.to_owned());
        for arg in command.get_arguments().filter(|arg| arg.get_id() != "help" && arg.get_id() != "version") {
            found.insert(format!("{path}.{}", arg.get_id()));
        }
        for inner in command.get_subcommands() {
            let path = if path == "help.office" { "help" } else { path };
            names(inner, &format!("{path}.{}", inner.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_option_has_chinese_help() {
        let mut all = BTreeSet::new();
        names(&CommandLine::command(), "help.office", &mut all);
        let lacking: Vec<&String> = all.iter().filter(|name| !catalogue::has(name, Lang::Zh)).collect();
        assert!(lacking.is_empty(), "no Chinese help: {lacking:?}");
        let lines = catalogue::CHINESE_HELP.lines().filter(|line| line.starts_with("help-"));
        let own =
            ["arguments", "commands", "options", "usage", "examples", "default", "env", "help", "version"];
        let known: BTreeSet<String> = all.iter().map(|name| name.replace('.', "-")).collect();
        let idle = lines.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).filter(|name| {
            let word = name.trim_start_matches("help-");
            !known.contains(*name) && !own.contains(&word) && !name.ends_with("-after")
        });
        assert_eq!(idle.collect::<Vec<_>>(), Vec::<&str>::new(), "help of options that there are not");
    }

    #[test]
    fn the_chinese_help_has_no_english_sentence() {
        let mut command = command(Lang::Zh);
        command.build();
        let mut all = vec![command.clone()];
        all.extend(command.get_subcommands().cloned());
        for mut one in all {
            let words = one.render_long_help().to_string();
            let head = words.split("示例").next().unwrap_or_default().to_owned();
            for english in
                ["Usage", "Options", "Arguments", "Commands", "default:", "possible values", "Print"]
            {
                assert!(!head.contains(english), "{}: {english} in {head}", one.get_name());
            }
        }
        let error =
            super::command(Lang::Zh).try_get_matches_from(["office", "import", "--colour"]).unwrap_err();
        assert_eq!(refused(&error, Lang::Zh), "没有 --colour 这个选项；各选项见 office --help");
    }

    #[test]
    fn the_language_is_known_before_the_line_is_understood() {
        let words = |line: &str| lang(line.split(' ').map(str::to_owned).collect::<Vec<_>>().into_iter());
        assert_eq!(words("office --lang zh --help"), Lang::Zh);
        assert_eq!(words("office --lang=en import"), Lang::En);
    }
}
