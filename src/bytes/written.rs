//! Documents as people save them, and what a person reads when bytes are no such document.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// How many characters of a text that is no JSON are shown.
const SHOWN: usize = 20;

/// Reads a document that a person wrote: any spacing, any order of keys, a byte order mark before it. It
/// holds no `null`: what is absent is left out (Spec 2.4).
///
/// # Errors
/// In words: the bytes are no JSON, the form is wrong (the first place, with line and column), or the place
/// of the first `null`.
pub fn written<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let text = text.trim_start_matches('\u{feff}').as_bytes();
    let document = parsed(text)?;
    null_in(text).map_or(Ok(document), Err)
}

/// Reads JSON into a type.
///
/// # Errors
/// In words: no JSON at all, or the parser's message with line and column.
pub(crate) fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| no_document(bytes).unwrap_or_else(|| error.to_string()))
}

/// Why bytes are no JSON document, which is an object or a list. `None` if they begin like one.
fn no_document(bytes: &[u8]) -> Option<String> {
    let first = bytes.trim_ascii_start();
    match first {
        [] => Some("is empty, and not JSON".to_owned()),
        [b'{' | b'[', ..] => None,
        [0xef, 0xbb, 0xbf, ..] => {
            Some("begins with a byte order mark, which a published document has not".to_owned())
        }
        _ => {
            let text = String::from_utf8_lossy(first);
            let line: String = text.lines().next().unwrap_or_default().chars().take(SHOWN).collect();
            Some(format!("is no JSON document, which begins with {{ or [: it begins with {line:?}"))
        }
    }
}

/// The place of the first `null` of a JSON text, in words of a refusal. `None` if there is none, or if the
/// text is no JSON.
fn null_in(text: &[u8]) -> Option<String> {
    let place = null_of(&serde_json::from_slice(text).ok()?)?;
    Some(format!("{} is null: leave the field out", place.trim_start_matches('.')))
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
        parsed::<Vec<String>>(bytes).unwrap_err()
    }

    #[test]
    fn what_is_no_json_is_said() {
        assert_eq!(refused(b" \n"), "is empty, and not JSON");
        assert_eq!(
            refused("机构标识,本周期检查次数\nA-1,1".as_bytes()),
            "is no JSON document, which begins with { or [: it begins with \"机构标识,本周期检查次数\""
        );
        assert_eq!(
            refused("\u{feff}[]".as_bytes()),
            "begins with a byte order mark, which a published document has not"
        );
        assert_eq!(written::<Vec<String>>("\u{feff}[\"a\"]"), Ok(vec!["a".to_owned()]));
        assert_eq!(
            written::<Vec<Option<u64>>>("[1, null]"),
            Err("[1] is null: leave the field out".to_owned())
        );
        assert!(refused(b"[1]").contains("line 1 column 2"), "{}", refused(b"[1]"));
    }
}
