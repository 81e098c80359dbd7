//! What happens to a run, and the names by which events and commands speak of the same thing.

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::NodeIx;

use crate::{Millis, RunError};

/// One attempt at the work of a node: the identity every command and reply names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Act {
    /// The activation of the region.
    pub frame: u32,
    /// The node.
    pub node: NodeIx,
    /// How often the node was entered in the frame, this time included.
    pub visit: u32,
    /// How often its work was begun in the visit, this time included.
    pub attempt: u32,
}

/// A timer of the run; set again under the same name, the later setting counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TimerId {
    /// What it belongs to.
    pub act: Act,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A `Wait`.
    Wait,
    /// The pause before another attempt.
    Backoff,
    /// The limit of a whole visit.
    Total,
    /// The limit of the run.
    Flow,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Its number in the run's journal.
    pub seq: u64,
    /// When.
    pub at: Millis,
    /// What.
    pub body: Body,
}

/// What happened. A reply to an act that nobody waits for changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// The run begins; always the first event.
    Start {
        /// The run's name.
        run: String,
        /// What random numbers are derived from.
        seed: u64,
        /// The run's input.
        input: Value,
        /// The context object.
        context: Value,
    },
    /// Work was done.
    Done {
        /// Which.
        act: Act,
        /// Its answer.
        value: Value,
    },
    /// Work failed.
    Failed {
        /// Which.
        act: Act,
        /// How.
        error: RunError,
    },
    /// Work took too long; the driver has ended it.
    TimedOut {
        /// Which.
        act: Act,
    },
    /// Work was ended because it was cancelled.
    Cancelled {
        /// Which.
        act: Act,
    },
    /// A timer is due.
    Timer {
        /// Which.
        id: TimerId,
    },
    /// Go on after [`crate::Status::Again`].
    Go,
    /// End the run.
    Cancel,
}
