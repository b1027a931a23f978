//! Documents as people save them, and what a person reads when bytes are no such document.

use crate::message::{AsParam, Message, coded, said, shown};
use serde::de::DeserializeOwned;
use serde::ser;
use serde_json::Value;
use std::fmt;

/// How many characters of a text that is no JSON are shown.
const SHOWN: usize = 20;

/// Why bytes are not a canonical document, or a value cannot be written as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// A value that canonical JSON does not have: a float, a null, a key that is not text.
    #[error("canonical JSON has no {what}")]
    Unsupported {
        /// What it was.
        what: &'static str,
    },
    /// An integer beyond ±(2⁵³ − 1). Such numbers are written as decimal text.
    #[error("{value} is beyond 2^53 - 1 and would not survive every JSON reader")]
    IntegerRange {
        /// The integer in decimal.
        value: String,
    },
    /// The document does not have the form of its schema. The message names the line and column.
    #[error("{message}")]
    Schema {
        /// What the parser says, with line and column.
        message: Message,
    },
    /// The document is well-formed, but its bytes are not canonical (spacing, key order, escapes, repeats …).
    #[error("the bytes are not canonical JSON: they differ from the canonical form at byte {at}")]
    NotCanonical {
        /// Offset of the first difference, from 0.
        at: usize,
    },
}

coded! { JsonError {
    Unsupported { what } => "json.unsupported",
    IntegerRange { value } => "json.integer_range",
    NotCanonical { at } => "json.not_canonical";
    Schema { message }
} }

impl ser::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Schema { message: said!("form.value", "{text}", text = message.to_string()) }
    }
}

/// Reads a document that a person wrote: any spacing, any order of keys, a byte order mark before it. It
/// holds no `null`: what is absent is left out (Spec 2.4).
///
/// # Errors
/// The bytes are no JSON, the form is wrong (the first place, with line and column), or a value is `null`
/// (its first place).
pub fn written<T: DeserializeOwned>(text: &str) -> Result<T, Message> {
    let text = text.trim_start_matches('\u{feff}').as_bytes();
    let document = parsed(text)?;
    null_in(text).map_or(Ok(document), Err)
}

/// Reads JSON into a type.
///
/// # Errors
/// No JSON at all, or what the parser says, with line and column.
pub(crate) fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Message> {
    serde_json::from_slice(bytes).map_err(|error| no_document(bytes).unwrap_or_else(|| of_parser(&error)))
}

/// What the parser says, by code: it has one text for each kind of mistake.
pub(crate) fn of_parser(error: &serde_json::Error) -> Message {
    let (line, column, text) = (error.line(), error.column(), error.to_string());
    match text.strip_suffix(&format!(" at line {line} column {column}")) {
        Some(what) => {
            let what = of_parser_text(what);
            said!("form.at", "{what} at line {line} column {column}", what, line, column)
        }
        None => of_parser_text(&text),
    }
}

fn of_parser_text(text: &str) -> Message {
    // What stands in the first pair of backticks, and what follows it.
    let named = |begin: &str| text.strip_prefix(begin)?.strip_prefix('`')?.split_once('`');
    // The names in backticks of a list.
    let names = |list: &str| list.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<String>>();
    let list = |words: &[String]| words.join(", ");
    if let Some((field, "")) = named("missing field ") {
        return said!("form.missing_field", "missing field `{field}`", field);
    }
    if let Some((field, "")) = named("duplicate field ") {
        return said!("form.duplicate_field", "duplicate field `{field}`", field);
    }
    if let Some((field, rest)) = named("unknown field ").filter(|(_, rest)| rest.starts_with(", expected ")) {
        let (known, words) = (names(rest), list(&names(rest)));
        let mut said =
            said!("form.unknown_field", "unknown field `{field}`, known here: {known}", field, known = words);
        said.replace("known", known.param());
        return said;
    }
    if let Some((found, rest)) = named("unknown variant ").filter(|(_, rest)| rest.starts_with(", expected "))
    {
        let (known, words) = (names(rest), list(&names(rest)));
        let mut said = said!(
            "form.unknown_word",
            "unknown variant `{found}`, known here: {known}",
            found,
            known = words
        );
        said.replace("known", known.param());
        return said;
    }
    let wrong = |begin: &str| text.strip_prefix(begin)?.split_once(", expected ");
    if let Some((found, expected)) = wrong("invalid type: ") {
        return said!("form.wrong_type", "invalid type: {found}, expected {expected}", found, expected);
    }
    if let Some((found, expected)) = wrong("invalid value: ") {
        return said!("form.wrong_value", "invalid value: {found}, expected {expected}", found, expected);
    }
    match text {
        "trailing characters" => said!("form.trailing", "something stands behind the end of the document"),
        text if text.starts_with("EOF while parsing") => said!("form.cut", "the document ends too early"),
        text if text.starts_with("expected `")
            || text.starts_with("key must be")
            || text == "expected value" =>
        {
            said!("form.syntax", "is no JSON here: {text}", text)
        }
        text => said!("form.value", "{text}", text),
    }
}

/// Why bytes are no JSON document, which is an object or a list. `None` if they begin like one.
fn no_document(bytes: &[u8]) -> Option<Message> {
    let first = bytes.trim_ascii_start();
    match first {
        [] => Some(said!("form.empty", "is empty, and not JSON")),
        [b'{' | b'[', ..] => None,
        [0xef, 0xbb, 0xbf, ..] => {
            let words =
                said!("form.mark", "begins with a byte order mark, which a published document has not");
            Some(words)
        }
        _ => {
            let text = String::from_utf8_lossy(first);
            let line: String = text.lines().next().unwrap_or_default().chars().take(SHOWN).collect();
            let line = shown(&line);
            let message = said!(
                "form.no_json",
                "is no JSON document, which begins with {{ or [: it begins with \"{line}\"",
                line
            );
            Some(message)
        }
    }
}

/// The place of the first `null` of a JSON text, in words of a refusal. `None` if there is none, or if the
/// text is no JSON.
fn null_in(text: &[u8]) -> Option<Message> {
    let place = null_of(&serde_json::from_slice(text).ok()?)?;
    let place = place.trim_start_matches('.');
    Some(said!("form.null", "{place} is null: leave the field out", place))
}

fn null_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Array(list) => {
            let mut places = list.iter().enumerate();
            places.find_map(|(place, item)| Some(format!("[{place}]{}", null_of(item)?)))
        }
        Value::Object(fields) => {
            fields.iter().find_map(|(name, item)| Some(format!(".{name}{}", null_of(item)?)))
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        parsed::<Vec<String>>(bytes).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_json_is_said() {
        assert_eq!(refused(b" \n"), "is empty, and not JSON");
        assert_eq!(
            refused("机构标识,本周期检查次数\nA-1,1".as_bytes()),
            "is no JSON document, which begins with { or [: it begins with \"机构标识,本周期检查次数\""
        );
        assert!(refused("\"机构\",'甲'\\".as_bytes()).ends_with(r#"it begins with ""机构",'甲'\""#));
        let unseen = parsed::<Vec<String>>("\u{200b}\u{202e}[1]".as_bytes()).unwrap_err();
        let shown = r"\u{200b}\u{202e}[1]";
        assert!(unseen.to_string().ends_with(&format!("it begins with \"{shown}\"")), "{unseen}");
        assert_eq!(unseen.params()["line"], AsParam::param(shown));
        assert_eq!(
            refused("\u{feff}[]".as_bytes()),
            "begins with a byte order mark, which a published document has not"
        );
        assert_eq!(written::<Vec<String>>("\u{feff}[\"a\"]"), Ok(vec!["a".to_owned()]));
        assert_eq!(
            written::<Vec<Option<u64>>>("[1, null]").unwrap_err().to_string(),
            "[1] is null: leave the field out"
        );
        assert!(refused(b"[1]").contains("line 1 column 2"), "{}", refused(b"[1]"));
    }
}
