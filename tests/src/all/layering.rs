//! Who may depend on whom, and who may vouch for a module.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use wfc_tests::files;

use crate::support::{fail, files_below, none_of, read};

/// A part of the workspace and the parts it may build on; the longest match of a crate's folder decides.
const MAY_USE: &[(&str, &[&str])] = &[
    ("ir/", &["ir/"]),
    ("stdlib", &[]),
    ("passes/", &["ir/", "passes/"]),
    ("frontends/", &["ir/"]),
    ("backends/to-", &["ir/"]),
    ("backends/run-", &["ir/plan", "ir/expr", "ir/source", "ir/diag", "backends/run-core"]),
    ("src/", &[""]),
    ("tests", &[""]),
    ("benches", &[""]),
    ("", &[""]),
];

/// A function that vouches for a module, the file that has it, and the folder that may call it.
const VOUCHERS: [(&str, &str, &str); 2] = [
    ("assume_checked", "ir/cir/src/seal.rs", "passes/validate/"),
    ("assume_sealed", "ir/cir/src/seal.rs", "src/driver/"),
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("layering: dependencies point one way", directions),
        Trial::test("layering: crates are named after their folders", names),
        Trial::test("layering: edition 2021 everywhere", editions),
    ];
    trials.extend(
        VOUCHERS.map(|voucher| Trial::test(format!("layering: callers of {}", voucher.0), move || callers(voucher))),
    );
    trials
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    edition: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// Absent for what the crate itself is built from.
    kind: Option<String>,
    /// Absent for what comes from a registry.
    path: Option<String>,
}

impl Package {
    /// Its folder below the workspace; empty for the root package.
    fn folder(&self) -> String {
        below(Path::new(&self.manifest_path).parent().unwrap_or(Path::new("")))
    }
}

fn below(path: &Path) -> String {
    files::relative(path, &files::workspace())
}

fn packages() -> Result<Vec<Package>, Failed> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let args = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Command::new(cargo).args(args).current_dir(files::workspace()).output()?;
    if !output.status.success() {
        return Err(fail(String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    Ok(metadata.packages)
}

fn directions() -> Result<(), Failed> {
    let mut complaints = Vec::new();
    for package in packages()? {
        let folder = package.folder();
        let allowed =
            MAY_USE.iter().find(|(part, _)| folder.starts_with(part)).map_or(&[] as &[_], |(_, allowed)| allowed);
        let built_from = package.dependencies.iter().filter(|d| d.kind.as_deref() != Some("dev"));
        for dependency in built_from {
            let Some(path) = &dependency.path else {
                if folder == "stdlib" {
                    complaints.push(format!("stdlib uses {}, and it uses nothing", dependency.name));
                }
                continue;
            };
            let to = below(Path::new(path));
            if !allowed.iter().any(|part| to.starts_with(part)) {
                complaints.push(format!("{folder} uses {to}"));
            }
        }
    }
    none_of(&complaints)
}

fn names() -> Result<(), Failed> {
    let packages = packages()?;
    let misnamed = packages.iter().filter(|package| !package.folder().is_empty()).filter(|package| {
        let folder = package.folder();
        let last = folder.rsplit('/').next().unwrap_or_default();
        // A crate inside another one's folder carries its name as well.
        package.name != format!("wfc-{last}") && package.name != format!("wfc-{}", folder.replace('/', "-"))
    });
    none_of(&misnamed.map(|package| format!("{} in {}", package.name, package.folder())).collect::<Vec<_>>())
}

fn editions() -> Result<(), Failed> {
    let packages = packages()?;
    let other = packages.iter().filter(|package| package.edition != "2021");
    none_of(&other.map(|package| format!("{}: edition {}", package.name, package.edition)).collect::<Vec<_>>())
}

fn callers((function, home, allowed): (&str, &str, &str)) -> Result<(), Failed> {
    let mut complaints = Vec::new();
    for path in ["ir", "passes", "frontends", "backends", "stdlib", "src"].into_iter().flat_map(files_below) {
        let name = below(&path);
        // What a crate tests itself with is not part of the program.
        let test = name.contains("/tests/") || name.ends_with("/tests.rs");
        let elsewhere = name != home && !name.starts_with(allowed) && !test;
        if name.ends_with(".rs") && elsewhere && read(&path)?.contains(function) {
            complaints.push(format!("{name} calls {function}, and only {allowed} may"));
        }
    }
    none_of(&complaints)
}
