//! Fields the language does not have, which are misspellings more often than not.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

use crate::report::replace_text;

rule!("unknown-field", Warning, blocking = false, "a field the language does not have");

/// `key` stands in `what`; `meant` is the known field that is most like it.
pub(crate) fn report(key: Node<'_>, what: &str, meant: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&RULE, key.span(), format!("{what} has no field `{}`", key.text()));
    match meant {
        Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).fix(
            format!("Rename it to `{meant}`"),
            Safety::Unsafe,
            vec![replace_text(key, meant)],
        ),
        None => diagnostic.help("remove it; remarks belong into `Comment`"),
    }
}
