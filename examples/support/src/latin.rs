//! Latin words in a text for people who read Chinese. Tests hold that none stands there but what is a name: a file, an
//! option with its value, an id, a digest, a number with its unit, a code.

use std::collections::BTreeSet;

/// The Latin words of a text, without names and without those that are known as such. What stands in Chinese quotation
/// marks is what somebody wrote.
#[must_use]
pub fn foreign(text: &str, known: &[&str]) -> BTreeSet<String> {
    let own = text.split('“').map(|part| part.split_once('”').map_or(part, |(_, after)| after));
    let own = own.collect::<Vec<_>>().join("·");
    // Names of the library stand between backticks.
    let own = own.split('`').step_by(2).collect::<Vec<_>>().join("·");
    let mut found = BTreeSet::new();
    for run in own.split(|c: char| !c.is_ascii() || c == '\n') {
        let mut option = false;
        for word in run.split(|c: char| !(c.is_ascii_alphanumeric() || "-_./=<>:%+".contains(c))) {
            if word.is_empty() {
                continue;
            }
            let bare = word.trim_matches(|c: char| "-.:%<>=/+".contains(c));
            let value = std::mem::replace(&mut option, word.starts_with("--"));
            let name = bare.contains(|c: char| c.is_ascii_digit() || "/_=.<>".contains(c))
                || bare.bytes().all(|b| b.is_ascii_uppercase())
                || word.starts_with("--")
                || word.starts_with('.')
                || word.contains('/');
            if !(value || name || bare.len() < 2 || known.contains(&bare)) {
                found.insert(bare.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_names() {
        let of = |text: &str| foreign(text, &["draw"]).into_iter().collect::<Vec<_>>();
        assert_eq!(
            of("draw --out target：FJQZ-0001 写入 public/seal.json，共 3 MB（A级）“no such”"),
            Vec::<String>::new()
        );
        assert_eq!(of("不通过  seal：expected 3"), ["expected", "seal"]);
        assert_eq!(of("not drawn: closed"), ["closed", "drawn", "not"]);
    }
}
