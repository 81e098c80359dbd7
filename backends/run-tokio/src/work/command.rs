//! Tasks answered by a process: JSON on its standard input, JSON on its standard output.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::process::Command;
use wfc_expr::Value;
use wfc_run_core::RunError;

use super::mapping::Place;
use super::resource::Function;
use super::Work;
use crate::process::{killed_by, signal, Captured, End, Job, Keep, Ran, EXIT, MAX_OUTPUT, SIGNAL, SPAWN};
use crate::Reply;

/// The name of the error for output that is not what it should be.
pub(super) const OUTPUT: &str = "wfc.BadOutput";

/// Runs a command for a task.
pub(super) async fn run(
    work: &Work,
    argv: &[String],
    place: &Place,
    exit_codes: &BTreeMap<i32, String>,
    limit: Option<Duration>,
) -> Reply {
    let shown = shown(argv);
    let ran = start(work, argv, place, &[], limit).await?;
    let stderr = || place.env.hidden(ran.stderr.quoted());
    match ran.end {
        End::Exit(status) if status.success() => json(&ran.stdout, &shown),
        End::Exit(status) => match signal(status) {
            Some(signal) => {
                let cause = format!("'{shown}': {}{}", killed_by(signal), stderr());
                Err(RunError { exit_code: Some(128_i32.saturating_add(signal)), ..RunError::new(SIGNAL, cause) })
            }
            None => {
                let own = own_error(&ran.stdout);
                let code = status.code();
                let named = code.and_then(|code| exit_codes.get(&code)).cloned();
                let (name, cause) = own.map_or((None, None), |(name, cause)| (Some(name), cause));
                let said = cause
                    .unwrap_or_else(|| format!("'{shown}' ended with exit code {}{}", code.unwrap_or(-1), stderr()));
                let name = name.or(named).unwrap_or_else(|| EXIT.to_owned());
                Err(RunError { exit_code: code, ..RunError::new(name, said) })
            }
        },
        End::TooMuch => Err(too_much(work, &shown)),
        End::TimeUp => Err(time_up(&shown, limit, &stderr())),
    }
}

/// Starts a process with what every task's process is told and `more`, and waits for its end.
pub(super) async fn start(
    work: &Work,
    argv: &[String],
    place: &Place,
    more: &[(&'static str, String)],
    limit: Option<Duration>,
) -> Result<Ran, RunError> {
    let (program, rest) = argv.split_first().ok_or_else(|| RunError::new(SPAWN, "there is no program to start"))?;
    let folder = folder(&work.base, place);
    if !folder.is_dir() {
        let cause = format!("'{}' cannot be started: there is no folder {}", shown(argv), folder.display());
        return Err(RunError::new(SPAWN, cause));
    }
    let mut command = Command::new(program);
    command.args(rest).current_dir(folder);
    command.envs(environment(work, more, limit)).envs(&place.env.0);
    let stdin = Some(work.payload.to_json().into_bytes());
    Job { command, stdin, stdout: Keep::All, stderr: Keep::Tail, limit }.run().await
}

fn folder(base: &Path, place: &Place) -> std::path::PathBuf {
    let folder = place.cwd.as_ref().map_or_else(|| base.to_owned(), |cwd| base.join(cwd));
    // An empty path is no folder for the system.
    if folder.as_os_str().is_empty() {
        ".".into()
    } else {
        folder
    }
}

fn environment(work: &Work, more: &[(&'static str, String)], limit: Option<Duration>) -> Vec<(&'static str, String)> {
    let call = &work.call;
    let mut told = vec![
        ("WFC_STEP", call.key.to_string()),
        ("WFC_STATE", call.name.to_string()),
        ("WFC_RESOURCE", call.tool.to_string()),
        ("WFC_RUN", call.run.to_string()),
        ("WFC_ATTEMPT", call.attempt.to_string()),
        ("WFC_IDEMPOTENCY_KEY", call.idempotency.clone()),
        ("WFC_REQUEST_ID", work.request_id()),
    ];
    told.extend(call.token.as_ref().map(|token| ("WFC_TASK_TOKEN", token.to_string())));
    told.extend(work.function().map(|given| ("WFC_FUNCTION_ARN", Function::named(given).arn)));
    told.extend(limit.map(|limit| ("WFC_TIMEOUT_MS", limit.as_millis().to_string())));
    told.extend(more.iter().cloned());
    // The system takes no NUL in a variable; a name that has one is nothing a process could use.
    told.retain(|(_, value)| !value.contains('\0'));
    told
}

/// The command as messages name it.
pub(super) fn shown(argv: &[String]) -> String {
    match argv {
        [shell, option, text] if shell == "sh" && option == "-c" => excerpt(text),
        _ => excerpt(&argv.join(" ")),
    }
}

/// The beginning of a text, on one line.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut line: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

/// What a process printed, as JSON; nothing at all is null.
pub(super) fn json(stdout: &Captured, shown: &str) -> Reply {
    let text = utf8(stdout, shown)?;
    parsed(text, shown)
}

pub(super) fn parsed(text: &str, shown: &str) -> Reply {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    Value::parse(text).map_err(|error| {
        let cause = format!(
            "'{shown}' printed something that is not JSON ({error}): {}; print the result as JSON, and everything \
             else to standard error",
            excerpt(text.trim())
        );
        RunError::new(OUTPUT, cause)
    })
}

pub(super) fn utf8<'a>(stdout: &'a Captured, shown: &str) -> Result<&'a str, RunError> {
    stdout.strict().map_err(|at| {
        RunError::new(OUTPUT, format!("'{shown}' printed a byte at offset {at} that is not UTF-8; print JSON in UTF-8"))
    })
}

/// The error a failing process printed as its answer: `{"Error", "Cause"}`, or as Lambda functions do.
fn own_error(stdout: &Captured) -> Option<(String, Option<String>)> {
    let value = Value::parse(stdout.strict().ok()?).ok()?;
    let text = |names: [&str; 2]| names.iter().find_map(|name| Some(value.get(name)?.as_str()?.to_owned()));
    let name = text(["Error", "errorType"])?;
    Some((name, text(["Cause", "errorMessage"])))
}

pub(super) fn too_much(work: &Work, shown: &str) -> RunError {
    let cause = format!(
        "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit. \
         ('{shown}' printed more than {MAX_OUTPUT} bytes and was ended; put large data into a file or bucket and print \
         where it is.)",
        work.limited_name()
    );
    RunError::new("States.DataLimitExceeded", cause)
}

pub(super) fn time_up(shown: &str, limit: Option<Duration>, stderr: &str) -> RunError {
    let seconds = limit.unwrap_or_default().as_secs_f64();
    let cause = format!(
        "'{shown}' did not end within {seconds} seconds and was ended; `timeout` of its entry in wfc.toml gives it more \
         time{stderr}"
    );
    RunError::new("States.Timeout", cause)
}
