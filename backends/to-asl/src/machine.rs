//! Regions as state machines: the whole one, branches, and the machines of `Map` states.

use wfc_cir::{Abort, Expr, Flow, Mode, Module, NodeId, NodeKey, NodeKind, Origin, Region, RegionId};
use wfc_expr::value::Object;
use wfc_expr::Value;

use crate::language::{self, FIELD as QUERY_LANGUAGE};
use crate::refusal::Refusal;
use crate::{each, state, Options, QueryLanguage, Unsupported};

/// How deep machines may nest: each level indents every line inside by eight blanks.
const MAX_NESTING: usize = 100;

/// What is written so far.
pub(crate) struct Machines<'m> {
    pub(crate) module: &'m Module,
    /// The language of states that do not say.
    pub(crate) language: QueryLanguage,
    /// Finished machines by the number of their region, until the state around one takes it.
    finished: Vec<Option<Object>>,
    unsupported: Vec<Unsupported>,
}

/// The entry flow, and what of it cannot be written. Inner machines are written first: nesting costs no call depth.
pub(crate) fn write(module: &Module, options: &Options) -> (Value, Vec<Unsupported>) {
    let flow = &module.flows[module.entry];
    let (regions, too_deep) = regions(module, flow.body);
    let language = language::of_machine(module, &regions, options);
    let finished = vec![None; module.regions.slots()];
    let mut machines = Machines { module, language, finished, unsupported: Vec::new() };
    for id in too_deep {
        let what = format!("the machines inside it are nested deeper than the limit of {MAX_NESTING} levels");
        machines.refuse(id, Refusal::new(what, "start the inner ones as executions of their own"));
    }
    for &region in regions.iter().rev() {
        let machine = machines.machine(region);
        machines.finished[region.index()] = Some(machine);
    }
    let machine = machines.top(flow);
    // Inner machines were written first; readers expect the order of the program.
    machines.unsupported.sort_by_key(|one| one.span.map(|span| (span.file, span.start)));
    (machine.into(), machines.unsupported)
}

/// The region and those inside it that become machines, outer ones first; and the nodes whose regions are too deep.
fn regions(module: &Module, body: RegionId) -> (Vec<RegionId>, Vec<NodeId>) {
    let (mut found, mut depths, mut too_deep) = (vec![body], vec![0], Vec::new());
    let mut at = 0;
    while let Some(&region) = found.get(at) {
        let depth = depths[at] + 1;
        at += 1;
        let nodes = module.regions[region].nodes.iter();
        for &id in nodes.filter(|&&id| holds_machines(&module.nodes[id].kind)) {
            if depth > MAX_NESTING {
                too_deep.push(id);
                continue;
            }
            found.extend(module.nodes[id].regions());
            depths.resize(found.len(), depth);
        }
    }
    (found, too_deep)
}

fn holds_machines(kind: &NodeKind) -> bool {
    matches!(kind, NodeKind::Parallel { .. } | NodeKind::ForEach(_))
}

impl Machines<'_> {
    /// The machine of an inner region.
    pub(crate) fn take(&mut self, region: RegionId) -> Value {
        self.finished[region.index()].take().unwrap_or_default().into()
    }

    pub(crate) fn refuse(&mut self, id: NodeId, refusal: Refusal) {
        self.unsupported.push(refusal.in_node(&self.module.nodes[id]));
    }

    /// Refuses a whole region, at its first node.
    fn refuse_all_of(&mut self, region: &Region, refusal: Refusal) {
        let found = match region.nodes.first() {
            Some(&id) => refusal.in_node(&self.module.nodes[id]),
            None => refuse_flow(&self.module.flows[self.module.entry], refusal),
        };
        self.unsupported.push(found);
    }

    /// The whole machine.
    fn top(&mut self, flow: &Flow) -> Object {
        let mut machine = Object::default();
        let body = &self.module.regions[flow.body];
        if let Some(comment) = flow.comment.as_ref().or(body.comment.as_ref()) {
            machine.insert("Comment", comment.clone().into());
        }
        if QueryLanguage::said(&flow.extras).is_some() || self.language == QueryLanguage::Jsonata {
            machine.insert(QUERY_LANGUAGE, self.language.name().into());
        }
        if let Some(version) = extra(&flow.extras, "Version") {
            machine.insert("Version", version.clone());
        }
        if let Err(refusal) = limits(self.module, flow, &mut machine) {
            self.unsupported.push(refuse_flow(flow, refusal));
        }
        let rest = self.finished[flow.body.index()].take().unwrap_or_default();
        let own = rest.iter().filter(|(name, _)| matches!(*name, "StartAt" | "States"));
        own.for_each(|(name, value)| drop(machine.insert(name, value.clone())));
        machine
    }

    /// The machine of a region, with the facts that stand in it.
    fn machine(&mut self, id: RegionId) -> Object {
        let region = &self.module.regions[id];
        let mut machine = Object::default();
        if let Some(comment) = &region.comment {
            machine.insert("Comment", comment.clone().into());
        }
        for name in ["Version", QUERY_LANGUAGE] {
            if let Some(fact) = extra(&region.extras, name) {
                machine.insert(name, fact.clone());
            }
        }
        if let Some(config) = each::processor_config(self.module, id) {
            machine.insert("ProcessorConfig", config);
        }
        match region.mode {
            Mode::Seq { entry: Some(entry) } => drop(machine.insert("StartAt", self.module.nodes[entry].name().into())),
            Mode::Seq { entry: None } => self.refuse_all_of(region, no_start()),
            Mode::Dag { .. } => {
                self.refuse_all_of(region, dag());
                return machine;
            }
        }
        machine.insert("States", self.states(region).into());
        machine
    }

    fn states(&mut self, region: &Region) -> Object {
        let mut states = Object::default();
        for &id in &region.nodes {
            let state = state::write(self, id);
            if states.insert(self.module.nodes[id].name(), state).is_some() {
                self.refuse(id, Refusal::new("two states have the same name", "rename one"));
            }
        }
        states
    }
}

/// `TimeoutSeconds`, and the refusal of limits that no field expresses.
fn limits(module: &Module, flow: &Flow, machine: &mut Object) -> Result<(), Refusal> {
    if let Some(timeout) = &flow.timeout {
        machine.insert("TimeoutSeconds", seconds(timeout)?);
    }
    if flow.max_steps.is_some() || flow.max_cost_usd.is_some() {
        return Err(Refusal::new("it has a budget", "limit time instead, with a timeout"));
    }
    if flow.abort == Abort::Await && module.nodes.iter().any(|(_, node)| holds_machines(&node.kind)) {
        let what = "when a branch fails it waits until the others have stopped";
        return Err(Refusal::new(what, "let the flow abort at once"));
    }
    Ok(())
}

fn seconds(timeout: &Expr) -> Result<Value, Refusal> {
    let literal = match &timeout.kind {
        wfc_cir::ExprKind::Opaque { text, .. } => Some(text.clone().into()),
        _ => timeout.as_literal().cloned(),
    };
    let computed = || Refusal::new("its timeout is computed", "give it as a number").at(&timeout.origin);
    literal.ok_or_else(computed)
}

/// The fact called `name`.
pub(crate) fn extra<'e>(extras: &'e [(std::sync::Arc<str>, Value)], name: &str) -> Option<&'e Value> {
    extras.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
}

fn refuse_flow(flow: &Flow, refusal: Refusal) -> Unsupported {
    let origin = Origin { span: flow.origin.span, ..Origin::default() };
    refusal.at(&origin).in_flow(NodeKey::root(&flow.name))
}

fn no_start() -> Refusal {
    Refusal::new("nothing says which state runs first", "name the first state")
}

fn dag() -> Refusal {
    Refusal::new(
        "this node and those beside it start as soon as what they need is done; states run one after another",
        "put the nodes in sequence, and what runs at the same time into the branches of a Parallel",
    )
}
