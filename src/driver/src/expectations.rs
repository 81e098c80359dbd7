//! What a program reads of the results of its tasks, found without running it.
//!
//! Facts say where in a document a part of a task's result lies. They flow along edges, through `ResultPath` and the
//! like, into branches and items, until nothing new is found; then every expression is looked at once, in the order of
//! the plan, for what it reads and what that seems to be. All of it is best effort: what is not understood reads
//! nothing.

mod facts;
mod jsonata;
mod reads;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use wfc_plan::{ExprIx, Node, NodeIx, NodeKind, On, Owner, Plan, RegionIx, ReturnTo, Root, WaitFor};
use wfc_run_tokio::work::mock::{Expectation, Guess, Part};

use facts::Facts;
use reads::Reader;

/// What a program reads.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// Of its input.
    pub input: Expectation,
    /// Of the results of tasks, by the names of their states.
    pub results: BTreeMap<Arc<str>, Expectation>,
}

/// The name under which the input is followed: no state is called so.
const INPUT: &str = "";

/// What is read of a program's input and of the results of its tasks.
pub fn expectations(plan: &Plan) -> Expectations {
    let mut walk = Walk {
        plan,
        raw: vec![Facts::default(); plan.nodes.len()],
        items: vec![Facts::default(); plan.nodes.len()],
        outs: vec![Facts::default(); plan.regions.len()],
        vars: BTreeMap::new(),
        changed: false,
        found: None,
    };
    walk.begin(plan.flows[plan.entry.at()].body, Facts::of_task(&Arc::from(INPUT)));
    for _ in 0..MAX_ROUNDS {
        walk.changed = false;
        walk.round();
        if !walk.changed {
            break;
        }
    }
    walk.found = Some(BTreeMap::new());
    walk.round();
    let mut results = walk.found.unwrap_or_default();
    Expectations { input: results.remove(INPUT).unwrap_or_default(), results }
}

/// How often facts are sent around; each time they come at least one state further.
const MAX_ROUNDS: usize = 50;

struct Walk<'p> {
    plan: &'p Plan,
    /// What comes into a node.
    raw: Vec<Facts>,
    /// The item of the node's own regions.
    items: Vec<Facts>,
    /// What comes out of a region.
    outs: Vec<Facts>,
    vars: BTreeMap<Arc<str>, Facts>,
    changed: bool,
    /// What is read; nothing is noted as long as facts flow.
    found: Option<BTreeMap<Arc<str>, Expectation>>,
}

/// The documents of a node.
#[derive(Clone, Debug, Default)]
struct Docs {
    raw: Facts,
    input: Facts,
    args: Facts,
    result: Facts,
    item: Facts,
}

impl Docs {
    fn of(&self, root: Root) -> Facts {
        match root {
            Root::Raw => self.raw.clone(),
            Root::Input => self.input.clone(),
            Root::Args => self.args.clone(),
            Root::Result => self.result.clone(),
            Root::Item => self.item.clone(),
            Root::Error | Root::Context => Facts::default(),
        }
    }
}

impl Walk<'_> {
    fn round(&mut self) {
        for at in 0..self.plan.nodes.len() {
            self.node(NodeIx::next(at));
        }
    }

    fn node(&mut self, ix: NodeIx) {
        let node = &self.plan.nodes[ix.at()];
        let mut docs = Docs { raw: self.raw[ix.at()].clone(), item: self.item_around(node.region), ..Docs::default() };
        docs.input = self.shaped(node.input, &docs, docs.raw.clone());
        if !matches!(node.kind, NodeKind::ForEach(_)) {
            docs.args = self.shaped(node.args, &docs, docs.input.clone());
        }
        docs.result = self.work(ix, node, &docs);
        docs.result = self.shaped(node.result, &docs, docs.result.clone());
        for seconds in [node.timeout, node.heartbeat, node.total_timeout].into_iter().flatten() {
            self.read(seconds, &docs, Guess::Number);
        }
        self.leave(ix, node, &docs);
    }

    /// What the work of a node gives.
    fn work(&mut self, ix: NodeIx, node: &Node, docs: &Docs) -> Facts {
        match &node.kind {
            NodeKind::Step(_) => Facts::of_task(&node.name),
            NodeKind::Choice(cases) => {
                self.choice(ix, cases, docs);
                docs.input.clone()
            }
            NodeKind::Parallel(regions) => {
                let mut result = Facts::default();
                for (at, region) in regions.iter().enumerate() {
                    self.begin(*region, docs.args.clone());
                    result.add(self.outs[region.at()].inside(&Part::Item(at)));
                }
                result
            }
            NodeKind::ForEach(each) => self.for_each(ix, node, each, docs),
            NodeKind::Loop(spec) => {
                self.read(spec.condition, docs, Guess::Flag);
                self.inside(spec.body, docs)
            }
            NodeKind::Scope(body) => self.inside(*body, docs),
            NodeKind::Wait(wait) => {
                match wait {
                    WaitFor::Seconds(expr) => self.read(*expr, docs, Guess::Number),
                    WaitFor::Timestamp(expr) => self.read(*expr, docs, Guess::Instant),
                }
                docs.input.clone()
            }
            NodeKind::Raise { error, cause } => {
                for expr in [error, cause].into_iter().flatten() {
                    self.read(*expr, docs, Guess::Text);
                }
                Facts::default()
            }
            NodeKind::Assign | NodeKind::Join | NodeKind::Return(_) => docs.args.clone(),
        }
    }

    /// The cases of a choice: those that lead out of a loop first, so that made-up values do.
    fn choice(&mut self, ix: NodeIx, cases: &[ExprIx], docs: &Docs) {
        if self.found.is_none() {
            return;
        }
        let target = |on: On| {
            let edges = self.plan.nodes[ix.at()].outs.iter().map(|edge| &self.plan.edges[edge.at()]);
            edges.clone().find(|edge| edge.on == on).map(|edge| edge.to)
        };
        let back = self.leads_to(ix);
        let loops = |on: On| target(on).is_some_and(|to| back[to.at()]);
        let cases = (0..).zip(cases).map(|(at, case)| (loops(On::Case(at)), *case));
        let (looping, leading_out): (Vec<_>, Vec<_>) = cases.partition(|(loops, _)| *loops);
        let avoid = target(On::Otherwise).is_some() && !loops(On::Otherwise);
        for (loops, case) in leading_out.into_iter().chain(looping) {
            let guess = if loops && avoid { Guess::Any } else { Guess::Flag };
            self.read(case, docs, guess);
        }
    }

    /// From which nodes control can come to a node of the same region.
    fn leads_to(&self, node: NodeIx) -> Vec<bool> {
        let mut found = vec![false; self.plan.nodes.len()];
        let mut work = vec![node];
        while let Some(at) = work.pop() {
            if !std::mem::replace(&mut found[at.at()], true) {
                work.extend(self.plan.nodes[at.at()].ins.iter().map(|edge| self.plan.edges[edge.at()].from));
            }
        }
        found
    }

    fn inside(&mut self, body: RegionIx, docs: &Docs) -> Facts {
        self.begin(body, docs.args.clone());
        self.outs[body.at()].clone()
    }

    fn for_each(&mut self, ix: NodeIx, node: &Node, each: &wfc_plan::ForEach, docs: &Docs) -> Facts {
        for (expr, guess) in [
            (each.concurrency, Guess::Number),
            (each.tolerate_count, Guess::Number),
            (each.tolerate_percent, Guess::Number),
            (each.reader.as_ref().and_then(|reader| reader.args), Guess::Any),
        ] {
            if let Some(expr) = expr {
                self.read(expr, docs, guess);
            }
        }
        let items =
            if each.reader.is_some() { Facts::default() } else { self.shaped(each.items, docs, docs.input.clone()) };
        let item = items.select(&[Part::Each]);
        self.note(&item, Guess::Any);
        let grown = self.items[ix.at()].add(item.clone());
        self.changed |= grown;
        let inner = Docs { item: item.clone(), ..docs.clone() };
        let given = self.shaped(node.args, &inner, item);
        self.begin(each.body, given);
        self.outs[each.body.at()].inside(&Part::Each)
    }

    /// The nearest item around the nodes of a region.
    fn item_around(&self, mut region: RegionIx) -> Facts {
        // A region is inside as many nodes as there are at most.
        for _ in 0..self.plan.nodes.len() {
            let Owner::Node(owner) = self.plan.regions[region.at()].owner else { break };
            if matches!(self.plan.nodes[owner.at()].kind, NodeKind::ForEach(_)) {
                return self.items[owner.at()].clone();
            }
            region = self.plan.nodes[owner.at()].region;
        }
        Facts::default()
    }

    /// Where a node's data goes.
    fn leave(&mut self, ix: NodeIx, node: &Node, docs: &Docs) {
        let plan = self.plan;
        for edge in node.outs.iter().map(|edge| &plan.edges[edge.at()]) {
            // What an error brings is not of a task's result.
            let failed = matches!(edge.on, On::Error(_));
            let docs = if failed { Docs { result: Facts::default(), ..docs.clone() } } else { docs.clone() };
            self.assign(&edge.assign, &docs);
            let given = self.shaped(edge.out, &docs, docs.result.clone());
            let grown = self.raw[edge.to.at()].add(given);
            self.changed |= grown;
        }
        self.assign(&node.end_assign, docs);
        let ends = !node.outs.iter().any(|edge| plan.edges[edge.at()].on == On::Done);
        if ends || matches!(node.kind, NodeKind::Return(_)) {
            let given = self.shaped(node.end_out, docs, docs.result.clone());
            let region = match node.kind {
                NodeKind::Return(ReturnTo::Flow) => plan.flows[plan.entry.at()].body,
                _ => plan.nodes[ix.at()].region,
            };
            let grown = self.outs[region.at()].add(given);
            self.changed |= grown;
        }
    }

    fn assign(&mut self, pairs: &[(Arc<str>, ExprIx)], docs: &Docs) {
        for (name, expr) in pairs {
            let given = self.read_as(*expr, docs, Guess::Any);
            let grown = self.vars.entry(Arc::clone(name)).or_default().add(given);
            self.changed |= grown;
        }
    }

    /// A region begins with a document.
    fn begin(&mut self, region: RegionIx, given: Facts) {
        let wfc_plan::Mode::Seq(entry) = self.plan.regions[region.at()].mode else { return };
        let grown = self.raw[entry.at()].add(given);
        self.changed |= grown;
    }

    /// What an expression makes of the documents, or `otherwise` if there is none.
    fn shaped(&mut self, expr: Option<ExprIx>, docs: &Docs, otherwise: Facts) -> Facts {
        expr.map_or(otherwise, |expr| self.read_as(expr, docs, Guess::Any))
    }

    fn read(&mut self, expr: ExprIx, docs: &Docs, guess: Guess) {
        self.read_as(expr, docs, guess);
    }

    fn read_as(&mut self, expr: ExprIx, docs: &Docs, guess: Guess) -> Facts {
        // A condition that should not hold says nothing of what it compares with.
        let holds = guess != Guess::Any;
        let mut reader = Reader { plan: self.plan, docs, vars: &self.vars, found: self.found.as_mut(), holds };
        reader.read(expr, guess)
    }

    fn note(&mut self, facts: &Facts, guess: Guess) {
        if let Some(found) = &mut self.found {
            facts.note(found, &guess);
        }
    }
}
