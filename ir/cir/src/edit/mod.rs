//! The only way passes change a module: edits that are values, with a reason, and can be taken back.
//!
//! An [`Editor`] keeps the module's lists consistent (a region's nodes, a node's edges) and logs every edit with what
//! it replaced. A pass opens a transaction with a reason, edits, and commits, or rolls back when it finds that the
//! rewrite does not apply after all. [`undo`] of a whole log gives back the module, handles included.

mod log;
#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};

pub use log::{undo, Edit, EditLog, Entry};

use crate::{Edge, EdgeId, Flow, FlowId, Mode, Module, Node, NodeId, Origin, Owner, Region, RegionId};

/// Changes a module and remembers how.
#[derive(Debug)]
pub struct Editor<'m> {
    module: &'m mut Module,
    pass: &'static str,
    log: EditLog,
    /// Open transactions: the length of the log where each began, and why.
    open: Vec<(usize, String)>,
    /// Edges by target, built when first asked for. Edges that were removed or redirected stay in it.
    into: Option<FxHashMap<NodeId, Vec<EdgeId>>>,
}

impl<'m> Editor<'m> {
    /// An editor for changes by `pass`.
    pub fn new(module: &'m mut Module, pass: &'static str) -> Self {
        Self { module, pass, log: EditLog::default(), open: Vec::new(), into: None }
    }

    /// The module as it is now.
    pub fn module(&self) -> &Module {
        self.module
    }

    /// The pass that makes the changes from now on.
    pub fn set_pass(&mut self, pass: &'static str) {
        self.pass = pass;
    }

    /// The changes so far.
    pub fn log(&self) -> &EditLog {
        &self.log
    }

    /// Ends editing; what is still open counts as committed.
    pub fn finish(self) -> EditLog {
        self.log
    }

    /// Opens a transaction. `why` is a clause for people: "nothing leads to it".
    pub fn begin(&mut self, why: impl Into<String>) {
        self.open.push((self.log.len(), why.into()));
    }

    /// Keeps the changes of the innermost open transaction.
    pub fn commit(&mut self) {
        self.open.pop();
    }

    /// Takes the changes of the innermost open transaction back.
    pub fn rollback(&mut self) {
        if let Some((mark, _)) = self.open.pop() {
            let undone = self.log.split_off(mark);
            undo(self.module, undone);
            self.into = None;
        }
    }

    /// The edges that lead to a node, in the order they were added.
    pub fn edges_into(&mut self, node: NodeId) -> Vec<EdgeId> {
        let mut edges = self.edges_by_target().get(&node).cloned().unwrap_or_default();
        edges.retain(|&edge| self.module.edges.get(edge).is_some_and(|edge| edge.to == node));
        edges.sort_unstable();
        edges.dedup();
        edges
    }

    /// Adds a flow.
    pub fn add_flow(&mut self, flow: Flow) -> FlowId {
        let id = self.module.flows.push(flow.clone());
        self.record(Edit::AddFlow { id, flow: Box::new(flow) });
        id
    }

    /// Changes a flow.
    pub fn update_flow(&mut self, id: FlowId, change: impl FnOnce(&mut Flow)) {
        let before = self.module.flows[id].clone();
        change(&mut self.module.flows[id]);
        let after = self.module.flows[id].clone();
        if before != after {
            self.record(Edit::ReplaceFlow { id, before: Box::new(before), after: Box::new(after) });
        }
    }

    /// Removes a flow and everything in it.
    pub fn remove_flow(&mut self, id: FlowId) {
        let body = self.module.flows[id].body;
        self.remove_region(body);
        if let Some(flow) = self.module.flows.remove(id) {
            self.record(Edit::RemoveFlow { id, flow: Box::new(flow) });
        }
    }

    /// Adds a region without nodes. Whatever owns it must be made to hold it.
    pub fn add_region(&mut self, mode: Mode, owner: Owner, origin: Origin) -> RegionId {
        let region = Region::new(mode, owner, origin);
        let id = self.module.regions.push(region.clone());
        self.record(Edit::AddRegion { id, region: Box::new(region) });
        id
    }

    /// Removes a region and everything in it. Whatever owned it must be made to let go of it.
    pub fn remove_region(&mut self, id: RegionId) {
        let nodes = self.module.regions[id].nodes.clone();
        self.remove_nodes(&nodes);
        if let Some(region) = self.module.regions.remove(id) {
            self.record(Edit::RemoveRegion { id, region: Box::new(region) });
        }
    }

    /// Changes how control passes in a region.
    pub fn set_mode(&mut self, id: RegionId, after: Mode) {
        let before = std::mem::replace(&mut self.module.regions[id].mode, after);
        if before != after {
            self.record(Edit::SetMode { id, before, after });
        }
    }

    /// Changes where the token of a Seq region starts; nothing happens in a Dag region.
    pub fn set_entry(&mut self, id: RegionId, entry: Option<NodeId>) {
        if let Mode::Seq { .. } = self.module.regions[id].mode {
            self.set_mode(id, Mode::Seq { entry });
        }
    }

    /// Adds a node at the end of its region.
    pub fn add_node(&mut self, node: Node) -> NodeId {
        let region = node.region;
        let id = self.module.nodes.push(node.clone());
        self.module.regions[region].nodes.push(id);
        self.record(Edit::AddNode { id, node: Box::new(node) });
        id
    }

    /// Changes a node. Its region and its edges stay as they are whatever `change` does to them.
    pub fn update_node(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        let before = self.module.nodes[id].clone();
        let node = &mut self.module.nodes[id];
        change(node);
        node.region = before.region;
        node.outs.clone_from(&before.outs);
        self.replaced_node(id, before);
    }

    /// Removes a node, the regions in it and all edges at it.
    pub fn remove_node(&mut self, id: NodeId) {
        self.remove_nodes(&[id]);
    }

    /// Removes nodes, the regions in them and all edges at them, in time linear in what is removed and the regions it
    /// is removed from. An entry that is removed leaves its region without one.
    pub fn remove_nodes(&mut self, ids: &[NodeId]) {
        let gone = self.with_inner_nodes(ids);
        for &id in &gone {
            let edges = [self.edges_into(id), self.module.nodes[id].outs.clone()].concat();
            edges.into_iter().rev().for_each(|edge| drop(self.remove_edge(edge)));
        }
        let dead: FxHashSet<NodeId> = gone.iter().copied().collect();
        for region in self.regions_of(&gone) {
            self.drop_from_region(region, &dead);
        }
        for &id in gone.iter().rev() {
            for region in self.module.nodes[id].regions().to_vec() {
                if let Some(region_data) = self.module.regions.remove(region) {
                    self.record(Edit::RemoveRegion { id: region, region: Box::new(region_data) });
                }
            }
            if let Some(node) = self.module.nodes.remove(id) {
                self.record(Edit::RemoveNode { id, node: Box::new(node) });
            }
        }
    }

    /// Moves nodes to the end of another region, with their edges; edges that then leave a region must be dealt with.
    pub fn move_nodes(&mut self, ids: &[NodeId], to: RegionId) {
        let moved: FxHashSet<NodeId> = ids.iter().copied().collect();
        for region in self.regions_of(ids) {
            self.drop_from_region(region, &moved);
        }
        self.module.regions[to].nodes.extend(ids);
        self.record(Edit::List { id: to, nodes: ids.to_vec() });
        for &id in ids {
            let before = self.module.nodes[id].clone();
            self.module.nodes[id].region = to;
            self.replaced_node(id, before);
        }
    }

    /// Adds an edge as the last of its source.
    pub fn add_edge(&mut self, edge: Edge) -> EdgeId {
        let (from, to) = (edge.from, edge.to);
        let id = self.module.edges.push(edge.clone());
        self.module.nodes[from].outs.push(id);
        if let Some(into) = &mut self.into {
            into.entry(to).or_default().push(id);
        }
        self.record(Edit::AddEdge { id, edge: Box::new(edge) });
        id
    }

    /// Removes an edge and returns it; `None` if it is gone already.
    pub fn remove_edge(&mut self, id: EdgeId) -> Option<Edge> {
        let edge = self.module.edges.remove(id)?;
        let outs = &mut self.module.nodes[edge.from].outs;
        let at = outs.iter().rposition(|&out| out == id)?;
        outs.remove(at);
        self.record(Edit::RemoveEdge { id, edge: Box::new(edge.clone()), at });
        Some(edge)
    }

    /// Makes an edge lead to another node.
    pub fn redirect_edge(&mut self, id: EdgeId, to: NodeId) {
        let before = std::mem::replace(&mut self.module.edges[id].to, to);
        if before != to {
            if let Some(into) = &mut self.into {
                into.entry(to).or_default().push(id);
            }
            self.record(Edit::RedirectEdge { id, before, after: to });
        }
    }

    /// Changes when an edge is taken or its transfer. Its ends stay as they are whatever `change` does to them.
    pub fn update_edge(&mut self, id: EdgeId, change: impl FnOnce(&mut Edge)) {
        let before = self.module.edges[id].clone();
        let edge = &mut self.module.edges[id];
        change(edge);
        (edge.from, edge.to) = (before.from, before.to);
        let after = edge.clone();
        if before != after {
            self.record(Edit::ReplaceEdge { id, before: Box::new(before), after: Box::new(after) });
        }
    }

    fn record(&mut self, edit: Edit) {
        let why = self.open.last().map_or("", |(_, why)| why);
        self.log.push(Entry::new(self.module, self.pass, why, edit));
    }

    fn replaced_node(&mut self, id: NodeId, before: Node) {
        let after = self.module.nodes[id].clone();
        if before != after {
            self.record(Edit::ReplaceNode { id, before: Box::new(before), after: Box::new(after) });
        }
    }

    fn drop_from_region(&mut self, id: RegionId, gone: &FxHashSet<NodeId>) {
        let region = &self.module.regions[id];
        if region.entry().is_some_and(|entry| gone.contains(&entry)) {
            self.set_entry(id, None);
        }
        let listed = &mut self.module.regions[id].nodes;
        let nodes = listed.iter().copied().enumerate().filter(|(_, node)| gone.contains(node)).collect();
        listed.retain(|node| !gone.contains(node));
        self.record(Edit::Unlist { id, nodes });
    }

    /// The nodes and all nodes in regions inside them, outer first, each once.
    fn with_inner_nodes(&self, ids: &[NodeId]) -> Vec<NodeId> {
        let mut seen = FxHashSet::default();
        let mut found: Vec<NodeId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let mut at = 0;
        while let Some(&id) = found.get(at) {
            at += 1;
            for &region in self.module.nodes[id].regions() {
                found.extend(self.module.regions[region].nodes.iter().copied().filter(|id| seen.insert(*id)));
            }
        }
        found
    }

    /// The regions of nodes, each once, in the order they are met.
    fn regions_of(&self, ids: &[NodeId]) -> Vec<RegionId> {
        let mut seen = FxHashSet::default();
        ids.iter().map(|&id| self.module.nodes[id].region).filter(|region| seen.insert(*region)).collect()
    }

    fn edges_by_target(&mut self) -> &FxHashMap<NodeId, Vec<EdgeId>> {
        let module = &*self.module;
        self.into.get_or_insert_with(|| {
            let mut into: FxHashMap<NodeId, Vec<EdgeId>> = FxHashMap::default();
            module.edges.iter().for_each(|(id, edge)| into.entry(edge.to).or_default().push(id));
            into
        })
    }
}
