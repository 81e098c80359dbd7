//! A character behind the end of a JSONPath, which the owner ignores or takes for a part of a name.

use wfc_cir::ExprKind;
use wfc_diag::{Diagnostic, Rule, Safety, Scope, Severity, Sink, TextRange};
use wfc_source::Node;

use super::Seen;

/// The rule this file is about.
pub(crate) const RULE: Rule = Rule {
    name: "stray-character",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Dialect("asl"),
    summary: "a character behind the end of a JSONPath",
    page: include_str!("stray-character.md"),
};

pub(super) fn check(seen: &Seen<'_>, sink: &mut Sink) {
    let (ExprKind::Path { path, .. } | ExprKind::Put { at: path, .. }) = &seen.expr.kind else { return };
    let Some(span) = path.ignored.and_then(|range| seen.expr.origin.locate(range)) else { return };
    sink.push(
        Diagnostic::new(&RULE, span, "a character behind the end of the path")
            .label("it is ignored")
            .help("remove it, or finish what it begins")
            .fix("Remove the character", Safety::Unsafe, vec![(span, String::new())]),
    );
}

/// A path that ends with a bracket which was never opened; the owner looks for a field with the bracket in its name.
pub(crate) fn unopened(path: Node<'_>) -> Option<Diagnostic> {
    let text = path.text();
    let before = text.strip_suffix(']').filter(|before| !before.contains('['))?;
    let span = path.locate(TextRange::new(before.len(), text.len()));
    Some(
        Diagnostic::new(&RULE, span, "a bracket behind the end of the path that was never opened")
            .label("read as a part of the name")
            .help("remove it, or open it; a name with a bracket is written `['a]']`")
            .fix("Remove the bracket", Safety::Unsafe, vec![(span, String::new())]),
    )
}
