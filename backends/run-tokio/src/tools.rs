//! Who does the work: a table from names of tools to what they are here.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::RunError;

/// Work to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The tool.
    pub tool: Arc<str>,
    /// The key of the node it is done for.
    pub key: Arc<str>,
    /// What it is given.
    pub args: Value,
    /// How often this work was begun in the visit, this time included.
    pub attempt: u32,
    /// The same for the same attempt, whoever begins it.
    pub idempotency: String,
}

/// What work came to.
pub type Reply = Result<Value, RunError>;

/// Work under way. Dropping it ends it.
pub type ToolFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// Somebody who does work.
pub trait Tools: fmt::Debug + Send + Sync {
    /// Begins work.
    fn call(&self, call: Call) -> ToolFuture;
}

/// Nobody: every call fails.
#[derive(Clone, Copy, Debug)]
pub struct NoTools;

impl Tools for NoTools {
    fn call(&self, call: Call) -> ToolFuture {
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
}

impl Tools for ToolTable {
    fn call(&self, call: Call) -> ToolFuture {
        match self.by_name.get(&*call.tool) {
            Some(tool) => tool.call(call),
            None => NoTools.call(call),
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
    fn call(&self, call: Call) -> ToolFuture {
        let reply = (self.0)(&call);
        Box::pin(async move { reply })
    }
}
