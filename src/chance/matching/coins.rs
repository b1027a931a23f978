//! Bit-peeling: fair coins round chances to places, each pair with exactly its chance (Spec 11.8).
//!
//! Doerr's bitwise rounding on a flow: after the round for bit b no value has that bit. A simple cycle touches a node in
//! two edges whose change cancels, so every node keeps its sum, and every value is a martingale from its chance to zero or a
//! whole place.

/// A pair of visit and officer with its chance; after [`round`] the chance is 0 or a whole place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The visit's place in the node order.
    pub visit: usize,
    /// The officer's place in the node order.
    pub officer: usize,
    /// Units.
    pub value: u64,
}

/// Rounds the values of all edges to multiples of 2^`bits`, one coin for each cycle.
///
/// The values of every visit must sum to a multiple of 2^`bits`. Visits stand before officers in the node order, the sink after
/// them; a node's edges are tried in the order of the nodes at their other ends.
pub fn round(visits: usize, officers: usize, edges: &mut [Edge], bits: u32, coin: &mut impl FnMut() -> bool) {
    let sink = visits + officers;
    // Tail, head, value of every edge: pairs first, then officer → sink.
    let mut ends: Vec<(usize, usize)> = edges.iter().map(|e| (e.visit, visits + e.officer)).collect();
    let mut values: Vec<u64> = edges.iter().map(|e| e.value).collect();
    let mut loads = vec![0; officers];
    for edge in edges.iter() {
        loads[edge.officer] += edge.value;
    }
    for (officer, load) in loads.into_iter().enumerate().filter(|(_, load)| *load > 0) {
        ends.push((visits + officer, sink));
        values.push(load);
    }
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); sink + 1];
    for (edge, &(tail, head)) in ends.iter().enumerate() {
        at[tail].push(edge);
        at[head].push(edge);
    }
    for (node, list) in at.iter_mut().enumerate() {
        list.sort_unstable_by_key(|&edge| other_end(ends[edge], node));
    }
    let mut on_path = vec![false; ends.len()];
    let mut place: Vec<Option<usize>> = vec![None; sink + 1];
    for bit in 0..bits {
        let mut next = vec![0; sink + 1];
        for start in 0..=sink {
            walk(start, 1 << bit, &ends, &at, &mut values, &mut next, &mut on_path, &mut place, coin);
        }
    }
    for (edge, value) in edges.iter_mut().zip(values) {
        edge.value = value;
    }
}

const fn other_end((tail, head): (usize, usize), node: usize) -> usize {
    if tail == node { head } else { tail }
}

/// Walks from a node until it has no edge with the bit, cutting off a cycle wherever the walk meets itself.
#[expect(clippy::too_many_arguments, reason = "one inner loop over the arrays of `round`")]
fn walk(
    start: usize,
    bit: u64,
    ends: &[(usize, usize)],
    at: &[Vec<usize>],
    values: &mut [u64],
    next: &mut [usize],
    on_path: &mut [bool],
    place: &mut [Option<usize>],
    coin: &mut impl FnMut() -> bool,
) {
    let mut nodes = vec![start];
    let mut path: Vec<usize> = Vec::new();
    place[start] = Some(0);
    while let Some(&node) = nodes.last() {
        // An edge that is passed over has lost the bit, or is on the path and will lose it there: never look back.
        let list = &at[node];
        while next[node] < list.len() && (values[list[next[node]]] & bit == 0 || on_path[list[next[node]]]) {
            next[node] += 1;
        }
        let Some(&edge) = list.get(next[node]) else {
            assert!(path.is_empty(), "every node has an even number of edges with the bit");
            break;
        };
        on_path[edge] = true;
        path.push(edge);
        let reached = other_end(ends[edge], node);
        let Some(begin) = place[reached] else {
            place[reached] = Some(nodes.len());
            nodes.push(reached);
            continue;
        };
        let along = coin();
        for (&tail, &edge) in nodes[begin..].iter().zip(&path[begin..]) {
            // Along its arrow the edge goes with the coin, against it the other way.
            if (ends[edge].0 == tail) == along {
                values[edge] += bit;
            } else {
                values[edge] -= bit;
            }
            on_path[edge] = false;
        }
        for node in nodes.drain(begin + 1..) {
            place[node] = None;
        }
        path.truncate(begin);
    }
    place[start] = None;
}
