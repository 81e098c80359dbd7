//! Why a path yields nothing, in the words of Jayway.

use std::fmt::{self, Write};

use wfc_diag::TextRange;

use super::{Path, Root, SegmentKind};
use crate::budget::Exceeded;
use crate::value::Plain;
use crate::Value;

/// The implementation that Jayway names where it finds no object.
const PROVIDER: &str = "com.jayway.jsonpath.spi.json.JsonSmartJsonProvider";

/// Why a path yields nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// What sort of reason.
    pub kind: PathErrorKind,
    /// The segment that failed, in the text the path was parsed from.
    pub range: TextRange,
    /// One sentence in the words of Jayway, which AWS shows behind `Invalid path '…' : `.
    pub message: String,
}

/// Sorts of reasons why a path yields nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathErrorKind {
    /// A definite path leads nowhere in this document.
    NotFound,
    /// A filter is applied to a value without items or members.
    Invalid,
    /// The function at the end has no result, such as the greatest of no numbers.
    Function,
    /// A regular expression is malformed or has parts that are not supported.
    Pattern,
    /// The variable the path starts from is not set.
    UnknownVariable,
    /// The evaluation does more than it may.
    Exceeded(Exceeded),
}

impl PathError {
    pub(super) fn new(kind: PathErrorKind, range: TextRange, message: impl Into<String>) -> Self {
        Self { kind, range, message: message.into() }
    }

    pub(super) fn exceeded(limit: Exceeded, range: TextRange) -> Self {
        Self::new(PathErrorKind::Exceeded(limit), range, limit.to_string())
    }

    pub(super) fn unknown_variable(name: &str, range: TextRange) -> Self {
        Self::new(PathErrorKind::UnknownVariable, range, format!("the variable `${name}` is not set"))
    }

    /// A definite path ends without a value, since segment `at` gives none.
    pub(super) fn no_results(path: &Path, at: usize) -> Self {
        let message = format!("No results for path: {}", prefix(path, path.segments.len()));
        Self::new(PathErrorKind::NotFound, range(path, at), message)
    }

    /// The member that segment `at` names is missing, and the path goes on behind it.
    pub(super) fn missing_member(path: &Path, at: usize) -> Self {
        let message = format!("Missing property in path {}", prefix(path, at + 1));
        Self::new(PathErrorKind::NotFound, range(path, at), message)
    }

    /// Segment `at` names members, but `found` has none.
    pub(super) fn no_object(path: &Path, at: usize, found: &Value) -> Self {
        let message = format!(
            "Expected to find an object with property {} in path {} but found '{}'. This is not a json object \
             according to the JsonProvider: '{PROVIDER}'.",
            fragments(path, at, at + 1),
            prefix(path, at),
            java_class(found)
        );
        Self::new(PathErrorKind::NotFound, range(path, at), message)
    }

    /// Segment `at` names items, but `found` has none.
    pub(super) fn no_array(path: &Path, at: usize, found: &Value) -> Self {
        let message = match found {
            Value::Null => format!("The path {} is null", prefix(path, at)),
            other => format!(
                "Filter: {} can only be applied to arrays. Current context is: {}",
                fragments(path, at, path.segments.len()),
                Plain(other)
            ),
        };
        Self::new(PathErrorKind::NotFound, range(path, at), message)
    }

    /// Segment `at` is a filter, but `found` has neither items nor members.
    pub(super) fn nothing_to_filter(path: &Path, at: usize, found: &Value) -> Self {
        let what = fragments(path, at, path.segments.len());
        let message = format!("Filter: {what} can not be applied to primitives. Current context is: {}", Plain(found));
        Self::new(PathErrorKind::Invalid, range(path, at), message)
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PathError {}

/// Where segment `at` stands; the path itself if there is none.
fn range(path: &Path, at: usize) -> TextRange {
    path.segments.get(at).map_or(path.range, |segment| segment.range)
}

/// The path up to segment `end`, every name in brackets.
fn prefix(path: &Path, end: usize) -> String {
    let root = match &path.root {
        Root::Doc => "$".to_owned(),
        Root::Context => "$$".to_owned(),
        Root::Variable(name) => format!("${name}"),
        Root::Item => "@".to_owned(),
    };
    root + &fragments(path, 0, end)
}

fn fragments(path: &Path, start: usize, end: usize) -> String {
    let mut out = String::new();
    for segment in &path.segments[start..end] {
        // Writing to a `String` cannot fail.
        let _ = write_fragment(&segment.kind, &mut out);
    }
    out
}

fn write_fragment(kind: &SegmentKind, out: &mut String) -> fmt::Result {
    match kind {
        SegmentKind::Member(name) => write!(out, "['{name}']"),
        SegmentKind::Members(names) => write!(out, "['{}']", names.join("','")),
        SegmentKind::Index(index) => write!(out, "[{index}]"),
        SegmentKind::Indices(indices) => {
            let indices: Vec<_> = indices.iter().map(i32::to_string).collect();
            write!(out, "[{}]", indices.join(","))
        }
        SegmentKind::Slice { from, to } => {
            let bound = |bound: &Option<i32>| bound.map(|bound| bound.to_string()).unwrap_or_default();
            write!(out, "[{}:{}]", bound(from), bound(to))
        }
        SegmentKind::Wildcard => out.write_str("[*]"),
        SegmentKind::Scan => out.write_str(".."),
        SegmentKind::Filter(_) => out.write_str("[?]"),
        SegmentKind::Call(call) => {
            write!(out, ".{}({})", call.function.text(), if call.args.is_empty() { "" } else { "..." })
        }
    }
}

/// The class by which the recorded implementation calls a value.
fn java_class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(number) if !number.is_integer_literal() => "java.lang.Double",
        Value::Number(number) => match number.as_i64().map(i32::try_from) {
            Some(Ok(_)) => "java.lang.Integer",
            Some(Err(_)) => "java.lang.Long",
            None => "java.math.BigInteger",
        },
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "net.minidev.json.JSONArray",
        Value::Object(_) => "java.util.LinkedHashMap",
    }
}
