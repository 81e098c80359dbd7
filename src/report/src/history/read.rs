//! From a file to a history, with the place of what is wrong.

use std::collections::HashSet;

use wfc_source::{Node, Span};

use super::{Event, History};

/// Why a file is no history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What is wrong there.
    pub message: String,
}

/// The history a JSON tree is: the events themselves, or an object that has them as `events`.
pub fn read(root: Node<'_>) -> Result<History, Fault> {
    let list = match root.get("events") {
        Some(events) => events,
        None if root.is_object() => return Err(fault(root, "a history needs the field 'events'")),
        None => root,
    };
    if !list.is_array() {
        return Err(fault(list, format!("the events of a history must be an array, not {}", list.kind().word())));
    }
    let mut seen = HashSet::new();
    let mut events = Vec::new();
    for (node, number) in list.items().zip(1..) {
        let event = event(node, number)?;
        if !seen.insert(event.id) {
            return Err(fault(node, format!("a second event has the id {}", event.id)));
        }
        events.push(event);
    }
    Ok(History::new(events))
}

fn event(node: Node<'_>, number: u64) -> Result<Event, Fault> {
    let json = serde_json::from_str(node.raw()).map_err(|error| fault(node, format!("event {number}: {error}")))?;
    Event::from_json(json, number).map_err(|message| fault(node, format!("event {number}: {message}")))
}

/// Points at the first line, so that not all of a long file is underlined.
fn fault(node: Node<'_>, message: impl Into<String>) -> Fault {
    let span = node.span();
    let len = node.raw().lines().next().map_or(0, str::len);
    let span = Span::new(span.file, span.start as usize, span.start as usize + len);
    Fault { span, message: message.into() }
}
