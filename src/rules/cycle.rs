//! Circles in a graph of entities.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::entity::{Reference, Relation};
use crate::source::Span;

/// Who names whom, and where, by the positions of the entities in the catalog.
#[derive(Debug)]
pub(super) struct Graph {
    /// Sorted, each pair once.
    edges: Vec<Edge>,
    /// Where the edges of a node start; one more than there are nodes.
    starts: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    /// Where it is written.
    pub(super) span: Span,
}

impl Graph {
    /// The graph of `count` nodes.
    pub(super) fn new(count: usize, mut edges: Vec<Edge>) -> Self {
        edges.sort_unstable();
        edges.dedup_by_key(|edge| (edge.from, edge.to));
        let mut starts = vec![0; count + 1];
        for edge in &edges {
            starts[edge.from as usize + 1] += 1;
        }
        for node in 0..count {
            starts[node + 1] += starts[node];
        }
        Self { edges, starts }
    }

    /// The graph of some references of a catalog: `direct` ones lead from the entity to its target,
    /// `reversed` ones back.
    pub(super) fn of(catalog: &Catalog, direct: &[Relation], reversed: &[Relation]) -> Self {
        let mut edges = Vec::new();
        for (at, entity) in catalog.entities().enumerate() {
            for Reference { relation, target, span, .. } in &entity.references {
                let is_direct = direct.contains(relation);
                if !is_direct && !reversed.contains(relation) {
                    continue;
                }
                if let Some(other) = catalog.position(target) {
                    let (from, to) = if is_direct { (at, other) } else { (other, at) };
                    edges.push(Edge { from: from as u32, to: to as u32, span: *span });
                }
            }
        }
        Self::new(catalog.len(), edges)
    }

    fn next(&self, node: u32) -> &[Edge] {
        &self.edges[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// One circle for each set of nodes that all reach each other: a shortest one through the first
    /// of them, as its edges in order.
    pub(super) fn circles(&self) -> Vec<Vec<Edge>> {
        let component = self.components();
        let mut firsts: BTreeMap<u32, u32> = BTreeMap::new();
        for edge in
            self.edges.iter().filter(|edge| component[edge.from as usize] == component[edge.to as usize])
        {
            firsts.entry(component[edge.from as usize]).or_insert(edge.from);
        }
        let mut circles: Vec<_> =
            firsts.into_values().filter_map(|start| self.shortest(start, &component)).collect();
        circles.sort();
        circles
    }

    /// The component of each node: nodes that reach each other have the same number (Tarjan, without
    /// recursion).
    fn components(&self) -> Vec<u32> {
        let mut search = Search::new(self.starts.len() - 1);
        for start in 0..self.starts.len() as u32 - 1 {
            if search.order[start as usize] == NEVER {
                self.search_from(start, &mut search);
            }
        }
        search.component
    }

    fn search_from(&self, start: u32, search: &mut Search) {
        let mut calls = vec![(search.enter(start), 0)];
        while let Some((node, seen)) = calls.last_mut() {
            let node = *node;
            let edge = self.next(node).get(*seen);
            *seen += 1;
            match edge.map(|edge| edge.to) {
                Some(to) if search.order[to as usize] == NEVER => calls.push((search.enter(to), 0)),
                Some(to) if search.component[to as usize] == NEVER => {
                    search.lower(node, search.order[to as usize]);
                }
                Some(_) => {}
                None => {
                    calls.pop();
                    let low = search.low[node as usize];
                    if let Some((parent, _)) = calls.last() {
                        search.lower(*parent, low);
                    }
                    if low == search.order[node as usize] {
                        search.close(node);
                    }
                }
            }
        }
    }

    /// A shortest circle through `start` within its component, breadth first.
    fn shortest(&self, start: u32, component: &[u32]) -> Option<Vec<Edge>> {
        let mut came: BTreeMap<u32, Edge> = BTreeMap::new();
        let mut wave = vec![start];
        while !wave.is_empty() {
            let mut following = Vec::new();
            for edge in wave.into_iter().flat_map(|node| self.next(node)) {
                if edge.to == start {
                    return Some(trace(*edge, start, &came));
                }
                let is_within = component[edge.to as usize] == component[start as usize];
                if is_within && !came.contains_key(&edge.to) {
                    came.insert(edge.to, *edge);
                    following.push(edge.to);
                }
            }
            wave = following;
        }
        None
    }
}

/// The edges from `start` to the edge that leads back to it.
fn trace(last: Edge, start: u32, came: &BTreeMap<u32, Edge>) -> Vec<Edge> {
    let mut circle = vec![last];
    let mut node = last.from;
    while let Some(edge) = came.get(&node).filter(|_| node != start) {
        circle.push(*edge);
        node = edge.from;
    }
    circle.reverse();
    circle
}

/// What no node has as its number.
const NEVER: u32 = u32::MAX;

struct Search {
    order: Vec<u32>,
    low: Vec<u32>,
    component: Vec<u32>,
    stack: Vec<u32>,
    entered: u32,
}

impl Search {
    fn new(count: usize) -> Self {
        let (order, low, component) = (vec![NEVER; count], vec![NEVER; count], vec![NEVER; count]);
        Self { order, low, component, stack: Vec::new(), entered: 0 }
    }

    fn enter(&mut self, node: u32) -> u32 {
        self.order[node as usize] = self.entered;
        self.low[node as usize] = self.entered;
        self.entered += 1;
        self.stack.push(node);
        node
    }

    fn lower(&mut self, node: u32, order: u32) {
        let low = &mut self.low[node as usize];
        *low = (*low).min(order);
    }

    fn close(&mut self, root: u32) {
        while let Some(node) = self.stack.pop() {
            self.component[node as usize] = root;
            if node == root {
                break;
            }
        }
    }
}

/// `a -> b -> a`, for a message; long circles are cut.
pub(super) fn describe(circle: &[Edge], catalog: &Catalog) -> String {
    const SHOWN: usize = 6;
    let name = |edge: &Edge| catalog.at(edge.from as usize).reference.short();
    let mut names: Vec<String> = circle.iter().take(SHOWN).map(name).collect();
    if circle.len() > SHOWN {
        names.push(format!("{} more", circle.len() - SHOWN));
    }
    names.extend(circle.first().map(name));
    names.join(" -> ")
}

#[cfg(test)]
mod tests {
    use super::{Edge, Graph};
    use crate::source::{SourceId, Span};

    fn check(count: usize, edges: &[(u32, u32)], expected: &[&[u32]]) {
        let span = Span::start_of(SourceId(0));
        let edges = edges.iter().map(|&(from, to)| Edge { from, to, span }).collect();
        let circles = Graph::new(count, edges).circles();
        let found: Vec<Vec<u32>> =
            circles.iter().map(|circle| circle.iter().map(|edge| edge.from).collect()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_knot_gives_one_shortest_circle() {
        check(3, &[(0, 1), (1, 2)], &[]);
        check(1, &[(0, 0)], &[&[0]]);
        check(3, &[(1, 2), (2, 1), (0, 1)], &[&[1, 2]]);
        check(3, &[(0, 1), (1, 2), (2, 0), (1, 0)], &[&[0, 1]]);
        check(4, &[(0, 1), (1, 0), (2, 3), (3, 2)], &[&[0, 1], &[2, 3]]);
        check(4, &[(0, 1), (1, 2), (2, 3), (3, 0)], &[&[0, 1, 2, 3]]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let edges: Vec<(u32, u32)> = (0..100_000).map(|at| (at, at + 1)).collect();
        check(100_001, &edges, &[]);
    }
}
