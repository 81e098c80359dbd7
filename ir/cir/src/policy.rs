//! What surrounds the work of a node: retries, limits, handlers, and the effects it may have.

use std::sync::Arc;

use wfc_expr::value::Number;

use crate::{Expr, Origin};

/// What surrounds the work of a node. Absent means: nothing of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// Tried in order; the first that matches the error counts.
    pub retry: Vec<Retrier>,
    /// Seconds one attempt may take.
    pub timeout: Option<Expr>,
    /// Seconds between two signs of life.
    pub heartbeat: Option<Expr>,
    /// Seconds the whole visit may take, all attempts and waits included.
    pub total_timeout: Option<Expr>,
    /// A person must agree before the work starts; the text is the question.
    pub approval: Option<Expr>,
    /// Conditions that must hold before the work starts; otherwise the node raises.
    pub constraints: Vec<Expr>,
    /// How many nodes this may enter, itself included.
    pub max_steps: Option<u64>,
    /// What this may cost, in US dollars.
    pub max_cost_usd: Option<Number>,
    /// Megabytes of memory the work may take.
    pub max_memory_mb: Option<Number>,
    /// Where the work finds its files.
    pub workspace: Option<Workspace>,
    /// Larger first, when several nodes wait for a slot.
    pub priority: i64,
    /// Whether a failure that nothing handles leaves the node done, with the error record as its result.
    pub continue_on_failure: bool,
}

/// Where the work of a node finds its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Workspace {
    /// Where its container works.
    Inherit,
    /// A fresh one, gone afterwards.
    Ephemeral,
    /// A directory of the workspace.
    Path(Arc<str>),
}

/// Which errors a retrier or handler is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorMatch {
    /// Names; `States.ALL` and `*` stand for all.
    pub names: Vec<Arc<str>>,
    /// Classes, such as `transient`.
    pub classes: Vec<Arc<str>>,
    /// Texts that the message must contain.
    pub contains: Vec<Arc<str>>,
    /// Exit codes.
    pub exit_codes: Vec<i32>,
    /// Whether errors of a transfer, raised while data leaves the node, are matched as well.
    pub transfers: bool,
}

/// One rule for trying again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Retrier {
    /// Which errors.
    pub on: ErrorMatch,
    /// Seconds before the first retry; the flow's dialect has a default.
    pub interval: Option<Number>,
    /// Extra attempts; the flow's dialect has a default.
    pub max: Option<Number>,
    /// What each further wait is multiplied by.
    pub backoff: Option<Number>,
    /// Whether each further wait is longer by `interval` instead; `backoff` is ignored then.
    pub linear: bool,
    /// The longest wait in seconds.
    pub max_delay: Option<Number>,
    /// Whether waits are shortened at random.
    pub jitter: Option<Jitter>,
    /// What the author says about it.
    pub comment: Option<Arc<str>>,
    /// Where it was written.
    pub origin: Origin,
}

/// Whether waits are shortened at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// To anything between nothing and the whole wait.
    Full,
}

/// Which errors leave a node by which [`crate::On::Error`] edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handler {
    /// Which errors.
    pub on: ErrorMatch,
    /// What the author says about it.
    pub comment: Option<Arc<str>>,
    /// Where it was written.
    pub origin: Origin,
}

/// What work may do to the world; a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Effects(u8);

impl Effects {
    /// Nothing.
    pub const NONE: Effects = Effects(0);
    /// Reads files or services.
    pub const READ: Effects = Effects(1);
    /// Changes files or services.
    pub const WRITE: Effects = Effects(2);
    /// Talks over a network.
    pub const NETWORK: Effects = Effects(4);
    /// Asks a language model.
    pub const MODEL: Effects = Effects(8);
    /// Asks a person.
    pub const HUMAN: Effects = Effects(16);
    /// Depends on the time.
    pub const TIME: Effects = Effects(32);
    /// Depends on chance.
    pub const RANDOM: Effects = Effects(64);
    /// The words of the text form, in its order.
    pub const WORDS: [(Effects, &'static str); 7] = [
        (Effects::READ, "read"),
        (Effects::WRITE, "write"),
        (Effects::NETWORK, "network"),
        (Effects::MODEL, "model"),
        (Effects::HUMAN, "human"),
        (Effects::TIME, "time"),
        (Effects::RANDOM, "random"),
    ];

    /// Both sets.
    pub const fn and(self, other: Effects) -> Effects {
        Effects(self.0 | other.0)
    }

    /// Whether all of `other` is in it.
    pub const fn has(self, other: Effects) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether it is empty.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}
