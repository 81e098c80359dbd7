//! One layout for JSON files: two blanks a level, short arrays of scalars on one line, texts and numbers as written.

use wfc_diag::Sink;
use wfc_source::{json, Kind, Limits, Node, SourceMap};

/// Arrays of scalars up to this width stay on one line.
const WIDTH: usize = 100;

/// Why a text cannot be laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Line of the first mistake, from 1.
    pub line: u32,
    /// Its column, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// Lays out JSON text. Member order, numbers and the spelling of strings are kept, so nothing but white space changes.
pub fn json(name: &str, text: &str, limits: &Limits) -> Result<String, Unreadable> {
    let mut sink = Sink::default();
    let file = SourceMap::new().add(name, text);
    let tree = json::parse(&file, limits, &mut sink);
    if let Some(first) = sink.into_sorted().first() {
        let at = file.line_column(first.primary.span.start as usize);
        return Err(Unreadable { line: at.line, column: at.column, message: first.message.clone() });
    }
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    write(tree.root(), &mut out);
    out.push('\n');
    // Lines end as they ended before: a text that is otherwise laid out well must come back unchanged.
    Ok(if text.contains("\r\n") { out.replace('\n', "\r\n") } else { out })
}

/// What is still to be written, innermost last: nesting must not cost call depth.
enum Todo<'t> {
    Value(Node<'t>, usize),
    Text(&'t str),
    Line(usize),
}

fn write(root: Node<'_>, out: &mut String) {
    let mut todo = vec![Todo::Value(root, 0)];
    while let Some(next) = todo.pop() {
        match next {
            Todo::Text(text) => out.push_str(text),
            Todo::Line(level) => {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", level));
            }
            Todo::Value(node, level) => value(node, level, &mut todo, out),
        }
    }
}

fn value<'t>(node: Node<'t>, level: usize, todo: &mut Vec<Todo<'t>>, out: &mut String) {
    let mut inside = Vec::new();
    let (open, close) = match node.kind() {
        Kind::Object => {
            for member in node.members() {
                inside.push(vec![Todo::Text(member.key.raw()), Todo::Text(": "), Todo::Value(member.value, level + 1)]);
            }
            ("{", "}")
        }
        Kind::Array => match one_line(node, level) {
            Some(line) => return out.push_str(&line),
            None => {
                inside.extend(node.items().map(|item| vec![Todo::Value(item, level + 1)]));
                ("[", "]")
            }
        },
        _ => return out.push_str(node.raw()),
    };
    out.push_str(open);
    todo.push(Todo::Text(close));
    if inside.is_empty() {
        return;
    }
    todo.push(Todo::Line(level));
    let last = inside.len() - 1;
    for (index, parts) in inside.into_iter().enumerate().rev() {
        if index < last {
            todo.push(Todo::Text(","));
        }
        todo.extend(parts.into_iter().rev());
        todo.push(Todo::Line(level + 1));
    }
}

/// An array of scalars on one line, if it fits.
fn one_line(array: Node<'_>, level: usize) -> Option<String> {
    let mut line = String::from("[");
    for (index, item) in array.items().enumerate() {
        if item.is_object() || item.is_array() {
            return None;
        }
        line.push_str(if index == 0 { "" } else { ", " });
        line.push_str(item.raw());
        if 2 * level + line.len() >= WIDTH {
            return None;
        }
    }
    line.push(']');
    Some(line)
}
