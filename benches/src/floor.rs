//! The physical limit for a checker: read, parse, walk every state, resolve the names it goes to.

use std::collections::HashSet;

use serde_json::Value;

/// Parses the file with serde_json and resolves names.
pub(crate) fn json(file: &str) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let machine: Value = serde_json::from_slice(&bytes).map_err(|error| format!("{file}: {error}"))?;
    let (mut states, mut unresolved) = (0, 0);
    let mut work = vec![&machine];
    while let Some(machine) = work.pop() {
        let Some(members) = machine["States"].as_object() else { continue };
        let names: HashSet<&str> = members.keys().map(String::as_str).collect();
        let mut resolve = |name: &Value| unresolved += usize::from(name.as_str().is_some_and(|n| !names.contains(n)));
        resolve(&machine["StartAt"]);
        for state in members.values() {
            states += 1;
            resolve(&state["Next"]);
            resolve(&state["Default"]);
            for list in ["Catch", "Choices"] {
                state[list].as_array().into_iter().flatten().for_each(|rule| resolve(&rule["Next"]));
            }
            work.extend(state["Branches"].as_array().into_iter().flatten());
            work.extend(
                ["ItemProcessor", "Iterator"].iter().map(|name| &state[*name]).filter(|inner| inner.is_object()),
            );
        }
    }
    println!("{states} states, {unresolved} unresolved");
    Ok(())
}
