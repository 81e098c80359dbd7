//! The machines that are run, made anew for each run, and their inputs.

use std::fmt::Write;

/// Counts to `turns`: two transitions a turn.
pub(crate) fn turns(turns: u32) -> String {
    counting(turns, r#"{"i": 0}"#, "")
}

/// As [`turns`], with a document that is passed on.
pub(crate) fn turns_with_document(turns: u32) -> String {
    counting(turns, "0", r#", "document.$": "$.document""#)
}

fn counting(turns: u32, first: &str, passed: &str) -> String {
    let place = if passed.is_empty() { "" } else { r#""ResultPath": "$.i", "# };
    format!(
        r#"{{"StartAt": "Zero", "States": {{
  "Zero": {{"Type": "Pass", "Result": {first}, {place}"Next": "Add"}},
  "Add": {{"Type": "Pass", "Parameters": {{"i.$": "States.MathAdd($.i, 1)"{passed}}}, "Next": "Enough"}},
  "Enough": {{"Type": "Choice", "Choices": [{{"Variable": "$.i", "NumericLessThan": {turns}, "Next": "Add"}}], "Default": "End"}},
  "End": {{"Type": "Succeed"}}}}}}
"#
    )
}

/// States that pass data on, in a row.
pub(crate) fn chain(states: u32) -> String {
    let mut text = String::from(r#"{"StartAt": "S0", "States": {"#);
    for state in 0..states {
        let (comma, next) = match state + 1 < states {
            true => (",", format!(r#""Next": "S{}""#, state + 1)),
            false => ("", r#""End": true"#.to_owned()),
        };
        let _ = write!(
            text,
            "\n\"S{state}\": {{\"Type\": \"Pass\", \"Result\": {{\"n\": {state}}}, \"ResultPath\": \"$.last\", {next}}}{comma}"
        );
    }
    text.push_str("}}\n");
    text
}

/// Does nothing for each of [`items`].
pub(crate) fn map() -> String {
    r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor":
  {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}}, "End": true}}}
"#
    .to_owned()
}

/// The input of [`map`].
pub(crate) fn items(items: u32) -> String {
    let numbers: Vec<String> = (0..items).map(|item| item.to_string()).collect();
    format!(r#"{{"items": [{}]}}"#, numbers.join(","))
}

/// An input for [`turns_with_document`] of at least so many bytes: an array of small objects.
pub(crate) fn document(bytes: usize) -> String {
    let mut text = String::from(r#"{"document": ["#);
    let mut line = 0;
    while text.len() < bytes {
        let _ = write!(text, r#"{{"line": {line}, "text": "line {line} of a document"}},"#);
        line += 1;
    }
    text.push_str("null]}");
    text
}

/// Does nothing for each row of a CSV, and writes what came of it.
pub(crate) const DISTRIBUTED: &str = r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map",
  "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
    "Parameters": {"Bucket": "in", "Key": "rows.csv"}},
  "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
    "StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}},
  "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "results"}},
  "MaxConcurrency": 1000, "End": true}}}
"#;
