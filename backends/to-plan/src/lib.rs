//! CIR to Plan: flattening only.
