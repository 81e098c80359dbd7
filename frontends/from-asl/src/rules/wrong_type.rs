//! Fields have the JSON type the language gives them.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::{Kind, Member, Node};

use crate::report::{remove_member, replace_text};

rule!("wrong-type", Error, blocking = true, "a value of the wrong JSON type");

/// The field `name` needs `expected`, such as "a string".
pub(crate) fn report(name: &str, value: Node<'_>, expected: &str) -> Diagnostic {
    let found = match value.kind() {
        Kind::Number | Kind::Bool(_) => format!("`{}`", value.raw()),
        kind => kind.word().to_owned(),
    };
    let diagnostic = Diagnostic::new(&RULE, value.span(), format!("`{name}` must be {expected}, not {found}"));
    match likely(name, value, expected) {
        Some((title, text)) => diagnostic.fix(title, Safety::Unsafe, vec![(value.span(), text)]),
        None => diagnostic,
    }
}

/// `Next` is `null` in a state that ends its machine.
pub(crate) fn next_beside_end(state: Node<'_>, next: Member<'_>) -> Diagnostic {
    let found = Diagnostic::new(&RULE, next.value.span(), "`Next` must be a string, not null")
        .help("a state that ends its machine has no `Next`");
    match remove_member(state, next.key) {
        Some(edit) => found.fix("Remove `Next`", Safety::Unsafe, vec![edit]),
        None => found,
    }
}

/// A string in which blanks stand around an expression, which makes it plain text.
pub(crate) fn blanks_around_expression(name: &str, value: Node<'_>) -> Diagnostic {
    Diagnostic::new(&RULE, value.span(), format!("`{name}` is plain text, because blanks stand around the expression"))
        .help("an expression starts exactly with `{%` and ends exactly with `%}`")
        .fix("Remove the blanks", Safety::Unsafe, vec![replace_text(value, value.text().trim())])
}

/// Something stands among the states that is no state.
pub(crate) fn not_a_state(name: Node<'_>, value: Node<'_>) -> Diagnostic {
    let found = value.kind().word();
    let text = name.text();
    let diagnostic = Diagnostic::new(&RULE, value.span(), format!("a state is an object, but `{text}` is {found}"))
        .also(name.span(), "everything inside `States` is read as a state");
    match text {
        "QueryLanguage" | "Comment" | "StartAt" | "Version" | "TimeoutSeconds" => {
            diagnostic.help(format!("move `{text}` out of `States`, beside it"))
        }
        _ => diagnostic,
    }
}

/// The value that was probably meant, and what to call the change.
fn likely(name: &str, value: Node<'_>, expected: &str) -> Option<(&'static str, String)> {
    let text = value.text();
    match (value.kind(), expected) {
        (Kind::String, "a whole number") if text.parse::<u64>().is_ok() => Some(("Remove the quotes", text.to_owned())),
        (Kind::String, "a number") if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            Some(("Remove the quotes", text.to_owned()))
        }
        (Kind::String, "a boolean") if matches!(text, "true" | "false") => Some(("Remove the quotes", text.to_owned())),
        (Kind::String, "a boolean") if is_word(text, &["yes", "on", "true"]) => Some(("Write `true`", "true".to_owned())),
        (Kind::String, "a boolean") if is_word(text, &["no", "off", "false"]) => {
            Some(("Write `false`", "false".to_owned()))
        }
        // No number names a state or a service.
        (Kind::Number | Kind::Bool(_), "a string") if !NAMES.contains(&name) => Some(("Put it in quotes", format!("\"{}\"", value.raw()))),
        (Kind::String, "an array of strings") | (Kind::Object, "an array of objects") => {
            Some(("Put it in an array", format!("[{}]", value.raw())))
        }
        _ => None,
    }
}

/// Fields that name something.
const NAMES: [&str; 5] = ["Resource", "Next", "Default", "StartAt", "Type"];

fn is_word(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}
