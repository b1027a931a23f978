//! What the reader of JSON says comes without a code, and so does a message of the library that went through it. Each is
//! found in the English catalogue by what it says. All that the library says itself has a code.

use fluent_bundle::FluentArgs;
use std::collections::BTreeMap;

/// Letters that a pattern with places must have besides them, so that a text is not taken for another.
const LETTERS: usize = 8;

/// An English sentence of the catalogue with places for values.
struct Pattern {
    name: String,
    /// The texts between the places: one more than places.
    texts: Vec<String>,
    places: Vec<String>,
}

/// The sentences of a catalogue, by what they say.
pub(crate) struct Reverse {
    whole: BTreeMap<String, String>,
    patterns: Vec<Pattern>,
}

/// The texts and the places of a line of the catalogue; nothing for one that chooses between forms.
fn parts(text: &str) -> Option<(Vec<String>, Vec<String>)> {
    let plain = text.replace("{\"{\"}", "\u{1}").replace("{\"}\"}", "\u{2}").replace("{\"\"}", "");
    let (mut texts, mut places) = (Vec::new(), Vec::new());
    let mut rest = plain.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}')?;
        let name = place.trim().strip_prefix('$')?;
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') || name.ends_with("_count") {
            return None;
        }
        texts.push(before.to_owned());
        places.push(name.to_owned());
        rest = after;
    }
    texts.push(rest.to_owned());
    let marks = |text: &String| text.replace('\u{1}', "{").replace('\u{2}', "}");
    Some((texts.iter().map(marks).collect(), places))
}

impl Pattern {
    /// How much a text has to be like it.
    fn letters(&self) -> usize {
        self.texts.iter().map(|text| text.chars().filter(|c| c.is_alphabetic()).count()).sum()
    }

    /// What stands in the places of a text.
    fn values<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, between) = self.texts.split_first()?;
        let (last, between) = between.split_last()?;
        let mut rest = text.strip_prefix(first.as_str())?.strip_suffix(last.as_str())?;
        let mut values = Vec::new();
        for mark in between {
            let (value, after) = rest.split_once(mark.as_str())?;
            values.push(value);
            rest = after;
        }
        values.push(rest);
        values.iter().all(|value| !value.is_empty()).then_some(values)
    }
}

impl Reverse {
    /// Reads a catalogue.
    pub(crate) fn new(catalogue: &str) -> Self {
        let (mut whole, mut patterns) = (BTreeMap::new(), Vec::new());
        let mut lines = catalogue.lines().peekable();
        while let Some(line) = lines.next() {
            let more = lines.peek().is_some_and(|next| next.starts_with(' '));
            let Some((name, text)) =
                line.split_once(" = ").filter(|_| !more && !line.starts_with([' ', '#']))
            else {
                continue;
            };
            let Some((texts, places)) = parts(text) else { continue };
            if places.is_empty() {
                whole.entry(texts.concat()).or_insert_with(|| name.to_owned());
                continue;
            }
            let pattern = Pattern { name: name.to_owned(), texts, places };
            // Between two places stands something by which they are told apart.
            let inner = pattern.texts.get(1..pattern.texts.len().saturating_sub(1)).unwrap_or_default();
            let apart = inner.iter().all(|text| !text.is_empty());
            if apart && (name.starts_with("phrase-") || pattern.letters() >= LETTERS) {
                patterns.push(pattern);
            }
        }
        // The pattern that says most comes first; phrases of reports before sentences.
        patterns.sort_by_key(|pattern: &Pattern| std::cmp::Reverse(pattern.letters()));
        Self { whole, patterns }
    }

    /// The name of the sentence that a text is, and its values.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<(&str, Vec<(&str, &'t str)>)> {
        if let Some(name) = self.whole.get(text) {
            return Some((name, Vec::new()));
        }
        self.patterns.iter().find_map(|pattern| {
            let values = pattern.values(text)?;
            // A phrase of few letters is about codes, numbers and other phrases, not about any sentence.
            let known = |value: &&str| !value.contains(' ') || self.find(value).is_some();
            if pattern.letters() < LETTERS && !values.iter().all(known) {
                return None;
            }
            Some((pattern.name.as_str(), pattern.places.iter().map(String::as_str).zip(values).collect()))
        })
    }
}

/// Values as the catalogue takes them.
pub(crate) fn given(values: Vec<(String, String)>) -> FluentArgs<'static> {
    let mut given = FluentArgs::new();
    values.into_iter().for_each(|(name, value)| given.set(name, value));
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_found_by_what_it_says() {
        let known = Reverse::new(
            "phrase-the_seed = the seed\nphrase-root = the root at { $a } entries\n\
             phrase-entry = entry { $a }: { $b }\nid-empty = is empty\n\
             document-range = { $value } is not { $least } to { $most }\nwords-all = { $words }\n\
             many = { $n ->\n   *[other] things\n  }\nbraces = begins with {\"{\"} and { $text }\n",
        );
        assert_eq!(known.find("the seed"), Some(("phrase-the_seed", vec![])));
        assert_eq!(known.find("the root at 7 entries"), Some(("phrase-root", vec![("a", "7")])));
        assert_eq!(known.find("begins with { and more"), Some(("braces", vec![("text", "more")])));
        assert_eq!(known.find("0 is not 1 to 9").map(|(name, _)| name), None, "few letters of its own");
        assert_eq!(known.find("anything else"), None);
        let of = |text| known.find(text).map(|(name, values)| (name, values.len()));
        assert_eq!(of("entry 7: the seed"), Some(("phrase-entry", 2)));
        assert_eq!(of("entry 7: some other thing"), None);
    }
}
