//! Deployment placeholders, `${Name}`: recognised anywhere in a string, and replaced where the user gave a value.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use wfc_diag::{Span, TextRange};
use wfc_source::{Kind, Node, Tree, TreeBuilder};

/// Whether a text has a placeholder in it.
pub(crate) fn has_placeholder(text: &str) -> bool {
    next_placeholder(text, 0).is_some()
}

/// Whether a value was a placeholder in the file; its type is then whatever it is replaced by.
pub(crate) fn was_placeholder(node: Node<'_>) -> bool {
    node.kind() == Kind::String && has_placeholder(node.raw())
}

/// Whether a value is a placeholder without quotes; it may be replaced by anything.
pub(crate) fn is_bare(node: Node<'_>) -> bool {
    node.kind() == Kind::String && node.raw().starts_with("${")
}

/// A tree with placeholders replaced. Positions inside a replacement are those of the placeholder.
#[derive(Debug)]
pub(crate) struct Substituted {
    pub(crate) tree: Tree,
    /// Where placeholders without quotes were replaced.
    pub(crate) bare: Vec<Span>,
}

/// The tree with placeholders replaced, or `None` when nothing is replaced.
pub(crate) fn substituted(tree: &Tree, values: &BTreeMap<String, String>) -> Option<Substituted> {
    if values.is_empty() || !has_placeholder(tree.source()) {
        return None;
    }
    let mut builder = TreeBuilder::new(tree.file(), Arc::from(tree.source()));
    let mut bare = Vec::new();
    copy(tree.root(), values, &mut builder, &mut bare);
    Some(Substituted { tree: builder.finish(), bare })
}

/// Depth is bounded by the limit with which the tree was read.
fn copy(node: Node<'_>, values: &BTreeMap<String, String>, builder: &mut TreeBuilder, bare: &mut Vec<Span>) {
    let (start, end) = (node.span().start as usize, node.span().end as usize);
    match node.kind() {
        kind @ (Kind::Array | Kind::Object) => {
            let id = builder.open(kind, start);
            for item in node.items() {
                copy(item, values, builder, bare);
            }
            for member in node.members() {
                copy(member.key, values, builder, bare);
                copy(member.value, values, builder, bare);
            }
            builder.close(id, end);
        }
        Kind::String if is_bare(node) => match bare_value(node, values) {
            Some(value) => {
                bare.push(node.span());
                put(&value, (start, end), builder);
            }
            None => {
                builder.decoded(Kind::String, start, end, node.text(), vec![(0, start as u32)]);
            }
        },
        kind @ (Kind::String | Kind::Number) => {
            let (text, map) = replaced(node, values);
            builder.decoded(kind, start, end, text, map);
        }
        kind => {
            builder.leaf(kind, start, end);
        }
    }
}

/// What a placeholder without quotes is replaced by.
fn bare_value(node: Node<'_>, values: &BTreeMap<String, String>) -> Option<Value> {
    let name = node.raw().strip_prefix("${")?.strip_suffix('}')?;
    serde_json::from_str(values.get(name)?).ok()
}

/// Adds a value in the place of a placeholder. Its depth is bounded by the reader of the value.
fn put(value: &Value, at: (usize, usize), builder: &mut TreeBuilder) {
    let (start, end) = at;
    let kind = match value {
        Value::Null => Kind::Null,
        Value::Bool(value) => Kind::Bool(*value),
        Value::Number(number) => {
            builder.decoded(Kind::Number, start, end, number.to_string(), vec![(0, start as u32)]);
            return;
        }
        Value::String(text) => {
            builder.decoded(Kind::String, start, end, text.as_str(), vec![(0, start as u32)]);
            return;
        }
        Value::Array(items) => {
            let id = builder.open(Kind::Array, start);
            items.iter().for_each(|item| put(item, at, builder));
            return builder.close(id, end);
        }
        Value::Object(members) => {
            let id = builder.open(Kind::Object, start);
            for (name, member) in members {
                builder.decoded(Kind::String, start, end, name.as_str(), vec![(0, start as u32)]);
                put(member, at, builder);
            }
            return builder.close(id, end);
        }
    };
    builder.leaf(kind, start, end);
}

/// The text with its placeholders replaced, and where each of its characters comes from.
fn replaced(node: Node<'_>, values: &BTreeMap<String, String>) -> (String, Vec<(u32, u32)>) {
    let text = node.text();
    let mut out = String::with_capacity(text.len());
    let mut map = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let found =
            next_placeholder(text, at).and_then(|(from, to)| Some((from, to, values.get(&text[from + 2..to - 1])?)));
        let (same, value, next) = match found {
            Some((from, to, value)) => (&text[at..from], value.as_str(), to),
            // An unknown one is passed over, so that those behind it are still found.
            None => match next_placeholder(text, at) {
                Some((_, to)) => (&text[at..to], "", to),
                None => (&text[at..], "", text.len()),
            },
        };
        let file_offset = |offset: usize| node.locate(TextRange::new(offset, offset)).start;
        for (offset, _) in same.char_indices() {
            map.push(((out.len() + offset) as u32, file_offset(at + offset)));
        }
        out.push_str(same);
        let placeholder = file_offset(at + same.len());
        for (offset, _) in value.char_indices() {
            map.push(((out.len() + offset) as u32, placeholder));
        }
        out.push_str(value);
        at = next;
    }
    map.push((out.len() as u32, node.locate(TextRange::new(text.len(), text.len())).start));
    (out, map)
}

/// The range of the first placeholder that starts at or behind `from`.
fn next_placeholder(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let start = at + text[at..].find("${")?;
        let name = text[start + 2..].find(|c: char| !c.is_ascii_alphanumeric() && !"_.:-".contains(c));
        match name {
            Some(len) if len > 0 && text.as_bytes()[start + 2 + len] == b'}' => return Some((start, start + 3 + len)),
            _ => at = start + 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::has_placeholder;

    #[test]
    fn tells_placeholders_from_expressions() {
        for text in ["${A}", "arn:${AWS::Partition}:x", "$${x ${Res.Arn}"] {
            assert!(has_placeholder(text), "{text}");
        }
        for text in ["", "${}", "$states.x", "{% $.items.${ 'a': b } %}", "${a"] {
            assert!(!has_placeholder(text), "{text}");
        }
    }
}
