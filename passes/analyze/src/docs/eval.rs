//! What an expression yields, as a type. Never means that it certainly fails.

use wfc_cir::types::Field;
use wfc_cir::{Doc, Expr, ExprKind, Type};
use wfc_expr::intrinsic::{self, ArgKind, Function, Kind};
use wfc_expr::jsonpath::{self, Path, SegmentKind, Step};
use wfc_expr::Value;

use super::jsonata;
use super::Env;

/// How many levels of an expression or value are looked into; what is further in is Any.
const MAX_DEPTH: usize = 128;

/// The type of the value of an expression.
pub fn eval(expr: &Expr, env: &Env<'_>) -> Type {
    eval_at(expr, env, 0)
}

fn eval_at(expr: &Expr, env: &Env<'_>, depth: usize) -> Type {
    if depth > MAX_DEPTH {
        return Type::Any;
    }
    let inner = |expr: &Expr| eval_at(expr, env, depth + 1);
    match &expr.kind {
        ExprKind::Literal(value) => shape(value, 0),
        ExprKind::Root(root) => env.doc(*root).clone(),
        ExprKind::Path { doc, path } => select(&start(path, doc, env, depth), path),
        ExprKind::Intrinsic { doc, call } => of_call(call, &of_doc(doc, env, depth), env),
        ExprKind::Jsonata { ast, .. } => jsonata::eval(ast, env),
        ExprKind::Object(members) => {
            Type::object(members.iter().map(|(name, value)| (name.clone(), member(value, inner(value)))), Type::Never)
        }
        ExprKind::Array(items) => {
            let types: Vec<Type> = items.iter().map(inner).collect();
            array_of(&types)
        }
        ExprKind::Put { into, at, value } => {
            let steps: Vec<Step<'_>> = at.static_prefix().collect();
            inner(into).put(&steps, &inner(value))
        }
        ExprKind::Var(name) => env.var(name),
        ExprKind::Secret(_) => Type::STRING,
        ExprKind::Compare { .. } | ExprKind::Is { .. } => Type::BOOL,
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) | ExprKind::Dotted { .. } => Type::BOOL,
        ExprKind::Out(_) | ExprKind::Opaque { .. } => Type::Any,
    }
}

/// A member of an object; what can be absent may be left out.
fn member(expr: &Expr, ty: Type) -> Field {
    match expr.kind {
        ExprKind::Out(_) | ExprKind::Dotted { .. } => Field::may(Type::Any),
        _ => Field::must(ty),
    }
}

/// An array of exactly these; Never if one of them is.
fn array_of(items: &[Type]) -> Type {
    if items.iter().any(Type::is_never) {
        return Type::Never;
    }
    Type::array(Type::union(items.iter().cloned()), items.len(), Some(items.len()))
}

/// The type of a value without the literals in it: examples and defaults are written as literals too, so that a test
/// of one would otherwise look senseless.
pub(super) fn shape(value: &Value, depth: usize) -> Type {
    match value {
        _ if depth > MAX_DEPTH => Type::Any,
        Value::Null => Type::Null,
        Value::Bool(_) => Type::BOOL,
        Value::Number(_) => Type::NUMBER,
        Value::String(_) => Type::STRING,
        Value::Array(items) => {
            let elem = Type::union(items.iter().map(|item| shape(item, depth + 1)));
            Type::array(elem, items.len(), Some(items.len()))
        }
        Value::Object(members) => {
            let field =
                |(name, value): &(std::sync::Arc<str>, Value)| (name.clone(), Field::must(shape(value, depth + 1)));
            Type::object(members.entries().iter().map(field), Type::Never)
        }
    }
}

fn of_doc(doc: &Doc, env: &Env<'_>, depth: usize) -> Type {
    match doc {
        Doc::Root(root) => env.doc(*root).clone(),
        Doc::Expr(expr) => eval_at(expr, env, depth + 1),
    }
}

fn start(path: &Path, doc: &Doc, env: &Env<'_>, depth: usize) -> Type {
    match path.root {
        jsonpath::Root::Doc => of_doc(doc, env, depth),
        _ => start_outside(path, env),
    }
}

/// What a path that does not start at `$` starts from.
fn start_outside(path: &Path, env: &Env<'_>) -> Type {
    match &path.root {
        jsonpath::Root::Context => env.doc(wfc_cir::Root::Context).clone(),
        jsonpath::Root::Variable(name) => env.var(name),
        jsonpath::Root::Doc | jsonpath::Root::Item => Type::Any,
    }
}

/// The document a path of an expression starts from.
pub(super) fn base(path: &Path, doc: &Doc, env: &Env<'_>) -> Type {
    start(path, doc, env, 0)
}

/// What a path selects from a document of type `from`.
fn select(from: &Type, path: &Path) -> Type {
    if from.is_never() {
        return Type::Never;
    }
    let calls = matches!(path.segments.last().map(|segment| &segment.kind), Some(SegmentKind::Call(_)));
    if calls {
        return Type::Any;
    }
    if !path.definite() {
        return Type::array(Type::Any, 0, None);
    }
    let mut ty = from.clone();
    for segment in &path.segments {
        ty = step(&ty, &segment.kind);
    }
    ty
}

/// What one step selects; Never if it certainly selects nothing.
pub(super) fn step(from: &Type, kind: &SegmentKind) -> Type {
    match kind {
        _ if from.is_any() || from.is_never() => from.clone(),
        SegmentKind::Member(name) => from.field(name).0,
        SegmentKind::Index(index) => item(from, *index),
        _ => Type::Any,
    }
}

fn item(from: &Type, index: i32) -> Type {
    let Type::Array(array) = from.narrow_to_kind(wfc_cir::types::Kind::Array) else { return Type::Never };
    let needed = if index < 0 { index.unsigned_abs() as usize } else { index as usize + 1 };
    match array.max() {
        Some(max) if max < needed => Type::Never,
        _ => array.elem().clone(),
    }
}

fn of_call(call: &intrinsic::Call, doc: &Type, env: &Env<'_>) -> Type {
    let args: Vec<Type> = call.args.iter().map(|arg| of_arg(&arg.kind, doc, env)).collect();
    if args.iter().any(Type::is_never) {
        return Type::Never;
    }
    match (call.function, call.function.result()) {
        (Function::Array, _) => array_of(&args),
        (_, Kind::String) => Type::STRING,
        (_, Kind::Number) => Type::NUMBER,
        (_, Kind::Bool) => Type::BOOL,
        (_, Kind::Array) => Type::array(Type::Any, 0, None),
        (_, Kind::Object) => Type::open_object(),
        (_, Kind::Any | Kind::Null) => Type::Any,
    }
}

/// Calls nest no deeper than their parser allows.
fn of_arg(arg: &ArgKind, doc: &Type, env: &Env<'_>) -> Type {
    match arg {
        ArgKind::Path(path) if path.root == jsonpath::Root::Doc => select(doc, path),
        ArgKind::Path(path) => select(&start_outside(path, env), path),
        ArgKind::Call(call) => of_call(call, doc, env),
        ArgKind::String(_) => Type::STRING,
        ArgKind::Number(_) => Type::NUMBER,
        ArgKind::Bool(_) => Type::BOOL,
        ArgKind::Null => Type::Null,
    }
}
