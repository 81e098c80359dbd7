//! What does the work is named by an ARN.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("bad-resource", Error, blocking = true, "a resource that is no ARN");

/// The finding.
pub(crate) fn report(resource: Node<'_>) -> Diagnostic {
    let message = match resource.text() {
        "" => "the resource is empty".to_owned(),
        text => format!("`{text}` is no ARN"),
    };
    Diagnostic::new(&RULE, resource.span(), message)
        .help("a service is `arn:aws:states:::service:action`, a function `arn:aws:lambda:region:account:function:name`")
}
