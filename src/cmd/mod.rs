//! The command line: one file per verb, and what the verbs share.

mod check;
mod completions;
mod config;
mod disk;
mod exit;
mod explain;
mod failure;
mod files;
mod fmt;
mod graph;
mod history;
mod lower;
mod man;
mod options;
mod progress;
mod run;
mod schema;
mod task;
mod terminal;
mod test;
mod test_state;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use exit::Exit;
pub(crate) use failure::Failure;

/// A compiler for workflows: checks, lowers, runs and exports state machines, workflow files and agent harnesses.
#[derive(Debug, Parser)]
#[command(name = "wfc", version = crate::VERSION, about, propagate_version = true, after_help = exit::TABLE)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,

    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: terminal::Color,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(check::Args),
    Lower(lower::Args),
    Run(Box<run::Args>),
    Task(task::Args),
    Fmt(fmt::Args),
    Graph(graph::Args),
    History(history::Args),
    Test(test::Args),
    TestState(Box<test_state::Args>),
    Schema(schema::Args),
    Explain(explain::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The stack of the thread that does the work. Files nest deeply on purpose or by malice; the default of the main
/// thread is not the same on every system. Untouched pages cost nothing.
const STACK: usize = 256 << 20;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let worker = std::thread::Builder::new().name("wfc".to_owned()).stack_size(STACK).spawn(move || dispatch(cli));
    let exit = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit,
        Ok(Err(_)) => exit::internal("this is a bug in wfc; the message above says where"),
        Err(error) => exit::internal(&format!("no thread could be started: {error}")),
    };
    ExitCode::from(exit.code())
}

fn dispatch(cli: Cli) -> Exit {
    let color = cli.color;
    let result = match cli.verb {
        Verb::Check(args) => check::run(args, color),
        Verb::Lower(args) => lower::run(args, color),
        Verb::Run(args) => run::run(&args, color),
        Verb::Task(args) => task::run(&args),
        Verb::Fmt(args) => fmt::run(args, color),
        Verb::Graph(args) => graph::run(args, color),
        Verb::History(args) => history::run(&args, color),
        Verb::Test(args) => test::run(&args, color),
        Verb::TestState(args) => test_state::run(&args, color),
        Verb::Schema(args) => schema::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man(args) => man::run(&args),
    };
    result.unwrap_or_else(|failure| failure.report(color))
}
