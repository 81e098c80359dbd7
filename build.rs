//! Puts the commit into `wfc --version`.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=.git/HEAD");
    println!("cargo::rerun-if-changed=.git/refs/heads");
    println!("cargo::rerun-if-env-changed=WFC_COMMIT");
    let commit = std::env::var("WFC_COMMIT").ok().or_else(head).unwrap_or_else(|| "unknown commit".to_owned());
    println!("cargo::rustc-env=WFC_COMMIT={commit}");
}

fn head() -> Option<String> {
    let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
