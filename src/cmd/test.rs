//! `wfc test`: runs declared tests of workflows in virtual time, and says what they covered.

mod collect;
mod covered;
mod example;
mod execute;
mod expect;
mod human;
mod json;
mod junit;
mod mocks;
pub(super) mod schema;
#[cfg(test)]
mod tests;

use clap::{Args as ClapArgs, ValueEnum};
use wfc_driver::testing::coverage;

use super::history::report;
use super::options::ReadOptions;
use super::{disk, terminal, Exit, Failure};
use example::AFTER;
use execute::Verdict;

/// Run tests of workflows
#[derive(Clone, Debug, ClapArgs)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    /// Test files (*.wfc-test.toml, .json, .yaml), or folders with such files; the current folder if none is given
    paths: Vec<String>,

    #[command(flatten)]
    read: ReadOptions,

    /// Only tests whose name holds this text
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,

    /// How the results are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Write the results to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,

    /// Say which states, choices, retriers and catchers the tests got to
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "human")]
    coverage: Option<CoverageFormat>,

    /// Write the coverage to this file
    #[arg(long, value_name = "FILE", requires = "coverage")]
    coverage_output: Option<String>,

    /// Fail if the tests cover less than this percentage
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    fail_under: Option<f64>,

    /// How many tests run at once; as many as there are processors if it is not given
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<std::num::NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// JUnit XML
    Junit,
    /// One object
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CoverageFormat {
    /// A table, and what is missing in the source
    Human,
    /// One object
    Json,
    /// A tracefile of LCOV
    Lcov,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| format!("`{text}` is no percentage from 0 to 100"))
}

pub(super) fn run(args: &Args, color: terminal::Color) -> Result<Exit, Failure> {
    let mut suite = collect::collect(&args.paths, args.filter.as_deref(), args.read.resolve()?)?;
    let broken = suite.findings.has_errors();
    if broken {
        let sources = std::mem::take(&mut suite.sources);
        report(&sources, None, std::mem::take(&mut suite.findings), color);
    }
    if suite.cases.is_empty() {
        return nothing_to_run(args, broken);
    }
    let jobs = args.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let verdicts = execute::all(std::mem::take(&mut suite.cases), jobs)?;
    let coverage = covered::count(&suite, &verdicts);
    write_results(args, &verdicts, color)?;
    let asked = args.coverage.or(args.fail_under.map(|_| CoverageFormat::Human));
    if let Some(format) = asked {
        write_coverage(args, format, &suite, &coverage, color)?;
    }
    let share = coverage::total(&coverage).percent();
    let under = args.fail_under.filter(|wanted| share < *wanted);
    if let Some(wanted) = under {
        terminal::error_line(&format!("the tests cover {share:.1}% and should cover {wanted}%"));
    }
    Ok(match broken {
        true => Exit::Findings,
        false if under.is_some() || verdicts.iter().any(|verdict| !verdict.passed()) => Exit::TestsFailed,
        false => Exit::Ok,
    })
}

fn nothing_to_run(args: &Args, broken: bool) -> Result<Exit, Failure> {
    match &args.filter {
        _ if broken => Ok(Exit::Findings),
        Some(part) => Err(Failure::usage(format!("no test has a name with '{part}' in it"))),
        None => Err(Failure::usage("the test files declare no tests")),
    }
}

/// Results go to standard output, unless a program reads the coverage there.
fn write_results(args: &Args, verdicts: &[Verdict], color: terminal::Color) -> Result<(), Failure> {
    let text = match args.format {
        Format::Human => human::render(verdicts, args.output.is_none() && color.on_stdout()),
        Format::Junit => junit::render(verdicts),
        Format::Json => json::render(verdicts),
    };
    let machine_read = matches!(args.coverage, Some(CoverageFormat::Json | CoverageFormat::Lcov));
    if machine_read && args.coverage_output.is_none() && args.output.is_none() {
        terminal::error_line(text.trim_end());
        return Ok(());
    }
    disk::emit(args.output.as_deref(), &text)
}

fn write_coverage(
    args: &Args,
    format: CoverageFormat,
    suite: &collect::Suite,
    coverage: &[coverage::Coverage],
    color: terminal::Color,
) -> Result<(), Failure> {
    let sources = suite.session.sources();
    let text = match format {
        CoverageFormat::Human => covered::human(suite, coverage, args.coverage_output.is_none() && color.on_stdout()),
        CoverageFormat::Json => json::pretty(&coverage::json(coverage, sources)),
        CoverageFormat::Lcov => coverage::lcov(coverage, sources),
    };
    let results_are_read = args.format != Format::Human && args.output.is_none();
    if format == CoverageFormat::Human && results_are_read && args.coverage_output.is_none() {
        terminal::error_line(text.trim_end());
        return Ok(());
    }
    disk::emit(args.coverage_output.as_deref(), &text)
}
