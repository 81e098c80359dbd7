//! Handlers written for Lambda, run by `python3` or `node`.
//!
//! A small program is given to the interpreter. It sends the handler's own prints to standard error and writes to
//! standard output one line, `result` or `error`, and then JSON.

use std::path::{Path, PathBuf};
use std::time::Duration;

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::command::{self, excerpt, OUTPUT};
use super::mapping::Place;
use super::resource::{Function, REGION};
use super::Work;
use crate::process::{End, Ran, SPAWN};
use crate::Reply;

const PYTHON: &str = include_str!("runner.py");
const NODE: &str = include_str!("runner.mjs");

/// A language handlers are written in.
#[derive(Clone, Copy)]
struct Language {
    name: &'static str,
    program: &'static str,
    /// What the interpreter is given before the file and the name of the function.
    options: &'static [&'static str],
    extensions: &'static [&'static str],
    install: &'static str,
}

const LANGUAGES: [Language; 2] = [
    Language {
        name: "Python",
        program: "python3",
        options: &["-c", PYTHON],
        extensions: &["py"],
        install: "https://www.python.org/downloads",
    },
    Language {
        name: "Node.js",
        program: "node",
        options: &["--input-type=module", "-e", NODE, "--"],
        extensions: &["js", "mjs", "cjs"],
        install: "https://nodejs.org",
    },
];

/// Whether a text names a handler and its file: `FILE:FUNCTION`.
pub(super) fn is_handler(text: &str) -> bool {
    !text.contains(['\0', '\n', ' ']) && parts(text).is_some()
}

/// Whether a text names a handler as Lambda does: `FILE.FUNCTION`, the file without its extension.
pub(super) fn is_lambda_name(text: &str) -> bool {
    let function = text.rsplit_once('.').map(|(file, function)| !file.is_empty() && !function.contains(['/', ':']));
    function == Some(true) && !text.contains(['\0', '\n', ' ']) && !text.ends_with('.')
}

fn parts(handler: &str) -> Option<(&str, &str, Language)> {
    let (file, function) = handler.rsplit_once(':')?;
    (!function.is_empty()).then_some((file, function, language(file)?))
}

fn language(file: &str) -> Option<Language> {
    let extension = Path::new(file).extension()?.to_str()?;
    LANGUAGES.into_iter().find(|language| language.extensions.contains(&extension))
}

/// File, function and language of a handler; a name as Lambda has it stands for the first file there is.
fn found(base: &Path, handler: &str) -> Result<(PathBuf, String, Language), RunError> {
    if let Some((file, function, language)) = parts(handler) {
        return Ok((absolute(&base.join(file))?, function.to_owned(), language));
    }
    let (file, function) = handler.rsplit_once('.').unwrap_or((handler, ""));
    let extensions = || LANGUAGES.iter().flat_map(|language| language.extensions);
    for candidate in extensions().map(|extension| format!("{file}.{extension}")) {
        if let (Ok(path), Some(language)) = (absolute(&base.join(&candidate)), language(&candidate)) {
            return Ok((path, function.to_owned(), language));
        }
    }
    let tried = extensions().map(|extension| format!(".{extension}")).collect::<Vec<_>>().join(", ");
    Err(RunError::new(SPAWN, format!("there is no handler file {} with one of {tried}", base.join(file).display())))
}

/// Runs a handler for a task.
pub(super) async fn run(
    work: &Work,
    handler: &str,
    runtime: Option<&str>,
    place: &Place,
    limit: Option<Duration>,
) -> Reply {
    let (path, function, language) = found(&work.base, handler)?;
    let program = runtime.unwrap_or(language.program);
    let mut argv = vec![program.to_owned()];
    argv.extend(language.options.iter().map(|option| (*option).to_owned()));
    let told = told(work, &path);
    argv.extend([path.to_string_lossy().into_owned(), function]);
    let ran = command::start(work, &argv, place, &told, limit)
        .await
        .map_err(|error| explained(error, language, program, handler))?;
    answer(work, handler, &ran, place, limit)
}

/// What Lambda tells a function of itself; work that is no function's goes by the name of the file.
fn told(work: &Work, path: &Path) -> Vec<(&'static str, String)> {
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let function = Function::named(work.function().unwrap_or(&stem));
    // A region that is set here is where the handler's own calls go, unless the function is known to be elsewhere.
    let set = |name| std::env::var(name).ok().filter(|region| !region.is_empty());
    let region = function.region.or_else(|| set("AWS_REGION")).or_else(|| set("AWS_DEFAULT_REGION"));
    let region = region.unwrap_or_else(|| REGION.to_owned());
    vec![
        ("AWS_LAMBDA_FUNCTION_NAME", function.name),
        ("WFC_FUNCTION_ARN", function.arn),
        ("AWS_REGION", region.clone()),
        ("AWS_DEFAULT_REGION", region),
    ]
}

/// The handler's file from the system's root: the process may run in another folder.
fn absolute(path: &Path) -> Result<PathBuf, RunError> {
    if !path.is_file() {
        return Err(RunError::new(SPAWN, format!("there is no handler file {}", path.display())));
    }
    std::path::absolute(path).map_err(|error| RunError::new(SPAWN, format!("{}: {error}", path.display())))
}

fn explained(error: RunError, language: Language, program: &str, handler: &str) -> RunError {
    if error.name.as_deref() != Some(SPAWN) {
        return error;
    }
    let cause = format!(
        "the handler '{handler}' needs {}, and `{program}` cannot be started ({}); install it ({}), or name another \
         program with `runtime` in wfc.toml",
        language.name,
        error.cause.as_deref().unwrap_or_default(),
        language.install
    );
    RunError::new(SPAWN, cause)
}

fn answer(work: &Work, handler: &str, ran: &Ran, place: &Place, limit: Option<Duration>) -> Reply {
    let stderr = || place.env.hidden(ran.stderr.quoted());
    let request = work.request_id();
    let status = match ran.end {
        End::Exit(status) => status,
        End::TooMuch => return Err(command::too_much(work, handler)),
        End::TimeUp => {
            let seconds = limit.unwrap_or_default().as_secs_f64();
            let message = format!("RequestId: {request} Error: Task timed out after {seconds:.2} seconds");
            return Err(runtime_error("Sandbox.Timedout", &message, None));
        }
    };
    let text = command::utf8(&ran.stdout, handler)?;
    match text.split_once('\n') {
        Some(("result", json)) if status.success() => command::parsed(json, handler),
        Some(("error", json)) if status.success() => Err(function_error(work, json)),
        _ if status.success() => Err(RunError::new(
            OUTPUT,
            format!("the handler '{handler}' wrote past its answer: {}{}", excerpt(text), stderr()),
        )),
        _ => {
            let message = format!("RequestId: {request} Error: Runtime exited with error: {status}{}", stderr());
            Err(runtime_error("Runtime.ExitError", &message, status.code()))
        }
    }
}

/// The error of a function: named by its type, with the whole record as cause.
///
/// Called by its ARN, a function's own text is the cause; `lambda:invoke` writes it anew.
pub(super) fn function_error(work: &Work, text: &str) -> RunError {
    let Ok(record) = Value::parse(text) else { return RunError::new("Lambda.Unknown", text) };
    let name = record.get("errorType").and_then(Value::as_str).unwrap_or("Lambda.Unknown").to_owned();
    let anew = work.resource.is("lambda", "invoke");
    RunError::new(name, if anew { record.to_json() } else { text.to_owned() })
}

fn runtime_error(kind: &str, message: &str, exit_code: Option<i32>) -> RunError {
    let record: Value = [("errorType", Value::from(kind)), ("errorMessage", message.into())].into_iter().collect();
    RunError { exit_code, ..RunError::new(kind, record.to_json()) }
}
