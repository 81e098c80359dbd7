//! The text of a case's definition, as the service was given it.

use serde_json::{json, Map, Value as Json};

use crate::Case;

/// The definition as text.
pub(super) fn text(case: &Case) -> String {
    let raw = case.text(&["definition_raw"]).or_else(|| case.text(&["definition"]));
    raw.map_or_else(|| case.get(&["definition"]).unwrap_or(&Json::Null).to_string(), str::to_owned)
}

/// The definition as text; a lone state, which the service can be asked to test, becomes a machine.
pub(super) fn machine(case: &Case) -> String {
    match case.get(&["definition"]) {
        Some(state) if state.get("States").is_none() && state.get("Type").is_some() => around(state).to_string(),
        _ => text(case),
    }
}

/// A machine of that state and of ends for every state it names.
fn around(state: &Json) -> Json {
    let mut states = Map::new();
    states.insert("State".to_owned(), state.clone());
    for target in targets(state) {
        states.entry(target).or_insert_with(|| json!({ "Type": "Succeed" }));
    }
    json!({ "StartAt": "State", "States": states })
}

fn targets(state: &Json) -> Vec<String> {
    let arms = ["Choices", "Catch"].into_iter().filter_map(|name| state.get(name)?.as_array()).flatten();
    let nexts = std::iter::once(state).chain(arms).map(|from| from.get("Next"));
    nexts.chain([state.get("Default")]).flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}
