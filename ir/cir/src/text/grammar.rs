//! Tokens to statements: the shape of the text, before anybody knows what its words mean.

use chumsky::input::{MappedInput, ValueInput};
use chumsky::prelude::*;
use wfc_diag::{Diagnostic, FileId, Span};
use wfc_expr::Value;

use super::lex::{tokens, Text, Token};
use crate::rules::CIR_SYNTAX;

/// A word, what stands behind it, and a value or block.
#[derive(Clone, Debug)]
pub(super) struct Stmt<'s> {
    pub(super) name: &'s str,
    pub(super) atoms: Vec<Atom<'s>>,
    pub(super) body: Body<'s>,
    /// From the name to the last atom.
    pub(super) span: Bytes,
}

/// What a statement ends with.
#[derive(Clone, Debug)]
pub(super) enum Body<'s> {
    None,
    Value(Term<'s>),
    Block(Vec<Stmt<'s>>),
}

/// What stands behind the name of a statement.
#[derive(Clone, Debug)]
pub(super) struct Atom<'s> {
    pub(super) token: Token<'s>,
    pub(super) span: Bytes,
}

/// An expression whose words have no meaning yet.
#[derive(Clone, Debug)]
pub(super) struct Term<'s> {
    pub(super) kind: TermKind<'s>,
    pub(super) span: Bytes,
}

#[derive(Clone, Debug)]
pub(super) enum TermKind<'s> {
    Word(&'s str),
    Number(&'s str),
    Text(Text),
    Json(Value),
    Lang(&'s str, Text),
    Object(Vec<(Text, Term<'s>)>),
    Array(Vec<Term<'s>>),
    Call(&'s str, Vec<Term<'s>>),
    Paren(Box<Term<'s>>),
    /// `a of b of c`, at least two.
    Of(Vec<Term<'s>>),
}

/// A range of bytes in the text.
pub(super) type Bytes = SimpleSpan<usize>;
type Failure<'t, 's> = extra::Err<Rich<'t, Token<'s>, Bytes>>;
type Tokens<'t, 's> = MappedInput<'t, Token<'s>, Bytes, &'t [(Token<'s>, Bytes)]>;

/// The statements of a text, or the first mistake.
pub(super) fn parse(file: FileId, source: &str) -> Result<Vec<Stmt<'_>>, Vec<Diagnostic>> {
    let tokens = bounded(file, source)?;
    let parser = statements().then_ignore(end());
    let parsed = parser.parse(input(&tokens, source));
    finish(file, parsed)
}

/// One expression, or the first mistake.
pub(super) fn parse_term(file: FileId, source: &str) -> Result<Term<'_>, Vec<Diagnostic>> {
    let tokens = bounded(file, source)?;
    let parser = term().then_ignore(end());
    let parsed = parser.parse(input(&tokens, source));
    finish(file, parsed)
}

type Bounded<'s> = Vec<(Token<'s>, Bytes)>;

/// The tokens, nested no deeper than the recursion of the parser may go.
fn bounded(file: FileId, source: &str) -> Result<Bounded<'_>, Vec<Diagnostic>> {
    let tokens = tokens(file, source).map_err(|error| vec![*error])?;
    Ok(tokens.into_iter().map(|(token, range)| (token, Bytes::from(range))).collect())
}

fn input<'t, 's>(tokens: &'t Bounded<'s>, source: &'s str) -> Tokens<'t, 's> {
    tokens.as_slice().split_token_span(Bytes::from(source.len()..source.len()))
}

fn finish<'s, T>(file: FileId, parsed: ParseResult<T, Rich<'_, Token<'s>, Bytes>>) -> Result<T, Vec<Diagnostic>> {
    parsed.into_result().map_err(|errors| errors.iter().map(|error| diagnostic(file, error)).collect())
}

fn diagnostic(file: FileId, error: &Rich<'_, Token<'_>, Bytes>) -> Diagnostic {
    let span = error.span();
    let found = error.found().map_or("the end of the text".to_owned(), |token| token.to_string());
    let mut expected: Vec<String> =
        error.expected().map(|pattern| pattern.to_string().trim_matches('\'').to_owned()).collect();
    expected.sort();
    expected.dedup();
    let mut message = format!("{found} cannot stand here");
    if let Some((last, rest)) = expected.split_last() {
        let or = if rest.is_empty() { "" } else { " or " };
        message = format!("{message}: expected {}{or}{last}", rest.join(", "));
    }
    Diagnostic::new(&CIR_SYNTAX, Span::new(file, span.start, span.end), message)
}

fn statements<'t, 's: 't>() -> impl Parser<'t, Tokens<'t, 's>, Vec<Stmt<'s>>, Failure<'t, 's>> + Clone {
    recursive(|statements| {
        let block = statements.delimited_by(just(Token::Punct('{')), just(Token::Punct('}')));
        let body = choice((
            just(Token::Punct(';')).to(Body::None),
            block.map(Body::Block),
            term()
                .map(Body::Value)
                .delimited_by(just(Token::Punct('=')), just(Token::Punct(';')))
                .labelled("`=` and a value"),
        ));
        let head = word().then(atom().repeated().collect::<Vec<_>>()).map_with(|head, e| (head, e.span()));
        head.then(body)
            .map(|(((name, atoms), span), body)| Stmt { name, atoms, body, span })
            .labelled("a statement")
            .repeated()
            .collect()
    })
}

fn word<'t, 's: 't, I: ValueInput<'t, Token = Token<'s>, Span = Bytes>>(
) -> impl Parser<'t, I, &'s str, Failure<'t, 's>> + Clone {
    select! { Token::Word(word) => word }.labelled("a word")
}

fn atom<'t, 's: 't>() -> impl Parser<'t, Tokens<'t, 's>, Atom<'s>, Failure<'t, 's>> + Clone {
    select! {
        token @ (Token::Word(_) | Token::Number(_) | Token::Text(_) | Token::Arrow) => token
    }
    .labelled("a word, number or string")
    .map_with(|token, e| Atom { token, span: e.span() })
}

fn term<'t, 's: 't>() -> impl Parser<'t, Tokens<'t, 's>, Term<'s>, Failure<'t, 's>> + Clone {
    recursive(|term| {
        let comma = || just(Token::Punct(','));
        let terms = term.clone().separated_by(comma()).allow_trailing().collect::<Vec<_>>();
        let field = select! { Token::Text(text) => text }.labelled("a string");
        let field = field.then_ignore(just(Token::Punct(':'))).then(term.clone());
        let fields = field.separated_by(comma()).allow_trailing().collect();
        let arguments = terms.clone().delimited_by(just(Token::Punct('(')), just(Token::Punct(')')));
        let leaf = select! {
            Token::Number(number) => TermKind::Number(number),
            Token::Text(text) => TermKind::Text(text),
            Token::Json(value) => TermKind::Json(value),
            Token::Lang(lang, text) => TermKind::Lang(lang, text),
        };
        let called = word().then(arguments.or_not()).map(|(word, arguments)| match arguments {
            Some(arguments) => TermKind::Call(word, arguments),
            None => TermKind::Word(word),
        });
        let primary = choice((
            leaf,
            called,
            fields.map(TermKind::Object).delimited_by(just(Token::Punct('{')), just(Token::Punct('}'))),
            terms.map(TermKind::Array).delimited_by(just(Token::Punct('[')), just(Token::Punct(']'))),
            term.map(|term| TermKind::Paren(Box::new(term)))
                .delimited_by(just(Token::Punct('(')), just(Token::Punct(')'))),
        ))
        .map_with(|kind, e| Term { kind, span: e.span() });
        primary
            .separated_by(just(Token::Word("of")))
            .at_least(1)
            .collect::<Vec<_>>()
            .map_with(|mut chain, e| match chain.len() {
                1 => chain.remove(0),
                _ => Term { kind: TermKind::Of(chain), span: e.span() },
            })
            .labelled("an expression")
    })
}
