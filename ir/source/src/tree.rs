//! One spanned tree for JSON, YAML and TOML, in a flat pre-order array.
//!
//! A node's children follow it directly and each node knows where its subtree ends, so walking needs no pointers,
//! dropping does not recurse, and a leaf costs twenty bytes. Object members are a key node (a string) followed by
//! its value; duplicate keys stay in the tree (they are reported) and lookups find the last, as JSON readers do.
//!
//! The text of a string without escapes is the file's own text. Others are decoded into a side buffer together
//! with a map back, so that a position inside the decoded text can be shown at the right column of the file.

use std::sync::{Arc, OnceLock};

use wfc_diag::{FileId, Span, TextMap, TextRange};

/// The number of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number; its text is kept as written.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// What could not be read; already reported.
    Error,
}

impl Kind {
    /// The name users know the kind by.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
            Kind::Error => "an unreadable value",
        }
    }
}

/// Says that a node's text is the file's own, right at `text_start`.
const IDENTITY: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct NodeData {
    kind: Kind,
    start: u32,
    end: u32,
    /// One past the last node of the subtree.
    next: u32,
    /// For scalars: index into `decoded`, or `IDENTITY`.
    text: u32,
}

#[derive(Clone, Debug)]
struct Decoded {
    text: Box<str>,
    /// (offset in `text`, offset in the file) at each point where the distance between the two changes.
    map: Arc<[(u32, u32)]>,
}

/// The tree of one file.
#[derive(Clone, Debug)]
pub struct Tree {
    file: FileId,
    source: Arc<str>,
    nodes: Vec<NodeData>,
    decoded: Vec<Decoded>,
    /// For each node its parent and its place among the parent's children; made when first asked for.
    places: OnceLock<Box<[Place]>>,
}

/// A node's parent and its place among the parent's children, keys counted.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    parent: u32,
    ordinal: u32,
}

impl Tree {
    /// The file it was read from.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The text it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The whole value. A file without any value has an `Error` root.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, id: NodeId(0) }
    }

    /// The node with that number.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { tree: self, id }
    }

    /// How many nodes there are, keys included.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    fn places(&self) -> &[Place] {
        self.places.get_or_init(|| {
            let mut places = vec![Place::default(); self.nodes.len()];
            let mut open: Vec<(u32, u32, u32)> = Vec::new();
            for (index, node) in (0u32..).zip(&self.nodes) {
                while open.last().is_some_and(|&(_, next, _)| next <= index) {
                    open.pop();
                }
                if let Some((parent, _, children)) = open.last_mut() {
                    places[index as usize] = Place { parent: *parent, ordinal: *children };
                    *children += 1;
                }
                if node.next > index + 1 {
                    open.push((index, node.next, 0));
                }
            }
            places.into()
        })
    }

    /// Whether there is no node at all; never true for a parsed tree.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// A node of a tree, with everything needed to read it.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'t> {
    /// The key, a string node.
    pub key: Node<'t>,
    /// Its value.
    pub value: Node<'t>,
}

impl<'t> Member<'t> {
    /// The key's text.
    pub fn name(&self) -> &'t str {
        self.key.text()
    }
}

/// An element of an array.
pub type Item<'t> = Node<'t>;

impl<'t> Node<'t> {
    /// Its number.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// The array or object around it; the root has none.
    pub fn parent(self) -> Option<Node<'t>> {
        let place = self.tree.places().get(self.id.0 as usize).filter(|_| self.id.0 > 0)?;
        Some(self.tree.node(NodeId(place.parent)))
    }

    /// Its place among the elements of the array around it.
    pub fn index(self) -> Option<usize> {
        let place = self.tree.places().get(self.id.0 as usize)?;
        self.parent().filter(|parent| parent.is_array()).map(|_| place.ordinal as usize)
    }

    /// The key of the member it is the value or the key of.
    pub fn own_key(self) -> Option<Node<'t>> {
        let place = self.tree.places().get(self.id.0 as usize)?;
        self.parent().filter(|parent| parent.is_object())?;
        // Keys have no children, so a value follows its key directly.
        let key = if place.ordinal % 2 == 0 { self.id.0 } else { self.id.0 - 1 };
        Some(self.tree.node(NodeId(key)))
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.data().kind
    }

    /// Where it stands, quotes and brackets included.
    pub fn span(self) -> Span {
        let data = self.data();
        Span { file: self.tree.file, start: data.start, end: data.end }
    }

    /// The text in the file, as written.
    pub fn raw(self) -> &'t str {
        self.tree.source.get(self.span().range()).unwrap_or("")
    }

    /// The decoded text of a string, the text of a number as written; empty for anything else.
    pub fn text(self) -> &'t str {
        let data = self.data();
        match data.kind {
            Kind::String | Kind::Number => {}
            _ => return "",
        }
        match self.tree.decoded.get(data.text as usize) {
            Some(decoded) => &decoded.text,
            None => self.tree.source.get(self.text_range_in_file()).unwrap_or(""),
        }
    }

    /// The text if it is a string.
    pub fn as_str(self) -> Option<&'t str> {
        (self.kind() == Kind::String).then(|| self.text())
    }

    /// The value if it is a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The text as written if it is a number.
    pub fn as_number(self) -> Option<&'t str> {
        (self.kind() == Kind::Number).then(|| self.text())
    }

    /// Its value if it is a number; digits beyond an `f64` are rounded.
    pub fn as_f64(self) -> Option<f64> {
        self.as_number().and_then(|text| text.parse().ok())
    }

    /// Its value if it is a number without fraction that fits.
    pub fn as_i64(self) -> Option<i64> {
        let text = self.as_number()?;
        text.parse().ok().or_else(|| {
            let value: f64 = text.parse().ok()?;
            (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64)
        })
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    /// The members of an object; none of anything else.
    pub fn members(self) -> Members<'t> {
        let (at, end) = if self.is_object() { self.inside() } else { (0, 0) };
        Members { tree: self.tree, at, end }
    }

    /// The elements of an array; none of anything else.
    pub fn items(self) -> Items<'t> {
        let (at, end) = if self.is_array() { self.inside() } else { (0, 0) };
        Items { tree: self.tree, at, end }
    }

    /// The value of the last member called `name`.
    pub fn get(self, name: &str) -> Option<Node<'t>> {
        self.member(name).map(|member| member.value)
    }

    /// The last member called `name`.
    pub fn member(self, name: &str) -> Option<Member<'t>> {
        self.members().filter(|member| member.name() == name).last()
    }

    /// Where a range of the decoded text stands in the file.
    pub fn locate(self, range: TextRange) -> Span {
        self.text_map().locate(range)
    }

    /// The way from the decoded text back to the file, to keep beyond the tree's life.
    pub fn text_map(self) -> TextMap {
        match self.tree.decoded.get(self.data().text as usize) {
            Some(decoded) => TextMap::decoded(self.span(), Arc::clone(&decoded.map)),
            None => {
                let range = self.text_range_in_file();
                TextMap::identity(Span::new(self.tree.file, range.start, range.end))
            }
        }
    }

    /// The bytes of an undecoded scalar without its quotes.
    fn text_range_in_file(self) -> std::ops::Range<usize> {
        let data = self.data();
        let (start, end) = (data.start as usize, data.end as usize);
        let source = self.tree.source.as_bytes();
        let quoted = data.kind == Kind::String && end - start >= 2 && matches!(source.get(start), Some(b'"' | b'\''));
        if quoted {
            start + 1..end - 1
        } else {
            start..end
        }
    }

    /// The numbers of the nodes inside, from the first to one past the last.
    pub(crate) fn inside(self) -> (u32, u32) {
        (self.id.0 + 1, self.data().next)
    }

    /// The number one past the last node of the subtree.
    pub(crate) fn next(self) -> u32 {
        self.data().next
    }

    fn data(self) -> &'t NodeData {
        &self.tree.nodes[self.id.0 as usize]
    }
}

/// Iterates over the members of an object.
#[derive(Clone, Debug)]
pub struct Members<'t> {
    tree: &'t Tree,
    at: u32,
    end: u32,
}

impl<'t> Iterator for Members<'t> {
    type Item = Member<'t>;

    fn next(&mut self) -> Option<Member<'t>> {
        if self.at >= self.end {
            return None;
        }
        let key = Node { tree: self.tree, id: NodeId(self.at) };
        let value = Node { tree: self.tree, id: NodeId(key.data().next) };
        self.at = value.data().next;
        Some(Member { key, value })
    }
}

/// Iterates over the elements of an array.
#[derive(Clone, Debug)]
pub struct Items<'t> {
    tree: &'t Tree,
    at: u32,
    end: u32,
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node { tree: self.tree, id: NodeId(self.at) };
        self.at = node.data().next;
        Some(node)
    }
}

/// Builds a tree from front to back.
#[derive(Debug)]
pub struct TreeBuilder {
    tree: Tree,
}

impl TreeBuilder {
    /// A builder for the tree of `source`.
    pub fn new(file: FileId, source: Arc<str>) -> Self {
        // A value every eight bytes is about what compact JSON has; growing twice is cheaper than guessing high.
        let nodes = Vec::with_capacity(source.len() / 16 + 8);
        Self { tree: Tree { file, source, nodes, decoded: Vec::new(), places: OnceLock::new() } }
    }

    /// Adds a value without children whose text, if it has one, is the file's own.
    pub fn leaf(&mut self, kind: Kind, start: usize, end: usize) -> NodeId {
        self.push(kind, start, end, IDENTITY)
    }

    /// Adds a scalar whose text differs from the file's. `map` holds (offset in text, offset in file) wherever the
    /// distance changes, ascending.
    pub fn decoded(
        &mut self,
        kind: Kind,
        start: usize,
        end: usize,
        text: impl Into<Box<str>>,
        map: Vec<(u32, u32)>,
    ) -> NodeId {
        let index = self.tree.decoded.len() as u32;
        self.tree.decoded.push(Decoded { text: text.into(), map: map.into() });
        self.push(kind, start, end, index)
    }

    /// Opens an array or object; everything added until [`TreeBuilder::close`] is inside.
    pub fn open(&mut self, kind: Kind, start: usize) -> NodeId {
        self.push(kind, start, start, IDENTITY)
    }

    /// Closes what `open` opened.
    pub fn close(&mut self, id: NodeId, end: usize) {
        let next = self.tree.nodes.len() as u32;
        let data = &mut self.tree.nodes[id.0 as usize];
        data.next = next;
        data.end = end as u32;
    }

    /// Adds a copy of the leaf `id`. Texts are shared, so copies cost a node each.
    pub(crate) fn copy_leaf(&mut self, id: NodeId) {
        let data = self.tree.nodes[id.0 as usize];
        self.push(data.kind, data.start as usize, data.end as usize, data.text);
    }

    /// Takes away the first `count` nodes; what stays must not be inside them.
    pub(crate) fn drop_front(&mut self, count: usize) {
        self.tree.nodes.drain(..count);
        for data in &mut self.tree.nodes {
            data.next -= count as u32;
        }
    }

    /// How many nodes there are so far.
    pub fn len(&self) -> usize {
        self.tree.nodes.len()
    }

    /// Whether nothing has been added.
    pub fn is_empty(&self) -> bool {
        self.tree.nodes.is_empty()
    }

    /// A view of a closed node, to look at while building.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        self.tree.node(id)
    }

    /// The finished tree. Without any node it gets an `Error` root.
    pub fn finish(mut self) -> Tree {
        if self.tree.nodes.is_empty() {
            let end = self.tree.source.len();
            self.leaf(Kind::Error, end, end);
        }
        self.tree
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize, text: u32) -> NodeId {
        let id = self.tree.nodes.len() as u32;
        self.tree.nodes.push(NodeData { kind, start: start as u32, end: end as u32, next: id + 1, text });
        NodeId(id)
    }
}
