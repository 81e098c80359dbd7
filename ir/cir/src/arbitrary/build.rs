//! From shapes to modules: every choice a shape leaves open is made in a way that keeps the module sound.

use wfc_expr::value::Number;
use wfc_expr::{cond, jsonpath, Value};

use super::{Dice, KindShape, NodeShape, RegionShape};
use crate::{
    Action, Callee, CompareOp, Doc, Edge, Expr, ExprKind, Flow, FlowId, ForEach, Handler, Isolation, Loop, Mode,
    Module, Node, NodeId, NodeKey, NodeKind, On, OnCap, OnFail, Origin, Owner, Policy, Ready, RegionId, ReplyMode,
    Retrier, ReturnTo, Root, Strategy, Tolerate, Transfer, TypeTest, Verify, VerifyFail, WaitFor,
};

/// The variable that exists in every Seq flow.
const VARIABLE: &str = "v";

pub(super) fn module(main: RegionShape, other: Option<RegionShape>) -> Module {
    let module = Module::new("arbitrary", "cir", Mode::Seq { entry: None }, Origin::default());
    let mut builder = Builder { module, other: None, has_variable: false, names: 0 };
    if let Some(shape) = other {
        let id = FlowId::from_index(1);
        let body = builder.module.add_region(mode(&shape), Owner::Flow(id), Origin::default());
        builder.module.flows.push(Flow::new("other", body, Origin::default()));
        builder.flow(body, shape, "other");
        builder.other = Some(id);
    }
    let body = builder.module.body();
    builder.module.regions[body].mode = mode(&main);
    builder.flow(body, main, "");
    builder.module
}

fn mode(shape: &RegionShape) -> Mode {
    match shape.dag {
        false => Mode::Seq { entry: None },
        true => Mode::Dag { on_fail: if shape.drain { OnFail::Drain } else { OnFail::Stop } },
    }
}

struct Builder {
    module: Module,
    /// The flow that may be called.
    other: Option<FlowId>,
    has_variable: bool,
    names: usize,
}

/// One decision after the other; they start again when all are used.
struct Throw {
    dice: Dice,
    next: usize,
}

impl Throw {
    fn new(dice: Dice) -> Self {
        Self { dice, next: 0 }
    }

    /// A number below `sides`; zero is the plain choice.
    fn below(&mut self, sides: usize) -> usize {
        let die = self.dice[self.next % self.dice.len()];
        self.next += 1;
        usize::from(die) % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == sides - 1
    }
}

impl Builder {
    fn flow(&mut self, body: RegionId, shape: RegionShape, prefix: &str) {
        self.has_variable = !shape.dag;
        if !shape.dag {
            let init = self.add(body, prefix, NodeKind::Assign, literal(0));
            self.module.regions[body].mode = Mode::Seq { entry: Some(init) };
        }
        self.region(body, shape, prefix);
    }

    fn add(&mut self, region: RegionId, prefix: &str, kind: NodeKind, args: Expr) -> NodeId {
        let name = format!("n{}", self.names);
        self.names += 1;
        let key = match self.module.container(region) {
            None if !prefix.is_empty() => NodeKey::root(prefix).child(&name),
            _ => self.module.key_in(region, &name),
        };
        let mut node = Node::new(key, kind, region, Origin::default());
        node.io.args = Some(args);
        self.module.add_node(node)
    }

    /// Fills a region: nodes first, then edges, which only lead forward, then what reads earlier nodes.
    fn region(&mut self, region: RegionId, shape: RegionShape, prefix: &str) {
        let dices: Vec<Dice> = shape.nodes.iter().map(|node| node.dice).collect();
        for node in shape.nodes {
            self.node(region, node, shape.dag, prefix);
        }
        let nodes = self.module.regions[region].nodes.clone();
        let mut throws: Vec<Throw> = nodes.iter().map(|_| Throw::new(Dice::default())).collect();
        let made_first = nodes.len() - dices.len();
        dices.into_iter().enumerate().for_each(|(at, dice)| throws[made_first + at] = Throw::new(dice));
        for (at, throw) in throws.iter_mut().enumerate() {
            if shape.dag {
                self.dag_edges(&nodes, at, throw);
            } else {
                self.seq_edges(&nodes, at, throw);
            }
        }
        if let Mode::Seq { entry: entry @ None } = &mut self.module.regions[region].mode {
            *entry = nodes.first().copied();
        }
        for (at, throw) in throws.iter_mut().enumerate() {
            let seen = if shape.dag { self.settled_before(nodes[at]) } else { nodes[..at].to_vec() };
            self.reads(nodes[at], &seen, shape.dag, throw);
        }
    }

    fn node(&mut self, region: RegionId, shape: NodeShape, dag: bool, prefix: &str) {
        let mut throw = Throw::new(shape.dice);
        let (kind, inner) = match shape.kind {
            KindShape::Tool(tool) => (tool_step(tool), vec![]),
            KindShape::Join if dag => (NodeKind::Join, vec![]),
            KindShape::Assign | KindShape::Join => (NodeKind::Assign, vec![]),
            KindShape::Wait => (NodeKind::Wait(WaitFor::Seconds(literal(0))), vec![]),
            KindShape::Choice(cases) => {
                (NodeKind::Choice { cases: (0..cases).map(|at| boolean(at == 1)).collect() }, vec![])
            }
            KindShape::Call => (self.other.map_or(NodeKind::Assign, |flow| NodeKind::Call(Callee::Flow(flow))), vec![]),
            KindShape::Raise => (NodeKind::Raise { error: Some(text("E")), cause: Some(text("raised")) }, vec![]),
            KindShape::Return => (NodeKind::Return(ReturnTo::Region), vec![]),
            KindShape::Parallel(branches) => (NodeKind::Parallel { branches: vec![] }, branches),
            // Regions are put in below, once the node that owns them exists.
            KindShape::ForEach(items, body) => (NodeKind::ForEach(Box::new(for_each(items, &mut throw))), vec![body]),
            KindShape::Loop(cap, body) => (NodeKind::Loop(Box::new(loop_kind(cap, &mut throw))), vec![body]),
            KindShape::Scope(body) => (NodeKind::Scope(unset()), vec![body]),
            KindShape::Verify(rounds, body) => (NodeKind::Verify(Box::new(verify(rounds, &mut throw))), vec![body]),
        };
        let is_for_each = matches!(kind, NodeKind::ForEach(_));
        let args = if is_for_each { Expr::root(Root::Item) } else { literal(throw.below(7) as i64) };
        let id = self.add(region, prefix, kind, args);
        self.inner_regions(id, inner, prefix);
        self.policy(id, &mut throw);
    }

    fn inner_regions(&mut self, id: NodeId, shapes: Vec<RegionShape>, prefix: &str) {
        let mut bodies = Vec::new();
        for shape in &shapes {
            bodies.push(self.module.add_region(mode(shape), Owner::Node(id), Origin::default()));
        }
        match &mut self.module.nodes[id].kind {
            NodeKind::Parallel { branches } => branches.clone_from(&bodies),
            kind => kind.regions_mut().copy_from_slice(&bodies),
        }
        bodies.into_iter().zip(shapes).for_each(|(body, shape)| self.region(body, shape, prefix));
    }

    fn policy(&mut self, id: NodeId, throw: &mut Throw) {
        let mut policy = Policy { continue_on_failure: throw.one_in(8), ..Policy::default() };
        if throw.one_in(4) {
            let mut retrier = Retrier { max: Some(Number::from(throw.below(3) as i64)), ..Retrier::default() };
            retrier.on.names = vec![if throw.one_in(2) { "E" } else { "*" }.into()];
            retrier.interval = Some(Number::from(0i64));
            policy.retry.push(retrier);
        }
        if policy != Policy::default() {
            self.module.nodes[id].policy = Some(Box::new(policy));
        }
    }

    fn edge(&mut self, from: NodeId, to: NodeId, on: On, transfer: Transfer) {
        self.module.add_edge(Edge { from, to, on, transfer, comment: None, origin: Origin::default() });
    }

    /// The outcomes by which control goes on from a node.
    fn plain_outcomes(&self, id: NodeId) -> Vec<On> {
        match &self.module.nodes[id].kind {
            NodeKind::Return(_) | NodeKind::Raise { .. } => vec![],
            NodeKind::Choice { cases } => (0..cases.len() as u32).map(On::Case).chain([On::Otherwise]).collect(),
            _ => vec![On::Done],
        }
    }

    fn seq_edges(&mut self, nodes: &[NodeId], at: usize, throw: &mut Throw) {
        let id = nodes[at];
        let later = &nodes[at + 1..];
        for on in self.plain_outcomes(id) {
            let to = later.get(if throw.one_in(3) { throw.below(3) } else { 0 });
            let transfer = self.transfer(throw);
            match to {
                Some(&to) => self.edge(id, to, on, transfer),
                None if on == On::Done => self.module.nodes[id].end = transfer,
                None => {}
            }
        }
        let last = later.last().copied();
        self.handler(id, last, throw);
    }

    fn transfer(&mut self, throw: &mut Throw) -> Transfer {
        let mut transfer = Transfer::default();
        if self.has_variable {
            // The first node has only zeros, so that it always sets the variable.
            if throw.below(3) == 0 {
                transfer.assign.push((VARIABLE.into(), Expr::root(Root::Result)));
            }
        }
        transfer.out = match throw.below(4) {
            0 => None,
            1 => Some(Expr::root(Root::Raw)),
            2 => Some(expr(ExprKind::Object(vec![
                ("raw".into(), Expr::root(Root::Raw)),
                ("result".into(), Expr::root(Root::Result)),
            ]))),
            _ => Some(put(Expr::literal(Value::empty_object(), Origin::default()), "$.a.b", Expr::root(Root::Result))),
        };
        transfer
    }

    fn dag_edges(&mut self, nodes: &[NodeId], at: usize, throw: &mut Throw) {
        let id = nodes[at];
        let later = &nodes[at + 1..];
        for on in self.plain_outcomes(id) {
            for &to in later {
                if throw.below(3) == 0 {
                    self.edge(id, to, on, Transfer::default());
                }
            }
        }
        let last = later.last().copied();
        if let Some(to) = last.filter(|_| throw.one_in(9)) {
            self.edge(id, to, On::Settled, Transfer::default());
        }
        self.handler(id, last, throw);
        self.module.nodes[id].ready = match throw.below(8) {
            5 => Ready::Live,
            6 => Ready::First,
            7 => Ready::Quorum(2),
            _ => Ready::All,
        };
    }

    fn handler(&mut self, id: NodeId, to: Option<NodeId>, throw: &mut Throw) {
        let can_fail = !matches!(self.module.nodes[id].kind, NodeKind::Raise { .. });
        if let Some(to) = to.filter(|_| can_fail && throw.one_in(5)) {
            let mut handler = Handler::default();
            handler.on.names = vec![if throw.one_in(2) { "E" } else { "States.ALL" }.into()];
            self.module.nodes[id].handlers.push(handler);
            let transfer = Transfer { assign: Vec::new(), out: Some(Expr::root(Root::Error)) };
            self.edge(id, to, On::Error(0), transfer);
        }
    }

    /// The nodes that have settled whenever this one starts: the sources of its in-edges, if it waits for all.
    fn settled_before(&self, id: NodeId) -> Vec<NodeId> {
        if !matches!(self.module.nodes[id].ready, Ready::All | Ready::Live) {
            return Vec::new();
        }
        let siblings = &self.module.regions[self.module.nodes[id].region].nodes;
        let leads_here = |&&from: &&NodeId| self.module.outs(from).any(|(_, edge)| edge.to == id);
        siblings.iter().filter(leads_here).copied().collect()
    }

    /// Puts references to earlier nodes and the variable where they can stand.
    fn reads(&mut self, id: NodeId, seen: &[NodeId], dag: bool, throw: &mut Throw) {
        let is_choice = matches!(self.module.nodes[id].kind, NodeKind::Choice { .. });
        if (dag || !is_choice) && throw.one_in(6) {
            self.module.nodes[id].when = Some(self.condition(seen, throw));
        }
        let value = match throw.below(4) {
            0 | 1 => None,
            2 if self.has_variable => Some(expr(ExprKind::Var(VARIABLE.into()))),
            _ => pick(seen, throw).map(|node| expr(ExprKind::Out(node))),
        };
        let conditions: Vec<Expr> = (0..3).map(|_| self.condition(seen, throw)).collect();
        let inner: Vec<NodeId> =
            self.module.nodes[id].regions().iter().flat_map(|&body| self.module.regions[body].nodes.clone()).collect();
        let after = self.condition(&inner, throw);
        let node = &mut self.module.nodes[id];
        if let (Some(value), false) = (value, matches!(node.kind, NodeKind::ForEach(_))) {
            let args = node.io.args.take().unwrap_or_else(|| literal(0));
            node.io.args = Some(expr(ExprKind::Object(vec![("n".into(), args), ("seen".into(), value)])));
        }
        match &mut node.kind {
            NodeKind::Choice { cases } => cases.iter_mut().zip(conditions).for_each(|(case, new)| *case = new),
            NodeKind::Loop(body) => body.condition = after,
            NodeKind::Verify(verify) => verify.checks.push(after),
            _ => {}
        }
    }

    /// A condition that never fails.
    fn condition(&self, seen: &[NodeId], throw: &mut Throw) -> Expr {
        match throw.below(6) {
            0 => boolean(true),
            1 => boolean(false),
            2 => expr(ExprKind::Not(Box::new(boolean(throw.one_in(2))))),
            3 => compare(throw),
            _ => match pick(seen, throw) {
                Some(node) => self.dotted(node, throw),
                None => is_present(throw),
            },
        }
    }

    fn dotted(&self, node: NodeId, throw: &mut Throw) -> Expr {
        let not = if throw.one_in(2) { "!" } else { "" };
        let text = format!("{not}outputs.{}.ok", self.module.nodes[node].name());
        match cond::parse(&text) {
            Ok(cond) => expr(ExprKind::Dotted { cond: Box::new(cond), out: Some(node) }),
            Err(_) => boolean(false),
        }
    }
}

fn pick(nodes: &[NodeId], throw: &mut Throw) -> Option<NodeId> {
    let at = throw.below(nodes.len().max(1));
    nodes.get(at).copied()
}

fn compare(throw: &mut Throw) -> Expr {
    let (left, right) = (literal(throw.below(3) as i64), literal(1));
    let op = if throw.one_in(2) { CompareOp::NumericLess } else { CompareOp::NumericEquals };
    expr(ExprKind::Compare { left: Box::new(left), op, right: Box::new(right) })
}

/// Whether the value that entered has `$.a`; the context is asked where there is no path.
fn is_present(throw: &mut Throw) -> Expr {
    let left = match jsonpath::parse("$.a") {
        Ok(path) => expr(ExprKind::Path { doc: Doc::Root(Root::Raw), path: Box::new(path) }),
        Err(_) => Expr::root(Root::Context),
    };
    expr(ExprKind::Is { left: Box::new(left), test: TypeTest::Present, want: throw.one_in(2) })
}

fn put(into: Expr, path: &str, value: Expr) -> Expr {
    match jsonpath::parse(path) {
        Ok(at) => expr(ExprKind::Put { into: Box::new(into), at: Box::new(at), value: Box::new(value) }),
        Err(_) => value,
    }
}

fn expr(kind: ExprKind) -> Expr {
    Expr::new(kind, Origin::default())
}

fn literal(value: i64) -> Expr {
    Expr::literal(Value::from(value), Origin::default())
}

fn boolean(value: bool) -> Expr {
    Expr::literal(Value::from(value), Origin::default())
}

fn text(value: &str) -> Expr {
    Expr::literal(Value::from(value), Origin::default())
}

/// Stands for a region that does not exist yet.
fn unset() -> RegionId {
    RegionId::from_index(0)
}

fn tool_step(tool: u8) -> NodeKind {
    NodeKind::Step(Action::Tool { tool: format!("t{tool}").into(), mode: ReplyMode::Reply, credentials: None })
}

fn for_each(items: u8, throw: &mut Throw) -> ForEach {
    let items: Value = (0..i64::from(items)).map(Value::from).collect();
    ForEach {
        items: Some(Expr::literal(items, Origin::default())),
        reader: None,
        batch: None,
        body: unset(),
        concurrency: Some(literal(throw.below(3) as i64)),
        tolerate: Tolerate { count: throw.one_in(3).then(|| literal(1)), percent: None },
        writer: None,
        isolation: Isolation::Frame,
        label: None,
    }
}

fn loop_kind(cap: u8, throw: &mut Throw) -> Loop {
    let on_cap = if throw.one_in(3) { OnCap::Fail } else { OnCap::Continue };
    Loop { body: unset(), condition: boolean(true), until: throw.one_in(2), cap: cap.into(), on_cap }
}

fn verify(rounds: u8, throw: &mut Throw) -> Verify {
    let strategy = [Strategy::AllMustPass, Strategy::FirstPass, Strategy::AnyBlock][throw.below(3)];
    let on_fail = [VerifyFail::Warn, VerifyFail::Retry, VerifyFail::Block][throw.below(3)];
    Verify { body: unset(), checks: vec![boolean(throw.one_in(2))], strategy, on_fail, rounds: rounds.into() }
}
