//! Requests that make no sense, in the words of the service.

use std::fmt;

use wfc_diag::Diagnostic;
use wfc_expr::Value;
use wfc_source::{rules, FileId, SourceMap};

use super::definition::Definition;
use super::target::{self, Kind, Target};
use super::{context, schema, Mock, Request, Validation};

/// Why a request is refused.
#[derive(Debug)]
pub struct Refusal {
    /// The service's name for the sort of reason.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What is wrong with the definition, if that is the reason.
    pub findings: Option<Findings>,
}

/// The service's name for a sort of reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The request makes no sense.
    Validation,
    /// The definition makes none, or states like it cannot be tried.
    Definition,
}

/// What is wrong with a definition, and where.
#[derive(Debug)]
pub struct Findings {
    /// The file.
    pub sources: SourceMap,
    /// Its number.
    pub file: FileId,
    /// What was found.
    pub all: Vec<Diagnostic>,
}

impl Code {
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Code::Validation => "ValidationException",
            Code::Definition => "InvalidDefinition",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self { code: Code::Validation, message: message.into(), help: None, findings: None }
    }

    pub(super) fn definition(message: impl Into<String>) -> Self {
        Self { code: Code::Definition, ..Self::validation(message) }
    }

    /// The refusal of a definition with these findings, as when a machine is created.
    pub(super) fn of_findings(found: &[Diagnostic]) -> Self {
        let mut all: Vec<String> = Vec::new();
        for next in found.iter().filter(|finding| finding.blocking).map(owner_words) {
            if !all.contains(&next) {
                all.push(next);
            }
        }
        Self::definition(format!("Invalid State Machine Definition: '{}'", all.join(", ")))
    }

    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

/// A finding in the words of the service.
fn owner_words(found: &Diagnostic) -> String {
    match &found.owner {
        Some(owner) => {
            let place = owner.location.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
            format!("{}: {}{place}", owner.code, owner.message)
        }
        // Whatever is wrong with a text that cannot be read, the service says one thing.
        None if rules::ALL.contains(&found.rule) => {
            "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object".to_owned()
        }
        None => format!("{}: {}", found.rule.name, found.message),
    }
}

/// Checks everything about a request but its definition; the first reason counts.
pub(super) fn check(definition: &Definition, target: &Target, request: &Request) -> Result<(), Refusal> {
    match &request.mock {
        Some(mock) => check_mock(target, request, mock)?,
        None => check_without_mock(target, request)?,
    }
    check_origin(definition, request)?;
    if let Some(why) = request.context.as_ref().and_then(|given| context::trouble(given, target)) {
        return Err(Refusal::validation(format!("Invalid Context object provided: {why}")));
    }
    if request.variables.as_ref().is_some_and(|variables| variables.as_object().is_none()) {
        return Err(Refusal::validation("The variables must be a JSON object").help("pass `{\"name\": value, …}`"));
    }
    check_answer(target, request)
}

fn check_without_mock(target: &Target, request: &Request) -> Result<(), Refusal> {
    match target.kind {
        Kind::Map | Kind::Parallel => Err(Refusal::definition(
            "TestState API does not support Map or Parallel states. Supported state types include: \
             [Task, Wait, Pass, Succeed, Fail, Choice]",
        )
        .help("mock the result of the state, or test a state inside it by its name")),
        Kind::Task if request.role_arn.is_none() => {
            Err(Refusal::validation("RoleArn must be specified when testing a Task state")
                .help("mock the work of the task, or pass any role to have it done by what does such work here"))
        }
        _ => Ok(()),
    }
}

fn check_mock(target: &Target, request: &Request, mock: &Mock) -> Result<(), Refusal> {
    if mock.result.is_some() == mock.error.is_some() {
        let message = "A test mock should have only one of the following fields: [result, errorOutput].";
        return Err(Refusal::validation(message));
    }
    if request.reveal_secrets {
        let message = "TestState does not support RevealSecrets when a mock is specified.";
        return Err(Refusal::validation(message));
    }
    if !matches!(target.kind, Kind::Task | Kind::Map | Kind::Parallel) {
        let kind = target.kind.name();
        return Err(Refusal::validation(format!("State type '{kind}' is not supported when a mock is specified")));
    }
    mock.result.as_ref().map_or(Ok(()), |result| check_shape(target, request, result))
}

/// What takes the place of several results must have their shape.
fn check_shape(target: &Target, request: &Request, result: &Value) -> Result<(), Refusal> {
    let refused = |message: &str| Err(Refusal::validation(message));
    match (target.kind, result.as_array()) {
        (Kind::Map, _) if target.has_writer => match result.as_object() {
            Some(_) => Ok(()),
            None => refused("Mocked result must be a JSON object."),
        },
        (Kind::Map | Kind::Parallel, None) => refused("Mocked result must be an array."),
        (Kind::Parallel, Some(results)) if results.len() != target.branches => {
            refused("Mocked result must contain the same number of items as number of Parallel branches.")
        }
        (Kind::Map, Some(results)) if failed(request) > results.len() => {
            refused("Map iteration failure count must be less than or equal to the number of Map iterations")
        }
        _ => Ok(()),
    }
}

fn failed(request: &Request) -> usize {
    let count = request.configuration.map_iteration_failure_count.unwrap_or_default();
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The state an error is from must be one of the definition.
fn check_origin(definition: &Definition, request: &Request) -> Result<(), Refusal> {
    let Some(origin) = &request.configuration.error_caused_by_state else { return Ok(()) };
    let root = definition.tree.root();
    let found = if definition.lone { target::inside(root, origin) } else { target::named(root, origin) };
    match found {
        Some(_) => Ok(()),
        None => Err(Refusal::validation("State not found in definition")
            .help(format!("no state is called '{origin}', which the error is said to be from"))),
    }
}

/// The mocked answer must be one the service could give.
fn check_answer(target: &Target, request: &Request) -> Result<(), Refusal> {
    let mock = request.mock.as_ref().filter(|mock| mock.validation != Validation::None);
    let result = mock.and_then(|mock| mock.result.as_ref()).filter(|_| target.kind == Kind::Task);
    match result.and_then(|result| schema::trouble(&target.resource, result)) {
        Some(why) => Err(Refusal::validation(format!("Mock result schema validation error: {why}"))),
        None => Ok(()),
    }
}
