//! A machine put around a state, and the way back from places in it to places in the state's own file.

use std::collections::BTreeSet;

use serde_json::{json, to_string};
use wfc_diag::{Diagnostic, Span};
use wfc_source::{Format, Node, SourceFile, Tree};

use super::{LONE, MARK};

/// A text that another was put into.
#[derive(Clone, Debug)]
pub(super) struct Wrapped {
    /// The whole text.
    pub(super) text: String,
    /// Where pieces of the inner text begin: in the whole, and in the inner text; in order.
    pieces: Vec<(usize, usize)>,
}

/// A machine of the state of the tree and of an end for every state it names.
pub(super) fn around(inner: &str, tree: &Tree, format: Format) -> Wrapped {
    let targets = targets(tree.root());
    match format {
        Format::Json => in_json(inner, &targets),
        Format::Yaml | Format::Toml => in_yaml(inner, &targets),
    }
}

/// On one line, so that only the columns of the first line move.
fn in_json(inner: &str, targets: &BTreeSet<&str>) -> Wrapped {
    let head = format!("{{\"StartAt\":\"{LONE}\",\"States\":{{\"{LONE}\":");
    let mut wrapped = Wrapped { text: head, pieces: Vec::new() };
    wrapped.push(inner, 0);
    for target in targets {
        wrapped.text += &format!(",{}:{}", json!(target), json!({ "Type": "Succeed" }));
    }
    wrapped.text += "}}";
    wrapped
}

/// By more indentation. A mark of the document's begin would end the machine, and is left away.
fn in_yaml(inner: &str, targets: &BTreeSet<&str>) -> Wrapped {
    let mut wrapped = Wrapped { text: format!("StartAt: {LONE}\nStates:\n"), pieces: Vec::new() };
    for target in targets {
        // JSON strings are YAML strings.
        wrapped.text += &format!("  {}: {{Type: Succeed}}\n", to_string(target).unwrap_or_default());
    }
    wrapped.text += &format!("  {LONE}:\n");
    let text = inner.trim_start_matches(MARK);
    let mut at = inner.len() - text.len();
    for line in text.split_inclusive('\n') {
        if line.trim_end() != "---" {
            wrapped.text += "    ";
            wrapped.push(line, at);
        }
        at += line.len();
    }
    wrapped
}

/// The states a state names.
fn targets<'t>(state: Node<'t>) -> BTreeSet<&'t str> {
    let lists = ["Choices", "Catch"].into_iter().filter_map(|name| state.get(name)).flat_map(Node::items);
    let nexts = lists.chain([state]).filter_map(|from| from.get("Next"));
    let all = nexts.chain(state.get("Default")).filter_map(Node::as_str);
    all.filter(|name| *name != LONE && !name.is_empty()).collect()
}

impl Wrapped {
    /// A text with nothing around it.
    pub(super) fn nothing(text: &str) -> Self {
        Self { text: text.to_owned(), pieces: vec![(0, 0)] }
    }

    fn push(&mut self, piece: &str, at: usize) {
        self.pieces.push((self.text.len(), at));
        self.text += piece;
    }

    /// A finding about the whole as one about the inner text, which is `file`.
    pub(super) fn unwrapped(&self, mut found: Diagnostic, file: &SourceFile) -> Diagnostic {
        let moved = |span: &mut Span| {
            let [start, end] = [span.start, span.end].map(|at| self.back(at as usize).min(file.text().len()));
            *span = Span::new(file.id(), start, end);
        };
        moved(&mut found.primary.span);
        found.labels.iter_mut().for_each(|label| moved(&mut label.span));
        let edits = found.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        edits.for_each(|edit| moved(&mut edit.span));
        found
    }

    /// The place in the inner text; what is in front of it is its begin.
    fn back(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        next.checked_sub(1).map_or(0, |piece| {
            let (whole, inner) = self.pieces[piece];
            inner + (at - whole)
        })
    }
}

#[cfg(test)]
mod tests {
    use wfc_diag::Sink;
    use wfc_source::{parse, FileId, Limits};

    use super::*;

    #[test]
    fn places_lead_back() {
        for (name, format, text) in [
            ("a.json", Format::Json, "{ \"Type\": \"Pass\",\n  \"Next\": \"B\" }"),
            ("a.yaml", Format::Yaml, "\u{feff}---\nType: Pass\nNext: B\n"),
        ] {
            let file = SourceFile::new(FileId(0), name, text);
            let tree = parse(&file, format, &Limits::default(), &mut Sink::default());
            let wrapped = around(text, &tree, format);
            for word in ["Type", "Pass", "Next"] {
                let at = wrapped.text.rfind(word).expect("the machine has the words of the state");
                let at = if word == "Type" && format == Format::Json { wrapped.text.find(word).unwrap() } else { at };
                assert_eq!(wrapped.back(at), text.find(word).expect("the state has them"), "{word} in {name}");
            }
            let machine = SourceFile::new(FileId(0), name, &*wrapped.text);
            let mut sink = Sink::default();
            let tree = parse(&machine, format, &Limits::default(), &mut sink);
            assert!(!sink.has_errors(), "{:?}", sink.found());
            assert!(tree.root().get("States").and_then(|states| states.get("B")).is_some());
        }
    }
}
