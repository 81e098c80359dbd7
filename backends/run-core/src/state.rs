//! The state of a run: everything that must be kept between two events, and nothing else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::{EdgeIx, NodeIx, On, RegionIx};

use crate::{Act, Millis, Outcome, Probe, RunError, RunStatus, Setting};

use crate::present;

pub(crate) use crate::runs::ItemRuns;

/// The state of a run. It can be written down at any moment and read back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RunState {
    pub(crate) run: String,
    pub(crate) seed: u64,
    pub(crate) now: Millis,
    pub(crate) context: Value,
    /// The number of the last record.
    pub(crate) records: u64,
    pub(crate) next_frame: u32,
    // Boxed, as visits are: a node of the map holds eleven places, and most maps hold one.
    pub(crate) frames: BTreeMap<u32, Box<Frame>>,
    pub(crate) queue: VecDeque<Msg>,
    /// Cancelled work that has not answered yet, and who waits for it.
    #[serde(with = "pairs")]
    pub(crate) dying: BTreeMap<Act, Waiter>,
    /// For how many acts of `dying` each of them waits.
    #[serde(with = "pairs")]
    pub(crate) waits: BTreeMap<Waiter, usize>,
    pub(crate) outcome: Option<Outcome>,
    /// How the run differs from a whole run under no limits.
    #[serde(default)]
    pub(crate) setting: Setting,
    /// What was seen of the node that is run alone.
    #[serde(default)]
    pub(crate) probe: Option<Box<Probe>>,
    /// Whether the last line of history that may be written is due.
    #[serde(default)]
    pub(crate) history_full: bool,
}

/// How a region, or the work of a node, ended.
pub(crate) type Verdict = Result<Value, RunError>;

/// A transition that is to be made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Msg {
    /// A region begins.
    Open { frame: u32 },
    /// A node is entered.
    Enter { frame: u32, node: NodeIx, raw: Value },
    /// A node's work is begun, for the first time or again.
    Attempt { frame: u32, node: NodeIx },
    /// The next item of a `ForEach` is begun.
    Spawn { frame: u32, node: NodeIx },
    /// A node of a Dag settles without having run, or is not wanted any more.
    Drop { frame: u32, node: NodeIx, fate: Fate },
    /// A region has ended.
    Close { frame: u32 },
    /// Items that are runs of their own go on.
    Pump { frame: u32, node: NodeIx },
}

/// How a region ends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ending {
    pub(crate) verdict: Verdict,
    /// Whether a loop ends with this round whatever its condition says.
    pub(crate) leaves_loop: bool,
    /// For the run's own region: a status other than the verdict's.
    pub(crate) status: Option<RunStatus>,
    /// The node whose failure it is.
    #[serde(default)]
    pub(crate) by: Option<NodeIx>,
}

/// Who waits for cancelled work: a region that ends, or a node whose children were cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Waiter {
    pub(crate) frame: u32,
    pub(crate) node: Option<NodeIx>,
}

/// One activation of a region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Frame {
    pub(crate) region: RegionIx,
    pub(crate) parent: Option<Parent>,
    pub(crate) raw: Value,
    /// The item of a `ForEach`, and its index.
    pub(crate) item: Option<(u64, Value)>,
    /// The number of a loop's round, and the result of the round before.
    pub(crate) round: Option<(u64, Value)>,
    pub(crate) vars: BTreeMap<Arc<str>, Value>,
    /// What nodes have produced, if this frame keeps it (a flow, a round, an item).
    pub(crate) outs: Option<BTreeMap<NodeIx, Value>>,
    /// Nodes that are at work.
    pub(crate) visits: BTreeMap<NodeIx, Box<Visit>>,
    /// How often each node was entered.
    pub(crate) entered: BTreeMap<NodeIx, u32>,
    pub(crate) dag: Option<Dag>,
    /// The number of the last record of this frame.
    pub(crate) last: u64,
    /// How the region ends, once it does and all cancelled work has answered.
    pub(crate) closing: Option<Ending>,
}

/// Where a frame hangs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Parent {
    pub(crate) frame: u32,
    pub(crate) node: NodeIx,
    /// Which of the node's children it is.
    pub(crate) slot: u32,
}

/// A node at work.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) act: Act,
    pub(crate) raw: Value,
    pub(crate) input: Value,
    #[serde(with = "present")]
    pub(crate) args: Option<Value>,
    /// When it was entered.
    pub(crate) entered: Millis,
    /// The record before the one of its entry, that one, and the one of its children's start.
    pub(crate) records: Marks,
    /// How often each retrier was used.
    pub(crate) retries: Vec<u64>,
    /// Whether a `Total` timer was set.
    pub(crate) limited: bool,
    pub(crate) doing: Doing,
}

/// Numbers of records of a visit that later ones may follow from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marks {
    pub(crate) before: u64,
    pub(crate) entered: u64,
    pub(crate) started: u64,
}

/// What a node at work is doing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Doing {
    /// Its work is to be begun.
    Starting,
    /// Its work was dispatched.
    Working,
    /// Time passes.
    Sleeping,
    /// Time passes before the next attempt.
    BackingOff,
    /// Its regions run.
    Parenting(Children),
    /// Its items run as runs of their own.
    Running(Box<ItemRuns>),
    /// It fails once cancelled work has answered.
    Closing { error: RunError },
}

/// The regions of a node at work.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Children {
    pub(crate) frames: BTreeSet<u32>,
    /// Results by slot.
    #[serde(with = "present::each")]
    pub(crate) results: Vec<Option<Value>>,
    /// The items of a `ForEach`; null for others.
    pub(crate) items: Value,
    /// The next slot to begin.
    pub(crate) next: u32,
    /// How many may run at once.
    pub(crate) limit: usize,
    pub(crate) failed: usize,
    /// The last record inside the item that made room for the next one.
    #[serde(default)]
    pub(crate) freed: Option<u64>,
    /// What the nodes of ended items have produced, by slot.
    pub(crate) outs: BTreeMap<u32, BTreeMap<NodeIx, Value>>,
    /// Finished rounds of a loop.
    pub(crate) rounds: u64,
}

/// The state of a Dag region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dag {
    /// What a `Return` gave, and where it stands in the region.
    pub(crate) returned: Option<(usize, Value)>,
    /// By the node's place in its region.
    pub(crate) cells: Vec<Cell>,
    /// How many nodes have not settled.
    pub(crate) open: usize,
    /// The first failure that fails the region.
    pub(crate) failure: Option<RunError>,
}

/// The state of a node of a Dag region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cell {
    pub(crate) started: bool,
    pub(crate) settled: bool,
    /// Whether its work was done; not, if a handler was needed.
    pub(crate) done: bool,
    /// Plain edges out that somebody may still want.
    pub(crate) demand: u32,
    pub(crate) dead: u32,
    /// An error that came along a plain edge, and from where.
    pub(crate) poison: Option<(NodeIx, RunError)>,
    pub(crate) poisoned: u32,
    pub(crate) taken: Vec<(EdgeIx, Value)>,
}

/// How a node of a Dag region settled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Fate {
    /// By this edge.
    Left(On),
    /// By an error that no handler is for.
    Failed(RunError),
    /// It was not run because of an earlier error.
    Poisoned(RunError),
    Skipped,
    Cancelled,
}

impl RunState {
    /// A run that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the run came to, once it has ended.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    pub(crate) fn visit_mut(&mut self, frame: u32, node: NodeIx) -> Option<&mut Visit> {
        self.frames.get_mut(&frame)?.visits.get_mut(&node).map(Box::as_mut)
    }

    pub(crate) fn visit(&self, frame: u32, node: NodeIx) -> Option<&Visit> {
        self.frames.get(&frame)?.visits.get(&node).map(Box::as_ref)
    }

    /// The frame and those around it, innermost first.
    pub(crate) fn chain(&self, frame: u32) -> impl Iterator<Item = (u32, &Frame)> {
        let with_id = |id: u32| Some((id, &**self.frames.get(&id)?));
        std::iter::successors(with_id(frame), move |(_, frame)| with_id(frame.parent?.frame))
    }
}

impl Ending {
    pub(crate) fn of(verdict: Verdict) -> Self {
        Self { verdict, leaves_loop: false, status: None, by: None }
    }
}

/// Writes a map whose keys are no strings as a list of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K, V, S>(map: &BTreeMap<K, V>, serializer: S) -> Result<S::Ok, S::Error>
    where
        K: Serialize,
        V: Serialize,
        S: Serializer,
    {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Vec::<(K, V)>::deserialize(deserializer).map(|pairs| pairs.into_iter().collect())
    }
}
