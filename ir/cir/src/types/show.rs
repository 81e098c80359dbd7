//! The notation of types in messages: `{id: string, total?: number, ...} | null`.

use std::fmt;

use super::{ArrayType, Field, Literals, ObjectType, Presence, Type};

/// Literals longer than this are shortened.
const SHOWN: usize = 32;

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Never => f.write_str("never"),
            Type::Any => f.write_str("any"),
            Type::Null => f.write_str("null"),
            Type::Bool(None) => f.write_str("boolean"),
            Type::Bool(Some(value)) => write!(f, "{value}"),
            Type::Number(literals) => write_literals(f, literals, "number", |n| n.to_string()),
            Type::String(literals) => write_literals(f, literals, "string", |text| quoted(text)),
            Type::Array(array) => write!(f, "{array}"),
            Type::Object(object) => write!(f, "{object}"),
            Type::Union(union) => write_joined(f, " | ", union.members(), |f, member| write!(f, "{member}")),
        }
    }
}

impl fmt::Display for ArrayType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.elem())?;
        match (self.min(), self.max()) {
            (0, None) => {}
            (min, None) => write!(f, "; {min}..")?,
            (min, Some(max)) if min == max => write!(f, "; {min}")?,
            (min, Some(max)) => write!(f, "; {min}..={max}")?,
        }
        f.write_str("]")
    }
}

impl fmt::Display for ObjectType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        write_joined(f, ", ", self.fields(), |f, (name, field)| write_field(f, name, field))?;
        if !self.rest().is_never() {
            f.write_str(if self.fields().is_empty() { "..." } else { ", ..." })?;
            if !self.rest().is_any() {
                write!(f, ": {}", self.rest())?;
            }
        }
        f.write_str("}")
    }
}

fn write_field(f: &mut fmt::Formatter<'_>, name: &str, field: &Field) -> fmt::Result {
    match field.presence {
        Presence::Must => write!(f, "{name}: {}", field.ty),
        Presence::May => write!(f, "{name}?: {}", field.ty),
        Presence::Absent => write!(f, "{name}: absent"),
    }
}

fn write_literals<T>(
    f: &mut fmt::Formatter<'_>,
    literals: &Literals<T>,
    all: &str,
    text: impl Fn(&T) -> String,
) -> fmt::Result {
    match literals.known() {
        None => f.write_str(all),
        Some(known) => write_joined(f, " | ", known, |f, value| f.write_str(&text(value))),
    }
}

fn write_joined<T>(
    f: &mut fmt::Formatter<'_>,
    between: &str,
    items: &[T],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        write(f, item)?;
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        wfc_expr::value::quoted(text)
    } else {
        wfc_expr::value::quoted(&text.chars().take(SHOWN).chain(['…']).collect::<String>())
    }
}
