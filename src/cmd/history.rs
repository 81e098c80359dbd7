//! `wfc history`: shows a recorded history.

use clap::{Args as ClapArgs, ValueEnum};
use wfc_diag::{FileId, Severity, Sink};
use wfc_driver::{Limits, SourceMap};
use wfc_expr::nearest::nearest;
use wfc_report::history::{self, History, Look};
use wfc_source::SourceFile;

use super::{disk, files, terminal, Exit, Failure};

/// Show the recorded history of a run
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// A file with the events of a run, as `wfc run --history` and GetExecutionHistory give them, or `-`
    file: String,

    /// How it is shown
    #[arg(long, value_enum, default_value_t)]
    format: View,

    /// Only what concerns the state of this name
    #[arg(long, value_name = "NAME")]
    state: Option<String>,

    /// Cut nothing off and leave nothing out
    #[arg(long)]
    full: bool,

    /// Write to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum View {
    /// One line for each event
    #[default]
    Table,
    /// One bar for each visit of a state
    Timeline,
    /// The events as they were recorded
    Json,
}

pub(super) fn run(args: &Args, color: terminal::Color) -> Result<Exit, Failure> {
    let name = if args.file == "-" { "stdin" } else { &args.file };
    let limits = Limits::default();
    let bytes = match args.file.as_str() {
        "-" => files::read_stdin(limits.max_bytes)?,
        path => files::read_path(path, limits.max_bytes)?,
    };
    let mut sources = SourceMap::new();
    let mut sink = Sink::default();
    let file = sources.add_bytes(name, bytes, &mut sink);
    let tree = wfc_source::json::parse(&file, &limits, &mut sink);
    if sink.has_errors() {
        report(&sources, Some(file.id()), sink, color);
        return Ok(Exit::Findings);
    }
    let history = match history::read(tree.root()) {
        Ok(history) => history,
        Err(fault) => {
            faulty(&file, &fault).report(color);
            return Ok(Exit::Findings);
        }
    };
    if let Some(state) = args.state.as_deref().filter(|state| !history.has_state(state)) {
        return Err(unknown_state(state, &history));
    }
    let style = terminal::style(color.on_stdout() && args.output.is_none());
    let look = Look {
        width: style.width,
        unicode: style.unicode,
        color: style.color,
        state: args.state.as_deref(),
        full: args.full,
    };
    let text = match args.format {
        View::Table => history::table(&history, look),
        View::Timeline => history::timeline(&history, look),
        View::Json => history::json(&history, look),
    };
    disk::emit(args.output.as_deref(), &text)?;
    Ok(Exit::Ok)
}

/// Prints the errors of files that are not workflows on standard error; `checked` is the one that was asked for.
pub(super) fn report(sources: &SourceMap, checked: Option<FileId>, sink: Sink, color: terminal::Color) {
    let mut diagnostics = sink.into_sorted();
    diagnostics.retain(|found| found.severity == Severity::Error);
    let rules = wfc_driver::explain::all_rules();
    let report = wfc_report::Report {
        sources,
        diagnostics: &diagnostics,
        rules: &rules,
        checked: checked.as_slice(),
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let text = wfc_report::render(&report, wfc_report::Format::Human, terminal::style(color.on_stderr()));
    terminal::error_line(text.trim_end());
}

fn faulty(file: &SourceFile, fault: &history::Fault) -> Failure {
    let at = file.line_column(fault.span.start as usize);
    Failure::usage(format!("{}:{}:{}: {}", file.name(), at.line, at.column, fault.message))
        .at(file.name(), file.text(), fault.span.range(), "here")
        .help("a history is an array of events, or an object that has them as `events`")
}

fn unknown_state(name: &str, history: &History) -> Failure {
    let failure = Failure::usage(format!("the history has no visit of a state called '{name}'"));
    let names = history.visits.all().iter().map(|visit| visit.name.as_str());
    match nearest(name, names) {
        Some(meant) => failure.help(format!("did you mean '{meant}'?")),
        None => failure,
    }
}
