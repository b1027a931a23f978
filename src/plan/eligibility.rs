//! Who may be sent to which unit: the bars of Spec 11.1, for one pair of person and unit and for whole lists.

use super::Plan;
use crate::calendar::{Date, Window};
use crate::frame::Unit;
use crate::id::{Code, Division, InspectorId, UnitId};
use crate::policy::{GroupBy, Jurisdiction, PostRule, RequiredPost};
use crate::roster::{Expert, Inspector, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// Why an inspector of the right department, or an expert, may not be sent to a unit. The variants stand in
/// the order in which the reasons are checked (Spec 11.1); the first that applies is the one given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Bar {
    /// The certificate, or the engagement of an expert, does not cover the day of the visit, or the window
    /// where it has no day.
    Certificate,
    /// An absence holds the day of the visit, or the whole window where it has no day.
    Absence,
    /// The qualification for this kind of institution, or for this post, is missing.
    Qualification,
    /// The role of the expert is barred from enterprises (涉企行政检查). Never waived.
    Enterprise,
    /// None of the inspector's divisions is near enough to the unit.
    Jurisdiction,
    /// A recusal (回避). Never waived.
    Recusal,
    /// The unit lies in the inspector's own grid.
    Grid,
    /// The inspector was in the team of the last visit (轮换).
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

/// An inspector or an expert as a candidate for a visit: what bars and caps depend on.
#[derive(Debug, Clone, Copy)]
pub struct TeamCandidate<'a> {
    pub(crate) id: &'a InspectorId,
    from: Option<Date>,
    until: Date,
    absences: &'a [Window],
    qualifications: &'a [Code],
    divisions: &'a [Division],
    pub(super) grid: Option<&'a Code>,
    /// The role of an expert; `None` for an inspector.
    role: Option<Role>,
    cap: Option<u64>,
    family: Option<&'a Code>,
    /// Visits before the draw.
    pub(crate) load: u64,
    /// The office, or the organisation of an expert.
    pub(crate) office: Option<&'a Code>,
}

impl<'a> From<&'a Inspector> for TeamCandidate<'a> {
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

impl<'a> From<&'a Expert> for TeamCandidate<'a> {
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

/// A unit to visit, with its day and the people whom recusal or rotation may bar from it.
#[derive(Debug, Clone)]
pub(crate) struct Target<'a> {
    pub(crate) unit: &'a Unit,
    pub(crate) day: Option<Date>,
    /// Ascending.
    pub(super) recused: Vec<&'a InspectorId>,
    /// Ascending.
    pub(super) last_team: Vec<&'a InspectorId>,
}

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
        Self { candidate, absences, available }
    }
}

/// The bars that a way out of a shortage waives (Spec 11.12). Recusals have no field here, so they cannot be
/// waived.
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
    /// How many people may hold it.
    pub officers: u64,
    /// How many people it needs.
    pub needed: u64,
}

impl fmt::Display for Understaffed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let party = self.department.as_ref().map_or("experts", Code::as_str);
        let Self { unit, officers, needed, post, .. } = self;
        write!(f, "{unit}: {officers} of {needed} {party} may go there as {post}")
    }
}

/// Who sends people to visits: a department of the policy, by its place, or the experts (Spec 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Party {
    Department(usize),
    Experts,
}

impl Plan {
    /// The bar between an inspector or an expert and a unit, without regard to posts and for every day of the
    /// window; `None` if there is no bar. The department is not checked (Spec 11.1).
    #[must_use]
    pub fn bar<'a>(&self, person: impl Into<TeamCandidate<'a>>, unit: &Unit) -> Option<Bar> {
        self.bar_at(person, unit, None, None)
    }

    /// The bar between an inspector or an expert and a post at a unit. `needs` is the qualification of the
    /// post, `day` the day of the visit; without a day, the bars of every day of the window count (Spec
    /// 11.1).
    #[must_use]
    pub fn bar_at<'a>(
        &self,
        person: impl Into<TeamCandidate<'a>>,
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
            last_team: self.last_team(unit),
        };
        self.barred(&person, &target, needs, Waived::default())
    }

    /// The first bar between a person and a target, in the order of Spec 11.1.
    pub(crate) fn barred(
        &self,
        person: &TeamCandidate<'_>,
        target: &Target<'_>,
        needs: Option<&Code>,
        waived: Waived,
    ) -> Option<Bar> {
        self.dated(person, target.day).or_else(|| self.undated(person, target, needs, waived))
    }

    /// The people of the last visit of a unit, ascending.
    fn last_team(&self, unit: &Unit) -> Vec<&InspectorId> {
        let standing = self.cycle.get(&unit.id);
        let mut team: Vec<&InspectorId> =
            standing.into_iter().flat_map(|standing| &standing.last_team).collect();
        team.sort_unstable();
        team
    }

    /// The first bar that does not depend on the day, in the order of Spec 11.1.
    fn undated(
        &self,
        person: &TeamCandidate<'_>,
        target: &Target<'_>,
        needs: Option<&Code>,
        waived: Waived,
    ) -> Option<Bar> {
        self.unqualified(person, &target.unit.kind, needs)
            .then_some(Bar::Qualification)
            .or_else(|| self.kept_from(person, &target.unit.kind).then_some(Bar::Enterprise))
            .or_else(|| (!self.near(person, &target.unit.division, waived)).then_some(Bar::Jurisdiction))
            .or_else(|| self.personal(person, target, waived))
    }

    /// The bar that depends on the day: certificate or absence.
    pub(super) fn dated(&self, person: &TeamCandidate<'_>, day: Option<Date>) -> Option<Bar> {
        let holds = |first, last| {
            person.absences.iter().any(|away: &Window| away.from() <= first && last <= away.to())
        };
        self.dated_by(person, day, holds)
    }

    /// The same for a caller who knows whether an absence holds all days from one to another.
    fn dated_by(
        &self,
        person: &TeamCandidate<'_>,
        day: Option<Date>,
        absent: impl FnOnce(Date, Date) -> bool,
    ) -> Option<Bar> {
        let window = self.policy.window;
        let (first, last) = day.map_or((window.from(), window.to()), |day| (day, day));
        if person.from.is_some_and(|from| from > first) || person.until < last {
            return Some(Bar::Certificate);
        }
        absent(first, last).then_some(Bar::Absence)
    }

    pub(super) fn unqualified(&self, person: &TeamCandidate<'_>, kind: &Code, needs: Option<&Code>) -> bool {
        let asked = self.policy.team.qualifications.get(kind).filter(|_| person.role.is_none());
        [asked, needs].into_iter().flatten().any(|needed| !person.qualifications.contains(needed))
    }

    /// Whether the role of an expert is barred from this kind of unit (国办发〔2024〕54号).
    pub(super) fn kept_from(&self, person: &TeamCandidate<'_>, kind: &Code) -> bool {
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

    fn near(&self, person: &TeamCandidate<'_>, division: &Division, waived: Waived) -> bool {
        let jurisdiction = self.jurisdiction(person.role.is_some(), waived);
        person.divisions.iter().any(|own| within(jurisdiction, own, division))
    }

    /// The bar that depends on this very person and unit: enterprise, recusal, grid or rotation.
    pub(super) fn personal(
        &self,
        person: &TeamCandidate<'_>,
        target: &Target<'_>,
        waived: Waived,
    ) -> Option<Bar> {
        let team = &self.policy.team;
        if self.kept_from(person, &target.unit.kind) {
            return Some(Bar::Enterprise);
        }
        if target.recused.binary_search(&person.id).is_ok() {
            return Some(Bar::Recusal);
        }
        if team.same_grid && person.grid.is_some() && person.grid == target.unit.grid.as_ref() {
            return Some(Bar::Grid);
        }
        let again = || target.last_team.binary_search(&person.id).is_ok();
        (team.rotation && !waived.rotation && again()).then_some(Bar::Rotation)
    }

    /// Units with their days as targets. `units` must ascend by id, as in the frame.
    pub(crate) fn targets<'a>(&'a self, units: &[(&'a Unit, Option<Date>)]) -> Vec<Target<'a>> {
        let target = |&(unit, day): &(&'a Unit, Option<Date>)| Target {
            unit,
            day,
            recused: Vec::new(),
            last_team: self.last_team(unit),
        };
        let mut targets: Vec<Target<'a>> = units.iter().map(target).collect();
        for recusal in self.roster.recusals() {
            if let Ok(place) = targets.binary_search_by(|target| target.unit.id.cmp(&recusal.unit)) {
                targets[place].recused.push(&recusal.inspector);
            }
        }
        targets.iter_mut().for_each(|target| target.recused.sort_unstable());
        targets
    }

    /// The parties of a draw: the departments, then the experts if the policy asks for any.
    pub(crate) fn parties(&self) -> impl Iterator<Item = Party> {
        let departments = (0..self.policy.team.departments.len()).map(Party::Department);
        departments.chain(self.policy.team.experts.as_ref().map(|_| Party::Experts))
    }

    /// The person of a party at a position in the roster.
    pub(crate) fn person(&self, party: Party, number: u32) -> TeamCandidate<'_> {
        let number = usize::try_from(number).expect("a place in the roster");
        match party {
            Party::Department(_) => TeamCandidate::from(&self.roster.inspectors()[number]),
            Party::Experts => TeamCandidate::from(&self.roster.experts()[number]),
        }
    }

    /// The people of a party, ascending by id, each with the position in the roster.
    pub(crate) fn people(&self, party: Party) -> Vec<(u32, TeamCandidate<'_>)> {
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

    /// The posts of a party at a kind of institution (Spec 11.2, step 2).
    pub(crate) fn posts(&self, party: Party, kind: &Code) -> Vec<RequiredPost<'_>> {
        let officers = match party {
            Party::Department(number) => Some(self.policy.team.departments[number].officers),
            Party::Experts => None,
        };
        PostRule::all_at(self.post_rules(party), officers, kind)
    }

    /// The most visits of an inspector or an expert in this draw.
    #[must_use]
    pub fn cap<'a>(&self, person: impl Into<TeamCandidate<'a>>) -> u64 {
        let (person, team) = (person.into(), &self.policy.team);
        let all = match &team.experts {
            Some(experts) if person.role.is_some() => experts.cap,
            _ => team.cap,
        };
        person.cap.unwrap_or(all)
    }

    /// The group of a person that the limit of posts counts; `None` without a limit or a group.
    pub(crate) fn group<'a>(&self, person: &TeamCandidate<'a>) -> Option<&'a Code> {
        match self.policy.team.limit?.by {
            GroupBy::Family => person.family,
            GroupBy::Office => person.office,
        }
    }

    /// Posts for which fewer people may go to a unit than it needs, for every unit that may be drawn,
    /// ascending by unit: what the office should know before it seals. Where visits get days, a person counts
    /// who may go on one of them.
    #[must_use]
    pub fn understaffed(&self) -> Vec<Understaffed> {
        let drawable =
            self.frame.units().iter().zip(&self.units).filter(|(_, planned)| planned.cell.is_some());
        let units: Vec<(&Unit, Option<Date>)> = drawable.map(|(unit, _)| (unit, None)).collect();
        let mut candidates = Candidates::new(self);
        let mut found = Vec::new();
        for target in self.targets(&units) {
            for party in self.parties() {
                for post in self.posts(party, &target.unit.kind) {
                    let officers = candidates.count(party, &target, post.needs());
                    if officers < post.places {
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
        found
    }
}

/// Whether a division in which a person works is near enough to that of a unit.
fn within(jurisdiction: Jurisdiction, own: &Division, unit: &Division) -> bool {
    match jurisdiction {
        Jurisdiction::Own => own.covers(unit),
        Jurisdiction::City => own.same_city(unit),
        Jurisdiction::Province => own.same_province(unit),
        Jurisdiction::Any => true,
    }
}

/// What a general list depends on: the party, the jurisdiction, the part of the unit's division that this
/// jurisdiction compares, and the qualifications of kind and post.
type ListKey<'a> = (Party, Jurisdiction, &'a str, Option<&'a Code>, Option<&'a Code>);

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

    /// The general list of a post at a unit: the people of the party whom neither qualification nor
    /// jurisdiction bars, as positions in the roster, ascending.
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
        // Who is near enough to the area, without regard to qualifications.
        let near = self.lists.entry((party, jurisdiction, area, None, None)).or_insert_with(|| {
            let homes = match party {
                Party::Department(number) => &self.homes[number],
                Party::Experts => self.homes.last().expect("the experts"),
            };
            let near = homes.iter().filter(|(own, _)| within(jurisdiction, own, &unit.division));
            let mut list: Vec<u32> = near.flat_map(|(_, people)| people.iter().copied()).collect();
            list.sort_unstable();
            list.dedup();
            list.into()
        });
        if (asked, needs) == (None, None) {
            return near.clone();
        }
        let mut list = near.to_vec();
        list.retain(|&number| !plan.unqualified(&self.person(party, number).candidate, &unit.kind, needs));
        let list: Rc<[u32]> = list.into();
        self.lists.insert(key, list.clone());
        list
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

    /// The first bar between a person of a party and a target, as [`Plan::barred`] finds it.
    pub(crate) fn barred(
        &self,
        party: Party,
        number: u32,
        target: &Target<'_>,
        needs: Option<&Code>,
    ) -> Option<Bar> {
        let person = self.person(party, number);
        let rest = || self.plan.undated(&person.candidate, target, needs, Waived::default());
        self.dated(person, target.day).or_else(rest)
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
