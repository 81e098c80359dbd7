//! From the tree of a file to its syntax.

use std::sync::Arc;

use wfc_cir::Origin;
use wfc_diag::Sink;
use wfc_expr::cond::{self, Cond};
use wfc_expr::value::Number;
use wfc_source::strict::{Reader, Spanned, Table};
use wfc_source::{Node, Tree};

use crate::reader::{amount, count, DIALECT};
use crate::syntax::{File, Retry, Step, FILE, RETRY, STEP, WORKFLOW};

/// Reads a file; `None` if it is no table at all.
pub(crate) fn file(tree: &Tree, sink: &mut Sink) -> Option<File> {
    let root = table(tree.root(), &FILE, sink)?;
    let mut file = File::default();
    if let Some(meta) = root.required("workflow", sink).and_then(|node| table(node, &WORKFLOW, sink)) {
        workflow(&mut file, meta, sink);
    }
    if let Some(list) = root.required("steps", sink) {
        file.steps = steps(list, sink);
    }
    Some(file)
}

fn table<'t>(node: Node<'t>, table: &'static Table, sink: &mut Sink) -> Option<Reader<'t>> {
    Some(Reader::of(node, table, &DIALECT, sink)?.strict(sink))
}

fn workflow(file: &mut File, meta: Reader<'_>, sink: &mut Sink) {
    meta.required("id", sink);
    file.id = meta.text("id", sink);
    if let Some(id) = file.id.as_ref().filter(|id| id.value.is_empty()) {
        DIALECT.bad_value(id.span, "the id of a workflow must not be empty".to_owned(), sink);
    }
    file.description = meta.text("description", sink).map(|text| text.value);
    for name in ["name", "version", "license", "homepage"] {
        file.facts.extend(meta.text(name, sink).map(|text| (Arc::from(name), text.value)));
    }
}

fn steps(list: Node<'_>, sink: &mut Sink) -> Vec<Step> {
    if !list.is_array() {
        DIALECT.wrong_type(list, "'steps'", "an array of tables, [[steps]]", sink);
        return Vec::new();
    }
    if list.items().next().is_none() {
        DIALECT.bad_value(list.span(), "a workflow needs at least one step".to_owned(), sink);
    }
    list.items().filter_map(|node| step(node, sink)).collect()
}

/// A step without a usable id is dropped; everything else about it has been reported.
fn step(node: Node<'_>, sink: &mut Sink) -> Option<Step> {
    let fields = table(node, &STEP, sink)?;
    fields.required("id", sink);
    fields.required("run", sink);
    let id = fields.text("id", sink);
    let step = Step {
        run: fields.text("run", sink).map_or_else(|| Arc::from(""), |run| run.value),
        needs: fields.texts("needs", sink),
        when: fields.get("when").and_then(|node| when(node, sink)),
        retry: fields.get("retry").and_then(|node| retry(node, sink)),
        env: fields.pairs("env", sink),
        timeout: amount(&fields, "timeout", true, sink),
        description: fields.text("description", sink).map(|text| text.value),
        span: fields.span(),
        id: id.filter(|id| valid_id(id, sink))?,
    };
    Some(step)
}

/// Conditions name steps by words between dots.
fn valid_id(id: &Spanned<Arc<str>>, sink: &mut Sink) -> bool {
    let starts_well = id.value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let valid = starts_well && id.value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if !valid {
        let message = "the id of a step is a letter or '_' followed by letters, digits, '_' and '-'";
        DIALECT.bad_value(id.span, message.to_owned(), sink);
    }
    valid
}

fn when(node: Node<'_>, sink: &mut Sink) -> Option<(Cond, Origin)> {
    let Some(text) = node.as_str() else {
        DIALECT.wrong_type(node, "'when'", "a string such as \"outputs.build.ok\"", sink);
        return None;
    };
    match cond::parse(text) {
        Ok(cond) => Some((cond, Origin::text(node.span(), node.text_map()))),
        Err(error) => {
            sink.push(error.into_diagnostic(|range| node.locate(range)));
            None
        }
    }
}

fn retry(node: Node<'_>, sink: &mut Sink) -> Option<Retry> {
    let fields = table(node, &RETRY, sink)?;
    fields.required("max", sink);
    let number = |found: Option<Spanned<Number>>| found.map_or_else(|| Number::from(1_i64), |number| number.value);
    Some(Retry {
        max: count(&fields, "max", sink)?.value,
        interval: number(amount(&fields, "interval", false, sink)),
        backoff: number(amount(&fields, "backoff", true, sink)),
        span: fields.span(),
    })
}
