//! Expressions, by their trees.

use wfc_cir::{Doc, Expr, ExprKind, NodeId, Root, TypeTest};
use wfc_expr::jsonpath::{Path, Root as PathRoot, Step};
use wfc_expr::value::Object;
use wfc_expr::{cond, Value};

use super::failure::Stop;
use super::visit::Docs;
use super::{compare, Machine};

/// The longest value a program may make, as text.
const MAX_VALUE: usize = 20_000;

/// What an expression gave.
enum Found {
    Value(Value),
    /// Nothing, and that is fine.
    Absent,
    /// A path selected nothing, which fails unless somebody asks whether it does.
    Unselected(String),
}

impl From<Value> for Found {
    fn from(value: Value) -> Found {
        Found::Value(value)
    }
}

impl Machine<'_> {
    /// The value of an expression; absence is `null`.
    pub(super) fn value(&self, expr: &Expr, docs: &Docs) -> Result<Value, Stop> {
        let value = self.maybe(expr, docs)?.unwrap_or_default();
        // A value of shared parts costs nothing until somebody prints it.
        if value.json_len() > MAX_VALUE {
            return Err(Stop::Unending);
        }
        Ok(value)
    }

    /// The value of an expression, or of `or` without one.
    pub(super) fn or_else(
        &self,
        expr: &Option<Expr>,
        docs: &Docs,
        or: impl FnOnce(&Docs) -> Value,
    ) -> Result<Value, Stop> {
        expr.as_ref().map_or_else(|| Ok(or(docs)), |expr| self.value(expr, docs))
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, expr: &Expr, docs: &Docs) -> Result<bool, Stop> {
        match self.maybe(expr, docs)? {
            None => Ok(false),
            Some(Value::Bool(holds)) => Ok(holds),
            Some(_) => Err(Stop::runtime("a condition that is neither true nor false")),
        }
    }

    fn maybe(&self, expr: &Expr, docs: &Docs) -> Result<Option<Value>, Stop> {
        match self.find(expr, docs)? {
            Found::Value(value) => Ok(Some(value)),
            Found::Absent => Ok(None),
            Found::Unselected(path) => Err(Stop::runtime(format!("{path} selects nothing"))),
        }
    }

    fn find(&self, expr: &Expr, docs: &Docs) -> Result<Found, Stop> {
        Ok(match &expr.kind {
            ExprKind::Literal(value) => value.clone().into(),
            ExprKind::Root(root) => self.root(*root, docs)?.into(),
            ExprKind::Path { doc, path } => return self.path(doc, path, docs),
            ExprKind::Dotted { cond, out } => self.dotted(cond, *out, docs)?.into(),
            ExprKind::Object(fields) => {
                let mut object = Object::default();
                for (name, field) in fields {
                    if let Some(value) = self.maybe(field, docs)? {
                        object.insert(name.clone(), value);
                    }
                }
                Value::from(object).into()
            }
            ExprKind::Array(items) => {
                let items = items.iter().map(|item| self.value(item, docs));
                items.collect::<Result<Value, Stop>>()?.into()
            }
            ExprKind::Put { into, at, value } => {
                let whole = self.value(into, docs)?;
                match self.maybe(value, docs)? {
                    Some(value) => put(whole, at, value)?.into(),
                    None => whole.into(),
                }
            }
            ExprKind::Compare { left, op, right } => {
                let (left, right) = (self.value(left, docs)?, self.value(right, docs)?);
                Value::Bool(compare::compare(*op, &left, &right)).into()
            }
            ExprKind::Is { left, test: TypeTest::Present, want } => {
                let present = matches!(self.find(left, docs)?, Found::Value(_));
                Value::Bool(present == *want).into()
            }
            ExprKind::Is { left, test, want } => {
                Value::Bool(compare::is(*test, &self.value(left, docs)?) == *want).into()
            }
            ExprKind::And(parts) => Value::Bool(!self.any(parts, false, docs)?).into(),
            ExprKind::Or(parts) => Value::Bool(self.any(parts, true, docs)?).into(),
            ExprKind::Not(inner) => Value::Bool(!self.holds(inner, docs)?).into(),
            ExprKind::Out(node) => self.places.out(self.module, *node).cloned().map_or(Found::Absent, Found::Value),
            ExprKind::Var(name) => match self.places.var(name) {
                Some(value) => value.clone().into(),
                None => Found::Unselected(format!("${name}")),
            },
            ExprKind::Intrinsic { .. } => return Err(Stop::unsupported("intrinsic functions")),
            ExprKind::Jsonata { .. } => return Err(Stop::unsupported("JSONata")),
            ExprKind::Secret(_) => return Err(Stop::unsupported("secrets")),
            ExprKind::Opaque { .. } => return Err(Stop::unsupported("text known at deployment")),
        })
    }

    /// Whether any of the conditions is `wanted`; those behind it are not looked at.
    fn any(&self, parts: &[Expr], wanted: bool, docs: &Docs) -> Result<bool, Stop> {
        for part in parts {
            if self.holds(part, docs)? == wanted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn root(&self, root: Root, docs: &Docs) -> Result<Value, Stop> {
        let found = match root {
            Root::Raw => Some(docs.raw.clone()),
            Root::Input => docs.input.clone(),
            Root::Args => docs.args.clone(),
            Root::Result => docs.result.clone(),
            Root::Error => docs.error.clone(),
            Root::Item => docs.item.clone(),
            Root::Context => Some(self.context()),
        };
        found.ok_or_else(|| Stop::unsupported(format!("{root:?} where it does not exist")))
    }

    /// What is known of the context. Identities and times are not.
    fn context(&self) -> Value {
        let object = |members: Vec<(&'static str, Value)>| members.into_iter().collect::<Value>();
        let mut members = vec![("Execution", object(vec![("Input", self.execution_input.clone())]))];
        if let Some((index, item)) = self.places.items.last() {
            let item = object(vec![("Index", Value::from(*index as i64)), ("Value", item.clone())]);
            members.push(("Map", object(vec![("Item", item)])));
        }
        if let Some((round, previous)) = self.places.rounds.last() {
            members.push(("Loop", object(vec![("Round", Value::from(*round as i64)), ("Previous", previous.clone())])));
        }
        object(members)
    }

    fn path(&self, doc: &Doc, path: &Path, docs: &Docs) -> Result<Found, Stop> {
        if !path.is_reference_path() {
            return Err(Stop::unsupported("paths of more than names and single indices"));
        }
        let start = match &path.root {
            PathRoot::Context => self.context(),
            PathRoot::Variable(name) => match self.places.var(name) {
                Some(value) => value.clone(),
                None => return Ok(Found::Unselected(path.to_string())),
            },
            PathRoot::Doc => match doc {
                Doc::Root(root) => self.root(*root, docs)?,
                Doc::Expr(inner) => match self.find(inner, docs)? {
                    Found::Value(value) => value,
                    Found::Absent => Value::Null,
                    unselected => return Ok(unselected),
                },
            },
            PathRoot::Item => return Err(Stop::unsupported("@ outside a filter")),
        };
        let mut at = &start;
        for step in path.static_prefix() {
            let next = match step {
                Step::Member(name) => at.get(name),
                Step::Index(index) => position(at, index).and_then(|index| at.at(index)),
            };
            match next {
                Some(next) => at = next,
                None if path.root == PathRoot::Context => {
                    return Err(Stop::unsupported(format!("the context: {path}")))
                }
                None => return Ok(Found::Unselected(path.to_string())),
            }
        }
        Ok(at.clone().into())
    }

    fn dotted(&self, cond: &cond::Cond, out: Option<NodeId>, docs: &Docs) -> Result<Value, Stop> {
        let name = match cond.reference() {
            cond::Reference::Outputs(path) | cond::Reference::OutputsThenInput(path) => path.first(),
            cond::Reference::Input(_) => None,
        };
        let output = out.and_then(|node| self.places.out(self.module, node)).cloned();
        let outputs: Value = name.zip(output).map(|(name, output)| (&*name.text, output)).into_iter().collect();
        let holds = cond::eval(cond, &docs.raw, &outputs).map_err(|error| Stop::runtime(error.to_string()))?;
        Ok(Value::Bool(holds))
    }
}

/// An index counted from the start.
fn position(value: &Value, index: i32) -> Option<usize> {
    let length = value.as_array()?.len();
    let from_end = usize::try_from(index.unsigned_abs()).ok()?;
    if index < 0 {
        length.checked_sub(from_end)
    } else {
        Some(from_end)
    }
}

/// `into` with `value` at a path; objects that are missing on the way are made.
fn put(into: Value, at: &Path, value: Value) -> Result<Value, Stop> {
    if at.root != PathRoot::Doc || !at.is_reference_path() {
        return Err(Stop::unsupported("a place that is not one of the document"));
    }
    let steps: Vec<Step<'_>> = at.static_prefix().collect();
    put_at(into, &steps, value)
        .ok_or_else(|| Stop::failed("States.ResultPathMatchFailure", format!("there is no place {at}")))
}

fn put_at(mut into: Value, steps: &[Step<'_>], value: Value) -> Option<Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(value) };
    match step {
        Step::Member(name) => {
            let inner = into.get(name).cloned().unwrap_or_else(Value::empty_object);
            into.as_object_mut()?.insert(*name, put_at(inner, rest, value)?);
        }
        Step::Index(index) => {
            let index = position(&into, *index)?;
            let inner = into.at(index)?.clone();
            into.as_array_mut()?.replace(index, put_at(inner, rest, value)?);
        }
    }
    Some(into)
}
