//! `--redrive`: a run goes on where an earlier one ended.

use serde_json::Value as Json;
use wfc_driver::redrive::{resume, Resume};
use wfc_expr::Value;

use super::load::Loaded;
use crate::cmd::{files, Failure};

/// The most bytes of a history.
const MAX: u64 = 1 << 30;

/// Where the run goes on whose history stands in the file `path`.
pub(super) fn read(path: &str, loaded: &Loaded) -> Result<Resume, Failure> {
    let bytes = files::read_path(path, MAX)?;
    let history: Json = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::usage(format!("{path}:{}:{}: this is not JSON: {error}", error.line(), error.column()))
    })?;
    resume(&history, loaded.program.plan()).map_err(|why| {
        Failure::usage(format!("the run of {path} cannot be taken up again: {why}"))
            .help("give the file that `--history` wrote of a run of the same machine")
    })
}

/// The context object of a run that goes on: with the input it began with, and how often it was taken up again.
pub(super) fn context(mut context: Value, resume: &Resume) -> Value {
    let mut execution = context.get("Execution").cloned().unwrap_or_else(Value::empty_object);
    if let Some(object) = execution.as_object_mut() {
        let count = resume.setting.redrive.map_or(0, |redrive| redrive.count);
        object.insert("Input", resume.run_input.clone());
        object.insert("RedriveCount", Value::Number(count.into()));
    }
    if let Some(object) = context.as_object_mut() {
        object.insert("Execution", execution);
    }
    context
}
