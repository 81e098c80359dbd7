//! The second pass over a file with aliases or merge keys: writes out what they stand for.
//!
//! The written-out tree is appended behind the first one, which is then taken away, so that both share their texts.
//! The number of values is bounded before anything is written: ten lines of aliases can stand for billions.

use super::anchors::{too_many, References};
use crate::report::Reports;
use crate::{Kind, NodeId, TreeBuilder};

/// An object or array that is being written out.
struct Writing {
    id: NodeId,
    end: usize,
    children: Children,
    /// For an object: whether the key written last still waits for its value.
    half: bool,
    is_object: bool,
}

/// What is still to be written into a container.
enum Children {
    /// The nodes from one number up to another, in the order of the file.
    InFile { at: u32, end: u32 },
    /// What merging left of the object with that number, from an index on; keys and values count one each.
    Merged { object: NodeId, at: usize },
}

/// Replaces the tree by one without aliases and merge keys, of at most `ceiling` values.
pub(super) fn expand(tree: &mut TreeBuilder, references: &References, ceiling: usize, reports: &mut Reports<'_>) {
    let front = tree.len();
    let mut stack: Vec<Writing> = Vec::new();
    let mut place = 0;
    write(tree, references, NodeId(0), &mut stack, reports);
    while let Some(open) = stack.last_mut() {
        let Some(child) = open.children.next(tree, references).filter(|_| !reports.stopped()) else {
            finish(tree, &mut stack);
            continue;
        };
        open.half = open.is_object && !open.half;
        place = if references.aliases.contains_key(&child) { tree.node(child).span().start as usize } else { place };
        if tree.len() - front >= ceiling {
            too_many(ceiling, place, reports);
            tree.leaf(Kind::Error, place, place);
        } else {
            write(tree, references, child, &mut stack, reports);
        }
    }
    tree.drop_front(front);
}

/// Writes the node `child` stands for: a leaf at once, a container by opening it.
fn write(
    tree: &mut TreeBuilder,
    references: &References,
    child: NodeId,
    stack: &mut Vec<Writing>,
    reports: &mut Reports<'_>,
) {
    let from = references.target(child);
    let node = tree.node(from);
    let (kind, span, (at, end)) = (node.kind(), node.span().range(), node.inside());
    if !matches!(kind, Kind::Object | Kind::Array) {
        return tree.copy_leaf(from);
    }
    if stack.len() >= reports.limits().max_depth as usize {
        let place = tree.node(child).span().start as usize;
        reports.too_deep(place);
        tree.leaf(Kind::Error, place, place);
        return;
    }
    let children = match references.merged.contains_key(&from) {
        true => Children::Merged { object: from, at: 0 },
        false => Children::InFile { at, end },
    };
    let id = tree.open(kind, span.start);
    stack.push(Writing { id, end: span.end, children, half: false, is_object: kind == Kind::Object });
}

fn finish(tree: &mut TreeBuilder, stack: &mut Vec<Writing>) {
    let Some(done) = stack.pop() else { return };
    if done.half {
        tree.leaf(Kind::Error, done.end, done.end);
    }
    tree.close(done.id, done.end);
}

impl Children {
    fn next(&mut self, tree: &TreeBuilder, references: &References) -> Option<NodeId> {
        match self {
            Children::InFile { at, end } => {
                let child = NodeId(*at);
                (*at < *end).then(|| {
                    *at = tree.node(child).next();
                    child
                })
            }
            Children::Merged { object, at } => {
                let (key, value) = *references.merged.get(object)?.get(*at / 2)?;
                *at += 1;
                Some(if *at % 2 == 1 { key } else { value })
            }
        }
    }
}
