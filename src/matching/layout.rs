//! The network of a component: posts and groups on the left, pairs, days, weeks, classes and offices on the
//! right (Spec 11.4).

use super::classes::Class;
use super::flow::{Network, index, short};
use super::{Component, Day, Matching, SPANS, WHOLE};
use std::ops::Range;

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
    /// The arc, `None` for a post, whose sum is its supply.
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
    /// The links, by post, group and class.
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
    /// The arcs whose capacity follows the ceiling of a visit, with the place of the visit in the component
    /// and the number of officers of the class.
    pub(super) ceilings: Vec<(usize, u32, u64)>,
}

/// Builds the network of a component. `visit_of` gives each post's place among the visits of the component.
pub(super) fn lay_out(
    matching: &Matching,
    component: &Component,
    visit_of: &[u32],
    classes: Vec<Class>,
) -> Layout {
    let mut builder = Builder::new(matching, component, visit_of, classes);
    // The layers in the order of Spec 11.4, which numbers the nodes.
    builder.posts();
    builder.groups();
    builder.links_by_class();
    builder.pairs();
    builder.spans();
    builder.classes();
    builder.offices();
    builder.sink();
    builder.finish()
}

/// A network while it is built. Nodes get their numbers in the order in which they are added.
struct Builder<'a> {
    matching: &'a Matching,
    component: &'a Component,
    visit_of: &'a [u32],
    classes: Vec<Class>,
    /// Of every node but posts and groups, the capacity of the arc that leaves it.
    leaving: Vec<u64>,
    arcs: Vec<(u32, u32, u64)>,
    links: Vec<Link>,
    /// Where each link begins and ends.
    ends: Vec<(u32, u32)>,
    /// The links of each post.
    of_posts: Vec<Range<usize>>,
    /// The post, the node and the links of each group.
    of_groups: Vec<(u32, u32, Range<usize>)>,
    /// Places in `links`, by office, class, week, day, visit and post.
    inward: Vec<u32>,
    /// For each place of `inward`, the node that its link has been led to so far.
    led_to: Vec<Option<u32>>,
    /// The range of `inward` of each class.
    of_classes: Vec<Range<usize>>,
    /// The nodes of the right side, each with its range of `inward`.
    right: Vec<(u32, Range<usize>)>,
    /// The node of each pair, its visit, and the number of officers of its class.
    ceilings: Vec<(u32, u32, u64)>,
    first_officer: u32,
}

impl<'a> Builder<'a> {
    fn new(
        matching: &'a Matching,
        component: &'a Component,
        visit_of: &'a [u32],
        classes: Vec<Class>,
    ) -> Self {
        Self {
            matching,
            component,
            visit_of,
            classes,
            leaving: Vec::new(),
            arcs: Vec::new(),
            links: Vec::new(),
            ends: Vec::new(),
            of_posts: Vec::new(),
            of_groups: Vec::new(),
            inward: Vec::new(),
            led_to: Vec::new(),
            of_classes: Vec::new(),
            right: Vec::new(),
            ceilings: Vec::new(),
            first_officer: 0,
        }
    }

    /// Adds a node that lets through so many units.
    fn node(&mut self, leaving: u64) -> u32 {
        self.leaving.push(leaving);
        short(self.leaving.len() - 1)
    }

    /// Adds a node that gathers the links at these places of `inward` and lets through so many units.
    fn gather(&mut self, places: Range<usize>, leaving: u64) -> u32 {
        let node = self.node(leaving);
        for place in places {
            match self.led_to[place].replace(node) {
                None => self.ends[index(self.inward[place])].1 = node,
                // The places of an inner node stand side by side. It leads on once.
                Some(inner) => {
                    let known =
                        self.arcs.last().is_some_and(|&(tail, head, _)| (tail, head) == (inner, node));
                    if !known {
                        self.arcs.push((inner, node, self.leaving[index(inner)]));
                    }
                }
            }
        }
        node
    }

    /// The same for a node of the right side, whose flow has bounds of its own.
    fn gather_bundle(&mut self, places: Range<usize>, leaving: u64) -> u32 {
        let node = self.gather(places.clone(), leaving);
        self.right.push((node, places));
        node
    }

    fn class(&self, class: u32) -> &Class {
        &self.classes[index(class)]
    }

    fn day(&self, post: u32) -> Option<Day> {
        self.matching.visits[self.component.visits[index(self.visit_of[index(post)])]]
    }

    fn post(&self, post: u32) -> &'a super::Demand {
        &self.matching.posts[self.component.posts[index(post)]]
    }

    /// Layer 1: a node for each post. Its supply is not an arc.
    fn posts(&mut self) {
        for _ in &self.component.posts {
            self.node(0);
        }
    }

    /// Layer 2: a node for each group of the classes of each post with a limit. Makes the links, by post,
    /// group and class.
    fn groups(&mut self) {
        let mut by_post: Vec<Vec<u32>> = vec![Vec::new(); self.component.posts.len()];
        for (number, class) in (0..).zip(&self.classes) {
            for &post in &class.posts {
                by_post[index(post)].push(number);
            }
        }
        for (post, list) in (0..).zip(by_post) {
            let limit = self.post(post).limit;
            let group = |class: u32| self.class(class).seat.group.filter(|_| limit.is_some());
            let mut list: Vec<_> = list.into_iter().map(|class| (group(class), class)).collect();
            list.sort_unstable();
            let first = self.links.len();
            for same in list.chunk_by(|(a, _), (b, _)| a == b) {
                let begin = self.links.len();
                let tail = match limit.filter(|_| same[0].0.is_some()) {
                    Some(most) => self.group(post, begin..begin + same.len(), most),
                    None => post,
                };
                self.links.extend(same.iter().map(|&(_, class)| Link { post, class, arc: 0 }));
                self.ends.resize(self.links.len(), (tail, 0));
            }
            self.of_posts.push(first..self.links.len());
        }
    }

    /// The node of one group at a post.
    fn group(&mut self, post: u32, links: Range<usize>, most: u64) -> u32 {
        let node = self.node(0);
        self.arcs.push((post, node, most.min(self.post(post).places) * WHOLE));
        self.of_groups.push((post, node, links));
        node
    }

    /// Puts the links of each class in the order of their days, and the classes in the order of their
    /// offices. Then the links that a node of the right side gathers stand side by side.
    fn links_by_class(&mut self) {
        let mut by_class: Vec<Vec<u32>> = vec![Vec::new(); self.classes.len()];
        for (place, link) in (0..).zip(&self.links) {
            by_class[index(link.class)].push(place);
        }
        let mut order: Vec<u32> = (0..short(self.classes.len())).collect();
        order.sort_by_key(|&class| (self.class(class).seat.office, class));
        self.inward.reserve_exact(self.links.len());
        self.of_classes = vec![0..0; self.classes.len()];
        for class in order {
            let list = &mut by_class[index(class)];
            list.sort_by_key(|&place| {
                let post = self.links[index(place)].post;
                (self.day(post), post)
            });
            let begin = self.inward.len();
            self.inward.append(list);
            self.of_classes[index(class)] = begin..self.inward.len();
        }
        self.led_to = vec![None; self.inward.len()];
    }

    /// The links of some classes that agree in a key, such as the day: class, key and range of `inward`.
    /// Links without a key are left out.
    fn runs(
        &self,
        classes: impl Fn(&Class) -> bool,
        key: impl Fn(u32) -> Option<u32>,
    ) -> Vec<(u32, u32, Range<usize>)> {
        let mut found = Vec::new();
        let key = |&link: &u32| key(self.links[index(link)].post);
        for (number, _) in (0..).zip(&self.classes).filter(|(_, class)| classes(class)) {
            let range = self.of_classes[index(number)].clone();
            let mut begin = range.start;
            for run in self.inward[range].chunk_by(|a, b| key(a) == key(b)) {
                found.extend(key(&run[0]).map(|key| (number, key, begin..begin + run.len())));
                begin += run.len();
            }
        }
        found
    }

    /// Layer 3: a node for each visit and class where at least two posts of the visit have the class. No
    /// officer holds two posts of a visit.
    fn pairs(&mut self) {
        let mut pairs = self.runs(|class| !class.chairs, |post| Some(self.visit_of[index(post)]));
        pairs.retain(|(_, _, range)| range.len() > 1);
        pairs.sort_by_key(|&(class, visit, _)| (visit, class));
        for (class, visit, range) in pairs {
            let size = self.class(class).size();
            let node = self.gather_bundle(range, size * WHOLE);
            self.ceilings.push((node, visit, size));
        }
    }

    /// Layers 4 and 5: for the days, then for the weeks, a node for each class with such a cap and each day
    /// or week of its visits.
    fn spans(&mut self) {
        for (place, span) in SPANS.into_iter().enumerate() {
            let cap = |class: &Class| class.seat.span_caps()[place];
            let mut runs = self.runs(|class| cap(class).is_some(), |post| self.day(post).map(span));
            runs.sort_by_key(|&(class, number, _)| (class, number));
            for (class, _, range) in runs {
                let class = self.class(class);
                let most = cap(class).expect("only classes with this cap were asked for");
                self.gather_bundle(range, class.size() * most * WHOLE);
            }
        }
    }

    /// Layer 6: a node for each class.
    fn classes(&mut self) {
        self.first_officer = short(self.leaving.len());
        for number in 0..self.classes.len() {
            let class = &self.classes[number];
            self.gather_bundle(self.of_classes[number].clone(), class.size() * class.seat.cap * WHOLE);
        }
    }

    /// Layer 7: a node for each office with a cap.
    fn offices(&mut self) {
        let mut offices: Vec<(usize, Range<usize>)> = self
            .classes
            .iter()
            .zip(&self.of_classes)
            .filter_map(|(class, range)| class.seat.office.map(|office| (office, range.clone())))
            .collect();
        offices.sort_by_key(|(office, range)| (*office, range.start));
        for same in offices.chunk_by(|(a, _), (b, _)| a == b) {
            let (office, first) = &same[0];
            let (_, last) = &same[same.len() - 1];
            self.gather_bundle(first.start..last.end, self.matching.offices[*office] * WHOLE);
        }
    }

    /// Layer 8: the sink.
    fn sink(&mut self) {
        self.gather(0..self.inward.len(), 0);
    }

    /// Whether the chances of a link stay below the ceiling of its visit.
    fn has_ceiling(&self, link: &Link) -> bool {
        !self.class(link.class).chairs && !self.post(link.post).pinned
    }

    /// The network with its arcs, once all nodes are there.
    fn finish(mut self) -> Layout {
        let sizes: Vec<u64> = self.links.iter().map(|link| self.class(link.class).size()).collect();
        let of_links = self.ends.iter().zip(&sizes).map(|(&(tail, head), size)| (tail, head, size * WHOLE));
        self.arcs.extend(of_links);
        let net = Network::new(self.leaving.len(), std::mem::take(&mut self.arcs));
        for (link, &(tail, head)) in self.links.iter_mut().zip(&self.ends) {
            link.arc = short(net.arc(tail, head));
        }
        let only = |node: u32| net.at(index(node)).last().expect("every node but the sink has a leaving arc");
        let of_links = self.links.iter().zip(&sizes).filter(|(link, _)| self.has_ceiling(link));
        let ceilings = of_links
            .map(|(link, &size)| (index(link.arc), self.visit_of[index(link.post)], size))
            .chain(self.ceilings.iter().map(|&(node, visit, size)| (only(node), visit, size)))
            .collect();
        let groups = self.of_groups.iter().map(|(post, node, links)| (links, Some(net.arc(*post, *node))));
        let posts = self.of_posts.iter().map(|links| (links, None));
        let left = groups.chain(posts).map(|(links, arc)| Bundle { links: links.clone(), arc }).collect();
        let right =
            self.right.iter().map(|(node, links)| Bundle { links: links.clone(), arc: Some(only(*node)) });
        let demands = (0..).zip(&self.component.posts).map(|(post, _)| self.post(post));
        let officers = self.first_officer..self.first_officer + short(self.classes.len());
        Layout {
            supplies: demands.clone().map(|demand| demand.places * WHOLE).collect(),
            pinned: demands.map(|demand| demand.pinned).collect(),
            left,
            right: right.collect(),
            officer_arcs: officers.map(only).collect(),
            first_officer: index(self.first_officer),
            ceilings,
            net,
            classes: self.classes,
            links: self.links,
            inward: self.inward,
            officers: self.of_classes,
        }
    }
}

impl Layout {
    /// The supplies of the posts, at their nodes.
    pub(super) fn excess(&self) -> Vec<i64> {
        let mut excess = vec![0; self.net.nodes()];
        for (excess, &supply) in excess.iter_mut().zip(&self.supplies) {
            *excess = i64::try_from(supply).expect("below 2^63 units");
        }
        excess
    }

    /// Sets the capacities of the arcs that follow the ceilings of the visits.
    pub(super) fn set_ceilings(&mut self, ceilings: &[u64]) {
        for &(arc, visit, officers) in &self.ceilings {
            let cap = officers * ceilings[index(visit)];
            let arc = &mut self.net.arcs[arc];
            (arc.cap, arc.upper) = (cap, cap);
        }
    }
}
