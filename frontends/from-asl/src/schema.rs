//! The JSON Schema of definitions, for editors, written from the tables of fields.
//!
//! It is as lenient as the language: which query language a state is in, and which states exist, no schema can say.

use serde_json::{json, Map, Value};

use crate::syntax::{
    BatchField, Catcher, CredentialField, Field, FieldSet, Kinds, MachineField, ProcessorField, ReaderConfigField,
    ReaderField, Retrier, RuleField, Shape, Spec, StateKind, WriterConfigField, WriterField,
};

/// What a placeholder or an expression looks like where anything else than a string is due.
const COMPUTED: &str = r"\$\{|^\{%[\s\S]*%\}$";

/// The schema, in draft 2020-12.
pub(crate) fn schema() -> Value {
    let mut definitions = Map::new();
    definitions.insert("State".into(), state());
    for kind in StateKind::ALL {
        definitions.insert(format!("{}State", kind.name()), state_of(kind));
    }
    for (name, definition) in [
        ("Machine", object::<MachineField>(&["StartAt", "States"])),
        ("Retrier", object::<Retrier>(&["ErrorEquals"])),
        ("Catcher", object::<Catcher>(&["ErrorEquals", "Next"])),
        ("Rule", object::<RuleField>(&[])),
        ("ItemReader", object::<ReaderField>(&["Resource"])),
        ("ReaderConfig", object::<ReaderConfigField>(&[])),
        ("ItemBatcher", object::<BatchField>(&[])),
        ("ResultWriter", object::<WriterField>(&[])),
        ("WriterConfig", object::<WriterConfigField>(&[])),
        ("ProcessorConfig", object::<ProcessorField>(&[])),
        ("Credentials", one_of(object::<CredentialField>(&[]), &["RoleArn", "RoleArn.$"])),
    ] {
        definitions.insert(name.into(), definition);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Amazon States Language",
        "$ref": "#/$defs/Machine",
        "$defs": definitions,
    })
}

/// A state: its type decides which fields it has.
fn state() -> Value {
    let kinds = StateKind::ALL.map(|kind| {
        json!({
            "if": { "properties": { "Type": { "const": kind.name() } }, "required": ["Type"] },
            "then": { "$ref": format!("#/$defs/{}State", kind.name()) },
        })
    });
    let names = StateKind::ALL.map(StateKind::name);
    json!({
        "type": "object",
        "properties": { "Type": { "enum": names, "description": Field::Type.spec().doc } },
        "required": ["Type"],
        "allOf": kinds,
    })
}

fn state_of(kind: StateKind) -> Value {
    let here = Field::SPECS.iter().filter(|spec| spec.kinds.has(kind) && spec.name != Field::Type.spec().name);
    let required: &[&str] = match kind {
        StateKind::Task => &["Resource"],
        StateKind::Choice => &["Choices"],
        StateKind::Parallel => &["Branches"],
        _ => &[],
    };
    let schema = json!({ "type": "object", "properties": properties(here), "required": required });
    // Some fields can stand for each other, and one of them has to be there.
    let schema = match kind {
        StateKind::Wait => one_of(schema, &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]),
        StateKind::Map => one_of(schema, &["ItemProcessor", "Iterator"]),
        _ => schema,
    };
    way_out(schema, kind)
}

/// `schema` for objects that have at least one of these members.
fn one_of(mut schema: Value, names: &[&str]) -> Value {
    let options: Vec<Value> = names.iter().map(|name| json!({ "required": [name] })).collect();
    schema["anyOf"] = json!(options);
    schema
}

fn way_out(mut schema: Value, kind: StateKind) -> Value {
    if Field::Next.spec().kinds.has(kind) {
        schema["allOf"] = json!([{ "anyOf": [{ "required": ["Next"] }, { "required": ["End"] }] }]);
    } else {
        schema["not"] = json!({ "anyOf": [{ "required": ["Next"] }, { "required": ["End"] }] });
    }
    schema
}

fn object<F: FieldSet>(required: &[&str]) -> Value {
    debug_assert!(F::SPECS.iter().all(|spec| spec.kinds == Kinds::ALL));
    json!({ "type": "object", "properties": properties(F::SPECS.iter()), "required": required })
}

fn properties<'s>(specs: impl Iterator<Item = &'s Spec>) -> Value {
    let members = specs.map(|spec| {
        let mut property = shape(spec);
        property["description"] = json!(spec.doc);
        (spec.name.to_owned(), property)
    });
    Value::Object(members.collect())
}

fn shape(spec: &Spec) -> Value {
    match spec.shape {
        Shape::Any | Shape::Payload => json!({}),
        Shape::Text | Shape::TextOrExpression | Shape::PathOrCall => json!({ "type": "string" }),
        Shape::StateName => json!({ "type": "string", "minLength": 1 }),
        Shape::Path => json!({ "type": "string", "pattern": r"^\$|\$\{" }),
        Shape::PathOrNull | Shape::ReferencePathOrNull => json!({ "type": ["string", "null"], "pattern": r"^\$|\$\{" }),
        Shape::Timestamp => json!({ "type": "string" }),
        Shape::Word(words) => computed(json!({ "enum": words })),
        Shape::Bool | Shape::BoolOrExpression => computed(json!({ "type": "boolean" })),
        Shape::Whole(least, most) | Shape::WholeOrExpression(least, most) if most == i64::MAX => {
            computed(json!({ "type": "integer", "minimum": least }))
        }
        Shape::Whole(least, most) | Shape::WholeOrExpression(least, most) => {
            computed(json!({ "type": "integer", "minimum": least, "maximum": most }))
        }
        Shape::Number(least) => computed(json!({ "type": "number", "minimum": least })),
        Shape::NumberOrExpression(least, most) => {
            computed(json!({ "type": "number", "minimum": least, "maximum": most }))
        }
        Shape::AnyNumber => computed(json!({ "type": "number" })),
        Shape::Items => computed(json!({ "type": "array" })),
        Shape::Template => json!({ "type": "object" }),
        Shape::Texts => json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
        Shape::Object => object_of(spec.name),
        Shape::Objects => {
            // Empty lists of retriers and catchers are fine.
            let least = usize::from(!matches!(spec.name, "Retry" | "Catch"));
            json!({ "type": "array", "items": reference(spec.name), "minItems": least })
        }
    }
}

/// The given schema, or what is computed later.
fn computed(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "string", "pattern": COMPUTED }] })
}

fn object_of(field: &str) -> Value {
    match field {
        "States" => {
            json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/State" }, "minProperties": 1 })
        }
        _ => reference(field),
    }
}

fn reference(field: &str) -> Value {
    let definition = match field {
        "Branches" | "ItemProcessor" | "Iterator" => "Machine",
        "Retry" => "Retrier",
        "Catch" => "Catcher",
        "Choices" | "And" | "Or" | "Not" => "Rule",
        own => own,
    };
    json!({ "$ref": format!("#/$defs/{definition}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let schema = schema();
        let definitions = schema["$defs"].as_object().unwrap();
        let text = schema.to_string();
        let references = text.split("\"#/$defs/").skip(1).map(|rest| rest.split('"').next().unwrap());
        let lost: Vec<&str> = references.filter(|name| !definitions.contains_key(*name)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}
