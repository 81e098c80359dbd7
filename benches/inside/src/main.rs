//! Measures parts of wfc from inside. A package of its own, so that the floors of `bench` are built without what wfc
//! asks of the libraries they share.

#![allow(clippy::print_stdout, clippy::print_stderr)] // Printing is what a benchmark is for.

mod distributed;
mod expressions;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["jsonata", cases] => expressions::measure(cases),
        ["run", machine, buckets] => distributed::run(machine, buckets),
        _ => Err("usage: bench-inside jsonata CASES | run MACHINE FOLDER-OF-BUCKETS".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}
