//! The pure step function all runtimes share.
