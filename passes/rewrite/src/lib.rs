//! Rewrites of a CIR module, in one visible ordered list.
