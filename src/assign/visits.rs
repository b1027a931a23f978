//! From picks to who may hold which post: days by lot, posts, pins, shortlists (Spec 11.1 and 11.2).

use super::Lapsed;
use super::caps::Seating;
use crate::calendar::Date;
use crate::frame::Unit;
use crate::id::{Code, InspectorId};
use crate::lot::{self, Key};
use crate::matching::{Day, Matching, Post, WHOLE};
use crate::plan::{Candidates, Party, Plan, Target, Waived};
use crate::policy::TeamRule;
use std::collections::BTreeMap;

/// The day of every unit, by lot: every day gets the floor or the ceiling of its share, in every division and in all (Spec 11.2, step 1).
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

/// A post of a visit, before anybody holds it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The visit.
    pub(super) visit: usize,
    /// The post's place among the rules of its party; members stand behind them.
    pub(super) rule: usize,
    places: u64,
    /// Who is pinned to it.
    pinned: Option<u32>,
}

/// What one party is asked for.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) party: Party,
    /// Posts, by visit.
    pub(super) places: Vec<Place>,
    /// Who is pinned to each visit, at whatever post.
    pinned: BTreeMap<usize, Vec<u32>>,
    /// The code of each post rule, members last.
    pub(super) codes: Vec<&'a Code>,
    /// The people of the party with their caps.
    pub(super) seating: Seating<'a>,
    days: Vec<Option<Day>>,
    /// How often the shortlist of each visit was doubled.
    pub(super) widened: Vec<u32>,
    /// For every post, whether everybody who may hold it is a candidate.
    pub(super) complete: Vec<bool>,
}

/// The pins of the visits: for each party and visit, the post rule and the officer; and those that lapse (Spec 11.2, step 3).
pub(super) type Pins = BTreeMap<(Party, usize), Vec<(usize, u32)>>;

pub(super) fn pins(plan: &Plan, targets: &[Target<'_>]) -> (Pins, Vec<Lapsed>) {
    let mut pins: Pins = BTreeMap::new();
    let mut lapsed = Vec::new();
    let rules = &plan.policy().team;
    if rules.pins.is_empty() {
        return (pins, lapsed);
    }
    for (visit, target) in targets.iter().enumerate() {
        for pin in rules.pins.iter().filter(|pin| pin.unit == target.unit.id) {
            match resolve(plan, &pins, visit, target, &pin.inspector, &pin.post) {
                Ok((party, rule, officer)) => pins.entry((party, visit)).or_default().push((rule, officer)),
                Err(reason) => lapsed.push(Lapsed {
                    inspector: pin.inspector.clone(),
                    reason: Code::parse(&reason).expect("reasons are codes"),
                    unit: pin.unit.clone(),
                }),
            }
        }
    }
    (pins, lapsed)
}

/// The party, post rule and officer of a pin, or why it lapses.
fn resolve(
    plan: &Plan,
    pins: &Pins,
    visit: usize,
    target: &Target<'_>,
    inspector: &InspectorId,
    post: &Code,
) -> Result<(Party, usize, u32), String> {
    let reason = |text: &str| text.to_owned();
    let position = plan.roster().position(inspector).ok_or_else(|| reason("unknown"))?;
    let officer = &plan.roster().inspectors()[position];
    let departments = &plan.policy().team.departments;
    let number = departments.iter().position(|rule| rule.department == officer.department);
    let party = Party::Department(number.ok_or_else(|| reason("unknown"))?);
    let posts = plan.posts(party, &target.unit.kind);
    let found =
        posts.into_iter().find(|(_, rule, _)| rule.map_or(TeamRule::member(), |rule| &rule.post) == post);
    let (rule, terms, places) = found.ok_or_else(|| reason("post"))?;
    let needs = terms.and_then(|terms| terms.needs.as_ref());
    if let Some(bar) = plan.barred(&officer.into(), target, needs, Waived::default()) {
        return Err(bar.to_string());
    }
    let number = u32::try_from(position).expect("a place in the roster");
    let here = pins.get(&(party, visit)).map_or(&[][..], Vec::as_slice);
    if here.iter().any(|(_, other)| *other == number) {
        return Err(reason("twice"));
    }
    let held = u64::try_from(here.iter().filter(|(other, _)| *other == rule).count()).expect("a length");
    if held < places { Ok((party, rule, number)) } else { Err(reason("places")) }
}

impl<'a> Task<'a> {
    pub(super) fn new(plan: &'a Plan, party: Party, targets: &[Target<'a>], pins: &Pins) -> Self {
        let team = &plan.policy().team;
        let mut places = Vec::new();
        let mut pinned: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (visit, target) in targets.iter().enumerate() {
            let here = pins.get(&(party, visit)).map_or(&[][..], Vec::as_slice);
            pinned.extend(
                (!here.is_empty()).then(|| (visit, here.iter().map(|(_, officer)| *officer).collect())),
            );
            for (rule, _, wanted) in plan.posts(party, &target.unit.kind) {
                let own: Vec<u32> =
                    here.iter().filter(|(of, _)| *of == rule).map(|(_, officer)| *officer).collect();
                let left = wanted - u64::try_from(own.len()).expect("a length");
                if left > 0 {
                    places.push(Place { visit, rule, places: left, pinned: None });
                }
                places.extend(own.into_iter().map(|officer| Place {
                    visit,
                    rule,
                    places: 1,
                    pinned: Some(officer),
                }));
            }
        }
        let seating = Seating::new(plan, party);
        let day = |target: &Target<'_>| {
            let number = |day: Date| team.days.binary_search(&day).expect("one of the policy's days");
            target
                .day
                .map(|day| Day { week: day.week(), number: u32::try_from(number(day)).expect("at most 366") })
        };
        Self {
            party,
            codes: plan.post_rules(party).iter().map(|rule| &rule.post).chain([TeamRule::member()]).collect(),
            days: targets.iter().map(day).collect(),
            widened: vec![0; targets.len()],
            complete: vec![true; places.len()],
            seating,
            places,
            pinned,
        }
    }

    /// Who may hold each post (Spec 11.2, step 4). Notes which lists are complete.
    pub(super) fn matching(
        &mut self,
        plan: &'a Plan,
        seed: &Key,
        targets: &[Target<'a>],
        candidates: &mut Candidates<'a>,
    ) -> Matching {
        let team = &plan.policy().team;
        let ceiling = u128::from(team.ceiling.get()) * u128::from(WHOLE) / u128::from(crate::odds::ONE);
        let posts = (0..self.places.len()).map(|number| {
            let place = &self.places[number];
            let target = &targets[place.visit];
            let (list, complete) = match place.pinned {
                Some(officer) => (vec![officer], true),
                None => self.list(plan, seed, target, place, candidates),
            };
            self.complete[number] = complete;
            let place = &self.places[number];
            let pinned = place.pinned.is_some();
            Post {
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

    /// The candidates of a post that nobody is pinned to, ascending, and whether they are all.
    fn list(
        &self,
        plan: &'a Plan,
        seed: &Key,
        target: &Target<'a>,
        place: &Place,
        candidates: &mut Candidates<'a>,
    ) -> (Vec<u32>, bool) {
        let needs = plan.post_rules(self.party).get(place.rule).and_then(|rule| rule.needs.as_ref());
        let general = candidates.general(self.party, target.unit, needs, Waived::default());
        let pinned = self.pinned.get(&place.visit).map_or(&[][..], Vec::as_slice);
        let may = |&officer: &u32| {
            !pinned.contains(&officer) && candidates.may(self.party, officer, target, Waived::default())
        };
        let Some(wanted) = plan.policy().team.shortlist else {
            // Mostly all of them: copied at once, then thinned.
            let mut list = general.to_vec();
            list.retain(may);
            list.shrink_to_fit();
            return (list, true);
        };
        let wanted = wanted.saturating_mul(1 << self.widened[place.visit].min(40));
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        let party = party_name(plan, self.party);
        let (unit, post) = (&target.unit.id, self.codes[place.rule]);
        let post = (party, unit.as_str(), post.as_str());
        lot::teams::shortlist(seed, post, &general, wanted, may)
    }

    /// Everybody who may hold a post once some bars are waived, without a shortlist (Spec 11.12).
    pub(super) fn waived(
        &self,
        plan: &'a Plan,
        target: &Target<'a>,
        place: &Place,
        candidates: &mut Candidates<'a>,
        waived: Waived,
    ) -> Vec<u32> {
        if let Some(officer) = place.pinned {
            return vec![officer];
        }
        let needs = plan.post_rules(self.party).get(place.rule).and_then(|rule| rule.needs.as_ref());
        let general = candidates.general(self.party, target.unit, needs, waived);
        let pinned = self.pinned.get(&place.visit).map_or(&[][..], Vec::as_slice);
        let may =
            |officer: &u32| !pinned.contains(officer) && candidates.may(self.party, *officer, target, waived);
        general.iter().copied().filter(may).collect()
    }
}

/// The name of a party: a department's code, or a name that no code can be.
pub(super) fn party_name(plan: &Plan, party: Party) -> &str {
    plan.department(party).map_or("*experts", Code::as_str)
}
