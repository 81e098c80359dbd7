//! From the tree of a file to its syntax.

use std::sync::Arc;

use wfc_cir::Origin;
use wfc_diag::{Diagnostic, Sink};
use wfc_expr::cond::{self, Cond};
use wfc_expr::nearest::nearest;
use wfc_expr::value::quoted;
use wfc_expr::Value;
use wfc_source::strict::{suggest, Reader};
use wfc_source::{Node as Tree, Tree as File};

use crate::reader::{value, DIALECT};
use crate::rules;
use crate::syntax::{Edge, Kind, Name, Node, Spec, Strategy, ANY_NODE, EDGE, GRAPH, KINDS, NODES, SPEC};

/// Reads a file; `None` if it is no object at all.
pub(crate) fn spec(tree: &File, sink: &mut Sink) -> Option<Spec> {
    let root = Reader::of(tree.root(), &SPEC, &DIALECT, sink)?.strict(sink);
    let mut spec = Spec { name: root.name("name", sink), ..Spec::default() };
    let graph = root.required("graph", sink).and_then(|node| Reader::of(node, &GRAPH, &DIALECT, sink));
    if let Some(graph) = graph {
        let graph = graph.strict(sink);
        spec.entry = graph.name("entryNodeId", sink);
        spec.nodes = graph.list("nodes", sink).into_iter().filter_map(|item| node(item, sink)).collect();
        spec.edges = graph.list("edges", sink).into_iter().filter_map(|item| edge(item, sink)).collect();
    }
    Some(spec)
}

fn edge(item: Tree<'_>, sink: &mut Sink) -> Option<Edge> {
    let fields = Reader::of(item, &EDGE, &DIALECT, sink)?.strict(sink);
    let (from, to) = (fields.name("from", sink), fields.name("to", sink));
    Some(Edge { from: from?, to: to?, span: fields.span() })
}

/// A node without a usable id is dropped; everything else about it has been reported.
fn node(item: Tree<'_>, sink: &mut Sink) -> Option<Node> {
    let fields = Reader::of(item, &ANY_NODE, &DIALECT, sink)?;
    let id = fields.name("id", sink);
    let label = fields.text("label", sink).map(|label| label.value);
    let word = fields.name("kind", sink);
    let at = word.as_ref().and_then(|word| KINDS.iter().position(|kind| **kind == *word.value));
    let kind = match (at, &word) {
        (Some(at), Some(_)) => kind(KINDS[at], fields.with(&NODES[at]).strict(sink), sink),
        (None, Some(word)) => {
            let found = Diagnostic::new(&rules::BAD_VALUE, word.span, format!("there is no kind '{}'", word.value));
            let found = found.note(format!("the kinds of node are {}", KINDS.join(", ")));
            sink.push(suggest(found, word.span, nearest(&word.value, KINDS), quoted));
            Kind::Unknown
        }
        (_, None) => Kind::Unknown,
    };
    Some(Node { id: id?, label, kind, span: fields.span() })
}

fn kind(kind: &str, fields: Reader<'_>, sink: &mut Sink) -> Kind {
    match kind {
        "tool" => tool(fields, sink),
        "llm" => llm(fields, sink),
        "human" => human(fields, sink),
        "condition" => Kind::Condition {
            condition: fields.required("condition", sink).and_then(|node| condition(node, sink)),
            then: fields.name("thenNodeId", sink),
            otherwise: fields.name("elseNodeId", sink),
        },
        "merge" => merge(fields, sink),
        _ => Kind::Subworkflow { spec_ref: plain(fields.name("specRef", sink)), inputs: inputs(fields, sink) },
    }
}

fn tool(fields: Reader<'_>, sink: &mut Sink) -> Kind {
    let tool = fields.name("tool", sink);
    fields.required("args", sink);
    let args = fields.texts("args", sink);
    let env = fields.pairs("env", sink);
    if let Some((name, _)) = env.iter().find(|(name, _)| !variable_name(name)) {
        let span = fields.get("env").map_or(fields.span(), |env| env.span());
        DIALECT.bad_value(span, format!("'{name}' cannot be the name of an environment variable"), sink);
    }
    Kind::Tool {
        argv: tool.into_iter().chain(args).map(|word| word.value).collect(),
        env,
        cwd: non_empty(fields.text("cwd", sink)),
    }
}

fn variable_name(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn llm(fields: Reader<'_>, sink: &mut Sink) -> Kind {
    let (provider, model) = (plain(fields.name("provider", sink)), plain(fields.name("model", sink)));
    let mut args = vec![("prompt", Value::from(plain(fields.name("prompt", sink))))];
    args.extend(non_empty(fields.text("system", sink)).map(|text| ("system", Value::from(text))));
    for (name, setting) in [("temperature", "temperature"), ("maxTokens", "max_tokens")] {
        args.extend(fields.number(name, sink).map(|number| (setting, Value::Number(number.value))));
    }
    Kind::Llm { provider, model, args }
}

fn human(fields: Reader<'_>, sink: &mut Sink) -> Kind {
    let interaction = fields.name("interactionType", sink);
    let options = fields.texts("options", sink);
    if let Some(word) = &interaction {
        if !["approval", "input", "choice"].contains(&&*word.value) {
            DIALECT.bad_value(word.span, format!("'{}' is not approval, input or choice", word.value), sink);
        } else if &*word.value == "choice" && options.is_empty() {
            DIALECT.bad_value(word.span, "a choice needs options".to_owned(), sink);
        }
    }
    Kind::Human {
        prompt: plain(fields.name("prompt", sink)),
        interaction: plain(interaction),
        options: options.into_iter().map(|option| option.value).collect(),
        timeout: fields.number("timeout", sink),
    }
}

fn condition(node: Tree<'_>, sink: &mut Sink) -> Option<(Cond, Origin)> {
    let Some(text) = node.as_str() else {
        DIALECT.wrong_type(node, "'condition'", "a string", sink);
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

fn merge(fields: Reader<'_>, sink: &mut Sink) -> Kind {
    let list = fields.required("waitFor", sink);
    let wait_for = fields.texts("waitFor", sink);
    if let Some(list) = list.filter(|list| list.is_array() && list.items().next().is_none()) {
        DIALECT.bad_value(list.span(), "a merge must wait for at least one node".to_owned(), sink);
    }
    let strategy = fields.text("strategy", sink);
    let strategy = match strategy.as_ref().map(|word| &*word.value) {
        None | Some("all") => Strategy::All,
        Some("any") => Strategy::Any,
        Some("majority") => Strategy::Majority,
        Some(other) => {
            let message = format!("'{other}' is not all, any or majority");
            DIALECT.bad_value(strategy.as_ref().map_or(fields.span(), |word| word.span), message, sink);
            Strategy::All
        }
    };
    Kind::Merge { wait_for, strategy }
}

fn inputs(fields: Reader<'_>, sink: &mut Sink) -> Value {
    match fields.get("inputs") {
        None => Value::empty_object(),
        Some(node) if node.is_object() => value(node),
        Some(node) => {
            DIALECT.wrong_type(node, "'inputs'", "an object", sink);
            Value::empty_object()
        }
    }
}

fn plain(name: Option<Name>) -> Arc<str> {
    name.map_or_else(|| "".into(), |name| name.value)
}

/// Empty texts count as absent.
fn non_empty(text: Option<Name>) -> Option<Arc<str>> {
    text.map(|text| text.value).filter(|text| !text.is_empty())
}
