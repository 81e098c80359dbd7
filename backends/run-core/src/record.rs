//! What a run says about itself: the lines of its history.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::NodeIx;

use crate::{Millis, RunError};

/// A line of a run's history. Lines are made anew whenever the events of a run are fed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its number, from 1.
    pub seq: u64,
    /// The number of the line it follows from; 0 for none.
    pub prev: u64,
    /// When.
    pub at: Millis,
    /// The node, unless it is about the run.
    pub node: Option<NodeIx>,
    /// The node's key; empty if it is about the run.
    pub key: Arc<str>,
    /// What happened.
    pub kind: RecordKind,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "Detail::is_none")]
    pub detail: Detail,
}

/// What a [`Record`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The names are what happened.
pub enum RecordKind {
    RunStarted,
    RunRedriven,
    RunSucceeded,
    RunFailed,
    RunTimedOut,
    RunAborted,
    Entered,
    Exited,
    Dispatched,
    Started,
    Submitted,
    Replied,
    Failed,
    TimedOut,
    ChildrenStarted,
    ChildrenSucceeded,
    ChildrenFailed,
    ItemStarted,
    ItemSucceeded,
    ItemFailed,
    ItemAborted,
    ItemRunsStarted,
    ItemRunsSucceeded,
    ItemRunsFailed,
    ItemRunsAborted,
    EvaluationFailed,
    Retried,
    Caught,
    Skipped,
    Poisoned,
    Cancelled,
}

/// What there is to say about a line of history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// Nothing more.
    #[default]
    None,
    /// What a run began with, and on whose behalf.
    Begun {
        /// Its input.
        input: Value,
        /// The role it has.
        role: Option<Arc<str>>,
    },
    /// What came in.
    Input(Value),
    /// What came out.
    Output(Value),
    /// What came out, and the variables that were set.
    Exit {
        /// What came out.
        output: Value,
        /// Variables in order.
        assigned: Vec<(Arc<str>, Value)>,
    },
    /// What went wrong.
    Error {
        /// Its name.
        error: Option<Arc<str>>,
        /// Its cause.
        cause: Option<Arc<str>>,
    },
    /// An expression had no value.
    Evaluation {
        /// The field it stands in.
        location: Option<Arc<str>>,
        /// The error's name.
        error: Option<Arc<str>>,
        /// Its cause.
        cause: Option<Arc<str>>,
    },
    /// Work was dispatched.
    Work {
        /// With these arguments.
        args: Value,
        /// It may take so many milliseconds.
        timeout: Option<Millis>,
        /// It may be silent for so many milliseconds.
        heartbeat: Option<Millis>,
        /// On whose behalf.
        credentials: Option<Value>,
    },
    /// How often a run was taken up again.
    Redriven(u64),
    /// How many children there are.
    Length(u64),
    /// Which item.
    Index(u64),
    /// The name of the map run.
    Name(Arc<str>),
}

impl Detail {
    pub(crate) fn of(error: &RunError) -> Self {
        Detail::Error { error: error.name.clone(), cause: error.stated_cause() }
    }

    fn is_none(&self) -> bool {
        *self == Detail::None
    }
}
