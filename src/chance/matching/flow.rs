//! Maximum flow by shortest augmenting paths, in a fixed order (Spec 11.3; Edmonds and Karp 1972).

use std::collections::VecDeque;

/// A network source → left → right → sink, with an optional overflow node between right nodes and sink.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// Supply of each left node.
    supplies: Vec<u64>,
    /// Capacity of each right node's arc to the sink.
    sinks: Vec<u64>,
    /// Capacity of each right node's arc to the overflow node.
    spills: Vec<u64>,
    /// Capacity from the overflow node to the sink.
    spill: u64,
    arcs: Vec<(usize, usize, u64)>,
    by_left: Vec<Vec<usize>>,
    by_right: Vec<Vec<usize>>,
}

/// A maximum flow, and what the source still reaches in the residual network.
#[derive(Debug)]
pub(super) struct Flow {
    /// Flow on each arc.
    pub(super) arcs: Vec<u64>,
    /// Supply that could not be sent.
    pub(super) unmet: u64,
    pub(super) left_reached: Vec<bool>,
    pub(super) right_reached: Vec<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Left(usize),
    Right(usize),
    Spill,
}

impl Network {
    pub(super) fn new(supplies: Vec<u64>, sinks: Vec<u64>) -> Self {
        let (lefts, rights) = (supplies.len(), sinks.len());
        Self {
            supplies,
            spills: vec![0; rights],
            sinks,
            by_left: vec![Vec::new(); lefts],
            by_right: vec![Vec::new(); rights],
            ..Self::default()
        }
    }

    /// Adds an arc. Arcs of one left node must be added with their right nodes ascending, and left nodes ascending.
    pub(super) fn arc(&mut self, left: usize, right: usize, capacity: u64) {
        self.by_left[left].push(self.arcs.len());
        self.by_right[right].push(self.arcs.len());
        self.arcs.push((left, right, capacity));
    }

    /// Gives the right nodes arcs to an overflow node, and that one an arc to the sink.
    pub(super) fn overflow(&mut self, spills: Vec<u64>, total: u64) {
        self.spills = spills;
        self.spill = total;
    }

    /// The flow of Spec 11.3: one path a search, in the order of the spec.
    pub(super) fn solve(&self) -> Flow {
        self.augment(false)
    }

    /// Some maximum flow, for questions to which every maximum flow gives the same answer: what is not met, what is reached. All
    /// paths of a search are used, which saves most of the searches.
    pub(super) fn solve_any(&self) -> Flow {
        self.augment(true)
    }

    fn augment(&self, every: bool) -> Flow {
        let mut state = State {
            net: self,
            supplies: self.supplies.clone(),
            arcs: vec![0; self.arcs.len()],
            sinks: self.sinks.clone(),
            spilled: vec![0; self.sinks.len()],
            spill: self.spill,
        };
        loop {
            let search = state.search(every);
            if search.ends.is_empty() {
                return Flow {
                    arcs: state.arcs,
                    unmet: state.supplies.iter().sum(),
                    left_reached: search.left.iter().map(Option::is_some).collect(),
                    right_reached: search.right.iter().map(Option::is_some).collect(),
                };
            }
            for end in &search.ends {
                state.push(&search, *end);
            }
        }
    }
}

/// Residual capacities while augmenting.
struct State<'a> {
    net: &'a Network,
    /// Supply not sent yet.
    supplies: Vec<u64>,
    /// Flow on arcs.
    arcs: Vec<u64>,
    /// Sink capacity left.
    sinks: Vec<u64>,
    /// Flow to the overflow node.
    spilled: Vec<u64>,
    /// Overflow capacity left.
    spill: u64,
}

/// How a node was reached: from the source, over an arc, or from a right node to the overflow and back.
#[derive(Debug, Clone, Copy)]
enum Via {
    Source,
    Arc(usize),
    Right(usize),
    Spill,
}

struct Search {
    left: Vec<Option<Via>>,
    right: Vec<Option<Via>>,
    spill: Option<Via>,
    /// The nodes from which the sink was reached: the first one, or every one.
    ends: Vec<Node>,
}

impl State<'_> {
    /// Breadth-first from the source, in the order of the spec.
    fn search(&self, every: bool) -> Search {
        let mut found = Search {
            left: vec![None; self.supplies.len()],
            right: vec![None; self.sinks.len()],
            spill: None,
            ends: Vec::new(),
        };
        let mut queue = VecDeque::new();
        for (i, supply) in self.supplies.iter().enumerate() {
            if *supply > 0 {
                found.left[i] = Some(Via::Source);
                queue.push_back(Node::Left(i));
            }
        }
        while let Some(node) = queue.pop_front() {
            match node {
                Node::Left(i) => {
                    for &arc in &self.net.by_left[i] {
                        let (_, right, capacity) = self.net.arcs[arc];
                        if found.right[right].is_none() && self.arcs[arc] < capacity {
                            found.right[right] = Some(Via::Arc(arc));
                            queue.push_back(Node::Right(right));
                        }
                    }
                }
                Node::Right(j) => {
                    if self.sinks[j] > 0 {
                        found.ends.push(node);
                        if !every {
                            return found;
                        }
                    }
                    if found.spill.is_none() && self.spilled[j] < self.net.spills[j] {
                        found.spill = Some(Via::Right(j));
                        queue.push_back(Node::Spill);
                    }
                    for &arc in &self.net.by_right[j] {
                        let (left, _, _) = self.net.arcs[arc];
                        if found.left[left].is_none() && self.arcs[arc] > 0 {
                            found.left[left] = Some(Via::Arc(arc));
                            queue.push_back(Node::Left(left));
                        }
                    }
                }
                Node::Spill => {
                    if self.spill > 0 {
                        found.ends.push(node);
                        if !every {
                            return found;
                        }
                    }
                    for (j, spilled) in self.spilled.iter().enumerate() {
                        if found.right[j].is_none() && *spilled > 0 {
                            found.right[j] = Some(Via::Spill);
                            queue.push_back(Node::Right(j));
                        }
                    }
                }
            }
        }
        found
    }

    /// Sends as much as fits along the path that was found; nothing if another path of the search has filled it.
    fn push(&mut self, search: &Search, end: Node) {
        let mut steps = Vec::new();
        let mut amount = match end {
            Node::Right(j) => self.sinks[j],
            Node::Spill => self.spill,
            Node::Left(_) => unreachable!("left nodes have no arc to the sink"),
        };
        let mut node = end;
        loop {
            let via = match node {
                Node::Left(i) => search.left[i],
                Node::Right(j) => search.right[j],
                Node::Spill => search.spill,
            };
            let via = via.expect("every node of the path was reached");
            let (room, before) = match (node, via) {
                (Node::Left(i), Via::Source) => (self.supplies[i], None),
                (Node::Left(_), Via::Arc(arc)) => (self.arcs[arc], Some(Node::Right(self.net.arcs[arc].1))),
                (Node::Right(_), Via::Arc(arc)) => {
                    (self.net.arcs[arc].2 - self.arcs[arc], Some(Node::Left(self.net.arcs[arc].0)))
                }
                (Node::Right(j), Via::Spill) => (self.spilled[j], Some(Node::Spill)),
                (Node::Spill, Via::Right(j)) => (self.net.spills[j] - self.spilled[j], Some(Node::Right(j))),
                _ => unreachable!("no such arc in the network"),
            };
            amount = amount.min(room);
            steps.push((node, via));
            match before {
                Some(before) => node = before,
                None => break,
            }
        }
        match end {
            Node::Right(j) => self.sinks[j] -= amount,
            _ => self.spill -= amount,
        }
        for (node, via) in steps {
            match (node, via) {
                (Node::Left(i), Via::Source) => self.supplies[i] -= amount,
                (Node::Left(_), Via::Arc(arc)) => self.arcs[arc] -= amount,
                (_, Via::Arc(arc)) => self.arcs[arc] += amount,
                (Node::Right(j), Via::Spill) => self.spilled[j] -= amount,
                (_, Via::Right(j)) => self.spilled[j] += amount,
                _ => unreachable!("no such arc in the network"),
            }
        }
    }
}
