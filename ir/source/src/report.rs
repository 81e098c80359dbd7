//! What the three parsers share when they report: the limit on errors, the limits on size, duplicate keys.

use rustc_hash::FxHashMap;
use wfc_diag::{Diagnostic, FileId, Rule, Sink, Span};

use crate::{rules, Limits, Node, SourceFile};

/// Objects up to this many members are searched for duplicates by comparison, larger ones by hashing.
const SMALL_OBJECT: usize = 12;

/// Hands the findings of one file to the sink until the limit of errors is reached.
pub(crate) struct Reports<'a> {
    file: FileId,
    text: &'a str,
    limits: &'a Limits,
    sink: &'a mut Sink,
    errors: u32,
}

impl<'a> Reports<'a> {
    pub(crate) fn new(file: &'a SourceFile, limits: &'a Limits, sink: &'a mut Sink) -> Self {
        Self { file: file.id(), text: file.text(), limits, sink, errors: 0 }
    }

    /// The file the reports are about.
    pub(crate) fn file(&self) -> FileId {
        self.file
    }

    /// The limits in force.
    pub(crate) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// Whether reading is to end because too much was wrong or too much was read.
    pub(crate) fn stopped(&self) -> bool {
        self.errors >= self.limits.max_errors
    }

    /// Reports a problem at `start..end`, unless reading has already ended. An end within a character, as the byte behind
    /// the first of a value may be, is moved behind it.
    pub(crate) fn report(
        &mut self,
        rule: &'static Rule,
        start: usize,
        end: usize,
        message: impl Into<String>,
        more: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        if self.stopped() {
            return;
        }
        self.errors += 1;
        let end = (end..self.text.len()).find(|&end| self.text.is_char_boundary(end)).unwrap_or(self.text.len());
        let mut diagnostic = more(Diagnostic::new(rule, Span::new(self.file, start, end), message));
        if self.stopped() {
            let limit = self.limits.max_errors;
            diagnostic = diagnostic.note(format!("reading stopped here: {limit} syntax errors (limit `max-errors`)"));
        }
        self.sink.push(diagnostic);
    }

    /// Reports that a container at `at` is nested too deep, and ends reading.
    pub(crate) fn too_deep(&mut self, at: usize) {
        let limit = self.limits.max_depth;
        let message = format!("arrays and objects are nested more than {limit} levels deep");
        self.report(&rules::INPUT_LIMIT, at, at + 1, message, |d| {
            d.label(format!("level {}", u64::from(limit) + 1)).help("raise the limit `max-depth` if this is meant")
        });
        self.stop();
    }

    /// Reports and ends reading if the file holds too many values.
    pub(crate) fn count(&mut self, values: usize, at: usize) {
        let limit = self.limits.max_nodes;
        if values > limit as usize {
            let message = format!("the file holds more than {limit} values");
            self.report(&rules::INPUT_LIMIT, at, at, message, |d| {
                d.help("raise the limit `max-nodes` if this is meant")
            });
            self.stop();
        }
    }

    /// Ends reading: nothing is reported from here on.
    pub(crate) fn stop(&mut self) {
        self.errors = self.limits.max_errors;
    }

    /// Reports the keys that occur again in `object`, which has `members` members.
    pub(crate) fn duplicates(&mut self, object: Node<'_>, members: usize) {
        let mut again = Vec::new();
        if members <= SMALL_OBJECT {
            let mut seen: [(&str, Span); SMALL_OBJECT] = [("", Span::default()); SMALL_OBJECT];
            for (index, member) in object.members().enumerate().take(SMALL_OBJECT) {
                let name = member.name();
                if let Some((_, first)) = seen[..index].iter().find(|(other, _)| *other == name) {
                    again.push((*first, member.key.span(), name));
                }
                seen[index] = (name, member.key.span());
            }
        } else {
            let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
            seen.reserve(members);
            for member in object.members() {
                if let Some(first) = seen.insert(member.name(), member.key.span()) {
                    again.push((first, member.key.span(), member.name()));
                }
            }
        }
        for (first, second, name) in again {
            self.duplicate(name, first, second);
        }
    }

    /// Reports that the key `name` occurs again.
    pub(crate) fn duplicate(&mut self, name: &str, first: Span, second: Span) {
        let message = format!("the key `{}` appears twice in one object", shown(name));
        self.report(&rules::DUPLICATE_KEY, second.start as usize, second.end as usize, message, |d| {
            d.label("again here")
                .also(first, "first here")
                .help("rename or remove one: readers differ in which of them counts")
        });
    }
}

/// The start of a text from the file, fit for a message: at most forty characters, none of them invisible.
pub(crate) fn shown(text: &str) -> String {
    let visible = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    let mut shown: String = text.chars().take(40).map(visible).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}
