//! Timers, and what time it is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use wfc_run_core::Millis;

use crate::Clock;

/// Timers by name, earliest first; of those due at once, the one of the smallest name.
pub(crate) struct Timers<K> {
    by_time: BTreeSet<(Millis, K)>,
    by_id: BTreeMap<K, Millis>,
    clock: Clock,
    started: Instant,
    /// Milliseconds since 1970 at the start; for the virtual clock, now.
    base: Millis,
}

impl<K: Copy + Ord> Timers<K> {
    pub(crate) fn new(clock: Clock) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let base = match clock {
            Clock::Real => Millis::try_from(since_1970.as_millis()).unwrap_or(Millis::MAX),
            Clock::Virtual { start } => start,
        };
        Self { by_time: BTreeSet::new(), by_id: BTreeMap::new(), clock, started: Instant::now(), base }
    }

    pub(crate) fn is_virtual(&self) -> bool {
        matches!(self.clock, Clock::Virtual { .. })
    }

    pub(crate) fn now(&self) -> Millis {
        match self.clock {
            // The system's clock may be set back; the time since the start may not.
            Clock::Real => {
                let passed = Millis::try_from(self.started.elapsed().as_millis()).unwrap_or(Millis::MAX);
                self.base.saturating_add(passed)
            }
            Clock::Virtual { .. } => self.base,
        }
    }

    pub(crate) fn set(&mut self, id: K, at: Millis) {
        self.clear(id);
        self.by_id.insert(id, at);
        self.by_time.insert((at, id));
    }

    pub(crate) fn clear(&mut self, id: K) {
        if let Some(at) = self.by_id.remove(&id) {
            self.by_time.remove(&(at, id));
        }
    }

    pub(crate) fn clear_range(&mut self, range: Range<K>) {
        let ids: Vec<K> = self.by_id.range(range).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.clear(id));
    }

    /// How long it is until the next timer, in real time; with a virtual clock, nothing unless `busy`.
    pub(crate) fn pause(&self, busy: bool) -> Option<Duration> {
        let (at, _) = self.by_time.first()?;
        match self.clock {
            Clock::Real => Some(Duration::from_millis(u64::try_from(at.saturating_sub(self.now())).unwrap_or(0))),
            Clock::Virtual { .. } => (!busy).then_some(Duration::ZERO),
        }
    }

    /// Takes the next timer; a virtual clock then shows its time.
    pub(crate) fn take(&mut self) -> Option<K> {
        let (at, id) = self.by_time.pop_first()?;
        self.by_id.remove(&id);
        if let Clock::Virtual { .. } = self.clock {
            self.base = self.base.max(at);
        }
        Some(id)
    }
}
