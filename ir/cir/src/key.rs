//! The stable dotted name of a node, which survives passes and appears in plans, journals and traces.

use std::fmt;
use std::sync::Arc;

/// The path of names from the flow down to a node, such as `Fan.0.Left`.
///
/// Segments are joined by dots; a dot or backslash inside a segment is escaped by a backslash, so that two
/// different paths never print alike.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeKey(Arc<str>);

impl NodeKey {
    /// The key of a node directly in a flow's body.
    pub fn root(name: &str) -> Self {
        Self(escape(name).into())
    }

    /// The key of a node one level further in.
    pub fn child(&self, name: &str) -> Self {
        Self(format!("{}.{}", self.0, escape(name)).into())
    }

    /// A key from its printed form.
    pub fn parse(text: &str) -> Self {
        Self(text.into())
    }

    /// The printed form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The segments, unescaped.
    pub fn segments(&self) -> Vec<String> {
        let mut segments = vec![String::new()];
        let mut chars = self.0.chars();
        while let Some(c) = chars.next() {
            let last = segments.len() - 1;
            match c {
                '\\' => segments[last].extend(chars.next()),
                '.' => segments.push(String::new()),
                _ => segments[last].push(c),
            }
        }
        segments
    }
}

fn escape(name: &str) -> std::borrow::Cow<'_, str> {
    if name.contains(['.', '\\']) {
        name.replace('\\', "\\\\").replace('.', "\\.").into()
    } else {
        name.into()
    }
}

impl fmt::Display for NodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for NodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
