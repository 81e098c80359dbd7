//! The driver does what CIR means, wherever timing does not matter.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use wfc_cir::{Abort, MachineType, Module};
use wfc_driver::runtime::{run_program_blocking, Call as Work, Clock, Desk, Options, Program, ToolFuture, Tools};
use wfc_expr::Value;

use super::core::{error, essence, loaded, meant, plain, timeless};
use super::{cases, input, programs, subjects, Law, Smallest};
use crate::oracle::{scripted, Call, Trace};

pub(super) fn laws() -> Vec<Law> {
    let waits = "run-tokio: items that are cancelled are waited for where a flow says so";
    vec![Law::new("run-tokio: does what CIR means", law), Law::new(waits, cancelled_items)]
}

/// Cancelling runs of items has an answer, too.
fn cancelled_items() -> Result<(), String> {
    let text = include_str!("machines/awaited.json").to_owned();
    let module = subjects::module(text, MachineType::Standard).ok_or("the machine is refused")?;
    let mut module = plain(module);
    let entry = module.entry;
    module.flows[entry].abort = Abort::Await;
    let program = loaded(&module).ok_or("the machine cannot be run")?;
    let input = [("list", (0..3).map(Value::from).collect::<Value>())].into_iter().collect();
    let options = Options { clock: Clock::Virtual { start: 0 }, ..Options::default() };
    let end = run_program_blocking(&program, input, options).map_err(|failure| failure.to_string())?;
    match end.output == Value::from("told") {
        true => Ok(()),
        false => Err(format!("it gives {end:?}")),
    }
}

fn law() -> Result<(), String> {
    let (mut smallest, mut compared) = (Smallest::default(), 0);
    for case in cases() {
        let module = plain(programs::program(case));
        let Some(wanted) = timeless(&module, case).filter(|_| !has_limits(&module)) else { continue };
        let Some(program) = loaded(&module) else { continue };
        compared += 1;
        let given = run(&program, case);
        if given.as_ref().map(essence) != Ok(essence(&wanted)) {
            let show = || format!("program {case}\n{}\nmeans {wanted:#?}\nand gives {given:#?}", super::show(&module));
            smallest.note(&module, show);
        }
    }
    smallest.verdict(compared)
}

/// The interpreter knows no time.
fn has_limits(module: &Module) -> bool {
    module.nodes.iter().filter_map(|(_, node)| node.policy.as_ref()).any(|policy| policy.total_timeout.is_some())
        || module.flows.iter().any(|(_, flow)| flow.timeout.is_some())
}

fn run(program: &Program, case: u64) -> Result<Trace, String> {
    let effects = Arc::<Mutex<Vec<Call>>>::default();
    let tools = Scripted { case, calls: Mutex::default(), effects: Arc::clone(&effects) };
    let options = Options { clock: Clock::Virtual { start: 0 }, tools: Box::new(tools), ..Options::default() };
    let end = run_program_blocking(program, input(case), options).map_err(|failure| failure.to_string())?;
    let effects = std::mem::take(&mut *effects.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Trace { outcome: meant(end.status, end.output, end.error, end.cause), effects, cut: false })
}

/// The tools of the reference interpreter.
#[derive(Debug)]
struct Scripted {
    case: u64,
    calls: Mutex<HashMap<String, u32>>,
    effects: Arc<Mutex<Vec<Call>>>,
}

impl Tools for Scripted {
    fn call(&self, work: Work, _: Desk) -> ToolFuture {
        let same = format!("{} {} {}", work.key, work.tool, work.args.to_json());
        let before = {
            let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
            let times = calls.entry(same).or_default();
            *times += 1;
            *times - 1
        };
        let call = Call { key: work.key, tool: work.tool, args: work.args, before };
        let reply = scripted(self.case)(&call).map_err(error);
        self.effects.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        Box::pin(ready(reply))
    }
}
