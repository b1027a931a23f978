//! What the office answers where a table leaves something open: a value for all empty cells of a column, columns that
//! are not read, and what words mean. Every answer is used, and said with how often it was.

use super::cells::{narrow, unseen};
use crate::say;
use double_random::message::Message;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The answers to a table.
#[derive(Debug, Default)]
pub struct Asked {
    pub(super) set: Vec<(String, String)>,
    pub(super) skip: Vec<String>,
    means: BTreeMap<String, (String, String)>,
    used: RefCell<BTreeMap<String, u64>>,
}

/// A word without what does not tell it from others.
fn plain(word: &str) -> String {
    narrow(word).to_lowercase().chars().filter(|c| !unseen(*c)).collect()
}

impl Asked {
    /// Of the values of `--set` (heading and value), `--skip` (heading) and `--means` (word and code).
    ///
    /// # Errors
    /// A word with two meanings. A column with two answers is named when the table is read, where its headings are known.
    pub fn new(
        set: &[(String, String)],
        skip: &[String],
        means: &[(String, String)],
    ) -> Result<Self, Message> {
        let mut asked = Self { set: set.to_vec(), skip: skip.to_vec(), ..Self::default() };
        for (word, code) in means {
            if asked.means.insert(plain(word), (word.clone(), code.clone())).is_some() {
                return Err(say!("office.asked.word_twice", "the word {word} has two meanings", word));
            }
        }
        Ok(asked)
    }

    /// What a word means; the word itself where nothing was said of it.
    pub(super) fn meant(&self, word: String) -> String {
        if self.means.is_empty() || word.is_empty() {
            return word;
        }
        let key = plain(&word);
        let Some((_, code)) = self.means.get(&key) else { return word };
        *self.used.borrow_mut().entry(key).or_default() += 1;
        code.clone()
    }

    /// How often each word was read so.
    pub(super) fn notes(&self) -> Vec<Message> {
        let used = self.used.borrow();
        let note = |(key, (word, code)): (&String, &(String, String))| match used.get(key) {
            Some(count) => {
                say!(
                    "office.asked.meant",
                    "{word} is read as {code} (--means), {count} times",
                    word,
                    code,
                    count
                )
            }
            None => say!("office.asked.idle", "--means {word}={code}: no cell says so", word, code),
        };
        self.means.iter().map(note).collect()
    }
}
