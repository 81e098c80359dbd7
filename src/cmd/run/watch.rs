//! A run as it happens: shown, and kept for its history.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use wfc_driver::runtime::{history, ItemOutcome as Outcome, Program, Record, RunStatus, Watch, Way};
use wfc_plan::{NodeIx, Retrier};

use crate::cmd::progress::{Live, Progress};
use crate::cmd::{terminal, Failure};

/// Where a run is shown, shared by all who have something to say about it.
#[derive(Clone)]
pub(super) struct Screen(Arc<Mutex<Progress>>);

impl Screen {
    pub(super) fn new(progress: Progress) -> Self {
        Self(Arc::new(Mutex::new(progress)))
    }

    pub(super) fn show(&self, live: Live<'_>) {
        locked(&self.0).on(live);
    }

    pub(super) fn finish(&self) {
        locked(&self.0).finish();
    }

    fn is_silent(&self) -> bool {
        locked(&self.0).is_silent()
    }
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Screen")
    }
}

/// What happened in a run, in order.
#[derive(Clone)]
pub(super) struct Journal {
    records: Arc<Mutex<Vec<Record>>>,
    /// Whether all of it is kept, however much it is.
    whole: bool,
}

/// So many lines at the end of a run say what was under way.
const TAIL: usize = 10_000;

impl Journal {
    /// A journal of everything, or else of the end only: a run without quota may go on for long.
    pub(super) fn new(whole: bool) -> Self {
        Self { records: Arc::default(), whole }
    }

    fn push(&self, record: Record) {
        let mut records = locked(&self.records);
        if !self.whole && records.len() >= 2 * TAIL {
            records.drain(..TAIL);
        }
        records.push(record);
    }

    /// Somebody who watches a run, shows it and writes it down.
    pub(super) fn watch(&self, screen: Screen) -> Watcher {
        Watcher { screen, journal: self.clone(), retried: BTreeMap::new(), failed_items: 0 }
    }

    pub(super) fn take(&self) -> Vec<Record> {
        std::mem::take(&mut *locked(&self.records))
    }
}

/// Whoever panicked while it had the lock has not left anything half done that matters here.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) struct Watcher {
    screen: Screen,
    journal: Journal,
    /// How often a node was tried again since it was entered last.
    retried: BTreeMap<NodeIx, u32>,
    /// How many failures of items were shown.
    failed_items: usize,
}

/// So many failures of items are shown.
const SHOWN_ITEMS: usize = 10;

impl Watch for Watcher {
    fn record(&mut self, program: &Program, record: &Record) {
        if !self.screen.is_silent() {
            self.screen.show(Live::Event(&history::event(program, record)));
        }
        self.journal.push(record.clone());
    }

    fn item(&mut self, program: &Program, node: NodeIx, slot: u64, outcome: &Outcome) {
        if outcome.status == RunStatus::Succeeded || self.failed_items >= SHOWN_ITEMS {
            return;
        }
        self.failed_items += 1;
        let name = &program.plan().nodes[node.at()].name;
        let why = [outcome.error.as_deref(), outcome.cause.as_deref()];
        let why: Vec<&str> = why.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        let rest = if self.failed_items == SHOWN_ITEMS { " (further ones are not shown)" } else { "" };
        let why = format!("{}{rest}", why.join(": "));
        self.screen.show(Live::Item { state: name, slot, why: &why });
    }

    fn took(&mut self, program: &Program, node: NodeIx, way: Way) {
        match way {
            Way::Entered => {
                self.retried.remove(&node);
            }
            Way::Retried(rule) => {
                let count = self.retried.entry(node).or_insert(0);
                *count = count.saturating_add(1);
                let plan = &program.plan().nodes[node.at()];
                let delay_ms = plan.retry.get(rule as usize).map_or(0, |rule| delay(rule, *count));
                self.screen.show(Live::Retry { state: &plan.name, attempt: count.saturating_add(1), delay_ms });
            }
            Way::Left(_) => {}
        }
    }
}

/// The pause before an attempt, without the chance that may be in it.
fn delay(rule: &Retrier, count: u32) -> u64 {
    let steps = f64::from(count.saturating_sub(1));
    let factor = if rule.linear { 1.0 + steps } else { rule.backoff.powf(steps) };
    let seconds = (rule.interval * factor).min(rule.max_delay.unwrap_or(f64::MAX));
    let longest = u64::MAX as f64;
    // Within the range by the clamp; what is no number becomes 0.
    (seconds * 1000.0).clamp(0.0, longest) as u64
}

/// Whether a history can be written there: asked before anything has been done.
pub(super) fn check(path: &str) -> Result<(), Failure> {
    let target = Path::new(path);
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let why = match folder.is_dir() {
        _ if path == "-" => return Ok(()),
        true if target.is_dir() => "it is a folder",
        true => return Ok(()),
        false => "its folder does not exist",
    };
    Err(Failure::io(format!("the history cannot be written to {path}: {why}")))
}

/// Writes a history: beside the file and then over it, so that no half of one is ever there.
pub(super) fn write(path: &str, events: impl Iterator<Item = Value>) -> Result<(), Failure> {
    if path == "-" {
        let mut text = Vec::new();
        put(&mut text, events).map_err(|error| Failure::io(format!("the history could not be written: {error}")))?;
        terminal::print(&String::from_utf8_lossy(&text));
        return Ok(());
    }
    let target = Path::new(path);
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = std::fs::File::create(&beside)
        .and_then(|file| {
            let mut out = BufWriter::new(file);
            put(&mut out, events)?;
            out.into_inner().map_err(|error| error.into_error())?.sync_all()
        })
        .and_then(|()| std::fs::rename(&beside, target));
    written.map_err(|error| {
        // It is not there if it could not be made.
        let _ = std::fs::remove_file(&beside);
        Failure::io(format!("{path} could not be written: {error}"))
    })
}

/// An object with the events, one a line: a history may be long, and is never held as text.
fn put(out: &mut impl Write, events: impl Iterator<Item = Value>) -> std::io::Result<()> {
    write!(out, "{{\"events\": [")?;
    for (at, event) in events.enumerate() {
        out.write_all(if at == 0 { b"\n  " } else { b",\n  " })?;
        serde_json::to_writer(&mut *out, &event)?;
    }
    out.write_all(b"\n]}\n")
}
