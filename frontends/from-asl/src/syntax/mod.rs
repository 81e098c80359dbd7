//! The syntax of Amazon States Language: which fields exist, where, in which query language, and of what shape.
//!
//! The tables here are the only place that lists fields. The decoder checks files against them and the editor
//! schema is written from them, so the two cannot disagree.

mod fields;
mod tree;

pub use fields::{
    BatchField, Catcher, CredentialField, Field, Language, MachineField, Operand, ProcessorField, ReaderConfigField,
    ReaderField, Retrier, RuleField, Test, WriterConfigField, WriterField,
};
pub use tree::{Entry, Machine, MapParts, Object, Processor, Program, Rule, State, Within};

/// A kind of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StateKind {
    /// `Task`
    Task,
    /// `Wait`
    Wait,
    /// `Pass`
    Pass,
    /// `Succeed`
    Succeed,
    /// `Fail`
    Fail,
    /// `Choice`
    Choice,
    /// `Parallel`
    Parallel,
    /// `Map`
    Map,
}

impl StateKind {
    /// All of them, in the order in which the owner lists them.
    pub const ALL: [StateKind; 8] = [
        StateKind::Task,
        StateKind::Wait,
        StateKind::Pass,
        StateKind::Succeed,
        StateKind::Fail,
        StateKind::Choice,
        StateKind::Parallel,
        StateKind::Map,
    ];

    /// As it is written in a file.
    pub fn name(self) -> &'static str {
        match self {
            StateKind::Task => "Task",
            StateKind::Wait => "Wait",
            StateKind::Pass => "Pass",
            StateKind::Succeed => "Succeed",
            StateKind::Fail => "Fail",
            StateKind::Choice => "Choice",
            StateKind::Parallel => "Parallel",
            StateKind::Map => "Map",
        }
    }

    /// The kind called `name`.
    pub fn of(name: &str) -> Option<StateKind> {
        StateKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A set of kinds of states, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Every kind; also for objects that are no states.
    pub const ALL: Kinds = Kinds(0xff);

    /// The set of those given.
    pub const fn of(kinds: &[StateKind]) -> Kinds {
        let (mut bits, mut at) = (0, 0);
        while at < kinds.len() {
            bits |= 1 << kinds[at] as u8;
            at += 1;
        }
        Kinds(bits)
    }

    /// All but these.
    pub const fn except(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }

    /// Whether `kind` is one of them.
    pub const fn has(self, kind: StateKind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Those in it, in the owner's order.
    pub fn iter(self) -> impl Iterator<Item = StateKind> {
        StateKind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }
}

/// In which query languages a field exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum In {
    /// In both.
    Both,
    /// In JSONPath only.
    JsonPath,
    /// In JSONata only.
    Jsonata,
}

impl In {
    /// Whether the field exists in `language`.
    pub fn has(self, language: Language) -> bool {
        match self {
            In::Both => true,
            In::JsonPath => language == Language::JsonPath,
            In::Jsonata => language == Language::Jsonata,
        }
    }
}

/// What the value of a field looks like. Where a number is due, JSONata states also take `{% … %}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Any JSON.
    Any,
    /// A string.
    Text,
    /// A string that may be an expression in JSONata.
    TextOrExpression,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// The name of a state.
    StateName,
    /// `true` or `false`.
    Bool,
    /// A boolean, or an expression in JSONata.
    BoolOrExpression,
    /// A whole number in a range, never an expression.
    Whole(i64, i64),
    /// A whole number in a range, or an expression in JSONata.
    WholeOrExpression(i64, i64),
    /// A number in a range, or an expression in JSONata.
    NumberOrExpression(f64, f64),
    /// A number of at least this, never an expression.
    Number(f64),
    /// Any number, never an expression.
    AnyNumber,
    /// A JSONPath.
    Path,
    /// A JSONPath, or `null`.
    PathOrNull,
    /// A JSONPath that names one place, or `null`.
    ReferencePathOrNull,
    /// A JSONPath or a call of an intrinsic function.
    PathOrCall,
    /// A JSON object whose values may be computed.
    Template,
    /// In JSONPath a JSON object whose values may be computed, in JSONata any JSON.
    Payload,
    /// In JSONata: an array, or an expression that yields one.
    Items,
    /// An RFC 3339 instant, or an expression in JSONata.
    Timestamp,
    /// An object; it has a table of its own.
    Object,
    /// An array of objects that have a table of their own.
    Objects,
    /// An array of strings.
    Texts,
}

/// What the tables say about a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec {
    /// Its name.
    pub name: &'static str,
    /// The query languages it exists in.
    pub languages: In,
    /// The kinds of states it belongs to.
    pub kinds: Kinds,
    /// What its value looks like.
    pub shape: Shape,
    /// What it is for, in one sentence.
    pub doc: &'static str,
}

/// The fields of one kind of object.
pub trait FieldSet: Copy + PartialEq + 'static {
    /// What such an object is called, with an article.
    const WHAT: &'static str;
    /// Their specifications, in the order of the fields.
    const SPECS: &'static [Spec];

    /// The field called `name`.
    fn of(name: &str) -> Option<Self>;

    /// Its position in [`FieldSet::SPECS`].
    fn index(self) -> usize;

    /// Its specification.
    fn spec(self) -> &'static Spec {
        &Self::SPECS[self.index()]
    }
}
