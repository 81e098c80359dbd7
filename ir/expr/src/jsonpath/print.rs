//! Paths as text; what is printed parses back to the same path.

use std::fmt::{self, Display, Formatter, Write};

use super::{Operand, OperandKind, Path, Predicate, Root, Segment, SegmentKind};
use crate::Value;

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.root {
            Root::Doc => f.write_char('$')?,
            Root::Context => f.write_str("$$")?,
            Root::Variable(name) => write!(f, "${name}")?,
            Root::Item => f.write_char('@')?,
        }
        let mut scanned = false;
        for segment in &self.segments {
            write_segment(segment, scanned, f)?;
            scanned = segment.kind == SegmentKind::Scan;
        }
        Ok(())
    }
}

/// Behind a deep scan a name has no dot of its own.
fn write_segment(segment: &Segment, scanned: bool, f: &mut Formatter<'_>) -> fmt::Result {
    let dot = if scanned { "" } else { "." };
    match &segment.kind {
        SegmentKind::Scan => f.write_str(".."),
        SegmentKind::Member(name) if plain(name) => write!(f, "{dot}{name}"),
        SegmentKind::Member(name) => write_names(std::slice::from_ref(name), f),
        SegmentKind::Members(names) => write_names(names, f),
        SegmentKind::Index(index) => write!(f, "[{index}]"),
        SegmentKind::Indices(indices) => in_brackets(indices, f),
        SegmentKind::Slice { from, to } => {
            f.write_char('[')?;
            from.map_or(Ok(()), |from| write!(f, "{from}"))?;
            f.write_char(':')?;
            to.map_or(Ok(()), |to| write!(f, "{to}"))?;
            f.write_char(']')
        }
        SegmentKind::Wildcard => f.write_str("[*]"),
        SegmentKind::Filter(predicate) => write!(f, "[?({predicate})]"),
        SegmentKind::Call(call) => {
            write!(f, "{dot}{}(", call.function.text())?;
            separated(&call.args, ", ", f)?;
            f.write_char(')')
        }
    }
}

/// Whether a name can stand behind a dot wherever a path can.
fn plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'))
}

fn write_names(names: &[Box<str>], f: &mut Formatter<'_>) -> fmt::Result {
    let quoted: Vec<_> = names.iter().map(|name| SingleQuoted(name)).collect();
    in_brackets(&quoted, f)
}

fn in_brackets(items: &[impl Display], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('[')?;
    separated(items, ",", f)?;
    f.write_char(']')
}

fn separated(items: &[impl Display], separator: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        f.write_str(if at > 0 { separator } else { "" })?;
        write!(f, "{item}")?;
    }
    Ok(())
}

/// Text in single quotes; only backslashes and the quote are escaped, which every string of a path understands.
struct SingleQuoted<'a>(&'a str);

impl Display for SingleQuoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('\'')?;
        for c in self.0.chars() {
            f.write_str(if matches!(c, '\\' | '\'') { "\\" } else { "" })?;
            f.write_char(c)?;
        }
        f.write_char('\'')
    }
}

impl Display for Predicate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Predicate::Or(parts) => write_parts(parts, " || ", f),
            Predicate::And(parts) => write_parts(parts, " && ", f),
            Predicate::Not(inner) => match &**inner {
                // Parentheses around another `!` would count as levels that the text did not have.
                Predicate::Exists(_) | Predicate::Not(_) => write!(f, "!{inner}"),
                inner => write!(f, "!({inner})"),
            },
            Predicate::Exists(path) => write!(f, "{path}"),
            Predicate::Compare(left, operator, right) => write!(f, "{left} {} {right}", operator.text()),
        }
    }
}

fn write_parts(parts: &[Predicate], sign: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        f.write_str(if at > 0 { sign } else { "" })?;
        match part {
            Predicate::Or(_) | Predicate::And(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            OperandKind::Path(path) => write!(f, "{path}"),
            OperandKind::Literal(Value::String(text)) => write!(f, "{}", SingleQuoted(text)),
            OperandKind::Literal(value) => write!(f, "{value}"),
            OperandKind::Regex(pattern) => write!(f, "/{}/{}", pattern.text(), pattern.flags()),
        }
    }
}
