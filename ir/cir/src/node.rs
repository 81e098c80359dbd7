//! Nodes: what happens at one place of a region. Their meaning is in [`crate::meaning`].

use std::sync::Arc;

use wfc_expr::Value;

use crate::{Effects, Expr, FlowId, Handler, NodeKey, Origin, Policy, RegionId, Transfer};

/// One place of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its stable name.
    pub key: NodeKey,
    /// What happens here.
    pub kind: NodeKind,
    /// Data on the way in and out of the work.
    pub io: Io,
    /// If false when the node becomes ready, it is skipped.
    pub when: Option<Expr>,
    /// What surrounds the work.
    pub policy: Option<Box<Policy>>,
    /// Which errors leave by which edge: entry `i` belongs to the edge `On::Error(i)`.
    pub handlers: Vec<Handler>,
    /// What it waits for in a Dag region.
    pub ready: Ready,
    /// What its work may do to the world.
    pub effects: Effects,
    /// What may happen to its work when nobody knows whether it was done.
    pub replay: Replay,
    /// The region it is in.
    pub region: RegionId,
    /// Its edges out, in declaration order. Kept by [`crate::Module::add_edge`].
    pub outs: Vec<crate::EdgeId>,
    /// What happens to data where the node is done and no edge leads on: on the way out of its region.
    pub end: Transfer,
    /// For a node made of several: the nodes it was made of.
    pub parts: Vec<Part>,
    /// What the author says about it.
    pub comment: Option<Arc<str>>,
    /// Dialect facts that no other dialect gives a meaning to, kept for printing back.
    pub extras: Vec<(Arc<str>, Value)>,
    /// Where it was written.
    pub origin: Origin,
    /// Where its name was written.
    pub name_origin: Origin,
}

/// A node that was merged into another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its key.
    pub key: NodeKey,
    /// Where it was written.
    pub origin: Origin,
}

/// Data on the way in and out of the work of a node. Absent means: unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Io {
    /// From raw to input, once per visit.
    pub input: Option<Expr>,
    /// What the work is given, once per attempt (per item in a `ForEach`).
    pub args: Option<Expr>,
    /// What is made of the work's answer.
    pub result: Option<Expr>,
}

/// What happens at a node.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// Work in the world.
    Step(Action),
    /// Another flow, to its end.
    Call(Callee),
    /// Only data: the result is `io.args`, or the input.
    Assign,
    /// Goes by the first case that holds. Case `i` belongs to the edge `On::Case(i)`.
    Choice {
        /// The conditions, in order.
        cases: Vec<Expr>,
    },
    /// Waits for its in-edges; the result is {key: output} of those taken.
    Join,
    /// All regions at once; the result is the array of their results.
    Parallel {
        /// The branches, in order.
        branches: Vec<RegionId>,
    },
    /// A region for each item; the result is the array of results in item order.
    ForEach(Box<ForEach>),
    /// A region again and again.
    Loop(Box<Loop>),
    /// A region once, under this node's policy.
    Scope(RegionId),
    /// Time passes.
    Wait(WaitFor),
    /// A region whose result is checked.
    Verify(Box<Verify>),
    /// Leaves with a result.
    Return(ReturnTo),
    /// Fails the region.
    Raise {
        /// The error's name.
        error: Option<Expr>,
        /// The error's cause.
        cause: Option<Expr>,
    },
    /// Something that could not be read. Nothing that follows from it is reported, and it cannot run.
    Hole,
}

/// Work in the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A tool, service or command.
    Tool {
        /// Which one: a resource name, or a name of the standard library such as `shell`.
        tool: Arc<str>,
        /// How its answer comes.
        mode: ReplyMode,
        /// On whose behalf.
        credentials: Option<Expr>,
    },
    /// A language model.
    Model {
        /// The service.
        provider: Arc<str>,
        /// The model.
        model: Arc<str>,
    },
    /// A person.
    Human {
        /// `approval`, `input` or `choice`.
        interaction: Arc<str>,
        /// The allowed answers of a choice.
        options: Vec<Arc<str>>,
    },
}

/// How the answer of a tool comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplyMode {
    /// As the reply to the call.
    Reply,
    /// Later, from whoever holds the token.
    Token,
    /// When the job that was started ends. The number is the version of the result's shape.
    Sync(u8),
    /// From a worker that polls for it.
    Activity,
}

/// What a `Call` enters.
#[derive(Clone, Debug, PartialEq)]
pub enum Callee {
    /// A flow of this module.
    Flow(FlowId),
    /// A flow known to the driver by name.
    Named(Arc<str>),
}

/// A region for each item.
#[derive(Clone, Debug, PartialEq)]
pub struct ForEach {
    /// The items; absent: the input itself. Ignored when there is a reader.
    pub items: Option<Expr>,
    /// Where items are read from instead.
    pub reader: Option<Reader>,
    /// How items are grouped.
    pub batch: Option<Batch>,
    /// The region.
    pub body: RegionId,
    /// How many items at once; absent or 0: any number.
    pub concurrency: Option<Expr>,
    /// Failures that do not fail the node.
    pub tolerate: Tolerate,
    /// Where results are written instead of being returned.
    pub writer: Option<Writer>,
    /// Whether items run inside this run or as runs of their own.
    pub isolation: Isolation,
    /// A name for the child runs.
    pub label: Option<Arc<str>>,
}

/// Where the items of a `ForEach` are read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Reader {
    /// The service that reads.
    pub resource: Arc<str>,
    /// Its arguments.
    pub args: Option<Expr>,
    /// Options by their name in the dialect, in order.
    pub config: Vec<(Arc<str>, Expr)>,
    /// Where it was written.
    pub origin: Origin,
}

/// How the items of a `ForEach` are grouped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Items in a batch.
    pub max_items: Option<Expr>,
    /// Bytes of a batch.
    pub max_bytes: Option<Expr>,
    /// A value that every batch gets.
    pub input: Option<Expr>,
    /// Where it was written.
    pub origin: Origin,
}

/// Where the results of a `ForEach` are written.
#[derive(Clone, Debug, PartialEq)]
pub struct Writer {
    /// The service that writes; absent: results are only shaped.
    pub resource: Option<Arc<str>>,
    /// Its arguments.
    pub args: Option<Expr>,
    /// Options by their name in the dialect, in order.
    pub config: Vec<(Arc<str>, Expr)>,
    /// Where it was written.
    pub origin: Origin,
}

/// Failures of items that do not fail a `ForEach`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tolerate {
    /// So many.
    pub count: Option<Expr>,
    /// So many of a hundred.
    pub percent: Option<Expr>,
}

/// Whether items run inside this run or as runs of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// Inside; they see outer variables.
    Frame,
    /// As runs of their own, with their own history, seeing no outer variables.
    Run {
        /// Short-lived runs without a durable history.
        express: bool,
    },
}

/// A region again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// The region.
    pub body: RegionId,
    /// Evaluated on the outputs of the round just ended.
    pub condition: Expr,
    /// Whether it goes on until the condition holds, or while it does.
    pub until: bool,
    /// The most rounds.
    pub cap: u64,
    /// What happens then.
    pub on_cap: OnCap,
}

/// What happens when a loop reaches its cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnCap {
    /// The node fails.
    Fail,
    /// The node is done with the last result.
    Continue,
}

/// What a `Wait` waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum WaitFor {
    /// So many seconds.
    Seconds(Expr),
    /// An instant.
    Timestamp(Expr),
}

/// A region whose result is checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Verify {
    /// The region.
    pub body: RegionId,
    /// Conditions on its result, in order.
    pub checks: Vec<Expr>,
    /// How the checks combine.
    pub strategy: Strategy,
    /// What happens when they fail.
    pub on_fail: VerifyFail,
    /// How often the body is run at most.
    pub rounds: u32,
}

/// How checks combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// All must pass; stops at the first that does not.
    AllMustPass,
    /// One is enough.
    FirstPass,
    /// All run; any failure blocks.
    AnyBlock,
}

/// What happens when checks fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerifyFail {
    /// The node fails.
    Block,
    /// It is recorded, and the run goes on.
    Warn,
    /// The body runs again.
    Retry,
}

/// What a `Return` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReturnTo {
    /// Its own region.
    Region,
    /// The innermost loop.
    Loop,
    /// The flow; siblings are aborted.
    Flow,
}

/// What a node of a Dag region waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ready {
    /// Every in-edge must be taken.
    #[default]
    All,
    /// Every in-edge must have settled and one must be taken.
    Live,
    /// The first taken in-edge.
    First,
    /// So many taken in-edges.
    Quorum(u32),
}

/// What may happen to work when nobody knows whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replay {
    /// It has no effect: doing it again changes nothing and gives the same.
    Pure,
    /// It may be done again with the same idempotency key.
    Idempotent,
    /// It must not be done again.
    Once,
}

/// When an edge is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

impl On {
    /// Whether the edge is one of the ordinary ways on (not an error, not settled).
    pub fn is_plain(self) -> bool {
        matches!(self, On::Done | On::Case(_) | On::Otherwise)
    }
}

impl Node {
    /// A node that does `kind`, with nothing around it.
    pub fn new(key: NodeKey, kind: NodeKind, region: RegionId, origin: Origin) -> Self {
        let (effects, replay) = defaults(&kind);
        Self {
            key,
            kind,
            io: Io::default(),
            when: None,
            policy: None,
            handlers: Vec::new(),
            ready: Ready::All,
            effects,
            replay,
            region,
            outs: Vec::new(),
            end: Transfer::default(),
            parts: Vec::new(),
            comment: None,
            extras: Vec::new(),
            origin,
            name_origin: Origin::default(),
        }
    }

    /// The name its author gave it: the last segment of its key.
    pub fn name(&self) -> String {
        self.key.segments().pop().unwrap_or_default()
    }

    /// The regions inside it, in order.
    pub fn regions(&self) -> &[RegionId] {
        self.kind.regions()
    }
}

/// The same for looking and for changing.
macro_rules! regions {
    ($name:ident, $slice:ident $(, $mut:tt)?) => {
        impl NodeKind {
            /// The regions inside a node of the kind, in order.
            pub fn $name(&$($mut)? self) -> &$($mut)? [RegionId] {
                match self {
                    NodeKind::Parallel { branches } => branches,
                    NodeKind::ForEach(each) => std::slice::$slice(&$($mut)? each.body),
                    NodeKind::Loop(body) => std::slice::$slice(&$($mut)? body.body),
                    NodeKind::Scope(region) => std::slice::$slice(region),
                    NodeKind::Verify(verify) => std::slice::$slice(&$($mut)? verify.body),
                    _ => &$($mut)? [],
                }
            }
        }
    };
}

regions!(regions, from_ref);
regions!(regions_mut, from_mut, mut);

/// What work of a kind may do unless a front end knows better.
fn defaults(kind: &NodeKind) -> (Effects, Replay) {
    match kind {
        NodeKind::Step(Action::Tool { .. }) => {
            (Effects::READ.and(Effects::WRITE).and(Effects::NETWORK), Replay::Idempotent)
        }
        NodeKind::Step(Action::Model { .. }) => (Effects::MODEL.and(Effects::NETWORK), Replay::Idempotent),
        NodeKind::Step(Action::Human { .. }) => (Effects::HUMAN, Replay::Idempotent),
        NodeKind::Wait(_) => (Effects::TIME, Replay::Pure),
        _ => (Effects::NONE, Replay::Pure),
    }
}
