//! A word without quotes in the filter of a path. The owner takes such a definition; the path selects nothing.

use wfc_diag::{Diagnostic, Safety, TextRange};
use wfc_source::Node;

use crate::report::replace_text;

rule!("unquoted-word", Warning, blocking = false, "a word without quotes in the filter of a path");

/// The finding, if what does not parse at `range` of the path is a bare word in a filter.
pub(crate) fn check(path: Node<'_>, range: TextRange) -> Option<Diagnostic> {
    let text = path.text();
    let (before, rest) = text.split_at_checked(range.start as usize)?;
    let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let word = &rest[..len];
    let bare = before.contains("[?") && before.trim_end().ends_with(['=', '<', '>']);
    if !bare || !word.starts_with(char::is_alphabetic) {
        return None;
    }
    let quoted = format!("{before}'{word}'{}", &rest[len..]);
    let at = path.locate(TextRange::new(before.len(), before.len() + len));
    Some(
        Diagnostic::new(&RULE, at, format!("`{word}` is neither a path nor a value"))
            .label("text needs quotes")
            .fix(format!("Write it as `'{word}'`"), Safety::Unsafe, vec![replace_text(path, &quoted)]),
    )
}
