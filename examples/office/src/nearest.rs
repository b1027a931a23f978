//! What there is instead of a word that nobody knows, the nearest first.

use crate::say;
use crate::values::Several;
use double_random::message::Message;
use strsim::damerau_levenshtein;

/// How many are named.
const SHOWN: usize = 16;

/// How far a word is from a code or its name, in changes for every thousand characters of the longer one. A name
/// that holds the word, or is held by it, is near.
fn far(word: &str, known: &str) -> usize {
    let (word, known) = (word.to_lowercase(), known.to_lowercase());
    if known.is_empty() {
        return usize::MAX;
    }
    let longer = word.chars().count().max(known.chars().count()).max(1);
    let changes = damerau_levenshtein(&word, &known).saturating_mul(1000) / longer;
    let holds = !word.is_empty() && (known.contains(&word) || word.contains(&known));
    if holds { changes / 4 } else { changes }
}

/// Codes and names by their distance from a word, the nearest first; those at one distance in their own order.
#[must_use]
pub fn nearest<'k>(word: &str, known: &'k [(String, String)]) -> Vec<&'k (String, String)> {
    let mut all: Vec<&(String, String)> = known.iter().collect();
    all.sort_by_cached_key(|(code, name)| far(word, code).min(far(word, name)));
    all
}

/// The same in words: `clinic (诊所), hospital (医院), … (12 in all)`.
#[must_use]
pub fn told(word: &str, known: &[(String, String)]) -> Message {
    let one = |(code, name): &&(String, String)| match name.as_str() {
        "" => code.clone(),
        name if name == code => code.clone(),
        name => format!("{code} ({name})"),
    };
    let words = Several::new(nearest(word, known).iter().take(SHOWN).map(one));
    if known.len() > SHOWN {
        return say!("office.known.nearest", "{words}, … ({count} in all)", count = known.len(), words);
    }
    say!("office.known.all", "{words}", words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_first() {
        let known: Vec<(String, String)> =
            [("hospital", "医院"), ("clinic", "诊所"), ("school", "学校"), ("unnamed", "")]
                .map(|(code, name)| (code.to_owned(), name.to_owned()))
                .to_vec();
        let first = |word: &str| nearest(word, &known)[0].0.clone();
        assert_eq!((first("诊锁"), first("clinc"), first("民营医院"), first("Unnamed")).0, "clinic");
        assert_eq!([first("clinc"), first("民营医院"), first("Unnamed")], ["clinic", "hospital", "unnamed"]);
        assert_eq!(told("x", &known).to_string().matches(',').count(), 3);
        let many: Vec<(String, String)> = (0..20).map(|n| (format!("c{n}"), String::new())).collect();
        let told = |known: &[(String, String)]| told("c7", known).to_string();
        assert!(told(&many).starts_with("c7, ") && told(&many).ends_with("(20 in all)"));
        assert_eq!(told(&[]), "");
    }
}
