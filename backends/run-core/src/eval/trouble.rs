//! Expressions that have no value, in the words the owner of the dialect has for it.

use std::fmt::Write as _;
use std::sync::Arc;

use wfc_diag::TextRange;
use wfc_expr::intrinsic::{IntrinsicError, IntrinsicErrorKind};
use wfc_expr::jsonata::EvalError;
use wfc_expr::jsonpath::{PathError, PathErrorKind};
use wfc_expr::{jsonpath, Value};
use wfc_plan::ExprIx;

use super::Env;
use crate::error::{Fault, EVALUATION};
use crate::program::Compiled;
use crate::RunError;

/// The field of a node that an expression stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field<'a> {
    /// What a path, a place or a template is called, and what the same is called in JSONata.
    Named {
        /// In JSONPath.
        path: &'a str,
        /// In JSONata.
        jsonata: &'a str,
    },
    /// A variable that is set.
    Assign(&'a str),
    /// A condition of a choice.
    Case,
}

impl<'a> Field<'a> {
    /// A field that is called the same in every language.
    pub(crate) const fn of(name: &'a str) -> Self {
        Field::Named { path: name, jsonata: name }
    }

    /// A number or text that stands in one field, or is found by the path in another.
    pub(crate) const fn either(path: &'a str, jsonata: &'a str) -> Self {
        Field::Named { path, jsonata }
    }

    /// What the field is called.
    pub(crate) fn name(&self, jsonata: bool) -> String {
        match self {
            Field::Named { path, .. } if !jsonata => (*path).to_owned(),
            _ => self.in_jsonata(),
        }
    }

    /// What the field is called when it is not said how its value is found.
    pub(crate) fn plain_name(&self) -> String {
        let name = self.in_jsonata();
        name.rsplit('/').next().unwrap_or_default().to_owned()
    }

    fn in_jsonata(&self) -> String {
        match self {
            Field::Named { jsonata, .. } => (*jsonata).to_owned(),
            Field::Assign(name) => format!("Assign/{name}"),
            Field::Case => "Condition".to_owned(),
        }
    }
}

/// What JSONata must give for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Array,
    Boolean,
}

impl Want {
    fn name(self) -> &'static str {
        match self {
            Want::Array => "array",
            Want::Boolean => "boolean",
        }
    }

    pub(super) fn fits(self, value: &Value) -> bool {
        value.type_name() == self.name()
    }
}

/// Why an expression has no value.
#[derive(Debug)]
pub(super) enum Trouble {
    Path {
        error: PathError,
        document: Value,
    },
    /// The same in a condition.
    Operand {
        error: PathError,
    },
    Call {
        error: IntrinsicError,
        document: Value,
    },
    Unset(Arc<str>),
    NoPlace {
        at: Arc<str>,
        document: Value,
    },
    Condition(String),
    Nothing,
    Function,
    Threw(EvalError),
    Kind {
        want: Want,
        found: Value,
    },
}

impl Trouble {
    /// Whether a path leads nowhere, as opposed to being applied to what it cannot be.
    pub(super) fn selects_nothing(&self) -> bool {
        match self {
            Trouble::Path { error, .. } | Trouble::Operand { error } => {
                !matches!(error.kind, PathErrorKind::Exceeded(_))
            }
            Trouble::Unset(_) => true,
            _ => false,
        }
    }
}

/// A part of a template.
#[derive(Debug)]
pub(super) enum Step {
    Member(Arc<str>),
    Item(usize),
}

/// An expression without a value, and where in the template it stands.
#[derive(Debug)]
pub(super) struct Failing {
    expr: ExprIx,
    pub(super) trouble: Trouble,
    /// Innermost first.
    trail: Vec<Step>,
}

impl Failing {
    pub(super) fn new(expr: ExprIx, trouble: Trouble) -> Self {
        Self { expr, trouble, trail: Vec::new() }
    }

    pub(super) fn boxed(expr: ExprIx, trouble: Trouble) -> Box<Self> {
        Box::new(Self::new(expr, trouble))
    }

    /// The same, seen from the container around it.
    pub(super) fn within(mut self: Box<Self>, step: Step) -> Box<Self> {
        self.trail.push(step);
        self
    }

    /// The same as a side of a comparison.
    pub(super) fn as_operand(mut self: Box<Self>) -> Box<Self> {
        self.trouble = match self.trouble {
            Trouble::Path { error, .. } => Trouble::Operand { error },
            other => other,
        };
        self
    }

    /// `Output/result[0]`
    fn location(&self, field: Field<'_>) -> String {
        let mut location = field.in_jsonata();
        for step in self.trail.iter().rev() {
            // Writing to a string does not fail.
            let _ = match step {
                Step::Member(name) => write!(location, "/{name}"),
                Step::Item(at) => write!(location, "[{at}]"),
            };
        }
        location
    }

    /// The key behind which a path stands, or the field if it stands there alone.
    fn key(&self, field: Field<'_>) -> Option<String> {
        match (self.trail.first(), field) {
            (Some(Step::Member(name)), _) => Some(format!("{name}.$")),
            (_, Field::Assign(name)) => Some(format!("{name}.$")),
            _ => None,
        }
    }

    fn range(&self) -> Option<TextRange> {
        match &self.trouble {
            Trouble::Path { error, .. } | Trouble::Operand { error } => Some(error.range),
            Trouble::Call { error, .. } => Some(error.range),
            Trouble::Threw(error) => Some(error.range),
            _ => None,
        }
    }
}

impl Env<'_> {
    /// The error of the run that an expression without a value is.
    pub(super) fn explain(&self, failing: Failing, field: Field<'_>) -> RunError {
        let (name, cause) = self.words(&failing, field);
        let range = failing.range().map(|range| (range.start, range.end));
        let evaluation = name == EVALUATION;
        let location = evaluation.then(|| failing.location(field).into());
        let fault =
            Fault { node: self.node, expr: Some(failing.expr), range, field: location, evaluation, placed: false };
        RunError::new(name, cause).with_fault(fault)
    }

    fn words(&self, failing: &Failing, field: Field<'_>) -> (&'static str, String) {
        let text = self.text(failing.expr);
        match &failing.trouble {
            Trouble::Path { error, document } => (RunError::RUNTIME, self.path_words(failing, field, error, document)),
            Trouble::Operand { .. } => {
                let cause = "The choice state's condition path references an invalid value.";
                (RunError::RUNTIME, format!("Invalid path '{text}': {cause}"))
            }
            Trouble::Call { error, document } => match error.kind {
                IntrinsicErrorKind::Path(PathErrorKind::NotFound) => {
                    let path = self.argument_around(failing.expr, error.range).unwrap_or(text.to_owned());
                    (RunError::RUNTIME, not_found(&path, &key_or(failing, field), document))
                }
                _ => (error.name(), error.message.clone()),
            },
            Trouble::Unset(name) => (RunError::RUNTIME, format!("The variable '{name}' has no value.")),
            Trouble::NoPlace { at, document } => (
                "States.ResultPathMatchFailure",
                format!("Unable to apply ReferencePath {at} to input {}", document.to_json()),
            ),
            Trouble::Condition(why) => ("wfc.Condition", why.clone()),
            Trouble::Kind { want: Want::Boolean, found } if !self.is_jsonata(failing.expr) => {
                (RunError::RUNTIME, format!("the condition is {}, not true or false", found.type_name()))
            }
            Trouble::Nothing | Trouble::Function | Trouble::Threw(_) | Trouble::Kind { .. } => {
                let why = jsonata_words(&failing.trouble);
                let location = failing.location(field);
                (EVALUATION, format!("The JSONata expression '{text}' specified for the field '{location}' {why}"))
            }
        }
    }

    /// The path among a call's arguments that a range is in, as it is written.
    fn argument_around(&self, expr: ExprIx, range: TextRange) -> Option<String> {
        let Compiled::Call(call) = self.program.compiled(expr) else { return None };
        let around = |path: &&jsonpath::Path| path.range.start <= range.start && range.end <= path.range.end;
        call.call.refs().into_iter().find(around).map(ToString::to_string)
    }

    fn path_words(&self, failing: &Failing, field: Field<'_>, error: &PathError, document: &Value) -> String {
        let text = self.text(failing.expr);
        match (failing.key(field), field) {
            (Some(key), _) => not_found(text, &key, document),
            (None, Field::Named { path: path @ ("CausePath" | "ErrorPath"), .. }) => not_found(text, path, document),
            (None, Field::Named { path: path @ ("SecondsPath" | "TimestampPath" | "MaxConcurrencyPath"), .. }) => {
                format!("The {path} parameter does not reference an input value: {text}")
            }
            _ => format!("Invalid path '{text}' : {}", error.message),
        }
    }
}

fn key_or(failing: &Failing, field: Field<'_>) -> String {
    failing.key(field).unwrap_or_else(|| match field {
        Field::Named { path, .. } => path.to_owned(),
        other => other.in_jsonata(),
    })
}

fn not_found(path: &str, key: &str, document: &Value) -> String {
    let document = document.to_json();
    format!("The JSONPath '{path}' specified for the field '{key}' could not be found in the input '{document}'")
}

fn jsonata_words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Nothing => "returned nothing (undefined).".to_owned(),
        Trouble::Function => "returned an unsupported result type.".to_owned(),
        Trouble::Threw(error) => format!("threw an error during evaluation. {error}"),
        Trouble::Kind { want, found } => {
            let (want, kind) = (want.name(), found.type_name());
            let found = found.to_json();
            format!("returned an unexpected result type. Expected '{want}', but was '{kind}' for value: {found}")
        }
        _ => String::new(),
    }
}
