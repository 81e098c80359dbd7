//! Which files a command is about: paths, folders as git sees them, globs, standard input.

use std::io::Read;
use std::path::Path;

use ignore::overrides::OverrideBuilder;
use ignore::WalkBuilder;
use wfc_driver::{Limits, FRONTS};

use super::{disk, Failure};

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A file on disk that was named.
    Path(String),
    /// A file on disk that was found in a folder: it counts only if it is a workflow.
    Found(String),
    /// Standard input, under this name.
    Stdin(String),
}

impl Input {
    /// What messages call it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Input::Path(name) | Input::Found(name) | Input::Stdin(name) => name,
        }
    }
}

/// The files that the arguments name, in the order given; inside a folder by name. `exclude` are patterns as in
/// `.gitignore`.
pub(crate) fn collect(
    arguments: &[String],
    stdin_name: Option<&str>,
    exclude: &[String],
) -> Result<Vec<Input>, Failure> {
    let here = [".".to_owned()];
    let arguments = if arguments.is_empty() { &here[..] } else { arguments };
    let mut inputs = Vec::new();
    for argument in arguments {
        if argument == "-" {
            inputs.push(Input::Stdin(stdin_name.unwrap_or("stdin").to_owned()));
        } else if Path::new(argument).is_dir() {
            inputs.extend(walk(argument, exclude, None)?);
        } else if argument.contains(['*', '?', '[']) && !Path::new(argument).exists() {
            inputs.extend(matches(argument, exclude)?);
        } else {
            inputs.push(Input::Path(argument.clone()));
        }
    }
    let mut seen = std::collections::HashSet::new();
    inputs.retain(|input| seen.insert(input.name().to_owned()));
    Ok(inputs)
}

impl Input {
    /// Reads it, at most `max_bytes`.
    pub(crate) fn read(&self, max_bytes: u64) -> Result<Vec<u8>, Failure> {
        match self {
            Input::Path(path) | Input::Found(path) => read_path(path, max_bytes),
            Input::Stdin(_) => read_stdin(max_bytes),
        }
    }
}

/// Reads a file.
pub(crate) fn read_path(path: &str, max_bytes: u64) -> Result<Vec<u8>, Failure> {
    wfc_source::World::read(&disk::Disk, path, max_bytes)
        .map_err(|error| Failure::io(format!("{path} could not be read: {error}")))
}

/// Reads standard input.
pub(crate) fn read_stdin(max_bytes: u64) -> Result<Vec<u8>, Failure> {
    disk::read_bounded(std::io::stdin().lock().by_ref(), 0, max_bytes)
        .map_err(|error| Failure::io(format!("standard input could not be read: {error}")))
}

/// The folder in front of the first wildcard.
fn glob_base(pattern: &str) -> &str {
    let wild = pattern.find(['*', '?', '[']).unwrap_or(pattern.len());
    pattern[..wild].rfind('/').map_or(".", |slash| if slash == 0 { "/" } else { &pattern[..slash] })
}

/// The files a pattern stands for; none is a mistake of the command line.
fn matches(pattern: &str, exclude: &[String]) -> Result<Vec<Input>, Failure> {
    let base = glob_base(pattern);
    let found = if Path::new(base).is_dir() { walk(base, exclude, Some(pattern))? } else { Vec::new() };
    if found.is_empty() {
        return Err(Failure::usage(format!("the pattern `{pattern}` matches no file")));
    }
    Ok(found)
}

fn walk(folder: &str, exclude: &[String], glob: Option<&str>) -> Result<Vec<Input>, Failure> {
    let mut overrides = OverrideBuilder::new(folder);
    let bad = |error: ignore::Error| Failure::usage(format!("a pattern cannot be read: {error}"));
    for pattern in exclude {
        overrides.add(&format!("!{pattern}")).map_err(bad)?;
    }
    if let Some(glob) = glob {
        let inside = glob.strip_prefix(folder).unwrap_or(glob).trim_start_matches('/');
        overrides.add(inside).map_err(bad)?;
    }
    let mut walker = WalkBuilder::new(folder);
    walker.overrides(overrides.build().map_err(bad)?).sort_by_file_path(Ord::cmp).require_git(false);
    let mut inputs = Vec::new();
    for entry in walker.build() {
        let entry = entry.map_err(|error| Failure::io(format!("{folder} could not be read: {error}")))?;
        let path = entry.path();
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && (glob.is_some() || is_workflow(path)) {
            let name = path.to_string_lossy();
            let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
            inputs.push(if glob.is_some() { Input::Path(name) } else { Input::Found(name) });
        }
    }
    Ok(inputs)
}

/// Whether a file found in a folder is one of ours: by its name, or, for plain JSON and YAML, by the words every
/// file of a language has.
fn is_workflow(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if FRONTS.iter().any(|front| front.extensions.iter().any(|extension| name.ends_with(extension))) {
        return true;
    }
    let plain = [".json", ".yaml", ".yml"].iter().any(|extension| name.ends_with(extension));
    plain
        && wfc_source::World::read(&disk::Disk, &path.to_string_lossy(), Limits::default().max_bytes)
            .is_ok_and(|b| has_words(&b))
}

fn has_words(bytes: &[u8]) -> bool {
    let has = |word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    let template = has("AWSTemplateFormatVersion") || has("AWS::Serverless");
    !template && ((has("StartAt") && has("States")) || (has("entryNodeId") && has("graph")))
}
