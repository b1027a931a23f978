//! Who may be sent to which unit: the bars of Spec 11.1, for one pair of person and unit and for whole lists.

use super::Plan;
use crate::calendar::{Date, Window};
use crate::frame::Unit;
use crate::id::{Code, Division, InspectorId};
use crate::message::as_text;
use crate::policy::{GroupBy, Jurisdiction, PostRule, RequiredPost};
use crate::roster::{Expert, Inspector, Role};
use serde::{Deserialize, Serialize};
use std::fmt;

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

as_text!(Bar);

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
    pub(super) absences: &'a [Window],
    pub(super) qualifications: &'a [Code],
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

/// The bars that a way out of a shortage waives (Spec 11.12). Recusals have no field here, so they cannot be
/// waived.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Waived {
    pub(crate) rotation: bool,
    pub(crate) jurisdiction: Option<Jurisdiction>,
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
    pub(super) fn undated(
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
    pub(super) fn dated_by(
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

    pub(super) fn jurisdiction(&self, expert: bool, waived: Waived) -> Jurisdiction {
        let team = &self.policy.team;
        let own = match &team.experts {
            Some(experts) if expert => experts.jurisdiction,
            _ => team.jurisdiction,
        };
        waived.jurisdiction.unwrap_or(own)
    }

    fn near(&self, person: &TeamCandidate<'_>, division: &Division, waived: Waived) -> bool {
        let jurisdiction = self.jurisdiction(person.role.is_some(), waived);
        let list = &self.policy.frame.divisions;
        person.divisions.iter().any(|own| jurisdiction.reaches(list, own, division))
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

    /// The posts of a party at a unit (Spec 11.2, step 2): those of its kind, and none where another
    /// authority draws the whole team (Spec 27.2).
    pub(crate) fn posts(&self, party: Party, unit: &Unit) -> Vec<RequiredPost<'_>> {
        if self.policy.dispatches(&unit.division) {
            return Vec::new();
        }
        let officers = match party {
            Party::Department(number) => Some(self.policy.team.departments[number].officers),
            Party::Experts => None,
        };
        PostRule::all_at(self.post_rules(party), officers, &unit.kind)
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
}
