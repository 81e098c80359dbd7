//! Runs a plan in process on tokio.
//!
//! A driver is thin: it turns commands of `run-core` into timers and calls of tools, and what comes of them into
//! events. All meaning is in the core; here are only the clock, the processes and the slots.

mod answers;
mod clock;
mod item_runs;
pub mod items;
mod jobs;
mod process;
mod run;
#[cfg(test)]
mod tests;
mod tools;
pub mod work;

pub use answers::{answers, ActivityTask, AnswerError, AnswerQueue, Answers};
pub use process::{ProcessTools, MAX_OUTPUT};
pub use run::{run, run_blocking, run_program, run_program_blocking, RunFailure};
pub use tools::{Call, Desk, Mock, Mode, News, NoTools, Reply, ToolFuture, ToolTable, Tools};
pub use wfc_run_core::{
    history, Fault, LoadError, Program, Record, RecordKind, Redrive, RunError, RunStatus, Setting, Single, Way,
};

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use wfc_expr::Value;
use wfc_plan::NodeIx;

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

pub use wfc_run_core::Outcome as ItemOutcome;

/// How often which way through a program was taken.
pub type Took = BTreeMap<(NodeIx, Way), u64>;

/// Somebody who watches a run while it is under way.
pub trait Watch: Send {
    /// A line of the run's history was written.
    fn record(&mut self, program: &Program, record: &Record);

    /// A way through the program was taken, by the run or by the run of an item.
    fn took(&mut self, program: &Program, node: NodeIx, way: Way) {
        let _ = (program, node, way);
    }

    /// The run of an item has ended: item `slot` of the node.
    fn item(&mut self, program: &Program, node: NodeIx, slot: u64, outcome: &ItemOutcome) {
        let _ = (program, node, slot, outcome);
    }
}

/// How a plan is run.
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
    /// The limits of the run, and what part of the program it is.
    pub setting: Setting,
    /// Where items are read from and results are written to.
    pub store: Arc<dyn items::Store>,
    /// Who watches.
    pub watch: Option<Box<dyn Watch>>,
    /// Whether the outcome has the run's history.
    pub keep_records: bool,
    /// Where answers by token and pollers come in.
    pub answers: Option<AnswerQueue>,
    /// When notified, the run is aborted.
    pub cancel: Option<Arc<tokio::sync::Notify>>,
    /// Transitions before a run that never rests is ended (`max-turns`), in units of [`wfc_run_core::FUEL`].
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
            setting: Setting::default(),
            store: Arc::new(items::MemoryStore::default()),
            watch: None,
            keep_records: true,
            answers: None,
            cancel: None,
            max_turns: 10_000,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("clock", &self.clock).field("run", &self.run).finish_non_exhaustive()
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
    /// Where in the program the error is, if it is one of the program.
    pub fault: Option<Box<Fault>>,
    /// The node the error was first met at.
    pub at: Option<NodeIx>,
    /// The run's history.
    pub records: Vec<Record>,
    /// Which ways were taken, in the runs of items too.
    pub took: Took,
}
