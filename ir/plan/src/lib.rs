//! The flat, persisted contract that runtimes execute.
//!
//! A [`Plan`] is data and nothing but data: arrays, and numbers that point into them. Nodes carry stable keys, so a
//! journal written against one plan can be read against another. Expressions are kept as source text, because the
//! text is what the dialect's owner defines; a runtime compiles them once when it loads the plan.
//!
//! Positions in the user's files are not part of the contract: they lie in a [`SiteTable`] beside the plan, and
//! moving a line does not change the plan's [`Plan::hash`].

mod expr;
mod hash;
mod index;
mod node;
mod site;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use expr::{CompareOp, Expr, ExprKind, Lang, Root, Source, TypeTest};
pub use hash::content_hash;
pub use index::{EdgeIx, ExprIx, FlowIx, NodeIx, RegionIx, SiteId};
pub use node::{
    Access, Batch, Edge, ErrorMatch, ForEach, Handler, Loop, Node, NodeKind, On, OnCap, Ready, Replay, ReplyMode,
    Retrier, ReturnTo, Runs, Tool, WaitFor,
};
pub use site::{Site, SiteTable};

/// The number of the plan's layout.
pub const FORMAT: u32 = 1;

/// The number of the rules by which plans run.
pub const SEMANTICS: u32 = 1;

/// A program as runtimes see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// The number of the layout: [`FORMAT`].
    pub format: u32,
    /// The number of the rules: [`SEMANTICS`].
    pub semantics: u32,
    /// The hash of everything else, in hexadecimal: see [`content_hash`].
    pub hash: String,
    /// A name for people.
    pub name: Arc<str>,
    /// The name of the front end the program came through.
    pub dialect: Arc<str>,
    /// The flow that runs first.
    pub entry: FlowIx,
    /// All flows.
    pub flows: Vec<Flow>,
    /// All regions.
    pub regions: Vec<Region>,
    /// All nodes.
    pub nodes: Vec<Node>,
    /// All edges.
    pub edges: Vec<Edge>,
    /// All expressions. An expression points only at expressions in front of it.
    pub exprs: Vec<Expr>,
}

/// Something that can be started with a value and ends with one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flow {
    /// Its name.
    pub name: Arc<str>,
    /// What it does.
    pub body: RegionIx,
    /// The name of its trace table.
    pub trace: Arc<str>,
    /// Seconds the whole flow may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<ExprIx>,
    /// How siblings of a failed branch end.
    pub abort: Abort,
}

/// How siblings end when a branch fails its container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abort {
    /// The container settles at once.
    Immediate,
    /// The container settles when every sibling has answered its cancellation.
    Await,
}

/// Nodes with one way of passing control.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Region {
    /// How control passes.
    pub mode: Mode,
    /// Its nodes, in declaration order.
    pub nodes: Vec<NodeIx>,
    /// What it belongs to.
    pub owner: Owner,
}

/// How control passes in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// One token, starting at this node.
    Seq(NodeIx),
    /// Every node settles once.
    Dag {
        /// Whether a certain failure of the region keeps waiting nodes from starting.
        stop: bool,
    },
}

/// What a region belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// It is the body of a flow.
    Flow(FlowIx),
    /// It is inside a node.
    Node(NodeIx),
}

impl Plan {
    /// The same plan with the hash of its content.
    pub fn sealed(mut self) -> Result<Plan, serde_json::Error> {
        self.hash = content_hash(&self)?;
        Ok(self)
    }

    /// The plan as indented JSON with a final newline.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The flow that a region is part of; the region's number must be one of this plan's.
    pub fn flow_of(&self, mut region: RegionIx) -> FlowIx {
        loop {
            match self.regions[region.at()].owner {
                Owner::Flow(flow) => return flow,
                Owner::Node(node) => region = self.nodes[node.at()].region,
            }
        }
    }
}
