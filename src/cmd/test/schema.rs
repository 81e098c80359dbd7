//! The JSON Schemas of test files and mock files.

use serde_json::{json, Value};
use wfc_driver::testing::Status;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a test file.
pub(in crate::cmd) fn test_file() -> Value {
    let text = json!({"type": "string"});
    json!({
        "$schema": DRAFT,
        "title": "TestFile",
        "type": "object",
        "additionalProperties": false,
        "required": ["test"],
        "properties": {
            "machine": described(&text, "The file of the machine, for tests that name none; relative to this file."),
            "mocks": described(&text, "The mock file, for tests that name none."),
            "case": described(&text, "The case of the mock file, for tests that name none."),
            "test": {"type": "array", "items": {"$ref": "#/$defs/Test"}},
        },
        "$defs": {
            "Test": test(&text),
            "Expect": expect(&text),
            "Event": event(&text),
            "Answers": answers(),
            "Answer": answer(),
        },
    })
}

/// The schema of a mock file: our own, or that of Step Functions Local.
pub(in crate::cmd) fn mock_file() -> Value {
    let states = json!({"type": "object", "additionalProperties": {"$ref": "#/$defs/Answers"}});
    let cases = json!({"type": "object", "additionalProperties": states});
    json!({
        "$schema": DRAFT,
        "title": "MockFile",
        "anyOf": [
            {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "states": described(&states, "By state, in all cases; `*` stands for any text."),
                    "cases": described(&cases, "By case and state: over what is in all cases."),
                },
            },
            {"$ref": "#/$defs/StepFunctionsLocal"},
        ],
        "$defs": {"Answers": answers(), "Answer": answer(), "StepFunctionsLocal": step_functions_local()},
    })
}

fn described(schema: &Value, description: &str) -> Value {
    let mut schema = schema.clone();
    schema["description"] = description.into();
    schema
}

fn test(text: &Value) -> Value {
    let states = json!({"type": "object", "additionalProperties": {"$ref": "#/$defs/Answers"}});
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "not": {"anyOf": [{"required": ["input", "input-file"]}, {"required": ["mock", "mocks"]}]},
        "properties": {
            "name": described(text, "What the test is called."),
            "machine": described(text, "The file of the machine, relative to the test file."),
            "input": {"description": "The input; `{}` unless given."},
            "input-file": described(text, "A file with the input as JSON."),
            "mocks": described(text, "The mock file."),
            "case": described(text, "The case of the mock file."),
            "mock": described(&states, "Answers by state, in the place of a mock file."),
            "expect": {"$ref": "#/$defs/Expect"},
        },
    })
}

fn expect(text: &Value) -> Value {
    let texts = json!({"type": "array", "items": text});
    let words = Status::WORDS.map(|(_, word)| word);
    json!({
        "description": "What is expected of the run; what is absent is not looked at.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "status": {"enum": words, "description": "How it ends; SUCCEEDED unless this or an error is given."},
            "output": {"description": "All of the output."},
            "output-contains": {"description": "What the output holds among other things."},
            "error": described(text, "The name of the error."),
            "cause": described(text, "The whole cause of the error."),
            "cause-contains": described(text, "A part of the cause of the error."),
            "path": described(&texts, "All states in the order they are entered."),
            "path-contains": described(&texts, "States that are entered in this order; others may be between them."),
            "history": {
                "description": "Events that happen in this order; others may be between them.",
                "type": "array",
                "items": {"$ref": "#/$defs/Event"},
            },
        },
    })
}

fn event(text: &Value) -> Value {
    let mut properties = json!({
        "type": described(text, "Its type, such as TaskFailed."),
        "state": described(text, "The state it belongs to."),
        "cause-contains": described(text, "A part of its cause."),
    });
    for detail in [
        "error",
        "cause",
        "input",
        "output",
        "parameters",
        "resource",
        "resourceType",
        "name",
        "index",
        "length",
        "location",
        "timeoutInSeconds",
        "heartbeatInSeconds",
    ] {
        properties[detail] = json!({"description": "This field of its details."});
    }
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

fn answers() -> Value {
    json!({
        "description": "One answer for all calls, or one for each call.",
        "anyOf": [{"$ref": "#/$defs/Answer"}, {"type": "array", "items": {"$ref": "#/$defs/Answer"}}],
    })
}

fn answer() -> Value {
    json!({
        "description": "One of `result`, `payload` and `error`.",
        "type": "object",
        "additionalProperties": false,
        "oneOf": [{"required": ["result"]}, {"required": ["payload"]}, {"required": ["error"]}],
        "dependentRequired": {"cause": ["error"]},
        "properties": {
            "result": {"description": "The result as it is."},
            "payload": {"description": "What a function returns; `lambda:invoke` puts its envelope around it."},
            "error": {"type": "string", "description": "The name of the error."},
            "cause": {"type": "string", "description": "The cause of the error."},
            "after": {"type": "number", "minimum": 0, "maximum": 31_536_000, "description": "Seconds until it comes."},
            "repeat": {
                "description": "For how many calls it stands; 1 unless given, \"last\" for all further ones.",
                "anyOf": [{"type": "integer", "minimum": 1}, {"const": "last"}],
            },
        },
    })
}

fn step_functions_local() -> Value {
    let by_name = |inner: Value| json!({"type": "object", "additionalProperties": inner});
    let thrown = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["Error", "Cause"],
        "properties": {"Error": {"type": "string"}, "Cause": {"type": "string"}},
    });
    let response = json!({
        "type": "object",
        "additionalProperties": false,
        "oneOf": [{"required": ["Return"]}, {"required": ["Throw"]}],
        "properties": {"Return": true, "Throw": thrown},
    });
    let cases = by_name(by_name(json!({"type": "string"})));
    let machine = json!({"type": "object", "additionalProperties": false, "properties": {"TestCases": cases}});
    json!({
        "description": "MockConfigFile.json of Step Functions Local.",
        "type": "object",
        "additionalProperties": false,
        "required": ["StateMachines"],
        "properties": {"StateMachines": by_name(machine), "MockedResponses": by_name(by_name(response))},
    })
}

#[cfg(test)]
mod tests {
    use wfc_diag::Sink;
    use wfc_driver::runtime::work::mock::Mocks;
    use wfc_driver::{testing, Limits, SourceMap};
    use wfc_source::Format;

    use super::*;

    fn names(schema: &Value) -> Vec<&str> {
        schema["properties"].as_object().expect("properties").keys().map(String::as_str).collect()
    }

    type Wrap = fn(Value) -> Value;

    /// How many of these fields the reader of test files does not know, where `wrap` puts a table of them.
    fn unknown(fields: &[&str], wrap: Wrap) -> usize {
        let table: Value = fields.iter().map(|field| ((*field).to_owned(), Value::Null)).collect();
        let mut sink = Sink::default();
        let file = SourceMap::new().add("a.wfc-test.json", wrap(table).to_string());
        let tree = wfc_source::parse(&file, Format::Json, &Limits::default(), &mut sink);
        testing::read(&tree, &mut sink);
        format!("{sink:?}").matches("unknown field").count()
    }

    #[test]
    fn readers_know_what_the_schemas_have() {
        let schema = test_file();
        let tables: [(&Value, Wrap); 4] = [
            (&schema, |fields| fields),
            (&schema["$defs"]["Test"], |fields| json!({"test": [fields]})),
            (&schema["$defs"]["Expect"], |fields| json!({"test": [{"expect": fields}]})),
            (&schema["$defs"]["Event"], |fields| json!({"test": [{"expect": {"history": [fields]}}]})),
        ];
        for (schema, wrap) in tables {
            assert_eq!(unknown(&names(schema), wrap), 0, "{schema}");
            assert_eq!(unknown(&["odd"], wrap), 1, "{schema}");
        }
        for field in names(&answer()) {
            let file = json!({"states": {"A": {field: null}}}).to_string();
            let why = Mocks::load(&file, "m.json", "", None).map_or_else(|error| error.message, |_| String::new());
            assert!(!why.contains("has no"), "{why}");
        }
    }
}
