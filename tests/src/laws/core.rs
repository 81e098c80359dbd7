//! The pure step does what CIR means, wherever timing does not matter.

use std::collections::HashMap;
use std::sync::Arc;

use wfc_cir::{Module, Sealed};
use wfc_expr::Value;
use wfc_rewrite::PASSES;
use wfc_run_core::{Dispatch, Phase, Program, RunError, RunStatus, Setting};

use super::world::{self, begin, failure, End, Weather};
use super::{cases, input, interpret, programs, Smallest};
use crate::oracle::{blurred, scripted, Call, Failure, Order, Outcome, Trace};

/// The most milliseconds an answer takes where answers come in another order than their questions.
const DELAY: usize = 1_000;

/// How many orders a program is tried in before it counts as the same in all.
const ORDERS: u64 = 32;

pub(super) fn law() -> Result<(), String> {
    let (mut smallest, mut compared) = (Smallest::default(), 0);
    for case in cases() {
        let module = plain(programs::program(case));
        let Some(wanted) = timeless(&module, case) else { continue };
        let Some(program) = loaded(&module) else { continue };
        compared += 1;
        let optimised = loaded(&optimised(&module)?).ok_or_else(|| format!("program {case} has no plan any more"))?;
        let ways = [("as it is", &program, 0), ("in another order", &program, DELAY), ("optimised", &optimised, 0)];
        for (how, program, delay) in ways {
            let given = run(program, case, delay);
            if given.as_ref().map(essence) != Ok(essence(&wanted)) {
                let show = || {
                    format!("program {case}\n{}\nmeans {wanted:#?}\nand {how} gives {given:#?}", super::show(&module))
                };
                smallest.note(&module, show);
            }
        }
    }
    smallest.verdict(compared)?;
    match compared * 10 >= cases().end {
        true => Ok(()),
        false => Err(format!("only {compared} of {} programs could be compared", cases().end)),
    }
}

/// In flows of AWS nothing handles some errors of the program itself, which is its owner's rule and not the meaning.
pub(super) fn plain(mut module: Module) -> Module {
    let flows: Vec<_> = module.flows.iter().map(|(id, _)| id).collect();
    flows.into_iter().for_each(|flow| module.flows[flow].trace = "plain".into());
    module
}

/// Nothing, if the module is not one that can be run.
pub(super) fn loaded(module: &Module) -> Option<Program> {
    let emitted = wfc_to_plan::emit(&Sealed::assume_sealed(module.clone())).ok()?;
    Some(Program::load(emitted.plan).expect("what is emitted can be loaded"))
}

/// The module after the passes that run by default.
pub(super) fn optimised(module: &Module) -> Result<Module, String> {
    let passes: Vec<_> = PASSES.iter().filter(|pass| pass.default).collect();
    let mut module = module.clone();
    wfc_rewrite::run(&mut module, &passes, false, &mut |_, _| {}).map_err(|broken| broken.to_string())?;
    Ok(module)
}

/// What a program gives if it is the same whatever runs first.
pub(super) fn timeless(module: &Module, case: u64) -> Option<Trace> {
    let wanted = interpret(module, case, Order::First);
    let seeded = (0..ORDERS).map(|seed| Order::Seeded(case.wrapping_mul(ORDERS) + seed));
    let mut orders = seeded.chain([Order::Last]);
    let stable = |order: Order| essence(&interpret(module, case, order)) == essence(&wanted);
    (wanted.outcome.is_definite() && !wanted.cut && orders.all(stable)).then_some(wanted)
}

/// What two ways of running a program must agree on, as text: all but the words of errors that a runtime raises itself.
pub(super) fn essence(trace: &Trace) -> Vec<String> {
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

/// Runs a program by the pure step; no time passes.
fn run(program: &Program, case: u64, delay: usize) -> Result<Trace, String> {
    let (mut calls, mut effects) = (HashMap::<String, u32>::new(), Vec::new());
    let tools = scripted(case);
    let mut answers = |work: &Dispatch| {
        let same = format!("{} {} {}", work.key, work.tool, work.args.to_json());
        let times = calls.entry(same).or_default();
        let call = Call { key: work.key.clone(), tool: work.tool.clone(), args: work.args.clone(), before: *times };
        *times += 1;
        effects.push(call.clone());
        tools(&call).map_err(error)
    };
    let weather = Weather { seed: case, delay, frozen: true, ..Weather::default() };
    let start = begin("law", input(case), Value::empty_object(), Setting::default());
    let course = world::run(program, start, weather, &mut answers);
    if let Some(complaint) = course.complaints.into_iter().next() {
        return Err(complaint);
    }
    match course.end {
        End::Ended(end) => {
            let outcome = meant(end.status, end.output, end.error, end.cause);
            Ok(Trace { outcome, effects, cut: false })
        }
        End::Cut => Err("it goes on and on".into()),
        End::Stuck => Err("nothing is left to happen".into()),
    }
}

pub(super) fn meant(status: RunStatus, output: Value, error: Option<Arc<str>>, cause: Option<Arc<str>>) -> Outcome {
    match status {
        RunStatus::Succeeded => Outcome::Succeeded(output),
        _ => Outcome::Failed(Failure { name: error, cause, ..Failure::default() }),
    }
}

pub(super) fn error(error: Failure) -> RunError {
    RunError {
        class: error.class,
        exit_code: error.exit_code,
        phase: Phase::Effect,
        ..failure(error.name.as_deref(), error.cause.as_deref())
    }
}
