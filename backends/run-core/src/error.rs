//! What can go wrong in a run, as data, and which rules are for it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::ErrorMatch;

/// An error of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunError {
    /// Its name; work may fail without one.
    pub name: Option<Arc<str>>,
    /// Why; may be absent too.
    pub cause: Option<Arc<str>>,
    /// Its class, such as `transient`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Arc<str>>,
    /// How a process ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// What the node was about.
    pub phase: Phase,
}

/// What a node was about when an error came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Reading its input.
    Input,
    /// Making the arguments of its work.
    Args,
    /// Its work in the world.
    Work,
    /// Anything else it did.
    Effect,
    /// Handing on data.
    Transfer,
}

/// Names that stand for all errors, those without a name included.
const ALL: [&str; 2] = ["States.ALL", "*"];
const RUNTIME: &str = "States.Runtime";
const TIMEOUT: &str = "States.Timeout";
const TASK_FAILED: &str = "States.TaskFailed";

impl RunError {
    /// An error of the work itself.
    pub fn new(name: impl Into<Arc<str>>, cause: impl Into<Arc<str>>) -> Self {
        Self { name: Some(name.into()), cause: Some(cause.into()), class: None, exit_code: None, phase: Phase::Effect }
    }

    /// An expression that has no value.
    pub(crate) fn runtime(cause: impl Into<Arc<str>>) -> Self {
        Self::new(RUNTIME, cause)
    }

    /// A limit of time that was passed. The owner of the name gives no cause.
    pub(crate) fn timeout() -> Self {
        Self::new(TIMEOUT, "")
    }

    /// Whether a limit of time was passed.
    pub(crate) fn is_timeout(&self) -> bool {
        self.name.as_deref() == Some(TIMEOUT)
    }

    /// The same error in another phase.
    pub(crate) fn during(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// The same error as the error of the node that what failed stands in.
    pub(crate) fn of_region(self) -> Self {
        match self.phase {
            Phase::Work => self,
            _ => self.during(Phase::Effect),
        }
    }

    /// The error record: the error as expressions see it.
    pub(crate) fn document(&self) -> Value {
        let members = [("Error", &self.name), ("Cause", &self.cause)];
        members.into_iter().filter_map(|(name, text)| Some((name, Value::from(Arc::clone(text.as_ref()?))))).collect()
    }

    /// Whether a rule is for this error.
    pub(crate) fn matches(&self, rule: &ErrorMatch) -> bool {
        let has = |own: &Option<Arc<str>>, list: &[Arc<str>]| own.as_ref().is_some_and(|own| list.contains(own));
        rule.names.iter().any(|name| self.is_named(name))
            || has(&self.class, &rule.classes)
            || self.cause.as_ref().is_some_and(|cause| rule.contains.iter().any(|part| cause.contains(&**part)))
            || self.exit_code.is_some_and(|code| rule.exit_codes.contains(&code))
    }

    fn is_named(&self, wanted: &str) -> bool {
        let own = self.name.as_deref();
        let of_work = self.phase == Phase::Work && own != Some(TIMEOUT);
        own == Some(wanted) || ALL.contains(&wanted) || (wanted == TASK_FAILED && of_work)
    }
}
