//! Names of states have at most 80 characters.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("state-name-too-long", Error, blocking = true, "the name of a state is longer than 80 characters");

const MAX_CHARS: usize = 80;

/// Checks a name.
pub(crate) fn check(name: Node<'_>) -> Option<Diagnostic> {
    let text = name.text();
    // No text has more characters than bytes.
    let length = if text.len() > MAX_CHARS { text.chars().count() } else { 0 };
    (length > MAX_CHARS).then(|| {
        Diagnostic::new(&RULE, name.span(), format!("the name of a state has at most {MAX_CHARS} characters"))
            .label(format!("{length} characters"))
            .help("what does not fit can be said in `Comment`")
    })
}
