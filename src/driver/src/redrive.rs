//! Where an ended run is taken up again: read from its history.
//!
//! The history alone is enough: the state that was entered last and not left, what it was given, the variables set
//! before, and of a state with branches or items the results of those that had succeeded.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;
use wfc_expr::Value;
use wfc_plan::{NodeIx, NodeKind, Plan};
use wfc_run_tokio::{Redrive, Setting};

/// Where a run goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Resume {
    /// The input of the state it goes on at.
    pub input: Value,
    /// The input of the run.
    pub run_input: Value,
    /// The state, by its name.
    pub state: String,
    /// The entry, the variables, results that are there already, and where numbering goes on.
    pub setting: Setting,
    /// The lines so far.
    pub history: Vec<Json>,
}

/// Why a run cannot be taken up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannotResume(String);

impl fmt::Display for CannotResume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CannotResume {}

fn cannot<T>(why: impl Into<String>) -> Result<T, CannotResume> {
    Err(CannotResume(why.into()))
}

/// Reads where the run whose history this is goes on in the program `plan`.
pub fn resume(history: &Json, plan: &Plan) -> Result<Resume, CannotResume> {
    let list = history.get("events").unwrap_or(history).as_array();
    let Some(events) = list.filter(|events| !events.is_empty()) else {
        return cannot("it holds no events: a history is an object with `events`, or an array of events");
    };
    let last = events.last().map(kind_of).unwrap_or_default();
    match last {
        "ExecutionSucceeded" => return cannot("the run has succeeded, so there is nothing to go on with"),
        "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted" => {}
        other => return cannot(format!("its last event is {other}: only a run that has ended can be taken up again")),
    }
    let Some(open) = Open::last(events) else {
        return cannot("the run ended outside of any state");
    };
    let name = open.name.clone();
    let Some(node) = node_named(plan, &name) else {
        return cannot(format!(
            "the run ended in the state '{name}', which this machine does not have at its outermost level"
        ));
    };
    let Some(input) = text_value(open.entered, "stateEnteredEventDetails", "input") else {
        return cannot(format!("what the state '{name}' was given is not in it"));
    };
    let started = events.iter().find(|event| kind_of(event) == "ExecutionStarted");
    let run_input = started.and_then(|event| text_value(event, "executionStartedEventDetails", "input"));
    let redriven = events.iter().filter(|event| kind_of(event) == "ExecutionRedriven").count() as u64;
    let records = events.iter().filter_map(number).max().unwrap_or(0);
    let setting = Setting {
        entry: Some(node),
        vars: open.vars.into_iter().collect(),
        redrive: Some(Redrive { count: redriven + 1, records }),
        done: done_before(plan, node, open.inner),
        ..Setting::default()
    };
    Ok(Resume { input, run_input: run_input.unwrap_or_default(), state: name, setting, history: events.clone() })
}

/// The outermost state that was entered last and not left.
struct Open<'h> {
    name: String,
    entered: &'h Json,
    /// What happened since.
    inner: &'h [Json],
    vars: BTreeMap<Arc<str>, Value>,
}

impl<'h> Open<'h> {
    fn last(events: &'h [Json]) -> Option<Self> {
        let mut vars = BTreeMap::new();
        let mut open: Option<(String, usize)> = None;
        for (at, event) in events.iter().enumerate() {
            let kind = kind_of(event);
            if kind == "ExecutionRedriven" {
                open = None;
            } else if kind.ends_with("StateEntered") && open.is_none() {
                open = Some((state_name(event, "stateEnteredEventDetails")?.to_owned(), at));
            } else if kind.ends_with("StateExited") {
                let name = state_name(event, "stateExitedEventDetails");
                if name == open.as_ref().map(|(name, _)| name.as_str()) {
                    assign(event, &mut vars);
                    open = None;
                }
            }
        }
        let (name, at) = open?;
        Some(Open { name, entered: &events[at], inner: &events[at + 1..], vars })
    }
}

fn assign(event: &Json, vars: &mut BTreeMap<Arc<str>, Value>) {
    let assigned = event.get("stateExitedEventDetails").and_then(|details| details.get("assignedVariables"));
    for (name, text) in assigned.and_then(Json::as_object).into_iter().flatten() {
        if let Some(value) = text.as_str().and_then(|text| Value::parse(text).ok()) {
            vars.insert(name.as_str().into(), value);
        }
    }
}

fn node_named(plan: &Plan, name: &str) -> Option<NodeIx> {
    let body = plan.flows[plan.entry.at()].body;
    plan.regions[body.at()].nodes.iter().copied().find(|node| *plan.nodes[node.at()].name == *name)
}

/// The results of branches or items that had succeeded since the children began for the last time.
fn done_before(plan: &Plan, node: NodeIx, inner: &[Json]) -> Vec<(u32, Value)> {
    let began = |event: &Json| matches!(kind_of(event), "MapStateStarted" | "ParallelStateStarted");
    // Nested states have starts of their own; those of the state itself follow from nothing that was entered inside.
    let Some(first) = inner.iter().position(began) else { return Vec::new() };
    let by_number: BTreeMap<u64, &Json> = inner.iter().filter_map(|event| Some((number(event)?, event))).collect();
    match &plan.nodes[node.at()].kind {
        NodeKind::ForEach(each) if each.runs.is_none() => items_done(&plan.nodes[node.at()].name, inner, &by_number),
        NodeKind::Parallel(branches) => {
            let start = inner.get(first).and_then(number);
            let entries = branches.iter().map(|branch| match plan.regions[branch.at()].mode {
                wfc_plan::Mode::Seq(entry) => Some(entry),
                wfc_plan::Mode::Dag { .. } => None,
            });
            let done = (0..).zip(entries).filter_map(|(slot, entry)| {
                let result = branch_done(plan, entry?, start?, &by_number)?;
                Some((slot, result))
            });
            done.collect()
        }
        _ => Vec::new(),
    }
}

fn items_done(map: &str, inner: &[Json], by_number: &BTreeMap<u64, &Json>) -> Vec<(u32, Value)> {
    let details = "mapIterationSucceededEventDetails";
    let own = |event: &&Json| state_name(event, details) == Some(map);
    let result = |event: &Json| {
        let index = event.get(details)?.get("index")?.as_u64()?;
        let last = by_number.get(&event.get("previousEventId")?.as_u64()?)?;
        Some((u32::try_from(index).ok()?, text_value(last, "stateExitedEventDetails", "output")?))
    };
    // A Map that was tried again has begun all items anew.
    let from = inner.iter().rposition(|event| kind_of(event) == "MapStateStarted").unwrap_or(0);
    inner[from..].iter().filter(own).filter_map(result).collect()
}

/// The result of the branch that begins at `entry`, if it came to its end.
fn branch_done(plan: &Plan, entry: NodeIx, start: u64, by_number: &BTreeMap<u64, &Json>) -> Option<Value> {
    let name = &plan.nodes[entry.at()].name;
    let follows = |event: &Json, from: u64| event.get("previousEventId").and_then(Json::as_u64) == Some(from);
    let mut at = by_number
        .values()
        .find(|event| follows(event, start) && state_name(event, "stateEnteredEventDetails") == Some(name))?;
    loop {
        let from = number(at)?;
        match by_number.range(from + 1..).map(|(_, event)| event).find(|event| follows(event, from)) {
            Some(next) => at = next,
            None => break,
        }
    }
    let ended = state_name(at, "stateExitedEventDetails")?;
    let region = plan.nodes[entry.at()].region;
    let last = plan.regions[region.at()].nodes.iter().find(|node| *plan.nodes[node.at()].name == *ended)?;
    let goes_on = plan.nodes[last.at()].outs.iter().any(|edge| plan.edges[edge.at()].on.is_plain());
    if goes_on {
        None
    } else {
        text_value(at, "stateExitedEventDetails", "output")
    }
}

fn kind_of(event: &Json) -> &str {
    event.get("type").and_then(Json::as_str).unwrap_or_default()
}

fn number(event: &Json) -> Option<u64> {
    event.get("id").and_then(Json::as_u64)
}

fn state_name<'h>(event: &'h Json, details: &str) -> Option<&'h str> {
    event.get(details)?.get("name")?.as_str()
}

/// A document that stands as text.
fn text_value(event: &Json, details: &str, name: &str) -> Option<Value> {
    event.get(details)?.get(name)?.as_str().and_then(|text| Value::parse(text).ok())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use wfc_run_tokio::{history, run_program_blocking, Clock, Mock, Options, Outcome, Program, RunError, RunStatus};

    use super::*;

    const MACHINE: &str = r#"{"StartAt":"Set","States":{
        "Set":{"Type":"Pass","Assign":{"who":"me"},"Next":"All"},
        "All":{"Type":"KIND","End":true,BODY}}}"#;
    const WORK: &str = r#"{"StartAt":"NAME","States":{
        "NAME":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","v.$":"$.v","who.$":"$who"},"End":true}}}"#;

    fn program(kind: &str, body: &str) -> Program {
        let text = MACHINE.replace("KIND", kind).replace("BODY", body);
        let mut session = crate::Session::new();
        let checked = session.check_bytes("m.asl.json", text.into_bytes()).into_checked().unwrap();
        let lowered = crate::passes::lower(checked, &crate::passes::defaults(), &mut |_, _| {}).unwrap();
        Program::load(crate::plan::emit(&lowered.sealed).unwrap().plan).unwrap()
    }

    /// Runs with work that fails for `v` = 2 while `broken`; gives the outcome, the history, and what work was asked.
    fn run(program: &Program, input: Value, setting: Setting, broken: bool) -> (Outcome, Vec<Json>, usize) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let work = move |call: &wfc_run_tokio::Call| {
            count.fetch_add(1, Ordering::SeqCst);
            match call.args.get("v").and_then(Value::as_i64) {
                Some(2) if broken => Err(RunError::new("Boom", "2")),
                _ => Ok(call.args.clone()),
            }
        };
        let clock = Clock::Virtual { start: 0 };
        let options = Options { clock, tools: Box::new(Mock(work)), setting, ..Options::default() };
        let outcome = run_program_blocking(program, input, options).unwrap();
        let events = outcome.records.iter().map(|record| history::event(program, record)).collect();
        (outcome, events, asked.load(Ordering::SeqCst))
    }

    /// What was asked again, and the result, if a run is taken up after the failure of the work on 2.
    fn taken_up(kind: &str, body: &str, input: &str) -> (usize, String) {
        let program = program(kind, body);
        let (failed, mut events, _) = run(&program, Value::parse(input).unwrap(), Setting::default(), true);
        assert_eq!(failed.status, RunStatus::Failed);
        let resume = resume(&Json::from(events.clone()), program.plan()).unwrap();
        assert_eq!((resume.state.as_str(), resume.run_input.to_json().as_str()), ("All", input));
        let (outcome, more, asked) = run(&program, resume.input, resume.setting, false);
        events.extend(more);
        let numbers: Vec<u64> = events.iter().filter_map(number).collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
        (asked, outcome.output.to_json())
    }

    #[test]
    fn only_what_has_failed_is_done_again() {
        let processor = WORK.replace("NAME", "Do");
        let map = format!(r#""ItemProcessor":{processor},"MaxConcurrency":1"#);
        let done = r#"[{"FunctionName":"f","v":1,"who":"me"},{"FunctionName":"f","v":2,"who":"me"}]"#;
        assert_eq!(taken_up("Map", &map, r#"[{"v":1},{"v":2}]"#), (1, done.to_owned()));
        let one = WORK.replace("NAME", "One");
        let other = one.replace("One", "Two").replace("\"v.$\":\"$.v\"", "\"v\":1");
        let branches = format!(r#""Branches":[{other},{one}]"#);
        let done = r#"[{"FunctionName":"f","v":1,"who":"me"},{"FunctionName":"f","v":2,"who":"me"}]"#;
        let (asked, result) = taken_up("Parallel", &branches, r#"{"v":2}"#);
        assert!(asked <= 2 && result == done, "{asked} {result}");
    }

    #[test]
    fn what_cannot_be_taken_up_says_why() {
        let map = format!(r#""ItemProcessor":{}"#, WORK.replace("NAME", "Do"));
        let program = program("Map", &map);
        let (_, events, _) = run(&program, Value::parse(r#"[{"v":1}]"#).unwrap(), Setting::default(), false);
        for (history, expected) in [
            (Json::from(events.clone()), "has succeeded"),
            (Json::from(events[..3].to_vec()), "only a run that has ended"),
            (Json::from("x"), "holds no events"),
        ] {
            let why = resume(&history, program.plan()).unwrap_err().to_string();
            assert!(why.contains(expected), "{why}");
        }
    }
}
