//! The wfc command.
fn main() {}
