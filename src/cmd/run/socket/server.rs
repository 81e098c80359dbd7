//! The side of the run.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{symlink, DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use wfc_driver::runtime::{AnswerError, Answers, RunError};

use super::{sockets, Reply, Request, ENDING, MAX_LINE};
use crate::cmd::Failure;

/// Hands answers from outside to the run and to the runs it has started.
#[derive(Debug)]
pub(in crate::cmd::run) struct Hub {
    folder: PathBuf,
    run: String,
    state: Mutex<State>,
    /// How many clients are being answered.
    talking: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    runs: Vec<Answers>,
    /// Bound, and not served yet.
    listener: Option<UnixListener>,
    bound: Option<Bound>,
}

/// Files to remove at the end.
#[derive(Debug)]
struct Bound {
    path: PathBuf,
    /// The folder the socket really lies in, if its own path would be too long.
    short: Option<PathBuf>,
}

/// Longer paths are no names of sockets everywhere.
const MAX_PATH: usize = 100;

/// How often, and how long each time, a run that has ended waits for clients that are being answered.
const SETTLE_ROUNDS: u32 = 100;
const SETTLE_PAUSE: Duration = Duration::from_millis(2);

impl Hub {
    /// A hub for the run of this name; nothing is written before somebody joins.
    pub(in crate::cmd::run) fn new(folder: &Path, run: &str) -> Arc<Self> {
        let (folder, run) = (sockets(folder), run.to_owned());
        Arc::new(Self { folder, run, state: Mutex::default(), talking: AtomicUsize::new(0) })
    }

    /// Another run takes answers.
    pub(in crate::cmd::run) fn join(&self, answers: Answers) -> Result<(), Failure> {
        let mut state = self.state();
        if state.bound.is_none() {
            let (listener, bound) = self.bind().map_err(|error| self.failure(&error))?;
            state.listener = Some(listener);
            state.bound = Some(bound);
        }
        state.runs.push(answers);
        Ok(())
    }

    /// Begins to listen, if there is somebody to listen for. To be called inside the runtime.
    pub(in crate::cmd::run) fn serve(self: &Arc<Self>) {
        let Some(listener) = self.state().listener.take() else { return };
        // It was made not to block; nothing else can go wrong inside a runtime.
        let Ok(listener) = tokio::net::UnixListener::from_std(listener) else { return };
        let hub = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let hub = Arc::clone(&hub);
                hub.talking.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(async move {
                    hub.talk(stream).await;
                    hub.talking.fetch_sub(1, Ordering::Relaxed);
                });
            }
        });
    }

    /// Waits until whoever gave an answer that ended the run has heard that it was taken.
    pub(in crate::cmd::run) async fn settle(&self) {
        for _ in 0..SETTLE_ROUNDS {
            if self.talking.load(Ordering::Relaxed) == 0 {
                return;
            }
            tokio::time::sleep(SETTLE_PAUSE).await;
        }
    }

    /// Takes the socket away.
    pub(in crate::cmd::run) fn close(&self) {
        let Some(Bound { path, short }) = self.state().bound.take() else { return };
        // What is gone already needs no removing.
        let _ = fs::remove_file(path);
        if let Some(short) = short {
            let _ = fs::remove_dir_all(short);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bind(&self) -> io::Result<(UnixListener, Bound)> {
        if let Some(above) = self.folder.parent().filter(|above| !above.exists()) {
            fs::create_dir_all(above)?;
            fs::write(above.join(".gitignore"), "*\n")?;
        }
        fs::create_dir_all(&self.folder)?;
        fs::set_permissions(&self.folder, Permissions::from_mode(0o700))?;
        let path = self.folder.join(format!("{}{ENDING}", self.run));
        give_way(&path)?;
        let short = (path.as_os_str().len() > MAX_PATH).then(|| short_folder(&self.run)).transpose()?;
        let real = short.as_ref().map_or_else(|| path.clone(), |folder| folder.join("run"));
        let listener = UnixListener::bind(&real)?;
        fs::set_permissions(&real, Permissions::from_mode(0o600))?;
        if short.is_some() {
            symlink(&real, &path)?;
        }
        listener.set_nonblocking(true)?;
        Ok((listener, Bound { path, short }))
    }

    fn failure(&self, error: &io::Error) -> Failure {
        let folder = self.folder.display();
        if error.kind() == io::ErrorKind::AddrInUse {
            let message = format!("a run called '{}' is under way in {folder}", self.run);
            return Failure::usage(message).help("give this one another name with --id");
        }
        Failure::io(format!("no socket for answers to tasks could be made in {folder}: {error}"))
    }

    /// Answers one line of one client.
    async fn talk(&self, stream: tokio::net::UnixStream) {
        let (reading, mut writing) = stream.into_split();
        let mut line = String::new();
        let read = BufReader::new(reading.take(MAX_LINE)).read_line(&mut line).await;
        let reply = match read.map_err(|error| error.to_string()) {
            Ok(_) => match serde_json::from_str(&line) {
                Ok(request) => self.answer(request).await,
                Err(error) => Reply::Refused(error.to_string()),
            },
            Err(why) => Reply::Refused(why),
        };
        let Ok(mut text) = serde_json::to_string(&reply) else { return };
        text.push('\n');
        // A client that has gone away has decided so.
        let _ = writing.write_all(text.as_bytes()).await;
    }

    /// Asks one run after the other; those that are over are forgotten.
    async fn answer(&self, request: Request) -> Reply {
        let runs = self.state().runs.clone();
        for run in runs {
            match ask(&run, &request).await {
                Ok(reply) => return reply,
                Err(AnswerError::NoSuchTask | AnswerError::Over) => {}
            }
        }
        Reply::NoTask
    }
}

async fn ask(run: &Answers, request: &Request) -> Result<Reply, AnswerError> {
    match request.clone() {
        Request::Success { token, output } => run.finish(token.into(), Ok(output)).await?,
        Request::Failure { token, error, cause } => {
            let name = error.map(Into::into);
            let error = RunError { name, cause: cause.map(Into::into), ..RunError::new("", "") };
            run.finish(token.into(), Err(error)).await?;
        }
        Request::Heartbeat { token } => run.heartbeat(token.into()).await?,
        Request::Poll { activity, worker } => {
            let task = run.poll(activity.into(), worker.map(Into::into)).await?.ok_or(AnswerError::NoSuchTask)?;
            return Ok(Reply::Task { token: task.token.to_string(), input: task.input });
        }
    }
    Ok(Reply::Taken)
}

/// Removes a socket that nobody listens at any more.
fn give_way(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let real = fs::read_link(path).unwrap_or_else(|_| path.to_path_buf());
    match UnixStream::connect(real) {
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(_) => fs::remove_file(path),
    }
}

/// A new folder with a short path that only its owner can look into.
fn short_folder(run: &str) -> io::Result<PathBuf> {
    let number = super::super::name::mixed(run) & 0xffff;
    let folder = std::env::temp_dir().join(format!("wfc-{}-{number:x}", std::process::id()));
    DirBuilder::new().mode(0o700).create(&folder)?;
    Ok(folder)
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.close();
    }
}
