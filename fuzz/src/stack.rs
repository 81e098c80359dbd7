//! Deep nesting on the stack an ordinary thread has.

use std::thread;

/// What threads get by default; embedders call the library from such threads.
pub const STACK: usize = 2 << 20;

/// Fewer openings than this cannot overflow anything; a thread for each input would halve the speed.
const OPENINGS: usize = 500;

/// Whether the bytes hold enough openings to nest deep in some language.
pub(crate) fn may_nest(data: &[u8]) -> bool {
    data.iter().filter(|byte| b"[{(<!-?:|.~^".contains(byte)).count() > OPENINGS
}

/// Runs `work` on a stack of [`STACK`] bytes; a panic goes on here.
pub fn on_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Leaves `data` in the file that `WFC_FUZZ_TRACE` names: a process that ran out of stack cannot write it any more.
pub(crate) fn leave_trace(data: &[u8]) {
    if let Some(path) = std::env::var_os("WFC_FUZZ_TRACE") {
        // The trace only helps to find a crash again; failing to write it is no finding.
        let _ = std::fs::write(path, data);
    }
}
