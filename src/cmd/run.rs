//! `wfc run`: runs a file on this machine.

use clap::{Args as ClapArgs, ValueEnum};
use wfc_driver::runtime::{self, Clock, Outcome, ProcessTools, RunFailure, RunStatus, ToolTable};
use wfc_driver::{passes, plan};
use wfc_expr::Value;

use super::lower::{read_module, report_errors, Read};
use super::options::ReadOptions;
use super::{files, terminal, Exit, Failure};

/// Run a file on this machine
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The file
    file: String,

    #[command(flatten)]
    read: ReadOptions,

    /// The input: JSON, `@FILE`, or `-` for standard input
    #[arg(long, value_name = "JSON", default_value = "{}")]
    input: String,

    /// How time passes
    #[arg(long, value_enum, default_value_t)]
    time: Time,

    /// What random numbers are derived from
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Time {
    /// As on the wall
    #[default]
    Real,
    /// It jumps to the next timer whenever nothing is under way
    Virtual,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Output {
    /// One line of JSON
    Json,
    /// Indented JSON
    #[default]
    Pretty,
}

/// The names under which a step can ask for a process.
const PROCESS_TOOLS: [&str; 3] = ["shell", "bash", "sh"];

pub(super) fn run(args: Args, color: terminal::Color) -> Result<Exit, Failure> {
    let input = read_input(&args.input)?;
    let read = read_module(&args.file, &args.read)?;
    read.report(color);
    let Read { session, analysis } = read;
    let file = analysis.file;
    let Ok(checked) = analysis.into_checked() else { return Ok(Exit::Findings) };
    let lowered = passes::lower(checked, &passes::defaults(), &mut |_, _| {})
        .map_err(|broken| Failure::io(broken.to_string()).help("this is a bug in wfc"))?;
    let emitted = match plan::emit(&lowered.sealed) {
        Ok(emitted) => emitted,
        Err(unsupported) => {
            report_errors(&session, file, &unsupported, color);
            return Ok(Exit::Findings);
        }
    };
    let clock = match args.time {
        Time::Real => Clock::Real,
        Time::Virtual => Clock::Virtual { start: 0 },
    };
    let tools = PROCESS_TOOLS.iter().fold(ToolTable::new(), |table, name| table.with(*name, ProcessTools));
    let options = runtime::Options { clock, tools: Box::new(tools), seed: args.seed, ..runtime::Options::default() };
    match runtime::run_blocking(emitted.plan, input, options) {
        Ok(outcome) => Ok(show(&outcome, args.output)),
        Err(failure @ RunFailure::Turns { .. }) => {
            terminal::error_line(&failure.to_string());
            Ok(Exit::RunOutOfBudget)
        }
        Err(failure) => Err(Failure::io(format!("{} could not be run: {failure}", args.file))),
    }
}

fn read_input(argument: &str) -> Result<Value, Failure> {
    const MAX: u64 = 256 << 20;
    let bytes = match argument.strip_prefix('@') {
        Some(path) => files::read_path(path, MAX)?,
        None if argument == "-" => files::read_stdin(MAX)?,
        None => argument.as_bytes().to_vec(),
    };
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage("the input is not UTF-8"))?;
    Value::parse(&text).map_err(|error| {
        Failure::usage(format!("the input is not JSON: {error}")).help("pass JSON, `@FILE`, or `-` for standard input")
    })
}

fn show(outcome: &Outcome, output: Output) -> Exit {
    if outcome.status == RunStatus::Succeeded {
        let text = match output {
            Output::Json => outcome.output.to_json(),
            Output::Pretty => outcome.output.to_json_pretty(),
        };
        terminal::print(&format!("{text}\n"));
        return Exit::Ok;
    }
    let error = outcome.error.as_deref().unwrap_or("no error name");
    let cause = outcome.cause.as_deref().unwrap_or("no cause");
    let (word, exit) = match outcome.status {
        RunStatus::TimedOut => ("timed out", Exit::RunTimedOut),
        RunStatus::Aborted => ("was aborted", Exit::RunAborted),
        _ => ("failed", Exit::RunFailed),
    };
    terminal::error_line(&format!("the run {word}: {error}: {cause}"));
    exit
}
