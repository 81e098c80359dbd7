//! CIR to Amazon States Language.
