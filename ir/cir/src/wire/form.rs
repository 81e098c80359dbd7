//! The types of the wire form. Their names and fields are the contract.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::words::{self, find, word};

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Types whose values are words of a table.
macro_rules! word_types {
    ($($(#[$doc:meta])* $name:ident($of:ty) = $table:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq)]
        pub(super) struct $name(pub(super) $of);

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(word($table, &self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                find($table, &text).map(Self).ok_or_else(|| {
                    let words: Vec<&str> = $table.iter().map(|(_, word)| *word).collect();
                    serde::de::Error::custom(format!("`{text}` is none of {}", words.join(", ")))
                })
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let words: Vec<&str> = $table.iter().map(|(_, word)| *word).collect();
                schemars::json_schema!({ "type": "string", "enum": words })
            }
        }
    )*};
}

word_types! {
    /// How siblings end when a branch fails.
    Abort(crate::Abort) = words::ABORTS;
    /// What a failure does to the rest of a Dag region.
    OnFail(crate::OnFail) = words::ON_FAIL;
    /// How checks combine.
    Strategy(crate::Strategy) = words::STRATEGIES;
    /// What happens when checks fail.
    VerifyFail(crate::VerifyFail) = words::VERIFY_FAILS;
    /// What happens when a loop reaches its cap.
    OnCap(crate::OnCap) = words::ON_CAP;
    /// What a return leaves.
    ReturnTo(crate::ReturnTo) = words::RETURN_TO;
    /// What may happen to work when nobody knows whether it was done.
    Replay(crate::Replay) = words::REPLAY;
    /// Where items run.
    Isolation(crate::Isolation) = words::ISOLATION;
    /// Whether waits are shortened at random.
    Jitter(crate::Jitter) = words::JITTER;
    /// One thing that work may do to the world.
    Effect(crate::Effects) = words::EFFECTS;
}

/// A whole program.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Module {
    /// Always `cir`.
    pub(super) format: String,
    /// The version of the form.
    pub(super) version: u64,
    pub(super) name: String,
    pub(super) dialect: String,
    /// The flow that runs first.
    pub(super) entry: String,
    pub(super) flows: Vec<Flow>,
    /// Referred to by their place in this list.
    pub(super) regions: Vec<Region>,
    pub(super) nodes: Vec<Node>,
}

/// A range of bytes in a file.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    pub(super) file: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// An expression.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Expr {
    /// In the notation of the text form, such as `path"$.x" of input`.
    pub(super) text: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// A number; in quotes where a JSON number would lose digits.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Number {
    Plain(serde_json::Number),
    Exact(String),
}

/// A fact of a dialect.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Extra {
    pub(super) name: String,
    /// JSON text.
    pub(super) json: String,
}

/// Something that can be started.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Flow {
    pub(super) name: String,
    /// A region.
    pub(super) body: usize,
    pub(super) trace: String,
    pub(super) abort: Abort,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) timeout: Option<Expr>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) max_steps: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_cost_usd: Option<Number>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) comment: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) extras: Vec<Extra>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// Nodes with one way of passing control.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Region {
    pub(super) mode: Mode,
    /// Keys, in order.
    pub(super) nodes: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) comment: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) extras: Vec<Extra>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// How control passes.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Mode {
    Seq {
        #[serde(default, skip_serializing_if = "is_default")]
        entry: Option<String>,
    },
    Dag {
        on_fail: OnFail,
    },
}

/// One place of a region.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Node {
    pub(super) key: String,
    pub(super) kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) input: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) args: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) result: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) policy: Option<Policy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) handlers: Vec<Handler>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) ready: Ready,
    pub(super) effects: Vec<Effect>,
    pub(super) replay: Replay,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) edges: Vec<Edge>,
    #[serde(default, skip_serializing_if = "Transfer::is_plain")]
    pub(super) end: Transfer,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Part>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) comment: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) extras: Vec<Extra>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) name_span: Option<Span>,
}

/// A node that was merged into another one.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub(super) key: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// What a node of a Dag region waits for.
#[derive(Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ready {
    #[default]
    All,
    Live,
    First,
    Quorum(u32),
}

/// What happens at a node.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Kind {
    Tool {
        tool: String,
        reply: Answer,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credentials: Option<Expr>,
    },
    Model {
        provider: String,
        model: String,
    },
    Human {
        interaction: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        options: Vec<String>,
    },
    CallFlow(String),
    CallNamed(String),
    Assign,
    Choice {
        cases: Vec<Expr>,
    },
    Join,
    /// Regions.
    Parallel(Vec<usize>),
    Foreach(Box<ForEach>),
    Loop {
        body: usize,
        condition: Expr,
        until: bool,
        cap: u64,
        on_cap: OnCap,
    },
    /// A region.
    Scope(usize),
    WaitSeconds(Expr),
    WaitTimestamp(Expr),
    Verify {
        body: usize,
        checks: Vec<Expr>,
        strategy: Strategy,
        on_fail: VerifyFail,
        rounds: u32,
    },
    Return(ReturnTo),
    Raise {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<Expr>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Expr>,
    },
    Hole,
}

/// How the answer of a tool comes.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    Reply,
    Token,
    /// The version of the result's shape.
    Sync(u8),
    Activity,
}

/// A region for each item.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForEach {
    pub(super) body: usize,
    pub(super) isolation: Isolation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reader: Option<Service>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) batch: Option<Batch>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) concurrency: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tolerate_count: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tolerate_percent: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) writer: Option<Service>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) label: Option<String>,
}

/// A reader or writer.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    /// Only a writer may lack it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) resource: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) args: Option<Expr>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) config: Vec<Named>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// An expression with a name.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) value: Expr,
}

/// How items are grouped.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_items: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_bytes: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) input: Option<Expr>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// What surrounds the work of a node.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) retry: Vec<Retrier>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) timeout: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) heartbeat: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) total_timeout: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) approval: Option<Expr>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) constraints: Vec<Expr>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) max_steps: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_cost_usd: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_memory_mb: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) workspace: Option<Workspace>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) priority: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) continue_on_failure: bool,
}

/// Where work finds its files.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Workspace {
    Inherit,
    Ephemeral,
    Path(String),
}

/// Which errors.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorMatch {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) names: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) classes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) contains: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) exit_codes: Vec<i32>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) transfers: bool,
}

/// One rule for trying again.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Retrier {
    pub(super) on: ErrorMatch,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) interval: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) backoff: Option<Number>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) linear: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_delay: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) jitter: Option<Jitter>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// Which errors leave by which edge.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Handler {
    pub(super) on: ErrorMatch,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// A way on.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Edge {
    pub(super) on: On,
    /// A key.
    pub(super) to: String,
    #[serde(default, skip_serializing_if = "Transfer::is_plain")]
    pub(super) transfer: Transfer,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) span: Option<Span>,
}

/// When an edge is taken.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum On {
    Done,
    Case(u32),
    Otherwise,
    Error(u32),
    Settled,
}

/// What happens to data on an edge.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Transfer {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) assign: Vec<Named>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) out: Option<Expr>,
}

impl Transfer {
    fn is_plain(&self) -> bool {
        self.assign.is_empty() && self.out.is_none()
    }
}
