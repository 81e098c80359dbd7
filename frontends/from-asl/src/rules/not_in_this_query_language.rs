//! Fields that exist in one query language only.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

use crate::report::replace_text;
use crate::syntax::Language;

rule!("not-in-this-query-language", Error, blocking = true, "a field of the other query language");

/// `key` stands in a state whose language is `language`.
pub(crate) fn report(key: Node<'_>, language: Language) -> Diagnostic {
    let (name, other) = (key.text(), language.other().name());
    let message = format!("`{name}` exists in {other} only, and this is {}", language.name());
    let diagnostic = Diagnostic::new(&RULE, key.span(), message);
    let diagnostic = match counterpart(name) {
        Some((counterpart, true)) => diagnostic.help(format!("{} has `{counterpart}` for it", language.name())).fix(
            format!("Rename it to `{counterpart}`"),
            Safety::Unsafe,
            vec![replace_text(key, counterpart)],
        ),
        Some((counterpart, false)) => diagnostic.help(format!("{} has `{counterpart}` for it", language.name())),
        None => diagnostic,
    };
    diagnostic.note(format!("`\"QueryLanguage\": \"{other}\"` in the state makes it a {other} state."))
}

/// What the other language has instead, and whether the value can stay as it is.
fn counterpart(name: &str) -> Option<(&'static str, bool)> {
    Some(match name {
        "Parameters" => ("Arguments", true),
        "Arguments" => ("Parameters", true),
        "ResultSelector" | "ResultPath" | "OutputPath" => ("Output", false),
        "Output" => ("ResultSelector", false),
        "Result" => ("Output", true),
        "ItemsPath" => ("Items", false),
        "Items" => ("ItemsPath", false),
        "Condition" => ("Variable", false),
        "Variable" | "And" | "Or" | "Not" => ("Condition", false),
        "InputPath" => ("$states.input", false),
        "SecondsPath" => ("Seconds", false),
        "TimestampPath" => ("Timestamp", false),
        "TimeoutSecondsPath" => ("TimeoutSeconds", false),
        "HeartbeatSecondsPath" => ("HeartbeatSeconds", false),
        "MaxConcurrencyPath" => ("MaxConcurrency", false),
        "ErrorPath" => ("Error", false),
        "CausePath" => ("Cause", false),
        _ => return None,
    })
}
