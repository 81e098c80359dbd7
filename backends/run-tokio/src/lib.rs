//! Runs a plan in process on tokio.
