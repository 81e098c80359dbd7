//! Tokens to tree, by operator precedence.
//!
//! The grammar follows the reference implementation to the letter, odd corners included: it decides what is
//! accepted where a JSONata expression is deployed. One of the corners: whether `/` starts a regular expression
//! depends on the token before it, but not quite on whether an operand is due. `advance` after a complete
//! operand must forbid it, and the comments below mark where the reference allows it all the same.

mod forms;

use wfc_diag::TextRange;

use super::ast::{Ast, BinaryOp, Expr, List, NodeId, Text};
use super::check;
use super::error::{Parsed, SyntaxError, LIMIT};
use super::lexer::{text, Kind, Lexer, Punct, Token};

/// Bounds on what is parsed, so that no text exhausts the machine.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deep expressions may nest; chains such as `a & b & c` do not.
    pub nesting: u32,
    /// How many bytes an expression may have; at most 1 GiB.
    pub length: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { nesting: 500, length: 1 << 30 }
    }
}

/// Parses an expression (without `{%` and `%}`).
pub fn parse(source: &str) -> Result<Ast, SyntaxError> {
    parse_with(source, Limits::default())
}

/// [`parse`] with limits of one's own. The stack must have about 2 KiB for each level of nesting.
pub fn parse_with(source: &str, limits: Limits) -> Result<Ast, SyntaxError> {
    let allowed = limits.length.min(1 << 30);
    if source.len() > allowed as usize {
        let message = format!("an expression of {} bytes is over the limit of {allowed}", source.len());
        return Err(*SyntaxError::new(LIMIT, TextRange::default(), message));
    }
    Ok(Parser::new(source, limits).whole()?)
}

struct Parser<'s> {
    source: &'s str,
    lexer: Lexer<'s>,
    token: Token,
    /// Where the last consumed token ends.
    behind: u32,
    ast: Ast,
    /// Items of the lists under construction, innermost last.
    pending: Vec<NodeId>,
    depth: u32,
    limits: Limits,
    /// The operand the text ends before. Other mistakes come first, so that it is an error only in the end.
    missing: Option<NodeId>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str, limits: Limits) -> Self {
        Self {
            source,
            lexer: Lexer::new(source),
            token: Token { kind: Kind::End, range: TextRange::default() },
            behind: 0,
            ast: Ast::with_capacity((source.len() / 4).clamp(4, 1024)),
            pending: Vec::new(),
            depth: 0,
            limits,
            missing: None,
        }
    }

    fn whole(mut self) -> Parsed<Ast> {
        self.advance(true)?;
        let root = self.expression(0)?;
        if !matches!(self.token.kind, Kind::End) {
            return Err(self.trailing());
        }
        self.ast.root = root;
        self.ast.text = String::with_capacity(self.source.len() + self.lexer.decoded.len());
        self.ast.text.push_str(self.source);
        self.ast.text.push_str(&self.lexer.decoded);
        check::check(&self.ast, self.missing)?;
        Ok(self.ast)
    }

    fn trailing(&self) -> Box<SyntaxError> {
        let message = format!("the expression ends before {}", self.found());
        let help = match self.at(Punct::Bar) {
            true => "one condition or the other is `a or b`",
            false => "an operator is missing, or a bracket is closed twice; `;` separates only within `( )`",
        };
        SyntaxError::new("S0201", self.token.range, message).label("not part of it").help(help)
    }

    /// An expression whose infix operators all bind tighter than `power`.
    fn expression(&mut self, power: u8) -> Parsed<NodeId> {
        self.depth += 1;
        if self.depth > self.limits.nesting {
            let message = format!("the expression nests deeper than the limit of {}", self.limits.nesting);
            return Err(SyntaxError::new(LIMIT, self.token.range, message));
        }
        let token = self.token;
        self.advance(false)?;
        let mut left = self.operand(token)?;
        while let Some(punct) = self.infix_above(power) {
            self.advance(true)?;
            left = self.infix(left, punct)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn infix_above(&self, power: u8) -> Option<Punct> {
        match self.token.kind {
            Kind::Punct(punct) if binding_power(punct) > power => Some(punct),
            _ => None,
        }
    }

    /// What starts an expression; `token` is consumed.
    fn operand(&mut self, token: Token) -> Parsed<NodeId> {
        let expr = match token.kind {
            Kind::Name(text) => Expr::Name(text),
            Kind::Variable(text) => Expr::Variable(text),
            Kind::String(text) => Expr::String(text),
            Kind::RawString(text) => Expr::RawString(text),
            Kind::Number(number) => Expr::Number(number),
            Kind::Boolean(value) => Expr::Boolean(value),
            Kind::Null => Expr::Null,
            Kind::Regex(text) => Expr::Regex(text),
            Kind::Punct(punct) => return self.prefix(punct, token),
            Kind::End => {
                let id = self.ast.push(Expr::Null, token.range);
                self.missing = Some(id);
                return Ok(id);
            }
        };
        Ok(self.ast.push(expr, token.range))
    }

    fn prefix(&mut self, punct: Punct, token: Token) -> Parsed<NodeId> {
        let start = token.range;
        let expr = match punct {
            Punct::OpenParen => self.block()?,
            Punct::OpenBracket => self.array()?,
            Punct::OpenBrace => Expr::Object(self.pairs()?),
            Punct::Bar => self.transform()?,
            Punct::Descendant => Expr::Descendant,
            Punct::Operator(BinaryOp::Multiply) => Expr::Wildcard,
            Punct::Operator(BinaryOp::Modulo) => Expr::Parent,
            Punct::Operator(BinaryOp::Subtract) => Expr::Negate(self.expression(70)?),
            Punct::Operator(BinaryOp::And | BinaryOp::Or | BinaryOp::In) => {
                Expr::Name(text(start.start as usize, start.end as usize))
            }
            _ => return Err(self.not_an_operand(token)),
        };
        Ok(match expr {
            Expr::Descendant | Expr::Wildcard | Expr::Parent | Expr::Name(_) => self.ast.push(expr, start),
            _ => self.finish(expr, start),
        })
    }

    fn not_an_operand(&self, token: Token) -> Box<SyntaxError> {
        let sign = self.lexer.excerpt(token.range);
        let error = SyntaxError::new("S0211", token.range, format!("`{sign}` cannot start an expression"));
        match sign.as_str() {
            "=" => error.help("equality is a single `=`"),
            "&" => error.help("`&` joins strings; both conditions together are `a and b`"),
            "/" => error.help("a regular expression cannot stand right behind an opening bracket or a prefix"),
            ")" | "]" | "}" | "," | ";" | ":" => error.label("an expression is missing before this"),
            _ => error.label("its left operand is missing"),
        }
    }

    /// The form that `punct`, consumed, builds on `left`.
    fn infix(&mut self, left: NodeId, punct: Punct) -> Parsed<NodeId> {
        let expr = match punct {
            Punct::Dot => Expr::Path { left, right: self.expression(75)? },
            Punct::OpenBracket => return self.filter(left),
            Punct::OpenParen => return self.call(left),
            Punct::OpenBrace => Expr::Group { left, pairs: self.pairs()? },
            Punct::Caret => Expr::Sort { left, terms: self.sort_terms()? },
            Punct::At => Expr::Focus { left, variable: self.bound_variable("@")? },
            Punct::Hash => Expr::Position { left, variable: self.bound_variable("#")? },
            Punct::Bind => return self.bind(left),
            Punct::Question => self.conditional(left)?,
            Punct::Operator(op) => {
                let right = self.expression(operand_power(op))?;
                Expr::Binary { op, left, right }
            }
            _ => return Err(self.not_an_operand(self.token)),
        };
        Ok(self.finish(expr, self.ast.range(left)))
    }

    /// Adds a node from the start of `first` to the last consumed token.
    fn finish(&mut self, expr: Expr, first: TextRange) -> NodeId {
        let range = TextRange { start: first.start, end: self.behind };
        self.ast.push(expr, range)
    }

    fn advance(&mut self, regex: bool) -> Parsed<()> {
        self.behind = self.token.range.end;
        self.token = self.lexer.next(regex)?;
        match self.token.kind {
            Kind::Punct(Punct::Exclamation | Punct::Tilde) => Err(self.unknown_operator()),
            _ => Ok(()),
        }
    }

    fn unknown_operator(&self) -> Box<SyntaxError> {
        let error = SyntaxError::new("S0204", self.token.range, format!("{} is no operator", self.found()));
        match self.token.is(Punct::Tilde) {
            true => error.help("the function chain is `~>`"),
            false => error.help("unequal is `!=`, the negation is `$not(…)`"),
        }
    }

    fn at(&self, punct: Punct) -> bool {
        self.token.is(punct)
    }

    /// Consumes `punct` or refuses what is there; `regex` speaks of the token behind it.
    fn expect(&mut self, punct: Punct, sign: &str, regex: bool) -> Parsed<()> {
        if self.at(punct) {
            return self.advance(regex);
        }
        if matches!(self.token.kind, Kind::End) {
            let message = format!("the expression ends where `{sign}` is due");
            return Err(SyntaxError::new("S0203", self.token.range, message).label("ends here"));
        }
        let message = format!("expected `{sign}`, found {}", self.found());
        Err(SyntaxError::new("S0202", self.token.range, message).label(format!("`{sign}` is due here")))
    }

    /// Consumes `punct` if it is there.
    fn accept(&mut self, punct: Punct) -> Parsed<bool> {
        let there = self.at(punct);
        if there {
            self.advance(true)?;
        }
        Ok(there)
    }

    fn found(&self) -> String {
        match self.token.kind {
            Kind::End => "the end of the expression".to_owned(),
            _ => format!("`{}`", self.lexer.excerpt(self.token.range)),
        }
    }

    /// Makes a list of what was put on `pending` since it had `mark` items.
    fn list(&mut self, mark: usize) -> List {
        self.ast.push_list(self.pending.drain(mark..))
    }

    /// What is below all `[]` on `id`; they do not change what kind of thing it is.
    fn without_keep_array(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while let Expr::KeepArray { left } = self.ast.expr(at) {
            at = left;
        }
        at
    }

    fn variable(&self, id: NodeId) -> Option<NodeId> {
        let id = self.without_keep_array(id);
        matches!(self.ast.expr(id), Expr::Variable(_)).then_some(id)
    }

    fn token_text(&self, text: Text) -> &str {
        self.lexer.text(text)
    }
}

/// How tight an infix operator binds; 0 for what is none.
fn binding_power(punct: Punct) -> u8 {
    match punct {
        Punct::OpenBracket | Punct::OpenParen | Punct::At | Punct::Hash => 80,
        Punct::Dot => 75,
        Punct::OpenBrace => 70,
        Punct::Caret => 40,
        Punct::Question => 20,
        Punct::Bind => 10,
        Punct::Operator(op) => operator_power(op),
        _ => 0,
    }
}

fn operator_power(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 60,
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Concat => 50,
        BinaryOp::And => 30,
        BinaryOp::Or => 25,
        _ => 40,
    }
}

/// What the right operand must bind tighter than: the defaults take everything that follows.
fn operand_power(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Default | BinaryOp::Coalesce => 0,
        _ => operator_power(op),
    }
}
