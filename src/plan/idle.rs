//! Rules of the policy that concern nobody: a misspelt signal or a wrong id bounds no one, and says nothing.

use super::{Plan, Verdict};
use crate::policy::{CertaintyRule, ExclusionRule};
use crate::stratum::{StratumNode, StratumPath};
use std::collections::BTreeSet;
use std::fmt;

/// A rule without effect on this frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleRule {
    /// Where it stands in the policy, as in `certainties[1]`.
    pub place: String,
    /// Why it concerns nobody.
    pub because: String,
}

impl fmt::Display for IdleRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.because)
    }
}

impl Plan {
    /// Rules of the policy that concern no unit of this frame, and units named in rules that are not on it. An office should look at
    /// them before it seals: they may be right, and they may be misspelt.
    #[must_use]
    pub fn idle_rules(&self) -> Vec<IdleRule> {
        let verdicts: BTreeSet<(bool, usize)> = self
            .units
            .iter()
            .filter_map(|planned| match planned.verdict {
                Verdict::Certain(rule) => Some((true, rule)),
                Verdict::Excluded(rule) => Some((false, rule)),
                Verdict::Outside(_) | Verdict::Open => None,
            })
            .collect();
        let mut found = Vec::new();
        let mut note = |place: String, because: String| found.push(IdleRule { place, because });
        let named = self.policy.certainties.iter().map(|rule| match &rule.rule {
            CertaintyRule::Units(units) => units.as_slice(),
            _ => &[],
        });
        let exempt = self.policy.exclusions.iter().map(|rule| match &rule.rule {
            ExclusionRule::Units(units) => units.as_slice(),
            _ => &[],
        });
        for (certain, list, units) in
            named.enumerate().map(|(i, u)| (true, i, u)).chain(exempt.enumerate().map(|(i, u)| (false, i, u)))
        {
            let place = format!("{}[{list}]", if certain { "certainties" } else { "exclusions" });
            for unit in units.iter().filter(|unit| self.frame.get(unit).is_none()) {
                note(place.clone(), format!("{unit} is not on the frame"));
            }
            if !verdicts.contains(&(certain, list)) {
                note(place, "applies to no unit that an earlier rule does not decide".into());
            }
        }
        for (i, rule) in self.policy.signals.iter().enumerate() {
            if self.frame.units().iter().all(|unit| rule.added(unit).is_none()) {
                note(format!("signals[{i}]"), format!("no unit has {} × {}", rule.at_least, rule.signal));
            }
        }
        for (i, ratio) in self.policy.ratios.iter().enumerate() {
            let depth = self.policy.depth(ratio.at);
            let applies = |node: StratumNode<'_>| node.depth() == depth && ratio.names(node);
            if !self.bounded.keys().map(StratumPath::node).any(applies) {
                note(format!("ratios[{i}]"), "no active unit is of these values".into());
            }
        }
        found
    }
}
