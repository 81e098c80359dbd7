//! Tables whose keys may be patterns: `*` stands for any text, `?` for one character.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Values by name or by pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Patterns<T> {
    by_key: BTreeMap<String, T>,
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self { by_key: BTreeMap::new() }
    }
}

impl<T> Patterns<T> {
    /// Adds an entry, in place of one with the same key.
    pub(crate) fn insert(&mut self, key: String, value: T) {
        self.by_key.insert(key, value);
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_key.keys().map(String::as_str)
    }

    /// What stands for one of the names exactly; the earlier name first.
    pub(crate) fn exact(&self, names: &[String]) -> Option<&T> {
        names.iter().find_map(|name| self.by_key.get(name))
    }

    /// What stands for one of the names: exactly, or else by the pattern that says most. A pattern that says nothing
    /// (`*`) is not looked at.
    pub(crate) fn find(&self, names: &[String]) -> Option<&T> {
        self.exact(names).or_else(|| {
            let fits = |key: &&String| literals(key) > 0 && names.iter().any(|name| matches(key, name));
            self.best(fits)
        })
    }

    /// What stands for anything at all.
    pub(crate) fn rest(&self, names: &[String]) -> Option<&T> {
        self.best(|key| literals(key) == 0 && names.iter().any(|name| matches(key, name)))
    }

    fn best(&self, fits: impl Fn(&&String) -> bool) -> Option<&T> {
        let key = self.by_key.keys().filter(fits).min_by_key(|key| (Reverse(literals(key)), key.len()))?;
        self.by_key.get(key)
    }
}

fn literals(pattern: &str) -> usize {
    pattern.chars().filter(|c| !matches!(c, '*' | '?')).count()
}

/// Whether the pattern stands for the text. Only the last `*` is ever tried again, so the work is bounded by the
/// product of the lengths.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from, mut star) = (0, 0, None);
    while from < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(c) if *c == '?' || *c == text[from] => (at, from) = (at + 1, from + 1),
            _ => match star {
                Some((place, taken)) => {
                    star = Some((place, taken + 1));
                    (at, from) = (place + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("arn:*:function:charge-?", "arn:aws:lambda:r:1:function:charge-1", true),
            ("?", "", false),
            ("*a*b*", "xxaxxbxx", true),
            ("Ä?", "Äö", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        assert!(!matches(&"*a".repeat(200), &"a".repeat(199)));
    }

    #[test]
    fn the_exact_name_wins_then_what_says_most() {
        let mut table = Patterns::default();
        for key in ["*", "charge-*", "charge-*-eu", "charge-1-eu"] {
            table.insert(key.to_owned(), key);
        }
        let find = |name: &str| table.find(&[name.to_owned()]).copied();
        assert_eq!(find("charge-1-eu"), Some("charge-1-eu"));
        assert_eq!(find("charge-2-eu"), Some("charge-*-eu"));
        assert_eq!(find("charge-2"), Some("charge-*"));
        assert_eq!(find("ship"), None);
        assert_eq!(table.rest(&["ship".to_owned()]), Some(&"*"));
    }
}
