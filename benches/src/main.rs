//! Benchmarks, each run by one command: ratios against floors and peers measured in the same run.

#![allow(clippy::print_stdout, clippy::print_stderr)] // Printing is what a benchmark is for.

mod check;
mod floor;
mod inputs;
mod measure;
mod peers;

use std::process::ExitCode;

const USAGE: &str = "usage: bench check [--rounds N] [--quick] [--peers]

  check     `wfc check` on machines of 10, 1,000, 10,000 and 100,000 states, nested and in JSONata,
            against parsing the same bytes with serde_json and against starting an empty process
  --rounds  interleaved rounds (7)
  --quick   without the largest input
  --peers   also asl-validator from npm, installed below the target folder";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        // The floors and the memory probe are this program again, as children.
        ["floor-empty"] => return ExitCode::SUCCESS,
        ["floor-json", file] => floor::json(file),
        ["peak", command @ ..] => measure::print_peak(command),
        ["check", options @ ..] => check::Options::parse(options).and_then(|options| check::run(&options)),
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
