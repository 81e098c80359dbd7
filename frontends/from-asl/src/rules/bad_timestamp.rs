//! The instant a `Wait` waits for.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

use crate::report::{location, replace_text, SCHEMA};
use crate::timestamp::is_instant;

rule!("bad-timestamp", Error, blocking = true, "a timestamp that is not RFC 3339");

/// The finding.
pub(crate) fn report(value: Node<'_>) -> Diagnostic {
    let text = value.text();
    let diagnostic = Diagnostic::new(&RULE, value.span(), format!("`{text}` is no RFC 3339 timestamp"))
        .owner(SCHEMA, "String does not match RFC3339 timestamp", Some(location(value)));
    if text.starts_with("{%") {
        return diagnostic.help("expressions need `\"QueryLanguage\": \"JSONata\"` in this state");
    }
    let zoned = format!("{text}Z");
    match is_instant(&zoned) {
        true => diagnostic.help("the offset from UTC is missing").fix(
            "Read it as UTC",
            Safety::Unsafe,
            vec![replace_text(value, &zoned)],
        ),
        false => diagnostic.help("write it as `2026-01-31T23:59:00Z`, with `Z` or an offset such as `+01:00`"),
    }
}
