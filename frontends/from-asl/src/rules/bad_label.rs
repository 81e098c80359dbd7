//! The label of a distributed `Map`, which becomes a part of ARNs.

use wfc_diag::{Diagnostic, Safety, TextRange};
use wfc_source::Node;

use crate::report::replace_text;

rule!("bad-label", Error, blocking = true, "a label that cannot be a part of an ARN");

const MAX_CHARS: usize = 40;
const FORBIDDEN: &str = " ?*<>{}[]:;,\\|^~$#%&`\"";

/// What is wrong with a label, if anything is.
pub(crate) fn check(label: Node<'_>) -> Option<Diagnostic> {
    let text = label.text();
    if let Some((offset, bad)) = text.char_indices().find(|(_, c)| is_forbidden(*c)) {
        let cleaned: String = text.chars().map(|c| if is_forbidden(c) { '-' } else { c }).collect();
        let at = label.locate(TextRange::new(offset, offset + bad.len_utf8()));
        return Some(
            Diagnostic::new(&RULE, at, format!("a label cannot contain {bad:?}"))
                .help("letters, digits, `-`, `_` and `.` are safe")
                .fix("Replace what is forbidden by `-`", Safety::Unsafe, vec![replace_text(label, &cleaned)]),
        );
    }
    let length = text.chars().count();
    let fits = (1..=MAX_CHARS).contains(&length);
    (!fits).then(|| {
        Diagnostic::new(&RULE, label.span(), format!("a label has 1 to {MAX_CHARS} characters, not {length}"))
    })
}

fn is_forbidden(c: char) -> bool {
    FORBIDDEN.contains(c) || c.is_control()
}
