//! The project's own mock files.
//!
//! ```toml
//! [states]                                  # in all cases
//! Charge = { result = { ok = true } }       # always the same
//! Ship = [                                  # call by call
//!   { error = "Busy", cause = "Try later.", repeat = 2 },
//!   { result = { tracking = "T1" }, after = 1.5, repeat = "last" },
//! ]
//! "Notify*" = { payload = { sent = true } } # what a function returns; `lambda:invoke` gets its envelope around it
//!
//! [cases.declined]                          # a case: over what is in all cases
//! Charge = [{ error = "CardDeclined" }]
//! ```
//!
//! The same as JSON: `{"states": {…}, "cases": {"declined": {…}}}`.

use std::collections::BTreeMap;
use std::time::Duration;

use wfc_expr::Value;

use super::{listed, Answer, MockError, Sequence, Source, What};

/// The longest delay: a year, as long as an execution at most.
const MAX_SECONDS: f64 = 31_536_000.0;

/// The answers of all states in the case asked for.
pub(super) fn states(
    source: &mut Source,
    document: &Value,
    asked: Option<&str>,
) -> Result<BTreeMap<String, Sequence>, MockError> {
    source.members(document, "a mock file", &["states", "cases"])?;
    let general = match document.get("states") {
        Some(states) => source.members(states, "'states'", &[])?,
        None => Vec::new(),
    };
    let cases = match document.get("cases") {
        Some(cases) => source.members(cases, "'cases'", &[])?,
        None => Vec::new(),
    };
    let names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    let case = source.case(&names, asked)?;
    if case.is_none() && general.is_empty() && !names.is_empty() {
        return Err(source.error(None, format!("say which case is meant: {}", listed(names.into_iter()))));
    }
    let special = match cases.iter().find(|(name, _)| Some(*name) == case) {
        Some((name, states)) => source.members(states, &format!("the case '{name}'"), &[])?,
        None => Vec::new(),
    };
    let all = general.into_iter().chain(special);
    all.map(|(state, answers)| Ok((state.to_owned(), sequence(source, state, answers)?))).collect()
}

fn sequence(source: &Source, state: &str, answers: &Value) -> Result<Sequence, MockError> {
    let advice = "add one, or `repeat = \"last\"` to the last one".to_owned();
    let Some(items) = answers.as_array() else {
        let (_, answer) = answer(source, state, answers)?;
        return Ok(Sequence { answers: vec![((0, u64::MAX), answer)], advice });
    };
    let mut sequence = Sequence { answers: Vec::new(), advice };
    let mut next = 0_u64;
    for (at, item) in items.iter().enumerate() {
        let (times, answer) = answer(source, state, item)?;
        let last = match times {
            Some(times) => next.saturating_add(times - 1),
            None if at + 1 == items.len() => u64::MAX,
            None => {
                return Err(
                    source.error(Some(state), format!("'{state}': only the last answer has `repeat = \"last\"`"))
                )
            }
        };
        sequence.answers.push(((next, last), answer));
        next = last.saturating_add(1);
    }
    Ok(sequence)
}

/// An answer, and how often it is given; without a number, for all further calls.
fn answer(source: &Source, state: &str, value: &Value) -> Result<(Option<u64>, Answer), MockError> {
    let what = format!("an answer of '{state}'");
    source.members(value, &what, &["result", "payload", "error", "cause", "after", "repeat"])?;
    let wrong = |why: &str| source.error(Some(state), format!("{what} {why}"));
    let text = |name: &str| match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.to_string())),
        Some(_) => Err(wrong(&format!("has '{name}' that is no text"))),
    };
    let (name, cause) = (text("error")?, text("cause")?);
    let given = match (value.get("result"), value.get("payload"), value.get("error")) {
        (Some(result), None, None) if cause.is_none() => What::Result(result.clone()),
        (None, Some(payload), None) if cause.is_none() => What::Payload(payload.clone()),
        (None, None, Some(_)) => What::Error { name, cause },
        _ => return Err(wrong("has one of `result`, `payload` and `error`; `cause` goes with `error`")),
    };
    let after = match value.get("after").map(Value::as_f64) {
        None => Duration::ZERO,
        Some(Some(seconds)) if (0.0..=MAX_SECONDS).contains(&seconds) => Duration::from_secs_f64(seconds),
        Some(_) => return Err(wrong("has `after`, which is a number of seconds from 0 to a year")),
    };
    let times = match value.get("repeat") {
        None => Some(1),
        Some(Value::String(text)) if &**text == "last" => None,
        Some(number) => match number.as_i64().and_then(|times| u64::try_from(times).ok()).filter(|times| *times > 0) {
            Some(times) => Some(times),
            None => return Err(wrong("has `repeat`, which is a number from 1 or \"last\"")),
        },
    };
    Ok((times, Answer { what: given, after }))
}
