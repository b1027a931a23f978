//! Draws of two levels (派发): one authority draws the institutions, others draw the officers who go (Spec 27).
//!
//! The draw below is a draw like any other. Its frame is the picks that were dispatched to it, every one of
//! them certain, and its seal names the record that picked them. So it has a seal, a beacon, a record and a
//! place in its own ledger, and everything that checks draws checks it.
//!
//! ```text
//!  above:  policy (dispatch) ─▶ seal ··▶ beacon ─▶ record: picks, and the teams that are kept
//!              ▲                                     │ its digest, and the picks of a part
//!              │ ready                               ▼
//!  below:  roster, rules ──────────────────────────▶ seal ··▶ beacon ─▶ record: the teams of these picks
//! ```
//!
//! With [`ready`] roster, recusals and rules of the authority below stand in the seal above, so before
//! anybody knows a pick. Its own beacon comes later, so nobody knows the coins when the picks are known.

use crate::bytes::{Digest, Label, encode};
use crate::calendar::Instant;
use crate::frame::{Frame, Unit};
use crate::id::{Code, Division, UnitId};
use crate::message::{Difference, Message, Param, Plain, coded, said};
use crate::odds::ONE;
use crate::plan::Plan;
use crate::policy::{BeaconPlan, DispatchedPart, Policy, PolicyTerms, Stratum};
use crate::record::Record;
use crate::roster::RosterCommitment;
use crate::sample::CellSample;
use crate::seal::{SealError, SealTerms, SealTies, Sealed};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The picks that are dispatched to one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartPicks<'a> {
    /// The part.
    pub part: &'a DispatchedPart,
    /// Its units, ascending.
    pub picks: Vec<&'a UnitId>,
}

impl PartPicks<'_> {
    /// Whether an authority draws the teams of this part in draws of a scope.
    fn is_of(&self, authority: &Code, scope: &Code) -> bool {
        (&self.part.authority, &self.part.scope) == (authority, scope)
    }
}

/// What an authority hands over before the draw above is sealed.
#[derive(Serialize)]
struct Ready<'a> {
    policy: PolicyTerms,
    roster: &'a RosterCommitment,
}

/// The digest of the roster and the rules with which an authority will draw teams: all of its policy but the
/// beacon (Spec 27.1). The policy above names it, so that both are sealed before the picks are known.
///
/// # Panics
/// Never: the policy was checked, and a roster is smaller than 2⁵³.
#[must_use]
pub fn ready(policy: &Policy, roster: &RosterCommitment) -> Digest {
    // When the dispatch comes is not known yet, so neither is the source of chance that follows it.
    let beacon = BeaconPlan { fallbacks: Vec::new(), lead: 0, sources: Vec::new() };
    let ready = Ready { policy: PolicyTerms { beacon, ..policy.clone().into_terms() }, roster };
    policy.suite.digest(Label::Ready, &encode(&ready).expect("a checked policy"))
}

/// Why a plan cannot be sealed upon a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DispatchError {
    /// Plan and record do not belong together.
    #[error("{what}: expected {expected}, found {found}")]
    Differs {
        /// What is compared.
        what: Box<Message>,
        /// What the record above asks for.
        expected: Param,
        /// What the plan has.
        found: Param,
    },
    /// The plan cannot be sealed on these terms.
    #[error(transparent)]
    Seal(#[from] SealError),
}

coded! { DispatchError {
    Differs { what, expected, found } => "dispatch.differs";
    Seal
} }

impl From<Difference> for DispatchError {
    fn from(Difference { what, expected, found }: Difference) -> Self {
        Self::Differs { what, expected, found }
    }
}

impl Plan {
    /// Seals a plan whose units are the picks that a record has dispatched to its authority (Spec 27.3).
    /// Publish [`Sealed::seal`] before the first value of its beacon becomes known.
    ///
    /// # Errors
    /// The record is of another authority or scope than the policy's `above`, it dispatches nothing to this
    /// authority and scope, the units of the frame are not exactly the picks of the part, one of them is not
    /// certain, the seal is not after all values above, roster or rules are not those that were handed over
    /// before, or [`Plan::seal`] refuses the plan.
    pub fn seal_under(self, terms: SealTerms, above: &Record) -> Result<Sealed, DispatchError> {
        let policy = self.policy();
        is_above(above, policy)?;
        let parts = above.dispatched();
        let found = parts.iter().find(|part| part.is_of(&policy.authority, &policy.scope));
        let part = part(found, policy)?;
        let units: Vec<&UnitId> = self.frame().units().iter().map(|unit| &unit.id).collect();
        are_picks(found.map_or(&[][..], |found| &found.picks), &units)?;
        are_certain(&self)?;
        in_order(above, policy, terms.sealed_at)?;
        if let Some(handed_over) = part.ready {
            let roster = RosterCommitment::new(self.roster(), policy.suite, &terms.salt_key);
            is_ready(handed_over, policy, &roster)?;
        }
        Ok(self.seal_upon(terms, SealTies { above: Some(above.digest()), ..SealTies::default() })?)
    }
}

impl Record {
    /// The parts of the policy in its order, each with its picks; none where nothing is dispatched
    /// (Spec 27.2).
    #[must_use]
    pub fn dispatched(&self) -> Vec<PartPicks<'_>> {
        let mut picks: BTreeMap<&str, Vec<&UnitId>> = BTreeMap::new();
        let dispatch = self.policy.dispatch.as_ref();
        let areas = dispatch.map(|dispatch| self.of_picks(Stratum::Area(dispatch.at)));
        for (unit, area) in areas.into_iter().flatten() {
            picks.entry(area).or_default().push(unit);
        }
        let parts = dispatch.into_iter().flat_map(|dispatch| &dispatch.parts);
        let own = |part: &'_ DispatchedPart| {
            let of = |division: &Division| picks.get(division.as_str()).map_or(&[][..], Vec::as_slice);
            let mut own: Vec<&UnitId> = part.divisions.iter().flat_map(of).copied().collect();
            own.sort_unstable();
            own
        };
        parts.map(|part| PartPicks { part, picks: own(part) }).collect()
    }

    /// The units that keep the whole team of this draw; `None` where nothing is dispatched. The frame file
    /// tells of units that the record does not show.
    pub(crate) fn kept<'a>(&'a self, frame: Option<&'a Frame>) -> Option<KeptUnits<'a>> {
        let dispatch = self.policy.dispatch.as_ref()?;
        let parts = dispatch.parts.iter().flat_map(|part| part.divisions.iter().map(Division::as_str));
        let areas = self.of_units(Stratum::Area(dispatch.at), CellSample::shown);
        Some(KeptUnits { policy: &self.policy, parts: parts.collect(), areas, frame })
    }
}

/// Units to whom no other authority sends people (Spec 27.2).
#[derive(Debug)]
pub(crate) struct KeptUnits<'a> {
    policy: &'a Policy,
    /// The areas of all parts.
    parts: BTreeSet<&'a str>,
    /// The areas of the units that the record shows.
    areas: BTreeMap<&'a UnitId, &'a str>,
    /// The area of every other unit follows from its row.
    frame: Option<&'a Frame>,
}

impl KeptUnits<'_> {
    /// Whether nobody else sends people to a unit. Of a unit whose area is not known nobody can say so.
    pub(crate) fn contains(&self, unit: &UnitId) -> bool {
        if let Some(area) = self.areas.get(unit) {
            return !self.parts.contains(area);
        }
        let level = self.policy.dispatch.as_ref().map(|dispatch| dispatch.at.depth());
        let row = self.frame.and_then(|frame| frame.get(unit));
        let area = row.zip(level).map(|(row, depth)| self.policy.frame.divisions.at(&row.division, depth));
        area.is_some_and(|area| !self.parts.contains(area.as_str()))
    }
}

/// The policy below names the authority and scope of the record.
pub(crate) fn is_above(record: &Record, policy: &Policy) -> Result<(), Difference> {
    let name = |authority: &Code, scope: &Code| Plain(format!("{authority} {scope}"));
    let what = || said!("compared.authority_above", "the authority above");
    let expected = name(&record.policy.authority, &record.policy.scope);
    match &policy.above {
        Some(above) if name(&above.authority, &above.scope) == expected => Ok(()),
        Some(above) => Err(Difference::new(what(), expected, name(&above.authority, &above.scope))),
        None => Err(Difference::new(what(), expected, None::<Plain>)),
    }
}

/// The part of a record that a policy draws teams for, if the record has one of its authority and scope.
pub(crate) fn part<'a>(
    found: Option<&PartPicks<'a>>,
    policy: &Policy,
) -> Result<&'a DispatchedPart, Difference> {
    let own = format!("{} {}", policy.authority, policy.scope);
    let part = found.map(|found| found.part).ok_or_else(|| {
        let what = said!("compared.who_draws", "who draws the teams");
        Difference::new(what, said!("expected.part_above", "a part of the draw above"), Plain(own.clone()))
    })?;
    let list = |departments: &mut dyn Iterator<Item = &Code>| {
        let mut names: Vec<&str> = departments.map(Code::as_str).collect();
        names.sort_unstable();
        Plain::join(names, " ")
    };
    let sent = list(&mut policy.team.departments.iter().map(|rule| &rule.department));
    let asked = list(&mut part.departments.iter());
    if part.departments.is_empty() || asked == sent {
        return Ok(part);
    }
    Err(Difference::new(said!("compared.departments_of", "departments of {own}", own), asked, sent))
}

/// The units are exactly the picks, both ascending.
pub(crate) fn are_picks(picks: &[&UnitId], units: &[&UnitId]) -> Result<(), Difference> {
    if let Some(dropped) = picks.iter().find(|pick| units.binary_search(pick).is_err()) {
        let what = said!("compared.dispatched_pick", "a dispatched pick");
        return Err(Difference::new(
            what,
            dropped,
            said!("found.no_unit_below", "no unit of the draw below"),
        ));
    }
    if let Some(added) = units.iter().find(|unit| picks.binary_search(unit).is_err()) {
        let what = said!("compared.unit_below", "a unit of the draw below");
        return Err(Difference::new(
            what,
            said!("expected.dispatched_pick", "one of the dispatched picks"),
            added,
        ));
    }
    if picks.len() == units.len() {
        return Ok(());
    }
    Err(Difference::new(said!("compared.units_below", "units of the draw below"), picks.len(), units.len()))
}

/// Every unit is drawn, whatever the beacon says (theorem 19).
fn are_certain(plan: &Plan) -> Result<(), Difference> {
    let open = |(position, _): &(usize, &Unit)| plan.probability(*position) != Some(ONE);
    match plan.frame().units().iter().enumerate().find(open) {
        None => Ok(()),
        Some((_, unit)) => {
            let what = said!("compared.unit_below", "a unit of the draw below");
            Err(Difference::new(what, said!("expected.certain_below", "one that is certain"), &unit.id))
        }
    }
}

/// The draw below is of the same day as the draw above, and sealed after every value of it.
pub(crate) fn in_order(record: &Record, policy: &Policy, sealed_at: Instant) -> Result<(), Difference> {
    if policy.as_of != record.policy.as_of {
        // On another day a licence could have expired, and the unit would be no unit of the frame.
        return Err(Difference::new(
            said!("compared.day_of_registers", "as_of"),
            record.policy.as_of,
            policy.as_of,
        ));
    }
    let spoken = |at: &Instant| *at >= sealed_at;
    let used = |id: &Code| record.beacon.iter().any(|value| &value.source == id);
    let sources = record.seal.beacon.all().filter(|source| used(source.id()));
    match sources.map(|source| source.at()).find(spoken) {
        Some(at) => {
            let expected = said!("expected.after_draw_above", "after {at}, the draw above", at);
            Err(Difference::new(said!("compared.seal_below", "the seal below"), expected, sealed_at))
        }
        None => Ok(()),
    }
}

/// Roster and rules are those that were handed over before the draw above.
pub(crate) fn is_ready(
    handed_over: Digest,
    policy: &Policy,
    roster: &RosterCommitment,
) -> Result<(), Difference> {
    let found = ready(policy, roster);
    if found == handed_over {
        return Ok(());
    }
    let what = said!("compared.handed_over", "roster and rules that were handed over before the draw above");
    Err(Difference::new(what, handed_over, found))
}
