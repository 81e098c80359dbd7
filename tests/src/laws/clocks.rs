//! A virtual clock and that on the wall put what happens into the same order.

use std::future::{pending, ready};
use std::time::{SystemTime, UNIX_EPOCH};

use wfc_cir::{Expr, ExprKind, MachineType, Module, NodeKind, Origin, WaitFor};
use wfc_driver::runtime::{run_program_blocking, Call, Clock, Desk, Options, RunError, ToolFuture, Tools};
use wfc_expr::Value;

use super::subjects::{self, Script, Subject};
use super::Law;

/// Machines whose moments are whole seconds apart, with their inputs.
const MACHINES: [(&str, &str); 3] = [
    (include_str!("machines/clock-branches.json"), "null"),
    (include_str!("machines/clock-items.json"), r#"{"list": [{"wait": 5}, {"wait": 2}, {"wait": 9}, {"wait": 4}]}"#),
    (include_str!("machines/clock-limits.json"), "null"),
];

/// How many milliseconds a second of the machines takes. A machine under load gets further chances: it may be late, but
/// not always.
const SECONDS: [u32; 4] = [20, 40, 100, 250];

pub(super) fn laws() -> Vec<Law> {
    let law = |at: usize| {
        let (text, input) = MACHINES[at];
        Law::new(format!("run-tokio: clocks agree on machine {at}"), move || agree(text, input))
    };
    (0..MACHINES.len()).map(law).collect()
}

fn agree(text: &str, input: &str) -> Result<(), String> {
    let module = subjects::module(text.to_owned(), MachineType::Standard).ok_or("the machine is refused")?;
    let mut last = Ok(());
    for millis in SECONDS {
        let factor = f64::from(millis) / 1000.0;
        let input = scaled(&Value::parse(input).map_err(|error| error.message)?, factor);
        let subject = Subject::new("clocks".into(), &quick(&module, factor), input.clone(), Script::Obliging);
        let subject = subject.ok_or("the machine cannot be run")?;
        let wanted = order(&subject, &input, Clock::Virtual { start: now() })?;
        let found = order(&subject, &input, Clock::Real)?;
        if wanted == found {
            return Ok(());
        }
        let pairs = wanted.iter().zip(&found).position(|(wanted, found)| wanted != found);
        last = Err(format!("with {millis} ms for a second, other from line {pairs:?} on:\n{wanted:#?}\n{found:#?}"));
    }
    last
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis() as i64)
}

/// The kinds of lines of the history and what they are about.
fn order(subject: &Subject, input: &Value, clock: Clock) -> Result<Vec<String>, String> {
    let options = Options { clock, tools: Box::new(ByName), ..Options::default() };
    let outcome = run_program_blocking(&subject.program, input.clone(), options).map_err(|why| why.to_string())?;
    Ok(outcome.records.iter().map(|record| format!("{:?} {}", record.kind, record.key)).collect())
}

/// Work that does what the name of its state says.
#[derive(Debug)]
struct ByName;

impl Tools for ByName {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        match &call.name[..4] {
            "Fail" => Box::pin(ready(Err(RunError::new("Oops", "as its name says")))),
            "Hang" => {
                desk.idle();
                Box::pin(pending())
            }
            _ => Box::pin(ready(Ok(call.args))),
        }
    }
}

/// The module with seconds that take less time. Flows of Amazon States Language know whole seconds only.
fn quick(module: &Module, factor: f64) -> Module {
    let mut module = module.clone();
    let flows: Vec<_> = module.flows.iter().map(|(id, _)| id).collect();
    flows.into_iter().for_each(|flow| module.flows[flow].trace = "plain".into());
    let nodes: Vec<_> = module.nodes.iter().map(|(id, _)| id).collect();
    for id in nodes {
        let node = &mut module.nodes[id];
        if let NodeKind::Wait(WaitFor::Seconds(seconds)) = &mut node.kind {
            quicken(seconds, factor);
        }
        if let Some(policy) = node.policy.as_deref_mut() {
            policy.timeout.iter_mut().for_each(|limit| quicken(limit, factor));
        }
    }
    module
}

fn quicken(seconds: &mut Expr, factor: f64) {
    if let ExprKind::Literal(value) = &seconds.kind {
        *seconds = Expr::literal(scaled(value, factor), Origin::default());
    }
}

/// The value with smaller numbers.
fn scaled(value: &Value, factor: f64) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| scaled(item, factor)).collect(),
        Value::Object(object) => object.iter().map(|(name, value)| (name, scaled(value, factor))).collect(),
        other => other.as_f64().and_then(wfc_expr::value::Number::from_f64).map_or(other.clone(), |_| {
            let number = other.as_f64().unwrap_or_default() * factor;
            wfc_expr::value::Number::from_f64(number).map_or(Value::Null, Value::Number)
        }),
    }
}
