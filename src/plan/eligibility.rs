//! Who may go where: the bars of Spec 11.1, one pair at a time and for whole lists.

use super::Plan;
use crate::calendar::{Date, Window};
use crate::frame::Unit;
use crate::id::{Code, Division, InspectorId, UnitId};
use crate::policy::{GroupBy, Jurisdiction, PostRule, TeamRule};
use crate::roster::{Expert, Inspector, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// Why an officer of the right department, or an expert, may not go to a unit, in the order in which the reasons are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Bar {
    /// The certificate, or the engagement of an expert, does not cover the day of the visit, or the window where it has no day.
    Certificate,
    /// An absence holds the day of the visit, or the whole window where it has no day.
    Absence,
    /// The qualification for this kind of institution, or for this post, is missing.
    Qualification,
    /// His role keeps him from enterprises (涉企行政检查): never waived.
    Enterprise,
    /// The unit lies outside the jurisdiction.
    Jurisdiction,
    /// A recusal (回避): never waived.
    Recusal,
    /// The unit lies in the officer's own grid.
    Grid,
    /// He was in the team that came last time (轮换).
    Rotation,
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "certificate",
            Self::Absence => "absence",
            Self::Qualification => "qualification",
            Self::Enterprise => "enterprise",
            Self::Jurisdiction => "jurisdiction",
            Self::Recusal => "recusal",
            Self::Grid => "grid",
            Self::Rotation => "rotation",
        })
    }
}

/// An officer or an expert, as the bars see them.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    pub(crate) id: &'a InspectorId,
    from: Option<Date>,
    until: Date,
    absences: &'a [Window],
    qualifications: &'a [Code],
    divisions: &'a [Division],
    grid: Option<&'a Code>,
    /// What an expert is; `None` for an officer.
    role: Option<Role>,
    cap: Option<u64>,
    family: Option<&'a Code>,
    /// Visits before the draw.
    pub(crate) load: u64,
    /// The office, or the organisation of an expert.
    pub(crate) office: Option<&'a Code>,
}

impl<'a> From<&'a Inspector> for Person<'a> {
    fn from(i: &'a Inspector) -> Self {
        Self {
            id: &i.id,
            from: i.certified_from,
            until: i.certified_until,
            absences: &i.absences,
            qualifications: &i.qualifications,
            divisions: &i.divisions,
            grid: i.grid.as_ref(),
            role: None,
            cap: i.cap,
            family: i.family.as_ref(),
            load: i.load,
            office: i.office.as_ref(),
        }
    }
}

impl<'a> From<&'a Expert> for Person<'a> {
    fn from(e: &'a Expert) -> Self {
        Self {
            id: &e.id,
            from: e.engaged_from,
            until: e.engaged_until,
            absences: &e.absences,
            qualifications: &e.qualifications,
            divisions: &e.divisions,
            grid: None,
            role: Some(e.role),
            cap: e.cap,
            family: e.family.as_ref(),
            load: e.load,
            office: e.organisation.as_ref(),
        }
    }
}

/// A unit that somebody may have to go to, with what is personal about it.
#[derive(Debug, Clone)]
pub(crate) struct Target<'a> {
    pub(crate) unit: &'a Unit,
    pub(crate) day: Option<Date>,
    recused: Vec<&'a InspectorId>,
    last_team: &'a [InspectorId],
}

/// Which bars a way out of a shortage waives. There is no field for a recusal, so none can be waived (Spec 11.12).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Waived {
    pub(crate) rotation: bool,
    pub(crate) jurisdiction: Option<Jurisdiction>,
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
    /// People who may hold it.
    pub officers: u64,
    /// People it needs.
    pub needed: u64,
}

/// Who sends people to visits: a department of the policy, by its place, or the experts (Spec 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Party {
    Department(usize),
    Experts,
}

impl Plan {
    /// What keeps an officer or an expert from a unit, whatever the post and on every day of the window; `None` if he may go. His department is not
    /// looked at (Spec 11.1).
    #[must_use]
    pub fn bar<'a>(&self, person: impl Into<Person<'a>>, unit: &Unit) -> Option<Bar> {
        self.bar_at(person, unit, None, None)
    }

    /// What keeps an officer or an expert from a unit at a post that needs a qualification, on a day; without a day, in the window.
    #[must_use]
    pub fn bar_at<'a>(
        &self,
        person: impl Into<Person<'a>>,
        unit: &Unit,
        needs: Option<&Code>,
        day: Option<Date>,
    ) -> Option<Bar> {
        let person = person.into();
        let recused = self.roster.recused(person.id, &unit.id);
        let target = Target {
            unit,
            day,
            recused: if recused { vec![person.id] } else { Vec::new() },
            last_team: self.cycle.get(&unit.id).map_or(&[], |standing| &standing.last_team),
        };
        self.barred(&person, &target, needs, Waived::default())
    }

    /// The first bar between a person and a target.
    pub(crate) fn barred(
        &self,
        person: &Person<'_>,
        target: &Target<'_>,
        needs: Option<&Code>,
        waived: Waived,
    ) -> Option<Bar> {
        self.dated(person, target.day)
            .or_else(|| self.unqualified(person, &target.unit.kind, needs).then_some(Bar::Qualification))
            .or_else(|| self.kept_from(person, &target.unit.kind).then_some(Bar::Enterprise))
            .or_else(|| (!self.near(person, &target.unit.division, waived)).then_some(Bar::Jurisdiction))
            .or_else(|| self.personal(person, target, waived))
    }

    /// The bars that depend on the day.
    fn dated(&self, person: &Person<'_>, day: Option<Date>) -> Option<Bar> {
        let window = self.policy.window;
        let (first, last) = day.map_or((window.from(), window.to()), |day| (day, day));
        if person.from.is_some_and(|from| from > first) || person.until < last {
            return Some(Bar::Certificate);
        }
        let away = |absence: &Window| absence.from() <= first && last <= absence.to();
        person.absences.iter().any(away).then_some(Bar::Absence)
    }

    fn unqualified(&self, person: &Person<'_>, kind: &Code, needs: Option<&Code>) -> bool {
        let asked = self.policy.team.qualifications.get(kind).filter(|_| person.role.is_none());
        [asked, needs].into_iter().flatten().any(|needed| !person.qualifications.contains(needed))
    }

    /// Whether a role keeps somebody from this kind of subject (国办发〔2024〕54号).
    fn kept_from(&self, person: &Person<'_>, kind: &Code) -> bool {
        let rule = self.policy.team.enterprises.as_ref();
        person
            .role
            .zip(rule)
            .is_some_and(|(role, rule)| rule.barred.contains(&role) && rule.kinds.contains(kind))
    }

    fn jurisdiction(&self, expert: bool, waived: Waived) -> Jurisdiction {
        let team = &self.policy.team;
        let own = match &team.experts {
            Some(experts) if expert => experts.jurisdiction,
            _ => team.jurisdiction,
        };
        waived.jurisdiction.unwrap_or(own)
    }

    fn near(&self, person: &Person<'_>, division: &Division, waived: Waived) -> bool {
        let jurisdiction = self.jurisdiction(person.role.is_some(), waived);
        person.divisions.iter().any(|own| within(jurisdiction, own, division))
    }

    /// The bars between this person and this unit.
    fn personal(&self, person: &Person<'_>, target: &Target<'_>, waived: Waived) -> Option<Bar> {
        let team = &self.policy.team;
        if self.kept_from(person, &target.unit.kind) {
            return Some(Bar::Enterprise);
        }
        if target.recused.contains(&person.id) {
            return Some(Bar::Recusal);
        }
        if team.same_grid && person.grid.is_some() && person.grid == target.unit.grid.as_ref() {
            return Some(Bar::Grid);
        }
        (team.rotation && !waived.rotation && target.last_team.contains(person.id)).then_some(Bar::Rotation)
    }

    /// Units with their days as targets, in their order: ascending by id, as in the frame.
    pub(crate) fn targets<'a>(&'a self, units: &[(&'a Unit, Option<Date>)]) -> Vec<Target<'a>> {
        let target = |&(unit, day): &(&'a Unit, Option<Date>)| Target {
            unit,
            day,
            recused: Vec::new(),
            last_team: self.cycle.get(&unit.id).map_or(&[], |standing| &standing.last_team),
        };
        let mut targets: Vec<Target<'a>> = units.iter().map(target).collect();
        for recusal in self.roster.recusals() {
            if let Ok(place) = targets.binary_search_by(|target| target.unit.id.cmp(&recusal.unit)) {
                targets[place].recused.push(&recusal.inspector);
            }
        }
        targets
    }

    /// Who sends people: the departments, then the experts if the policy asks for any.
    pub(crate) fn parties(&self) -> impl Iterator<Item = Party> {
        let departments = (0..self.policy.team.departments.len()).map(Party::Department);
        departments.chain(self.policy.team.experts.as_ref().map(|_| Party::Experts))
    }

    /// A person of a party by his place in the roster.
    pub(crate) fn person(&self, party: Party, number: u32) -> Person<'_> {
        let number = usize::try_from(number).expect("a place in the roster");
        match party {
            Party::Department(_) => Person::from(&self.roster.inspectors()[number]),
            Party::Experts => Person::from(&self.roster.experts()[number]),
        }
    }

    /// The people of a party, ascending by id, each with the position in the roster.
    pub(crate) fn people(&self, party: Party) -> Vec<(u32, Person<'_>)> {
        match self.department(party) {
            Some(department) => {
                let all = (0..).zip(self.roster.inspectors());
                let own = all.filter(|(_, inspector)| &inspector.department == department);
                own.map(|(number, inspector)| (number, inspector.into())).collect()
            }
            None => {
                let all = (0..).zip(self.roster.experts());
                all.map(|(number, expert)| (number, expert.into())).collect()
            }
        }
    }

    /// The department of a party, if it is one.
    pub(crate) fn department(&self, party: Party) -> Option<&Code> {
        match party {
            Party::Department(number) => Some(&self.policy.team.departments[number].department),
            Party::Experts => None,
        }
    }

    /// The rules of a party's posts.
    pub(crate) fn post_rules(&self, party: Party) -> &[PostRule] {
        match party {
            Party::Department(number) => &self.policy.team.departments[number].posts,
            Party::Experts => self.policy.team.experts.as_ref().map_or(&[], |experts| &experts.posts),
        }
    }

    /// The posts of a party at a kind of institution: place among its rules, the rule (`None` for members), places (Spec 11.2, step 2).
    pub(crate) fn posts(&self, party: Party, kind: &Code) -> Vec<(usize, Option<&PostRule>, u64)> {
        let officers = match party {
            Party::Department(number) => Some(self.policy.team.departments[number].officers),
            Party::Experts => None,
        };
        PostRule::all_at(self.post_rules(party), officers, kind)
    }

    /// The most visits of an officer or an expert in this draw.
    #[must_use]
    pub fn cap<'a>(&self, person: impl Into<Person<'a>>) -> u64 {
        let (person, team) = (person.into(), &self.policy.team);
        let all = match &team.experts {
            Some(experts) if person.role.is_some() => experts.cap,
            _ => team.cap,
        };
        person.cap.unwrap_or(all)
    }

    /// The group that counts for the limit of posts, if the policy has one.
    pub(crate) fn group<'a>(&self, person: &Person<'a>) -> Option<&'a Code> {
        match self.policy.team.limit?.by {
            GroupBy::Family => person.family,
            GroupBy::Office => person.office,
        }
    }

    /// Posts of units that may be drawn for which too few people may go: what the office should know before it
    /// seals. Where visits get days, whoever may go on one of them counts. Ascending by unit.
    #[must_use]
    pub fn understaffed(&self) -> Vec<Understaffed> {
        let drawable =
            self.frame.units().iter().zip(&self.units).filter(|(_, planned)| planned.cell.is_some());
        let units: Vec<(&Unit, Option<Date>)> = drawable.map(|(unit, _)| (unit, None)).collect();
        let mut candidates = Candidates::new(self);
        let mut found = Vec::new();
        for target in self.targets(&units) {
            for party in self.parties() {
                for (_, rule, needed) in self.posts(party, &target.unit.kind) {
                    let needs = rule.and_then(|rule| rule.needs.as_ref());
                    let days = &self.policy.team.days;
                    let may = |person: &Person<'_>| match days.as_slice() {
                        [] => self.dated(person, None).is_none(),
                        days => days.iter().any(|&day| self.dated(person, Some(day)).is_none()),
                    };
                    let list = candidates.general(party, target.unit, needs, Waived::default());
                    let people =
                        list.iter().map(|&number| candidates.person(party, number)).filter(|person| {
                            may(person) && self.personal(person, &target, Waived::default()).is_none()
                        });
                    let officers = u64::try_from(people.count()).expect("a length");
                    if officers < needed {
                        found.push(Understaffed {
                            unit: target.unit.id.clone(),
                            department: self.department(party).cloned(),
                            post: rule.map_or(TeamRule::member(), |rule| &rule.post).clone(),
                            officers,
                            needed,
                        });
                    }
                }
            }
        }
        found
    }
}

/// Whether a division of an officer is near enough to a unit's.
fn within(jurisdiction: Jurisdiction, own: &Division, unit: &Division) -> bool {
    match jurisdiction {
        Jurisdiction::Own => own.covers(unit),
        Jurisdiction::City => own.same_city(unit),
        Jurisdiction::Province => own.same_province(unit),
        Jurisdiction::Any => true,
    }
}

/// What a list of people depends on: the party, how near, the part of the unit's division that this looks at, qualifications.
type Key<'a> = (Party, Jurisdiction, &'a str, Option<&'a Code>, Option<&'a Code>);

/// Lists of people by party, area and qualifications, made once and then thinned by what is personal.
#[derive(Debug)]
pub(crate) struct Candidates<'a> {
    plan: &'a Plan,
    inspectors: Vec<Person<'a>>,
    experts: Vec<Person<'a>>,
    /// Who works in each division.
    homes: BTreeMap<Party, BTreeMap<&'a Division, Vec<u32>>>,
    /// Who is near enough to an area, whatever he is qualified for.
    near: BTreeMap<(Party, Jurisdiction, &'a str), Rc<[u32]>>,
    lists: BTreeMap<Key<'a>, Rc<[u32]>>,
}

impl<'a> Candidates<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let roster = &plan.roster;
        let mut homes: BTreeMap<Party, BTreeMap<&Division, Vec<u32>>> = BTreeMap::new();
        let departments = &plan.policy.team.departments;
        let number_of: BTreeMap<&Code, usize> =
            departments.iter().enumerate().map(|(number, rule)| (&rule.department, number)).collect();
        let mut note = |party, number: u32, divisions: &'a [Division]| {
            for division in divisions {
                homes.entry(party).or_default().entry(division).or_default().push(number);
            }
        };
        for (number, inspector) in (0..).zip(roster.inspectors()) {
            if let Some(&department) = number_of.get(&inspector.department) {
                note(Party::Department(department), number, &inspector.divisions);
            }
        }
        for (number, expert) in (0..).zip(roster.experts()) {
            note(Party::Experts, number, &expert.divisions);
        }
        Self {
            plan,
            inspectors: roster.inspectors().iter().map(Person::from).collect(),
            experts: roster.experts().iter().map(Person::from).collect(),
            homes,
            near: BTreeMap::new(),
            lists: BTreeMap::new(),
        }
    }

    /// A person of a party by his place in the roster.
    pub(crate) fn person(&self, party: Party, number: u32) -> &Person<'a> {
        let number = usize::try_from(number).expect("a place in the roster");
        match party {
            Party::Department(_) => &self.inspectors[number],
            Party::Experts => &self.experts[number],
        }
    }

    /// Places in the roster of the people of a party whom neither qualification nor jurisdiction bars from a post at this unit;
    /// ascending by id.
    pub(crate) fn general(
        &mut self,
        party: Party,
        unit: &'a Unit,
        needs: Option<&'a Code>,
        waived: Waived,
    ) -> Rc<[u32]> {
        let plan = self.plan;
        let jurisdiction = plan.jurisdiction(party == Party::Experts, waived);
        let whole = unit.division.as_str();
        let area = match jurisdiction {
            Jurisdiction::Own => whole,
            Jurisdiction::City if whole.ends_with("0000") => whole,
            Jurisdiction::City => &whole[..4],
            Jurisdiction::Province => &whole[..2],
            Jurisdiction::Any => "",
        };
        let asked = plan.policy.team.qualifications.get(&unit.kind).filter(|_| party != Party::Experts);
        let key = (party, jurisdiction, area, asked, needs);
        if let Some(list) = self.lists.get(&key) {
            return list.clone();
        }
        let homes = &self.homes;
        let near = self.near.entry((party, jurisdiction, area)).or_insert_with(|| {
            let homes = homes.get(&party).into_iter().flatten();
            let near = homes.filter(|(own, _)| within(jurisdiction, own, &unit.division));
            let mut list: Vec<u32> = near.flat_map(|(_, people)| people.iter().copied()).collect();
            list.sort_unstable();
            list.dedup();
            list.into()
        });
        let near = near.clone();
        let mut list = near.to_vec();
        list.retain(|&number| !plan.unqualified(self.person(party, number), &unit.kind, needs));
        let list: Rc<[u32]> = list.into();
        self.lists.insert(key, list.clone());
        list
    }

    /// Whether somebody of a general list may go to the target.
    pub(crate) fn may(&self, party: Party, number: u32, target: &Target<'_>, waived: Waived) -> bool {
        let person = self.person(party, number);
        self.plan.dated(person, target.day).is_none() && self.plan.personal(person, target, waived).is_none()
    }

    /// Places in the roster of the people of a general list who are there in the window, whatever is personal.
    pub(crate) fn present(&mut self, party: Party, unit: &'a Unit) -> Vec<u32> {
        let list = self.general(party, unit, None, Waived::default());
        let days = &self.plan.policy.team.days;
        let there = |person: &Person<'_>| match days.as_slice() {
            [] => self.plan.dated(person, None).is_none(),
            days => days.iter().any(|&day| self.plan.dated(person, Some(day)).is_none()),
        };
        list.iter().copied().filter(|&number| there(self.person(party, number))).collect()
    }
}
