//! `MockConfigFile.json` of AWS Step Functions Local, as it is.

use std::collections::BTreeMap;
use std::time::Duration;

use wfc_expr::Value;

use super::{listed, Answer, Calls, MockError, Sequence, Source, What};

/// The answers of all states of a machine in a test case.
pub(super) fn states(
    source: &mut Source,
    document: &Value,
    machine: &str,
    asked: Option<&str>,
) -> Result<BTreeMap<String, Sequence>, MockError> {
    source.members(document, "a mock configuration", &["StateMachines", "MockedResponses"])?;
    let none = Value::empty_object();
    let machines = source.members(document.get("StateMachines").unwrap_or(&none), "'StateMachines'", &[])?;
    let responses = document.get("MockedResponses").unwrap_or(&none);
    source.members(responses, "'MockedResponses'", &[])?;
    let names: Vec<&str> = machines.iter().map(|(name, _)| *name).collect();
    let described = match (machines.iter().find(|(name, _)| *name == machine), &machines[..]) {
        (Some((_, described)), _) | (None, [(_, described)]) => *described,
        _ => return Err(source.unknown("state machine", machine, &names)),
    };
    source.members(described, "a state machine", &["TestCases"])?;
    let cases = source.members(described.get("TestCases").unwrap_or(&none), "'TestCases'", &[])?;
    let names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    let Some(case) = source.case(&names, asked)? else {
        return Err(source.error(None, format!("say which test case is meant: {}", listed(names.into_iter()))));
    };
    let states = cases.iter().find(|(name, _)| *name == case).map_or(&none, |(_, states)| *states);
    let states = source.members(states, &format!("the test case '{case}'"), &[])?;
    states.into_iter().map(|(state, name)| Ok((state.to_owned(), named(source, responses, state, name)?))).collect()
}

fn named(source: &Source, responses: &Value, state: &str, name: &Value) -> Result<Sequence, MockError> {
    let wrong =
        || source.error(Some(state), format!("'{state}' names its response by a text, not {}", name.type_name()));
    let name = name.as_str().ok_or_else(wrong)?;
    let known: Vec<&str> = responses.as_object().map(|all| all.keys().collect()).unwrap_or_default();
    let response = responses.get(name).ok_or_else(|| {
        let mut error = source.unknown("mocked response", name, &known);
        error.at = source.error(Some(name), String::new()).at;
        error
    })?;
    sequence(source, name, response)
}

fn sequence(source: &Source, name: &str, response: &Value) -> Result<Sequence, MockError> {
    let mut answers: Vec<(Calls, Answer)> = Vec::new();
    for (range, value) in source.members(response, &format!("the mocked response '{name}'"), &[])? {
        let calls = calls(range).ok_or_else(|| {
            let rule = "calls are numbered from 0, as in \"0\" or \"1-3\"";
            source.error(Some(range), format!("the mocked response '{name}': '{range}' is no range of calls; {rule}"))
        })?;
        answers.push((calls, answer(source, name, range, value)?));
    }
    answers.sort_by_key(|(calls, _)| *calls);
    if let Some(pair) = answers.windows(2).find(|pair| pair[0].0 .1 >= pair[1].0 .0) {
        let twice = pair[1].0 .0;
        return Err(source.error(Some(name), format!("the mocked response '{name}' answers call {twice} twice")));
    }
    let next = answers.last().map_or(0, |((_, last), _)| last.saturating_add(1));
    Ok(Sequence { answers, advice: format!("add a response \"{next}\" to '{name}' of MockedResponses") })
}

fn calls(range: &str) -> Option<Calls> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten().map(u64::from)
    };
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

fn answer(source: &Source, name: &str, range: &str, value: &Value) -> Result<Answer, MockError> {
    let what = format!("response {range} of '{name}'");
    source.members(value, &what, &["Return", "Throw"])?;
    let given = match (value.get("Return"), value.get("Throw")) {
        (Some(value), None) => What::Return(value.clone()),
        (None, Some(error)) => thrown(source, &what, error)?,
        _ => return Err(source.error(Some(name), format!("{what} has one of 'Return' and 'Throw'"))),
    };
    Ok(Answer { what: given, after: Duration::ZERO })
}

fn thrown(source: &Source, what: &str, error: &Value) -> Result<What, MockError> {
    source.members(error, &format!("'Throw' in {what}"), &["Error", "Cause"])?;
    let text = |name: &str| {
        let found = error.get(name).and_then(Value::as_str).map(str::to_owned);
        found.ok_or_else(|| source.error(Some("Throw"), format!("'Throw' in {what} needs a text '{name}'")))
    };
    Ok(What::Error { name: Some(text("Error")?), cause: Some(text("Cause")?) })
}
