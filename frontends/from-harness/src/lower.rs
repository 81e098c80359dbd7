//! From the syntax of a file to a module.

use std::collections::BTreeMap;
use std::sync::Arc;

use wfc_cir::{
    Action, Callee, Edge, Expr, ExprKind, Mode, Module, Node as CirNode, NodeId, NodeKind, On, OnFail, Origin, Policy,
    Ready, ReplyMode, Root, Transfer,
};
use wfc_diag::Span;
use wfc_expr::cond::{Cond, Reference};
use wfc_expr::Value;

use crate::graph::{Graph, Link, Shape, Way};
use crate::syntax::{Kind, Name, Node, Spec, Strategy};
use crate::FRONT;

/// The tool that runs programs.
const SHELL: &str = "shell";

/// Makes the module of a file. Nodes that cannot be reached are left out: in a Dag region they would run.
pub(crate) fn module(spec: &Spec, graph: &Graph, span: Span) -> Module {
    let name = spec.name.as_ref().map_or_else(|| Arc::from("harness"), |name| Arc::clone(&name.value));
    let mode = match graph.shape {
        Shape::Sequence => Mode::Seq { entry: None },
        Shape::Parallel | Shape::Neither => Mode::Dag { on_fail: OnFail::Stop },
    };
    let mut lower = Lower {
        graph,
        module: Module::new(name, FRONT.name, mode, Origin::at(span)),
        nodes: BTreeMap::new(),
        joins: ins_of(graph),
    };
    for &at in &graph.reached {
        lower.add(at, &spec.nodes[at]);
    }
    // Conditions and merges name other nodes, so that all of them have to be there.
    for &at in &graph.reached {
        lower.fill(at, &spec.nodes[at]);
    }
    graph.links.iter().for_each(|link| lower.link(link));
    let entry = graph.entry.and_then(|entry| lower.nodes.get(&entry).copied());
    let body = lower.module.body();
    if let Mode::Seq { entry: place } = &mut lower.module.regions[body].mode {
        *place = entry;
    }
    lower.module
}

fn ins_of(graph: &Graph) -> BTreeMap<usize, usize> {
    let mut ins = BTreeMap::new();
    graph.links.iter().for_each(|link| *ins.entry(link.to).or_insert(0) += 1);
    ins
}

struct Lower<'g> {
    graph: &'g Graph,
    module: Module,
    nodes: BTreeMap<usize, NodeId>,
    /// By node: how many ways lead to it.
    joins: BTreeMap<usize, usize>,
}

impl Lower<'_> {
    fn add(&mut self, at: usize, node: &Node) {
        let body = self.module.body();
        let key = self.module.key_in(body, &node.id.value);
        let origin = Origin::at(node.span);
        let mut made = CirNode::new(key, kind(&node.kind, self.graph.shape), body, origin.clone());
        made.name_origin = Origin::at(node.id.span);
        made.comment = node.label.clone();
        made.io.args = arguments(&node.kind).map(|value| Expr::literal(value, origin));
        made.policy = policy(&node.kind).map(Box::new);
        if self.graph.shape == Shape::Parallel {
            made.ready = ready(&node.kind, self.joins.get(&at).copied().unwrap_or(0));
        }
        let id = self.module.add_node(made);
        self.nodes.insert(at, id);
    }

    fn fill(&mut self, at: usize, node: &Node) {
        let Some(&id) = self.nodes.get(&at) else { return };
        match &node.kind {
            Kind::Condition { condition: Some((cond, origin)), .. } => {
                let case = self.condition(cond, origin);
                self.module.nodes[id].kind = NodeKind::Choice { cases: vec![case] };
            }
            Kind::Merge { wait_for, .. } if self.graph.shape == Shape::Sequence => {
                let fields = wait_for.iter().filter_map(|name| self.collected(name)).collect();
                let origin = Origin::at(node.span);
                self.module.nodes[id].io.args = Some(Expr::new(ExprKind::Object(fields), origin));
            }
            _ => {}
        }
    }

    /// The condition with the node its first name means.
    fn condition(&self, cond: &Cond, origin: &Origin) -> Expr {
        let name = match cond.reference() {
            Reference::Outputs(names) | Reference::OutputsThenInput(names) => names.first(),
            Reference::Input(_) => None,
        };
        let out = name.and_then(|name| self.by_id(&name.text));
        Expr::new(ExprKind::Dotted { cond: Box::new(cond.clone()), out }, origin.clone())
    }

    fn collected(&self, name: &Name) -> Option<(Arc<str>, Expr)> {
        let out = self.by_id(&name.value)?;
        Some((Arc::clone(&name.value), Expr::new(ExprKind::Out(out), Origin::at(name.span))))
    }

    fn by_id(&self, id: &str) -> Option<NodeId> {
        self.graph.by_id.get(id).and_then(|at| self.nodes.get(at)).copied()
    }

    /// In a Seq region what moves along is always the input of the run: nodes read each other through outputs.
    fn link(&mut self, link: &Link) {
        let ends = (self.nodes.get(&link.from).copied(), self.nodes.get(&link.to).copied());
        let (Some(from), Some(to)) = ends else { return };
        let on = match link.way {
            Way::Edge => On::Done,
            Way::Then => On::Case(0),
            Way::Else => On::Otherwise,
        };
        let in_seq = self.graph.shape == Shape::Sequence;
        let out = if in_seq { Some(Expr::root(Root::Raw)) } else { self.joined(from, to) };
        let transfer = Transfer { assign: Vec::new(), out };
        self.module.add_edge(Edge { from, to, on, transfer, comment: None, origin: Origin::at(link.span) });
    }

    /// What a merge gets of a node: a condition has no output of its own.
    fn joined(&self, from: NodeId, to: NodeId) -> Option<Expr> {
        let merge = matches!(self.module.nodes[to].kind, NodeKind::Join);
        let choice = matches!(self.module.nodes[from].kind, NodeKind::Choice { .. });
        (merge && choice).then(|| Expr::literal(Value::Null, Origin::default()))
    }
}

fn kind(kind: &Kind, shape: Shape) -> NodeKind {
    match kind {
        Kind::Tool { .. } => {
            NodeKind::Step(Action::Tool { tool: SHELL.into(), mode: ReplyMode::Reply, credentials: None })
        }
        Kind::Llm { provider, model, .. } => {
            NodeKind::Step(Action::Model { provider: Arc::clone(provider), model: Arc::clone(model) })
        }
        Kind::Human { interaction, options, .. } => {
            NodeKind::Step(Action::Human { interaction: Arc::clone(interaction), options: options.clone() })
        }
        Kind::Merge { .. } if shape == Shape::Parallel => NodeKind::Join,
        Kind::Merge { .. } => NodeKind::Assign,
        Kind::Subworkflow { spec_ref, .. } => NodeKind::Call(Callee::Named(Arc::clone(spec_ref))),
        // Its case is filled in later; without one it could not be read.
        Kind::Condition { .. } | Kind::Unknown => NodeKind::Hole,
    }
}

fn arguments(kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Tool { argv, env, cwd } => {
            let argv: Value = argv.iter().map(|word| Value::from(Arc::clone(word))).collect();
            let mut members = vec![("argv", argv)];
            if !env.is_empty() {
                let env = env.iter().map(|(name, value)| (Arc::clone(name), Value::from(Arc::clone(value))));
                members.push(("env", env.collect()));
            }
            members.extend(cwd.iter().map(|cwd| ("cwd", Value::from(Arc::clone(cwd)))));
            Some(members.into_iter().collect())
        }
        Kind::Llm { args, .. } => Some(args.iter().cloned().collect()),
        Kind::Human { prompt, .. } => Some([("prompt", Value::from(Arc::clone(prompt)))].into_iter().collect()),
        Kind::Subworkflow { inputs, .. } => Some(inputs.clone()),
        Kind::Condition { .. } | Kind::Merge { .. } | Kind::Unknown => None,
    }
}

fn policy(kind: &Kind) -> Option<Policy> {
    let Kind::Human { timeout: Some(limit), .. } = kind else { return None };
    let seconds = Expr::literal(Value::Number(limit.value.clone()), Origin::at(limit.span));
    Some(Policy { timeout: Some(seconds), ..Policy::default() })
}

/// A branch that was not chosen does not keep a node from running, one that failed does.
fn ready(kind: &Kind, ins: usize) -> Ready {
    match kind {
        Kind::Merge { strategy: Strategy::Any, .. } => Ready::First,
        Kind::Merge { strategy: Strategy::Majority, wait_for } => {
            Ready::Quorum(u32::try_from(wait_for.len() / 2 + 1).unwrap_or(u32::MAX))
        }
        Kind::Merge { .. } => Ready::Live,
        _ if ins > 1 => Ready::Live,
        _ => Ready::All,
    }
}
