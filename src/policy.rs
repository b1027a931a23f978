//! The policy: the rules as people write them, in one JSON document with closed field sets (Spec 9.1).
//!
//! Every number that is not a count is a decimal text that is exact in billionths (`"0.2"`); a JSON number with a point
//! is refused, because readers of JSON turn it into something near it. Nothing here decides an outcome; the
//! [`Plan`](crate::Plan) applies it.

use crate::bytes::{Digest, Document, JsonError, Label, Protocol, digest, encode};
use crate::calendar::{Date, Instant, Window};
use crate::chance::ONE;
use crate::frame::FrameTerms;
use crate::id::{Code, Division, UnitId};
use crate::roster::RosterTerms;
use crate::table::readable;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A decimal that is exact in billionths: probabilities, rates, shares, frequencies (visits a cycle), exposures. 0 to
/// 9 000 000 (Spec 1.2).
///
/// ```
/// use double_random::policy::Billionths;
/// assert_eq!(Billionths::parse("0.20")?.get(), 200_000_000);
/// assert_eq!(Billionths::parse("0.20")?.to_string(), "0.2");
/// assert!(Billionths::parse("0.3333333333").is_err()); // ten digits: not exact in billionths
/// # Ok::<(), double_random::policy::DecimalError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Billionths(u64);

/// A text is no decimal of 0 to 9 000 000 that is exact in billionths.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no decimal text of 0 to 9000000 with at most nine digits after the point, such as \"0.2\""
)]
pub struct DecimalError {
    text: String,
}

impl Billionths {
    /// The largest value.
    pub const MAX: Self = Self(9_000_000 * ONE);

    /// Wraps a number of billionths.
    ///
    /// # Errors
    /// More than [`Self::MAX`].
    pub fn new(billionths: u64) -> Result<Self, DecimalError> {
        let value = Self(billionths);
        if value <= Self::MAX { Ok(value) } else { Err(DecimalError { text: value.to_string() }) }
    }

    /// Reads a decimal text.
    ///
    /// # Errors
    /// Anything that is not exact in billionths, signs and exponents included.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let read = || {
            let (whole, part) = match text.split_once('.') {
                Some((whole, part)) if (1..=9).contains(&part.len()) => (whole, part),
                Some(_) => return None,
                None => (text, "0"),
            };
            let digits = |t: &str| (1..=9).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
            if !digits(whole) || !digits(part) {
                return None;
            }
            let part: u64 = format!("{part:0<9}").parse().ok()?;
            Self::new(whole.parse::<u64>().ok()? * ONE + part).ok()
        };
        read().ok_or_else(|| DecimalError { text: text.chars().take(80).collect() })
    }

    /// The number of billionths.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Billionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / ONE, self.0 % ONE);
        if part == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{part:09}").trim_end_matches('0'))
    }
}

impl Serialize for Billionths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Billionths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl serde::de::Visitor<'_> for Reader {
            type Value = Billionths;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal text such as \"0.2\" (JSON numbers are not exact)")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Billionths, E> {
                Billionths::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

/// Which units the policy is about (定向抽查). Absent lists admit everything (不定向).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Divisions whose units are meant, each with all it covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub divisions: Vec<Division>,
    /// Kinds that are meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Code>,
}

/// A level of the stratum tree. Its order in the policy is the nesting, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stratum {
    /// First two digits of the division.
    Province,
    /// First four digits of the division.
    City,
    /// The whole division.
    County,
    /// Kind of institution.
    Kind,
    /// Risk level.
    Risk,
    /// Credit level.
    Credit,
}

/// A level at which the coverage floor must hold at every node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guard {
    /// All of the frame.
    Total,
    /// Every node of this stratum.
    #[serde(untagged)]
    Stratum(Stratum),
}

/// How many are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase", deny_unknown_fields)]
pub enum Design {
    /// Every unit with the same probability before signals (一次性抽查比例).
    Rate {
        /// Probability, 0 to 1.
        rate: Billionths,
    },
    /// An exact number of units, in proportion to the frequency table where there is one.
    Number {
        /// How many.
        number: u64,
    },
    /// By annual frequency: this round's share of it.
    Frequency {
        /// This round's share of the cycle, above 0 and at most 1.
        share: Billionths,
    },
}

/// One entry of the frequency table: visits a cycle for one pair of levels.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frequency {
    /// Credit level.
    pub credit: Code,
    /// Risk level.
    pub risk: Code,
    /// Expected visits a cycle; in number draws the measure of size.
    pub visits: Billionths,
}

/// A signal that raises the measure (投诉举报, 安全隐患 …). It can only raise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// What is added: probability in a rate draw, visits a cycle otherwise.
    pub add: Billionths,
    /// From how many on.
    pub at_least: u64,
    /// The rule it comes from.
    pub basis: String,
    /// Which signal.
    pub signal: Code,
}

/// A rule that makes a unit certain to be drawn (必查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certainty {
    /// The rule it comes from.
    pub basis: String,
    /// Its reason code.
    pub code: Code,
    /// Whom it concerns.
    pub rule: CertaintyRule,
}

/// Whom a certainty concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CertaintyRule {
    /// These units (处罚后复查 …).
    Units(Vec<UnitId>),
    /// Units that have a signal so many times (严重违法失信 …).
    Signal {
        /// From how many on.
        at_least: u64,
        /// Which signal.
        signal: Code,
    },
    /// Units not visited for more than so many days, or never.
    NotVisitedDays(u64),
}

/// A rule that exempts a unit from this draw (免查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The rule it comes from.
    pub basis: String,
    /// Its reason code.
    pub code: Code,
    /// Whom it concerns.
    pub rule: ExclusionRule,
}

/// Whom an exclusion concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExclusionRule {
    /// These units.
    Units(Vec<UnitId>),
    /// These kinds.
    Kinds(Vec<Code>),
    /// Visited so many days ago or less.
    VisitedWithinDays(u64),
    /// Opened so many days ago or less.
    OpenedWithinDays(u64),
    /// Visited this often in the cycle already (年度检查频次上限).
    VisitsAtLeast(u64),
}

/// The coverage floor (抽查覆盖率).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// At which levels every node has the floor.
    pub guards: Vec<Guard>,
    /// Share of the active units that must have been visited in the cycle once this draw is done, 0 to 1.
    pub minimum: Billionths,
}

/// How near an officer must work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Jurisdiction {
    /// One of the officer's divisions covers the unit's.
    Own,
    /// The same city.
    City,
    /// The same province (异地交叉).
    Province,
    /// Anywhere.
    Any,
}

/// How many officers a department sends to each visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentRule {
    /// The department.
    pub department: Code,
    /// Officers, at least two (行政处罚法 art. 42).
    pub officers: u64,
}

/// How teams are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamRule {
    /// Most visits of one officer in this draw.
    pub cap: u64,
    /// No pair of officer and visit has a higher chance than this, unless a named shortage forces it. Above 0, at most 1.
    pub ceiling: Billionths,
    /// Departments, the leading one first. Several make a joint visit (部门联合).
    pub departments: Vec<DepartmentRule>,
    /// How near.
    pub jurisdiction: Jurisdiction,
    /// Qualification that every officer needs, by kind of institution.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub qualifications: BTreeMap<Code, Code>,
    /// Whether those who came last time stay away.
    pub rotation: bool,
    /// Whether an officer stays away from units of his own grid.
    pub same_grid: bool,
}

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
                (1..=200).contains(count).then_some(count * each)
            }
            Self::Lottery { fields, .. } => {
                let mut ways: u128 = 1;
                for field in fields {
                    ways = ways.checked_mul(choose(field.of, field.take)?)?;
                }
                (!fields.is_empty() && ways < 1 << 127).then(|| u64::from(ways.ilog2()) * 1000)
            }
            Self::Drand { at, genesis, period, round, .. } => {
                let due = round.checked_sub(1)?.checked_mul(*period)?.checked_add(*genesis)?;
                (*period > 0 && *round > 0 && due == at.unix()).then_some(256_000)
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
        // ways · (of − i) is divisible by i + 1: it is i + 1 times the next binomial coefficient.
        ways = ways.checked_mul(u128::from(of - i))? / u128::from(i + 1);
    }
    (ways < 1 << 127).then_some(ways)
}

/// The public sources of this draw, in the order in which their values are hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeaconPlan {
    /// The sources, together at least 128 bits.
    pub sources: Vec<Source>,
}

/// When the draw can be replayed by everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase", deny_unknown_fields)]
pub enum Disclosure {
    /// At once: beacon and seal give the seed.
    Immediate {},
    /// For unannounced visits: a secret, committed in the seal, enters the seed and is revealed later.
    Deferred {
        /// The day by which the secret is published; without it the draw has failed.
        reveal_by: Date,
    },
}

/// The rules as written (Spec 9.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The date of frame and roster.
    pub as_of: Date,
    /// Who draws.
    pub authority: Code,
    /// Public sources of chance.
    pub beacon: BeaconPlan,
    /// Who is certain to be drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certainties: Vec<Certainty>,
    /// The coverage floor. A document that leaves it out gets 20 % in total and in every province, city and county that is
    /// a stratum.
    #[serde(deserialize_with = "present")]
    #[serde(default)]
    pub coverage: Option<Coverage>,
    /// How many are drawn.
    pub design: Design,
    /// When everybody can replay.
    pub disclosure: Disclosure,
    /// What kind of document this is.
    pub document: Document,
    /// Who is exempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// The vocabulary of the frame.
    pub frame: FrameTerms,
    /// Visits a cycle by risk × credit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frequency: Vec<Frequency>,
    /// What codes are called; never decides anything.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<Code, String>,
    /// Whom the draw is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<Population>,
    /// The protocol.
    pub protocol: Protocol,
    /// How many reserves of each cell the record names.
    pub reserves: u64,
    /// The vocabulary of the roster.
    pub roster: RosterTerms,
    /// What the draw is about, as in `2026-fever-clinics`.
    pub scope: Code,
    /// What raises the measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// The stratum tree, outermost first.
    pub strata: Vec<Stratum>,
    /// How teams are made.
    pub team: TeamRule,
    /// Title for people.
    pub title: String,
    /// When visits take place.
    pub window: Window,
}

/// A field that may be left out but not be null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Coverage>, D::Error> {
    Coverage::deserialize(deserializer).map(Some)
}

/// Something in a policy that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyProblem {
    /// Where, as in `team.departments[1].officers`.
    pub place: String,
    /// What is wrong there.
    pub rule: String,
}

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The text does not have the form of a policy: unknown or missing field, a number that is not exact … The message
    /// names line and column.
    #[error("{0}")]
    Form(String),
    /// The form is right, these rules are broken.
    #[error("{} broken rule(s):{}", .0.len(), .0.iter().map(|p| format!("\n  {}: {}", p.place, p.rule)).collect::<String>())]
    Rules(Vec<PolicyProblem>),
}

impl Policy {
    /// Reads a policy written by people: any spacing, any order of keys.
    ///
    /// # Errors
    /// The form is wrong (the first place, with line and column), or rules are broken (all of them, with their places).
    pub fn from_json(text: &str) -> Result<Self, PolicyError> {
        let mut policy: Self = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|e| PolicyError::Form(e.to_string()))?;
        policy.coverage.get_or_insert_with(|| Coverage {
            guards: std::iter::once(Guard::Total)
                .chain(policy.strata.iter().filter(|s| **s <= Stratum::County).map(|s| Guard::Stratum(*s)))
                .collect(),
            minimum: Billionths(ONE / 5),
        });
        policy.check()?;
        Ok(policy)
    }

    /// Checks the rules of a policy that came inside another document, where nothing is filled in.
    ///
    /// # Errors
    /// The coverage is missing, or rules are broken.
    pub(crate) fn check(&self) -> Result<(), PolicyError> {
        if self.coverage.is_none() {
            return Err(PolicyError::Form("missing field `coverage`".into()));
        }
        let problems = self.problems();
        if problems.is_empty() { Ok(()) } else { Err(PolicyError::Rules(problems)) }
    }

    /// The coverage floor.
    ///
    /// # Panics
    /// Never for a policy read by [`Self::from_json`], which fills it in.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        self.coverage.as_ref().expect("filled in when the policy was read")
    }

    /// The canonical bytes of the policy.
    ///
    /// # Errors
    /// A count beyond 2⁵³ − 1.
    pub fn to_json(&self) -> Result<Vec<u8>, JsonError> {
        encode(self)
    }

    /// The policy's digest, as it stands in the seal (Spec 9.1).
    ///
    /// # Panics
    /// Never for a policy read by [`Self::from_json`], which refuses counts beyond 2⁵³ − 1.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest(Label::Policy, &encode(self).expect("checked when the policy was read"))
    }

    /// What a code is called: its label, or the code itself.
    #[must_use]
    pub fn label<'a>(&'a self, code: &'a Code) -> &'a str {
        self.labels.get(code).map_or(code.as_str(), String::as_str)
    }

    /// The visits a cycle of a pair of levels, if there is a table.
    #[must_use]
    pub fn visits(&self, risk: &Code, credit: &Code) -> Option<Billionths> {
        self.frequency.iter().find(|f| &f.risk == risk && &f.credit == credit).map(|f| f.visits)
    }

    /// All broken rules, in the order of this function.
    fn problems(&self) -> Vec<PolicyProblem> {
        let mut found = Vec::new();
        let mut note =
            |place: &str, rule: String| found.push(PolicyProblem { place: place.to_owned(), rule });
        if let Err(error) = encode(self) {
            note("(numbers)", error.to_string());
        }
        if self.document != Document::Policy {
            note("document", format!("is {:?}, not \"policy\"", self.document));
        }
        if !readable(&self.title) {
            note("title", "is no text of 1 to 200 printable characters".into());
        }
        if self.window.from() < self.as_of {
            note("window.from", format!("lies before as_of {}", self.as_of));
        }
        for (name, empty) in [
            ("frame.credit", self.frame.credit.is_empty()),
            ("frame.divisions", self.frame.divisions.is_empty()),
            ("frame.kinds", self.frame.kinds.is_empty()),
            ("frame.risk", self.frame.risk.is_empty()),
            ("roster.departments", self.roster.departments.is_empty()),
        ] {
            if empty {
                note(name, "is empty".into());
            }
        }
        once("frame.credit", &self.frame.credit, &mut note);
        once("frame.divisions", &self.frame.divisions, &mut note);
        once("frame.kinds", &self.frame.kinds, &mut note);
        once("frame.risk", &self.frame.risk, &mut note);
        once("frame.listed", &self.frame.listed, &mut note);
        once("roster.departments", &self.roster.departments, &mut note);
        once("roster.qualifications", &self.roster.qualifications, &mut note);
        once("strata", &self.strata, &mut note);
        once("coverage.guards", &self.coverage().guards, &mut note);
        self.design_problems(&mut note);
        self.rule_problems(&mut note);
        self.team_problems(&mut note);
        self.beacon_problems(&mut note);
        found
    }

    fn design_problems(&self, note: &mut impl FnMut(&str, String)) {
        match &self.design {
            Design::Rate { rate } if rate.get() > ONE => {
                note("design.rate", format!("{rate} is above 1"));
            }
            Design::Number { number: 0 } => note("design.number", "is 0: nothing would be drawn".into()),
            Design::Number { number } if *number > 1_000_000_000 => {
                note("design.number", format!("{number} is above 1000000000"));
            }
            Design::Frequency { share } if share.get() == 0 || share.get() > ONE => {
                note("design.share", format!("{share} is not above 0 and at most 1"));
            }
            Design::Frequency { .. } if self.frequency.is_empty() => {
                note("frequency", "is missing, and the design draws by frequency".into());
            }
            _ => {}
        }
        if self.reserves > 1_000_000 {
            note("reserves", format!("{} is above 1000000", self.reserves));
        }
        if !self.frequency.is_empty() {
            let given: Vec<(&Code, &Code)> = self.frequency.iter().map(|f| (&f.risk, &f.credit)).collect();
            for risk in &self.frame.risk {
                for credit in &self.frame.credit {
                    match given.iter().filter(|pair| **pair == (risk, credit)).count() {
                        1 => {}
                        n => note(
                            "frequency",
                            format!("has {n} entries for risk {risk}, credit {credit}, not 1"),
                        ),
                    }
                }
            }
            for (i, (risk, credit)) in given.into_iter().enumerate() {
                if !self.frame.risk.contains(risk) || !self.frame.credit.contains(credit) {
                    let place = format!("frequency[{i}]");
                    note(&place, format!("risk {risk}, credit {credit} is not of the frame's vocabulary"));
                }
            }
        }
        let coverage = self.coverage();
        if coverage.minimum.get() > ONE {
            note("coverage.minimum", format!("{} is above 1", coverage.minimum));
        }
        for (i, guard) in coverage.guards.iter().enumerate() {
            if let Guard::Stratum(stratum) = guard
                && !self.strata.contains(stratum)
            {
                note(&format!("coverage.guards[{i}]"), format!("{stratum:?} is not among the strata"));
            }
        }
        if coverage.minimum.get() > 0 && coverage.guards.is_empty() {
            note("coverage.guards", "is empty, so the minimum would hold nowhere".into());
        }
    }

    fn rule_problems(&self, note: &mut impl FnMut(&str, String)) {
        if self.signals.len() > 1000 {
            note("signals", format!("has {} rules, at most 1000 are allowed", self.signals.len()));
        }
        for (i, signal) in self.signals.iter().enumerate() {
            if signal.at_least == 0 {
                note(&format!("signals[{i}].at_least"), "is 0: it would hold for everybody".into());
            }
            cited(&format!("signals[{i}].basis"), &signal.basis, note);
        }
        for (i, certainty) in self.certainties.iter().enumerate() {
            cited(&format!("certainties[{i}].basis"), &certainty.basis, note);
            if let CertaintyRule::Signal { at_least: 0, .. } = certainty.rule {
                let place = format!("certainties[{i}].rule.signal.at_least");
                note(&place, "is 0: it would hold for everybody".into());
            }
        }
        let built_in = ["closed", "suspended", "licence_expired", "out_of_scope"];
        for (i, exclusion) in self.exclusions.iter().enumerate() {
            cited(&format!("exclusions[{i}].basis"), &exclusion.basis, note);
            if built_in.contains(&exclusion.code.as_str()) {
                let place = format!("exclusions[{i}].code");
                note(&place, format!("{} is a reason of the protocol's own", exclusion.code));
            }
            if let ExclusionRule::VisitsAtLeast(0) = exclusion.rule {
                note(&format!("exclusions[{i}].rule"), "visits_at_least 0 would exempt everybody".into());
            }
        }
        for (code, label) in &self.labels {
            if !readable(label) {
                note(&format!("labels.{code}"), "is no text of 1 to 200 printable characters".into());
            }
        }
    }

    fn team_problems(&self, note: &mut impl FnMut(&str, String)) {
        let team = &self.team;
        if team.cap > 999_999 {
            note("team.cap", format!("{} is above 999999", team.cap));
        }
        if team.ceiling.get() == 0 || team.ceiling.get() > ONE {
            note("team.ceiling", format!("{} is not above 0 and at most 1", team.ceiling));
        }
        if team.departments.is_empty() {
            note("team.departments", "is empty".into());
        }
        let departments: Vec<&Code> = team.departments.iter().map(|d| &d.department).collect();
        once("team.departments", &departments, &mut *note);
        for (i, rule) in team.departments.iter().enumerate() {
            if !self.roster.departments.contains(&rule.department) {
                let place = format!("team.departments[{i}].department");
                note(&place, format!("{} is not among roster.departments", rule.department));
            }
            if !(2..=20).contains(&rule.officers) {
                let place = format!("team.departments[{i}].officers");
                note(
                    &place,
                    format!("{} is not 2 to 20: the law asks for at least two officers", rule.officers),
                );
            }
        }
        for (kind, qualification) in &team.qualifications {
            if !self.frame.kinds.contains(kind) || !self.roster.qualifications.contains(qualification) {
                let place = format!("team.qualifications.{kind}");
                note(&place, format!("{kind}: {qualification} is not of the vocabularies"));
            }
        }
    }

    fn beacon_problems(&self, note: &mut impl FnMut(&str, String)) {
        let mut total = 0;
        for (i, source) in self.beacon.sources.iter().enumerate() {
            match source.millibits() {
                Some(bits) => total += bits,
                None => {
                    let place = format!("beacon.sources[{i}]");
                    note(&place, format!("{}: its numbers are impossible (spec 8.3 and 8.4)", source.id()));
                }
            }
            let texts = match source {
                Source::Dice { witness, .. } => vec![witness],
                Source::Lottery { game, issue, .. } => vec![game, issue],
                Source::Drand { .. } => vec![],
            };
            if !texts.into_iter().all(|text| readable(text)) {
                let place = format!("beacon.sources[{i}]");
                note(&place, "witness, game and issue are texts of 1 to 200 printable characters".into());
            }
        }
        if total < 128_000 {
            let bits = format!("{}.{:03}", total / 1000, total % 1000);
            note("beacon.sources", format!("give {bits} bits together, at least 128 are needed"));
        }
        let ids: Vec<&Code> = self.beacon.sources.iter().map(Source::id).collect();
        once("beacon.sources", &ids, note);
    }
}

/// Notes values that a list holds twice.
fn once<T: Ord + fmt::Debug>(place: &str, list: &[T], note: &mut impl FnMut(&str, String)) {
    let mut seen = BTreeSet::new();
    for value in list.iter().filter(|value| !seen.insert(*value)) {
        note(place, format!("holds {value:?} twice"));
    }
}

/// Notes a rule without a source.
fn cited(place: &str, basis: &str, note: &mut impl FnMut(&str, String)) {
    if !readable(basis) {
        note(place, "is empty or no text: every rule names where it comes from".into());
    }
}
