//! Read-only facts about a CIR module.
