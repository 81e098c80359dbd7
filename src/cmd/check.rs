//! `wfc check`: reads files, reports what is wrong with them, and mends what is certain.

use clap::Args as ClapArgs;
use wfc_diag::{Diagnostic, FileId, Severity};
use wfc_driver::baseline::Baseline;
use wfc_driver::{explain, fixes, Module, Session, Settings};
use wfc_report::Report;

use super::disk;
use super::files::{self, Input};
use super::options::{ReadOptions, Reading};
use super::{terminal, watch, Exit, Failure};

/// Check files and report what is wrong
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// Files, folders, patterns, or `-` for standard input; the current folder if none is given
    pub(super) paths: Vec<String>,

    #[command(flatten)]
    read: ReadOptions,

    /// The name of what comes on standard input
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "human", env = "WFC_OUTPUT_FORMAT",
          value_parser = clap::builder::PossibleValuesParser::new(wfc_report::Format::ALL.map(wfc_report::Format::name)))]
    output_format: String,

    /// Write findings to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,

    /// Report only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,

    /// Do not report these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Do not report findings that this file knows
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,

    /// Write the findings of now as known ones
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fix", "diff"])]
    write_baseline: Option<String>,

    /// Mend what is certain, in the files
    #[arg(long, conflicts_with = "diff")]
    fix: bool,

    /// With --fix or --diff: mend also what is only likely
    #[arg(long)]
    unsafe_fixes: bool,

    /// Print what --fix would change, and change nothing
    #[arg(long)]
    diff: bool,

    /// Print the files that would be checked, and check nothing
    #[arg(long)]
    show_files: bool,

    /// Count the findings by rule; as JSON with --output-format json
    #[arg(long)]
    statistics: bool,

    /// End with 0 even if errors are found
    #[arg(long)]
    exit_zero: bool,

    /// Treat warnings as errors
    #[arg(long)]
    deny_warnings: bool,

    /// Check again whenever a file changes
    #[arg(long)]
    watch: bool,

    /// Print nothing about warnings and information
    #[arg(short, long)]
    quiet: bool,
}

/// What one round of checking came to.
#[derive(Default)]
struct Round {
    session: Session,
    checked: Vec<FileId>,
    diagnostics: Vec<Diagnostic>,
    failures: Vec<Failure>,
    diffs: String,
    /// How many findings were mended, and in how many files.
    mended: (usize, usize),
    /// The module that was checked last.
    last: Option<Module>,
}

pub(super) fn run(args: Args, color: terminal::Color) -> Result<Exit, Failure> {
    if args.unsafe_fixes && !args.fix && !args.diff {
        return Err(Failure::usage("--unsafe-fixes changes nothing alone").help("add --fix, or --diff to only look"));
    }
    if args.watch {
        return watch::run(&args.paths.clone(), || once(&args, color).unwrap_or_else(|failure| failure.report(color)));
    }
    once(&args, color)
}

fn once(args: &Args, color: terminal::Color) -> Result<Exit, Failure> {
    Settings { select: args.select.clone(), ignore: args.ignore.clone(), ..Settings::default() }.verify()?;
    let mut reading = args.read.resolve()?;
    let Some(round) = check_all(args, &mut reading)? else { return Ok(Exit::Ok) };
    for failure in &round.failures {
        failure.report(color);
    }
    if let Some(path) = &args.write_baseline {
        let baseline = Baseline::of(&round.diagnostics, round.session.sources());
        disk::emit(Some(path), &baseline.to_text())?;
        terminal::error_line(&format!("{path} now knows {} findings", baseline.len()));
        return Ok(if round.failures.is_empty() { Exit::Ok } else { Exit::Internal });
    }
    if round.checked.is_empty() && round.failures.is_empty() {
        terminal::error_line("wfc: no workflow files were found");
    }
    let nothing_read = round.checked.is_empty() && !round.failures.is_empty();
    if !(nothing_read && args.output_format == wfc_report::Format::Human.name()) {
        write_report(args, color, &round)?;
    }
    let exit = exit(args, &round);
    if !args.watch {
        // The process is about to end: giving a large module back piece by piece would only delay that.
        std::mem::forget(round);
    }
    Ok(exit)
}

/// Checks all files; nothing comes back if they were only to be listed.
fn check_all(args: &Args, reading: &mut Reading) -> Result<Option<Round>, Failure> {
    let mut session = Session::new();
    let folder = args.paths.first().map_or("./x", |path| path.as_str());
    let exclude = reading.prepare(&mut session, folder)?.config.check.exclude.clone();
    let inputs = files::collect(&args.paths, args.stdin_filename.as_deref(), &exclude)?;
    if args.show_files {
        terminal::print(&inputs.iter().map(|input| format!("{}\n", input.name())).collect::<String>());
        return Ok(None);
    }
    let mut round = Round { session, ..Round::default() };
    for input in &inputs {
        match check_one(args, reading, input, &mut round) {
            // Settings that cannot be used are said once, not for each file.
            Err(failure) if failure.exit() == Exit::Usage => return Err(failure),
            Err(failure) => round.failures.push(failure),
            Ok(()) => {}
        }
    }
    Ok(Some(round))
}

fn check_one(args: &Args, reading: &mut Reading, input: &Input, round: &mut Round) -> Result<(), Failure> {
    let name = input.name();
    let found = reading.prepare(&mut round.session, name)?;
    override_settings(args, &mut round.session.settings);
    let bytes = input.read(round.session.limits.max_bytes)?;
    let mut analysis = round.session.check_bytes(name, bytes);
    if matches!(input, Input::Found(_)) && !is_ours(&analysis) {
        return Ok(());
    }
    if args.fix || args.diff {
        analysis = mend(args, input, analysis, round)?;
    }
    let baseline = args.baseline.clone().or_else(|| {
        let folder = found.path.as_ref()?.parent()?;
        Some(folder.join(found.config.check.baseline.as_ref()?).to_string_lossy().into_owned())
    });
    let mut diagnostics = analysis.diagnostics;
    if let Some(path) = baseline {
        diagnostics = read_baseline(&path)?.filter(diagnostics, round.session.sources());
    }
    round.last = analysis.module;
    round.checked.push(analysis.file);
    round.diagnostics.extend(diagnostics);
    Ok(())
}

/// Whether a file found in a folder is a workflow, and not something that merely has its words in it.
fn is_ours(analysis: &wfc_driver::Analysis) -> bool {
    let template = |d: &Diagnostic| d.rule.name == "asl-in-template";
    analysis.front.is_some() && !analysis.diagnostics.iter().any(template)
}

/// The command line over the configuration.
fn override_settings(args: &Args, settings: &mut Settings) {
    if !args.select.is_empty() {
        settings.select.clone_from(&args.select);
    }
    settings.ignore.extend(args.ignore.iter().cloned());
}

fn read_baseline(path: &str) -> Result<Baseline, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{path}: {error}")))?;
    Baseline::parse(&text).map_err(|error| Failure::usage(format!("{path}: {error}")))
}

/// How often fixes are applied to their own result: one fix can uncover the next.
const FIX_ROUNDS: usize = 10;

/// Applies fixes until there is nothing left to fix, and returns what is known of the mended text.
fn mend(
    args: &Args,
    input: &Input,
    mut analysis: wfc_driver::Analysis,
    round: &mut Round,
) -> Result<wfc_driver::Analysis, Failure> {
    let name = input.name();
    let session = &mut round.session;
    let text_of = |session: &Session, analysis: &wfc_driver::Analysis| {
        session.sources().file(analysis.file).map(|file| file.text().to_owned()).unwrap_or_default()
    };
    let before = text_of(session, &analysis);
    // Bytes that are no UTF-8 were replaced while reading; writing the text back would make that permanent.
    if analysis.diagnostics.iter().any(|d| d.rule.name == wfc_source::rules::INVALID_UTF8.name) {
        return Ok(analysis);
    }
    let mut after = before.clone();
    let mut mended = 0;
    for _ in 0..FIX_ROUNDS {
        let fixed = fixes::apply(&after, &analysis.diagnostics, args.unsafe_fixes);
        if fixed.applied == 0 {
            break;
        }
        mended += fixed.applied;
        after = fixed.text;
        analysis = session.check_bytes(name, after.clone().into_bytes());
    }
    match (args.diff, input) {
        (true, _) => round.diffs.push_str(&unified_diff(name, &before, &after)),
        (false, Input::Stdin(_)) => terminal::print(&after),
        (false, Input::Path(path) | Input::Found(path)) if before != after => disk::replace(path, &after)?,
        _ => {}
    }
    round.mended.0 += mended;
    round.mended.1 += usize::from(mended > 0);
    Ok(analysis)
}

/// The difference of two texts as a patch.
pub(super) fn unified_diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let diff = similar::TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

fn write_report(args: &Args, color: terminal::Color, round: &Round) -> Result<(), Failure> {
    if args.diff {
        terminal::print(&round.diffs);
        return Ok(());
    }
    let shown: Vec<Diagnostic> = round.diagnostics.iter().filter(|d| !args.quiet || counts(args, d)).cloned().collect();
    let rules = explain::all_rules();
    let report = Report {
        sources: round.session.sources(),
        diagnostics: &shown,
        rules: &rules,
        checked: &round.checked,
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let format =
        args.output_format.parse().map_err(|unknown: wfc_report::UnknownFormat| Failure::usage(unknown.to_string()))?;
    let style = terminal::style(args.output.is_none() && color.on_stdout());
    if round.mended.0 > 0 && args.fix {
        let (findings, files) = round.mended;
        terminal::error_line(&format!("mended {findings} findings in {files} files"));
    }
    let text = match (args.statistics, format) {
        (true, wfc_report::Format::Json | wfc_report::Format::Jsonl) => statistics_json(&shown)?,
        (true, _) => wfc_report::statistics(&report),
        (false, _) => wfc_report::render(&report, format, style),
    };
    let fixed_text_was_printed = args.fix && args.paths.iter().any(|path| path == "-");
    match fixed_text_was_printed {
        true => terminal::error_line(&text),
        false => disk::emit(args.output.as_deref(), &text)?,
    }
    Ok(())
}

/// The findings by rule, the most frequent first.
fn statistics_json(diagnostics: &[Diagnostic]) -> Result<String, Failure> {
    let mut counts: std::collections::BTreeMap<&str, (usize, usize)> = std::collections::BTreeMap::new();
    for diagnostic in diagnostics {
        let (count, fixable) = counts.entry(diagnostic.rule.name).or_default();
        *count += 1;
        *fixable += usize::from(diagnostic.fix.is_some());
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(name, (count, _))| (std::cmp::Reverse(*count), *name));
    let row = |(rule, (count, fixable)): (&str, (usize, usize))| serde_json::json!({ "rule": rule, "count": count, "fixable": fixable });
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let text = serde_json::to_string_pretty(&serde_json::json!({ "version": 1, "rules": rows }));
    text.map(|text| text + "\n").map_err(|error| Failure::io(error.to_string()))
}

/// Whether a finding makes the command end with 1.
fn counts(args: &Args, diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error || (args.deny_warnings && diagnostic.severity == Severity::Warning)
}

fn exit(args: &Args, round: &Round) -> Exit {
    if let Some(worst) = round.failures.iter().map(Failure::exit).max_by_key(|exit| exit.code()) {
        worst
    } else if args.exit_zero {
        Exit::Ok
    } else if round.diagnostics.iter().any(|d| counts(args, d)) || !round.diffs.is_empty() {
        Exit::Findings
    } else {
        Exit::Ok
    }
}
