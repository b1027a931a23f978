//! Rules of the policy without effect on the frame, which may be misspelt: an unknown signal or a wrong id
//! raises no error.

use super::Plan;
use super::rules::Disposition;
use crate::frame::Unit;
use crate::id::{InspectorId, UnitId};
use crate::message::{Coded, Message, coded, said};
use crate::stratum::{StratumNode, StratumPath};
use std::collections::BTreeMap;
use std::fmt;

/// A rule without effect on this frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleRule {
    /// Where it stands in the policy, as in `certainties[1]`.
    pub place: String,
    /// Why it has no effect.
    pub because: Message,
}

impl fmt::Display for IdleRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl Coded for IdleRule {
    fn message(&self) -> Message {
        let Self { place, because } = self;
        said!("idle.rule", "{place}: {because}", place, because)
    }
}

/// What is known of a unit that is not on this frame: it has no effect on the draw, and its id may be
/// misspelt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stray {
    /// A recusal.
    Recusal {
        /// The inspector or expert.
        inspector: InspectorId,
        /// The unit.
        unit: UnitId,
    },
    /// The standing of a unit in the cycle: it was visited, or waits for a visit.
    Standing {
        /// The unit.
        unit: UnitId,
    },
    /// A person of the last team of a unit who is not on the roster: rotation passes nobody over there.
    LastTeam {
        /// The person.
        inspector: InspectorId,
        /// The unit.
        unit: UnitId,
    },
}

impl fmt::Display for Stray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recusal { inspector, unit } => {
                write!(f, "recusal of {inspector} from {unit}, which is not on the frame")
            }
            Self::Standing { unit } => {
                write!(f, "standing of {unit} in the cycle, which is not on the frame")
            }
            Self::LastTeam { inspector, unit } => {
                write!(f, "{inspector} of the last team of {unit}, who is not on the roster")
            }
        }
    }
}

coded!(Stray {
    Recusal { inspector, unit } => "stray.recusal",
    Standing { unit } => "stray.standing",
    LastTeam { inspector, unit } => "stray.last_team",
});

impl Plan {
    /// Recusals and standings without their unit on the frame, and last teams without their people on the
    /// roster, in this order, each ascending. They have no effect on the draw.
    #[must_use]
    pub fn strays(&self) -> Vec<Stray> {
        let stranger = |unit: &UnitId| self.frame.get(unit).is_none();
        let recusals = self.roster.recusals().iter().filter(|recusal| stranger(&recusal.unit));
        let recusals = recusals.map(|recusal| Stray::Recusal {
            inspector: recusal.inspector.clone(),
            unit: recusal.unit.clone(),
        });
        let standings = self.cycle.standings().iter();
        let strange = standings.clone().filter(|standing| stranger(&standing.unit));
        let strange = strange.map(|standing| Stray::Standing { unit: standing.unit.clone() });
        let known = |id: &InspectorId| {
            self.roster.position(id).is_some() || self.roster.expert_position(id).is_some()
        };
        let teams = standings.filter(|standing| !stranger(&standing.unit)).flat_map(|standing| {
            let absent = standing.last_team.iter().filter(|id| !known(id));
            absent.map(|id| Stray::LastTeam { inspector: id.clone(), unit: standing.unit.clone() })
        });
        recusals.chain(strange).chain(teams).collect()
    }

    /// Rules of the policy without effect on this frame, and units that rules name and that are not on it. An
    /// office should look at them before it seals, because they may be misspelt.
    #[must_use]
    pub fn idle_rules(&self) -> Vec<IdleRule> {
        let mut found = Vec::new();
        let mut note = |place: String, because: Message| found.push(IdleRule { place, because });
        let mut applied: BTreeMap<Disposition, u64> = BTreeMap::new();
        for unit in &self.units {
            *applied.entry(unit.disposition).or_default() += 1;
        }
        let certainties = self.policy.certainties.iter().enumerate().map(|(i, certainty)| {
            (format!("certainties[{i}]"), certainty.rule.units(), Disposition::Certain(i))
        });
        let exclusions = self.policy.exclusions.iter().enumerate().map(|(i, exclusion)| {
            (format!("exclusions[{i}]"), exclusion.rule.units(), Disposition::Excluded(i))
        });
        for (place, units, disposition) in certainties.chain(exclusions) {
            for unit in units.iter().filter(|unit| self.frame.get(unit).is_none()) {
                note(place.clone(), said!("idle.not_on_frame", "{unit} is not on the frame", unit));
            }
            if !applied.contains_key(&disposition) {
                note(place, said!("idle.decided", "applies to no unit that an earlier rule does not decide"));
            }
        }
        for (i, rule) in self.policy.signals.iter().enumerate() {
            let count = |unit: &Unit| unit.signals.get(&rule.signal).copied().unwrap_or(0);
            if !self.frame.units().iter().any(|unit| rule.applies(count(unit))) {
                let (least, signal) = (rule.at_least, &rule.signal);
                let because = said!("idle.no_signal", "no unit has {least} × {signal}", least, signal);
                note(format!("signals[{i}]"), because);
            }
        }
        for (i, ratio) in self.policy.ratios.iter().enumerate() {
            let depth = self.policy.depth(ratio.at);
            let applies = |node: StratumNode<'_>| node.depth() == depth && ratio.names(node);
            if !self.bounded.keys().map(StratumPath::node).any(applies) {
                note(format!("ratios[{i}]"), said!("idle.no_unit", "no active unit is of these values"));
            }
        }
        found
    }
}
