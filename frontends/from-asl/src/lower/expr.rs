//! Expressions: paths, calls, JSONata, and templates in which some values are computed.
//!
//! What does not parse is reported at its place and becomes [`ExprKind::Opaque`]: of unknown type, so that nothing
//! else is found wrong because of it.

use std::sync::Arc;

use wfc_cir::{Doc, Expr, ExprKind, Lang, Origin, Root};
use wfc_diag::{Diagnostic, Sink, TextRange};
use wfc_expr::value::Number;
use wfc_expr::{intrinsic, jsonata, jsonpath, Value};
use wfc_source::{Kind, Member, Node};

use super::template::{self, literal, Computes};
use crate::checks::stray_character;
use crate::parse::{boolean, is_expression, number};
use crate::placeholder::{has_placeholder, is_bare};
use crate::rules::{bad_payload_value, bad_variable_name, not_evaluated, unquoted_word};
use crate::syntax::Language;

/// Makes expressions, and reports those that do not parse.
pub(super) struct Exprs<'s> {
    pub(super) sink: &'s mut Sink,
}

impl Exprs<'_> {
    /// A value in which JSONPath states compute what stands behind keys ending in `.$`, JSONata states what stands
    /// between `{%` and `%}`.
    pub(super) fn template(&mut self, node: Node<'_>, language: Language, root: Root) -> Expr {
        template::template(node, &mut Computed { exprs: self, language, root })
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
            Ok(intrinsic::PathOrCall::Path(path)) => {
                stray_character::unopened(node).into_iter().for_each(|problem| self.sink.push(problem));
                Expr::new(ExprKind::Path { doc, path: Box::new(path) }, text_origin(node))
            }
            Ok(intrinsic::PathOrCall::Call(call)) => {
                Expr::new(ExprKind::Intrinsic { doc, call: Box::new(call) }, text_origin(node))
            }
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
            Some(path) => Expr::new(ExprKind::Path { doc, path: Box::new(path) }, text_origin(node)),
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
        let path = jsonpath::parse(node.text()).map_err(|error| self.sink.push(report(error))).ok()?;
        stray_character::unopened(node).into_iter().for_each(|problem| self.sink.push(problem));
        Some(path)
    }

    /// A string: text as it stands, or JSONata between delimiters.
    fn text_or_jsonata(&mut self, node: Node<'_>) -> Expr {
        if node.kind() == Kind::String && is_expression(node.text()) {
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
        if let Some(value) = boolean(node).filter(|_| !text_is_due) {
            return Expr::literal(Value::from(value), Origin::at(node.span()));
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
                let computed = Computed { exprs: self, language, root }.member(node, member);
                let (name, value) =
                    computed.unwrap_or_else(|| (member.name().into(), self.template(member.value, language, root)));
                bad_variable_name::check(member.key, &name).into_iter().for_each(|problem| self.sink.push(problem));
                (name, value)
            })
            .collect()
    }
}

/// What is computed in a template of a query language.
struct Computed<'e, 's> {
    exprs: &'e mut Exprs<'s>,
    language: Language,
    root: Root,
}

impl<'t> Computes<'t> for Computed<'_, '_> {
    fn member(&mut self, object: Node<'t>, member: Member<'t>) -> Option<(Arc<str>, Expr)> {
        let name = member.name().strip_suffix(".$").filter(|_| self.language == Language::JsonPath);
        let Some(name) = name else {
            let problem = match self.language {
                Language::JsonPath => not_evaluated::path_without_suffix(member),
                Language::Jsonata => not_evaluated::suffix_in_jsonata(member),
            };
            problem.into_iter().for_each(|problem| self.exprs.sink.push(problem));
            return None;
        };
        Some((name.into(), self.exprs.payload(object, member, self.root)))
    }

    fn leaf(&mut self, node: Node<'t>) -> Expr {
        if is_bare(node) {
            return opaque(node, Lang::Text);
        }
        let problem = match self.language {
            Language::JsonPath => not_evaluated::jsonata_in_jsonpath(node),
            Language::Jsonata => not_evaluated::blank_around_jsonata(node),
        };
        problem.into_iter().for_each(|problem| self.exprs.sink.push(problem));
        match self.language {
            Language::Jsonata => self.exprs.text_or_jsonata(node),
            Language::JsonPath => literal(node),
        }
    }
}

fn not_into_the_document(node: Node<'_>) -> Diagnostic {
    let rule = &wfc_expr::rules::NOT_A_REFERENCE_PATH;
    let root = TextRange::new(0, node.text().find(['.', '[']).unwrap_or(node.text().len()));
    Diagnostic::new(rule, node.locate(root), "only a place in the document can be written")
        .label("names no place in the document")
        .help("start with `$.`; variables are set by `Assign`")
}

fn opaque(node: Node<'_>, lang: Lang) -> Expr {
    Expr::new(ExprKind::Opaque { lang, text: node.text().into() }, text_origin(node))
}

fn text_origin(node: Node<'_>) -> Origin {
    Origin::text(node.span(), node.text_map())
}
