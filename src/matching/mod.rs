//! **The chance table**: who goes where with what chance (Spec 11.3 to 11.9).
//!
//! [`table`] turns lists of who may hold which post into exact chances, without any randomness. The chances
//! are feasible if that is possible. Loads are as level as they can be, and chances are spread as evenly as
//! the loads allow. Everything is an integer, and nothing here touches a seed: [`Component::draw`] in the
//! [lot](crate::lot::coins) rounds the chances to teams.

mod classes;
mod components;
mod flow;
mod layout;
mod levels;
mod members;
mod spread;

use crate::bytes::batch;
pub(crate) use components::places;
pub use components::{component_with, components};
pub(crate) use flow::{index, short};
use layout::Layout;
use levels::Block;
use std::collections::{BTreeMap, BTreeSet};

/// One place on a team, in units of chance: 2²⁰ (Spec 1.3).
pub const WHOLE: u64 = 1 << BITS;

/// Bits of a chance, and so rounds of coins.
pub(crate) const BITS: u32 = 20;

/// The day of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The number of its week. A later day is in the same week or a later one.
    pub week: u32,
    /// The number of the day, ascending with the date.
    pub number: u32,
}

/// Places of one kind at one visit (岗位).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The visit.
    pub visit: usize,
    /// Number of officers wanted, at least one.
    pub places: u64,
    /// The officers who may hold it, ascending.
    pub list: Vec<u32>,
    /// The most officers of one group among its holders.
    pub limit: Option<u64>,
    /// Whether the only officer of the list goes for certain. The ceiling does not apply here, and no other
    /// post of the visit lists him.
    pub pinned: bool,
}

/// The spans of days within which a seat may have a cap: the day, then the week. A span lies within one of
/// the next kind. The layers of the networks follow this order (Spec 11.4 and 11.10).
pub(crate) const SPANS: [fn(Day) -> u32; 2] = [|day| day.number, |day| day.week];

/// What a draw knows of an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Seat {
    /// Most visits in this draw.
    pub cap: u64,
    /// Most visits on one day.
    pub day_cap: Option<u64>,
    /// Most visits in one week.
    pub week_cap: Option<u64>,
    /// Visits made before, at most 10⁶. Loads are levelled over these, too.
    pub before: u64,
    /// The group, if posts may limit the officers of one group.
    pub group: Option<usize>,
    /// The office, if it has a cap of its own, as a place in [`Matching::offices`].
    pub office: Option<usize>,
}

impl Seat {
    /// The caps within [`SPANS`], in the order of the spans.
    pub(crate) const fn span_caps(&self) -> [Option<u64>; SPANS.len()] {
        [self.day_cap, self.week_cap]
    }
}

/// Who may go where, for one department or for the experts. Visits, posts and officers are numbers. Those of
/// visits and officers ascend with their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matching {
    /// The day of every visit, if it has one.
    pub visits: Vec<Option<Day>>,
    /// Posts, by visit.
    pub posts: Vec<Demand>,
    /// Officers.
    pub officers: Vec<Seat>,
    /// For each office, the most places that its officers fill together.
    pub offices: Vec<u64>,
    /// The ceiling of a pair's chance in units, 1 to [`WHOLE`]. It is raised only where a post could not be
    /// filled otherwise.
    pub ceiling: u64,
}

/// Posts that cannot all be filled, and all officers who may hold one of them (Spec 11.6). Counting checks
/// the statement. Without any part of it the shortage is smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// The posts, ascending.
    pub posts: Vec<usize>,
    /// The officers, ascending.
    pub officers: Vec<usize>,
    /// Posts and groups whose limit keeps more places from being filled.
    pub limits: Vec<(usize, usize)>,
    /// Places these posts want.
    pub need: u64,
    /// Places that can be filled.
    pub can_fill: u64,
}

/// Visits at which some chance is above the ceiling, because a post could not be filled otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The ceiling used, in units.
    pub ceiling: u64,
    /// The visits, ascending.
    pub visits: Vec<usize>,
}

/// The chance of one pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The post.
    pub post: u32,
    /// The officer. A number from the number of officers on is that of the empty chairs of a shortage.
    pub officer: u32,
    /// Chance in units, above 0; of empty chairs the places that they are expected to fill.
    pub chance: u32,
}

/// Visits and officers that no chain of lists and offices connects with the others (Spec 11.3). A component
/// has coins of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Component {
    /// The visits, ascending. The first one names the component.
    pub visits: Vec<usize>,
    /// The posts, ascending.
    pub posts: Vec<usize>,
    /// The officers, ascending.
    pub officers: Vec<usize>,
    /// Number of empty chairs, which are places that no officer can fill. Those of each shortage have one
    /// number, behind all officers.
    pub chairs: u64,
    /// All pairs with a chance, ascending by post, then officer.
    pub pairs: Vec<Pair>,
    /// The posts that cannot be filled.
    pub shortages: Vec<Shortage>,
    /// The visits at which the ceiling is raised.
    pub raised: Vec<Raised>,
    /// The price of one more place at each post, on the scale of [`prices`](Self::prices).
    pub post_prices: Vec<i64>,
    /// The price of one more place of each officer, where the t-th place costs 2t − 1. An officer whose price
    /// is above that of a post has no chance there. An officer whose price is below has all of his capacity
    /// used.
    pub prices: Vec<i64>,
    /// A lower bound of the expected growth of Σ load² over the officers, in units. The prices prove it (Spec
    /// 14, theorem 6).
    pub least: i128,
    /// Looks at arcs and links that the table took: the same on every machine.
    pub steps: u64,
}

/// A length as a number of places.
fn count(length: usize) -> u64 {
    u64::try_from(length).expect("a length fits 64 bits")
}

/// The chance table, component by component, in the order of their first visits (Spec 11.3 to 11.9).
#[must_use]
pub fn table(matching: &Matching) -> Vec<Component> {
    batch::map(components(matching), |component| table_of(matching, component))
}

/// The posts that cannot be filled, without the chances of the others (Spec 11.6).
#[must_use]
pub fn shortages(matching: &Matching) -> Vec<Shortage> {
    components(matching).iter().flat_map(|component| shortages_of(matching, component)).collect()
}

/// The posts of one component that cannot be filled (Spec 11.6).
#[must_use]
pub fn shortages_of(matching: &Matching, component: &Component) -> Vec<Shortage> {
    at_highest(matching, component).iter().map(|block| state(matching, component, block)).collect()
}

/// The places of one component that nobody can fill (Spec 11.6).
#[must_use]
pub(crate) fn missing_in(matching: &Matching, component: &Component) -> u64 {
    at_highest(matching, component).iter().map(|block| block.missing).sum()
}

/// The shortages of a component at the highest ceilings.
fn at_highest(matching: &Matching, component: &Component) -> Vec<Block> {
    let visit_of = visit_of(matching, component);
    let classes = classes::merge(matching, component);
    let mut layout = layout::lay_out(matching, component, &visit_of, classes);
    levels::highest(&mut layout, visit_of.len(), component.visits.len())
}

/// The place of each post's visit among the visits of the component.
fn visit_of(matching: &Matching, component: &Component) -> Vec<u32> {
    let visit = |&post: &usize| component.visits.binary_search(&matching.posts[post].visit);
    component.posts.iter().map(|post| short(visit(post).expect("a visit of the component"))).collect()
}

/// The network of one component, with ceilings that suffice, and with chairs where no ceiling does (Spec 11.4
/// to 11.6).
///
/// The last of the four is the number of looks at a network that was laid aside.
fn prepare(matching: &Matching, component: &Component) -> (Layout, Vec<u64>, Vec<Shortage>, u64) {
    let visit_of = visit_of(matching, component);
    let classes = classes::merge(matching, component);
    let lay_out = |classes| layout::lay_out(matching, component, &visit_of, classes);
    let mut layout = lay_out(classes);
    let (ceilings, blocks) =
        levels::feasible(&mut layout, &visit_of, matching.ceiling, component.visits.len());
    if blocks.is_empty() {
        return (layout, ceilings, Vec::new(), 0);
    }
    let mut stated = Vec::new();
    let mut classes = std::mem::take(&mut layout.classes);
    let mut chair = matching.officers.len();
    for block in blocks {
        stated.push(state(matching, component, &block));
        let behind = chair + usize::try_from(block.missing).expect("places of a component");
        classes.push(classes::chairs((chair..behind).collect(), block.posts));
        chair = behind;
    }
    let steps = layout.net.steps.get();
    let mut layout = lay_out(classes);
    layout.set_ceilings(&ceilings);
    (layout, ceilings, stated, steps)
}

/// The shortage of a block (Spec 11.6, step 3).
fn state(matching: &Matching, component: &Component, block: &Block) -> Shortage {
    let post = |post: u32| component.posts[index(post)];
    // A shortage is asked for what it holds, not for the whole component: there can be a thousand.
    let lists = block.posts.iter().map(|&number| &matching.posts[post(number)].list);
    let officers: BTreeSet<usize> = lists.flatten().map(|&officer| index(officer)).collect();
    let officers = officers.into_iter().collect();
    let limits = block.full_groups.iter().map(|&(limited, group)| (post(limited), group));
    let posts: Vec<usize> = block.posts.iter().map(|&number| post(number)).collect();
    let need = posts.iter().map(|&post| matching.posts[post].places).sum();
    Shortage { officers, limits: limits.collect(), need, can_fill: need - block.missing, posts }
}

/// The chances of one component alone (Spec 11.4 to 11.9).
#[must_use]
pub fn table_of(matching: &Matching, mut component: Component) -> Component {
    let (mut layout, ceilings, shortages, steps) = prepare(matching, &component);
    component.steps = steps;
    let prices = levels::level(&mut layout);
    component.least = levels::least(&layout, &prices);
    spread::spread(&mut layout);

    component.steps = component.steps.saturating_add(layout.net.steps.get());
    component.pairs = members::split(&layout, matching, &component);

    let mut raised: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut short: Vec<usize> =
        shortages.iter().flat_map(|s| s.posts.iter().map(|&post| matching.posts[post].visit)).collect();
    short.sort_unstable();
    for (&visit, &ceiling) in component.visits.iter().zip(&ceilings) {
        if ceiling > matching.ceiling && short.binary_search(&visit).is_err() {
            raised.entry(ceiling).or_default().push(visit);
        }
    }
    component.raised = raised.into_iter().map(|(ceiling, visits)| Raised { ceiling, visits }).collect();
    component.chairs = shortages.iter().map(|s| s.need - s.can_fill).sum();
    component.shortages = shortages;
    component.post_prices = prices[..component.posts.len()].to_vec();
    let mut by_officer: Vec<(usize, i64)> = Vec::with_capacity(component.officers.len());
    for (class, &price) in layout.classes.iter().zip(&prices[layout.first_officer..]) {
        by_officer.extend(class.members.iter().filter(|_| !class.chairs).map(|&member| (member, price)));
    }
    by_officer.sort_unstable();
    component.prices = by_officer.into_iter().map(|(_, price)| price).collect();
    component
}
