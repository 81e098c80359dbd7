//! Which variables have a value before each node: on every way, on some way, or on none.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use wfc_cir::{Edge, Isolation, Mode, Module, NodeId, NodeKind, Owner};

use crate::graph::Layout;
use crate::{Bits, Graph};

/// Above this many bits (variables × nodes) nothing is computed and every variable counts as bound.
const MAX_BITS: usize = 1 << 27;

/// How often a region is gone through; in hostile graphs that need more every variable counts as bound.
const MAX_ROUNDS: usize = 12;

/// On how many of the ways to a node a variable was assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// On none.
    Never,
    /// On some.
    Sometimes,
    /// On all.
    Always,
}

/// Facts about variables.
#[derive(Clone, Debug, Default)]
pub struct Vars {
    names: Vec<Arc<str>>,
    numbers: FxHashMap<Arc<str>, usize>,
    /// By node; absent where nothing is known.
    before: Vec<Option<Arc<Known>>>,
}

/// Variables that have a value at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    always: Bits,
    maybe: Bits,
}

impl Vars {
    /// Whether a variable has a value before a node. Nodes nothing is known of count as bound.
    pub fn bound(&self, node: NodeId, name: &str) -> Bound {
        let Some(known) = self.before.get(node.index()).and_then(Option::as_ref) else { return Bound::Always };
        match self.numbers.get(name) {
            Some(&number) if known.always.has(number) => Bound::Always,
            Some(&number) if known.maybe.has(number) => Bound::Sometimes,
            _ => Bound::Never,
        }
    }

    /// The variables that may have a value before a node.
    pub fn visible(&self, node: NodeId) -> impl Iterator<Item = &str> {
        let known = self.before.get(node.index()).and_then(Option::as_ref);
        known.into_iter().flat_map(|known| known.maybe.iter()).map(|number| &*self.names[number])
    }

    /// Whether anything assigns a variable of this name.
    pub fn is_assigned(&self, name: &str) -> bool {
        self.numbers.contains_key(name)
    }

    pub(crate) fn of(m: &Module, graph: &Graph) -> Self {
        let mut vars = Vars { before: vec![None; m.nodes.slots()], ..Vars::default() };
        let assigned = m.edges.iter().flat_map(|(_, edge)| edge.transfer.assign.iter().map(|(name, _)| name));
        for name in assigned {
            vars.numbers.entry(Arc::clone(name)).or_insert_with(|| {
                vars.names.push(Arc::clone(name));
                vars.names.len() - 1
            });
        }
        if vars.names.len().saturating_mul(m.nodes.slots()) <= MAX_BITS {
            graph.regions().iter().for_each(|layout| vars.solve(m, graph, layout));
        }
        vars
    }

    fn solve(&mut self, m: &Module, graph: &Graph, layout: &Layout) {
        let Some(outer) = self.outer(m, layout) else { return };
        match m.regions[layout.region].mode {
            Mode::Seq { entry } => {
                let rounds = if layout.nodes.iter().any(|&n| graph.cycle(n).is_some()) { MAX_ROUNDS } else { 1 };
                let settled = (0..rounds).any(|_| !self.round(m, graph, layout, entry, &outer)) || rounds == 1;
                if !settled {
                    layout.nodes.iter().for_each(|node| self.before[node.index()] = None);
                }
            }
            // Nothing is assigned in a Dag region: the order would depend on timing.
            Mode::Dag { .. } => layout.nodes.iter().for_each(|n| self.before[n.index()] = Some(Arc::clone(&outer))),
        }
    }

    /// What is known where a token enters a region.
    fn outer(&self, m: &Module, layout: &Layout) -> Option<Arc<Known>> {
        let Owner::Node(container) = m.regions[layout.region].owner else { return Some(Arc::default()) };
        match &m.nodes[container].kind {
            NodeKind::ForEach(each) if matches!(each.isolation, Isolation::Run { .. }) => Some(Arc::default()),
            _ => self.before[container.index()].clone(),
        }
    }

    /// Goes through a region once; whether anything changed.
    fn round(&mut self, m: &Module, graph: &Graph, layout: &Layout, entry: Option<NodeId>, outer: &Arc<Known>) -> bool {
        let mut changed = false;
        for &node in &layout.nodes {
            let mut known = (Some(node) == entry).then(|| Arc::clone(outer));
            for edge in graph.preds(node).iter().map(|&edge| &m.edges[edge]) {
                // Loops are entered with the best hope; rounds to come correct it.
                let Some(before) = &self.before[edge.from.index()] else { continue };
                known = Some(match known {
                    None => self.after(m, before, edge),
                    Some(known) => joined(known, &self.after(m, before, edge)),
                });
            }
            changed |= self.before[node.index()] != known;
            self.before[node.index()] = known;
        }
        changed
    }

    /// What is known behind an edge.
    fn after(&self, m: &Module, before: &Arc<Known>, edge: &Edge) -> Arc<Known> {
        let assigned = edge.transfer.assign.iter().filter_map(|(name, _)| self.numbers.get(name).copied());
        // A node that may be skipped may pass without assigning.
        let surely = m.nodes[edge.from].when.is_none();
        let mut known = Arc::clone(before);
        for number in assigned.filter(|&number| !before.always.has(number)) {
            let known = Arc::make_mut(&mut known);
            known.maybe.insert(number);
            if surely {
                known.always.insert(number);
            }
        }
        known
    }
}

/// What is known where two ways meet.
fn joined(mut known: Arc<Known>, other: &Arc<Known>) -> Arc<Known> {
    if !Arc::ptr_eq(&known, other) && known != *other {
        let joined = Arc::make_mut(&mut known);
        joined.always.intersect(&other.always);
        joined.maybe.union(&other.maybe);
    }
    known
}
