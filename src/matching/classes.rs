//! Classes: officers whom the rules cannot tell apart, merged (Spec 11.3).

use super::flow::index;
use super::{Component, Matching};

/// Officers whom the rules cannot tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    /// The officers, ascending. Empty chairs have numbers behind the last officer.
    pub(super) members: Vec<usize>,
    pub(super) cap: u64,
    pub(super) day_cap: Option<u64>,
    pub(super) week_cap: Option<u64>,
    pub(super) before: u64,
    pub(super) group: Option<usize>,
    pub(super) office: Option<usize>,
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
            let officer = &matching.officers[number];
            Class {
                members: vec![number],
                cap: officer.cap.min(super::count(posts.len())),
                day_cap: officer.day_cap,
                week_cap: officer.week_cap,
                before: officer.before,
                group: officer.group.filter(|_| limited),
                office: officer.office,
                posts,
                chairs: false,
            }
        })
        .collect();
    let key =
        |class: &Class| (class.cap, class.day_cap, class.week_cap, class.before, class.group, class.office);
    singles.sort_by(|a, b| (key(a), &a.posts, &a.members).cmp(&(key(b), &b.posts, &b.members)));
    let mut classes: Vec<Class> = Vec::new();
    for single in singles {
        match classes.last_mut() {
            Some(last) if key(last) == key(&single) && last.posts == single.posts => {
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
    let (cap, before) = (1, 0);
    Class {
        members,
        cap,
        day_cap: None,
        week_cap: None,
        before,
        group: None,
        office: None,
        posts,
        chairs: true,
    }
}

impl Class {
    /// Number of members.
    pub(super) fn size(&self) -> u64 {
        super::count(self.members.len())
    }
}
