//! Who goes where: first the chances, then the coins (Spec 11.2 to 11.8).
//!
//! [`table`] turns lists of who may go where into exact chances, without any randomness: feasible if possible, loads as
//! level as they can be, chances spread as widely as the loads allow. [`Component::draw`] then turns coins that
//! round the chances to teams, each pair with exactly its chance.

mod coins;
mod flow;
mod levels;

pub use coins::{Edge, round};

use super::words::Words;
use crate::bytes::Digest;
use levels::{Arc, Classes};
use std::collections::BTreeMap;

/// One place on a team, in units of chance: 2²⁰ (Spec 1.3).
pub const WHOLE: u64 = 1 << BITS;

/// Rounds of coins: one for each bit of a chance.
const BITS: u32 = 20;

/// Who may go where, for one department. Visits and officers are numbered in ascending order of their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// Places at every visit.
    pub places: u64,
    /// For every visit the officers who may go, ascending.
    pub lists: Vec<Vec<usize>>,
    /// For every officer the most visits.
    pub caps: Vec<u64>,
    /// No pair above this chance unless it must be, in units; 1 to [`WHOLE`].
    pub ceiling: u64,
}

/// Visits that cannot all be staffed, and everybody who may go there: a statement anyone can check by counting. What can be filled is
/// the sum, over the officers, of the smaller of the cap and the number of these visits the officer may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// The visits, ascending.
    pub visits: Vec<usize>,
    /// The officers, ascending.
    pub officers: Vec<usize>,
    /// Places these visits need.
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
    /// The visit.
    pub visit: usize,
    /// The officer; an empty chair of the component if it is not below the number of officers.
    pub officer: usize,
    /// Chance in units, above 0.
    pub chance: u64,
}

/// Visits and officers that no chain of lists connects with the others: drawn alone, with coins of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The visits, ascending. The first one gives the component its name.
    pub visits: Vec<usize>,
    /// The officers, ascending.
    pub officers: Vec<usize>,
    /// Empty chairs: places that nobody can fill. They count as officers from `first_chair` on.
    pub chairs: u64,
    /// The number of the first empty chair.
    pub first_chair: usize,
    /// All pairs with a chance, ascending by visit, then officer.
    pub pairs: Vec<Pair>,
    /// What could not be staffed.
    pub shortage: Option<Shortage>,
    /// Where the ceiling did not hold.
    pub raised: Vec<Raised>,
}

/// The team of one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The visit.
    pub visit: usize,
    /// The officers, ascending, each with the chance he had.
    pub officers: Vec<(usize, u64)>,
    /// Places left empty.
    pub vacancies: u64,
}

/// The chance table, component by component, in the order of their first visits (Spec 11.2 to 11.7).
#[must_use]
pub fn table(matching: &Matching) -> Vec<Component> {
    components(matching).into_iter().map(|(visits, officers)| component(matching, visits, officers)).collect()
}

/// Connected components with their visits and officers, ascending, in the order of their first visits (Spec 11.2).
fn components(matching: &Matching) -> Vec<(Vec<usize>, Vec<usize>)> {
    // Union by smallest visit: every officer joins the visits of all lists he stands on.
    let mut parent: Vec<usize> = (0..matching.lists.len()).collect();
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    }
    let mut first_visit: Vec<Option<usize>> = vec![None; matching.caps.len()];
    for (visit, list) in matching.lists.iter().enumerate() {
        for &officer in list {
            let first = *first_visit[officer].get_or_insert(visit);
            let (a, b) = (root(&mut parent, first), root(&mut parent, visit));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut found: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for visit in 0..parent.len() {
        found.entry(root(&mut parent, visit)).or_default().0.push(visit);
    }
    for (officer, first) in first_visit.iter().enumerate() {
        if let Some(visit) = first {
            found.entry(root(&mut parent, *visit)).or_default().1.push(officer);
        }
    }
    found.into_values().collect()
}

/// The chances of one component (Spec 11.2 to 11.7).
fn component(matching: &Matching, visits: Vec<usize>, officers: Vec<usize>) -> Component {
    let mut by_list: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
    let mut visits_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &visit in &visits {
        by_list.entry(&matching.lists[visit]).or_default().push(visit);
        for &officer in &matching.lists[visit] {
            visits_of.entry(officer).or_default().push(visit);
        }
    }
    let mut by_visits: BTreeMap<(&[usize], u64), Vec<usize>> = BTreeMap::new();
    for (officer, list) in &visits_of {
        by_visits.entry((list, matching.caps[*officer])).or_default().push(*officer);
    }
    let mut visit_classes: Vec<Vec<usize>> = by_list.into_values().collect();
    let mut officer_classes: Vec<Vec<usize>> = by_visits.into_values().collect();
    visit_classes.sort();
    officer_classes.sort();
    let class_of: BTreeMap<usize, usize> = officer_classes
        .iter()
        .enumerate()
        .flat_map(|(j, class)| class.iter().map(move |o| (*o, j)))
        .collect();
    let mut arcs = Vec::new();
    for (left, class) in visit_classes.iter().enumerate() {
        let mut rights: Vec<usize> = matching.lists[class[0]].iter().map(|o| class_of[o]).collect();
        rights.sort_unstable();
        rights.dedup();
        arcs.extend(rights.into_iter().map(|right| Arc { left, right }));
    }
    let counts = |classes: &[Vec<usize>]| classes.iter().map(|c| len(c)).collect();
    let mut classes = Classes {
        places: matching.places,
        visits: counts(&visit_classes),
        officers: counts(&officer_classes),
        real: officer_classes.len(),
        caps: officer_classes.iter().map(|class| matching.caps[class[0]]).collect(),
        arcs,
        ceiling: matching.ceiling,
    };
    let solution = levels::solve(&mut classes);

    // Empty chairs are officers behind the last real one.
    let first_chair = matching.caps.len();
    let chairs = classes.officers.get(classes.real).copied().unwrap_or(0);
    if chairs > 0 {
        let behind = first_chair + usize::try_from(chairs).expect("places of a component");
        officer_classes.push((first_chair..behind).collect());
    }
    let mut pairs = expand(&classes, &solution.flow, &visit_classes, &officer_classes);
    pairs.sort_unstable_by_key(|pair| (pair.visit, pair.officer));

    let members = |numbers: &[usize], classes: &[Vec<usize>]| {
        let mut all: Vec<usize> = numbers.iter().flat_map(|&c| classes[c].iter().copied()).collect();
        all.sort_unstable();
        all
    };
    let shortage = solution.shortage.as_ref().map(|s| Shortage {
        visits: members(&s.visits, &visit_classes),
        officers: members(&s.officers, &officer_classes),
        need: s.need,
        can_fill: s.can_fill,
    });
    let mut raised: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (class, ceiling) in solution.ceilings.iter().enumerate() {
        let short = solution.shortage.as_ref().is_some_and(|s| s.visits.contains(&class));
        if *ceiling > matching.ceiling && !short {
            raised.entry(*ceiling).or_default().push(class);
        }
    }
    let raised = raised
        .into_iter()
        .map(|(ceiling, list)| Raised { ceiling, visits: members(&list, &visit_classes) })
        .collect();
    Component { visits, officers, chairs, first_chair, pairs, shortage, raised }
}

/// Splits the flow between classes over their members so that every visit keeps its places, every officer the floor or the ceiling of
/// his share, and members of a class differ by one unit at most (Spec 11.7).
fn expand(
    classes: &Classes,
    flow: &[u64],
    visit_classes: &[Vec<usize>],
    officer_classes: &[Vec<usize>],
) -> Vec<Pair> {
    let mut pairs = Vec::new();
    // Units each visit has been sent so far by running sum, for every officer class.
    let mut sent: Vec<u64> = vec![0; officer_classes.len()];
    // Arcs stand by visit class, then officer class.
    for (class, members) in visit_classes.iter().enumerate() {
        let mine: Vec<usize> = (0..classes.arcs.len()).filter(|&a| classes.arcs[a].left == class).collect();
        let size = len(members);
        for (r, &visit) in (0..).zip(members) {
            let mut running = 0;
            for &arc in &mine {
                let y = (running + flow[arc] + r) / size - (running + r) / size;
                running += flow[arc];
                let right = classes.arcs[arc].right;
                let (before, officers) = (sent[right], &officer_classes[right]);
                let n = len(officers);
                for (s, &officer) in (0..).zip(officers) {
                    let chance = (before + y + s) / n - (before + s) / n;
                    if chance > 0 {
                        pairs.push(Pair { visit, officer, chance });
                    }
                }
                sent[right] += y;
            }
        }
    }
    pairs
}

/// A length as the integers of this room have it.
fn len<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).expect("a length")
}

impl Component {
    /// Turns the coins of this component: teams with exactly the chances of the table (Spec 11.8).
    ///
    /// `department` and `name` (the id of the first visit) label the stream of words.
    #[must_use]
    pub fn draw(&self, department: &str, name: &str, seed: &Digest) -> Vec<Team> {
        let mut words = Words::new(&format!("teams/{department}/{name}"), seed);
        let mut visits = self.visits.clone();
        let mut officers = self.officers.clone();
        let chairs = usize::try_from(self.chairs).expect("places of a component");
        officers.extend(self.first_chair..self.first_chair + chairs);
        words.shuffle(&mut visits);
        words.shuffle(&mut officers);
        let place = |list: &[usize]| list.iter().enumerate().map(|(i, n)| (*n, i)).collect();
        let (visit_place, officer_place): (BTreeMap<usize, usize>, BTreeMap<usize, usize>) =
            (place(&visits), place(&officers));
        let mut edges: Vec<Edge> = self
            .pairs
            .iter()
            .map(|p| Edge {
                visit: visit_place[&p.visit],
                officer: officer_place[&p.officer],
                value: p.chance,
            })
            .collect();
        round(visits.len(), officers.len(), &mut edges, BITS, &mut || words.coin());

        let mut teams: BTreeMap<usize, Team> = self
            .visits
            .iter()
            .map(|&visit| (visit, Team { visit, officers: Vec::new(), vacancies: 0 }))
            .collect();
        for (pair, _) in self.pairs.iter().zip(&edges).filter(|(_, edge)| edge.value == WHOLE) {
            let team = teams.get_mut(&pair.visit).expect("a visit of this component");
            if pair.officer < self.first_chair {
                team.officers.push((pair.officer, pair.chance));
            } else {
                team.vacancies += 1;
            }
        }
        teams.into_values().collect()
    }
}
