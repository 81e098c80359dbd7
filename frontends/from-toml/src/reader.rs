//! Fields of tables, decoded strictly: what is unknown, missing or of the wrong type is reported where it stands.

use std::sync::Arc;

use wfc_diag::{Diagnostic, Rule, Safety, Sink, Span};
use wfc_expr::nearest::nearest;
use wfc_expr::value::Number;
use wfc_source::{Kind, Node};

use crate::rules;
use crate::syntax::{Spanned, Table};

/// A table that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'t> {
    node: Node<'t>,
    table: &'static Table,
    span: Span,
}

impl<'t> Reader<'t> {
    /// The fields of `node`, if it is a table. Fields that do not belong into it are reported.
    pub(crate) fn of(node: Node<'t>, table: &'static Table, sink: &mut Sink) -> Option<Self> {
        if !node.is_object() {
            wrong_type(node, table.what, "a table", sink);
            return None;
        }
        for member in node.members() {
            let name = member.name();
            if table.later.contains(&name) {
                sink.push(unsupported(member.key.span(), name, table));
            } else if !table.fields.contains(&name) {
                sink.push(unknown(member.key.span(), name, table));
            }
        }
        Some(Self { node, table, span: node.span() })
    }

    pub(crate) fn span(&self) -> Span {
        self.span
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
                    .help(format!("add `{name} = …`")),
            );
        }
        self.get(name)
    }

    pub(crate) fn text(&self, name: &str, sink: &mut Sink) -> Option<Spanned<Arc<str>>> {
        text(self.get(name)?, name, sink)
    }

    /// A number that is not negative (and not zero, if `positive`).
    pub(crate) fn number(&self, name: &str, positive: bool, sink: &mut Sink) -> Option<Spanned<Number>> {
        let node = self.get(name)?;
        let Some(number) = node.as_number().and_then(Number::from_text) else {
            wrong_type(node, &format!("'{name}'"), "a number", sink);
            return None;
        };
        let value = number.as_f64();
        if value < 0.0 || (positive && value == 0.0) || !value.is_finite() {
            let bound = if positive { "larger than 0" } else { "0 or larger" };
            bad_value(node.span(), format!("'{name}' must be {bound}"), sink);
            return None;
        }
        Some(Spanned { value: number, span: node.span() })
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&self, name: &str, sink: &mut Sink) -> Option<Spanned<Number>> {
        let number = self.number(name, false, sink)?;
        if number.value.as_i64().is_none() {
            bad_value(number.span, format!("'{name}' must be a whole number"), sink);
            return None;
        }
        Some(number)
    }

    /// An array of strings.
    pub(crate) fn texts(&self, name: &str, sink: &mut Sink) -> Vec<Spanned<Arc<str>>> {
        let Some(node) = self.get(name) else { return Vec::new() };
        if !node.is_array() {
            wrong_type(node, &format!("'{name}'"), "an array of strings", sink);
            return Vec::new();
        }
        node.items().filter_map(|item| text(item, &format!("an entry of {name}"), sink)).collect()
    }

    /// A table of strings.
    pub(crate) fn pairs(&self, name: &str, sink: &mut Sink) -> Vec<(Arc<str>, Arc<str>)> {
        let Some(node) = self.get(name) else { return Vec::new() };
        if !node.is_object() {
            wrong_type(node, &format!("'{name}'"), "a table of strings", sink);
            return Vec::new();
        }
        let pair = |member: wfc_source::Member<'_>| {
            let value = text(member.value, member.name(), sink)?;
            Some((Arc::from(member.name()), value.value))
        };
        node.members().filter_map(pair).collect()
    }
}

fn text(node: Node<'_>, name: &str, sink: &mut Sink) -> Option<Spanned<Arc<str>>> {
    match node.as_str() {
        Some(text) => Some(Spanned { value: text.into(), span: node.span() }),
        None => {
            wrong_type(node, &format!("'{name}'"), "a string", sink);
            None
        }
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
    suggest(found, span, nearest(name, table.fields.iter().copied()), str::to_owned)
        .note(format!("its fields are {}", table.fields.join(", ")))
}

fn unsupported(span: Span, name: &str, table: &Table) -> Diagnostic {
    let message = format!("the field '{name}' of {} is not supported yet", table.what);
    let rule: &'static Rule = &rules::UNSUPPORTED_FIELD;
    Diagnostic::new(rule, span, message).label("part of the format, but not of this version")
}

/// Adds "did you mean", with the change that makes it so.
pub(crate) fn suggest(
    found: Diagnostic,
    span: Span,
    name: Option<&str>,
    written: impl Fn(&str) -> String,
) -> Diagnostic {
    match name {
        None => found,
        Some(name) => found.help(format!("did you mean '{name}'?")).fix(
            format!("Replace it by '{name}'"),
            Safety::Unsafe,
            vec![(span, written(name))],
        ),
    }
}

/// The first line of a table, so that a missing field does not underline all of it.
fn first_line(node: Node<'_>) -> Span {
    let span = node.span();
    let len = node.raw().lines().next().map_or(0, str::len);
    Span::new(span.file, span.start as usize, span.start as usize + len)
}
