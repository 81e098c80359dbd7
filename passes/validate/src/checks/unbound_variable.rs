//! Variables that are read where no way assigns them.

use wfc_analyze::{Bound, Need, OpenRead};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};
use wfc_expr::nearest::nearest;

use crate::cx::Cx;

/// A variable that no way assigns before it is read.
pub(super) const RULE: Rule = Rule {
    name: "unbound-variable",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Any,
    summary: "a variable is read that no way assigns",
    page: include_str!("unbound-variable.md"),
};

/// Among how many variables a misspelt name is looked for.
const SUGGESTIONS: usize = 1_000;

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    let open = cx.facts.open_reads.iter().filter(|read| read.bound == Bound::Never);
    open.for_each(|read| sink.push(words(cx, read)));
}

fn words(cx: &Cx<'_>, read: &OpenRead) -> Diagnostic {
    let (node, name) = (read.node, &*read.name);
    let span = read.span.unwrap_or_else(|| cx.name_span(node));
    let message = format!("nothing assigns `${name}` before {} reads it", cx.named(node));
    let mut found = Diagnostic::new(&RULE, span, message).label("has no value here");
    if read.need == Need::Should {
        // Around an undefined variable an expression may still have a value.
        found = found.severity(Severity::Warning);
    }
    if let Some(known) = nearest(name, cx.facts.vars.visible(node).take(SUGGESTIONS)) {
        return found.help(format!("did you mean `${known}`?"));
    }
    if cx.facts.vars.names().iter().any(|known| **known == *name) {
        return found.help(format!(
            "`${name}` is assigned, but on no way to this {} or in an inner scope that has ended",
            cx.vocab.node
        ));
    }
    found
}
