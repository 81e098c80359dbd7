//! A run on a terminal: a line for each state that is under way, with the items of a Map as a bar.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use wfc_report::history::{duration, Event, Visits};

use super::lines::printable;

/// More states than these are counted, not shown.
const MAX_LINES: usize = 12;
/// How often times are drawn anew.
const TICK: Duration = Duration::from_millis(120);

pub(super) struct Screen {
    all: MultiProgress,
    head: ProgressBar,
    /// By visit.
    lines: BTreeMap<usize, ProgressBar>,
    open: usize,
    retries: u64,
    work: Option<(usize, usize)>,
}

impl Screen {
    /// An empty screen on standard error.
    pub(super) fn new() -> Self {
        let all = MultiProgress::new();
        let head = all.add(ProgressBar::new_spinner());
        head.set_style(style("{spinner} {msg}  {elapsed}"));
        head.enable_steady_tick(TICK);
        Self { all, head, lines: BTreeMap::new(), open: 0, retries: 0, work: None }
    }

    pub(super) fn event(&mut self, event: &Event, visit: Option<usize>, visits: &Visits) {
        // Lines for states that pass at once would only cost time.
        if visit.is_some_and(|visit| ["Pass", "Choice", "Succeed", "Fail"].contains(&&*visits.all()[visit].kind)) {
            return;
        }
        if let Some(visit) = visit {
            if event.is_entry() {
                self.enter(visit, visits);
            } else if event.is_exit() {
                self.leave(visit);
            } else {
                self.update(visit, event, visits);
            }
        }
        self.headline();
    }

    pub(super) fn retry(&mut self, state: &str, attempt: u32, delay_ms: u64, visits: &Visits) {
        self.retries += 1;
        let delay = duration(i64::try_from(delay_ms).unwrap_or(i64::MAX));
        let line = self.lines.iter().rev().find(|(&visit, _)| visits.all()[visit].name == state);
        if let Some((_, line)) = line {
            line.set_message(format!("attempt {attempt} in {delay}"));
        }
        self.headline();
    }

    pub(super) fn work(&mut self, running: usize, waiting: usize) {
        self.work = Some((running, waiting));
        self.headline();
    }

    /// A line that stays, above the moving ones.
    pub(super) fn note(&self, text: &str) {
        let _ = self.all.println(text);
    }

    pub(super) fn finish(&mut self) {
        while let Some((_, line)) = self.lines.pop_first() {
            line.finish_and_clear();
        }
        self.head.finish_and_clear();
    }

    fn enter(&mut self, visit: usize, visits: &Visits) {
        self.open += 1;
        if self.lines.len() >= MAX_LINES {
            return;
        }
        let line = self.all.add(ProgressBar::new_spinner());
        line.set_style(style("  {spinner} {prefix} {wide_msg} {elapsed}"));
        let of = &visits.all()[visit];
        line.set_prefix(format!("{}{}", "  ".repeat(of.depth.min(MAX_LINES)), printable(&of.name)));
        line.enable_steady_tick(TICK);
        self.lines.insert(visit, line);
    }

    fn leave(&mut self, visit: usize) {
        self.open = self.open.saturating_sub(1);
        if let Some(line) = self.lines.remove(&visit) {
            line.finish_and_clear();
        }
    }

    /// What happened inside a visit: an attempt, an item, a failure.
    fn update(&mut self, visit: usize, event: &Event, visits: &Visits) {
        if event.kind.starts_with("MapIteration") || event.is_failure() {
            self.drop_failed_inside(visit, event, visits);
        }
        let of = &visits.all()[visit];
        let Some(line) = self.lines.get(&visit) else { return };
        if let Some(items) = of.items {
            line.set_style(style("  {spinner} {prefix} [{bar:20}] {pos}/{len} {wide_msg} {elapsed}"));
            line.set_length(items);
            line.set_position(of.items_done);
        }
        let error = of.error.as_deref().filter(|_| event.is_failure()).map(|error| format!("failed: {error}"));
        let attempt = (of.attempts > 1).then(|| format!("attempt {}", of.attempts));
        line.set_message(printable(&error.or(attempt).unwrap_or_default()));
    }

    /// A state that fails its item or branch is never exited: its line goes when the item or branch ends.
    fn drop_failed_inside(&mut self, container: usize, event: &Event, visits: &Visits) {
        if event.kind == "MapIterationStarted" {
            return;
        }
        let item = event.detail("index").and_then(serde_json::Value::as_u64);
        let inside = |visit: usize| {
            let mut at = &visits.all()[visit];
            while let Some(parent) = at.parent {
                if parent == container {
                    return item.is_none_or(|item| at.slot == item);
                }
                at = &visits.all()[parent];
            }
            false
        };
        let gone: Vec<usize> = self.lines.keys().copied().filter(|&visit| inside(visit)).collect();
        gone.into_iter().for_each(|visit| self.leave(visit));
    }

    fn headline(&self) {
        let mut parts = vec![format!("{} under way", self.open)];
        let hidden = self.open.saturating_sub(self.lines.len());
        if hidden > 0 {
            parts.push(format!("{hidden} of them not shown"));
        }
        if let Some((_, waiting)) = self.work.filter(|(_, waiting)| *waiting > 0) {
            parts.push(format!("{waiting} waiting for a slot"));
        }
        if self.retries > 0 {
            parts.push(format!("{} tried again", self.retries));
        }
        self.head.set_message(parts.join(", "));
    }
}

/// The templates are constants of this file; one that is wrong falls back to what indicatif draws by itself.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner()).progress_chars("=> ")
}
