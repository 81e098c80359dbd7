//! A heartbeat that never comes before the timeout.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("heartbeat-not-shorter", Error, blocking = true, "a heartbeat that is not shorter than the timeout");

/// Compares the two fields of a state.
pub(crate) fn check(heartbeat: Node<'_>, timeout: Node<'_>) -> Option<Diagnostic> {
    let (beat, limit) = (heartbeat.as_i64()?, timeout.as_i64()?);
    (beat >= limit).then(|| {
        Diagnostic::new(&RULE, heartbeat.span(), format!("a heartbeat of {beat} s is not shorter than the timeout"))
            .also(timeout.span(), format!("the timeout is {limit} s"))
            .help("`HeartbeatSeconds` must be smaller than `TimeoutSeconds`")
    })
}
