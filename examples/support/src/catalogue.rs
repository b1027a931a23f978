//! What people read, in Chinese or English, by the code of a message: the catalogues `words/en.ftl` and
//! `words/zh-CN.ftl` in the syntax of Project Fluent.
//!
//! A message of the library has a code and values ([`Coded`]). Its English sentence in the catalogue is the one
//! that it prints itself; its Chinese one stands beside it. A value that is a message is put into words first.

use crate::args::Usage;
use crate::files::About;
use crate::reverse::{self, Reverse};
use crate::screen::Lang;
use double_random::assign::ReplacementError;
use double_random::beacon::BeaconError;
use double_random::bytes::{DigestError, JsonError};
use double_random::calendar::CalendarError;
use double_random::cycle::{CycleError, EventError};
use double_random::dossier::EntryError;
use double_random::frame::FrameRule;
use double_random::id::IdError;
use double_random::ledger::{LedgerError, Refusal};
use double_random::message::{Coded, Message, Param, shown};
use double_random::note::NoteError;
use double_random::pack::PackError;
use double_random::plan::PlanError;
use double_random::policy::{DecimalError, PolicyError};
use double_random::programme::{FollowError, ProgrammeError};
use double_random::record::KitError;
use double_random::register::RegisterProblems;
use double_random::roster::RosterRule;
use double_random::seal::{ReopenError, SealError};
use double_random::stream::StreamError;
use double_random::study::StudyError;
use double_random::table::Problems;
use double_random::verify::Verdict;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// The English catalogue.
pub const ENGLISH: &str = concat!(
    include_str!("../words/en.ftl"),
    "\n",
    include_str!("../words/tables.en.ftl"),
    "\n",
    include_str!("../words/office.en.ftl"),
    "\n",
    include_str!("../words/asked.en.ftl"),
    "\n",
    include_str!("../words/report.en.ftl"),
    "\n",
    include_str!("../words/forms.en.ftl"),
    "\n",
    include_str!("../words/plans.en.ftl"),
    "\n",
    include_str!("../words/papers.en.ftl"),
    "\n",
    include_str!("../words/exports.en.ftl"),
    "\n",
    include_str!("../words/examples.en.ftl"),
    "\n",
    include_str!("../words/screen.en.ftl")
);
/// The Chinese catalogue.
pub const CHINESE: &str = concat!(
    include_str!("../words/zh-CN.ftl"),
    "\n",
    include_str!("../words/tables.zh-CN.ftl"),
    "\n",
    include_str!("../words/office.zh-CN.ftl"),
    "\n",
    include_str!("../words/asked.zh-CN.ftl"),
    "\n",
    include_str!("../words/report.zh-CN.ftl"),
    "\n",
    include_str!("../words/forms.zh-CN.ftl"),
    "\n",
    include_str!("../words/plans.zh-CN.ftl"),
    "\n",
    include_str!("../words/papers.zh-CN.ftl"),
    "\n",
    include_str!("../words/exports.zh-CN.ftl"),
    "\n",
    include_str!("../words/examples.zh-CN.ftl"),
    "\n",
    include_str!("../words/screen.zh-CN.ftl")
);

/// The Chinese help of the command line; the English one stands in the program.
pub const CHINESE_HELP: &str = include_str!("../words/help.zh-CN.ftl");

/// The Chinese help of the demonstrations.
pub const CHINESE_DEMOS: &str = include_str!("../words/demos.zh-CN.ftl");

type Bundle = FluentBundle<FluentResource>;

/// The words of one language. A line that cannot be read is left out; a test holds that there is none.
fn bundle(language: &str, texts: &[&str]) -> Bundle {
    let language: LanguageIdentifier = language.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for text in texts {
        let words = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(words, _)| words);
        let _ = bundle.add_resource(words);
    }
    bundle
}

static EN: LazyLock<Bundle> = LazyLock::new(|| bundle("en", &[ENGLISH]));
static ZH: LazyLock<Bundle> = LazyLock::new(|| bundle("zh-CN", &[CHINESE, CHINESE_HELP, CHINESE_DEMOS]));

/// The words of a language.
fn of(lang: Lang) -> &'static Bundle {
    match lang {
        Lang::En => &EN,
        Lang::Zh => &ZH,
    }
}

/// The name under which a catalogue has a code: hyphens for dots.
fn entry(code: &str) -> String {
    code.replace('.', "-")
}

/// What a code says in a language; `None` if the catalogue does not have it, or lacks one of its values.
fn formatted(code: &str, values: &FluentArgs<'_>, lang: Lang) -> Option<String> {
    let bundle = of(lang);
    let pattern = bundle.get_message(&entry(code))?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(values), &mut errors).into_owned();
    errors.is_empty().then_some(text)
}

/// A value in words.
fn value(param: &Param, lang: Lang) -> String {
    match param {
        Param::Number(number) => number.to_string(),
        // The mark of our reading is written in both languages, because documents carry it.
        Param::Text(text) if lang == Lang::Zh => shown(&text.replace(" our reading）", "）")),
        Param::Text(text) => shown(text),
        Param::Message(message) => words(message, lang),
        Param::List(list) => {
            let messages = list.iter().all(|one| matches!(one, Param::Message(_)));
            let between = if messages { "office.between.sentences" } else { "office.between.words" };
            joined(&list.iter().map(|one| value(one, lang)).collect::<Vec<_>>(), between, lang)
        }
    }
}

/// Places that are named by words and not by the fields of a document, as in `item x-ray`.
const PLACES: [(&str, &str); 14] = [
    ("rating rule ", "place.rating_rule"),
    ("rating stage ", "place.rating_stage"),
    ("band ", "place.band"),
    ("ladder ", "place.ladder"),
    ("result ", "place.result"),
    ("cap ", "place.cap"),
    ("certainty ", "place.certainty"),
    ("exclusion ", "place.exclusion"),
    ("item ", "place.item"),
    ("task ", "place.task"),
    ("others", "place.others"),
    ("(numbers)", "place.numbers"),
    ("signals, ladders and features", "place.signals_ladders_and_features"),
    ("caps, certainties and exclusions", "place.caps_certainties_and_exclusions"),
];

/// A place in a document, its words in the language.
fn place_of(place: &str, lang: Lang) -> String {
    for (begin, code) in PLACES {
        if let (Some(rest), Some(words)) =
            (place.strip_prefix(begin), formatted(code, &FluentArgs::new(), lang))
        {
            let space = if begin.ends_with(' ') { " " } else { "" };
            return format!("{words}{space}{}", shown(rest));
        }
    }
    shown(place)
}

/// Values that are names of the library, and where the catalogue has them.
const NAMES: [(&str, &str); 3] = [("bar", "bar"), ("check", "check"), ("verdict", "verdict")];

/// Values that can hold what the reader of JSON says, which has no code: it is found by its words.
const SAID: [&str; 8] = ["alphabet", "error", "expected", "found", "problem", "text", "why", "words"];

/// How deep a sentence within a sentence is looked for.
const DEPTH: usize = 3;

static REVERSE: LazyLock<Reverse> = LazyLock::new(|| Reverse::new(ENGLISH));

/// A text of the reader of JSON in the words of the catalogue, if it says what a message says.
fn phrase(text: &str, lang: Lang, depth: usize) -> Option<String> {
    if lang == Lang::En || depth == 0 {
        return None;
    }
    let known = formatted(&format!("phrase.{}", slug(text, "phrase")), &FluentArgs::new(), lang);
    if known.is_some() && REVERSE.find(text).is_none_or(|(_, values)| values.is_empty()) {
        return known;
    }
    let (name, values) = REVERSE.find(text)?;
    let told = |value: &str| phrase(value, lang, depth - 1).unwrap_or_else(|| shown(value));
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), told(value))).collect();
    formatted(name, &reverse::given(values), lang)
}

/// The name of a phrase in the catalogue: its letters and digits, joined by underscores.
fn slug(text: &str, kind: &str) -> String {
    if kind != "phrase" {
        return text.to_owned();
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}

/// One value under its name. Of a list, `x_count` is the number of its entries and `x_lines` has each on a line, as
/// a list that is called `lines` has itself.
fn set(values: &mut FluentArgs<'static>, name: &'static str, param: &Param, lang: Lang) {
    match param {
        Param::Number(number) => values.set(name, *number),
        Param::Text(text) if name == "field" => values.set(name, field(text, lang)),
        Param::Text(text) if NAMES.iter().any(|(of, _)| *of == name) => {
            let kind = NAMES.iter().find(|(of, _)| *of == name).map_or("", |(_, kind)| kind);
            let known = formatted(&format!("{kind}.{}", slug(text, kind)), &FluentArgs::new(), lang);
            values.set(name, known.unwrap_or_else(|| shown(text)));
        }
        Param::Text(text) if SAID.contains(&name) => {
            values.set(name, phrase(text, lang, DEPTH).unwrap_or_else(|| shown(text)));
        }
        Param::Text(text) if name == "place" => values.set(name, place_of(text, lang)),
        Param::List(list) => {
            let named = |one: &Param| match one {
                Param::Text(text) if matches!(name, "fields" | "lost") => Param::Text(field(text, lang)),
                other => other.clone(),
            };
            let list: Vec<Param> = list.iter().map(named).collect();
            let param = &Param::List(list.clone());
            values.set(format!("{name}_count"), list.len());
            let lines: String = list.iter().map(|one| format!("\n  {}", value(one, lang))).collect();
            values.set(name, if name == "lines" { lines.clone() } else { value(param, lang) });
            values.set(format!("{name}_lines"), lines);
        }
        Param::Text(_) | Param::Message(_) => values.set(name, FluentValue::from(value(param, lang))),
    }
}

/// The values of a message.
fn values(message: &Message, lang: Lang) -> FluentArgs<'static> {
    let mut values = FluentArgs::new();
    for (name, param) in message.params() {
        let text = match (message.rule(), *name, param) {
            // The name of a column is a code under another name.
            ("change.field" | "change.entered", "name", Param::Text(text)) => Some(field(text, lang)),
            ("office.table.no_header", "wanted", Param::Text(text)) => headings(text, lang),
            ("office.table.missing_column", "names", Param::Text(text)) => own_names(text, lang),
            _ => None,
        };
        match text {
            Some(text) => values.set(*name, text),
            None => set(&mut values, name, param, lang),
        }
    }
    values
}

/// The headings that a reader takes for a field, without those of another language.
fn own_names(names: &str, lang: Lang) -> Option<String> {
    let own: Vec<&str> = names.split(", ").filter(|name| !name.is_ascii()).collect();
    (lang == Lang::Zh && !own.is_empty()).then(|| own.join("、"))
}

/// Fields with their headings, `field (name, name); field (name)`.
fn headings(fields: &str, lang: Lang) -> Option<String> {
    let told = |part: &str| {
        let (name, names) = part.strip_suffix(')')?.split_once(" (")?;
        Some(format!("{}（{}）", field(name, lang), own_names(names, lang)?))
    };
    let told: Option<Vec<String>> = fields.split("; ").map(told).collect();
    told.map(|told| told.join("；"))
}

/// A message in the words of the catalogue, if it has them.
#[must_use]
pub fn in_catalogue(message: &Message, lang: Lang) -> Option<String> {
    formatted(message.rule(), &values(message, lang), lang)
}

/// A message in words: in English its own sentence. One that the catalogue does not have is said in English, so
/// that nothing is lost.
#[must_use]
pub fn words(message: &Message, lang: Lang) -> String {
    let translated = (lang == Lang::Zh).then(|| in_catalogue(message, lang)).flatten();
    translated.unwrap_or_else(|| message.to_string())
}

/// A message of the office: its code, the English sentence, and the values that stand in it by their names. A value
/// that has its own name already stands alone.
#[macro_export]
macro_rules! say {
    (@value $name:ident = $value:expr) => {
        &$value
    };
    (@value $name:ident) => {
        &$name
    };
    ($rule:literal, $words:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        $(let $name = $crate::say!(@value $name $(= $value)?);)*
        ::double_random::message::Message::new(
            $rule,
            format!($words),
            [$((stringify!($name), ::double_random::message::AsParam::param($name))),*],
        )
    }};
}

/// Something the rules of the office do not allow now; nothing was changed.
#[derive(Debug)]
pub struct Refused(pub Message);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Refused {}

impl Coded for Refused {
    fn message(&self) -> Message {
        self.0.clone()
    }
}

/// What a refusal can be made of: a message, or words that have no code yet.
pub trait IntoMessage {
    /// The message.
    fn into_message(self) -> Message;
}

impl IntoMessage for Message {
    fn into_message(self) -> Message {
        self
    }
}

impl IntoMessage for String {
    fn into_message(self) -> Message {
        say!("office.plain", "{words}", words = self)
    }
}

impl IntoMessage for &str {
    fn into_message(self) -> Message {
        self.to_owned().into_message()
    }
}

/// What is wrong with the value of an option, or of a column that may stand for it.
#[must_use]
pub fn option(option: &str, value: &str, rule: &Message) -> Message {
    say!("office.option.value", "{option} \"{value}\" {rule}", option, rule, value)
}

/// A text of the office itself, with its values.
#[must_use]
pub fn text(code: &str, given: &[(&'static str, Param)], lang: Lang) -> String {
    let mut values = FluentArgs::new();
    given.iter().for_each(|(name, param)| set(&mut values, name, param, lang));
    formatted(code, &values, lang).unwrap_or_else(|| code.to_owned())
}

/// A text of the office that takes no values and stands on one line, by its code. Tests hold that every code that
/// the office uses is there, in both languages.
#[must_use]
pub fn word(code: &'static str, lang: Lang) -> &'static str {
    let pattern = of(lang).get_message(&entry(code)).and_then(|found| found.value());
    let mut errors = Vec::new();
    match pattern.map(|pattern| of(lang).format_pattern(pattern, None, &mut errors)) {
        Some(Cow::Borrowed(text)) => text,
        _ => code,
    }
}

/// A text of the office with its values, each as it stands: of a paper nothing is cut and nothing is escaped. The macro
/// of the same name calls this.
#[must_use]
pub fn told(code: &str, given: &[(&'static str, &dyn fmt::Display)], lang: Lang) -> String {
    let mut values = FluentArgs::new();
    given.iter().for_each(|(name, value)| values.set(*name, value.to_string()));
    formatted(code, &values, lang).unwrap_or_else(|| code.to_owned())
}

/// A text of the office with its values by their names; a value that has its own name already stands alone:
/// `told!(lang, "office.coverage.frame", day = report.as_of)`. A test holds that they are the values of the
/// catalogue.
#[macro_export]
macro_rules! told {
    (@value $name:ident = $value:expr) => {
        &$value
    };
    (@value $name:ident) => {
        &$name
    };
    ($lang:expr, $code:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::catalogue::told($code, &[$((stringify!($name), $crate::told!(@value $name $(= $value)?))),*], $lang)
    };
}

/// Texts with what stands between them: `office.between.words`, `office.between.phrases` or
/// `office.between.sentences`.
#[must_use]
pub fn joined<T: AsRef<str>>(texts: &[T], between: &str, lang: Lang) -> String {
    let between = told(between, &[], lang);
    texts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(&between)
}

/// What people call something that has a name of one word in the documents, such as a kind of entry (`kind`) or a
/// register (`register`); a name that the catalogue does not have stays.
#[must_use]
pub fn name(kind: &str, name: &str, lang: Lang) -> String {
    formatted(&format!("{kind}.{name}"), &FluentArgs::new(), lang).unwrap_or_else(|| name.to_owned())
}

/// The name of a field of a table. In English that of the program itself; a reader of tables writes a space where
/// the library has an underscore.
#[must_use]
pub fn field(name: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return shown(name);
    }
    let known = |name: &str| formatted(&format!("field.{name}"), &FluentArgs::new(), lang);
    known(&name.replace(' ', "_")).unwrap_or_else(|| shown(name))
}

/// A verdict in a word.
#[must_use]
pub fn verdict(verdict: Verdict, lang: Lang) -> String {
    text(&format!("verdict.{verdict}"), &[], lang)
}

/// The lines of a report.
#[must_use]
pub fn lines(messages: &[Message], lang: Lang) -> String {
    messages.iter().map(|message| words(message, lang)).collect::<Vec<_>>().join("\n")
}

/// What something with a code says.
#[must_use]
pub fn said(coded: &dyn Coded, lang: Lang) -> String {
    words(&coded.message(), lang)
}

/// What an error of a program's own is, with its code; `None` for errors of others.
pub type Own = fn(&(dyn Error + 'static)) -> Option<Message>;

/// What an error of the library or of a program is, with its code; `None` for errors of others. The file that it is
/// about is passed over, unless the file itself is not read.
#[must_use]
pub fn message_of(error: &(dyn Error + 'static), own: Own) -> Option<Message> {
    if let Some(about) = error.downcast_ref::<About>() {
        let message = message_of(about.error.as_ref(), own)?;
        if about.error.is::<io::Error>() {
            return Some(say!("office.disk.file", "{file}: {problem}", file = about.file, problem = message));
        }
        return Some(message);
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return Some(of_disk(error));
    }
    macro_rules! first {
        ($($Type:ty),+ $(,)?) => {
            $(if let Some(found) = error.downcast_ref::<$Type>() {
                return Some(found.message());
            })+
        };
    }
    first!(
        Message,
        Refused,
        Problems<FrameRule>,
        Problems<RosterRule>,
        PolicyError,
        PackError,
        ProgrammeError,
        PlanError,
        SealError,
        RegisterProblems,
        StreamError,
        ReopenError,
        CycleError,
        EventError,
        EntryError,
        BeaconError,
        ReplacementError,
        FollowError,
        LedgerError,
        Refusal,
        JsonError,
        IdError,
        CalendarError,
        DecimalError,
        DigestError,
        NoteError,
        StudyError,
        KitError,
        Usage,
    );
    own(error)
}

/// Why the operating system does not read or write: in English its own words.
#[must_use]
pub fn of_disk(error: &io::Error) -> Message {
    let code = match error.kind() {
        io::ErrorKind::NotFound => "office.disk.not_found",
        io::ErrorKind::PermissionDenied => "office.disk.denied",
        io::ErrorKind::NotADirectory => "office.disk.no_folder",
        io::ErrorKind::IsADirectory => "office.disk.folder",
        io::ErrorKind::StorageFull => "office.disk.full",
        io::ErrorKind::ReadOnlyFilesystem => "office.disk.read_only",
        _ => return say!("office.disk.other", "{error}", error = error.to_string()),
    };
    Message::new(code, error.to_string(), [])
}

/// An error in words, with the files that it is about before it: in English as it prints itself.
#[must_use]
pub fn error(error: &(dyn Error + 'static), lang: Lang) -> String {
    if lang == Lang::En {
        return error.to_string();
    }
    if let Some(about) = error.downcast_ref::<About>() {
        return about.words(&self::error(about.error.as_ref(), lang), lang);
    }
    message_of(error, |_| None).map_or_else(|| error.to_string(), |message| words(&message, lang))
}

/// Whether a language has words for a code.
#[must_use]
pub fn has(code: &str, lang: Lang) -> bool {
    of(lang).get_message(&entry(code)).is_some_and(|found| found.value().is_some())
}
