//! Laws: what must hold of every program, tried on many.
//!
//! `WFC_LAW_CASES` says how many programs each law is tried on. A law that fails names the smallest program it found
//! by its number and prints it; [`programs::program`] makes it again.

pub mod programs;

mod clocks;
mod core;
mod driver;
mod optimised;
mod passes;
mod random;
mod replay;
mod scheduling;
mod simulation;
mod subjects;
mod world;

use wfc_cir::Module;
use wfc_expr::Value;

use crate::oracle::{self, Order, Setting, Trace};

/// A law.
pub struct Law {
    /// What it is about and what it says.
    pub name: String,
    /// Tries it.
    pub check: Box<dyn Fn() -> Result<(), String> + Send>,
    /// Whether it is known not to hold yet.
    pub open: bool,
}

impl Law {
    fn new(name: impl Into<String>, check: impl Fn() -> Result<(), String> + Send + 'static) -> Law {
        Law { name: name.into(), check: Box::new(check), open: false }
    }
}

/// How many visits and attempts a program may make.
const FUEL: u64 = 400;

/// On how many programs a law is tried unless the environment says otherwise.
const CASES: u64 = 500;

/// Every law.
pub fn laws() -> Vec<Law> {
    let mut laws = vec![Law::new("programs: are well-formed and mostly end", programs_are_useful)];
    laws.extend(passes::laws());
    laws.push(Law::new("run-core: does what CIR means", core::law));
    laws.extend(driver::laws());
    laws.extend(optimised::laws());
    laws.extend(replay::laws());
    laws.extend(scheduling::laws());
    laws.extend(simulation::laws());
    laws.extend(clocks::laws());
    laws
}

/// The numbers of the programs to try.
fn cases() -> std::ops::Range<u64> {
    let cases = std::env::var("WFC_LAW_CASES").ok().and_then(|text| text.parse().ok());
    0..cases.unwrap_or(CASES)
}

/// What the reference interpreter makes of a program.
fn interpret(module: &Module, case: u64, order: Order) -> Trace {
    let tools = oracle::scripted(case);
    oracle::run(module, &Setting { input: input(case), tools: &tools, order, fuel: FUEL })
}

/// An input with something to find for the paths of the programs.
fn input(case: u64) -> Value {
    let list: Value = (0..(case % 4) as i64).map(Value::from).collect();
    let inner: Value =
        [("passed", Value::Bool(case % 3 == 0)), ("count", Value::from(case as i64 % 5))].into_iter().collect();
    [("a", Value::from(case as i64 % 7)), ("list", list), ("got", inner), ("flag", Value::Bool(case % 2 == 0))]
        .into_iter()
        .collect()
}

/// The failed cases with the smallest programs.
#[derive(Default)]
struct Smallest {
    /// By size; at most [`SHOWN`].
    found: Vec<(usize, String)>,
    failures: u64,
}

/// How many failed cases are shown.
const SHOWN: usize = 3;

impl Smallest {
    fn note(&mut self, module: &Module, report: impl FnOnce() -> String) {
        self.failures += 1;
        let size = show(module).len();
        let at = self.found.partition_point(|(other, _)| *other <= size);
        if at < SHOWN {
            self.found.insert(at, (size, report()));
            self.found.truncate(SHOWN);
        }
    }

    fn verdict(self, cases: u64) -> Result<(), String> {
        if self.failures == 0 {
            return Ok(());
        }
        let reports: Vec<String> = self.found.into_iter().map(|(_, report)| report).collect();
        Err(format!("{} of {cases} programs, such as\n{}", self.failures, reports.join("\n\n")))
    }
}

/// A verdict on complaints about `tried` things.
fn none_of(complaints: Vec<String>, tried: usize) -> Result<(), String> {
    if complaints.is_empty() {
        return Ok(());
    }
    let shown = complaints[..SHOWN.min(complaints.len())].join("\n\n");
    Err(format!("{} of {tried}, such as\n{shown}", complaints.len()))
}

fn programs_are_useful() -> Result<(), String> {
    let (mut definite, mut effects) = (0, 0);
    for case in cases() {
        let module = programs::program(case);
        wfc_cir::verify(&module).map_err(|violations| format!("program {case}: {}", violations[0]))?;
        let trace = interpret(&module, case, Order::First);
        definite += u64::from(trace.outcome.is_definite());
        effects += u64::from(!trace.effects.is_empty());
    }
    let all = cases().end;
    if definite * 2 >= all && effects * 4 >= all {
        return Ok(());
    }
    Err(format!("of {all} programs {definite} end and {effects} have effects"))
}

/// A program for people.
fn show(module: &Module) -> String {
    wfc_cir::text::print(module)
}
