//! Histories drawn, and what is wrong with files that are none.
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

use serde_json::{json, Value};
use wfc_diag::Sink;
use wfc_source::{Limits, SourceMap};

use super::{json, read, table, timeline, Event, Fault, History, Look};

/// Events in a row, 250 milliseconds apart: type, event it follows from, details.
fn history(events: &[(&str, u64, Value)]) -> History {
    let event = |(index, (kind, previous, details)): (usize, &(&str, u64, Value))| {
        let at = format!("2026-11-20T19:42:{:02}.{:03}Z", index / 4, index % 4 * 250);
        let json = json!({
            "id": index + 1, "previousEventId": previous, "timestamp": at, "type": kind, "details": details,
        });
        Event::from_json(json, 0).expect("an event")
    };
    History::new(events.iter().enumerate().map(event).collect())
}

/// A retried task, a parallel with two branches, a map with an item that fails and is caught.
fn order() -> History {
    let task = json!({"resourceType": "lambda", "resource": "invoke"});
    history(&[
        ("ExecutionStarted", 0, json!({"input": "{\"total\": 3}"})),
        ("TaskStateEntered", 0, json!({"name": "Charge", "input": "{\"total\": 3}"})),
        ("TaskScheduled", 2, json!({"resourceType": "lambda", "resource": "invoke", "parameters": "{\"a\": 1}"})),
        (
            "TaskFailed",
            3,
            json!({"resourceType": "lambda", "resource": "invoke", "error": "Busy", "cause": "no\nslot"}),
        ),
        ("TaskScheduled", 4, task.clone()),
        ("TaskSucceeded", 5, json!({"resourceType": "lambda", "resource": "invoke", "output": "{\"ok\":true}"})),
        ("TaskStateExited", 6, json!({"name": "Charge", "output": {"ok": true}})),
        ("ParallelStateEntered", 7, json!({"name": "Both \u{1b}[31m"})),
        ("ParallelStateStarted", 8, json!({})),
        ("PassStateEntered", 9, json!({"name": "Left"})),
        ("PassStateExited", 10, json!({"name": "Left"})),
        ("WaitStateEntered", 9, json!({"name": "Right"})),
        ("WaitStateExited", 12, json!({"name": "Right"})),
        ("ParallelStateSucceeded", 13, json!({})),
        ("ParallelStateExited", 14, json!({"name": "Both \u{1b}[31m"})),
        ("MapStateEntered", 15, json!({"name": "Each"})),
        ("MapStateStarted", 16, json!({"length": 2})),
        ("MapIterationStarted", 17, json!({"name": "Each", "index": 0})),
        ("PassStateEntered", 18, json!({"name": "Ship"})),
        ("PassStateExited", 19, json!({"name": "Ship"})),
        ("MapIterationSucceeded", 20, json!({"name": "Each", "index": 0})),
        ("MapIterationStarted", 17, json!({"name": "Each", "index": 1})),
        ("TaskStateEntered", 22, json!({"name": "Ship"})),
        ("TaskScheduled", 23, task),
        ("TaskTimedOut", 24, json!({"error": "States.Timeout"})),
        ("MapIterationFailed", 25, json!({"name": "Each", "index": 1})),
        ("MapStateFailed", 26, json!({"error": "States.Timeout"})),
        ("MapStateExited", 27, json!({"name": "Each"})),
        ("FailStateEntered", 28, json!({"name": "Lost"})),
        ("ExecutionFailed", 29, json!({"error": "Lost.Order", "cause": "gone"})),
    ])
}

const PLAIN: Look<'static> = Look { width: Some(100), unicode: true, color: false, state: None, full: false };

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/report");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn drawings() {
    let order = order();
    snapshot("history-table", &table(&order, PLAIN));
    snapshot("history-table-state", &table(&order, Look { state: Some("Charge"), width: Some(60), ..PLAIN }));
    snapshot("history-timeline", &timeline(&order, PLAIN));
    let ascii = Look { unicode: false, width: Some(60), state: Some("Each"), ..PLAIN };
    snapshot("history-timeline-ascii", &timeline(&order, ascii));
    let color = timeline(&order, Look { color: true, ..PLAIN });
    snapshot("history-timeline-color", &color.replace('\u{1b}', "␛"));
}

#[test]
fn flows_of_other_languages_are_drawn_by_their_keys() {
    let flow = history(&[
        ("RunStarted", 0, json!({"input": "{}"})),
        ("Entered", 1, json!({"name": "fan"})),
        ("Entered", 2, json!({"name": "fan.0.left"})),
        ("Dispatched", 3, json!({"name": "fan.0.left", "input": "{}"})),
        ("Entered", 2, json!({"name": "fan.1.right"})),
        ("Failed", 4, json!({"name": "fan.0.left", "error": "Exit", "cause": "3"})),
        ("Retried", 6, json!({"name": "fan.0.left"})),
        ("Dispatched", 7, json!({"name": "fan.0.left", "input": "{}"})),
        ("Replied", 8, json!({"name": "fan.0.left"})),
        ("Exited", 9, json!({"name": "fan.0.left"})),
        ("Failed", 5, json!({"name": "fan.1.right", "error": "Exit"})),
        ("Caught", 11, json!({"name": "fan.1.right"})),
        ("Exited", 12, json!({"name": "fan.1.right"})),
        ("Exited", 13, json!({"name": "fan"})),
        ("Skipped", 14, json!({"name": "never"})),
        ("RunSucceeded", 15, json!({"output": "1"})),
    ]);
    snapshot("history-table-plain", &table(&flow, PLAIN));
    snapshot("history-timeline-plain", &timeline(&flow, PLAIN));
}

#[test]
fn what_was_aborted_says_so_in_its_own_line() {
    let run = history(&[
        ("ExecutionStarted", 0, json!({})),
        ("ParallelStateEntered", 1, json!({"name": "Both"})),
        ("ParallelStateStarted", 2, json!({})),
        ("WaitStateEntered", 3, json!({"name": "Left"})),
        ("MapStateEntered", 3, json!({"name": "Right"})),
        ("MapStateStarted", 5, json!({"length": 2})),
        ("MapIterationStarted", 6, json!({"name": "Right", "index": 0})),
        ("WaitStateEntered", 7, json!({"name": "Inner"})),
        ("ParallelStateAborted", 3, json!({})),
        ("WaitStateAborted", 3, json!({})),
        ("MapStateAborted", 3, json!({})),
        ("WaitStateAborted", 3, json!({})),
        ("MapIterationAborted", 3, json!({"name": "Right", "index": 0})),
        ("ExecutionAborted", 0, json!({})),
    ]);
    let of = |index: usize| (run.events[index].kind.as_str(), run.state_of(index));
    let aborted = [("WaitStateAborted", "Left"), ("MapStateAborted", "Right"), ("WaitStateAborted", "Inner")];
    assert_eq!([of(8), of(9), of(10), of(11)].as_slice(), [&[("ParallelStateAborted", "Both")], &aborted[..]].concat());
    snapshot("history-timeline-aborted", &timeline(&run, PLAIN));
}

#[test]
fn failed_work_is_aborted_only_after_what_was_under_way() {
    let run = history(&[
        ("ParallelStateEntered", 0, json!({"name": "Both"})),
        ("ParallelStateStarted", 1, json!({})),
        ("TaskStateEntered", 2, json!({"name": "Left"})),
        ("TaskStateEntered", 2, json!({"name": "Right"})),
        ("TaskScheduled", 4, json!({})),
        ("TaskFailed", 5, json!({"error": "Odd"})),
        ("TaskStateAborted", 6, json!({})),
        ("ParallelStateFailed", 6, json!({"error": "Odd"})),
    ]);
    assert_eq!((run.state_of(6), run.state_of(7)), ("Left", "Both"));
    let endings: Vec<bool> = run.visits.all().iter().map(super::Visit::is_aborted).collect();
    assert_eq!(endings, [false, true, false]);
}

#[test]
fn many_items_are_cut_short_unless_all_are_wanted() {
    let mut events =
        vec![("MapStateEntered", 0, json!({"name": "Each"})), ("MapStateStarted", 1, json!({"length": 40}))];
    for index in 0..40_u64 {
        let start = 3 + index * 3;
        events.push(("MapIterationStarted", 2, json!({"name": "Each", "index": index})));
        events.push(("TaskStateEntered", start, json!({"name": "Ship"})));
        let last = if index == 20 { "TaskFailed" } else { "TaskStateExited" };
        events.push((last, start + 1, json!({"name": "Ship", "error": "Odd"})));
    }
    let many = history(&events);
    snapshot("history-timeline-items", &timeline(&many, PLAIN));
    assert_eq!(timeline(&many, Look { full: true, ..PLAIN }).lines().count(), 42);
}

fn parse(text: &str) -> Result<History, Fault> {
    let mut sink = Sink::default();
    let file = SourceMap::new().add("h.json", text);
    read(wfc_source::json::parse(&file, &Limits::default(), &mut sink).root())
}

#[test]
fn both_forms_are_read_and_kept() {
    let event = r#"{"id": "2", "type": "New", "timestamp": "timestamp", "later": [1.50]}"#;
    for text in [format!("[{event}]"), format!("{{\"events\": [{event}], \"nextToken\": null}}")] {
        let history = parse(&text).expect("a history");
        assert_eq!((history.events[0].id, history.events[0].at), (2, None));
        assert!(json(&history, PLAIN).contains("\"later\""));
    }
}

#[test]
fn what_is_no_history_is_said_where_it_stands() {
    for (text, at, message) in [
        ("{}", 0..2, "a history needs the field 'events'"),
        ("3", 0..1, "the events of a history must be an array, not a number"),
        ("{\"events\": {}}", 11..13, "the events of a history must be an array, not an object"),
        ("[{\"type\": \"A\"}, 7]", 16..17, "event 2: an event must be an object"),
        ("[{\"id\": 1}]", 1..10, "event 1: an event needs the field 'type'"),
        ("[{\"type\": 1}]", 1..12, "event 1: the type of an event must be a string"),
        ("[{\"type\": \"A\", \"id\": -1}]", 1..24, "event 1: the field 'id' of an event must be a whole number from 0"),
        ("[{\"type\": \"A\"}, {\"type\": \"B\", \"id\": 1}]", 16..38, "a second event has the id 1"),
    ] {
        let fault = parse(text).expect_err(text);
        assert_eq!((fault.span.range(), fault.message.as_str()), (at, message), "{text}");
    }
}

#[test]
fn odd_chains_and_deep_nests_do_no_harm() {
    let mut events = vec![("TaskStateExited", 9, json!({"name": "Never"})), ("MapIterationStarted", 77, json!({}))];
    for depth in 0..2_000_u64 {
        let id = 3 + depth * 2;
        events.push(("ParallelStateEntered", id - 1, json!({"name": "P"})));
        events.push(("ParallelStateStarted", id, json!({})));
    }
    let odd = history(&events);
    assert_eq!(table(&odd, PLAIN).lines().count(), events.len() + 1);
    assert_eq!(timeline(&odd, Look { width: Some(1), ..PLAIN }).lines().count(), 2_001);
    assert_eq!(timeline(&History::default(), PLAIN).lines().count(), 1);
    assert_eq!(table(&History::default(), PLAIN), "id  time  state  event  details\n");
}

/// Every recorded history is drawn, and every event of a state finds its visit.
#[test]
fn recorded_histories() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/asl");
    let Ok(areas) = std::fs::read_dir(folder) else { return println!("skipped: {folder} absent") };
    let folders = areas.flatten().filter_map(|area| std::fs::read_dir(area.path()).ok());
    let mut drawn = 0;
    for file in folders.flat_map(|files| files.flatten()) {
        let text = std::fs::read_to_string(file.path()).expect("a case");
        let case: Value = serde_json::from_str(&text).expect("JSON");
        let Some(events) = case["expected"]["history"].as_array() else { continue };
        let history = parse(&json!(events).to_string()).unwrap_or_else(|fault| panic!("{:?}: {fault:?}", file.path()));
        drawn += 1;
        assert_eq!(table(&history, PLAIN).lines().count(), events.len() + 1);
        let bars = timeline(&history, Look { full: true, ..PLAIN }).lines().count();
        assert_eq!(bars, history.visits.all().len() + 1);
        // Where branches mix, some recordings have no ids to go by.
        if events.iter().any(|event| !event["id"].is_number() || !event["previousEventId"].is_number()) {
            continue;
        }
        let lost = history
            .events
            .iter()
            .zip(&history.of_event)
            .find(|(event, visit)| visit.is_none() && !event.kind.starts_with("Execution"));
        assert_eq!(lost.map(|(event, _)| event), None, "{:?}", file.path());
    }
    println!("{drawn} histories drawn");
}
