//! From text to condition.

use wfc_diag::TextRange;

use super::{Cond, Name};
use crate::rules::CONDITION_SYNTAX;
use crate::ExprError;

/// Characters that show somebody expected a larger language.
const OPERATORS: &[char] = &['=', '<', '>', '!', '&', '|', '+', '*', '%', '^', '?', ',', ';'];
const BRACKETS: &[char] = &['(', ')', '[', ']', '{', '}', '\'', '"', '`'];

type Parsed<T> = Result<T, ExprError>;

pub(super) fn parse(text: &str) -> Parsed<Cond> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len().max(start);
    let body = &text[start..end];
    if body.is_empty() {
        return Err(error(0, text.len(), "the condition is empty"));
    }
    let negated = body.starts_with('!');
    let names = start + usize::from(negated);
    if negated && text[names..].trim_start().starts_with('!') {
        return Err(error(start, end, "a condition has at most one '!'").help("two cancel out: remove both"));
    }
    let path = path(text, names, end)?;
    Ok(Cond { negated, path, range: TextRange::new(start, end) })
}

/// The names between `start` and `end`; blanks around dots do not count.
fn path(text: &str, start: usize, end: usize) -> Parsed<Vec<Name>> {
    let mut names = Vec::new();
    let mut at = start;
    for part in text[start..end].split('.') {
        names.push(name(part, at)?);
        at += part.len() + 1;
    }
    match names.as_slice() {
        [only] if literal(&only.text) => Err(ExprError::new(
            &CONDITION_SYNTAX,
            only.range,
            format!("`{}` is not a condition: conditions have no literals", only.text),
        )
        .help("name a field of an output, as in `build.ok`")),
        _ => Ok(names),
    }
}

fn literal(text: &str) -> bool {
    let number = || text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && text.parse::<f64>().is_ok();
    matches!(text, "true" | "false" | "null" | "undefined") || number()
}

/// The name in `part`, which starts at byte `at`.
fn name(part: &str, at: usize) -> Parsed<Name> {
    let start = at + part.len() - part.trim_start().len();
    let text = part.trim();
    if text.is_empty() {
        return Err(error(at, at + part.len(), "a name is missing")
            .help("names are separated by single dots, as in `build.ok`"));
    }
    for (offset, c) in text.char_indices() {
        if let Some((what, help)) = misplaced(c) {
            let message = format!("a condition cannot contain {what}");
            return Err(error(start + offset, start + offset + c.len_utf8(), message).help(help));
        }
    }
    Ok(Name { text: text.into(), range: TextRange::new(start, start + text.len()) })
}

/// What is wrong with a character inside a name, and what to do instead.
fn misplaced(c: char) -> Option<(&'static str, &'static str)> {
    if OPERATORS.contains(&c) {
        return Some((
            "operators",
            "let the step before put a boolean into its output and name that, as in `build.ok`",
        ));
    }
    if BRACKETS.contains(&c) {
        return Some(("brackets or quotes", "separate names with dots, as in `build.results.0`"));
    }
    c.is_whitespace().then_some(("more than one path", "a condition is one dotted path, as in `build.ok`"))
}

fn error(start: usize, end: usize, message: impl Into<String>) -> ExprError {
    ExprError::new(&CONDITION_SYNTAX, TextRange::new(start, end), message)
}
