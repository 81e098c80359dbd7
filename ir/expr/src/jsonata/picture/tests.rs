//! Recorded calls with literal arguments, and bounds.
