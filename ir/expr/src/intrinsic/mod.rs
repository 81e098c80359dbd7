//! Intrinsic functions of Amazon States Language.
