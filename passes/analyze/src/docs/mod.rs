//! What documents look like at each node, by running the module on types instead of values.
//!
//! Undeclared input and the answers of the world are Any, so that only what the program itself makes is known. A type
//! covers every value that can be there: where it says that a field is absent, the field is absent on every way.

mod env;
mod eval;
mod jsonata;
mod missing;
mod order;
mod split;
mod visit;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use wfc_cir::{Edge, Expr, Mode, Module, NodeId, NodeKind, On, RegionId, ReturnTo, Root, Transfer, Type};

use crate::{Bits, Graph, Phase};
use order::{Order, Stop};

pub use env::Env;
pub use eval::eval;
pub use missing::{missing, missing_in_test, Missing};
pub use split::{split, OnTest};
pub use visit::Visit;

/// After so many changes the type before a node of a loop is widened, after [`MAX_CHANGES`] it is Any.
const WIDEN_AFTER: u8 = 2;
const MAX_CHANGES: u8 = 6;

/// Types of the documents of every node.
#[derive(Clone, Debug)]
pub struct Docs {
    /// By node: what enters it; Never where no run comes.
    raw: Vec<Type>,
    /// By region: what it ends with.
    results: Vec<Type>,
    vars: FxHashMap<Arc<str>, Type>,
    context: Type,
}

impl Docs {
    pub(crate) fn of(m: &Module, graph: &Graph) -> Self {
        let context = env::context();
        let docs = Docs {
            raw: vec![Type::Never; m.nodes.slots()],
            results: vec![Type::Never; m.regions.slots()],
            vars: constants(m, &context),
            context,
        };
        let order = Order::of(m, graph);
        let visits = vec![0; m.nodes.slots()];
        let mut run = Run { m, docs, order, visits, queue: BinaryHeap::new(), queued: Bits::default() };
        run.start();
        run.docs
    }

    /// The type of what enters a node; Never if no run comes there.
    pub fn raw(&self, node: NodeId) -> &Type {
        self.raw.get(node.index()).unwrap_or(&Type::Any)
    }

    /// The type of what a region ends with; Never if it never does.
    pub fn result(&self, region: RegionId) -> &Type {
        self.results.get(region.index()).unwrap_or(&Type::Any)
    }

    /// The documents of a node.
    pub fn visit<'f, 'm>(&'f self, m: &'m Module, id: NodeId) -> Visit<'f, 'm> {
        Visit::new(self, m, id)
    }

    fn enter(&self, node: NodeId) -> Env<'_> {
        Env::new(&self.vars, &self.context).with(Root::Raw, self.raw(node).clone())
    }
}

/// What variables can hold, whatever the documents are: the union over all their assignments.
fn constants(m: &Module, context: &Type) -> FxHashMap<Arc<str>, Type> {
    let none = FxHashMap::default();
    let env = Env::new(&none, context);
    let mut found: FxHashMap<Arc<str>, Type> = FxHashMap::default();
    let edges = m.edges.iter().map(|(_, edge)| &edge.transfer);
    for (name, value) in edges.chain(m.nodes.iter().map(|(_, node)| &node.end)).flat_map(|transfer| &transfer.assign) {
        let ty = Some(eval(value, &env)).filter(|ty| !ty.is_never()).unwrap_or(Type::Any);
        let known = found.entry(Arc::clone(name)).or_insert(Type::Never);
        *known = known.join(&ty);
    }
    found
}

/// A run on types.
struct Run<'m> {
    m: &'m Module,
    docs: Docs,
    order: Order,
    /// By node: how often it was entered.
    visits: Vec<u8>,
    queue: BinaryHeap<Reverse<u32>>,
    queued: Bits,
}

impl Run<'_> {
    fn start(&mut self) {
        let bodies: Vec<RegionId> = self.m.flows.iter().map(|(_, flow)| flow.body).collect();
        bodies.into_iter().for_each(|body| self.activate(body, &Type::Any));
        while let Some(Reverse(next)) = self.queue.pop() {
            self.queued.remove(next as usize);
            match self.order.stops[next as usize] {
                Stop::Enter(node) => self.enter(node),
                Stop::Exit(node) => self.leave(node),
            }
        }
    }

    fn enter(&mut self, node: NodeId) {
        self.visits[node.index()] = self.visits[node.index()].saturating_add(1);
        let regions = self.m.nodes[node].regions();
        if regions.is_empty() {
            return self.leave(node);
        }
        let args = self.docs.visit(self.m, node).args().clone();
        regions.iter().for_each(|&region| self.activate(region, &args));
        self.push(self.order.exit(node));
    }

    fn activate(&mut self, region: RegionId, input: &Type) {
        match self.m.regions[region].mode {
            Mode::Seq { entry } => entry.into_iter().for_each(|entry| self.send(entry, input)),
            Mode::Dag { .. } => {
                self.end(region, &Type::Any);
                self.m.regions[region].nodes.iter().for_each(|&node| self.send(node, input));
            }
        }
    }

    fn leave(&mut self, id: NodeId) {
        let (m, node) = (self.m, &self.m.nodes[id]);
        let visit = self.docs.visit(m, id);
        let skipped = node.when.is_some().then(|| self.docs.raw(id).clone());
        let seq = matches!(m.regions[node.region].mode, Mode::Seq { .. });
        let value = |phase, transfer: &Transfer, on: On| {
            let ty = passed(transfer.out.as_ref(), on, &visit.env(phase));
            skipped.as_ref().filter(|_| on == On::Done).map_or(ty.clone(), |raw| ty.join(raw))
        };
        let mut sent: Vec<(NodeId, Type)> = Vec::new();
        for (edge, Edge { to, on, transfer, .. }) in m.outs(id).filter(|_| seq) {
            sent.push((*to, value(Phase::Leave(edge, *on), transfer, *on)));
        }
        let ends = seq && ends_here(m, id);
        let end = ends.then(|| value(Phase::End, &node.end, On::Done));
        sent.iter().for_each(|(to, ty)| self.send(*to, ty));
        end.iter().for_each(|ty| self.end(node.region, ty));
    }

    /// A value enters a node.
    fn send(&mut self, to: NodeId, ty: &Type) {
        let known = &self.docs.raw[to.index()];
        if ty.is_subtype(known) {
            return;
        }
        self.docs.raw[to.index()] = match self.visits[to.index()] {
            MAX_CHANGES.. => Type::Any,
            WIDEN_AFTER.. => known.widen(ty),
            _ => known.join(ty),
        };
        self.push(self.order.enter(to));
    }

    /// A region ends with a value.
    fn end(&mut self, region: RegionId, ty: &Type) {
        let known = &self.docs.results[region.index()];
        if ty.is_subtype(known) {
            return;
        }
        self.docs.results[region.index()] = known.join(ty);
        if let Some(container) = self.m.container(region) {
            self.push(self.order.exit(container));
        }
    }

    fn push(&mut self, stop: u32) {
        if self.queued.insert(stop as usize) {
            self.queue.push(Reverse(stop));
        }
    }
}

/// The value that goes along an edge; Never if it is never taken.
fn passed(out: Option<&Expr>, on: On, env: &Env<'_>) -> Type {
    match out {
        _ if env.is_dead() => Type::Never,
        Some(out) => eval(out, env),
        None if on.is_plain() => env.doc(Root::Result).clone(),
        None => env.doc(Root::Raw).clone(),
    }
}

/// Whether the region's result can be the value this node ends with.
fn ends_here(m: &Module, node: NodeId) -> bool {
    match m.nodes[node].kind {
        NodeKind::Raise { .. } => false,
        NodeKind::Return(to) => to == ReturnTo::Region,
        _ => crate::graph::ends_region(m, node),
    }
}
