//! From who may go where to flows between classes: feasible, then level, then spread (Spec 11.4 to 11.6).

use super::WHOLE;
use super::flow::{Flow, Network};

/// An arc between a visit class and an officer class whose members may meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arc {
    pub(super) left: usize,
    pub(super) right: usize,
}

/// A component with equal members merged.
#[derive(Debug)]
pub(super) struct Classes {
    /// Places at every visit.
    pub(super) places: u64,
    /// Visits in each visit class.
    pub(super) visits: Vec<u64>,
    /// Officers in each officer class; classes of empty chairs are appended.
    pub(super) officers: Vec<u64>,
    /// Officer classes that are not empty chairs: chairs stand behind them.
    pub(super) real: usize,
    /// Most visits of each officer of a class.
    pub(super) caps: Vec<u64>,
    /// Arcs, by left node, then right node.
    pub(super) arcs: Vec<Arc>,
    /// Ceiling of a pair, in units.
    pub(super) ceiling: u64,
}

/// A deficient set of classes.
#[derive(Debug)]
pub(super) struct ClassShortage {
    pub(super) visits: Vec<usize>,
    pub(super) officers: Vec<usize>,
    pub(super) need: u64,
    pub(super) can_fill: u64,
}

#[derive(Debug)]
pub(super) struct Solution {
    /// Flow on each arc of the classes, in units for all pairs of the two classes together.
    pub(super) flow: Vec<u64>,
    pub(super) shortage: Option<ClassShortage>,
    /// The ceiling that was needed at each visit class.
    pub(super) ceilings: Vec<u64>,
}

/// Spec 11.4 to 11.6. Appends classes of empty chairs to `classes` where places cannot be filled.
pub(super) fn solve(classes: &mut Classes) -> Solution {
    let (ceilings, shortage) = feasible(classes);
    let mut level = Level::new(classes, &ceilings);
    let mut top = classes.caps.iter().copied().max().unwrap_or(0);
    while let Some(block) = level.next_block(&mut top) {
        spread(&block, &mut level.flow);
    }
    Solution { flow: level.flow, shortage, ceilings }
}

impl Classes {
    /// Pairs that an arc stands for.
    fn pairs(&self, arc: Arc) -> u64 {
        self.visits[arc.left] * self.officers[arc.right]
    }

    /// The ceiling of each of an arc's pairs: that of its visit class, and a whole place for empty chairs.
    fn ceiling(&self, arc: Arc, ceilings: &[u64]) -> u64 {
        if arc.right < self.real { ceilings[arc.left] } else { WHOLE }
    }
}

/// Spec 11.4: raises ceilings where they are in the way, states the shortage where nothing helps.
fn feasible(classes: &mut Classes) -> (Vec<u64>, Option<ClassShortage>) {
    let mut steps = vec![0; classes.visits.len()];
    let mut ceilings: Vec<u64> = vec![classes.ceiling; steps.len()];
    loop {
        let supplies = classes.visits.iter().map(|n| n * classes.places * WHOLE).collect();
        let sinks = classes.officers.iter().zip(&classes.caps).map(|(n, cap)| n * cap * WHOLE).collect();
        let mut net = Network::new(supplies, sinks);
        for &arc in &classes.arcs {
            net.arc(arc.left, arc.right, classes.pairs(arc) * classes.ceiling(arc, &ceilings));
        }
        let flow = net.solve_any();
        if flow.unmet == 0 {
            return (ceilings, None);
        }
        let reached: Vec<usize> = (0..steps.len()).filter(|&i| flow.left_reached[i]).collect();
        let raisable: Vec<usize> = reached.iter().copied().filter(|&i| steps[i] < 8).collect();
        if raisable.is_empty() {
            // All capacities of the cut are whole places now, so the deficit is too (Spec 14).
            let missing = flow.unmet / WHOLE;
            let need = reached.iter().map(|&i| classes.visits[i] * classes.places).sum();
            // Everybody who may go there, also those outside the cut: what all of them can fill is then the sum of what
            // each can, and can be checked without a flow (Spec 14).
            let may = |j: usize| classes.arcs.iter().any(|a| a.right == j && reached.contains(&a.left));
            let officers = (0..classes.real).filter(|&j| may(j)).collect();
            add_chairs(classes, &reached, missing);
            let can_fill = need - missing;
            return (ceilings, Some(ClassShortage { visits: reached, officers, need, can_fill }));
        }
        for i in raisable {
            steps[i] += 1;
            ceilings[i] = ceiling_after(classes.ceiling, steps[i]);
        }
    }
}

/// The ceiling after so many steps of eight towards certainty (Spec 11.4).
fn ceiling_after(ceiling: u64, step: u64) -> u64 {
    ceiling + (WHOLE - ceiling) * step / 8
}

/// Appends a class of empty chairs that the given visit classes may use. Arcs stay in order.
fn add_chairs(classes: &mut Classes, visits: &[usize], chairs: u64) {
    let right = classes.officers.len();
    classes.officers.push(chairs);
    classes.caps.push(1);
    classes.arcs.extend(visits.iter().map(|&left| Arc { left, right }));
    classes.arcs.sort_unstable_by_key(|arc| (arc.left, arc.right));
}

/// An arc while blocks are being cut off: its final flow goes to `origin`.
#[derive(Debug, Clone, Copy)]
struct LevelArc {
    left: usize,
    right: usize,
    capacity: u64,
    /// Units per pair the capacity stands for, and pairs.
    ceiling: u64,
    pairs: u64,
    /// The arc of the classes whose flow this is; `None` for an appended node, whose flow is final.
    origin: Option<usize>,
}

/// What is left of the component while levels go down (Spec 11.5).
struct Level<'a> {
    classes: &'a Classes,
    /// Supply of each left node; `None` once it is in a block.
    supplies: Vec<Option<u64>>,
    /// Whether each right node is still free.
    rights: Vec<bool>,
    arcs: Vec<LevelArc>,
    flow: Vec<u64>,
}

/// Nodes whose loads are settled between two whole numbers.
struct Block {
    supplies: Vec<u64>,
    lower: Vec<u64>,
    upper: Vec<u64>,
    /// Arcs with left and right as places in this block.
    arcs: Vec<LevelArc>,
}

impl<'a> Level<'a> {
    fn new(classes: &'a Classes, ceilings: &[u64]) -> Self {
        let arcs = classes.arcs.iter().copied().enumerate().map(|(number, arc)| {
            let (pairs, ceiling) = (classes.pairs(arc), classes.ceiling(arc, ceilings));
            let Arc { left, right } = arc;
            LevelArc { left, right, capacity: pairs * ceiling, ceiling, pairs, origin: Some(number) }
        });
        Self {
            classes,
            supplies: classes.visits.iter().map(|n| Some(n * classes.places * WHOLE)).collect(),
            rights: vec![true; classes.officers.len()],
            arcs: arcs.collect(),
            flow: vec![0; classes.arcs.len()],
        }
    }

    /// Sink capacity of a right node at a level.
    fn sink(&self, right: usize, level: u64) -> u64 {
        self.classes.officers[right] * self.classes.caps[right].min(level) * WHOLE
    }

    /// The flow of what is left when nobody carries more than `level`, and the nodes that take part.
    fn flow_at(&self, level: u64) -> (Flow, Vec<usize>, Vec<usize>) {
        let lefts: Vec<usize> = (0..self.supplies.len()).filter(|&i| self.supplies[i].is_some()).collect();
        let rights: Vec<usize> = (0..self.rights.len()).filter(|&j| self.rights[j]).collect();
        let supplies = lefts.iter().map(|&i| self.supplies[i].expect("just filtered")).collect();
        let mut net = Network::new(supplies, rights.iter().map(|&j| self.sink(j, level)).collect());
        for arc in &self.arcs {
            let left = lefts.binary_search(&arc.left).expect("arcs of settled nodes are gone");
            let right = rights.binary_search(&arc.right).expect("arcs of settled nodes are gone");
            net.arc(left, right, arc.capacity);
        }
        (net.solve_any(), lefts, rights)
    }

    /// Spec 11.5: the next block from the top, with the level going down to one less.
    fn next_block(&mut self, top: &mut u64) -> Option<Block> {
        if self.supplies.iter().flatten().all(|supply| *supply == 0) {
            return None;
        }
        // The smallest level that still meets all supplies: every level above it settles nobody.
        let (mut short, mut enough) = (0, *top);
        while enough - short > 1 {
            let middle = short + (enough - short) / 2;
            if self.flow_at(middle).0.unmet == 0 { enough = middle } else { short = middle }
        }
        let level = enough;
        *top = short;
        let (flow, lefts, rights) = self.flow_at(short);
        let settled = |nodes: &[usize], reached: &[bool]| -> Vec<usize> {
            nodes.iter().zip(reached).filter(|(_, r)| **r).map(|(n, _)| *n).collect()
        };
        let block_lefts = settled(&lefts, &flow.left_reached);
        let block_rights = settled(&rights, &flow.right_reached);

        let mut kept = Vec::new();
        let mut appended = Vec::new();
        let mut inside = Vec::new();
        for arc in std::mem::take(&mut self.arcs) {
            match (block_lefts.binary_search(&arc.left), block_rights.binary_search(&arc.right)) {
                (Ok(left), Ok(right)) => inside.push(LevelArc { left, right, ..arc }),
                (Ok(_), Err(_)) => {
                    // Carries all it can: the block's own officers are above it already.
                    if let Some(origin) = arc.origin {
                        self.flow[origin] = arc.capacity;
                    }
                    let supply =
                        self.supplies[arc.left].as_mut().expect("a node of the block is not settled yet");
                    *supply -= arc.capacity;
                    appended.push(arc);
                }
                // Carries nothing: it would only burden the block.
                (Err(_), Ok(_)) => {}
                (Err(_), Err(_)) => kept.push(arc),
            }
        }
        let supplies = block_lefts.iter().map(|&i| self.supplies[i].expect("not settled yet")).collect();
        for arc in appended {
            let left = self.supplies.len();
            self.supplies.push(Some(arc.capacity));
            kept.push(LevelArc { left, origin: None, ..arc });
        }
        self.arcs = kept;
        for &left in &block_lefts {
            self.supplies[left] = None;
        }
        for &right in &block_rights {
            self.rights[right] = false;
        }
        let bounds = |level: u64| block_rights.iter().map(|&j| self.sink(j, level)).collect();
        Some(Block { supplies, lower: bounds(level - 1), upper: bounds(level), arcs: inside })
    }
}

/// Spec 11.6: spreads the chances of a block by lowering the largest chance as far as it goes, again and again.
fn spread(block: &Block, flow: &mut [u64]) {
    /// How often the ceiling is lowered. Each time settles all arcs that hold it up.
    const TIMES: usize = 32;
    let mut ceilings: Vec<u64> = block.arcs.iter().map(|arc| arc.ceiling).collect();
    let mut free: Vec<bool> = block.arcs.iter().map(|arc| arc.origin.is_some()).collect();
    let network = |ceilings: &[u64], free: &[bool], t: u64| {
        let mut net = Network::new(block.supplies.clone(), block.lower.clone());
        for ((arc, ceiling), free) in block.arcs.iter().zip(ceilings).zip(free) {
            let capacity = match (arc.origin, free) {
                (None, _) => arc.capacity,
                (Some(_), true) => arc.pairs * t.min(*ceiling),
                (Some(_), false) => arc.pairs * ceiling,
            };
            net.arc(arc.left, arc.right, capacity);
        }
        let spills = block.upper.iter().zip(&block.lower).map(|(upper, lower)| upper - lower).collect();
        net.overflow(spills, block.supplies.iter().sum::<u64>() - block.lower.iter().sum::<u64>());
        net
    };
    let mut enough = WHOLE;
    for time in 1..=TIMES {
        // The smallest t at which the supplies are met: they are at `enough`, and t never grows from one time to the next.
        let mut low = 0;
        while low < enough {
            let middle = low + (enough - low) / 2;
            if network(&ceilings, &free, middle).solve_any().unmet == 0 {
                enough = middle
            } else {
                low = middle + 1
            }
        }
        let t = enough;
        if t == 0 || time == TIMES || !free.contains(&true) {
            for (ceiling, _) in ceilings.iter_mut().zip(&free).filter(|(_, free)| **free) {
                *ceiling = t.min(*ceiling);
            }
            break;
        }
        let at = network(&ceilings, &free, t - 1).solve_any();
        for (i, arc) in block.arcs.iter().enumerate().filter(|(_, arc)| arc.origin.is_some()) {
            let holds = at.left_reached[arc.left] && !at.right_reached[arc.right];
            if free[i] && (holds || ceilings[i] < t) {
                ceilings[i] = t.min(ceilings[i]);
                free[i] = false;
            }
        }
    }
    let done = network(&ceilings, &vec![false; free.len()], 0).solve();
    for (arc, sent) in block.arcs.iter().zip(done.arcs) {
        if let Some(origin) = arc.origin {
            flow[origin] = sent;
        }
    }
}
