//! The tables of a TOML document while it is read: where headers and dotted keys lead, and what they may not do.

use rustc_hash::FxHashMap;
use toml_parser::decoder::{Encoding, IntegerRadix, ScalarKind};
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, ParseError, Source, Span};

use super::datetime;
use super::decode::{Decoder, Written};
use crate::mapped::Mapped;
use crate::report::{shown, Reports};
use crate::{json, rules, Kind};

/// Levels of `[` and `{` in one value; the event parser calls itself for each.
const VALUE_LEVELS: usize = 128;

/// The root table.
pub(super) const ROOT: usize = 0;

/// A value of the document; values refer to each other by index.
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) content: Content,
}

/// What a value is.
pub(super) enum Content {
    /// A leaf; the text where it is not the file's own.
    Scalar(Kind, Option<Mapped>),
    /// An array, of tables if headers `[[…]]` made it.
    Array { items: Vec<usize>, of_tables: bool },
    /// A table.
    Table(Table),
}

/// The members of a table in order of first appearance.
pub(super) struct Table {
    pub(super) members: Vec<(Key, usize)>,
    /// Where in `members` each key last appeared.
    index: FxHashMap<String, usize>,
    made_by: MadeBy,
}

/// What brought a table into being, which decides what may still be added to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MadeBy {
    /// A header of its own, or `[[…]]`, or the file itself.
    Header,
    /// The header of a table inside it.
    InnerHeader,
    /// A dotted key.
    DottedKey,
    /// Braces.
    Inline,
}

/// A key with its place.
pub(super) struct Key {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
    /// The way back to the file where the text is not the file's own.
    pub(super) map: Option<Vec<(u32, u32)>>,
}

/// Takes the events of the parser.
pub(super) struct Document<'s, 'r> {
    source: Source<'s>,
    reports: Reports<'r>,
    values: Vec<Value>,
    /// The table the last header opened, and how deep it is.
    current: (usize, usize),
    /// Arrays and inline tables that are being read, innermost last.
    open: Vec<Open>,
    /// The keys read since the last value, which lead to the next one.
    path: Vec<Key>,
    /// The start of the header that is being read, and whether it has two brackets.
    header: Option<(usize, bool)>,
}

/// An array or inline table that is being read.
struct Open {
    value: usize,
    depth: usize,
}

impl<'s, 'r> Document<'s, 'r> {
    pub(super) fn new(source: Source<'s>, reports: Reports<'r>) -> Self {
        let end = source.input().len();
        let values = vec![Value { start: 0, end, content: Content::table(MadeBy::Header) }];
        Self { source, reports, values, current: (ROOT, 1), open: Vec::new(), path: Vec::new(), header: None }
    }

    /// All values, the root first.
    pub(super) fn finish(mut self) -> (Vec<Value>, Reports<'r>) {
        self.end_of_line();
        (self.values, self.reports)
    }

    fn add(&mut self, start: usize, end: usize, content: Content) -> usize {
        self.values.push(Value { start, end, content });
        let count = self.values.len();
        self.reports.count(count, start);
        count - 1
    }

    /// Puts the value where the path read last leads, or into the array that is being read.
    fn place(&mut self, value: usize) {
        let (table, depth) = self.open.last().map_or(self.current, |open| (open.value, open.depth));
        if let Content::Array { items, .. } = &mut self.values[table].content {
            return items.push(value);
        }
        let mut path = std::mem::take(&mut self.path);
        let Some(last) = path.pop() else { return };
        if let Some((table, _)) = self.descend(table, depth, path, MadeBy::DottedKey) {
            self.insert(table, last, value);
        }
    }

    /// Adds a member. A key that is there already is reported; both stay, as in JSON.
    fn insert(&mut self, table: usize, key: Key, value: usize) {
        let file = self.reports.file();
        let Content::Table(table) = &mut self.values[table].content else { return };
        let place = table.members.len();
        if let Some(first) = table.index.insert(key.text.clone(), place) {
            let first = &table.members[first].0;
            let (first, second) =
                (wfc_diag::Span::new(file, first.start, first.end), wfc_diag::Span::new(file, key.start, key.end));
            self.reports.duplicate(&key.text, first, second);
        }
        table.members.push((key, value));
    }

    /// Goes from `table` along `path`, making the tables that are missing. `None`, after a report, if something that
    /// is no table, or a closed one, is in the way.
    fn descend(&mut self, table: usize, depth: usize, path: Vec<Key>, by: MadeBy) -> Option<(usize, usize)> {
        let (mut table, mut depth) = (table, depth);
        for key in path {
            depth += 1;
            if !self.is_depth_allowed(depth, key.start) {
                return None;
            }
            table = match self.lookup(table, &key.text) {
                None => {
                    let made = self.add(key.start, key.end, Content::table(by));
                    self.insert(table, key, made);
                    made
                }
                Some(there) => match self.extendable(there, by) {
                    Some(inner) => inner,
                    None => {
                        self.not_extendable(&key, table, there);
                        return None;
                    }
                },
            };
        }
        Some((table, depth))
    }

    fn lookup(&self, table: usize, key: &str) -> Option<usize> {
        let Content::Table(table) = &self.values[table].content else { return None };
        table.index.get(key).map(|&place| table.members[place].1)
    }

    /// The table that a path through `value` goes on in.
    fn extendable(&self, value: usize, by: MadeBy) -> Option<usize> {
        match &self.values[value].content {
            Content::Table(table) => match (table.made_by, by) {
                (MadeBy::Inline, _) | (MadeBy::Header, MadeBy::DottedKey) => None,
                _ => Some(value),
            },
            Content::Array { items, of_tables: true } if by != MadeBy::DottedKey => items.last().copied(),
            _ => None,
        }
    }

    fn not_extendable(&mut self, key: &Key, table: usize, there: usize) {
        let what = match &self.values[there].content {
            Content::Scalar(kind, _) => kind.word(),
            Content::Array { .. } => "an array",
            Content::Table(_) => "a table that is complete",
        };
        let message = format!("`{}` is {what}: nothing can be added to it here", shown(&key.text));
        let first = self.key_span(table, &key.text);
        self.reports.report(&rules::TOML_SYNTAX, key.start, key.end, message, |d| d.also(first, "defined here"));
    }

    fn key_span(&self, table: usize, key: &str) -> wfc_diag::Span {
        let first = match &self.values[table].content {
            Content::Table(table) => table.index.get(key).map(|&place| &table.members[place].0),
            _ => None,
        };
        first.map_or_else(Default::default, |key| wfc_diag::Span::new(self.reports.file(), key.start, key.end))
    }

    /// Makes the table that the header names the current one.
    fn enter_table(&mut self, start: usize, end: usize, is_array: bool) {
        let mut path = std::mem::take(&mut self.path);
        // Keys under a header that leads nowhere are read into a table that is not written out.
        self.current = (self.values.len(), path.len() + 1);
        self.add(start, end, Content::table(MadeBy::Header));
        let Some(last) = path.pop() else { return };
        let Some((parent, depth)) = self.descend(ROOT, 1, path, MadeBy::InnerHeader) else { return };
        let depth = depth + 1 + usize::from(is_array);
        if !self.is_depth_allowed(depth, last.start) {
            return;
        }
        let made = self.current.0;
        self.current.1 = depth;
        match (self.lookup(parent, &last.text), is_array) {
            (None, false) => self.insert(parent, last, made),
            (None, true) => {
                let array = self.add(start, end, Content::Array { items: vec![made], of_tables: true });
                self.insert(parent, last, array);
            }
            (Some(there), is_array) => self.enter_again(parent, last, there, is_array),
        }
    }

    /// Enters a table or array of tables whose key is there already.
    fn enter_again(&mut self, parent: usize, key: Key, there: usize, is_array: bool) {
        let (made, depth) = self.current;
        match &mut self.values[there].content {
            Content::Array { items, of_tables: true } if is_array => items.push(made),
            Content::Table(table) if !is_array && table.made_by == MadeBy::InnerHeader => {
                table.made_by = MadeBy::Header;
                self.current = (there, depth);
            }
            content => {
                if matches!(content, Content::Table(table) if !is_array && table.made_by != MadeBy::Inline) {
                    self.current = (there, depth);
                }
                let first = self.key_span(parent, &key.text);
                let message = format!("`{}` is defined again", shown(&key.text));
                self.reports.report(&rules::DUPLICATE_KEY, key.start, key.end, message, |d| {
                    d.label("again here")
                        .also(first, "first here")
                        .help("put all keys of a table under one header; every table of a list has a header `[[…]]`")
                });
            }
        }
    }

    fn is_depth_allowed(&mut self, depth: usize, at: usize) -> bool {
        let allowed = depth <= self.reports.limits().max_depth as usize;
        if !allowed {
            self.reports.too_deep(at);
        }
        allowed
    }

    fn open(&mut self, span: Span, content: Content) -> bool {
        let depth = self.open.last().map_or(self.current.1 + self.path.len(), |open| open.depth + 1 + self.path.len());
        let value = self.add(span.start(), span.end(), content);
        if !self.reports.stopped() && self.is_depth_allowed(depth, span.start()) {
            self.place(value);
        }
        if self.open.len() == VALUE_LEVELS && !self.reports.stopped() {
            let message = format!("`[` and `{{` are nested more than {VALUE_LEVELS} levels deep in one value");
            self.reports.report(&rules::INPUT_LIMIT, span.start(), span.end(), message, |d| {
                d.help("move inner tables under headers of their own; this limit is fixed")
            });
            self.reports.stop();
        }
        self.open.push(Open { value, depth });
        !self.reports.stopped()
    }

    fn close(&mut self, span: Span) {
        self.path.clear();
        if let Some(open) = self.open.pop() {
            self.values[open.value].end = span.end().max(self.values[open.value].start);
        }
    }

    /// Ends what cannot go on in the next line: a header, or a key without a value.
    fn end_of_line(&mut self) {
        if !self.open.is_empty() || self.reports.stopped() {
            return;
        }
        if let Some((start, is_array)) = self.header.take() {
            let end = self.path.last().map_or(start, |key| key.end);
            self.enter_table(start, end, is_array);
        } else if let Some(key) = self.path.last() {
            let at = key.end;
            let value = self.add(at, at, Content::Scalar(Kind::Error, None));
            self.place(value);
        }
    }

    fn scalar(&mut self, written: Written, errors: &mut dyn ErrorSink) {
        let mut decoder = Decoder::new(self.source, written.span.start());
        let mut failed = false;
        let kind = written.raw(self.source).decode_scalar(&mut decoder, &mut |error: ParseError| {
            failed = true;
            errors.report_error(error);
        });
        let (start, end) = (written.span.start(), written.span.end());
        let content = match kind {
            _ if failed => Content::Scalar(Kind::Error, None),
            ScalarKind::Boolean(value) => Content::Scalar(Kind::Bool(value), None),
            ScalarKind::String => self.own_text(Kind::String, written, decoder.decoded),
            ScalarKind::DateTime => self.datetime(written),
            ScalarKind::Integer(radix) => self.number(written, integer(&decoder.decoded.text, radix)),
            ScalarKind::Float => self.number(written, Some(decoder.decoded.text)),
        };
        let value = self.add(start, end, content);
        self.place(value);
    }

    /// A scalar that keeps its decoded text only where that is not the file's own.
    fn own_text(&self, kind: Kind, written: Written, decoded: Mapped) -> Content {
        let plain = written.is_plain(self.source, &decoded.text);
        Content::Scalar(kind, (!plain).then_some(decoded))
    }

    fn datetime(&mut self, written: Written) -> Content {
        let text = written.raw(self.source).as_str();
        if datetime::is_valid(text) {
            return Content::Scalar(Kind::String, None);
        }
        let message = format!("`{}` is not a date or time", shown(text));
        self.reports.report(&rules::TOML_SYNTAX, written.span.start(), written.span.end(), message, |d| {
            d.help("dates and times are written `2030-12-31T23:59:59Z`; text stands in quotes")
        });
        Content::Scalar(Kind::Error, None)
    }

    fn number(&mut self, written: Written, text: Option<String>) -> Content {
        let text = text.as_deref().map(|text| text.strip_prefix('+').unwrap_or(text));
        if let Some(text) = text.filter(|text| json::is_number(text)) {
            let map = vec![(0, written.span.start() as u32)];
            return self.own_text(Kind::Number, written, Mapped { text: text.to_owned(), map });
        }
        let message = format!("`{}` is a number JSON cannot write", shown(written.raw(self.source).as_str()));
        self.reports.report(&rules::TOML_SYNTAX, written.span.start(), written.span.end(), message, |d| {
            d.help("use a finite number, or quotes for text")
        });
        Content::Scalar(Kind::Error, None)
    }

    fn key(&mut self, written: Written, errors: &mut dyn ErrorSink) {
        let mut decoder = Decoder::new(self.source, written.span.start());
        written.raw(self.source).decode_key(&mut decoder, &mut |error: ParseError| errors.report_error(error));
        let Mapped { text, map } = decoder.decoded;
        let map = (!written.is_plain(self.source, &text)).then_some(map);
        self.path.push(Key { start: written.span.start(), end: written.span.end(), text, map });
    }
}

impl Content {
    fn table(made_by: MadeBy) -> Self {
        Content::Table(Table { members: Vec::new(), index: FxHashMap::default(), made_by })
    }
}

/// The decimal form of an integer; `None` if it is too large to convert.
fn integer(digits: &str, radix: IntegerRadix) -> Option<String> {
    match radix {
        IntegerRadix::Dec => Some(digits.to_owned()),
        _ => u128::from_str_radix(digits, radix.value()).ok().map(|value| value.to_string()),
    }
}

impl EventReceiver for Document<'_, '_> {
    fn std_table_open(&mut self, span: Span, _errors: &mut dyn ErrorSink) {
        self.end_of_line();
        self.header = Some((span.start(), false));
    }

    fn std_table_close(&mut self, span: Span, _errors: &mut dyn ErrorSink) {
        if let Some((start, _)) = self.header.take().filter(|_| !self.reports.stopped()) {
            self.enter_table(start, span.end(), false);
        }
    }

    fn array_table_open(&mut self, span: Span, _errors: &mut dyn ErrorSink) {
        self.end_of_line();
        self.header = Some((span.start(), true));
    }

    fn array_table_close(&mut self, span: Span, _errors: &mut dyn ErrorSink) {
        if let Some((start, _)) = self.header.take().filter(|_| !self.reports.stopped()) {
            self.enter_table(start, span.end(), true);
        }
    }

    fn inline_table_open(&mut self, span: Span, _errors: &mut dyn ErrorSink) -> bool {
        self.open(span, Content::table(MadeBy::Inline))
    }

    fn inline_table_close(&mut self, span: Span, _errors: &mut dyn ErrorSink) {
        self.close(span);
    }

    fn array_open(&mut self, span: Span, _errors: &mut dyn ErrorSink) -> bool {
        self.open(span, Content::Array { items: Vec::new(), of_tables: false })
    }

    fn array_close(&mut self, span: Span, _errors: &mut dyn ErrorSink) {
        self.close(span);
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        if !self.reports.stopped() {
            self.key(Written { span, encoding }, errors);
        }
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        if !self.reports.stopped() {
            self.scalar(Written { span, encoding }, errors);
        }
    }

    fn newline(&mut self, _span: Span, _errors: &mut dyn ErrorSink) {
        self.end_of_line();
    }
}
