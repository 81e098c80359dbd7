//! One event of a history.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::instant::millis;

/// One event, with what everybody asks of it looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number.
    pub id: u64,
    /// The number of the event it follows from; 0 for none.
    pub previous: u64,
    /// When it happened, in milliseconds since 1970, where that is known.
    pub at: Option<i64>,
    /// Its type, such as `TaskStateEntered`.
    pub kind: String,
    /// All of it.
    pub json: Value,
}

impl Event {
    /// The event that `json` is; `number` is its id if it says none. The error says what is wrong with it.
    pub fn from_json(json: Value, number: u64) -> Result<Self, String> {
        let Some(object) = json.as_object() else { return Err("an event must be an object".to_owned()) };
        let kind = match object.get("type") {
            Some(Value::String(kind)) => kind.clone(),
            Some(_) => return Err("the type of an event must be a string".to_owned()),
            None => return Err("an event needs the field 'type'".to_owned()),
        };
        let id = count(object, "id")?.unwrap_or(number);
        let previous = count(object, "previousEventId")?.unwrap_or(0);
        let at = object.get("timestamp").and_then(millis);
        Ok(Self { id, previous, at, kind, json })
    }

    /// What belongs to its type: the member whose name ends in `EventDetails`; flows that are not AWS's have `details`.
    pub fn details(&self) -> Option<&Map<String, Value>> {
        let mut members = self.json.as_object()?.iter();
        let of_type = |name: &str| name.ends_with("EventDetails") || name == "details";
        members.find_map(|(name, value)| value.as_object().filter(|_| of_type(name)))
    }

    /// What it says of the run as a whole, such as `Started`; nothing, if it is about a state.
    pub fn of_run(&self) -> Option<&str> {
        self.kind.strip_prefix("Execution").or_else(|| self.kind.strip_prefix("Run"))
    }

    /// Whether a state is entered.
    pub fn is_entry(&self) -> bool {
        self.kind == "Entered" || self.kind.ends_with("StateEntered")
    }

    /// Whether a state is left.
    pub fn is_exit(&self) -> bool {
        self.kind == "Exited" || self.kind.ends_with("StateExited")
    }

    /// A field of the details.
    pub fn detail(&self, name: &str) -> Option<&Value> {
        self.details()?.get(name)
    }

    /// A field of the details as text: a string as it is, anything else as JSON.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.detail(name)? {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Null => None,
            other => Some(Cow::Owned(other.to_string())),
        }
    }

    /// Whether it tells of something that went wrong.
    pub fn is_failure(&self) -> bool {
        ["Failed", "TimedOut", "Aborted", "Cancelled"].iter().any(|ending| self.kind.ends_with(ending))
    }
}

/// A whole number, which some write as text; placeholders of those who made a history comparable are none.
fn count(object: &Map<String, Value>, name: &str) -> Result<Option<u64>, String> {
    match object.get(name) {
        Some(Value::String(text)) => Ok(text.parse().ok()),
        Some(Value::Number(number)) => match number.as_u64() {
            None => Err(format!("the field '{name}' of an event must be a whole number from 0")),
            number => Ok(number),
        },
        _ => Ok(None),
    }
}
