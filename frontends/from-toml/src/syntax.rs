//! What a file can hold, and its fields by name.

use std::sync::Arc;

use wfc_cir::Origin;
use wfc_diag::Span;
use wfc_expr::cond::Cond;
use wfc_expr::value::Number;
use wfc_source::strict::{Spanned, Table};

/// A file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The `id` of the workflow.
    pub id: Option<Spanned<Arc<str>>>,
    /// What the author says about it.
    pub description: Option<Arc<str>>,
    /// `name`, `version` and other facts that runs do not depend on.
    pub facts: Vec<(Arc<str>, Arc<str>)>,
    /// The steps that could be read.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub id: Spanned<Arc<str>>,
    /// Its command, a text for the shell.
    pub run: Arc<str>,
    /// The steps it waits for.
    pub needs: Vec<Spanned<Arc<str>>>,
    /// If false, it is skipped.
    pub when: Option<(Cond, Origin)>,
    /// How it is tried again.
    pub retry: Option<Retry>,
    /// Variables of its environment.
    pub env: Vec<(Arc<str>, Arc<str>)>,
    /// Seconds an attempt may take.
    pub timeout: Option<Spanned<Number>>,
    /// What the author says about it.
    pub description: Option<Arc<str>>,
    /// Its place.
    pub span: Span,
}

/// How a step is tried again.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Extra attempts.
    pub max: Number,
    /// Seconds before the first of them.
    pub interval: Number,
    /// What each further wait is multiplied by.
    pub backoff: Number,
    /// Its place.
    pub span: Span,
}

/// The whole file.
pub const FILE: Table = Table {
    what: "a workflow file",
    fields: &["workflow", "steps"],
    later: &["parameters", "artifacts", "actions", "requirements", "env", "policies", "defaults"],
};

/// `[workflow]`
pub const WORKFLOW: Table = Table {
    what: "[workflow]",
    fields: &["id", "name", "version", "description", "license", "homepage"],
    later: &["tags", "timeout", "max_parallel", "budget", "workspace", "on_failure"],
};

/// `[[steps]]`
pub const STEP: Table = Table {
    what: "a step",
    fields: &["id", "run", "needs", "when", "retry", "env", "timeout", "description"],
    later: &[
        "uses",
        "inputs",
        "for_each",
        "loop",
        "approval",
        "workspace",
        "on_failure",
        "parallel",
        "verify",
        "priority",
        "artifacts",
        "human",
        "model",
        "workflow",
    ],
};

/// `retry`
pub const RETRY: Table =
    Table { what: "'retry'", fields: &["max", "interval", "backoff"], later: &["on", "max_delay"] };
