//! Runs something again whenever a file changes.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::{terminal, Exit, Failure};

/// How long to sleep between two looks at the files. Looking costs a `stat` each, needs no rights and works on
/// network and container mounts, where notifications often do not.
const PAUSE: Duration = Duration::from_millis(250);

type Stamp = (SystemTime, u64);

/// Calls `action` now and after every change below `paths`; ends only by a signal.
pub(super) fn run(paths: &[String], mut action: impl FnMut() -> Exit) -> Result<Exit, Failure> {
    if paths.iter().any(|path| path == "-") {
        return Err(Failure::usage("standard input cannot be watched"));
    }
    loop {
        let before = stamps(paths);
        action();
        terminal::error_line("watching for changes; Ctrl-C ends it");
        while stamps(paths) == before {
            std::thread::sleep(PAUSE);
        }
    }
}

fn stamps(paths: &[String]) -> BTreeMap<String, Stamp> {
    let inputs = super::files::collect(paths, None, &[]).unwrap_or_default();
    let files = inputs.into_iter().filter_map(|input| match input {
        super::files::Input::Path(path) | super::files::Input::Found(path) => Some(path),
        super::files::Input::Stdin(_) => None,
    });
    files.filter_map(|path| Some((path.clone(), stamp(Path::new(&path))?))).collect()
}

fn stamp(path: &Path) -> Option<Stamp> {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}
