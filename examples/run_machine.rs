//! Runs a state machine from a program of one's own and keeps its whole history in memory.
//!
//! `cargo run --release --example run_machine examples/order.asl.json '{"order": {"id": 1, "total": 5, "items": []}}'`

use std::error::Error;

use wfc_driver::runtime::{run_program_blocking, Options, Program};
use wfc_driver::{passes, plan, Session};
use wfc_expr::Value;

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("say which file is to be run")?;
    let input = Value::parse(&args.next().unwrap_or_else(|| "{}".to_owned()))?;
    let analysis = Session::new().check_bytes(&file, std::fs::read(&file)?);
    let checked = analysis.into_checked().map_err(|_| "the file has errors: see `wfc check`")?;
    let lowered = passes::lower(checked, &passes::defaults(), &mut |_, _| {})?;
    let emitted = plan::emit(&lowered.sealed).map_err(|_| "the file asks for what cannot be run yet")?;
    let program = Program::load(emitted.plan)?;
    let outcome = run_program_blocking(&program, input, Options::default())?;
    println!("{:?} after {} events: {}", outcome.status, outcome.records.len(), outcome.output.to_json());
    Ok(())
}
