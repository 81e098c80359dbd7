//! Calls of functions that JSONata in Step Functions does not have, or with the wrong number of arguments.
//!
//! The owner finds out when the expression is evaluated, so this stops nothing.

use wfc_diag::Sink;

use super::Seen;

pub(super) fn check(seen: &Seen<'_>, sink: &mut Sink) {
    for problem in seen.jsonata.iter().flat_map(|facts| &facts.problems) {
        let locate = |range| seen.expr.origin.locate(range).unwrap_or_default();
        sink.push(problem.clone().into_diagnostic(locate).blocking(false));
    }
}
