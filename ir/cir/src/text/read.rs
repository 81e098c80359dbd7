//! Reading single statements: atoms in order, values, blocks; every mistake is reported and skipped.

use std::str::FromStr;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use wfc_diag::{Diagnostic, FileId, Sink, Span};

use super::grammar::{Atom, Body, Bytes, Stmt};
use super::lex::Token;
use super::words::{find, Words};
use crate::rules::CIR_SYNTAX;
use crate::{Expr, FlowId, NodeId};

/// What is known while a text is read.
pub(super) struct Reader<'r> {
    pub(super) file: FileId,
    pub(super) sink: &'r mut Sink,
    pub(super) failed: bool,
    pub(super) nodes: FxHashMap<Arc<str>, NodeId>,
    pub(super) flows: FxHashMap<Arc<str>, FlowId>,
}

/// The atoms of a statement that have not been read.
pub(super) struct Atoms<'a, 's> {
    atoms: std::slice::Iter<'a, Atom<'s>>,
    /// Where what is missing is reported: the last that was read.
    at: Bytes,
}

impl<'a, 's> Atoms<'a, 's> {
    pub(super) fn of(stmt: &'a Stmt<'s>) -> Self {
        Self { atoms: stmt.atoms.iter(), at: stmt.span }
    }

    fn next(&mut self) -> Option<&'a Token<'s>> {
        let atom = self.atoms.next()?;
        self.at = atom.span;
        Some(&atom.token)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.atoms.len() == 0
    }
}

impl<'r> Reader<'r> {
    pub(super) fn new(file: FileId, sink: &'r mut Sink) -> Self {
        Self { file, sink, failed: false, nodes: FxHashMap::default(), flows: FxHashMap::default() }
    }

    pub(super) fn span(&self, at: Bytes) -> Span {
        Span::new(self.file, at.start, at.end)
    }

    pub(super) fn error(&mut self, at: Bytes, message: impl Into<String>) {
        self.push(Diagnostic::new(&CIR_SYNTAX, self.span(at), message));
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.failed = true;
        self.sink.push(diagnostic);
    }

    fn expected<T>(&mut self, atoms: &Atoms<'_, '_>, what: &str) -> Option<T> {
        self.error(atoms.at, format!("expected {what} here"));
        None
    }

    /// A word or string.
    pub(super) fn name(&mut self, atoms: &mut Atoms<'_, '_>, what: &str) -> Option<Arc<str>> {
        match atoms.next() {
            Some(Token::Word(word)) => Some((*word).into()),
            Some(Token::Text(text)) => Some(Arc::clone(&text.text)),
            _ => self.expected(atoms, what),
        }
    }

    pub(super) fn number<N: FromStr>(&mut self, atoms: &mut Atoms<'_, '_>, what: &str) -> Option<N> {
        let number = match atoms.next() {
            Some(Token::Number(text)) => text.parse().ok(),
            _ => None,
        };
        number.or_else(|| self.expected(atoms, what))
    }

    /// One of the words of a table.
    pub(super) fn word<T: Copy>(&mut self, atoms: &mut Atoms<'_, '_>, table: Words<T>) -> Option<T> {
        let found = match atoms.next() {
            Some(Token::Word(word)) => find(table, word),
            _ => None,
        };
        found.or_else(|| {
            let words: Vec<&str> = table.iter().map(|(_, word)| *word).collect();
            self.expected(atoms, &format!("one of {}", words.join(", ")))
        })
    }

    /// This very word.
    pub(super) fn keyword(&mut self, atoms: &mut Atoms<'_, '_>, word: &str) -> Option<()> {
        match atoms.next() {
            Some(Token::Word(found)) if *found == word => Some(()),
            _ => self.expected(atoms, &format!("`{word}`")),
        }
    }

    /// `-> key`
    pub(super) fn target(&mut self, atoms: &mut Atoms<'_, '_>) -> Option<NodeId> {
        match atoms.next() {
            Some(Token::Arrow) => self.node(atoms),
            _ => self.expected(atoms, "`->`"),
        }
    }

    /// The key of a node.
    pub(super) fn node(&mut self, atoms: &mut Atoms<'_, '_>) -> Option<NodeId> {
        let key = self.name(atoms, "the key of a node")?;
        self.node_called(&key, atoms.at)
    }

    pub(super) fn node_called(&mut self, key: &str, at: Bytes) -> Option<NodeId> {
        let node = self.nodes.get(key).copied();
        if node.is_none() {
            self.error(at, format!("there is no node {key:?}"));
        }
        node
    }

    /// The name of a flow.
    pub(super) fn flow(&mut self, atoms: &mut Atoms<'_, '_>) -> Option<FlowId> {
        let name = self.name(atoms, "the name of a flow")?;
        let flow = self.flows.get(&name).copied();
        if flow.is_none() {
            self.error(atoms.at, format!("there is no flow {name:?}"));
        }
        flow
    }

    /// Everything that is left, as words or strings.
    pub(super) fn names(&mut self, stmt: &Stmt<'_>) -> Vec<Arc<str>> {
        let mut atoms = Atoms::of(stmt);
        let mut names = Vec::new();
        while !atoms.is_empty() {
            names.extend(self.name(&mut atoms, "a string"));
        }
        self.plain(stmt);
        names
    }

    /// Reports what is left.
    pub(super) fn end(&mut self, mut atoms: Atoms<'_, '_>) {
        if atoms.next().is_some() {
            self.error(atoms.at, "nothing is expected here");
        }
    }

    /// A statement of one name and nothing else.
    pub(super) fn one_name(&mut self, stmt: &Stmt<'_>) -> Option<Arc<str>> {
        let mut atoms = Atoms::of(stmt);
        let name = self.name(&mut atoms, "a name or string");
        self.end(atoms);
        self.plain(stmt);
        name
    }

    /// A statement of one number and nothing else.
    pub(super) fn one_number<N: FromStr>(&mut self, stmt: &Stmt<'_>) -> Option<N> {
        let mut atoms = Atoms::of(stmt);
        let number = self.number(&mut atoms, "a number");
        self.end(atoms);
        self.plain(stmt);
        number
    }

    /// A number with its text kept.
    pub(super) fn one_exact_number(&mut self, stmt: &Stmt<'_>) -> Option<wfc_expr::value::Number> {
        let mut atoms = Atoms::of(stmt);
        let number = match atoms.next() {
            Some(Token::Number(text)) => wfc_expr::value::Number::from_text(text),
            _ => self.expected(&atoms, "a number"),
        };
        self.end(atoms);
        self.plain(stmt);
        number
    }

    /// A statement of one word of a table and nothing else.
    pub(super) fn one_word<T: Copy>(&mut self, stmt: &Stmt<'_>, table: Words<T>) -> Option<T> {
        let mut atoms = Atoms::of(stmt);
        let word = self.word(&mut atoms, table);
        self.end(atoms);
        self.plain(stmt);
        word
    }

    /// A statement that is nothing but its name.
    pub(super) fn flag(&mut self, stmt: &Stmt<'_>) -> bool {
        self.end(Atoms::of(stmt));
        self.plain(stmt);
        true
    }

    /// `name = expression;`
    pub(super) fn value(&mut self, stmt: &Stmt<'_>) -> Option<Expr> {
        self.end(Atoms::of(stmt));
        self.value_behind(stmt)
    }

    /// `name key = expression;`
    pub(super) fn entry(&mut self, stmt: &Stmt<'_>) -> Option<(Arc<str>, Expr)> {
        let mut atoms = Atoms::of(stmt);
        let key = self.name(&mut atoms, "a name");
        self.end(atoms);
        Some((key?, self.value_behind(stmt)?))
    }

    fn value_behind(&mut self, stmt: &Stmt<'_>) -> Option<Expr> {
        match &stmt.body {
            Body::Value(term) => self.expr(term),
            _ => {
                self.error(stmt.span, format!("`{}` needs `=` and an expression", stmt.name));
                None
            }
        }
    }

    /// Refuses a value or block.
    pub(super) fn plain(&mut self, stmt: &Stmt<'_>) {
        if !matches!(stmt.body, Body::None) {
            self.error(stmt.span, format!("`{}` has no value and no block", stmt.name));
        }
    }

    /// The statements of a block; none if there is no block.
    pub(super) fn block<'a, 's>(&mut self, stmt: &'a Stmt<'s>) -> &'a [Stmt<'s>] {
        match &stmt.body {
            Body::Block(inner) => inner,
            Body::None => &[],
            Body::Value(_) => {
                self.error(stmt.span, format!("`{}` has a block, not a value", stmt.name));
                &[]
            }
        }
    }

    pub(super) fn unknown(&mut self, stmt: &Stmt<'_>, place: &str) {
        self.error(stmt.span, format!("{place} has no `{}`", stmt.name));
    }
}
