//! Evaluation of expressions over JSON values, as the language's reference implementation answers.
//!
//! A [`Program`] is compiled once and shared; every evaluation has its own [`Limits`]. All limits count, none
//! measures time, and all randomness comes from the seed in [`World`], so that an evaluation is reproducible.

mod call;
mod code;
mod compile;
mod error;
mod frame;
mod function;
mod functions;
mod group;
mod item;
mod json;
mod limits;
mod operators;
mod order;
mod parents;
mod path;
mod regex;
mod run;
mod signature;
mod sort;
mod surrogate;
mod transform;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::code::Code;
use self::frame::Frame;
use self::item::{Flags, Item};
use self::limits::Meter;
use self::run::{Machine, Place};
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
    code: Arc<Code>,
    profile: Profile,
}

impl Program {
    /// Parses and prepares `text`.
    pub fn new(text: &str, profile: Profile) -> Result<Program, SyntaxError> {
        parse(text).map(|ast| Self::from_ast(ast, profile))
    }

    /// Prepares a parsed expression.
    pub fn from_ast(ast: Ast, profile: Profile) -> Program {
        Program { code: Arc::new(compile::compile(&ast, &[])), profile }
    }

    /// Evaluates with `input` as the context and `names` for variables that the expression does not bind.
    pub fn eval(
        &self,
        input: Option<&Value>,
        names: &dyn Names,
        world: &mut World,
        limits: &Limits,
    ) -> Result<Answer, EvalError> {
        let root = input.map_or(Item::Nothing, |value| Item::Json(value.clone()));
        let context = match root.is_array() {
            true => Item::list(vec![root.clone()], Flags { outer_wrapper: true, ..Flags::SEQUENCE }),
            false => root.clone(),
        };
        let mut machine = Machine::new(root, self.profile, names, world, Meter::new(limits), &self.code);
        let frame = Frame::root();
        let result = machine.eval(self.code.root, &context, Place { code: &self.code, frame: &frame });
        let answer = result.and_then(|item| self.answer(&item, &mut machine.meter));
        machine.close();
        frame.clear();
        answer.map_err(|fault| fault.into_error())
    }

    fn answer(&self, item: &Item, meter: &mut Meter) -> error::Eval<Answer> {
        if item.as_function().is_some() {
            return Ok(Answer::Function);
        }
        let value = match self.code.surrogates {
            true => json::to_value_without_surrogates(item, meter)?,
            false => json::to_value(item, meter)?,
        };
        Ok(value.map_or(Answer::Nothing, Answer::Value))
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
