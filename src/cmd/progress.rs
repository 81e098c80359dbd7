//! A run shown while it goes on: moving lines on a terminal, one line an event in a pipe, JSON lines for programs.
#![allow(dead_code, reason = "shown by the verbs that run")]

mod lines;
mod screen;
#[cfg(test)]
mod tests;

use std::io::{IsTerminal, Write};

use serde_json::{json, Value};
use wfc_report::history::{Event, Visits};

use screen::Screen;

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Live<'a> {
    /// An event of the history.
    Event(&'a Value),
    /// Work will be begun again.
    Retry {
        /// The name of the state.
        state: &'a str,
        /// Which attempt it will be, from 2.
        attempt: u32,
        /// In how many milliseconds.
        delay_ms: u64,
    },
    /// Somebody outside is to answer a task.
    Waiting {
        /// The name of the state.
        state: &'a str,
        /// The command line that answers it.
        answer: &'a str,
        /// What the answer refers to.
        token: &'a str,
    },
    /// The run of an item has failed.
    Item {
        /// The name of the state whose item it is.
        state: &'a str,
        /// Which item, from 0.
        slot: u64,
        /// Why.
        why: &'a str,
    },
    /// How much work is under way, and how much waits for a slot.
    Work {
        /// Under way.
        running: usize,
        /// Waiting.
        waiting: usize,
    },
}

/// How a run is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Lines that are drawn over.
    Terminal,
    /// A line of text for each event.
    Lines,
    /// A line of JSON for each event.
    Json,
    /// Not at all.
    Silent,
}

impl Mode {
    /// Moving lines where standard error is a terminal, plain ones elsewhere.
    pub(crate) fn detect() -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if std::io::stderr().is_terminal() && !dumb {
            Mode::Terminal
        } else {
            Mode::Lines
        }
    }
}

/// Shows a run. What cannot be written is lost: showing must not fail the run.
pub(crate) struct Progress {
    to: To,
    visits: Visits,
    /// The number of the last event, for those that say none.
    events: u64,
    /// When the last event happened.
    now: Option<i64>,
}

enum To {
    Screen(Box<Screen>),
    Lines(Box<dyn Write + Send>),
    Json(Box<dyn Write + Send>),
    Nowhere,
}

impl Progress {
    /// Shows a run on standard error.
    pub(crate) fn new(mode: Mode) -> Self {
        Self::to(mode, Box::new(std::io::stderr()))
    }

    /// Writes lines to `out`; a terminal is always standard error.
    pub(crate) fn to(mode: Mode, out: Box<dyn Write + Send>) -> Self {
        let to = match mode {
            Mode::Terminal => To::Screen(Box::new(Screen::new())),
            Mode::Lines => To::Lines(out),
            Mode::Json => To::Json(out),
            Mode::Silent => To::Nowhere,
        };
        Self { to, visits: Visits::default(), events: 0, now: None }
    }

    /// Shows what happened.
    pub(crate) fn on(&mut self, live: Live<'_>) {
        match live {
            Live::Event(json) => self.event(json),
            Live::Retry { state, attempt, delay_ms } => self.retry(state, attempt, delay_ms),
            Live::Waiting { state, answer, token } => self.waiting(state, answer, token),
            Live::Item { state, slot, why } => self.item(state, slot, why),
            Live::Work { running, waiting } => {
                if let To::Screen(screen) = &mut self.to {
                    screen.work(running, waiting);
                }
            }
        }
    }

    /// Whether nothing is shown.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.to, To::Nowhere)
    }

    /// Takes moving lines away.
    pub(crate) fn finish(&mut self) {
        if let To::Screen(screen) = &mut self.to {
            screen.finish();
        }
    }

    fn event(&mut self, json: &Value) {
        if let To::Json(out) = &mut self.to {
            return line(out, &json.to_string());
        }
        if matches!(self.to, To::Nowhere) {
            return;
        }
        self.events += 1;
        // The core makes the events; one without a type would be its mistake, and nothing to show.
        let Ok(event) = Event::from_json(json.clone(), self.events) else { return };
        self.now = event.at.or(self.now);
        let visit = self.visits.push(&event);
        match &mut self.to {
            To::Screen(screen) => screen.event(&event, visit, &self.visits),
            To::Lines(out) => {
                let state = visit.map_or("", |visit| self.visits.all()[visit].name.as_str());
                line(out, &lines::event(&event, state));
            }
            To::Json(_) | To::Nowhere => {}
        }
    }

    fn retry(&mut self, state: &str, attempt: u32, delay_ms: u64) {
        match &mut self.to {
            To::Screen(screen) => screen.retry(state, attempt, delay_ms, &self.visits),
            To::Lines(out) => line(out, &lines::retry(self.now, state, attempt, delay_ms)),
            To::Json(out) => {
                let retry = json!({"type": "wfc.Retry", "state": state, "attempt": attempt, "delayMs": delay_ms});
                line(out, &retry.to_string());
            }
            To::Nowhere => {}
        }
    }

    fn item(&mut self, state: &str, slot: u64, why: &str) {
        let text = format!("item {slot} of {} failed: {}", lines::printable(state), lines::printable(why));
        match &mut self.to {
            To::Screen(screen) => screen.note(&text),
            To::Lines(out) => line(out, &text),
            To::Json(out) => {
                let item = json!({"type": "wfc.ItemFailed", "state": state, "item": slot, "why": why});
                line(out, &item.to_string());
            }
            To::Nowhere => {}
        }
    }

    fn waiting(&mut self, state: &str, answer: &str, token: &str) {
        let text = format!("waiting: {}  {answer}", lines::printable(state));
        match &mut self.to {
            To::Screen(screen) => screen.note(&text),
            To::Lines(out) => line(out, &text),
            To::Json(out) => {
                let waiting = json!({"type": "wfc.Waiting", "state": state, "taskToken": token});
                line(out, &waiting.to_string());
            }
            To::Nowhere => {}
        }
    }
}

fn line(out: &mut Box<dyn Write + Send>, text: &str) {
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
