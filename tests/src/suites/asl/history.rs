//! Compares the history of a run with the recorded one, event by event.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::compare::{Difference, Texts, Words};

/// How a recorded history is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    /// Events inside a Parallel state are recorded without numbers and in no order, and its end is missing.
    pub(super) parallel_unordered: bool,
    /// It is from before the service changed what the exit of a distributed Map follows.
    pub(super) map_exit_drift: bool,
}

/// The first difference between the recorded events and those of a run, in words.
pub(super) fn difference(expected: &[Json], found: &[Json], words: &Words, reading: Reading) -> Option<String> {
    let judge = Judge { found, words, reading };
    if reading.parallel_unordered {
        return judge.unordered(expected);
    }
    let pairs = expected.iter().zip(found).find_map(|(expected, found)| judge.event(expected, found));
    pairs.or_else(|| match (expected.get(found.len()), found.get(expected.len())) {
        (Some(missing), _) => Some(format!("expected event {}, found the end", title(missing))),
        (_, Some(surplus)) => Some(format!("expected the end, found event {}", title(surplus))),
        _ => None,
    })
}

struct Judge<'a> {
    found: &'a [Json],
    words: &'a Words,
    reading: Reading,
}

impl Judge<'_> {
    /// The first difference between two events that should be one.
    fn event(&self, expected: &Json, found: &Json) -> Option<String> {
        if kind(expected) != kind(found) {
            return Some(format!("event {}: expected {}, found {}", id(found), kind(expected), kind(found)));
        }
        let numbers = [("id", id(expected), id(found)), ("previousEventId", previous(expected), previous(found))];
        let number = numbers.into_iter().find(|(_, expected, found)| expected != found);
        match number {
            Some(("previousEventId", ..)) if self.drifted(expected, found) => self.details(expected, found),
            Some((name, expected, number)) => {
                Some(format!("event {}: {name}: expected {expected}, found {number}", title(found)))
            }
            None => self.details(expected, found),
        }
    }

    fn details(&self, expected: &Json, found: &Json) -> Option<String> {
        self.content(expected, found).map(|difference| format!("event {}: {difference}", title(found)))
    }

    /// The first difference between what two events say.
    fn content(&self, expected: &Json, found: &Json) -> Option<Difference> {
        self.words.difference(&said(expected), &said(found), Texts::Json)
    }

    /// Whether the exit of a distributed Map follows the start of its run instead of the run's end.
    fn drifted(&self, expected: &Json, found: &Json) -> bool {
        let follows = |number| self.found.iter().find(|event| id(event) == number).map(kind);
        self.reading.map_exit_drift
            && kind(expected) == "MapStateExited"
            && follows(previous(expected)) == Some("MapRunSucceeded")
            && follows(previous(found)) == Some("MapRunStarted")
    }

    /// Numbered events have their places; the others may be anywhere between.
    fn unordered(&self, expected: &[Json]) -> Option<String> {
        let (numbered, loose): (Vec<&Json>, Vec<&Json>) = expected.iter().partition(|event| event["id"].is_u64());
        let taken: BTreeSet<u64> = numbered.iter().map(|event| id(event)).collect();
        let mut rest: Vec<&Json> = self.found.iter().filter(|event| !taken.contains(&id(event))).collect();
        let misplaced = numbered.iter().find_map(|event| self.numbered(event));
        misplaced.or_else(|| loose.iter().find_map(|event| self.take(event, &mut rest))).or_else(|| {
            // The recorder lost ends of Parallel states.
            let surplus = rest.iter().find(|event| !kind(event).starts_with("ParallelState"));
            surplus.map(|event| format!("expected no event {}", title(event)))
        })
    }

    fn numbered(&self, expected: &Json) -> Option<String> {
        match self.found.iter().find(|event| id(event) == id(expected)) {
            Some(found) => self.event(expected, found),
            None => Some(format!("expected event {}, found the end", title(expected))),
        }
    }

    fn take(&self, expected: &Json, rest: &mut Vec<&Json>) -> Option<String> {
        let same = |found: &&Json| kind(expected) == kind(found) && self.content(expected, found).is_none();
        match rest.iter().position(same) {
            Some(at) => {
                rest.remove(at);
                None
            }
            None => Some(self.missing(expected, rest)),
        }
    }

    /// Why no event is the one: the difference from the first of its type.
    fn missing(&self, expected: &Json, rest: &[&Json]) -> String {
        let nearest = rest.iter().find(|found| kind(found) == kind(expected));
        let difference = nearest.and_then(|found| self.details(expected, found));
        difference.unwrap_or_else(|| format!("expected an event {}, found none", kind(expected)))
    }
}

/// An event without what says when it was; details that say nothing count as absent.
fn said(event: &Json) -> Json {
    let mut members: Map<String, Json> = event.as_object().cloned().unwrap_or_default();
    for number in ["id", "previousEventId", "timestamp", "type"] {
        members.remove(number);
    }
    members.retain(|_, details| details.as_object().is_none_or(|details| !details.is_empty()));
    Json::Object(members)
}

fn id(event: &Json) -> u64 {
    event["id"].as_u64().unwrap_or_default()
}

fn previous(event: &Json) -> u64 {
    event["previousEventId"].as_u64().unwrap_or_default()
}

fn kind(event: &Json) -> &str {
    event["type"].as_str().unwrap_or_default()
}

fn title(event: &Json) -> String {
    format!("{} ({})", id(event), kind(event))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entered(id: u64, previous: u64, input: &str) -> Json {
        let details = json!({ "name": "A", "input": input, "inputDetails": { "truncated": false } });
        json!({ "id": id, "previousEventId": previous, "timestamp": "2026-11-20T19:42:19.123Z",
            "type": "PassStateEntered", "stateEnteredEventDetails": details })
    }

    fn compare(expected: &[Json], found: &[Json], reading: Reading) -> Option<String> {
        difference(expected, found, &Words::default(), reading)
    }

    #[test]
    fn the_first_difference_is_named() {
        let expected = [json!({ "id": 2, "previousEventId": 0, "timestamp": "timestamp", "type": "PassStateEntered",
            "stateEnteredEventDetails": { "name": "A", "input": { "a": 1 }, "inputDetails": { "truncated": false } } })];
        let of = |found: &[Json]| compare(&expected, found, Reading::default());
        assert_eq!(of(&[entered(2, 0, "{\"a\": 1}")]), None);
        let why = "event 2 (PassStateEntered): stateEnteredEventDetails.input.a: expected 1, found 2";
        assert_eq!(of(&[entered(2, 0, "{\"a\":2}")]).as_deref(), Some(why));
        let why = "event 2 (PassStateEntered): previousEventId: expected 0, found 1";
        assert_eq!(of(&[entered(2, 1, "{\"a\":1}")]).as_deref(), Some(why));
        assert_eq!(of(&[]).as_deref(), Some("expected event 2 (PassStateEntered), found the end"));
    }

    #[test]
    fn events_of_branches_may_come_in_any_order() {
        let loose = |input: &str| {
            let mut event = entered(0, 0, input);
            event["id"] = json!([0]);
            event
        };
        let start = json!({ "id": 1, "previousEventId": 0, "type": "ParallelStateStarted" });
        let end = json!({ "id": 4, "previousEventId": 3, "type": "ParallelStateSucceeded" });
        let found = [start.clone(), entered(2, 1, "[1]"), entered(3, 1, "[2]"), end];
        let reading = Reading { parallel_unordered: true, ..Reading::default() };
        assert_eq!(compare(&[start.clone(), loose("[2]"), loose("[1]")], &found, reading), None);
        let surplus = compare(&[start, loose("[2]")], &found, reading);
        assert_eq!(surplus.as_deref(), Some("expected no event 2 (PassStateEntered)"));
    }

    /// The recorded event as the service said it: texts of objects are texts again.
    fn unread(event: &Json) -> Json {
        let mut event = event.clone();
        let details = event.as_object_mut().into_iter().flat_map(|members| members.values_mut());
        for details in details.filter_map(Json::as_object_mut) {
            for (name, value) in details.iter_mut().filter(|(name, _)| !name.ends_with("Details")) {
                if value.is_array() || (value.is_object() && name != "assignedVariables" && name != "taskCredentials") {
                    *value = Json::String(value.to_string());
                }
            }
        }
        event
    }

    #[test]
    fn recorded_histories_agree_with_themselves_and_with_nothing_else() {
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/cases/asl"));
        let files = crate::files::walk(folder).unwrap_or_default();
        assert!(!files.is_empty() || !folder.exists());
        for file in files {
            let case: Json = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            let Some(expected) = case["expected"]["history"].as_array() else { continue };
            if case.get("history_parallel_normalised").is_some() {
                continue;
            }
            let mut found: Vec<Json> = expected.iter().map(unread).collect();
            assert_eq!(compare(expected, &found, Reading::default()), None, "{}", file.display());
            for at in 0..found.len() {
                let event = found[at].clone();
                found[at]["previousEventId"] = json!(99);
                assert!(compare(expected, &found, Reading::default()).is_some(), "{}", file.display());
                found[at] = event;
            }
            found.pop();
            assert!(compare(expected, &found, Reading::default()).is_some(), "{}", file.display());
        }
    }
}
