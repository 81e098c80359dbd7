//! Who does the work: a table from names of tools to what they are here.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use wfc_expr::Value;
use wfc_run_core::RunError;

use crate::jobs::Job;

/// Work to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The Resource exactly as the file has it, or the name of a tool such as `shell`.
    pub tool: Arc<str>,
    /// How the answer comes.
    pub mode: Mode,
    /// The key of the node it is done for.
    pub key: Arc<str>,
    /// The name of the state it is done for.
    pub name: Arc<str>,
    /// What it is given.
    pub args: Value,
    /// How often this work was begun in the visit, this time included.
    pub attempt: u32,
    /// How often the state was entered.
    pub visit: u32,
    /// What a later answer refers to, where answers come later.
    pub token: Option<Arc<str>>,
    /// Milliseconds the work may take; the driver enforces it.
    pub timeout: Option<i64>,
    /// Milliseconds the work may stay silent; the driver enforces it.
    pub heartbeat: Option<i64>,
    /// As whom the work is done.
    pub credentials: Option<Value>,
    /// The same for the same attempt, whoever begins it.
    pub idempotency: String,
    /// The name of the run.
    pub run: Arc<str>,
}

/// How the answer to a call comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The future's value is the result.
    #[default]
    Reply,
    /// The future's value is what the service says at once; the result comes by the token, from outside or by
    /// [`Desk::answer`].
    Token,
    /// [`Desk::submitted`] when the job was started, the future's value when it ended. The number is the one behind
    /// `.sync:`, 1 without one.
    Sync(u8),
    /// Somebody comes and asks for the work. Such calls never reach [`Tools`].
    Activity,
}

/// What work came to.
pub type Reply = Result<Value, RunError>;

/// Work under way. Dropping it ends it.
pub type ToolFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// Somebody who does work.
pub trait Tools: fmt::Debug + Send + Sync {
    /// Begins work; what happens before its end is said at the desk.
    fn call(&self, call: Call, desk: Desk) -> ToolFuture;

    /// Work of an activity: a worker that is here, and what it does; nothing if workers are to come and ask for it.
    fn worker(&self, call: &Call, desk: Desk) -> Option<(Option<Arc<str>>, ToolFuture)> {
        let _ = (call, desk);
        None
    }
}

/// What is said about work before it ends.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The job was started, and this is what the service said to that.
    Submitted(Value),
    /// The work is alive.
    Heartbeat,
    /// Nothing will be said before the clock has moved: a virtual one need not wait.
    Idle,
    /// The answer that a task token is for.
    Answer(Reply),
}

/// Where work under way speaks to the driver.
#[derive(Clone, Debug)]
pub struct Desk(Option<Reporter>);

/// The way from some work to its driver.
#[derive(Clone, Debug)]
pub(crate) struct Reporter {
    job: Job,
    driver: UnboundedSender<(Job, News)>,
}

impl Reporter {
    pub(crate) fn new(job: Job, driver: UnboundedSender<(Job, News)>) -> Self {
        Self { job, driver }
    }
}

impl Desk {
    pub(crate) fn new(reporter: Reporter) -> Self {
        Self(Some(reporter))
    }

    /// A desk where nobody listens.
    pub fn quiet() -> Self {
        Self(None)
    }

    /// Says that the job was started, and what the service answered to that.
    pub fn submitted(&self, answer: Value) {
        self.say(News::Submitted(answer));
    }

    /// Says that the work is alive.
    pub fn heartbeat(&self) {
        self.say(News::Heartbeat);
    }

    /// Says that nothing will be said before the clock has moved.
    pub fn idle(&self) {
        self.say(News::Idle);
    }

    /// Answers the call's task token; also before the work itself has ended.
    pub fn answer(&self, reply: Reply) {
        self.say(News::Answer(reply));
    }

    /// A driver that is gone has ended the work already.
    fn say(&self, news: News) {
        if let Some(reporter) = &self.0 {
            let _ = reporter.driver.send((reporter.job, news));
        }
    }
}

/// Nobody: every call fails.
#[derive(Clone, Copy, Debug)]
pub struct NoTools;

impl Tools for NoTools {
    fn call(&self, call: Call, _: Desk) -> ToolFuture {
        let cause = format!("no tool here does the work of '{}' (step '{}')", call.tool, call.key);
        Box::pin(async move { Err(RunError::new("States.TaskFailed", cause)) })
    }
}

/// Tools by name. What no name is for fails, saying so.
#[derive(Debug, Default)]
pub struct ToolTable {
    by_name: BTreeMap<String, Box<dyn Tools>>,
}

impl ToolTable {
    /// A table without tools.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool.
    pub fn with(mut self, name: impl Into<String>, tool: impl Tools + 'static) -> Self {
        self.by_name.insert(name.into(), Box::new(tool));
        self
    }

    /// Whether there is a tool of that name.
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }
}

impl Tools for ToolTable {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        match self.by_name.get(&*call.tool) {
            Some(tool) => tool.call(call, desk),
            None => NoTools.call(call, desk),
        }
    }
}

/// A tool that is a function, for tests and mocks.
#[derive(Clone, Copy)]
pub struct Mock<F>(pub F);

impl<F> fmt::Debug for Mock<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mock")
    }
}

impl<F: Fn(&Call) -> Reply + Send + Sync> Tools for Mock<F> {
    fn call(&self, call: Call, _: Desk) -> ToolFuture {
        let reply = (self.0)(&call);
        Box::pin(async move { reply })
    }
}
