//! An expression prepared for evaluation: paths flattened into steps, names resolved to symbols, tail calls marked.

use std::sync::Arc;

use wfc_diag::TextRange;

use super::regex::Pattern;
use super::signature::Signature;
use crate::jsonata::ast::BinaryOp;
use crate::Value;

/// A node of one [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(pub(super) u32);

/// The name of a variable; the same in all code of one evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol(pub(super) u32);

/// An expression prepared for evaluation.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Id,
    /// The names of the symbols; begins with those of the code that this one is evaluated in.
    pub(super) names: Vec<Arc<str>>,
    /// Whether a string stands for text that UTF-8 cannot hold; see [`super::surrogate`].
    pub(super) surrogates: bool,
}

impl Code {
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn name(&self, symbol: Symbol) -> &Arc<str> {
        &self.names[symbol.0 as usize]
    }

    pub(super) fn lambda(&self, id: Id) -> Option<&Lambda> {
        match &self.node(id).kind {
            Kind::Lambda(lambda) => Some(lambda),
            _ => None,
        }
    }
}

/// A node with what hangs on it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) range: TextRange,
    /// `[]`: an array of one stays an array.
    pub(super) keep_array: bool,
    /// Filters of the value, unless it is a step.
    pub(super) predicates: Vec<Id>,
    /// `{…}` behind it.
    pub(super) group: Option<Pairs>,
    /// What is done to the whole result of a step.
    pub(super) stages: Vec<Stage>,
    /// `@$v` behind a step.
    pub(super) focus: Option<Symbol>,
    /// `#$v` behind a step.
    pub(super) index: Option<Symbol>,
    /// The variable in which a step remembers what it came from, for `%`.
    pub(super) ancestor: Option<Symbol>,
    /// Whether a step or path works on tuples, which carry variables beside the context.
    pub(super) tuple: bool,
    /// An array constructor that a path must not flatten.
    pub(super) cons: bool,
    /// A call that is left to the caller of the function it ends.
    pub(super) tail: bool,
}

/// Keys and values.
pub(super) type Pairs = Vec<(Id, Id)>;

/// What is done to the whole result of a step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    Filter(Id),
    Index(Symbol),
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    Literal(Value),
    Number(f64),
    /// A field, as a step of a path.
    Name(Arc<str>),
    Path {
        steps: Vec<Id>,
        keep_singleton: bool,
    },
    /// `$`
    Context,
    Variable(Symbol),
    /// `%`, as the variable in which a step left it.
    Parent(Symbol),
    Wildcard,
    Descendant,
    Regex(Result<Arc<Pattern>, String>),
    Negate(Id),
    Binary {
        op: BinaryOp,
        left: Id,
        right: Id,
    },
    Array(Vec<Id>),
    Range {
        from: Id,
        to: Id,
    },
    Object(Pairs),
    Block {
        items: Vec<Id>,
        /// Whether something in it is bound in it.
        scope: bool,
    },
    Bind {
        symbol: Symbol,
        value: Id,
    },
    Condition {
        condition: Id,
        then: Id,
        otherwise: Option<Id>,
    },
    Call {
        procedure: Id,
        arguments: Vec<Id>,
    },
    /// A call with places left open.
    Partial {
        procedure: Id,
        arguments: Vec<Option<Id>>,
    },
    Lambda(Lambda),
    Transform {
        pattern: Id,
        update: Id,
        delete: Option<Id>,
    },
    /// An order-by, as a step of a path.
    Sort(Vec<Term>),
}

/// A function definition.
#[derive(Debug)]
pub(super) struct Lambda {
    pub(super) parameters: Vec<Symbol>,
    pub(super) signature: Option<Signature>,
    pub(super) body: Id,
}

/// A term of an order-by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub(super) key: Id,
    pub(super) descending: bool,
}

impl Kind {
    /// What is evaluated first, with the same context. Chains along it can be as long as the text.
    pub(super) fn first(&self) -> Option<Id> {
        match self {
            Kind::Binary { left, .. } => Some(*left),
            Kind::Condition { condition, .. } => Some(*condition),
            Kind::Call { procedure, .. } => Some(*procedure),
            _ => None,
        }
    }
}
