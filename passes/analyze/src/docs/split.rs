//! What a condition teaches about the documents where it holds, and where it does not.

use wfc_cir::types::{Kind, Presence};
use wfc_cir::{CompareOp, Doc, Expr, ExprKind, Root, Type, TypeTest};
use wfc_expr::jsonpath::{self, Path, Step};

use super::eval::eval;
use super::Env;

/// How deep conditions may nest for anything to be learned from the inner ones.
const MAX_DEPTH: usize = 128;

/// Told of each test: what is known before it, where it holds, and where it does not.
pub type OnTest<'v, 'e, 'f> = dyn FnMut(&'e Expr, &Env<'f>, &Env<'f>, &Env<'f>) + 'v;

/// The environments where a condition holds and where it does not. Every test in it is shown to `visit`.
pub fn split<'e, 'f>(cond: &'e Expr, env: &Env<'f>, visit: &mut OnTest<'_, 'e, 'f>) -> (Env<'f>, Env<'f>) {
    split_at(cond, env, visit, 0)
}

fn split_at<'e, 'f>(cond: &'e Expr, env: &Env<'f>, visit: &mut OnTest<'_, 'e, 'f>, depth: usize) -> (Env<'f>, Env<'f>) {
    if env.is_dead() || depth > MAX_DEPTH {
        return (env.clone(), env.clone());
    }
    match &cond.kind {
        ExprKind::Not(inner) => {
            let (holds, fails) = split_at(inner, env, visit, depth + 1);
            (fails, holds)
        }
        ExprKind::And(parts) => {
            let (mut holds, mut fails) = (env.clone(), env.dead());
            for part in parts {
                let (yes, no) = split_at(part, &holds, visit, depth + 1);
                (holds, fails) = (yes, no.join(&fails));
            }
            (holds, fails)
        }
        ExprKind::Or(parts) => {
            let (mut holds, mut fails) = (env.dead(), env.clone());
            for part in parts {
                let (yes, no) = split_at(part, &fails, visit, depth + 1);
                (holds, fails) = (yes.join(&holds), no);
            }
            (holds, fails)
        }
        _ => {
            let (holds, fails) = (test(cond, env, true), test(cond, env, false));
            visit(cond, env, &holds, &fails);
            (holds, fails)
        }
    }
}

/// The environment where a single test comes out as `outcome`.
fn test<'f>(cond: &Expr, env: &Env<'f>, outcome: bool) -> Env<'f> {
    match &cond.kind {
        ExprKind::Literal(value) if value.as_bool() == Some(!outcome) => env.dead(),
        ExprKind::Is { left, test, want } => {
            let is = outcome == *want;
            refined(left, env, &|ty, presence| of_kind(*test, is, ty, presence))
        }
        ExprKind::Compare { left, op, right } => {
            if eval(left, env).is_never() || eval(right, env).is_never() {
                return env.dead();
            }
            let fits = outcome.then(|| fitting(*op, right));
            let env = refined(left, env, &|ty, _| (fits.as_ref().map_or(ty.clone(), |f| ty.meet(f)), Presence::Must));
            // What is compared with must be of the operator's type as well.
            match right.kind {
                ExprKind::Literal(_) => env,
                _ if outcome => refined(right, &env, &|ty, _| (ty.narrow_to_kind(kind(*op)), Presence::Must)),
                _ => env,
            }
        }
        _ => env.clone(),
    }
}

fn of_kind(test: TypeTest, is: bool, ty: &Type, presence: Presence) -> (Type, Presence) {
    let kind = match test {
        TypeTest::Present if is => return (ty.clone(), Presence::Must),
        TypeTest::Present if presence == Presence::Must => return (Type::Never, Presence::Must),
        TypeTest::Present => return (Type::Never, Presence::Absent),
        TypeTest::Null => Kind::Null,
        TypeTest::Boolean => Kind::Bool,
        TypeTest::Numeric => Kind::Number,
        TypeTest::String | TypeTest::Timestamp => Kind::String,
    };
    // Any other test of what is absent fails the run.
    let ty = match is {
        true => ty.narrow_to_kind(kind),
        // Some strings are no timestamps.
        false if test == TypeTest::Timestamp => ty.clone(),
        false => ty.without_kind(kind),
    };
    (ty, Presence::Must)
}

/// The kind of operand an operator compares.
fn kind(op: CompareOp) -> Kind {
    use CompareOp::{
        BooleanEquals, NumericEquals, NumericGreater, NumericGreaterEquals, NumericLess, NumericLessEquals,
    };
    match op {
        BooleanEquals => Kind::Bool,
        NumericEquals | NumericLess | NumericLessEquals | NumericGreater | NumericGreaterEquals => Kind::Number,
        _ => Kind::String,
    }
}

/// The values for which a comparison with `right` can hold.
fn fitting(op: CompareOp, right: &Expr) -> Type {
    let literal = right.as_literal();
    if literal.is_some_and(|value| Kind::of(value) != kind(op)) {
        return Type::Never;
    }
    match (op, literal) {
        (CompareOp::StringEquals, Some(value)) => value.as_str().map_or(Type::STRING, Type::string),
        (CompareOp::NumericEquals, Some(value)) => value.as_number().cloned().map_or(Type::NUMBER, Type::number),
        (CompareOp::BooleanEquals, Some(value)) => Type::Bool(value.as_bool()),
        _ => kind(op).all(),
    }
}

/// The environment in which the place `expr` reads is as `change` says.
fn refined<'f>(expr: &Expr, env: &Env<'f>, change: &dyn Fn(&Type, Presence) -> (Type, Presence)) -> Env<'f> {
    let Some((root, path)) = place(expr) else {
        // Nothing is learned about a place that is not in a document, but its type may contradict the test.
        let ty = eval(expr, env);
        let contradicts = !ty.is_any() && change(&ty, Presence::Must).0.is_never();
        return if contradicts { env.dead() } else { env.clone() };
    };
    let steps: Vec<Step<'_>> = path.static_prefix().collect();
    let ty = env.doc(root).refine(&steps, change);
    match root {
        Root::Raw if env.input_is_raw => env.clone().with(Root::Input, ty.clone()).with(root, ty),
        Root::Input if env.input_is_raw => env.clone().with(Root::Raw, ty.clone()).with(root, ty),
        _ => env.clone().with(root, ty),
    }
}

/// The place in a document that an expression reads.
fn place(expr: &Expr) -> Option<(Root, &Path)> {
    match &expr.kind {
        ExprKind::Path { doc, path } if path.is_reference_path() => match (&path.root, doc) {
            (jsonpath::Root::Doc, Doc::Root(root)) => Some((*root, path)),
            (jsonpath::Root::Context, _) => Some((Root::Context, path)),
            _ => None,
        },
        _ => None,
    }
}
