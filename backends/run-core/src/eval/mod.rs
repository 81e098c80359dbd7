//! Expressions against the state of a run.

mod chance;
mod context;
mod trouble;

use std::sync::Arc;

use wfc_expr::jsonata::{Answer, World};
use wfc_expr::{cond, jsonata, Budget, Lookup, Roots, Value};
use wfc_plan::{ExprIx, ExprKind, NodeIx, Root, Source, TypeTest};

use crate::path::{From, Plain};
use crate::program::{CallExpr, Compiled, JsonataExpr, PathExpr};
use crate::state::RunState;
use crate::{compare, Program, RunError};

use chance::Chance;
use trouble::{Failing, Step, Trouble};

pub(crate) use chance::mix;
pub(crate) use trouble::{Field, Want};

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
    /// The token an answer to the work refers to, while its arguments are made.
    pub(crate) token: Option<&'a Arc<str>>,
}

type Found = Result<Option<Value>, Box<Failing>>;

impl Env<'_> {
    /// The value of the expression in a field. What is absent is null; a path that selects nothing is an error.
    pub(crate) fn value(&self, expr: ExprIx, field: Field<'_>) -> Result<Value, RunError> {
        self.inner(expr).map_err(|failing| self.explain(*failing, field))
    }

    /// The value of a field that may be left out.
    pub(crate) fn optional(&self, expr: Option<ExprIx>, field: Field<'_>) -> Result<Option<Value>, RunError> {
        expr.map(|expr| self.value(expr, field)).transpose()
    }

    /// As [`Env::value`], where JSONata must give a value of a kind.
    pub(crate) fn wanted(&self, expr: ExprIx, field: Field<'_>, want: Want) -> Result<Value, RunError> {
        let value = self.value(expr, field)?;
        match self.is_jsonata(expr) && !want.fits(&value) {
            true => Err(self.explain(Failing::new(expr, Trouble::Kind { want, found: value }), field)),
            false => Ok(value),
        }
    }

    /// Whether a condition holds. What is absent does not.
    pub(crate) fn truth(&self, expr: ExprIx, field: Field<'_>) -> Result<bool, RunError> {
        self.holds(expr).map_err(|failing| self.explain(*failing, field))
    }

    /// Whether the expression is JSONata as a whole.
    pub(crate) fn is_jsonata(&self, expr: ExprIx) -> bool {
        matches!(self.program.compiled(expr), Compiled::Jsonata(_))
    }

    /// The text of an expression that has one.
    pub(crate) fn text(&self, expr: ExprIx) -> &str {
        match self.plan_kind(expr) {
            ExprKind::Source(source) => &source.text,
            _ => "",
        }
    }

    /// Whether the expression is text in a language, as opposed to a value that was written down.
    pub(crate) fn is_computed(&self, expr: ExprIx) -> bool {
        matches!(self.plan_kind(expr), ExprKind::Source(_))
    }

    fn holds(&self, expr: ExprIx) -> Result<bool, Box<Failing>> {
        match self.find(expr)? {
            None => Ok(false),
            Some(Value::Bool(holds)) => Ok(holds),
            Some(found) => Err(Failing::boxed(expr, Trouble::Kind { want: Want::Boolean, found })),
        }
    }

    fn inner(&self, expr: ExprIx) -> Result<Value, Box<Failing>> {
        self.find(expr).map(Option::unwrap_or_default)
    }

    /// The value of an expression, if it is not absent.
    fn find(&self, expr: ExprIx) -> Found {
        match self.plan_kind(expr) {
            ExprKind::Value(value) => Ok(Some(value.clone())),
            ExprKind::Root(root) => Ok(self.root(*root)),
            ExprKind::Source(source) => self.source(expr, source),
            ExprKind::Object(fields) => self.object(fields).map(Some),
            ExprKind::Array(items) => self.array(items).map(Some),
            ExprKind::Put { into, at, value } => self.put(expr, *into, at, *value).map(Some),
            ExprKind::Compare { left, op, right } => {
                Ok(Some(compare::holds(*op, &self.operand(*left)?, &self.operand(*right)?).into()))
            }
            ExprKind::Is { left, test: TypeTest::Present, want } => {
                Ok(Some((self.selected(*left)?.is_some() == *want).into()))
            }
            ExprKind::Is { left, test, want } => {
                Ok(Some((compare::is_a(*test, &self.operand(*left)?) == *want).into()))
            }
            ExprKind::And(parts) => self.until(parts, false),
            ExprKind::Or(parts) => self.until(parts, true),
            ExprKind::Not(inner) => Ok(Some((!self.holds(*inner)?).into())),
            ExprKind::Out(node) => Ok(self.out(*node)),
            ExprKind::Var(name) => {
                let unset = || Failing::boxed(expr, Trouble::Unset(Arc::clone(name)));
                self.var(name).cloned().ok_or_else(unset).map(Some)
            }
        }
    }

    /// A side of a comparison.
    fn operand(&self, expr: ExprIx) -> Result<Value, Box<Failing>> {
        self.inner(expr).map_err(|failing| failing.as_operand())
    }

    /// `stop` as soon as a part is it, its opposite if none is.
    fn until(&self, parts: &[ExprIx], stop: bool) -> Found {
        for part in parts {
            if self.holds(*part)? == stop {
                return Ok(Some(stop.into()));
            }
        }
        Ok(Some((!stop).into()))
    }

    fn object(&self, fields: &[(Arc<str>, ExprIx)]) -> Result<Value, Box<Failing>> {
        let present = |(name, expr): &(Arc<str>, ExprIx)| {
            let found = self.find(*expr).map_err(|failing| failing.within(Step::Member(Arc::clone(name))));
            found.transpose().map(|found| found.map(|value| (Arc::clone(name), value)))
        };
        fields.iter().filter_map(present).collect()
    }

    fn array(&self, items: &[ExprIx]) -> Result<Value, Box<Failing>> {
        let item = |(at, item): (usize, &ExprIx)| self.inner(*item).map_err(|failing| failing.within(Step::Item(at)));
        items.iter().enumerate().map(item).collect()
    }

    fn put(&self, expr: ExprIx, into: ExprIx, at: &str, value: ExprIx) -> Result<Value, Box<Failing>> {
        let (document, value) = (self.inner(into)?, self.find(value)?);
        let Some(value) = value else { return Ok(document) };
        let Compiled::Path(PathExpr { plain: Some(path), .. }) = self.program.compiled(expr) else {
            return Ok(document);
        };
        let put = path.put(&document, value);
        put.ok_or_else(|| Failing::boxed(expr, Trouble::NoPlace { at: at.into(), document }))
    }

    fn source(&self, expr: ExprIx, source: &Source) -> Found {
        match self.program.compiled(expr) {
            Compiled::Path(path) => self.path(expr, path, source.doc),
            Compiled::Call(call) => self.call(expr, call, source.doc).map(Some),
            Compiled::Jsonata(program) => self.jsonata(expr, program).map(Some),
            Compiled::Cond(cond) => self.cond(expr, cond, source.out).map(Some),
            Compiled::None => Ok(None),
        }
    }

    /// As [`Env::find`], but a path that selects nothing and a variable without a value are absent, too.
    fn selected(&self, expr: ExprIx) -> Found {
        match self.plan_kind(expr) {
            ExprKind::Source(_) | ExprKind::Var(_) => match self.find(expr) {
                Err(failing) if failing.trouble.selects_nothing() => Ok(None),
                found => found,
            },
            _ => self.find(expr),
        }
    }

    fn plan_kind(&self, expr: ExprIx) -> &ExprKind {
        &self.program.plan().exprs[expr.at()].kind
    }

    fn path(&self, expr: ExprIx, path: &PathExpr, doc: Option<ExprIx>) -> Found {
        if let Some(found) = path.plain.as_ref().and_then(|plain| self.plain(plain, doc).transpose()) {
            return found.map(Some);
        }
        let document = self.document(doc)?;
        let context = if path.reads_context { self.context() } else { Value::Null };
        let roots = Roots { doc: &document, context: &context, vars: self };
        let found = path.path.eval(&roots, &mut Budget::standard());
        found.map(Some).map_err(|error| Failing::boxed(expr, Trouble::Path { error, document: document.clone() }))
    }

    /// The usual case, without anything that is not needed for it; nothing if the path is not found.
    fn plain(&self, path: &Plain, doc: Option<ExprIx>) -> Found {
        Ok(match &path.from {
            From::Context => path.get(&self.context()).cloned(),
            From::Var(name) => self.var(name).and_then(|value| path.get(value)).cloned(),
            From::Doc => match doc.map(|doc| self.plan_kind(doc)) {
                Some(ExprKind::Root(root)) => self.borrowed(*root).and_then(|document| path.get(document)).cloned(),
                _ => path.get(&self.document(doc)?).cloned(),
            },
        })
    }

    /// What `$` means.
    fn document(&self, doc: Option<ExprIx>) -> Result<Value, Box<Failing>> {
        doc.map_or(Ok(Value::Null), |doc| self.inner(doc))
    }

    fn call(&self, expr: ExprIx, call: &CallExpr, doc: Option<ExprIx>) -> Result<Value, Box<Failing>> {
        let document = self.document(doc)?;
        let context = if call.reads_context { self.context() } else { Value::Null };
        let roots = Roots { doc: &document, context: &context, vars: self };
        let value = call.call.eval(&roots, &mut Chance(self.seed(expr)), &mut Budget::standard());
        value.map_err(|error| Failing::boxed(expr, Trouble::Call { error, document: document.clone() }))
    }

    fn jsonata(&self, expr: ExprIx, jsonata: &JsonataExpr) -> Result<Value, Box<Failing>> {
        let mut world = World { now_millis: self.state.now, seed: self.seed(expr) };
        let names = Variables { env: self, with_context: jsonata.reads_context };
        match jsonata.program.eval(None, &names, &mut world, &jsonata::EvalLimits::standard()) {
            Ok(Answer::Value(value)) => Ok(value),
            Ok(Answer::Nothing) => Err(Failing::boxed(expr, Trouble::Nothing)),
            Ok(Answer::Function) => Err(Failing::boxed(expr, Trouble::Function)),
            Err(error) => Err(Failing::boxed(expr, Trouble::Threw(error))),
        }
    }

    fn cond(&self, expr: ExprIx, condition: &cond::Cond, out: Option<NodeIx>) -> Result<Value, Box<Failing>> {
        let name = match condition.reference() {
            cond::Reference::Outputs(names) | cond::Reference::OutputsThenInput(names) => names.first(),
            cond::Reference::Input(_) => None,
        };
        let output = out.and_then(|node| self.out(node));
        let outputs: Value = name.zip(output).map(|(name, value)| (&*name.text, value)).into_iter().collect();
        let input = self.docs.raw.cloned().unwrap_or_default();
        let holds = cond::eval(condition, &input, &outputs);
        holds.map(Value::from).map_err(|error| Failing::boxed(expr, Trouble::Condition(error.to_string())))
    }

    fn root(&self, root: Root) -> Option<Value> {
        match root {
            Root::Context => Some(self.context()),
            Root::Item => self.item().map(|(_, item)| item.clone()),
            other => self.borrowed(other).cloned(),
        }
    }

    /// A document that is there as it is.
    fn borrowed(&self, root: Root) -> Option<&Value> {
        let docs = &self.docs;
        match root {
            Root::Raw => docs.raw,
            Root::Input => docs.input.or(docs.raw),
            Root::Args => docs.args.or(docs.input).or(docs.raw),
            Root::Result => docs.result,
            Root::Error => docs.error,
            Root::Item => self.item().map(|(_, item)| item),
            Root::Context => None,
        }
    }

    fn item(&self) -> Option<(u64, &Value)> {
        let around = || self.state.chain(self.frame).find_map(|(_, frame)| frame.item.as_ref());
        self.docs.item.or_else(|| around().map(|(index, item)| (*index, item)))
    }

    fn var(&self, name: &str) -> Option<&Value> {
        self.state.chain(self.frame).find_map(|(_, frame)| frame.vars.get(name))
    }

    /// What a node has produced, as the innermost frame around both keeps it.
    fn out(&self, node: NodeIx) -> Option<Value> {
        let around = |frame: &&crate::state::Frame| frame.outs.is_some() && self.program.inside(node, frame.region);
        let (_, frame) = self.state.chain(self.frame).find(|(_, frame)| around(frame))?;
        frame.outs.as_ref()?.get(&node).cloned()
    }
}

impl Lookup for Env<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.var(name)
    }
}

/// What JSONata sees of the variables around it.
struct Variables<'a> {
    env: &'a Env<'a>,
    with_context: bool,
}

impl jsonata::Names for Variables<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match name {
            "states" => Some(self.env.states(self.with_context)),
            _ => self.env.var(name).cloned(),
        }
    }
}
