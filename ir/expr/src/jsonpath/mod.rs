//! JSONPath as Jayway understands it, with the roots Amazon States Language adds: `$$` and `$variable`.
//!
//! Jayway is the reference for what parses, its leniency included: a path may lack the dot behind a bracket, and
//! one stray last character is ignored ([`Path::ignored`]). Stricter on purpose, because Jayway would read
//! something nobody means: nothing may follow a function, unknown functions are refused, and `!@.a == 1` needs
//! parentheses.

mod error;
mod eval;
mod filter;
mod function;
mod literal;
mod parse;
mod pattern;
mod predicate;
mod print;
#[cfg(test)]
mod tests;

use wfc_diag::TextRange;

use crate::rules::NOT_A_REFERENCE_PATH;
use crate::{ExprError, Value};

pub use error::{PathError, PathErrorKind};
pub(crate) use parse::parse_argument;
pub use parse::Flavor;
pub use pattern::Pattern;

/// How deep filters, parentheses, literals and function arguments may nest.
pub const MAX_NESTING: usize = 64;

/// Parses a path of Amazon States Language.
pub fn parse(text: &str) -> Result<Path, ExprError> {
    parse::parse(text, Flavor::Asl)
}

/// Parses a path with the roots of `flavor`.
pub fn parse_as(text: &str, flavor: Flavor) -> Result<Path, ExprError> {
    parse::parse(text, flavor)
}

/// A parsed path. Equality ignores positions.
#[derive(Clone, Debug)]
pub struct Path {
    /// What the segments start from.
    pub root: Root,
    /// The steps from there.
    pub segments: Vec<Segment>,
    /// Where the path stands.
    pub range: TextRange,
    /// A last character that Jayway does not look at, as in `$.a[`.
    pub ignored: Option<TextRange>,
}

/// What a path starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the document.
    Doc,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(Box<str>),
    /// `@`: the item a filter looks at.
    Item,
}

/// A step of a path. Equality ignores positions.
#[derive(Clone, Debug)]
pub struct Segment {
    /// What the step does.
    pub kind: SegmentKind,
    /// The name, the brackets or the two dots.
    pub range: TextRange,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// `.name` or `['name']`
    Member(Box<str>),
    /// `['a','b']`: an object of these members.
    Members(Box<[Box<str>]>),
    /// `[0]`; negative from the end.
    Index(i32),
    /// `[0,2]`
    Indices(Box<[i32]>),
    /// `[from:to]`; at least one is given.
    Slice {
        /// The first index.
        from: Option<i32>,
        /// The index behind the last.
        to: Option<i32>,
    },
    /// `.*` or `[*]`
    Wildcard,
    /// `..`: the next step applies at every depth.
    Scan,
    /// `[?(…)]`
    Filter(Box<Predicate>),
    /// `.length()`; always the last step.
    Call(Box<Call>),
}

/// A function at the end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which.
    pub function: Function,
    /// Its arguments.
    pub args: Vec<Operand>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// As it is written in a path.
            pub fn text(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
    };
}

words! {
    /// A function of Jayway.
    Function {
        /// The mean of numbers.
        Avg = "avg",
        /// Their standard deviation.
        StdDev = "stddev",
        /// Their sum.
        Sum = "sum",
        /// The least.
        Min = "min",
        /// The greatest.
        Max = "max",
        /// Strings joined.
        Concat = "concat",
        /// How many items or members.
        Length = "length",
        /// The same as `length`.
        Size = "size",
        /// An array with an item added.
        Append = "append",
        /// The names of an object's members.
        Keys = "keys",
        /// The first item.
        First = "first",
        /// The last item.
        Last = "last",
        /// The item at an index.
        Index = "index",
    }
}

words! {
    /// How two operands of a filter are compared. Words are read in any case.
    Comparison {
        /// Equal after conversion.
        Eq = "==",
        /// Equal, of the same type.
        StrictEq = "===",
        /// Not equal after conversion.
        Ne = "!=",
        /// Not equal, or of another type.
        StrictNe = "!==",
        /// Less.
        Lt = "<",
        /// Less or equal.
        Le = "<=",
        /// Greater.
        Gt = ">",
        /// Greater or equal.
        Ge = ">=",
        /// Matches a regular expression.
        Matches = "=~",
        /// Is an item of the right side.
        In = "in",
        /// Is no item of the right side.
        Nin = "nin",
        /// Has the right side as an item or a part.
        Contains = "contains",
        /// Has every item of the right side.
        All = "all",
        /// Has this length.
        Size = "size",
        /// Whether it is there.
        Exists = "exists",
        /// Is of this type.
        Type = "type",
        /// Whether it is empty.
        Empty = "empty",
        /// Every item is in the right side.
        SubsetOf = "subsetof",
        /// Some item is in the right side.
        AnyOf = "anyof",
        /// No item is in the right side.
        NoneOf = "noneof",
    }
}

/// The condition of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// `a || b`; at least two.
    Or(Vec<Predicate>),
    /// `a && b`; at least two.
    And(Vec<Predicate>),
    /// `!(a)`
    Not(Box<Predicate>),
    /// A path alone: it selects something.
    Exists(Path),
    /// `a == b`
    Compare(Operand, Comparison, Operand),
}

/// A side of a comparison, or an argument. Equality ignores positions.
#[derive(Clone, Debug)]
pub struct Operand {
    /// What it is.
    pub kind: OperandKind,
    /// Where it stands.
    pub range: TextRange,
}

/// What an operand is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperandKind {
    /// What a path selects.
    Path(Path),
    /// A value.
    Literal(Value),
    /// A regular expression.
    Regex(Pattern),
}

/// A step that names one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The member of this name.
    Member(&'a str),
    /// The item at this index.
    Index(i32),
}

impl Path {
    /// Whether the path selects at most one value, in Jayway's sense: what it yields is then that value and not
    /// a list.
    pub fn definite(&self) -> bool {
        let last = self.segments.len().saturating_sub(1);
        let calls = matches!(self.segments.last(), Some(Segment { kind: SegmentKind::Call(_), .. }));
        // Behind a scan right at the root Jayway applies a function once, to all that was found.
        let scans = self.segments.first().is_some_and(|segment| segment.kind == SegmentKind::Scan);
        (calls && scans) || self.segments.iter().enumerate().all(|(at, segment)| segment.kind.definite(at == last))
    }

    /// Refuses a path that is not limited to members and single indices, as fields that *write* need.
    pub fn require_reference(&self) -> Result<(), ExprError> {
        match self.segments.iter().find(|segment| segment.kind.step().is_none()) {
            None => Ok(()),
            Some(segment) => Err(ExprError::new(
                &NOT_A_REFERENCE_PATH,
                segment.range,
                format!("a reference path cannot contain {}", segment.kind.describe()),
            )
            .label("not a single member or index")
            .help("use only names and single indices, as in `$.order.items[0]`")),
        }
    }

    /// Whether [`Path::require_reference`] holds.
    pub fn is_reference_path(&self) -> bool {
        self.segments.iter().all(|segment| segment.kind.step().is_some())
    }

    /// The steps up to the first that does not name one place.
    pub fn static_prefix(&self) -> impl Iterator<Item = Step<'_>> {
        self.segments.iter().map_while(|segment| segment.kind.step())
    }

    /// The variable the path starts from.
    pub fn variable(&self) -> Option<&str> {
        match &self.root {
            Root::Variable(name) => Some(name),
            _ => None,
        }
    }

    /// The paths inside filters and arguments, at any depth.
    pub fn nested(&self) -> Vec<&Path> {
        let mut found = Vec::new();
        let mut work = vec![self];
        while let Some(path) = work.pop() {
            let from = found.len();
            path.segments.iter().for_each(|segment| segment.kind.collect_paths(&mut found));
            work.extend_from_slice(&found[from..]);
        }
        found
    }
}

impl SegmentKind {
    fn definite(&self, last: bool) -> bool {
        match self {
            SegmentKind::Member(_) | SegmentKind::Index(_) | SegmentKind::Call(_) => true,
            SegmentKind::Members(_) => last,
            _ => false,
        }
    }

    fn step(&self) -> Option<Step<'_>> {
        match self {
            SegmentKind::Member(name) => Some(Step::Member(name)),
            SegmentKind::Index(index) => Some(Step::Index(*index)),
            _ => None,
        }
    }

    /// The kind of step, as a noun.
    fn describe(&self) -> &'static str {
        match self {
            SegmentKind::Member(_) => "a name",
            SegmentKind::Members(_) => "several names",
            SegmentKind::Index(_) => "an index",
            SegmentKind::Indices(_) => "several indices",
            SegmentKind::Slice { .. } => "a slice",
            SegmentKind::Wildcard => "a wildcard",
            SegmentKind::Scan => "a deep scan",
            SegmentKind::Filter(_) => "a filter",
            SegmentKind::Call(_) => "a function",
        }
    }

    fn collect_paths<'a>(&'a self, found: &mut Vec<&'a Path>) {
        match self {
            SegmentKind::Filter(predicate) => predicate.collect_paths(found),
            SegmentKind::Call(call) => found.extend(call.args.iter().filter_map(Operand::path)),
            _ => {}
        }
    }
}

impl Predicate {
    fn collect_paths<'a>(&'a self, found: &mut Vec<&'a Path>) {
        let mut work = vec![self];
        while let Some(predicate) = work.pop() {
            match predicate {
                Predicate::Or(parts) | Predicate::And(parts) => work.extend(parts.iter().rev()),
                Predicate::Not(inner) => work.push(inner),
                Predicate::Exists(path) => found.push(path),
                Predicate::Compare(left, _, right) => found.extend([left, right].into_iter().filter_map(Operand::path)),
            }
        }
    }
}

impl Operand {
    /// The path, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.kind {
            OperandKind::Path(path) => Some(path),
            _ => None,
        }
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root && self.segments == other.segments
    }
}

impl Eq for Path {}

impl PartialEq for Segment {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Segment {}

impl PartialEq for Operand {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Operand {}
