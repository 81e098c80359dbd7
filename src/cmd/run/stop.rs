//! Ends a run that its user does not want any more: once politely, then at once.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::cmd::{terminal, Exit, Failure};

/// Listens to Ctrl-C and to the request to end. The listener has a thread of its own, so that a run that computes
/// without a rest does not keep it from hearing.
pub(super) fn on_signals() -> Result<Arc<Notify>, Failure> {
    let cannot = |error: std::io::Error| Failure::io(format!("the system gives no signals: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::new().map_err(cannot)?
    };
    let cancel = Arc::new(Notify::new());
    let told = Arc::clone(&cancel);
    let listen = move || {
        runtime.block_on(async {
            signals.next().await;
            terminal::error_line("aborting the run; once more ends it at once");
            told.notify_one();
            signals.next().await;
            std::process::exit(Exit::RunAborted.code().into());
        });
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen).map_err(cannot)?;
    Ok(cancel)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{signal, SignalKind};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
