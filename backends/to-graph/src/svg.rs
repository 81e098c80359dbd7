//! The finished drawing, with light and dark colours.

use std::fmt::Write;

use crate::layout::{place, Layout, Way, HEADER};
use crate::picture::{Arrow, Item, Picture, Shape};

const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#1c2430}.kind{font-size:11px;fill:#5b6675}.label{font-size:11px;fill:#33415c;\
paint-order:stroke;stroke:#fff;stroke-width:4px}.box{fill:#fff;stroke:#3b5b92;stroke-width:1.4}.soft{stroke:#7a869a}\
.good{fill:#e6f6ea;stroke:#2e8b57}.bad{fill:#fdeaea;stroke:#b3392f}.frame{fill:#f6f8fb;stroke:#c3ccd9;stroke-dasharray:4 3}\
.dot{fill:#1c2430}.ring{fill:none;stroke:#1c2430;stroke-width:1.4}.way{fill:none;stroke:#56657c;stroke-width:1.3}\
.error{stroke:#b3392f;stroke-dasharray:5 4}.errorlabel{fill:#b3392f}";

/// A frame that is still to be drawn, with the place of its top left corner.
struct Todo {
    frame: usize,
    x: f64,
    y: f64,
}

pub(crate) fn write(picture: &Picture) -> String {
    let layout = place(picture);
    let mut inner = vec![false; picture.frames.len()];
    picture.items.iter().flat_map(|item| &item.frames).for_each(|&frame| inner[frame] = true);
    let mut todo = Vec::new();
    let (mut width, mut height) = (0.0f64, 10.0);
    for frame in (0..picture.frames.len()).filter(|&frame| !inner[frame]) {
        todo.push(Todo { frame, x: 10.0, y: height });
        width = width.max(layout.frames[frame].width + 20.0);
        height += layout.frames[frame].height + 10.0;
    }
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\">"
    );
    let _ = writeln!(out, "<title>{}</title>\n<style>{STYLE}</style>", escape(&picture.title));
    out.push_str(ARROWHEADS);
    out.push_str("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    while let Some(next) = todo.pop() {
        draw_frame(picture, &layout, &next, &mut todo, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

const ARROWHEADS: &str = "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" \
markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#56657c\"/></marker><marker id=\"errorhead\" \
viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" \
fill=\"#b3392f\"/></marker></defs>\n";

fn draw_frame(picture: &Picture, layout: &Layout, at: &Todo, todo: &mut Vec<Todo>, out: &mut String) {
    let (frame, placed) = (&picture.frames[at.frame], &layout.frames[at.frame]);
    for &index in &frame.items {
        let (item, spot) = (&picture.items[index], layout.items[index]);
        let (x, y) = (at.x + spot.x, at.y + spot.y);
        draw_item(item, x, y, spot.width, spot.height, out);
        for &inside in &item.frames {
            let inner = &layout.frames[inside];
            let (fx, fy) = (x + inner.x, y + inner.y);
            let _ = writeln!(
                out,
                "<rect class=\"frame\" x=\"{fx:.1}\" y=\"{fy:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"4\"/>",
                inner.width, inner.height
            );
            todo.push(Todo { frame: inside, x: fx, y: fy });
        }
    }
    for (arrow, way) in frame.arrows.iter().zip(&placed.ways) {
        draw_way(arrow, way, at, out);
    }
    // Labels of arrows from one box take turns on three heights, so that neighbours do not cover each other.
    let mut turn = (usize::MAX, 0);
    for (arrow, way) in frame.arrows.iter().zip(&placed.ways).filter(|(arrow, _)| !arrow.label.is_empty()) {
        turn = if turn.0 == arrow.from { (turn.0, turn.1 + 1) } else { (arrow.from, 0) };
        draw_label(arrow, way, at, turn.1, out);
    }
}

fn draw_item(item: &Item, x: f64, y: f64, width: f64, height: f64, out: &mut String) {
    let (cx, cy) = (x + width / 2.0, y + height / 2.0);
    let class = match item.shape {
        Shape::Start => {
            let _ = writeln!(out, "<circle class=\"dot\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"6\"/>");
            return;
        }
        Shape::End => {
            let _ = writeln!(out, "<circle class=\"ring\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"7\"/><circle class=\"dot\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"4\"/>");
            return;
        }
        Shape::Box | Shape::Decision => "box",
        Shape::Soft => "box soft",
        Shape::Good => "box good",
        Shape::Bad => "box bad",
    };
    if item.shape == Shape::Decision {
        let (r, b) = (x + width, y + height);
        let _ = writeln!(
            out,
            "<path class=\"{class}\" d=\"M{:.1} {y:.1}H{:.1}L{r:.1} {cy:.1}L{:.1} {b:.1}H{:.1}L{x:.1} {cy:.1}z\"/>",
            x + 18.0,
            r - 18.0,
            r - 18.0,
            x + 18.0
        );
    } else {
        let radius = if item.shape == Shape::Box { 3 } else { 10 };
        let _ = writeln!(out, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{radius}\"/>");
    }
    let top = if item.frames.is_empty() { cy - 3.0 } else { y + HEADER / 2.0 - 3.0 };
    let _ = writeln!(
        out,
        "<text x=\"{cx:.1}\" y=\"{top:.1}\" text-anchor=\"middle\">{}</text><text class=\"kind\" x=\"{cx:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
        escape(&item.name),
        top + 15.0,
        item.kind
    );
}

fn draw_way(arrow: &Arrow, way: &Way, at: &Todo, out: &mut String) {
    let (class, head) = if arrow.error { ("way error", "errorhead") } else { ("way", "head") };
    let mut path = String::new();
    for (index, &(x, y)) in way.points.iter().enumerate() {
        let (x, y) = (x + at.x, y + at.y);
        if index == 0 {
            let _ = write!(path, "M{x:.1} {y:.1}");
        } else if way.back {
            let _ = write!(path, "L{x:.1} {y:.1}");
        } else {
            let (px, py) = way.points[index - 1];
            let (px, py) = (px + at.x, py + at.y);
            let bend = (y - py) / 2.0;
            let _ = write!(path, "C{px:.1} {:.1} {x:.1} {:.1} {x:.1} {y:.1}", py + bend, y - bend);
        }
    }
    let _ = writeln!(out, "<path class=\"{class}\" d=\"{path}\" marker-end=\"url(#{head})\"/>");
}

/// Labels stand on the first piece of an arrow, in its lower half, where arrows from one box have parted.
fn draw_label(arrow: &Arrow, way: &Way, at: &Todo, turn: usize, out: &mut String) {
    let [(x0, y0), (x1, y1)] = [way.points[0], way.points[1]];
    let part = if way.back { 0.5 } else { [0.62, 0.82, 0.42][turn % 3] };
    let (x, y) = (at.x + x0 + (x1 - x0) * part, at.y + y0 + (y1 - y0) * part);
    let class = if arrow.error { "label errorlabel" } else { "label" };
    let anchor = if way.back { "start" } else { "middle" };
    let _ = writeln!(
        out,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
        y + 3.0,
        escape(&arrow.label)
    );
}

/// Text for XML; characters XML cannot hold are replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
