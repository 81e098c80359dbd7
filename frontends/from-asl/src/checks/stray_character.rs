//! A character behind the end of a JSONPath, which the owner ignores.

use wfc_cir::ExprKind;
use wfc_diag::{Diagnostic, Rule, Safety, Scope, Severity, Sink};

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
