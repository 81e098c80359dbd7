//! Commands as processes: a shell string or a program with arguments.

use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use wfc_expr::Value;
use wfc_run_core::RunError;

use crate::{Call, Desk, Reply, ToolFuture, Tools};

/// How many bytes of each output stream are kept (`max-output`); what comes behind them is read and dropped.
pub const MAX_OUTPUT: usize = 1 << 20;

/// The name of the error for a process that says it failed.
const EXIT: &str = "wfc.ExitCode";

/// The tool `shell`: runs `{"command": "text for a shell"}` or `{"argv": ["program", …]}`, both with optional `env`,
/// `cwd` and `stdin`.
///
/// The answer is `{"ok", "exit_code", "stdout", "stderr"}`, with `truncated` where output was dropped; `ok` makes it
/// readable for conditions. A process whose work is cancelled is killed together with what it started.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessTools;

impl Tools for ProcessTools {
    fn call(&self, call: Call, _: Desk) -> ToolFuture {
        Box::pin(async move { run(&call).await })
    }
}

async fn run(call: &Call) -> Reply {
    let mut command = command(&call.args).map_err(|why| RunError::new("wfc.BadArguments", why))?;
    command.env("WFC_STEP", &*call.key).env("WFC_IDEMPOTENCY_KEY", &call.idempotency);
    let fed = text(&call.args, "stdin").map_err(|why| RunError::new("wfc.BadArguments", why))?.map(str::to_owned);
    command.stdin(if fed.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let child = command.spawn().map_err(|error| {
        RunError::new("wfc.Spawn", format!("{}: {error}", command.as_std().get_program().to_string_lossy()))
    })?;
    let mut group = Group::of(&child);
    let answer = finish(child, fed).await;
    group.disarm();
    answer
}

fn command(args: &Value) -> Result<Command, String> {
    let argv = strings(args.get("argv"))?;
    let (program, rest) = match (text(args, "command")?, argv.split_first()) {
        (Some(script), None) => ("sh", vec!["-c", script]),
        (None, Some((program, rest))) => (*program, rest.to_vec()),
        _ => return Err("the arguments need either 'command' or 'argv'".to_owned()),
    };
    let mut command = Command::new(program);
    command.args(rest);
    if let Some(folder) = text(args, "cwd")? {
        command.current_dir(folder);
    }
    for (name, value) in args.get("env").and_then(Value::as_object).into_iter().flat_map(|env| env.iter()) {
        let value = value.as_str().map_or_else(|| value.to_json(), str::to_owned);
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            return Err(format!("'{name}' cannot be set as an environment variable"));
        }
        command.env(name, value);
    }
    #[cfg(unix)]
    command.process_group(0);
    Ok(command)
}

fn text<'a>(args: &'a Value, name: &str) -> Result<Option<&'a str>, String> {
    match args.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.contains('\0') => Ok(Some(text)),
        Some(_) => Err(format!("'{name}' must be a string without NUL")),
    }
}

fn strings(args: Option<&Value>) -> Result<Vec<&str>, String> {
    let items = match args {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(args) => args.as_array().ok_or("'argv' must be an array of strings")?,
    };
    let plain = |item: &Value| item.as_str().is_some_and(|text| !text.contains('\0'));
    if !items.iter().all(plain) {
        return Err("'argv' must be an array of strings without NUL".to_owned());
    }
    Ok(items.iter().filter_map(Value::as_str).collect())
}

async fn finish(mut child: Child, fed: Option<String>) -> Reply {
    let (out, err, stdin) = (child.stdout.take(), child.stderr.take(), child.stdin.take());
    let feed = async {
        if let (Some(mut stdin), Some(text)) = (stdin, fed) {
            // A process that does not read to the end has decided so.
            let _ = stdin.write_all(text.as_bytes()).await;
        }
    };
    let (status, (), out, err) = tokio::join!(child.wait(), feed, capture(out), capture(err));
    let status = status.map_err(|error| RunError::new("wfc.Wait", error.to_string()))?;
    if status.success() {
        return Ok(answer(status, &out, &err));
    }
    Err(failure(status, &err))
}

fn answer(status: ExitStatus, out: &Captured, err: &Captured) -> Value {
    let mut members = vec![
        ("ok", Value::from(status.success())),
        ("exit_code", status.code().map_or(Value::Null, |code| i64::from(code).into())),
        ("stdout", out.text().into()),
        ("stderr", err.text().into()),
    ];
    if out.truncated || err.truncated {
        members.push(("truncated", true.into()));
    }
    members.into_iter().collect()
}

fn failure(status: ExitStatus, err: &Captured) -> RunError {
    RunError { exit_code: status.code(), ..RunError::new(EXIT, err.text()) }
}

struct Captured {
    bytes: Vec<u8>,
    truncated: bool,
}

impl Captured {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

async fn capture(stream: Option<impl AsyncRead + Unpin>) -> Captured {
    let mut captured = Captured { bytes: Vec::new(), truncated: false };
    let Some(mut stream) = stream else { return captured };
    let mut buffer = vec![0; 16 * 1024];
    // A stream that cannot be read any more has said all it can.
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        let kept = count.min(MAX_OUTPUT - captured.bytes.len());
        captured.bytes.extend_from_slice(&buffer[..kept]);
        captured.truncated |= kept < count;
    }
    captured
}

/// Kills a process with everything it started, unless it has ended by itself.
struct Group(Option<u32>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id())
    }

    fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    /// The system's `kill` speaks to a group of processes; the standard library has no safe call for it.
    fn drop(&mut self) {
        let Some(id) = self.0.filter(|_| cfg!(unix)) else { return };
        let group = format!("-{id}");
        let mut kill = std::process::Command::new("kill");
        // Best effort: if there is no such program, the process itself still dies with its handle.
        let _ = kill.args(["-KILL", "--", &group]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
