//! Paths into documents that certainly lack what they name.

use wfc_analyze::Missing;
use wfc_cir::types::Kind;
use wfc_cir::{NodeId, Type};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::{meant, Cx};

/// A path to something that no way puts there.
pub(super) const RULE: Rule = Rule {
    name: "path-never-written",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Any,
    summary: "a path leads to something that no way puts there",
    page: include_str!("path-never-written.md"),
};

/// Types longer than this are not shown.
const SHOWN: usize = 120;

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    let found = cx.shown().missing.iter().filter(|(_, missing)| !missing.in_context);
    found.enumerate().for_each(|(index, (node, missing))| sink.push(words(cx, index, *node, missing)));
}

fn words(cx: &Cx<'_>, index: usize, node: NodeId, missing: &Missing) -> Diagnostic {
    let Missing { step, known, .. } = missing;
    let span = missing.span.unwrap_or_else(|| cx.name_span(node));
    let message = match what(known) {
        Some(what) => format!("{} looks for `{step}` in {what}", cx.named(node)),
        None => format!("nothing on the way to {} ever writes `{step}`", cx.named(node)),
    };
    let found = Diagnostic::new(&RULE, span, message).label("is never here");
    let shown = known.to_string();
    let found = if shown.len() <= SHOWN { found.note(format!("what it looks into is {shown}")) } else { found };
    match meant(index, step, fields(known)) {
        Some(field) => found.help(format!("did you mean `{field}`?")),
        None => found,
    }
}

/// What a value is, if it is nothing that has members.
fn what(known: &Type) -> Option<&'static str> {
    match known.kind()? {
        Kind::Null => Some("null"),
        Kind::Bool => Some("a boolean"),
        Kind::Number => Some("a number"),
        Kind::String => Some("a string"),
        Kind::Array => Some("an array"),
        Kind::Object => None,
    }
}

pub(super) fn fields(known: &Type) -> impl Iterator<Item = &str> {
    let objects = known.members().iter().filter_map(|member| match member {
        Type::Object(object) => Some(object.fields()),
        _ => None,
    });
    objects.flatten().map(|(name, _)| &**name)
}
