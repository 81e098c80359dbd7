//! Judges runs: status, result, error and cause, then the history event by event.

use std::sync::{mpsc, Arc};
use std::thread;
use std::time::Duration;

use serde_json::{json, Value as Json};
use wfc_driver::runtime::items::MemoryStore;
use wfc_driver::runtime::{self, Clock, Options, Program, RunStatus, Setting};
use wfc_driver::{passes, plan, Analysis};

use super::compare::{Texts, Words};
use super::recorded::RecordedTools;
use super::{history, recorded};
use crate::{Case, Outcome};

/// How long a run may take on the wall. None of them waits for anything but the virtual clock.
const PATIENCE: Duration = Duration::from_secs(30);
/// The stack of the thread that runs: some inputs nest deeply on purpose.
const STACK: usize = 64 << 20;

/// The account all recorded names belong to.
const ACCOUNT: &str = "111111111111";

/// The most tokens a recording has.
const MAX_TOKENS: usize = 9;

/// What a case's run came to.
struct Found {
    outcome: runtime::Outcome,
    events: Vec<Json>,
}

/// Runs the machine of a case and compares all there is.
pub(super) fn judge(case: &Case, checked: Analysis) -> Outcome {
    if let Some(lacking) = lacking(case) {
        return Outcome::NotApplicable(lacking.to_owned());
    }
    let words = words(case);
    let tools = RecordedTools::of(case, words.clone());
    match run(case, checked, tools) {
        Ok(found) => result(case, &words, &found.outcome).and_then(|| events(case, &words, &found.events)),
        Err(why) => Outcome::Failed(why),
    }
}

/// What is not there yet to judge a case, if anything.
fn lacking(case: &Case) -> Option<&'static str> {
    if case.get(&["expected", "status"]).is_none() {
        return Some("log records");
    }
    (case.text(&["replay"]) == Some("handler")).then_some("running the recorded functions")
}

fn words(case: &Case) -> Words {
    let list = case.get(&["wildcards"]).and_then(Json::as_array).into_iter().flatten();
    let words = list.filter_map(Json::as_str);
    // Tokens are numbered by the recording in a form of its own.
    let numbered = |word: &str| (1..=MAX_TOKENS).map(|at| format!("<{word}:{at}>")).collect::<Vec<_>>();
    let with_tokens = |word: &str| match word {
        "<task_token>" => numbered(word),
        _ => vec![word.to_owned()],
    };
    Words::new(words.flat_map(with_tokens).collect())
}

fn run(case: &Case, checked: Analysis, tools: RecordedTools) -> Result<Found, String> {
    let checked = checked.into_checked().map_err(|_| "the definition is refused".to_owned())?;
    let lowered = passes::lower(checked, &passes::defaults(), &mut |_, _| {}).map_err(|broken| broken.to_string())?;
    let emitted = plan::emit(&lowered.sealed).map_err(|all| {
        let first = all.first().map(|finding| finding.message.as_str()).unwrap_or_default();
        format!("no plan: {first}")
    })?;
    let input = recorded::value(case.get(&["input"]).unwrap_or(&Json::Null));
    let options = options(case, tools);
    patiently(move || {
        let program = Program::load(emitted.plan).map_err(|error| error.to_string())?;
        let outcome = runtime::run_program_blocking(&program, input, options).map_err(|failure| failure.to_string())?;
        let events = outcome.records.iter().map(|record| runtime::history::event(&program, record)).collect();
        Ok(Found { outcome, events })
    })
}

/// What `work` comes to, unless it takes too long: then it is left behind.
fn patiently<T: Send + 'static>(work: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, String> {
    let (said, heard) = mpsc::channel();
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || {
        // Nobody listens any more when it took too long.
        let _ = said.send(work());
    });
    worker.map_err(|error| error.to_string())?;
    match heard.recv_timeout(PATIENCE) {
        Ok(found) => found,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("the run took longer than {} s", PATIENCE.as_secs())),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("the run panicked".to_owned()),
    }
}

fn options(case: &Case, tools: RecordedTools) -> Options {
    let start = case.text(&["clock"]).and_then(wfc_run_core::parse_instant).map(|instant| instant.to_millis());
    Options {
        clock: Clock::Virtual { start: start.unwrap_or_default() },
        tools: Box::new(tools),
        context: recorded::value(&context(case)),
        setting: Setting { max_records: Some(25_000), max_bytes: Some(256 << 10), ..Setting::default() },
        store: Arc::new(store(case)),
        ..Options::default()
    }
}

/// What the case's buckets hold.
fn store(case: &Case) -> MemoryStore {
    let objects = case.get(&["s3_objects"]).and_then(Json::as_array).into_iter().flatten();
    let text = |object: &Json, name: &str| object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    objects.fold(MemoryStore::default(), |store, object| {
        let body = text(object, "body");
        store.with(&text(object, "bucket"), &text(object, "key"), body.into_bytes())
    })
}

/// The names that recordings show placeholders for.
fn context(case: &Case) -> Json {
    let arn = |kind: &str, name: &str| format!("arn:aws:states:us-east-1:{ACCOUNT}:{kind}:{name}");
    let id = match case.text(&["type"]) {
        Some("EXPRESS") => arn("express", "machine:run:id"),
        _ => arn("execution", "machine:run"),
    };
    json!({
        "Execution": {
            "Id": id,
            "Name": "run",
            "RoleArn": format!("arn:aws:iam::{ACCOUNT}:role/role"),
            "RedriveCount": 0,
        },
        "StateMachine": { "Id": arn("stateMachine", "machine"), "Name": "machine" },
    })
}

/// Status, then result or error and cause.
fn result(case: &Case, words: &Words, found: &runtime::Outcome) -> Outcome {
    let status = match found.status {
        RunStatus::Succeeded => "SUCCEEDED",
        RunStatus::Failed => "FAILED",
        RunStatus::TimedOut => "TIMED_OUT",
        RunStatus::Aborted => "ABORTED",
    };
    let expected = case.text(&["expected", "status"]).unwrap_or_default();
    if expected != status {
        let why = [&found.error, &found.cause].map(|text| text.as_deref().unwrap_or("none").to_owned());
        return Outcome::Failed(format!("status: expected {expected}, found {status} ({})", why.join(": ")));
    }
    let expected = |name: &str| case.get(&["expected", name]);
    let text = |text: &Option<Arc<str>>| text.as_deref().map_or(Json::Null, Json::from);
    let parts = [
        ("output", expected("output"), recorded::json(&found.output)),
        ("error", expected("error"), text(&found.error)),
        ("cause", expected("cause_text").or_else(|| expected("cause")), text(&found.cause)),
    ];
    let difference = parts.into_iter().find_map(|(name, expected, found)| {
        let texts = if name == "cause" { Texts::Json } else { Texts::Plain };
        let difference = words.difference(expected.unwrap_or(&Json::Null), &found, texts)?;
        Some(difference.under(name))
    });
    difference.map_or(Outcome::Passed, |difference| Outcome::Failed(difference.to_string()))
}

fn events(case: &Case, words: &Words, found: &[Json]) -> Outcome {
    let Some(expected) = case.get(&["expected", "history"]).and_then(Json::as_array) else { return Outcome::Passed };
    let reading = history::Reading {
        parallel_unordered: case.get(&["history_parallel_normalised"]) == Some(&Json::Bool(true)),
        map_exit_drift: case.get(&["drift"]).is_some(),
    };
    match history::difference(expected, found, words, reading) {
        Some(why) => Outcome::Failed(why),
        None => Outcome::Passed,
    }
}
