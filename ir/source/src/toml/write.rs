//! The finished tables as a tree.

use super::document::{Content, Key, Value, ROOT};
use crate::report::Reports;
use crate::{Kind, NodeId, SourceFile, Tree, TreeBuilder};

/// A table or array that is being written.
struct Writing {
    id: NodeId,
    value: usize,
    /// The next member or element.
    next: usize,
    /// Where its content ends so far: tables stretch from their header to their last key.
    end: usize,
}

/// Writes the root and all that is in it.
pub(super) fn tree(file: &SourceFile, values: &[Value], reports: &mut Reports<'_>) -> Tree {
    let mut tree = TreeBuilder::new(file.id(), file.shared_text());
    let mut stack = Vec::new();
    write(&mut tree, values, ROOT, &mut stack);
    while let Some(open) = stack.last_mut() {
        match child(&values[open.value], open.next) {
            Some((key, value)) => {
                open.next += 1;
                open.end = open.end.max(values[value].end);
                if let Some(key) = key {
                    write_key(&mut tree, key);
                }
                write(&mut tree, values, value, &mut stack);
            }
            None => close(&mut tree, &mut stack),
        }
    }
    reports.count(tree.len(), 0);
    tree.finish()
}

fn child(value: &Value, index: usize) -> Option<(Option<&Key>, usize)> {
    match &value.content {
        Content::Scalar(..) => None,
        Content::Array { items, .. } => items.get(index).map(|&item| (None, item)),
        Content::Table(table) => table.members.get(index).map(|(key, value)| (Some(key), *value)),
    }
}

fn write_key(tree: &mut TreeBuilder, key: &Key) {
    match &key.map {
        None => tree.leaf(Kind::String, key.start, key.end),
        Some(map) => tree.decoded(Kind::String, key.start, key.end, key.text.as_str(), map.clone()),
    };
}

fn write(tree: &mut TreeBuilder, values: &[Value], value: usize, stack: &mut Vec<Writing>) {
    let Value { start, end, content } = &values[value];
    let kind = match content {
        Content::Scalar(kind, None) => {
            tree.leaf(*kind, *start, *end);
            return;
        }
        Content::Scalar(kind, Some(decoded)) => {
            tree.decoded(*kind, *start, *end, decoded.text.as_str(), decoded.map.clone());
            return;
        }
        Content::Array { .. } => Kind::Array,
        Content::Table(_) => Kind::Object,
    };
    let id = tree.open(kind, *start);
    stack.push(Writing { id, value, next: 0, end: *end });
}

fn close(tree: &mut TreeBuilder, stack: &mut Vec<Writing>) {
    let Some(done) = stack.pop() else { return };
    tree.close(done.id, done.end);
    if let Some(outer) = stack.last_mut() {
        outer.end = outer.end.max(done.end);
    }
}
