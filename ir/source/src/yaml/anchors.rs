//! Anchors, aliases and merge keys: what refers to what.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::report::Reports;
use crate::{rules, Kind, Node, NodeId, TreeBuilder};

/// The key that takes over the members of other objects.
pub(super) const MERGE_KEY: &str = "<<";

/// What the first pass leaves for the second to write out.
#[derive(Debug, Default)]
pub(super) struct References {
    /// The value each alias stands for.
    pub(super) aliases: FxHashMap<NodeId, NodeId>,
    /// The members of each object that had merge keys: key and value, in order.
    pub(super) merged: FxHashMap<NodeId, Vec<(NodeId, NodeId)>>,
    /// How many members `merged` holds.
    merged_members: usize,
}

impl References {
    /// Whether there is nothing to write out.
    pub(super) fn is_empty(&self) -> bool {
        self.aliases.is_empty() && self.merged.is_empty()
    }

    /// The value itself, or what it is an alias of.
    pub(super) fn target(&self, id: NodeId) -> NodeId {
        self.aliases.get(&id).copied().unwrap_or(id)
    }

    /// Works out the members of the object `id`, which has merge keys. Its own members win over merged ones, and
    /// earlier merged ones over later.
    pub(super) fn merge(&mut self, tree: &TreeBuilder, id: NodeId, ceiling: usize, reports: &mut Reports<'_>) {
        let object = tree.node(id);
        let mut taken: FxHashSet<&str> =
            object.members().filter(|m| !is_merge_key(m.key)).map(|member| member.name()).collect();
        let mut members = Vec::new();
        for member in object.members() {
            if !is_merge_key(member.key) {
                members.push((member.key.id(), member.value.id()));
                continue;
            }
            for source in self.sources(tree, member.value, reports) {
                let inherited = self.members(tree.node(source));
                members.extend(inherited.into_iter().filter(|(key, _)| taken.insert(tree.node(*key).text())));
            }
        }
        self.merged_members += members.len();
        if self.merged_members > ceiling {
            too_many(ceiling, object.span().start as usize, reports);
            members.clear();
        }
        self.merged.insert(id, members);
    }

    /// The objects a merge key names.
    fn sources(&self, tree: &TreeBuilder, value: Node<'_>, reports: &mut Reports<'_>) -> Vec<NodeId> {
        let target = self.target(value.id());
        match tree.node(target).kind() {
            Kind::Object => return vec![target],
            Kind::Error => return Vec::new(),
            Kind::Array => {
                let items: Vec<NodeId> = tree.node(target).items().map(|item| self.target(item.id())).collect();
                if items.iter().all(|item| tree.node(*item).is_object()) {
                    return items;
                }
            }
            _ => {}
        }
        let span = value.span();
        let message = "`<<` takes over the members of objects, and this is none";
        reports.report(&rules::YAML_UNSUPPORTED, span.start as usize, span.end as usize, message, |d| {
            d.label("an object, an alias of one or a list of them is expected")
                .help("for a key that is really called `<<`, write it in quotes")
        });
        Vec::new()
    }

    fn members(&self, object: Node<'_>) -> Vec<(NodeId, NodeId)> {
        match self.merged.get(&object.id()) {
            Some(members) => members.clone(),
            None => object.members().map(|member| (member.key.id(), member.value.id())).collect(),
        }
    }
}

/// Whether the key is a merge key: `<<` without quotes.
pub(super) fn is_merge_key(key: Node<'_>) -> bool {
    key.raw() == MERGE_KEY
}

/// Reports that aliases stand for more values than may be written out, and ends reading.
pub(super) fn too_many(ceiling: usize, at: usize, reports: &mut Reports<'_>) {
    let message = format!("aliases and merge keys stand for more than {ceiling} values");
    reports.report(&rules::INPUT_LIMIT, at, at + 1, message, |d| {
        d.label("the limit is passed when this is written out").help(
            "use fewer aliases; the limit is `max-nodes`, or 100000 and two for each byte of the file if that is less",
        )
    });
    reports.stop();
}

/// The anchors of a document: the value of each, `None` while it is being read.
#[derive(Debug, Default)]
pub(super) struct Anchors(FxHashMap<usize, Option<NodeId>>);

impl Anchors {
    /// Says that anchor `number` stands in front of a value that is being read. Zero is no anchor.
    pub(super) fn open(&mut self, number: usize) {
        if number > 0 {
            self.0.insert(number, None);
        }
    }

    /// Says that the value of anchor `number` is complete.
    pub(super) fn close(&mut self, number: usize, id: NodeId) {
        if number > 0 {
            self.0.insert(number, Some(id));
        }
    }

    /// The value of anchor `number`; `None` if it is still being read.
    pub(super) fn get(&mut self, number: usize) -> Option<NodeId> {
        match self.0.entry(number) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(_) => None,
        }
    }
}
