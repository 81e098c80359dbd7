//! From arguments to tests that are ready to run: files found and read, machines loaded once each.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ignore::WalkBuilder;
use wfc_diag::{Diagnostic, Sink};
use wfc_driver::testing::{self, Input, Machine, Mock, Test};
use wfc_driver::{runtime::Tools, Limits, Session, SourceMap};
use wfc_expr::Value;
use wfc_source::{Format, SourceFile};

use super::mocks;
use crate::cmd::options::Reading;
use crate::cmd::{files, Failure};

/// All tests, and what was found while reading them.
pub(super) struct Suite {
    /// The test files.
    pub(super) sources: SourceMap,
    /// What is wrong with test files.
    pub(super) findings: Sink,
    /// The tests that are wanted.
    pub(super) cases: Vec<Case>,
    /// The machines by file; absent if one cannot be run.
    pub(super) machines: BTreeMap<String, Option<Arc<Machine>>>,
    /// The session that read the machines.
    pub(super) session: Session,
}

/// A test that is wanted.
pub(super) struct Case {
    /// The test file.
    pub(super) file: String,
    /// The line of its name.
    pub(super) line: u32,
    /// What it says.
    pub(super) test: Test,
    /// The file of its machine.
    pub(super) machine: String,
    /// What it needs to run, or why it cannot.
    pub(super) ready: Result<Ready, String>,
}

/// What a test needs to run.
pub(super) struct Ready {
    pub(super) machine: Arc<Machine>,
    pub(super) input: Value,
    /// Who answers for its tasks.
    pub(super) tools: Box<dyn Tools>,
}

/// Finds and reads the tests below `paths` whose names hold `filter`.
pub(super) fn collect(paths: &[String], filter: Option<&str>, reading: Reading) -> Result<Suite, Failure> {
    let files = test_files(paths)?;
    if files.is_empty() {
        let endings = testing::EXTENSIONS.join(", *");
        return Err(Failure::usage("there are no tests here").help(format!("names of test files end in *{endings}")));
    }
    let suite = Suite {
        sources: SourceMap::new(),
        findings: Sink::default(),
        cases: Vec::new(),
        machines: BTreeMap::new(),
        session: Session::new(),
    };
    let mut collector = Collector { suite, reading, reasons: BTreeMap::new() };
    for file in &files {
        collector.add(file, filter)?;
    }
    Ok(collector.suite)
}

/// The files named, and in folders those that are called like test files, as git sees them.
fn test_files(paths: &[String]) -> Result<Vec<String>, Failure> {
    let here = [".".to_owned()];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let mut found = Vec::new();
    for path in paths {
        if !Path::new(path).is_dir() {
            found.push(path.clone());
            continue;
        }
        let walker = WalkBuilder::new(path).sort_by_file_path(Ord::cmp).require_git(false).build();
        for entry in walker {
            let entry = entry.map_err(|error| Failure::io(format!("{path} could not be read: {error}")))?;
            let name = entry.path().to_string_lossy();
            let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
            if testing::EXTENSIONS.iter().any(|ending| name.ends_with(ending)) && !found.contains(&name) {
                found.push(name);
            }
        }
    }
    Ok(found)
}

struct Collector {
    suite: Suite,
    reading: Reading,
    /// Why machines cannot be run.
    reasons: BTreeMap<String, String>,
}

impl Collector {
    fn add(&mut self, name: &str, filter: Option<&str>) -> Result<(), Failure> {
        let limits = Limits::default();
        let bytes = files::read_path(name, limits.max_bytes)?;
        let Suite { sources, findings, .. } = &mut self.suite;
        let file = sources.add_bytes(name, bytes, findings);
        let tree = wfc_source::parse(&file, Format::of_path(name), &limits, findings);
        let Some(tests) = testing::read(&tree, findings) else { return Ok(()) };
        for test in tests.tests {
            if filter.is_none_or(|part| test.name.value.contains(part)) {
                let case = self.case(&file, test);
                self.suite.cases.push(case);
            }
        }
        Ok(())
    }

    fn case(&mut self, file: &SourceFile, test: Test) -> Case {
        let line = file.line_column(test.name.span.start as usize).line;
        let machine = beside(file.name(), &test.machine.value);
        let ready = self.ready(file, &test, &machine);
        Case { file: file.name().to_owned(), line, test, machine, ready }
    }

    fn ready(&mut self, file: &SourceFile, test: &Test, path: &str) -> Result<Ready, String> {
        let at = |span: wfc_diag::Span| {
            let at = file.line_column(span.start as usize);
            format!("{}:{}:{}", file.name(), at.line, at.column)
        };
        let machine = self.machine(path).map_err(|why| format!("{}: {why}", at(test.machine.span)))?;
        let input = match &test.input {
            Input::Value(value) => value.clone(),
            Input::File(name) => {
                let read = read_json(&beside(file.name(), &name.value));
                read.map_err(|why| format!("{}: {why}", at(name.span)))?
            }
        };
        let tools = match &test.mock {
            Mock::Nobody => mocks::nobody(),
            Mock::Inline(states) => {
                let name = format!("{}, test '{}'", file.name(), test.name.value);
                mocks::inline(&name, &states.value, &machine).map_err(|why| format!("{}: {why}", at(states.span)))?
            }
            Mock::File { path: name, case } => {
                let case = case.as_ref().map(|case| &*case.value);
                let answers = mocks::of_file(&beside(file.name(), &name.value), &machine, path, case);
                answers.map_err(|why| format!("{}: {why}", at(name.span)))?
            }
        };
        Ok(Ready { machine, input, tools })
    }

    /// The machine of a file, loaded when first asked for.
    fn machine(&mut self, path: &str) -> Result<Arc<Machine>, String> {
        if !self.suite.machines.contains_key(path) {
            let loaded = self.load(path).map_err(|why| self.reasons.insert(path.to_owned(), why)).ok();
            self.suite.machines.insert(path.to_owned(), loaded.map(Arc::new));
        }
        let loaded = self.suite.machines.get(path).cloned().flatten();
        loaded.ok_or_else(|| self.reasons.get(path).cloned().unwrap_or_default())
    }

    fn load(&mut self, path: &str) -> Result<Machine, String> {
        let session = &mut self.suite.session;
        self.reading.prepare(session, path).map_err(|failure| failure.to_string())?;
        let bytes = files::read_path(path, session.limits.max_bytes).map_err(|failure| failure.to_string())?;
        let analysis = session.check_bytes(path, bytes);
        Machine::load(analysis).map_err(|found| format!("{path} cannot be run: {}", self.words(&found)))
    }

    /// The first finding with its place, and how many more there are.
    fn words(&self, found: &[Diagnostic]) -> String {
        let Some(first) = found.first() else { return "this is a bug in wfc".to_owned() };
        let span = first.primary.span;
        let place = self.suite.session.sources().file(span.file).map_or_else(String::new, |file| {
            let at = file.line_column(span.start as usize);
            format!("{}:{}:{}: ", file.name(), at.line, at.column)
        });
        let more = if found.len() > 1 { format!(" (and {} more)", found.len() - 1) } else { String::new() };
        format!("{place}{}{more}; `wfc check` shows all", first.message)
    }
}

/// A path that a file names, relative to its folder.
fn beside(file: &str, name: &str) -> String {
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    folder.join(name).to_string_lossy().into_owned()
}

fn read_json(path: &str) -> Result<Value, String> {
    let text = read_text(path)?;
    Value::parse(&text).map_err(|error| format!("{path} is not JSON: {error}"))
}

/// The text of a file.
pub(super) fn read_text(path: &str) -> Result<String, String> {
    let bytes = files::read_path(path, Limits::default().max_bytes).map_err(|failure| failure.to_string())?;
    String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8"))
}
