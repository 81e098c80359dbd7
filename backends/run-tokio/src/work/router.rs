//! Finds who answers a task, and gives the answer the shape of the service.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use wfc_expr::nearest::nearest;
use wfc_expr::value::quoted;
use wfc_expr::Value;
use wfc_run_core::RunError;

use super::ask::{self, Ask, Terminal};
use super::executions::{self, Machines, Starter};
use super::mapping::{Action, TaskMapping, Tasks};
use super::pattern::Patterns;
use super::resource::{function_names, Resource};
use super::s3::{self, Buckets};
use super::{command, envelope, function, handler, http, Work};
use crate::{Call, Desk, Mode, Reply, ToolFuture, ToolTable, Tools};

/// Answers tasks by what a project says of them (`[tasks]`, `[machines]`, `[s3]`), and tools of a name by a table.
///
/// A task is answered by its entry of `[tasks]` if a key names it exactly, else by its machine or its bucket, else by
/// an entry whose key is a pattern. What nothing answers fails, and the cause is what to add to `wfc.toml`.
#[derive(Debug)]
pub struct Router {
    base: PathBuf,
    tasks: Patterns<Arc<TaskMapping>>,
    machines: Patterns<PathBuf>,
    buckets: Buckets,
    tools: ToolTable,
    starter: Starter,
    asker: Arc<dyn Ask>,
}

impl Router {
    /// A router that knows nothing; relative paths are in `base`.
    pub fn new(base: impl Into<PathBuf>) -> Self {
        Self {
            base: base.into(),
            tasks: Patterns::default(),
            machines: Patterns::default(),
            buckets: Buckets::default(),
            tools: ToolTable::new(),
            starter: Starter::default(),
            asker: Arc::new(Terminal),
        }
    }

    /// Adds entries of `[tasks]`; later ones take the place of earlier ones with the same key.
    pub fn with_tasks(mut self, tasks: Tasks) -> Self {
        for (key, mapping) in tasks {
            self.tasks.insert(key, Arc::new(mapping));
        }
        self
    }

    /// Adds `[machines]`: names, ARNs or patterns of machines, and their files.
    pub fn with_machines(mut self, machines: &BTreeMap<String, String>) -> Self {
        for (key, file) in machines {
            self.machines.insert(key.clone(), self.base.join(file));
        }
        self
    }

    /// Sets the folders of buckets.
    pub fn with_buckets(mut self, buckets: Buckets) -> Self {
        self.buckets = buckets;
        self
    }

    /// Sets who runs the machines that tasks start, and how many machines deep this run is: 0 unless a machine
    /// started it.
    pub fn with_starter(mut self, machines: Arc<dyn Machines>, depth: u32) -> Self {
        self.starter = Starter { machines: Some(machines), depth };
        self
    }

    /// Sets who answers questions; the terminal unless set.
    pub fn with_asker(mut self, asker: Arc<dyn Ask>) -> Self {
        self.asker = asker;
        self
    }

    /// Sets who does the work of tools that no entry is for, such as `shell`.
    pub fn with_tools(mut self, tools: ToolTable) -> Self {
        self.tools = tools;
        self
    }

    fn unanswered(&self, work: &Work) -> RunError {
        let key = work.function().unwrap_or_else(|| work.resource.plain());
        let near =
            nearest(key, self.tasks.keys()).map_or_else(String::new, |near| format!(" (is '{near}' meant for it?)"));
        let example = if work.resource.is_lambda() { r#"{ handler = "FILE.py:handler" }"# } else { "{ result = {} }" };
        let line = match executions::wanted(work) {
            Some(machine) => format!("[machines]\n{} = \"FILE.asl.json\"", quoted(machine)),
            None => format!("[tasks]\n{} = {example}", quoted(key)),
        };
        let cause = format!(
            "nothing answers '{}' (state '{}'){near}; add to wfc.toml:\n\n{line}\n\nor run with a mock; a task can also \
             be answered by a `command`, an `http` endpoint or a question (`ask`)",
            work.resource.text, work.call.name
        );
        RunError::new("States.TaskFailed", cause)
    }
}

impl Tools for Router {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        let names = names(&call);
        let each = || names.iter();
        if let Some(mapping) = each().find_map(|names| self.tasks.exact(names)) {
            return self.mapped(mapping, call, desk);
        }
        let work = Work::new(call, self.base.clone());
        if let Some(file) = executions::wanted(&work).and_then(|machine| self.machines.find(&machine_names(machine))) {
            return Box::pin(executions::start(work.clone(), self.starter.clone(), file.clone(), desk));
        }
        let bucket = work.call.args.get("Bucket").and_then(Value::as_str);
        if s3::answers(&work) && bucket.is_some_and(|bucket| self.buckets.has(bucket)) {
            let buckets = self.buckets.clone();
            return Box::pin(async move { s3::run(&work, &buckets) });
        }
        let loose =
            each().find_map(|names| self.tasks.find(names)).or_else(|| each().find_map(|names| self.tasks.rest(names)));
        if let Some(mapping) = loose {
            return self.mapped(mapping, work.call, desk);
        }
        if self.tools.has(&work.call.tool) {
            return self.tools.call(work.call, desk);
        }
        let error = match bucket.filter(|_| s3::answers(&work)) {
            Some(bucket) => self.buckets.path(bucket, "any").err().unwrap_or_else(|| self.unanswered(&work)),
            None => self.unanswered(&work),
        };
        Box::pin(async move { Err(error) })
    }
}

impl Router {
    fn mapped(&self, mapping: &Arc<TaskMapping>, call: Call, desk: Desk) -> ToolFuture {
        let work = Work::new(call, self.base.clone());
        Box::pin(answered(work, Arc::clone(mapping), Arc::clone(&self.asker), desk))
    }
}

/// What a task goes by, in the order in which names count: its state, its function, its Resource.
fn names(call: &Call) -> Vec<Vec<String>> {
    let resource = Resource::parse(&call.tool);
    let functions = function(&resource, &call.args).map(function_names).unwrap_or_default();
    let resources = vec![resource.text.clone(), resource.plain().to_owned()];
    vec![vec![format!("state:{}", call.name)], functions, resources]
}

/// What a machine goes by: its ARN and its bare name.
fn machine_names(given: &str) -> Vec<String> {
    let bare = given.rsplit_once(":stateMachine:").map(|(_, name)| name.to_owned());
    std::iter::once(given.to_owned()).chain(bare).collect()
}

async fn answered(work: Work, mapping: Arc<TaskMapping>, asker: Arc<dyn Ask>, desk: Desk) -> Reply {
    let call = &work.call;
    if let Mode::Sync(_) = call.mode {
        desk.submitted(executions::submitted(&work));
    }
    let limit = mapping.limit();
    let (answer, shaped) = match &mapping.action {
        Action::Command { argv, place, exit_codes } => {
            (command::run(&work, argv, place, exit_codes, limit).await?, false)
        }
        Action::Handler { handler, runtime, place } => {
            (handler::run(&work, handler, runtime.as_deref(), place, limit).await?, false)
        }
        Action::Http { url, method, headers } => {
            (http::run(&work, url, method.as_deref(), headers, limit).await?, false)
        }
        // Somebody who writes down a whole answer of `lambda:invoke` means it.
        Action::Result(value) => (value.clone(), value.get("Payload").is_some()),
        Action::Error { name, cause } => {
            return Err(RunError { cause: cause.as_deref().map(Into::into), ..RunError::new(name.as_str(), "") })
        }
        Action::Ask(question) => (ask::run(&work, asker, question).await?, false),
    };
    // The end of a job is what the job came to, not what the service says of the request.
    let job = matches!(call.mode, Mode::Sync(_));
    let answer = if shaped || job { answer } else { envelope::result(&work.resource, call, answer) };
    failed_entries(&work, answer)
}

/// Events that were refused make the task fail.
fn failed_entries(work: &Work, answer: Value) -> Reply {
    let failed = answer.get("FailedEntryCount").and_then(Value::as_i64).unwrap_or(0);
    match work.resource.is("events", "putEvents") && failed > 0 {
        true => Err(RunError::new("EventBridge.FailedEntry", answer.to_json())),
        false => Ok(answer),
    }
}
