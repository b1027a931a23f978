//! Components: visits and officers that can be worked on alone (Spec 11.3).

use super::flow::index;
use super::{Component, Matching};

/// Connected components with their visits, posts and officers, ascending, in the order of their first visits
/// (Spec 11.3).
#[must_use]
pub fn components(matching: &Matching) -> Vec<Component> {
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    }
    // Sets are joined, and the smallest visit stands for each: every officer joins the visits he may go to,
    // every office with a cap those of its officers.
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
    // The number of the component of each visit. The visit that stands for the component comes first.
    let mut number_of = vec![0; parent.len()];
    let mut found: Vec<Component> = Vec::new();
    for visit in 0..parent.len() {
        let first = root(&mut parent, visit);
        if first == visit {
            number_of[visit] = found.len();
            found.push(Component::default());
        }
        number_of[visit] = number_of[first];
        found[number_of[visit]].visits.push(visit);
    }
    for (number, post) in matching.posts.iter().enumerate() {
        found[number_of[post.visit]].posts.push(number);
    }
    for (officer, first) in first.iter().enumerate() {
        if let Some(visit) = first {
            found[number_of[*visit]].officers.push(officer);
        }
    }
    found
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

/// Gives the places of the numbers of an ascending list in another ascending list that holds them all.
pub(crate) fn places(all: &[usize]) -> impl FnMut(usize) -> usize {
    let mut next = 0;
    move |number| {
        // Mostly they stand side by side there, too.
        if all.get(next) != Some(&number) {
            next = all.binary_search(&number).expect("a number of the component");
        }
        next += 1;
        next - 1
    }
}
