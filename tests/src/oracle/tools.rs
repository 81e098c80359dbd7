//! Tools that answer by a fixed rule.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use wfc_expr::Value;

use super::Failure;

/// One call of a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The key of the node that calls.
    pub key: Arc<str>,
    /// Which tool.
    pub tool: Arc<str>,
    /// What it is given.
    pub args: Value,
    /// How often this node has made this very call before.
    pub before: u32,
}

/// How calls are answered: by nothing but the call itself, so that timing does not matter.
pub type Tools = dyn Fn(&Call) -> Result<Value, Failure>;

/// Tools whose answers are drawn from a seed: values of all kinds, errors, errors that pass when called again.
pub fn scripted(seed: u64) -> impl Fn(&Call) -> Result<Value, Failure> {
    move |call| {
        let mut hasher = DefaultHasher::new();
        (seed, &call.key, &call.tool, blurred(&call.args).to_json(), call.before).hash(&mut hasher);
        let drawn = hasher.finish();
        match drawn % 16 {
            0 => Err(Failure::new("Oops", "try again")),
            1 => Err(Failure { class: Some("transient".into()), ..Failure::new("Busy", "later") }),
            2 => Err(Failure { exit_code: Some(2), ..Failure::new("wfc.ExitCode", "no such file") }),
            3 => Err(Failure::new("States.Timeout", "too slow")),
            4 => Err(Failure { name: None, cause: None, ..Failure::default() }),
            5 => Ok(Value::Null),
            6 => Ok(Value::Bool(drawn & 64 == 0)),
            7 => Ok(Value::from((drawn % 7) as i64)),
            8 => Ok(Value::from("text")),
            9 => Ok((0..3).map(Value::from).collect()),
            10 => Ok([("passed", Value::Bool(drawn & 64 == 0))].into_iter().collect()),
            11 => Ok([("ok", Value::Bool(true)), ("passed", Value::Bool(false))].into_iter().collect()),
            _ => Ok([("got", call.args.clone()), ("count", Value::from(i64::from(call.before)))].into_iter().collect()),
        }
    }
}

/// A value without the causes of errors that a runtime raises itself: their words are its own.
pub fn blurred(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(blurred).collect(),
        Value::Object(object) => {
            let own = |name: &str| name.starts_with("States.") || name.starts_with("wfc.");
            let raised = object.get("Error").and_then(Value::as_str).is_some_and(own);
            let member = |(name, value): (&str, &Value)| {
                let hidden = raised && name == "Cause";
                (name.to_owned(), if hidden { Value::from("…") } else { blurred(value) })
            };
            object.iter().map(member).collect()
        }
        other => other.clone(),
    }
}
