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
        let mut state = State::new(self);
        loop {
            let search = state.search();
            let Some(end) = search.end else { return state.finish(&search) };
            state.push(&search, end);
        }
    }

    /// Some maximum flow, for questions to which every maximum flow gives the same answer: what is not met, what is reached
    /// (Dinic 1970: all shortest paths of one length at once, which saves most of the searches).
    pub(super) fn solve_any(&self) -> Flow {
        let mut state = State::new(self);
        while let Some(mut layers) = state.layers() {
            for left in 0..state.supplies.len() {
                if state.supplies[left] > 0 {
                    let sent = state.send(Node::Left(left), state.supplies[left], &mut layers);
                    state.supplies[left] -= sent;
                }
            }
        }
        let search = state.search();
        state.finish(&search)
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
    /// The node from which the sink was reached.
    end: Option<Node>,
}

/// Distances from the source in the residual network, and how far each node's neighbours have been tried.
struct Layers {
    left: Vec<usize>,
    right: Vec<usize>,
    spill: usize,
    sink: usize,
    next_left: Vec<usize>,
    next_right: Vec<usize>,
    next_spill: usize,
}

/// The distance of what is not reached.
const FAR: usize = usize::MAX;

impl<'a> State<'a> {
    fn new(net: &'a Network) -> Self {
        Self {
            net,
            supplies: net.supplies.clone(),
            arcs: vec![0; net.arcs.len()],
            sinks: net.sinks.clone(),
            spilled: vec![0; net.sinks.len()],
            spill: net.spill,
        }
    }

    /// The flow, once the source does not reach the sink any more.
    fn finish(self, search: &Search) -> Flow {
        Flow {
            arcs: self.arcs,
            unmet: self.supplies.iter().sum(),
            left_reached: search.left.iter().map(Option::is_some).collect(),
            right_reached: search.right.iter().map(Option::is_some).collect(),
        }
    }

    /// Distances from the source; `None` if the sink is out of reach.
    fn layers(&self) -> Option<Layers> {
        let (lefts, rights) = (self.supplies.len(), self.sinks.len());
        let mut layers = Layers {
            left: vec![FAR; lefts],
            right: vec![FAR; rights],
            spill: FAR,
            sink: FAR,
            next_left: vec![0; lefts],
            next_right: vec![0; rights],
            next_spill: 0,
        };
        let mut queue = VecDeque::new();
        for (i, _) in self.supplies.iter().enumerate().filter(|(_, supply)| **supply > 0) {
            layers.left[i] = 0;
            queue.push_back((Node::Left(i), 0));
        }
        while let Some((node, distance)) = queue.pop_front() {
            let next = distance + 1;
            for step in 0.. {
                let Some((to, room)) = self.neighbour(node, step) else { break };
                let Some(to) = to else {
                    if room > 0 {
                        layers.sink = layers.sink.min(next);
                    }
                    continue;
                };
                let known = match to {
                    Node::Left(i) => &mut layers.left[i],
                    Node::Right(j) => &mut layers.right[j],
                    Node::Spill => &mut layers.spill,
                };
                if room > 0 && *known == FAR {
                    *known = next;
                    queue.push_back((to, next));
                }
            }
        }
        (layers.sink != FAR).then_some(layers)
    }

    /// The `step`-th neighbour of a node (`None` is the sink) and the room on the way there; nothing after the last.
    fn neighbour(&self, node: Node, step: usize) -> Option<(Option<Node>, u64)> {
        match node {
            Node::Left(i) => {
                let arc = *self.net.by_left[i].get(step)?;
                let (_, right, capacity) = self.net.arcs[arc];
                Some((Some(Node::Right(right)), capacity - self.arcs[arc]))
            }
            Node::Right(j) => match step {
                0 => Some((None, self.sinks[j])),
                1 => Some((Some(Node::Spill), self.net.spills[j] - self.spilled[j])),
                _ => {
                    let arc = *self.net.by_right[j].get(step - 2)?;
                    Some((Some(Node::Left(self.net.arcs[arc].0)), self.arcs[arc]))
                }
            },
            Node::Spill => match step {
                0 => Some((None, self.spill)),
                _ => self.spilled.get(step - 1).map(|spilled| (Some(Node::Right(step - 1)), *spilled)),
            },
        }
    }

    /// Sends up to `want` from a node along shortest paths to the sink; returns what was sent.
    fn send(&mut self, node: Node, want: u64, layers: &mut Layers) -> u64 {
        let distance = match node {
            Node::Left(i) => layers.left[i],
            Node::Right(j) => layers.right[j],
            Node::Spill => layers.spill,
        };
        let mut sent = 0;
        loop {
            let step = match node {
                Node::Left(i) => layers.next_left[i],
                Node::Right(j) => layers.next_right[j],
                Node::Spill => layers.next_spill,
            };
            let Some((to, room)) = self.neighbour(node, step) else { return sent };
            let further = match to {
                None => layers.sink,
                Some(Node::Left(i)) => layers.left[i],
                Some(Node::Right(j)) => layers.right[j],
                Some(Node::Spill) => layers.spill,
            };
            let amount = room.min(want - sent);
            if amount > 0 && further == distance + 1 {
                let done = match to {
                    None => amount,
                    Some(to) => self.send(to, amount, layers),
                };
                self.change(node, step, done);
                sent += done;
                if sent == want {
                    return sent;
                }
            }
            match node {
                Node::Left(i) => layers.next_left[i] += 1,
                Node::Right(j) => layers.next_right[j] += 1,
                Node::Spill => layers.next_spill += 1,
            }
        }
    }

    /// Books what went to the `step`-th neighbour.
    fn change(&mut self, node: Node, step: usize, amount: u64) {
        match (node, step) {
            (Node::Left(i), _) => self.arcs[self.net.by_left[i][step]] += amount,
            (Node::Right(j), 0) => self.sinks[j] -= amount,
            (Node::Right(j), 1) => self.spilled[j] += amount,
            (Node::Right(j), _) => self.arcs[self.net.by_right[j][step - 2]] -= amount,
            (Node::Spill, 0) => self.spill -= amount,
            (Node::Spill, _) => self.spilled[step - 1] -= amount,
        }
    }

    /// Breadth-first from the source, in the order of the spec.
    fn search(&self) -> Search {
        let mut found = Search {
            left: vec![None; self.supplies.len()],
            right: vec![None; self.sinks.len()],
            spill: None,
            end: None,
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
                        found.end = Some(node);
                        return found;
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
                        found.end = Some(node);
                        return found;
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

    /// Sends as much as fits along the path that was found.
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
