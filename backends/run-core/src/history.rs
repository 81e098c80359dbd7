//! Lines of history as the service shows them.

use std::sync::Arc;

use serde_json::{json, Map, Value as Json};
use wfc_expr::Value;
use wfc_plan::{Node, NodeKind, ReplyMode};

use crate::time::instant_text;
use crate::trace::Table;
use crate::{Detail, Millis, Program, Record, RecordKind};

/// A line of history in the form of the service's `GetExecutionHistory`. Flows with a table of their own show the
/// core's words in the same form.
pub fn event(program: &Program, record: &Record) -> Json {
    let node = record.node.map(|node| &program.plan().nodes[node.at()]);
    let flow_is_aws = program.table(node.map_or(program.entry_region(), |node| node.region)) == Table::Aws;
    let (kind, details) = match (flow_is_aws, node) {
        (true, None) => (run_type(record.kind), run_details(record)),
        (true, Some(node)) => node_event(node, record),
        (false, node) => (format!("{:?}", record.kind), plain_details(node, record)),
    };
    let mut event = Map::new();
    event.insert("id".into(), record.seq.into());
    event.insert("previousEventId".into(), record.prev.into());
    event.insert("timestamp".into(), instant_text(record.at).into());
    if let Some((name, details)) = details {
        event.insert(name, details.into());
    }
    event.insert("type".into(), kind.into());
    event.into()
}

/// What is said about a line, and what that is called.
type Details = Option<(String, Map<String, Json>)>;

fn run_type(kind: RecordKind) -> String {
    let name = match kind {
        RecordKind::RunStarted => "ExecutionStarted",
        RecordKind::RunRedriven => "ExecutionRedriven",
        RecordKind::RunSucceeded => "ExecutionSucceeded",
        RecordKind::RunTimedOut => "ExecutionTimedOut",
        RecordKind::RunAborted => "ExecutionAborted",
        _ => "ExecutionFailed",
    };
    name.to_owned()
}

fn run_details(record: &Record) -> Details {
    let mut details = Map::new();
    fill(&mut details, &record.detail);
    let kind = run_type(record.kind);
    (record.kind != RecordKind::RunTimedOut).then(|| (details_of(&kind), details))
}

/// `executionStartedEventDetails` for `ExecutionStarted`.
fn details_of(kind: &str) -> String {
    let mut chars = kind.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect::<String>() + "EventDetails"
}

fn node_event(node: &Node, record: &Record) -> (String, Details) {
    use RecordKind as K;
    let mut details = Map::new();
    fill(&mut details, &record.detail);
    let kind = state_type(node);
    match record.kind {
        K::Entered | K::Exited => {
            let exits = record.kind == K::Exited;
            let (what, group) = if exits { ("Exited", "stateExited") } else { ("Entered", "stateEntered") };
            details.insert("name".into(), (*node.name).into());
            (format!("{kind}State{what}"), Some((format!("{group}EventDetails"), details)))
        }
        K::Dispatched | K::Started | K::Submitted | K::Replied | K::Failed | K::TimedOut => work_event(node, record),
        K::ChildrenStarted if kind == "Map" => {
            ("MapStateStarted".into(), Some(("mapStateStartedEventDetails".into(), details)))
        }
        K::ChildrenStarted => (format!("{kind}StateStarted"), None),
        K::ChildrenSucceeded => (format!("{kind}StateSucceeded"), None),
        K::ChildrenFailed => (format!("{kind}StateFailed"), None),
        K::Cancelled => (format!("{kind}StateAborted"), None),
        K::ItemStarted | K::ItemSucceeded | K::ItemFailed | K::ItemAborted => {
            details.insert("name".into(), (*node.name).into());
            let name = format!("MapIteration{}", &format!("{:?}", record.kind)["Item".len()..]);
            let group = details_of(&name);
            (name, Some((group, details)))
        }
        K::ItemRunsStarted | K::ItemRunsFailed => {
            let name = if record.kind == K::ItemRunsStarted { "MapRunStarted" } else { "MapRunFailed" };
            if let Some(arn) = details.remove("detail") {
                details.insert("mapRunArn".into(), arn);
            }
            (name.into(), Some((details_of(name), details)))
        }
        K::ItemRunsSucceeded => ("MapRunSucceeded".into(), None),
        K::ItemRunsAborted => ("MapRunAborted".into(), None),
        K::EvaluationFailed => {
            details.insert("state".into(), (*node.name).into());
            ("EvaluationFailed".into(), Some(("evaluationFailedEventDetails".into(), details)))
        }
        other => (format!("{other:?}"), None),
    }
}

fn state_type(node: &Node) -> &'static str {
    match node.kind {
        NodeKind::Step(_) => "Task",
        NodeKind::Assign => "Pass",
        NodeKind::Choice(_) => "Choice",
        NodeKind::Parallel(_) => "Parallel",
        NodeKind::ForEach(_) => "Map",
        NodeKind::Wait(_) => "Wait",
        NodeKind::Return(_) => "Succeed",
        NodeKind::Raise { .. } => "Fail",
        NodeKind::Join | NodeKind::Loop(_) | NodeKind::Scope(_) => "Scope",
    }
}

/// The kinds of work the service tells apart.
enum Work<'a> {
    Lambda,
    Activity,
    Service { kind: &'a str, action: &'a str },
}

fn work_of(node: &Node) -> Option<(Work<'_>, &Arc<str>)> {
    let NodeKind::Step(tool) = &node.kind else { return None };
    let name = &tool.name;
    let work = if tool.mode == ReplyMode::Activity {
        Work::Activity
    } else if name.contains(":lambda:") && name.contains(":function:") {
        Work::Lambda
    } else {
        let service = name.splitn(6, ':').nth(5).unwrap_or(name);
        let sdk = service.strip_prefix("aws-sdk:").map_or(0, |_| "aws-sdk:".len());
        let cut = service[sdk..].find(':').map(|at| at + sdk);
        let (kind, action) = cut.map_or((service, ""), |cut| (&service[..cut], &service[cut + 1..]));
        Work::Service { kind, action }
    };
    Some((work, name))
}

fn work_event(node: &Node, record: &Record) -> (String, Details) {
    let Some((work, resource)) = work_of(node) else { return (format!("{:?}", record.kind), None) };
    let phase = match record.kind {
        RecordKind::Dispatched => "Scheduled",
        RecordKind::Started => "Started",
        RecordKind::Submitted => "Submitted",
        RecordKind::Replied => "Succeeded",
        RecordKind::TimedOut => "TimedOut",
        _ => "Failed",
    };
    let mut details = Map::new();
    let prefix = match &work {
        Work::Lambda => "LambdaFunction",
        Work::Activity => "Activity",
        Work::Service { .. } => "Task",
    };
    match (&work, &record.detail) {
        (Work::Service { .. }, Detail::Work { args, .. }) => {
            details.insert("parameters".into(), args.to_json().into());
            details.insert("region".into(), "us-east-1".into());
            fill(&mut details, &record.detail);
        }
        (_, Detail::Work { args, .. }) => {
            put_text(&mut details, "input", args);
            details.insert("resource".into(), (**resource).into());
            fill(&mut details, &record.detail);
        }
        (Work::Activity, Detail::Name(worker)) => {
            details.insert("workerName".into(), (**worker).into());
        }
        (_, detail) => fill(&mut details, detail),
    }
    if let Work::Service { kind, action } = work {
        details.insert("resource".into(), action.into());
        details.insert("resourceType".into(), kind.into());
    }
    let name = format!("{prefix}{phase}");
    let group = details_of(&name);
    let bare = prefix == "LambdaFunction" && phase == "Started";
    (name, (!bare).then_some((group, details)))
}

fn plain_details(node: Option<&Node>, record: &Record) -> Details {
    let mut details = Map::new();
    if let Some(node) = node {
        details.insert("name".into(), (*node.key).into());
    }
    if let Detail::Work { args, .. } = &record.detail {
        put_text(&mut details, "input", args);
    }
    fill(&mut details, &record.detail);
    Some(("details".into(), details))
}

/// The members every kind of line has for what it tells.
fn fill(details: &mut Map<String, Json>, detail: &Detail) {
    match detail {
        Detail::None => {}
        Detail::Begun { input, role } => {
            put_text(details, "input", input);
            if let Some(role) = role {
                details.insert("roleArn".into(), (**role).into());
            }
        }
        Detail::Input(input) => put_text(details, "input", input),
        Detail::Output(output) => put_text(details, "output", output),
        Detail::Exit { output, assigned } => {
            put_text(details, "output", output);
            put_assigned(details, assigned);
        }
        Detail::Error { error, cause } => put_error(details, error.as_ref(), cause.as_ref()),
        Detail::Evaluation { location, error, cause } => {
            put_error(details, error.as_ref(), cause.as_ref());
            if let Some(location) = location {
                details.insert("location".into(), (**location).into());
            }
        }
        Detail::Work { timeout, heartbeat, credentials, .. } => {
            put_seconds(details, "timeoutInSeconds", *timeout);
            put_seconds(details, "heartbeatInSeconds", *heartbeat);
            if let Some(role) = credentials.as_ref().and_then(|credentials| credentials.get("RoleArn")) {
                let role = role.as_str().map_or_else(|| role.to_json(), str::to_owned);
                details.insert("taskCredentials".into(), json!({ "roleArn": role }));
            }
        }
        Detail::Redriven(count) => {
            details.insert("redriveCount".into(), (*count).into());
        }
        Detail::Length(length) => {
            details.insert("length".into(), (*length).into());
        }
        Detail::Index(index) => {
            details.insert("index".into(), (*index).into());
        }
        Detail::Name(name) => {
            details.insert("detail".into(), (**name).into());
        }
    }
}

/// A document as text, and the flag that it is all of it.
fn put_text(details: &mut Map<String, Json>, name: &str, value: &Value) {
    details.insert(name.to_owned(), value.to_json().into());
    details.insert(format!("{name}Details"), json!({ "truncated": false }));
}

fn put_assigned(details: &mut Map<String, Json>, assigned: &[(Arc<str>, Value)]) {
    if assigned.is_empty() {
        return;
    }
    let texts: Map<String, Json> =
        assigned.iter().map(|(name, value)| (name.to_string(), value.to_json().into())).collect();
    details.insert("assignedVariables".into(), texts.into());
    details.insert("assignedVariablesDetails".into(), json!({ "truncated": false }));
}

fn put_error(details: &mut Map<String, Json>, error: Option<&Arc<str>>, cause: Option<&Arc<str>>) {
    for (name, text) in [("error", error), ("cause", cause)] {
        if let Some(text) = text {
            details.insert(name.to_owned(), (**text).into());
        }
    }
}

fn put_seconds(details: &mut Map<String, Json>, name: &str, limit: Option<Millis>) {
    if let Some(limit) = limit {
        details.insert(name.to_owned(), (limit / 1000).into());
    }
}
