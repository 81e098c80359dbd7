//! The wfc library.
