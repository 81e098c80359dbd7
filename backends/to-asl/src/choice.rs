//! Rules of a `Choice` state.

use wfc_cir::{CompareOp, Expr, ExprKind, Root, TypeTest};
use wfc_expr::value::Object;
use wfc_expr::Value;

use crate::refusal::Refusal;
use crate::template::{Place, Written, MAX_DEPTH};
use crate::QueryLanguage;

/// Writes a condition into `fields`.
pub(crate) fn condition(place: Place<'_>, expr: &Expr, fields: &mut Object) -> Result<(), Refusal> {
    let place = place.on(Root::Input);
    match place.language {
        QueryLanguage::Jsonata => {
            fields.insert("Condition", place.template(expr)?);
            Ok(())
        }
        QueryLanguage::JsonPath => rule(place, expr, fields, 0),
    }
}

fn rule(place: Place<'_>, expr: &Expr, fields: &mut Object, depth: usize) -> Result<(), Refusal> {
    if depth > MAX_DEPTH {
        let what = format!("the condition is nested deeper than the limit of {MAX_DEPTH} levels");
        return Err(Refusal::new(what, "split it").at(&expr.origin));
    }
    match &expr.kind {
        ExprKind::And(parts) if !parts.is_empty() => several(place, "And", parts, fields, depth),
        ExprKind::Or(parts) if !parts.is_empty() => several(place, "Or", parts, fields, depth),
        ExprKind::Not(inner) => {
            let mut inside = Object::default();
            rule(place, inner, &mut inside, depth + 1)?;
            fields.insert("Not", inside.into());
            Ok(())
        }
        ExprKind::Compare { left, op, right } => compare(place, left, *op, right, fields),
        ExprKind::Is { left, test, want } => {
            fields.insert("Variable", place.path(left)?.into());
            fields.insert(test_name(*test), (*want).into());
            Ok(())
        }
        ExprKind::Literal(Value::Bool(holds)) => {
            fields.insert("Variable", "$".into());
            fields.insert(test_name(TypeTest::Present), (*holds).into());
            Ok(())
        }
        _ => Err(Refusal::new(
            "the condition is neither a comparison nor a question about a type",
            "compare the value with another one, as `BooleanEquals` does",
        )
        .at(&expr.origin)),
    }
}

fn several(place: Place<'_>, name: &str, parts: &[Expr], fields: &mut Object, depth: usize) -> Result<(), Refusal> {
    let part = |expr: &Expr| {
        let mut inside = Object::default();
        rule(place, expr, &mut inside, depth + 1).map(|()| Value::from(inside))
    };
    let parts = parts.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    fields.insert(name, parts.into());
    Ok(())
}

fn compare(place: Place<'_>, left: &Expr, op: CompareOp, right: &Expr, fields: &mut Object) -> Result<(), Refusal> {
    let (name, operand) = operator(op);
    fields.insert("Variable", place.path(left)?.into());
    match place.write(right, 0)? {
        Written::Plain(value) if value.type_name() == operand || is_opaque(right) => fields.insert(name, value),
        Written::Path(text) if op != CompareOp::StringMatches => fields.insert(format!("{name}Path"), text.into()),
        _ => {
            let what = format!("`{name}` cannot compare with this value");
            return Err(Refusal::new(what, "compare with a value of its type, or a path to one").at(&right.origin));
        }
    };
    Ok(())
}

fn is_opaque(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Opaque { .. })
}

/// The field of an operator, and the JSON type it compares with.
fn operator(op: CompareOp) -> (&'static str, &'static str) {
    match op {
        CompareOp::BooleanEquals => ("BooleanEquals", "boolean"),
        CompareOp::NumericEquals => ("NumericEquals", "number"),
        CompareOp::NumericLess => ("NumericLessThan", "number"),
        CompareOp::NumericLessEquals => ("NumericLessThanEquals", "number"),
        CompareOp::NumericGreater => ("NumericGreaterThan", "number"),
        CompareOp::NumericGreaterEquals => ("NumericGreaterThanEquals", "number"),
        CompareOp::StringEquals => ("StringEquals", "string"),
        CompareOp::StringLess => ("StringLessThan", "string"),
        CompareOp::StringLessEquals => ("StringLessThanEquals", "string"),
        CompareOp::StringGreater => ("StringGreaterThan", "string"),
        CompareOp::StringGreaterEquals => ("StringGreaterThanEquals", "string"),
        CompareOp::StringMatches => ("StringMatches", "string"),
        CompareOp::TimestampEquals => ("TimestampEquals", "string"),
        CompareOp::TimestampLess => ("TimestampLessThan", "string"),
        CompareOp::TimestampLessEquals => ("TimestampLessThanEquals", "string"),
        CompareOp::TimestampGreater => ("TimestampGreaterThan", "string"),
        CompareOp::TimestampGreaterEquals => ("TimestampGreaterThanEquals", "string"),
    }
}

fn test_name(test: TypeTest) -> &'static str {
    match test {
        TypeTest::Present => "IsPresent",
        TypeTest::Null => "IsNull",
        TypeTest::Boolean => "IsBoolean",
        TypeTest::Numeric => "IsNumeric",
        TypeTest::String => "IsString",
        TypeTest::Timestamp => "IsTimestamp",
    }
}
