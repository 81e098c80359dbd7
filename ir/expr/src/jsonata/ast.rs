//! The typed tree of an expression: one flat array of nodes, so that no operation recurses over a long chain.
//!
//! The tree keeps the structure of the text: a postfix or infix form points at what stands left of it
//! ([`Expr::left`]), parentheses are nodes. Nesting other than through `left` is limited by the parser, hence
//! whoever walks a tree loops along `left` and may recurse into the other children.

use std::mem::{discriminant, Discriminant};

use wfc_diag::TextRange;

/// A node of one [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// A piece of text held by an [`Ast`]; see [`Ast::text`].
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A list of nodes held by an [`Ast`]; see [`Ast::list`].
#[derive(Clone, Copy, Debug)]
pub struct List {
    start: u32,
    end: u32,
}

/// A node with its place.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What it is.
    pub expr: Expr,
    /// Where it stands in the expression's text.
    pub range: TextRange,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `&`
    Concat,
    /// `and`
    And,
    /// `or`
    Or,
    /// `in`
    In,
    /// `~>`: passes the left value to the function on the right
    Apply,
    /// `?:`: the right value where the left one is false-like
    Default,
    /// `??`: the right value where the left one is missing
    Coalesce,
}

impl BinaryOp {
    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Concat => "&",
            Self::And => "and",
            Self::Or => "or",
            Self::In => "in",
            Self::Apply => "~>",
            Self::Default => "?:",
            Self::Coalesce => "??",
        }
    }
}

/// The direction of one term of an order-by clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Nothing written: ascending.
    Unmarked,
    /// `<`
    Ascending,
    /// `>`
    Descending,
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub enum Expr {
    /// A field of the context: `order`, or quoted with backticks.
    Name(Text),
    /// `$x` without its `$`: empty for the context `$`, `$` for the root `$$`.
    Variable(Text),
    /// A string, decoded.
    String(Text),
    /// A string that no text can hold because an escape leaves half a surrogate pair; as written, quotes included.
    RawString(Text),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`
    Null,
    /// A regular expression as written, `/…/` with its flags.
    Regex(Text),
    /// `*`: every field.
    Wildcard,
    /// `**`: every descendant.
    Descendant,
    /// `%`: the object a step came from.
    Parent,
    /// `?` as an argument: left open by a partial application.
    Placeholder,
    /// `-x`
    Negate(NodeId),
    /// `left op right`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The left operand.
        left: NodeId,
        /// The right operand.
        right: NodeId,
    },
    /// `left.right`
    Path {
        /// The steps so far.
        left: NodeId,
        /// The next step.
        right: NodeId,
    },
    /// `left[predicate]`
    Filter {
        /// What is filtered.
        left: NodeId,
        /// An index or a condition.
        predicate: NodeId,
    },
    /// `left[]`: keeps an array of one.
    KeepArray {
        /// The step.
        left: NodeId,
    },
    /// `left{key: value, …}`
    Group {
        /// What is grouped.
        left: NodeId,
        /// Keys and values in turn.
        pairs: List,
    },
    /// `left^(term, …)`
    Sort {
        /// What is sorted.
        left: NodeId,
        /// Nodes of [`Expr::SortTerm`].
        terms: List,
    },
    /// A term of an order-by clause.
    SortTerm {
        /// The direction.
        order: Order,
        /// What is compared.
        key: NodeId,
    },
    /// `left@$v`: binds the context.
    Focus {
        /// The step.
        left: NodeId,
        /// The variable.
        variable: NodeId,
    },
    /// `left#$v`: binds the position.
    Position {
        /// The step.
        left: NodeId,
        /// The variable.
        variable: NodeId,
    },
    /// `left(argument, …)`
    Call {
        /// The function.
        left: NodeId,
        /// Its arguments; with a [`Expr::Placeholder`] among them a partial application.
        arguments: List,
    },
    /// `left ? then : otherwise`
    Conditional {
        /// The condition.
        left: NodeId,
        /// The value where it holds.
        then: NodeId,
        /// The value where it does not.
        otherwise: Option<NodeId>,
    },
    /// `$v := value`
    Bind {
        /// The variable.
        variable: NodeId,
        /// Its value.
        value: NodeId,
    },
    /// `[item, …]`
    Array(List),
    /// `from..to` as an item of an array.
    Range {
        /// The first number.
        from: NodeId,
        /// The last number.
        to: NodeId,
    },
    /// `{key: value, …}`: keys and values in turn.
    Object(List),
    /// `(expression; …)`
    Block(List),
    /// `function($a, …)<signature>{body}`
    Lambda {
        /// Nodes of [`Expr::Variable`].
        parameters: List,
        /// As written, between its angle brackets; empty where there is none.
        signature: Text,
        /// The body.
        body: NodeId,
    },
    /// `|pattern|update, delete|`
    Transform {
        /// Which objects.
        pattern: NodeId,
        /// What is merged into each.
        update: NodeId,
        /// Which fields go.
        delete: Option<NodeId>,
    },
}

impl Expr {
    /// What stands left of a postfix or infix form. Chains along it may be as long as the text; every other
    /// nesting is limited.
    pub fn left(&self) -> Option<NodeId> {
        match *self {
            Self::Binary { left, .. }
            | Self::Path { left, .. }
            | Self::Filter { left, .. }
            | Self::KeepArray { left }
            | Self::Group { left, .. }
            | Self::Sort { left, .. }
            | Self::Focus { left, .. }
            | Self::Position { left, .. }
            | Self::Call { left, .. }
            | Self::Conditional { left, .. } => Some(left),
            _ => None,
        }
    }
}

/// An expression. Two are equal if their structure is, wherever the parts stand in their texts.
#[derive(Clone, Debug)]
pub struct Ast {
    pub(super) text: String,
    nodes: Vec<Node>,
    lists: Vec<NodeId>,
    pub(super) root: NodeId,
}

impl Ast {
    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self { text: String::new(), nodes: Vec::with_capacity(nodes), lists: Vec::new(), root: NodeId(0) }
    }

    /// The node all others hang on.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node; never so for a parsed expression.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node `id` of this tree.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// What the node `id` is.
    pub fn expr(&self, id: NodeId) -> Expr {
        self.node(id).expr
    }

    /// Where the node `id` stands.
    pub fn range(&self, id: NodeId) -> TextRange {
        self.node(id).range
    }

    /// A piece of text of this tree.
    pub fn text(&self, text: Text) -> &str {
        &self.text[text.start as usize..text.end as usize]
    }

    /// The name of the variable `id`, without its `$`; empty if it is no variable.
    pub fn variable(&self, id: NodeId) -> &str {
        match self.expr(id) {
            Expr::Variable(name) => self.text(name),
            _ => "",
        }
    }

    /// A list of nodes of this tree.
    pub fn list(&self, list: List) -> &[NodeId] {
        &self.lists[list.start as usize..list.end as usize]
    }

    /// Calls `visit` with every direct child of `id`, in the order of the text.
    pub fn children(&self, id: NodeId, mut visit: impl FnMut(NodeId)) {
        let expr = self.expr(id);
        if let Some(left) = expr.left() {
            visit(left);
        }
        self.right_children(expr, visit);
    }

    /// The children of `expr` other than [`Expr::left`].
    fn right_children(&self, expr: Expr, mut visit: impl FnMut(NodeId)) {
        match expr {
            Expr::Group { pairs: list, .. }
            | Expr::Sort { terms: list, .. }
            | Expr::Call { arguments: list, .. }
            | Expr::Array(list)
            | Expr::Object(list)
            | Expr::Block(list) => self.list(list).iter().copied().for_each(visit),
            Expr::Binary { right: one, .. }
            | Expr::Path { right: one, .. }
            | Expr::Filter { predicate: one, .. }
            | Expr::Focus { variable: one, .. }
            | Expr::Position { variable: one, .. }
            | Expr::SortTerm { key: one, .. }
            | Expr::Negate(one) => visit(one),
            Expr::Bind { variable: first, value: second } | Expr::Range { from: first, to: second } => {
                visit(first);
                visit(second);
            }
            Expr::Conditional { then, otherwise, .. } => {
                visit(then);
                otherwise.into_iter().for_each(visit);
            }
            Expr::Lambda { parameters, body, .. } => {
                self.list(parameters).iter().copied().for_each(&mut visit);
                visit(body);
            }
            Expr::Transform { pattern, update, delete } => {
                visit(pattern);
                visit(update);
                delete.into_iter().for_each(visit);
            }
            _ => {}
        }
    }

    /// Adds a node. The parser refuses texts long enough to overflow an id.
    pub(super) fn push(&mut self, expr: Expr, range: TextRange) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { expr, range });
        id
    }

    pub(super) fn push_list(&mut self, items: impl Iterator<Item = NodeId>) -> List {
        let start = self.lists.len() as u32;
        self.lists.extend(items);
        List { start, end: self.lists.len() as u32 }
    }

    /// Pushes `id` and everything along [`Expr::left`] on `spine`, outermost first, and returns what stands
    /// leftmost, which is not pushed.
    pub(super) fn spine(&self, id: NodeId, spine: &mut Vec<NodeId>) -> NodeId {
        let mut at = id;
        while let Some(left) = self.expr(at).left() {
            spine.push(at);
            at = left;
        }
        at
    }

    /// Everything about a node but its place and its children, for comparison.
    fn head(&self, id: NodeId) -> Head<'_> {
        let expr = self.expr(id);
        let mut head = Head { kind: discriminant(&expr), text: "", detail: 0, children: 0 };
        match expr {
            Expr::Name(text)
            | Expr::Variable(text)
            | Expr::String(text)
            | Expr::RawString(text)
            | Expr::Regex(text)
            | Expr::Lambda { signature: text, .. } => head.text = self.text(text),
            Expr::Number(number) => head.detail = number.to_bits(),
            Expr::Boolean(value) => head.detail = value.into(),
            Expr::Binary { op, .. } => head.detail = op as u64,
            Expr::SortTerm { order, .. } => head.detail = order as u64,
            _ => {}
        }
        self.children(id, |_| head.children += 1);
        head
    }
}

#[derive(PartialEq)]
struct Head<'a> {
    kind: Discriminant<Expr>,
    text: &'a str,
    detail: u64,
    children: usize,
}

impl PartialEq for Ast {
    fn eq(&self, other: &Self) -> bool {
        let (mut ours, mut theirs) = (vec![self.root], vec![other.root]);
        while let (Some(a), Some(b)) = (ours.pop(), theirs.pop()) {
            if self.head(a) != other.head(b) {
                return false;
            }
            self.children(a, |child| ours.push(child));
            other.children(b, |child| theirs.push(child));
        }
        true
    }
}
