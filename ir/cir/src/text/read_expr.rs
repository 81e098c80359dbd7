//! Expressions from text: languages are parsed, names of nodes looked up.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use wfc_diag::{FileId, Sink};
use wfc_expr::value::Number;
use wfc_expr::{cond, intrinsic, jsonata, jsonpath, ExprError, Value};

use super::grammar::{self, Bytes, Term, TermKind};
use super::lex::Text;
use super::read::Reader;
use super::words::{self, find};
use crate::{CompareOp, Doc, Expr, ExprKind, Lang, NodeId, Origin};

/// The longest chain of `a of b of c`.
const MAX_CHAIN: usize = 64;

/// Reads single expressions that name nodes by their keys.
pub(crate) struct ExprReader {
    pub(crate) nodes: FxHashMap<Arc<str>, NodeId>,
}

impl ExprReader {
    /// The expression, or what is wrong with it.
    pub(crate) fn read(&mut self, text: &str) -> Result<Expr, String> {
        let mut sink = Sink::default();
        let file = FileId::default();
        let expr = match grammar::parse_term(file, text) {
            Ok(term) => {
                let mut reader = Reader::new(file, &mut sink);
                std::mem::swap(&mut reader.nodes, &mut self.nodes);
                let expr = reader.expr(&term);
                std::mem::swap(&mut reader.nodes, &mut self.nodes);
                expr
            }
            Err(found) => {
                found.into_iter().for_each(|diagnostic| sink.push(diagnostic));
                None
            }
        };
        expr.ok_or_else(|| sink.found().first().map_or_else(String::new, |found| found.message.clone()))
    }
}

impl Reader<'_> {
    /// The expression of a term. What is wrong is reported.
    pub(super) fn expr(&mut self, term: &Term<'_>) -> Option<Expr> {
        let kind = match &term.kind {
            TermKind::Word(word) => self.word_expr(word, term.span)?,
            TermKind::Number(text) => ExprKind::Literal(Value::Number(Number::from_text(text)?)),
            TermKind::Text(text) => ExprKind::Literal(Value::String(Arc::clone(&text.text))),
            TermKind::Json(value) => ExprKind::Literal(value.clone()),
            TermKind::Lang(lang, text) => return self.lang_expr(lang, text, None, term.span),
            TermKind::Object(fields) => ExprKind::Object(self.fields(fields)?),
            TermKind::Array(items) => ExprKind::Array(self.exprs(items)?),
            TermKind::Call(name, arguments) => self.call(name, arguments, term.span)?,
            TermKind::Paren(inner) => return self.expr(inner),
            TermKind::Of(chain) => return self.chain(chain, term.span),
        };
        Some(Expr::new(kind, Origin::at(self.span(term.span))))
    }

    /// All of them are read, so that all mistakes are reported.
    fn exprs(&mut self, terms: &[Term<'_>]) -> Option<Vec<Expr>> {
        let read: Vec<Option<Expr>> = terms.iter().map(|term| self.expr(term)).collect();
        read.into_iter().collect()
    }

    fn fields(&mut self, fields: &[(Text, Term<'_>)]) -> Option<Vec<(Arc<str>, Expr)>> {
        let read: Vec<_> = fields.iter().map(|(key, term)| Some((Arc::clone(&key.text), self.expr(term)?))).collect();
        read.into_iter().collect()
    }

    fn word_expr(&mut self, word: &str, at: Bytes) -> Option<ExprKind> {
        match word {
            "null" => return Some(ExprKind::Literal(Value::Null)),
            "true" => return Some(ExprKind::Literal(Value::Bool(true))),
            "false" => return Some(ExprKind::Literal(Value::Bool(false))),
            _ => {}
        }
        let root = find(words::ROOTS, word).map(ExprKind::Root);
        if root.is_none() {
            self.error(at, format!("`{word}` is no document; strings stand in quotes"));
        }
        root
    }

    /// `a of b of c`: each but the last is in a language that needs a document.
    fn chain(&mut self, chain: &[Term<'_>], at: Bytes) -> Option<Expr> {
        if chain.len() > MAX_CHAIN {
            self.error(at, format!("more than {MAX_CHAIN} documents in a chain (max-chain)"));
            return None;
        }
        let (last, before) = chain.split_last()?;
        let mut doc = match &last.kind {
            TermKind::Word(word) if find(words::ROOTS, word).is_some() => Doc::Root(find(words::ROOTS, word)?),
            _ => Doc::Expr(Box::new(self.expr(last)?)),
        };
        for term in before.iter().rev() {
            let TermKind::Lang(lang, text) = &term.kind else {
                self.error(term.span, "only a path, call or condition is `of` something");
                return None;
            };
            doc = Doc::Expr(Box::new(self.lang_expr(lang, text, Some(doc), term.span)?));
        }
        match doc {
            Doc::Expr(expr) => Some(*expr),
            Doc::Root(_) => None,
        }
    }

    fn lang_expr(&mut self, word: &str, text: &Text, doc: Option<Doc>, at: Bytes) -> Option<Expr> {
        let kind = match (find(words::LANGS, word), doc) {
            (Some(Lang::JsonPath), Some(doc)) => ExprKind::Path { doc, path: Box::new(self.path(text)?) },
            (Some(Lang::Intrinsic), Some(doc)) => {
                let call = intrinsic::parse(&text.text);
                ExprKind::Intrinsic { doc, call: Box::new(self.embedded(text, call)?) }
            }
            (Some(Lang::JsonPath | Lang::Intrinsic), None) => {
                self.error(at, format!("`{word}\"…\"` needs `of` and a document"));
                return None;
            }
            (Some(Lang::Jsonata), None) => {
                let ast = jsonata::parse(&text.text).map_err(|error| error.error);
                ExprKind::Jsonata { text: Arc::clone(&text.text), ast: Arc::new(self.embedded(text, ast)?) }
            }
            (Some(Lang::Dotted), doc) => self.dotted(text, doc, at)?,
            _ => {
                self.error(at, format!("`{word}\"…\"` cannot stand here"));
                return None;
            }
        };
        Some(Expr::new(kind, Origin::text(self.span(at), text.map.clone())))
    }

    fn dotted(&mut self, text: &Text, doc: Option<Doc>, at: Bytes) -> Option<ExprKind> {
        let out = match doc {
            None => None,
            Some(Doc::Expr(expr)) if matches!(expr.kind, ExprKind::Out(_)) => match expr.kind {
                ExprKind::Out(node) => Some(node),
                _ => None,
            },
            Some(_) => {
                self.error(at, "a condition is `of` the output of a node");
                return None;
            }
        };
        let cond = self.embedded(text, cond::parse(&text.text))?;
        Some(ExprKind::Dotted { cond: Box::new(cond), out })
    }

    fn path(&mut self, text: &Text) -> Option<jsonpath::Path> {
        self.embedded(text, jsonpath::parse(&text.text))
    }

    fn embedded<T>(&mut self, text: &Text, parsed: Result<T, ExprError>) -> Option<T> {
        parsed.map_err(|error| self.push(error.into_diagnostic(|range| text.map.locate(range)))).ok()
    }

    fn call(&mut self, name: &str, arguments: &[Term<'_>], at: Bytes) -> Option<ExprKind> {
        if let Some(op) = find(words::COMPARES, name) {
            return self.compare(op, arguments, at);
        }
        match (name, arguments) {
            ("and", items) => Some(ExprKind::And(self.exprs(items)?)),
            ("or", items) => Some(ExprKind::Or(self.exprs(items)?)),
            ("not", [inner]) => Some(ExprKind::Not(Box::new(self.expr(inner)?))),
            ("out", [key]) => {
                let name = self.name_of(key)?;
                self.node_called(&name, key.span).map(ExprKind::Out)
            }
            ("var", [name]) => self.name_of(name).map(ExprKind::Var),
            ("secret", [name]) => self.name_of(name).map(ExprKind::Secret),
            ("is" | "is_not", [left, test]) => {
                let left = Box::new(self.expr(left)?);
                Some(ExprKind::Is { left, test: self.one_of(test, words::TESTS)?, want: name == "is" })
            }
            ("opaque", [lang, text]) => {
                Some(ExprKind::Opaque { lang: self.one_of(lang, words::LANGS)?, text: self.name_of(text)? })
            }
            ("put", [into, Term { kind: TermKind::Lang("path", at), .. }, value]) => Some(ExprKind::Put {
                into: Box::new(self.expr(into)?),
                at: Box::new(self.path(at)?),
                value: Box::new(self.expr(value)?),
            }),
            _ => {
                self.error(at, format!("there is no `{name}` with such arguments"));
                None
            }
        }
    }

    fn compare(&mut self, op: CompareOp, arguments: &[Term<'_>], at: Bytes) -> Option<ExprKind> {
        let [left, right] = arguments else {
            self.error(at, "a comparison has two sides");
            return None;
        };
        let (left, right) = (self.expr(left), self.expr(right));
        Some(ExprKind::Compare { left: Box::new(left?), op, right: Box::new(right?) })
    }

    fn name_of(&mut self, term: &Term<'_>) -> Option<Arc<str>> {
        match &term.kind {
            TermKind::Word(word) => Some((*word).into()),
            TermKind::Text(text) => Some(Arc::clone(&text.text)),
            _ => {
                self.error(term.span, "expected a name or string here");
                None
            }
        }
    }

    fn one_of<T: Copy>(&mut self, term: &Term<'_>, table: words::Words<T>) -> Option<T> {
        let found = match &term.kind {
            TermKind::Word(word) => find(table, word),
            _ => None,
        };
        if found.is_none() {
            let words: Vec<&str> = table.iter().map(|(_, word)| *word).collect();
            self.error(term.span, format!("expected one of {} here", words.join(", ")));
        }
        found
    }
}
