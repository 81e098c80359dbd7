//! Machines that tasks start: read, checked and run as the one that was asked for.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::Arc;

use wfc_driver::runtime::work::{Child, ChildFuture, Machines, Start, Tasks};
use wfc_driver::runtime::{self, Clock, Options, Outcome, Program, Record, RunError, RunStatus, Setting, Watch};
use wfc_driver::MachineType;

use super::limits::Quota;
use super::show::bounded;
use super::socket::Hub;
use super::watch::Screen;
use super::{aws, name, tools, Loaded, VIRTUAL_START};
use crate::cmd::options::ReadOptions;
use crate::cmd::terminal;

/// Runs machines as tasks start them.
#[derive(Clone, Debug)]
pub(super) struct Nested {
    pub(super) read: ReadOptions,
    pub(super) flags: Tasks,
    pub(super) clock: Clock,
    pub(super) color: terminal::Color,
    pub(super) screen: Screen,
    pub(super) hub: Arc<Hub>,
}

impl Machines for Nested {
    fn run(&self, start: Start) -> ChildFuture {
        let nested = self.clone();
        Box::pin(async move { nested.execute(start).await })
    }
}

impl Nested {
    async fn execute(self, start: Start) -> Result<Child, RunError> {
        let file = start.file.to_string_lossy().into_owned();
        let times = Times::default();
        let (program, options) = self.ready(&start, &file, &times)?;
        self.hub.serve();
        let ended = runtime::run_program(&program, start.input, options).await;
        let outcome = ended.map_err(|failure| failed(&file, &failure))?;
        report(&file, &outcome);
        Ok(Child {
            status: outcome.status,
            output: outcome.output,
            error: outcome.error,
            cause: outcome.cause,
            started: times.0[0].load(Ordering::Relaxed),
            stopped: times.0[1].load(Ordering::Relaxed),
        })
    }

    fn ready(&self, start: &Start, file: &str, times: &Times) -> Result<(Program, Options), RunError> {
        let machine_type = if start.express { MachineType::Express } else { MachineType::Standard };
        let loaded = Loaded::read(file, &self.read, Some(machine_type), self.color);
        let mut loaded = match loaded {
            Ok(Some(loaded)) => loaded,
            Ok(None) => return Err(failed(file, &"it has errors, which are shown above")),
            Err(failure) => return Err(failed(file, &failure)),
        };
        if let Some((_, name)) = start.machine.rsplit_once(':') {
            loaded.machine = name.to_owned();
        }
        let quota = Quota::of(loaded.is_asl(), start.express);
        let seed = name::mixed(&start.name);
        let (answers, queue) =
            tools::answers(&loaded.program, self.clock, &self.hub).map_err(|failure| failed(file, &failure))?;
        let starter = Arc::new(self.clone());
        let router = tools::router(&loaded, self.flags.clone(), starter, start.depth, answers.clone());
        let options = Options {
            clock: match self.clock {
                Clock::Real => Clock::Real,
                Clock::Virtual { .. } => Clock::Virtual { start: VIRTUAL_START },
            },
            tools: tools::announced(Box::new(router), &self.screen, answers.filter(|_| self.clock == Clock::Real)),
            run: start.name.clone(),
            seed,
            context: aws::context(&loaded, &start.name, seed),
            setting: Setting { max_records: quota.events, max_bytes: quota.payload, ..Setting::default() },
            store: loaded.store(),
            watch: Some(Box::new(times.clone())),
            keep_records: false,
            answers: queue,
            ..Options::default()
        };
        Ok((loaded.program, options))
    }
}

/// Says that a machine failed, where the cause is its own: the cause of the machine that started it will hold this one
/// as JSON inside JSON.
fn report(file: &str, outcome: &Outcome) {
    let cause = outcome.cause.as_deref().unwrap_or_default();
    if outcome.status == RunStatus::Failed && !cause.starts_with("{\"Cause\"") {
        let error = outcome.error.as_deref().unwrap_or("an error without a name");
        terminal::error_line(&format!("{file} failed: {error}: {}", bounded(cause)));
    }
}

fn failed(file: &str, why: &dyn std::fmt::Display) -> RunError {
    RunError::new("States.TaskFailed", format!("{file} could not be run: {why}"))
}

/// When a run wrote the first line of its history, and when the last one.
#[derive(Clone, Debug, Default)]
struct Times(Arc<[AtomicI64; 2]>);

impl Watch for Times {
    fn record(&mut self, _: &Program, record: &Record) {
        if record.seq == 1 {
            self.0[0].store(record.at, Ordering::Relaxed);
        }
        self.0[1].store(record.at, Ordering::Relaxed);
    }
}
