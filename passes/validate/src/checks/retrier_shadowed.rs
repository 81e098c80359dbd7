//! Retriers for errors that an earlier retrier of the same node takes.

use wfc_cir::ErrorMatch;
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use super::handler_shadowed::shadowed;
use crate::cx::{listed, Cx};

/// A retrier for errors that an earlier one takes.
pub(super) const RULE: Rule = Rule {
    name: "retrier-shadowed",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "an earlier retrier takes the errors of this one",
    page: include_str!("retrier-shadowed.md"),
};

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    for (id, node) in cx.reachable() {
        let Some(policy) = &node.policy else { continue };
        let matches: Vec<&ErrorMatch> = policy.retry.iter().map(|retrier| &retrier.on).collect();
        for (at, by, names) in shadowed(cx, node, &matches) {
            let message = format!("an earlier retrier of {} already takes {}", cx.named(id), listed(names));
            let found = Diagnostic::new(&RULE, cx.span(id, &policy.retry[at].origin), message)
                .label("is never asked")
                .also(cx.span(id, &policy.retry[by].origin), "takes it first, even when its attempts are used up")
                .help("remove the name here, or move this retrier up");
            sink.push(found);
        }
    }
}
