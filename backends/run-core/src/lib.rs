//! The pure step function all runtimes share.
//!
//! [`step`] takes a program, the state of a run and one event, and says what to do next as commands. Inside is no
//! clock, no disk and no chance: time and answers arrive in events, random numbers are derived from the run's seed.
//! Feeding the same events to the same program therefore gives the same commands, which is what recovery, replay
//! and tests rest on.
//!
//! Work is cut into transitions that wait in a queue of the state. One call makes at most [`FUEL`] of them, so that
//! a program that never rests cannot keep its driver from hearing a cancellation.

mod abort;
mod batch;
mod children;
mod command;
mod compare;
mod dag;
mod enter;
mod error;
mod eval;
mod event;
mod fail;
mod fields;
pub mod history;
mod intact;
mod numbers;
mod path;
mod present;
mod probe;
mod program;
mod record;
mod rounds;
mod runs;
mod settle;
mod state;
#[cfg(test)]
mod tests;
mod time;
mod trace;
mod turn;

pub use command::{Command, Dispatch, OpenItems, Outcome, RunStatus, Source, StartRun, Status, Way};
pub use error::{Fault, Phase, RunError};
pub use event::{Act, Body, Event, Purpose, Redrive, Setting, Single, TimerId};
pub use intact::StateError;
pub use probe::{Probe, ProbeEnd, Stage};
pub use program::{LoadError, Program};
pub use record::{Detail, Record, RecordKind};
pub use state::RunState;
pub use time::{instant_text, parse_instant, Instant, Millis};

/// How many transitions one call of [`step`] makes at most.
pub const FUEL: usize = 1_000;

/// Takes an event and appends what is to be done. After [`Status::Again`] send [`Body::Go`], or what has happened
/// meanwhile.
pub fn step(program: &Program, state: &mut RunState, event: Event, commands: &mut Vec<Command>) -> Status {
    state.now = state.now.max(event.at);
    let mut turn = turn::Turn { program, plan: program.plan(), state, commands };
    turn.receive(event.body);
    turn.run(FUEL)
}
