//! JSONata 2: parse with positions, typed tree, print, static facts, evaluation.
//!
//! [`parse`] accepts what the language's reference implementation accepts and refuses the rest with the same
//! error code, static checks of paths and of the parent operator included. [`analyze`] finds the variables an
//! expression reads, its uses of `$states` and calls that cannot work.
//!
//! The parser delimits regular expressions and does not understand them: a bad pattern fails when it is evaluated.

mod analyze;
mod ancestry;
mod ast;
mod builtins;
mod check;
mod error;
mod eval;
mod lexer;
mod parse;
#[allow(dead_code, unused_imports)] // Until every function has its caller in the evaluator.
mod picture;
mod print;
mod signature;
#[cfg(test)]
mod tests;

pub use analyze::{analyze, Assigned, Facts, FreeVariable, Member, StatesUse};
pub use ast::{Ast, BinaryOp, Expr, List, Node, NodeId, Order, Text};
pub use builtins::{builtin, builtin_names, Builtin, Profile};
pub use error::{SyntaxError, LIMIT};
pub use eval::{Answer, EvalError, Limits as EvalLimits, Names, Program, World};
pub use parse::{parse, parse_with, Limits};
pub use print::print;
