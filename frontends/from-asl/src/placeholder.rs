//! Deployment placeholders, `${Name}`: recognised anywhere in a string, and replaced where the user gave a value.

use std::collections::BTreeMap;
use std::sync::Arc;

use wfc_diag::TextRange;
use wfc_source::{Kind, Node, Tree, TreeBuilder};

/// Whether a text has a placeholder in it.
pub(crate) fn has_placeholder(text: &str) -> bool {
    next_placeholder(text, 0).is_some()
}

/// Whether a value was a placeholder in the file; its type is then whatever it is replaced by.
pub(crate) fn was_placeholder(node: Node<'_>) -> bool {
    node.kind() == Kind::String && has_placeholder(node.raw())
}

/// The tree with placeholders replaced, or `None` when nothing is replaced. Positions inside a replacement are
/// those of the placeholder.
pub(crate) fn substituted(tree: &Tree, values: &BTreeMap<String, String>) -> Option<Tree> {
    if values.is_empty() || !has_placeholder(tree.source()) {
        return None;
    }
    let mut builder = TreeBuilder::new(tree.file(), Arc::from(tree.source()));
    copy(tree.root(), values, &mut builder);
    Some(builder.finish())
}

/// Depth is bounded by the limit with which the tree was read.
fn copy(node: Node<'_>, values: &BTreeMap<String, String>, builder: &mut TreeBuilder) {
    let (start, end) = (node.span().start as usize, node.span().end as usize);
    match node.kind() {
        kind @ (Kind::Array | Kind::Object) => {
            let id = builder.open(kind, start);
            for item in node.items() {
                copy(item, values, builder);
            }
            for member in node.members() {
                copy(member.key, values, builder);
                copy(member.value, values, builder);
            }
            builder.close(id, end);
        }
        kind @ (Kind::String | Kind::Number) => {
            let (text, map) = replaced(node, values);
            builder.decoded(kind, start, end, text, map);
        }
        kind => {
            builder.leaf(kind, start, end);
        }
    }
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
