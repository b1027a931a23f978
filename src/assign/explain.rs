//! Explanations of an assignment: of one pair, of one load, of the whole chance table.

use super::Assignment;
use super::draw::{ChanceLine, PartyDraw};
use crate::bytes::Digest;
use crate::id::{Code, InspectorId, UnitId};
use crate::matching::{Component, WHOLE};
use crate::plan::{Bar, Party, Plan, Waived};
use std::collections::BTreeMap;

/// Why an inspector or an expert could, or could not, hold a post at a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// There was a chance, in units of 2⁻²⁰; 1 048 576 is certain.
    Chance(u64),
    /// There is no bar, and the chance was 0: people with smaller loads fill the post.
    Idle,
    /// There is no bar, but the cap of the inspector is 0 in this draw.
    Full,
    /// There is no bar, but the inspector was not on the random shortlist.
    Unlisted,
    /// The inspector is pinned to another post of this visit.
    Pinned,
    /// The inspector may not go.
    Barred(Bar),
}

/// Expected and drawn visits of one inspector or expert in this draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawLoad<'a> {
    /// The inspector, or the expert.
    pub inspector: &'a InspectorId,
    /// Expected visits, in units of 2⁻²⁰.
    pub expected: u64,
    /// Visits drawn: the floor or the ceiling of the expected ones.
    pub drawn: u64,
}

/// The load of an inspector or an expert in this draw, and the reason for its size.
///
/// The reason is a block of posts and people. People outside the block take as much of these posts as they
/// can, so the people of the block carry the rest, as evenly as possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Visits before the draw.
    pub before: u64,
    /// Expected visits of the draw, in units of 2⁻²⁰: the sum of the chances. Every draw gives the floor or
    /// the ceiling of it.
    pub expected: u64,
    /// Visits of the draw.
    pub drawn: u64,
    /// The people of the block, ascending: those with at least this load who share the posts of `units`.
    pub officers: Vec<InspectorId>,
    /// The visits with posts of the block, ascending. No officer with a smaller load can take more of these
    /// posts.
    pub units: Vec<UnitId>,
    /// The places of the posts of the block.
    pub places: u64,
    /// Expected places of these posts that people outside the block take, in units of 2⁻²⁰. They can take no
    /// more.
    pub elsewhere: u64,
}

/// The chance table in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSummary {
    /// Digest of the table.
    pub table: Digest,
    /// Pairs with a chance.
    pub pairs: u64,
    /// Σ −p·log₂ p over all pairs, in thousandths of a bit. Each pair is rounded down in 2⁻¹⁶.
    pub entropy: u64,
    /// The largest chance of a pair, in units of 2⁻²⁰.
    pub largest_pair: u64,
    /// An upper bound of the chance of any complete team, in units of 2⁻²⁰ (Spec 14, theorem 8). It does not
    /// bound teams with vacancies.
    pub largest_team: u64,
    /// Expected Σ load², loads before the draw included, in units of 2⁻²⁰.
    pub squares: u128,
    /// The least such sum of any lottery under the same rules and ceilings, as the prices prove it. It always
    /// equals `squares`.
    pub least_squares: u128,
}

/// An inspector or an expert as a member of a party.
#[derive(Clone, Copy)]
struct PartyMember<'a> {
    /// Position of the party in the draw.
    position: usize,
    drawn: &'a PartyDraw,
    /// Position of the member in the roster.
    number: u32,
}

impl PartyMember<'_> {
    fn index(&self) -> usize {
        usize::try_from(self.number).expect("a position in the roster")
    }
}

/// The block of posts and people that settles the load of one inspector: those with at least his price (Spec
/// 11.7).
struct LoadBlock<'a> {
    component: &'a Component,
    /// The price of the inspector.
    price: i64,
    /// The places of the posts, by visit, party and post rule: the extra post of a pin stands in the table
    /// with its post.
    places: BTreeMap<(usize, usize, usize), u64>,
}

impl<'a> LoadBlock<'a> {
    /// `None` if there is no visit to which the member may go.
    fn of(member: PartyMember<'a>) -> Option<Self> {
        let PartyMember { position, drawn, .. } = member;
        let number = member.index();
        let component = drawn.components.iter().find(|c| c.officers.binary_search(&number).is_ok())?;
        let price = price(component, number)?;
        let mut places = BTreeMap::new();
        for (&post, _) in component.posts.iter().zip(&component.post_prices).filter(|(_, of)| **of >= price) {
            let terms = &drawn.matching.posts[post];
            *places.entry((terms.visit, position, drawn.rules[post])).or_default() += terms.places;
        }
        Some(Self { component, price, places })
    }

    /// The people of the block, as positions in the roster, ascending.
    fn people(&self) -> impl Iterator<Item = usize> {
        let priced = self.component.officers.iter().zip(&self.component.prices);
        priced.filter(|(_, price)| **price >= self.price).map(|(&number, _)| number)
    }

    /// Whether a line of the table gives a post of the block to a person outside it.
    fn gives_away(&self, line: &ChanceLine) -> bool {
        let number = usize::try_from(line.number()).expect("a position in the roster");
        let outside = price(self.component, number).is_some_and(|price| price < self.price);
        outside && self.places.contains_key(&(line.visit(), line.party(), line.rule()))
    }
}

/// The price of a person in a component: what one more place there costs.
fn price(component: &Component, number: usize) -> Option<i64> {
    component.officers.binary_search(&number).ok().map(|place| component.prices[place])
}

impl Assignment<'_> {
    fn plan(&self) -> &Plan {
        self.sample.plan()
    }

    /// An inspector or an expert as a member of a party of this draw.
    fn member(&self, id: &InspectorId) -> Option<PartyMember<'_>> {
        let roster = self.plan().roster();
        let (party, number) = if let Some(number) = roster.position(id) {
            let department = &roster.inspectors()[number].department;
            let departments = &self.plan().policy().team.departments;
            let position = departments.iter().position(|rule| &rule.department == department)?;
            (Party::Department(position), number)
        } else {
            (Party::Experts, roster.expert_position(id)?)
        };
        let position = self.parties.iter().position(|drawn| drawn.party == party)?;
        let number = u32::try_from(number).expect("a position in the roster");
        Some(PartyMember { position, drawn: &self.parties[position], number })
    }

    /// Why an inspector or an expert could, or could not, be sent to a drawn unit: one answer for each post
    /// of the party there. `None` if the unit was not drawn, or if no party of this draw has the id.
    #[must_use]
    pub fn explain(&self, inspector: &InspectorId, unit: &UnitId) -> Option<BTreeMap<&Code, Why>> {
        let member = self.member(inspector)?;
        let plan = self.plan();
        let visit = self.teams.visits.binary_search_by(|visit| visit.unit.cmp(unit)).ok()?;
        let found = plan.frame().get(unit)?;
        let target = plan.targets(&[(found, self.teams.visits[visit].day)]).pop()?;
        let person = plan.person(member.drawn.party, member.number);
        let mut answers = BTreeMap::new();
        for post in plan.posts(member.drawn.party, found) {
            let why = match plan.barred(&person, &target, post.needs(), Waived::default()) {
                Some(bar) => Why::Barred(bar),
                None => self.why(member, visit, post.number),
            };
            answers.insert(post.code(), why);
        }
        Some(answers)
    }

    /// The answer for a person whom no bar keeps from a post.
    fn why(&self, member: PartyMember<'_>, visit: usize, rule: usize) -> Why {
        let PartyMember { drawn, number, .. } = member;
        let chance = self.chance(visit, member.position, rule, number);
        if chance > 0 {
            return Why::Chance(chance);
        }
        if drawn.matching.officers[member.index()].cap == 0 {
            return Why::Full;
        }
        let mut posts = drawn.matching.posts.iter().zip(&drawn.rules).filter(|(post, _)| post.visit == visit);
        if posts.clone().any(|(post, of)| *of == rule && post.list.binary_search(&number).is_ok()) {
            return Why::Idle;
        }
        if posts.any(|(post, _)| post.pinned && post.list.contains(&number)) {
            Why::Pinned
        } else {
            Why::Unlisted
        }
    }

    /// The chance of one pair, in units of 2⁻²⁰.
    fn chance(&self, visit: usize, party: usize, rule: usize, number: u32) -> u64 {
        let key = |line: &ChanceLine| (line.visit(), line.party(), line.rule(), line.number());
        let found = self.table.binary_search_by(|line| key(line).cmp(&(visit, party, rule, number)));
        found.map_or(0, |found| self.table[found].chance())
    }

    /// Expected and drawn visits of all people who may be sent to some unit of the sample, ascending by id.
    #[must_use]
    pub fn loads(&self) -> Vec<DrawLoad<'_>> {
        let mut loads: BTreeMap<&InspectorId, DrawLoad<'_>> = BTreeMap::new();
        let roster = self.plan().roster();
        for drawn in &self.parties {
            for &number in drawn.components.iter().flat_map(|component| &component.officers) {
                let inspector = match drawn.party {
                    Party::Department(_) => &roster.inspectors()[number].id,
                    Party::Experts => &roster.experts()[number].id,
                };
                loads.insert(inspector, DrawLoad { inspector, expected: 0, drawn: 0 });
            }
        }
        let mut add = |inspector, expected, drawn| {
            let load = loads.entry(inspector).or_insert(DrawLoad { inspector, expected: 0, drawn: 0 });
            load.expected += expected;
            load.drawn += drawn;
        };
        for line in &self.table {
            add(line.inspector(self.plan()), line.chance(), 0);
        }
        for visit in &self.teams.visits {
            visit.posts.iter().flat_map(|post| &post.officers).for_each(|officer| add(&officer.id, 0, 1));
            visit.experts.iter().flat_map(|post| &post.experts).for_each(|expert| add(&expert.id, 0, 1));
        }
        loads.into_values().collect()
    }

    /// The load of one inspector or expert, and the block that settles it. `None` if there is no visit to
    /// which the person may be sent.
    #[must_use]
    pub fn load(&self, inspector: &InspectorId) -> Option<Load> {
        let member = self.member(inspector)?;
        let block = LoadBlock::of(member)?;
        let (mut expected, mut elsewhere) = (0, 0);
        for line in self.table.iter().filter(|line| line.party() == member.position) {
            expected += if line.number() == member.number { line.chance() } else { 0 };
            elsewhere += if block.gives_away(line) { line.chance() } else { 0 };
        }
        let roster = self.plan().roster();
        let id = |number: usize| match member.drawn.party {
            Party::Department(_) => roster.inspectors()[number].id.clone(),
            Party::Experts => roster.experts()[number].id.clone(),
        };
        let mut units: Vec<UnitId> =
            block.places.keys().map(|(visit, _, _)| self.teams.visits[*visit].unit.clone()).collect();
        units.dedup();
        let own = self.loads().into_iter().find(|load| load.inspector == inspector);
        Some(Load {
            before: member.drawn.matching.officers[member.index()].before,
            expected,
            drawn: own.map_or(0, |load| load.drawn),
            officers: block.people().map(id).collect(),
            units,
            places: block.places.values().sum(),
            elsewhere,
        })
    }

    /// The chance table in a few numbers.
    #[must_use]
    pub fn summary(&self) -> TableSummary {
        let entropy: u128 = self.table.iter().map(|line| u128::from(surprisal(line.chance()))).sum();
        let (mut squares, mut least) = (0u128, 0i128);
        // By party and place in the roster.
        let people = self.parties.iter().map(|drawn| drawn.matching.officers.len());
        let mut expected: Vec<Vec<u64>> = people.map(|people| vec![0; people]).collect();
        for line in &self.table {
            let person = usize::try_from(line.number()).expect("a place in the roster");
            expected[line.party()][person] += line.chance();
        }
        for (number, drawn) in self.parties.iter().enumerate() {
            least += drawn.components.iter().map(|component| component.least).sum::<i128>();
            for &person in drawn.components.iter().flat_map(|component| &component.officers) {
                let seat = &drawn.matching.officers[person];
                let units = expected[number][person];
                let (whole, part) = (u128::from(seat.before + units / WHOLE), u128::from(units % WHOLE));
                squares += whole * whole * u128::from(WHOLE) + part * (2 * whole + 1);
                least += i128::from(seat.before) * i128::from(seat.before) * i128::from(WHOLE);
            }
        }
        TableSummary {
            table: self.teams.table,
            pairs: u64::try_from(self.table.len()).expect("a length"),
            entropy: u64::try_from((entropy * 1000) >> 36).unwrap_or(u64::MAX),
            largest_pair: self.table.iter().map(ChanceLine::chance).max().unwrap_or(0),
            largest_team: self.largest_team(),
            squares,
            least_squares: u128::try_from(least).unwrap_or(0),
        }
    }

    /// An upper bound of the chance of any complete team, rounded up. The product of the largest chances of a
    /// post, one for each place, bounds the chance of its holders. The smallest of these products bounds the
    /// team of a visit.
    fn largest_team(&self) -> u64 {
        let mut places: BTreeMap<(usize, usize, usize), u64> = BTreeMap::new();
        for (number, drawn) in self.parties.iter().enumerate() {
            for (post, &rule) in drawn.matching.posts.iter().zip(&drawn.rules) {
                *places.entry((post.visit, number, rule)).or_default() += post.places;
            }
        }
        let mut largest = 0;
        let post = |line: &ChanceLine| (line.visit(), line.party(), line.rule());
        for visit in self.table.chunk_by(|a, b| a.visit() == b.visit()) {
            let mut bound = WHOLE;
            for lines in visit.chunk_by(|a, b| post(a) == post(b)) {
                let mut chances: Vec<u64> = lines.iter().map(ChanceLine::chance).collect();
                chances.sort_unstable();
                let wanted = usize::try_from(places[&post(&lines[0])]).expect("at most 20");
                let most = chances.iter().rev().take(wanted);
                bound = bound.min(most.fold(WHOLE, |product, chance| (product * chance).div_ceil(WHOLE)));
            }
            largest = largest.max(bound);
        }
        largest
    }
}

/// −x·log₂(x/2²⁰) in 2⁻³⁶ bits. The logarithm is rounded up to 2⁻¹⁶; squaring gives its binary digits one by
/// one.
fn surprisal(units: u64) -> u64 {
    let whole = units.ilog2();
    // The mantissa, at least 1 and below 2, in 2⁻³¹.
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
