//! Runs shown as lines and on a screen nobody sees.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::{json, Value};

use super::{Live, Mode, Progress};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn events() -> Vec<Value> {
    let event = |(index, (kind, previous, details)): (usize, (&str, u64, Value))| {
        let at = format!("2026-11-20T19:42:00.{:03}Z", index);
        json!({"id": index + 1, "previousEventId": previous, "timestamp": at, "type": kind, "xEventDetails": details})
    };
    let rows = vec![
        ("ExecutionStarted", 0, json!({"input": "{}"})),
        ("MapStateEntered", 1, json!({"name": "Each"})),
        ("MapStateStarted", 2, json!({"length": 2})),
        ("MapIterationStarted", 3, json!({"name": "Each", "index": 0})),
        ("TaskStateEntered", 4, json!({"name": "Ch\u{1b}arge"})),
        ("TaskScheduled", 5, json!({"resource": "invoke"})),
        ("TaskTimedOut", 6, json!({"error": "States.Timeout"})),
        ("MapIterationFailed", 7, json!({"name": "Each", "index": 0})),
        ("MapStateExited", 8, json!({"name": "Each"})),
        ("ExecutionFailed", 9, json!({"error": "E", "cause": "c"})),
    ];
    rows.into_iter().enumerate().map(event).collect()
}

fn shown(mode: Mode) -> String {
    let out = Shared::default();
    let mut progress = Progress::to(mode, Box::new(out.clone()));
    for event in &events() {
        progress.on(Live::Event(event));
        if event["type"] == "TaskScheduled" {
            progress.on(Live::Retry { state: "Charge", attempt: 2, delay_ms: 1500 });
        }
    }
    progress.on(Live::Work { running: 1, waiting: 2 });
    progress.finish();
    let bytes = out.0.lock().expect("a lock").clone();
    String::from_utf8(bytes).expect("text")
}

#[test]
fn lines_say_when_where_and_what() {
    let expected = "\
19:42:00.000 run started
19:42:00.001 Each entered
19:42:00.002 Each map state started: items 2
19:42:00.003 Each map iteration started: item 0
19:42:00.004 Ch\u{fffd}arge entered
19:42:00.005 Ch\u{fffd}arge task scheduled
19:42:00.005 Charge will be tried again in 1.500s (attempt 2)
19:42:00.006 Ch\u{fffd}arge task timed out: States.Timeout
19:42:00.007 Each map iteration failed: item 0
19:42:00.008 Each exited
19:42:00.009 run failed: E: c
";
    assert_eq!(shown(Mode::Lines), expected);
}

#[test]
fn json_lines_are_the_events() {
    let lines: Vec<Value> = shown(Mode::Json).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), events().len() + 1);
    assert_eq!(lines[0], events()[0]);
    assert_eq!(lines[6], json!({"type": "wfc.Retry", "state": "Charge", "attempt": 2, "delayMs": 1500}));
}

#[test]
fn screens_and_silence_write_no_lines() {
    assert_eq!(shown(Mode::Terminal), "");
    assert_eq!(shown(Mode::Silent), "");
}
