//! One session: settings, files read so far, and the way from a file to its findings and its module.

use wfc_cir::{Checked, Front, LowerInput, LowerOptions, Module, Vocab};
use wfc_diag::{Diagnostic, FileId, Severity, Sink};
use wfc_source::{parse, Format, Kind, Limits, SourceFile, SourceMap, Tree, World, WorldError};

use crate::{fronts, pick_front, rules, suppress, Settings};

/// One session. Everything it does is decided by its fields and the files it reads.
#[derive(Debug, Default)]
pub struct Session {
    /// Bounds on what a file may ask of the machine.
    pub limits: Limits,
    /// What front ends are told.
    pub options: LowerOptions,
    /// Which findings are shown.
    pub settings: Settings,
    /// The front end for every file; absent: chosen by name and content.
    pub front: Option<&'static Front>,
    sources: SourceMap,
}

/// What is known of one file.
#[derive(Debug)]
pub struct Analysis {
    /// The file.
    pub file: FileId,
    /// The front end that read it.
    pub front: Option<&'static Front>,
    /// Its module, which may have holes; absent if nothing could be made of it.
    pub module: Option<Module>,
    /// The findings the user wants to see, in reading order.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether something in it is refused by the dialect's owner, whatever the user wants to see.
    pub blocked: bool,
}

impl Analysis {
    /// The module as checked, or the analysis back if something blocks.
    #[allow(clippy::result_large_err)] // The analysis comes back because its findings are the reason.
    pub fn into_checked(mut self) -> Result<Checked, Analysis> {
        let Some(module) = self.module.take() else { return Err(self) };
        wfc_validate::check(module, self.blocked).map_err(|module| {
            self.module = Some(module);
            self
        })
    }
}

impl Session {
    /// A session with default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// The files read so far.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// Reads a file through `world` and analyses it.
    pub fn check(&mut self, world: &dyn World, path: &str) -> Result<Analysis, WorldError> {
        let bytes = world.read(path, self.limits.max_bytes)?;
        Ok(self.check_bytes(path, bytes))
    }

    /// Analyses bytes that stand for the file `path`.
    pub fn check_bytes(&mut self, path: &str, bytes: Vec<u8>) -> Analysis {
        let mut sink = Sink::default();
        let file = self.sources.add_bytes(path, bytes, &mut sink);
        if path.ends_with(".cir") {
            let module = wfc_cir::text::parse(&file, &mut sink);
            return self.finish(&file, None, None, module, &Vocab::CIR, sink);
        }
        let format = self.format_of(&file);
        let tree = parse(&file, format, &self.limits, &mut sink);
        let front = self.front.or_else(|| pick_front(path, &tree));
        let Some(front) = front else {
            unknown_dialect(&tree, &mut sink);
            return self.finish(&file, None, Some((&tree, format)), None, &Vocab::CIR, sink);
        };
        let input = LowerInput { path, tree: &tree, options: &self.options };
        let module = (front.lower)(&input, &mut sink);
        self.finish(&file, Some(front), Some((&tree, format)), module, front.vocab, sink)
    }

    /// The notation of a file: what its name says; without a telling name, what its first character says.
    fn format_of(&self, file: &SourceFile) -> Format {
        let named = Format::of_path(file.name());
        let telling = file.name().to_ascii_lowercase().ends_with(".json") || named != Format::Json;
        let start = file.text().trim_start_matches('\u{feff}').trim_start();
        if telling || start.is_empty() || start.starts_with(['{', '[', '"']) {
            named
        } else if start.starts_with("[[") || self.front.is_some_and(|f| f.name == "workflow") {
            Format::Toml
        } else {
            Format::Yaml
        }
    }

    fn finish(
        &self,
        file: &SourceFile,
        front: Option<&'static Front>,
        tree: Option<(&Tree, Format)>,
        module: Option<Module>,
        vocab: &Vocab,
        mut sink: Sink,
    ) -> Analysis {
        if let Some(module) = &module {
            debug_assert_eq!(wfc_cir::verify::verify(module), Ok(()), "the front end made a malformed module");
            let facts = wfc_analyze::analyze(module);
            wfc_validate::validate(module, vocab, &facts, &mut sink);
        }
        let mut found = sink.into_sorted();
        let refuses = front.map_or(&[][..], |front| front.refuses);
        for refused in found.iter_mut().filter(|d| refuses.contains(&d.rule.name)) {
            (refused.severity, refused.blocking) = (Severity::Error, true);
        }
        let blocked = found.iter().any(|d| d.blocking);
        let unsilenced = match tree {
            Some((tree, format)) => suppress::apply(tree, format, found),
            None => found,
        };
        let diagnostics = unsilenced.into_iter().filter_map(|d| self.settings.apply(d)).collect();
        Analysis { file: file.id(), front, module, diagnostics, blocked }
    }
}

/// Says that nothing tells the language of a file, unless its text could not be read in the first place.
fn unknown_dialect(tree: &Tree, sink: &mut Sink) {
    if sink.has_errors() && !tree.root().is_object() {
        return;
    }
    let root = tree.root();
    let first_line = root.span().range().start
        ..root.raw().find('\n').map_or(root.span().end as usize, |i| root.span().start as usize + i);
    let span = wfc_source::Span::new(tree.file(), first_line.start, first_line.end);
    let names: Vec<_> = fronts::FRONTS.iter().map(|f| format!("{} ({})", f.name, f.extensions.join(", "))).collect();
    let message = match root.kind() {
        Kind::Object => "nothing here says which workflow language this is".to_owned(),
        other => format!("a workflow is an object, and this is {}", other.word()),
    };
    sink.push(
        Diagnostic::new(&rules::UNKNOWN_DIALECT, span, message)
            .label("no `States`, no `[[steps]]`, no `graph`")
            .help(format!("name the language with `--front`, or by the file's name: {}", names.join("; "))),
    );
}
