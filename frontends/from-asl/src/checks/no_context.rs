//! JSONata that reads a context, where there is none.

use wfc_cir::ExprKind;
use wfc_diag::{Diagnostic, Rule, Safety, Scope, Severity, Sink, Span};

use super::Seen;

/// The rule this file is about.
pub(crate) const RULE: Rule = Rule {
    name: "no-context",
    severity: Severity::Error,
    blocking: true,
    scope: Scope::Dialect("asl"),
    summary: "a JSONata expression reads a context, where there is none",
    page: include_str!("no-context.md"),
};

/// What stands for the input of the state.
const INPUT: &str = "$states.input";

pub(super) fn check(seen: &Seen<'_>, sink: &mut Sink) {
    let ExprKind::Jsonata { text, .. } = &seen.expr.kind else { return };
    for range in seen.jsonata.iter().flat_map(|facts| &facts.context) {
        let at = seen.expr.origin.locate(*range).unwrap_or_default();
        sink.push(words(text.get(range.range()).unwrap_or_default(), at));
    }
}

fn words(read: &str, at: Span) -> Diagnostic {
    let (meant, edit) = match read {
        "$" | "$$" => (INPUT.to_owned(), (at, INPUT.to_owned())),
        name => (format!("{INPUT}.{name}"), (Span { end: at.start, ..at }, format!("{INPUT}."))),
    };
    Diagnostic::new(&RULE, at, format!("`{read}` reads a context, and there is none"))
        .label("nothing is given from outside")
        .help(format!("the input of the state is `{INPUT}`: write `{meant}`"))
        .fix(format!("Write `{meant}`"), Safety::Unsafe, vec![edit])
}
