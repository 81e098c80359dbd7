//! The order in which types flow: a node behind its predecessors, a container around what is in it.

use wfc_cir::{Module, NodeId, RegionId};

use crate::Graph;

/// A moment in the visit of a node.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stop {
    /// Its documents are known.
    Enter(NodeId),
    /// What is in it has ended.
    Exit(NodeId),
}

/// All stops in order, and where those of each node are.
pub(super) struct Order {
    pub(super) stops: Vec<Stop>,
    enter: Vec<u32>,
    exit: Vec<u32>,
}

enum Todo {
    Region(RegionId),
    Node(NodeId),
    Exit(NodeId),
}

impl Order {
    pub(super) fn of(m: &Module, graph: &Graph) -> Self {
        let mut nodes: Vec<&[NodeId]> = vec![&[]; m.regions.slots()];
        graph.regions().iter().for_each(|layout| nodes[layout.region.index()] = &layout.nodes);
        let mut order = Order { stops: Vec::new(), enter: vec![0; m.nodes.slots()], exit: vec![0; m.nodes.slots()] };
        let mut work: Vec<Todo> = m.flows.iter().rev().map(|(_, flow)| Todo::Region(flow.body)).collect();
        while let Some(todo) = work.pop() {
            match todo {
                Todo::Region(region) => work.extend(nodes[region.index()].iter().rev().map(|&node| Todo::Node(node))),
                Todo::Node(node) => {
                    order.enter[node.index()] = order.stops.len() as u32;
                    order.exit[node.index()] = order.stops.len() as u32;
                    order.stops.push(Stop::Enter(node));
                    let regions = m.nodes[node].regions();
                    if !regions.is_empty() {
                        work.push(Todo::Exit(node));
                        work.extend(regions.iter().rev().map(|&region| Todo::Region(region)));
                    }
                }
                Todo::Exit(node) => {
                    order.exit[node.index()] = order.stops.len() as u32;
                    order.stops.push(Stop::Exit(node));
                }
            }
        }
        order
    }

    pub(super) fn enter(&self, node: NodeId) -> u32 {
        self.enter[node.index()]
    }

    pub(super) fn exit(&self, node: NodeId) -> u32 {
        self.exit[node.index()]
    }
}
