//! What happens to a run, and the names by which events and commands speak of the same thing.

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::{NodeIx, RegionIx};

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

/// How a run differs from a whole run of the program under no limits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Setting {
    /// The most lines of history.
    pub max_records: Option<u64>,
    /// The most bytes of one document.
    pub max_bytes: Option<u64>,
    /// The region that is run instead of the program's first flow.
    pub region: Option<RegionIx>,
    /// Where control enters instead of the region's own entry.
    pub entry: Option<NodeIx>,
    /// Variables that have values from the start.
    pub vars: Vec<(std::sync::Arc<str>, Value)>,
    /// The run ends when control comes to this node of the outermost region, before it is entered.
    pub until: Option<NodeIx>,
    /// The run goes on where an earlier one ended, at `entry`.
    pub redrive: Option<Redrive>,
    /// Results that children of the first node have had already, by their number: these are not begun again.
    pub done: Vec<(u32, Value)>,
    /// Only the first node is run, and looked at closely.
    pub single: Option<Single>,
}

/// How a run goes on where an earlier one ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Redrive {
    /// How often that has happened, this time included.
    pub count: u64,
    /// The number of the last line of the earlier history.
    pub records: u64,
}

/// How a single node is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Single {
    /// Each of its retriers counts as used so often.
    pub retries: u64,
    /// The given context object is all there is: nothing is filled in.
    pub whole_context: bool,
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
        /// How the run differs from a whole run of the program under no limits.
        #[serde(default)]
        setting: Setting,
    },
    /// Somebody has taken the work up.
    Started {
        /// Which.
        act: Act,
        /// Who, if they said.
        worker: Option<std::sync::Arc<str>>,
    },
    /// The service has accepted the work; its result comes later.
    Submitted {
        /// Which.
        act: Act,
        /// What the service said.
        value: Value,
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
        /// Whether it was the limit on the time between two signs of life.
        #[serde(default)]
        silent: bool,
    },
    /// Items that were read, for [`crate::Command::ReadItems`].
    Items {
        /// Whose.
        act: Act,
        /// How many were read before, as the command said.
        from: u64,
        /// Further items.
        items: Vec<Value>,
        /// Whether there are no more.
        end: bool,
    },
    /// Runs of items have ended.
    RunsEnded {
        /// Whose.
        act: Act,
        /// Which items, and how. The results of items that a writer takes are null.
        runs: Vec<(u64, Result<Value, RunError>)>,
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
