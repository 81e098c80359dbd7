//! Limits that hold, and behaviour that recordings do not show.

mod hostile;
