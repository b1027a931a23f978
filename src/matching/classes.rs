//! Classes: officers whom the rules cannot tell apart, merged (Spec 11.3).

use super::flow::index;
use super::{Component, Matching, Seat};

/// Officers whom the rules cannot tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    /// The officers, ascending. Empty chairs have numbers behind the last officer.
    pub(super) members: Vec<usize>,
    /// The seat of each member. Its cap is at most the number of posts, its group is set only where it
    /// matters.
    pub(super) seat: Seat,
    /// The posts that the members may hold, as places among the posts of the component, ascending.
    pub(super) posts: Vec<u32>,
    /// Whether these are empty chairs.
    pub(super) chairs: bool,
}

/// Merges the officers of a component who have the same posts, caps, load before, office and, where groups
/// matter, group (Spec 11.3).
pub(super) fn merge(matching: &Matching, component: &Component) -> Vec<Class> {
    let posts = &component.posts;
    let limited = posts.iter().any(|&post| matching.posts[post].limit.is_some());
    let mut held: Vec<Vec<u32>> = vec![Vec::new(); component.officers.len()];
    for (number, &post) in (0..).zip(posts) {
        let mut place = super::places(&component.officers);
        for &officer in &matching.posts[post].list {
            held[place(index(officer))].push(number);
        }
    }
    let mut singles: Vec<Class> = component
        .officers
        .iter()
        .zip(held)
        .map(|(&number, posts)| {
            let seat = matching.officers[number];
            let cap = seat.cap.min(super::count(posts.len()));
            let seat = Seat { cap, group: seat.group.filter(|_| limited), ..seat };
            Class { members: vec![number], seat, posts, chairs: false }
        })
        .collect();
    singles.sort_by(|a, b| (&a.seat, &a.posts, &a.members).cmp(&(&b.seat, &b.posts, &b.members)));
    let mut classes: Vec<Class> = Vec::new();
    for single in singles {
        match classes.last_mut() {
            Some(last) if (last.seat, &last.posts) == (single.seat, &single.posts) => {
                last.members.extend(single.members)
            }
            _ => classes.push(single),
        }
    }
    classes.sort_by(|a, b| a.members.cmp(&b.members));
    classes
}

/// The class of the empty chairs of a shortage (Spec 11.6, step 3).
pub(super) fn chairs(members: Vec<usize>, posts: Vec<u32>) -> Class {
    Class { members, seat: Seat { cap: 1, ..Seat::default() }, posts, chairs: true }
}

impl Class {
    /// Number of members.
    pub(super) fn size(&self) -> u64 {
        super::count(self.members.len())
    }
}
