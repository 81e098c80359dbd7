//! Fields the language does not have. The owner ignores them, which hides misspellings.

use wfc_diag::{Diagnostic, Safety};
use wfc_expr::nearest::nearest;
use wfc_source::Node;

use crate::report::replace_text;

rule!("unknown-field", Warning, blocking = false, "a field the language does not have");

/// `key` stands in `what`, which knows the fields `known`; those in `present` are there already.
pub(crate) fn report<'n>(key: Node<'_>, what: &str, known: impl Iterator<Item = &'n str>) -> Diagnostic {
    let name = key.text();
    let diagnostic = Diagnostic::new(&RULE, key.span(), format!("{what} has no field `{name}`"));
    match nearest(name, known) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")).fix(
            format!("Rename it to `{near}`"),
            Safety::Unsafe,
            vec![replace_text(key, near)],
        ),
        None => diagnostic.help("it is ignored; remarks belong into `Comment`"),
    }
}
