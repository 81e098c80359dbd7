//! Text in a template that looks like an expression and is taken as it stands.

use wfc_diag::{Diagnostic, Safety};
use wfc_expr::intrinsic;
use wfc_source::{Member, Node};

use crate::report::replace_text;

rule!("not-evaluated", Warning, blocking = false, "text that looks like an expression and is taken as it stands");

/// A member of a JSONPath template whose key does not end in `.$`.
pub(crate) fn path_without_suffix(member: Member<'_>) -> Option<Diagnostic> {
    let text = member.value.as_str()?;
    let looks = ["$.", "$$.", "$["].iter().any(|start| text.starts_with(start))
        || (text.starts_with("States.") && text.ends_with(')'));
    if !looks || intrinsic::parse_payload(text).is_err() {
        return None;
    }
    let key = format!("{}.$", member.name());
    Some(
        Diagnostic::new(&RULE, member.value.span(), format!("`{text}` is taken as text, not evaluated"))
            .label("reads like an expression")
            .also(member.key.span(), "a key ends in `.$` if its value is to be evaluated")
            .fix(format!("Call the key `{key}`"), Safety::Unsafe, vec![replace_text(member.key, &key)]),
    )
}

/// A string of a JSONPath state between the delimiters of JSONata.
pub(crate) fn jsonata_in_jsonpath(node: Node<'_>) -> Option<Diagnostic> {
    is_delimited(node.as_str()?).then(|| {
        Diagnostic::new(&RULE, node.span(), "JSONata is taken as text in a JSONPath state")
            .label("not evaluated")
            .help("set `\"QueryLanguage\": \"JSONata\"` for the state or the machine")
    })
}

/// A string of a JSONata state with something around the delimiters.
pub(crate) fn blank_around_jsonata(node: Node<'_>) -> Option<Diagnostic> {
    let text = node.as_str()?;
    let trimmed = text.trim();
    (trimmed.len() < text.len() && is_delimited(trimmed)).then(|| {
        Diagnostic::new(&RULE, node.span(), "an expression with blanks around its delimiters is taken as text")
            .label("not evaluated")
            .fix("Remove the blanks", Safety::Unsafe, vec![replace_text(node, trimmed)])
    })
}

/// A member of a JSONata template whose key ends in `.$`.
pub(crate) fn suffix_in_jsonata(member: Member<'_>) -> Option<Diagnostic> {
    let path = member.value.as_str().filter(|text| text.starts_with('$'))?;
    member.name().ends_with(".$").then(|| {
        Diagnostic::new(&RULE, member.value.span(), format!("`{path}` is taken as text in a JSONata state"))
            .label("not evaluated")
            .help("write `{% $states.input… %}`, and the key without `.$`")
    })
}

fn is_delimited(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}
