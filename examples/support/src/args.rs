//! The arguments of a small program: options with a value, switches, and what is left.

use crate::files::Failure;
use crate::screen::Lang;
use crate::{catalogue, out, say};
use double_random::Verdict;
use double_random::message::{Coded, Message};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of a program as they were given.
#[derive(Debug, Default)]
pub struct Arguments {
    options: BTreeMap<String, String>,
    words: Vec<String>,
}

impl Arguments {
    /// Reads the arguments of this process. `options` take a value, `switches` take none.
    ///
    /// # Errors
    /// An argument that begins with `-` and is in neither list, or an option without its value.
    pub fn read(options: &[&str], switches: &[&str]) -> Result<Self, Usage> {
        let mut read = Self::default();
        let mut given = std::env::args().skip(1);
        while let Some(argument) = given.next() {
            if read.options.contains_key(&argument) {
                return Err(Usage(say!("screen.usage.twice", "{argument} is given twice", argument)));
            }
            if switches.contains(&argument.as_str()) {
                read.options.insert(argument, String::new());
            } else if options.contains(&argument.as_str()) {
                let none = || Usage(say!("screen.usage.no_value", "{argument} needs a value", argument));
                let value = given.next().ok_or_else(none)?;
                read.options.insert(argument, value);
            } else if argument.starts_with('-') {
                return Err(Usage(say!("screen.usage.unknown", "there is no option {argument}", argument)));
            } else {
                read.words.push(argument);
            }
        }
        Ok(read)
    }

    /// Whether a switch or an option was given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.options.contains_key(name)
    }

    /// The value of an option.
    #[must_use]
    pub fn text(&self, option: &str) -> Option<&str> {
        self.options.get(option).map(String::as_str)
    }

    /// The value of an option as a path.
    #[must_use]
    pub fn path(&self, option: &str) -> Option<PathBuf> {
        self.text(option).map(PathBuf::from)
    }

    /// What is neither an option nor a switch.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// For a program that takes options only.
    ///
    /// # Errors
    /// A word that belongs to no option.
    pub fn no_words(&self) -> Result<(), Usage> {
        let none = |word: &String| Usage(say!("screen.usage.word", "{word} belongs to no option", word));
        self.words.first().map_or(Ok(()), |word| Err(none(word)))
    }

    /// The language of `--lang`, else that of the terminal.
    ///
    /// # Errors
    /// A value that is neither `en` nor `zh`.
    pub fn lang(&self) -> Result<Lang, Usage> {
        Ok(Lang::or_environment(self.text("--lang").map(str::parse).transpose().map_err(Usage)?))
    }
}

/// Arguments that do not belong together: exit status 64.
#[derive(Debug)]
pub struct Usage(pub Message);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Usage {}

impl Coded for Usage {
    fn message(&self) -> Message {
        self.0.clone()
    }
}

/// Runs a small program: 0 confirmed or done, 1 refuted, 2 self-consistent only, 3 unusable input, 64 wrong
/// usage, which is answered with `usage`, in English or in Chinese.
pub fn run(
    usage: [&str; 2],
    options: &[&str],
    switches: &[&str],
    program: impl FnOnce(&Arguments) -> Result<Verdict, Failure>,
) -> ExitCode {
    let lang = Lang::asked(std::env::args().skip(1));
    let usage = lang.of(usage);
    let result = match Arguments::read(options, &[switches, &["--help"]].concat()) {
        Ok(arguments) if arguments.has("--help") => {
            out!("{usage}").map(|()| Verdict::Confirmed).map_err(Failure::from)
        }
        Ok(arguments) => program(&arguments),
        Err(error) => Err(error.into()),
    };
    if let Err(error) = &result
        && error.is::<Usage>()
    {
        out::note(format_args!("{}\n\n{usage}", catalogue::error(error.as_ref(), lang)));
        return ExitCode::from(64);
    }
    finish(result, |error| catalogue::error(error.as_ref(), lang))
}

/// The exit status of a program that judges something or fails; what failed is said in these words.
#[must_use]
pub fn finish(result: Result<Verdict, Failure>, words: impl FnOnce(&Failure) -> String) -> ExitCode {
    match result {
        Ok(Verdict::Confirmed) => ExitCode::SUCCESS,
        Ok(Verdict::Refuted) => ExitCode::from(1),
        Ok(Verdict::SelfConsistent) => ExitCode::from(2),
        Err(error) => {
            out::note(words(&error));
            ExitCode::from(3)
        }
    }
}
