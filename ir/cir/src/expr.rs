//! Expressions as CIR holds them: a language's own tree, with what its names refer to resolved.

use std::sync::Arc;

use wfc_diag::{Span, TextMap, TextRange};
use wfc_expr::{cond, intrinsic, jsonata, jsonpath, Value};

use crate::NodeId;

/// Where something comes from in the user's files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The place; absent for what a pass made.
    pub span: Option<Span>,
    /// What there is to say beyond the place. Boxed: a module has many origins, and most have nothing here.
    pub via: Option<Box<Via>>,
}

/// How something came from its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// It is text of an expression: the way from a position in it to the file.
    Text(TextMap),
    /// A pass made it, or made it from something else.
    Pass(&'static str),
}

impl Origin {
    /// A place in a file.
    pub fn at(span: Span) -> Self {
        Self { span: Some(span), via: None }
    }

    /// The text of an expression.
    pub fn text(span: Span, map: TextMap) -> Self {
        Self { span: Some(span), via: Some(Box::new(Via::Text(map))) }
    }

    /// Made by a pass.
    pub fn by(pass: &'static str) -> Self {
        Self { span: None, via: Some(Box::new(Via::Pass(pass))) }
    }

    /// The pass that made it, or made it from something else.
    pub fn pass(&self) -> Option<&'static str> {
        match self.via.as_deref() {
            Some(Via::Pass(pass)) => Some(pass),
            _ => None,
        }
    }

    /// Where a range of an expression's text stands in the user's file.
    pub fn locate(&self, range: TextRange) -> Option<Span> {
        match self.via.as_deref() {
            Some(Via::Text(map)) => Some(map.locate(range)),
            _ => self.span,
        }
    }
}

/// An expression with its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Where it was written.
    pub origin: Origin,
}

/// The documents an expression can start from. Which of them exist depends on the phase; see
/// [`crate::meaning`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Root {
    /// The value that entered the node.
    Raw,
    /// What `io.input` made of it.
    Input,
    /// What the work of the node was given (`io.args`).
    Args,
    /// What the work of the node returned (after `io.result`).
    Result,
    /// The error that is being handled.
    Error,
    /// The run's context object.
    Context,
    /// The item of a `ForEach`, in its selector.
    Item,
}

/// The document a path is applied to.
#[derive(Clone, Debug, PartialEq)]
pub enum Doc {
    /// One of the phase's documents.
    Root(Root),
    /// The value of another expression.
    Expr(Box<Expr>),
}

/// The languages an expression can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// JSONPath as Jayway reads it.
    JsonPath,
    /// A call of an intrinsic function.
    Intrinsic,
    /// JSONata with the additions of Step Functions.
    Jsonata,
    /// One dotted path, maybe negated.
    Dotted,
    /// Plain text with placeholders.
    Text,
}

/// What an expression computes. Its parts are boxed: a node has room for many expressions, and most are absent.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A value, the same on every evaluation.
    Literal(Value),
    /// One of the phase's documents.
    Root(Root),
    /// A path. `doc` is what `$` means; paths that start at `$$` or a variable ignore it.
    Path {
        /// What `$` means.
        doc: Doc,
        /// The path.
        path: Box<jsonpath::Path>,
    },
    /// An intrinsic function call. `doc` is what `$` means in its arguments.
    Intrinsic {
        /// What `$` means.
        doc: Doc,
        /// The call.
        call: Box<intrinsic::Call>,
    },
    /// JSONata. `$states.input` is [`Root::Raw`]; `.result` and `.errorOutput` exist where the phase has them.
    Jsonata {
        /// The expression without its delimiters.
        text: Arc<str>,
        /// Its tree.
        ast: Arc<jsonata::Ast>,
    },
    /// A dotted condition: `input` is [`Root::Raw`], `outputs` is what nodes have produced.
    Dotted {
        /// The condition.
        cond: Box<cond::Cond>,
        /// The node whose output it reads, when that is known.
        out: Option<NodeId>,
    },
    /// An object whose values are computed. Keys keep their order.
    Object(Vec<(Arc<str>, Expr)>),
    /// An array whose elements are computed.
    Array(Vec<Expr>),
    /// `into` with the place named by the reference path `at` set to `value`; missing objects are made.
    Put {
        /// The document that is copied.
        into: Box<Expr>,
        /// A reference path.
        at: Box<jsonpath::Path>,
        /// What is put there.
        value: Box<Expr>,
    },
    /// A comparison. Operands of other types than `op` wants make it false, never an error.
    Compare {
        /// The left side; where it selects nothing the run fails.
        left: Box<Expr>,
        /// The operator.
        op: CompareOp,
        /// The right side.
        right: Box<Expr>,
    },
    /// Whether a value is of a kind.
    Is {
        /// The value.
        left: Box<Expr>,
        /// The kind.
        test: TypeTest,
        /// Whether it must be or must not be.
        want: bool,
    },
    /// All of them; stops at the first that is false.
    And(Vec<Expr>),
    /// Any of them; stops at the first that is true.
    Or(Vec<Expr>),
    /// The opposite.
    Not(Box<Expr>),
    /// The output of another node, absent while it has none.
    Out(NodeId),
    /// A variable.
    Var(Arc<str>),
    /// The name of a secret; the value is substituted when work is dispatched and seen by nothing else.
    Secret(Arc<str>),
    /// Text that is only known at deployment, such as `${Name}`; its type is unknown and it cannot be evaluated.
    Opaque {
        /// The language the text would be read in.
        lang: Lang,
        /// The text as written.
        text: Arc<str>,
    },
}

/// What a name in an expression refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ref {
    /// The output of a node.
    Out(NodeId),
    /// A variable.
    Var(Arc<str>),
    /// One of the phase's documents.
    Root(Root),
    /// A secret.
    Secret(Arc<str>),
}

/// Comparison operators, each for one type of operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// The kinds `Is` can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TypeTest {
    /// The path selects something.
    Present,
    /// `null`
    Null,
    /// A boolean.
    Boolean,
    /// A number.
    Numeric,
    /// A string.
    String,
    /// A string that is an RFC 3339 instant.
    Timestamp,
}

impl Expr {
    /// An expression written at `origin`.
    pub fn new(kind: ExprKind, origin: Origin) -> Self {
        Self { kind, origin }
    }

    /// A value.
    pub fn literal(value: Value, origin: Origin) -> Self {
        Self::new(ExprKind::Literal(value), origin)
    }

    /// One of the phase's documents.
    pub fn root(root: Root) -> Self {
        Self::new(ExprKind::Root(root), Origin::default())
    }

    /// The value if it is a literal.
    pub fn as_literal(&self) -> Option<&Value> {
        match &self.kind {
            ExprKind::Literal(value) => Some(value),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Edge, Expr, Node};

    /// Large files have many of them, and most of the time goes into touching memory.
    #[test]
    fn what_there_is_many_of_stays_small() {
        let sizes = [size_of::<Expr>(), size_of::<Edge>(), size_of::<Node>()];
        assert!(sizes[0] <= 56 && sizes[1] <= 152 && sizes[2] <= 640, "{sizes:?}");
    }
}
