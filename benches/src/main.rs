//! Benchmarks, each run by one command: ratios against floors and peers measured in the same run.

#![allow(clippy::print_stdout, clippy::print_stderr)] // Printing is what a benchmark is for.

mod check;
mod expressions;
mod floor;
mod inputs;
mod machines;
mod measure;
mod options;
mod peers;
mod place;
mod run;

use std::process::ExitCode;

use options::Options;

const USAGE: &str = "usage: bench check|run [--rounds N] [--quick] [--peers]

  check     `wfc check` on machines of 10, 1,000, 10,000 and 100,000 states, nested and in JSONata,
            against parsing the same bytes with serde_json and against starting an empty process
  run       `wfc run` on loops, chains and maps, a distributed Map against a bare loop over its CSV,
            and JSONata expressions
  --rounds  interleaved rounds (7)
  --quick   without the largest inputs
  --peers   also programs by others from npm, installed below the target folder: asl-validator;
            aws-local-stepfunctions and the reference implementation of JSONata";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        // The floors and the memory probe are this program again, as children.
        ["floor-empty"] => return ExitCode::SUCCESS,
        ["floor-json", file] => floor::json(file),
        ["floor-csv", file] => floor::csv(file),
        ["peak", command @ ..] => measure::print_peak(command),
        ["check", options @ ..] => Options::parse(options).and_then(|options| check::run(&options)),
        ["run", options @ ..] => Options::parse(options).and_then(|options| run::run(&options)),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}
