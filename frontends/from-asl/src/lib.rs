//! Amazon States Language to CIR.
