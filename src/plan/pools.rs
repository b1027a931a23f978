//! How many people may hold a post at a visit, and how many each bar keeps from it (Spec 11.2, step 6):
//! numbers without names, for the public record.

use super::Plan;
use super::candidates::Candidates;
use super::eligibility::{Bar, Party, Target, TeamCandidate, Waived};
use crate::calendar::Date;
use crate::id::{Code, Division, InspectorId};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How many people of a party may hold a post at a visit, and how many are barred, by reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PoolCount {
    pub(crate) barred: BTreeMap<Bar, u64>,
    pub(crate) may: u64,
}

/// What people depend on but for their places: kind of the unit, qualification of the post, day.
type PoolTerms<'a> = (Party, &'a Code, Option<&'a Code>, Option<Date>);

/// The first bar of each person of a party that depends on neither place nor unit.
struct FirstBars {
    /// By position among the people of the party.
    bars: Vec<Option<Bar>>,
    counts: BTreeMap<Bar, u64>,
    free: u64,
}

/// Counts pools. People who differ in nothing that a bar asks for are looked at once.
pub(crate) struct PoolCounter<'a> {
    plan: &'a Plan,
    people: BTreeMap<Party, Vec<(u32, TeamCandidate<'a>)>>,
    /// The people of a grid, by position among those of the party.
    grids: BTreeMap<(Party, &'a Code), Vec<usize>>,
    first: BTreeMap<PoolTerms<'a>, Rc<FirstBars>>,
    /// Those who are free of first bars and near enough, by position among the people of the party,
    /// ascending.
    near: BTreeMap<(PoolTerms<'a>, &'a Division), Rc<[usize]>>,
}

impl<'a> PoolCounter<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let people: BTreeMap<Party, Vec<_>> =
            plan.parties().map(|party| (party, plan.people(party))).collect();
        let mut grids: BTreeMap<(Party, &Code), Vec<usize>> = BTreeMap::new();
        for (&party, all) in people.iter().filter(|_| plan.policy().team.same_grid) {
            for (place, (_, person)) in all.iter().enumerate() {
                if let Some(grid) = person.grid {
                    grids.entry((party, grid)).or_default().push(place);
                }
            }
        }
        Self { plan, people, grids, first: BTreeMap::new(), near: BTreeMap::new() }
    }

    fn all(&self, party: Party) -> &[(u32, TeamCandidate<'a>)] {
        self.people.get(&party).map_or(&[], Vec::as_slice)
    }

    fn first_bars(&mut self, terms: PoolTerms<'a>) -> Rc<FirstBars> {
        if let Some(known) = self.first.get(&terms) {
            return known.clone();
        }
        let (party, kind, needs, day) = terms;
        let plan = self.plan;
        let bar = |(_, person): &(u32, TeamCandidate<'a>)| {
            plan.dated(person, day)
                .or_else(|| plan.unqualified(person, kind, needs).then_some(Bar::Qualification))
                .or_else(|| plan.kept_from(person, kind).then_some(Bar::Enterprise))
        };
        let bars: Vec<Option<Bar>> = self.all(party).iter().map(bar).collect();
        let (mut counts, mut free) = (BTreeMap::new(), 0);
        for bar in &bars {
            match bar {
                Some(bar) => *counts.entry(*bar).or_default() += 1,
                None => free += 1,
            }
        }
        let found = Rc::new(FirstBars { bars, counts, free });
        self.first.insert(terms, found.clone());
        found
    }

    fn near(
        &mut self,
        terms: PoolTerms<'a>,
        target: &Target<'a>,
        first: &FirstBars,
        candidates: &mut Candidates<'a>,
    ) -> Rc<[usize]> {
        let key = (terms, &target.unit.division);
        if let Some(known) = self.near.get(&key) {
            return known.clone();
        }
        let (party, _, needs, _) = terms;
        let all = self.all(party);
        let general = candidates.general(party, target.unit, needs, Waived::default());
        let place = |number: &u32| all.binary_search_by_key(number, |(number, _)| *number).ok();
        let free = general.iter().filter_map(place).filter(|&place| first.bars[place].is_none());
        let found: Rc<[usize]> = free.collect();
        self.near.insert(key, found.clone());
        found
    }

    /// The pool of a post of a party at a target.
    pub(crate) fn count(
        &mut self,
        party: Party,
        needs: Option<&'a Code>,
        target: &Target<'a>,
        candidates: &mut Candidates<'a>,
    ) -> PoolCount {
        let terms = (party, &target.unit.kind, needs, target.day);
        let first = self.first_bars(terms);
        let near = self.near(terms, target, &first, candidates);
        let length = |count: usize| u64::try_from(count).expect("a length");
        let (mut barred, mut may) = (first.counts.clone(), length(near.len()));
        if first.free > may {
            barred.insert(Bar::Jurisdiction, first.free - may);
        }
        // Only these can be barred in person.
        let all = self.all(party);
        let named = target.recused.iter().chain(&target.last_team);
        let place = |id: &&InspectorId| all.binary_search_by(|(_, person)| person.id.cmp(id)).ok();
        let grid = target.unit.grid.as_ref().and_then(|grid| self.grids.get(&(party, grid)));
        let some: BTreeSet<usize> =
            named.filter_map(place).chain(grid.into_iter().flatten().copied()).collect();
        for place in some.into_iter().filter(|place| near.binary_search(place).is_ok()) {
            if let Some(bar) = self.plan.personal(&all[place].1, target, Waived::default()) {
                *barred.entry(bar).or_default() += 1;
                may -= 1;
            }
        }
        PoolCount { barred, may }
    }
}
