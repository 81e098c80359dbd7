//! What a run wants done.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::{NodeIx, On, RegionIx, ReplyMode};

use crate::{Act, Fault, Millis, Record, TimerId};

/// How a call of [`crate::step`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// There is more to do at once: send [`crate::Body::Go`].
    Again,
    /// Nothing can be done before the next event.
    Idle,
    /// The run is over; its outcome was the last command.
    Ended,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Begin work.
    Dispatch(Box<Dispatch>),
    /// End work that was begun, and answer `Cancelled` (or what it came to) when it is over.
    Cancel {
        /// Which.
        act: Act,
    },
    /// Send a timer event at that time.
    SetTimer {
        /// Which.
        id: TimerId,
        /// When.
        at: Millis,
    },
    /// The timer is not needed any more. One that comes all the same changes nothing.
    ClearTimer {
        /// Which.
        id: TimerId,
    },
    /// Prepare for items that are runs of their own: open what they are read from and what results are written to.
    OpenItems(Box<OpenItems>),
    /// Read further items, at most so many; answered by [`crate::Body::Items`].
    ReadItems {
        /// Whose.
        act: Act,
        /// How many were read before.
        from: u64,
        /// The most.
        count: u32,
    },
    /// Begin a run for an item; answered by [`crate::Body::RunsEnded`].
    StartRun(Box<StartRun>),
    /// All runs of the items have ended: let go of what they were read from and finish what results are written to;
    /// answered by [`crate::Body::Done`] with what the writer says, which nobody waits for where there is none.
    CloseItems {
        /// Whose.
        act: Act,
    },
    /// Keep this: a line of the run's history.
    Record(Record),
    /// A way through the program was taken. Not part of the history.
    Took {
        /// At which node.
        node: NodeIx,
        /// Which way.
        way: Way,
    },
    /// The run is over.
    End(Outcome),
}

/// A way through a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A node was entered.
    Entered,
    /// It was left this way.
    Left(On),
    /// It was tried again by the rule of this number.
    Retried(u32),
}

/// Work to begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The attempt; to be named in the reply.
    pub act: Act,
    /// The key of the node.
    pub key: Arc<str>,
    /// The tool.
    pub tool: Arc<str>,
    /// How the answer comes.
    pub mode: ReplyMode,
    /// What it is given.
    pub args: Value,
    /// What a later answer refers to.
    pub token: Option<Arc<str>>,
    /// Milliseconds it may take.
    pub timeout: Option<Millis>,
    /// Milliseconds between two signs of life.
    pub heartbeat: Option<Millis>,
    /// On whose behalf.
    pub credentials: Option<Value>,
    /// The same for the same attempt, whoever begins it.
    pub idempotency: String,
    /// Larger first, when there are more dispatches than slots.
    pub priority: i64,
}

/// Items that are runs of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenItems {
    /// Whose items they are.
    pub act: Act,
    /// What they are read from, if it is not the run's own data.
    pub reader: Option<Source>,
    /// What results are written to, or shaped by if it has no service.
    pub writer: Option<Source>,
    /// The name of the map run.
    pub name: Arc<str>,
    /// Whether the runs are short-lived ones without a durable history.
    pub express: bool,
}

/// A service with its arguments and options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The service.
    pub resource: Option<Arc<str>>,
    /// Its arguments.
    pub args: Value,
    /// Options, in order.
    pub config: Vec<(Arc<str>, Value)>,
}

/// A run for an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartRun {
    /// Whose item it is.
    pub act: Act,
    /// Which item, from 0.
    pub slot: u64,
    /// The region the run executes.
    pub region: RegionIx,
    /// Its input.
    pub input: Value,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunStatus {
    /// With a result.
    Succeeded,
    /// With an error.
    Failed,
    /// By its time limit.
    TimedOut,
    /// By its user.
    Aborted,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub status: RunStatus,
    /// The result; null unless it succeeded.
    pub output: Value,
    /// The name of the error.
    pub error: Option<Arc<str>>,
    /// The cause of the error.
    pub cause: Option<Arc<str>>,
    /// Where in the program the error is, if it is one of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Box<Fault>>,
    /// The node the error was first met at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<NodeIx>,
}
