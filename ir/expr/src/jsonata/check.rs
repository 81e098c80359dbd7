//! What a tree must fulfil beyond the grammar: which parts may follow which in a path.
//!
//! A tree is folded into [`Shape`]s, paths flattened into their steps, bottom up and left to right, the order in
//! which the reference implementation reports.

use wfc_diag::TextRange;

use super::ancestry::{Ancestry, Slots};
use super::ast::{Ast, Expr, List, NodeId};
use super::error::{Parsed, SyntaxError};

/// A shape in [`Checker::shapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShapeId(u32);

/// What is known of a part of the tree.
pub(super) struct Shape {
    pub(super) kind: ShapeKind,
    /// Where it came from, for messages.
    pub(super) node: NodeId,
    /// Whether it has a group-by.
    group: bool,
    /// Whether it has predicates.
    filtered: bool,
    /// Whether it binds the context.
    pub(super) focus: bool,
    /// The parent operators in it whose step is looked for outside.
    pub(super) seeking: Option<Slots>,
}

pub(super) enum ShapeKind {
    /// A field or `*`: a step that can be the parent.
    Field,
    /// A string; as a step it is a field.
    String,
    /// A number, a Boolean or `null`; cannot be a step.
    Literal,
    /// `%`, with its slot.
    Parent(u32),
    /// Parentheses, with the last expression in them.
    Block(Option<ShapeId>),
    /// An order-by as a step.
    Sort,
    /// Steps, of which the first `scanned` are known to be good.
    Path { steps: Vec<ShapeId>, scanned: usize },
    /// Anything else.
    Other,
}

/// Refuses a tree that the grammar allows but the language does not. `missing` is the operand the text ends
/// before.
pub(super) fn check(ast: &Ast, missing: Option<NodeId>) -> Parsed<()> {
    let shapes = Vec::with_capacity(ast.len() * 2);
    let mut checker = Checker { ast, missing, shapes, spine: Vec::new(), ancestry: Ancestry::default() };
    let root = checker.fold(ast.root())?;
    checker.refuse_open(root)
}

pub(super) struct Checker<'a> {
    pub(super) ast: &'a Ast,
    missing: Option<NodeId>,
    shapes: Vec<Shape>,
    /// The postfix and infix forms being folded, with what was folded before their left side.
    spine: Vec<(NodeId, Option<ShapeId>)>,
    pub(super) ancestry: Ancestry,
}

impl Checker<'_> {
    pub(super) fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0 as usize]
    }

    pub(super) fn shape_mut(&mut self, id: ShapeId) -> &mut Shape {
        &mut self.shapes[id.0 as usize]
    }

    fn add(&mut self, kind: ShapeKind, node: NodeId) -> ShapeId {
        let id = ShapeId(self.shapes.len() as u32);
        self.shapes.push(Shape { kind, node, group: false, filtered: false, focus: false, seeking: None });
        id
    }

    /// Folds `id`, looping along the left sides and recursing into the rest.
    fn fold(&mut self, id: NodeId) -> Parsed<ShapeId> {
        let mark = self.spine.len();
        let mut at = id;
        while let Some(left) = self.ast.expr(at).left() {
            // The arguments of a call are looked at before the function.
            let before = match self.ast.expr(at) {
                Expr::Call { arguments, .. } => Some(self.fold_all(arguments, ShapeKind::Other, at)?),
                _ => None,
            };
            self.spine.push((at, before));
            at = left;
        }
        let mut shape = self.fold_leaf(at)?;
        while self.spine.len() > mark {
            if let Some((node, before)) = self.spine.pop() {
                shape = match before {
                    Some(call) => call,
                    None => self.fold_form(node, shape)?,
                };
            }
        }
        Ok(shape)
    }

    fn fold_leaf(&mut self, id: NodeId) -> Parsed<ShapeId> {
        if self.missing == Some(id) {
            return Err(SyntaxError::new("S0207", self.ast.range(id), "the expression ends where an operand is due")
                .label("ends here"));
        }
        match self.ast.expr(id) {
            Expr::Name(_) => {
                let step = self.add(ShapeKind::Field, id);
                Ok(self.add(ShapeKind::Path { steps: vec![step], scanned: 1 }, id))
            }
            Expr::Wildcard => Ok(self.add(ShapeKind::Field, id)),
            Expr::String(_) | Expr::RawString(_) => Ok(self.add(ShapeKind::String, id)),
            Expr::Number(_) | Expr::Boolean(_) | Expr::Null => Ok(self.add(ShapeKind::Literal, id)),
            Expr::Parent => {
                let slot = self.ancestry.new_slot(id);
                Ok(self.add(ShapeKind::Parent(slot), id))
            }
            Expr::Negate(operand) => self.fold_negation(id, operand),
            Expr::Block(items) => self.fold_block(id, items),
            Expr::Lambda { body, .. } => {
                self.fold(body)?;
                Ok(self.add(ShapeKind::Other, id))
            }
            Expr::Transform { pattern, update, delete } => {
                self.fold(pattern)?;
                self.fold(update)?;
                delete.map(|delete| self.fold(delete)).transpose()?;
                Ok(self.add(ShapeKind::Other, id))
            }
            Expr::Array(items) | Expr::Object(items) => self.fold_all(items, ShapeKind::Other, id),
            _ => self.fold_inner(id),
        }
    }

    /// Forms that pass on the parent operators of their parts and are nothing in themselves.
    fn fold_inner(&mut self, id: NodeId) -> Parsed<ShapeId> {
        let shape = self.add(ShapeKind::Other, id);
        if let Expr::Bind { variable: _, value } = self.ast.expr(id) {
            self.absorb(shape, value)?;
        } else if let Expr::Range { from, to } = self.ast.expr(id) {
            self.absorb(shape, from)?;
            self.absorb(shape, to)?;
        }
        Ok(shape)
    }

    fn fold_negation(&mut self, id: NodeId, operand: NodeId) -> Parsed<ShapeId> {
        let inner = self.fold(operand)?;
        let number = matches!(self.ast.expr(self.shape(inner).node), Expr::Number(_));
        if number && matches!(self.shape(inner).kind, ShapeKind::Literal) {
            return Ok(inner);
        }
        let shape = self.add(ShapeKind::Other, id);
        self.pass_on(shape, inner);
        Ok(shape)
    }

    fn fold_block(&mut self, id: NodeId, items: List) -> Parsed<ShapeId> {
        let shape = self.add(ShapeKind::Block(None), id);
        for &item in self.ast.list(items) {
            let part = self.absorb(shape, item)?;
            self.shape_mut(shape).kind = ShapeKind::Block(Some(part));
        }
        Ok(shape)
    }

    fn fold_all(&mut self, items: List, kind: ShapeKind, node: NodeId) -> Parsed<ShapeId> {
        let shape = self.add(kind, node);
        for &item in self.ast.list(items) {
            self.absorb(shape, item)?;
        }
        Ok(shape)
    }

    /// Folds `part` and gives its open parent operators to `shape`.
    fn absorb(&mut self, shape: ShapeId, part: NodeId) -> Parsed<ShapeId> {
        let folded = self.fold(part)?;
        self.pass_on(shape, folded);
        Ok(folded)
    }

    /// The form `id` whose left side is folded.
    fn fold_form(&mut self, id: NodeId, left: ShapeId) -> Parsed<ShapeId> {
        match self.ast.expr(id) {
            Expr::Path { right, .. } => self.fold_path(id, left, right),
            Expr::Filter { predicate, .. } => self.fold_filter(id, left, predicate),
            Expr::Group { pairs, .. } => self.fold_group(id, left, pairs),
            Expr::Sort { terms, .. } => self.fold_sort(id, left, terms),
            Expr::Focus { .. } => self.fold_focus(id, left),
            Expr::Position { .. } => Ok(self.fold_position(id, left)),
            Expr::Binary { op: super::ast::BinaryOp::Apply, right, .. } => {
                self.fold(right)?;
                Ok(self.add(ShapeKind::Other, id))
            }
            Expr::Binary { right, .. } => self.fold_operands(id, left, [Some(right), None]),
            Expr::Conditional { then, otherwise, .. } => self.fold_operands(id, left, [Some(then), otherwise]),
            _ => Ok(left),
        }
    }

    fn fold_operands(&mut self, id: NodeId, left: ShapeId, others: [Option<NodeId>; 2]) -> Parsed<ShapeId> {
        let shape = self.add(ShapeKind::Other, id);
        self.pass_on(shape, left);
        for other in others.into_iter().flatten() {
            self.absorb(shape, other)?;
        }
        Ok(shape)
    }

    fn fold_path(&mut self, id: NodeId, left: ShapeId, right: NodeId) -> Parsed<ShapeId> {
        let path = self.as_path(id, left);
        let right = self.fold(right)?;
        match &mut self.shape_mut(right).kind {
            ShapeKind::Path { steps, .. } => {
                let more = std::mem::take(steps);
                self.extend(path, &more);
            }
            _ => self.extend(path, &[right]),
        }
        self.scan(path)?;
        self.resolve(path)?;
        Ok(path)
    }

    /// `left` if it is a path, otherwise a path of that one step.
    fn as_path(&mut self, id: NodeId, left: ShapeId) -> ShapeId {
        let opened = match self.shape(left).kind {
            ShapeKind::Path { .. } => return left,
            ShapeKind::Parent(slot) => Some(slot),
            _ => None,
        };
        let path = self.add(ShapeKind::Path { steps: vec![left], scanned: 0 }, id);
        if let (Some(slot), Expr::Path { .. }) = (opened, self.ast.expr(id)) {
            self.shape_mut(path).seeking = Some(self.ancestry.list(slot));
        }
        path
    }

    fn extend(&mut self, path: ShapeId, more: &[ShapeId]) {
        if let ShapeKind::Path { steps, .. } = &mut self.shape_mut(path).kind {
            steps.extend_from_slice(more);
        }
    }

    /// Looks at the steps of `path` that were added since the last time.
    fn scan(&mut self, path: ShapeId) -> Parsed<()> {
        let count = self.steps(path).len();
        let ShapeKind::Path { scanned, .. } = &mut self.shape_mut(path).kind else { return Ok(()) };
        let from = std::mem::replace(scanned, count);
        for index in from..count {
            let step = self.steps(path)[index];
            match self.shape(step).kind {
                ShapeKind::Literal => return Err(self.literal_step(step)),
                ShapeKind::String => self.shape_mut(step).kind = ShapeKind::Field,
                _ => {}
            }
        }
        Ok(())
    }

    fn literal_step(&self, step: ShapeId) -> Box<SyntaxError> {
        let range = self.ast.range(self.shape(step).node);
        SyntaxError::new("S0213", range, "a literal value cannot be a step of a path")
            .help("put a field name into backticks if it looks like a value")
    }

    /// The steps of a path; of nothing else.
    pub(super) fn steps(&self, path: ShapeId) -> &[ShapeId] {
        match &self.shape(path).kind {
            ShapeKind::Path { steps, .. } => steps,
            _ => &[],
        }
    }

    /// What a predicate or a binding behind `id` belongs to.
    fn last_step(&self, id: ShapeId) -> ShapeId {
        self.steps(id).last().copied().unwrap_or(id)
    }

    fn fold_filter(&mut self, id: NodeId, left: ShapeId, predicate: NodeId) -> Parsed<ShapeId> {
        let step = self.last_step(left);
        if self.shape(step).group {
            let range = self.behind_left(id);
            return Err(SyntaxError::new("S0209", range, "a predicate cannot follow a group-by in a step"));
        }
        let predicate = self.fold(predicate)?;
        self.seek_from_predicate(step, predicate)?;
        self.shape_mut(step).filtered = true;
        Ok(left)
    }

    fn fold_group(&mut self, id: NodeId, left: ShapeId, pairs: List) -> Parsed<ShapeId> {
        if self.shape(left).group {
            let range = self.behind_left(id);
            return Err(SyntaxError::new("S0210", range, "a step can have only one group-by"));
        }
        for &part in self.ast.list(pairs) {
            self.fold(part)?;
        }
        self.shape_mut(left).group = true;
        Ok(left)
    }

    fn fold_sort(&mut self, id: NodeId, left: ShapeId, terms: List) -> Parsed<ShapeId> {
        let path = self.as_path(id, left);
        let sort = self.add(ShapeKind::Sort, id);
        for &term in self.ast.list(terms) {
            if let Expr::SortTerm { key, .. } = self.ast.expr(term) {
                self.absorb(sort, key)?;
            }
        }
        self.extend(path, &[sort]);
        self.resolve(path)?;
        Ok(path)
    }

    fn fold_focus(&mut self, id: NodeId, left: ShapeId) -> Parsed<ShapeId> {
        let step = self.last_step(left);
        let range = self.behind_left(id);
        if self.shape(step).filtered {
            return Err(SyntaxError::new(
                "S0215",
                range,
                "a context variable must be bound before the predicates of a step",
            )
            .help("write `step@$v[…]`"));
        }
        if matches!(self.shape(step).kind, ShapeKind::Sort) {
            return Err(SyntaxError::new(
                "S0216",
                range,
                "a context variable must be bound before the order-by of a step",
            )
            .help("write `step@$v^(…)`"));
        }
        self.shape_mut(step).focus = true;
        Ok(left)
    }

    fn fold_position(&mut self, id: NodeId, left: ShapeId) -> ShapeId {
        self.as_path(id, left)
    }

    /// The part of the form `id` that stands behind its left side.
    fn behind_left(&self, id: NodeId) -> TextRange {
        let node = self.ast.node(id);
        let start = node.expr.left().map_or(node.range.start, |left| self.ast.range(left).end);
        TextRange { start, end: node.range.end }
    }
}
