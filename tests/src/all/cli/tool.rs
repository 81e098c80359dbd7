//! The built command, run in a folder of its own.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::OnceLock;

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
        let mut command = Command::new(self.program);
        command.args(line.split_whitespace()).current_dir(&self.folder);
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "WFC_OUTPUT_FORMAT", "TERM"] {
            command.env_remove(name);
        }
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

    /// The text of a file in the folder.
    pub(super) fn read(&self, name: &str) -> Result<String, Failed> {
        crate::support::read(&self.folder.join(name))
    }
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
