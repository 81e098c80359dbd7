//! Compares what was found with what was recorded, where parts of the recorded text stand for any text.

use std::fmt;

use serde_json::{Map, Value as Json};

use super::instants;

/// The words that stand for any text in a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Words(Vec<String>);

/// The first difference between two values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// Where it is: member names and indices, outermost first.
    path: Vec<String>,
    expected: Option<String>,
    found: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nothing = "nothing".to_owned();
        let [expected, found] = [&self.expected, &self.found].map(|side| side.as_ref().unwrap_or(&nothing));
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path.join("."))?;
        }
        write!(f, "expected {expected}, found {found}")
    }
}

impl Difference {
    fn of(expected: Option<&Json>, found: Option<&Json>) -> Self {
        Self { path: Vec::new(), expected: expected.map(Json::to_string), found: found.map(Json::to_string) }
    }

    /// The same difference, seen from one level further out.
    pub(super) fn under(mut self, name: impl ToString) -> Self {
        self.path.insert(0, name.to_string());
        self
    }
}

/// Whether strings may be the text of a JSON value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Texts {
    /// Strings are texts: recordings show those of objects as objects.
    Json,
    /// Strings are strings.
    Plain,
}

impl Words {
    /// Longer words count first, since they may contain shorter ones.
    pub(super) fn new(mut words: Vec<String>) -> Self {
        words.retain(|word| !word.is_empty());
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self(words)
    }

    /// The first difference, if any.
    pub(super) fn difference(&self, expected: &Json, found: &Json, texts: Texts) -> Option<Difference> {
        match (expected, found) {
            (Json::String(expected), _) if self.0.contains(expected) => None,
            (Json::String(text), Json::String(other)) => {
                (!self.same_text(text, other, texts)).then(|| Difference::of(Some(expected), Some(found)))
            }
            (_, Json::String(text)) if texts == Texts::Json => match serde_json::from_str(text) {
                Ok(found) => self.difference(expected, &found, Texts::Plain),
                Err(_) => Some(Difference::of(Some(expected), Some(found))),
            },
            (Json::Object(expected), Json::Object(found)) => self.members(expected, found, texts),
            (Json::Array(expected), Json::Array(found)) => self.items(expected, found, texts),
            (Json::Number(a), Json::Number(b)) if a.as_f64() == b.as_f64() => None,
            _ if expected == found => None,
            _ => Some(Difference::of(Some(expected), Some(found))),
        }
    }

    fn members(&self, expected: &Map<String, Json>, found: &Map<String, Json>, texts: Texts) -> Option<Difference> {
        let differs = |(name, value): (&String, &Json)| match found.get(name) {
            Some(other) => self.difference(value, other, texts).map(|inner| inner.under(name)),
            None => Some(Difference::of(Some(value), None).under(name)),
        };
        let surplus = || found.iter().find(|(name, _)| !expected.contains_key(*name));
        expected
            .iter()
            .find_map(differs)
            .or_else(|| surplus().map(|(name, value)| Difference::of(None, Some(value)).under(name)))
    }

    fn items(&self, expected: &[Json], found: &[Json], texts: Texts) -> Option<Difference> {
        let differs = |index: usize| match (expected.get(index), found.get(index)) {
            (Some(a), Some(b)) => self.difference(a, b, texts).map(|inner| inner.under(index)),
            (a, b) => Some(Difference::of(a, b).under(index)),
        };
        (0..expected.len().max(found.len())).find_map(differs)
    }

    fn same_text(&self, expected: &str, found: &str, texts: Texts) -> bool {
        if expected == found || expected == instants::hidden(found) || self.stands_for(expected, found) {
            return true;
        }
        let parsed = || Some((serde_json::from_str(expected).ok()?, serde_json::from_str(found).ok()?));
        texts == Texts::Json
            && parsed().is_some_and(|(a, b): (Json, Json)| self.difference(&a, &b, Texts::Plain).is_none())
    }

    /// Whether `found` is `expected` with some text for each of the words.
    fn stands_for(&self, expected: &str, found: &str) -> bool {
        let pieces = self.pieces(expected);
        let ([first, .., last], true) = (pieces.as_slice(), pieces.len() > 1) else { return false };
        let Some(mut rest) = found.strip_prefix(first) else { return false };
        for piece in &pieces[1..pieces.len() - 1] {
            match rest.find(piece) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    }

    /// What stands between the words.
    fn pieces<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let (mut pieces, mut rest) = (Vec::new(), text);
        let next = |rest: &str| self.0.iter().filter_map(|word| Some((rest.find(word)?, word.len()))).min_by(earlier);
        while let Some((at, length)) = next(rest) {
            pieces.push(&rest[..at]);
            rest = &rest[at + length..];
        }
        pieces.push(rest);
        pieces
    }
}

/// The word that starts first; of those, the longest.
fn earlier(a: &(usize, usize), b: &(usize, usize)) -> std::cmp::Ordering {
    a.0.cmp(&b.0).then(b.1.cmp(&a.1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn difference(expected: Json, found: Json) -> Option<String> {
        let words = Words::new(vec!["<uuid:1>".to_owned(), "date".to_owned()]);
        words.difference(&expected, &found, Texts::Json).map(|difference| difference.to_string())
    }

    #[test]
    fn texts_are_compared_as_values() {
        assert_eq!(difference(json!({ "a": 1 }), json!("{ \"a\": 1.0 }")), None);
        assert_eq!(difference(json!("[1, 2]"), json!("[1,2]")), None);
        assert!(difference(json!({ "a": "[1, 2]" }), json!("{\"a\":\"[1,2]\"}")).is_some());
        assert_eq!(difference(json!(1), json!("2")), Some("expected 1, found 2".to_owned()));
    }

    #[test]
    fn words_stand_for_any_text() {
        assert_eq!(difference(json!("id <uuid:1>, at date."), json!("id 4711, at noon.")), None);
        assert!(difference(json!("id <uuid:1>."), json!("it is")).is_some());
        assert_eq!(difference(json!({ "id": "<uuid:1>" }), json!({ "id": [1] })), None);
        assert_eq!(difference(json!("before date"), json!("before 2016-03-14T01:59:00Z")), None);
    }

    #[test]
    fn a_difference_names_its_place() {
        let found = difference(json!({ "a": { "b": [1, 2] } }), json!({ "a": { "b": [1] } }));
        assert_eq!(found.as_deref(), Some("a.b.1: expected 2, found nothing"));
        let found = difference(json!({}), json!({ "c": true }));
        assert_eq!(found.as_deref(), Some("c: expected nothing, found true"));
    }
}
