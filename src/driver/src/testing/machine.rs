//! A machine ready for tests, and one run of it in virtual time.

use std::sync::Arc;

use wfc_diag::Diagnostic;
use wfc_expr::Value;
use wfc_plan::{Node, NodeKind};
use wfc_run_tokio::{history, Clock, Options, Outcome, Program, RunFailure, RunStatus, Tools};

use super::coverage::{parts, Part, Took};
use super::Status;
use crate::{passes, plan, Analysis};

/// When runs of tests begin: the first second of 2026, in milliseconds since 1970.
const START: i64 = 1_767_225_600_000;

/// A machine that can be run any number of times.
#[derive(Debug)]
pub struct Machine {
    program: Program,
    parts: Vec<Part>,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Ran {
    /// How it ended.
    pub status: Status,
    /// Its output; null unless it succeeded.
    pub output: Value,
    /// The name of its error.
    pub error: Option<Arc<str>>,
    /// The cause of its error.
    pub cause: Option<Arc<str>>,
    /// Its events, as AWS `GetExecutionHistory` gives them.
    pub history: Vec<serde_json::Value>,
    /// How often each way was taken.
    pub took: Took,
}

impl Machine {
    /// The machine of a file that was analysed. The error says why it cannot be run.
    pub fn load(analysis: Analysis) -> Result<Self, Vec<Diagnostic>> {
        let checked = analysis.into_checked().map_err(|analysis| {
            let stops = |found: &Diagnostic| found.blocking;
            analysis.diagnostics.into_iter().filter(stops).collect::<Vec<_>>()
        })?;
        // What breaks in a pass, and a plan that cannot be loaded, are mistakes of the tool: there is no finding for them.
        let lowered = passes::lower(checked, &passes::defaults(), &mut |_, _| {}).map_err(|_| Vec::new())?;
        let emitted = plan::emit(&lowered.sealed)?;
        let parts = parts(lowered.sealed.module(), &emitted.plan);
        let program = Program::load(emitted.plan).map_err(|_| Vec::new())?;
        Ok(Self { program, parts })
    }

    /// What tests can cover.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The names of the states that do work.
    pub fn steps(&self) -> Vec<&str> {
        let works = |node: &&Node| matches!(node.kind, NodeKind::Step(_));
        self.program.plan().nodes.iter().filter(works).map(|node| &*node.name).collect()
    }

    /// Runs it in virtual time.
    pub fn run(&self, name: &str, input: Value, tools: Box<dyn Tools>) -> Result<Ran, RunFailure> {
        let clock = Clock::Virtual { start: START };
        let options = Options { clock, tools, run: name.to_owned(), ..Options::default() };
        wfc_run_tokio::run_program_blocking(&self.program, input, options).map(|outcome| self.ran(outcome))
    }

    fn ran(&self, outcome: Outcome) -> Ran {
        Ran {
            status: match outcome.status {
                RunStatus::Succeeded => Status::Succeeded,
                RunStatus::Failed => Status::Failed,
                RunStatus::TimedOut => Status::TimedOut,
                RunStatus::Aborted => Status::Aborted,
            },
            output: outcome.output,
            error: outcome.error,
            cause: outcome.cause,
            history: outcome.records.iter().map(|record| history::event(&self.program, record)).collect(),
            took: outcome.took,
        }
    }
}
