//! Values of sources that lie in the folder under test: they are its author's copies. Whoever did not obtain them
//! from their sources takes his word for them (Spec 19, *The folder*).

use crate::folder::Folder;
use double_random::id::Code;
use double_random::ledger::State;
use double_random::policy::Source;
use double_random_support::screen::Lang;

/// A value that no signature shows, and that was read from the folder alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnValue {
    /// Sequence number and attempt.
    pub draw: (u64, u64),
    /// The source, as the seal names it.
    pub source: Source,
}

impl OwnValue {
    /// Where its source has published it.
    #[must_use]
    pub fn whence(&self, lang: Lang) -> String {
        let id = self.source.id();
        match &self.source {
            Source::Dice { at, witness, .. } => match lang {
                Lang::En => format!("{id}: thrown at {at} before {witness}: ask {witness}"),
                Lang::Zh => format!("{id}：{at} 在 {witness} 见证下掷骰：向 {witness} 查询"),
            },
            Source::Lottery { game, issue, .. } => match lang {
                Lang::En => format!("{id}: {game}, issue {issue}, as its operator has published it"),
                Lang::Zh => format!("{id}：{game} 第 {issue} 期，以发行方公布的开奖结果为准"),
            },
            Source::Drand { chain, round, .. } => {
                format!("{id}: https://api.drand.sh/{chain}/public/{round}")
            }
            Source::Shares { .. } => match lang {
                Lang::En => format!("{id}: the numbers that its parties have revealed"),
                Lang::Zh => format!("{id}：各方公开的随机数"),
            },
        }
    }
}

/// The values of draws of a ledger that were read from the folder alone.
#[must_use]
pub fn own_values(folder: &Folder, state: &State) -> Vec<OwnValue> {
    let mut own = Vec::new();
    for attempt in state.attempts().iter().filter(|attempt| attempt.record().is_some()) {
        let draw = attempt.name();
        let beside = folder.evidence.draws.get(&draw).and_then(|known| known.evidence.beacon.as_ref());
        let lies_there =
            |id: &Code| beside.is_some_and(|values| values.iter().any(|value| value.source == *id));
        let values = attempt.values().unwrap_or_default().into_iter();
        for value in values.filter(|value| value.pulse.is_none() && lies_there(&value.source)) {
            let source = attempt.seal().beacon.all().find(|source| source.id() == &value.source);
            own.extend(source.map(|source| OwnValue { draw, source: source.clone() }));
        }
    }
    own
}
