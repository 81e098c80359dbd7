//! Error names that look like a reserved one but are none.

use rustc_hash::FxHashSet;
use wfc_cir::{ErrorMatch, NodeId, NodeKind, Origin};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};
use wfc_expr::nearest::nearest;

use crate::cx::Cx;

/// An error name that is a misspelt reserved one.
pub(super) const RULE: Rule = Rule {
    name: "unknown-error-name",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "an error name is a misspelt reserved one",
    page: include_str!("unknown-error-name.md"),
};

/// The names that runtimes raise or understand, sorted.
const KNOWN: [&str; 22] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
    "wfc.BudgetExceeded",
    "wfc.ConstraintFailed",
    "wfc.ExitCode",
    "wfc.LoopCap",
    "wfc.VerificationFailed",
];

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    let raised = raised(cx);
    for (id, node) in cx.reachable() {
        let retry = node.policy.iter().flat_map(|policy| &policy.retry).map(|r| (&r.on, &r.origin));
        for (on, origin) in retry.chain(node.handlers.iter().map(|h| (&h.on, &h.origin))) {
            of_match(cx, &raised, id, on, origin, sink);
        }
    }
}

/// The names the program itself raises.
fn raised<'a>(cx: &Cx<'a>) -> FxHashSet<&'a str> {
    let raises = cx.m.nodes.iter().filter_map(|(_, node)| match &node.kind {
        NodeKind::Raise { error: Some(error), .. } => error.as_literal()?.as_str(),
        _ => None,
    });
    raises.collect()
}

fn of_match(cx: &Cx<'_>, raised: &FxHashSet<&str>, id: NodeId, on: &ErrorMatch, origin: &Origin, sink: &mut Sink) {
    for name in on.names.iter().filter(|name| is_reserved(name) && !raised.contains(&***name)) {
        let Some(meant) = nearest(name, KNOWN) else { continue };
        let message = format!("{} waits for `{name}`, which nothing raises", cx.named(id));
        let found = Diagnostic::new(&RULE, cx.span(id, origin), message)
            .note(format!("names that start with `States.` are reserved, and `{name}` is none of them"))
            .help(format!("did you mean `{meant}`?"));
        sink.push(found);
    }
}

/// Whether a name claims to be one of the reserved ones, maybe misspelt.
fn is_reserved(name: &str) -> bool {
    let Some((prefix, _)) = name.split_once('.') else { return false };
    KNOWN.binary_search(&name).is_err()
        && !name.starts_with("States.Http.")
        && nearest(prefix, ["States", "wfc"]).is_some()
}
