//! Laws of the expression languages: what is printed parses back to the same, and places are in the text.

use wfc_expr::jsonata::{self, Profile};
use wfc_expr::jsonpath::{self, Flavor, Path};
use wfc_expr::{cond, intrinsic, ExprError};

use crate::text::{check_error, check_range};

/// JSONPath in both flavours.
pub fn jsonpath(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for flavor in [Flavor::Asl, Flavor::Jayway] {
        let Some(path) = read(text, |text| jsonpath::parse_as(text, flavor)) else { continue };
        check_path(text, &path);
        same_again(&path, |text| jsonpath::parse_as(text, flavor));
    }
}

fn check_path(text: &str, path: &Path) {
    check_range(text, path.range);
    path.ignored.into_iter().for_each(|range| check_range(text, range));
    path.segments.iter().for_each(|segment| check_range(text, segment.range));
    path.nested().into_iter().for_each(|inner| check_range(text, inner.range));
    path.require_reference().err().iter().for_each(|error| check_error(text, error));
    assert_eq!(path.require_reference().is_ok(), path.is_reference_path());
    assert!(path.static_prefix().count() <= path.segments.len());
    assert!(!path.is_reference_path() || path.definite());
}

/// What may stand behind a key that ends in `.$`.
pub fn intrinsic(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(payload) = read(text, intrinsic::parse_payload) else { return };
    payload.refs().into_iter().for_each(|path| check_range(text, path.range));
    assert!(payload.variables().len() <= payload.refs().len());
    same_again(&payload, intrinsic::parse_payload);
}

/// JSONata, with the facts about it in both profiles.
pub fn jsonata(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(ast) = read(text, |text| jsonata::parse(text).map_err(|error| error.error)) else { return };
    for profile in [Profile::Jsonata, Profile::StepFunctions] {
        let facts = jsonata::analyze(&ast, profile);
        facts.problems.iter().for_each(|problem| check_error(text, problem));
        facts.free.iter().for_each(|variable| check_range(text, variable.range));
        facts.states.iter().for_each(|used| check_range(text, used.range));
    }
    same_again(&ast, jsonata::parse);
}

/// Conditions of harnesses.
pub fn cond(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(cond) = read(text, cond::parse) else { return };
    check_range(text, cond.range);
    cond.path.iter().for_each(|name| check_range(text, name.range));
    same_again(&cond, cond::parse);
}

/// The parsed text, or nothing after a look at the error.
fn read<T>(text: &str, parse: impl Fn(&str) -> Result<T, ExprError>) -> Option<T> {
    parse(text).map_err(|error| check_error(text, &error)).ok()
}

/// What is printed parses back to an equal tree, which prints the same.
fn same_again<T, E>(parsed: &T, parse: impl Fn(&str) -> Result<T, E>)
where
    T: PartialEq + std::fmt::Debug + std::fmt::Display,
    E: PartialEq + std::fmt::Debug,
{
    let printed = parsed.to_string();
    let again = parse(&printed);
    assert_eq!(again.as_ref(), Ok(parsed), "printed as {printed:?}");
    assert_eq!(again.map(|again| again.to_string()), Ok(printed));
}
