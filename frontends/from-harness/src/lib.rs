//! HarnessSpec to CIR.
