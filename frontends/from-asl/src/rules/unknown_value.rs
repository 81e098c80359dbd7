//! Fields whose value is one of a few words.

use wfc_diag::{Diagnostic, Safety};
use wfc_expr::nearest::nearest;
use wfc_source::Node;

use crate::report::{listed, replace_text};

rule!("unknown-value", Error, blocking = true, "a value that is none of the allowed words");

/// The finding.
pub(crate) fn report(name: &str, value: Node<'_>, words: &[&'static str]) -> Diagnostic {
    let message = format!("`{name}` cannot be `{}`", value.text());
    let diagnostic = Diagnostic::new(&RULE, value.span(), message)
        .help(format!("it is {}", listed(words.iter().copied(), "or")));
    match nearest(value.text(), words.iter().copied()) {
        Some(near) => diagnostic.fix(
            format!("Change it to `{near}`"),
            Safety::Unsafe,
            vec![replace_text(value, near)],
        ),
        None => diagnostic,
    }
}
