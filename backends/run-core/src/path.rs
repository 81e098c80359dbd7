//! Paths of members and single indices: reading and setting one place of a document.

use wfc_expr::jsonpath::{Path, Root, Step};
use wfc_expr::Value;

/// A path that names at most one place.
#[derive(Clone, Debug)]
pub(crate) struct Plain {
    pub(crate) from: From,
    steps: Vec<Key>,
}

/// What a path starts from.
#[derive(Clone, Debug)]
pub(crate) enum From {
    Doc,
    Context,
    Var(Box<str>),
}

#[derive(Clone, Debug)]
enum Key {
    Member(Box<str>),
    Index(i32),
}

impl Plain {
    /// The same path; `None` if it has wildcards, filters, functions or the like.
    pub(crate) fn of(path: &Path) -> Option<Plain> {
        let from = match &path.root {
            Root::Doc => From::Doc,
            Root::Context => From::Context,
            Root::Variable(name) => From::Var(name.clone()),
            Root::Item => return None,
        };
        let steps = path.static_prefix().map(|step| match step {
            Step::Member(name) => Key::Member(name.into()),
            Step::Index(index) => Key::Index(index),
        });
        path.is_reference_path().then(|| Plain { from, steps: steps.collect() })
    }

    /// The value at the place, if there is one.
    pub(crate) fn get<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.steps.iter().try_fold(document, |value, key| key.get(value))
    }

    /// `document` with the place set to `value`; missing objects are made. `None` if something that is no object
    /// or array is in the way, null included, or an index is not there.
    pub(crate) fn put(&self, document: &Value, value: Value) -> Option<Value> {
        let mut above = Vec::with_capacity(self.steps.len());
        let mut at = document.clone();
        for key in &self.steps {
            let inner = key.get(&at).cloned().unwrap_or_else(Value::empty_object);
            above.push((std::mem::replace(&mut at, inner), key));
        }
        above.into_iter().rev().try_fold(value, |value, (outer, key)| key.set(outer, value))
    }
}

impl Key {
    fn get<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Key::Member(name) => value.get(name),
            Key::Index(index) => value.at(place(*index, value.as_array()?.len())?),
        }
    }

    fn set(&self, mut outer: Value, inner: Value) -> Option<Value> {
        match self {
            Key::Member(name) => {
                outer.as_object_mut()?.insert(&**name, inner);
            }
            Key::Index(index) => {
                let array = outer.as_array_mut()?;
                array.replace(place(*index, array.len())?, inner)?;
            }
        }
        Some(outer)
    }
}

/// The place an index means in an array of `len` items; negative ones count from the end.
fn place(index: i32, len: usize) -> Option<usize> {
    let index = index as i64;
    let from_start = if index < 0 { index + i64::try_from(len).ok()? } else { index };
    usize::try_from(from_start).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Plain {
        Plain::of(&wfc_expr::jsonpath::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn gets() {
        let document = Value::parse(r#"{"a":{"b":[1,{"c":2}]},"n":null}"#).unwrap();
        for (path, expected) in [
            ("$", Some(document.to_json())),
            ("$.a.b[0]", Some("1".into())),
            ("$['a']['b'][-1].c", Some("2".into())),
            ("$.n", Some("null".into())),
            ("$.n.x", None),
            ("$.a.b[2]", None),
            ("$.a.b[-3]", None),
            ("$.a[0]", None),
        ] {
            assert_eq!(plain(path).get(&document).map(Value::to_json), expected, "{path}");
        }
        assert!(Plain::of(&wfc_expr::jsonpath::parse("$.a[*]").unwrap()).is_none());
    }

    #[test]
    fn puts() {
        for (document, path, expected) in [
            ("1", "$", Some("9")),
            ("{}", "$.a.b", Some(r#"{"a":{"b":9}}"#)),
            (r#"{"a":1,"b":2}"#, "$.a", Some(r#"{"a":9,"b":2}"#)),
            (r#"{"a":[1,2]}"#, "$.a[1]", Some(r#"{"a":[1,9]}"#)),
            (r#"{"a":[1]}"#, "$.a[1]", None),
            (r#"{"a":1}"#, "$.a.b", None),
            (r#"{"a":null}"#, "$.a.b", None),
        ] {
            let put = plain(path).put(&Value::parse(document).unwrap(), Value::from(9));
            assert_eq!(put.map(|value| value.to_json()).as_deref(), expected, "{path} into {document}");
        }
    }
}
