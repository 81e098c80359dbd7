//! What a run wants done, and what it says about itself.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::NodeIx;

use crate::{Act, Millis, TimerId};

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
    Dispatch(Dispatch),
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
    /// Keep this: a line of the run's history.
    Record(Record),
    /// The run is over.
    End(Outcome),
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
    /// What it is given.
    pub args: Value,
    /// Milliseconds it may take.
    pub timeout: Option<Millis>,
    /// The same for the same attempt, whoever begins it.
    pub idempotency: String,
    /// Larger first, when there are more dispatches than slots.
    pub priority: i64,
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
}

/// A line of a run's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its number, from 1.
    pub seq: u64,
    /// The number of the line it follows from; 0 for the first.
    pub prev: u64,
    /// When.
    pub at: Millis,
    /// The node, unless it is about the run.
    pub node: Option<NodeIx>,
    /// The node's key; empty if it is about the run.
    pub key: Arc<str>,
    /// What happened.
    pub kind: RecordKind,
}

/// What a [`Record`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The names are what happened.
pub enum RecordKind {
    RunStarted,
    RunEnded,
    Entered,
    Dispatched,
    Replied,
    Failed,
    TimedOut,
    Retried,
    Caught,
    Exited,
    Skipped,
    Poisoned,
    Cancelled,
}
