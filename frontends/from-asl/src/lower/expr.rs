//! Expressions: paths, calls, JSONata, and templates in which some values are computed.
//!
//! What does not parse is reported at its place and becomes [`ExprKind::Opaque`]: of unknown type, so that nothing
//! else is found wrong because of it. Templates recurse as deep as the limit allowed the tree to be.

use std::sync::Arc;

use wfc_cir::{Doc, Expr, ExprKind, Lang, Origin, Root};
use wfc_diag::{Diagnostic, Sink, TextRange};
use wfc_expr::value::Number;
use wfc_expr::{intrinsic, jsonata, jsonpath, Value};
use wfc_source::{Kind, Member, Node};

use crate::parse::{is_expression, number};
use crate::placeholder::has_placeholder;
use crate::rules::{bad_payload_value, bad_variable_name, unquoted_word};
use crate::syntax::Language;

/// Makes expressions, and reports those that do not parse.
pub(super) struct Exprs<'s> {
    pub(super) sink: &'s mut Sink,
}

impl Exprs<'_> {
    /// A value in which JSONPath states compute what stands behind keys ending in `.$`, JSONata states what stands
    /// between `{%` and `%}`.
    pub(super) fn template(&mut self, node: Node<'_>, language: Language, root: Root) -> Expr {
        match node.kind() {
            Kind::Object => {
                let members = node.members().map(|member| self.member(node, member, language, root)).collect();
                folded(ExprKind::Object(members), node)
            }
            Kind::Array => {
                let items = node.items().map(|item| self.template(item, language, root)).collect();
                folded(ExprKind::Array(items), node)
            }
            Kind::String if language == Language::Jsonata => self.text_or_jsonata(node),
            _ => literal(node),
        }
    }

    fn member(&mut self, object: Node<'_>, member: Member<'_>, language: Language, root: Root) -> (Arc<str>, Expr) {
        match member.name().strip_suffix(".$").filter(|_| language == Language::JsonPath) {
            Some(name) => (name.into(), self.payload(object, member, root)),
            None => (member.name().into(), self.template(member.value, language, root)),
        }
    }

    /// What stands behind a key that ends in `.$`.
    fn payload(&mut self, object: Node<'_>, member: Member<'_>, root: Root) -> Expr {
        let node = member.value;
        let text = node.text();
        let computed = text.starts_with('$') || text.starts_with("States.");
        if node.kind() != Kind::String || !(computed || has_placeholder(text)) {
            if node.kind() != Kind::Error {
                self.sink.push(bad_payload_value::report(object, member));
            }
            return opaque(node, Lang::Intrinsic);
        }
        self.path_or_call(node, root, |error| bad_payload_value::syntax(object, member, error))
    }

    /// A path or a call of an intrinsic function.
    pub(super) fn reference(&mut self, node: Node<'_>, root: Root) -> Expr {
        self.path_or_call(node, root, |error| error.into_diagnostic(|range| node.locate(range)))
    }

    fn path_or_call(
        &mut self,
        node: Node<'_>,
        root: Root,
        report: impl FnOnce(wfc_expr::ExprError) -> Diagnostic,
    ) -> Expr {
        let text = node.text();
        let lang = if text.starts_with('$') { Lang::JsonPath } else { Lang::Intrinsic };
        if lang == Lang::JsonPath && has_placeholder(text) {
            return opaque(node, lang);
        }
        let doc = Doc::Root(root);
        match intrinsic::parse_payload(text) {
            Ok(intrinsic::PathOrCall::Path(path)) => Expr::new(ExprKind::Path { doc, path }, text_origin(node)),
            Ok(intrinsic::PathOrCall::Call(call)) => Expr::new(ExprKind::Intrinsic { doc, call }, text_origin(node)),
            Err(error) => {
                if !has_placeholder(text) {
                    let bare = unquoted_word::check(node, error.range);
                    self.sink.push(bare.unwrap_or_else(|| report(error)));
                }
                opaque(node, lang)
            }
        }
    }

    /// A path that is applied to `doc`.
    pub(super) fn path(&mut self, node: Node<'_>, doc: Doc) -> Expr {
        match self.parsed_path(node) {
            Some(path) => Expr::new(ExprKind::Path { doc, path }, text_origin(node)),
            None => opaque(node, Lang::JsonPath),
        }
    }

    /// A path that names one place of the document; what is none is reported.
    pub(super) fn reference_path(&mut self, node: Node<'_>) -> Option<jsonpath::Path> {
        let path = self.parsed_path(node)?;
        match path.require_reference() {
            Ok(()) if path.root == jsonpath::Root::Doc => Some(path),
            Ok(()) => {
                self.sink.push(not_into_the_document(node));
                None
            }
            Err(error) => {
                self.sink.push(error.into_diagnostic(|range| node.locate(range)));
                None
            }
        }
    }

    fn parsed_path(&mut self, node: Node<'_>) -> Option<jsonpath::Path> {
        if has_placeholder(node.text()) {
            return None;
        }
        let report = |error: wfc_expr::ExprError| {
            let bare = unquoted_word::check(node, error.range);
            bare.unwrap_or_else(|| error.into_diagnostic(|range| node.locate(range)))
        };
        jsonpath::parse(node.text()).map_err(|error| self.sink.push(report(error))).ok()
    }

    /// A string: text as it stands, or JSONata between delimiters.
    fn text_or_jsonata(&mut self, node: Node<'_>) -> Expr {
        if is_expression(node.text()) {
            self.jsonata(node)
        } else {
            literal(node)
        }
    }

    fn jsonata(&mut self, node: Node<'_>) -> Expr {
        let whole = &node.text()[2..node.text().len() - 2];
        let before = 2 + whole.len() - whole.trim_start().len();
        let text = whole.trim();
        match jsonata::parse(text) {
            Ok(ast) => {
                let kind = ExprKind::Jsonata { text: text.into(), ast: Arc::new(ast) };
                Expr::new(kind, Origin::text(node.span(), node.text_map().skip(before)))
            }
            Err(error) => {
                if !has_placeholder(text) {
                    self.sink.push(error.error.into_diagnostic(|range| node.locate(range.shift(before))));
                }
                opaque(node, Lang::Jsonata)
            }
        }
    }

    /// A number, a string, a boolean or a list, or what computes it in JSONata. A placeholder where anything but a
    /// string is due is opaque.
    pub(super) fn scalar(&mut self, node: Node<'_>, language: Language, text_is_due: bool) -> Expr {
        let is_text = node.kind() == Kind::String;
        if !is_text {
            return self.template(node, language, Root::Input);
        }
        if language == Language::Jsonata && is_expression(node.text()) {
            return self.jsonata(node);
        }
        match number(node).filter(|_| !text_is_due).and_then(|_| Number::from_text(node.text())) {
            Some(number) => Expr::literal(Value::from(number), Origin::at(node.span())),
            None if text_is_due => literal(node),
            None => opaque(node, Lang::Text),
        }
    }

    /// Variables and what they are set to.
    pub(super) fn assign(&mut self, node: Node<'_>, language: Language, root: Root) -> Vec<(Arc<str>, Expr)> {
        let members = node.members();
        members
            .map(|member| {
                let assigned = self.member(node, member, language, root);
                self.sink_all(bad_variable_name::check(member.key, &assigned.0));
                assigned
            })
            .collect()
    }

    fn sink_all(&mut self, found: Option<Diagnostic>) {
        found.into_iter().for_each(|diagnostic| self.sink.push(diagnostic));
    }
}

/// An object or array of which nothing is computed is a literal.
fn folded(kind: ExprKind, node: Node<'_>) -> Expr {
    let origin = Origin::at(node.span());
    let is_literal = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(_));
    match kind {
        ExprKind::Object(members) if members.iter().all(|(_, value)| is_literal(value)) => {
            let members = members.into_iter().filter_map(|(name, value)| Some((name, value.as_literal()?.clone())));
            Expr::literal(members.collect(), origin)
        }
        ExprKind::Array(items) if items.iter().all(is_literal) => {
            Expr::literal(items.iter().filter_map(Expr::as_literal).cloned().collect(), origin)
        }
        kind => Expr::new(kind, origin),
    }
}

fn not_into_the_document(node: Node<'_>) -> Diagnostic {
    let rule = &wfc_expr::rules::NOT_A_REFERENCE_PATH;
    let root = TextRange::new(0, node.text().find(['.', '[']).unwrap_or(node.text().len()));
    Diagnostic::new(rule, node.locate(root), "only a place in the document can be written")
        .label("names no place in the document")
        .help("start with `$.`; variables are set by `Assign`")
}

/// A value as it stands.
pub(super) fn literal(node: Node<'_>) -> Expr {
    Expr::literal(value(node), Origin::at(node.span()))
}

fn opaque(node: Node<'_>, lang: Lang) -> Expr {
    Expr::new(ExprKind::Opaque { lang, text: node.text().into() }, text_origin(node))
}

fn text_origin(node: Node<'_>) -> Origin {
    Origin::text(node.span(), node.text_map())
}

/// The JSON value of a node; what could not be read is `null`.
pub(super) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null | Kind::Error => Value::Null,
        Kind::Bool(value) => Value::from(value),
        Kind::Number => Number::from_text(node.text()).map_or(Value::Null, Value::from),
        Kind::String => Value::from(node.text()),
        Kind::Array => node.items().map(value).collect(),
        Kind::Object => node.members().map(|member| (member.name(), value(member.value))).collect(),
    }
}
