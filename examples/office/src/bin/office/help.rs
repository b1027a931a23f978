//! The command line of the office in the language of the reader.

use super::args::CommandLine;
use clap::{Command, CommandFactory};
use double_random::message::Message;
use double_random_office::line;
use double_random_support::screen::Lang;

/// The command line, its help in a language.
pub fn command(lang: Lang) -> Command {
    line::command(CommandLine::command(), lang)
}

/// Why a command line cannot be understood, in words.
pub fn refused(error: &clap::Error, lang: Lang) -> String {
    line::refused(error, "office", lang)
}

/// The same of words within an option, in English what the reader of command lines says in its first line.
pub fn message(error: &clap::Error) -> Message {
    line::message(error, "office")
}

#[cfg(test)]
mod tests {
    use super::*;
    use double_random_office::catalogue;
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
        let lines: Vec<&str> =
            catalogue::CHINESE_HELP.lines().filter(|line| line.starts_with("help-")).collect();
        let mut once = BTreeSet::new();
        let twice = lines.iter().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
        let twice: Vec<&str> = twice.filter(|name| !once.insert(*name)).collect();
        assert_eq!(twice, Vec::<&str>::new(), "help that stands twice");
        let lines = lines.into_iter();
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
        let words =
            |line: &str| Lang::asked(line.split(' ').map(str::to_owned).collect::<Vec<_>>().into_iter());
        assert_eq!(words("office --lang zh --help"), Lang::Zh);
        assert_eq!(words("office --lang=en import"), Lang::En);
    }
}
