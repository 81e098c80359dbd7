//! A run as lines of text.

use wfc_report::history::{clock, duration, summary, Event};

/// `19:42:19.123 Charge entered`.
pub(super) fn event(event: &Event, state: &str) -> String {
    let kind = event.kind.as_str();
    let (who, what) = match event.of_run() {
        Some(rest) => ("run", words(rest)),
        None if event.is_entry() => (state, "entered".to_owned()),
        None if event.is_exit() => (state, "exited".to_owned()),
        None => (state, words(kind)),
    };
    let detailed = event.is_failure() || kind.starts_with("MapIteration") || kind == "MapStateStarted";
    let details = if detailed { bounded(summary(event)) } else { String::new() };
    let colon = if details.is_empty() { "" } else { ": " };
    format!("{} {} {what}{colon}{details}", time(event.at), printable(who))
}

/// `19:42:19.123 Charge will be tried again in 1.000s (attempt 2)`.
pub(super) fn retry(now: Option<i64>, state: &str, attempt: u32, delay_ms: u64) -> String {
    let delay = duration(i64::try_from(delay_ms).unwrap_or(i64::MAX));
    format!("{} {} will be tried again in {delay} (attempt {attempt})", time(now), printable(state))
}

/// A line is to be read; the history has all of it.
fn bounded(text: String) -> String {
    const MOST: usize = 500;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn time(at: Option<i64>) -> String {
    at.map_or_else(|| "--:--:--.---".to_owned(), clock)
}

/// `TaskTimedOut` in words: `task timed out`.
fn words(kind: &str) -> String {
    let mut out = String::new();
    for c in kind.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    printable(&out)
}

/// The text without characters a terminal would act on.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
