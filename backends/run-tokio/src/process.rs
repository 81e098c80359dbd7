//! Commands as processes: a shell string or a program with arguments.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use wfc_expr::Value;
use wfc_run_core::RunError;

use crate::{Call, Desk, Reply, ToolFuture, Tools};

/// How many bytes of each output stream are kept (`max-output`); what comes behind them is read and dropped.
pub const MAX_OUTPUT: usize = 1 << 20;

/// The name of the error for a process that says it failed.
pub(crate) const EXIT: &str = "wfc.ExitCode";

/// The name of the error for a process that was ended by a signal.
pub(crate) const SIGNAL: &str = "wfc.Signal";

/// The name of the error for a program that cannot be started.
pub(crate) const SPAWN: &str = "wfc.Spawn";

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
    let fed = text(&call.args, "stdin").map_err(|why| RunError::new("wfc.BadArguments", why))?;
    let stdin = fed.map(|text| text.as_bytes().to_vec());
    let job = Job { command, stdin, stdout: Keep::Head, stderr: Keep::Head, limit: None };
    let Ran { end, stdout, stderr } = job.run().await?;
    match end {
        End::Exit(status) if status.success() => Ok(answer(status, &stdout, &stderr)),
        End::Exit(status) => Err(failure(status, &stderr)),
        // Without a limit of its own, and with streams that may be cut, it ends in no other way.
        End::TooMuch | End::TimeUp => Err(RunError::new(EXIT, stderr.text())),
    }
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
    match signal(status) {
        Some(signal) => RunError {
            exit_code: Some(128_i32.saturating_add(signal)),
            ..RunError::new(SIGNAL, format!("{}{}", killed_by(signal), err.quoted()))
        },
        None => RunError { exit_code: status.code(), ..RunError::new(EXIT, err.text()) },
    }
}

/// The signal that ended a process.
pub(crate) fn signal(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    return std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    return status.code().and(None);
}

/// Says which signal ended a process, and what usually sends it.
pub(crate) fn killed_by(signal: i32) -> String {
    let (name, why) = match signal {
        1 => ("HUP", "its terminal was closed"),
        2 => ("INT", "it was interrupted"),
        4 => ("ILL", "it ran an illegal instruction"),
        6 => ("ABRT", "it aborted itself"),
        8 => ("FPE", "it made an arithmetic error"),
        9 => ("KILL", "somebody killed it, or the system was out of memory"),
        11 => ("SEGV", "it touched memory that is not its own"),
        13 => ("PIPE", "nobody read its output any more"),
        15 => ("TERM", "it was asked to end"),
        _ => ("", ""),
    };
    match name {
        "" => format!("the process was ended by signal {signal}"),
        _ => format!("the process was ended by signal {signal} ({name}): {why}"),
    }
}

/// A process to run, with what is kept of its streams.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) command: Command,
    pub(crate) stdin: Option<Vec<u8>>,
    pub(crate) stdout: Keep,
    pub(crate) stderr: Keep,
    /// How long it may take.
    pub(crate) limit: Option<Duration>,
}

/// What a process did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) end: End,
    pub(crate) stdout: Captured,
    pub(crate) stderr: Captured,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// By itself or by a signal.
    Exit(ExitStatus),
    /// A stream of which everything is kept was longer than [`MAX_OUTPUT`].
    TooMuch,
    /// The time was up.
    TimeUp,
}

impl Job {
    /// Runs the process to its end; whatever ends it earlier, and dropping the future, kills it with its children.
    pub(crate) async fn run(mut self) -> Result<Ran, RunError> {
        self.command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        #[cfg(unix)]
        self.command.process_group(0);
        let mut child = self.command.spawn().map_err(|error| {
            RunError::new(SPAWN, format!("{}: {error}", self.command.as_std().get_program().to_string_lossy()))
        })?;
        let mut group = Group::of(&child);
        let (mut stdout, mut stderr) = (Captured::new(self.stdout), Captured::new(self.stderr));
        let (out, err, feed) = (child.stdout.take(), child.stderr.take(), feed(child.stdin.take(), self.stdin));
        let work = async {
            let wait = async { child.wait().await.map_err(Cut::Wait) };
            let (status, (), (), ()) = tokio::try_join!(wait, feed, stdout.fill(out), stderr.fill(err))?;
            Ok(status)
        };
        let ended = match self.limit {
            Some(limit) => tokio::time::timeout(limit, work).await.unwrap_or(Err(Cut::TimeUp)),
            None => work.await,
        };
        let end = match ended {
            Ok(status) => {
                group.disarm();
                End::Exit(status)
            }
            Err(Cut::TooMuch) => End::TooMuch,
            Err(Cut::TimeUp) => End::TimeUp,
            Err(Cut::Wait(error)) => return Err(RunError::new("wfc.Wait", error.to_string())),
        };
        Ok(Ran { end, stdout, stderr })
    }
}

/// Why a process is not waited for any more.
enum Cut {
    TooMuch,
    TimeUp,
    Wait(std::io::Error),
}

async fn feed(stdin: Option<ChildStdin>, bytes: Option<Vec<u8>>) -> Result<(), Cut> {
    if let (Some(mut stdin), Some(bytes)) = (stdin, bytes) {
        // A process that does not read to the end has decided so.
        let _ = stdin.write_all(&bytes).await;
    }
    Ok(())
}

/// What is kept of a stream that is longer than [`MAX_OUTPUT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Its beginning.
    Head,
    /// Its last [`TAIL`] bytes.
    Tail,
    /// Nothing: such a stream ends the process.
    All,
}

/// How many bytes are kept where only the end of a stream matters.
const TAIL: usize = 4 << 10;

/// What a stream came to.
#[derive(Debug)]
pub(crate) struct Captured {
    keep: Keep,
    bytes: Vec<u8>,
    truncated: bool,
}

impl Captured {
    fn new(keep: Keep) -> Self {
        Self { keep, bytes: Vec::new(), truncated: false }
    }

    /// What was kept, if it is UTF-8, or else where it stops being it.
    pub(crate) fn strict(&self) -> Result<&str, usize> {
        std::str::from_utf8(&self.bytes).map_err(|error| error.valid_up_to())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What was kept as the end of a message; nothing if there is nothing.
    pub(crate) fn quoted(&self) -> String {
        match self.text().trim() {
            "" => String::new(),
            text => format!("; it wrote to standard error:\n{text}"),
        }
    }

    async fn fill(&mut self, stream: Option<impl AsyncRead + Unpin>) -> Result<(), Cut> {
        let Some(mut stream) = stream else { return Ok(()) };
        let mut buffer = vec![0; 16 * 1024];
        // A stream that cannot be read any more has said all it can.
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            self.take(&buffer[..count])?;
        }
        Ok(())
    }

    fn take(&mut self, read: &[u8]) -> Result<(), Cut> {
        if self.keep == Keep::Tail {
            self.bytes.extend_from_slice(read);
            let surplus = self.bytes.len().saturating_sub(TAIL);
            self.bytes.drain(..surplus);
            return Ok(());
        }
        let kept = read.len().min(MAX_OUTPUT - self.bytes.len());
        self.bytes.extend_from_slice(&read[..kept]);
        self.truncated |= kept < read.len();
        if self.truncated && self.keep == Keep::All {
            return Err(Cut::TooMuch);
        }
        Ok(())
    }
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
