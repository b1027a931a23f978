//! From classes to their members (Spec 11.9).

use super::flow::{index, short};
use super::layout::{Layout, Link};
use super::{Component, Matching, Pair, places};

/// Splits the flow of each class evenly over its members (Spec 11.9). The chances of two members at a post
/// differ by one unit at most, and so do their sums over visits, days, weeks and all visits. The chairs of a
/// shortage are not told apart: they would be as many pairs as vacancies times posts. The pairs are ordered
/// by post, then officer.
pub(super) fn split(layout: &Layout, matching: &Matching, component: &Component) -> Vec<Pair> {
    let before = flows_before(layout);
    let member_of = members(layout, component);
    let chair_of = chairs(layout, matching);
    let mut shares: Vec<MemberShare> = vec![MemberShare::default(); layout.classes.len()];
    let posts = component.posts.iter().map(|&post| (short(post), &matching.posts[post].list));
    let most = posts.clone().map(|(_, list)| list.len()).sum();
    let mut pairs = Vec::with_capacity(most);
    let mut links = (0..).zip(&layout.links).peekable();
    for (number, (post, list)) in (0..).zip(posts) {
        let mut put = |officer: u32, chance: u64| {
            if chance > 0 {
                let chance = u32::try_from(chance).expect("at most the places of a post");
                pairs.push(Pair { post, officer, chance });
            }
        };
        let mut empty = None;
        while let Some((link, &Link { class, .. })) = links.next_if(|(_, link)| link.post == number) {
            let (terms, flow) = (&layout.classes[index(class)], flow_of(layout, link));
            match chair_of[index(class)] {
                Some(chair) => empty = Some((chair, flow)),
                None => shares[index(class)] = MemberShare::new(before[index(link)], flow, terms.size()),
            }
        }
        let mut place = places(&component.officers);
        for &officer in list {
            let (class, member) = member_of[place(index(officer))];
            put(officer, shares[index(class)].of(member));
        }
        // No post has chairs of two shortages.
        if let Some((chair, units)) = empty {
            put(chair, units);
        }
    }
    pairs.shrink_to_fit();
    pairs
}

/// The number of the chairs of each class, if it is one of chairs: those of a shortage have one number,
/// behind all officers.
fn chairs(layout: &Layout, matching: &Matching) -> Vec<Option<u32>> {
    let mut next = short(matching.officers.len());
    let number = |chairs: bool| {
        chairs.then(|| {
            next += 1;
            next - 1
        })
    };
    layout.classes.iter().map(|class| class.chairs).map(number).collect()
}

/// The flow of a link.
fn flow_of(layout: &Layout, link: u32) -> u64 {
    layout.net.arcs[index(layout.links[index(link)].arc)].flow
}

/// For each link, the flow of the links of its class before it, in the order of day, visit and post.
fn flows_before(layout: &Layout) -> Vec<u64> {
    let mut before: Vec<u64> = vec![0; layout.links.len()];
    for links in &layout.officers {
        let mut sum = 0;
        for &link in &layout.inward[links.clone()] {
            before[index(link)] = sum;
            sum += flow_of(layout, link);
        }
    }
    before
}

/// The class of every officer, and his place among its members.
fn members(layout: &Layout, component: &Component) -> Vec<(u32, u64)> {
    let mut member_of: Vec<(u32, u64)> = vec![(0, 0); component.officers.len()];
    for (number, class) in (0..).zip(&layout.classes).filter(|(_, class)| !class.chairs) {
        let mut place = places(&component.officers);
        for (member, &officer) in (0..).zip(&class.members) {
            member_of[place(officer)] = (number, member);
        }
    }
    member_of
}

/// The units ⌊(B + X + s)/n⌋ − ⌊(B + s)/n⌋ of the members s = 0, 1 … of a class at a post. Each quotient
/// grows by one at one member.
#[derive(Debug, Clone, Copy, Default)]
struct MemberShare {
    floor: u64,
    more: u64,
    less: u64,
}

impl MemberShare {
    fn new(before: u64, flow: u64, size: u64) -> Self {
        let after = before + flow;
        Self { floor: after / size - before / size, more: size - after % size, less: size - before % size }
    }

    fn of(&self, member: u64) -> u64 {
        self.floor + u64::from(member >= self.more) - u64::from(member >= self.less)
    }
}
