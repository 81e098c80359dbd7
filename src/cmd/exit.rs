//! The exit codes, in one table.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// No error was found, or the run succeeded.
    Ok,
    /// Errors were found.
    Findings,
    /// The command line makes no sense.
    Usage,
    /// A file could not be read or written, or wfc itself failed.
    Internal,
    /// The run failed.
    RunFailed,
    /// The run took too long.
    RunTimedOut,
    /// The run was aborted.
    RunAborted,
    /// The run used up its budget.
    RunOutOfBudget,
    /// A test failed, or the tests covered too little.
    TestsFailed,
    /// No task waits for what was said.
    NoTask,
}

/// The table as users see it, in `--help` and in the manual.
pub(super) const TABLE: &str = "Exit codes:
  0  no error found (warnings too, unless --deny-warnings); the run succeeded
  1  errors found
  2  the command line makes no sense
  3  a file could not be read or written, or wfc itself failed
  4  the run failed
  5  the run timed out
  6  the run was aborted
  7  the run used up its budget
  8  a test failed or could not be run, or the tests covered too little
  9  no task waits for it (wfc task)";

impl Exit {
    /// The number the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Internal => 3,
            Exit::RunFailed => 4,
            Exit::RunTimedOut => 5,
            Exit::RunAborted => 6,
            Exit::RunOutOfBudget => 7,
            Exit::TestsFailed => 8,
            Exit::NoTask => 9,
        }
    }
}

/// Says that wfc itself failed.
pub(super) fn internal(why: &str) -> Exit {
    super::terminal::error_line(&format!("wfc: internal error: {why}"));
    Exit::Internal
}
