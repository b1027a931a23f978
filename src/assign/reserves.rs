//! The reserves of a post: the order in which people come into its places, fixed when the teams are drawn
//! (Spec 11.13, step 1). No entry of the ledger changes it.

use super::Teams;
use super::staffing::{ReplacementError, Staffing};
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::id::{InspectorId, UnitId};
use crate::lot::{self, Key};
use crate::plan::{Bar, Party, Plan, Waived};
use std::collections::BTreeMap;

/// A post of a visit, by unit and by position among the rules of its party.
#[derive(Debug, Clone, Copy)]
pub(super) struct PostOf<'b> {
    pub(super) unit: &'b UnitId,
    pub(super) rule: usize,
    pub(super) day: Option<Date>,
}

/// A person who may come into a post, with the reserve ticket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Substitute<'a> {
    pub(super) ticket: Digest,
    pub(super) id: &'a InspectorId,
}

/// The reserves of a post, and those who may not hold it.
#[derive(Debug)]
pub(super) struct ReserveOrder<'a> {
    /// First those who had room when the teams were drawn, then the others, each ascending by ticket.
    pub(super) reserves: Vec<Substitute<'a>>,
    /// How many people of the party are barred, by reason.
    pub(super) barred: BTreeMap<Bar, u64>,
}

/// The teams of one party as they were drawn, and the seed: the reserves of every post follow from them.
pub(super) struct ReserveLists<'a> {
    staffing: Staffing<'a>,
    key: Key,
}

impl<'a> ReserveLists<'a> {
    /// # Errors
    /// A visit is of no unit of the plan, or a team names a person who is not of the party.
    pub(super) fn new(
        plan: &'a Plan,
        drawn: &'a Teams,
        party: Party,
        seed: &Digest,
    ) -> Result<Self, ReplacementError> {
        let key = Key::new(plan.policy().suite, *seed);
        Ok(Self { staffing: Staffing::new(plan, drawn, party)?, key })
    }

    /// The reserves of a post. People of the drawn team of the visit are none.
    pub(super) fn reserves(&self, of: PostOf<'_>) -> ReserveOrder<'a> {
        let Self { staffing, key } = self;
        let plan = staffing.plan;
        let PostOf { unit, rule, day } = of;
        let there: Vec<&InspectorId> = match staffing.teams.visit(unit) {
            Ok(visit) => {
                staffing.holders(&staffing.teams.visits[visit]).into_iter().map(|(_, id)| id).collect()
            }
            Err(_) => Vec::new(),
        };
        let target = staffing.target(unit, day);
        let needs = plan.post_rules(staffing.party).get(rule).and_then(|rule| rule.needs.as_ref());
        let code = staffing.code(rule).as_str();
        let (mut order, mut barred) = (Vec::new(), BTreeMap::new());
        for member in &staffing.members {
            let id = member.person.id;
            if let Some(bar) = plan.barred(&member.person, &target, needs, Waived::default()) {
                *barred.entry(bar).or_default() += 1;
            } else if !there.contains(&id) {
                let full = !staffing.has_room_without_post(unit, rule, day, member);
                order.push((full, lot::reserves::ticket(key, unit.as_str(), code, id.as_str()), id));
            }
        }
        order.sort_unstable();
        let reserves = order.into_iter().map(|(_, ticket, id)| Substitute { ticket, id }).collect();
        ReserveOrder { reserves, barred }
    }
}
