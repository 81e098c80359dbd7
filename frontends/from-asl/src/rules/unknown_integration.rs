//! Integrations with services that are not known. There are new ones now and then, so it is a warning.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

use crate::placeholder::has_placeholder;
use crate::report::{listed, replace_text};
use crate::services;

rule!("unknown-integration", Warning, blocking = false, "an integration with a service that is not known");

/// Checks the resource of a task.
pub(crate) fn check(resource: Node<'_>) -> Option<Diagnostic> {
    let unknown = services::check(resource.text()).filter(|_| !has_placeholder(resource.text()))?;
    let found = Diagnostic::new(&RULE, resource.span(), unknown.message);
    Some(match unknown.meant {
        Some(meant) => found.label(format!("did you mean `{meant}`?")).fix(
            format!("Change it to `{meant}`"),
            Safety::Unsafe,
            vec![replace_text(resource, &meant)],
        ),
        None => found.help("any action of any service is `arn:aws:states:::aws-sdk:service:action`"),
    })
}

/// Checks the resource of what reads or writes the items of a Map, which `what` is; it is one of `actions` of S3.
pub(crate) fn of_items(resource: Node<'_>, what: &str, actions: &[&str]) -> Option<Diagnostic> {
    let text = resource.text();
    let (_, integration) = text.split_once(":states:::")?;
    let fits = has_placeholder(text) || actions.contains(&integration);
    (!fits).then(|| {
        Diagnostic::new(&RULE, resource.span(), format!("{what} cannot use `{integration}`"))
            .help(format!("it can use {}", listed(actions.iter().copied(), "and")))
    })
}
