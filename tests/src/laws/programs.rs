//! Programs by number: small, of every shape, and most of them run to an end.
//!
//! The same number always gives the same program. Every third one is drawn by the generator of CIR itself; the others
//! are made to be run: what they read is mostly there, what they call mostly answers, and every construct that decides
//! something (readiness, poison, handlers, retries, leaving, absence) comes up often, dead ends and cycles included.

mod data;

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::strategy::{Strategy as _, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use wfc_cir::{
    arbitrary, Action, Callee, Edge, ErrorMatch, Flow, ForEach, Handler, Isolation, Loop, Mode, Module, Node, NodeId,
    NodeKey, NodeKind, On, OnCap, OnFail, Origin, Owner, Policy, Ready, Region, RegionId, ReplyMode, Retrier, ReturnTo,
    Strategy, Tolerate, Transfer, Verify, VerifyFail, WaitFor,
};
use wfc_expr::Value;

use super::random::Random;
use data::Slot;

/// How deep regions nest.
const DEPTH: usize = 3;

/// The program of that number.
pub fn program(number: u64) -> Module {
    if number % 3 == 0 {
        return drawn(number);
    }
    let mut maker = Maker {
        random: Random::new(number),
        module: Module::new("law", "cir", Mode::Seq { entry: None }, Origin::default()),
    };
    if maker.random.one_in(4) {
        maker.module.flows[maker.module.entry].trace = "aws".into();
    }
    if maker.random.one_in(5) {
        maker.helper();
    }
    let body = maker.module.body();
    maker.fill(body, DEPTH);
    maker.module
}

/// A module as CIR's own generator draws it.
fn drawn(number: u64) -> Module {
    let seed = number.to_le_bytes().repeat(4);
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    arbitrary::module().new_tree(&mut runner).expect("nothing is rejected").current()
}

struct Maker {
    random: Random,
    module: Module,
}

impl Maker {
    /// A second flow for calls.
    fn helper(&mut self) {
        let region = Region::new(Mode::Seq { entry: None }, Owner::Flow(self.module.entry), Origin::default());
        let body = self.module.regions.push(region);
        let flow = self.module.flows.push(Flow::new("helper", body, Origin::default()));
        self.module.regions[body].owner = Owner::Flow(flow);
        self.fill(body, 1);
    }

    /// Gives a region its mode, its nodes and its edges.
    fn fill(&mut self, region: RegionId, depth: usize) {
        let dag = self.random.one_in(2);
        let most = if depth == DEPTH { 6 } else { 3 };
        let nodes: Vec<NodeId> = (0..1 + self.random.below(most)).map(|_| self.placeholder(region)).collect();
        self.module.regions[region].mode = match dag {
            true => Mode::Dag { on_fail: self.random.pick(&[OnFail::Stop, OnFail::Drain]) },
            false => Mode::Seq { entry: Some(nodes[0]) },
        };
        for (at, &node) in nodes.iter().enumerate() {
            self.become_something(node, dag, depth);
            self.surround(node, dag);
            let ahead = &nodes[at + 1..];
            if dag {
                self.dag_edges(node, ahead);
            } else {
                self.seq_edges(node, ahead, &nodes);
            }
        }
        nodes.iter().for_each(|&node| self.lower_quorum(node));
    }

    /// No node waits for more than can come.
    fn lower_quorum(&mut self, node: NodeId) {
        let edges = self.module.edges.iter().filter(|(_, edge)| edge.to == node);
        let sources: BTreeSet<NodeId> = edges.map(|(_, edge)| edge.from).collect();
        let ready = &mut self.module.nodes[node].ready;
        if matches!(ready, Ready::Quorum(wanted) if *wanted as usize > sources.len()) {
            *ready = Ready::All;
        }
    }

    /// A node that does nothing yet, so that others can speak of it.
    fn placeholder(&mut self, region: RegionId) -> NodeId {
        let name = format!("n{}", self.module.nodes.slots());
        let key = match self.module.flows[self.module.flow_of(region)].name.as_ref() {
            "helper" if self.module.container(region).is_none() => NodeKey::root("helper").child(&name),
            _ => self.module.key_in(region, &name),
        };
        self.module.add_node(Node::new(key, NodeKind::Assign, region, Origin::default()))
    }

    fn become_something(&mut self, node: NodeId, dag: bool, depth: usize) {
        let kind = match self.random.below(if depth == 0 { 14 } else { 21 }) {
            0..=4 => self.step(),
            5..=6 => NodeKind::Assign,
            7..=9 => {
                let count = self.random.below(3);
                NodeKind::Choice { cases: (0..count).map(|_| self.condition(node, Slot::Work)).collect() }
            }
            10 if dag => NodeKind::Join,
            10 => NodeKind::Wait(WaitFor::Seconds(data::literal(Value::from(1)))),
            11..=12 => NodeKind::Return(self.random.pick(&[
                ReturnTo::Region,
                ReturnTo::Region,
                ReturnTo::Loop,
                ReturnTo::Flow,
            ])),
            13 => self.raise(node),
            14 => self.call(node),
            15..=16 => NodeKind::Parallel { branches: self.branches(node, depth) },
            17 => self.for_each(node, depth),
            18 => self.looping(node, depth),
            19 => self.verifying(node, depth),
            _ => NodeKind::Scope(self.inner(node, depth)),
        };
        // Keys of nodes inside depend on the kind of the container, which is known only now.
        self.module.nodes[node].kind = kind;
    }

    fn step(&mut self) -> NodeKind {
        let tool = self.random.pick(&["read", "write", "send"]).into();
        NodeKind::Step(Action::Tool { tool, mode: ReplyMode::Reply, credentials: None })
    }

    fn raise(&mut self, node: NodeId) -> NodeKind {
        let error = (!self.random.one_in(4)).then(|| data::literal(Value::from(self.random.pick(&["Oops", "Bad"]))));
        let cause = match self.random.below(3) {
            0 => None,
            1 => Some(data::literal(Value::from("because"))),
            _ => Some(self.value(node, Slot::Work)),
        };
        NodeKind::Raise { error, cause }
    }

    /// A call of the second flow, from the first one.
    fn call(&mut self, node: NodeId) -> NodeKind {
        let home = self.module.flow_of(self.module.nodes[node].region);
        let other = self.module.flows.iter().map(|(id, _)| id).find(|&id| id != self.module.entry);
        match other {
            Some(flow) if home == self.module.entry => NodeKind::Call(Callee::Flow(flow)),
            _ => NodeKind::Assign,
        }
    }

    fn inner(&mut self, node: NodeId, depth: usize) -> RegionId {
        let region = self.module.add_region(Mode::Seq { entry: None }, Owner::Node(node), Origin::default());
        self.fill(region, depth - 1);
        region
    }

    fn branches(&mut self, node: NodeId, depth: usize) -> Vec<RegionId> {
        let count = self.random.below(4);
        let region =
            |maker: &mut Self| maker.module.add_region(Mode::Seq { entry: None }, Owner::Node(node), Origin::default());
        let branches: Vec<RegionId> = (0..count).map(|_| region(self)).collect();
        // Keys below a Parallel hold the number of the branch.
        self.module.nodes[node].kind = NodeKind::Parallel { branches: branches.clone() };
        branches.iter().for_each(|&branch| self.fill(branch, depth - 1));
        branches
    }

    fn for_each(&mut self, node: NodeId, depth: usize) -> NodeKind {
        let items = (!self.random.one_in(6)).then(|| self.list(node));
        let number = |maker: &mut Self, most: usize| data::literal(Value::from(maker.random.below(most) as i64));
        let concurrency = self.random.one_in(2).then(|| number(self, 3));
        let count = self.random.one_in(4).then(|| number(self, 3));
        let percent = self.random.one_in(5).then(|| number(self, 100));
        let isolation = if self.random.one_in(6) { Isolation::Run { express: false } } else { Isolation::Frame };
        NodeKind::ForEach(Box::new(ForEach {
            items,
            reader: None,
            batch: None,
            body: self.inner(node, depth),
            concurrency,
            tolerate: Tolerate { count, percent },
            writer: None,
            isolation,
            label: None,
        }))
    }

    fn looping(&mut self, node: NodeId, depth: usize) -> NodeKind {
        let body = self.inner(node, depth);
        NodeKind::Loop(Box::new(Loop {
            body,
            condition: self.condition(node, Slot::Round),
            until: self.random.one_in(2),
            cap: self.random.below(4) as u64,
            on_cap: self.random.pick(&[OnCap::Fail, OnCap::Continue]),
        }))
    }

    fn verifying(&mut self, node: NodeId, depth: usize) -> NodeKind {
        let body = self.inner(node, depth);
        let count = 1 + self.random.below(2);
        NodeKind::Verify(Box::new(Verify {
            body,
            checks: (0..count).map(|_| self.condition(node, Slot::Round)).collect(),
            strategy: self.random.pick(&[Strategy::AllMustPass, Strategy::FirstPass, Strategy::AnyBlock]),
            on_fail: self.random.pick(&[VerifyFail::Block, VerifyFail::Warn, VerifyFail::Retry]),
            rounds: 1 + self.random.below(3) as u32,
        }))
    }

    /// What stands around the work: data, a condition, a policy, handlers, readiness.
    fn surround(&mut self, node: NodeId, dag: bool) {
        let each = matches!(self.module.nodes[node].kind, NodeKind::ForEach(_));
        let input = self.random.one_in(6).then(|| self.value(node, Slot::When));
        let args = self.random.one_in(2).then(|| self.value(node, if each { Slot::Item } else { Slot::Work }));
        let result = self.random.one_in(6).then(|| self.value(node, Slot::Round));
        let choice = matches!(self.module.nodes[node].kind, NodeKind::Choice { .. });
        let when = (self.random.one_in(6) && (dag || !choice)).then(|| self.condition(node, Slot::When));
        let policy = self.random.one_in(4).then(|| Box::new(self.policy(node)));
        let raises = matches!(self.module.nodes[node].kind, NodeKind::Raise { .. });
        let handlers = if raises || !self.random.one_in(3) { 0 } else { 1 + self.random.below(2) };
        let handlers = (0..handlers).map(|_| Handler { on: self.errors(), ..Handler::default() }).collect();
        let ready = self.random.pick(&[Ready::All, Ready::All, Ready::Live, Ready::First, Ready::Quorum(2)]);
        let end = if self.random.one_in(4) { self.transfer(node, Slot::Round, dag) } else { Transfer::default() };
        let node = &mut self.module.nodes[node];
        (node.io.input, node.io.args, node.io.result, node.when) = (input, args, result, when);
        (node.policy, node.handlers, node.end) = (policy, handlers, end);
        if dag {
            node.ready = ready;
        }
    }

    fn policy(&mut self, node: NodeId) -> Policy {
        let retry = |maker: &mut Self| Retrier {
            on: maker.errors(),
            max: (!maker.random.one_in(4)).then(|| (maker.random.below(3) as i64).into()),
            ..Retrier::default()
        };
        let constraints = if self.random.one_in(6) { vec![self.condition(node, Slot::Work)] } else { Vec::new() };
        Policy {
            retry: (0..self.random.below(3)).map(|_| retry(self)).collect(),
            constraints,
            continue_on_failure: self.random.one_in(4),
            ..Policy::default()
        }
    }

    fn errors(&mut self) -> ErrorMatch {
        let mut on = ErrorMatch { transfers: self.random.one_in(3), ..ErrorMatch::default() };
        match self.random.below(7) {
            0 => on.names = vec!["*".into()],
            1 => on.names = vec!["States.ALL".into()],
            2 => on.names = vec!["States.TaskFailed".into()],
            3 => on.names = vec!["Oops".into(), "States.Runtime".into(), "States.NoChoiceMatched".into()],
            4 => on.classes = vec!["transient".into()],
            5 => on.contains = vec!["because".into(), "again".into()],
            _ => on.exit_codes = vec![2],
        }
        on
    }

    /// The outcomes of a node that edges can lead away from on the ordinary ways.
    fn plain_outcomes(&self, node: NodeId) -> Vec<On> {
        match &self.module.nodes[node].kind {
            NodeKind::Return(_) | NodeKind::Raise { .. } => Vec::new(),
            NodeKind::Choice { cases } => {
                let cases = (0..cases.len() as u32).map(On::Case);
                cases.chain([On::Otherwise]).collect()
            }
            _ => vec![On::Done],
        }
    }

    fn error_outcomes(&self, node: NodeId) -> Vec<On> {
        (0..self.module.nodes[node].handlers.len() as u32).map(On::Error).collect()
    }

    /// Mostly to the next node or one behind it; now and then back.
    fn seq_edges(&mut self, node: NodeId, ahead: &[NodeId], all: &[NodeId]) {
        for on in self.plain_outcomes(node) {
            let target = match self.random.below(12) {
                0 => None,
                1 => Some(self.random.pick(all)),
                2..=8 => ahead.first().copied(),
                _ => (!ahead.is_empty()).then(|| self.random.pick(ahead)),
            };
            target.into_iter().for_each(|to| self.edge(node, to, on, false));
        }
        for on in self.error_outcomes(node) {
            let to = self.random.pick(if ahead.is_empty() { all } else { ahead });
            self.edge(node, to, on, false);
        }
    }

    fn dag_edges(&mut self, node: NodeId, ahead: &[NodeId]) {
        if ahead.is_empty() {
            self.module.nodes[node].handlers.clear();
            return;
        }
        for on in self.plain_outcomes(node) {
            for _ in 0..self.random.below(3) {
                let to = self.random.pick(ahead);
                self.edge(node, to, on, true);
            }
        }
        for on in self.error_outcomes(node) {
            let to = self.random.pick(ahead);
            self.edge(node, to, on, true);
        }
        if self.random.one_in(6) {
            let to = self.random.pick(ahead);
            self.edge(node, to, On::Settled, true);
        }
    }

    fn edge(&mut self, from: NodeId, to: NodeId, on: On, dag: bool) {
        let slot = match on {
            On::Error(_) => Slot::Error,
            On::Settled => Slot::When,
            _ => Slot::Round,
        };
        let transfer = if self.random.one_in(2) { self.transfer(from, slot, dag) } else { Transfer::default() };
        self.module.add_edge(Edge { from, to, on, transfer, comment: None, origin: Origin::default() });
    }

    fn transfer(&mut self, node: NodeId, slot: Slot, dag: bool) -> Transfer {
        let count = if dag { 0 } else { self.random.below(3) };
        let assign = ["x", "y"].into_iter().take(count).map(|name| (Arc::from(name), self.value(node, slot)));
        let assign = assign.collect();
        Transfer { assign, out: (!self.random.one_in(3)).then(|| self.value(node, slot)) }
    }
}
