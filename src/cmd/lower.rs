//! `wfc lower`: shows what a file means, and writes it in another form.

use clap::{Args as ClapArgs, ValueEnum};
use wfc_diag::{Diagnostic, FileId, Severity};
use wfc_driver::passes::{self, Pass};
use wfc_driver::{explain, Analysis, Session};
use wfc_report::Report;

use super::disk;
use super::files;
use super::options::ReadOptions;
use super::{terminal, Exit, Failure};

/// Lower a file to CIR and write it in another form
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The file, or `-` for standard input
    file: String,

    #[command(flatten)]
    read: ReadOptions,

    /// What to write
    #[arg(long, value_enum, default_value_t)]
    emit: Emit,

    /// The passes to run, in this order: names, or `none`; without it the default list
    #[arg(long, value_name = "PASS", value_delimiter = ',')]
    passes: Option<Vec<String>>,

    /// Print the module after this pass, on standard error; `all` for every pass
    #[arg(long, value_name = "PASS")]
    print_after: Option<String>,

    /// Say what each pass did and why, on standard error
    #[arg(long)]
    explain: bool,

    /// Write to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Emit {
    /// CIR as text
    #[default]
    Cir,
    /// CIR as JSON
    CirJson,
    /// Amazon States Language
    Asl,
    /// The plan that runtimes execute
    Plan,
}

/// A file that was read and analysed.
pub(super) struct Read {
    pub(super) session: Session,
    pub(super) analysis: Analysis,
}

/// Reads one file for a verb that needs a module.
pub(super) fn read_module(file: &str, options: &ReadOptions) -> Result<Read, Failure> {
    let mut session = Session::new();
    let name = if file == "-" { "stdin" } else { file };
    options.resolve()?.prepare(&mut session, name)?;
    let max_bytes = session.limits.max_bytes;
    let bytes = if file == "-" { files::read_stdin(max_bytes)? } else { files::read_path(file, max_bytes)? };
    let analysis = session.check_bytes(name, bytes);
    Ok(Read { session, analysis })
}

impl Read {
    /// Prints the errors on standard error.
    pub(super) fn report(&self, color: terminal::Color) {
        report_errors(&self.session, self.analysis.file, &self.analysis.diagnostics, color);
    }
}

/// Prints the errors among these findings on standard error.
pub(super) fn report_errors(session: &Session, file: FileId, diagnostics: &[Diagnostic], color: terminal::Color) {
    let errors: Vec<_> = diagnostics.iter().filter(|d| d.severity == Severity::Error || d.blocking).cloned().collect();
    if errors.is_empty() {
        return;
    }
    let rules = explain::all_rules();
    let report = Report {
        sources: session.sources(),
        diagnostics: &errors,
        rules: &rules,
        checked: &[file],
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let text = wfc_report::render(&report, wfc_report::Format::Human, terminal::style(color.on_stderr()));
    terminal::error_line(text.trim_end());
}

pub(super) fn run(args: Args, color: terminal::Color) -> Result<Exit, Failure> {
    let passes = choose(args.passes.as_deref())?;
    if let Some(name) = args.print_after.as_deref().filter(|name| *name != "all") {
        named(name)?;
    }
    let read = read_module(&args.file, &args.read)?;
    read.report(color);
    let Read { session, analysis } = read;
    let file = analysis.file;
    let Ok(checked) = analysis.into_checked() else { return Ok(Exit::Findings) };
    let lowered = passes::lower(checked, &passes, &mut |pass, module| {
        if args.print_after.as_deref().is_some_and(|name| name == "all" || name == pass.name) {
            terminal::error_line(&format!("; after {}\n{}", pass.name, wfc_cir::text::print(module)));
        }
    })
    .map_err(|broken| Failure::io(broken.to_string()).help("this is a bug in wfc; `--passes none` avoids it"))?;
    if args.explain {
        terminal::error_line(&passes::explain(&lowered, session.sources()));
    }
    let text = match args.emit {
        Emit::Cir => wfc_cir::text::print(lowered.sealed.module()),
        Emit::CirJson => pretty(&wfc_cir::wire::to_wire(lowered.sealed.module()))?,
        Emit::Asl => match wfc_driver::asl::emit(&lowered.sealed) {
            Ok(text) => text,
            Err(unsupported) => {
                report_errors(&session, file, &unsupported, color);
                return Ok(Exit::Findings);
            }
        },
        Emit::Plan => match wfc_driver::plan::emit(&lowered.sealed) {
            Ok(emitted) => pretty(&emitted.plan)?,
            Err(unsupported) => {
                report_errors(&session, file, &unsupported, color);
                return Ok(Exit::Findings);
            }
        },
    };
    disk::emit(args.output.as_deref(), &text)?;
    Ok(Exit::Ok)
}

fn pretty(value: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::io(error.to_string()))?;
    Ok(text + "\n")
}

/// The passes the user wants, in their order.
fn choose(names: Option<&[String]>) -> Result<Vec<&'static Pass>, Failure> {
    match names {
        None => Ok(passes::defaults()),
        Some([none]) if none == "none" => Ok(Vec::new()),
        Some(names) => names.iter().map(|name| named(name)).collect(),
    }
}

fn named(name: &str) -> Result<&'static Pass, Failure> {
    passes::named(name).ok_or_else(|| {
        let names: Vec<_> = passes::all().iter().map(|pass| pass.name).collect();
        Failure::usage(format!("there is no pass called `{name}`")).help(format!("passes: {}", names.join(", ")))
    })
}
