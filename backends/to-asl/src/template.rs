//! Expressions as values of fields: templates, paths, calls and JSONata.

use std::sync::Arc;

use wfc_cir::{Doc, Expr, ExprKind, Lang, Node, NodeKind, Root};
use wfc_expr::value::Object;
use wfc_expr::{jsonpath, Value};

use crate::refusal::Refusal;
use crate::QueryLanguage;

/// How deep a computed value may nest.
pub(crate) const MAX_DEPTH: usize = 256;

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'m> {
    pub(crate) node: &'m Node,
    pub(crate) language: QueryLanguage,
    /// What `$` means here, in JSONPath.
    pub(crate) dollar: Root,
}

/// An expression as text. In JSONata everything is plain.
pub(crate) enum Written {
    /// The value of a field as it is.
    Plain(Value),
    /// A JSONPath: the value of a field whose name says so.
    Path(String),
    /// A call of an intrinsic function: likewise, where calls are allowed.
    Call(String),
}

impl Place<'_> {
    /// The same node, with another meaning of `$`.
    pub(crate) fn on(self, dollar: Root) -> Self {
        Self { dollar, ..self }
    }

    /// A field that takes a template or, in JSONata, anything.
    pub(crate) fn template(self, expr: &Expr) -> Result<Value, Refusal> {
        match self.write(expr, 0)? {
            Written::Plain(value) => Ok(value),
            Written::Path(_) | Written::Call(_) => Err(Refusal::new(
                "the whole value is computed, and JSONPath can compute members of an object only",
                "make it a member of an object, or write the state in JSONata",
            )
            .at(&expr.origin)),
        }
    }

    /// A field that takes a JSONPath only.
    pub(crate) fn path(self, expr: &Expr) -> Result<String, Refusal> {
        match self.write(expr, 0)? {
            Written::Path(text) => Ok(text),
            _ => Err(Refusal::new("only a JSONPath can stand here", "select the value with a path").at(&expr.origin)),
        }
    }

    /// Sets `field`, or its twin `…Path` if the value is computed. `calls`: whether the twin takes calls.
    pub(crate) fn set(self, fields: &mut Object, field: &str, expr: &Expr, calls: bool) -> Result<(), Refusal> {
        match self.write(expr, 0)? {
            Written::Plain(value) => fields.insert(field, value),
            Written::Path(text) => fields.insert(format!("{}Path", field.trim_end_matches("Path")), text.into()),
            Written::Call(text) if calls => fields.insert(format!("{field}Path"), text.into()),
            Written::Call(_) => {
                let help = "compute the value in a state before this one";
                return Err(Refusal::new("a function cannot be called here", help).at(&expr.origin));
            }
        };
        Ok(())
    }

    /// Sets the member `name` of a template; a computed one is marked as such.
    pub(crate) fn member(self, fields: &mut Object, name: &str, expr: &Expr, depth: usize) -> Result<(), Refusal> {
        let jsonpath = self.language == QueryLanguage::JsonPath;
        match self.write(expr, depth)? {
            Written::Plain(_) if jsonpath && name.ends_with(".$") => return Err(marked_name(name).at(&expr.origin)),
            Written::Plain(value) => fields.insert(name, value),
            Written::Path(text) | Written::Call(text) => fields.insert(format!("{name}.$"), text.into()),
        };
        Ok(())
    }

    /// The expression as the language of the state writes it.
    pub(crate) fn write(self, expr: &Expr, depth: usize) -> Result<Written, Refusal> {
        if depth > MAX_DEPTH {
            let what = format!("the value is nested deeper than the limit of {MAX_DEPTH} levels");
            return Err(Refusal::new(what, "split it").at(&expr.origin));
        }
        match &expr.kind {
            ExprKind::Literal(value) => self.literal(value).map(Written::Plain),
            ExprKind::Object(members) => self.object(members, depth).map(Written::Plain),
            ExprKind::Array(items) => self.array(items, depth).map(Written::Plain),
            ExprKind::Opaque { lang, text } => Ok(opaque(*lang, text)),
            _ => match self.language {
                QueryLanguage::JsonPath => self.in_jsonpath(expr),
                QueryLanguage::Jsonata => self.in_jsonata(expr),
            },
        }
        .map_err(|refusal| refusal.at(&expr.origin))
    }

    fn object(self, members: &[(Arc<str>, Expr)], depth: usize) -> Result<Value, Refusal> {
        let mut fields = Object::default();
        for (name, value) in members {
            self.member(&mut fields, name, value, depth + 1)?;
        }
        Ok(fields.into())
    }

    fn array(self, items: &[Expr], depth: usize) -> Result<Value, Refusal> {
        let item = |expr: &Expr| match self.write(expr, depth + 1)? {
            Written::Plain(value) => Ok(value),
            Written::Path(_) | Written::Call(_) => Err(Refusal::new(
                "an item of an array is computed, and JSONPath can compute members of an object only",
                "compute the whole array with `States.Array`, or write the state in JSONata",
            )
            .at(&expr.origin)),
        };
        items.iter().map(item).collect::<Result<Vec<_>, _>>().map(Value::from)
    }

    /// A value as it is, unless the service would compute something in it.
    fn literal(self, value: &Value) -> Result<Value, Refusal> {
        let mut work = vec![value];
        while let Some(value) = work.pop() {
            match (value, self.language) {
                (Value::String(text), QueryLanguage::Jsonata) if is_delimited(text) => {
                    let what = format!("the text {value} would be read as an expression");
                    return Err(Refusal::new(what, "write it as a JSONata string, in `{% … %}` and quotes"));
                }
                (Value::Object(members), QueryLanguage::JsonPath) => {
                    if let Some(name) = members.keys().find(|name| name.ends_with(".$")) {
                        return Err(marked_name(name));
                    }
                    work.extend(members.values());
                }
                (Value::Object(members), QueryLanguage::Jsonata) => work.extend(members.values()),
                (Value::Array(items), _) => work.extend(items.iter()),
                _ => {}
            }
        }
        Ok(value.clone())
    }

    fn in_jsonpath(self, expr: &Expr) -> Result<Written, Refusal> {
        match &expr.kind {
            ExprKind::Path { doc, path } => {
                if path.root == jsonpath::Root::Doc || path.nested().iter().any(|p| p.root == jsonpath::Root::Doc) {
                    self.require_dollar(doc)?;
                }
                Ok(Written::Path(path.to_string()))
            }
            ExprKind::Intrinsic { doc, call } => {
                if call.refs().iter().any(|path| path.root == jsonpath::Root::Doc) {
                    self.require_dollar(doc)?;
                }
                Ok(Written::Call(call.to_string()))
            }
            ExprKind::Root(Root::Context) => Ok(Written::Path("$$".into())),
            ExprKind::Root(Root::Item) => Ok(Written::Path("$$.Map.Item.Value".into())),
            ExprKind::Root(root) => self.require_root(*root).map(|()| Written::Path("$".into())),
            ExprKind::Var(name) => Ok(Written::Path(format!("${name}"))),
            ExprKind::Jsonata { .. } => Err(Refusal::new(
                "it is JSONata in a state written in JSONPath",
                "write the whole state in one language",
            )),
            _ => Err(no_words(expr)),
        }
    }

    fn in_jsonata(self, expr: &Expr) -> Result<Written, Refusal> {
        let text = match &expr.kind {
            ExprKind::Jsonata { text, .. } => return Ok(Written::Plain(delimited(text))),
            ExprKind::Var(name) => format!("${name}"),
            ExprKind::Root(root) => self.jsonata_root(*root)?.to_owned(),
            ExprKind::Path { .. } | ExprKind::Intrinsic { .. } | ExprKind::Put { .. } => {
                let what = "it is JSONPath in a state written in JSONata";
                return Err(Refusal::new(what, "write the whole state in one language"));
            }
            _ => return Err(no_words(expr)),
        };
        Ok(Written::Plain(delimited(&text)))
    }

    fn jsonata_root(self, root: Root) -> Result<&'static str, Refusal> {
        match same_document(self.node, root) {
            Root::Raw => Ok("$states.input"),
            Root::Result => Ok("$states.result"),
            Root::Error => Ok("$states.errorOutput"),
            Root::Context => Ok("$states.context"),
            Root::Item => Ok("$states.context.Map.Item.Value"),
            Root::Input | Root::Args => {
                Err(Refusal::new("it reads what the work was given", "compute it from the state's input again"))
            }
        }
    }

    /// Refuses a document that `$` does not mean here.
    pub(crate) fn require_dollar(self, doc: &Doc) -> Result<(), Refusal> {
        match doc {
            Doc::Root(root) => self.require_root(*root),
            Doc::Expr(inner) => match inner.kind {
                ExprKind::Root(root) => self.require_root(root),
                _ => Err(Refusal::new("a path is applied to a computed value", "compute the value in a state before")),
            },
        }
    }

    fn require_root(self, root: Root) -> Result<(), Refusal> {
        if self.is(root, self.dollar) {
            return Ok(());
        }
        let what = format!("it reads {}, but `$` means {} here", words(root), words(self.dollar));
        Err(Refusal::new(what, "keep the value in a variable, or write the state in JSONata"))
    }

    /// Whether two documents of the node are always the same value.
    pub(crate) fn is(self, one: Root, other: Root) -> bool {
        same_document(self.node, one) == same_document(self.node, other)
    }
}

/// The first document that is always the same as this one.
fn same_document(node: &Node, mut root: Root) -> Root {
    if root == Root::Result && node.io.result.is_none() {
        root = match node.kind {
            NodeKind::Assign | NodeKind::Return(_) => Root::Args,
            NodeKind::Choice { .. } | NodeKind::Wait(_) => Root::Input,
            _ => Root::Result,
        };
    }
    if root == Root::Args && node.io.args.is_none() && !matches!(node.kind, NodeKind::ForEach(_)) {
        root = Root::Input;
    }
    if root == Root::Input && node.io.input.is_none() {
        root = Root::Raw;
    }
    root
}

/// JSONata between its delimiters; blanks that were written there are part of the text.
pub(crate) fn delimited(text: &str) -> Value {
    let blank = if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) { "" } else { " " };
    format!("{{%{blank}{text}{blank}%}}").into()
}

/// Text that is only known at deployment stands where it stood.
fn opaque(lang: Lang, text: &Arc<str>) -> Written {
    match lang {
        Lang::JsonPath => Written::Path(text.to_string()),
        Lang::Intrinsic => Written::Call(text.to_string()),
        Lang::Jsonata if !text.starts_with("{%") => Written::Plain(delimited(text)),
        _ => Written::Plain(Arc::clone(text).into()),
    }
}

fn marked_name(name: &str) -> Refusal {
    let what = format!("the member `{name}` would be computed, because its name ends in `.$`");
    Refusal::new(what, "rename the member, or write the state in JSONata")
}

fn no_words(expr: &Expr) -> Refusal {
    match &expr.kind {
        ExprKind::Out(_) | ExprKind::Dotted { .. } => {
            Refusal::new("it reads the output of another node", "pass the value on in the data or in a variable")
        }
        ExprKind::Secret(name) => Refusal::new(
            format!("it reads the secret `{name}`"),
            "let the service that does the work read the secret itself",
        ),
        ExprKind::Put { .. } => Refusal::new(
            "a value is put into a copy of a document",
            "only `ResultPath` does that: put the state's result into its input",
        ),
        _ => Refusal::new("a condition is used as a value", "decide with a Choice state"),
    }
}

fn words(root: Root) -> &'static str {
    match root {
        Root::Raw => "the state's raw input",
        Root::Input => "the state's input",
        Root::Args => "what the work was given",
        Root::Result => "the result",
        Root::Error => "the error",
        Root::Context => "the context object",
        Root::Item => "the item",
    }
}

/// Whether the service reads a text as JSONata.
fn is_delimited(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}
