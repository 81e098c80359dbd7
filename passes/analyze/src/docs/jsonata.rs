//! What a JSONata expression yields, as far as it is plain: literals, constructors, variables and `$states`.

use wfc_cir::types::{Field, Kind, Presence};
use wfc_cir::{Root, Type};
use wfc_expr::jsonata::{Ast, BinaryOp, Expr, NodeId};

use super::Env;

/// How many levels of constructors are looked into.
const MAX_DEPTH: usize = 32;

/// The type of the value; Never if there certainly is none.
pub(super) fn eval(ast: &Ast, env: &Env<'_>) -> Type {
    at(ast, ast.root(), env, 0)
}

fn at(ast: &Ast, id: NodeId, env: &Env<'_>, depth: usize) -> Type {
    if depth > MAX_DEPTH {
        return Type::Any;
    }
    match ast.expr(id) {
        Expr::String(_) | Expr::RawString(_) => Type::STRING,
        Expr::Number(_) => Type::NUMBER,
        Expr::Boolean(_) => Type::BOOL,
        Expr::Null => Type::Null,
        Expr::Array(_) => Type::array(Type::Any, 0, None),
        Expr::Object(pairs) => object(ast, ast.list(pairs), env, depth),
        Expr::Binary { op, .. } => of_operator(op),
        Expr::Variable(_) | Expr::Path { .. } => chain(ast, id, env).0,
        Expr::Block(items) => match ast.list(items) {
            [only] => at(ast, *only, env, depth + 1),
            _ => Type::Any,
        },
        _ => Type::Any,
    }
}

fn of_operator(op: BinaryOp) -> Type {
    use BinaryOp::{Add, And, Concat, Divide, Equal, In, Modulo, Multiply, NotEqual, Or, Subtract};
    match op {
        Add | Subtract | Multiply | Divide | Modulo => Type::NUMBER,
        Concat => Type::STRING,
        Equal | NotEqual | And | Or | In => Type::BOOL,
        BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => Type::BOOL,
        _ => Type::Any,
    }
}

fn object(ast: &Ast, pairs: &[NodeId], env: &Env<'_>, depth: usize) -> Type {
    let mut fields = Vec::new();
    for pair in pairs.chunks_exact(2) {
        let Expr::String(name) = ast.expr(pair[0]) else { return Type::open_object() };
        let value = at(ast, pair[1], env, depth + 1);
        // A member whose value is undefined is left out.
        let field = match ast.expr(pair[1]) {
            _ if value.is_never() => Field::may(Type::Any),
            Expr::String(_) | Expr::Number(_) | Expr::Boolean(_) | Expr::Null => Field::must(value),
            _ => Field::may(value),
        };
        fields.push((ast.text(name), field));
    }
    Type::object(fields, Type::Never)
}

/// The type of `$states.x.y` or `$variable.x.y`, and the first member that certainly is not there with the type it
/// was looked up in.
pub(super) fn chain(ast: &Ast, id: NodeId, env: &Env<'_>) -> (Type, Option<(NodeId, Type)>) {
    let Some((head, members)) = members(ast, id) else { return (Type::Any, None) };
    let mut members = members.into_iter();
    let mut ty = match ast.variable(head) {
        "states" => {
            let root = members.next().and_then(|member| root(name(ast, member)?));
            root.map_or(Type::Any, |root| env.doc(root).clone())
        }
        // The context or the root, which is not given.
        "" | "$" => Type::Any,
        variable => env.var(variable),
    };
    for member in members {
        let Some(name) = name(ast, member) else { return (Type::Any, None) };
        // A lookup in an array looks into its items.
        if ty.may_be(Kind::Array) || ty.is_never() {
            return (if ty.is_never() { ty } else { Type::Any }, None);
        }
        let (inner, presence) = ty.field(name);
        if presence == Presence::Absent {
            return (Type::Never, Some((member, ty)));
        }
        ty = inner;
    }
    (ty, None)
}

/// Whether the whole expression is a place in the context object.
pub(super) fn reads_context(ast: &Ast) -> bool {
    let Some((head, members)) = members(ast, ast.root()) else { return false };
    ast.variable(head) == "states" && members.first().is_some_and(|&first| name(ast, first) == Some("context"))
}

/// A variable and the steps behind it.
fn members(ast: &Ast, id: NodeId) -> Option<(NodeId, Vec<NodeId>)> {
    let (mut at, mut members) = (id, Vec::new());
    while let Expr::Path { left, right } = ast.expr(at) {
        members.push(right);
        at = left;
    }
    members.reverse();
    matches!(ast.expr(at), Expr::Variable(_)).then_some((at, members))
}

pub(super) fn name(ast: &Ast, id: NodeId) -> Option<&str> {
    match ast.expr(id) {
        Expr::Name(name) | Expr::String(name) => Some(ast.text(name)),
        _ => None,
    }
}

fn root(name: &str) -> Option<Root> {
    match name {
        "input" => Some(Root::Raw),
        "result" => Some(Root::Result),
        "errorOutput" => Some(Root::Error),
        "context" => Some(Root::Context),
        _ => None,
    }
}
