//! The definition of a request: a machine, or a state that a machine is put around.

use wfc_cir::Checked;
use wfc_diag::{Diagnostic, Sink};
use wfc_source::{parse, FileId, Format, SourceFile, SourceMap, Tree};

use super::refuse::{Findings, Refusal};
use super::wrap::{self, Wrapped};
use super::{Request, LONE, MARK};
use crate::{front_named, Session};

/// A definition that was read.
#[derive(Debug)]
pub(super) struct Definition {
    /// The file as the user has it.
    file: SourceFile,
    /// It as a tree.
    pub(super) tree: Tree,
    /// Whether it is a state without a machine.
    pub(super) lone: bool,
    /// The machine, which may have been put around the state.
    pub(super) checked: Checked,
    /// The name of the state that is tried.
    pub(super) state_name: String,
    wrapped: Wrapped,
}

impl Definition {
    /// Reads the definition of a request; whatever the service refuses about it is refused.
    pub(super) fn read(session: &mut Session, request: &Request) -> Result<Self, Refusal> {
        session.front = session.front.or_else(|| front_named("asl"));
        let mut sink = Sink::default();
        let file = SourceFile::from_bytes(FileId(0), &*request.file, request.definition.clone(), &mut sink);
        let format = format_of(&file);
        let tree = parse(&file, format, &session.limits, &mut sink);
        let refused = |wrapped: &Wrapped, all: Vec<Diagnostic>| {
            let refusal = Refusal::of_findings(&all);
            Refusal { findings: Some(findings(&file, wrapped, all)), ..refusal }
        };
        if sink.found().iter().any(|finding| finding.blocking) {
            return Err(refused(&Wrapped::nothing(file.text()), sink.into_sorted()));
        }
        let lone = is_state(&tree);
        let wrapped = if lone { wrap::around(file.text(), &tree, format) } else { Wrapped::nothing(file.text()) };
        let analysis = session.check_bytes(&request.file, wrapped.text.clone().into_bytes());
        let all = analysis.diagnostics.clone();
        let checked = analysis.into_checked().map_err(|_| refused(&wrapped, all))?;
        let state_name = state_name(request, lone)?;
        Ok(Self { file, tree, lone, checked, state_name, wrapped })
    }

    /// Findings about the machine as findings about the file.
    pub(super) fn findings(&self, found: Vec<Diagnostic>) -> Findings {
        findings(&self.file, &self.wrapped, found)
    }
}

/// The notation: what the name says; without a telling name, what the first character says.
fn format_of(file: &SourceFile) -> Format {
    let named = Format::of_path(file.name());
    let telling = named != Format::Json || file.name().to_ascii_lowercase().ends_with(".json");
    let start = file.text().trim_start_matches(MARK).trim_start();
    if telling || start.is_empty() || start.starts_with(['{', '[', '"']) {
        named
    } else {
        Format::Yaml
    }
}

fn is_state(tree: &Tree) -> bool {
    tree.root().get("States").is_none() && tree.root().get("Type").is_some()
}

fn state_name(request: &Request, lone: bool) -> Result<String, Refusal> {
    match (&request.state_name, lone) {
        (None, true) => Ok(LONE.to_owned()),
        (Some(name), false) => Ok(name.clone()),
        (Some(_), true) => Err(Refusal::validation("State not found in definition")
            .help("the definition is a state by itself; leave its name away, or pass the whole machine")),
        (None, false) => Err(Refusal::validation("The definition is a state machine, and no state of it is named")
            .help("name the state to test")),
    }
}

fn findings(file: &SourceFile, wrapped: &Wrapped, found: Vec<Diagnostic>) -> Findings {
    let mut sources = SourceMap::new();
    let file = sources.add(file.name(), file.shared_text());
    let all = found.into_iter().map(|finding| wrapped.unwrapped(finding, &file)).collect();
    Findings { sources, file: file.id(), all }
}
