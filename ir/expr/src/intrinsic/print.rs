//! Calls as text; what is printed parses back to the same call.

use std::fmt::{self, Display, Formatter, Write};

use super::{Arg, ArgKind, Call, PathOrCall, Text};

impl Display for PathOrCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            PathOrCall::Path(path) => write!(f, "{path}"),
            PathOrCall::Call(call) => write!(f, "{call}"),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "States.{}(", self.function.name())?;
        for (at, arg) in self.args.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            write!(f, "{arg}")?;
        }
        f.write_char(')')
    }
}

impl Display for Arg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ArgKind::Path(path) => write!(f, "{path}"),
            ArgKind::Call(call) => write!(f, "{call}"),
            ArgKind::String(text) => write!(f, "{text}"),
            ArgKind::Number(number) => write!(f, "{number}"),
            ArgKind::Bool(value) => write!(f, "{value}"),
            ArgKind::Null => f.write_str("null"),
        }
    }
}

impl Display for Text {
    /// Braces are escaped only where they would otherwise be a hole.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut holes = self.holes.iter().peekable();
        f.write_char('\'')?;
        for (at, c) in self.value.char_indices() {
            let hole = holes.next_if(|hole| **hole == at).is_some();
            let escaped = match c {
                '\'' | '\\' => true,
                '{' => !hole && self.value[at..].starts_with("{}"),
                _ => false,
            };
            f.write_str(if escaped { "\\" } else { "" })?;
            f.write_char(c)?;
        }
        f.write_char('\'')
    }
}
