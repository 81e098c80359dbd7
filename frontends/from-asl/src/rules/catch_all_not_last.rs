//! `States.ALL` matches every error, so it stands alone and last.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

rule!("catch-all-not-last", Error, blocking = true, "`States.ALL` is not alone or not last");

/// Checks the `ErrorEquals` of each element of `list`; `lists` are those nodes.
pub(crate) fn check(list: Node<'_>, lists: &[Option<Node<'_>>], report: &mut dyn FnMut(Diagnostic)) {
    let elements: Vec<Node<'_>> = list.items().collect();
    for (index, names) in lists.iter().enumerate() {
        let Some(names) = names else { continue };
        let Some(all) = names.items().find(|name| name.as_str() == Some("States.ALL")) else { continue };
        if names.items().count() > 1 {
            report(not_alone(*names, all));
        }
        match (elements.get(index), elements.last()) {
            (Some(own), Some(last)) if own.id() != last.id() => report(not_last(all, *own, *last)),
            _ => {}
        }
    }
}

fn not_alone(names: Node<'_>, all: Node<'_>) -> Diagnostic {
    Diagnostic::new(&RULE, all.span(), "`States.ALL` must be the only name of its list")
        .label("matches every error")
        .also(names.span(), "so these names add nothing")
        .fix("Keep only `States.ALL`", Safety::Unsafe, vec![(names.span(), format!("[{}]", all.raw()))])
}

fn not_last(all: Node<'_>, own: Node<'_>, last: Node<'_>) -> Diagnostic {
    let edits = vec![(own.span(), last.raw().to_owned()), (last.span(), own.raw().to_owned())];
    Diagnostic::new(&RULE, all.span(), "`States.ALL` must be in the last element")
        .label("matches every error")
        .also(last.span(), "so this is never reached")
        .fix("Swap it with the last element", Safety::Unsafe, edits)
}
