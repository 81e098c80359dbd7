//! The run's input and variables, as the command line gives them.

use wfc_expr::Value;

use super::Args;
use crate::cmd::options::split_pair;
use crate::cmd::{files, Failure};

/// The most bytes of the input.
const MAX: u64 = 256 << 20;

/// How much of a text is shown around a mistake in it.
const SHOWN: usize = 2_000;

/// The input, if it is given.
pub(super) fn read(args: &Args) -> Result<Option<Value>, Failure> {
    if args.input.as_deref() == Some("-") && args.file == "-" {
        return Err(Failure::usage("standard input cannot be both the file and its input"));
    }
    args.input.as_deref().map(|input| document("--input", input)).transpose()
}

/// JSON that the option `name` gives as text, as `@FILE`, or as `-` for standard input.
pub(in crate::cmd) fn document(name: &str, argument: &str) -> Result<Value, Failure> {
    let (name, bytes) = match argument.strip_prefix('@') {
        Some(path) => (path, files::read_path(path, MAX)?),
        None if argument == "-" => ("standard input", files::read_stdin(MAX)?),
        None => (name, argument.as_bytes().to_vec()),
    };
    json(name, bytes).map_err(|failure| failure.help("pass JSON, `@FILE`, or `-` for standard input"))
}

/// The variables.
pub(super) fn vars(pairs: &[String]) -> Result<Vec<(std::sync::Arc<str>, Value)>, Failure> {
    let var = |pair: &String| {
        let (name, text) = split_pair(pair, "--var")?;
        let value = json(&format!("--var {name}"), text.as_bytes().to_vec())
            .map_err(|failure| failure.help(format!("a text stands in quotes: --var '{name}=\"text\"'")))?;
        Ok((name.trim_start_matches('$').into(), value))
    };
    pairs.iter().map(var).collect()
}

/// JSON that somebody gave as `name`; a mistake is shown where it is.
fn json(name: &str, bytes: Vec<u8>) -> Result<Value, Failure> {
    let text = String::from_utf8(bytes).map_err(|error| {
        Failure::usage(format!(
            "{name} is not UTF-8: the byte {} is the first that is wrong",
            error.utf8_error().valid_up_to()
        ))
    })?;
    Value::parse(&text).map_err(|error| {
        let at = floor(&text, error.offset);
        let line = text[..at].matches('\n').count() + 1;
        let column = text[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let (from, to) = (floor(&text, at.saturating_sub(SHOWN)), floor(&text, at.saturating_add(SHOWN)));
        let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        Failure::usage(format!("{name}:{line}:{column}: this is not JSON: {}", error.message)).at(
            name,
            &text[from..to],
            at - from..end - from,
            "here",
        )
    })
}

/// The last place at or before `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
