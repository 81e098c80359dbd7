//! Every expression language of the project: parse, typed tree, print, evaluate.
//!
//! A parser here sees the decoded text of one expression and nothing else: no file, no escapes. What it finds
//! wrong is an [`ExprError`] whose range is in that text; whoever holds the expression maps the range into the
//! user's file ([`ExprError::into_diagnostic`]).

pub mod budget;
pub mod cond;
mod error;
pub mod intrinsic;
pub mod jsonata;
pub mod jsonpath;
pub mod nearest;
mod roots;
pub mod rules;
pub mod value;

pub use budget::Budget;
pub use error::ExprError;
pub use roots::{Lookup, Roots};
pub use value::Value;
