//! From text to path: roots, segments, brackets and functions.

use wfc_diag::TextRange;

use super::{Call, Function, Operand, OperandKind, Path, Root, Segment, SegmentKind, MAX_NESTING};
use crate::nearest::nearest;
use crate::rules::{JSONPATH_SYNTAX, UNKNOWN_FUNCTION};
use crate::ExprError;

/// Whose roots a path may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// Amazon States Language: `$`, `$$` and `$variable`; the root is never left out.
    Asl,
    /// Jayway: `$` and `@`; a path without root starts from the document.
    Jayway,
}

/// Where a path stands, which decides where a name ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Top,
    Filter,
    Argument,
}

pub(super) type Parsed<T> = Result<T, ExprError>;

pub(super) fn parse(text: &str, flavor: Flavor) -> Parsed<Path> {
    let trimmed = text.trim_end_matches(' ');
    let mut parser = Parser::new(trimmed, 0);
    let root = parser.root(flavor)?;
    if trimmed.len() > 1 && trimmed.ends_with('.') {
        return Err(parser
            .error(trimmed.len() - 1, trimmed.len(), "a path cannot end with '.'")
            .help("name a member behind the dot, or drop it"));
    }
    let segments = parser.segments(Mode::Top)?;
    let ignored = (parser.at < trimmed.len()).then(|| TextRange::new(parser.at, trimmed.len()));
    Ok(Path { root, segments, range: TextRange::new(0, trimmed.len()), ignored })
}

/// Parses the path that starts at byte `at` of `text` and ends before a comma, a closing parenthesis or a blank.
pub(crate) fn parse_argument(text: &str, at: usize) -> Parsed<Path> {
    let mut parser = Parser::new(text, at);
    let root = parser.asl_root()?;
    let segments = parser.segments(Mode::Argument)?;
    Ok(Path { root, segments, range: TextRange::new(at, parser.at), ignored: None })
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, depth: 0 }
    }

    fn root(&mut self, flavor: Flavor) -> Parsed<Root> {
        match (flavor, self.byte()) {
            (Flavor::Asl, _) => self.asl_root(),
            (_, Some(b'$' | b'@')) => self.plain_root(),
            _ => Ok(Root::Doc),
        }
    }

    fn asl_root(&mut self) -> Parsed<Root> {
        let start = self.at;
        if self.byte() != Some(b'$') {
            let help = format!("start with `$`, as in `$.{}`", self.text.trim_start_matches([' ', '.']));
            return Err(self.error(start, self.text.len(), "a path starts with '$'").help(help));
        }
        self.at += 1;
        if self.byte() == Some(b'$') {
            self.at += 1;
            self.end_of_root()?;
            return Ok(Root::Context);
        }
        let len = self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.rest().len());
        let name = &self.rest()[..len];
        self.at += len;
        self.end_of_root()?;
        match name.chars().next() {
            None => Ok(Root::Doc),
            Some(first) if first.is_numeric() => {
                Err(self.error(start, self.at, "a variable name cannot start with a digit"))
            }
            Some(_) => Ok(Root::Variable(name.into())),
        }
    }

    /// `$` or `@`, which is next.
    fn plain_root(&mut self) -> Parsed<Root> {
        let root = if self.byte() == Some(b'$') { Root::Doc } else { Root::Item };
        self.at += 1;
        Ok(root)
    }

    /// What may follow a root depends on where the path stands; names never do.
    fn end_of_root(&self) -> Parsed<()> {
        match self.byte() {
            None | Some(b'.' | b'[' | b',' | b')' | b' ') => Ok(()),
            Some(_) => Err(self.unexpected("'.' or '['")),
        }
    }

    /// A path inside a filter or an argument list, whose root is next.
    pub(super) fn inner_path(&mut self, mode: Mode) -> Parsed<Path> {
        self.enter()?;
        let start = self.at;
        let root = self.plain_root()?;
        let segments = self.segments(mode)?;
        self.leave();
        Ok(Path { root, segments, range: TextRange::new(start, self.at), ignored: None })
    }

    fn segments(&mut self, mode: Mode) -> Parsed<Vec<Segment>> {
        let mut segments = Vec::with_capacity(if self.at < self.text.len() { 4 } else { 0 });
        let bare = mode == Mode::Top && self.at == 0;
        if !bare && !self.ends(mode) && !matches!(self.byte(), Some(b'.' | b'[')) {
            return Err(self.unexpected("'.' or '['"));
        }
        while !self.ends(mode) && !self.stray(mode, segments.len()) {
            self.step(mode, &mut segments)?;
            if let Some(Segment { kind: SegmentKind::Call(_), .. }) = segments.last() {
                self.end_of_call(mode)?;
                break;
            }
        }
        Ok(segments)
    }

    /// Whether the path ends here.
    fn ends(&self, mode: Mode) -> bool {
        match self.byte() {
            None => true,
            Some(byte) => mode != Mode::Top && self.terminates(byte, mode),
        }
    }

    /// Whether all that is left is one last character, which Jayway ignores behind any segment.
    fn stray(&self, mode: Mode, segments: usize) -> bool {
        mode == Mode::Top && segments > 0 && self.rest().len() == 1
    }

    /// Whether `byte`, which is next, cannot be part of a name outside brackets.
    fn terminates(&self, byte: u8, mode: Mode) -> bool {
        match mode {
            Mode::Top => byte == b' ',
            Mode::Argument => matches!(byte, b' ' | b',' | b')' | b'\t' | b'\r' | b'\n'),
            Mode::Filter => match byte {
                b' ' | b'<' | b'>' | b'=' | b'~' | b'!' | b')' => true,
                b'&' | b'|' => self.text.as_bytes().get(self.at + 1) == Some(&byte),
                _ => false,
            },
        }
    }

    /// One segment; a deep scan brings the segment it applies to.
    fn step(&mut self, mode: Mode, segments: &mut Vec<Segment>) -> Parsed<()> {
        if self.byte() == Some(b'.') {
            let start = self.at;
            self.at += 1;
            if self.byte() == Some(b'.') {
                self.at += 1;
                segments.push(Segment { kind: SegmentKind::Scan, range: TextRange::new(start, self.at) });
            }
        }
        let start = self.at;
        let kind = match self.byte() {
            Some(b'[') => self.bracket()?,
            Some(b'*') => {
                self.at += 1;
                SegmentKind::Wildcard
            }
            _ => self.name(mode)?,
        };
        segments.push(Segment { kind, range: TextRange::new(start, self.at) });
        Ok(())
    }

    /// `name` or `name(…)`.
    fn name(&mut self, mode: Mode) -> Parsed<SegmentKind> {
        let start = self.at;
        while let Some(byte) = self.byte() {
            if matches!(byte, b'.' | b'[' | b'(') || self.terminates(byte, mode) {
                break;
            }
            self.at += 1;
        }
        let name = &self.text[start..self.at];
        if name.is_empty() {
            return Err(self.unexpected("a name"));
        }
        match self.byte() {
            Some(b'(') => self.call(name, start),
            Some(b' ') if mode == Mode::Top => Err(self
                .error(start, self.at + 1, "a name with a blank must be in brackets")
                .help("write it as `['…']`, or remove the blank")),
            _ => Ok(SegmentKind::Member(name.into())),
        }
    }

    fn call(&mut self, name: &str, start: usize) -> Parsed<SegmentKind> {
        let Some(function) = Function::ALL.iter().copied().find(|function| function.text() == name) else {
            return Err(self.unknown_function(name, start));
        };
        self.at += 1;
        let args = self.arguments()?;
        Ok(SegmentKind::Call(Box::new(Call { function, args })))
    }

    fn unknown_function(&self, name: &str, start: usize) -> ExprError {
        let range = TextRange::new(start, self.at);
        let error = ExprError::new(&UNKNOWN_FUNCTION, range, format!("there is no path function `{name}`"));
        match nearest(name, Function::ALL.iter().map(|function| function.text())) {
            Some(known) => error.help(format!("did you mean `{known}`?")),
            None => error.help("a member whose name has a parenthesis goes in brackets: `['…']`"),
        }
    }

    /// Arguments up to the closing parenthesis.
    fn arguments(&mut self) -> Parsed<Vec<Operand>> {
        let mut args = Vec::new();
        self.space();
        if self.eat(b')') {
            return Ok(args);
        }
        loop {
            self.space();
            args.push(self.argument()?);
            self.space();
            if self.eat(b')') {
                return Ok(args);
            }
            self.expect(b',', "',' or ')'")?;
        }
    }

    fn argument(&mut self) -> Parsed<Operand> {
        let start = self.at;
        let kind = match self.byte() {
            Some(b'$' | b'@') => OperandKind::Path(self.inner_path(Mode::Argument)?),
            _ => OperandKind::Literal(self.literal()?),
        };
        Ok(Operand { kind, range: TextRange::new(start, self.at) })
    }

    fn end_of_call(&self, mode: Mode) -> Parsed<()> {
        if self.ends(mode) {
            return Ok(());
        }
        Err(self.error(self.at, self.text.len(), "nothing can follow a function").help("a function ends its path"))
    }

    /// `[…]`, whose opening bracket is next.
    fn bracket(&mut self) -> Parsed<SegmentKind> {
        let start = self.at;
        self.at += 1;
        self.blanks();
        match self.byte() {
            Some(quote @ (b'\'' | b'"')) => self.quoted_names(quote),
            Some(b'0'..=b'9' | b'-' | b':') => self.indices(),
            Some(b'*') => {
                self.at += 1;
                self.close_bracket(SegmentKind::Wildcard)
            }
            Some(b'?') => self.filter(),
            Some(b'(') => Err(self
                .error(start, self.at + 1, "scripts are not supported")
                .help("count from the end with a negative index, as in `[-1]`")),
            Some(_) => Err(self.unexpected("a quoted name, an index, '*' or '?'")),
            None => Err(self.error(start, self.at, "the bracket is not closed")),
        }
    }

    pub(super) fn close_bracket(&mut self, kind: SegmentKind) -> Parsed<SegmentKind> {
        self.blanks();
        self.expect(b']', "']'")?;
        Ok(kind)
    }

    /// Names in quotes, separated by commas; all use the same quote.
    fn quoted_names(&mut self, quote: u8) -> Parsed<SegmentKind> {
        let first = self.quoted_name(quote)?;
        if self.eat(b']') {
            return Ok(SegmentKind::Member(first));
        }
        let mut names = vec![first];
        loop {
            self.blanks();
            if self.byte() != Some(b',') {
                break;
            }
            self.at += 1;
            self.blanks();
            if self.byte() != Some(quote) {
                return Err(self.unexpected(if quote == b'"' {
                    "a name in double quotes"
                } else {
                    "a name in single quotes"
                }));
            }
            names.push(self.quoted_name(quote)?);
        }
        self.expect(b']', "',' or ']'")?;
        Ok(match <[Box<str>; 1]>::try_from(names) {
            Ok([only]) => SegmentKind::Member(only),
            Err(several) => SegmentKind::Members(several.into()),
        })
    }

    /// The name whose opening quote is next. A backslash counts only before a backslash or the closing quote.
    fn quoted_name(&mut self, quote: u8) -> Parsed<Box<str>> {
        let open = self.at;
        self.at += 1;
        let start = self.at;
        let len = self.rest().bytes().position(|b| b == quote || b == b'\\');
        self.at += len.unwrap_or(self.rest().len());
        if self.eat(quote) {
            return Ok(self.text[start..self.at - 1].into());
        }
        let mut name = self.text[start..self.at].to_owned();
        let mut chars = self.rest().char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, next)) if next == '\\' || next == char::from(quote) => name.push(next),
                    Some((_, next)) => name.extend(['\\', next]),
                    None => break,
                },
                c if c == char::from(quote) => {
                    self.at += offset + 1;
                    return Ok(name.into());
                }
                c => name.push(c),
            }
        }
        Err(self.error(open, self.text.len(), "the quoted name is not closed"))
    }

    /// `0`, `0,2`, `1:`, `1:2` or `:2`, up to the bracket.
    fn indices(&mut self) -> Parsed<SegmentKind> {
        let start = self.at;
        let len = self.rest().find(']').unwrap_or(self.rest().len());
        let text = self.rest()[..len].trim_matches(' ');
        let parsed = if text.contains(':') { slice(text) } else { indices(text) };
        let Some(kind) = parsed else {
            return Err(self
                .error(start, start + text.len().max(1), "not an index, a list of indices or a slice")
                .help("write `[0]`, `[0,2]`, `[1:]`, `[:2]` or `[1:2]`"));
        };
        self.at += len;
        self.close_bracket(kind)
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Moves over blanks, the only white space Jayway knows inside brackets.
    pub(super) fn blanks(&mut self) {
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Moves over white space.
    pub(super) fn space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.byte() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8, what: &str) -> Parsed<()> {
        if self.eat(byte) {
            Ok(())
        } else {
            Err(self.unexpected(what))
        }
    }

    /// Goes one level deeper, up to the limit.
    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            let message = format!("the path is nested deeper than the limit of {MAX_NESTING} levels");
            return Err(self.error(self.at, self.at, message));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn unexpected(&self, expected: &str) -> ExprError {
        match self.rest().chars().next() {
            Some(c) => self.error(self.at, self.at + c.len_utf8(), format!("expected {expected}, not {c:?}")),
            None => self.error(self.at, self.at, format!("the path ends where {expected} is expected")),
        }
    }

    pub(super) fn error(&self, start: usize, end: usize, message: impl Into<String>) -> ExprError {
        ExprError::new(&JSONPATH_SYNTAX, TextRange::new(start, end), message)
    }
}

/// `1:`, `1:2` or `:2`; Jayway reads a step and ignores it.
fn slice(text: &str) -> Option<SegmentKind> {
    let valid = text.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b':');
    let mut bounds =
        text.split(':').map(|bound| if bound.is_empty() { Some(None) } else { bound.parse().ok().map(Some) });
    let (from, to) = (bounds.next()??, bounds.next()??);
    (valid && (from.is_some() || to.is_some())).then_some(SegmentKind::Slice { from, to })
}

fn indices(text: &str) -> Option<SegmentKind> {
    let several = text.split(',').map(|index| index.trim_matches(' ').parse().ok());
    let several: Vec<i32> = several.collect::<Option<_>>().filter(|_| !text.contains('+'))?;
    Some(match several.as_slice() {
        [only] => SegmentKind::Index(*only),
        _ => SegmentKind::Indices(several.into()),
    })
}
