//! The pure step does what CIR means, wherever timing does not matter.

use std::collections::{HashMap, VecDeque};

use wfc_cir::{Module, Sealed};
use wfc_expr::Value;
use wfc_run_core::{step, Body, Command, Event, Phase, Program, Purpose, RunError, RunState, RunStatus, Setting, Status};

use super::{cases, input, interpret, programs, Smallest};
use crate::oracle::{blurred, scripted, Call, Failure, Order, Outcome, Tools, Trace};

/// How many events a run may take.
const MAX_EVENTS: usize = 5_000;

/// How many orders a program is tried in before it counts as the same in all.
const ORDERS: u64 = 32;

pub(super) fn law() -> Result<(), String> {
    let (mut smallest, mut compared) = (Smallest::default(), 0);
    for case in cases() {
        let module = programs::program(case);
        let Some(wanted) = timeless(&module, case) else { continue };
        let Ok(emitted) = wfc_to_plan::emit(&Sealed::assume_sealed(module.clone())) else { continue };
        compared += 1;
        let program = Program::load(emitted.plan).map_err(|error| format!("program {case}: {error}"))?;
        let given = run(&program, input(case), &scripted(case));
        if given.as_ref().map(essence) != Ok(essence(&wanted)) {
            smallest.note(&module, || {
                format!("program {case}\n{}\nmeans {wanted:#?}\nand gives {given:#?}", super::show(&module))
            });
        }
    }
    smallest.verdict(compared)?;
    match compared * 10 >= cases().end {
        true => Ok(()),
        false => Err(format!("only {compared} of {} programs could be compared", cases().end)),
    }
}

/// What a program gives if it is the same whatever runs first.
fn timeless(module: &Module, case: u64) -> Option<Trace> {
    let wanted = interpret(module, case, Order::First);
    let seeded = (0..ORDERS).map(|seed| Order::Seeded(case.wrapping_mul(ORDERS) + seed));
    let mut orders = seeded.chain([Order::Last]);
    let stable = |order: Order| essence(&interpret(module, case, order)) == essence(&wanted);
    (wanted.outcome.is_definite() && !wanted.cut && orders.all(stable)).then_some(wanted)
}

/// What two ways of running a program must agree on, as text: all but the words of errors that a runtime raises itself.
fn essence(trace: &Trace) -> Vec<String> {
    let effects =
        trace.effects.iter().map(|call| format!("{} {} {}", call.key, call.tool, blurred(&call.args).to_json()));
    let outcome = match &trace.outcome {
        Outcome::Succeeded(value) => format!("succeeded {}", blurred(value).to_json()),
        Outcome::Failed(failure) => format!("failed {}", blurred(&failure.record(false)).to_json()),
        other => format!("{other:?}"),
    };
    let mut essence: Vec<String> = effects.collect();
    // Answers that were recorded in different words sort differently.
    essence.sort();
    essence.push(outcome);
    essence
}

/// Runs a program by the pure step; work is answered at once, and no time passes.
fn run(program: &Program, input: Value, tools: &Tools) -> Result<Trace, String> {
    let mut driver = Driver { tools, calls: HashMap::new(), effects: Vec::new(), events: VecDeque::new() };
    let (mut state, mut commands) = (RunState::new(), Vec::new());
    let start = Body::Start { run: "law".into(), seed: 1, input, context: Value::empty_object(), setting: Setting::default() };
    driver.events.push_back(start);
    for seq in 0..MAX_EVENTS {
        let Some(body) = driver.events.pop_front() else { return Err("nothing is left to happen".into()) };
        let event = Event { seq: seq as u64, at: 0, body };
        let status = step(program, &mut state, event, &mut commands);
        if status == Status::Again {
            // One call makes many times the transitions that a program compared here needs.
            return Err("it goes on and on".into());
        }
        for command in commands.drain(..) {
            if let Some(outcome) = driver.obey(command) {
                return Ok(Trace { outcome, effects: driver.effects, cut: false });
            }
        }
    }
    Err(format!("it does not end within {MAX_EVENTS} events"))
}

struct Driver<'t> {
    tools: &'t Tools,
    calls: HashMap<String, u32>,
    effects: Vec<Call>,
    events: VecDeque<Body>,
}

impl Driver<'_> {
    fn obey(&mut self, command: Command) -> Option<Outcome> {
        match command {
            Command::Dispatch(work) => {
                let same = format!("{} {} {}", work.key, work.tool, work.args.to_json());
                let times = self.calls.entry(same).or_default();
                let call = Call { key: work.key, tool: work.tool, args: work.args, before: *times };
                *times += 1;
                let act = work.act;
                self.events.push_back(match (self.tools)(&call) {
                    Ok(value) => Body::Done { act, value },
                    Err(failure) => Body::Failed { act, error: error(failure) },
                });
                self.effects.push(call);
            }
            Command::Cancel { act } => self.events.push_back(Body::Cancelled { act }),
            Command::SetTimer { id, .. } if matches!(id.purpose, Purpose::Wait | Purpose::Backoff) => {
                self.events.push_back(Body::Timer { id });
            }
                        Command::End(outcome) => {
                return Some(match outcome.status {
                    RunStatus::Succeeded => Outcome::Succeeded(outcome.output),
                    _ => Outcome::Failed(Failure { name: outcome.error, cause: outcome.cause, ..Failure::default() }),
                });
            }
            _ => {}
        }
        None
    }
}

fn error(failure: Failure) -> RunError {
    RunError {
        name: failure.name,
        cause: failure.cause,
        class: failure.class,
        exit_code: failure.exit_code,
        phase: Phase::Effect,
        fault: None,
    }
}
