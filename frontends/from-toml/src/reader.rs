//! What workflow.toml calls things, and its numbers.

use wfc_diag::Sink;
use wfc_expr::value::Number;
use wfc_source::strict::{Dialect, Reader, Spanned};

use crate::rules;

/// Rules and words of workflow.toml.
pub(crate) const DIALECT: Dialect = Dialect {
    missing: &rules::MISSING_FIELD,
    unknown: &rules::UNKNOWN_FIELD,
    unsupported: &rules::UNSUPPORTED_FIELD,
    wrong_type: &rules::WRONG_TYPE,
    bad_value: &rules::BAD_VALUE,
    object: "a table",
    key: str::to_owned,
    member: |name| format!("`{name} = …`"),
};

/// A number that is not negative (and not zero, if `positive`).
pub(crate) fn amount(fields: &Reader<'_>, name: &str, positive: bool, sink: &mut Sink) -> Option<Spanned<Number>> {
    let number = fields.number(name, sink)?;
    let value = number.value.as_f64();
    if value < 0.0 || (positive && value == 0.0) || !value.is_finite() {
        let bound = if positive { "larger than 0" } else { "0 or larger" };
        DIALECT.bad_value(number.span, format!("'{name}' must be {bound}"), sink);
        return None;
    }
    Some(number)
}

/// A whole number that is not negative.
pub(crate) fn count(fields: &Reader<'_>, name: &str, sink: &mut Sink) -> Option<Spanned<Number>> {
    let number = amount(fields, name, false, sink)?;
    if number.value.as_i64().is_none() {
        DIALECT.bad_value(number.span, format!("'{name}' must be a whole number"), sink);
        return None;
    }
    Some(number)
}
