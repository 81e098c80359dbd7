//! Intrinsic functions of Amazon States Language: `States.Format('{} of {}', $.i, States.ArrayLength($.all))`.
//!
//! A call is checked against the table of functions while it is parsed: names, number of arguments and the kinds
//! of arguments that are known without running anything.

mod check;
mod eval;
mod function;
mod parse;
mod print;
#[cfg(test)]
mod tests;

use wfc_diag::TextRange;

use crate::jsonpath::Path;
use crate::value::Number;
use crate::{jsonpath, ExprError};

pub use eval::{Chance, IntrinsicError, IntrinsicErrorKind};
pub use function::{Function, Kind};

/// How deep calls may nest. The owner documents a quota of ten calls in one field; this limit only keeps the
/// parser's recursion small.
pub const MAX_NESTING: usize = 64;

/// Parses a call.
pub fn parse(text: &str) -> Result<Call, ExprError> {
    parse::parse(text)
}

/// Parses what may stand behind a key that ends in `.$`: a path or a call.
pub fn parse_payload(text: &str) -> Result<PathOrCall, ExprError> {
    if text.starts_with('$') {
        return jsonpath::parse(text).map(PathOrCall::Path);
    }
    parse::parse(text).map(PathOrCall::Call)
}

/// What may stand behind a key that ends in `.$`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathOrCall {
    /// A path, with `$`, `$$` or a variable in front.
    Path(Path),
    /// A call of an intrinsic function.
    Call(Call),
}

/// A call. Equality ignores positions.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called.
    pub function: Function,
    /// With what.
    pub args: Vec<Arg>,
    /// From `States.` to the closing parenthesis.
    pub range: TextRange,
}

/// An argument. Equality ignores positions.
#[derive(Clone, Debug)]
pub struct Arg {
    /// What it is.
    pub kind: ArgKind,
    /// Where it stands.
    pub range: TextRange,
}

/// What an argument is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgKind {
    /// What a path selects.
    Path(Path),
    /// The result of another call.
    Call(Call),
    /// `'text'`
    String(Text),
    /// `1.5`
    Number(Number),
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
}

/// A string literal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text without quotes and escapes.
    pub value: Box<str>,
    /// Where in `value` a `{}` stands that was not escaped: the places `States.Format` fills.
    pub holes: Box<[usize]>,
}

impl PathOrCall {
    /// The paths it reads, in order, those inside filters included.
    pub fn refs(&self) -> Vec<&Path> {
        match self {
            PathOrCall::Path(path) => with_nested(path).collect(),
            PathOrCall::Call(call) => call.refs(),
        }
    }

    /// The variables it reads, each once, in order of appearance.
    pub fn variables(&self) -> Vec<&str> {
        variables(&self.refs())
    }
}

impl Call {
    /// The paths it reads, in order, those of inner calls and inside filters included.
    pub fn refs(&self) -> Vec<&Path> {
        let mut found = Vec::new();
        let mut work: Vec<&Arg> = self.args.iter().rev().collect();
        while let Some(arg) = work.pop() {
            match &arg.kind {
                ArgKind::Path(path) => found.extend(with_nested(path)),
                ArgKind::Call(call) => work.extend(call.args.iter().rev()),
                _ => {}
            }
        }
        found
    }

    /// The variables it reads, each once, in order of appearance.
    pub fn variables(&self) -> Vec<&str> {
        variables(&self.refs())
    }
}

fn with_nested(path: &Path) -> impl Iterator<Item = &Path> {
    std::iter::once(path).chain(path.nested())
}

fn variables<'a>(paths: &[&'a Path]) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    paths.iter().filter_map(|path| path.variable()).filter(|name| seen.insert(*name)).collect()
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.function == other.function && self.args == other.args
    }
}

impl Eq for Call {}

impl PartialEq for Arg {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Arg {}
