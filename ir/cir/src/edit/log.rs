//! Edits as values: what was done, by which pass and why, and how to take it back.

use std::fmt;

use wfc_diag::Span;

use crate::{Edge, EdgeId, Flow, FlowId, Mode, Module, Node, NodeId, Region, RegionId};

/// One change of a module, with what it takes to undo it.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The fields say before, after, and what it is about.
pub enum Edit {
    /// A flow was added.
    AddFlow { id: FlowId, flow: Box<Flow> },
    /// A flow was removed.
    RemoveFlow { id: FlowId, flow: Box<Flow> },
    /// A flow was changed.
    ReplaceFlow { id: FlowId, before: Box<Flow>, after: Box<Flow> },
    /// A region was added.
    AddRegion { id: RegionId, region: Box<Region> },
    /// A region was removed.
    RemoveRegion { id: RegionId, region: Box<Region> },
    /// The mode of a region, which includes its entry, was changed.
    SetMode { id: RegionId, before: Mode, after: Mode },
    /// Nodes were put at the end of a region's list.
    List { id: RegionId, nodes: Vec<NodeId> },
    /// Nodes were taken out of a region's list, from these places in ascending order.
    Unlist { id: RegionId, nodes: Vec<(usize, NodeId)> },
    /// A node was added at the end of its region.
    AddNode { id: NodeId, node: Box<Node> },
    /// A node was removed.
    RemoveNode { id: NodeId, node: Box<Node> },
    /// A node was changed.
    ReplaceNode { id: NodeId, before: Box<Node>, after: Box<Node> },
    /// An edge was added as the last of its source.
    AddEdge { id: EdgeId, edge: Box<Edge> },
    /// An edge was removed, which was the `at`-th of its source.
    RemoveEdge { id: EdgeId, edge: Box<Edge>, at: usize },
    /// An edge leads elsewhere.
    RedirectEdge { id: EdgeId, before: NodeId, after: NodeId },
    /// An edge was changed.
    ReplaceEdge { id: EdgeId, before: Box<Edge>, after: Box<Edge> },
}

/// An edit with its circumstances, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The pass that made it.
    pub pass: &'static str,
    /// Why, as a clause; may be empty.
    pub why: String,
    /// The key of the node, or the name of the flow, it is about; for an edge `from -> to`.
    pub place: String,
    /// Where that was written.
    pub span: Option<Span>,
    /// The edit.
    pub edit: Edit,
}

/// The edits made to one module, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EditLog {
    entries: Vec<Entry>,
}

impl EditLog {
    /// The entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds the entries of a later log of the same module.
    pub fn append(&mut self, mut later: EditLog) {
        self.entries.append(&mut later.entries);
    }

    pub(super) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    pub(super) fn split_off(&mut self, at: usize) -> EditLog {
        EditLog { entries: self.entries.split_off(at) }
    }
}

/// Takes all edits of `log` back. They must be the last ones that were made.
pub fn undo(module: &mut Module, log: EditLog) {
    log.entries.into_iter().rev().for_each(|entry| entry.edit.undo(module));
}

impl Edit {
    /// What was done, for people, without what it was done to.
    pub fn what(&self) -> &'static str {
        match self {
            Edit::AddFlow { .. } => "flow added",
            Edit::RemoveFlow { .. } => "flow removed",
            Edit::ReplaceFlow { .. } => "flow changed",
            Edit::AddRegion { .. } => "region added",
            Edit::RemoveRegion { .. } => "region removed",
            Edit::SetMode { .. } => "mode or entry changed",
            Edit::List { .. } => "nodes listed",
            Edit::Unlist { .. } => "nodes no longer listed",
            Edit::AddNode { .. } => "added",
            Edit::RemoveNode { .. } => "removed",
            Edit::ReplaceNode { .. } => "changed",
            Edit::AddEdge { .. } => "edge added",
            Edit::RemoveEdge { .. } => "edge removed",
            Edit::RedirectEdge { .. } => "edge redirected",
            Edit::ReplaceEdge { .. } => "edge changed",
        }
    }

    /// Whether it follows from other edits and says nothing to people: lists and regions.
    pub fn is_bookkeeping(&self) -> bool {
        matches!(self, Edit::List { .. } | Edit::Unlist { .. } | Edit::AddRegion { .. } | Edit::RemoveRegion { .. })
    }

    fn undo(self, module: &mut Module) {
        match self {
            Edit::AddFlow { id, .. } => module.flows.unpush(id),
            Edit::RemoveFlow { id, flow } => module.flows.restore(id, *flow),
            Edit::ReplaceFlow { id, before, .. } => module.flows.restore(id, *before),
            Edit::AddRegion { id, .. } => module.regions.unpush(id),
            Edit::RemoveRegion { id, region } => module.regions.restore(id, *region),
            Edit::SetMode { id, before, .. } => module.regions[id].mode = before,
            Edit::List { id, nodes } => {
                let listed = &mut module.regions[id].nodes;
                listed.truncate(listed.len() - nodes.len());
            }
            Edit::Unlist { id, nodes } => relist(&mut module.regions[id].nodes, &nodes),
            Edit::AddNode { id, node } => {
                module.regions[node.region].nodes.pop();
                module.nodes.unpush(id);
            }
            Edit::RemoveNode { id, node } => module.nodes.restore(id, *node),
            Edit::ReplaceNode { id, before, .. } => module.nodes.restore(id, *before),
            Edit::AddEdge { id, edge } => {
                module.nodes[edge.from].outs.pop();
                module.edges.unpush(id);
            }
            Edit::RemoveEdge { id, edge, at } => {
                module.nodes[edge.from].outs.insert(at, id);
                module.edges.restore(id, *edge);
            }
            Edit::RedirectEdge { id, before, .. } => module.edges[id].to = before,
            Edit::ReplaceEdge { id, before, .. } => module.edges.restore(id, *before),
        }
    }
}

/// Puts `taken` back to their places.
fn relist(nodes: &mut Vec<NodeId>, taken: &[(usize, NodeId)]) {
    let mut rest = std::mem::take(nodes).into_iter();
    for &(at, id) in taken {
        let between = at - nodes.len();
        nodes.extend(rest.by_ref().take(between));
        nodes.push(id);
    }
    nodes.extend(rest);
}

impl Entry {
    pub(super) fn new(module: &Module, pass: &'static str, why: &str, edit: Edit) -> Self {
        let (place, span) = place(module, &edit);
        Self { pass, why: why.to_owned(), place, span, edit }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.edit.what())?;
        if !self.why.is_empty() {
            write!(f, ", because {}", self.why)?;
        }
        write!(f, " ({})", self.pass)
    }
}

fn place(module: &Module, edit: &Edit) -> (String, Option<Span>) {
    match edit {
        Edit::AddFlow { flow, .. } | Edit::RemoveFlow { flow, .. } | Edit::ReplaceFlow { before: flow, .. } => {
            (flow.name.to_string(), flow.origin.span)
        }
        Edit::AddRegion { region, .. } | Edit::RemoveRegion { region, .. } => {
            (owner(module, region), region.origin.span)
        }
        Edit::SetMode { id, .. } | Edit::List { id, .. } | Edit::Unlist { id, .. } => {
            let region = &module.regions[*id];
            (owner(module, region), region.origin.span)
        }
        Edit::AddNode { node, .. } | Edit::RemoveNode { node, .. } | Edit::ReplaceNode { before: node, .. } => {
            (node.key.to_string(), node.origin.span)
        }
        Edit::AddEdge { edge, .. } | Edit::RemoveEdge { edge, .. } | Edit::ReplaceEdge { before: edge, .. } => {
            (ends(module, edge, edge.to), edge.origin.span)
        }
        Edit::RedirectEdge { id, before, .. } => {
            let edge = &module.edges[*id];
            (ends(module, edge, *before), edge.origin.span)
        }
    }
}

fn owner(module: &Module, region: &Region) -> String {
    match region.owner {
        crate::Owner::Flow(flow) => module.flows.get(flow).map_or_else(String::new, |flow| flow.name.to_string()),
        crate::Owner::Node(node) => key(module, node),
    }
}

fn ends(module: &Module, edge: &Edge, to: NodeId) -> String {
    format!("{} -> {}", key(module, edge.from), key(module, to))
}

fn key(module: &Module, node: NodeId) -> String {
    module.nodes.get(node).map_or_else(|| format!("{node:?}"), |node| node.key.to_string())
}
