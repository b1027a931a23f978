//! What a record says about its teams beside the visits, held against the visits and the policy (Spec 13,
//! check `statements`): chances, raised ceilings, widened shortlists, pins, shortages.

use super::posts::held;
use super::report::{Comparison, differ, differs};
use super::words;
use crate::assign::{ShortageStatement, Visit, WayOut};
use crate::id::{Code, InspectorId, UnitId};
use crate::matching::WHOLE;
use crate::message::{Message, Plain, said};
use crate::odds::ONE;
use crate::plan::Bar;
use crate::policy::{Jurisdiction, PostRule, TeamRule};
use crate::record::Record;
use std::collections::{BTreeMap, BTreeSet};

/// A party of the policy: its place, experts last.
type PartyPlace = usize;

/// The check `statements`.
pub(super) fn statements(record: &Record) -> Comparison {
    let teams = Statements::new(record);
    let short = teams.shortages()?;
    let raised = teams.raised(&short)?;
    teams.widened()?;
    teams.pins(&short)?;
    teams.chances(&short, &raised)
}

/// The posts of all shortages.
#[derive(Default)]
struct ShortPosts<'a> {
    /// The visits that have one, by party.
    visits: BTreeSet<(PartyPlace, &'a UnitId)>,
    /// The posts, of whatever party.
    posts: BTreeSet<(&'a UnitId, &'a Code)>,
}

/// The ceilings above the policy's, by party and unit, in units of 2⁻²⁰.
type Ceilings<'a> = BTreeMap<(PartyPlace, &'a UnitId), u64>;

struct Statements<'a> {
    record: &'a Record,
    team: &'a TeamRule,
    visits: BTreeMap<&'a UnitId, &'a Visit>,
    /// The policy's ceiling, in units of 2⁻²⁰ (Spec 11.6).
    ceiling: u64,
}

impl<'a> Statements<'a> {
    fn new(record: &'a Record) -> Self {
        let team = &record.policy.team;
        let ceiling = u128::from(team.ceiling.get()) * u128::from(WHOLE) / u128::from(ONE);
        Self {
            record,
            team,
            visits: record.teams.visits.iter().map(|visit| (&visit.unit, visit)).collect(),
            ceiling: u64::try_from(ceiling).unwrap_or(WHOLE),
        }
    }

    /// The place of a party: of a department of the policy, or of its experts.
    fn party(&self, what: &Message, department: Option<&Code>) -> Result<PartyPlace, Message> {
        let departments = &self.team.departments;
        let found = match department {
            Some(department) => departments.iter().position(|rule| rule.department == *department),
            None => self.team.experts.as_ref().map(|_| departments.len()),
        };
        found.ok_or_else(|| {
            let expected = said!("expected.party_of_policy", "of a party of the policy");
            differs(what.clone(), expected, words::party(department))
        })
    }

    /// Units of one statement: visited, ascending, at least one.
    fn units(&self, what: &Message, units: &[UnitId]) -> Comparison {
        let known = !units.is_empty()
            && units.is_sorted_by(|a, b| a < b)
            && units.iter().all(|unit| self.visits.contains_key(unit));
        if known {
            return Ok(());
        }
        let found = Plain::join(units.iter().take(5).map(UnitId::as_str), " ");
        differ(
            what.clone(),
            said!("expected.units_of_visits", "units of visits, ascending, at least one"),
            found,
        )
    }

    /// Spec 11.6: every ceiling is one of the eight steps above the policy's, each party names a visit once,
    /// and no visit that stands in a shortage.
    fn raised(&self, short: &ShortPosts<'a>) -> Result<Ceilings<'a>, Message> {
        let what = said!("compared.raised_ceiling", "a raised ceiling");
        let mut found = Ceilings::new();
        let (mut last, left) = (0, WHOLE.saturating_sub(self.ceiling));
        for entry in &self.record.teams.raised {
            let party = self.party(&what, entry.department.as_ref())?;
            self.units(&what, &entry.units)?;
            let step = (1..=8).any(|k| entry.ceiling == self.ceiling + left * k / 8);
            if party < last || !step || entry.ceiling <= self.ceiling {
                let expected =
                    said!("expected.ceiling_step", "a step above team.ceiling, in the order of the parties");
                differ(what.clone(), expected, entry.ceiling)?;
            }
            last = party;
            for unit in &entry.units {
                let in_shortage = short.visits.contains(&(party, unit));
                if in_shortage || found.insert((party, unit), entry.ceiling).is_some() {
                    let expected =
                        said!("expected.named_once_no_shortage", "of visits named once, and in no shortage");
                    differ(what.clone(), expected, unit)?;
                }
            }
        }
        Ok(found)
    }

    /// Spec 11.2, step 5: every length is a doubling of the policy's shortlist, and each party names a visit
    /// once.
    fn widened(&self) -> Comparison {
        let what = said!("compared.widened_shortlist", "a widened shortlist");
        let mut named: BTreeSet<(PartyPlace, &UnitId)> = BTreeSet::new();
        let mut last = (0, 0);
        for entry in &self.record.teams.widened {
            let party = self.party(&what, entry.department.as_ref())?;
            self.units(&what, &entry.units)?;
            let doubled = |list: u64| (1..=40).any(|w| list.checked_mul(1 << w) == Some(entry.shortlist));
            if !self.team.shortlist.is_some_and(doubled) || (party, entry.shortlist) <= last {
                let expected = said!(
                    "expected.doublings",
                    "doublings of team.shortlist, ascending in the order of the parties"
                );
                return differ(what, expected, entry.shortlist);
            }
            last = (party, entry.shortlist);
            if let Some(twice) = entry.units.iter().find(|unit| !named.insert((party, unit))) {
                return differ(what, said!("expected.named_once", "of visits named once"), twice);
            }
        }
        Ok(())
    }

    /// Spec 11.2, step 3: a pin of a visited unit is kept, has lapsed, or its post stands in a shortage.
    fn pins(&self, short: &ShortPosts<'a>) -> Comparison {
        // By visit, then in the policy's order: the sort is stable.
        let mut pins: Vec<_> =
            self.team.pins.iter().filter_map(|pin| Some((*self.visits.get(&pin.unit)?, pin))).collect();
        pins.sort_by_key(|(visit, _)| &visit.unit);
        let mut lapsed = self.record.teams.lapsed.iter().peekable();
        for (visit, pin) in pins {
            let held = || held(visit).filter(|held| held.department.is_some() && *held.post == pin.post);
            let kept = held().any(|held| held.people.contains(&&pin.inspector));
            let missing = short.posts.contains(&(&pin.unit, &pin.post));
            let gone =
                lapsed.next_if(|own| (&own.unit, &own.inspector) == (&pin.unit, &pin.inspector)).is_some();
            if (kept && gone) || !(kept || gone || missing) {
                let (person, unit) = (&pin.inspector, &pin.unit);
                let what = said!("compared.pin", "the pin of {person} at {unit}", person, unit);
                let found = if kept {
                    said!("found.both", "both")
                } else {
                    said!("found.neither", "neither, and no shortage of the post")
                };
                return differ(what, said!("expected.kept_or_lapsed", "kept, or lapsed"), found);
            }
        }
        match lapsed.next() {
            None => Ok(()),
            Some(other) => {
                let expected = said!(
                    "expected.lapsed_order",
                    "those of visits, each once, by visit and in the order of team.pins"
                );
                differ(words::lapsed_pins(), expected, words::person_at(&other.inspector, &other.unit))
            }
        }
    }

    /// Spec 11.6 and 11.9: chances are above 0, at most the ceiling of the visit; of who is pinned, one.
    fn chances(&self, short: &ShortPosts<'a>, raised: &Ceilings<'a>) -> Comparison {
        let posts = |visit: &'a Visit| {
            let officers = visit.posts.iter().flat_map(|post| {
                post.officers
                    .iter()
                    .map(|person| (Some(&post.department), &post.post, &person.id, person.chance))
            });
            let experts = visit.experts.iter().flat_map(|post| {
                post.experts.iter().map(|person| (None, &post.post, &person.id, person.chance))
            });
            officers.chain(experts)
        };
        let pinned: BTreeSet<(&UnitId, &InspectorId, &Code)> =
            self.team.pins.iter().map(|pin| (&pin.unit, &pin.inspector, &pin.post)).collect();
        for visit in &self.record.teams.visits {
            for (department, post, person, chance) in posts(visit) {
                let party = self.party(&said!("compared.post", "a post"), department)?;
                let at = (party, &visit.unit);
                let is_pinned = department.is_some() && pinned.contains(&(&visit.unit, person, post));
                let most = match raised.get(&at) {
                    _ if is_pinned || short.visits.contains(&at) => WHOLE,
                    Some(ceiling) => *ceiling,
                    None => self.ceiling,
                };
                let least = if is_pinned && !short.visits.contains(&at) { WHOLE } else { 1 };
                if !(least..=most).contains(&chance) {
                    let what = said!(
                        "compared.chance",
                        "the chance of {person} at {unit}",
                        person,
                        unit = visit.unit
                    );
                    return differ(what, words::from_to(least, most), chance);
                }
            }
        }
        Ok(())
    }

    /// Every shortage is one of posts that there are, in words and numbers that can be. The vacancies are
    /// compared by `teams`.
    fn shortages(&self) -> Result<ShortPosts<'a>, Message> {
        let what = words::shortage();
        let mut found = ShortPosts::default();
        let mut last = 0;
        for shortage in &self.record.teams.shortages {
            let party = self.party(&what, shortage.department.as_ref())?;
            if party < last {
                let expected = said!("expected.party_order", "in the order of the parties");
                differ(what.clone(), expected, words::party(shortage.department.as_ref()))?;
            }
            last = party;
            self.posts(shortage, party, &mut found)?;
            let (need, can_fill) = (shortage.need, shortage.can_fill);
            if can_fill >= need {
                let expected =
                    said!("expected.fewer_places", "fewer places that can be filled than are needed");
                let found = said!("found.places_of", "{can_fill} of {need}", can_fill, need);
                differ(what.clone(), expected, found)?;
            }
            if !shortage.officers.is_sorted_by(|a, b| a < b) {
                let what = said!("compared.shortage_officers", "the officers of a shortage");
                differ(
                    what,
                    said!("expected.ascending_once", "ascending, each once"),
                    words::another_order(),
                )?;
            }
            self.losses(shortage, party)?;
            self.ways_out(shortage)?;
        }
        Ok(found)
    }

    /// The post rules of a party.
    fn rules(&self, party: PartyPlace) -> &'a [PostRule] {
        let experts = self.team.experts.as_ref().map_or(&[][..], |experts| &experts.posts);
        self.team.departments.get(party).map_or(experts, |rule| &rule.posts)
    }

    fn posts(
        &self,
        shortage: &'a ShortageStatement,
        party: PartyPlace,
        found: &mut ShortPosts<'a>,
    ) -> Comparison {
        let rules = self.rules(party);
        let place = |post: &Code| {
            let known = rules.iter().position(|rule| rule.post == *post);
            known.or_else(|| (post == TeamRule::member()).then_some(rules.len()))
        };
        let places: Vec<Option<usize>> = shortage.posts.iter().map(|post| place(&post.post)).collect();
        if places.is_empty() || places.contains(&None) || !places.is_sorted_by(|a, b| a < b) {
            let what = said!("compared.shortage_posts", "the posts of a shortage");
            let expected = said!("expected.party_posts", "posts of the party in the policy's order");
            return differ(what, expected, words::others());
        }
        let mut own: BTreeSet<(&UnitId, &Code)> = BTreeSet::new();
        for post in &shortage.posts {
            self.units(&said!("compared.shortage_visits", "the visits of a shortage"), &post.units)?;
            for unit in &post.units {
                let department = shortage.department.as_ref();
                let has = held(self.visits[unit]).any(|h| h.department == department && *h.post == post.post);
                if !has {
                    let expected = said!("expected.post_of_unit", "of a post of {unit}", unit);
                    return differ(words::shortage(), expected, &post.post);
                }
                own.insert((unit, &post.post));
                found.visits.insert((party, unit));
            }
        }
        for limited in &shortage.limits {
            if self.team.limit.is_none() || !own.contains(&(&limited.unit, &limited.post)) {
                let what = said!("compared.shortage_limit", "a limit of a shortage");
                let expected = said!("expected.team_limit", "of team.limit, at one of its posts");
                return differ(what, expected, &limited.unit);
            }
        }
        let mut limits: Vec<_> = shortage.limits.iter().collect();
        limits.sort_unstable();
        limits.dedup();
        if limits.len() < shortage.limits.len() {
            let what = said!("compared.shortage_limits", "the limits of a shortage");
            return differ(
                what,
                said!("expected.each_once", "each once"),
                said!("found.one_twice", "one twice"),
            );
        }
        found.posts.extend(own);
        Ok(())
    }

    /// Losses count pairs of a post and a person of the roster, for reasons that the policy knows.
    fn losses(&self, shortage: &ShortageStatement, party: PartyPlace) -> Comparison {
        let (team, experts) = (self.team, shortage.department.is_none());
        let possible = |bar: Bar| match bar {
            Bar::Certificate | Bar::Absence | Bar::Recusal => true,
            Bar::Qualification => {
                let asked = !experts && !team.qualifications.is_empty();
                asked || self.rules(party).iter().any(|rule| rule.needs.is_some())
            }
            Bar::Enterprise => experts && team.enterprises.is_some(),
            Bar::Jurisdiction => self.jurisdiction(experts) != Jurisdiction::Any,
            Bar::Grid => team.same_grid && !experts,
            Bar::Rotation => team.rotation,
        };
        let posts: u128 = shortage.posts.iter().map(|post| post.units.len() as u128).sum();
        let most = posts.saturating_mul(u128::from(self.record.seal.roster.size));
        let all: u128 = shortage.losses.values().map(|count| u128::from(*count)).sum();
        let wrong = shortage.losses.iter().find(|(bar, count)| **count == 0 || !possible(**bar));
        match wrong {
            Some((bar, count)) => {
                let expected = said!("expected.loss_reason", "for a reason of the policy, at least 1");
                let found = said!("found.loss", "{count} by {bar}", bar, count);
                differ(said!("compared.shortage_loss", "a loss of a shortage"), expected, found)
            }
            None if all > most => {
                let what = said!("compared.shortage_losses", "the losses of a shortage");
                differ(what, words::at_most(most), all)
            }
            None => Ok(()),
        }
    }

    fn jurisdiction(&self, experts: bool) -> Jurisdiction {
        let own = self.team.experts.as_ref().filter(|_| experts);
        own.map_or(self.team.jurisdiction, |experts| experts.jurisdiction)
    }

    /// Spec 11.12: the ways that are tried, and none leaves more missing than without it.
    fn ways_out(&self, shortage: &ShortageStatement) -> Comparison {
        let own = self.jurisdiction(shortage.department.is_none());
        let next = own.wider(&self.record.policy.frame.divisions);
        let population = self.record.policy.population.as_ref();
        let back_check = population.is_some_and(|population| population.visited_since.is_some());
        let tried = [
            (WayOut::Anywhere, next.is_some_and(|next| next != Jurisdiction::Any)),
            (WayOut::Cap, true),
            (WayOut::Jurisdiction, own != Jurisdiction::Any),
            (WayOut::Rotation, self.team.rotation && !back_check),
        ];
        let expected = tried.iter().filter(|(_, tried)| *tried).map(|(way, _)| way);
        let missing = shortage.need.saturating_sub(shortage.can_fill);
        if shortage.ways_out.keys().eq(expected) && shortage.ways_out.values().all(|left| *left <= missing) {
            return Ok(());
        }
        let found =
            Plain::join(shortage.ways_out.iter().map(|(way, n)| format!("{way:?} {n}").to_lowercase()), " ");
        let expected = said!("expected.each_way", "each that is tried, at most {most}", most = missing);
        differ(said!("compared.shortage_ways", "the ways out of a shortage"), expected, found)
    }
}
