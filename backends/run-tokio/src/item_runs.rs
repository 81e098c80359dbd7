//! Items that are runs of their own: where they are read from, and where their results go.

use std::collections::BTreeMap;
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::{instant_text, Millis, OpenItems, Outcome, RunError, RunState, RunStatus, Source, StartRun};

use crate::items::{
    open, Child, Items, ReaderConfig, ReaderSpec, Results, Store, WriterConfig, WriterSpec, WriterTransformation,
};
use crate::jobs::Job;

/// A run for an item.
pub(crate) struct ItemRun {
    pub(crate) state: RunState,
    /// Who waits for it.
    pub(crate) parent: Job,
    pub(crate) slot: u64,
    /// Its name among all runs there are.
    pub(crate) path: String,
    input: Value,
    name: Arc<str>,
    began: Millis,
}

/// Where the items of a node come from and where their results go.
pub(crate) struct Feed {
    items: Option<Box<dyn Items>>,
    results: Taker,
    arn: Arc<str>,
    express: bool,
}

/// Who takes results.
enum Taker {
    /// The node itself.
    Node,
    /// Files.
    Files(Box<Results>),
    /// Nobody else, but they are shaped first: by number.
    Shape(WriterTransformation, BTreeMap<u64, Vec<Value>>),
}

/// The feeds of all nodes at work.
pub(crate) struct Feeds {
    store: Arc<dyn Store>,
    open: BTreeMap<Job, Feed>,
}

/// What came of runs of items, by the node that waits for them.
pub(crate) type Ended = BTreeMap<Job, Vec<(u64, Result<Value, RunError>)>>;

impl Feeds {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, open: BTreeMap::new() }
    }

    pub(crate) fn open(&mut self, job: Job, wanted: OpenItems) -> Result<(), RunError> {
        let items = match wanted.reader {
            None => None,
            Some(reader) => {
                let config = ReaderConfig::from_members(&reader.config)?;
                let resource = reader.resource.unwrap_or_default();
                Some(open(&ReaderSpec { resource, args: reader.args, config }, &self.store)?)
            }
        };
        let results = wanted.writer.map_or(Ok(Taker::Node), |writer| self.taker(writer, &wanted.name))?;
        self.open.insert(job, Feed { items, results, arn: wanted.name, express: wanted.express });
        Ok(())
    }

    fn taker(&self, writer: Source, name: &Arc<str>) -> Result<Taker, RunError> {
        let config = WriterConfig::from_members(&writer.config)?;
        match writer.resource {
            None => {
                let shape = config.transformation.unwrap_or(WriterTransformation::Compact);
                Ok(Taker::Shape(shape, BTreeMap::new()))
            }
            Some(resource) => {
                let spec = WriterSpec { resource, args: writer.args, config };
                let results = Results::create(&spec, &self.store, Arc::clone(name))?;
                Ok(Taker::Files(Box::new(results)))
            }
        }
    }

    /// Further items, and whether there are no more.
    pub(crate) fn read(&mut self, job: Job, count: u32) -> Result<(Vec<Value>, bool), RunError> {
        let Some(items) = self.open.get_mut(&job).and_then(|feed| feed.items.as_mut()) else {
            return Ok((Vec::new(), true));
        };
        let items = items.next_batch(usize::try_from(count).unwrap_or(usize::MAX).max(1))?;
        let end = items.is_empty();
        if end {
            // What they were read from is not needed any more.
            self.open.get_mut(&job).iter_mut().for_each(|feed| feed.items = None);
        }
        Ok((items, end))
    }

    pub(crate) fn start(&self, parent: Job, start: &StartRun, around: &str, now: Millis) -> ItemRun {
        let arn = self.open.get(&parent).map(|feed| Arc::clone(&feed.arn)).unwrap_or_default();
        let id = arn.rsplit(':').next().unwrap_or_default();
        let name = format!("{id}-{}", start.slot).into();
        let input = start.input.clone();
        let path = format!("{around}/{}", start.slot);
        ItemRun { state: RunState::new(), parent, slot: start.slot, path, input, name, began: now }
    }

    /// Takes what came of a run; gives what the node is told, which is nothing of a result that somebody else takes.
    pub(crate) fn take(
        &mut self,
        run: &ItemRun,
        outcome: Outcome,
        now: Millis,
    ) -> Result<(u64, Result<Value, RunError>), RunError> {
        let mut output = outcome.output;
        let feed = self.open.get_mut(&run.parent).filter(|feed| !matches!(feed.results, Taker::Node));
        if let Some(Feed { results, arn, express, .. }) = feed {
            let child = Child {
                execution_arn: format!("{}:{}", execution_of(arn, *express), run.name).into(),
                name: Arc::clone(&run.name),
                state_machine_arn: machine_of(arn),
                input: run.input.clone(),
                status: Some(outcome.status),
                output: std::mem::take(&mut output),
                error: outcome.error.clone(),
                cause: outcome.cause.clone(),
                start_date: Some(instant_text(run.began).into()),
                stop_date: Some(instant_text(now).into()),
            };
            match results {
                Taker::Node => {}
                Taker::Files(results) => results.write(&child)?,
                Taker::Shape(shape, taken) => {
                    taken.insert(run.slot, child.shaped(*shape));
                }
            }
        }
        let verdict = match outcome.status {
            RunStatus::Succeeded => Ok(output),
            _ => Err(RunError { name: outcome.error, cause: outcome.cause, ..RunError::new("", "") }),
        };
        Ok((run.slot, verdict))
    }

    /// Finishes what results are written to.
    pub(crate) fn close(&mut self, job: Job) -> Result<Value, RunError> {
        match self.open.remove(&job).map(|feed| feed.results) {
            Some(Taker::Files(results)) => results.finish(),
            Some(Taker::Shape(_, taken)) => Ok(taken.into_values().flatten().collect()),
            Some(Taker::Node) | None => Ok(Value::Null),
        }
    }

    /// Whether there was anything to forget.
    pub(crate) fn forget(&mut self, job: Job) -> bool {
        self.open.remove(&job).is_some()
    }

    pub(crate) fn forget_run(&mut self, run: u32) {
        self.open.retain(|job, _| job.run != run);
    }
}

impl ItemRun {
    /// The context object of the run: that of the run around it, with an execution of its own.
    pub(crate) fn context(&self, outer: &Value, feeds: &Feeds) -> Value {
        let feed = feeds.open.get(&self.parent);
        let (arn, express) = feed.map_or(("", false), |feed| (&*feed.arn, feed.express));
        let outer_execution = outer.get("Execution");
        let kept = |name: &str| outer_execution.and_then(|execution| execution.get(name)).cloned();
        let mut members = vec![
            ("Id", Value::from(format!("{}:{}", execution_of(arn, express), self.name))),
            ("Input", self.input.clone()),
            ("Name", Value::from(Arc::clone(&self.name))),
        ];
        members.extend(kept("RoleArn").map(|role| ("RoleArn", role)));
        members.push(("StartTime", Value::from(instant_text(self.began))));
        members.extend(kept("RedriveCount").map(|count| ("RedriveCount", count)));
        let execution: Value = members.into_iter().collect();
        let machine = outer.get("StateMachine").cloned();
        [("Execution", execution)].into_iter().chain(machine.map(|machine| ("StateMachine", machine))).collect()
    }
}

/// What the names of executions of a map run begin with.
fn execution_of(arn: &str, express: bool) -> String {
    let kind = if express { ":express:" } else { ":execution:" };
    arn.rsplit_once(':').map_or(arn, |(front, _)| front).replacen(":mapRun:", kind, 1)
}

fn machine_of(arn: &str) -> Arc<str> {
    let machine = arn.rsplit_once(':').map_or(arn, |(front, _)| front);
    machine.replacen(":mapRun:", ":stateMachine:", 1).into()
}
