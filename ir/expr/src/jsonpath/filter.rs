//! The conditions of filters: `[?(@.price < 10 && @.isbn)]`.

use wfc_diag::TextRange;

use super::parse::{Mode, Parsed, Parser};
use super::{Comparison, Operand, OperandKind, Path, Pattern, Predicate, SegmentKind};
use crate::nearest::nearest;
use crate::ExprError;

/// Flags of a Java pattern.
const FLAGS: &str = "dimsuxU";

impl Parser<'_> {
    /// `?(…)]`, whose question mark is next.
    pub(super) fn filter(&mut self) -> Parsed<SegmentKind> {
        self.at += 1;
        self.blanks();
        if self.byte() != Some(b'(') {
            return Err(self.unexpected("'('").help("the condition of a filter is in parentheses: `[?(@.a == 1)]`"));
        }
        let predicate = self.group()?;
        self.close_bracket(SegmentKind::Filter(Box::new(predicate)))
    }

    /// `(…)`, whose opening parenthesis is next.
    fn group(&mut self) -> Parsed<Predicate> {
        self.enter()?;
        self.at += 1;
        let predicate = self.chain("||", Self::conjunction, Predicate::Or)?;
        self.blanks();
        self.expect(b')', "')', '&&' or '||'")?;
        self.leave();
        Ok(predicate)
    }

    fn conjunction(&mut self) -> Parsed<Predicate> {
        self.chain("&&", Self::term, Predicate::And)
    }

    /// One or more `part`s with `sign` between them; several become one node.
    fn chain(
        &mut self,
        sign: &str,
        part: fn(&mut Self) -> Parsed<Predicate>,
        node: fn(Vec<Predicate>) -> Predicate,
    ) -> Parsed<Predicate> {
        let first = part(self)?;
        let mut parts = vec![first];
        self.blanks();
        while self.rest().starts_with(sign) {
            self.at += sign.len();
            parts.push(part(self)?);
            self.blanks();
        }
        Ok(match <[Predicate; 1]>::try_from(parts) {
            Ok([only]) => only,
            Err(several) => node(several),
        })
    }

    fn term(&mut self) -> Parsed<Predicate> {
        self.blanks();
        match self.byte() {
            Some(b'!') => self.negation(),
            Some(b'(') => self.group(),
            _ => self.comparison(),
        }
    }

    fn negation(&mut self) -> Parsed<Predicate> {
        self.enter()?;
        let start = self.at;
        self.at += 1;
        self.blanks();
        let inner = self.term()?;
        self.leave();
        let range = TextRange::new(start, self.at);
        // Jayway reads `!@.a == 1` as `@.a == 1`.
        match inner {
            Predicate::Compare(left, ..) if left.range.start > range.start && !self.grouped(start) => Err(self
                .error(start, self.at, "'!' in front of a comparison needs parentheses")
                .help("write `!(…)` around the comparison")),
            inner => Ok(Predicate::Not(Box::new(inner))),
        }
    }

    /// Whether the `!` at `start` stands in front of a parenthesis or another `!`.
    fn grouped(&self, start: usize) -> bool {
        self.text[start + 1..].trim_start_matches(' ').starts_with(['(', '!'])
    }

    /// `a == b`, or a path alone.
    fn comparison(&mut self) -> Parsed<Predicate> {
        let left = self.operand()?;
        self.blanks();
        if let Some(operator) = self.operator()? {
            self.blanks();
            return Ok(Predicate::Compare(left, operator, self.operand()?));
        }
        match left.kind {
            OperandKind::Path(path) => Ok(Predicate::Exists(path)),
            _ => Err(self.error(left.range.start as usize, self.at, "a value alone is not a condition")),
        }
    }

    /// The operator that is next, if the comparison does not end here.
    fn operator(&mut self) -> Parsed<Option<Comparison>> {
        let sign = |c: char| matches!(c, '<' | '>' | '=' | '~' | '!');
        let word = |c: char| c.is_ascii_alphabetic();
        let rest = self.rest();
        let len = match rest.chars().next() {
            Some(c) if sign(c) => rest.find(|c| !sign(c)),
            Some(c) if word(c) => rest.find(|c| !word(c)),
            _ => return Ok(None),
        };
        let text = &rest[..len.unwrap_or(rest.len())];
        let start = self.at;
        self.at += text.len();
        let found = Comparison::ALL.iter().find(|operator| operator.text().eq_ignore_ascii_case(text));
        match found {
            Some(_) if text.starts_with(word) && self.byte() != Some(b' ') => {
                Err(self.error(start, self.at, format!("a blank must follow `{text}`")))
            }
            Some(operator) => Ok(Some(*operator)),
            None => Err(self.unknown_operator(text, start)),
        }
    }

    fn unknown_operator(&self, text: &str, start: usize) -> ExprError {
        let error = self.error(start, self.at, format!("unknown operator `{text}`"));
        match nearest(text, Comparison::ALL.iter().map(|operator| operator.text())) {
            Some(known) => error.help(format!("did you mean `{known}`?")),
            None => error,
        }
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let start = self.at;
        let kind = match self.byte() {
            Some(b'$' | b'@') => OperandKind::Path(self.operand_path()?),
            Some(b'/') => self.regex()?,
            _ => OperandKind::Literal(self.literal()?),
        };
        Ok(Operand { kind, range: TextRange::new(start, self.at) })
    }

    fn operand_path(&mut self) -> Parsed<Path> {
        self.inner_path(Mode::Filter)
    }

    /// `/pattern/flags`, whose first slash is next.
    fn regex(&mut self) -> Parsed<OperandKind> {
        let start = self.at;
        let body = &self.text[start + 1..];
        let mut escaped = false;
        let end = body.bytes().position(|b| {
            let closes = b == b'/' && !escaped;
            escaped = b == b'\\' && !escaped;
            closes
        });
        let Some(len) = end else {
            return Err(self.error(start, self.text.len(), "the pattern is not closed").help("end it with `/`"));
        };
        self.at = start + len + 2;
        let flags = self.rest();
        let flags = &flags[..flags.find(|c| !FLAGS.contains(c)).unwrap_or(flags.len())];
        self.at += flags.len();
        Ok(OperandKind::Regex(Pattern::new(&body[..len], flags)))
    }
}
