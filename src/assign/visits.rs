//! Visits before the teams are drawn: their days, their posts, the pins and the candidates of every post
//! (Spec 11.1 and 11.2).

use super::Lapsed;
use super::caps::{self, Seating};
use crate::calendar::Date;
use crate::frame::Unit;
use crate::id::{Code, InspectorId};
use crate::lot::{self, Key};
use crate::matching::{Day, Demand, Matching, WHOLE};
use crate::plan::{Candidates, Party, Plan, Target, Waived};
use crate::policy::TeamRule;

/// The day of every unit, by lot: every day gets the floor or the ceiling of its share, in every division and
/// in all (Spec 11.2, step 1).
pub(super) fn days(plan: &Plan, seed: &Key, units: &[&Unit]) -> Vec<Option<Date>> {
    let days = &plan.policy().team.days;
    if days.is_empty() {
        return vec![None; units.len()];
    }
    let known: Vec<(&str, &str)> =
        units.iter().map(|unit| (unit.division.as_str(), unit.id.as_str())).collect();
    let length = u64::try_from(days.len()).expect("a length");
    let day = |number: u64| days[usize::try_from(number).expect("below a length")];
    lot::teams::days(seed, &known, length).into_iter().map(|number| Some(day(number))).collect()
}

/// A post of a visit before it is filled.
#[derive(Debug, Clone)]
pub(super) struct OpenPost {
    /// Position of the visit.
    pub(super) visit: usize,
    /// Position of the post among the rules of its party; members stand behind them.
    pub(super) rule: usize,
    places: u64,
    /// The inspector pinned to it, if it is the extra post of a pin.
    pinned: Option<u32>,
}

/// The posts that one party has to fill, and the people it can fill them with.
#[derive(Debug)]
pub(super) struct PartyDemand<'a> {
    pub(super) party: Party,
    /// The posts, ascending by visit.
    pub(super) posts: Vec<OpenPost>,
    /// The inspectors pinned to each visit, at any of its posts.
    pinned: Vec<Vec<u32>>,
    /// The code of each post rule; that of members stands last.
    pub(super) codes: Vec<&'a Code>,
    /// The people of the party with their caps.
    pub(super) seating: Seating<'a>,
    days: Vec<Option<Day>>,
    /// How often the shortlists of each visit were doubled.
    pub(super) widened: Vec<u32>,
    /// Whether the candidates of each post are all who may hold it.
    pub(super) complete: Vec<bool>,
}

/// An inspector whom a pin sends to a visit.
#[derive(Debug, Clone, Copy)]
pub(super) struct PinnedInspector {
    party: Party,
    /// Position of the post among the rules of the party.
    rule: usize,
    /// Position of the inspector in the roster.
    number: u32,
}

/// The pinned inspectors of each visit, in the order of the policy.
pub(super) type Pins = Vec<Vec<PinnedInspector>>;

/// The pins of the visits, and those that lapse, with the reason (Spec 11.2, step 3).
pub(super) fn pins(plan: &Plan, targets: &[Target<'_>]) -> (Pins, Vec<(Lapsed, Code)>) {
    let mut pins: Pins = vec![Vec::new(); targets.len()];
    let mut lapsed = Vec::new();
    let rules = &plan.policy().team;
    if rules.pins.is_empty() {
        return (pins, lapsed);
    }
    for (visit, target) in targets.iter().enumerate() {
        for pin in rules.pins.iter().filter(|pin| pin.unit == target.unit.id) {
            match resolve(plan, &pins[visit], target, &pin.inspector, &pin.post) {
                Ok(pinned) => pins[visit].push(pinned),
                Err(reason) => {
                    let reason = Code::parse(&reason).expect("reasons are codes");
                    let (inspector, unit) = (pin.inspector.clone(), pin.unit.clone());
                    lapsed.push((Lapsed { inspector, unit }, reason));
                }
            }
        }
    }
    (pins, lapsed)
}

/// The inspector of a pin, or the reason for which it lapses. `here` are those of the same visit before it.
fn resolve(
    plan: &Plan,
    here: &[PinnedInspector],
    target: &Target<'_>,
    inspector: &InspectorId,
    post: &Code,
) -> Result<PinnedInspector, String> {
    let reason = |text: &str| text.to_owned();
    let position = plan.roster().position(inspector).ok_or_else(|| reason("unknown"))?;
    let candidate = &plan.roster().inspectors()[position];
    let departments = &plan.policy().team.departments;
    let number = departments.iter().position(|rule| rule.department == candidate.department);
    let party = Party::Department(number.ok_or_else(|| reason("unknown"))?);
    let posts = plan.posts(party, target.unit);
    let post = posts.into_iter().find(|required| required.code() == post).ok_or_else(|| reason("post"))?;
    if let Some(bar) = plan.barred(&candidate.into(), target, post.needs(), Waived::default()) {
        return Err(bar.to_string());
    }
    let pinned = PinnedInspector {
        party,
        rule: post.number,
        number: u32::try_from(position).expect("a position in the roster"),
    };
    let here = || here.iter().filter(|other| other.party == party);
    if here().any(|other| other.number == pinned.number) {
        return Err(reason("twice"));
    }
    let held = u64::try_from(here().filter(|other| other.rule == pinned.rule).count()).expect("a length");
    if held < post.places { Ok(pinned) } else { Err(reason("places")) }
}

impl<'a> PartyDemand<'a> {
    pub(super) fn new(plan: &'a Plan, party: Party, targets: &[Target<'a>], pins: &Pins) -> Self {
        let mut posts = Vec::new();
        let mut pinned: Vec<Vec<u32>> = Vec::with_capacity(targets.len());
        for (visit, target) in targets.iter().enumerate() {
            let here = || pins[visit].iter().filter(|pin| pin.party == party);
            pinned.push(here().map(|pin| pin.number).collect());
            for required in plan.posts(party, target.unit) {
                let rule = required.number;
                let own: Vec<u32> = here().filter(|pin| pin.rule == rule).map(|pin| pin.number).collect();
                let places = required.places - u64::try_from(own.len()).expect("a length");
                posts.extend((places > 0).then_some(OpenPost { visit, rule, places, pinned: None }));
                let extra = |number| OpenPost { visit, rule, places: 1, pinned: Some(number) };
                posts.extend(own.into_iter().map(extra));
            }
        }
        let seating = Seating::new(plan, party);
        Self {
            party,
            codes: plan.post_rules(party).iter().map(|rule| &rule.post).chain([TeamRule::member()]).collect(),
            days: targets.iter().map(|target| target.day.map(|day| caps::numbered(plan, day))).collect(),
            widened: vec![0; targets.len()],
            complete: vec![true; posts.len()],
            seating,
            posts,
            pinned,
        }
    }

    /// The network of the party with the candidates of each post (Spec 11.2, step 4).
    /// [`complete`](Self::complete) is set anew.
    pub(super) fn matching(
        &mut self,
        plan: &'a Plan,
        seed: &Key,
        targets: &[Target<'a>],
        candidates: &mut Candidates<'a>,
    ) -> Matching {
        let team = &plan.policy().team;
        let ceiling = u128::from(team.ceiling.get()) * u128::from(WHOLE) / u128::from(crate::odds::ONE);
        let posts = (0..self.posts.len()).map(|number| {
            let place = &self.posts[number];
            let target = &targets[place.visit];
            let (list, complete) = match place.pinned {
                Some(officer) => (vec![officer], true),
                None => self.list(plan, seed, target, place, candidates),
            };
            self.complete[number] = complete;
            let place = &self.posts[number];
            let pinned = place.pinned.is_some();
            Demand {
                visit: place.visit,
                places: place.places,
                list,
                limit: team.limit.map(|limit| limit.most),
                pinned,
            }
        });
        Matching {
            posts: posts.collect(),
            visits: self.days.clone(),
            officers: self.seating.seats.clone(),
            offices: self.seating.offices.clone(),
            ceiling: u64::try_from(ceiling).expect("at most WHOLE"),
        }
    }

    /// The most pairs that the lists can have with shortlists as wide as they are now (Spec 11.14).
    pub(super) fn most_pairs(
        &self,
        plan: &'a Plan,
        targets: &[Target<'a>],
        candidates: &mut Candidates<'a>,
    ) -> u64 {
        let pairs = self.posts.iter().map(|place| {
            if place.pinned.is_some() {
                return 2;
            }
            let needs = plan.post_rules(self.party).get(place.rule).and_then(|rule| rule.needs.as_ref());
            let length = candidates.length(self.party, targets[place.visit].unit, needs);
            1 + length.min(self.width(plan, place.visit))
        });
        pairs.fold(0, u64::saturating_add)
    }

    /// The names of the shortlists of a visit; the largest number without shortlists.
    fn width(&self, plan: &Plan, visit: usize) -> u64 {
        let names = plan.policy().team.shortlist.unwrap_or(u64::MAX);
        names.saturating_mul(1 << self.widened[visit].min(40))
    }

    /// The candidates of a post that is not the extra post of a pin, ascending, and whether they are all who
    /// may hold it.
    fn list(
        &self,
        plan: &'a Plan,
        seed: &Key,
        target: &Target<'a>,
        place: &OpenPost,
        candidates: &mut Candidates<'a>,
    ) -> (Vec<u32>, bool) {
        let needs = plan.post_rules(self.party).get(place.rule).and_then(|rule| rule.needs.as_ref());
        let general = candidates.general(self.party, target.unit, needs, Waived::default());
        let pinned = &self.pinned[place.visit];
        let may = |&officer: &u32| {
            !pinned.contains(&officer) && candidates.may(self.party, officer, target, Waived::default())
        };
        if plan.policy().team.shortlist.is_none() {
            // Few are barred in person, so the list is copied whole and then thinned.
            let mut list = general.to_vec();
            list.retain(may);
            list.shrink_to_fit();
            return (list, true);
        }
        let wanted = usize::try_from(self.width(plan, place.visit)).unwrap_or(usize::MAX);
        let party = party_name(plan, self.party);
        let (unit, post) = (&target.unit.id, self.codes[place.rule]);
        let post = (party, unit.as_str(), post.as_str());
        lot::teams::shortlist(seed, post, &general, wanted, may)
    }

    /// All who may hold a post once some bars are waived, without a shortlist (Spec 11.12).
    pub(super) fn waived(
        &self,
        plan: &'a Plan,
        target: &Target<'a>,
        place: &OpenPost,
        candidates: &mut Candidates<'a>,
        waived: Waived,
    ) -> Vec<u32> {
        if let Some(officer) = place.pinned {
            return vec![officer];
        }
        let needs = plan.post_rules(self.party).get(place.rule).and_then(|rule| rule.needs.as_ref());
        let general = candidates.general(self.party, target.unit, needs, waived);
        let pinned = &self.pinned[place.visit];
        let may =
            |officer: &u32| !pinned.contains(officer) && candidates.may(self.party, *officer, target, waived);
        general.iter().copied().filter(may).collect()
    }
}

/// The name of a party: a department's code, or a name that no code can be.
pub(super) fn party_name(plan: &Plan, party: Party) -> &str {
    plan.department(party).map_or("*experts", Code::as_str)
}
