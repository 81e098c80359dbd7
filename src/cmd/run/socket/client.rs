//! The side of whoever answers.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{sockets, Reply, Request, ENDING, MAX_LINE};

/// How long a run may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks the runs under way in this folder and those above: first the one the token is of, then all others. `NoTask` if
/// none has such a task; the number says how many were asked.
pub(in crate::cmd) fn ask(request: &Request) -> io::Result<(Reply, usize)> {
    let own = request.token().and_then(run_of).map(|run| format!("{run}{ENDING}"));
    let mut paths = under_way()?;
    paths.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()) != own.as_deref());
    let mut asked = 0;
    for path in paths {
        // A run that has just ended, or was killed, has nothing to say.
        let Ok(reply) = talk(&path, request) else { continue };
        asked += 1;
        if !matches!(reply, Reply::NoTask) {
            return Ok((reply, asked));
        }
    }
    Ok((Reply::NoTask, asked))
}

/// The run a token is of: tokens end with five numbers behind the run's name.
fn run_of(token: &str) -> Option<&str> {
    token.rsplitn(6, '.').nth(5)
}

fn under_way() -> io::Result<Vec<PathBuf>> {
    let here = std::env::current_dir()?;
    let mut found = Vec::new();
    for folder in here.ancestors() {
        let Ok(entries) = fs::read_dir(sockets(folder)) else { continue };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.to_string_lossy().ends_with(ENDING));
        paths.sort();
        found.extend(paths);
    }
    Ok(found)
}

fn talk(path: &Path, request: &Request) -> io::Result<Reply> {
    let real = fs::read_link(path).unwrap_or_else(|_| path.to_path_buf());
    let mut stream = UnixStream::connect(real)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut text = serde_json::to_string(request)?;
    text.push('\n');
    stream.write_all(text.as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream.take(MAX_LINE)).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_name_their_run() {
        assert_eq!(super::run_of("run-7.0.2.1.1.00ff"), Some("run-7"));
        assert_eq!(super::run_of("a.b.0.2.1.1.00ff"), Some("a.b"));
        assert_eq!(super::run_of("nothing"), None);
    }
}
