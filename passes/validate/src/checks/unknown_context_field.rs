//! Paths to members that the context object does not have.

use wfc_analyze::Missing;
use wfc_cir::NodeId;
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use super::path_never_written::fields;
use crate::cx::{listed, meant, Cx};

/// A path to a member that the context object does not have.
pub(super) const RULE: Rule = Rule {
    name: "unknown-context-field",
    // A newer runtime may know more members than this program does.
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "a path leads to a member that the context object does not have",
    page: include_str!("unknown-context-field.md"),
};

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    let found = cx.shown().missing.iter().filter(|(_, missing)| missing.in_context);
    found.enumerate().for_each(|(index, (node, missing))| sink.push(words(cx, index, *node, missing)));
}

fn words(cx: &Cx<'_>, index: usize, node: NodeId, missing: &Missing) -> Diagnostic {
    let span = missing.span.unwrap_or_else(|| cx.name_span(node));
    let message = format!("the context object has no `{}` here", missing.step);
    let found = Diagnostic::new(&RULE, span, message).label("unknown member");
    match meant(index, &missing.step, fields(&missing.known)) {
        Some(field) => found.help(format!("did you mean `{field}`?")),
        None => found.help(format!("the members are {}", listed(fields(&missing.known)))),
    }
}
