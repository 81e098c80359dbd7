//! A history as a timeline: one bar a visit, those inside a visit below it.

use super::{columns, cut, duration, padded, Ending, Event, History, Look, Visit};
use crate::clean;
use crate::summary::plural;

/// The width of a page if there is no terminal to ask.
const PAGE: usize = 100;
/// Bars get at least so many columns, however narrow the page is.
const MIN_BAR: usize = 10;
/// What is said beside a bar takes at most so many columns unless nothing may be cut off.
const MAX_NOTE: usize = 40;
/// Of more items than these only the first and those that failed are shown.
const MAX_ITEMS: usize = 6;

pub(super) fn render(history: &History, look: Look) -> String {
    let chart = Chart::new(history, look);
    let rows = chart.rows();
    let width = look.width.unwrap_or(PAGE);
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let label = widest(&mut rows.iter().map(|row| columns(&row.label))).min(width / 3);
    let note = widest(&mut rows.iter().map(|row| columns(&row.note)));
    let note = if look.full { note } else { note.min(MAX_NOTE).min(width / 2) };
    let bar = width.saturating_sub(label + note + 4).max(MIN_BAR);
    let mut out = chart.heading();
    for row in &rows {
        out.push_str(&chart.line(row, [label, bar, note]));
        out.push('\n');
    }
    out
}

struct Chart<'h> {
    history: &'h History,
    look: Look<'h>,
    /// Whether the axis is time; otherwise it is the order of events.
    timed: bool,
    start: i64,
    end: i64,
}

struct Row {
    label: String,
    /// Absent: nothing happened at one place.
    bar: Option<(i64, i64, Ending)>,
    note: String,
}

impl<'h> Chart<'h> {
    fn new(history: &'h History, look: Look<'h>) -> Self {
        let times = || history.events.iter().map(|event| event.at);
        let (start, end) = (times().flatten().min(), times().flatten().max());
        match (start, end) {
            (Some(start), Some(end)) if start < end && times().all(|at| at.is_some()) => {
                Self { history, look, timed: true, start, end }
            }
            _ => {
                let last = i64::try_from(history.events.len().saturating_sub(1)).unwrap_or(i64::MAX);
                Self { history, look, timed: false, start: 0, end: last }
            }
        }
    }

    /// How the run ended, and what the bars mean.
    fn heading(&self) -> String {
        let last = self.history.events.iter().rev().find(|event| event.of_run().is_some());
        let how = match last.and_then(Event::of_run) {
            Some("Started") | None => "not ended".to_owned(),
            Some(how) => clean::line(how).to_lowercase(),
        };
        let error =
            last.and_then(|event| event.text("error")).map_or(String::new(), |e| format!(": {}", clean::line(&e)));
        let visits = plural(self.history.visits.all().len(), "visit");
        if self.timed {
            let span = duration(self.end.saturating_sub(self.start));
            format!("{how}{error}, {span}, {visits}\n")
        } else {
            format!("{how}{error}, {visits}; no time is known, bars are in the order of events\n")
        }
    }

    fn rows(&self) -> Vec<Row> {
        let all = self.history.visits.all();
        let mut inside: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
        let mut top = Vec::new();
        for (index, visit) in all.iter().enumerate() {
            match (visit.parent, self.look.state) {
                (_, Some(name)) if visit.name == name => top.push(index),
                (Some(parent), _) => inside[parent].push(index),
                (None, None) => top.push(index),
                (None, Some(_)) => {}
            }
        }
        let mut rows = Vec::new();
        top.iter().for_each(|&visit| self.add(visit, 0, None, &inside, &mut rows));
        rows
    }

    /// Adds a visit and those inside it. They are never deeper than [`super::visits`] allows.
    fn add(&self, index: usize, depth: usize, slot: Option<u64>, inside: &[Vec<usize>], rows: &mut Vec<Row>) {
        let visit = &self.history.visits.all()[index];
        let slot = slot.map_or(String::new(), |slot| format!("[{slot}] "));
        let label = format!("{}{slot}{}", "  ".repeat(depth), clean::line(&visit.name));
        let (from, to) = (self.at(visit.first), self.at(visit.last));
        rows.push(Row { label, bar: Some((from, to, visit.ending)), note: self.note(visit, to.saturating_sub(from)) });
        let mut children = inside[index].clone();
        children.sort_by_key(|&child| (self.history.visits.all()[child].slot, child));
        let shown = self.shown(&children);
        let mut previous = None;
        for child in children {
            let slot = self.history.visits.all()[child].slot;
            if shown.as_ref().is_none_or(|shown| shown.contains(&slot)) {
                let first = (previous != Some(slot)).then_some(slot);
                self.add(child, depth + 1, first, inside, rows);
                previous = Some(slot);
            }
        }
        if let Some(shown) = shown {
            let all: std::collections::BTreeSet<u64> =
                inside[index].iter().map(|&child| self.history.visits.all()[child].slot).collect();
            let label = format!("{}{} more", "  ".repeat(depth + 1), all.len() - shown.len());
            rows.push(Row { label, bar: None, note: "(shown with --full)".to_owned() });
        }
    }

    /// The items that are shown; absent: all.
    fn shown(&self, children: &[usize]) -> Option<Vec<u64>> {
        let all = self.history.visits.all();
        let mut slots: Vec<u64> = children.iter().map(|&child| all[child].slot).collect();
        slots.dedup();
        if slots.len() <= MAX_ITEMS || self.look.full {
            return None;
        }
        let failed =
            children.iter().filter(|&&child| all[child].ending == Ending::Failed).map(|&child| all[child].slot);
        let mut shown: Vec<u64> = slots.iter().take(MAX_ITEMS / 2).copied().chain(failed.take(MAX_ITEMS / 2)).collect();
        shown.sort_unstable();
        shown.dedup();
        Some(shown)
    }

    fn at(&self, event: usize) -> i64 {
        if self.timed {
            self.history.events.get(event).and_then(|event| event.at).unwrap_or(self.start)
        } else {
            i64::try_from(event).unwrap_or(i64::MAX)
        }
    }

    fn note(&self, visit: &Visit, span: i64) -> String {
        let mut parts = Vec::new();
        if self.timed {
            parts.push(duration(span));
        }
        if let Some(items) = visit.items {
            parts.push(format!("{}/{} items", visit.items_done, items));
        }
        if visit.retries() > 0 {
            let word = if visit.retries() == 1 { "retry" } else { "retries" };
            parts.push(format!("{} {word}", visit.retries()));
        }
        let error = clean::line(visit.error.as_deref().unwrap_or_default());
        match visit.ending {
            Ending::Failed if visit.is_aborted() => parts.push("aborted".to_owned()),
            Ending::Failed => parts.push(format!("failed {error}").trim_end().to_owned()),
            Ending::Caught => parts.push(format!("caught {error}").trim_end().to_owned()),
            Ending::Open => parts.push("not ended".to_owned()),
            Ending::Done => {}
        }
        parts.join(", ")
    }

    fn line(&self, row: &Row, [label, bar, note]: [usize; 3]) -> String {
        let text = padded(&cut(&row.label, label, self.look.unicode), label);
        let note = if self.look.full { row.note.clone() } else { cut(&row.note, note, self.look.unicode) };
        let drawn = match row.bar {
            Some((from, to, ending)) => self.bar(from, to, ending, bar),
            None => " ".repeat(bar),
        };
        format!("{text}  {drawn}  {note}").trim_end().to_owned()
    }

    fn bar(&self, from: i64, to: i64, ending: Ending, width: usize) -> String {
        let column = |at: i64| {
            let (done, all) = (at.saturating_sub(self.start).max(0), self.end.saturating_sub(self.start).max(1));
            // Both are differences of two instants; in 128 bits their products do not overflow.
            let column = i128::from(done) * (width as i128 - 1) / i128::from(all);
            usize::try_from(column).unwrap_or(0).min(width - 1)
        };
        let (from, to) = (column(from), column(to));
        let (stroke, end, code) = match (ending, self.look.unicode) {
            (Ending::Done, true) => ("━", "━", "32"),
            (Ending::Done, false) => ("=", "=", "32"),
            (Ending::Caught, true) => ("━", "┅", "33"),
            (Ending::Caught, false) => ("=", "!", "33"),
            (Ending::Failed, true) => ("━", "✗", "31"),
            (Ending::Failed, false) => ("=", "x", "31"),
            (Ending::Open, true) => ("━", "▸", "34"),
            (Ending::Open, false) => ("=", ">", "34"),
        };
        let drawn = stroke.repeat(to - from) + end;
        let drawn = if self.look.color { format!("\u{1b}[{code}m{drawn}\u{1b}[0m") } else { drawn };
        format!("{}{drawn}{}", " ".repeat(from), " ".repeat(width - 1 - to))
    }
}
