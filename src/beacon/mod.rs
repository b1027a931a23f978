//! The values of the beacon: one for each source that the policy names, each in one spelling (Spec 8.2).
//!
//! The caller fetches the values. The policy has decided before the seal which value counts.

mod pulse;

pub use pulse::{Pulse, Signed};

use crate::bytes::{Digest, Label, Suite};
use crate::id::Code;
use crate::message::{Message, coded, said};
use crate::policy::{BeaconPlan, LotteryField, Missing, ShareCommitment, Source};
use serde::de::{Error, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};

/// The value of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BeaconValue {
    /// The signature of which a drand value is the hash. It may be left out, and it is checked where it is
    /// given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulse: Option<Pulse>,
    /// The id of the source in the policy, or of its fallback.
    pub source: Code,
    /// The value in canonical form: dice faces, lottery numbers as in `03.11.27+05`, 64 hexadecimal digits,
    /// or shares joined by `+`, with `-` for a missing one.
    #[serde(deserialize_with = "quoted")]
    pub value: String,
}

/// Reads a value as text. A number is refused in words: its digits would be rounded, and its leading zeros
/// are lost.
fn quoted<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Other(IgnoredAny),
    }
    match Written::deserialize(from)? {
        Written::Text(text) => Ok(text),
        Written::Other(_) => {
            Err(D::Error::custom("the value of a source is text in quotes, so that no digit is lost"))
        }
    }
}

impl BeaconValue {
    /// A value without a pulse.
    #[must_use]
    pub const fn new(source: Code, value: String) -> Self {
        Self { pulse: None, source, value }
    }

    /// The value of a lottery, from the numbers of the balls, field by field, in any order. The canonical
    /// form is ascending, with two digits for each number (three for a field of more than 99). [`check`]
    /// refuses numbers that cannot be drawn in that game.
    #[must_use]
    pub fn lottery(source: Code, fields: &[LotteryField], numbers: &[&[u64]]) -> Self {
        let field = |(numbers, field): (&&[u64], &LotteryField)| {
            let mut numbers = numbers.to_vec();
            numbers.sort_unstable();
            let width = width(field);
            numbers.iter().map(|n| format!("{n:0width$}")).collect::<Vec<_>>().join(".")
        };
        let value = numbers.iter().zip(fields).map(field).collect::<Vec<_>>().join("+");
        Self::new(source, value)
    }

    /// The value of shares, from those of the parties in the order of the plan. `None` is a share that was
    /// not revealed.
    #[must_use]
    pub fn shares(source: Code, shares: &[Option<Digest>]) -> Self {
        let show = |share: &Option<Digest>| share.map_or_else(|| "-".to_owned(), |share| share.to_string());
        Self::new(source, shares.iter().map(show).collect::<Vec<_>>().join("+"))
    }
}

/// The commitment to a share, which its party publishes before the seal (Spec 8.2).
#[must_use]
pub fn commitment(suite: Suite, share: &Digest, party: &str) -> Digest {
    suite.words(Label::Share, &[&share.hex(), party.as_bytes()])
}

/// Why values do not fit the beacon plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BeaconError {
    /// More or fewer values than sources.
    #[error("the plan has {sources} sources, {values} values were given")]
    Number {
        /// Sources of the plan.
        sources: usize,
        /// Values given.
        values: usize,
    },
    /// A value of another source than the plan names at this place.
    #[error("value {place} is from {found}, the plan names {expected} there")]
    Source {
        /// Place in the list, from 1.
        place: usize,
        /// Source of the plan.
        expected: Code,
        /// Source given.
        found: Code,
    },
    /// A value that its source cannot have.
    #[error("{found:?} cannot be the value of {expected}: {rule}")]
    Form {
        /// The source.
        expected: Code,
        /// The value.
        found: String,
        /// The rule for values of this source.
        rule: Message,
    },
}

coded! { BeaconError {
    Number { sources, values } => "beacon.number",
    Source { place, expected, found } => "beacon.source",
    Form { expected, found, rule } => "beacon.form",
} }

/// Checks that there is one value for every source, its own or that of its fallback, in the order of the plan
/// and in canonical form. A value without all shares is refused if a missing share voids the attempt.
///
/// # Errors
/// The first value that does not fit.
pub fn check(suite: Suite, plan: &BeaconPlan, values: &[BeaconValue]) -> Result<(), BeaconError> {
    if plan.sources.len() != values.len() {
        return Err(BeaconError::Number { sources: plan.sources.len(), values: values.len() });
    }
    for (place, (source, value)) in (1..).zip(plan.sources.iter().zip(values)) {
        let fallback = plan.fallback(source.id()).map(|fallback| &fallback.source);
        let Some(source) = [Some(source), fallback].into_iter().flatten().find(|s| s.id() == &value.source)
        else {
            let (expected, found) = (source.id().clone(), value.source.clone());
            return Err(BeaconError::Source { place, expected, found });
        };
        check_one(suite, source, value)?;
        if lacks_share(source, value) {
            let rule = said!("beacon.every_share", "every share: without one the attempt has failed");
            let found = value.value.chars().take(80).collect();
            return Err(BeaconError::Form { expected: source.id().clone(), found, rule });
        }
    }
    Ok(())
}

/// Checks the form of one value.
pub(crate) fn check_one(suite: Suite, source: &Source, value: &BeaconValue) -> Result<(), BeaconError> {
    let rule = misfit(suite, source, &value.value).or_else(|| match (source, &value.pulse) {
        (_, None) => None,
        (Source::Drand { chain, round, .. }, Some(pulse)) => pulse.misfit(chain, *round, &value.value),
        (_, Some(_)) => Some(said!("beacon.no_pulse", "no pulse: only a round of drand has one")),
    });
    rule.map_or(Ok(()), |rule| {
        let found = value.value.chars().take(80).collect();
        Err(BeaconError::Form { expected: source.id().clone(), found, rule })
    })
}

/// Whether a share is missing and voids the attempt.
pub(crate) fn lacks_share(source: &Source, value: &BeaconValue) -> bool {
    matches!(source, Source::Shares { missing: Missing::Void, .. }) && missing_shares(value) > 0
}

/// Whether a value says nothing: shares of which none was revealed.
pub(crate) fn says_nothing(source: &Source, value: &BeaconValue) -> bool {
    matches!(source, Source::Shares { commitments, .. } if missing_shares(value) == commitments.len())
}

/// Number of parties whose share was not revealed.
pub(crate) fn missing_shares(value: &BeaconValue) -> usize {
    value.value.split('+').filter(|share| *share == "-").count()
}

/// The rule for values of a source, if a value breaks it (Spec 8.2).
fn misfit(suite: Suite, source: &Source, value: &str) -> Option<Message> {
    match source {
        Source::Dice { count, sides, .. } => {
            let (first, last) = match sides {
                10 => ('0', '9'),
                sides => {
                    ('1', char::from_digit(u32::try_from(*sides).unwrap_or(9).min(9), 10).unwrap_or('9'))
                }
            };
            let fits = value.chars().all(|face| (first..=last).contains(&face))
                && u64::try_from(value.len()).is_ok_and(|length| length == *count);
            (!fits).then(|| {
                said!(
                    "beacon.faces",
                    "{count} faces from {first} to {last}, without spaces",
                    count = count,
                    first = first,
                    last = last
                )
            })
        }
        Source::Lottery { fields, .. } => {
            let parts: Vec<&str> = value.split('+').collect();
            let fits =
                parts.len() == fields.len() && fields.iter().zip(&parts).all(|(f, part)| drawn(f, part));
            let shape: Vec<String> = fields.iter().map(|f| format!("{} of {}", f.take, f.of)).collect();
            (!fits).then(|| {
                said!(
                    "beacon.numbers",
                    "{shape}: ascending numbers of equal width joined by '.', fields joined by '+'",
                    shape = shape.join(" + ")
                )
            })
        }
        Source::Drand { .. } => {
            let fits = Digest::parse(value).is_ok();
            (!fits).then(|| {
                said!("beacon.randomness", "64 lower-case hexadecimal digits, the randomness of the round")
            })
        }
        Source::Shares { commitments, .. } => {
            let parts: Vec<&str> = value.split('+').collect();
            let opens = |(party, part): (&ShareCommitment, &&str)| {
                let opened = Digest::parse(part).map(|share| commitment(suite, &share, &party.party));
                *part == "-" || opened.is_ok_and(|opened| opened == party.commitment)
            };
            let fits = parts.len() == commitments.len() && commitments.iter().zip(&parts).all(opens);
            (!fits).then(|| {
                said!(
                    "beacon.shares",
                    "{count} shares that open their commitments, or '-', joined by '+'",
                    count = commitments.len()
                )
            })
        }
    }
}

/// Digits of a number of the field.
const fn width(field: &LotteryField) -> usize {
    if field.of > 99 { 3 } else { 2 }
}

/// Whether a text is a possible draw of a lottery field.
fn drawn(field: &LotteryField, text: &str) -> bool {
    let width = width(field);
    let numbers: Vec<&str> = text.split('.').collect();
    let value = |number: &&str| {
        let fits = number.len() == width && number.bytes().all(|b| b.is_ascii_digit());
        number.parse::<u64>().ok().filter(|n| fits && (1..=field.of).contains(n))
    };
    let values: Option<Vec<u64>> = numbers.iter().map(value).collect();
    values.is_some_and(|v| {
        v.is_sorted_by(|a, b| a < b) && u64::try_from(v.len()).is_ok_and(|n| n == field.take)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(json: &str) -> Source {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_source_has_one_spelling() {
        let dice = source(
            r#"{"kind":"dice","at":"2026-01-01T00:00:00Z","id":"d","sides":6,"count":3,"witness":"notary"}"#,
        );
        let ten = source(
            r#"{"kind":"dice","at":"2026-01-01T00:00:00Z","id":"d","sides":10,"count":3,"witness":"notary"}"#,
        );
        let lottery = source(
            r#"{"kind":"lottery","at":"2026-01-01T00:00:00Z","id":"l","game":"双色球","issue":"2026001",
                "fields":[{"of":33,"take":3},{"of":16,"take":1}]}"#,
        );
        let fits = |source: &Source, value: &str| misfit(Suite::Sha256, source, value).is_none();
        assert!(fits(&dice, "161") && fits(&ten, "090") && fits(&lottery, "01.22.33+16"));
        for value in ["160", "16", "1616", "1 6", "167", ""] {
            assert!(!fits(&dice, value), "{value}");
        }
        for value in [
            "1.22.33+16",
            "22.01.33+16",
            "01.01.33+16",
            "01.22.34+16",
            "01.22.33",
            "01.22.33+16+01",
            "01.22.33+17",
        ] {
            assert!(!fits(&lottery, value), "{value}");
        }
    }

    #[test]
    fn bits_are_stated_and_impossible_games_have_none() {
        let millibits = |json: &str| source(json).millibits();
        let k8 = r#"{"kind":"lottery","at":"2026-01-01T00:00:00Z","id":"l","game":"快乐8","issue":"1",
            "fields":[{"of":80,"take":20}]}"#;
        assert_eq!(millibits(k8), Some(61_000));
        let two = r#"{"kind":"lottery","at":"2026-01-01T00:00:00Z","id":"l","game":"双色球","issue":"1",
            "fields":[{"of":33,"take":6},{"of":16,"take":1}]}"#;
        assert_eq!(millibits(two), Some(24_000));
        let dice =
            r#"{"kind":"dice","at":"2026-01-01T00:00:00Z","id":"d","sides":10,"count":20,"witness":"n"}"#;
        assert_eq!(millibits(dice), Some(66_420));
        let over = r#"{"kind":"lottery","at":"2026-01-01T00:00:00Z","id":"l","game":"x","issue":"1",
            "fields":[{"of":5,"take":6}]}"#;
        assert_eq!(millibits(over), None);
        // The round of drand quicknet that is due at this instant, by its published genesis and period.
        let drand = |at: &str, round: u64| {
            millibits(&format!(
                r#"{{"kind":"drand","at":"{at}","id":"q","chain":"{}",
                    "genesis":1692803367,"period":3,"round":{round}}}"#,
                "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
            ))
        };
        assert_eq!(drand("2023-08-23T15:59:24Z", 1000), Some(256_000));
        assert_eq!(drand("2023-08-23T15:59:24Z", 1001), None);
        assert_eq!(drand("2026-04-20T00:00:00Z", 27_946_612), Some(256_000));
    }
}
