//! Documents that people write hold no `null`: what is absent is left out (Spec 2.4).

use serde_json::Value;

/// The place of the first `null` of a JSON text, in words of a refusal. `None` if there is none, or if the
/// text is no JSON.
pub(crate) fn null_in(text: &[u8]) -> Option<String> {
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
