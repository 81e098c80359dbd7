//! Limits that hold, and behaviour that recordings do not show.

mod answers;
mod hostile;
