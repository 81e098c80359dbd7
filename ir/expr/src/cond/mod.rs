//! Dotted conditions.
