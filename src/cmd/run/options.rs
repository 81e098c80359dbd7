//! The command line of `wfc run`.

use clap::{Args as ClapArgs, ValueEnum};

use crate::cmd::options::ReadOptions;
use crate::cmd::progress::Mode;

/// Run a file on this machine
#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    /// The file, or `-` for standard input
    pub(super) file: String,

    #[command(flatten)]
    pub(super) read: ReadOptions,

    /// The input: JSON, `@FILE`, or `-` for standard input; `{}` if it is not given
    #[arg(long, value_name = "JSON")]
    pub(super) input: Option<String>,

    /// The name of the run; made up if it is not given
    #[arg(long, value_name = "NAME", value_parser = super::name::check)]
    pub(super) id: Option<String>,

    /// A variable that has a value from the start
    #[arg(long = "var", value_name = "NAME=JSON")]
    pub(super) vars: Vec<String>,

    /// End the run when it comes to this state; its input is the result
    #[arg(long, value_name = "STATE")]
    pub(super) until: Option<String>,

    /// Who answers a task, as in `[tasks]` of wfc.toml: a command, `FILE.py:FUNCTION`, an address, `result:JSON`,
    /// `ask:QUESTION`, or `{ … }`
    #[arg(long = "task", value_name = "PATTERN=VALUE")]
    pub(super) tasks: Vec<String>,

    /// A file that answers tasks instead of the world; `auto` makes results up from what the machine reads of them,
    /// and the input too if it is not given
    #[arg(long, value_name = "FILE")]
    pub(super) mock: Option<String>,

    /// The case of the mock file
    #[arg(long, value_name = "NAME", requires = "mock")]
    pub(super) case: Option<String>,

    /// How time passes
    #[arg(long, value_enum, default_value_t)]
    pub(super) time: Time,

    /// What random numbers are derived from; chance if it is not given, 0 in virtual time
    #[arg(long, value_name = "NUMBER")]
    pub(super) seed: Option<u64>,

    /// The most events and bytes of a document: `none`, or `events=NUMBER` and `payload=BYTES`; for state machines
    /// those of AWS unless given
    #[arg(long, value_name = "LIMITS", value_delimiter = ',')]
    pub(super) quota: Vec<String>,

    /// Run a state machine as an express one; the same as `--type express`
    #[arg(long)]
    pub(super) express: bool,

    /// Where runs are kept
    #[arg(long, value_name = "STORE", default_value = "none", value_parser = store)]
    pub(super) store: String,

    /// Write the history of the run to this file, however it ends; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub(super) history: Option<String>,

    /// Go on with the run whose history stands in this file, at the state it ended in: what had succeeded is not done
    /// again
    #[arg(long, value_name = "HISTORY", conflicts_with_all = ["input", "vars"])]
    pub(super) redrive: Option<String>,

    /// How the run is shown on standard error: `auto`, `lines`, `json`, `json=FILE` or `none`
    #[arg(long, value_name = "HOW", default_value = "auto", value_parser = events)]
    pub(super) events: Events,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

const AFTER: &str = r#"The result goes to standard output, all else to standard error.
Paths in --task are relative to the folder of the wfc.toml, or to the current one without one.
Ctrl-C aborts the run and ends what it has started; a second one ends wfc at once.

Who answers tasks stands in wfc.toml (`wfc schema config` has all of it):

  [tasks]      # by Resource, function, or state; `*` is any text
  "charge" = { command = ["python3", "charge.py"], timeout = 30 }
  "arn:aws:lambda:*:*:function:ship" = { handler = "ship.py:handler" }
  "arn:aws:states:::sqs:sendMessage" = { http = "http://localhost:9324/" }
  "arn:aws:states:::dynamodb:putItem" = { result = {} }
  "state:Approve" = { ask = "Approve the order?" }
  [machines]   # for states:startExecution
  "child" = "child.asl.json"
  [s3]         # buckets that are folders
  "my-bucket" = "data/my-bucket"

or in a mock file, `--mock mocks.toml --case declined` (TOML or JSON; the
MockConfigFile.json of Step Functions Local is read, too):

  [states]     # in all cases
  Charge = { result = { ok = true } }
  Ship = [{ error = "Busy", repeat = 2 }, { payload = { id = 1 }, after = 1.5 }]
  [cases.declined]
  Charge = { error = "CardDeclined", cause = "No money." }

Exit codes: 0 succeeded, 1 the file has errors, 4 failed, 5 timed out, 6 aborted, 7 out of budget."#;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Time {
    /// As on the wall
    #[default]
    Real,
    /// It jumps to the next timer whenever nothing is under way
    Virtual,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// One line of JSON
    Json,
    /// Indented JSON
    #[default]
    Pretty,
    /// What became of the run, and which states it went through
    Table,
}

/// How a run is shown while it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Events {
    Auto,
    Lines,
    Json(Option<String>),
    None,
}

impl Events {
    /// How, and into which file.
    pub(super) fn mode(&self) -> (Mode, Option<&str>) {
        match self {
            Events::Auto => (Mode::detect(), None),
            Events::Lines => (Mode::Lines, None),
            Events::Json(file) => (Mode::Json, file.as_deref()),
            Events::None => (Mode::Silent, None),
        }
    }
}

impl Args {
    pub(super) fn is_virtual(&self) -> bool {
        self.time == Time::Virtual
    }
}

fn events(text: &str) -> Result<Events, String> {
    match (text, text.strip_prefix("json=")) {
        ("auto", _) => Ok(Events::Auto),
        ("lines", _) => Ok(Events::Lines),
        ("json", _) => Ok(Events::Json(None)),
        ("none", _) => Ok(Events::None),
        (_, Some(file)) if !file.is_empty() => Ok(Events::Json(Some(file.to_owned()))),
        _ => Err("it is auto, lines, json, json=FILE or none".to_owned()),
    }
}

fn store(text: &str) -> Result<String, String> {
    match text {
        "none" => Ok(text.to_owned()),
        _ => Err("runs are kept in memory only (`none`); stores on disk are not there yet".to_owned()),
    }
}
