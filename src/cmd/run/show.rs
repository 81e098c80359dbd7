//! What a run came to, for whoever asked for it.

use wfc_diag::{Diagnostic, Rule, Scope, Severity, Span, TextRange};
use wfc_driver::runtime::{Fault, Outcome, RunFailure, RunStatus, Way};
use wfc_plan::{NodeIx, NodeKind};
use wfc_report::history::{self, Ending, Event, History, Look, Visit};
use wfc_report::Report;

use super::options::Output;
use super::{Args, Loaded};
use crate::cmd::{terminal, Exit, Failure};

/// The kind of finding a failed run is drawn as; none that `wfc check` could have.
const RUN_FAILED: Rule = Rule {
    name: "run-failed",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Any,
    summary: "the run failed here",
    page: "",
};

/// Says how the run ended; the result goes to standard output.
pub(super) fn ended(
    args: &Args,
    loaded: &Loaded,
    until: Option<NodeIx>,
    ended: Result<Outcome, RunFailure>,
    color: terminal::Color,
) -> Result<Exit, Failure> {
    let outcome = match ended {
        Ok(outcome) => outcome,
        Err(failure) => return unfinished(args, &failure),
    };
    let history = History::new(events(loaded));
    if args.output == Output::Table {
        terminal::print(&table(&outcome, &history, color));
    }
    if outcome.status != RunStatus::Succeeded {
        failed(loaded, &outcome, &history, color);
        return Ok(match outcome.status {
            RunStatus::TimedOut => Exit::RunTimedOut,
            RunStatus::Aborted => Exit::RunAborted,
            _ => Exit::RunFailed,
        });
    }
    match args.output {
        Output::Json => terminal::print(&format!("{}\n", outcome.output.to_json())),
        Output::Pretty => terminal::print(&format!("{}\n", outcome.output.to_json_pretty())),
        Output::Table => {}
    }
    if let Some(node) = until {
        terminal::error_line(&arrival(loaded, &outcome, node));
    }
    Ok(Exit::Ok)
}

/// A run may succeed because it handles what nothing answered; whoever set it up wants to know all the same.
pub(super) fn unanswered(names: &[String]) {
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        terminal::error_line(&format!(
            "warning: nothing answered {}; the run handled that. Add to [tasks] of wfc.toml who answers, or use --mock",
            names.join(", ")
        ));
    }
}

/// A run that came to no outcome of its own.
fn unfinished(args: &Args, failure: &RunFailure) -> Result<Exit, Failure> {
    match failure {
        RunFailure::Turns { .. } => {
            terminal::error_line(&failure.to_string());
            Ok(Exit::RunOutOfBudget)
        }
        RunFailure::Unanswered { key, token } => {
            let why = match token {
                Some(_) => format!(
                    "'{key}' waits for an answer by its task token, which nobody outside can give in virtual time"
                ),
                None => failure.to_string(),
            };
            terminal::error_line(&format!("the run cannot go on: {why}"));
            terminal::error_line(
                "answer the task with --mock, --task 'state:NAME=result:JSON' or [tasks] in wfc.toml, or run in real \
                 time and use `wfc task`",
            );
            Ok(Exit::RunFailed)
        }
        failure => Err(Failure::io(format!("{} could not be run: {failure}", args.file)).help("this is a bug in wfc")),
    }
}

fn events(loaded: &Loaded) -> Vec<Event> {
    let read = |(json, number): (&serde_json::Value, u64)| Event::from_json(json.clone(), number).ok();
    loaded.events.iter().zip(1..).filter_map(read).collect()
}

/// Whether control came to the node that was to be the end.
fn arrival(loaded: &Loaded, outcome: &Outcome, node: NodeIx) -> String {
    let plan = loaded.program.plan();
    let name = &plan.nodes[node.at()].name;
    let into = |edge: &&wfc_plan::Edge| edge.to == node && outcome.took.contains_key(&(edge.from, Way::Left(edge.on)));
    // A region that begins with the node comes to it without an edge, and then nothing is entered at all.
    let first = !outcome.took.keys().any(|(_, way)| *way == Way::Entered);
    if first || plan.edges.iter().any(|edge| into(&edge)) {
        return format!("stopped before '{name}'; this is its input");
    }
    format!("the run ended without coming to '{name}'; this is its result")
}

fn table(outcome: &Outcome, history: &History, color: terminal::Color) -> String {
    let style = terminal::style(color.on_stdout());
    let look = Look { width: style.width, unicode: style.unicode, color: style.color, ..Look::default() };
    let (word, what) = match outcome.status {
        RunStatus::Succeeded => ("succeeded", outcome.output.to_json()),
        RunStatus::Failed => ("failed", bounded(&told(outcome))),
        RunStatus::TimedOut => ("timed out", told(outcome)),
        RunStatus::Aborted => ("aborted", told(outcome)),
    };
    let colon = if what.is_empty() { "" } else { ": " };
    format!("{word}{colon}{what}\n\n{}", history::timeline(history, look))
}

/// The error and its cause in one line.
fn told(outcome: &Outcome) -> String {
    let parts = [outcome.error.as_deref(), outcome.cause.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(": ")
}

fn failed(loaded: &Loaded, outcome: &Outcome, history: &History, color: terminal::Color) {
    let open = under_way(history);
    match outcome.status {
        RunStatus::Aborted => return terminal::error_line(&format!("the run was aborted{open}")),
        RunStatus::TimedOut => return terminal::error_line(&format!("the run timed out{open}")),
        _ => {}
    }
    let error = outcome.error.as_deref().unwrap_or("an error without a name");
    let node = outcome.at;
    let state = node.map(|node| format!(" in '{}'", loaded.program.plan().nodes[node.at()].name)).unwrap_or_default();
    let message = format!("the run failed{state}: {error}");
    match place(loaded, outcome.fault.as_deref(), node) {
        Some(span) => draw(loaded, span, message, color),
        None => terminal::error_line(&format!("error: {message}")),
    }
    if let Some(cause) = outcome.cause.as_deref().filter(|cause| !cause.is_empty()) {
        terminal::error_line(&format!("cause: {}", bounded(cause)));
    }
}

/// Text for a terminal: lines that are to be copied stay as they are, what a terminal would act on does not. Causes of
/// machines that have started each other hold each other, and grow beyond reading.
pub(super) fn bounded(cause: &str) -> String {
    const MOST: usize = 2_000;
    let printable = |c: char| if c.is_control() && c != '\n' { '\u{fffd}' } else { c };
    let mut shown: String = cause.chars().take(MOST).map(printable).collect();
    let more = cause.chars().count().saturating_sub(MOST);
    if more > 0 {
        shown.push_str(&format!("… and {more} characters more; --history has them"));
    }
    shown
}

/// The states that had not ended, or were ended with the run: nothing is wrong with these.
fn under_way(history: &History) -> String {
    const MOST: usize = 8;
    let mut names: Vec<&str> = Vec::new();
    let stopped = |visit: &Visit| visit.error.as_deref().is_some_and(|error| error.ends_with("StateAborted"));
    let open = |visit: &&Visit| visit.ending == Ending::Open || (visit.ending == Ending::Failed && stopped(visit));
    for visit in history.visits.all().iter().filter(open) {
        if !names.contains(&visit.name.as_str()) && names.len() <= MOST {
            names.push(&visit.name);
        }
    }
    match names.len() {
        0 => String::new(),
        count if count > MOST => format!(" in {} and others", names[..MOST].join(", ")),
        _ => format!(" in {}", names.join(", ")),
    }
}

/// Where in the file the fault is: its part of the expression, else the field, else the head of the state.
fn place(loaded: &Loaded, fault: Option<&Fault>, node: Option<NodeIx>) -> Option<Span> {
    let of_expr = fault.and_then(|fault| expression(loaded, fault));
    of_expr.or_else(|| field(loaded, node?, fault.and_then(|fault| fault.field.as_deref())))
}

fn expression(loaded: &Loaded, fault: &Fault) -> Option<Span> {
    let expr = &loaded.program.plan().exprs[fault.expr?.at()];
    let range = fault.range.map(|(start, end)| TextRange { start, end });
    loaded.sites.get(expr.site)?.locate(range)
}

fn field(loaded: &Loaded, node: NodeIx, field: Option<&str>) -> Option<Span> {
    let span = loaded.sites.get(loaded.program.plan().nodes[node.at()].site)?.span?;
    let text = loaded.session.sources().file(span.file)?.text().get(span.range())?;
    let usual = match &loaded.program.plan().nodes[node.at()].kind {
        NodeKind::ForEach(_) => "ItemReader",
        NodeKind::Step(_) => "Resource",
        _ => "Type",
    };
    let name = field.and_then(|field| field.rsplit('/').next()).unwrap_or(usual);
    let quoted = format!("\"{name}\"");
    let found = text.find(&quoted).map(|at| at..at + quoted.len());
    let line = text.find('\n').unwrap_or(text.len());
    let range = found.unwrap_or(0..line);
    let at = |offset: usize| Some(span.start + u32::try_from(offset).ok()?);
    Some(Span { start: at(range.start)?, end: at(range.end)?, ..span })
}

fn draw(loaded: &Loaded, span: Span, message: String, color: terminal::Color) {
    let finding = Diagnostic::new(&RUN_FAILED, span, message);
    let report = Report {
        sources: loaded.session.sources(),
        diagnostics: &[finding],
        rules: &[],
        checked: &[loaded.file],
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let text = wfc_report::render(&report, wfc_report::Format::Human, terminal::style(color.on_stderr()));
    // The last line counts findings, of which there is one.
    let text = text.trim_end();
    terminal::error_line(text.rsplit_once('\n').map_or(text, |(drawn, _)| drawn.trim_end()));
}
