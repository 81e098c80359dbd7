//! Whether two modules are the same up to handles and origins, and where they first differ.

use std::fmt;

use rustc_hash::FxHashMap;

use crate::text::{print, print_node};
use crate::{Edge, ExprKind, Flow, Id, Mode, Module, Node, NodeKind, Origin, Owner, Region, RegionId};

/// The first thing in which two modules differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key of a node, the name of a flow, or `module`.
    pub place: String,
    /// What the first module has there, in the text form.
    pub left: String,
    /// What the second one has.
    pub right: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}` against `{}`", self.place, self.left, self.right)
    }
}

/// Compares two modules whose structure is sound: everything but handles, origins and things that belong to no flow.
pub fn equivalent(left: &Module, right: &Module) -> Result<(), Difference> {
    let (left, right) = (canonical(left), canonical(right));
    if left == right {
        return Ok(());
    }
    let nodes = left.nodes.iter().zip(right.nodes.iter());
    for ((id, a), (_, b)) in nodes {
        let edges = |module: &Module| module.outs(id).map(|(_, edge)| edge.clone()).collect::<Vec<_>>();
        if a != b || edges(&left) != edges(&right) {
            return Err(first_line(a.key.to_string(), &print_node(&left, id), &print_node(&right, id)));
        }
    }
    Err(first_line("module".to_owned(), &print(&left), &print(&right)))
}

fn first_line(place: String, left: &str, right: &str) -> Difference {
    let mut right_lines = right.lines();
    for line in left.lines() {
        let other = right_lines.next().unwrap_or("");
        if line != other {
            return Difference { place, left: line.trim().to_owned(), right: other.trim().to_owned() };
        }
    }
    Difference { place, left: String::new(), right: right_lines.next().unwrap_or("").trim().to_owned() }
}

/// The module with handles numbered in reading order, without origins and without what belongs to no flow.
pub fn canonical(module: &Module) -> Module {
    let order = Order::of(module);
    let mut fresh = Module {
        name: module.name.clone(),
        dialect: module.dialect.clone(),
        entry: order.flows.of(module.entry),
        flows: Default::default(),
        regions: Default::default(),
        nodes: Default::default(),
        edges: Default::default(),
    };
    fresh.flows = order.flows.list.iter().map(|&id| canonical_flow(&module.flows[id], &order)).collect();
    fresh.regions = order.regions.list.iter().map(|&id| canonical_region(&module.regions[id], &order)).collect();
    fresh.nodes = order.nodes.list.iter().map(|&id| canonical_node(&module.nodes[id], &order)).collect();
    fresh.edges = order.edges.list.iter().map(|&id| canonical_edge(&module.edges[id], &order)).collect();
    fresh.exprs_mut(&mut |_, expr| {
        expr.walk_mut(&mut |expr| {
            expr.origin = Origin::default();
            if let ExprKind::Out(node) | ExprKind::Dotted { out: Some(node), .. } = &mut expr.kind {
                *node = order.nodes.of(*node);
            }
        });
    });
    fresh
}

/// Old handles in reading order.
struct Numbers<T> {
    list: Vec<Id<T>>,
    new: FxHashMap<Id<T>, Id<T>>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self { list: Vec::new(), new: FxHashMap::default() }
    }
}

impl<T> Numbers<T> {
    /// Adds a handle; false if it is there already.
    fn add(&mut self, id: Id<T>) -> bool {
        let is_new = self.new.insert(id, Id::from_index(self.list.len())).is_none();
        if is_new {
            self.list.push(id);
        }
        is_new
    }

    /// What is in no flow gets a handle that nothing has.
    fn of(&self, id: Id<T>) -> Id<T> {
        self.new.get(&id).copied().unwrap_or(Id::from_index(u32::MAX as usize))
    }
}

#[derive(Default)]
struct Order {
    flows: Numbers<Flow>,
    regions: Numbers<Region>,
    nodes: Numbers<Node>,
    edges: Numbers<Edge>,
}

impl Order {
    fn of(module: &Module) -> Self {
        let mut order = Self::default();
        for (id, _) in module.flows.iter() {
            order.flows.add(id);
        }
        let mut work: Vec<RegionId> = module.flows.iter().map(|(_, flow)| flow.body).collect();
        work.reverse();
        while let Some(id) = work.pop() {
            let Some(region) = module.regions.get(id).filter(|_| !order.regions.new.contains_key(&id)) else {
                continue;
            };
            order.regions.add(id);
            let mut inner: Vec<RegionId> = Vec::new();
            for (id, node) in region.nodes.iter().filter_map(|&id| Some((id, module.nodes.get(id)?))) {
                order.nodes.add(id);
                for &edge in node.outs.iter().filter(|&&edge| module.edges.contains(edge)) {
                    order.edges.add(edge);
                }
                inner.extend(node.regions());
            }
            work.extend(inner.into_iter().rev());
        }
        order
    }
}

fn canonical_flow(flow: &Flow, order: &Order) -> Flow {
    Flow { body: order.regions.of(flow.body), origin: Origin::default(), ..flow.clone() }
}

fn canonical_region(region: &Region, order: &Order) -> Region {
    let owner = match region.owner {
        Owner::Flow(flow) => Owner::Flow(order.flows.of(flow)),
        Owner::Node(node) => Owner::Node(order.nodes.of(node)),
    };
    let mode = match region.mode {
        Mode::Seq { entry } => Mode::Seq { entry: entry.map(|entry| order.nodes.of(entry)) },
        dag => dag,
    };
    let nodes = region.nodes.iter().map(|&node| order.nodes.of(node)).collect();
    Region { mode, nodes, owner, origin: Origin::default(), ..region.clone() }
}

fn canonical_edge(edge: &Edge, order: &Order) -> Edge {
    Edge { from: order.nodes.of(edge.from), to: order.nodes.of(edge.to), origin: Origin::default(), ..edge.clone() }
}

fn canonical_node(node: &Node, order: &Order) -> Node {
    let mut node = node.clone();
    node.region = order.regions.of(node.region);
    node.outs.iter_mut().for_each(|edge| *edge = order.edges.of(*edge));
    node.kind.regions_mut().iter_mut().for_each(|region| *region = order.regions.of(*region));
    if let NodeKind::Call(crate::Callee::Flow(flow)) = &mut node.kind {
        *flow = order.flows.of(*flow);
    }
    forget_origins(&mut node);
    node
}

fn forget_origins(node: &mut Node) {
    node.origin = Origin::default();
    node.name_origin = Origin::default();
    node.parts.iter_mut().for_each(|part| part.origin = Origin::default());
    node.handlers.iter_mut().for_each(|handler| handler.origin = Origin::default());
    let retriers = node.policy.iter_mut().flat_map(|policy| &mut policy.retry);
    retriers.for_each(|retrier| retrier.origin = Origin::default());
    if let NodeKind::ForEach(each) = &mut node.kind {
        each.reader.iter_mut().for_each(|reader| reader.origin = Origin::default());
        each.batch.iter_mut().for_each(|batch| batch.origin = Origin::default());
        each.writer.iter_mut().for_each(|writer| writer.origin = Origin::default());
    }
}
