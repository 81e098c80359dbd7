//! Evaluation of expressions over JSON values, as the language's reference implementation answers.
//!
//! A [`Program`] is compiled once and shared; every evaluation has its own [`Limits`]. All limits count, none
//! measures time, and all randomness comes from the seed in [`World`], so that an evaluation is reproducible.

mod error;
mod limits;

use std::sync::Arc;

use super::ast::Ast;
use super::builtins::Profile;
use super::error::SyntaxError;
use super::parse::parse;
use crate::Value;

pub use error::EvalError;
pub use limits::Limits;

/// An expression ready to be evaluated; cheap to clone.
#[derive(Clone, Debug)]
pub struct Program {
    ast: Arc<Ast>,
    profile: Profile,
}

impl Program {
    /// Parses and prepares `text`.
    pub fn new(text: &str, profile: Profile) -> Result<Program, SyntaxError> {
        parse(text).map(|ast| Self::from_ast(ast, profile))
    }

    /// Prepares a parsed expression.
    pub fn from_ast(ast: Ast, profile: Profile) -> Program {
        Program { ast: Arc::new(ast), profile }
    }

    /// Evaluates with `input` as the context and `names` for variables that the expression does not bind.
    pub fn eval(
        &self,
        input: Option<&Value>,
        names: &dyn Names,
        world: &mut World,
        limits: &Limits,
    ) -> Result<Answer, EvalError> {
        let _ = (input, names, world, limits, &self.ast, self.profile);
        Err(EvalError {
            code: "U1001",
            message: "evaluation is not there yet".to_owned(),
            range: Default::default(),
            value: None,
        })
    }
}

/// The variables that are bound outside of the expression.
pub trait Names {
    /// The value of `$name`; `name` is without its `$`.
    fn value(&self, name: &str) -> Option<Value>;
}

/// No variables.
impl Names for () {
    fn value(&self, _: &str) -> Option<Value> {
        None
    }
}

/// What an evaluation knows of the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    /// The time of `$now()` and `$millis()`.
    pub now_millis: i64,
    /// Where all randomness comes from; each evaluation leaves another one behind if it used any.
    pub seed: u64,
}

/// What an expression evaluates to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nothing: the reference's `undefined`.
    Nothing,
    /// A value.
    Value(Value),
    /// A function, which no JSON text can hold.
    Function,
}
