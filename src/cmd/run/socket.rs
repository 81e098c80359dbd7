//! Where a run under way takes answers to its tasks: a socket in `.wfc/run` beside the project, one line of JSON each
//! way.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wfc_expr::Value;

#[cfg(unix)]
pub(in crate::cmd) mod client;
#[cfg(unix)]
mod server;
#[cfg(not(unix))]
mod server {
    pub(in crate::cmd::run) use super::absent::Hub;
}
#[cfg(not(unix))]
mod absent;
#[cfg(not(unix))]
pub(in crate::cmd) use absent as client;

pub(super) use server::Hub;

/// What is said to a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::cmd) enum Request {
    /// The task is done.
    Success {
        /// Which.
        token: String,
        /// Its result.
        output: Value,
    },
    /// The task failed.
    Failure {
        /// Which.
        token: String,
        /// The error's name.
        error: Option<String>,
        /// Its cause.
        cause: Option<String>,
    },
    /// The task is alive.
    Heartbeat {
        /// Which.
        token: String,
    },
    /// Is there work?
    Poll {
        /// The ARN of the activity.
        activity: String,
        /// Who asks.
        worker: Option<String>,
    },
}

/// What a run says to that.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cmd) enum Reply {
    /// Thanks.
    Taken,
    /// Work.
    Task {
        /// What the answer refers to.
        token: String,
        /// What the work is given.
        input: Value,
    },
    /// No task waits for this.
    NoTask,
    /// It cannot be read.
    Refused(String),
}

impl Request {
    /// The task it is about.
    pub(in crate::cmd) fn token(&self) -> Option<&str> {
        match self {
            Request::Success { token, .. } | Request::Failure { token, .. } | Request::Heartbeat { token } => {
                Some(token)
            }
            Request::Poll { .. } => None,
        }
    }
}

/// The folder of sockets below the folder of a project.
fn sockets(folder: &Path) -> PathBuf {
    folder.join(".wfc").join("run")
}

/// What the names of sockets end with.
const ENDING: &str = ".sock";

/// The longest line either side reads.
const MAX_LINE: u64 = 64 << 20;
