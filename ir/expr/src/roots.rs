//! What the paths of Amazon States Language start from.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use crate::Value;

/// The documents a path can start from.
#[derive(Clone, Copy)]
pub struct Roots<'a> {
    /// `$`, inside the filters of every path too.
    pub doc: &'a Value,
    /// `$$`
    pub context: &'a Value,
    /// `$name`
    pub vars: &'a dyn Lookup,
}

/// Where variables are found.
pub trait Lookup {
    /// The value of the variable called `name`, which is written without `$`.
    fn variable(&self, name: &str) -> Option<&Value>;
}

/// No variables.
impl Lookup for () {
    fn variable(&self, _name: &str) -> Option<&Value> {
        None
    }
}

impl<K: std::borrow::Borrow<str> + Ord> Lookup for BTreeMap<K, Value> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

impl<K: std::borrow::Borrow<str> + Eq + std::hash::Hash, S: BuildHasher> Lookup for HashMap<K, Value, S> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}
