//! Where variables and outputs are kept, and who sees them.

use std::collections::HashMap;

use wfc_cir::{Module, NodeId, RegionId};
use wfc_expr::Value;

use super::{is_inside, Name};

/// Variables and outputs of the flow that runs. Since one thing happens at a time, what surrounds it is a stack.
#[derive(Default)]
pub(super) struct Places {
    /// By activation of a region, outermost first.
    vars: Vec<HashMap<Name, Value>>,
    /// By activation of the flow, a round or an item, outermost first.
    outs: Vec<Outs>,
    /// Items around, with their index.
    pub(super) items: Vec<(usize, Value)>,
    /// Rounds around: the number, and the result of the round before.
    pub(super) rounds: Vec<(u64, Value)>,
}

/// What the nodes of one activation have produced.
pub(super) struct Outs {
    region: RegionId,
    values: HashMap<NodeId, Value>,
}

impl Outs {
    pub(super) fn get(&self, node: NodeId) -> Option<&Value> {
        self.values.get(&node)
    }
}

impl Places {
    pub(super) fn begin_vars(&mut self) {
        self.vars.push(HashMap::new());
    }

    pub(super) fn end_vars(&mut self) {
        self.vars.pop();
    }

    /// Hides all variables until they are put back.
    pub(super) fn take_vars(&mut self) -> Vec<HashMap<Name, Value>> {
        std::mem::take(&mut self.vars)
    }

    pub(super) fn put_vars(&mut self, vars: Vec<HashMap<Name, Value>>) {
        self.vars = vars;
    }

    pub(super) fn set_var(&mut self, name: Name, value: Value) {
        if let Some(frame) = self.vars.last_mut() {
            frame.insert(name, value);
        }
    }

    pub(super) fn var(&self, name: &str) -> Option<&Value> {
        self.vars.iter().rev().find_map(|frame| frame.get(name))
    }

    /// A flow, a round or an item begins: the nodes in `region` produce anew.
    pub(super) fn begin_outs(&mut self, region: RegionId) {
        self.outs.push(Outs { region, values: HashMap::new() });
    }

    /// It ends.
    pub(super) fn end_outs(&mut self) -> Option<Outs> {
        self.outs.pop()
    }

    /// A node settles, with or without an output.
    pub(super) fn set_out(&mut self, node: NodeId, value: Option<Value>) {
        let Some(outs) = self.outs.last_mut() else { return };
        match value {
            Some(value) => outs.values.insert(node, value),
            None => outs.values.remove(&node),
        };
    }

    /// The output of a node, as seen from here.
    pub(super) fn out(&self, module: &Module, node: NodeId) -> Option<&Value> {
        let nearest = self.outs.iter().rev().find(|outs| is_inside(module, node, outs.region));
        nearest.and_then(|outs| outs.get(node))
    }
}
