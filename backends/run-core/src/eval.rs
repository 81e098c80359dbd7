//! Expressions against the state of a run.

use std::sync::Arc;

use wfc_expr::{cond, Value};
use wfc_plan::{ExprIx, ExprKind, NodeIx, Root, Source, TypeTest};

use crate::path::{From, Plain};
use crate::program::Compiled;
use crate::state::RunState;
use crate::time::instant_text;
use crate::{compare, Program, RunError};

/// The documents of a phase. What a phase does not have is absent.
#[derive(Clone, Copy, Default)]
pub(crate) struct Docs<'a> {
    pub(crate) raw: Option<&'a Value>,
    pub(crate) input: Option<&'a Value>,
    pub(crate) args: Option<&'a Value>,
    pub(crate) result: Option<&'a Value>,
    pub(crate) error: Option<&'a Value>,
    /// The item a `ForEach` is about to begin, and its index.
    pub(crate) item: Option<(u64, &'a Value)>,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Env<'a> {
    pub(crate) program: &'a Program,
    pub(crate) state: &'a RunState,
    pub(crate) frame: u32,
    pub(crate) node: Option<NodeIx>,
    pub(crate) docs: Docs<'a>,
}

type Found = Result<Option<Value>, RunError>;

impl Env<'_> {
    /// The value of an expression. What is absent is null; a path that selects nothing is an error.
    pub(crate) fn value(&self, expr: ExprIx) -> Result<Value, RunError> {
        self.find(expr).map(Option::unwrap_or_default)
    }

    /// The value of an expression that may be left out.
    pub(crate) fn optional(&self, expr: Option<ExprIx>) -> Found {
        expr.map(|expr| self.value(expr)).transpose()
    }

    /// Whether a condition holds. What is absent does not.
    pub(crate) fn truth(&self, expr: ExprIx) -> Result<bool, RunError> {
        match self.find(expr)? {
            None => Ok(false),
            Some(Value::Bool(holds)) => Ok(holds),
            Some(other) => Err(RunError::runtime(format!("the condition is {}, not true or false", other.type_name()))),
        }
    }

    /// The value of an expression, if it is not absent.
    fn find(&self, expr: ExprIx) -> Found {
        match self.plan_kind(expr) {
            ExprKind::Value(value) => Ok(Some(value.clone())),
            ExprKind::Root(root) => Ok(self.root(*root)),
            ExprKind::Source(source) => self.source(expr, source),
            ExprKind::Object(fields) => self.object(fields).map(Some),
            ExprKind::Array(items) => {
                items.iter().map(|item| self.value(*item)).collect::<Result<Value, _>>().map(Some)
            }
            ExprKind::Put { into, at, value } => self.put(expr, *into, at, *value).map(Some),
            ExprKind::Compare { left, op, right } => {
                Ok(Some(compare::holds(*op, &self.value(*left)?, &self.value(*right)?).into()))
            }
            ExprKind::Is { left, test: TypeTest::Present, want } => {
                Ok(Some((self.selected(*left)?.is_some() == *want).into()))
            }
            ExprKind::Is { left, test, want } => Ok(Some((compare::is_a(*test, &self.value(*left)?) == *want).into())),
            ExprKind::And(parts) => self.until(parts, false),
            ExprKind::Or(parts) => self.until(parts, true),
            ExprKind::Not(inner) => Ok(Some((!self.truth(*inner)?).into())),
            ExprKind::Out(node) => Ok(self.out(*node)),
            ExprKind::Var(name) => {
                let unset = || RunError::runtime(format!("the variable '{name}' has no value"));
                self.var(name).ok_or_else(unset).map(Some)
            }
        }
    }

    /// `stop` as soon as a part is it, its opposite if none is.
    fn until(&self, parts: &[ExprIx], stop: bool) -> Found {
        for part in parts {
            if self.truth(*part)? == stop {
                return Ok(Some(stop.into()));
            }
        }
        Ok(Some((!stop).into()))
    }

    fn object(&self, fields: &[(Arc<str>, ExprIx)]) -> Result<Value, RunError> {
        let present = |(name, expr): &(Arc<str>, ExprIx)| {
            self.find(*expr).transpose().map(|found| found.map(|value| (Arc::clone(name), value)))
        };
        fields.iter().filter_map(present).collect()
    }

    fn put(&self, expr: ExprIx, into: ExprIx, at: &str, value: ExprIx) -> Result<Value, RunError> {
        let (document, value) = (self.value(into)?, self.find(value)?);
        let Some(value) = value else { return Ok(document) };
        let Compiled::Path(path) = self.program.compiled(expr) else { return Ok(document) };
        path.put(&document, value).ok_or_else(|| {
            RunError::new(
                "States.ResultPathMatchFailure",
                format!("the path '{at}' does not fit the document it is put into"),
            )
        })
    }

    fn source(&self, expr: ExprIx, source: &Source) -> Found {
        match self.program.compiled(expr) {
            Compiled::Path(path) => {
                let found = self.path(path, source.doc)?;
                found
                    .map(Some)
                    .ok_or_else(|| RunError::runtime(format!("Invalid path '{}': it selects nothing", source.text)))
            }
            Compiled::Cond(cond) => self.cond(cond, source.out).map(Some),
            Compiled::None => Ok(None),
        }
    }

    /// As [`Env::find`], but a path that selects nothing and a variable without a value are absent, too.
    fn selected(&self, expr: ExprIx) -> Found {
        match (self.plan_kind(expr), self.program.compiled(expr)) {
            (ExprKind::Source(source), Compiled::Path(path)) => self.path(path, source.doc),
            (ExprKind::Var(name), _) => Ok(self.var(name)),
            _ => self.find(expr),
        }
    }

    /// What a path starts from: null if it is absent, nothing if it selects nothing itself.
    fn document(&self, expr: ExprIx) -> Found {
        match self.plan_kind(expr) {
            ExprKind::Source(_) | ExprKind::Var(_) => self.selected(expr),
            _ => self.value(expr).map(Some),
        }
    }

    fn plan_kind(&self, expr: ExprIx) -> &ExprKind {
        &self.program.plan().exprs[expr.at()].kind
    }

    fn path(&self, path: &Plain, doc: Option<ExprIx>) -> Found {
        let document = match (&path.from, doc) {
            (From::Context, _) => Some(self.context()),
            (From::Var(name), _) => self.var(name),
            (From::Doc, Some(doc)) => self.document(doc)?,
            (From::Doc, None) => None,
        };
        Ok(document.and_then(|document| path.get(&document).cloned()))
    }

    fn cond(&self, condition: &cond::Cond, out: Option<NodeIx>) -> Result<Value, RunError> {
        let name = match condition.reference() {
            cond::Reference::Outputs(names) | cond::Reference::OutputsThenInput(names) => names.first(),
            cond::Reference::Input(_) => None,
        };
        let output = out.and_then(|node| self.out(node));
        let outputs: Value = name.zip(output).map(|(name, value)| (&*name.text, value)).into_iter().collect();
        let input = self.docs.raw.cloned().unwrap_or_default();
        let holds = cond::eval(condition, &input, &outputs);
        holds.map(Value::from).map_err(|error| RunError::new("wfc.Condition", error.to_string()))
    }

    fn root(&self, root: Root) -> Option<Value> {
        let docs = &self.docs;
        match root {
            Root::Raw => docs.raw.cloned(),
            Root::Input => docs.input.or(docs.raw).cloned(),
            Root::Args => docs.args.or(docs.input).or(docs.raw).cloned(),
            Root::Result => docs.result.cloned(),
            Root::Error => docs.error.cloned(),
            Root::Context => Some(self.context()),
            Root::Item => self.item().map(|(_, item)| item.clone()),
        }
    }

    fn item(&self) -> Option<(u64, &Value)> {
        let around = || self.state.chain(self.frame).find_map(|(_, frame)| frame.item.as_ref());
        self.docs.item.or_else(|| around().map(|(index, item)| (*index, item)))
    }

    fn var(&self, name: &str) -> Option<Value> {
        self.state.chain(self.frame).find_map(|(_, frame)| frame.vars.get(name)).cloned()
    }

    /// What a node has produced, as the innermost frame around both keeps it.
    fn out(&self, node: NodeIx) -> Option<Value> {
        let around = |frame: &&crate::state::Frame| frame.outs.is_some() && self.program.inside(node, frame.region);
        let (_, frame) = self.state.chain(self.frame).find(|(_, frame)| around(frame))?;
        frame.outs.as_ref()?.get(&node).cloned()
    }

    /// The run's context object with what it says about the node and the item.
    fn context(&self) -> Value {
        let mut context = self.state.context.clone();
        let Some(object) = context.as_object_mut() else { return context };
        if let Some(node) = self.node {
            object.insert("State", self.state_context(node));
        }
        if let Some((index, item)) = self.item() {
            let index = Value::Number(index.into());
            let item: Value = [("Index", index), ("Value", item.clone())].into_iter().collect();
            object.insert("Map", [("Item", item)].into_iter().collect::<Value>());
        }
        if let Some((round, previous)) = self.state.chain(self.frame).find_map(|(_, frame)| frame.round.clone()) {
            let round = Value::Number(round.into());
            object.insert("Loop", [("Round", round), ("Previous", previous)].into_iter().collect::<Value>());
        }
        context
    }

    fn state_context(&self, node: NodeIx) -> Value {
        let name = Value::from(Arc::clone(&self.program.plan().nodes[node.at()].name));
        let mut members = vec![("Name", name)];
        if let Some(visit) = self.state.visit(self.frame, node) {
            members.push(("EnteredTime", instant_text(visit.entered).into()));
            members.push(("RetryCount", i64::from(visit.act.attempt - 1).into()));
        }
        members.into_iter().collect()
    }
}
