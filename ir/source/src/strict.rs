//! Fields of objects, read strictly: what is unknown, missing or of the wrong type is reported where it stands.

use std::sync::Arc;

use wfc_diag::{Diagnostic, Rule, Safety, Sink, Span};
use wfc_expr::nearest::nearest;
use wfc_expr::value::Number;

use crate::{Kind, Member, Node};

/// Something with its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// The fields of an object: those that are read, and those of the full format that are not supported yet.
#[derive(Debug)]
pub struct Table {
    /// What the object is called in messages.
    pub what: &'static str,
    /// Fields that are read.
    pub fields: &'static [&'static str],
    /// Fields that are known and refused.
    pub later: &'static [&'static str],
}

/// What differs from dialect to dialect: the rules, and how things are called and written.
#[derive(Debug)]
pub struct Dialect {
    /// A field that must be there is not.
    pub missing: &'static Rule,
    /// A field that the format does not have.
    pub unknown: &'static Rule,
    /// A field of the full format that is not supported yet.
    pub unsupported: &'static Rule,
    /// A value of the wrong type.
    pub wrong_type: &'static Rule,
    /// A value of the right type that is not allowed.
    pub bad_value: &'static Rule,
    /// What an object is called, with its article.
    pub object: &'static str,
    /// How a key is written.
    pub key: fn(&str) -> String,
    /// How a missing field is written, its value left open.
    pub member: fn(&str) -> String,
}

impl Dialect {
    /// Reports a value of the wrong type; what could not be read at all was reported before.
    pub fn wrong_type(&self, node: Node<'_>, what: &str, expected: &str, sink: &mut Sink) {
        if node.kind() != Kind::Error {
            let found = node.kind().word();
            let message = format!("{what} must be {expected}, not {found}");
            sink.push(Diagnostic::new(self.wrong_type, node.span(), message).label(format!("this is {found}")));
        }
    }

    /// Reports a value that is not allowed.
    pub fn bad_value(&self, span: Span, message: String, sink: &mut Sink) {
        sink.push(Diagnostic::new(self.bad_value, span, message));
    }

    fn text(&self, node: Node<'_>, name: &str, sink: &mut Sink) -> Option<Spanned<Arc<str>>> {
        match node.as_str() {
            Some(text) => Some(Spanned { value: text.into(), span: node.span() }),
            None => {
                self.wrong_type(node, &format!("'{name}'"), "a string", sink);
                None
            }
        }
    }
}

/// Adds "did you mean", with the change that makes it so; `written` says how a name is written at the place.
pub fn suggest(found: Diagnostic, span: Span, name: Option<&str>, written: impl FnOnce(&str) -> String) -> Diagnostic {
    match name {
        None => found,
        Some(name) => found.help(format!("did you mean '{name}'?")).fix(
            format!("Replace it by '{name}'"),
            Safety::Unsafe,
            vec![(span, written(name))],
        ),
    }
}

/// An object that is being read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'t> {
    node: Node<'t>,
    table: &'static Table,
    dialect: &'static Dialect,
}

impl<'t> Reader<'t> {
    /// The fields of `node`, if it is an object.
    pub fn of(node: Node<'t>, table: &'static Table, dialect: &'static Dialect, sink: &mut Sink) -> Option<Self> {
        if !node.is_object() {
            dialect.wrong_type(node, table.what, dialect.object, sink);
            return None;
        }
        Some(Self { node, table, dialect })
    }

    /// Reports fields that do not belong into the object.
    pub fn strict(self, sink: &mut Sink) -> Self {
        for member in self.node.members() {
            let name = member.name();
            if self.table.later.contains(&name) {
                sink.push(self.unsupported(member.key.span(), name));
            } else if !self.table.fields.contains(&name) {
                sink.push(self.unknown(member.key.span(), name));
            }
        }
        self
    }

    /// The same object with the fields of another table.
    pub fn with(self, table: &'static Table) -> Self {
        Self { table, ..self }
    }

    /// Its place.
    pub fn span(&self) -> Span {
        self.node.span()
    }

    /// A field, unless it could not be read.
    pub fn get(&self, name: &str) -> Option<Node<'t>> {
        self.node.get(name).filter(|node| node.kind() != Kind::Error)
    }

    /// A field that must be there.
    pub fn required(&self, name: &str, sink: &mut Sink) -> Option<Node<'t>> {
        if self.node.get(name).is_none() {
            let message = format!("{} needs the field '{name}'", self.table.what);
            sink.push(
                Diagnostic::new(self.dialect.missing, first_line(self.node), message)
                    .label(format!("'{name}' is missing"))
                    .help(format!("add {}", (self.dialect.member)(name))),
            );
        }
        self.get(name)
    }

    /// A text that must be there and not be empty.
    pub fn name(&self, name: &str, sink: &mut Sink) -> Option<Spanned<Arc<str>>> {
        let found = self.dialect.text(self.required(name, sink)?, name, sink)?;
        if found.value.is_empty() {
            self.dialect.bad_value(found.span, format!("'{name}' must not be empty"), sink);
            return None;
        }
        Some(found)
    }

    /// A string.
    pub fn text(&self, name: &str, sink: &mut Sink) -> Option<Spanned<Arc<str>>> {
        self.dialect.text(self.get(name)?, name, sink)
    }

    /// A number.
    pub fn number(&self, name: &str, sink: &mut Sink) -> Option<Spanned<Number>> {
        let node = self.get(name)?;
        let number = node.as_number().and_then(Number::from_text);
        if number.is_none() {
            self.dialect.wrong_type(node, &format!("'{name}'"), "a number", sink);
        }
        number.map(|value| Spanned { value, span: node.span() })
    }

    /// An array of strings.
    pub fn texts(&self, name: &str, sink: &mut Sink) -> Vec<Spanned<Arc<str>>> {
        let Some(node) = self.get(name) else { return Vec::new() };
        if !node.is_array() {
            self.dialect.wrong_type(node, &format!("'{name}'"), "an array of strings", sink);
            return Vec::new();
        }
        node.items().filter_map(|item| self.dialect.text(item, &format!("an entry of {name}"), sink)).collect()
    }

    /// An object of strings.
    pub fn pairs(&self, name: &str, sink: &mut Sink) -> Vec<(Arc<str>, Arc<str>)> {
        let Some(node) = self.get(name) else { return Vec::new() };
        if !node.is_object() {
            self.dialect.wrong_type(node, &format!("'{name}'"), &format!("{} of strings", self.dialect.object), sink);
            return Vec::new();
        }
        let pair = |member: Member<'_>| {
            let value = self.dialect.text(member.value, member.name(), sink)?;
            Some((Arc::from(member.name()), value.value))
        };
        node.members().filter_map(pair).collect()
    }

    /// The elements of an array that must be there.
    pub fn list(&self, name: &str, sink: &mut Sink) -> Vec<Node<'t>> {
        match self.required(name, sink) {
            Some(node) if node.is_array() => node.items().collect(),
            Some(node) => {
                self.dialect.wrong_type(node, &format!("'{name}'"), "an array", sink);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn unknown(&self, span: Span, name: &str) -> Diagnostic {
        let Table { what, fields, .. } = self.table;
        let found = Diagnostic::new(self.dialect.unknown, span, format!("{what} has no field '{name}'"));
        suggest(found.label("unknown field"), span, nearest(name, fields.iter().copied()), self.dialect.key)
            .note(format!("its fields are {}", fields.join(", ")))
    }

    fn unsupported(&self, span: Span, name: &str) -> Diagnostic {
        let message = format!("the field '{name}' of {} is not supported yet", self.table.what);
        Diagnostic::new(self.dialect.unsupported, span, message).label("part of the format, but not of this version")
    }
}

/// The first line of an object, so that a missing field does not underline all of it.
fn first_line(node: Node<'_>) -> Span {
    let span = node.span();
    let len = node.raw().lines().next().map_or(0, str::len);
    Span::new(span.file, span.start as usize, span.start as usize + len)
}
