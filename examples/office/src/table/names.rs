//! Names in place of ids: an institution or a person is found by a name that only one has.

use super::cells::narrow;
use crate::values::Several;
use crate::{nearest, say};
use double_random::id::UnitIdForm;
use double_random::message::Message;
use std::collections::{BTreeMap, BTreeSet};

/// The names of a register, with the ids that have them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named(BTreeMap<String, Vec<String>>);

/// The names that the tables of an office may use: those of its registers and of its rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Institutions.
    pub units: Named,
    /// Officers and experts.
    pub people: Named,
    /// Signals, code and name.
    pub signals: Vec<(String, String)>,
    /// Which ids institutions have.
    pub ids: UnitIdForm,
}

/// A name without differences that mean nothing: width, case of letters, spaces.
fn plain(name: &str) -> String {
    narrow(name).to_lowercase().split_whitespace().collect()
}

impl Named {
    /// From ids and names.
    pub fn new(rows: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (id, name) in rows {
            all.entry(plain(&name)).or_default().push(id);
        }
        Self(all)
    }

    /// The id of a name that only one has.
    pub(super) fn only(&self, name: &str) -> Option<&str> {
        match self.0.get(&plain(name)).map(Vec::as_slice) {
            Some([one]) => Some(one.as_str()),
            _ => None,
        }
    }

    /// The id that a text means: the one that has it as its name, else the text itself, which may be an id.
    ///
    /// # Errors
    /// Several have this name, or nobody has it and it can be no id; with those that may be meant.
    pub fn id(&self, text: &str) -> Result<String, Message> {
        match self.0.get(&plain(text)).map(Vec::as_slice) {
            Some([one]) => Ok(one.clone()),
            Some(more) => {
                let (count, ids) = (more.len(), Several::first(more, 10));
                Err(say!("office.name.several", "is the name of {count}: {ids}: write the id", count, ids))
            }
            None if text.is_ascii() || self.0.is_empty() => Ok(text.to_owned()),
            None => {
                let flat =
                    self.0.iter().flat_map(|(name, ids)| ids.iter().map(|id| (id.clone(), name.clone())));
                let known: Vec<(String, String)> = flat.collect();
                let known = nearest::told(text, &known);
                Err(say!(
                    "office.name.none",
                    "is the name of none in the register; the nearest are {known}",
                    known
                ))
            }
        }
    }
}

/// The code of a word: the code itself, the one code that differs by width and case only, or the one thing of this
/// name.
///
/// # Errors
/// Nothing is called so, or several are; with what there is, the nearest first.
pub fn code(word: &str, known: &[(String, String)]) -> Result<String, Message> {
    let said = plain(word);
    if let Some((code, _)) = known.iter().find(|(code, _)| *code == word.trim() || *code == narrow(word)) {
        return Ok(code.clone());
    }
    let alike: BTreeSet<&str> =
        known.iter().map(|(code, _)| code.as_str()).filter(|code| plain(code) == said).collect();
    let named = known.iter().filter(|(_, name)| plain(name) == said).map(|(code, _)| code.as_str());
    let fits: Vec<&str> = if alike.is_empty() { named.collect() } else { alike.into_iter().collect() };
    match fits.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => Err(say!("office.code.none", "is none of {known}", known = nearest::told(word, known))),
        more => Err(say!(
            "office.code.several",
            "is the name of {codes}: write the code",
            codes = Several::new(more)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect()
    }

    #[test]
    fn a_name_that_only_one_has_is_an_id() {
        let known = Named::new(pairs(&[("U-1", "东街 诊所"), ("U-2", "西街诊所"), ("U-3", "西街诊所")]));
        assert_eq!(known.id("东街诊所"), Ok("U-1".into()));
        assert_eq!(known.id("U-9"), Ok("U-9".into()));
        assert!(known.id("西街诊所").unwrap_err().to_string().contains("U-2, U-3"));
        assert!(known.id("东街诊锁").unwrap_err().to_string().contains("nearest are U-1 (东街诊所)"));
        // Before there is a register, nothing is known of names.
        assert_eq!(Named::default().id("东街诊所"), Ok("东街诊所".into()));
    }

    #[test]
    fn a_code_is_found_by_its_name() {
        let known = pairs(&[("no_problem", "未发现问题"), ("closed", "关闭"), ("gone", "关闭"), ("A", "甲")]);
        assert_eq!(code("未发现问题", &known), Ok("no_problem".into()));
        assert_eq!([code("Ａ", &known), code("a", &known)], [Ok("A".into()), Ok("A".into())]);
        let twins = pairs(&[("A", "甲"), ("a", "乙"), ("BB", "丙"), ("Bb", "丁")]);
        assert_eq!([code("a", &twins), code("Ａ", &twins)], [Ok("a".into()), Ok("A".into())]);
        assert_eq!(code(" ａ ", &twins), Ok("a".into()));
        assert_eq!(code("bb", &twins).unwrap_err().to_string(), "is the name of BB, Bb: write the code");
        assert!(code("关闭", &known).unwrap_err().to_string().contains("closed, gone"));
        assert!(
            code("未发现", &known).unwrap_err().to_string().starts_with("is none of no_problem (未发现问题)")
        );
    }
}
