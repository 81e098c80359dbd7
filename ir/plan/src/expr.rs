//! Expressions of a plan: composition as data, embedded languages as text.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;

use crate::{ExprIx, NodeIx, SiteId};

/// An expression.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Where it was written.
    pub site: SiteId,
}

/// What an expression computes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExprKind {
    /// A value.
    Value(Value),
    /// One of the phase's documents.
    Root(Root),
    /// Text in a language of its own.
    Source(Source),
    /// An object whose values are computed.
    Object(Vec<(Arc<str>, ExprIx)>),
    /// An array whose elements are computed.
    Array(Vec<ExprIx>),
    /// `into` with the place named by the reference path `at` set to `value`.
    Put {
        /// The document that is copied.
        into: ExprIx,
        /// A reference path.
        at: Arc<str>,
        /// What is put there.
        value: ExprIx,
    },
    /// A comparison.
    Compare {
        /// The left side.
        left: ExprIx,
        /// The operator.
        op: CompareOp,
        /// The right side.
        right: ExprIx,
    },
    /// Whether a value is of a kind.
    Is {
        /// The value.
        left: ExprIx,
        /// The kind.
        test: TypeTest,
        /// Whether it must be or must not be.
        want: bool,
    },
    /// All of them.
    And(Vec<ExprIx>),
    /// Any of them.
    Or(Vec<ExprIx>),
    /// The opposite.
    Not(ExprIx),
    /// The output of a node.
    Out(NodeIx),
    /// A variable.
    Var(Arc<str>),
}

/// An expression in a language of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The language.
    pub lang: Lang,
    /// The text.
    pub text: Arc<str>,
    /// What `$` means in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<ExprIx>,
    /// The node whose output it reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<NodeIx>,
}

/// The languages of [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lang {
    /// JSONPath as Jayway reads it.
    JsonPath,
    /// A call of an intrinsic function.
    Intrinsic,
    /// JSONata with the additions of Step Functions.
    Jsonata,
    /// One dotted path, maybe negated.
    Dotted,
}

/// The documents an expression can start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The names are those of the meaning page.
pub enum Root {
    Raw,
    Input,
    Args,
    Result,
    Error,
    Context,
    Item,
}

/// Comparison operators, each for one type of operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The names are the operators.
pub enum CompareOp {
    BooleanEquals,
    NumericEquals,
    NumericLess,
    NumericLessEquals,
    NumericGreater,
    NumericGreaterEquals,
    StringEquals,
    StringLess,
    StringLessEquals,
    StringGreater,
    StringGreaterEquals,
    StringMatches,
    TimestampEquals,
    TimestampLess,
    TimestampLessEquals,
    TimestampGreater,
    TimestampGreaterEquals,
}

/// The kinds [`ExprKind::Is`] can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The names are the kinds.
pub enum TypeTest {
    Present,
    Null,
    Boolean,
    Numeric,
    String,
    Timestamp,
}

impl ExprKind {
    /// The expressions it points at.
    pub fn parts(&self) -> Vec<ExprIx> {
        match self {
            ExprKind::Value(_) | ExprKind::Root(_) | ExprKind::Out(_) | ExprKind::Var(_) => Vec::new(),
            ExprKind::Source(source) => source.doc.into_iter().collect(),
            ExprKind::Object(fields) => fields.iter().map(|(_, part)| *part).collect(),
            ExprKind::Array(parts) | ExprKind::And(parts) | ExprKind::Or(parts) => parts.clone(),
            ExprKind::Put { into, value, .. } => vec![*into, *value],
            ExprKind::Compare { left, right, .. } => vec![*left, *right],
            ExprKind::Is { left, .. } | ExprKind::Not(left) => vec![*left],
        }
    }
}
