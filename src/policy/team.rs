//! The rules for teams: departments, posts, experts, caps, days, limits and pins, and how they must fit
//! together (Spec 9.1, field `team`).

use super::{Billionths, PolicyTerms, check_named};
use crate::calendar::Date;
use crate::division::{AreaLevel, Divisions};
use crate::id::{Code, Division, InspectorId, UnitId, read_text};
use crate::message::said;
use crate::odds::ONE;
use crate::roster::Role;
use crate::table::{BrokenRules, Field, repeats};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How near to a unit an inspector must work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Jurisdiction {
    /// One of the inspector's divisions covers that of the unit.
    Own,
    /// The same area of this level, as the same city for the neighbouring counties, or the same province
    /// (异地交叉).
    Area(AreaLevel),
    /// Anywhere.
    Any,
}

impl Serialize for Jurisdiction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Own => "own",
            Self::Area(level) => level.as_str(),
            Self::Any => "any",
        })
    }
}

impl<'de> Deserialize<'de> for Jurisdiction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| match text {
            "own" => Ok(Self::Own),
            "any" => Ok(Self::Any),
            text => AreaLevel::named(text)
                .map(Self::Area)
                .ok_or_else(|| AreaLevel::unknown(text, &["own"], &["any"])),
        })
    }
}

impl Jurisdiction {
    /// The next wider one in this list: from the own division level by level outwards, then anywhere. `None`
    /// for [`Any`](Self::Any) (Spec 11.12).
    #[must_use]
    pub fn wider(self, divisions: &Divisions) -> Option<Self> {
        let depth = match self {
            Self::Own => divisions.depth(),
            Self::Area(level) => level.depth(),
            Self::Any => return None,
        };
        Some(divisions.level(depth - 1).map_or(Self::Any, Self::Area))
    }

    /// Whether a division in which a person works is near enough to that of a unit (Spec 11.1).
    #[must_use]
    pub fn reaches(self, divisions: &Divisions, own: &Division, unit: &Division) -> bool {
        match self {
            Self::Own => divisions.covers(own, unit),
            Self::Area(level) => divisions.share(level, own, unit),
            Self::Any => true,
        }
    }
}

/// Places of one kind at a visit (岗位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostRule {
    /// The kinds of institutions that have the post; absent: all kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<Code>>,
    /// The qualification that the post needs besides that of the kind of institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Code>,
    /// How many people hold the post, 1 to 20.
    pub places: u64,
    /// The code of the post. The holder of `lead` (组长) leads the visit. `member` (组员) is the post of all who
    /// hold no other; it has no rule.
    pub post: Code,
}

impl PostRule {
    /// Whether visits to this kind of institution have the post.
    #[must_use]
    pub fn at(&self, kind: &Code) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(kind))
    }

    /// The posts at a kind of institution. Experts have no members, so they have no number of `officers`
    /// (Spec 11.2, step 2).
    pub(crate) fn all_at<'a>(rules: &'a [Self], officers: Option<u64>, kind: &Code) -> Vec<RequiredPost<'a>> {
        let here = rules.iter().enumerate().filter(|(_, rule)| rule.at(kind));
        let mut posts: Vec<RequiredPost<'_>> = here
            .map(|(number, rule)| RequiredPost { number, rule: Some(rule), places: rule.places })
            .collect();
        let held: u64 = posts.iter().map(|post| post.places).sum();
        let members = officers.map_or(0, |officers| officers.saturating_sub(held));
        let member = RequiredPost { number: rules.len(), rule: None, places: members };
        posts.extend((members > 0).then_some(member));
        posts
    }
}

/// A post that a party fills at a visit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequiredPost<'a> {
    /// Position among the post rules of the party; members stand behind them.
    pub(crate) number: usize,
    /// The rule; `None` for members.
    pub(crate) rule: Option<&'a PostRule>,
    /// How many people hold it.
    pub(crate) places: u64,
}

impl<'a> RequiredPost<'a> {
    /// The code of the post.
    pub(crate) fn code(&self) -> &'a Code {
        self.rule.map_or(TeamRule::member(), |rule| &rule.post)
    }

    /// The qualification that the post needs besides that of the kind of institution.
    pub(crate) fn needs(&self) -> Option<&'a Code> {
        self.rule.and_then(|rule| rule.needs.as_ref())
    }
}

/// What a department sends to each visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentRule {
    /// The department.
    pub department: Code,
    /// The number of inspectors, 2 to 20 (行政处罚法 art. 42 asks for at least two); 1 only where
    /// [`TeamRule::alone`] allows it.
    pub officers: u64,
    /// The posts that some of them hold. The others are members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<PostRule>,
}

/// Experts and third parties (专家, 第三方机构) that accompany a visit. They never count as inspectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpertRule {
    /// The most visits of one expert in this draw, at most 999 999.
    pub cap: u64,
    /// How near to a unit they must work.
    pub jurisdiction: Jurisdiction,
    /// Their posts.
    pub posts: Vec<PostRule>,
}

/// The experts who may not take part in inspections of enterprises (涉企行政检查). 国办发〔2024〕54号 asks this of all
/// people who are not certified inspectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseRule {
    /// The roles that are barred.
    pub barred: Vec<Role>,
    /// The legal basis.
    pub basis: String,
    /// The kinds of units that are enterprises.
    pub kinds: Vec<Code>,
}

/// Caps besides the cap of a draw, in visits, 1 to 999 999. Assignment counts them in `assign/caps.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// The most visits of an inspector on one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u64>,
    /// The most visits of all inspectors of one office in one department together, in this draw. Experts of
    /// an organisation are counted apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<u64>,
    /// The most visits of an inspector in one week, Monday to Sunday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<u64>,
}

impl Caps {
    fn is_empty(&self) -> bool {
        self.all().iter().all(|(_, most, _)| most.is_none())
    }

    /// Every cap with its name, and whether it counts visits by their days.
    const fn all(&self) -> [(&'static str, Option<u64>, bool); 3] {
        [("day", self.day, true), ("office", self.office, false), ("week", self.week, true)]
    }
}

/// The property that makes people a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// Kin, as declared in the roster.
    Family,
    /// The office or organisation.
    Office,
}

/// The most people of one group in one post. The limit does not hold across the posts of a visit, so people
/// whom it should separate need the same post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The property that makes a group.
    pub by: GroupBy,
    /// The most people of one group in a post, at least 1.
    pub most: u64,
}

/// An inspector who is sent to a unit without lot if the unit is drawn (指定). The record shows it as a chance
/// of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The rule or decision that asks for the pin.
    pub basis: String,
    /// The inspector.
    pub inspector: InspectorId,
    /// The post of the inspector at the unit.
    pub post: Code,
    /// The unit.
    pub unit: UnitId,
}

/// The rules for teams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamRule {
    /// The rule of the place that allows teams of one, and what it says. With it a department may send one
    /// inspector; without it every department sends two at least. Not where divisions are of GB/T 2260.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<String>,
    /// The most visits of one inspector in this draw, at most 999 999.
    pub cap: u64,
    /// Caps of days, weeks and offices.
    #[serde(default, skip_serializing_if = "Caps::is_empty")]
    pub caps: Caps,
    /// The highest chance of a pair of inspector and visit, unless a named shortage forces a higher one.
    /// Above 0, at most 1.
    pub ceiling: Billionths,
    /// The days on which visits take place, ascending. Each visit gets one by lot. Absent: visits have no
    /// day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Date>,
    /// Departments, the leading one first. Several make a joint visit (部门联合).
    pub departments: Vec<DepartmentRule>,
    /// The experts who are barred from enterprises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprises: Option<EnterpriseRule>,
    /// Experts and third parties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experts: Option<ExpertRule>,
    /// How near to a unit inspectors must work.
    pub jurisdiction: Jurisdiction,
    /// The most people of one group in one post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The inspectors who are sent without lot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// The qualification that every inspector needs, by kind of institution.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub qualifications: BTreeMap<Code, Code>,
    /// Whether the team of the last visit is barred (轮换).
    pub rotation: bool,
    /// Whether inspectors are barred from units of their own grid.
    pub same_grid: bool,
    /// The number of names on the random shortlist of every post for which more people may be sent, 4 to 10
    /// 000. Without it, 异地交叉 would list every inspector everywhere. Where it does not suffice, it is doubled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortlist: Option<u64>,
}

/// The code of the post of all who hold no other.
static MEMBER_CODE: LazyLock<Code> = LazyLock::new(|| Code::parse(MEMBER).expect("a code"));

impl TeamRule {
    /// The posts of a visit to a kind of institution, in the order in which records write them: department
    /// (`None` for the experts), code and places.
    pub(crate) fn posts_at(&self, kind: &Code) -> Vec<(Option<&Code>, &Code, u64)> {
        let departments = self
            .departments
            .iter()
            .map(|rule| (Some(&rule.department), &rule.posts[..], Some(rule.officers)));
        let experts = self.experts.iter().map(|experts| (None, &experts.posts[..], None));
        let mut posts = Vec::new();
        for (department, rules, officers) in departments.chain(experts) {
            let required = PostRule::all_at(rules, officers, kind);
            posts.extend(required.iter().map(|post| (department, post.code(), post.places)));
        }
        posts
    }

    /// The code of the post of all inspectors who hold no other, `member`.
    #[must_use]
    pub fn member() -> &'static Code {
        &MEMBER_CODE
    }
}

/// The code of the leading post.
pub(crate) const LEAD: &str = "lead";

/// The code of the post of all who hold no other.
pub(crate) const MEMBER: &str = "member";

/// The largest cap, in visits.
const LARGEST_CAP: u64 = 999_999;

impl PolicyTerms {
    /// The rules of the field `team`.
    pub(super) fn check_team(&self, broken: &BrokenRules) {
        let (at, team) = (broken.at("team"), &self.team);
        at.field("cap").at_most(team.cap, LARGEST_CAP);
        team.check_caps(&at.field("caps"));
        at.field("ceiling").when(team.ceiling.get() == 0 || team.ceiling.get() > ONE, || {
            said!("document.share", "{share} is not above 0 and at most 1", share = team.ceiling)
        });
        self.check_alone(&at.field("alone"));
        for (name, jurisdiction) in [
            ("jurisdiction", Some(team.jurisdiction)),
            ("experts.jurisdiction", team.experts.as_ref().map(|experts| experts.jurisdiction)),
        ] {
            if let Some(Jurisdiction::Area(level)) = jurisdiction {
                self.check_reach(&at.field(name), level);
            }
        }
        self.check_days(&at.field("days"));
        self.check_departments(&at.field("departments"));
        self.check_enterprises(&at.field("enterprises"));
        self.check_experts(&at.field("experts"));
        at.field("limit.most").when(team.limit.is_some_and(|limit| limit.most == 0), || {
            said!("team.limit_zero", "is 0: no member of any group could go")
        });
        if let Some(shortlist) = team.shortlist {
            at.field("shortlist").in_range(shortlist, &(4..=10_000));
        }
        check_named(&at.field("pins"), self.frame.ids, team.pins.iter().map(|pin| &pin.unit));
        team.check_pins(&at.field("pins"));
        self.check_qualifications(&at.field("qualifications"));
        let back_check = self.population.as_ref().is_some_and(|rule| rule.visited_since.is_some());
        at.field("rotation").when(back_check && !team.rotation, || {
            said!("team.rotation", "is false, and a back-check is made by officers who were not there")
        });
    }

    /// Teams of one: the rule that allows them is named, some team is of one, and the place is not one whose
    /// law asks for two (行政处罚法 art. 42).
    fn check_alone(&self, at: &Field<'_>) {
        let Some(basis) = &self.team.alone else { return };
        at.basis(basis);
        at.when(self.frame.divisions.of_digits(), || {
            said!(
                "team.alone_in_china",
                "allows teams of one, and the divisions are of GB/T 2260: 行政处罚法 art. 42 asks for at least \
                 two officers"
            )
        });
        at.when(self.team.departments.iter().all(|rule| rule.officers > 1), || {
            said!("team.alone_unused", "allows teams of one, and every department sends more: leave it out")
        });
    }

    /// A jurisdiction is wider than the own division.
    fn check_reach(&self, at: &Field<'_>, level: AreaLevel) {
        let divisions = &self.frame.divisions;
        if let Some(misfit) = divisions.misfit(level) {
            return at.note(misfit);
        }
        at.when(level.depth() >= divisions.depth(), || {
            said!("team.reach", "{level} is the division itself: write own", level)
        });
    }

    fn check_days(&self, at: &Field<'_>) {
        let (days, window) = (&self.team.days, self.window);
        at.when(!days.is_sorted_by(|a, b| a < b), || said!("team.days_order", "do not ascend"));
        for day in days {
            at.when(*day < window.from() || *day > window.to(), || {
                said!(
                    "team.day_outside",
                    "{day} is outside the window {from} to {to}",
                    day,
                    from = window.from(),
                    to = window.to()
                )
            });
        }
    }

    fn check_departments(&self, at: &Field<'_>) {
        at.filled(&self.team.departments);
        at.unique(self.team.departments.iter().map(|rule| &rule.department));
        for (number, (at, rule)) in at.entries(&self.team.departments).enumerate() {
            at.field("department").known([&rule.department], &self.roster.departments, "roster.departments");
            let alone = self.team.alone.is_some();
            if alone {
                at.field("officers").in_range(rule.officers, &(1..=20));
            }
            at.field("officers").when(!alone && !(2..=20).contains(&rule.officers), || {
                let officers = rule.officers;
                // 行政处罚法 art. 42 asks for two; of the law of another place nothing is known here.
                if self.frame.divisions.of_digits() {
                    said!(
                        "team.officers",
                        "{officers} is not 2 to 20: the law asks for at least two officers",
                        officers
                    )
                } else {
                    said!(
                        "team.officers_alone",
                        "{officers} is not 2 to 20: for one officer name in team.alone the rule that allows it",
                        officers
                    )
                }
            });
            let at = at.field("posts");
            self.check_posts(&at, &rule.posts, number == 0);
            for kind in &self.frame.kinds {
                let held = rule.posts.iter().filter(|post| post.at(kind)).map(|post| post.places.min(1000));
                let places: u64 = held.sum();
                at.when(places > rule.officers, || {
                    said!(
                        "team.places",
                        "have {places} places at {kind}, of {officers} officers",
                        places,
                        kind,
                        officers = rule.officers
                    )
                });
            }
        }
    }

    fn check_enterprises(&self, at: &Field<'_>) {
        if let Some(rule) = &self.team.enterprises {
            at.when(rule.barred.is_empty() || rule.kinds.is_empty(), || {
                said!("team.bars_nobody", "has no roles or no kinds: it would bar no person")
            });
            at.field("barred").unique(rule.barred.iter().map(|role| role.as_str()));
            at.field("kinds").kinds(&rule.kinds, &self.frame.kinds);
            at.field("basis").basis(&rule.basis);
        }
    }

    fn check_experts(&self, at: &Field<'_>) {
        if let Some(experts) = &self.team.experts {
            at.field("cap").at_most(experts.cap, LARGEST_CAP);
            at.field("posts").filled(&experts.posts);
            self.check_posts(&at.field("posts"), &experts.posts, false);
        }
    }

    /// The posts of one party. Only those of the first department may include the lead.
    fn check_posts(&self, at: &Field<'_>, posts: &[PostRule], may_lead: bool) {
        at.unique(posts.iter().map(|post| &post.post));
        for (at, post) in at.entries(posts) {
            at.field("places").in_range(post.places, &(1..=20));
            match post.post.as_str() {
                MEMBER => at
                    .field("post")
                    .note(said!("team.member_post", "member is the post of all who hold no other")),
                LEAD if !may_lead => {
                    at.field("post").note(said!("team.lead_post", "only the first department leads"))
                }
                LEAD => at.field("places").when(post.places != 1, || {
                    said!("team.lead_places", "{places} is not 1: one officer leads", places = post.places)
                }),
                _ => {}
            }
            let vocabulary = &self.roster.qualifications;
            at.field("needs")
                .when(post.needs.as_ref().is_some_and(|needs| !vocabulary.contains(needs)), || {
                    said!("team.needs", "is not among roster.qualifications")
                });
            if let Some(kinds) = &post.kinds {
                at.field("kinds").when(repeats(kinds.iter().map(Code::as_str)), || {
                    said!("team.kind_twice", "names a kind twice")
                });
                let known = kinds.iter().all(|kind| self.frame.kinds.contains(kind));
                at.field("kinds").when(kinds.is_empty() || !known, || {
                    said!("team.kinds", "is empty, or names a kind that frame.kinds does not")
                });
            }
        }
    }

    fn check_qualifications(&self, at: &Field<'_>) {
        for (kind, qualification) in &self.team.qualifications {
            let known = self.frame.kinds.contains(kind) && self.roster.qualifications.contains(qualification);
            at.field(kind).when(!known, || {
                said!(
                    "team.qualification",
                    "{kind}: {qualification} is not of the vocabularies",
                    kind,
                    qualification
                )
            });
        }
    }
}

impl TeamRule {
    fn check_caps(&self, at: &Field<'_>) {
        for (name, most, by_day) in self.caps.all() {
            let at = at.field(name);
            if let Some(most) = most {
                at.in_range(most, &(1..=LARGEST_CAP));
                at.when(by_day && self.days.is_empty(), || {
                    said!("team.cap_by_day", "has no meaning without team.days: visits have no day")
                });
            }
        }
    }

    fn check_pins(&self, at: &Field<'_>) {
        let posts = || self.departments.iter().flat_map(|rule| &rule.posts).map(|post| post.post.as_str());
        for (at, pin) in at.entries(&self.pins) {
            let known = pin.post.as_str() == MEMBER || posts().any(|post| post == pin.post.as_str());
            at.field("post").when(!known, || {
                said!("team.pin_post", "{post} is a post of no department", post = pin.post)
            });
            at.field("basis").basis(&pin.basis);
        }
        at.unique(self.pins.iter().map(|pin| format!("{} {}", pin.unit, pin.inspector)));
    }
}
