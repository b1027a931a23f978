//! Who goes where: first the chances, then the coins (Spec 11.3 to 11.10).
//!
//! [`table`] turns lists of who may go where into exact chances, without any randomness: feasible if possible, loads as
//! level as they can be, chances spread as evenly as the loads allow. [`Component::draw`] then turns coins that
//! round the chances to teams, each pair with exactly its chance.

mod classes;
mod flow;
mod levels;
mod spread;

use crate::bytes::batch;
use classes::{Class, Layout, Link};
pub(crate) use flow::{index, short};
use std::collections::{BTreeMap, BTreeSet};

/// One place on a team, in units of chance: 2²⁰ (Spec 1.3).
pub const WHOLE: u64 = 1 << BITS;

/// Bits of a chance, and so rounds of coins.
pub(crate) const BITS: u32 = 20;

/// The day of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The week it lies in; never falls as days go on.
    pub week: u32,
    /// Its number among all days.
    pub number: u32,
}

/// Places of one kind at one visit (岗位).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The visit.
    pub visit: usize,
    /// Officers wanted, at least one.
    pub places: u64,
    /// Who may hold it, ascending.
    pub list: Vec<u32>,
    /// Most officers of one group in it.
    pub limit: Option<u64>,
    /// Whether the only officer of the list goes for certain: the ceiling does not count here. No other post of the visit lists him.
    pub pinned: bool,
}

/// What a draw knows of an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seat {
    /// Most visits in this draw.
    pub cap: u64,
    /// Most visits on one day.
    pub day_cap: Option<u64>,
    /// Most visits in one week.
    pub week_cap: Option<u64>,
    /// Visits made before, over which loads are levelled, too; at most 10⁶.
    pub before: u64,
    /// The group whose members posts may limit.
    pub group: Option<usize>,
    /// The office, if it has a cap of its own: a place in [`Matching::offices`].
    pub office: Option<usize>,
}

/// Who may go where, for one department or for the experts. Visits, posts and officers are numbered; visits and officers in ascending
/// order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matching {
    /// The day of every visit, if it has one.
    pub visits: Vec<Option<Day>>,
    /// Posts, by visit.
    pub posts: Vec<Post>,
    /// Officers.
    pub officers: Vec<Seat>,
    /// Most places that the officers of one office fill together.
    pub offices: Vec<u64>,
    /// No pair above this chance unless it must be, in units; 1 to [`WHOLE`].
    pub ceiling: u64,
}

/// Posts that cannot all be filled, and everybody who may hold one: a statement anyone can check by counting (Spec 11.6). No part of
/// it can be left out without the shortage becoming smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// The posts, ascending.
    pub posts: Vec<usize>,
    /// The officers, ascending.
    pub officers: Vec<usize>,
    /// Where the limit of a group stands in the way: post and group.
    pub limits: Vec<(usize, usize)>,
    /// Places these posts want.
    pub need: u64,
    /// Places that can be filled.
    pub can_fill: u64,
}

/// Visits at which some chance had to go above the ceiling.
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
    /// The officer; an empty chair if it is not below the number of officers.
    pub officer: u32,
    /// Chance in units, above 0.
    pub chance: u32,
}

/// Visits and officers that no chain of lists and offices connects with the others: drawn alone, with coins of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Component {
    /// The visits, ascending. The first one gives the component its name.
    pub visits: Vec<usize>,
    /// The posts, ascending.
    pub posts: Vec<usize>,
    /// The officers, ascending.
    pub officers: Vec<usize>,
    /// Empty chairs: places that nobody can fill. They count as officers from the number of officers on.
    pub chairs: u64,
    /// All pairs with a chance, ascending by post, then officer.
    pub pairs: Vec<Pair>,
    /// What could not be staffed.
    pub shortages: Vec<Shortage>,
    /// Where the ceiling did not hold.
    pub raised: Vec<Raised>,
    /// What one more place would cost at each post, as a price of [`prices`](Self::prices).
    pub post_prices: Vec<i64>,
    /// What one more place would cost at each officer: 2t − 1 for the t-th place. Posts pay no more than the dearest they need, so
    /// whoever is dearer stands idle there, and whoever is cheaper is full.
    pub prices: Vec<i64>,
    /// The least that Σ load² over the officers can grow in expectation, in units, as the prices prove it (Spec 14, theorem 6).
    pub least: i128,
}

/// A length as the arithmetic of flows has it.
fn count(length: usize) -> u64 {
    u64::try_from(length).expect("a length fits 64 bits")
}

/// Where the numbers of an ascending list stand in another one that holds them all: mostly side by side there, too.
pub(crate) fn places(all: &[usize]) -> impl FnMut(usize) -> usize {
    let mut next = 0;
    move |number| {
        if all.get(next) != Some(&number) {
            next = all.binary_search(&number).expect("a number of the component");
        }
        next += 1;
        next - 1
    }
}

/// The chance table, component by component, in the order of their first visits (Spec 11.3 to 11.9).
#[must_use]
pub fn table(matching: &Matching) -> Vec<Component> {
    batch::map(components(matching), |component| table_of(matching, component))
}

/// What could not be staffed, without any chances (Spec 11.6).
#[must_use]
pub fn shortages(matching: &Matching) -> Vec<Shortage> {
    components(matching).iter().flat_map(|component| shortages_of(matching, component)).collect()
}

/// The component that holds a visit.
///
/// # Panics
/// If there is no such visit.
#[must_use]
pub fn component_with(matching: &Matching, visit: usize) -> Component {
    let holds = |component: &Component| component.visits.binary_search(&visit).is_ok();
    components(matching).into_iter().find(holds).expect("every visit is in a component")
}

/// What could not be staffed in one component (Spec 11.6).
#[must_use]
pub fn shortages_of(matching: &Matching, component: &Component) -> Vec<Shortage> {
    prepare(matching, component).2
}

/// Connected components with their visits, posts and officers, ascending, in the order of their first visits (Spec 11.3).
#[must_use]
pub fn components(matching: &Matching) -> Vec<Component> {
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    }
    // Union by smallest visit: every officer joins the visits he may go to, every office with a cap those of its officers.
    let mut parent: Vec<usize> = (0..matching.visits.len()).collect();
    let mut first: Vec<Option<usize>> = vec![None; matching.officers.len()];
    let mut first_of_office: Vec<Option<usize>> = vec![None; matching.offices.len()];
    for post in &matching.posts {
        let mut here = root(&mut parent, post.visit);
        for &officer in &post.list {
            let own = *first[index(officer)].get_or_insert(post.visit);
            let of_office = matching.officers[index(officer)]
                .office
                .map(|office| *first_of_office[office].get_or_insert(post.visit));
            for other in [Some(own), of_office].into_iter().flatten() {
                let there = root(&mut parent, other);
                parent[there.max(here)] = there.min(here);
                here = there.min(here);
            }
        }
    }
    let mut found: BTreeMap<usize, Component> = BTreeMap::new();
    for visit in 0..parent.len() {
        found.entry(root(&mut parent, visit)).or_default().visits.push(visit);
    }
    for (number, post) in matching.posts.iter().enumerate() {
        found.entry(root(&mut parent, post.visit)).or_default().posts.push(number);
    }
    for (officer, first) in first.iter().enumerate() {
        if let Some(visit) = first {
            found.entry(root(&mut parent, *visit)).or_default().officers.push(officer);
        }
    }
    found.into_values().collect()
}

/// Spec 11.4 to 11.6 for one component: its network with ceilings that suffice and chairs where nothing does.
fn prepare(matching: &Matching, component: &Component) -> (Layout, Vec<u64>, Vec<Shortage>) {
    let visit_of: Vec<u32> = component
        .posts
        .iter()
        .map(|&post| {
            short(
                component
                    .visits
                    .binary_search(&matching.posts[post].visit)
                    .expect("a visit of the component"),
            )
        })
        .collect();
    let classes = classes::merge(matching, component);
    let lay_out = |classes| classes::lay_out(matching, component, &visit_of, classes);
    let mut layout = lay_out(classes);
    let (ceilings, blocks) =
        levels::feasible(&mut layout, &visit_of, matching.ceiling, component.visits.len());
    if blocks.is_empty() {
        return (layout, ceilings, Vec::new());
    }
    let mut stated = Vec::new();
    let mut classes = std::mem::take(&mut layout.classes);
    let mut chair = matching.officers.len();
    for block in blocks {
        let groups = block.full_groups.iter().map(|&(post, class)| {
            (component.posts[index(post)], classes[index(class)].group.expect("a member of a group"))
        });
        let limits = groups.collect();
        let may = |class: &&Class| class.posts.iter().any(|post| block.posts.binary_search(post).is_ok());
        let mut officers: Vec<usize> = classes
            .iter()
            .filter(|class| !class.chairs)
            .filter(may)
            .flat_map(|class| class.members.iter().copied())
            .collect();
        officers.sort_unstable();
        let need = block.posts.iter().map(|&post| matching.posts[component.posts[index(post)]].places).sum();
        let posts = block.posts.iter().map(|&post| component.posts[index(post)]).collect();
        stated.push(Shortage { posts, officers, limits, need, can_fill: need - block.missing });
        let behind = chair + usize::try_from(block.missing).expect("places of a component");
        classes.push(classes::chairs((chair..behind).collect(), block.posts));
        chair = behind;
    }
    let mut layout = lay_out(classes);
    layout.set_ceilings(&ceilings);
    (layout, ceilings, stated)
}

/// The chances of one component alone (Spec 11.4 to 11.9).
#[must_use]
pub fn table_of(matching: &Matching, mut component: Component) -> Component {
    let (mut layout, ceilings, shortages) = prepare(matching, &component);
    let prices = levels::level(&mut layout);
    component.least = levels::least(&layout, &prices);
    spread::spread(&mut layout);

    component.pairs = split(&layout, matching, &component);

    let mut raised: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let short: BTreeSet<usize> =
        shortages.iter().flat_map(|s| s.posts.iter().map(|&post| matching.posts[post].visit)).collect();
    for (&visit, &ceiling) in component.visits.iter().zip(&ceilings) {
        if ceiling > matching.ceiling && !short.contains(&visit) {
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

/// Splits the flow of each class evenly over its members: the chances of two members at a post differ by one unit at most, and so do
/// their sums over visits, days, weeks and all (Spec 11.9). By post, then officer.
fn split(layout: &Layout, matching: &Matching, component: &Component) -> Vec<Pair> {
    let flow = |link: u32| layout.net.arcs[index(layout.links[index(link)].arc)].flow;
    let mut before: Vec<u64> = vec![0; layout.links.len()];
    for links in &layout.officers {
        let mut sum = 0;
        for &link in &layout.inward[links.clone()] {
            before[index(link)] = sum;
            sum += flow(link);
        }
    }
    // The class of every officer, and which of its members he is.
    let mut member_of: Vec<(u32, u64)> = vec![(0, 0); component.officers.len()];
    for (number, class) in (0..).zip(&layout.classes).filter(|(_, class)| !class.chairs) {
        let mut place = places(&component.officers);
        for (member, &officer) in (0..).zip(&class.members) {
            member_of[place(officer)] = (number, member);
        }
    }
    let mut shares: Vec<Share> = vec![Share::default(); layout.classes.len()];
    let posts = component.posts.iter().map(|&post| (short(post), &matching.posts[post].list));
    let most = posts.clone().map(|(_, list)| list.len()).sum();
    let mut pairs = Vec::with_capacity(most);
    let mut links = (0..).zip(&layout.links).peekable();
    for (number, (post, list)) in (0..).zip(posts) {
        let mut put = |officer: u32, chance: u64| {
            if chance > 0 {
                let chance = u32::try_from(chance).expect("at most a whole place");
                pairs.push(Pair { post, officer, chance });
            }
        };
        let mut chairs = None;
        while let Some((link, &Link { class, .. })) = links.next_if(|(_, link)| link.post == number) {
            let terms = &layout.classes[index(class)];
            shares[index(class)] = Share::new(before[index(link)], flow(link), terms.size());
            chairs = Some((class, terms)).filter(|_| terms.chairs).or(chairs);
        }
        let mut place = places(&component.officers);
        for &officer in list {
            let (class, member) = member_of[place(index(officer))];
            put(officer, shares[index(class)].of(member));
        }
        // Empty chairs have numbers behind all officers, and no post has those of two shortages.
        if let Some((class, terms)) = chairs {
            for (member, &chair) in (0..).zip(&terms.members) {
                put(short(chair), shares[index(class)].of(member));
            }
        }
    }
    pairs.shrink_to_fit();
    pairs
}

/// What the members s = 0, 1 … of a class get at a post: ⌊(B + X + s)/n⌋ − ⌊(B + s)/n⌋, each quotient growing by one at one member.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    floor: u64,
    more: u64,
    less: u64,
}

impl Share {
    fn new(before: u64, flow: u64, size: u64) -> Self {
        let after = before + flow;
        Self { floor: after / size - before / size, more: size - after % size, less: size - before % size }
    }

    fn of(&self, member: u64) -> u64 {
        self.floor + u64::from(member >= self.more) - u64::from(member >= self.less)
    }
}
