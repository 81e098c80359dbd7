//! Checkers by others, where they install from a registry.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::measure::Item;

/// asl-validator, installed with npm below `folder`; says why it is left out otherwise.
pub(crate) fn asl_validator(folder: &Path, file: &str) -> Result<Item, String> {
    let script = folder.join("node_modules/asl-validator/dist/bin/asl-validator.js");
    if !script.is_file() {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let status = Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund", "asl-validator@4.0.0"])
            .current_dir(folder)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| format!("npm does not start: {error}"))?;
        if !status.success() || !script.is_file() {
            return Err("npm could not install asl-validator 4.0.0".to_owned());
        }
    }
    let command = ["node".to_owned(), script.to_string_lossy().into_owned(), "--json-path".to_owned(), file.to_owned()];
    Ok(Item { label: "asl-validator 4.0.0".to_owned(), command: command.into() })
}
