//! Variables that are read where no way assigns them.

use wfc_analyze::{Bound, Need, OpenRead};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::{meant, Cx};

/// A variable that no way assigns before it is read.
pub(super) const RULE: Rule = Rule {
    name: "unbound-variable",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Any,
    summary: "a variable is read that no way assigns",
    page: include_str!("unbound-variable.md"),
};

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    let open = cx.facts.open_reads.iter().filter(|read| read.bound == Bound::Never);
    open.enumerate().for_each(|(index, read)| sink.push(words(cx, index, read)));
}

fn words(cx: &Cx<'_>, index: usize, read: &OpenRead) -> Diagnostic {
    let (node, name) = (read.node, &*read.name);
    let span = read.span.unwrap_or_else(|| cx.name_span(node));
    let message = format!("nothing assigns `${name}` before {} reads it", cx.named(node));
    let mut found = Diagnostic::new(&RULE, span, message).label("has no value here");
    if read.need == Need::Should {
        // Around an undefined variable an expression may still have a value.
        found = found.severity(Severity::Warning);
    }
    if let Some(known) = meant(index, name, cx.facts.vars.visible(node)) {
        return found.help(format!("did you mean `${known}`?"));
    }
    if cx.facts.vars.is_assigned(name) {
        return found.help(format!(
            "`${name}` is assigned, but on no way to this {} or in an inner scope that has ended",
            cx.vocab.node
        ));
    }
    found
}
