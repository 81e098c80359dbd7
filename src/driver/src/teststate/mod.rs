//! One state tried alone, as the TestState call of AWS Step Functions does it, without AWS.
//!
//! A [`Request`] has the members of the call, an [`Answer`] those of its answer, and a [`Refusal`] is the error the
//! call gives for a request that makes no sense. What the service says is said in its words; what only this project
//! can know (where in the file, what to do) stands beside.

mod answer;
mod context;
mod definition;
mod refuse;
mod run;
mod schema;
mod target;
mod wrap;

use wfc_expr::Value;
use wfc_run_core::Program;
use wfc_run_tokio::Tools;

use crate::{export, passes, Session};

pub use answer::{Answer, Status};
pub use refuse::{Code, Findings, Refusal};

use definition::Definition;
use target::Target;

/// The name a state has that is tried without a machine around it.
const LONE: &str = "StateName";

/// A mark some editors put in front of a text.
const MARK: char = '\u{feff}';

/// What is to be tried, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// What messages call the file the definition is from. Its ending says the notation, as everywhere.
    pub file: String,
    /// A state, or a machine.
    pub definition: Vec<u8>,
    /// Which state of the machine, at any depth; not with a definition that is a state.
    pub state_name: Option<String>,
    /// The input of the state.
    pub input: Value,
    /// What the answer shows of the data on its way.
    pub inspection: Inspection,
    /// As whom AWS would do the work.
    pub role_arn: Option<String>,
    /// What stands for the work.
    pub mock: Option<Mock>,
    /// The whole context object, instead of an invented one.
    pub context: Option<Value>,
    /// Variables that have values before the state.
    pub variables: Option<Value>,
    /// How far the run is that the state is thought to be part of.
    pub configuration: Configuration,
    /// Whether secrets are shown. There are none outside AWS, but the service refuses it together with a mock.
    pub reveal_secrets: bool,
    /// The time, in milliseconds since 1970.
    pub now: i64,
}

/// How much of the data on its way is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inspection {
    /// Nothing.
    #[default]
    Info,
    /// What it becomes at each stage.
    Debug,
    /// That, and the requests of HTTP tasks, of which nothing is known here.
    Trace,
}

/// What stands for the work of a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mock {
    /// What the work answers.
    pub result: Option<Value>,
    /// How it fails.
    pub error: Option<MockError>,
    /// How the answer is held against what the service is known to answer.
    pub validation: Validation,
}

/// How mocked work fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MockError {
    /// The name of the error.
    pub error: Option<String>,
    /// Its cause.
    pub cause: Option<String>,
}

/// How a mocked answer is held against what the service is known to answer.
///
/// The service means to ask for required members under `Strict`; it has not been seen to, and so it is the same as
/// `Present` here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// All of it.
    #[default]
    Strict,
    /// The members that are there.
    Present,
    /// Not at all.
    None,
}

/// How far the run is that the state is thought to be part of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    /// How often each retrier was used already.
    pub retrier_retry_count: u64,
    /// How many items of a Map have failed.
    pub map_iteration_failure_count: Option<u64>,
    /// The state inside a Map or Parallel that the mocked error is from.
    pub error_caused_by_state: Option<String>,
    /// What the ItemReader of a Map has read.
    pub map_item_reader_data: Option<Value>,
}

/// Tries one state. `session` says how the definition is read, `tools` do the work that no mock stands for.
pub fn test_state(session: &mut Session, request: &Request, tools: &dyn Tools) -> Result<Answer, Refusal> {
    let definition = Definition::read(session, request)?;
    let target = Target::find(&definition)?;
    refuse::check(&definition, &target, request)?;
    let program = load(&definition)?;
    let found = program.plan().nodes.iter().position(|node| *node.name == *definition.state_name);
    let node = found.map(wfc_plan::NodeIx::next).ok_or_else(|| Refusal::validation("State not found in definition"))?;
    let seen = run::run(&program, node, request, tools)?;
    Ok(Answer::of(&program, &target, request, seen))
}

/// The whole machine as a program: no pass runs over it, so that its states are those of the file.
fn load(definition: &Definition) -> Result<Program, Refusal> {
    let lowered = passes::lower(definition.checked.clone(), &[], &mut |_, _| {})
        .map_err(|broken| Refusal::definition(broken.to_string()))?;
    let emitted = export::plan::emit(&lowered.sealed).map_err(|found| {
        let first = found.first().map(|finding| finding.message.clone()).unwrap_or_default();
        Refusal { findings: Some(definition.findings(found)), ..Refusal::definition(first) }
    })?;
    Program::load(emitted.plan).map_err(|error| Refusal::definition(error.to_string()))
}
