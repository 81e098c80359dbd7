//! Express machines end within minutes, so they cannot wait for others.

use wfc_cir::ReplyMode;
use wfc_diag::Diagnostic;
use wfc_source::Node;

use crate::report::{location, SCHEMA};

rule!("not-for-express", Error, blocking = true, "an integration that Express machines do not have");

/// Checks the `Resource` of a state in an Express machine.
pub(crate) fn check(resource: Node<'_>, mode: ReplyMode) -> Option<Diagnostic> {
    let (what, owner) = match mode {
        ReplyMode::Reply => return None,
        ReplyMode::Activity => ("activities", "Express state machine does not support Activity ARN"),
        // The blank at the end is the owner's.
        ReplyMode::Token => {
            ("`.waitForTaskToken`", "Express state machine does not support '.waitForTaskToken' service integration ")
        }
        ReplyMode::Sync(_) => ("`.sync`", "Express state machine does not support '.sync' service integration "),
    };
    Some(
        Diagnostic::new(&RULE, resource.span(), format!("an Express state machine does not support {what}"))
            .help("make it a Standard machine, or call the service without waiting for the end of its work")
            .owner(SCHEMA, owner, Some(location(resource))),
    )
}
