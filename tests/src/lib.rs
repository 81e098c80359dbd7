//! Conformance cases, properties and structural checks.
