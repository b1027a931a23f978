//! Why: of a pair, of a load, of a whole table.

use super::Assignment;
use super::draw::Cell;
use crate::bytes::Digest;
use crate::id::{Code, InspectorId, UnitId};
use crate::matching::WHOLE;
use crate::plan::{Bar, Party, Plan, Waived};
use crate::policy::TeamRule;
use std::collections::BTreeMap;

/// Why somebody could or could not hold a post at a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// He could, with this chance, in units of 2⁻²⁰; 1 048 576 is certain.
    Chance(u64),
    /// He may, and had no chance: others with smaller loads fill the post.
    Idle,
    /// He may, and has no place in this draw: his cap is 0.
    Full,
    /// He may, and was not on the random shortlist.
    Unlisted,
    /// He is pinned to another post of this visit.
    Pinned,
    /// He may not.
    Barred(Bar),
}

/// The load of an officer or an expert in this draw, and why it is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Visits before the draw.
    pub before: u64,
    /// Expected visits of the draw, in units of 2⁻²⁰: the sum of his chances. Every draw gives its floor or its ceiling.
    pub expected: u64,
    /// Visits of the draw.
    pub drawn: u64,
    /// The block that settles it: those who carry at least as much, because of the posts below.
    pub officers: Vec<InspectorId>,
    /// Visits with posts that nobody cheaper could take more of.
    pub units: Vec<UnitId>,
    /// Places of these posts.
    pub places: u64,
    /// Expected places of these posts that others take, all that they can, in units of 2⁻²⁰. What is left is the block's to carry.
    pub elsewhere: u64,
}

/// The chance table in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Digest of the table.
    pub table: Digest,
    /// Pairs with a chance.
    pub pairs: u64,
    /// Σ −p·log₂ p over all pairs, in thousandths of a bit, rounded down pair by pair in 2⁻¹⁶.
    pub entropy: u64,
    /// The largest chance of a pair, in units of 2⁻²⁰.
    pub largest_pair: u64,
    /// No complete team is more likely than this, in units of 2⁻²⁰ (Spec 14, theorem 8). Where places are vacant, who is left may be.
    pub largest_team: u64,
    /// Expected Σ load², loads before the draw included, in units of 2⁻²⁰.
    pub squares: u128,
    /// The least that any lottery under the same rules and ceilings can reach, as prices prove it. Equal to `squares`, always.
    pub least_squares: u128,
}

impl Assignment<'_> {
    fn plan(&self) -> &Plan {
        self.sample.plan()
    }

    /// The party of a person, and his place in its list.
    fn member(&self, id: &InspectorId) -> Option<(usize, Party, u32)> {
        let roster = self.plan().roster();
        let short = |place: usize| u32::try_from(place).expect("a place in the roster");
        let (party, place) = if let Some(place) = roster.position(id) {
            let department = &roster.inspectors()[place].department;
            let departments = &self.plan().policy().team.departments;
            let number = departments.iter().position(|rule| &rule.department == department)?;
            (Party::Department(number), short(place))
        } else {
            let place = roster.expert_position(id)?;
            (Party::Experts, short(place))
        };
        let number = self.parties.iter().position(|drawn| drawn.party == party)?;
        Some((number, party, place))
    }

    /// Why an officer or an expert could, or could not, go to a drawn unit: one answer for each post of his department there. `None` if the
    /// unit was not drawn, or nobody of this id can be sent.
    #[must_use]
    pub fn explain(&self, inspector: &InspectorId, unit: &UnitId) -> Option<BTreeMap<&Code, Why>> {
        let (number, party, person) = self.member(inspector)?;
        let plan = self.plan();
        let visit = self.teams.visits.binary_search_by(|visit| visit.unit.cmp(unit)).ok()?;
        let found = plan.frame().get(unit)?;
        let target = plan.targets(&[(found, self.teams.visits[visit].day)]).pop()?;
        let known = plan.person(party, person);
        let drawn = &self.parties[number];
        let mut answers = BTreeMap::new();
        for (rule, terms, _) in plan.posts(party, &found.kind) {
            let needs = terms.and_then(|terms| terms.needs.as_ref());
            let why = if let Some(bar) = plan.barred(&known, &target, needs, Waived::default()) {
                Why::Barred(bar)
            } else {
                let posts =
                    drawn.matching.posts.iter().zip(&drawn.rules).filter(|(post, _)| post.visit == visit);
                let of_rule = posts.clone().filter(|(_, of)| **of == rule);
                let listed = of_rule.clone().any(|(post, _)| post.list.binary_search(&person).is_ok());
                let pinned = posts.clone().any(|(post, _)| post.pinned && post.list.contains(&person));
                match self.chance(visit, number, rule, person) {
                    0 if drawn.matching.officers[usize::try_from(person).expect("a place in the roster")]
                        .cap
                        == 0 =>
                    {
                        Why::Full
                    }
                    0 if listed => Why::Idle,
                    0 if pinned => Why::Pinned,
                    0 => Why::Unlisted,
                    chance => Why::Chance(chance),
                }
            };
            answers.insert(terms.map_or(TeamRule::member(), |terms| &terms.post), why);
        }
        Some(answers)
    }

    /// The chance of one pair, in units.
    fn chance(&self, visit: usize, party: usize, post: usize, person: u32) -> u64 {
        let place = self.table.binary_search_by(|cell| cell.place().cmp(&(visit, party, post, person)));
        place.map_or(0, |place| self.table[place].chance())
    }

    /// Expected and drawn visits of everybody who may go somewhere, ascending by id: officers, then experts.
    #[must_use]
    pub fn loads(&self) -> Vec<(&InspectorId, u64, u64)> {
        let mut counts: BTreeMap<&InspectorId, (u64, u64)> = BTreeMap::new();
        let roster = self.plan().roster();
        for drawn in &self.parties {
            for &officer in drawn.components.iter().flat_map(|component| &component.officers) {
                let id = match drawn.party {
                    Party::Department(_) => &roster.inspectors()[officer].id,
                    Party::Experts => &roster.experts()[officer].id,
                };
                counts.insert(id, (0, 0));
            }
        }
        for cell in &self.table {
            counts.entry(cell.names(self.plan()).2).or_default().0 += cell.chance();
        }
        for visit in &self.teams.visits {
            let officers =
                visit.posts.iter().flat_map(|post| post.officers.iter().map(|officer| &officer.id));
            let experts = visit.experts.iter().flat_map(|post| post.experts.iter().map(|guest| &guest.id));
            for id in officers.chain(experts) {
                counts.entry(id).or_default().1 += 1;
            }
        }
        counts.into_iter().map(|(id, (expected, drawn))| (id, expected, drawn)).collect()
    }

    /// The load of one person and the block that settles it. `None` if there is no visit he may go to.
    #[must_use]
    pub fn load(&self, inspector: &InspectorId) -> Option<Load> {
        let (number, party, person) = self.member(inspector)?;
        let person = usize::try_from(person).expect("a place in the roster");
        let drawn = &self.parties[number];
        let component = drawn.components.iter().find(|c| c.officers.binary_search(&person).is_ok())?;
        let price_of =
            |officer: usize| component.officers.binary_search(&officer).map(|place| component.prices[place]);
        let own = price_of(person).ok()?;
        let id = |officer: usize| match party {
            Party::Department(_) => &self.plan().roster().inspectors()[officer].id,
            Party::Experts => &self.plan().roster().experts()[officer].id,
        };
        let dear = component.officers.iter().zip(&component.prices).filter(|(_, price)| **price >= own);
        let officers = dear.map(|(&officer, _)| id(officer).clone()).collect();
        // Posts of one rule at one visit stand in the table as one.
        let dear_posts: BTreeMap<(usize, usize), u64> = component
            .posts
            .iter()
            .zip(&component.post_prices)
            .filter(|(_, price)| **price >= own)
            .map(|(&post, _)| {
                let terms = &drawn.matching.posts[post];
                ((terms.visit, drawn.rules[post]), terms.places)
            })
            .fold(BTreeMap::new(), |mut sums, (key, places)| {
                *sums.entry(key).or_default() += places;
                sums
            });
        let (mut expected, mut elsewhere) = (0, 0);
        for cell in self.table.iter().filter(|cell| cell.place().1 == number) {
            let (visit, _, post, officer) = cell.place();
            let officer = usize::try_from(officer).expect("a place in the roster");
            expected += if officer == person { cell.chance() } else { 0 };
            let cheap = price_of(officer).is_ok_and(|price| price < own);
            elsewhere += if cheap && dear_posts.contains_key(&(visit, post)) { cell.chance() } else { 0 };
        }
        let mut units: Vec<UnitId> =
            dear_posts.keys().map(|(visit, _)| self.teams.visits[*visit].unit.clone()).collect();
        units.dedup();
        let holds = |(at, _, _): &(&InspectorId, u64, u64)| *at == inspector;
        Some(Load {
            before: drawn.matching.officers[person].before,
            expected,
            drawn: self.loads().into_iter().find(holds).map_or(0, |(_, _, drawn)| drawn),
            officers,
            units,
            places: dear_posts.values().sum(),
            elsewhere,
        })
    }

    /// The chance table in a few numbers.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let entropy: u128 = self.table.iter().map(|cell| u128::from(surprisal(cell.chance()))).sum();
        let (mut squares, mut least) = (0u128, 0i128);
        let mut expected: BTreeMap<(usize, u32), u64> = BTreeMap::new();
        for cell in &self.table {
            let (_, party, _, person) = cell.place();
            *expected.entry((party, person)).or_default() += cell.chance();
        }
        for (number, drawn) in self.parties.iter().enumerate() {
            least += drawn.components.iter().map(|component| component.least).sum::<i128>();
            for &person in drawn.components.iter().flat_map(|component| &component.officers) {
                let seat = &drawn.matching.officers[person];
                let key = (number, u32::try_from(person).expect("a place in the roster"));
                let units = expected.get(&key).copied().unwrap_or(0);
                let (whole, part) = (u128::from(seat.before + units / WHOLE), u128::from(units % WHOLE));
                squares += whole * whole * u128::from(WHOLE) + part * (2 * whole + 1);
                least += i128::from(seat.before) * i128::from(seat.before) * i128::from(WHOLE);
            }
        }
        Summary {
            table: self.teams.table,
            pairs: u64::try_from(self.table.len()).expect("a length"),
            entropy: u64::try_from((entropy * 1000) >> 36).unwrap_or(u64::MAX),
            largest_pair: self.table.iter().map(Cell::chance).max().unwrap_or(0),
            largest_team: self.largest_team(),
            squares,
            least_squares: u128::try_from(least).unwrap_or(0),
        }
    }

    /// The product of the largest chances of a post, for as many as it has places, bounds its team; the smallest of the posts bounds the
    /// visit's. The largest of these over all visits, rounded up.
    fn largest_team(&self) -> u64 {
        let mut places: BTreeMap<(usize, usize, usize), u64> = BTreeMap::new();
        for (number, drawn) in self.parties.iter().enumerate() {
            for (post, &rule) in drawn.matching.posts.iter().zip(&drawn.rules) {
                *places.entry((post.visit, number, rule)).or_default() += post.places;
            }
        }
        let mut bounds: BTreeMap<usize, u64> = BTreeMap::new();
        let post = |cell: &Cell| {
            let (visit, party, post, _) = cell.place();
            (visit, party, post)
        };
        for cells in self.table.chunk_by(|a, b| post(a) == post(b)) {
            let key = post(&cells[0]);
            let mut chances: Vec<u64> = cells.iter().map(Cell::chance).collect();
            chances.sort_unstable_by(|a, b| b.cmp(a));
            let wanted = usize::try_from(places[&key]).expect("at most 20");
            let product =
                chances.iter().take(wanted).fold(WHOLE, |product, chance| (product * chance).div_ceil(WHOLE));
            let bound = bounds.entry(key.0).or_insert(WHOLE);
            *bound = (*bound).min(product);
        }
        bounds.into_values().max().unwrap_or(0)
    }
}

/// −x·log₂(x/2²⁰) in 2⁻³⁶ bits, log₂ rounded up to 2⁻¹⁶: digit by digit, by squaring.
fn surprisal(units: u64) -> u64 {
    let whole = units.ilog2();
    // The mantissa, 1 to 2, in 2⁻³¹.
    let mut mantissa = u128::from(units) << (31 - whole);
    let mut log = u64::from(whole);
    for _ in 0..16 {
        mantissa = (mantissa * mantissa) >> 31;
        log <<= 1;
        if mantissa >> 32 > 0 {
            mantissa >>= 1;
            log += 1;
        }
    }
    let most = 20u64 << 16;
    units * most.saturating_sub(log)
}
