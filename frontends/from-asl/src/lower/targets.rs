//! Which node each state of a machine becomes, known before any of them is made.

use rustc_hash::FxHashMap;
use wfc_cir::NodeId;

use crate::syntax::Machine;

/// The nodes of one machine: its states in order, then the hole if one is needed.
pub(super) struct Targets<'t> {
    by_name: FxHashMap<&'t str, NodeId>,
    hole: NodeId,
    needs_hole: bool,
}

impl<'t> Targets<'t> {
    /// The nodes that the states of `machine` become if the next node of the module is number `first`.
    pub(super) fn new(machine: &Machine<'t>, first: usize) -> Self {
        let names = machine.states.iter().map(|state| state.name.text());
        let by_name = names.enumerate().map(|(index, name)| (name, NodeId::from_index(first + index))).collect();
        Self { by_name, hole: NodeId::from_index(first + machine.states.len()), needs_hole: false }
    }

    /// The node of the state called `name`.
    pub(super) fn get(&self, name: &str) -> Option<NodeId> {
        self.by_name.get(name).copied()
    }

    /// The node that transitions to nothing lead to.
    pub(super) fn need_hole(&mut self) -> NodeId {
        self.needs_hole = true;
        self.hole
    }

    /// That node, whether it is needed or not.
    pub(super) fn hole(&self) -> NodeId {
        self.hole
    }

    /// Whether a transition to nothing was found.
    pub(super) fn needs_hole(&self) -> bool {
        self.needs_hole
    }
}
