//! Who answers for the tasks of a test.

use std::path::Path;

use wfc_driver::runtime::work::mock::{MockError, Mocks};
use wfc_driver::runtime::{Call, Desk, RunError, ToolFuture, Tools};
use wfc_driver::testing::Machine;
use wfc_expr::Value;

use super::collect::read_text;

/// The answers that the file `path` has for a machine in a case.
pub(super) fn of_file(path: &str, machine: &Machine, file: &str, case: Option<&str>) -> Result<Box<dyn Tools>, String> {
    let text = read_text(path)?;
    ready(Mocks::load(&text, path, stem(file), case), machine).map_err(|error| error.to_string())
}

/// The answers that a test has itself, in the form that a mock file has below `states`.
pub(super) fn inline(name: &str, states: &Value, machine: &Machine) -> Result<Box<dyn Tools>, String> {
    let text = [("states", states.clone())].into_iter().collect::<Value>().to_json();
    // Places in a text that nobody wrote mean nothing.
    ready(Mocks::load(&text, name, "", None), machine).map_err(|error| error.message)
}

/// No answers: every task fails and says so.
pub(super) fn nobody() -> Box<dyn Tools> {
    Box::new(Nobody)
}

/// Answers come at once, and only for states that the machine has.
fn ready(mocks: Result<Mocks, MockError>, machine: &Machine) -> Result<Box<dyn Tools>, MockError> {
    let mocks = mocks?;
    mocks.check_states(&machine.steps())?;
    Ok(Box::new(mocks.at_once().over(nobody())))
}

/// The name of a machine's file without its endings, as mock configurations call the machine.
fn stem(file: &str) -> &str {
    let name = Path::new(file).file_name().and_then(|name| name.to_str()).unwrap_or(file);
    name.split('.').next().unwrap_or(name)
}

#[derive(Debug)]
struct Nobody;

impl Tools for Nobody {
    fn call(&self, call: Call, _: Desk) -> ToolFuture {
        let cause = format!("the test has no answer for the state '{0}': add [test.mock.{0}]", call.name);
        Box::pin(async move { Err(RunError::new("States.TaskFailed", cause)) })
    }
}
