//! Guesses from the first line whether a text that should be JSON is written in something else.

/// A notation that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Other {
    pub(super) name: &'static str,
    pub(super) file_name: &'static str,
}

const YAML: Other = Other { name: "YAML", file_name: "….yaml" };
const TOML: Other = Other { name: "TOML", file_name: "….toml" };

/// The notation of a text whose first lines cannot be JSON's and are another's.
pub(super) fn other_than_json(text: &str) -> Option<Other> {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next()?;
    if first == "---" || first.split_once(':').is_some_and(|(key, rest)| is_word(key) && is_gap(rest)) {
        return Some(YAML);
    }
    let is_header = first.starts_with('[') && is_word(first.trim_start_matches('[').trim_end_matches(']'));
    // A line of JavaScript such as `module.exports = {` is no pair of TOML, where such an object is one line.
    let is_pair =
        |line: &str| line.split_once('=').is_some_and(|(key, _)| is_word(key.trim_end())) && !line.ends_with('{');
    (is_pair(first) || is_header && lines.next().is_some_and(is_pair)).then_some(TOML)
}

/// Whether the text is a key that YAML and TOML write without quotes.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Whether what follows a colon separates it from a value.
fn is_gap(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t'])
}
