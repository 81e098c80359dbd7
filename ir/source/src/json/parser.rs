//! The structure of a JSON text: an explicit stack of open containers, and what is expected next in each.

use wfc_diag::{Diagnostic, Rule, Safety, Sink, Span};

use super::notation::{self, Other};
use super::scalar;
use crate::report::Reports;
use crate::{rules, Kind, Limits, NodeId, SourceFile, Tree, TreeBuilder};

pub(super) struct Parser<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) tree: TreeBuilder,
    reports: Reports<'a>,
    /// Where the last value ended: white space and comments may follow.
    value_end: usize,
    stack: Vec<Open>,
}

struct Open {
    id: NodeId,
    kind: Kind,
    start: usize,
    expect: Expect,
    members: u32,
    /// The comma behind the last element, while nothing has followed it.
    comma: Option<usize>,
}

/// What an open container waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// An element or key, or the closing bracket.
    First,
    /// A comma or the closing bracket.
    Comma,
    /// The value behind a key.
    Value,
}

impl<'a> Parser<'a> {
    pub(super) fn new(file: &'a SourceFile, limits: &'a Limits, sink: &'a mut Sink) -> Self {
        let tree = TreeBuilder::new(file.id(), file.shared_text());
        let reports = Reports::new(file, limits, sink);
        Self { file, bytes: file.text().as_bytes(), at: 0, tree, reports, value_end: 0, stack: Vec::new() }
    }

    pub(super) fn run(mut self) -> Tree {
        self.skip_byte_order_mark();
        if let Some(other) = notation::other_than_json(&self.file.text()[self.at..]) {
            return self.other_notation(other);
        }
        self.skip_space();
        if self.at == self.bytes.len() {
            self.report(&rules::JSON_SYNTAX, self.at, self.at, "the file is empty", |d| {
                d.label("a value is expected here")
            });
            return self.tree.finish();
        }
        self.value();
        while !self.stack.is_empty() && self.within_limits() {
            self.step();
        }
        self.close_rest();
        if self.within_limits() {
            self.trailing_text();
        }
        self.tree.finish()
    }

    /// Reports that the whole file is in another notation, once instead of at every line.
    fn other_notation(mut self, other: Other) -> Tree {
        let (start, end) = (self.at, self.bytes.len());
        let message = format!("the text is not JSON: it looks like {}", other.name);
        self.report(&rules::JSON_SYNTAX, start, start, message, |d| {
            d.help(format!("name the file `{}` if it is", other.file_name))
        });
        self.tree.leaf(Kind::Error, start, end);
        self.tree.finish()
    }

    /// Advances the innermost container by one key, value, comma or bracket.
    fn step(&mut self) {
        self.skip_space();
        let Some(open) = self.stack.last() else { return };
        let (expect, kind) = (open.expect, open.kind);
        let Some(&byte) = self.bytes.get(self.at) else { return self.unclosed() };
        match (byte, expect) {
            (b']' | b'}', Expect::First | Expect::Comma) => self.close(byte),
            (b',', Expect::Comma) => self.comma(),
            (b',', Expect::First) => self.stray_comma(),
            (_, Expect::Comma) => self.missing_comma(),
            (_, Expect::First) if kind == Kind::Object => self.key(),
            _ => self.value(),
        }
    }

    /// Reads one value, or opens a container.
    fn value(&mut self) {
        let start = self.at;
        match self.bytes.get(self.at) {
            Some(b'{') => self.open(Kind::Object),
            Some(b'[') => self.open(Kind::Array),
            Some(b'}' | b']' | b',' | b':') => {
                self.report(&rules::JSON_SYNTAX, start, start + 1, "a value is missing", |d| {
                    d.label("a value is expected here")
                });
                self.tree.leaf(Kind::Error, start, start);
                if self.stack.is_empty() || self.bytes[start] == b':' {
                    self.at += 1;
                }
                self.value_done();
            }
            _ => {
                scalar::read(self);
                self.value_done();
            }
        }
    }

    fn value_done(&mut self) {
        self.value_end = self.at;
        if let Some(open) = self.stack.last_mut() {
            open.expect = Expect::Comma;
            open.comma = None;
            open.members += 1;
        }
    }

    fn open(&mut self, kind: Kind) {
        let start = self.at;
        self.at += 1;
        if self.stack.len() >= self.reports.limits().max_depth as usize {
            return self.reports.too_deep(start);
        }
        let id = self.tree.open(kind, start);
        self.stack.push(Open { id, kind, start, expect: Expect::First, members: 0, comma: None });
    }

    fn close(&mut self, byte: u8) {
        let Some(open) = self.stack.pop() else { return };
        let wanted = if open.kind == Kind::Object { b'}' } else { b']' };
        if let Some(comma) = open.comma {
            self.report(&rules::JSON_TRAILING_COMMA, comma, comma + 1, "a comma behind the last element", |d| {
                let span = d.primary.span;
                d.label("JSON does not allow it").fix("Remove the comma", Safety::Safe, vec![(span, String::new())])
            });
        }
        if byte != wanted {
            self.wrong_bracket(&open, byte, wanted);
            let matches_outer = self.stack.iter().any(|o| (o.kind == Kind::Object) == (byte == b'}'));
            if matches_outer {
                // The bracket belongs to a container further out: this one ends in front of it.
                self.finish_container(open, self.at);
                return;
            }
        }
        self.at += 1;
        let end = self.at;
        self.finish_container(open, end);
    }

    fn finish_container(&mut self, open: Open, end: usize) {
        self.tree.close(open.id, end);
        if open.kind == Kind::Object && open.members > 1 {
            self.reports.duplicates(self.tree.node(open.id), open.members as usize);
        }
        self.value_done();
    }

    fn wrong_bracket(&mut self, open: &Open, byte: u8, wanted: u8) {
        let (byte, wanted) = (byte as char, wanted as char);
        let file = self.file.id();
        let opened = Span::new(file, open.start, open.start + 1);
        let message = format!("`{byte}` closes what was opened by `{}`", self.bytes[open.start] as char);
        self.report(&rules::JSON_SYNTAX, self.at, self.at + 1, message, |d| {
            d.label(format!("`{wanted}` is expected")).also(opened, "opened here")
        });
    }

    fn comma(&mut self) {
        let at = self.at;
        self.at += 1;
        if let Some(open) = self.stack.last_mut() {
            open.expect = Expect::First;
            open.comma = Some(at);
        }
    }

    fn stray_comma(&mut self) {
        let at = self.at;
        self.at += 1;
        self.report(&rules::JSON_SYNTAX, at, at + 1, "a comma without an element in front of it", |d| {
            let span = d.primary.span;
            d.label("remove this comma").fix("Remove the comma", Safety::Safe, vec![(span, String::new())])
        });
    }

    fn missing_comma(&mut self) {
        let at = self.at;
        let behind = self.value_end;
        let place = Span::at(self.file.id(), behind);
        if matches!(self.bytes[at], b':') {
            self.at += 1;
            self.report(&rules::JSON_SYNTAX, at, at + 1, "a colon where a comma or a bracket is due", |d| d);
        } else {
            self.report(&rules::JSON_SYNTAX, behind, behind, "a comma is missing between two elements", |d| {
                d.label("a comma is expected here").fix("Add the comma", Safety::Safe, vec![(place, ",".to_owned())])
            });
        }
        if let Some(open) = self.stack.last_mut() {
            open.expect = Expect::First;
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self) {
        let start = self.at;
        match self.bytes.get(start) {
            Some(b'"') => {
                scalar::string(self);
            }
            Some(b'\'') => scalar::single_quoted(self),
            Some(b'{' | b'[' | b':') => {
                self.report(&rules::JSON_SYNTAX, start, start + 1, "a key is missing", |d| {
                    d.label("a string is expected here")
                });
                self.tree.leaf(Kind::String, start, start);
            }
            _ => scalar::bare_key(self),
        }
        self.skip_space();
        if self.bytes.get(self.at) == Some(&b':') {
            self.at += 1;
        } else {
            let at = self.at;
            self.report(&rules::JSON_SYNTAX, at, at, "a colon is missing behind the key", |d| {
                d.label("`:` is expected here")
            });
        }
        self.skip_space();
        let missing = matches!(self.bytes.get(self.at), Some(b'}' | b',' | b']') | None);
        if let Some(open) = self.stack.last_mut() {
            open.expect = Expect::Value;
            open.comma = None;
        }
        if missing {
            let at = self.at;
            self.report(&rules::JSON_SYNTAX, at, at, "the key has no value", |d| d.label("a value is expected here"));
            self.tree.leaf(Kind::Error, at, at);
            self.value_done();
        }
    }

    /// The text ended inside containers: one report at the innermost, then every one of them is closed.
    fn unclosed(&mut self) {
        let end = self.bytes.len();
        if let Some(open) = self.stack.last() {
            let (start, bracket) = (open.start, if open.kind == Kind::Object { '}' } else { ']' });
            let opened = Span::new(self.file.id(), start, start + 1);
            self.report(&rules::JSON_SYNTAX, end, end, "the file ends too early", |d| {
                d.label(format!("`{bracket}` is expected")).also(opened, "opened here and never closed")
            });
        }
        self.close_rest();
    }

    fn close_rest(&mut self) {
        let end = self.at.min(self.bytes.len());
        while let Some(open) = self.stack.pop() {
            if open.expect == Expect::Value {
                self.tree.leaf(Kind::Error, end, end);
            }
            self.finish_container(open, end);
        }
    }

    fn trailing_text(&mut self) {
        self.skip_space();
        if self.at < self.bytes.len() {
            let (start, end) = (self.at, self.bytes.len());
            let line_end = self.bytes[start..].iter().position(|&b| b == b'\n').map_or(end, |i| start + i);
            self.report(&rules::JSON_SYNTAX, start, line_end, "text behind the end of the value", |d| {
                d.label("a file holds one value")
            });
        }
    }

    fn skip_byte_order_mark(&mut self) {
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
            self.report(&rules::JSON_SYNTAX, 0, 3, "the file starts with a byte order mark", |d| {
                let span = d.primary.span;
                d.label("JSON does not allow it").help("save the file as UTF-8 without byte order mark").fix(
                    "Remove the byte order mark",
                    Safety::Safe,
                    vec![(span, String::new())],
                )
            });
        }
    }

    /// Skips white space; comments are reported and skipped like white space.
    fn skip_space(&mut self) {
        loop {
            while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
                self.at += 1;
            }
            // Most calls end here: a comment starts with one of two characters.
            if !matches!(self.bytes.get(self.at), Some(b'/' | b'#')) || !self.comment() {
                return;
            }
        }
    }

    fn comment(&mut self) -> bool {
        let (start, rest) = (self.at, &self.bytes[self.at..]);
        let length = if rest.starts_with(b"//") || rest.starts_with(b"#") {
            rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            rest[2..].windows(2).position(|w| w == b"*/").map_or(rest.len(), |i| i + 4)
        } else {
            return false;
        };
        self.at += length;
        self.report(&rules::JSON_COMMENT, start, start + length, "JSON has no comments", |d| {
            let span = d.primary.span;
            d.label("not part of JSON")
                .help("move the text into a `Comment` field, which every machine and state may have")
                .fix("Remove the comment", Safety::Unsafe, vec![(span, String::new())])
        });
        true
    }

    fn within_limits(&mut self) -> bool {
        self.reports.count(self.tree.len(), self.at);
        !self.reports.stopped()
    }

    /// Reports a problem, unless the limit of problems was reached: then reading ends.
    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        start: usize,
        end: usize,
        message: impl Into<String>,
        more: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        self.reports.report(rule, start, end, message, more);
    }
}
