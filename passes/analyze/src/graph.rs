//! Who leads where: predecessors, what can be reached, what can end, and loops.

use petgraph::algo::dominators::{simple_fast, Dominators};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::DfsPostOrder;
use wfc_cir::{EdgeId, Mode, Module, NodeId, NodeKind, RegionId};

use crate::Bits;

/// Facts about the shape of a module.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    preds: Vec<Vec<EdgeId>>,
    reachable: Bits,
    can_end: Bits,
    regions: Vec<Layout>,
    loops: Vec<Cycle>,
    cycle_of: Vec<Option<u32>>,
    shape: DiGraph<(), ()>,
}

/// The reachable nodes of a region that can be entered.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The region.
    pub region: RegionId,
    /// Its reachable nodes, each behind its predecessors but for loops.
    pub nodes: Vec<NodeId>,
}

/// Nodes that all lead to each other.
#[derive(Clone, Debug)]
pub struct Cycle {
    /// The nodes, in order of their handles.
    pub nodes: Vec<NodeId>,
    /// Whether it can be left: by an edge, or because a node of it ends the region.
    pub exits: bool,
}

impl Graph {
    pub(crate) fn of(m: &Module) -> Self {
        let mut graph = Graph { preds: preds(m), shape: shape(m), ..Graph::default() };
        graph.lay_out(m);
        graph.find_ends(m);
        graph.find_loops(m);
        graph
    }

    /// The edges into a node.
    pub fn preds(&self, node: NodeId) -> &[EdgeId] {
        self.preds.get(node.index()).map_or(&[], Vec::as_slice)
    }

    /// Whether a run can come to a node, as far as edges tell.
    pub fn reachable(&self, node: NodeId) -> bool {
        self.reachable.has(node.index())
    }

    /// Whether an end of its region can be reached from a node.
    pub fn can_end(&self, node: NodeId) -> bool {
        self.can_end.has(node.index())
    }

    /// The regions that can be entered, containers before what is in them.
    pub fn regions(&self) -> &[Layout] {
        &self.regions
    }

    /// The loops made of reachable nodes.
    pub fn loops(&self) -> &[Cycle] {
        &self.loops
    }

    /// The loop a node is in.
    pub fn cycle(&self, node: NodeId) -> Option<&Cycle> {
        let number = self.cycle_of.get(node.index()).copied().flatten()?;
        self.loops.get(number as usize)
    }

    /// Which nodes every way from `entry` to a node passes.
    pub fn dominators(&self, entry: NodeId) -> Dominators<NodeIndex> {
        simple_fast(&self.shape, NodeIndex::new(entry.index()))
    }

    fn lay_out(&mut self, m: &Module) {
        let mut queue: Vec<RegionId> = m.flows.iter().map(|(_, flow)| flow.body).collect();
        let mut search = DfsPostOrder::empty(&self.shape);
        let mut next = 0;
        while let Some(&region) = queue.get(next) {
            next += 1;
            let mut nodes = Vec::new();
            // The order is reversed below, which puts the starts back in order of declaration.
            for start in self.starts(m, region).into_iter().rev() {
                search.move_to(NodeIndex::new(start.index()));
                while let Some(found) = search.next(&self.shape) {
                    self.reachable.insert(found.index());
                    nodes.push(NodeId::from_index(found.index()));
                }
            }
            nodes.reverse();
            nodes.iter().for_each(|&node| queue.extend_from_slice(m.nodes[node].regions()));
            self.regions.push(Layout { region, nodes });
        }
    }

    /// Where a token of a region can start.
    fn starts(&self, m: &Module, region: RegionId) -> Vec<NodeId> {
        match m.regions[region].mode {
            Mode::Seq { entry } => entry.into_iter().collect(),
            Mode::Dag { .. } => {
                m.regions[region].nodes.iter().copied().filter(|&node| self.preds(node).is_empty()).collect()
            }
        }
    }

    fn find_ends(&mut self, m: &Module) {
        let mut work: Vec<NodeId> = m.nodes.iter().map(|(id, _)| id).filter(|&id| ends_region(m, id)).collect();
        while let Some(node) = work.pop() {
            if self.can_end.insert(node.index()) {
                work.extend(self.preds(node).iter().map(|&edge| m.edges[edge].from));
            }
        }
    }

    fn find_loops(&mut self, m: &Module) {
        self.cycle_of = vec![None; m.nodes.slots()];
        for component in kosaraju_scc(&self.shape) {
            let mut nodes: Vec<NodeId> = component.iter().map(|n| NodeId::from_index(n.index())).collect();
            nodes.sort_unstable();
            if !self.reachable(nodes[0]) || !is_cycle(m, &nodes) {
                continue;
            }
            let number = self.loops.len() as u32;
            nodes.iter().for_each(|node| self.cycle_of[node.index()] = Some(number));
            let leaves = |node: NodeId| m.outs(node).any(|(_, edge)| self.cycle_of[edge.to.index()] != Some(number));
            let exits = nodes.iter().any(|&node| ends_region(m, node) || leaves(node));
            self.loops.push(Cycle { nodes, exits });
        }
        self.loops.sort_by_key(|cycle| cycle.nodes[0]);
        for (number, cycle) in self.loops.iter().enumerate() {
            cycle.nodes.iter().for_each(|node| self.cycle_of[node.index()] = Some(number as u32));
        }
    }
}

/// Whether a run of the region can be over behind this node. A hole may be anything, an end included.
pub(crate) fn ends_region(m: &Module, node: NodeId) -> bool {
    let kind = &m.nodes[node].kind;
    matches!(kind, NodeKind::Return(_) | NodeKind::Raise { .. } | NodeKind::Hole)
        || !m.outs(node).any(|(_, edge)| edge.on.is_plain())
}

fn is_cycle(m: &Module, nodes: &[NodeId]) -> bool {
    nodes.len() > 1 || m.nodes.get(nodes[0]).is_some() && m.outs(nodes[0]).any(|(_, edge)| edge.to == nodes[0])
}

fn preds(m: &Module) -> Vec<Vec<EdgeId>> {
    let mut preds = vec![Vec::new(); m.nodes.slots()];
    for (id, edge) in m.edges.iter() {
        preds[edge.to.index()].push(id);
    }
    preds
}

/// The module as petgraph sees it; indices are those of the nodes.
fn shape(m: &Module) -> DiGraph<(), ()> {
    let mut shape = DiGraph::with_capacity(m.nodes.slots(), m.edges.slots());
    (0..m.nodes.slots()).for_each(|_| {
        shape.add_node(());
    });
    for (_, edge) in m.edges.iter() {
        shape.add_edge(NodeIndex::new(edge.from.index()), NodeIndex::new(edge.to.index()), ());
    }
    shape
}
