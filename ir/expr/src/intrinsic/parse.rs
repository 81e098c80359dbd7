//! From text to call.

use wfc_diag::TextRange;

use super::{check::check, Arg, ArgKind, Call, Function, Text, MAX_NESTING};
use crate::jsonpath;
use crate::nearest::nearest;
use crate::rules::{INTRINSIC_SYNTAX, UNKNOWN_FUNCTION};
use crate::value::Number;
use crate::ExprError;

const PREFIX: &str = "States.";

type Parsed<T> = Result<T, ExprError>;

pub(super) fn parse(text: &str) -> Parsed<Call> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    if !text.starts_with(PREFIX) {
        return Err(parser
            .error(0, text.len(), "neither a path nor a call of an intrinsic function")
            .help(start_help(text)));
    }
    let call = parser.call()?;
    parser.space();
    match parser.rest() {
        "" => Ok(call),
        rest => Err(parser.error(parser.at, parser.at + rest.len(), "something follows the call")),
    }
}

/// How the text could have been meant.
fn start_help(text: &str) -> String {
    let name = text.split('(').next().unwrap_or(text);
    match Function::named(name) {
        Some(function) => format!("did you mean `{PREFIX}{}`?", function.name()),
        None => "a path starts with `$`, a call with `States.`; for plain text drop `.$` from the key".into(),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    /// A call, whose `States.` is next.
    fn call(&mut self) -> Parsed<Call> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            let message = format!("calls are nested deeper than the limit of {MAX_NESTING} levels");
            return Err(self.error(self.at, self.at, message));
        }
        let start = self.at;
        let function = self.function()?;
        let args = self.args()?;
        self.depth -= 1;
        let call = Call { function, args, range: TextRange::new(start, self.at) };
        check(&call)?;
        Ok(call)
    }

    /// The name of a function, up to its opening parenthesis.
    fn function(&mut self) -> Parsed<Function> {
        let start = self.at;
        self.at += PREFIX.len();
        let len = self.word_len();
        let name = &self.text[self.at..self.at + len];
        self.at += len;
        let Some(function) = Function::named(name) else {
            return Err(unknown(name, TextRange::new(start, self.at)));
        };
        if self.byte() != Some(b'(') {
            return Err(self.unexpected("'('"));
        }
        Ok(function)
    }

    /// `(…)`, whose opening parenthesis is next.
    fn args(&mut self) -> Parsed<Vec<Arg>> {
        self.at += 1;
        let mut args = Vec::new();
        self.space();
        if self.byte() == Some(b')') {
            self.at += 1;
            return Ok(args);
        }
        loop {
            self.space();
            args.push(self.arg()?);
            self.space();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b')') => break,
                _ => return Err(self.unexpected("',' or ')'")),
            }
        }
        self.at += 1;
        Ok(args)
    }

    fn arg(&mut self) -> Parsed<Arg> {
        let start = self.at;
        let kind = match self.byte() {
            Some(b'$') => self.path()?,
            Some(b'\'') => ArgKind::String(self.string()?),
            _ if self.rest().starts_with(PREFIX) => ArgKind::Call(self.call()?),
            _ => self.word()?,
        };
        Ok(Arg { kind, range: TextRange::new(start, self.at) })
    }

    fn path(&mut self) -> Parsed<ArgKind> {
        let path = jsonpath::parse_argument(self.text, self.at)?;
        self.at = path.range.end as usize;
        Ok(ArgKind::Path(path))
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Parsed<ArgKind> {
        let len = self.word_len();
        let word = &self.text[self.at..self.at + len];
        let kind = match word {
            "" => return Err(self.unexpected("an argument").help("text goes in single quotes: `'…'`")),
            "true" => ArgKind::Bool(true),
            "false" => ArgKind::Bool(false),
            "null" => ArgKind::Null,
            number => match Number::from_text(number) {
                Some(number) => ArgKind::Number(number),
                None => {
                    let message = format!("`{word}` is not an argument");
                    return Err(self.error(self.at, self.at + len, message).help("text goes in single quotes: `'…'`"));
                }
            },
        };
        self.at += len;
        Ok(kind)
    }

    /// A string literal, whose opening quote is next.
    fn string(&mut self) -> Parsed<Text> {
        let open = self.at;
        self.at += 1;
        let mut value = String::new();
        let mut holes = Vec::new();
        loop {
            let plain = self.rest().find(['\'', '\\', '{']).unwrap_or(self.rest().len());
            value.push_str(&self.rest()[..plain]);
            self.at += plain;
            match self.byte() {
                Some(b'\'') => break,
                Some(b'\\') => value.push(self.escape()?),
                Some(_) => {
                    holes.extend(self.rest().starts_with("{}").then_some(value.len()));
                    value.push('{');
                    self.at += 1;
                }
                None => return Err(self.error(open, self.at, "the text is not closed").help("end it with `'`")),
            }
        }
        self.at += 1;
        Ok(Text { value: value.into(), holes: holes.into() })
    }

    /// The escape whose backslash is next.
    fn escape(&mut self) -> Parsed<char> {
        let start = self.at;
        let escaped = self.rest()[1..].chars().next();
        self.at += 1 + escaped.map_or(0, char::len_utf8);
        match escaped {
            Some(c @ ('\'' | '{' | '}' | '\\')) => Ok(c),
            Some(c) => Err(self
                .error(start, self.at, format!("`\\{c}` is not an escape"))
                .label("illegal escape")
                .help("only `\\'`, `\\{`, `\\}` and `\\\\` are; other characters stand for themselves")),
            None => Err(self.error(start, self.at, "the text is not closed")),
        }
    }

    /// The length of the name or number that is next.
    fn word_len(&self) -> usize {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.');
        self.rest().find(|c| !part(c)).unwrap_or(self.rest().len())
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn unexpected(&self, expected: &str) -> ExprError {
        match self.rest().chars().next() {
            Some(c) => self.error(self.at, self.at + c.len_utf8(), format!("expected {expected}, not {c:?}")),
            None => self.error(self.at, self.at, format!("the call ends where {expected} is expected")),
        }
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> ExprError {
        ExprError::new(&INTRINSIC_SYNTAX, TextRange::new(start, end), message)
    }
}

fn unknown(name: &str, range: TextRange) -> ExprError {
    let error = ExprError::new(&UNKNOWN_FUNCTION, range, format!("there is no function `{PREFIX}{name}`"));
    match nearest(name, Function::ALL.iter().map(|function| function.name())) {
        Some(known) => error.help(format!("did you mean `{PREFIX}{known}`?")),
        None => error,
    }
}
