//! One state to one node and its edges.

use wfc_cir::{
    Action, Edge, Expr, ForEach, Module, Node, NodeId, NodeKind, On, Origin, RegionId, ReturnTo, Root, Transfer,
    WaitFor,
};
use wfc_expr::Value;
use wfc_source::Node as TreeNode;

use super::extras::Extras;
use super::policy::{handler, text};
use super::targets::Targets;
use super::template::{literal, value};
use super::{add_regions, key, Lowering, Place};
use crate::resource::reply_mode;
use crate::syntax::{Catcher, Field, FieldSet, Machine, Processor, RuleField, State, StateKind};

impl<'t> Lowering<'_, 't, '_> {
    /// Adds the node of a state and its edges. The targets of edges may not exist yet.
    pub(super) fn state(
        &mut self,
        state: &State<'t>,
        machine: &Machine<'t>,
        place: &Place,
        targets: &mut Targets<'t>,
        module: &mut Module,
    ) {
        let own = NodeId::from_index(module.nodes.slots());
        let key = key(place, state.name.text());
        let regions = self.inner_regions(state, own, &key, module);
        let mut extras = extras_of(state);
        let kind = self.kind(state, regions);
        let mut node = Node::new(key, kind, place.region, Origin::at(state.object.node.span()));
        node.name_origin = Origin::at(state.name.span());
        node.comment = text(state.object.get(Field::Comment));
        node.io.input = self.exprs.input(state);
        node.io.args = self.args(state);
        node.io.result =
            state.object.get(Field::ResultSelector).map(|node| self.exprs.template(node, state.language, Root::Result));
        node.policy = self.exprs.policy(state, &mut extras);
        if !ends(&node.kind) {
            node.handlers = state.catch.iter().map(|catcher| handler(catcher, state.language)).collect();
        }
        node.extras = extras.into_facts();
        module.add_node(node);
        self.ways_out(state, own, machine, targets, module);
    }

    fn inner_regions(
        &mut self,
        state: &State<'t>,
        own: NodeId,
        key: &wfc_cir::NodeKey,
        module: &mut Module,
    ) -> Vec<RegionId> {
        // A state of another type may have machines in it all the same, which has been reported; no node holds those.
        let held = match state.kind {
            Some(StateKind::Parallel) => state.inner.len(),
            Some(StateKind::Map) => 1,
            _ => 0,
        };
        let many = state.kind == Some(StateKind::Parallel);
        let prefix = |index: usize| if many { key.child(&index.to_string()) } else { key.clone() };
        let inner = &state.inner[..held.min(state.inner.len())];
        add_regions(inner, own, prefix, &mut self.places, module)
    }

    fn kind(&mut self, state: &State<'t>, regions: Vec<RegionId>) -> NodeKind {
        let Some(kind) = state.kind else { return NodeKind::Hole };
        match kind {
            StateKind::Pass => NodeKind::Assign,
            StateKind::Succeed => NodeKind::Return(ReturnTo::Region),
            StateKind::Fail => self.raise(state),
            StateKind::Task => self.task(state),
            StateKind::Wait => self.wait(state),
            StateKind::Choice => {
                let rules = state.choices.iter();
                NodeKind::Choice { cases: rules.map(|rule| self.exprs.condition(rule, state.language)).collect() }
            }
            StateKind::Parallel => NodeKind::Parallel { branches: regions },
            StateKind::Map => match regions.first() {
                Some(&body) => NodeKind::ForEach(Box::new(self.for_each(state, body))),
                None => NodeKind::Hole,
            },
        }
    }

    fn for_each(&mut self, state: &State<'t>, body: RegionId) -> ForEach {
        let program = self.program;
        let inner = state.inner.first().map(|&machine| &program.machines[machine]);
        self.exprs.for_each(state, body, inner.and_then(|machine| machine.processor.as_ref()))
    }

    fn task(&mut self, state: &State<'t>) -> NodeKind {
        let Some(resource) = state.object.get(Field::Resource) else { return NodeKind::Hole };
        let credentials = state.object.get(Field::Credentials);
        NodeKind::Step(Action::Tool {
            tool: resource.text().into(),
            mode: reply_mode(resource.text()),
            credentials: credentials.map(|node| self.exprs.template(node, state.language, Root::Input)),
        })
    }

    fn wait(&mut self, state: &State<'t>) -> NodeKind {
        if let Some(seconds) = self.exprs.limit(state, Field::Seconds, Field::SecondsPath) {
            return NodeKind::Wait(WaitFor::Seconds(seconds));
        }
        if let Some(instant) = state.object.get(Field::Timestamp) {
            return NodeKind::Wait(WaitFor::Timestamp(self.exprs.scalar(instant, state.language, true)));
        }
        match self.exprs.limit(state, Field::Timestamp, Field::TimestampPath) {
            Some(instant) => NodeKind::Wait(WaitFor::Timestamp(instant)),
            None => NodeKind::Hole,
        }
    }

    fn raise(&mut self, state: &State<'t>) -> NodeKind {
        let error = self.text_or_reference(state, Field::Error, Field::ErrorPath);
        let cause = self.text_or_reference(state, Field::Cause, Field::CausePath);
        NodeKind::Raise { error, cause }
    }

    fn text_or_reference(&mut self, state: &State<'t>, value: Field, path: Field) -> Option<Expr> {
        if let Some(node) = state.object.get(value) {
            return Some(self.exprs.scalar(node, state.language, true));
        }
        state.object.get(path).map(|node| self.exprs.reference(node, Root::Input))
    }

    /// What the work is given: `Result` of a Pass is given back as it stands.
    fn args(&mut self, state: &State<'t>) -> Option<Expr> {
        if state.kind == Some(StateKind::Map) {
            return self.exprs.item_selector(state);
        }
        if let Some(result) = state.object.get(Field::Result) {
            return Some(literal(result));
        }
        let args = state.object.get(Field::Parameters).or_else(|| state.object.get(Field::Arguments))?;
        Some(self.exprs.template(args, state.language, Root::Input))
    }

    fn ways_out(
        &mut self,
        state: &State<'t>,
        own: NodeId,
        machine: &Machine<'t>,
        targets: &mut Targets<'t>,
        module: &mut Module,
    ) {
        // What ends a machine goes nowhere, even if its type is given twice or misspelt and the other one would.
        if ends(&module.nodes[own].kind) {
            module.nodes[own].end = self.exprs.done(state);
            return;
        }
        // A case or handler needs its edge even where the file does not say where to; that has been reported.
        let mut add = |lowering: &mut Self, field: &str, to: Option<TreeNode<'t>>, on, transfer, comment| {
            let target = to.and_then(|node| lowering.target(field, node, state.name.text(), machine, targets));
            let origin = to.map_or_else(Origin::default, |node| Origin::at(node.span()));
            let to = target.unwrap_or_else(|| targets.need_hole());
            module.add_edge(Edge { from: own, to, on, transfer, comment, origin });
        };
        if state.kind == Some(StateKind::Choice) {
            for (index, rule) in (0..).zip(&state.choices) {
                let transfer = self.case_transfer(state, rule);
                let comment = text(rule.object.get(RuleField::Comment));
                add(self, "Next", rule.object.get(RuleField::Next), On::Case(index), transfer, comment);
            }
        }
        for (index, catcher) in (0..).zip(&state.catch) {
            let transfer = self.exprs.caught(catcher, state.language);
            add(self, "Next", catcher.get(Catcher::Next), On::Error(index), transfer, None);
        }
        let done = self.exprs.done(state);
        let (field, on) = match state.kind {
            Some(StateKind::Choice) => (Field::Default, On::Otherwise),
            _ => (Field::Next, On::Done),
        };
        match state.object.get(field) {
            Some(to) => add(self, field.spec().name, Some(to), on, done, None),
            None => {
                if let Some(node) = module.nodes.get_mut(own) {
                    node.end = done;
                }
            }
        }
    }

    /// The transfer of a rule that holds; the state's own variables are set only where no rule holds.
    fn case_transfer(&mut self, state: &State<'t>, rule: &crate::syntax::Rule<'t>) -> Transfer {
        let assign = self.exprs.assigned(&rule.object, RuleField::Assign, state.language);
        let out = match rule.object.get(RuleField::Output) {
            Some(output) => Some(self.exprs.template(output, state.language, Root::Result)),
            None if state.object.has(Field::Output) => None,
            None => self.exprs.out(state),
        };
        Transfer { assign, out }
    }
}

/// What is kept only to be printed back.
fn extras_of(state: &State<'_>) -> Extras {
    let mut extras = Extras::default();
    let object = &state.object;
    let mut keep = |field: Field| {
        if let Some(node) = object.get(field) {
            extras.add(field.spec().name, value(node));
        }
    };
    keep(Field::QueryLanguage);
    if object.get(Field::Result).is_some() {
        keep(Field::Parameters);
    }
    for field in [Field::Retry, Field::Catch] {
        if object.get(field).is_some_and(|list| list.items().next().is_none()) {
            keep(field);
        }
    }
    for (fact, holds) in [
        ("Result", object.get(Field::Result).is_some()),
        ("Iterator", state.map.as_ref().is_some_and(|map| map.processor == Processor::Iterator)),
        ("Parameters", state.kind == Some(StateKind::Map) && object.get(Field::Parameters).is_some()),
    ] {
        if holds {
            extras.add(fact, Value::from(true));
        }
    }
    extras.comments(state);
    extras
}

/// Whether nothing follows a node of that kind.
fn ends(kind: &NodeKind) -> bool {
    matches!(kind, NodeKind::Return(_) | NodeKind::Raise { .. })
}
