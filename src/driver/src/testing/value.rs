//! Trees of test files as values.

use wfc_expr::value::Number;
use wfc_expr::Value;
use wfc_source::{Kind, Node};

/// The value a tree stands for. A tree is never deeper than the reader of the file allows, which bounds the recursion.
pub(super) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null | Kind::Error => Value::Null,
        Kind::Bool(value) => value.into(),
        Kind::Number => Number::from_text(node.text()).map_or(Value::Null, Value::Number),
        Kind::String => node.text().into(),
        Kind::Array => node.items().map(value).collect(),
        Kind::Object => node.members().map(|member| (member.name(), value(member.value))).collect(),
    }
}
