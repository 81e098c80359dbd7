//! The entries of `[tasks]` in `wfc.toml` and of `--task`: who answers a task.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use wfc_expr::Value;

/// `[tasks]`: who answers which task.
///
/// A key is a Resource, the name or ARN of a Lambda function, or `state:` and the name of a state; `*` in it stands
/// for any text and `?` for one character. The state comes before the function and the function before the Resource;
/// an exact key comes before a pattern, and the pattern that says most before others.
///
/// ```toml
/// [tasks]
/// "charge" = { command = ["python3", "charge.py"], timeout = 30 }
/// "arn:aws:lambda:*:*:function:ship-*" = { handler = "handlers/ship.py:handler" }
/// "arn:aws:states:::sqs:sendMessage" = { http = "http://localhost:9324/queue" }
/// "arn:aws:states:::dynamodb:putItem" = { result = {} }
/// "state:Approve" = { ask = "Approve the order?" }
/// "state:Refund" = { error = "RefundRefused", cause = "Too late." }
/// ```
pub type Tasks = BTreeMap<String, TaskMapping>;

/// One entry of `[tasks]`: exactly one of `command`, `handler`, `http`, `result`, `error` and `ask`, with what belongs
/// to it.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "Entry")]
#[schemars(with = "Entry")]
pub struct TaskMapping {
    /// What answers.
    pub(crate) action: Action,
    /// How long it may take; absent: [`DEFAULT_TIMEOUT`], zero: any time.
    pub(crate) timeout: Option<Duration>,
}

/// What answers a task.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    Command { argv: Vec<String>, place: Place, exit_codes: BTreeMap<i32, String> },
    Handler { handler: String, runtime: Option<String>, place: Place },
    Http { url: String, method: Option<String>, headers: Secrets },
    Result(Value),
    Error { name: String, cause: Option<String> },
    Ask(String),
}

/// Where and with what a process runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Place {
    pub(crate) env: Secrets,
    pub(crate) cwd: Option<String>,
}

/// Named texts that are never shown.
#[derive(Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Secrets(pub(crate) BTreeMap<String, String>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Texts shorter than this are no secrets: hiding them would hide everything.
const SHORTEST_SECRET: usize = 4;

impl TaskMapping {
    /// What must not be shown of what the entry gives.
    pub(crate) fn secrets(&self) -> Option<&Secrets> {
        match &self.action {
            Action::Command { place, .. } | Action::Handler { place, .. } => Some(&place.env),
            Action::Http { headers, .. } => Some(headers),
            Action::Result(_) | Action::Error { .. } | Action::Ask(_) => None,
        }
    }
}

impl Secrets {
    /// The text without the values.
    pub(crate) fn hidden(&self, text: String) -> String {
        let long = self.0.values().filter(|value| value.len() >= SHORTEST_SECRET);
        long.fold(text, |text, value| text.replace(value.as_str(), "***"))
    }
}

/// How long a command or handler may take unless its entry says otherwise: as long as a Lambda function at most.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(900);

/// The longest time that can be asked for: a year, as long as an execution at most.
const MAX_SECONDS: f64 = 31_536_000.0;

/// An entry of `[tasks]`: exactly one of `command`, `handler`, `http`, `result`, `error` and `ask`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(rename = "TaskMapping")]
struct Entry {
    /// A program with its arguments, or a text for the shell. It gets the task's payload as JSON on standard input and
    /// prints the result as JSON; an exit code other than 0 is an error.
    command: Option<Words>,
    /// A function for Lambda: `FILE:FUNCTION`, where the file is `.py` (run by `python3`) or `.js`, `.mjs`, `.cjs` (run
    /// by `node`); or as Lambda has it, `FILE.FUNCTION` without the extension.
    handler: Option<String>,
    /// An endpoint that the payload is posted to as JSON and that answers with the result.
    http: Option<String>,
    /// The result, always the same.
    #[schemars(with = "Option<serde_json::Value>")]
    result: Option<Value>,
    /// The name of the error the task fails with.
    error: Option<String>,
    /// A question for whoever sits at the terminal; the answer, JSON or text, is the result.
    ask: Option<String>,
    /// With `error`: its cause.
    cause: Option<String>,
    /// With `command`, `handler` and `http`: the seconds it may take; 0 for any time, 900 unless given.
    timeout: Option<f64>,
    /// With `command` and `handler`: environment variables that are set in addition.
    env: Option<Secrets>,
    /// With `command` and `handler`: the folder it runs in, relative to the `wfc.toml`.
    cwd: Option<String>,
    /// With `command`: names of errors for exit codes, as in `{ 3 = "PaymentDeclined" }`.
    exit_codes: Option<BTreeMap<String, String>>,
    /// With `handler`: the program that runs it, as in `python3.12`.
    runtime: Option<String>,
    /// With `http`: headers that are sent in addition.
    headers: Option<Secrets>,
    /// With `http`: the method; `POST` unless given.
    method: Option<String>,
}

/// A program with its arguments, or a text for the shell.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Words {
    Shell(String),
    Program(Vec<String>),
}

impl TaskMapping {
    /// Reads `PATTERN=VALUE` as the command line has it.
    ///
    /// The value is the same as in `wfc.toml` (`{ command = ["python3", "charge.py"] }`), or short: an `http://` or
    /// `https://` address, `FILE.py:FUNCTION` and the like, `ask:QUESTION`, `result:JSON`, or else a command.
    pub fn parse_flag(flag: &str) -> Result<(String, TaskMapping), String> {
        let (pattern, value) = flag
            .split_once('=')
            .map(|(pattern, value)| (pattern.trim(), value.trim()))
            .filter(|(pattern, value)| !pattern.is_empty() && !value.is_empty())
            .ok_or_else(|| format!("'{flag}' is not PATTERN=VALUE, as in 'charge=python3 charge.py'"))?;
        let entry = if value.starts_with('{') { table(value)? } else { short(value)? };
        Ok((pattern.to_owned(), TaskMapping::try_from(entry)?))
    }

    /// The time limit that is in force.
    pub(crate) fn limit(&self) -> Option<Duration> {
        Some(self.timeout.unwrap_or(DEFAULT_TIMEOUT)).filter(|limit| !limit.is_zero())
    }
}

fn table(value: &str) -> Result<Entry, String> {
    #[derive(Deserialize)]
    struct File {
        task: Entry,
    }
    let read = toml::from_str::<File>(&format!("task = {value}")).map(|file| file.task);
    read.or_else(|error| serde_json::from_str(value).map_err(|_| error.message().to_owned()))
}

fn short(value: &str) -> Result<Entry, String> {
    let entry = Entry::default();
    if value.starts_with("http://") || value.starts_with("https://") {
        return Ok(Entry { http: Some(value.to_owned()), ..entry });
    }
    if let Some(question) = value.strip_prefix("ask:") {
        return Ok(Entry { ask: Some(question.trim().to_owned()), ..entry });
    }
    if let Some(json) = value.strip_prefix("result:") {
        let result = Value::parse(json.trim()).map_err(|error| format!("the result is not JSON: {error}"))?;
        return Ok(Entry { result: Some(result), ..entry });
    }
    if super::handler::is_handler(value) {
        return Ok(Entry { handler: Some(value.to_owned()), ..entry });
    }
    Ok(Entry { command: Some(Words::Shell(value.to_owned())), ..entry })
}

impl TryFrom<Entry> for TaskMapping {
    type Error = String;

    fn try_from(mut entry: Entry) -> Result<Self, String> {
        let timeout = entry.timeout.take().map(seconds).transpose()?;
        let action = entry.action()?;
        let timed = matches!(action, Action::Command { .. } | Action::Handler { .. } | Action::Http { .. });
        if timeout.is_some() && !timed {
            return Err("`timeout` belongs to `command`, `handler` or `http`".to_owned());
        }
        entry.left_over()?;
        Ok(Self { action, timeout })
    }
}

fn seconds(seconds: f64) -> Result<Duration, String> {
    let valid = Some(seconds).filter(|seconds| (0.0..=MAX_SECONDS).contains(seconds));
    valid.map(Duration::from_secs_f64).ok_or_else(|| format!("`timeout` is between 0 and {MAX_SECONDS} seconds"))
}

impl Entry {
    /// Takes the action and what belongs to it out of the entry.
    fn action(&mut self) -> Result<Action, String> {
        type Take = fn(&mut Entry) -> Result<Action, String>;
        let known: [(&str, bool, Take); 6] = [
            ("command", self.command.is_some(), Entry::command),
            ("handler", self.handler.is_some(), Entry::handler),
            ("http", self.http.is_some(), Entry::http),
            ("result", self.result.is_some(), |entry| Ok(Action::Result(entry.result.take().unwrap_or_default()))),
            ("error", self.error.is_some(), |entry| Ok(entry.error())),
            ("ask", self.ask.is_some(), |entry| Ok(Action::Ask(entry.ask.take().unwrap_or_default()))),
        ];
        let mut given = known.into_iter().filter(|(_, given, _)| *given);
        match (given.next(), given.next()) {
            (Some((_, _, take)), None) => take(self),
            (Some((first, ..)), Some((second, ..))) => Err(format!("`{first}` and `{second}` exclude each other")),
            (None, _) => {
                Err("one of `command`, `handler`, `http`, `result`, `error` or `ask` says who answers".to_owned())
            }
        }
    }

    fn error(&mut self) -> Action {
        Action::Error { name: self.error.take().unwrap_or_default(), cause: self.cause.take() }
    }

    fn place(&mut self) -> Result<Place, String> {
        let env = self.env.take().unwrap_or_default();
        let unfit = |(name, value): (&String, &String)| {
            (name.is_empty() || name.contains(['=', '\0']) || value.contains('\0')).then(|| name.clone())
        };
        match env.0.iter().find_map(unfit) {
            Some(name) => Err(format!("'{name}' cannot be set as an environment variable")),
            None => Ok(Place { env, cwd: self.cwd.take() }),
        }
    }

    fn command(&mut self) -> Result<Action, String> {
        let argv = match self.command.take() {
            Some(Words::Program(argv)) => argv,
            Some(Words::Shell(text)) => vec!["sh".to_owned(), "-c".to_owned(), text],
            None => Vec::new(),
        };
        if argv.is_empty() || argv.iter().any(|word| word.contains('\0')) {
            return Err("`command` is a text for the shell or a program with its arguments".to_owned());
        }
        let mut exit_codes = BTreeMap::new();
        for (code, name) in self.exit_codes.take().unwrap_or_default() {
            let code = code.parse().map_err(|_| format!("`exit-codes`: '{code}' is not an exit code"))?;
            exit_codes.insert(code, name);
        }
        Ok(Action::Command { argv, place: self.place()?, exit_codes })
    }

    fn handler(&mut self) -> Result<Action, String> {
        let handler = self.handler.take().unwrap_or_default();
        if !super::handler::is_handler(&handler) && !super::handler::is_lambda_name(&handler) {
            return Err(format!("'{handler}' is not FILE:FUNCTION with a file .py, .js, .mjs or .cjs"));
        }
        Ok(Action::Handler { handler, runtime: self.runtime.take(), place: self.place()? })
    }

    fn http(&mut self) -> Result<Action, String> {
        let url = self.http.take().unwrap_or_default();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(format!("'{url}' does not begin with http:// or https://"));
        }
        Ok(Action::Http { url, method: self.method.take(), headers: self.headers.take().unwrap_or_default() })
    }

    /// Refuses what does not belong to the action that was taken.
    fn left_over(&self) -> Result<(), String> {
        let left = [
            ("cause", "error", self.cause.is_some()),
            ("env", "command` or `handler", self.env.is_some()),
            ("cwd", "command` or `handler", self.cwd.is_some()),
            ("exit-codes", "command", self.exit_codes.is_some()),
            ("runtime", "handler", self.runtime.is_some()),
            ("headers", "http", self.headers.is_some()),
            ("method", "http", self.method.is_some()),
        ];
        match left.iter().find(|(_, _, given)| *given) {
            Some((name, owner, _)) => Err(format!("`{name}` belongs to `{owner}`")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Result<TaskMapping, String> {
        toml::from_str::<BTreeMap<String, TaskMapping>>(&format!("t = {text}"))
            .map(|mut table| table.remove("t").unwrap())
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn entries_say_who_answers() {
        for text in [
            r#"{ command = ["python3", "charge.py"], timeout = 30, env = { A = "1" }, cwd = "x", exit-codes = { 3 = "Bad" } }"#,
            r#"{ command = "cat" }"#,
            r#"{ handler = "a/b.py:handler", runtime = "python3.12" }"#,
            r#"{ http = "http://localhost:1/", headers = { Authorization = "x" }, method = "PUT", timeout = 0 }"#,
            r#"{ result = { a = [1, 2.5, "x"] } }"#,
            r#"{ error = "E", cause = "c" }"#,
            r#"{ ask = "Approve?" }"#,
        ] {
            entry(text).unwrap();
        }
    }

    #[test]
    fn entries_that_say_nothing_or_too_much_are_refused() {
        for (text, part) in [
            ("{ }", "says who answers"),
            (r#"{ command = "a", http = "http://x" }"#, "`command` and `http` exclude each other"),
            (r#"{ comand = "a" }"#, "unknown field"),
            ("{ command = [] }", "a program"),
            (r#"{ result = 1, timeout = 3 }"#, "`timeout` belongs to"),
            (r#"{ result = 1, env = { A = "1" } }"#, "`env` belongs to `command` or `handler`"),
            (r#"{ command = "a", timeout = -1 }"#, "between 0 and"),
            (r#"{ command = "a", exit-codes = { x = "E" } }"#, "'x' is not an exit code"),
            (r#"{ handler = "a.rb:f" }"#, "'a.rb:f' is not"),
            (r#"{ http = "ftp://x" }"#, "does not begin with"),
        ] {
            let why = entry(text).unwrap_err();
            assert!(why.contains(part), "{text}: {why}");
        }
    }

    #[test]
    fn flags_are_short_for_entries() {
        for (flag, entry_text) in [
            ("charge=python3 charge.py", r#"{ command = "python3 charge.py" }"#),
            ("charge={ command = [\"a\"] }", r#"{ command = ["a"] }"#),
            ("charge={\"command\": [\"a\"]}", r#"{ command = ["a"] }"#),
            ("charge=http://localhost:9/x=y", r#"{ http = "http://localhost:9/x=y" }"#),
            ("charge=handlers/charge.py:main", r#"{ handler = "handlers/charge.py:main" }"#),
            ("charge=ask:Well?", r#"{ ask = "Well?" }"#),
            ("charge=result:{\"a\":1}", r#"{ result = { a = 1 } }"#),
        ] {
            let (pattern, mapping) = TaskMapping::parse_flag(flag).unwrap();
            assert_eq!((pattern.as_str(), &mapping), ("charge", &entry(entry_text).unwrap()), "{flag}");
        }
        for flag in ["charge", "=x", "x=", "x={", "x=result:{"] {
            assert!(TaskMapping::parse_flag(flag).is_err(), "{flag}");
        }
    }

    #[test]
    fn values_of_variables_are_never_shown() {
        let mapping = entry(r#"{ command = "x", env = { TOKEN = "s3cret" } }"#).unwrap();
        assert!(!format!("{mapping:?}").contains("s3cret"));
        let Action::Command { place, .. } = mapping.action else { panic!() };
        assert_eq!(place.env.hidden("token s3cret refused".to_owned()), "token *** refused");
    }
}
