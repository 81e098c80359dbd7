//! Graphviz text: one cluster for each frame.

use std::fmt::Write;

use crate::picture::{Picture, Shape};

pub(crate) fn write(picture: &Picture) -> String {
    let mut out =
        String::from("digraph workflow {\n  compound=true;\n  node [fontname=\"sans-serif\", fontsize=11];\n");
    let _ = writeln!(out, "  label={};", quote(&picture.title));
    for (index, item) in picture.items.iter().enumerate() {
        let (shape, extra) = look(item.shape);
        let label = match item.kind {
            "" => item.name.clone(),
            kind => format!("{}\n{kind}", item.name),
        };
        let _ = writeln!(out, "  n{index} [label={}, shape={shape}{extra}];", quote(&label));
    }
    for (frame_index, frame) in picture.frames.iter().enumerate() {
        let _ = writeln!(out, "  subgraph cluster_{frame_index} {{");
        let _ = writeln!(out, "    {};", frame.items.iter().map(|i| format!("n{i}")).collect::<Vec<_>>().join("; "));
        out.push_str("  }\n");
        for arrow in &frame.arrows {
            let style = if arrow.error { ", style=dashed, color=firebrick" } else { "" };
            let _ = writeln!(out, "  n{} -> n{} [label={}{style}];", arrow.from, arrow.to, quote(&arrow.label));
        }
    }
    for (index, item) in picture.items.iter().enumerate() {
        for &frame in &item.frames {
            if let Some(first) = picture.frames[frame].items.first() {
                let _ = writeln!(out, "  n{index} -> n{first} [lhead=cluster_{frame}, style=dotted, arrowhead=none];");
            }
        }
    }
    out.push_str("}\n");
    out
}

fn look(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Box => ("box", ""),
        Shape::Soft => ("box", ", style=rounded"),
        Shape::Decision => ("diamond", ""),
        Shape::Good => ("box", ", style=\"rounded,filled\", fillcolor=palegreen"),
        Shape::Bad => ("box", ", style=\"rounded,filled\", fillcolor=mistyrose"),
        Shape::Start => ("point", ", width=0.15"),
        Shape::End => ("doublecircle", ", width=0.12, fixedsize=true"),
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
