//! From events to nodes.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};

use super::anchors::{is_merge_key, Anchors, References, MERGE_KEY};
use super::offsets::Offsets;
use super::scalar::{self, Plain};
use super::tag::{self, Meaning};
use super::{expand, layout, syntax};
use crate::report::{shown, Reports};
use crate::{rules, Kind, NodeId, Tree, TreeBuilder};

/// Values a file may always be written out to, however short it is.
const ALWAYS_EXPANDED: usize = 100_000;

pub(super) struct Reader<'a> {
    text: &'a str,
    offsets: Offsets<'a>,
    events: Parser<'a, StrInput<'a>>,
    tree: TreeBuilder,
    reports: Reports<'a>,
    stack: Vec<Open>,
    anchors: Anchors,
    references: References,
    documents: u32,
    /// Where the last value or bracket ended: what is between there and the next value belongs to the next value.
    last_end: usize,
    /// How many collections are open inside a key, where none can be; their events are skipped.
    inside_key: usize,
}

/// A collection that is being read.
struct Open {
    id: NodeId,
    kind: Kind,
    /// The object a tag put around it.
    wrapper: Option<NodeId>,
    anchor: usize,
    /// For an object: whether a key is due, not a value.
    key_due: bool,
    members: usize,
    merges: bool,
}

/// A scalar as the event parser gives it.
struct Scalar<'e> {
    value: &'e str,
    style: ScalarStyle,
    start: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    /// A reader of `text` from byte `start` on.
    pub(super) fn new(text: &'a str, start: usize, tree: TreeBuilder, reports: Reports<'a>) -> Self {
        Self {
            text,
            offsets: Offsets::new(&text[start..], start),
            events: Parser::new_from_str(&text[start..]),
            tree,
            reports,
            stack: Vec::new(),
            anchors: Anchors::default(),
            references: References::default(),
            documents: 0,
            last_end: start,
            inside_key: 0,
        }
    }

    pub(super) fn run(mut self) -> Tree {
        while !self.reports.stopped() {
            match self.events.next_event() {
                Some(Ok((event, span))) => {
                    if !self.event(event, span) {
                        break;
                    }
                }
                Some(Err(error)) => {
                    syntax::report(&error, &self.offsets, self.text, &mut self.reports);
                    break;
                }
                None => break,
            }
            self.reports.count(self.tree.len(), self.last_end);
        }
        while !self.stack.is_empty() {
            self.close(self.last_end);
        }
        if !self.references.is_empty() && !self.tree.is_empty() {
            let ceiling = self.ceiling();
            expand::expand(&mut self.tree, &self.references, ceiling, &mut self.reports);
        }
        self.tree.finish()
    }

    /// Takes one event; `false` ends reading.
    fn event(&mut self, event: Event<'a>, span: Span) -> bool {
        let (start, end) = (self.offsets.byte(span.start.index()), self.offsets.byte(span.end.index()));
        if self.inside_key > 0 {
            match event {
                Event::SequenceStart(..) | Event::MappingStart(..) => self.inside_key += 1,
                Event::SequenceEnd | Event::MappingEnd => self.inside_key -= 1,
                _ => {}
            }
            return true;
        }
        match event {
            Event::DocumentStart(_) => return self.document(start, end),
            Event::StreamEnd if self.documents == 0 => self.empty(),
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&Scalar { value: &value, style, start, end }, anchor, tag.as_deref());
            }
            Event::SequenceStart(anchor, tag) => self.open(Kind::Array, start, anchor, tag.as_deref()),
            Event::MappingStart(anchor, tag) => self.open(Kind::Object, start, anchor, tag.as_deref()),
            Event::SequenceEnd | Event::MappingEnd => self.close(start),
            Event::Alias(number) => self.alias(number, start, end),
            _ => {}
        }
        true
    }

    fn document(&mut self, start: usize, end: usize) -> bool {
        self.documents += 1;
        if self.documents > 1 {
            self.reports.report(&rules::YAML_UNSUPPORTED, start, end, "a second document in one file", |d| {
                d.label("nothing from here on is read").help("a file holds one value: move the rest to another file")
            });
        }
        self.documents == 1
    }

    fn empty(&mut self) {
        let end = self.text.len();
        self.reports
            .report(&rules::YAML_SYNTAX, end, end, "the file is empty", |d| d.label("a value is expected here"));
    }

    fn open(&mut self, kind: Kind, start: usize, anchor: usize, tag: Option<&Tag>) {
        let start = self.collection_start(kind, start);
        if self.key_due() {
            self.complex_key(start);
            self.inside_key = 1;
            return;
        }
        if self.stack.len() >= self.reports.limits().max_depth as usize {
            return self.reports.too_deep(start);
        }
        let wrapper = self.wrapper(tag, Some(kind), start);
        let id = self.tree.open(kind, start);
        self.anchors.open(anchor);
        let key_due = kind == Kind::Object;
        self.stack.push(Open { id, kind, wrapper, anchor, key_due, members: 0, merges: false });
        if matches!(self.text.as_bytes().get(start), Some(b'[' | b'{')) {
            self.last_end = start + 1;
        }
    }

    /// Where a collection starts. The event of a list that is not indented stands behind its first `-`.
    fn collection_start(&self, kind: Kind, start: usize) -> usize {
        if kind == Kind::Object || matches!(self.text.as_bytes().get(start), Some(b'[' | b'-')) {
            return start;
        }
        let before = self.text[self.last_end.min(start)..start].trim_end_matches([' ', '\t']);
        if before.ends_with('-') {
            self.last_end + before.len() - 1
        } else {
            start
        }
    }

    /// Closes the innermost collection, whose closing bracket, if it has one, stands at `at`.
    fn close(&mut self, at: usize) {
        let Some(open) = self.stack.pop() else { return };
        if open.kind == Kind::Object && !open.key_due {
            self.tree.leaf(Kind::Error, self.last_end, self.last_end);
        }
        let bracket = if open.kind == Kind::Object { b'}' } else { b']' };
        let flow = matches!(self.text.as_bytes().get(self.tree.node(open.id).span().start as usize), Some(b'[' | b'{'));
        if flow && at >= self.last_end && self.text.as_bytes().get(at) == Some(&bracket) {
            self.last_end = at + 1;
        }
        self.last_end = self.last_end.max(self.tree.node(open.id).span().start as usize);
        self.tree.close(open.id, self.last_end);
        if open.members > 1 {
            self.reports.duplicates(self.tree.node(open.id), open.members);
        }
        if open.merges {
            let ceiling = self.ceiling();
            self.references.merge(&self.tree, open.id, ceiling, &mut self.reports);
        }
        self.finish(open.id, open.wrapper, open.anchor);
    }

    /// Ends a value: closes the object its tag put around it and counts it where it belongs.
    fn finish(&mut self, id: NodeId, wrapper: Option<NodeId>, anchor: usize) {
        if let Some(wrapper) = wrapper {
            self.tree.close(wrapper, self.last_end);
        }
        self.anchors.close(anchor, wrapper.unwrap_or(id));
        if let Some(open) = self.stack.last_mut().filter(|open| open.kind == Kind::Object) {
            open.members += usize::from(!open.key_due);
            open.key_due = !open.key_due;
        }
    }

    fn key_due(&self) -> bool {
        self.stack.last().is_some_and(|open| open.key_due)
    }

    fn scalar(&mut self, scalar: &Scalar<'_>, anchor: usize, tag: Option<&Tag>) {
        if self.key_due() {
            return self.key(scalar, anchor, tag);
        }
        let wrapper = self.wrapper(tag, None, scalar.start);
        let id = match tag.map(|tag| tag::meaning(tag, None)) {
            Some(Meaning::String) => self.string(scalar),
            Some(Meaning::Core(wanted)) => self.core(scalar, wanted),
            _ => self.untagged(scalar),
        };
        self.finish(id, wrapper, anchor);
    }

    fn key(&mut self, scalar: &Scalar<'_>, anchor: usize, tag: Option<&Tag>) {
        match tag.map(|tag| tag::meaning(tag, None)) {
            None | Some(Meaning::String | Meaning::Core(_) | Meaning::Nothing) => {}
            Some(_) => self.unsupported(scalar.start, scalar.end, "a tag on a key", "remove the tag"),
        }
        if scalar.value.is_empty() && scalar.style == ScalarStyle::Plain {
            let at = scalar.start.max(self.last_end);
            self.reports.report(&rules::YAML_SYNTAX, at, at, "a key is missing", |d| d.label("a key is expected here"));
        }
        let merges = scalar.value == MERGE_KEY && scalar.style == ScalarStyle::Plain;
        let id = self.string(scalar);
        if let Some(open) = self.stack.last_mut() {
            open.merges |= merges && is_merge_key(self.tree.node(id));
        }
        self.finish(id, None, anchor);
    }

    /// A collection in the place of a key: an empty key takes its place.
    fn complex_key(&mut self, start: usize) {
        self.unsupported(start, start + 1, "a key that is a list or an object", "keys are text in JSON");
        let id = self.tree.leaf(Kind::String, start, start);
        self.finish(id, None, 0);
    }

    fn alias(&mut self, number: usize, start: usize, end: usize) {
        let end = start + self.text[start..end].trim_end().len();
        self.last_end = end;
        let target = self.anchors.get(number);
        let id = match target {
            None => {
                self.unsupported(start, end, "an alias inside the value it stands for", "such a value has no end");
                self.tree.leaf(Kind::Error, start, end)
            }
            Some(target) if self.key_due() => return self.alias_as_key(target, start, end),
            Some(target) => {
                let id = self.tree.leaf(Kind::Null, start, end);
                self.references.aliases.insert(id, target);
                id
            }
        };
        self.finish(id, None, 0);
    }

    fn alias_as_key(&mut self, target: NodeId, start: usize, end: usize) {
        let target = self.tree.node(target);
        if matches!(target.kind(), Kind::Array | Kind::Object | Kind::Error) {
            return self.complex_key(start);
        }
        let text = if target.as_str().is_some() { target.text() } else { target.raw() }.to_owned();
        let map = layout::vague(text.len(), start);
        let id = self.tree.decoded(Kind::String, start, end, text, map);
        self.finish(id, None, 0);
    }

    /// Opens the object that a CloudFormation tag puts around the value at `start`; reports unknown tags.
    fn wrapper(&mut self, tag: Option<&Tag>, kind: Option<Kind>, start: usize) -> Option<NodeId> {
        let tag = tag?;
        let (from, to) = self.tag_place(tag, start);
        match tag::meaning(tag, kind) {
            Meaning::Function(name) => {
                let id = self.tree.open(Kind::Object, from);
                self.tree.decoded(Kind::String, from, to, name, vec![(0, from as u32)]);
                Some(id)
            }
            Meaning::Unknown => {
                let message = format!("the tag `{}` has no meaning here", shown(&self.text[from..to]));
                self.unsupported(from, to, message, "remove the tag; JSON has no types beside its own");
                None
            }
            _ => None,
        }
    }

    /// Where the tag of the value at `start` stands: between the value in front and this one.
    fn tag_place(&self, tag: &Tag, start: usize) -> (usize, usize) {
        let start = start.max(self.last_end);
        let between = &self.text[self.last_end..start];
        let found = between.find(&format!("!{}", tag.suffix)).or_else(|| between.find('!'));
        found.map_or((start, start), |at| {
            let length = between[at..].find(|c: char| c.is_whitespace()).unwrap_or(between.len() - at);
            (self.last_end + at, self.last_end + at + length)
        })
    }

    /// A value without a tag that says what it is.
    fn untagged(&mut self, scalar: &Scalar<'_>) -> NodeId {
        if scalar.style != ScalarStyle::Plain {
            return self.string(scalar);
        }
        match scalar::resolve(scalar.value) {
            Plain::AsWritten(Kind::String) => self.string(scalar),
            plain => self.plain(scalar, plain),
        }
    }

    /// A scalar that has to be `wanted`, as its tag says.
    fn core(&mut self, scalar: &Scalar<'_>, wanted: &str) -> NodeId {
        let plain = scalar::resolve(scalar.value);
        let kind = match &plain {
            Plain::AsWritten(kind) => *kind,
            _ => Kind::Number,
        };
        if kind.word() != wanted {
            let message = format!("the tag asks for {wanted}, and this is {}", kind.word());
            self.unsupported(scalar.start, scalar.end, message, "remove the tag or change the value");
            return self.string(scalar);
        }
        self.plain(scalar, plain)
    }

    fn plain(&mut self, scalar: &Scalar<'_>, plain: Plain) -> NodeId {
        let (start, end) = self.scalar_place(scalar);
        self.last_end = end;
        match plain {
            Plain::AsWritten(Kind::Number) if self.text.get(start..end) != Some(scalar.value) => {
                self.tree.decoded(Kind::Number, start, end, scalar.value, vec![(0, start as u32)])
            }
            Plain::AsWritten(kind) => self.tree.leaf(kind, start, end),
            Plain::Number(text) => self.tree.decoded(Kind::Number, start, end, text, vec![(0, start as u32)]),
            Plain::Unwritable => {
                let message = format!("`{}` is a number JSON cannot write", shown(scalar.value));
                self.unsupported(start, end, message, "use a finite number, or quotes for text");
                self.tree.leaf(Kind::Error, start, end)
            }
        }
    }

    /// Where a scalar that need not be decoded stands.
    fn scalar_place(&self, scalar: &Scalar<'_>) -> (usize, usize) {
        match scalar.style {
            ScalarStyle::Plain if scalar.value.is_empty() => {
                let at = self.absent(scalar.start);
                (at, at)
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let end = layout::quoted(self.text, scalar.start).map_or(scalar.end, |layout| layout.end);
                (scalar.start, end)
            }
            _ => (scalar.start, scalar.end),
        }
    }

    /// Where a value that is not written would stand: behind the colon, or behind what is in front.
    fn absent(&self, start: usize) -> usize {
        let start = start.max(self.last_end);
        if self.text.as_bytes().get(start) == Some(&b':') {
            return start + 1;
        }
        self.last_end + self.text[self.last_end..start].trim_end().len()
    }

    fn string(&mut self, scalar: &Scalar<'_>) -> NodeId {
        match scalar.style {
            ScalarStyle::Plain => self.plain_string(scalar),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => self.quoted_string(scalar),
            ScalarStyle::Literal | ScalarStyle::Folded => self.block_string(scalar),
        }
    }

    fn plain_string(&mut self, scalar: &Scalar<'_>) -> NodeId {
        let (start, end) = self.scalar_place(scalar);
        self.last_end = end;
        if self.text.get(start..end) == Some(scalar.value) {
            return self.tree.leaf(Kind::String, start, end);
        }
        let layout = layout::plain(self.text, start, end);
        self.decoded(scalar.value, start, end, layout)
    }

    fn quoted_string(&mut self, scalar: &Scalar<'_>) -> NodeId {
        let Some(layout) = layout::quoted(self.text, scalar.start) else {
            self.last_end = scalar.end;
            return self.decoded(scalar.value, scalar.start, scalar.end, layout::Layout::default());
        };
        self.last_end = layout.end;
        if self.text.get(scalar.start + 1..layout.end - 1) == Some(scalar.value) {
            return self.tree.leaf(Kind::String, scalar.start, layout.end);
        }
        let end = layout.end;
        self.decoded(scalar.value, scalar.start, end, layout)
    }

    /// Adds a string with the map of `layout`, if that read the same text; else only its start is known.
    fn decoded(&mut self, value: &str, start: usize, end: usize, layout: layout::Layout) -> NodeId {
        let map = if layout.decoded.text == value { layout.decoded.map } else { layout::vague(value.len(), start) };
        self.tree.decoded(Kind::String, start, end, value, map)
    }

    fn block_string(&mut self, scalar: &Scalar<'_>) -> NodeId {
        let content = scalar.start.max(self.last_end);
        let line = self.text[..content].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let map = layout::block(self.text, content, content - line, scalar.value);
        let header = self.block_header(content);
        let end = content + self.text[content..scalar.end.max(content)].trim_end().len();
        let end = end.max(header + usize::from(header < content));
        self.last_end = end;
        self.tree.decoded(Kind::String, header, end, scalar.value, map)
    }

    /// Where the `|` or `>` of the block scalar with that first character stands.
    fn block_header(&self, content: usize) -> usize {
        let between = &self.text[self.last_end..content];
        let found = between.match_indices(['|', '>']).find(|(at, _)| {
            let rest = between[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
            rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])
        });
        found.map_or(content, |(at, _)| self.last_end + at)
    }

    fn unsupported(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) {
        self.reports.report(&rules::YAML_UNSUPPORTED, start, end, message, |d| d.help(help));
    }

    /// How many values aliases and merge keys may stand for.
    fn ceiling(&self) -> usize {
        let by_size = ALWAYS_EXPANDED.saturating_add(self.text.len().saturating_mul(2));
        by_size.min(self.reports.limits().max_nodes as usize)
    }
}
