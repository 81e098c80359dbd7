//! `wfc task`: answers tasks of a run under way by hand.

use std::time::{Duration, Instant};

use clap::{Args as ClapArgs, Subcommand};
use serde_json::json;

use super::run::client::ask;
use super::run::{document, Reply, Request};
use super::{terminal, Exit, Failure};

/// Answer a task of a run under way
#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    #[command(subcommand)]
    answer: Answer,
}

const AFTER: &str = "The run is looked for in the current folder and those above, where `wfc run` was begun.

Exit codes: 0 the answer was taken, 9 no task waits for it.";

#[derive(Clone, Debug, Subcommand)]
enum Answer {
    /// The task is done
    Success {
        /// The task token
        token: String,

        /// The result: JSON, `@FILE`, or `-` for standard input
        #[arg(long, value_name = "JSON", default_value = "{}")]
        output: String,
    },
    /// The task failed
    Failure {
        /// The task token
        token: String,

        /// The name of the error
        #[arg(long, value_name = "NAME")]
        error: Option<String>,

        /// Its cause
        #[arg(long, value_name = "TEXT")]
        cause: Option<String>,
    },
    /// The task is alive
    Heartbeat {
        /// The task token
        token: String,
    },
    /// Ask for work of an activity
    Poll {
        /// The ARN of the activity, as the file has it
        activity: String,

        /// Who asks, for the history of the run
        #[arg(long, value_name = "NAME")]
        worker: Option<String>,

        /// Seconds to wait for work
        #[arg(long, value_name = "SECONDS", default_value_t = 0)]
        wait: u64,
    },
}

/// How often a worker that waits looks for work.
const PAUSE: Duration = Duration::from_millis(200);

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let (request, wait) = match args.answer.clone() {
        Answer::Success { token, output } => (Request::Success { token, output: document("--output", &output)? }, 0),
        Answer::Failure { token, error, cause } => (Request::Failure { token, error, cause }, 0),
        Answer::Heartbeat { token } => (Request::Heartbeat { token }, 0),
        Answer::Poll { activity, worker, wait } => (Request::Poll { activity, worker }, wait),
    };
    let begun = Instant::now();
    loop {
        let (reply, asked) = ask(&request).map_err(|error| Failure::io(format!("no run could be asked: {error}")))?;
        let waits = matches!(reply, Reply::NoTask) && begun.elapsed() < Duration::from_secs(wait);
        if !waits {
            return show(reply, asked, &request);
        }
        std::thread::sleep(PAUSE);
    }
}

fn show(reply: Reply, asked: usize, request: &Request) -> Result<Exit, Failure> {
    match reply {
        Reply::Taken => Ok(Exit::Ok),
        Reply::Task { token, input } => {
            let task = json!({ "taskToken": token, "input": input.to_json() });
            terminal::print(&format!("{task}\n"));
            Ok(Exit::Ok)
        }
        Reply::NoTask => {
            terminal::error_line(&nobody(asked, request));
            Ok(Exit::NoTask)
        }
        Reply::Refused(why) => Err(Failure::usage(format!("the run refused the answer: {why}"))),
    }
}

fn nobody(asked: usize, request: &Request) -> String {
    match (asked, request.token()) {
        (0, _) => "no run that waits for answers is under way in this folder or those above".to_owned(),
        (_, Some(_)) => "no task waits for an answer by this token: it was answered, timed out or never was".to_owned(),
        (_, None) => "there is no work of this activity".to_owned(),
    }
}
