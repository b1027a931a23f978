//! The beacon plan: public sources of chance, named in advance, and the bits of each that are unknown
//! beforehand (Spec 8.3 and 9.5).

use crate::bytes::Digest;
use crate::calendar::Instant;
use crate::id::Code;
use crate::message::{Message, said, shown};
use crate::table::name_key;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One public source of chance, named in advance (Spec 9.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Source {
    /// Dice or ball-machine digits before a witness.
    Dice {
        /// The instant of the throws.
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
        /// The instant of the draw.
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
        /// The instant at which the round is due: `genesis + (round − 1) · period`.
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
    /// Secret numbers of several parties, committed to in the policy and revealed together.
    Shares {
        /// The instant at which the shares close. A share that is not revealed by then is missing.
        at: Instant,
        /// The parties, 2 to 16.
        commitments: Vec<ShareCommitment>,
        /// Name of the source.
        id: Code,
        /// The consequence of a missing share.
        missing: Missing,
    },
}

/// The commitment of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareCommitment {
    /// `H("share", "<share> <party>")`.
    pub commitment: Digest,
    /// The party (院方代表, 纪检组, 公证处 …).
    pub party: String,
}

/// The consequence of a missing share. It is fixed in the policy, so it cannot be chosen afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// The draw goes on without it.
    Omit,
    /// The attempt has failed.
    Void,
}

/// The drand chains that count (Spec 8.4), with hash, genesis and period: quicknet, and the first chain of
/// the League of Entropy.
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

/// The bits of a lottery from which on it is public, in thousandths.
const PUBLIC: u64 = 64_000;

/// The longest lead, in seconds: 31 days.
const LONGEST_LEAD: u64 = 31 * 86_400;

/// An event whose outcome is unknown beforehand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum PublicChance {
    /// The throws before a witness on one day (UTC, counted from 1970). Names are compared by their keys.
    Throws { witness: String, day: i64 },
    /// The issue of a game, both by their keys.
    Issue { game: String, issue: String },
    /// The round of a chain.
    Round { chain: Digest, round: i64 },
    /// The share of a party.
    Share { commitment: Digest },
}

impl Source {
    /// Name of the source.
    #[must_use]
    pub const fn id(&self) -> &Code {
        match self {
            Self::Dice { id, .. }
            | Self::Lottery { id, .. }
            | Self::Drand { id, .. }
            | Self::Shares { id, .. } => id,
        }
    }

    /// The instant at which the source publishes its value.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Dice { at, .. }
            | Self::Lottery { at, .. }
            | Self::Drand { at, .. }
            | Self::Shares { at, .. } => *at,
        }
    }

    /// The names that tell the source from others: who throws, which game and issue, which parties.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Dice { witness, .. } => vec![witness],
            Self::Lottery { game, issue, .. } => vec![game, issue],
            Self::Drand { .. } => vec![],
            Self::Shares { commitments, .. } => commitments.iter().map(|c| c.party.as_str()).collect(),
        }
    }

    /// The people or the event that the value comes from, as a report names them.
    #[must_use]
    pub fn of_whom(&self) -> Message {
        match self {
            Self::Dice { witness, .. } => said!("rests.dice", "the dice before {witness}", witness),
            Self::Lottery { game, issue, .. } => {
                said!("rests.lottery", "the lottery {game} {issue}", game, issue)
            }
            Self::Drand { chain, round, .. } => {
                said!("rests.drand", "round {round} of the drand chain {chain}", round, chain)
            }
            Self::Shares { .. } => {
                said!("rests.shares", "the shares of {names}", names = self.names().join(", "))
            }
        }
    }

    /// Whether the source is **public**: a network signs its value, or a lottery of 64 bits or more draws it.
    /// Nobody who keeps the ledger has a hand in it (Spec 8.3).
    #[must_use]
    pub fn is_public(&self) -> bool {
        match self {
            Self::Drand { .. } => true,
            Self::Lottery { .. } => self.millibits().is_some_and(|bits| bits >= PUBLIC),
            Self::Dice { .. } | Self::Shares { .. } => false,
        }
    }

    /// Whether the source is a round of drand: it is never silent for good (Spec 17.3).
    pub(crate) const fn is_round(&self) -> bool {
        matches!(self, Self::Drand { .. })
    }

    /// The chances that the source takes its value from. Two sources with one of them in common are one
    /// source.
    pub(crate) fn chances(&self) -> Vec<PublicChance> {
        match self {
            Self::Dice { at, witness, .. } => {
                vec![PublicChance::Throws { witness: key(witness), day: at.unix().div_euclid(86_400) }]
            }
            Self::Lottery { game, issue, .. } => {
                vec![PublicChance::Issue { game: key(game), issue: key(issue) }]
            }
            Self::Drand { chain, round, .. } => vec![PublicChance::Round { chain: *chain, round: *round }],
            Self::Shares { commitments, .. } => {
                commitments.iter().map(|c| PublicChance::Share { commitment: c.commitment }).collect()
            }
        }
    }

    /// The information that is unknown beforehand, in thousandths of a bit, rounded down (Spec 8.3). `None`
    /// if the numbers of the source are impossible.
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
                let due = due(*genesis, *period, *round)?;
                let right = (*genesis, *period) == (known.1, known.2) && *round > 0 && due == at.unix();
                right.then_some(256_000)
            }
            // With `omit` all may be missing: then nothing of it is left.
            Self::Shares { missing: Missing::Omit, .. } => Some(0),
            Self::Shares { missing: Missing::Void, .. } => Some(256_000),
        }
    }

    /// Why a source gives no bits: what is wrong with its numbers, and what would be right.
    fn impossible(&self) -> Message {
        match self {
            Self::Dice { count, sides, .. } => {
                said!(
                    "source.dice",
                    "with {count} throws of {sides} sides: 1 to 200 throws and 2 to 10 sides are possible",
                    count,
                    sides
                )
            }
            Self::Lottery { .. } => said!(
                "source.lottery",
                "whose fields cannot be: each takes 1 to `of` numbers, and all together \
                 have less than 127 bits"
            ),
            Self::Drand { at, chain, genesis, period, round, .. } => {
                let known = DRAND_CHAINS.iter().find(|known| known.0 == chain.to_string());
                let Some((_, first, every)) = known else {
                    return said!("source.chain", "whose chain is unknown: {chain}", chain);
                };
                if (genesis, period) != (first, every) {
                    return said!(
                        "source.genesis",
                        "whose genesis is {first} and whose period is {every} in its chain",
                        first,
                        every
                    );
                }
                let gap = due(*first, *every, *round).and_then(|due| due.checked_sub(at.unix()));
                let Some(gap) = gap else {
                    return said!(
                        "source.round_beyond",
                        "whose round {round} is not within the calendar",
                        round
                    );
                };
                let away = gap.unsigned_abs();
                let due = if gap < 0 { at.earlier(away) } else { at.later(away) };
                said!(
                    "source.round_due",
                    "whose round {round} is due at {due}, and not at {at}",
                    round,
                    due,
                    at
                )
            }
            Self::Shares { .. } => said!("source.shares", "whose shares cannot be"),
        }
    }
}

/// When a round of drand is due, in seconds since 1970 (Spec 8.4); `None` outside of what can be counted.
fn due(genesis: i64, period: i64, round: i64) -> Option<i64> {
    round.checked_sub(1)?.checked_mul(period)?.checked_add(genesis)
}

/// What a name is compared by. A text that is no name stands for itself; a plan with one is refused.
fn key(name: &str) -> String {
    name_key(name).unwrap_or_else(|| name.to_owned())
}

/// The number of ways to take `take` of `of`, if the game is possible and the number stays below 2¹²⁷.
fn choose(of: u64, take: u64) -> Option<u128> {
    if take == 0 || take > of || of > 999 {
        return None;
    }
    let mut ways: u128 = 1;
    for i in 0..take.min(of - take) {
        // ways · (of − i) is divisible by i + 1: it is i + 1 times the next binomial coefficient. Reducing
        // first keeps it in 128 bits.
        let (up, down) = (u128::from(of - i), u128::from(i + 1));
        let common = gcd(ways, down);
        ways = (ways / common).checked_mul(up / (down / common))?;
    }
    (ways < 1 << 127).then_some(ways)
}

const fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The replacement of a source that does not publish. It is fixed before the seal. Its value becomes known
/// only after the source counts as silent (Spec 8.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fallback {
    /// The instant from which on the source counts as silent.
    pub after: Instant,
    /// Name of the source.
    #[serde(rename = "for")]
    pub of: Code,
    /// The source that replaces it.
    pub source: Source,
}

/// The public sources of this draw, in the order in which their values are hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeaconPlan {
    /// The replacements of sources that do not publish.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallbacks: Vec<Fallback>,
    /// The least time between the seal, as witnesses saw it, and the first source: seconds, 0 to 2 678 400;
    /// absent: 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lead: u64,
    /// The sources, together at least 128 bits.
    pub sources: Vec<Source>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(seconds: &u64) -> bool {
    *seconds == 0
}

impl BeaconPlan {
    /// The sources and the fallbacks.
    pub fn all(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().chain(self.fallbacks.iter().map(|fallback| &fallback.source))
    }

    /// The instant at which the first source publishes; `None` of a plan without sources.
    #[must_use]
    pub fn first_at(&self) -> Option<Instant> {
        self.sources.iter().map(Source::at).min()
    }

    /// The instant before which the seal must be made and witnessed: the lead before the first source; `None`
    /// of a plan without sources.
    #[must_use]
    pub fn seal_by(&self) -> Option<Instant> {
        Some(self.first_at()?.earlier(self.lead))
    }

    /// The instant before which the value of a source that people enter must stand in the ledger: the next
    /// later `at` of a source of the plan. Whoever enters it later knows a value that follows, and could
    /// choose. `None` for a round of drand, whose value nobody chooses, and where nothing follows
    /// (Spec 8.3).
    #[must_use]
    pub fn closes(&self, source: &Source) -> Option<Instant> {
        let later = self.sources.iter().map(Source::at).filter(|later| *later > source.at());
        if source.is_round() { None } else { later.min() }
    }

    /// The sources on whose people the draw rests if their values are used, fallbacks included: all of them
    /// where the plan has no public source, none where it has one, as that comes last (Spec 8.3).
    pub fn rests_on(&self) -> impl Iterator<Item = &Source> {
        let open = self.sources.iter().any(Source::is_public);
        self.all().filter(move |_| !open)
    }

    /// The fallback of a source.
    #[must_use]
    pub fn fallback(&self, source: &Code) -> Option<&Fallback> {
        self.fallbacks.iter().find(|fallback| &fallback.of == source)
    }

    /// The information that is unknown beforehand, in thousandths of a bit, for every choice of replaced
    /// sources (Spec 8.3). `None` if a source is impossible.
    #[must_use]
    pub fn millibits(&self) -> Option<u64> {
        self.sources.iter().map(|source| self.least(source)).sum()
    }

    /// The smaller of a source's bits and its fallback's.
    fn least(&self, source: &Source) -> Option<u64> {
        let own = source.millibits()?;
        self.fallback(source.id()).map_or(Some(own), |f| f.source.millibits().map(|bits| own.min(bits)))
    }

    /// The first broken rule about the sources taken together: too many sources, one chance or one witness
    /// counted twice, shares, fallbacks or the last word in the wrong order, or fewer than 128 bits
    /// (Spec 8.3).
    pub(crate) fn problem(&self) -> Option<Message> {
        if self.sources.len() > 16 {
            return Some(said!(
                "beacon_plan.too_many",
                "are {count}, at most 16 are allowed",
                count = self.sources.len()
            ));
        }
        if self.lead > LONGEST_LEAD {
            return Some(said!(
                "beacon_plan.lead",
                "have a lead of {lead} seconds, at most {most} are allowed",
                lead = self.lead,
                most = LONGEST_LEAD
            ));
        }
        let (mut events, mut ids, mut witnesses) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for source in self.all() {
            let id = source.id();
            if source.millibits().is_none() {
                return Some(said!(
                    "beacon_plan.impossible",
                    "hold {id}, {why}",
                    id,
                    why = source.impossible()
                ));
            }
            if let Some(name) = source.names().into_iter().find(|name| name_key(name).is_none()) {
                return Some(said!(
                    "beacon_plan.name",
                    "name \"{name}\" in {id}: witness, game, issue and party are 1 to 200 letters, \
                     digits and marks of Spec 1.10, without characters that are not seen",
                    name = shown(name),
                    id
                ));
            }
            if source.chances().into_iter().any(|chance| !events.insert(chance)) || !ids.insert(id.as_str()) {
                return Some(said!("beacon_plan.chance_twice", "count the chance of {id} twice", id));
            }
            if let Source::Dice { witness, .. } = source
                && !witnesses.insert(key(witness))
            {
                return Some(said!(
                    "beacon_plan.witness_twice",
                    "count the witness of {id} twice: before one witness there is one throw",
                    id
                ));
            }
        }
        let problem = self.shares_problem().or_else(|| self.fallbacks_problem());
        if let Some(problem) = problem.or_else(|| self.order_problem()) {
            return Some(problem);
        }
        let total = self.millibits()?;
        let bits = format!("{}.{:03}", total / 1000, total % 1000);
        (total < 128_000)
            .then(|| said!("beacon_plan.bits", "give {bits} bits together, at least 128 are needed", bits))
    }

    fn shares_problem(&self) -> Option<Message> {
        let mut all = self.sources.iter().filter_map(|source| match source {
            Source::Shares { at, commitments, id, .. } => Some((at, commitments, id)),
            _ => None,
        });
        let (at, commitments, id) = all.next()?;
        if all.next().is_some() {
            return Some(said!("beacon_plan.shares_twice", "hold shares twice"));
        }
        let parties: BTreeSet<String> = commitments.iter().map(|c| key(&c.party)).collect();
        if !(2..=16).contains(&commitments.len()) || parties.len() < commitments.len() {
            return Some(said!(
                "beacon_plan.parties",
                "hold {id}, which takes 2 to 16 different parties",
                id
            ));
        }
        let later = |source: &&Source| !matches!(source, Source::Shares { .. }) && source.at() > *at;
        let bits: u64 = self.sources.iter().filter(later).filter_map(|source| self.least(source)).sum();
        (bits < 64_000).then(|| {
            said!(
                "beacon_plan.after_shares",
                "have less than 64 bits of sources after {id}: the last party to reveal a share could choose",
                id
            )
        })
    }

    fn fallbacks_problem(&self) -> Option<Message> {
        let mut seen = BTreeSet::new();
        for Fallback { after, of, source } in &self.fallbacks {
            let known = self.sources.iter().find(|source| source.id() == of);
            let Some(replaced) = known.filter(|source| !matches!(source, Source::Shares { .. })) else {
                return Some(said!(
                    "beacon_plan.fallback_of",
                    "have a fallback for {of}, which is no source that can be silent",
                    of
                ));
            };
            if !seen.insert(of.as_str()) || matches!(source, Source::Shares { .. }) {
                return Some(said!(
                    "beacon_plan.fallback_twice",
                    "have more than one fallback for {of}, or shares as one",
                    of
                ));
            }
            if replaced.is_round() {
                return Some(said!(
                    "beacon_plan.fallback_of_round",
                    "have a fallback for {of}: a round of drand comes late, and never fails for good; \
                     whoever calls it silent would draw twice",
                    of
                ));
            }
            if replaced.is_public() && !source.is_public() {
                return Some(said!(
                    "beacon_plan.fallback_not_public",
                    "have {id} as the fallback of {of}: a public source is replaced by a public one only",
                    of,
                    id = source.id()
                ));
            }
            if *after < replaced.at() || *after >= source.at() {
                return Some(said!(
                    "beacon_plan.fallback_time",
                    "have a fallback for {of} whose `after` is before the value of {of}, or not before \
                     that of {id}",
                    of,
                    id = source.id()
                ));
            }
        }
        None
    }

    /// Where the plan has a public source, a public one has the last word. Whoever throws or enters a value
    /// when all others are known owns the draw.
    fn order_problem(&self) -> Option<Message> {
        let last = self.sources.iter().filter(|source| source.is_public()).map(Source::at).max()?;
        let late = self.all().find(|source| !source.is_public() && source.at() >= last)?;
        Some(said!(
            "beacon_plan.order",
            "have {id} at {at}, when all public sources are known: whoever throws or enters it could \
             choose; a public source of at least 64 bits comes last",
            id = late.id(),
            at = late.at()
        ))
    }
}
