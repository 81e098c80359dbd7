//! What happens to data on the way into a state and out of it.

use std::sync::Arc;

use wfc_cir::{Doc, Expr, ExprKind, Lang, Root, Transfer};
use wfc_expr::value::Object;
use wfc_expr::Value;

use crate::refusal::Refusal;
use crate::template::Place;

/// Where results go, in JSONPath. Absent: the default.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Paths {
    /// `ResultPath`
    pub(crate) result: Option<Value>,
    /// `OutputPath`
    pub(crate) output: Option<Value>,
}

/// `InputPath`
pub(crate) fn input_path(place: Place<'_>, input: Option<&Expr>) -> Result<Option<Value>, Refusal> {
    match input {
        None => Ok(None),
        Some(expr) if is_empty_object(expr) => Ok(Some(Value::Null)),
        Some(expr) => place.on(Root::Raw).path(expr).map(|path| Some(path.into())),
    }
}

/// `ResultPath` and `OutputPath` of a transfer, where `product` is what the state has produced: its result, or an
/// error.
pub(crate) fn paths(place: Place<'_>, out: Option<&Expr>, product: Root) -> Result<Paths, Refusal> {
    let Some(out) = out else {
        let absent = if product == Root::Error { Root::Raw } else { Root::Result };
        return Ok(Paths { result: result_root(place, absent, product)?, output: None });
    };
    match &out.kind {
        _ if is_empty_object(out) => Ok(Paths { result: None, output: Some(Value::Null) }),
        ExprKind::Path { doc, path } => {
            let result = match doc {
                Doc::Root(root) => result_root(place, *root, product),
                Doc::Expr(before) => result_path(place, before, product),
            };
            Ok(Paths { result: result?, output: Some(path.to_string().into()) })
        }
        ExprKind::Var(name) => Ok(Paths { result: None, output: Some(format!("${name}").into()) }),
        ExprKind::Root(Root::Context) => Ok(Paths { result: None, output: Some("$$".into()) }),
        _ => Ok(Paths { result: result_path(place, out, product)?, output: None }),
    }
}

/// `ResultPath`, from the value before `OutputPath`.
fn result_path(place: Place<'_>, expr: &Expr, product: Root) -> Result<Option<Value>, Refusal> {
    let is = |expr: &Expr, root| matches!(expr.kind, ExprKind::Root(found) if place.is(found, root));
    match &expr.kind {
        ExprKind::Root(root) if *root == product => Ok(Some("$".into())),
        ExprKind::Root(root) => result_root(place, *root, product),
        ExprKind::Put { into, at, value } if is(into, Root::Raw) && is(value, product) => {
            Ok(Some(at.to_string().into()))
        }
        ExprKind::Opaque { lang: Lang::JsonPath, text } => Ok(Some(text.clone().into())),
        _ => Err(no_such_path()),
    }
    .map_err(|refusal| refusal.at(&expr.origin))
}

/// `ResultPath`, where the value is a document.
fn result_root(place: Place<'_>, root: Root, product: Root) -> Result<Option<Value>, Refusal> {
    match root {
        Root::Raw => Ok(Some(Value::Null)),
        _ if place.is(root, product) => Ok(None),
        _ if place.is(root, Root::Raw) => Ok(Some(Value::Null)),
        _ => Err(no_such_path()),
    }
}

fn no_such_path() -> Refusal {
    Refusal::new(
        "the value passed on is neither the result, nor the input, nor the one put into the other",
        "compute it in a Pass state that follows, or write the state in JSONata",
    )
}

/// `Assign`
pub(crate) fn assign(place: Place<'_>, assign: &[(Arc<str>, Expr)]) -> Result<Option<Value>, Refusal> {
    let mut fields = Object::default();
    for (name, value) in assign {
        if !is_variable(name) {
            let what = format!("`{name}` cannot be the name of a variable");
            return Err(Refusal::new(what, "use letters, digits and underscores").at(&value.origin));
        }
        place.member(&mut fields, name, value, 0).map_err(|refusal| refusal.of("Assign"))?;
    }
    Ok((!fields.is_empty()).then(|| fields.into()))
}

/// `Output`, in JSONata. Absent: the product itself.
pub(crate) fn output(place: Place<'_>, transfer: &Transfer, product: Root) -> Result<Option<Value>, Refusal> {
    match (&transfer.out, product) {
        (None, Root::Error) => place.template(&Expr::root(Root::Raw)).map(Some),
        (None, _) => Ok(None),
        (Some(expr), _) => match expr.kind {
            ExprKind::Root(root) if place.is(root, product) => Ok(None),
            _ => place.template(expr).map(Some).map_err(|refusal| refusal.of("Output")),
        },
    }
}

fn is_empty_object(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(value) => value.as_object().is_some_and(Object::is_empty),
        ExprKind::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn is_variable(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && name != "states" && name.chars().count() <= 80 && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}
