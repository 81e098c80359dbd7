//! Answers that stand in a file of their own.

use super::collect::{read_text, Answers};

/// The answers that the file `path` has for a machine in a case.
pub(super) fn of_file(path: &str, machine: &str, case: Option<&str>) -> Result<Answers, String> {
    let _text = read_text(path)?;
    let case = case.map_or_else(String::new, |case| format!(", case '{case}'"));
    Err(format!("{path} (for {machine}{case}): files of answers cannot be read yet; use [test.mock.State]"))
}
