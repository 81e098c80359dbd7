//! Mermaid text: one subgraph for each container.

use std::fmt::Write;

use crate::picture::{Picture, Shape};

/// What is still to be written: an item with its frames, or the end of a subgraph.
enum Todo {
    Frame(usize),
    End,
    Subgraph(usize, usize),
}

pub(crate) fn write(picture: &Picture) -> String {
    let mut out = String::from("flowchart TD\n");
    let mut inner = vec![false; picture.frames.len()];
    picture.items.iter().flat_map(|item| &item.frames).for_each(|&frame| inner[frame] = true);
    let mut todo: Vec<Todo> = (0..picture.frames.len()).rev().filter(|&f| !inner[f]).map(Todo::Frame).collect();
    while let Some(next) = todo.pop() {
        match next {
            Todo::End => out.push_str("  end\n"),
            Todo::Subgraph(item, frame) => {
                let _ = writeln!(out, "  subgraph f{frame} [{}]", quote(&picture.items[item].name));
                todo.push(Todo::End);
                todo.push(Todo::Frame(frame));
            }
            Todo::Frame(frame) => {
                for &item in &picture.frames[frame].items {
                    let _ = writeln!(out, "    n{item}{}", node(picture, item));
                    todo.extend(picture.items[item].frames.iter().rev().map(|&inside| Todo::Subgraph(item, inside)));
                }
            }
        }
    }
    for arrow in picture.frames.iter().flat_map(|frame| &frame.arrows) {
        let line = if arrow.error { "-.->" } else { "-->" };
        let label = if arrow.label.is_empty() { String::new() } else { format!("|{}|", quote(&arrow.label)) };
        let _ = writeln!(out, "  n{} {line}{label} n{}", arrow.from, arrow.to);
    }
    for (index, item) in picture.items.iter().enumerate() {
        for frame in &item.frames {
            let _ = writeln!(out, "  n{index} -.- f{frame}");
        }
    }
    out
}

fn node(picture: &Picture, index: usize) -> String {
    let item = &picture.items[index];
    let label = match item.kind {
        "" => quote(&item.name),
        kind => quote(&format!("{}\n{kind}", item.name)),
    };
    match item.shape {
        Shape::Box => format!("[{label}]"),
        Shape::Soft | Shape::Good | Shape::Bad => format!("({label})"),
        Shape::Decision => format!("{{{label}}}"),
        Shape::Start => "((\" \"))".to_owned(),
        Shape::End => "(((\" \")))".to_owned(),
    }
}

/// Mermaid reads entities in quoted text, and has no other escapes.
fn quote(text: &str) -> String {
    let escaped = text.replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;");
    format!("\"{}\"", escaped.replace('\n', "<br/>"))
}
