//! workflow.toml to CIR.
