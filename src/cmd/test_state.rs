//! `wfc test-state`: tries one state, with the arguments and the answer of the TestState call of AWS Step Functions.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args as ClapArgs, ValueEnum};
use wfc_driver::teststate::{self, Answer, Configuration, Findings, Inspection, Mock, MockError, Refusal, Request};
use wfc_driver::{explain, Session};
use wfc_expr::Value;
use wfc_report::Report;

use super::options::ReadOptions;
use super::{files, terminal, Exit, Failure};

/// Try one state of a state machine
#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    /// The definition of a state or of a state machine, or `-` for standard input
    file: String,

    #[command(flatten)]
    read: ReadOptions,

    /// Which state of the machine, at any depth
    #[arg(long, value_name = "NAME")]
    state: Option<String>,

    /// The input of the state
    #[arg(long, value_name = "JSON", default_value = "{}")]
    input: String,

    /// What the answer shows of the data on its way
    #[arg(long, value_enum, default_value_t)]
    level: Level,

    /// As whom AWS would do the work; without a mock, the work is done by what `wfc.toml` names
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,

    /// What the work answers
    #[arg(long, value_name = "JSON")]
    mock: Option<String>,

    /// The error the work fails with
    #[arg(long, value_name = "NAME")]
    mock_error: Option<String>,

    /// The cause of that error
    #[arg(long, value_name = "TEXT", requires = "mock_error")]
    mock_cause: Option<String>,

    /// How the mocked answer is held against what the service is known to answer
    #[arg(long, value_enum, default_value_t)]
    mock_validation: Validation,

    /// The whole context object, instead of an invented one
    #[arg(long, value_name = "JSON")]
    context: Option<String>,

    /// Variables that have values before the state
    #[arg(long, value_name = "JSON")]
    variables: Option<String>,

    /// How often each retrier of the state was used already
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    retry_count: u64,

    /// How many items of the Map have failed
    #[arg(long, value_name = "NUMBER")]
    map_failures: Option<u64>,

    /// The state inside the Map or Parallel that the mocked error is from
    #[arg(long, value_name = "STATE")]
    error_caused_by: Option<String>,

    /// What the ItemReader of the Map has read
    #[arg(long, value_name = "JSON")]
    item_reader_data: Option<String>,

    /// Show secrets; refused together with a mock, as there
    #[arg(long)]
    reveal_secrets: bool,

    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

const AFTER: &str = "JSON is given as text, as `@FILE`, or as `-` for standard input.
Documents in the answer are texts, as they are in the answer of the service.

Exit codes:
  0  SUCCEEDED, CAUGHT_ERROR
  1  the definition is refused
  2  the request makes no sense
  3  a file could not be read
  4  FAILED, RETRIABLE";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Level {
    /// Nothing
    #[default]
    Info,
    /// What it becomes at each stage
    Debug,
    /// The same; AWS adds the requests of HTTP tasks
    Trace,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Validation {
    /// All that is known of the service
    #[default]
    Strict,
    /// Only the members that are there
    Present,
    /// Not at all
    None,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Output {
    /// One line of JSON
    Json,
    /// Indented JSON
    #[default]
    Pretty,
}

/// The most bytes of a document on the command line or in its files.
const MAX_DOCUMENT: u64 = 256 << 20;

pub(super) fn run(args: &Args, color: terminal::Color) -> Result<Exit, Failure> {
    let request = request(args)?;
    let mut session = Session::new();
    let found = args.read.resolve()?.prepare(&mut session, &request.file)?;
    let folder = found.path.as_deref().and_then(Path::parent).or_else(|| Path::new(&request.file).parent());
    let tools = found.config.router(folder.unwrap_or(Path::new("")));
    match teststate::test_state(&mut session, &request, &tools) {
        Ok(answer) => Ok(show(&answer, args.output)),
        Err(refusal) => refuse(refusal, color),
    }
}

fn request(args: &Args) -> Result<Request, Failure> {
    let texts = [Some(&args.file), Some(&args.input), args.mock.as_ref(), args.context.as_ref()];
    let others = [args.variables.as_ref(), args.item_reader_data.as_ref()];
    if texts.into_iter().chain(others).flatten().filter(|text| *text == "-").count() > 1 {
        return Err(Failure::usage("standard input can be only one of the documents"));
    }
    let from_stdin = args.file == "-";
    let file = if from_stdin { "stdin" } else { &args.file };
    let definition = if from_stdin { files::read_stdin(MAX_DOCUMENT)? } else { files::read_path(file, MAX_DOCUMENT)? };
    let optional = |text: &Option<String>, what| text.as_deref().map(|text| document(text, what)).transpose();
    Ok(Request {
        file: file.to_owned(),
        definition,
        state_name: args.state.clone(),
        input: document(&args.input, "the input")?,
        inspection: match args.level {
            Level::Info => Inspection::Info,
            Level::Debug => Inspection::Debug,
            Level::Trace => Inspection::Trace,
        },
        role_arn: args.role_arn.clone(),
        mock: mock(args)?,
        context: optional(&args.context, "the context object")?,
        variables: optional(&args.variables, "the text of the variables")?,
        configuration: Configuration {
            retrier_retry_count: args.retry_count,
            map_iteration_failure_count: args.map_failures,
            error_caused_by_state: args.error_caused_by.clone(),
            map_item_reader_data: optional(&args.item_reader_data, "what the ItemReader has read")?,
        },
        reveal_secrets: args.reveal_secrets,
        now: now(),
    })
}

fn mock(args: &Args) -> Result<Option<Mock>, Failure> {
    let result = args.mock.as_deref().map(|text| document(text, "the mocked result")).transpose()?;
    let error = args.mock_error.clone().map(|error| MockError { error: Some(error), cause: args.mock_cause.clone() });
    let validation = match args.mock_validation {
        Validation::Strict => teststate::Validation::Strict,
        Validation::Present => teststate::Validation::Present,
        Validation::None => teststate::Validation::None,
    };
    Ok((result.is_some() || error.is_some()).then_some(Mock { result, error, validation }))
}

fn document(argument: &str, what: &str) -> Result<Value, Failure> {
    let bytes = match argument.strip_prefix('@') {
        Some(path) => files::read_path(path, MAX_DOCUMENT)?,
        None if argument == "-" => files::read_stdin(MAX_DOCUMENT)?,
        None => argument.as_bytes().to_vec(),
    };
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{what} is not UTF-8")))?;
    Value::parse(&text).map_err(|error| {
        Failure::usage(format!("{what} is not JSON: {error}")).help("pass JSON, `@FILE`, or `-` for standard input")
    })
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn show(answer: &Answer, output: Output) -> Exit {
    let value = answer.to_value();
    let text = match output {
        Output::Json => value.to_json(),
        Output::Pretty => value.to_json_pretty(),
    };
    terminal::print(&format!("{text}\n"));
    match answer.status {
        teststate::Status::Succeeded | teststate::Status::CaughtError => Exit::Ok,
        teststate::Status::Failed | teststate::Status::Retriable => Exit::RunFailed,
    }
}

/// Findings where there are some, else the reason.
fn refuse(refusal: Refusal, color: terminal::Color) -> Result<Exit, Failure> {
    if let Some(findings) = &refusal.findings {
        report(findings, color);
        return Ok(Exit::Findings);
    }
    let failure = Failure::usage(refusal.to_string());
    let failure = match refusal.help {
        Some(help) => failure.help(help),
        None => failure,
    };
    failure.report(color);
    Ok(match refusal.code {
        teststate::Code::Validation => Exit::Usage,
        teststate::Code::Definition => Exit::Findings,
    })
}

fn report(findings: &Findings, color: terminal::Color) {
    let errors: Vec<_> = findings.all.iter().filter(|finding| finding.blocking).cloned().collect();
    let report = Report {
        sources: &findings.sources,
        diagnostics: &errors,
        rules: &explain::all_rules(),
        checked: &[findings.file],
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let text = wfc_report::render(&report, wfc_report::Format::Human, terminal::style(color.on_stderr()));
    terminal::error_line(text.trim_end());
}
