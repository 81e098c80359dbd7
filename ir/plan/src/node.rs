//! Nodes and edges of a plan.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{EdgeIx, ExprIx, NodeIx, RegionIx, SiteId};

/// One place of a region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Node {
    /// Its stable name.
    pub key: Arc<str>,
    /// The name its author gave it.
    pub name: Arc<str>,
    /// What happens here.
    pub kind: NodeKind,
    /// The region it is in.
    pub region: RegionIx,
    /// From raw to input, once per visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<ExprIx>,
    /// What the work is given, once per attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<ExprIx>,
    /// What is made of the work's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ExprIx>,
    /// If false, the node is skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<ExprIx>,
    /// What it waits for in a Dag region.
    pub ready: Ready,
    /// Its edges out, in declaration order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outs: Vec<EdgeIx>,
    /// Its edges in, in declaration order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ins: Vec<EdgeIx>,
    /// Variables that are set where the node is done and no edge leads on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub end_assign: Vec<(Arc<str>, ExprIx)>,
    /// The result of the region there; absent: the node's result, or raw where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_out: Option<ExprIx>,
    /// Which errors leave by which `On::Error` edge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handlers: Vec<Handler>,
    /// Whether a failure that nothing handles leaves the node done, with the error record as its result.
    #[serde(default)]
    pub continue_on_failure: bool,
    /// Rules for trying again, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retry: Vec<Retrier>,
    /// Seconds one attempt may take; only at a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<ExprIx>,
    /// Seconds between two signs of life of an attempt; only at a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<ExprIx>,
    /// Seconds the whole visit may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_timeout: Option<ExprIx>,
    /// What may happen to work when nobody knows whether it was done.
    pub replay: Replay,
    /// Larger first, when several nodes wait for a slot.
    #[serde(default)]
    pub priority: i64,
    /// Where it was written.
    pub site: SiteId,
}

/// What happens at a node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// Work in the world.
    Step(Tool),
    /// Only data.
    Assign,
    /// Goes by the first case that holds.
    Choice(Vec<ExprIx>),
    /// Waits for its in-edges.
    Join,
    /// All regions at once.
    Parallel(Vec<RegionIx>),
    /// A region for each item.
    ForEach(ForEach),
    /// A region again and again.
    Loop(Loop),
    /// A region once.
    Scope(RegionIx),
    /// Time passes.
    Wait(WaitFor),
    /// Leaves with a result.
    Return(ReturnTo),
    /// Fails the region.
    Raise {
        /// The error's name.
        error: Option<ExprIx>,
        /// The error's cause.
        cause: Option<ExprIx>,
    },
}

/// A tool, service or command that answers the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Which one.
    pub name: Arc<str>,
    /// How its answer comes.
    #[serde(default)]
    pub mode: ReplyMode,
    /// On whose behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<ExprIx>,
}

/// How the answer of a tool comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplyMode {
    /// As the reply to the call.
    #[default]
    Reply,
    /// Later, from whoever holds the token.
    Token,
    /// When the job that was started ends. The number is the version of the result's shape.
    Sync(u8),
    /// From a worker that polls for it.
    Activity,
}

/// A region for each item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ForEach {
    /// The items; absent: the input itself. Not looked at where there is a reader.
    pub items: Option<ExprIx>,
    /// Where items are read from instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<Access>,
    /// How items are grouped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
    /// The region.
    pub body: RegionIx,
    /// How many items at once; absent or 0: any number.
    pub concurrency: Option<ExprIx>,
    /// So many failed items do not fail the node.
    pub tolerate_count: Option<ExprIx>,
    /// So many failed items of a hundred do not fail the node.
    pub tolerate_percent: Option<ExprIx>,
    /// Where results are written instead of being given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writer: Option<Access>,
    /// Items are runs of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<Runs>,
}

/// A service that items are read from or results are written to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Access {
    /// The service; without one, results are only shaped.
    pub resource: Option<Arc<str>>,
    /// Its arguments.
    pub args: Option<ExprIx>,
    /// Options by their name in the dialect, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub config: Vec<(Arc<str>, ExprIx)>,
}

/// How items are grouped.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// Items in a batch.
    pub max_items: Option<ExprIx>,
    /// Bytes of a batch.
    pub max_bytes: Option<ExprIx>,
    /// A value that every batch gets.
    pub input: Option<ExprIx>,
}

/// How items run as runs of their own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Runs {
    /// Short-lived ones without a durable history.
    pub express: bool,
    /// A name for them.
    pub label: Option<Arc<str>>,
}

/// A region again and again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Loop {
    /// The region.
    pub body: RegionIx,
    /// Evaluated on the outputs of the round just ended.
    pub condition: ExprIx,
    /// Whether it goes on until the condition holds, or while it does.
    pub until: bool,
    /// The most rounds.
    pub cap: u64,
    /// What happens then.
    pub on_cap: OnCap,
}

/// What happens when a loop reaches its cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnCap {
    /// The node fails.
    Fail,
    /// The node is done with the last result.
    Continue,
}

/// What a `Wait` waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitFor {
    /// So many seconds.
    Seconds(ExprIx),
    /// An instant.
    Timestamp(ExprIx),
}

/// What a `Return` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnTo {
    /// Its own region.
    Region,
    /// The innermost loop.
    Loop,
    /// The flow.
    Flow,
}

/// What a node of a Dag region waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ready {
    /// Every in-edge must be taken.
    All,
    /// Every in-edge must have settled and one must be taken.
    Live,
    /// The first taken in-edge.
    First,
    /// So many taken in-edges.
    Quorum(u32),
}

/// What may happen to work when nobody knows whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replay {
    /// Doing it again changes nothing and gives the same.
    Pure,
    /// It may be done again with the same idempotency key.
    Idempotent,
    /// It must not be done again.
    Once,
}

/// When an edge is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// The node is done.
    Done,
    /// The `i`-th case of a choice holds.
    Case(u32),
    /// No case holds.
    Otherwise,
    /// The `i`-th handler matches the error.
    Error(u32),
    /// Whatever happened.
    Settled,
}

/// A way from one node to another of the same region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Edge {
    /// Where from.
    pub from: NodeIx,
    /// Where to.
    pub to: NodeIx,
    /// When it is taken.
    pub on: On,
    /// Variables that are set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assign: Vec<(Arc<str>, ExprIx)>,
    /// The value the next node gets as raw; absent: the result, or raw where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<ExprIx>,
}

/// Which errors leave a node by an `On::Error` edge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// Which errors.
    pub on: ErrorMatch,
    /// Whether errors of a transfer are matched as well.
    #[serde(default)]
    pub transfers: bool,
}

/// Which errors a retrier or handler is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorMatch {
    /// Names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Arc<str>>,
    /// Classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<Arc<str>>,
    /// Texts that the cause must contain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<Arc<str>>,
    /// Exit codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exit_codes: Vec<i32>,
}

/// One rule for trying again, defaults filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Retrier {
    /// Which errors.
    pub on: ErrorMatch,
    /// Seconds before the first retry.
    pub interval: f64,
    /// Extra attempts.
    pub max: u64,
    /// What each further wait is multiplied by.
    pub backoff: f64,
    /// Whether each further wait is longer by `interval` instead.
    #[serde(default)]
    pub linear: bool,
    /// The longest wait in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_delay: Option<f64>,
    /// Whether waits are shortened at random, to anything between nothing and the whole wait.
    #[serde(default)]
    pub jitter: bool,
}

impl On {
    /// Whether the edge is one of the ordinary ways on.
    pub fn is_plain(self) -> bool {
        matches!(self, On::Done | On::Case(_) | On::Otherwise)
    }
}

impl NodeKind {
    /// Whether the node does work that a rule may try again.
    pub fn is_tried_again(&self) -> bool {
        matches!(self, NodeKind::Step(_)) || !self.regions().is_empty()
    }

    /// The regions inside it, in order.
    pub fn regions(&self) -> &[RegionIx] {
        match self {
            NodeKind::Parallel(branches) => branches,
            NodeKind::ForEach(each) => std::slice::from_ref(&each.body),
            NodeKind::Loop(body) => std::slice::from_ref(&body.body),
            NodeKind::Scope(region) => std::slice::from_ref(region),
            _ => &[],
        }
    }
}
