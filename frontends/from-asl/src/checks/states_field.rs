//! Members of `$states` that do not exist, or not in this place.

use wfc_cir::Root;
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink, Span};
use wfc_expr::nearest::nearest;

use super::Seen;

/// The rule this file is about.
pub(crate) const RULE: Rule = Rule {
    name: "states-field-not-here",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Dialect("asl"),
    summary: "`$states` has no such member in this place",
    page: include_str!("states-field-not-here.md"),
};

/// The members, and the document each stands for.
const MEMBERS: [(&str, Root); 4] =
    [("input", Root::Raw), ("context", Root::Context), ("result", Root::Result), ("errorOutput", Root::Error)];

pub(super) fn check(seen: &Seen<'_>, sink: &mut Sink) {
    for read in seen.jsonata.iter().flat_map(|facts| &facts.states) {
        let Some(member) = read.members.first() else { continue };
        let at = seen.expr.origin.locate(member.range).unwrap_or_default();
        match MEMBERS.iter().find(|(name, _)| *name == member.name) {
            None => sink.push(unknown(member.name, at)),
            Some((name, root)) if !seen.slot.documents().contains(root) => sink.push(elsewhere(name, at)),
            Some((name, Root::Result)) if !seen.works => sink.push(elsewhere(name, at)),
            Some(_) => {}
        }
    }
}

fn unknown(name: &str, at: Span) -> Diagnostic {
    let found = Diagnostic::new(&RULE, at, format!("`$states` has no member `{name}`"));
    match nearest(name, MEMBERS.iter().map(|(known, _)| *known)) {
        Some(near) => found.label(format!("did you mean `{near}`?")),
        None => found.help("its members are input, result, errorOutput and context"),
    }
}

fn elsewhere(name: &str, at: Span) -> Diagnostic {
    let place = match name {
        "errorOutput" => "it exists in the `Output` and `Assign` of a catcher",
        _ => "it exists in the `Output` and `Assign` of Task, Parallel and Map states, after their work",
    };
    Diagnostic::new(&RULE, at, format!("`$states.{name}` does not exist here")).label("nothing is selected").help(place)
}
