//! Diagnostics drawn and written.
