//! Tree to text, in one canonical layout; the text parses back to an equal tree.

use std::fmt::{self, Write};

use super::ast::{Ast, BinaryOp, Expr, List, NodeId, Order, Text};
use super::lexer::ends_name;

/// The expression as text: one line, single spaces, strings in single quotes where they can be.
pub fn print(ast: &Ast) -> String {
    let mut printer = Printer { ast, out: String::with_capacity(ast.text.len()), spine: Vec::new() };
    printer.node(ast.root());
    printer.out
}

impl fmt::Display for Ast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

struct Printer<'a> {
    ast: &'a Ast,
    out: String,
    /// The postfix and infix forms whose left side is being printed.
    spine: Vec<NodeId>,
}

impl Printer<'_> {
    fn node(&mut self, id: NodeId) {
        let mark = self.spine.len();
        let leaf = self.ast.spine(id, &mut self.spine);
        self.leaf(leaf);
        while self.spine.len() > mark {
            if let Some(form) = self.spine.pop() {
                self.form(self.ast.expr(form));
            }
        }
    }

    fn leaf(&mut self, id: NodeId) {
        match self.ast.expr(id) {
            Expr::Name(text) => self.name(text),
            Expr::Variable(text) => {
                self.put("$");
                self.text(text);
            }
            Expr::String(text) => self.string(text),
            Expr::RawString(text) | Expr::Regex(text) => self.text(text),
            Expr::Number(number) => self.number(number),
            Expr::Boolean(true) => self.put("true"),
            Expr::Boolean(false) => self.put("false"),
            Expr::Null => self.put("null"),
            Expr::Wildcard => self.put("*"),
            Expr::Descendant => self.put("**"),
            Expr::Parent => self.put("%"),
            Expr::Placeholder => self.put("?"),
            other => self.nested(other),
        }
    }

    fn nested(&mut self, expr: Expr) {
        match expr {
            Expr::Negate(operand) => self.joined("-", operand),
            Expr::Bind { variable, value } => self.two(variable, " := ", value),
            Expr::Range { from, to } => self.two(from, "..", to),
            Expr::Array(items) => self.enclosed("[", items, ", ", "]"),
            Expr::Block(items) => self.enclosed("(", items, "; ", ")"),
            Expr::Object(pairs) => self.pairs(pairs),
            Expr::SortTerm { order, key } => self.joined(order_sign(order), key),
            Expr::Lambda { parameters, signature, body } => self.lambda(parameters, signature, body),
            Expr::Transform { pattern, update, delete } => {
                self.joined("|", pattern);
                self.joined("|", update);
                delete.into_iter().for_each(|delete| self.joined(", ", delete));
                self.put("|");
            }
            _ => {}
        }
    }

    /// What stands behind the left side of a form.
    fn form(&mut self, expr: Expr) {
        match expr {
            Expr::Binary { op, right, .. } => self.operator(op, right),
            Expr::Path { right, .. } => self.joined(".", right),
            Expr::Filter { predicate, .. } => {
                self.joined("[", predicate);
                self.put("]");
            }
            Expr::KeepArray { .. } => self.put("[]"),
            Expr::Group { pairs, .. } => self.pairs(pairs),
            Expr::Sort { terms, .. } => self.enclosed("^(", terms, ", ", ")"),
            Expr::Focus { variable, .. } => self.joined("@", variable),
            Expr::Position { variable, .. } => self.joined("#", variable),
            Expr::Call { arguments, .. } => self.enclosed("(", arguments, ", ", ")"),
            Expr::Conditional { then, otherwise, .. } => {
                self.joined(" ? ", then);
                otherwise.into_iter().for_each(|otherwise| self.joined(" : ", otherwise));
            }
            _ => {}
        }
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn text(&mut self, text: Text) {
        self.out.push_str(self.ast.text(text));
    }

    fn joined(&mut self, before: &str, id: NodeId) {
        self.put(before);
        self.node(id);
    }

    fn two(&mut self, first: NodeId, between: &str, second: NodeId) {
        self.node(first);
        self.joined(between, second);
    }

    fn operator(&mut self, op: BinaryOp, right: NodeId) {
        self.put(" ");
        self.put(op.symbol());
        self.joined(" ", right);
    }

    fn enclosed(&mut self, open: &str, items: List, separator: &str, close: &str) {
        self.put(open);
        self.separated(items, separator);
        self.put(close);
    }

    fn separated(&mut self, items: List, separator: &str) {
        for (index, &item) in self.ast.list(items).iter().enumerate() {
            self.joined(if index == 0 { "" } else { separator }, item);
        }
    }

    fn pairs(&mut self, pairs: List) {
        self.put("{");
        for (index, &part) in self.ast.list(pairs).iter().enumerate() {
            let before = match index {
                0 => "",
                _ if index % 2 == 1 => ": ",
                _ => ", ",
            };
            self.joined(before, part);
        }
        self.put("}");
    }

    fn lambda(&mut self, parameters: List, signature: Text, body: NodeId) {
        self.enclosed("function(", parameters, ", ", ")");
        if !self.ast.text(signature).is_empty() {
            self.put("<");
            self.text(signature);
            self.put(">");
        }
        self.joined(" { ", body);
        self.put(" }");
    }

    fn name(&mut self, text: Text) {
        let name = self.ast.text(text);
        // A name with a backtick in it was written bare, the only way to write it.
        let quote = if is_bare(name) || name.contains('`') { "" } else { "`" };
        self.put(quote);
        self.put(name);
        self.put(quote);
    }

    fn number(&mut self, number: f64) {
        let text = format!("{number:?}");
        self.put(text.strip_suffix(".0").unwrap_or(&text));
    }

    fn string(&mut self, text: Text) {
        let text = self.ast.text(text);
        // There is no escape for a single quote.
        let quote = if text.contains('\'') { '"' } else { '\'' };
        self.out.push(quote);
        for c in text.chars() {
            self.string_char(c, quote);
        }
        self.out.push(quote);
    }

    fn string_char(&mut self, c: char, quote: char) {
        match c {
            '\\' => self.put("\\\\"),
            '\n' => self.put("\\n"),
            '\r' => self.put("\\r"),
            '\t' => self.put("\\t"),
            '"' if quote == '"' => self.put("\\\""),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(self.out, "\\u{:04x}", u32::from(c));
            }
            c => self.out.push(c),
        }
    }
}

fn order_sign(order: Order) -> &'static str {
    match order {
        Order::Unmarked => "",
        Order::Ascending => "<",
        Order::Descending => ">",
    }
}

/// Whether `name` is read back as that name without backticks.
fn is_bare(name: &str) -> bool {
    let starts = |b: u8| !b.is_ascii_digit() && !matches!(b, b'$' | b'"' | b'\'' | b'`');
    let word = !matches!(name, "and" | "or" | "in" | "true" | "false" | "null" | "function" | "λ");
    word && name.bytes().next().is_some_and(starts) && !name.bytes().any(ends_name)
}
