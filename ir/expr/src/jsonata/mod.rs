//! JSONata 2: parse with positions, typed tree, print, static facts. Evaluation is somebody else's.
//!
//! [`parse`] accepts what the language's reference implementation accepts and refuses the rest with the same
//! error code, static checks of paths and of the parent operator included. [`analyze`] finds the variables an
//! expression reads, its uses of `$states` and calls that cannot work.
//!
//! Regular expressions are delimited, not understood: which patterns are good depends on the engine of whoever
//! evaluates, and engines differ.

mod analyze;
mod ancestry;
mod ast;
mod builtins;
mod check;
mod error;
mod lexer;
mod parse;
mod print;
mod signature;
#[cfg(test)]
mod tests;

pub use analyze::{analyze, Assigned, Facts, FreeVariable, Member, StatesUse};
pub use ast::{Ast, BinaryOp, Expr, List, Node, NodeId, Order, Text};
pub use builtins::{builtin, builtin_names, Builtin, Profile};
pub use error::{SyntaxError, LIMIT};
pub use parse::{parse, parse_with, Limits};
pub use print::print;
