//! The beacon plan: public sources of chance named in advance, and how much nobody can know of them (Spec 8.3 and 9.5).

use crate::bytes::Digest;
use crate::calendar::Instant;
use crate::id::Code;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One public source of chance, named in advance (Spec 9.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Source {
    /// Dice or ball-machine digits before a witness.
    Dice {
        /// When they are thrown.
        at: Instant,
        /// How many throws, 1 to 200.
        count: u64,
        /// Name of the source.
        id: Code,
        /// Sides, 2 to 10; ten-sided dice show 0 to 9, others 1 to their number.
        sides: u64,
        /// Before whom (公证员, 纪检监察员 …).
        witness: String,
    },
    /// A state lottery.
    Lottery {
        /// When it is drawn.
        at: Instant,
        /// The fields of the game: `take` numbers of 1 to `of`.
        fields: Vec<LotteryField>,
        /// Name of the game (快乐8, 双色球 …).
        game: String,
        /// Name of the source.
        id: Code,
        /// Issue (期号).
        issue: String,
    },
    /// A round of a drand network.
    Drand {
        /// When the round is due: `genesis + (round − 1) · period`.
        at: Instant,
        /// Hash of the chain.
        chain: Digest,
        /// First round, seconds since 1970.
        genesis: i64,
        /// Name of the source.
        id: Code,
        /// Seconds between rounds.
        period: i64,
        /// The round, from 1.
        round: i64,
    },
}

/// The drand chains that count (Spec 8.4): hash, genesis, period. quicknet and the League of Entropy's first chain.
const DRAND_CHAINS: [(&str, i64, i64); 2] = [
    ("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", 1_692_803_367, 3),
    ("8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce", 1_595_431_050, 30),
];

/// A field of a lottery: so many numbers out of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotteryField {
    /// Numbers in the drum, 1 to 999.
    pub of: u64,
    /// Numbers drawn, at least 1.
    pub take: u64,
}

impl Source {
    /// Name of the source.
    #[must_use]
    pub const fn id(&self) -> &Code {
        match self {
            Self::Dice { id, .. } | Self::Lottery { id, .. } | Self::Drand { id, .. } => id,
        }
    }

    /// When the source speaks.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Dice { at, .. } | Self::Lottery { at, .. } | Self::Drand { at, .. } => *at,
        }
    }

    /// What makes two sources the same chance: the issue of a game, the round of a chain, the throws before a witness at one instant.
    fn event(&self) -> (u8, String, String) {
        match self {
            Self::Dice { at, witness, .. } => (0, witness.clone(), at.to_string()),
            Self::Lottery { game, issue, .. } => (1, game.clone(), issue.clone()),
            Self::Drand { chain, round, .. } => (2, chain.to_string(), round.to_string()),
        }
    }

    /// What nobody can know beforehand, in thousandths of a bit, rounded down (Spec 8.3). `None` if the source's own numbers
    /// are impossible.
    #[must_use]
    pub fn millibits(&self) -> Option<u64> {
        match self {
            Self::Dice { count, sides, .. } => {
                let each = match sides {
                    2 => 1000,
                    3 => 1584,
                    4 => 2000,
                    5 => 2321,
                    6 => 2584,
                    7 => 2807,
                    8 => 3000,
                    9 => 3169,
                    10 => 3321,
                    _ => return None,
                };
                (1..=200).contains(count).then(|| count * each)
            }
            Self::Lottery { fields, .. } => {
                let mut ways: u128 = 1;
                for field in fields {
                    ways = ways.checked_mul(choose(field.of, field.take)?)?;
                }
                (!fields.is_empty() && ways < 1 << 127).then(|| u64::from(ways.ilog2()) * 1000)
            }
            Self::Drand { at, chain, genesis, period, round, .. } => {
                // A chain that is not known could have any genesis, and with it any round at any time.
                let known = DRAND_CHAINS.iter().find(|known| known.0 == chain.to_string())?;
                let due = round.checked_sub(1)?.checked_mul(*period)?.checked_add(*genesis)?;
                let right = (*genesis, *period) == (known.1, known.2) && *round > 0 && due == at.unix();
                right.then_some(256_000)
            }
        }
    }
}

/// The number of ways to take `take` of `of`, if the game is possible and the number stays below 2¹²⁷.
fn choose(of: u64, take: u64) -> Option<u128> {
    if take == 0 || take > of || of > 999 {
        return None;
    }
    let mut ways: u128 = 1;
    for i in 0..take.min(of - take) {
        // ways · (of − i) is divisible by i + 1: it is i + 1 times the next binomial coefficient. Reducing first keeps it in 128 bits.
        let (up, down) = (u128::from(of - i), u128::from(i + 1));
        let common = gcd(ways, down);
        ways = (ways / common).checked_mul(up / (down / common))?;
    }
    (ways < 1 << 127).then_some(ways)
}

const fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The public sources of this draw, in the order in which their values are hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeaconPlan {
    /// The sources, together at least 128 bits.
    pub sources: Vec<Source>,
}

impl BeaconPlan {
    /// What is wrong with the sources taken together: too many, one chance counted twice, or fewer than 128 bits (Spec 8.3).
    pub(crate) fn problem(&self) -> Option<String> {
        if self.sources.len() > 16 {
            return Some(format!("are {}, at most 16 are allowed", self.sources.len()));
        }
        let mut total = 0;
        let mut events = BTreeSet::new();
        for source in &self.sources {
            let id = source.id();
            let Some(bits) = source.millibits() else {
                return Some(format!("hold {id}, whose numbers are impossible or whose chain is unknown"));
            };
            if !events.insert(source.event()) {
                return Some(format!("count the chance of {id} twice"));
            }
            total += bits;
        }
        let bits = format!("{}.{:03}", total / 1000, total % 1000);
        (total < 128_000).then(|| format!("give {bits} bits together, at least 128 are needed"))
    }
}
