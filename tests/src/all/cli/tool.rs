//! The built command, run in a folder of its own.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use wfc_tests::files;

use crate::support::fail;

/// The command with a folder it works in, which is removed at the end.
pub(super) struct Wfc {
    program: &'static Path,
    folder: PathBuf,
}

/// How a command ended.
pub(super) struct Run {
    pub(super) line: String,
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = |text: &str| text.chars().take(2000).collect::<String>();
        writeln!(f, "`wfc {}` ended with {:?}", self.line, self.code)?;
        write!(f, "--- standard output\n{}--- standard error\n{}", cut(&self.stdout), cut(&self.stderr))
    }
}

impl Wfc {
    /// The command in a new folder with these files.
    pub(super) fn with(contents: &[(&str, &str)]) -> Result<Self, Failed> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let program = program()?;
        let name = format!("wfc-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let wfc = Self { program, folder: std::env::temp_dir().join(name) };
        for (path, text) in contents {
            let path = wfc.folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&wfc.folder))?;
            fs::write(path, text)?;
        }
        Ok(wfc)
    }

    /// Runs a command line of blank-separated arguments to its end.
    pub(super) fn run(&self, line: &str, stdin: &str) -> Result<Run, Failed> {
        let mut command = self.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let text = stdin.to_owned();
        // A command that does not read all of its input closes the pipe, which is no failure of the test.
        let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
        let output = child.wait_with_output()?;
        let _ = writer.join();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Run {
            line: line.to_owned(),
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        })
    }

    /// Begins a command line without input that goes on while the test does.
    pub(super) fn start(&self, line: &str) -> Result<Running, Failed> {
        let mut command = self.command(line);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (stdout, stderr) = (gather(child.stdout.take()), gather(child.stderr.take()));
        Ok(Running { line: line.to_owned(), child, stdout, stderr, seen: String::new() })
    }

    /// Waits until a file in the folder holds something.
    pub(super) fn wait_for(&self, name: &str, patience: Duration) -> Result<String, Failed> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            match fs::read_to_string(self.folder.join(name)) {
                Ok(text) if !text.is_empty() => return Ok(text),
                _ => std::thread::sleep(PAUSE),
            }
        }
        Err(fail(format!("{name} did not come to be")))
    }

    /// Whether there is such a file in the folder.
    pub(super) fn has(&self, name: &str) -> bool {
        self.folder.join(name).symlink_metadata().is_ok()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(self.program);
        command.args(line.split_whitespace()).current_dir(&self.folder);
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "WFC_OUTPUT_FORMAT", "TERM"] {
            command.env_remove(name);
        }
        command
    }

    /// The text of a file in the folder.
    pub(super) fn read(&self, name: &str) -> Result<String, Failed> {
        crate::support::read(&self.folder.join(name))
    }
}

/// A command under way.
pub(super) struct Running {
    line: String,
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    /// What was read of standard error.
    seen: String,
}

/// How often the state of things is looked at.
const PAUSE: Duration = Duration::from_millis(10);

impl Running {
    /// The number of the process.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line on standard error that holds this text.
    pub(super) fn line_with(&mut self, part: &str, patience: Duration) -> Result<String, Failed> {
        let begun = Instant::now();
        while let Ok(line) = self.stderr.recv_timeout(patience.saturating_sub(begun.elapsed())) {
            self.seen.push_str(&line);
            if line.contains(part) {
                return Ok(line.trim_end().to_owned());
            }
        }
        Err(fail(format!("no line with '{part}' came: {}", self.seen)))
    }

    /// Waits for the end; what takes longer is killed, and is a failure.
    pub(super) fn end(mut self, patience: Duration) -> Result<Run, Failed> {
        let begun = Instant::now();
        let status = loop {
            match self.child.try_wait()? {
                Some(status) => break status,
                None if begun.elapsed() > patience => {
                    self.child.kill()?;
                    return Err(fail(format!("`wfc {}` did not end in {patience:?}", self.line)));
                }
                None => std::thread::sleep(PAUSE),
            }
        };
        let stderr = std::mem::take(&mut self.seen) + &self.stderr.iter().collect::<String>();
        Ok(Run { line: self.line, code: status.code(), stdout: self.stdout.iter().collect(), stderr })
    }
}

/// The lines of a stream, read by a thread of their own so that no pipe runs full.
fn gather(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let Some(stream) = stream else { return };
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
    receiver
}

impl Drop for Wfc {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The command that `WFC_BIN` names, else one that is built if need be: cargo tells test binaries of other packages
/// nothing about it.
fn program() -> Result<&'static Path, Failed> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let find = || std::env::var_os("WFC_BIN").map_or_else(build, |path| Ok(path.into()));
    PROGRAM.get_or_init(find).as_deref().map_err(fail)
}

fn build() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let profile = own.ancestors().nth(2).ok_or("the test binary has no folder")?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--offline", "-p", "wfc-compiler", "--bin", "wfc"]).current_dir(files::workspace());
    if let Some(target) = profile.parent() {
        cargo.arg("--target-dir").arg(target);
    }
    if files::file_name(profile) == "release" {
        cargo.arg("--release");
    }
    let output = cargo.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("the command could not be built: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(profile.join(format!("wfc{}", std::env::consts::EXE_SUFFIX)))
}
