//! A decoded file: objects whose members are known fields, still pointing at the text they were written in.

use rustc_hash::FxHashSet;
use wfc_source::{Node, NodeId};

use super::{
    BatchField, Catcher, Field, FieldSet, Language, MachineField, ProcessorField, ReaderConfigField, ReaderField,
    Retrier, RuleField, StateKind, WriterConfigField, WriterField,
};

/// A member of an object that is a known field.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t, F> {
    /// Which field.
    pub field: F,
    /// Its name in the file.
    pub key: Node<'t>,
    /// Its value.
    pub value: Node<'t>,
    /// Whether the value has the shape it must have. If not, that has been reported.
    pub ok: bool,
}

/// An object with its known fields, in the order of the file.
#[derive(Clone, Debug)]
pub struct Object<'t, F> {
    /// Where it stands.
    pub node: Node<'t>,
    /// Large files have many fields, so a field is kept as small as it can be.
    members: Vec<Compact<F>>,
}

#[derive(Clone, Copy, Debug)]
struct Compact<F> {
    key: NodeId,
    value: NodeId,
    field: F,
    ok: bool,
}

impl<'t, F: FieldSet> Object<'t, F> {
    /// An object of which no field is known yet.
    pub fn new(node: Node<'t>) -> Self {
        Self { node, members: Vec::new() }
    }

    /// Adds a field.
    pub fn push(&mut self, entry: Entry<'t, F>) {
        let Entry { field, key, value, ok } = entry;
        self.members.push(Compact { key: key.id(), value: value.id(), field, ok });
    }

    /// Its fields.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Entry<'t, F>> + Clone + '_ {
        self.members.iter().map(|member| self.expanded(member))
    }

    /// The value of a field, if it is there and of the right shape.
    pub fn get(&self, field: F) -> Option<Node<'t>> {
        self.entry(field).filter(|entry| entry.ok).map(|entry| entry.value)
    }

    /// The field as it stands in the file, whatever its value. Of several the last counts.
    pub fn entry(&self, field: F) -> Option<Entry<'t, F>> {
        self.members.iter().rev().find(|member| member.field == field).map(|member| self.expanded(member))
    }

    /// Whether the field is there, whatever its value.
    pub fn has(&self, field: F) -> bool {
        self.members.iter().any(|member| member.field == field)
    }

    /// Whether it has no field at all.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn expanded(&self, member: &Compact<F>) -> Entry<'t, F> {
        let tree = self.node.tree();
        Entry { field: member.field, key: tree.node(member.key), value: tree.node(member.value), ok: member.ok }
    }
}

/// All state machines of a file; the first is the outermost.
#[derive(Clone, Debug, Default)]
pub struct Program<'t> {
    /// Outer ones come before those inside them.
    pub machines: Vec<Machine<'t>>,
}

/// Where a machine stands inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// The position of the outer machine in [`Program::machines`].
    pub machine: usize,
    /// The position of the state in [`Machine::states`].
    pub state: usize,
}

/// The whole machine, a branch, or the machine of a `Map`.
#[derive(Clone, Debug)]
pub struct Machine<'t> {
    /// Its fields.
    pub object: Object<'t, MachineField>,
    /// Its states, in the order of the file; of two with one name only the last, as everywhere in JSON.
    pub states: Vec<State<'t>>,
    /// Names of members of `States` that could not be read as states. That has been reported.
    pub unread: FxHashSet<&'t str>,
    /// Which state it is inside.
    pub within: Option<Within>,
    /// `ProcessorConfig`.
    pub processor: Option<Object<'t, ProcessorField>>,
}

/// A state.
#[derive(Clone, Debug)]
pub struct State<'t> {
    /// Its name: a key.
    pub name: Node<'t>,
    /// What kind it is; absent when the file does not say.
    pub kind: Option<StateKind>,
    /// The query language in force.
    pub language: Language,
    /// Its fields.
    pub object: Object<'t, Field>,
    /// `Retry`.
    pub retry: Vec<Object<'t, Retrier>>,
    /// `Catch`.
    pub catch: Vec<Object<'t, Catcher>>,
    /// `Choices`.
    pub choices: Vec<Rule<'t>>,
    /// What only a `Map` has.
    pub map: Option<Box<MapParts<'t>>>,
    /// The positions in [`Program::machines`] of the machines inside it.
    pub inner: Vec<usize>,
}

impl<'t> State<'t> {
    /// The names of the states it leads to, as they are written.
    pub fn targets(&self) -> impl Iterator<Item = Node<'t>> + '_ {
        let own = [Field::Next, Field::Default].into_iter().filter_map(|field| self.object.get(field));
        let caught = self.catch.iter().filter_map(|catcher| catcher.get(Catcher::Next));
        own.chain(caught).chain(self.choices.iter().filter_map(|rule| rule.object.get(RuleField::Next)))
    }
}

/// How the machine of a `Map` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Processor {
    /// As `ItemProcessor`.
    #[default]
    ItemProcessor,
    /// As `Iterator`, the older name.
    Iterator,
}

/// The objects only a `Map` has.
#[derive(Clone, Debug, Default)]
pub struct MapParts<'t> {
    /// How its machine is called.
    pub processor: Processor,
    /// `ItemReader`.
    pub reader: Option<Object<'t, ReaderField>>,
    /// `ItemReader.ReaderConfig`.
    pub reader_config: Option<Object<'t, ReaderConfigField>>,
    /// `ItemBatcher`.
    pub batch: Option<Object<'t, BatchField>>,
    /// `ResultWriter`.
    pub writer: Option<Object<'t, WriterField>>,
    /// `ResultWriter.WriterConfig`.
    pub writer_config: Option<Object<'t, WriterConfigField>>,
}

/// A choice rule, or a condition inside one.
#[derive(Clone, Debug)]
pub struct Rule<'t> {
    /// Its fields.
    pub object: Object<'t, RuleField>,
    /// The conditions inside `And`, `Or` or `Not`.
    pub parts: Vec<Rule<'t>>,
}
