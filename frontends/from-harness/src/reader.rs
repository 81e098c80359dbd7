//! Fields of objects, decoded strictly: what is unknown, missing or of the wrong type is reported where it stands.

use std::sync::Arc;

use wfc_diag::{Diagnostic, Safety, Sink, Span};
use wfc_expr::nearest::nearest;
use wfc_expr::value::Number;
use wfc_expr::Value;
use wfc_source::{Kind, Node};

use crate::rules;
use crate::syntax::{Name, Spanned, Table};

/// An object that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'t> {
    node: Node<'t>,
    table: &'static Table,
}

impl<'t> Reader<'t> {
    /// The fields of `node`, if it is an object.
    pub(crate) fn of(node: Node<'t>, table: &'static Table, sink: &mut Sink) -> Option<Self> {
        if !node.is_object() {
            wrong_type(node, table.what, "an object", sink);
            return None;
        }
        Some(Self { node, table })
    }

    /// Reports fields that do not belong into the object.
    pub(crate) fn strict(self, sink: &mut Sink) -> Self {
        for member in self.node.members() {
            let name = member.name();
            if self.table.later.contains(&name) {
                sink.push(unsupported(member.key.span(), name, self.table));
            } else if !self.table.fields.contains(&name) {
                sink.push(unknown(member.key.span(), name, self.table));
            }
        }
        self
    }

    /// The same object with the fields of another table.
    pub(crate) fn with(self, table: &'static Table) -> Self {
        Self { table, ..self }
    }

    pub(crate) fn span(&self) -> Span {
        self.node.span()
    }

    pub(crate) fn get(&self, name: &str) -> Option<Node<'t>> {
        self.node.get(name).filter(|node| node.kind() != Kind::Error)
    }

    /// A field that must be there.
    pub(crate) fn required(&self, name: &str, sink: &mut Sink) -> Option<Node<'t>> {
        if self.node.get(name).is_none() {
            let message = format!("{} needs the field '{name}'", self.table.what);
            sink.push(
                Diagnostic::new(&rules::MISSING_FIELD, first_line(self.node), message)
                    .label(format!("'{name}' is missing"))
                    .help(format!("add \"{name}\"")),
            );
        }
        self.get(name)
    }

    /// A text that must be there and not be empty.
    pub(crate) fn name(&self, name: &str, sink: &mut Sink) -> Option<Name> {
        let found = text(self.required(name, sink)?, name, sink)?;
        if found.value.is_empty() {
            bad_value(found.span, format!("'{name}' must not be empty"), sink);
            return None;
        }
        Some(found)
    }

    pub(crate) fn text(&self, name: &str, sink: &mut Sink) -> Option<Name> {
        text(self.get(name)?, name, sink)
    }

    pub(crate) fn number(&self, name: &str, sink: &mut Sink) -> Option<Spanned<Number>> {
        let node = self.get(name)?;
        let number = node.as_number().and_then(Number::from_text);
        if number.is_none() {
            wrong_type(node, &format!("'{name}'"), "a number", sink);
        }
        number.map(|value| Spanned { value, span: node.span() })
    }

    /// An array of strings.
    pub(crate) fn texts(&self, name: &str, sink: &mut Sink) -> Vec<Name> {
        let Some(node) = self.get(name) else { return Vec::new() };
        if !node.is_array() {
            wrong_type(node, &format!("'{name}'"), "an array of strings", sink);
            return Vec::new();
        }
        node.items().filter_map(|item| text(item, &format!("an entry of {name}"), sink)).collect()
    }

    /// An object of strings.
    pub(crate) fn pairs(&self, name: &str, sink: &mut Sink) -> Vec<(Arc<str>, Arc<str>)> {
        let Some(node) = self.get(name) else { return Vec::new() };
        if !node.is_object() {
            wrong_type(node, &format!("'{name}'"), "an object of strings", sink);
            return Vec::new();
        }
        let pair = |member: wfc_source::Member<'_>| {
            let value = text(member.value, member.name(), sink)?;
            Some((Arc::from(member.name()), value.value))
        };
        node.members().filter_map(pair).collect()
    }

    /// The elements of an array that must be there.
    pub(crate) fn list(&self, name: &str, sink: &mut Sink) -> Vec<Node<'t>> {
        match self.required(name, sink) {
            Some(node) if node.is_array() => node.items().collect(),
            Some(node) => {
                wrong_type(node, &format!("'{name}'"), "an array", sink);
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

fn text(node: Node<'_>, name: &str, sink: &mut Sink) -> Option<Name> {
    match node.as_str() {
        Some(text) => Some(Spanned { value: text.into(), span: node.span() }),
        None => {
            wrong_type(node, &format!("'{name}'"), "a string", sink);
            None
        }
    }
}

/// The value a tree stands for. A tree is never deeper than the reader of the file allows, which bounds the recursion.
pub(crate) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null | Kind::Error => Value::Null,
        Kind::Bool(value) => value.into(),
        Kind::Number => Number::from_text(node.text()).map_or(Value::Null, Value::Number),
        Kind::String => node.text().into(),
        Kind::Array => node.items().map(value).collect(),
        Kind::Object => node.members().map(|member| (member.name(), value(member.value))).collect(),
    }
}

/// Reports a value of the wrong type; what could not be read at all was reported before.
pub(crate) fn wrong_type(node: Node<'_>, what: &str, expected: &str, sink: &mut Sink) {
    if node.kind() != Kind::Error {
        let found = node.kind().word();
        let message = format!("{what} must be {expected}, not {found}");
        sink.push(Diagnostic::new(&rules::WRONG_TYPE, node.span(), message).label(format!("this is {found}")));
    }
}

pub(crate) fn bad_value(span: Span, message: String, sink: &mut Sink) {
    sink.push(Diagnostic::new(&rules::BAD_VALUE, span, message));
}

fn unknown(span: Span, name: &str, table: &Table) -> Diagnostic {
    let message = format!("{} has no field '{name}'", table.what);
    let found = Diagnostic::new(&rules::UNKNOWN_FIELD, span, message).label("unknown field");
    suggest(found, span, nearest(name, table.fields.iter().copied()))
        .note(format!("its fields are {}", table.fields.join(", ")))
}

fn unsupported(span: Span, name: &str, table: &Table) -> Diagnostic {
    let message = format!("the field '{name}' of {} is not supported yet", table.what);
    Diagnostic::new(&rules::UNSUPPORTED, span, message).label("part of the format, but not of this version")
}

/// Adds "did you mean" for a string, with the change that makes it so; the place includes the quotes.
pub(crate) fn suggest(found: Diagnostic, span: Span, name: Option<&str>) -> Diagnostic {
    match name {
        None => found,
        Some(name) => found.help(format!("did you mean '{name}'?")).fix(
            format!("Replace it by '{name}'"),
            Safety::Unsafe,
            vec![(span, wfc_expr::value::quoted(name))],
        ),
    }
}

/// The first line of an object, so that a missing field does not underline all of it.
fn first_line(node: Node<'_>) -> Span {
    let span = node.span();
    let len = node.raw().lines().next().map_or(0, str::len);
    Span::new(span.file, span.start as usize, span.start as usize + len)
}
