//! From the syntax to CIR. What is found wrong here is what only meaning shows: expressions, and where control goes.

mod choice;
mod expr;
mod extras;
mod map;
mod policy;
mod state;
mod targets;
mod template;
mod transfer;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use wfc_cir::{Abort, Expr, Mode, Module, Node, NodeId, NodeKey, NodeKind, Origin, Owner, RegionId};
use wfc_diag::Sink;
use wfc_expr::Value;
use wfc_source::Node as TreeNode;

use self::expr::Exprs;
use self::targets::Targets;
use crate::rules::unknown_state;
use crate::syntax::{Machine, MachineField, Program, State};

/// Lowers a program; the module is called `name`.
pub(crate) fn module(program: &Program<'_>, name: &str, sink: &mut Sink) -> Module {
    let origin = program.machines.first().map_or_else(Origin::default, |root| Origin::at(root.object.node.span()));
    let mut module = Module::new(name, "asl", Mode::Seq { entry: None }, origin);
    let places = vec![None; program.machines.len()];
    module.regions.reserve(program.machines.len());
    module.nodes.reserve(program.machines.iter().map(|machine| machine.states.len()).sum());
    let mut lowering = Lowering { program, places, elsewhere: None, looked_at: 0, exprs: Exprs { sink } };
    lowering.flow(&mut module);
    for index in 0..program.machines.len() {
        lowering.machine(index, &mut module);
    }
    module
}

/// Where the body of a machine goes.
#[derive(Clone)]
struct Place {
    region: RegionId,
    /// What the keys of its nodes start with.
    prefix: Option<NodeKey>,
}

struct Lowering<'p, 't, 's> {
    program: &'p Program<'t>,
    /// For each machine, once the state around it is lowered.
    places: Vec<Option<Place>>,
    /// All states of the file by name, made when one is looked for in vain.
    elsewhere: Option<FxHashMap<&'t str, TreeNode<'t>>>,
    /// How many states and transitions were looked at to find the name that was meant.
    looked_at: usize,
    exprs: Exprs<'s>,
}

/// More are not looked at: a large file with many slips should not take minutes.
const MAX_LOOKED_AT: usize = 500_000;

impl<'t> Lowering<'_, 't, '_> {
    fn flow(&mut self, module: &mut Module) {
        let region = module.body();
        if let Some(place) = self.places.first_mut() {
            *place = Some(Place { region, prefix: None });
        }
        let entry = module.entry;
        let Some(root) = self.program.machines.first() else { return };
        let Some(flow) = module.flows.get_mut(entry) else { return };
        flow.trace = "aws".into();
        flow.abort = Abort::Immediate;
        flow.comment = policy::text(root.object.get(MachineField::Comment));
        flow.timeout = root.object.get(MachineField::TimeoutSeconds).map(|node| self.timeout(node));
        flow.extras = kept(root, &[MachineField::QueryLanguage, MachineField::Version]);
    }

    fn timeout(&mut self, node: TreeNode<'t>) -> Expr {
        self.exprs.scalar(node, crate::syntax::Language::JsonPath, false)
    }

    fn machine(&mut self, index: usize, module: &mut Module) {
        let program = self.program;
        let machine = &program.machines[index];
        // The state around a machine comes first in the list, unless it was no state that holds machines.
        let Some(place) = self.places[index].clone() else { return };
        let mut targets = Targets::new(machine, module.nodes.slots());
        for state in &machine.states {
            self.state(state, machine, &place, &mut targets, module);
        }
        let start = machine.object.get(MachineField::StartAt);
        let entry = start.and_then(|node| self.target("StartAt", node, "", machine, &mut targets));
        let entry = entry.filter(|entry| *entry != targets.hole());
        self.region(machine, place.region, entry, module);
        if targets.needs_hole() {
            add_hole(machine, &place, module);
        }
    }

    fn region(&self, machine: &Machine<'t>, region: RegionId, entry: Option<NodeId>, module: &mut Module) {
        let Some(region) = module.regions.get_mut(region) else { return };
        region.mode = Mode::Seq { entry };
        region.origin = Origin::at(machine.object.node.span());
        if machine.within.is_some() {
            region.comment = policy::text(machine.object.get(MachineField::Comment));
            let facts = [MachineField::ProcessorConfig, MachineField::QueryLanguage, MachineField::Version];
            region.extras = kept(machine, &facts);
        }
    }

    /// The node a name leads to. A name that leads nowhere leads to a hole and is reported, unless there are no states
    /// to lead to: that has been reported. `own` is the state that leads there.
    fn target(
        &mut self,
        field: &str,
        node: TreeNode<'t>,
        own: &str,
        machine: &Machine<'t>,
        targets: &mut Targets<'t>,
    ) -> Option<NodeId> {
        let name = node.as_str()?;
        if let Some(found) = targets.get(name) {
            return Some(found);
        }
        let readable = machine.object.get(MachineField::States).is_some_and(TreeNode::is_object);
        if readable && !machine.unread.contains(name) && !crate::placeholder::has_placeholder(name) {
            let elsewhere = self.elsewhere(name);
            let likely = if self.looked_at > MAX_LOOKED_AT { Vec::new() } else { self.likely(machine, own) };
            self.exprs.sink.push(unknown_state::report(field, node, likely.into_iter(), elsewhere));
        }
        Some(targets.need_hole())
    }

    /// The states that the state `own` may have meant to lead to, first those that nothing leads to.
    fn likely(&mut self, machine: &Machine<'t>, own: &str) -> Vec<&'t str> {
        let start = machine.object.get(MachineField::StartAt);
        let ways = machine.states.iter().flat_map(State::targets).chain(start).map(TreeNode::text);
        let mut count = machine.states.len();
        let used: FxHashSet<&str> = ways.inspect(|_| count += 1).collect();
        self.looked_at += count;
        let names = machine.states.iter().map(|state| state.name.text()).filter(|name| *name != own);
        let (used, unused): (Vec<&str>, Vec<&str>) = names.partition(|name| used.contains(name));
        unused.into_iter().chain(used).collect()
    }

    fn elsewhere(&mut self, name: &str) -> Option<TreeNode<'t>> {
        let program = self.program;
        let states = || program.machines.iter().flat_map(|machine| &machine.states);
        let all = || states().map(|state| (state.name.text(), state.name)).collect();
        self.elsewhere.get_or_insert_with(all).get(name).copied()
    }
}

/// Adds what transitions to nothing lead to, so that no other finding follows from them.
fn add_hole(machine: &Machine<'_>, place: &Place, module: &mut Module) {
    let mut name = String::from("%unknown");
    while machine.states.iter().any(|state| state.name.text() == name) {
        name.push('%');
    }
    let key = key(place, &name);
    module.add_node(Node::new(key, NodeKind::Hole, place.region, Origin::by("from-asl")));
}

/// Adds the regions of the machines inside a state, which will be the node `node`.
fn add_regions(
    inner: &[usize],
    node: NodeId,
    prefixes: impl Fn(usize) -> NodeKey,
    places: &mut [Option<Place>],
    module: &mut Module,
) -> Vec<RegionId> {
    let regions = inner.iter().enumerate().map(|(index, &machine)| {
        let region = module.add_region(Mode::Seq { entry: None }, Owner::Node(node), Origin::default());
        places[machine] = Some(Place { region, prefix: Some(prefixes(index)) });
        region
    });
    regions.collect()
}

fn key(place: &Place, name: &str) -> NodeKey {
    match &place.prefix {
        Some(prefix) => prefix.child(name),
        None => NodeKey::root(name),
    }
}

/// Fields of a machine that are kept as they stand.
fn kept(machine: &Machine<'_>, fields: &[MachineField]) -> Vec<(Arc<str>, Value)> {
    let entries = machine.object.iter().filter(|entry| entry.ok && fields.contains(&entry.field));
    entries.map(|entry| (entry.key.text().into(), template::value(entry.value))).collect()
}
