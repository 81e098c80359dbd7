//! Programs by others, where they install from a registry.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::measure::Item;
use crate::place;

/// asl-validator on a file; says why it is left out otherwise.
pub(crate) fn asl_validator(file: &str) -> Result<Item, String> {
    let script = package("asl-validator", "4.0.0")?.join("dist/bin/asl-validator.js");
    Ok(Item::new("asl-validator 4.0.0", &["node", &place::word(&script), "--json-path", file]))
}

/// aws-local-stepfunctions on a machine and its input, without validation; says why it is left out otherwise.
pub(crate) fn local_stepfunctions(machine: &str, input: &str) -> Result<Item, String> {
    package("aws-local-stepfunctions", "3.0.0")?;
    let script = driver("aws-local-stepfunctions.cjs", include_str!("../drivers/aws-local-stepfunctions.cjs"))?;
    Ok(Item::new("aws-local-stepfunctions 3.0.0", &["node", &script, machine, input]))
}

/// The command that measures expressions with the reference implementation of JSONata; says why it is left out
/// otherwise.
pub(crate) fn jsonata(cases: &str) -> Result<Vec<String>, String> {
    package("jsonata", "2.2.2")?;
    let script = driver("jsonata.cjs", include_str!("../drivers/jsonata.cjs"))?;
    Ok(["node", &script, cases].map(str::to_owned).into())
}

/// The folder of a package from npm, installed now unless it was before.
fn package(name: &str, version: &str) -> Result<PathBuf, String> {
    let folder = place::of_peers()?;
    let installed = folder.join("node_modules").join(name);
    if !installed.join("package.json").is_file() {
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let status = Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund", &format!("{name}@{version}")])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| format!("npm does not start: {error}"))?;
        if !status.success() || !installed.join("package.json").is_file() {
            return Err(format!("npm could not install {name} {version}"));
        }
    }
    Ok(installed)
}

/// A script, put where node finds the packages it requires.
fn driver(name: &str, text: &str) -> Result<String, String> {
    let file = place::of_peers()?.join(name);
    std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(place::word(&file))
}
