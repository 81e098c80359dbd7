//! The forms of the grammar with parts of their own: brackets, calls, functions, bindings.

use super::*;
use crate::jsonata::ast::Order;
use crate::jsonata::signature;

impl Parser<'_> {
    /// `( a; b )`, behind the bracket.
    pub(super) fn block(&mut self) -> Parsed<Expr> {
        let mark = self.pending.len();
        while !self.at(Punct::CloseParen) {
            let item = self.expression(0)?;
            self.pending.push(item);
            if !self.accept(Punct::Semicolon)? {
                break;
            }
        }
        self.expect(Punct::CloseParen, ")", false)?;
        Ok(Expr::Block(self.list(mark)))
    }

    /// `[ a, b..c ]`, behind the bracket.
    pub(super) fn array(&mut self) -> Parsed<Expr> {
        let mark = self.pending.len();
        if !self.at(Punct::CloseBracket) {
            loop {
                let item = self.array_item()?;
                self.pending.push(item);
                if !self.accept(Punct::Comma)? {
                    break;
                }
            }
        }
        self.expect(Punct::CloseBracket, "]", false)?;
        Ok(Expr::Array(self.list(mark)))
    }

    fn array_item(&mut self) -> Parsed<NodeId> {
        let from = self.expression(0)?;
        if !self.accept(Punct::Range)? {
            return Ok(from);
        }
        let to = self.expression(0)?;
        Ok(self.finish(Expr::Range { from, to }, self.ast.range(from)))
    }

    /// `key: value, …}`, behind the brace.
    pub(super) fn pairs(&mut self) -> Parsed<List> {
        let mark = self.pending.len();
        if !self.at(Punct::CloseBrace) {
            loop {
                let key = self.expression(0)?;
                self.pending.push(key);
                self.expect(Punct::Colon, ":", true)?;
                let value = self.expression(0)?;
                self.pending.push(value);
                if !self.accept(Punct::Comma)? {
                    break;
                }
            }
        }
        self.expect(Punct::CloseBrace, "}", false)?;
        Ok(self.list(mark))
    }

    /// `|pattern|update, delete|`, behind the first bar. A regular expression may follow the last one.
    pub(super) fn transform(&mut self) -> Parsed<Expr> {
        let pattern = self.expression(0)?;
        self.expect(Punct::Bar, "|", true)?;
        let update = self.expression(0)?;
        let delete = match self.accept(Punct::Comma)? {
            true => Some(self.expression(0)?),
            false => None,
        };
        self.expect(Punct::Bar, "|", true)?;
        Ok(Expr::Transform { pattern, update, delete })
    }

    /// `left[predicate]` or `left[]`, behind the bracket. A regular expression may follow `[]`.
    pub(super) fn filter(&mut self, left: NodeId) -> Parsed<NodeId> {
        let first = self.ast.range(left);
        if self.accept(Punct::CloseBracket)? {
            return Ok(self.finish(Expr::KeepArray { left }, first));
        }
        let predicate = self.expression(0)?;
        self.expect(Punct::CloseBracket, "]", false)?;
        Ok(self.finish(Expr::Filter { left, predicate }, first))
    }

    /// `left^(<a, >b)`, behind the caret. A regular expression may follow.
    pub(super) fn sort_terms(&mut self) -> Parsed<List> {
        let mark = self.pending.len();
        self.expect(Punct::OpenParen, "(", true)?;
        loop {
            let term = self.sort_term()?;
            self.pending.push(term);
            if !self.accept(Punct::Comma)? {
                break;
            }
        }
        self.expect(Punct::CloseParen, ")", true)?;
        Ok(self.list(mark))
    }

    fn sort_term(&mut self) -> Parsed<NodeId> {
        let first = self.token.range;
        let order = if self.accept(Punct::Operator(BinaryOp::Less))? {
            Order::Ascending
        } else if self.accept(Punct::Operator(BinaryOp::Greater))? {
            Order::Descending
        } else {
            Order::Unmarked
        };
        let key = self.expression(0)?;
        Ok(self.finish(Expr::SortTerm { order, key }, first))
    }

    /// The variable of `left@$v` or `left#$v`, behind the `sign`.
    pub(super) fn bound_variable(&mut self, sign: &str) -> Parsed<NodeId> {
        let operand = self.expression(80)?;
        match self.ast.expr(operand) {
            Expr::Variable(_) => Ok(operand),
            _ => {
                let message = format!("the right side of `{sign}` must be a variable name");
                Err(SyntaxError::new("S0214", self.ast.range(operand), message).help(format!("write `{sign}$name`")))
            }
        }
    }

    /// `$v := value`, behind the sign; binds to the right.
    pub(super) fn bind(&mut self, left: NodeId) -> Parsed<NodeId> {
        let first = self.ast.range(left);
        let Some(variable) = self.variable(left) else {
            return Err(SyntaxError::new("S0212", first, "the left side of `:=` must be a variable name")
                .help("write `$name := value`; for a comparison `=`"));
        };
        let value = self.expression(9)?;
        Ok(self.finish(Expr::Bind { variable, value }, first))
    }

    /// `left ? then : otherwise`, behind the question mark.
    pub(super) fn conditional(&mut self, left: NodeId) -> Parsed<Expr> {
        let then = self.expression(0)?;
        let otherwise = match self.accept(Punct::Colon)? {
            true => Some(self.expression(0)?),
            false => None,
        };
        Ok(Expr::Conditional { left, then, otherwise })
    }

    /// `left(a, ?)`, behind the bracket; a function definition if `left` is the word for it.
    pub(super) fn call(&mut self, left: NodeId) -> Parsed<NodeId> {
        let mark = self.pending.len();
        if !self.at(Punct::CloseParen) {
            loop {
                let argument = self.argument()?;
                self.pending.push(argument);
                if !self.accept(Punct::Comma)? {
                    break;
                }
            }
        }
        self.expect(Punct::CloseParen, ")", false)?;
        let first = self.ast.range(left);
        let expr = match self.defines_function(left) {
            true => self.lambda(mark)?,
            false => Expr::Call { left, arguments: self.list(mark) },
        };
        Ok(self.finish(expr, first))
    }

    fn argument(&mut self) -> Parsed<NodeId> {
        let range = self.token.range;
        match self.accept(Punct::Question)? {
            true => Ok(self.ast.push(Expr::Placeholder, range)),
            false => self.expression(0),
        }
    }

    fn defines_function(&self, left: NodeId) -> bool {
        match self.ast.expr(self.without_keep_array(left)) {
            Expr::Name(name) => matches!(self.token_text(name), "function" | "λ"),
            _ => false,
        }
    }

    /// `<signature>{body}` of a function whose parameters are pending since `mark`. A regular expression may
    /// follow.
    fn lambda(&mut self, mark: usize) -> Parsed<Expr> {
        let parameters = self.parameters(mark)?;
        let signature = match self.at(Punct::Operator(BinaryOp::Less)) {
            true => self.signature()?,
            false => text(0, 0),
        };
        self.expect(Punct::OpenBrace, "{", true)?;
        let body = self.expression(0)?;
        self.expect(Punct::CloseBrace, "}", true)?;
        Ok(Expr::Lambda { parameters, signature, body })
    }

    fn parameters(&mut self, mark: usize) -> Parsed<List> {
        for index in mark..self.pending.len() {
            let found = self.pending[index];
            self.pending[index] = self.variable(found).ok_or_else(|| {
                let message = format!("parameter {} of a function must be a variable name", index - mark + 1);
                SyntaxError::new("S0208", self.ast.range(found), message).help("parameters start with `$`")
            })?;
        }
        Ok(self.list(mark))
    }

    /// The signature at the cursor, as written between its brackets. Its meaning is in its tokens put together.
    fn signature(&mut self) -> Parsed<Text> {
        let start = self.token.range.end as usize;
        let mut tokens = signature::Tokens::default();
        tokens.push("<", self.token.range);
        let mut depth = 1u32;
        while depth > 0 && !self.at(Punct::OpenBrace) && !matches!(self.token.kind, Kind::End) {
            self.advance(true)?;
            if self.at(Punct::Operator(BinaryOp::Greater)) {
                depth -= 1;
            } else if self.at(Punct::Operator(BinaryOp::Less)) {
                depth += 1;
            }
            self.signature_token(&mut tokens);
        }
        let end = self.token.range.start as usize;
        self.expect(Punct::Operator(BinaryOp::Greater), ">", true)?;
        tokens.check()?;
        Ok(text(start, end))
    }

    fn signature_token(&self, tokens: &mut signature::Tokens) {
        let range = self.token.range;
        match self.token.kind {
            Kind::Name(name) | Kind::Variable(name) | Kind::String(name) => tokens.push(self.token_text(name), range),
            _ => tokens.push(&self.source[range.range()], range),
        }
    }
}
