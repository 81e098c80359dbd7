//! The tree of a text to [`Code`]: flattens paths and marks tail calls, exactly where the reference does.

use std::collections::HashMap;
use std::sync::Arc;

use wfc_diag::TextRange;

use super::code::{Code, Id, Kind, Lambda, Node, Pairs, Stage, Symbol, Term};
use super::parents::Parents;
use super::regex::Pattern;
use super::signature::Signature;
use super::surrogate;
use crate::jsonata::ast::{Ast, BinaryOp, Expr, List, NodeId, Order};
use crate::Value;

/// Prepares `ast`; `names` are those of the code it is evaluated in.
pub(super) fn compile(ast: &Ast, names: &[Arc<str>]) -> Code {
    let symbols = names.iter().enumerate().map(|(at, name)| (name.clone(), Symbol(at as u32))).collect();
    let mut compiler = Compiler {
        ast,
        nodes: Vec::with_capacity(ast.len() * 2),
        names: names.to_vec(),
        symbols,
        parents: Parents::default(),
        spine: Vec::new(),
        binds: false,
        // An expression in a string binds where it is evaluated.
        evaluates: ast.text.contains("eval"),
        surrogates: false,
    };
    let root = compiler.expression(ast.root());
    compiler.name_parents();
    Code { nodes: compiler.nodes, root, names: compiler.names, surrogates: compiler.surrogates }
}

pub(super) struct Compiler<'a> {
    ast: &'a Ast,
    pub(super) nodes: Vec<Node>,
    names: Vec<Arc<str>>,
    symbols: HashMap<Arc<str>, Symbol>,
    pub(super) parents: Parents,
    /// The postfix and infix forms under way, with whether `[]` stands behind them.
    spine: Vec<(NodeId, bool)>,
    /// Whether a variable was bound since the innermost scope was opened.
    binds: bool,
    evaluates: bool,
    surrogates: bool,
}

impl Compiler<'_> {
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    fn add(&mut self, kind: Kind, range: TextRange) -> Id {
        let id = Id(self.nodes.len() as u32);
        self.nodes.push(Node {
            kind,
            range,
            keep_array: false,
            predicates: Vec::new(),
            group: None,
            stages: Vec::new(),
            focus: None,
            index: None,
            ancestor: None,
            tuple: false,
            cons: false,
            tail: false,
        });
        id
    }

    pub(super) fn symbol(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.symbols.get(name) {
            return *symbol;
        }
        let (name, symbol): (Arc<str>, _) = (name.into(), Symbol(self.names.len() as u32));
        self.names.push(name.clone());
        self.symbols.insert(name, symbol);
        symbol
    }

    fn variable(&mut self, id: NodeId) -> Symbol {
        let ast = self.ast;
        self.symbol(ast.variable(id))
    }

    /// Compiles `id`, looping along the left sides and recursing into the rest.
    fn expression(&mut self, id: NodeId) -> Id {
        let mark = self.spine.len();
        let (mut at, mut keep) = (id, false);
        while let Some(left) = self.ast.expr(at).left() {
            match self.ast.expr(at) {
                Expr::KeepArray { .. } => keep = true,
                Expr::Filter { .. } => self.spine.push((at, false)),
                _ => self.spine.push((at, std::mem::take(&mut keep))),
            }
            at = left;
        }
        let mut result = self.leaf(at, keep);
        while self.spine.len() > mark {
            let Some((form, keep)) = self.spine.pop() else { break };
            result = self.form(form, result, keep);
        }
        result
    }

    fn leaf(&mut self, id: NodeId, keep: bool) -> Id {
        let range = self.ast.range(id);
        let result = match self.ast.expr(id) {
            Expr::Name(text) => return self.name(self.ast.text(text).into(), range, keep),
            Expr::Bind { variable, value } => self.bind(variable, value, range),
            Expr::Negate(operand) => self.negation(operand, range),
            Expr::Array(list) => self.array(list, range),
            Expr::Object(list) => {
                let pairs = self.pairs(list);
                let object = self.add(Kind::Object(Vec::new()), range);
                for &(key, value) in &pairs {
                    self.pass_on(object, key);
                    self.pass_on(object, value);
                }
                self.node_mut(object).kind = Kind::Object(pairs);
                object
            }
            Expr::Block(list) => self.block(list, range),
            Expr::Range { from, to } => {
                let (from, to) = (self.expression(from), self.expression(to));
                let range = self.add(Kind::Range { from, to }, range);
                self.pass_on(range, from);
                self.pass_on(range, to);
                range
            }
            Expr::Lambda { .. } => self.lambda(id, range),
            Expr::Transform { pattern, update, delete } => {
                let (pattern, update) = (self.expression(pattern), self.expression(update));
                let delete = delete.map(|delete| self.expression(delete));
                self.add(Kind::Transform { pattern, update, delete }, range)
            }
            Expr::Parent => {
                let slot = self.parents.new_slot();
                self.add(Kind::Parent(Symbol(slot)), range)
            }
            simple => {
                let kind = self.simple(simple);
                self.add(kind, range)
            }
        };
        self.node_mut(result).keep_array |= keep;
        result
    }

    fn simple(&mut self, expr: Expr) -> Kind {
        let ast = self.ast;
        match expr {
            Expr::Variable(name) if ast.text(name).is_empty() => Kind::Context,
            Expr::Variable(name) => Kind::Variable(self.symbol(ast.text(name))),
            Expr::String(text) => Kind::Literal(ast.text(text).into()),
            Expr::RawString(text) => {
                self.surrogates = true;
                Kind::Literal(surrogate::decode(ast.text(text)).into())
            }
            Expr::Number(number) => Kind::Number(number),
            Expr::Boolean(value) => Kind::Literal(value.into()),
            Expr::Regex(text) => Kind::Regex(Pattern::literal(ast.text(text)).map(Arc::new)),
            Expr::Wildcard => Kind::Wildcard,
            Expr::Descendant => Kind::Descendant,
            _ => Kind::Literal(Value::Null),
        }
    }

    fn name(&mut self, name: Arc<str>, range: TextRange, keep: bool) -> Id {
        let step = self.add(Kind::Name(name), range);
        self.node_mut(step).keep_array = keep;
        let path = self.add(Kind::Path { steps: vec![step], keep_singleton: keep }, range);
        self.node_mut(path).keep_array = keep;
        path
    }

    fn bind(&mut self, variable: NodeId, value: NodeId, range: TextRange) -> Id {
        let symbol = self.variable(variable);
        let value = self.expression(value);
        self.binds = true;
        let bind = self.add(Kind::Bind { symbol, value }, range);
        self.pass_on(bind, value);
        bind
    }

    fn negation(&mut self, operand: NodeId, range: TextRange) -> Id {
        let inner = self.expression(operand);
        if let Kind::Number(number) = &mut self.node_mut(inner).kind {
            *number = -*number;
            return inner;
        }
        let negation = self.add(Kind::Negate(inner), range);
        self.pass_on(negation, inner);
        negation
    }

    fn array(&mut self, list: List, range: TextRange) -> Id {
        let items = self.list(list);
        let array = self.add(Kind::Array(Vec::new()), range);
        for &item in &items {
            self.pass_on(array, item);
        }
        self.node_mut(array).kind = Kind::Array(items);
        array
    }

    fn block(&mut self, list: List, range: TextRange) -> Id {
        let outer = std::mem::replace(&mut self.binds, self.evaluates);
        let items = self.list(list);
        let scope = std::mem::replace(&mut self.binds, outer);
        let cons = items.iter().any(|&item| self.node(item).cons || self.starts_cons(item));
        let block = self.add(Kind::Block { items: Vec::new(), scope }, range);
        for &item in &items {
            self.pass_on(block, item);
        }
        self.node_mut(block).kind = Kind::Block { items, scope };
        self.node_mut(block).cons = cons;
        block
    }

    fn starts_cons(&self, id: Id) -> bool {
        match &self.node(id).kind {
            Kind::Path { steps, .. } => steps.first().is_some_and(|&first| self.node(first).cons),
            _ => false,
        }
    }

    fn lambda(&mut self, id: NodeId, range: TextRange) -> Id {
        let Expr::Lambda { parameters, signature, body } = self.ast.expr(id) else {
            return self.add(Kind::Literal(Value::Null), range);
        };
        let ast = self.ast;
        let parameters = ast.list(parameters).iter().map(|&parameter| self.variable(parameter)).collect();
        let outer = self.binds;
        let body = self.expression(body);
        self.binds = outer;
        self.mark_tail(body);
        let signature = Some(ast.text(signature)).filter(|text| !text.is_empty()).map(Signature::parse);
        self.add(Kind::Lambda(Lambda { parameters, signature, body }), range)
    }

    /// Marks the calls in which `body` ends.
    fn mark_tail(&mut self, body: Id) {
        let mut work = vec![body];
        while let Some(id) = work.pop() {
            let node = self.node_mut(id);
            match &node.kind {
                Kind::Call { .. } => node.tail = node.predicates.is_empty(),
                Kind::Condition { then, otherwise, .. } => {
                    work.push(*then);
                    work.extend(*otherwise);
                }
                Kind::Block { items, .. } => work.extend(items.last()),
                Kind::Binary { op: BinaryOp::Default | BinaryOp::Coalesce, right, .. } => work.push(*right),
                _ => {}
            }
        }
    }

    fn list(&mut self, list: List) -> Vec<Id> {
        let ast = self.ast;
        ast.list(list).iter().map(|&item| self.expression(item)).collect()
    }

    fn pairs(&mut self, list: List) -> Pairs {
        self.list(list).chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    }

    /// The form `id` whose left side is compiled.
    fn form(&mut self, id: NodeId, left: Id, keep: bool) -> Id {
        let range = self.ast.range(id);
        let result = match self.ast.expr(id) {
            Expr::Path { right, .. } => self.path(left, right, range),
            Expr::Filter { predicate, .. } => self.filter(left, predicate),
            Expr::Group { pairs, .. } => {
                let pairs = self.pairs(pairs);
                self.node_mut(left).group = Some(pairs);
                left
            }
            Expr::Sort { terms, .. } => self.sort(left, terms, range),
            Expr::Focus { variable, .. } => {
                let (symbol, step) = (self.variable(variable), self.last_step(left));
                let step = self.node_mut(step);
                step.keep_array |= keep;
                step.focus = Some(symbol);
                step.tuple = true;
                left
            }
            Expr::Position { variable, .. } => self.position(left, variable, range),
            Expr::Call { arguments, .. } => self.call(left, arguments, range),
            Expr::Conditional { then, otherwise, .. } => {
                let then = self.expression(then);
                let otherwise = otherwise.map(|otherwise| self.expression(otherwise));
                let whole = self.add(Kind::Condition { condition: left, then, otherwise }, range);
                [Some(left), Some(then), otherwise].into_iter().flatten().for_each(|part| self.pass_on(whole, part));
                whole
            }
            Expr::Binary { op, right, .. } => self.binary(op, left, right, range),
            _ => left,
        };
        self.node_mut(result).keep_array |= keep;
        result
    }

    fn binary(&mut self, op: BinaryOp, left: Id, right: NodeId, range: TextRange) -> Id {
        let right = self.expression(right);
        let whole = self.add(Kind::Binary { op, left, right }, range);
        if op == BinaryOp::Apply {
            self.node_mut(whole).keep_array = self.node(left).keep_array || self.node(right).keep_array;
        } else {
            self.pass_on(whole, left);
            self.pass_on(whole, right);
        }
        whole
    }

    fn call(&mut self, procedure: Id, list: List, range: TextRange) -> Id {
        let ast = self.ast;
        let open = |argument: &NodeId| matches!(ast.expr(*argument), Expr::Placeholder);
        if ast.list(list).iter().any(open) {
            let compile = |argument: &NodeId| (!open(argument)).then(|| self.expression(*argument));
            let arguments: Vec<Option<Id>> = ast.list(list).iter().map(compile).collect();
            let parts = arguments.clone();
            let call = self.add(Kind::Partial { procedure, arguments }, range);
            parts.into_iter().flatten().for_each(|part| self.pass_on(call, part));
            return call;
        }
        let arguments = self.list(list);
        let parts = arguments.clone();
        let call = self.add(Kind::Call { procedure, arguments }, range);
        parts.into_iter().for_each(|part| self.pass_on(call, part));
        call
    }

    fn path(&mut self, left: Id, right: NodeId, range: TextRange) -> Id {
        let path = self.as_path(left, range);
        if let (Kind::Parent(slot), true) = (&self.node(left).kind, path != left) {
            let slot = slot.0;
            self.parents.set_single(path, slot);
        }
        let right = self.expression(right);
        let more = match &mut self.node_mut(right).kind {
            Kind::Path { steps, .. } => std::mem::take(steps),
            _ => {
                self.predicates_to_stages(right);
                vec![right]
            }
        };
        let fresh = path != left;
        let from = if fresh { 0 } else { self.steps(path).len() };
        if let Kind::Path { steps, .. } = &mut self.node_mut(path).kind {
            steps.extend(more);
        }
        self.look_at_steps(path, from);
        self.resolve_parents(path);
        path
    }

    /// Does what depends on the steps of `path` from the one at `from` on.
    fn look_at_steps(&mut self, path: Id, from: usize) {
        let steps = self.steps(path)[from..].to_vec();
        for &step in &steps {
            let node = self.node_mut(step);
            if let Kind::Literal(Value::String(text)) = &node.kind {
                node.kind = Kind::Name(text.clone());
            }
        }
        let keep = steps.iter().any(|&step| self.node(step).keep_array);
        if let Kind::Path { keep_singleton, .. } = &mut self.node_mut(path).kind {
            *keep_singleton |= keep;
        }
        let ends = [self.steps(path).first().copied(), self.steps(path).last().copied()];
        for end in ends.into_iter().flatten() {
            let node = self.node_mut(end);
            node.cons |= matches!(node.kind, Kind::Array(_));
        }
    }

    pub(super) fn steps(&self, path: Id) -> &[Id] {
        match &self.node(path).kind {
            Kind::Path { steps, .. } => steps,
            _ => &[],
        }
    }

    /// What a predicate or a binding behind `id` belongs to.
    fn last_step(&self, id: Id) -> Id {
        self.steps(id).last().copied().unwrap_or(id)
    }

    fn is_path(&self, id: Id) -> bool {
        matches!(self.node(id).kind, Kind::Path { .. })
    }

    fn as_path(&mut self, id: Id, range: TextRange) -> Id {
        match self.is_path(id) {
            true => id,
            false => self.add(Kind::Path { steps: vec![id], keep_singleton: false }, range),
        }
    }

    fn predicates_to_stages(&mut self, step: Id) {
        let node = self.node_mut(step);
        let predicates = std::mem::take(&mut node.predicates);
        node.stages.extend(predicates.into_iter().map(Stage::Filter));
    }

    fn filter(&mut self, left: Id, predicate: NodeId) -> Id {
        let in_path = self.is_path(left);
        let step = self.last_step(left);
        let predicate = self.expression(predicate);
        self.seek_from_predicate(step, predicate);
        let node = self.node_mut(step);
        match in_path {
            true => node.stages.push(Stage::Filter(predicate)),
            false => node.predicates.push(predicate),
        }
        left
    }

    fn sort(&mut self, left: Id, terms: List, range: TextRange) -> Id {
        let path = self.as_path(left, range);
        let sort = self.add(Kind::Sort(Vec::new()), range);
        let mut compiled = Vec::new();
        for &term in self.ast.list(terms) {
            let Expr::SortTerm { order, key } = self.ast.expr(term) else { continue };
            let key = self.expression(key);
            self.pass_on(sort, key);
            compiled.push(Term { key, descending: order == Order::Descending });
        }
        self.node_mut(sort).kind = Kind::Sort(compiled);
        if let Kind::Path { steps, .. } = &mut self.node_mut(path).kind {
            steps.push(sort);
        }
        self.resolve_parents(path);
        path
    }

    fn position(&mut self, left: Id, variable: NodeId, range: TextRange) -> Id {
        let symbol = self.variable(variable);
        let path = self.as_path(left, range);
        let step = self.last_step(path);
        if path != left {
            self.predicates_to_stages(step);
        }
        let node = self.node_mut(step);
        node.tuple = true;
        match node.stages.is_empty() {
            true => node.index = Some(symbol),
            false => node.stages.push(Stage::Index(symbol)),
        }
        path
    }

    /// Gives every parent operator, and the step it means, the variable that connects them.
    fn name_parents(&mut self) {
        for at in 0..self.nodes.len() {
            if let Kind::Parent(slot) = self.nodes[at].kind {
                let symbol = self.label(slot.0);
                self.nodes[at].kind = Kind::Parent(symbol);
            }
            if let Some(slot) = self.nodes[at].ancestor {
                let symbol = self.label(slot.0);
                self.nodes[at].ancestor = Some(symbol);
            }
        }
    }

    fn label(&mut self, slot: u32) -> Symbol {
        let name = format!("!{}", self.parents.label(slot));
        self.symbol(&name)
    }
}
