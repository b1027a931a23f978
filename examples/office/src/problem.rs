//! What the verification of a folder finds beside the checks of the ledger, by code (Spec 19, *The folder*).

use crate::catalogue::IntoMessage;
use crate::{catalogue, say};
use double_random::message::Message;
use double_random::verify::Verdict;
use double_random_support::screen::Lang;
use std::cmp::Ordering;

/// What is the matter with a file that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// It does not say what seal, record or ledger say.
    Wrong(Message),
    /// Nothing that is signed or hashed says what it must hold; why.
    NotChecked(Message),
    /// A page for readers around the right documents, which is not the page of this program.
    OtherPage(Message),
}

impl FileProblem {
    /// It does not say what it should.
    pub fn wrong(words: impl IntoMessage) -> Self {
        Self::Wrong(words.into_message())
    }
}

/// That a document says what it is, and is another one.
pub(crate) fn other_document() -> Message {
    say!("office.file.other", "another document or protocol")
}

/// That a file is about more entries than the ledger beside it has.
pub(crate) fn fewer_entries(at: u64) -> Message {
    say!("office.file.fewer", "the ledger here has fewer than {at} entries", at)
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingCode {
    /// A file for readers says otherwise than seal, record, ledger, or the file beside it.
    Differs,
    /// A file has another digest than the index says, or the index is unusable.
    Index,
    /// A policy, signals or levels do not follow from pack, programme and dossier.
    Origin,
    /// The results of the dossier are not those of the ledger.
    Dossier,
    /// A ledger does not go on from the earlier one that lies beside it.
    Earlier,
    /// The index names a file that is not there.
    Missing,
    /// A policy follows from pack and programme, and one of them is not there.
    NoRules,
    /// A draw of a year with a programme has a policy that names no origin.
    NoOrigin,
    /// A value that enters the seed of a draw was read from the folder alone, which is its author's.
    OwnValues,
    /// Files of an auditor are not there, so that this was not looked at.
    NotShown,
    /// Nothing that is signed or hashed says what a file must hold.
    NotChecked,
    /// The index does not name a file, or there is no index.
    NotNamed,
    /// A page for readers that is not the one of the index or of this program.
    Page,
    /// A value that the checker brought says nothing of the ledger.
    Unused,
}

impl FindingCode {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Differs,
        Self::Index,
        Self::Origin,
        Self::Dossier,
        Self::Earlier,
        Self::Missing,
        Self::NoRules,
        Self::NoOrigin,
        Self::OwnValues,
        Self::NotShown,
        Self::NotChecked,
        Self::NotNamed,
        Self::Page,
        Self::Unused,
    ];

    /// Its code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::Index => "index",
            Self::Origin => "origin",
            Self::Dossier => "dossier",
            Self::Earlier => "earlier",
            Self::Missing => "missing",
            Self::NoRules => "no_rules",
            Self::NoOrigin => "no_origin",
            Self::OwnValues => "own_values",
            Self::NotShown => "not_shown",
            Self::NotChecked => "not_checked",
            Self::NotNamed => "not_named",
            Self::Page => "page",
            Self::Unused => "unused",
        }
    }

    /// The most that can be said of a folder with it.
    #[must_use]
    pub const fn at_most(self) -> Verdict {
        match self {
            Self::Differs | Self::Index | Self::Origin | Self::Dossier | Self::Earlier => Verdict::Refuted,
            Self::Missing | Self::NoRules | Self::NoOrigin | Self::OwnValues => Verdict::SelfConsistent,
            Self::NotShown | Self::NotChecked | Self::NotNamed | Self::Page | Self::Unused => {
                Verdict::Confirmed
            }
        }
    }

    /// The word that begins its line.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Differs | Self::Index | Self::Origin | Self::Dossier | Self::Earlier => {
                catalogue::word("office.verify.fail", lang)
            }
            Self::Missing | Self::NoRules | Self::NoOrigin | Self::OwnValues => {
                catalogue::word("office.verify.missing", lang)
            }
            Self::NotShown => catalogue::word("office.verify.not_shown", lang),
            Self::NotChecked | Self::Page => catalogue::word("office.verify.not_checked", lang),
            Self::NotNamed => catalogue::word("office.verify.not_named", lang),
            Self::Unused => catalogue::word("office.verify.not_used", lang),
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file or folder of a draw, by its path within the folder of the ledger.
    pub place: String,
    /// What was found.
    pub code: FindingCode,
    /// What is the matter.
    pub words: Message,
}

impl Finding {
    /// A finding.
    #[must_use]
    pub fn new(code: FindingCode, place: impl Into<String>, words: impl IntoMessage) -> Self {
        Self { place: place.into(), code, words: words.into_message() }
    }

    /// By place, code and words: the order of a report.
    fn key(&self) -> (&str, FindingCode, String) {
        (&self.place, self.code, self.words.to_string())
    }
}

impl Ord for Finding {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Finding {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The worst of several verdicts; self-consistent where there are none.
#[must_use]
pub fn worst(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    verdicts.into_iter().min().unwrap_or(Verdict::SelfConsistent)
}
