//! Variables that are read where only some ways assign them.

use wfc_analyze::{Bound, OpenRead};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::Cx;

/// A variable that only some ways assign before it is read.
pub(super) const RULE: Rule = Rule {
    name: "maybe-unbound-variable",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "a variable is read that only some ways assign",
    page: include_str!("maybe-unbound-variable.md"),
};

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    let open = cx.facts.open_reads.iter().filter(|read| read.bound == Bound::Sometimes);
    open.for_each(|read| sink.push(words(cx, read)));
}

fn words(cx: &Cx<'_>, read: &OpenRead) -> Diagnostic {
    let (node, name) = (read.node, &*read.name);
    let span = read.span.unwrap_or_else(|| cx.name_span(node));
    let message = format!("on some ways to {} nothing assigns `${name}`", cx.named(node));
    Diagnostic::new(&RULE, span, message)
        .label("may have no value here")
        .help(format!("assign `${name}` on every way that leads here, for example at the start"))
}
