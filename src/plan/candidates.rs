//! Who may be sent where, for whole lists: the people of every area with their qualifications, and what is
//! asked of a person for every target.

use super::Plan;
use super::eligibility::{Bar, Party, Target, TeamCandidate, Waived};
use crate::calendar::{Date, Window};
use crate::frame::Unit;
use crate::id::{Code, Division, UnitId};
use crate::message::{Coded, Message, said};
use crate::policy::Jurisdiction;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// The absences of a person, ascending, each with the last day of the longest one up to it: whether one of
/// them holds a day or a window is then a binary search. A person can have thousands.
#[derive(Debug)]
struct AbsenceIndex(Vec<(Date, Date)>);

impl AbsenceIndex {
    fn new(absences: &[Window]) -> Self {
        let mut ends: Vec<(Date, Date)> = absences.iter().map(|away| (away.from(), away.to())).collect();
        ends.sort_unstable();
        for place in 1..ends.len() {
            ends[place].1 = ends[place].1.max(ends[place - 1].1);
        }
        Self(ends)
    }

    /// Whether one absence holds all days from the first to the last.
    fn holds(&self, first: Date, last: Date) -> bool {
        let begun = self.0.partition_point(|(from, _)| *from <= first);
        begun > 0 && last <= self.0[begun - 1].1
    }
}

/// A person of the roster with what is asked of him for every target.
#[derive(Debug)]
struct RosterPerson<'a> {
    candidate: TeamCandidate<'a>,
    absences: AbsenceIndex,
    /// Ascending.
    qualifications: Vec<&'a Code>,
    /// Whether he may go on one of the days of the policy, or in the window where it has no days.
    available: bool,
}

impl<'a> RosterPerson<'a> {
    fn new(plan: &Plan, candidate: TeamCandidate<'a>) -> Self {
        let absences = AbsenceIndex::new(candidate.absences);
        let at = |day| plan.dated_by(&candidate, day, |first, last| absences.holds(first, last)).is_none();
        let available = match plan.policy.team.days.as_slice() {
            [] => at(None),
            days => days.iter().any(|&day| at(Some(day))),
        };
        let mut qualifications: Vec<&Code> = candidate.qualifications.iter().collect();
        qualifications.sort_unstable();
        Self { candidate, absences, qualifications, available }
    }
}

/// What a general list depends on: the party, the jurisdiction, what this jurisdiction compares of the unit's
/// division, and the qualifications of kind and post.
type ListKey<'a> = (Party, Jurisdiction, (u64, bool), Option<&'a Code>, Option<&'a Code>);

/// General lists of people by party, area and qualifications. Each list is made once; the personal bars are
/// checked afterwards.
#[derive(Debug)]
pub(crate) struct Candidates<'a> {
    plan: &'a Plan,
    inspectors: Vec<RosterPerson<'a>>,
    experts: Vec<RosterPerson<'a>>,
    /// The people who work in each division, by party: the departments in the policy's order, and then the
    /// experts.
    homes: Vec<BTreeMap<&'a Division, Vec<u32>>>,
    lists: BTreeMap<ListKey<'a>, Rc<[u32]>>,
    /// The lengths of lists that were only counted.
    lengths: BTreeMap<ListKey<'a>, u64>,
}

impl<'a> Candidates<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let roster = &plan.roster;
        let departments = &plan.policy.team.departments;
        let mut homes: Vec<BTreeMap<&Division, Vec<u32>>> = vec![BTreeMap::new(); departments.len() + 1];
        let number_of: BTreeMap<&Code, usize> =
            departments.iter().enumerate().map(|(number, rule)| (&rule.department, number)).collect();
        let mut note = |party: usize, number: u32, divisions: &'a [Division]| {
            for division in divisions {
                homes[party].entry(division).or_default().push(number);
            }
        };
        for (number, inspector) in (0..).zip(roster.inspectors()) {
            if let Some(&department) = number_of.get(&inspector.department) {
                note(department, number, &inspector.divisions);
            }
        }
        for (number, expert) in (0..).zip(roster.experts()) {
            note(departments.len(), number, &expert.divisions);
        }
        Self {
            plan,
            inspectors: roster.inspectors().iter().map(|i| RosterPerson::new(plan, i.into())).collect(),
            experts: roster.experts().iter().map(|e| RosterPerson::new(plan, e.into())).collect(),
            homes,
            lists: BTreeMap::new(),
            lengths: BTreeMap::new(),
        }
    }

    /// The person of a party at a position in the roster.
    fn person(&self, party: Party, number: u32) -> &RosterPerson<'a> {
        let number = usize::try_from(number).expect("a place in the roster");
        match party {
            Party::Department(_) => &self.inspectors[number],
            Party::Experts => &self.experts[number],
        }
    }

    /// What the general list of a post at a unit depends on.
    fn key(&self, party: Party, unit: &'a Unit, needs: Option<&'a Code>, waived: Waived) -> ListKey<'a> {
        let jurisdiction = self.plan.jurisdiction(party == Party::Experts, waived);
        let list = &self.plan.policy.frame.divisions;
        // Who is near enough follows from the area of the level, and from whether the unit lies below it: a
        // city without counties is the area of its townships and of itself, and only the city as a whole
        // covers the counties that it has besides.
        let area = match jurisdiction {
            Jurisdiction::Own => (list.key(&unit.division, list.depth()), false),
            Jurisdiction::Area(level) => {
                let depth = level.depth();
                (list.key(&unit.division, depth), list.at(&unit.division, depth) == unit.division)
            }
            Jurisdiction::Any => (0, false),
        };
        let asked = self.plan.policy.team.qualifications.get(&unit.kind).filter(|_| party != Party::Experts);
        (party, jurisdiction, area, asked, needs)
    }

    /// The people who are near enough to the area of a list, without regard to qualifications.
    fn near(&mut self, (party, jurisdiction, area, ..): ListKey<'a>, unit: &'a Unit) -> Rc<[u32]> {
        let homes = match party {
            Party::Department(number) => &self.homes[number],
            Party::Experts => self.homes.last().expect("the experts"),
        };
        let list = &self.plan.policy.frame.divisions;
        let near = self.lists.entry((party, jurisdiction, area, None, None)).or_insert_with(|| {
            let near = homes.iter().filter(|(own, _)| jurisdiction.reaches(list, own, &unit.division));
            let mut list: Vec<u32> = near.flat_map(|(_, people)| people.iter().copied()).collect();
            list.sort_unstable();
            list.dedup();
            list.into()
        });
        near.clone()
    }

    /// Whether a person has the qualifications of a list.
    fn qualified(&self, (party, _, _, asked, needs): ListKey<'a>, number: u32) -> bool {
        let own = &self.person(party, number).qualifications;
        [asked, needs].into_iter().flatten().all(|needed| own.binary_search(&needed).is_ok())
    }

    /// The general list of a post at a unit: the people of the party whom neither qualification nor
    /// jurisdiction bars, as positions in the roster, ascending.
    pub(crate) fn general(
        &mut self,
        party: Party,
        unit: &'a Unit,
        needs: Option<&'a Code>,
        waived: Waived,
    ) -> Rc<[u32]> {
        let key = self.key(party, unit, needs, waived);
        if let Some(list) = self.lists.get(&key) {
            return list.clone();
        }
        let near = self.near(key, unit);
        if (key.3, key.4) == (None, None) {
            return near;
        }
        let mut list = near.to_vec();
        list.retain(|&number| self.qualified(key, number));
        let list: Rc<[u32]> = list.into();
        self.lists.insert(key, list.clone());
        list
    }

    /// The number of people on a general list, without the list.
    pub(crate) fn length(&mut self, party: Party, unit: &'a Unit, needs: Option<&'a Code>) -> u64 {
        let key = self.key(party, unit, needs, Waived::default());
        if let Some(&length) = self.lengths.get(&key) {
            return length;
        }
        let near = self.near(key, unit);
        let length = match key {
            (.., None, None) => near.len(),
            _ => near.iter().filter(|&&number| self.qualified(key, number)).count(),
        };
        let length = u64::try_from(length).expect("a length");
        self.lengths.insert(key, length);
        length
    }

    /// Whether no other bar keeps a person of a general list from the target.
    pub(crate) fn may(&self, party: Party, number: u32, target: &Target<'_>, waived: Waived) -> bool {
        let person = self.person(party, number);
        self.dated(person, target.day).is_none()
            && self.plan.personal(&person.candidate, target, waived).is_none()
    }

    /// The bar that depends on the day, as [`Plan::barred`] finds it.
    fn dated(&self, person: &RosterPerson<'_>, day: Option<Date>) -> Option<Bar> {
        let absences = &person.absences;
        self.plan.dated_by(&person.candidate, day, |first, last| absences.holds(first, last))
    }

    /// The people of a general list who are available in the window, as positions in the roster. Personal
    /// bars are not checked.
    pub(crate) fn present(&mut self, party: Party, unit: &'a Unit) -> Vec<u32> {
        let list = self.general(party, unit, None, Waived::default());
        list.iter().copied().filter(|&number| self.person(party, number).available).collect()
    }

    /// How many people of a party may hold a post at a target, on any day.
    fn count(&mut self, party: Party, target: &Target<'a>, needs: Option<&'a Code>) -> u64 {
        let list = self.general(party, target.unit, needs, Waived::default());
        let may = |&&number: &&u32| {
            let person = self.person(party, number);
            person.available && self.plan.personal(&person.candidate, target, Waived::default()).is_none()
        };
        u64::try_from(list.iter().filter(may).count()).expect("a length")
    }
}

/// A post for which fewer people may go to a unit than it has places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understaffed {
    /// The unit.
    pub unit: UnitId,
    /// The department; `None` for the experts.
    pub department: Option<Code>,
    /// The post.
    pub post: Code,
    /// How many people may hold it.
    pub officers: u64,
    /// How many people it needs.
    pub needed: u64,
}

impl fmt::Display for Understaffed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl Coded for Understaffed {
    fn message(&self) -> Message {
        let Self { unit, department, post, officers, needed } = self;
        match department {
            Some(department) => said!(
                "understaffed.department",
                "{unit}: {officers} of {needed} {department} may go there as {post}",
                unit,
                officers,
                needed,
                department,
                post
            ),
            None => said!(
                "understaffed.experts",
                "{unit}: {officers} of {needed} experts may go there as {post}",
                unit,
                officers,
                needed,
                post
            ),
        }
    }
}

impl Plan {
    /// Posts for which fewer people may go to a unit than it needs, for every unit that may be drawn,
    /// ascending by unit: what the office should know before it seals. Where visits get days, a person counts
    /// who may go on one of them.
    #[must_use]
    pub fn understaffed(&self) -> Vec<Understaffed> {
        self.understaffed_up_to(usize::MAX).0
    }

    /// The first of these posts, and how many there are besides.
    pub(crate) fn understaffed_up_to(&self, most: usize) -> (Vec<Understaffed>, u64) {
        let drawable =
            self.frame.units().iter().zip(&self.units).filter(|(_, planned)| planned.cell.is_some());
        let units: Vec<(&Unit, Option<Date>)> = drawable.map(|(unit, _)| (unit, None)).collect();
        let mut candidates = Candidates::new(self);
        let (mut found, mut left_off) = (Vec::new(), 0);
        for target in self.targets(&units) {
            for party in self.parties() {
                for post in self.posts(party, target.unit) {
                    let officers = candidates.count(party, &target, post.needs());
                    if officers < post.places && found.len() == most {
                        left_off += 1;
                    } else if officers < post.places {
                        found.push(Understaffed {
                            unit: target.unit.id.clone(),
                            department: self.department(party).cloned(),
                            post: post.code().clone(),
                            officers,
                            needed: post.places,
                        });
                    }
                }
            }
        }
        (found, left_off)
    }
}
