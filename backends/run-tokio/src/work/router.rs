//! Finds who answers a task, and gives the answer the shape of the service.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::ask::{self, Ask, Terminal};
use super::executions::{self, Machines, Starter};
use super::mapping::{Action, Secrets, TaskMapping, Tasks};
use super::missing::Missing;
use super::pattern::Patterns;
use super::resource::{function_names, Resource};
use super::s3::{self, Buckets};
use super::{command, envelope, function, handler, http, refusals, tokens, Work};
use crate::{Answers, Call, Desk, Mode, Reply, ToolFuture, ToolTable, Tools};

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
    answers: Option<Answers>,
    missing: Missing,
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
            answers: None,
            missing: Missing::default(),
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

    /// Sets where tasks that answer other tasks (`aws-sdk:sfn:sendTaskSuccess` and the like) give their answers.
    pub fn with_answers(mut self, answers: Answers) -> Self {
        self.answers = Some(answers);
        self
    }

    /// Sets who does the work of tools that no entry is for, such as `shell`.
    pub fn with_tools(mut self, tools: ToolTable) -> Self {
        self.tools = tools;
        self
    }

    /// Tells after a run what nothing answered in it, even if an error was caught.
    pub fn missing(&self) -> Missing {
        self.missing.clone()
    }

    /// Sets where what nothing answers is remembered, to share it with the router of another run.
    pub fn with_missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }
}

impl Tools for Router {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        let names = names(&call);
        if let Some(mapping) = self.exact(&names) {
            return self.mapped(mapping, call, desk);
        }
        let work = Work::new(call, self.base.clone());
        if let Some(future) = self.built_in(&work, &desk) {
            return future;
        }
        if let Some(mapping) = self.loose(&names) {
            return self.mapped(mapping, work.call, desk);
        }
        if self.tools.has(&work.call.tool) {
            return self.tools.call(work.call, desk);
        }
        let error = self.missing.error(&work, self.tasks.keys());
        Box::pin(async move { Err(error) })
    }

    /// An entry of `[tasks]` for an activity is its worker.
    fn worker(&self, call: &Call, desk: Desk) -> Option<(Option<Arc<str>>, ToolFuture)> {
        let names = names(call);
        let mapping = self.exact(&names).or_else(|| self.loose(&names))?;
        Some((None, self.mapped(mapping, call.clone(), desk)))
    }
}

impl Router {
    fn exact(&self, names: &[Vec<String>]) -> Option<&Arc<TaskMapping>> {
        names.iter().find_map(|names| self.tasks.exact(names))
    }

    /// What a pattern stands for; a pattern that stands for anything comes last, whatever it stands for.
    fn loose(&self, names: &[Vec<String>]) -> Option<&Arc<TaskMapping>> {
        let telling = names.iter().find_map(|names| self.tasks.find(names));
        telling.or_else(|| names.iter().find_map(|names| self.tasks.rest(names)))
    }

    fn mapped(&self, mapping: &Arc<TaskMapping>, call: Call, desk: Desk) -> ToolFuture {
        let work = Work::new(call, self.base.clone());
        Box::pin(answered(work, Arc::clone(mapping), Arc::clone(&self.asker), desk))
    }

    /// Machines, buckets and tokens, as far as they are known here.
    fn built_in(&self, work: &Work, desk: &Desk) -> Option<ToolFuture> {
        if let Some(file) = executions::wanted(work).and_then(|machine| self.machines.find(&machine_names(machine))) {
            return Some(Box::pin(executions::start(work.clone(), self.starter.clone(), file.clone(), desk.clone())));
        }
        if s3::bucket(work).is_some_and(|bucket| self.buckets.has(bucket)) {
            let (work, buckets) = (work.clone(), self.buckets.clone());
            return Some(Box::pin(async move { s3::run(&work, &buckets) }));
        }
        let answers = self.answers.clone().filter(|_| tokens::answers(work))?;
        Some(Box::pin(tokens::run(work.clone(), answers)))
    }
}

/// What a task goes by, in the order in which names count: its state, its function, its Resource.
fn names(call: &Call) -> Vec<Vec<String>> {
    let resource = Resource::parse(&call.tool);
    let mut functions = function(&resource, &call.args).map(function_names).unwrap_or_default();
    functions.extend(resource.activity().map(str::to_owned));
    let resources = vec![resource.text.clone(), resource.plain().to_owned()];
    vec![vec![format!("state:{}", call.name)], functions, resources]
}

/// What a machine goes by: its ARN and its bare name.
fn machine_names(given: &str) -> Vec<String> {
    let bare = given.rsplit_once(":stateMachine:").map(|(_, name)| name.to_owned());
    std::iter::once(given.to_owned()).chain(bare).collect()
}

async fn answered(work: Work, mapping: Arc<TaskMapping>, asker: Arc<dyn Ask>, desk: Desk) -> Reply {
    if let Some(error) = refusals::refusal(&work) {
        return Err(error);
    }
    let action = &mapping.action;
    // Who answers in place of the service can only acknowledge a request that waits for a token; what a person says
    // or the project fixes is the end of the wait.
    let last_word = matches!(action, Action::Result(_) | Action::Error { .. } | Action::Ask(_));
    let job = matches!(work.call.mode, Mode::Sync(_)) || (work.call.mode == Mode::Token && last_word);
    if job && work.call.mode != Mode::Token {
        desk.submitted(executions::submitted(&work));
    }
    let answer = raw(&work, &mapping, asker).await.map_err(|error| without_secrets(error, mapping.secrets()));
    if job && work.call.mode == Mode::Token {
        desk.answer(answer);
        return Ok(executions::submitted(&work));
    }
    let answer = answer?;
    // Somebody who writes down a whole answer of `lambda:invoke` means it.
    let whole = matches!(action, Action::Result(value) if value.get("Payload").is_some());
    // The end of a job is what the job came to, not what the service says of the request.
    let answer = if whole || job { answer } else { envelope::result(&work.resource, &work.call, answer) };
    failed_entries(&work, answer)
}

/// The same error without what the project keeps to itself: whoever answers may repeat what it was given.
fn without_secrets(error: RunError, secrets: Option<&Secrets>) -> RunError {
    let cause = error.cause.as_deref().zip(secrets).map(|(cause, secrets)| secrets.hidden(cause.to_owned()).into());
    RunError { cause: cause.or(error.cause), ..error }
}

/// The answer before it has the service's shape.
async fn raw(work: &Work, mapping: &TaskMapping, asker: Arc<dyn Ask>) -> Reply {
    let limit = mapping.limit();
    match &mapping.action {
        Action::Command { argv, place, exit_codes } => command::run(work, argv, place, exit_codes, limit).await,
        Action::Handler { handler, runtime, place } => {
            handler::run(work, handler, runtime.as_deref(), place, limit).await
        }
        Action::Http { url, method, headers } => http::run(work, url, method.as_deref(), headers, limit).await,
        Action::Result(value) => Ok(value.clone()),
        Action::Error { name, cause } => {
            Err(RunError { cause: cause.as_deref().map(Into::into), ..RunError::new(name.as_str(), "") })
        }
        Action::Ask(question) => ask::run(work, asker, question).await,
    }
}

/// Events that were refused make the task fail.
fn failed_entries(work: &Work, answer: Value) -> Reply {
    let failed = answer.get("FailedEntryCount").and_then(Value::as_i64).unwrap_or(0);
    match work.resource.is("events", "putEvents") && failed > 0 {
        true => Err(RunError::new("EventBridge.FailedEntry", answer.to_json())),
        false => Ok(answer),
    }
}
