//! Why an evaluation failed: codes and messages as the reference implementation has them.

use std::fmt;

use wfc_diag::TextRange;

use crate::Value;

/// Why an evaluation failed.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalError {
    /// The JSONata code, such as `T1006`; `U1001` where a limit ended the evaluation.
    pub code: &'static str,
    /// The message as the reference implementation prints it, without the code.
    pub message: String,
    /// Where in the text of the expression.
    pub range: TextRange,
    /// The value that was wrong.
    pub value: Option<Value>,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for EvalError {}
