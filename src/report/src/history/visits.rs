//! From the chain of events to visits of states, and which visit is inside which.
//!
//! Events say only which event they follow from. Each event therefore leaves a scope behind, and the events that
//! follow from it begin there. Events may come one at a time, so that a run can be shown while it goes on.

use std::collections::{BTreeSet, HashMap};

use super::Event;

/// Visits deeper than this are shown as if they were not inside anything.
const MAX_DEPTH: usize = 256;

/// So many visits are looked at for the one that an event means by its type alone.
const MAX_SEARCH: usize = 1_024;

/// One visit of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The name of the state.
    pub name: String,
    /// Its type, such as `Task`.
    pub kind: String,
    /// The visit around it.
    pub parent: Option<usize>,
    /// Which branch or item of that visit it is in, from 0.
    pub slot: u64,
    /// How many visits are around it.
    pub depth: usize,
    /// The number of its first event, from 0, in the order they came.
    pub first: usize,
    /// The number of its last event, or of the last one inside it.
    pub last: usize,
    /// How often its work was begun.
    pub attempts: u64,
    /// The error it met last.
    pub error: Option<String>,
    /// How many items it has.
    pub items: Option<u64>,
    /// How many of its items have ended.
    pub items_done: u64,
    /// How it stands.
    pub ending: Ending,
    branches: u64,
}

/// How a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It has not ended.
    Open,
    /// Something went wrong, and nothing has happened since.
    Failed,
    /// It ended after something went wrong that a catcher was for.
    Caught,
    /// It ended.
    Done,
}

/// The visits of a run, in the order they began.
#[derive(Clone, Debug, Default)]
pub struct Visits {
    all: Vec<Visit>,
    scopes: HashMap<u64, Scope>,
    /// The last visit of each name.
    latest: HashMap<String, usize>,
    /// Visits by type that have neither been left nor aborted.
    under_way: HashMap<String, BTreeSet<usize>>,
    pushed: usize,
}

/// Where the event after an event stands.
#[derive(Clone, Copy, Debug)]
enum Scope {
    /// In no state.
    Top,
    /// In the visit itself.
    At(usize),
    /// Where branches of the visit begin.
    Fork(usize),
    /// In a branch or item of the visit.
    Inside(usize, u64),
}

impl Scope {
    fn visit(self) -> Option<usize> {
        match self {
            Scope::Top => None,
            Scope::At(visit) | Scope::Fork(visit) | Scope::Inside(visit, _) => Some(visit),
        }
    }
}

impl Visit {
    /// How often its work was begun again.
    pub fn retries(&self) -> u64 {
        self.attempts.saturating_sub(1)
    }

    /// Whether nothing is wrong with it but that it was ended from outside.
    pub fn is_aborted(&self) -> bool {
        let said = |error: &str| error == "Cancelled" || error.ends_with("Aborted");
        self.ending == Ending::Failed && self.error.as_deref().is_some_and(said)
    }
}

impl Visits {
    /// All visits.
    pub fn all(&self) -> &[Visit] {
        &self.all
    }

    /// Takes the next event; gives the visit it belongs to.
    pub fn push(&mut self, event: &Event) -> Option<usize> {
        let from = self.scopes.get(&event.previous).copied().unwrap_or(Scope::Top);
        let scope = self.scope_after(from, event);
        self.scopes.insert(event.id, scope);
        let visit = match scope {
            // Leaving a visit is still its own event.
            _ if event.is_exit() => self.named(from, event),
            other => other.visit(),
        };
        self.note(visit, event);
        self.pushed += 1;
        visit
    }

    fn scope_after(&mut self, from: Scope, event: &Event) -> Scope {
        let kind = event.kind.as_str();
        if event.of_run().is_some() {
            self.fail_with_run(from, event);
            Scope::Top
        } else if let Some(state) = kind.strip_suffix("StateEntered") {
            Scope::At(self.enter(from, state, event))
        } else if event.is_entry() {
            let around = self.around_key(event);
            Scope::At(self.enter(around, "", event))
        } else if event.is_exit() {
            self.named(from, event).map_or(from, |visit| self.around(visit))
        } else if kind == "ParallelStateStarted" {
            self.nearest(from, |visit| visit.kind == "Parallel").map_or(from, Scope::Fork)
        } else if kind == "MapIterationStarted" {
            let index = event.detail("index").and_then(serde_json::Value::as_u64).unwrap_or(0);
            self.named(from, event).map_or(from, |visit| Scope::Inside(visit, index))
        } else if kind.starts_with("MapIteration") {
            self.named(from, event).map_or(from, Scope::At)
        } else if let Some(state) = kind.strip_suffix("StateAborted") {
            self.aborted(from, state).or(from.visit()).map_or(from, Scope::At)
        } else if let Some(state) = container(kind) {
            self.nearest(from, |visit| visit.kind == state).map_or(from, Scope::At)
        } else {
            let named = event.detail("name").and_then(|_| self.named(from, event));
            named.or(from.visit()).or_else(|| self.said(event)).map_or(from, Scope::At)
        }
    }

    /// The visit an event names because it follows from none of its events.
    fn said(&self, event: &Event) -> Option<usize> {
        self.latest.get(event.detail("state")?.as_str()?).copied()
    }

    /// The scope around a node whose key is a path: that of the nearest node in front of it that was entered.
    fn around_key(&self, event: &Event) -> Scope {
        let key = event.text("name").unwrap_or_default();
        let dots = key.match_indices('.').rev().take(MAX_DEPTH);
        let mut outer = dots.filter_map(|(dot, _)| Some((self.latest.get(&key[..dot])?, &key[dot + 1..])));
        let slot = |rest: &str| rest.split('.').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        outer.next().map_or(Scope::Top, |(&visit, rest)| Scope::Inside(visit, slot(rest)))
    }

    /// The visit that an event says was aborted, of which it names the type alone: the first such that is under way in
    /// the container the event follows from, else anywhere. Ones that have failed come last.
    fn aborted(&self, from: Scope, state: &str) -> Option<usize> {
        let around = match from {
            Scope::At(visit) if container(&format!("{}State", self.all[visit].kind)).is_none() => {
                self.all[visit].parent
            }
            other => other.visit(),
        };
        let all = self.under_way.get(state)?;
        let within = all.range(around.unwrap_or(0)..).take(MAX_SEARCH).copied();
        let within: Vec<usize> = within.filter(|&visit| around.is_none_or(|outer| self.is_in(visit, outer))).collect();
        let open = within.iter().copied().find(|&visit| self.all[visit].ending == Ending::Open);
        open.or(within.first().copied()).or(all.first().copied())
    }

    /// Whether a visit is the other one or inside it.
    fn is_in(&self, visit: usize, outer: usize) -> bool {
        std::iter::successors(Some(visit), |&visit| self.all[visit].parent).any(|visit| visit == outer)
    }

    /// A run that fails right behind an event of a state fails for it.
    fn fail_with_run(&mut self, from: Scope, event: &Event) {
        if let (Scope::At(visit), true) = (from, event.is_failure()) {
            self.all[visit].ending = Ending::Failed;
            if self.all[visit].error.is_none() {
                let error = event.text("error").or(event.kind.ends_with("Aborted").then_some("Aborted".into()));
                self.all[visit].error = error.map(|text| text.into_owned());
            }
        }
    }

    fn enter(&mut self, from: Scope, kind: &str, event: &Event) -> usize {
        let (parent, slot) = match from {
            Scope::Top => (None, 0),
            Scope::At(previous) => (self.all[previous].parent, self.all[previous].slot),
            Scope::Inside(parent, slot) => (Some(parent), slot),
            Scope::Fork(parent) => {
                let container = &mut self.all[parent];
                container.branches += 1;
                (Some(parent), container.branches - 1)
            }
        };
        let parent = parent.filter(|&parent| self.all[parent].depth < MAX_DEPTH);
        let ending = if kind == "Fail" { Ending::Failed } else { Ending::Open };
        let name = event.text("name").map_or_else(String::new, |name| name.into_owned());
        self.latest.insert(name.clone(), self.all.len());
        self.under_way.entry(kind.to_owned()).or_default().insert(self.all.len());
        self.all.push(Visit {
            name,
            kind: kind.to_owned(),
            parent,
            slot,
            depth: parent.map_or(0, |parent| self.all[parent].depth + 1),
            first: self.pushed,
            last: self.pushed,
            attempts: 0,
            error: None,
            items: None,
            items_done: 0,
            ending,
            branches: 0,
        });
        self.all.len() - 1
    }

    /// What an event changes of its visit, and of those around it.
    fn note(&mut self, visit: Option<usize>, event: &Event) {
        let Some(own) = visit else { return };
        let kind = event.kind.as_str();
        let visit = &mut self.all[own];
        if kind.ends_with("Scheduled")
            || kind == "Dispatched"
            || matches!(kind, "ParallelStateStarted" | "MapStateStarted")
        {
            visit.attempts += 1;
            visit.branches = 0;
            visit.items_done = 0;
            visit.items = event.detail("length").and_then(serde_json::Value::as_u64);
        } else if kind.starts_with("MapIteration") {
            visit.items_done += u64::from(!matches!(kind, "MapIterationStarted" | "MapIterationAborted"));
        } else if event.is_failure() {
            visit.error = Some(event.text("error").unwrap_or(kind.into()).into_owned());
        }
        visit.ending = match (event.is_exit(), visit.ending) {
            (true, Ending::Failed) => Ending::Caught,
            (true, _) => Ending::Done,
            (false, ending) if event.is_entry() || matches!(kind, "Retried" | "Caught") => ending,
            (false, ending) if kind == "MapIterationAborted" => ending,
            (false, _) if kind.starts_with("MapIteration") => Ending::Open,
            (false, _) if event.is_failure() => Ending::Failed,
            (false, _) => Ending::Open,
        };
        if event.is_exit() || kind.ends_with("StateAborted") {
            self.under_way.entry(visit.kind.clone()).or_default().remove(&own);
        }
        let mut around = Some(own);
        while let Some(index) = around {
            self.all[index].last = self.pushed;
            around = self.all[index].parent;
        }
    }

    /// The scope around a visit.
    fn around(&self, visit: usize) -> Scope {
        let visit = &self.all[visit];
        visit.parent.map_or(Scope::Top, |parent| Scope::Inside(parent, visit.slot))
    }

    /// The nearest visit around that has the name the event says; where the chain is broken, the last one of it.
    fn named(&self, from: Scope, event: &Event) -> Option<usize> {
        let name = event.detail("name")?.as_str()?;
        self.nearest(from, |visit| visit.name == name).or_else(|| self.latest.get(name).copied())
    }

    fn nearest(&self, from: Scope, wanted: impl Fn(&Visit) -> bool) -> Option<usize> {
        let mut at = from.visit();
        while let Some(visit) = at {
            if wanted(&self.all[visit]) {
                return Some(visit);
            }
            at = self.all[visit].parent;
        }
        None
    }
}

/// The type of the states that an event of this type concerns, where states can be inside them.
fn container(kind: &str) -> Option<&'static str> {
    match kind {
        _ if kind.starts_with("ParallelState") => Some("Parallel"),
        _ if kind.starts_with("MapState") || kind.starts_with("MapRun") => Some("Map"),
        _ => None,
    }
}
