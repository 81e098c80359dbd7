//! Where things are: the binaries that are measured, and a folder for their inputs.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A release binary, built now so that it is the code of this checkout.
pub(crate) fn build(package: &str, binary: &str) -> Result<PathBuf, String> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--locked", "-p", package, "--bin", binary])
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !status.success() {
        return Err(format!("{binary} does not build"));
    }
    Ok(own()?.with_file_name(binary))
}

/// This program.
pub(crate) fn own() -> Result<PathBuf, String> {
    std::env::current_exe().map_err(|error| error.to_string())
}

/// Where programs by others are installed, once: beside this program.
pub(crate) fn of_peers() -> Result<PathBuf, String> {
    Ok(own()?.with_file_name("peers"))
}

/// Runs `measure` with a folder of its own, which is removed afterwards.
pub(crate) fn in_folder(measure: impl FnOnce(&Path) -> Result<(), String>) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("wfc-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let outcome = measure(&folder);
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

/// Writes an input and gives its path as a word of a command.
pub(crate) fn write(folder: &Path, name: &str, text: &str) -> Result<String, String> {
    let file = folder.join(name);
    std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(word(&file))
}

/// A path as a word of a command.
pub(crate) fn word(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
