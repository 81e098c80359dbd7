//! Starts a process for each case, and watches how long it takes.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Case;

/// Longer is a failure, whatever the input.
const MAX_TIME: Duration = Duration::from_secs(10);

/// Runs the cases, prints a line for each, and says how many failed.
pub(crate) fn all<'c>(cases: impl Iterator<Item = &'c Case>) -> usize {
    println!("{:<26} {:>8} {:>8} {:>8}  slowest stage, first finding", "case", "bytes", "ms", "peak MB");
    cases.filter(|case| !passes(case)).count()
}

fn passes(case: &Case) -> bool {
    let program = std::env::current_exe().expect("a program");
    let mut command = Command::new(program);
    command.args(["--one", case.name]).env("RUST_BACKTRACE", "0").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let finished = wait(&mut child);
    let (mut line, mut words) = (String::new(), String::new());
    child.stdout.take().into_iter().for_each(|mut out| drop(out.read_to_string(&mut line)));
    child.stderr.take().into_iter().for_each(|mut out| drop(out.read_to_string(&mut words)));
    match finished {
        Some(true) => println!("{:<26} {}", case.name, line.trim_end()),
        Some(false) => println!("{:<26} FAILED: {}", case.name, words.trim_end()),
        None => println!("{:<26} FAILED: more than {} s; {}", case.name, MAX_TIME.as_secs(), words.trim_end()),
    }
    finished == Some(true)
}

/// Whether it ended well; nothing if it took too long.
fn wait(child: &mut Child) -> Option<bool> {
    let start = Instant::now();
    // Making the input counts too, but not much: the limit on the work itself is in the pipeline.
    while start.elapsed() < MAX_TIME * 2 {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) => std::thread::sleep(Duration::from_millis(2)),
            Err(_) => return Some(false),
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}
