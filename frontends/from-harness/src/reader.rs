//! What HarnessSpec calls things, and values as they are.

use wfc_expr::value::{quoted, Number};
use wfc_expr::Value;
use wfc_source::strict::Dialect;
use wfc_source::{Kind, Node};

use crate::rules;

/// Rules and words of HarnessSpec.
pub(crate) const DIALECT: Dialect = Dialect {
    missing: &rules::MISSING_FIELD,
    unknown: &rules::UNKNOWN_FIELD,
    unsupported: &rules::UNSUPPORTED,
    wrong_type: &rules::WRONG_TYPE,
    bad_value: &rules::BAD_VALUE,
    object: "an object",
    key: quoted,
    member: |name| format!("\"{name}\""),
};

/// The value a tree stands for. A tree is never deeper than the reader of the file allows, which bounds the recursion.
pub(crate) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null | Kind::Error => Value::Null,
        Kind::Bool(value) => value.into(),
        Kind::Number => Number::from_text(node.text()).map_or(Value::Null, Value::Number),
        Kind::String => node.text().into(),
        Kind::Array => node.items().map(value).collect(),
        Kind::Object => node.members().map(|member| (member.name(), value(member.value))).collect(),
    }
}
