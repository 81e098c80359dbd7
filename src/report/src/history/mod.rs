//! Recorded histories of runs: read, and drawn as a table or as a timeline.
//!
//! The shape is that of AWS `GetExecutionHistory`. Reading is lenient where the notation of others differs (ids as
//! text, instants as numbers or not at all, inputs as JSON instead of text) and strict about what the drawing rests
//! on: that there are events, and that each says its type. Flows of other languages than ASL write the same shape with
//! fewer types (`Entered`, `Dispatched`, `Failed`, `Exited`, …), and say the key of their node with each.

mod details;
mod event;
mod instant;
mod read;
mod table;
#[cfg(test)]
mod tests;
mod timeline;
mod visits;

pub use details::summary;
pub use event::Event;
pub use instant::{clock, duration};
pub use read::{read, Fault};
pub use visits::{Ending, Visit, Visits};

/// A run as it was recorded.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The events, by id.
    pub events: Vec<Event>,
    /// The visits of states they tell of.
    pub visits: Visits,
    /// For each event the visit it belongs to.
    pub of_event: Vec<Option<usize>>,
}

impl History {
    /// The history that these events are; they are put in the order of their ids.
    pub fn new(mut events: Vec<Event>) -> Self {
        events.sort_by_key(|event| event.id);
        let mut visits = Visits::default();
        let of_event = events.iter().map(|event| visits.push(event)).collect();
        Self { events, visits, of_event }
    }

    /// The name of the state an event belongs to; empty if it is about the run.
    pub fn state_of(&self, event: usize) -> &str {
        match self.of_event.get(event).copied().flatten() {
            Some(visit) => &self.visits.all()[visit].name,
            // What was never entered, such as a step that is skipped, is named all the same.
            None => self.events.get(event).and_then(|event| event.detail("name")?.as_str()).unwrap_or(""),
        }
    }

    /// Whether a state of that name was visited.
    pub fn has_state(&self, name: &str) -> bool {
        self.visits.all().iter().any(|visit| visit.name == name)
    }
}

/// How a history is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look<'a> {
    /// The width of the page in columns; absent: as wide as it comes.
    pub width: Option<usize>,
    /// Whether characters outside ASCII may be drawn.
    pub unicode: bool,
    /// Whether escape sequences for colour may be written.
    pub color: bool,
    /// Only what concerns the state of this name.
    pub state: Option<&'a str>,
    /// Whether nothing is cut off or left out.
    pub full: bool,
}

/// One line for each event.
pub fn table(history: &History, look: Look) -> String {
    table::render(history, look)
}

/// One bar for each visit of a state.
pub fn timeline(history: &History, look: Look) -> String {
    timeline::render(history, look)
}

/// The events as they were recorded.
pub fn json(history: &History, look: Look) -> String {
    let wanted = |index: &usize| look.state.is_none_or(|name| history.state_of(*index) == name);
    let shown = (0..history.events.len()).filter(wanted);
    let events: Vec<&serde_json::Value> = shown.map(|index| &history.events[index].json).collect();
    crate::pretty(&serde_json::json!({ "events": events }))
}

/// The text in at most `columns` columns, the last of them an ellipsis if something was cut off.
fn cut(text: &str, columns: usize, unicode: bool) -> String {
    let mut used = 0;
    let mut fitting = 0;
    let ellipsis = if unicode { "…" } else { "..." };
    let room = columns.saturating_sub(ellipsis.chars().count());
    for (at, c) in text.char_indices() {
        used += crate::window::width(c);
        if used <= room {
            fitting = at + c.len_utf8();
        }
        if used > columns {
            return text[..fitting].to_owned() + ellipsis;
        }
    }
    text.to_owned()
}

/// The columns a text takes.
fn columns(text: &str) -> usize {
    text.chars().map(crate::window::width).sum()
}

/// The text with spaces up to `width` columns.
fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(columns(text));
    text.to_owned() + &" ".repeat(missing)
}
