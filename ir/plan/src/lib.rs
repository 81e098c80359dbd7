//! The flat, persisted contract that runtimes execute.
