//! How teams are made: departments, posts, experts, caps, days, limits, pins, and what must hold between them (Spec 9.1, field `team`).

use super::check::{cited, once};
use super::{Billionths, Policy, listed_kinds};
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::odds::ONE;
use crate::roster::Role;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// How near an officer must work. Each admits what the one before admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Jurisdiction {
    /// One of the officer's divisions covers the unit's.
    Own,
    /// The same city: the neighbouring areas.
    City,
    /// The same province (异地交叉).
    Province,
    /// Anywhere.
    Any,
}

impl Jurisdiction {
    /// The next wider one; `None` for [`Any`](Self::Any).
    #[must_use]
    pub const fn wider(self) -> Option<Self> {
        match self {
            Self::Own => Some(Self::City),
            Self::City => Some(Self::Province),
            Self::Province => Some(Self::Any),
            Self::Any => None,
        }
    }
}

/// Places of one kind at a visit (岗位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostRule {
    /// At which kinds of institutions; absent: at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<Code>>,
    /// The qualification that it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Code>,
    /// How many people hold it, 1 to 20.
    pub places: u64,
    /// Its code. `lead` (组长) leads the visit; `member` (组员) is the post of all others, and has no rule of its own.
    pub post: Code,
}

impl PostRule {
    /// Whether visits to this kind of institution have the post.
    #[must_use]
    pub fn at(&self, kind: &Code) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(kind))
    }

    /// The posts at a kind of institution: place among the rules, the rule (`None` for members), places. Experts have no members, and no
    /// number of `officers` (Spec 11.2, step 2).
    pub(crate) fn all_at<'a>(
        rules: &'a [Self],
        officers: Option<u64>,
        kind: &Code,
    ) -> Vec<(usize, Option<&'a Self>, u64)> {
        let here = rules.iter().enumerate().filter(|(_, rule)| rule.at(kind));
        let mut posts: Vec<_> = here.map(|(number, rule)| (number, Some(rule), rule.places)).collect();
        let held: u64 = posts.iter().map(|(_, _, places)| places).sum();
        let left = officers.map_or(0, |officers| officers.saturating_sub(held));
        posts.extend((left > 0).then_some((rules.len(), None, left)));
        posts
    }
}

/// What a department sends to each visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentRule {
    /// The department.
    pub department: Code,
    /// Officers in all, at least two (行政处罚法 art. 42).
    pub officers: u64,
    /// Posts that some of them hold; the others are members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<PostRule>,
}

/// Experts and third parties (专家, 第三方机构) that accompany a visit. They are no officers and never count as such.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpertRule {
    /// Most visits of one expert in this draw.
    pub cap: u64,
    /// How near they must work.
    pub jurisdiction: Jurisdiction,
    /// Their posts.
    pub posts: Vec<PostRule>,
}

/// Who may not inspect enterprises (涉企行政检查): the rule of 国办发〔2024〕54号 for everybody who is no certified officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseRule {
    /// The roles that stay away.
    pub barred: Vec<Role>,
    /// The rule it comes from.
    pub basis: String,
    /// The kinds of subjects that are enterprises.
    pub kinds: Vec<Code>,
}

/// Caps within the cap of a draw; all in visits, at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// Of an officer on one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u64>,
    /// Of all officers of one office in one department together (and of its experts apart), in this draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<u64>,
    /// Of an officer in one week, Monday to Sunday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<u64>,
}

impl Caps {
    const fn is_empty(&self) -> bool {
        self.day.is_none() && self.office.is_none() && self.week.is_none()
    }
}

/// What makes officers a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// Kin, as declared in the roster.
    Family,
    /// The office or organisation.
    Office,
}

/// At most so many of one group in a post. Across posts of a visit nothing is promised: keep members in one post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What makes a group.
    pub by: GroupBy,
    /// How many, at least 1.
    pub most: u64,
}

/// An officer who goes to a unit without any lot, if it is drawn (指定). Everybody sees it: his chance is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The rule or decision it comes from.
    pub basis: String,
    /// The officer.
    pub inspector: InspectorId,
    /// The post he holds there.
    pub post: Code,
    /// The unit.
    pub unit: UnitId,
}

/// How teams are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamRule {
    /// Most visits of one officer in this draw.
    pub cap: u64,
    /// Caps within it.
    #[serde(default, skip_serializing_if = "Caps::is_empty")]
    pub caps: Caps,
    /// No pair of officer and visit has a higher chance than this, unless a named shortage forces it. Above 0, at most 1.
    pub ceiling: Billionths,
    /// Days on which visits take place: each visit gets one by lot. Absent: visits have no day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Date>,
    /// Departments, the leading one first. Several make a joint visit (部门联合).
    pub departments: Vec<DepartmentRule>,
    /// Which experts stay away from enterprises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprises: Option<EnterpriseRule>,
    /// Experts and third parties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experts: Option<ExpertRule>,
    /// How near officers must work.
    pub jurisdiction: Jurisdiction,
    /// At most so many of one group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// Who goes without lot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// Qualification that every officer needs, by kind of institution.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub qualifications: BTreeMap<Code, Code>,
    /// Whether those who came last time stay away.
    pub rotation: bool,
    /// Whether an officer stays away from units of his own grid.
    pub same_grid: bool,
    /// Names on the random shortlist of every post, where more may go (异地交叉 without listing everybody everywhere): 4 to 10 000. It is
    /// doubled where it does not suffice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortlist: Option<u64>,
}

/// The post of all officers without a particular one, as a code.
static MEMBER_CODE: LazyLock<Code> = LazyLock::new(|| Code::parse(MEMBER).expect("a code"));

impl TeamRule {
    /// Every post of a visit to a kind of institution, as records write them: department (`None` for the experts), post, places.
    pub(crate) fn posts_at(&self, kind: &Code) -> Vec<(Option<&Code>, &Code, u64)> {
        let departments = self
            .departments
            .iter()
            .map(|rule| (Some(&rule.department), &rule.posts[..], Some(rule.officers)));
        let experts = self.experts.iter().map(|experts| (None, &experts.posts[..], None));
        let mut posts = Vec::new();
        for (department, rules, officers) in departments.chain(experts) {
            for (_, rule, places) in PostRule::all_at(rules, officers, kind) {
                posts.push((department, rule.map_or(Self::member(), |rule| &rule.post), places));
            }
        }
        posts
    }

    /// The code of the post of all officers without a particular one.
    #[must_use]
    pub fn member() -> &'static Code {
        &MEMBER_CODE
    }
}

/// The code of the leading post.
pub(crate) const LEAD: &str = "lead";

/// The code of the post of all others.
pub(crate) const MEMBER: &str = "member";

impl Policy {
    pub(super) fn team_problems(&self, note: &mut impl FnMut(&str, String)) {
        let team = &self.team;
        if team.cap > 999_999 {
            note("team.cap", format!("{} is above 999999", team.cap));
        }
        for (name, cap) in [("day", team.caps.day), ("office", team.caps.office), ("week", team.caps.week)] {
            let place = format!("team.caps.{name}");
            if let Some(cap) = cap.filter(|cap| !(1..=999_999).contains(cap)) {
                note(&place, format!("{cap} is not 1 to 999999"));
            }
            if cap.is_some() && name != "office" && team.days.is_empty() {
                note(&place, "has no meaning without team.days: visits have no day".into());
            }
        }
        if team.ceiling.get() == 0 || team.ceiling.get() > ONE {
            note("team.ceiling", format!("{} is not above 0 and at most 1", team.ceiling));
        }
        if !team.days.is_sorted_by(|a, b| a < b) {
            note("team.days", "do not ascend".into());
        }
        let window = self.window;
        for day in team.days.iter().filter(|day| **day < window.from() || **day > window.to()) {
            note("team.days", format!("{day} is outside the window {} to {}", window.from(), window.to()));
        }
        if team.departments.is_empty() {
            note("team.departments", "is empty".into());
        }
        let departments: Vec<&Code> = team.departments.iter().map(|d| &d.department).collect();
        once("team.departments", &departments, &mut *note);
        for (i, rule) in team.departments.iter().enumerate() {
            let place = |field: &str| format!("team.departments[{i}].{field}");
            if !self.roster.departments.contains(&rule.department) {
                note(&place("department"), format!("{} is not among roster.departments", rule.department));
            }
            if !(2..=20).contains(&rule.officers) {
                let law = "is not 2 to 20: the law asks for at least two officers";
                note(&place("officers"), format!("{} {law}", rule.officers));
            }
            self.post_problems(&place("posts"), &rule.posts, i == 0, note);
            for kind in &self.frame.kinds {
                let held = rule.posts.iter().filter(|post| post.at(kind)).map(|post| post.places.min(1000));
                let places: u64 = held.sum();
                if places > rule.officers {
                    note(
                        &place("posts"),
                        format!("have {places} places at {kind}, of {} officers", rule.officers),
                    );
                }
            }
        }
        if let Some(rule) = &team.enterprises {
            if rule.barred.is_empty() || rule.kinds.is_empty() {
                note("team.enterprises", "has no roles or no kinds: it would bar nobody".into());
            }
            once("team.enterprises.barred", &rule.barred, &mut *note);
            listed_kinds("team.enterprises.kinds", &rule.kinds, &self.frame.kinds, note);
            cited("team.enterprises.basis", &rule.basis, note);
        }
        if let Some(experts) = &team.experts {
            if experts.cap > 999_999 {
                note("team.experts.cap", format!("{} is above 999999", experts.cap));
            }
            if experts.posts.is_empty() {
                note("team.experts.posts", "is empty".into());
            }
            self.post_problems("team.experts.posts", &experts.posts, false, note);
        }
        if team.limit.is_some_and(|limit| limit.most == 0) {
            note("team.limit.most", "is 0: nobody of any group could go".into());
        }
        if let Some(shortlist) = team.shortlist.filter(|n| !(4..=10_000).contains(n)) {
            note("team.shortlist", format!("{shortlist} is not 4 to 10000"));
        }
        let posts = || team.departments.iter().flat_map(|rule| &rule.posts).map(|post| post.post.as_str());
        for (i, pin) in team.pins.iter().enumerate() {
            if pin.post.as_str() != MEMBER && !posts().any(|post| post == pin.post.as_str()) {
                note(&format!("team.pins[{i}].post"), format!("{} is a post of no department", pin.post));
            }
            cited(&format!("team.pins[{i}].basis"), &pin.basis, note);
        }
        let pins: Vec<(&UnitId, &InspectorId)> =
            team.pins.iter().map(|pin| (&pin.unit, &pin.inspector)).collect();
        once("team.pins", &pins, note);
        for (kind, qualification) in &team.qualifications {
            if !self.frame.kinds.contains(kind) || !self.roster.qualifications.contains(qualification) {
                let place = format!("team.qualifications.{kind}");
                note(&place, format!("{kind}: {qualification} is not of the vocabularies"));
            }
        }
        let back_check =
            self.population.as_ref().is_some_and(|population| population.visited_since.is_some());
        if back_check && !team.rotation {
            note("team.rotation", "is false, and a back-check is made by officers who were not there".into());
        }
    }

    fn post_problems(
        &self,
        place: &str,
        posts: &[PostRule],
        leads: bool,
        note: &mut impl FnMut(&str, String),
    ) {
        once(place, &posts.iter().map(|post| &post.post).collect::<Vec<_>>(), note);
        for (i, post) in posts.iter().enumerate() {
            let mut wrong = |field: &str, rule: String| note(&format!("{place}[{i}].{field}"), rule);
            if !(1..=20).contains(&post.places) {
                wrong("places", format!("{} is not 1 to 20", post.places));
            }
            match post.post.as_str() {
                MEMBER => wrong("post", "member is the post of all who hold no other".into()),
                LEAD if !leads => wrong("post", "only the first department leads".into()),
                LEAD if post.places != 1 => {
                    wrong("places", format!("{} is not 1: one officer leads", post.places))
                }
                _ => {}
            }
            if post.needs.as_ref().is_some_and(|needs| !self.roster.qualifications.contains(needs)) {
                wrong("needs", "is not among roster.qualifications".into());
            }
            if let Some(kinds) = &post.kinds {
                let distinct: BTreeSet<&Code> = kinds.iter().collect();
                if distinct.len() < kinds.len() {
                    wrong("kinds", "names a kind twice".into());
                }
                let known = !kinds.is_empty() && kinds.iter().all(|kind| self.frame.kinds.contains(kind));
                if !known {
                    wrong("kinds", "is empty, or names a kind that frame.kinds does not".into());
                }
            }
        }
    }
}
