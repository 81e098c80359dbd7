//! What everything in CIR means.
