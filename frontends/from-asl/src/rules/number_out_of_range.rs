//! Numbers have the range their meaning allows.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("number-out-of-range", Error, blocking = true, "a number that is too small or too large");

/// The finding; a bound that is not given does not exist.
pub(crate) fn report(name: &str, value: Node<'_>, least: impl ToString, most: Option<String>) -> Diagnostic {
    let range = match most {
        Some(most) => format!("from {} to {most}", least.to_string()),
        None => format!("at least {}", least.to_string()),
    };
    Diagnostic::new(&RULE, value.span(), format!("`{name}` is {range}, not {}", value.text()))
}
