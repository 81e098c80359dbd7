//! Modules, flows, regions and edges, and the few operations that keep them consistent.

use std::sync::Arc;

use wfc_expr::Value;

use crate::{Arena, Expr, Id, Node, NodeKey, NodeKind, On, Origin};

/// A handle to a flow.
pub type FlowId = Id<Flow>;
/// A handle to a region.
pub type RegionId = Id<Region>;
/// A handle to a node.
pub type NodeId = Id<Node>;
/// A handle to an edge.
pub type EdgeId = Id<Edge>;

/// A whole program.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// A name for people.
    pub name: Arc<str>,
    /// The name of the front end that made it.
    pub dialect: Arc<str>,
    /// The flow that runs first.
    pub entry: FlowId,
    /// All flows.
    pub flows: Arena<Flow>,
    /// All regions.
    pub regions: Arena<Region>,
    /// All nodes.
    pub nodes: Arena<Node>,
    /// All edges.
    pub edges: Arena<Edge>,
}

/// Something that can be started with a value and ends with one.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Its name.
    pub name: Arc<str>,
    /// What it does.
    pub body: RegionId,
    /// Which events it records: the name of a trace table.
    pub trace: Arc<str>,
    /// Seconds the whole flow may take.
    pub timeout: Option<Expr>,
    /// How siblings of a failed branch end.
    pub abort: Abort,
    /// Nodes a run may enter.
    pub max_steps: Option<u64>,
    /// What a run may cost, in US dollars.
    pub max_cost_usd: Option<wfc_expr::value::Number>,
    /// What the author says about it.
    pub comment: Option<Arc<str>>,
    /// Dialect facts that no other dialect gives a meaning to, kept for printing back.
    pub extras: Vec<(Arc<str>, Value)>,
    /// Where it was written.
    pub origin: Origin,
}

/// How siblings end when a branch fails its container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Abort {
    /// The container settles at once; later replies of siblings change nothing.
    Immediate,
    /// The container settles when every sibling has answered its cancellation.
    Await,
}

/// Nodes with one way of passing control.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// How control passes.
    pub mode: Mode,
    /// Its nodes, in declaration order.
    pub nodes: Vec<NodeId>,
    /// What it belongs to.
    pub owner: Owner,
    /// What the author says about it.
    pub comment: Option<Arc<str>>,
    /// Dialect facts that no other dialect gives a meaning to, kept for printing back.
    pub extras: Vec<(Arc<str>, Value)>,
    /// Where it was written.
    pub origin: Origin,
}

/// How control passes in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// One token, starting at `entry`; cycles are allowed.
    Seq {
        /// Where the token starts; absent when the user's file does not say or names nothing.
        entry: Option<NodeId>,
    },
    /// Every node settles once; no cycles.
    Dag {
        /// What a failure does to the nodes that could still run.
        on_fail: OnFail,
    },
}

/// What a failure does to the nodes of a Dag region that could still run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnFail {
    /// They are not started.
    Stop,
    /// They run.
    Drain,
}

/// What a region belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// It is the body of a flow.
    Flow(FlowId),
    /// It is inside a node.
    Node(NodeId),
}

/// A way from one node to another of the same region.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Where from.
    pub from: NodeId,
    /// Where to.
    pub to: NodeId,
    /// When it is taken.
    pub on: On,
    /// What happens to data on the way.
    pub transfer: Transfer,
    /// What the author says about it.
    pub comment: Option<Arc<str>>,
    /// Where it was written.
    pub origin: Origin,
}

/// What happens to data on an edge. All of it is evaluated against the state before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transfer {
    /// Variables that are set.
    pub assign: Vec<(Arc<str>, Expr)>,
    /// The value the next node gets as raw; absent: the result, or raw where there is none.
    pub out: Option<Expr>,
}

impl Flow {
    /// A flow with nothing around it.
    pub fn new(name: impl Into<Arc<str>>, body: RegionId, origin: Origin) -> Self {
        Self {
            name: name.into(),
            body,
            trace: "plain".into(),
            timeout: None,
            abort: Abort::Await,
            max_steps: None,
            max_cost_usd: None,
            comment: None,
            extras: Vec::new(),
            origin,
        }
    }
}

impl Module {
    /// A module with one flow whose body has no nodes yet.
    pub fn new(name: impl Into<Arc<str>>, dialect: impl Into<Arc<str>>, mode: Mode, origin: Origin) -> Self {
        let name = name.into();
        let (mut flows, mut regions) = (Arena::default(), Arena::default());
        let entry = FlowId::from_index(0);
        let body = regions.push(Region::new(mode, Owner::Flow(entry), origin.clone()));
        flows.push(Flow::new(Arc::clone(&name), body, origin));
        Self { name, dialect: dialect.into(), entry, flows, regions, nodes: Arena::default(), edges: Arena::default() }
    }

    /// The body of the entry flow.
    pub fn body(&self) -> RegionId {
        self.flows[self.entry].body
    }

    /// Adds a region.
    pub fn add_region(&mut self, mode: Mode, owner: Owner, origin: Origin) -> RegionId {
        self.regions.push(Region::new(mode, owner, origin))
    }

    /// Adds a node to its region.
    pub fn add_node(&mut self, node: Node) -> NodeId {
        let region = node.region;
        let id = self.nodes.push(node);
        self.regions[region].nodes.push(id);
        id
    }

    /// Adds an edge to its source.
    pub fn add_edge(&mut self, edge: Edge) -> EdgeId {
        let from = edge.from;
        let id = self.edges.push(edge);
        self.nodes[from].outs.push(id);
        id
    }

    /// The edges out of a node, in declaration order.
    pub fn outs(&self, node: NodeId) -> impl Iterator<Item = (EdgeId, &Edge)> {
        self.nodes[node].outs.iter().map(|&id| (id, &self.edges[id]))
    }

    /// The edge of a node that is taken on `on`.
    pub fn out(&self, node: NodeId, on: On) -> Option<&Edge> {
        self.outs(node).map(|(_, edge)| edge).find(|edge| edge.on == on)
    }

    /// The node a region is inside, if it is not the body of a flow.
    pub fn container(&self, region: RegionId) -> Option<NodeId> {
        match self.regions[region].owner {
            Owner::Node(node) => Some(node),
            Owner::Flow(_) => None,
        }
    }

    /// The flow a region belongs to, through all containers.
    pub fn flow_of(&self, mut region: RegionId) -> FlowId {
        loop {
            match self.regions[region].owner {
                Owner::Flow(flow) => return flow,
                Owner::Node(node) => region = self.nodes[node].region,
            }
        }
    }

    /// The key of a node called `name` in `region`: the container's key, the branch number where there are
    /// several, and the name.
    pub fn key_in(&self, region: RegionId, name: &str) -> NodeKey {
        let Some(container) = self.container(region) else { return NodeKey::root(name) };
        let node = &self.nodes[container];
        match &node.kind {
            NodeKind::Parallel { branches } => {
                let branch = branches.iter().position(|&b| b == region).unwrap_or(branches.len());
                node.key.child(&branch.to_string()).child(name)
            }
            _ => node.key.child(name),
        }
    }
}

impl Region {
    /// A region without nodes.
    pub fn new(mode: Mode, owner: Owner, origin: Origin) -> Self {
        Self { mode, nodes: Vec::new(), owner, comment: None, extras: Vec::new(), origin }
    }

    /// Where the token of a Seq region starts.
    pub fn entry(&self) -> Option<NodeId> {
        match self.mode {
            Mode::Seq { entry } => entry,
            Mode::Dag { .. } => None,
        }
    }
}
