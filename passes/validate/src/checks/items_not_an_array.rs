//! Items that are certainly no array.

use wfc_cir::{ForEach, NodeId, Type};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::Cx;

/// Items that are certainly no array.
pub(super) const RULE: Rule = Rule {
    name: "items-not-an-array",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Any,
    summary: "the items to go through are no array",
    page: include_str!("items-not-an-array.md"),
};

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    cx.shown().no_arrays.iter().for_each(|(id, each, items)| sink.push(words(cx, *id, each, items)));
}

fn words(cx: &Cx<'_>, id: NodeId, each: &ForEach, items: &Type) -> Diagnostic {
    let message = format!("the items of {} are no array", cx.named(id));
    let span = each.items.as_ref().map_or_else(|| cx.name_span(id), |expr| cx.span(id, &expr.origin));
    let found = Diagnostic::new(&RULE, span, message).note(format!("what it is given is {items}"));
    match each.items {
        Some(_) => found.label("not an array"),
        None => found.label("goes through its input").help("say where in the input the items are"),
    }
}
