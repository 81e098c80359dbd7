//! What an event says beyond its type, in one line.

use super::Event;
use crate::clean;

/// The fields worth a word, in the order they are shown, with what stands in front of each.
const FIELDS: [(&str, &str); 16] = [
    ("error", ""),
    ("cause", ""),
    ("location", "at "),
    ("resourceType", ""),
    ("resource", ""),
    ("length", "items "),
    ("index", "item "),
    ("mapRunArn", ""),
    ("workerName", "worker "),
    ("timeoutInSeconds", "timeout "),
    ("heartbeatInSeconds", "heartbeat "),
    ("parameters", ""),
    ("input", ""),
    ("output", ""),
    ("assignedVariables", "assign "),
    ("stateMachineAliasArn", "alias "),
];

/// The details of an event in one line, as long as they come.
pub fn summary(event: &Event) -> String {
    let mut out = String::new();
    for (name, word) in FIELDS {
        let Some(text) = event.text(name) else { continue };
        out.push_str(match (out.is_empty(), name) {
            (true, _) => "",
            (false, "cause") => ": ",
            (false, "resource") if event.detail("resourceType").is_some() => ":",
            (false, _) => "  ",
        });
        out.push_str(word);
        out.push_str(&clean::line(&text));
    }
    out
}
