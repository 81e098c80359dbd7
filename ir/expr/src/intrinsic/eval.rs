//! The result of a call.

use std::fmt;

use wfc_diag::TextRange;

use super::{Call, PathOrCall};
use crate::budget::Exceeded;
use crate::jsonpath::{PathError, PathErrorKind};
use crate::{Budget, Roots, Value};

/// Where a call takes its randomness from.
pub trait Chance {
    /// Sixteen random bytes for an identifier; its version and variant are set by the caller.
    fn uuid(&mut self) -> [u8; 16];
    /// A number from 0 up to 1, which is never reached.
    fn random_f64(&mut self) -> f64;
}

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntrinsicError {
    /// What sort of reason.
    pub kind: IntrinsicErrorKind,
    /// The part that failed, in the text the call was parsed from.
    pub range: TextRange,
    /// One sentence: what is wrong.
    pub message: String,
}

/// Sorts of reasons why a call has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntrinsicErrorKind {
    /// A path among the arguments, or the path itself where no function is called.
    Path(PathErrorKind),
    /// A function refuses its arguments.
    Failure,
    /// The evaluation does more than it may.
    Exceeded(Exceeded),
}

impl IntrinsicError {
    /// The name a workflow catches the error by.
    pub fn name(&self) -> &'static str {
        match self.kind {
            IntrinsicErrorKind::Failure => "States.IntrinsicFailure",
            IntrinsicErrorKind::Path(_) | IntrinsicErrorKind::Exceeded(_) => "States.Runtime",
        }
    }
}

impl fmt::Display for IntrinsicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for IntrinsicError {}

impl From<PathError> for IntrinsicError {
    fn from(error: PathError) -> Self {
        let kind = match error.kind {
            PathErrorKind::Exceeded(limit) => IntrinsicErrorKind::Exceeded(limit),
            kind => IntrinsicErrorKind::Path(kind),
        };
        Self { kind, range: error.range, message: error.message }
    }
}

impl PathOrCall {
    /// The value a path selects or a call gives.
    pub fn eval(
        &self,
        roots: &Roots<'_>,
        chance: &mut dyn Chance,
        budget: &mut Budget,
    ) -> Result<Value, IntrinsicError> {
        match self {
            PathOrCall::Path(path) => Ok(path.eval(roots, budget)?),
            PathOrCall::Call(call) => call.eval(roots, chance, budget),
        }
    }
}

impl Call {
    /// What the function gives for its arguments.
    pub fn eval(
        &self,
        _roots: &Roots<'_>,
        _chance: &mut dyn Chance,
        _budget: &mut Budget,
    ) -> Result<Value, IntrinsicError> {
        let message = format!("States.{} cannot be called", self.function.name());
        Err(IntrinsicError { kind: IntrinsicErrorKind::Failure, range: self.range, message })
    }
}
