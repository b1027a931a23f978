//! A component as a network: equal officers merged, posts and groups on the left, pairs, days, weeks, officers and offices on the
//! right (Spec 11.3 and 11.4).

use super::flow::{Network, index, short};
use super::{Component, Matching, WHOLE};
use std::ops::Range;

/// Officers whom the rules cannot tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    /// Ascending. Empty chairs have numbers behind the last officer.
    pub(super) members: Vec<usize>,
    pub(super) cap: u64,
    day_cap: Option<u64>,
    week_cap: Option<u64>,
    pub(super) before: u64,
    pub(super) group: Option<usize>,
    office: Option<usize>,
    /// The posts of the component they may hold, ascending.
    pub(super) posts: Vec<u32>,
    /// Whether these are empty chairs.
    pub(super) chairs: bool,
}

/// A post and a class whose members may hold it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) post: u32,
    pub(super) class: u32,
    /// The arc that leads out of the left side.
    pub(super) arc: u32,
}

/// A set of links that one arc carries, as a range of the order of its side.
#[derive(Debug, Clone)]
pub(super) struct Bundle {
    pub(super) links: Range<usize>,
    /// The arc; nothing for a post, whose sum is its supply.
    pub(super) arc: Option<usize>,
}

/// The network of one component.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) net: Network,
    pub(super) classes: Vec<Class>,
    /// Places wanted at each post, in units.
    pub(super) supplies: Vec<u64>,
    /// Whether each post is that of a pin.
    pub(super) pinned: Vec<bool>,
    /// By post, group and class.
    pub(super) links: Vec<Link>,
    /// Places in `links`, by office, class, week, day, visit and post.
    pub(super) inward: Vec<u32>,
    /// Groups, then posts: ranges of `links`.
    pub(super) left: Vec<Bundle>,
    /// Pairs, days, weeks, officers, offices: ranges of `inward`.
    pub(super) right: Vec<Bundle>,
    /// The links of each class: ranges of `inward`.
    pub(super) officers: Vec<Range<usize>>,
    /// The arc of each class towards its office or the sink.
    pub(super) officer_arcs: Vec<usize>,
    /// The node of the first class.
    pub(super) first_officer: usize,
    /// The arcs whose capacity follows the ceiling of a visit (by its place in the component), and how many officers stand behind them.
    pub(super) ceilings: Vec<(usize, u32, u64)>,
}

/// Merges the officers of a component: same posts, same caps, same prior load, same group where groups matter, same office.
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

/// The class of a block's empty chairs.
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
    /// Members as the arithmetic of flows has them.
    pub(super) fn size(&self) -> u64 {
        super::count(self.members.len())
    }
}

/// Draws the network of a component. `visit_of` gives each post's place among the visits of the component.
pub(super) fn lay_out(
    matching: &Matching,
    component: &Component,
    visit_of: &[u32],
    classes: Vec<Class>,
) -> Layout {
    let posts = &component.posts;
    let day = |post: u32| matching.visits[component.visits[index(visit_of[index(post)])]];
    let limit = |post: u32| matching.posts[posts[index(post)]].limit;
    let mut by_post: Vec<Vec<u32>> = vec![Vec::new(); posts.len()];
    for (number, class) in (0..).zip(&classes) {
        for &post in &class.posts {
            by_post[index(post)].push(number);
        }
    }
    // Left: posts, then the groups of limited posts.
    let mut links: Vec<Link> = Vec::new();
    let mut groups: Vec<(u32, Range<usize>)> = Vec::new();
    let mut post_ranges: Vec<Range<usize>> = Vec::new();
    let mut tails: Vec<u32> = Vec::new();
    for (post, list) in (0..).zip(&mut by_post) {
        let group = |class: u32| limit(post).and_then(|_| classes[index(class)].group);
        list.sort_by_key(|&class| (group(class), class));
        let begin = links.len();
        for same in list.chunk_by(|a, b| group(*a) == group(*b)) {
            let tail = match group(same[0]) {
                Some(_) => {
                    groups.push((post, links.len()..links.len() + same.len()));
                    short(posts.len() + groups.len() - 1)
                }
                None => post,
            };
            links.extend(same.iter().map(|&class| Link { post, class, arc: 0 }));
            tails.extend(same.iter().map(|_| tail));
        }
        post_ranges.push(begin..links.len());
    }
    // Right: the links of each class by date, classes by office.
    let mut by_class: Vec<Vec<u32>> = vec![Vec::new(); classes.len()];
    for (place, link) in (0..).zip(&links) {
        by_class[index(link.class)].push(place);
    }
    let mut order: Vec<u32> = (0..short(classes.len())).collect();
    order.sort_by_key(|&class| (classes[index(class)].office, class));
    let mut inward: Vec<u32> = Vec::with_capacity(links.len());
    let (mut pairs, mut days, mut weeks) = (Vec::new(), Vec::new(), Vec::new());
    let mut officers: Vec<Range<usize>> = vec![0..0; classes.len()];
    let mut offices: Vec<(usize, Range<usize>)> = Vec::new();
    for &number in &order {
        let class = &classes[index(number)];
        let list = &mut by_class[index(number)];
        list.sort_by_key(|&place| (day(links[index(place)].post), links[index(place)].post));
        let begin = inward.len();
        let note = |kept: bool,
                    found: &mut Vec<(u32, u32, Range<usize>)>,
                    same: &dyn Fn(u32, u32) -> Option<u32>| {
            let mut place = begin;
            for run in list.chunk_by(|a, b| same(links[index(*a)].post, links[index(*b)].post).is_some()) {
                let post = links[index(run[0])].post;
                if let Some(name) = same(post, post).filter(|_| kept) {
                    found.push((number, name, place..place + run.len()));
                }
                place += run.len();
            }
        };
        let same_visit =
            |a: u32, b: u32| (visit_of[index(a)] == visit_of[index(b)]).then_some(visit_of[index(a)]);
        let same_day = |a, b| day(a).zip(day(b)).filter(|(a, b)| a.number == b.number).map(|(a, _)| a.number);
        let same_week = |a, b| day(a).zip(day(b)).filter(|(a, b)| a.week == b.week).map(|(a, _)| a.week);
        note(!class.chairs, &mut pairs, &same_visit);
        note(class.day_cap.is_some(), &mut days, &same_day);
        note(class.week_cap.is_some(), &mut weeks, &same_week);
        inward.extend(list.iter());
        officers[index(number)] = begin..inward.len();
        if let Some(office) = class.office {
            match offices.last_mut() {
                Some((last, range)) if *last == office => range.end = inward.len(),
                _ => offices.push((office, begin..inward.len())),
            }
        }
    }
    pairs.retain(|(_, _, range)| range.len() > 1);
    pairs.sort_by_key(|&(class, visit, _)| (visit, class));
    days.sort_by_key(|&(class, day, _)| (class, day));
    weeks.sort_by_key(|&(class, week, _)| (class, week));

    // Numbers of nodes, then arcs from the right to the left, so that each knows where it leads.
    let first_pair = posts.len() + groups.len();
    let first_day = first_pair + pairs.len();
    let first_week = first_day + days.len();
    let first_officer = first_week + weeks.len();
    let first_office = first_officer + classes.len();
    let sink = first_office + offices.len();
    let mut arcs: Vec<(u32, u32, u64)> = Vec::with_capacity(links.len() + sink);
    let mut leads: Vec<u32> = vec![0; links.len()];
    let mut office_node = 0;
    for &number in &order {
        let class = &classes[index(number)];
        let node = short(first_officer + index(number));
        let head = class.office.map_or(sink, |office| {
            while offices[office_node].0 != office {
                office_node += 1;
            }
            first_office + office_node
        });
        arcs.push((node, short(head), class.size() * class.cap * WHOLE));
        for place in officers[index(number)].clone() {
            leads[place] = node;
        }
    }
    for (node, (office, _)) in offices.iter().enumerate() {
        arcs.push((short(first_office + node), short(sink), matching.offices[*office] * WHOLE));
    }
    let caps = |class: u32| &classes[index(class)];
    for (first, list, cap) in [
        (first_week, &weeks, (|class: &Class| class.week_cap) as fn(&Class) -> Option<u64>),
        (first_day, &days, |class: &Class| class.day_cap),
        (first_pair, &pairs, |_: &Class| Some(1)),
    ] {
        for (node, (class, _, range)) in (first..).zip(list) {
            let node = short(node);
            let most = cap(caps(*class)).expect("only classes with this cap have such a node");
            arcs.push((node, leads[range.start], caps(*class).size() * most * WHOLE));
            for place in range.clone() {
                leads[place] = node;
            }
        }
    }
    for (node, (post, _)) in (posts.len()..).zip(&groups) {
        let most = limit(*post).expect("only limited posts have groups");
        arcs.push((*post, short(node), most.min(matching.posts[posts[index(*post)]].places) * WHOLE));
    }
    let mut heads: Vec<u32> = vec![0; links.len()];
    for (&link, &lead) in inward.iter().zip(&leads) {
        heads[index(link)] = lead;
    }
    for ((link, &tail), &head) in links.iter().zip(&tails).zip(&heads) {
        arcs.push((tail, head, caps(link.class).size() * WHOLE));
    }
    let net = Network::new(sink + 1, arcs);
    for ((link, &tail), &head) in links.iter_mut().zip(&tails).zip(&heads) {
        link.arc = short(net.arc(tail, head));
    }

    let only = |node: usize| net.at(node).last().expect("every node but the sink has a leaving arc");
    let mut left: Vec<Bundle> = Vec::new();
    for (node, (post, range)) in (posts.len()..).zip(&groups) {
        left.push(Bundle { links: range.clone(), arc: Some(net.arc(*post, short(node))) });
    }
    left.extend(post_ranges.into_iter().map(|links| Bundle { links, arc: None }));
    let mut right: Vec<Bundle> = Vec::new();
    for (first, list) in [(first_pair, &pairs), (first_day, &days), (first_week, &weeks)] {
        right.extend(
            (first..)
                .zip(list)
                .map(|(node, (_, _, range))| Bundle { links: range.clone(), arc: Some(only(node)) }),
        );
    }
    right.extend(
        (first_officer..)
            .zip(&officers)
            .map(|(node, range)| Bundle { links: range.clone(), arc: Some(only(node)) }),
    );
    right.extend(
        (first_office..)
            .zip(&offices)
            .map(|(node, (_, range))| Bundle { links: range.clone(), arc: Some(only(node)) }),
    );
    let officer_arcs = (first_officer..first_office).map(only).collect();
    let pinned = posts.iter().map(|&post| matching.posts[post].pinned).collect();
    let supplies = posts.iter().map(|&post| matching.posts[post].places * WHOLE).collect();
    let mut ceilings = Vec::new();
    for link in &links {
        let class = caps(link.class);
        if !class.chairs && !matching.posts[posts[index(link.post)]].pinned {
            ceilings.push((index(link.arc), visit_of[index(link.post)], class.size()));
        }
    }
    for (node, (class, visit, _)) in (first_pair..).zip(&pairs) {
        ceilings.push((only(node), *visit, caps(*class).size()));
    }
    Layout {
        net,
        classes,
        supplies,
        pinned,
        links,
        inward,
        left,
        right,
        officers,
        officer_arcs,
        first_officer,
        ceilings,
    }
}

impl Layout {
    /// What the posts want, at their nodes.
    pub(super) fn excess(&self) -> Vec<i64> {
        let mut excess = vec![0; self.net.nodes()];
        for (excess, &supply) in excess.iter_mut().zip(&self.supplies) {
            *excess = i64::try_from(supply).expect("below 2^63 units");
        }
        excess
    }

    /// Brings the arcs to the ceilings of their visits.
    pub(super) fn set_ceilings(&mut self, ceilings: &[u64]) {
        for &(arc, visit, officers) in &self.ceilings {
            let cap = officers * ceilings[index(visit)];
            let arc = &mut self.net.arcs[arc];
            (arc.cap, arc.upper) = (cap, cap);
        }
    }
}
