//! Runs a plan in process on tokio.
//!
//! A driver is thin: it turns commands of `run-core` into timers and calls of tools, and what comes of them into
//! events. All meaning is in the core; here are only the clock, the processes and the slots.

mod clock;
pub mod items;
mod process;
mod run;
#[cfg(test)]
mod tests;
mod tools;
pub mod work;

pub use process::{ProcessTools, MAX_OUTPUT};
pub use run::{run, run_blocking, RunFailure};
pub use tools::{Call, Desk, Mock, Mode, News, NoTools, Reply, ToolFuture, ToolTable, Tools};
pub use wfc_run_core::{LoadError, Record, RecordKind, RunError, RunStatus};

use std::sync::Arc;

use wfc_expr::Value;

/// How time passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// As on the wall.
    #[default]
    Real,
    /// Not at all while work is under way; otherwise it jumps to the next timer. It starts at that many milliseconds
    /// since 1970.
    Virtual {
        /// When the run starts.
        start: i64,
    },
}

/// How a plan is run.
#[derive(Debug)]
pub struct Options {
    /// How time passes.
    pub clock: Clock,
    /// Who does the work.
    pub tools: Box<dyn Tools>,
    /// How much work is under way at once; 0: any number.
    pub concurrency: usize,
    /// The run's name.
    pub run: String,
    /// What random numbers are derived from.
    pub seed: u64,
    /// The context object; what it lacks about the run is filled in.
    pub context: Value,
    /// Transitions before a run that never rests is ended (`max-turns`), in thousands of
    /// [`wfc_run_core::FUEL`] each.
    pub max_turns: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Clock::Real,
            tools: Box::new(NoTools),
            concurrency: 0,
            run: "run".to_owned(),
            seed: 0,
            context: Value::empty_object(),
            max_turns: 1_000,
        }
    }
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How it ended.
    pub status: RunStatus,
    /// The result; null unless it succeeded.
    pub output: Value,
    /// The name of the error.
    pub error: Option<Arc<str>>,
    /// The cause of the error.
    pub cause: Option<Arc<str>>,
    /// The run's history.
    pub records: Vec<Record>,
}
