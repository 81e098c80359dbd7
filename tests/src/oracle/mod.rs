//! A slow and obvious interpreter of CIR: what `wfc_cir::meaning` says, word by word, for tests to compare with.
//!
//! No time passes here, and one thing happens at a time: where the meaning lets several things run at once, an
//! [`Order`] says which of them runs next, to its end. A program that gives the same under several orders does not
//! depend on timing, so every runtime must give that as well.
//!
//! What it does not know is an [`Outcome::Unsupported`] that says so, never a guess.

mod compare;
mod dag;
mod eval;
mod failure;
mod items;
mod kinds;
mod places;
mod seq;
mod tools;
mod visit;

use std::collections::HashMap;
use std::sync::Arc;

use wfc_cir::{FlowId, Module, Owner, RegionId};
use wfc_expr::Value;

pub use failure::Failure;
pub use tools::{blurred, scripted, Call, Tools};

use failure::Stop;
use places::Places;

/// How deep flows and regions may nest while a program runs.
const MAX_DEPTH: usize = 60;

/// Which of several things that may run next does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The one that has waited longest.
    First,
    /// The one that came last.
    Last,
    /// Any, by this seed.
    Seeded(u64),
}

/// What a program is run with.
pub struct Setting<'a> {
    /// The input of the entry flow.
    pub input: Value,
    /// How work is answered.
    pub tools: &'a Tools,
    /// What runs first of what could.
    pub order: Order,
    /// How many visits and attempts there may be.
    pub fuel: u64,
}

/// What can be seen of a run from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// How it ended.
    pub outcome: Outcome,
    /// The calls of tools, in the order they happened.
    pub effects: Vec<Call>,
    /// Whether something that could have run at the same time was given up before it began. How far such work comes is
    /// a matter of timing, which no order of this interpreter shows.
    pub cut: bool,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// With a result.
    Succeeded(Value),
    /// With an error.
    Failed(Failure),
    /// It used up its fuel, nested too deep, or made a value too large.
    Unending,
    /// The interpreter does not know something the program uses.
    Unsupported(String),
}

impl Outcome {
    /// Whether the run came to its own end.
    pub fn is_definite(&self) -> bool {
        matches!(self, Outcome::Succeeded(_) | Outcome::Failed(_))
    }
}

/// Runs the entry flow of a module.
pub fn run(module: &Module, setting: &Setting<'_>) -> Trace {
    let mut machine = Machine {
        module,
        tools: setting.tools,
        execution_input: setting.input.clone(),
        places: Places::default(),
        joined: Value::Null,
        order: setting.order,
        fuel: setting.fuel,
        depth: 0,
        calls: HashMap::new(),
        effects: Vec::new(),
        cut: false,
    };
    let outcome = match machine.flow(module.entry, setting.input.clone()) {
        Ok(result) => Outcome::Succeeded(result),
        Err(Stop::Failed(failure)) => Outcome::Failed(*failure),
        Err(Stop::Unending) => Outcome::Unending,
        Err(Stop::Unsupported(what)) => Outcome::Unsupported(what),
    };
    Trace { outcome, effects: machine.effects, cut: machine.cut }
}

/// How an activation of a region ended, if it did not fail.
enum Ended {
    /// With its result.
    Region(Value),
    /// A `Return` leaves more than the region: the innermost loop round around it, or the flow.
    Beyond(wfc_cir::ReturnTo, Value),
}

struct Machine<'m> {
    module: &'m Module,
    tools: &'m Tools,
    execution_input: Value,
    /// Variables and outputs.
    places: Places,
    /// What the join that is visited next has received.
    joined: Value,
    order: Order,
    fuel: u64,
    depth: usize,
    /// How often the same call was made.
    calls: HashMap<String, u32>,
    effects: Vec<Call>,
    cut: bool,
}

impl Machine<'_> {
    /// Runs a flow; it sees no variables and outputs of its caller.
    fn flow(&mut self, flow: FlowId, input: Value) -> Result<Value, Stop> {
        let body = self.module.flows[flow].body;
        let outer = std::mem::take(&mut self.places);
        self.places.begin_outs(body);
        let ended = self.region(body, input);
        self.places = outer;
        match ended? {
            Ended::Region(result) | Ended::Beyond(_, result) => Ok(result),
        }
    }

    /// Activates a region.
    fn region(&mut self, region: RegionId, input: Value) -> Result<Ended, Stop> {
        if self.depth >= MAX_DEPTH {
            return Err(Stop::Unending);
        }
        self.depth += 1;
        self.places.begin_vars();
        let ended = match self.module.regions[region].mode {
            wfc_cir::Mode::Seq { entry: Some(entry) } => self.seq(entry, input),
            wfc_cir::Mode::Seq { entry: None } => Err(Stop::unsupported("a Seq region without an entry")),
            wfc_cir::Mode::Dag { on_fail } => self.dag(region, on_fail, input),
        };
        self.places.end_vars();
        self.depth -= 1;
        ended
    }

    /// Uses up some of what the run may do.
    fn burn(&mut self) -> Result<(), Stop> {
        self.fuel = self.fuel.checked_sub(1).ok_or(Stop::Unending)?;
        Ok(())
    }

    /// Which of `count` things comes next.
    fn pick(&mut self, count: usize) -> usize {
        match &mut self.order {
            Order::First => 0,
            Order::Last => count - 1,
            Order::Seeded(state) => {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                (mixed(*state) % count.max(1) as u64) as usize
            }
        }
    }
}

/// Numbers that are close to each other become numbers that are not.
fn mixed(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Whether `node` is in `region` or in a region inside it.
fn is_inside(module: &Module, node: wfc_cir::NodeId, region: RegionId) -> bool {
    let mut at = module.nodes[node].region;
    loop {
        match module.regions[at].owner {
            _ if at == region => return true,
            Owner::Flow(_) => return false,
            Owner::Node(container) => at = module.nodes[container].region,
        }
    }
}

type Name = Arc<str>;
