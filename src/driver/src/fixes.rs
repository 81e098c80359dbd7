//! Applies the fixes of findings to a text.

use wfc_diag::{Diagnostic, Edit, Safety};

/// A text after fixes, and how many were applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// How many findings were fixed.
    pub applied: usize,
}

/// Applies every fix that is allowed and does not touch what an earlier one changed. All edits of a fix are applied,
/// or none.
pub fn apply(text: &str, diagnostics: &[Diagnostic], unsafe_too: bool) -> Fixed {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut applied = 0;
    for fix in diagnostics.iter().filter_map(|d| d.fix.as_ref()) {
        let allowed = fix.safety == Safety::Safe || unsafe_too;
        if allowed && fix.edits.iter().all(|edit| fits(edit, text) && !taken.iter().any(|t| collide(t, edit))) {
            taken.extend(&fix.edits);
            applied += 1;
        }
    }
    taken.sort_by_key(|edit| (edit.span.start, edit.span.end));
    Fixed { text: rebuild(text, &taken), applied }
}

fn fits(edit: &Edit, text: &str) -> bool {
    text.get(edit.span.range()).is_some()
}

/// Two edits collide when they overlap or insert at the same place: then the order would matter.
fn collide(a: &Edit, b: &Edit) -> bool {
    let touch = a.span.start < b.span.end && b.span.start < a.span.end;
    touch || (a.span.start == b.span.start && (a.span.is_empty() || b.span.is_empty()))
}

fn rebuild(text: &str, edits: &[&Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(&text[at..]);
    out
}
