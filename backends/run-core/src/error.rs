//! What can go wrong in a run, as data, and which rules are for it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::{ErrorMatch, ExprIx, NodeIx};

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
    /// Where in the program it is, if it is an error of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Box<Fault>>,
    /// The node it was first met at; the runtime says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<NodeIx>,
}

/// Where in a program an error is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The node.
    pub node: Option<NodeIx>,
    /// The expression.
    pub expr: Option<ExprIx>,
    /// The part of its text.
    pub range: Option<(u32, u32)>,
    /// The field of the node, in the nouns of the dialect.
    pub field: Option<Arc<str>>,
    /// Whether an expression had no value, as opposed to a value that cannot be used.
    pub evaluation: bool,
    /// Whether the cause names the node already.
    pub placed: bool,
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
/// The error of an expression that has no value, in JSONata.
pub(crate) const EVALUATION: &str = "States.QueryEvaluationError";
const TIMEOUT: &str = "States.Timeout";
const TASK_FAILED: &str = "States.TaskFailed";
const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
/// The class of a timeout by silence.
const HEARTBEAT: &str = "heartbeat";

impl RunError {
    /// The error of a program that asks for what is not there.
    pub(crate) const RUNTIME: &'static str = "States.Runtime";

    /// An error of the work itself.
    pub fn new(name: impl Into<Arc<str>>, cause: impl Into<Arc<str>>) -> Self {
        Self {
            name: Some(name.into()),
            cause: Some(cause.into()),
            class: None,
            exit_code: None,
            phase: Phase::Effect,
            fault: None,
            at: None,
        }
    }

    /// The same error as one of the program itself.
    pub(crate) fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = Some(Box::new(fault));
        self
    }

    /// An expression that has no value.
    pub(crate) fn runtime(cause: impl Into<Arc<str>>) -> Self {
        Self::new(Self::RUNTIME, cause).with_fault(Fault::default())
    }

    /// A limit of time that was passed. The owner of the name gives no cause.
    pub(crate) fn timeout() -> Self {
        Self::new(TIMEOUT, "")
    }

    /// The limit on the time between two signs of life was passed.
    pub(crate) fn silence() -> Self {
        Self { class: Some(HEARTBEAT.into()), ..Self::timeout() }
    }

    /// The cause, where the owner of the name gives one.
    pub(crate) fn stated_cause(&self) -> Option<Arc<str>> {
        self.cause.clone().filter(|cause| !(cause.is_empty() && self.is_timeout()))
    }

    /// Whether the program itself is wrong in a way that nothing in it can handle, in the flows of AWS.
    pub(crate) fn is_final(&self) -> bool {
        self.fault.is_some() && self.name.as_deref() == Some(Self::RUNTIME)
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

    /// The error record: the error as expressions see it. What the error does not have is null where members are
    /// expected to be `whole`, and left out elsewhere.
    pub(crate) fn document(&self, whole: bool) -> Value {
        let members = [("Error", &self.name), ("Cause", &self.cause)].into_iter();
        let value = |text: &Option<Arc<str>>| text.as_ref().map(|text| Value::from(Arc::clone(text)));
        let kept = members.filter(|(_, text)| whole || text.is_some());
        kept.map(|(name, text)| (name, value(text).unwrap_or_default())).collect()
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
        let silent = self.is_timeout() && self.class.as_deref() == Some(HEARTBEAT);
        own == Some(wanted)
            || ALL.contains(&wanted)
            || (wanted == TASK_FAILED && of_work)
            || (wanted == HEARTBEAT_TIMEOUT && silent)
    }
}
