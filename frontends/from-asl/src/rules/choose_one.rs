//! Fields that say the same thing in different ways.

use wfc_diag::Diagnostic;
use wfc_source::Node;

use crate::report::listed;

rule!("choose-one", Error, blocking = true, "fields of which only one may be there");

/// `keys` are the fields that are there, at least two.
pub(crate) fn report(keys: &[Node<'_>], what: &str) -> Diagnostic {
    let names = listed(keys.iter().map(|key| key.text()), "and");
    let (first, rest) = (keys[0], &keys[1..]);
    let message = format!("{what} has {names}, but only one of them may be there");
    let diagnostic = Diagnostic::new(&RULE, rest[0].span(), message).also(first.span(), "there is already this");
    rest[1..].iter().fold(diagnostic, |diagnostic, key| diagnostic.also(key.span(), "and this"))
}
