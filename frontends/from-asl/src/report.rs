//! What rules share when they describe a place: the owner's notation of it, and edits of the user's text.

use wfc_diag::{Diagnostic, Safety, Span};
use wfc_source::Node;

/// The owner's code for a definition that breaks the rules of the language.
pub(crate) const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// The owner's notation of a place, such as `/States/A/Resource`; `/` is the whole definition. A key stands for its
/// member.
pub(crate) fn location(node: Node<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = node;
    while let Some(parent) = at.parent() {
        let index = at.index().map(|index| index.to_string());
        steps.extend(index.or_else(|| at.own_key().map(|key| key.text().to_owned())));
        at = parent;
    }
    steps.reverse();
    format!("/{}", steps.join("/"))
}

/// An edit that replaces the text of a string and keeps the way it is quoted.
pub(crate) fn replace_text(node: Node<'_>, text: &str) -> (Span, String) {
    let quoted = match node.raw().chars().next() {
        Some('"') => wfc_expr::value::quoted(text),
        Some('\'') => format!("'{}'", text.replace('\'', "''")),
        _ => text.to_owned(),
    };
    (node.span(), quoted)
}

/// An edit that takes the member with this key out of a JSON object, its comma included. YAML has no certain way.
pub(crate) fn remove_member(object: Node<'_>, key: Node<'_>) -> Option<(Span, String)> {
    if !object.raw().starts_with('{') {
        return None;
    }
    let members: Vec<_> = object.members().collect();
    let at = members.iter().position(|member| member.key.id() == key.id())?;
    let own = members[at].key.span().to(members[at].value.span());
    let span = match (members.get(at + 1), at.checked_sub(1).and_then(|before| members.get(before))) {
        (Some(next), _) => Span { end: next.key.span().start, ..own },
        (None, Some(before)) => Span { start: before.value.span().end, ..own },
        (None, None) => own,
    };
    Some((span, String::new()))
}

/// An edit that adds a member behind the last one of a JSON object.
pub(crate) fn add_member(object: Node<'_>, member: &str) -> Option<(Span, String)> {
    let last = object.members().last().filter(|_| object.raw().starts_with('{'))?;
    let end = last.value.span().end as usize;
    Some((Span::at(object.span().file, end), format!(", {member}")))
}

/// `a`, `b` and `c`, for sentences.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>, last: &str) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// A finding about a missing field, moved to the misspelt name of that field.
pub(crate) fn misspelt(found: Diagnostic, key: Node<'_>, meant: &str) -> Diagnostic {
    let mut found = found.label(format!("did you mean `{meant}`?")).fix(
        format!("Rename it to `{meant}`"),
        Safety::Unsafe,
        vec![replace_text(key, meant)],
    );
    found.primary.span = key.span();
    found.help = None;
    found
}
