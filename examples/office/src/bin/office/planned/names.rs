//! What the words of a plan mean among departments, items and kinds of the pack.

use double_random::id::Code;
use double_random::message::Message;
use double_random::pack::Pack;
use double_random_office::nearest;
use double_random_office::say;
use double_random_support::files::{self, Failure};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What a word can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A department.
    Department,
    /// An item.
    Item,
    /// A kind.
    Kind,
}

/// A word that was found.
pub struct Found {
    /// What stands in the table.
    pub word: String,
    /// The code.
    pub code: Code,
    /// The name, where the word is only near to it.
    pub near: Option<String>,
}

/// The words that `--means` explains, and the names of the pack.
pub struct Vocabulary<'a> {
    pack: &'a Pack,
    means: BTreeMap<String, Code>,
    used: RefCell<BTreeSet<String>>,
}

/// A word without what does not tell it from others.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"·“”\"'（）()、，,。．.：:；;".contains(*c)).collect()
}

/// The parts of a name that are names by themselves: 诊所 and 门诊部 of 诊所、门诊部.
fn parts(name: &str) -> impl Iterator<Item = String> {
    name.split(['、', '，', '（', '）', '及', '与', '和']).map(plain).filter(|part| part.chars().count() > 1)
}

/// The pieces of a cell that lists: by line, semicolon, or a number before each.
fn listed(text: &str) -> Vec<String> {
    let pieces = text.split(['\n', '\r', ';', '；']).map(|piece| {
        let piece = piece.trim();
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        let marked = rest.len() < piece.len() && rest.starts_with(['.', '、', '．', ')']);
        if marked {
            rest.trim_start_matches(['.', '、', '．', ')', ' ']).to_owned()
        } else {
            piece.to_owned()
        }
    });
    pieces.filter(|piece| !piece.is_empty()).collect()
}

impl<'a> Vocabulary<'a> {
    /// The words of a pack, and those of `--means`.
    ///
    /// # Errors
    /// An option that is no pair, that names nothing of the pack, or that explains a word twice.
    pub fn new(pack: &'a Pack, given: &[String]) -> Result<Self, Failure> {
        let mut words = Self { pack, means: BTreeMap::new(), used: RefCell::default() };
        let kinds = [Of::Department, Of::Item, Of::Kind];
        for text in given {
            let pair = text.rsplit_once('=').filter(|(word, _)| !plain(word).is_empty());
            let (word, code) = pair
                .ok_or_else(|| say!("office.plan.means_pair", "--means {text}: TEXT=CODE is needed", text))?;
            let code = files::about(&format!("--means {text}"), Code::parse(code.trim()))?;
            if !kinds.iter().any(|of| words.known(*of).iter().any(|(known, _)| *known == code.as_str())) {
                return Err(say!(
                    "office.plan.means_unknown",
                    "--means {text}: {code} is no department, item or kind of the pack",
                    text,
                    code
                )
                .into());
            }
            if words.means.insert(plain(word), code).is_some() {
                return Err(say!(
                    "office.plan.means_twice",
                    "--means {text}: the word is explained twice",
                    text
                )
                .into());
            }
        }
        Ok(words)
    }

    /// Words of `--means` that no row has.
    pub fn idle(&self) -> Vec<Message> {
        let used = self.used.borrow();
        let idle = self.means.iter().filter(|(word, _)| !used.contains(*word));
        idle.map(|(word, code)| {
            say!("office.plan.means_idle", "--means {word}={code}: no row says so", word, code)
        })
        .collect()
    }

    /// Codes and names.
    pub fn known(&self, of: Of) -> Vec<(String, String)> {
        let pair = |code: &Code, name: &str| (code.to_string(), name.to_owned());
        match of {
            Of::Department => self.pack.departments.iter().map(|one| pair(&one.code, &one.name)).collect(),
            Of::Item => self.pack.items.iter().map(|one| pair(&one.code, &one.name)).collect(),
            Of::Kind => self.pack.kinds.iter().map(|one| pair(&one.code, &one.name)).collect(),
        }
    }

    /// A word by `--means`, by its name or its code.
    fn exact(&self, text: &str, known: &[(String, String)]) -> Option<Found> {
        let word = plain(text);
        let found = |code: &str, near| {
            Some(Found { word: text.trim().to_owned(), code: Code::parse(code).ok()?, near })
        };
        if let Some(code) = self.means.get(&word)
            && known.iter().any(|(known, _)| known == code.as_str())
        {
            self.used.borrow_mut().insert(word);
            return found(code.as_str(), None);
        }
        let same = known.iter().find(|(code, name)| plain(name) == word || *code == word);
        same.and_then(|(code, _)| found(code, None))
    }

    /// The one name that has the word as a part, holds it, or is held by it.
    fn near(&self, text: &str, known: &[(String, String)]) -> Option<Found> {
        let word = plain(text);
        let holds = |name: &str| {
            let plain = plain(name);
            let long = word.chars().count() > 2;
            parts(name).any(|part| part == word) || (long && (plain.contains(&word) || word.contains(&plain)))
        };
        let mut near = known.iter().filter(|(_, name)| holds(name));
        match (near.next(), near.next()) {
            (Some((code, name)), None) => Some(Found {
                word: text.trim().to_owned(),
                code: Code::parse(code).ok()?,
                near: Some(name.clone()),
            }),
            _ => None,
        }
    }

    /// Everything that a cell names; words that mean nothing stand as they are. A list of which one part is known does
    /// not lose the others.
    pub fn all(&self, text: &str, of: Of) -> Vec<Result<Found, String>> {
        let known = self.known(of);
        if let Some(found) = self.exact(text, &known) {
            return vec![Ok(found)];
        }
        let mut all = Vec::new();
        for piece in listed(text) {
            if let Some(found) = self.exact(&piece, &known) {
                all.push(Ok(found));
                continue;
            }
            for piece in piece.split(['、', ',', '，', ' ', '/']).filter(|piece| !plain(piece).is_empty()) {
                self.piece(piece, &known, &mut all);
            }
        }
        all
    }

    fn piece(&self, piece: &str, known: &[(String, String)], all: &mut Vec<Result<Found, String>>) {
        let one = |text: &str| self.exact(text, known).or_else(|| self.near(text, known));
        if let Some(found) = self.exact(piece, known) {
            all.push(Ok(found));
            return;
        }
        let halves: Vec<&str> =
            piece.split(['及', '与', '和', '或']).filter(|half| !plain(half).is_empty()).collect();
        let read: Vec<Option<Found>> = halves.iter().map(|half| one(half)).collect();
        if halves.len() > 1 && read.iter().any(Option::is_some) {
            let read = halves.iter().zip(read);
            all.extend(read.map(|(half, found)| found.ok_or_else(|| (*half).to_owned())));
        } else {
            all.push(self.near(piece, known).ok_or_else(|| piece.trim().to_owned()));
        }
    }

    /// A word that means nothing: what is nearest, and what to do.
    pub fn unknown(&self, of: Of, text: &str) -> Message {
        let known = self.known(of);
        let nearest: Vec<String> = nearest::nearest(text, &known)
            .into_iter()
            .take(5)
            .map(|(code, name)| format!("{name} ({code})"))
            .collect();
        let word: String = text.chars().take(40).collect();
        match of {
            Of::Department => say!(
                "office.plan.unknown_department",
                "department \"{word}\" is not in the pack; nearest: {known}; --means {word}=CODE says which",
                word,
                known = nearest.join(", ")
            ),
            Of::Item => say!(
                "office.plan.unknown_item",
                "item \"{word}\" is not in the pack; nearest: {known}; --means {word}=CODE says which",
                word,
                known = nearest.join(", ")
            ),
            Of::Kind => say!(
                "office.plan.unknown_kind",
                "kind \"{word}\" is not in the pack; nearest: {known}; --means {word}=CODE says which",
                word,
                known = nearest.join(", ")
            ),
        }
    }
}
