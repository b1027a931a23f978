//! Draws of two levels: who draws the teams of which picks, and whose picks a draw takes (派发; Spec 27.1).

use super::{Billionths, Design, Effect, PolicyTerms, Stratum};
use crate::bytes::Digest;
use crate::division::AreaLevel;
use crate::id::{Code, Division};
use crate::message::said;
use crate::table::BrokenRules;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The picks whose teams other authorities draw. A division of no part is kept: its teams are drawn with the
/// units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispatch {
    /// The level of the divisions of all parts; a stratum of the draw, so that everybody sees to which part a
    /// pick belongs.
    #[serde(serialize_with = "level", deserialize_with = "read_level")]
    pub at: AreaLevel,
    /// The parts, each of another authority or scope.
    pub parts: Vec<DispatchedPart>,
}

/// The picks of some divisions, and the authority that draws their teams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchedPart {
    /// The authority that draws the teams.
    pub authority: Code,
    /// The departments whose officers it adds to the teams drawn above. Absent: it draws the whole teams, and
    /// none are drawn above.
    #[serde(default, deserialize_with = "super::filled", skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Code>,
    /// The divisions, areas of the level [`Dispatch::at`].
    pub divisions: Vec<Division>,
    /// The digest of roster, recusals and rules that it has handed over before this draw was sealed (备勤):
    /// [`ready`](crate::dispatch::ready).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<Digest>,
    /// The scope of its draws.
    pub scope: Code,
}

/// The authority whose picks a draw takes. Such a draw draws teams only; its seal names the record above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Above {
    /// The authority.
    pub authority: Code,
    /// The scope of its draws.
    pub scope: Code,
}

fn level<S: serde::Serializer>(level: &AreaLevel, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(level.as_str())
}

fn read_level<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<AreaLevel, D::Error> {
    let named = |text: &str| AreaLevel::named(text).ok_or_else(|| AreaLevel::unknown(text, &[], &[]));
    crate::id::read_text(deserializer, named)
}

impl Dispatch {
    /// Whether the whole teams of an area of the level are drawn elsewhere.
    pub(crate) fn takes_whole(&self, area: &str) -> bool {
        let whole = |part: &&DispatchedPart| part.departments.is_empty();
        let mut parts = self.parts.iter().filter(whole);
        parts.any(|part| part.divisions.iter().any(|division| division.as_str() == area))
    }

    /// The part of an authority and scope.
    #[must_use]
    pub fn part(&self, authority: &Code, scope: &Code) -> Option<&DispatchedPart> {
        self.parts.iter().find(|part| (&part.authority, &part.scope) == (authority, scope))
    }
}

impl PolicyTerms {
    /// Whether the whole team of a unit of this division is drawn elsewhere.
    pub(crate) fn dispatches(&self, division: &Division) -> bool {
        let takes = |dispatch: &Dispatch| {
            dispatch.takes_whole(self.frame.divisions.at(division, dispatch.at.depth()).as_str())
        };
        self.dispatch.as_ref().is_some_and(takes)
    }

    /// The rules of the field `dispatch`.
    pub(super) fn check_dispatch(&self, broken: &BrokenRules) {
        let (Some(dispatch), at) = (&self.dispatch, broken.at("dispatch")) else { return };
        let level = dispatch.at;
        at.field("at").when(!self.strata.contains(&Stratum::Area(level)), || {
            said!("policy.dispatch_level", "{level} is not among the strata, so nobody sees the parts", level)
        });
        broken.at("team.days").when(!self.team.days.is_empty(), || {
            said!(
                "policy.dispatch_days",
                "are drawn with the teams: a draw that dispatches has none, and each authority has its own"
            )
        });
        let parts = at.field("parts");
        parts.filled(&dispatch.parts);
        parts.unique(dispatch.parts.iter().map(|part| format!("{} {}", part.authority, part.scope)));
        let list = &self.frame.divisions;
        let areas: BTreeSet<Division> = list.codes().map(|code| list.at(code, level.depth())).collect();
        let own: BTreeSet<&Code> = self.team.departments.iter().map(|rule| &rule.department).collect();
        // The departments that other parts have at a division; none of them where its teams are dispatched
        // whole.
        let mut taken: BTreeMap<&Division, Vec<Option<&Code>>> = BTreeMap::new();
        for (at, part) in parts.entries(&dispatch.parts) {
            at.when((&part.authority, &part.scope) == (&self.authority, &self.scope), || {
                said!(
                    "policy.dispatch_own",
                    "is of this draw's own authority and scope: what is of no part is drawn with the units"
                )
            });
            let (divisions, departments) = (at.field("divisions"), at.field("departments"));
            divisions.filled(&part.divisions);
            divisions.unique(&part.divisions);
            departments.unique(&part.departments);
            for department in part.departments.iter().filter(|department| {
                !self.roster.departments.contains(department) || own.contains(department)
            }) {
                departments.note(said!(
                    "policy.dispatch_department",
                    "{department} is none of roster.departments, or one of team.departments",
                    department
                ));
            }
            for division in part.divisions.iter().collect::<BTreeSet<_>>() {
                divisions.when(!areas.contains(division), || {
                    said!(
                        "policy.dispatch_division",
                        "{division} is no {level} of frame.divisions",
                        division,
                        level
                    )
                });
                let before = taken.entry(division).or_default();
                let mut mine: Vec<Option<&Code>> = part.departments.iter().map(Some).collect();
                if mine.is_empty() {
                    mine.push(None);
                }
                let clash = before
                    .iter()
                    .any(|other| mine.iter().any(|own| other.is_none() || own.is_none() || other == own));
                divisions.when(clash, || {
                    said!("policy.dispatch_twice", "{division} is of another part, too", division)
                });
                before.extend(mine);
            }
        }
    }

    /// The rules of the field `above`: a draw under another authority takes all that it is given.
    pub(super) fn check_above(&self, broken: &BrokenRules) {
        let Some(above) = &self.above else { return };
        broken.at("above").when((&above.authority, &above.scope) == (&self.authority, &self.scope), || {
            said!(
                "policy.above_own",
                "is this draw's own authority and scope: a draw takes the picks of another authority or scope"
            )
        });
        let all = self.design == Design::Rate { rate: Billionths::ONE };
        let open = [
            ("design", !all),
            ("population", self.population.is_some()),
            ("exclusions", !self.exclusions.is_empty()),
            ("ratios", !self.ratios.is_empty()),
            ("frame.listed", !self.frame.listed.is_empty()),
        ];
        for (field, wrong) in open {
            broken.at(field).when(wrong, || {
                said!(
                    "policy.above_all",
                    "leaves units out, and a draw with `above` takes every unit that it is given: the design \
                     is the rate 1, and population, exclusions, ratios and frame.listed are left out"
                )
            });
        }
        let mut rules = self.rating.iter().flat_map(|rating| &rating.visits).flat_map(|stage| &stage.rules);
        let limited = rules.any(|rule| matches!(rule.does, Effect::AtMost(_)));
        broken.at("rating.visits").when(limited, || {
            said!(
                "policy.above_limit",
                "has a rule with `at_most`, and a draw with `above` takes every unit that it is given: no rule \
                 limits visits"
            )
        });
        broken.at("round.share").when(self.round().share.get() != 0, || {
            said!(
                "policy.above_share",
                "is {share}, and the share of a draw with `above` is that of the draw above: 0 here",
                share = self.round().share
            )
        });
    }
}
