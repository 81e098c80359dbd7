//! Members of `$states` that do not exist, or not in this place.

use wfc_cir::visit::Slot;
use wfc_cir::{Expr, ExprKind, Module, Root};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink, Span};
use wfc_expr::jsonata::{self, Profile};
use wfc_expr::nearest::nearest;

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

pub(super) fn check(module: &Module, sink: &mut Sink) {
    module.exprs(&mut |slot, outermost| outermost.walk(&mut |expr| check_one(slot, expr, sink)));
}

fn check_one(slot: Slot, expr: &Expr, sink: &mut Sink) {
    let ExprKind::Jsonata { ast, .. } = &expr.kind else { return };
    for read in jsonata::analyze(ast, Profile::StepFunctions).states {
        let Some(member) = read.members.first() else { continue };
        let at = expr.origin.locate(member.range).unwrap_or_default();
        match MEMBERS.iter().find(|(name, _)| *name == member.name) {
            None => sink.push(unknown(member.name, at)),
            Some((name, root)) if !slot.documents().contains(root) => sink.push(elsewhere(name, at)),
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
        _ => "it exists in `Output` and `Assign`, after the work of the state",
    };
    Diagnostic::new(&RULE, at, format!("`$states.{name}` does not exist here")).label("nothing is selected").help(place)
}
