//! Errors of a run, and which rules match them.

use std::sync::Arc;

use wfc_cir::ErrorMatch;
use wfc_expr::Value;

/// An error of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Its cause.
    pub cause: Option<Arc<str>>,
    /// What the tool said about its kind.
    pub class: Option<Arc<str>>,
    /// With which code a command ended.
    pub exit_code: Option<i32>,
    /// Where in the life of a visit it was raised.
    pub phase: Phase,
    /// Whether it came from the work of a step.
    pub by_work: bool,
    /// Whether the runtime raised it because the program asks for what is not there.
    pub own: bool,
}

/// Where in the life of a visit an error was raised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Before the first attempt.
    Before,
    /// In an attempt.
    #[default]
    Attempt,
    /// In a transfer or `end`.
    Transfer,
}

/// Why the interpreter stops doing what it does.
#[derive(Debug)]
pub(super) enum Stop {
    Failed(Box<Failure>),
    Unending,
    Unsupported(String),
}

impl Stop {
    pub(super) fn unsupported(what: impl Into<String>) -> Stop {
        Stop::Unsupported(what.into())
    }

    pub(super) fn failed(name: &str, cause: impl Into<String>) -> Stop {
        Failure::new(name, cause).into()
    }

    /// An expression that is not JSONata failed.
    pub(super) fn runtime(cause: impl Into<String>) -> Stop {
        Failure { own: true, ..Failure::new("States.Runtime", cause) }.into()
    }

    /// The same, raised in `phase`.
    pub(super) fn during(self, phase: Phase) -> Stop {
        match self {
            Stop::Failed(failure) => Failure { phase, ..*failure }.into(),
            other => other,
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(Box::new(failure))
    }
}

impl Failure {
    /// An error with a name and a text as cause.
    pub fn new(name: &str, cause: impl Into<String>) -> Failure {
        Failure { name: Some(name.into()), cause: Some(cause.into().into()), ..Failure::default() }
    }

    /// What expressions see of it; `whole`: what it does not have is null.
    pub fn record(&self, whole: bool) -> Value {
        let members = [("Error", &self.name), ("Cause", &self.cause)].into_iter();
        let kept = members.filter(|(_, text)| whole || text.is_some());
        kept.map(|(name, text)| (name, text.clone().map_or(Value::Null, Value::from))).collect()
    }

    pub(super) fn matches(&self, rule: &ErrorMatch) -> bool {
        if self.phase == Phase::Transfer && !rule.transfers {
            return false;
        }
        rule.names.iter().any(|name| self.is_named(name))
            || rule.classes.iter().any(|class| self.class.as_ref() == Some(class))
            || rule.contains.iter().any(|part| self.cause.as_ref().is_some_and(|cause| cause.contains(&**part)))
            || rule.exit_codes.iter().any(|code| self.exit_code == Some(*code))
    }

    fn is_named(&self, wanted: &str) -> bool {
        match wanted {
            "States.ALL" | "*" => true,
            "States.TaskFailed" if self.by_work && self.name.as_deref() != Some("States.Timeout") => true,
            _ => self.name.as_deref() == Some(wanted),
        }
    }
}
