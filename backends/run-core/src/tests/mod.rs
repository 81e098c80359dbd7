//! What the core does with small programs, and that it does the same again.

mod build;
mod dag;
mod nodes;
mod replay;
mod world;
