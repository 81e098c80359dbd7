//! CIR to Plan: flattening only.
//!
//! Every decision of meaning is CIR's; what this crate adds is order. Regions are numbered from the outside in, nodes
//! and edges in declaration order, expressions parts first, so that the same module always gives the same plan.
//! What the runtimes cannot run yet is refused here by name, before anything has run.

mod expr;
mod node;
pub mod rules;
#[cfg(test)]
mod tests;
mod unsupported;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use wfc_cir::{self as cir, Sealed};
use wfc_plan::{self as plan, FlowIx, NodeIx, Plan, RegionIx, Site, SiteId, SiteTable};

pub use unsupported::Unsupported;

/// A plan, and beside it where its things were written.
#[derive(Clone, Debug)]
pub struct Emitted {
    /// The plan.
    pub plan: Plan,
    /// The places, by [`SiteId`].
    pub sites: SiteTable,
}

/// Flattens a module. The error lists everything that cannot be run, in the order of the plan.
pub fn emit(sealed: &Sealed) -> Result<Emitted, Vec<Unsupported>> {
    let module = sealed.module();
    let mut emitter = Emitter::new(module);
    emitter.number();
    let plan = emitter.plan();
    if !emitter.unsupported.is_empty() {
        return Err(emitter.unsupported);
    }
    match plan.sealed() {
        Ok(plan) => Ok(Emitted { plan, sites: emitter.sites }),
        Err(error) => Err(vec![Unsupported { key: None, span: None, what: format!("the plan as JSON: {error}") }]),
    }
}

struct Emitter<'m> {
    module: &'m cir::Module,
    flows: BTreeMap<cir::FlowId, FlowIx>,
    regions: BTreeMap<cir::RegionId, RegionIx>,
    region_order: Vec<cir::RegionId>,
    nodes: BTreeMap<cir::NodeId, NodeIx>,
    node_order: Vec<cir::NodeId>,
    exprs: Vec<plan::Expr>,
    sites: SiteTable,
    unsupported: Vec<Unsupported>,
    /// The node that is being emitted, for messages.
    at: Option<cir::NodeId>,
}

impl<'m> Emitter<'m> {
    fn new(module: &'m cir::Module) -> Self {
        Self {
            module,
            flows: BTreeMap::new(),
            regions: BTreeMap::new(),
            region_order: Vec::new(),
            nodes: BTreeMap::new(),
            node_order: Vec::new(),
            exprs: Vec::new(),
            sites: SiteTable::default(),
            unsupported: Vec::new(),
            at: None,
        }
    }

    /// Gives everything that can be reached from a flow its number, outer regions first.
    fn number(&mut self) {
        let mut waiting = VecDeque::new();
        for (id, flow) in self.module.flows.iter() {
            self.flows.insert(id, FlowIx::next(self.flows.len()));
            waiting.push_back(flow.body);
        }
        while let Some(region) = waiting.pop_front() {
            if self.regions.contains_key(&region) {
                continue;
            }
            self.regions.insert(region, RegionIx::next(self.regions.len()));
            self.region_order.push(region);
            for &node in &self.module.regions[region].nodes {
                self.nodes.insert(node, NodeIx::next(self.nodes.len()));
                self.node_order.push(node);
                waiting.extend(self.module.nodes[node].regions());
            }
        }
    }

    fn plan(&mut self) -> Plan {
        let module = self.module;
        let flows = module.flows.iter().map(|(_, flow)| self.flow(flow)).collect();
        let mut nodes: Vec<plan::Node> = Vec::with_capacity(self.node_order.len());
        for id in self.node_order.clone() {
            self.at = Some(id);
            let node = self.node(id);
            nodes.push(node);
        }
        let edges = self.edges(&mut nodes);
        self.at = None;
        let regions = self.region_order.clone().into_iter().map(|id| self.region(id)).collect();
        Plan {
            format: plan::FORMAT,
            semantics: plan::SEMANTICS,
            hash: String::new(),
            name: Arc::clone(&module.name),
            dialect: Arc::clone(&module.dialect),
            entry: self.flows.get(&module.entry).copied().unwrap_or_default(),
            flows,
            regions,
            nodes,
            edges,
            exprs: std::mem::take(&mut self.exprs),
        }
    }

    fn flow(&mut self, flow: &'m cir::Flow) -> plan::Flow {
        self.refuse_if(flow.max_steps.is_some(), &flow.origin, "a limit on steps");
        self.refuse_if(flow.max_cost_usd.is_some(), &flow.origin, "a limit on costs");
        plan::Flow {
            name: Arc::clone(&flow.name),
            body: self.regions[&flow.body],
            trace: Arc::clone(&flow.trace),
            timeout: self.maybe_expr(&flow.timeout),
            abort: match flow.abort {
                cir::Abort::Immediate => plan::Abort::Immediate,
                cir::Abort::Await => plan::Abort::Await,
            },
        }
    }

    fn region(&mut self, id: cir::RegionId) -> plan::Region {
        let region = &self.module.regions[id];
        let mode = match region.mode {
            cir::Mode::Dag { on_fail } => plan::Mode::Dag { stop: on_fail == cir::OnFail::Stop },
            cir::Mode::Seq { entry } => {
                let entry = entry.and_then(|entry| self.nodes.get(&entry).copied());
                self.refuse_if(entry.is_none(), &region.origin, "a sequence that does not say where it starts");
                plan::Mode::Seq(entry.unwrap_or_default())
            }
        };
        let owner = match region.owner {
            cir::Owner::Flow(flow) => plan::Owner::Flow(self.flows[&flow]),
            cir::Owner::Node(node) => plan::Owner::Node(self.nodes[&node]),
        };
        let nodes = region.nodes.iter().map(|node| self.nodes[node]).collect();
        plan::Region { mode, nodes, owner }
    }

    /// All edges, by source; the nodes learn of theirs.
    fn edges(&mut self, nodes: &mut [plan::Node]) -> Vec<plan::Edge> {
        let mut edges = Vec::new();
        for id in self.node_order.clone() {
            self.at = Some(id);
            let module = self.module;
            for (_, edge) in module.outs(id) {
                let ix = plan::EdgeIx::next(edges.len());
                let edge = self.edge(edge);
                nodes[edge.from.at()].outs.push(ix);
                nodes[edge.to.at()].ins.push(ix);
                edges.push(edge);
            }
        }
        edges
    }

    fn edge(&mut self, edge: &cir::Edge) -> plan::Edge {
        plan::Edge {
            from: self.nodes[&edge.from],
            to: self.nodes[&edge.to],
            on: match edge.on {
                cir::On::Done => plan::On::Done,
                cir::On::Case(index) => plan::On::Case(index),
                cir::On::Otherwise => plan::On::Otherwise,
                cir::On::Error(index) => plan::On::Error(index),
                cir::On::Settled => plan::On::Settled,
            },
            assign: self.assign(&edge.transfer),
            out: self.maybe_expr(&edge.transfer.out),
        }
    }

    fn assign(&mut self, transfer: &cir::Transfer) -> Vec<(Arc<str>, plan::ExprIx)> {
        transfer.assign.iter().map(|(name, expr)| (Arc::clone(name), self.expr(expr))).collect()
    }

    fn site(&mut self, origin: &cir::Origin) -> SiteId {
        let text = match origin.via.as_deref() {
            Some(cir::Via::Text(map)) => Some(map.clone()),
            _ => None,
        };
        self.sites.push(Site { span: origin.span, text, by: origin.pass().map(Arc::from) })
    }

    fn refuse_if(&mut self, refused: bool, origin: &cir::Origin, what: &str) {
        if refused {
            self.refuse(origin, what);
        }
    }

    fn refuse(&mut self, origin: &cir::Origin, what: impl Into<String>) {
        let node = self.at.map(|id| &self.module.nodes[id]);
        let span = origin.span.or_else(|| node.and_then(|node| node.origin.span));
        let key = node.map(|node| node.key.clone());
        self.unsupported.push(Unsupported { key, span, what: what.into() });
    }
}
