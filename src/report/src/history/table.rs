//! A history as a table: one line an event.

use super::{columns, cut, details::summary, duration, padded, History, Look};
use crate::clean;

/// Names of states take at most so many columns unless nothing may be cut off.
const MAX_STATE: usize = 32;
/// Details get at least so many columns, however narrow the page is.
const MIN_DETAILS: usize = 20;
/// What stands over the columns.
const HEADS: [&str; 5] = ["id", "time", "state", "event", "details"];

pub(super) fn render(history: &History, look: Look) -> String {
    let mut rows = vec![HEADS.map(str::to_owned)];
    let wanted = |index: &usize| look.state.is_none_or(|name| history.state_of(*index) == name);
    rows.extend((0..history.events.len()).filter(wanted).map(|index| row(history, index, look)));
    let widths: Vec<usize> = (0..4).map(|at| rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0)).collect();
    rows.iter().enumerate().map(|(number, row)| line(row, &widths, number == 0, look)).collect()
}

fn row(history: &History, index: usize, look: Look) -> [String; 5] {
    let event = &history.events[index];
    let start = history.events.first().and_then(|first| first.at);
    let offset = match (event.at, start) {
        (Some(at), Some(start)) => duration(at.saturating_sub(start)),
        _ => "-".to_owned(),
    };
    let state = clean::line(history.state_of(index));
    let state = if look.full { state } else { cut(&state, MAX_STATE, look.unicode) };
    [event.id.to_string(), offset, state, clean::line(&event.kind), summary(event)]
}

fn line(row: &[String; 5], widths: &[usize], head: bool, look: Look) -> String {
    let [id, time, state, event, details] = row;
    let front = format!(
        "{id:>0$}  {time:>1$}  {2}  {3}  ",
        widths[0],
        widths[1],
        padded(state, widths[2]),
        padded(event, widths[3])
    );
    let room = look.width.map(|width| width.saturating_sub(columns(&front)).max(MIN_DETAILS));
    let details = match room {
        Some(room) if !look.full => cut(details, room, look.unicode),
        _ => details.clone(),
    };
    let text = (front + &details).trim_end().to_owned();
    let code = match event.as_str() {
        _ if !look.color => None,
        _ if head => Some("1"),
        kind if kind.ends_with("Failed") || kind.ends_with("TimedOut") || kind.ends_with("Aborted") => Some("31"),
        kind if kind.ends_with("Succeeded") => Some("32"),
        _ => None,
    };
    match code {
        Some(code) => format!("\u{1b}[{code}m{text}\u{1b}[0m\n"),
        None => text + "\n",
    }
}
