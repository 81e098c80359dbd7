//! Why an evaluation failed: codes and messages as the reference implementation has them.

use std::fmt;

use wfc_diag::TextRange;

use super::item::Item;
use super::json::{error_value, message_json};
use crate::jsonata::error::LIMIT;
use crate::Value;

/// Why an evaluation failed.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalError {
    /// The JSONata code, such as `T1006`; `U1001` where a limit ended the evaluation; the name of the exception
    /// where the reference fails with one of JavaScript's.
    pub code: &'static str,
    /// The message as the reference implementation prints it, without the code.
    pub message: String,
    /// Where in the text of the expression.
    pub range: TextRange,
    /// The value that was wrong.
    pub value: Option<Value>,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for EvalError {}

/// Boxed, so that the recursive functions of the evaluator return something small.
pub(super) type Eval<T> = Result<T, Box<Fault>>;

/// The code where the reference fails with an exception of JavaScript.
pub(super) const EXCEPTION: &str = "TypeError";

/// A failure on its way out; those it passes add what they know.
#[derive(Clone, Default)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    /// The message, if it is not made from the code.
    message: Option<String>,
    /// The operator or function; `Some(None)` where it has no name.
    token: Option<Option<String>>,
    range: Option<TextRange>,
    index: usize,
    value: Item,
    value2: Item,
    kind: Option<&'static str>,
}

impl Fault {
    pub(super) fn new(code: &'static str) -> Fault {
        Fault { code, ..Fault::default() }
    }

    pub(super) fn with_message(code: &'static str, message: impl Into<String>) -> Fault {
        Fault { code, message: Some(message.into()), ..Fault::default() }
    }

    pub(super) fn limit(message: String) -> Fault {
        Self::with_message(LIMIT, message)
    }

    pub(super) fn exception(message: impl Into<String>) -> Fault {
        Self::with_message(EXCEPTION, message)
    }

    pub(super) fn boxed(self) -> Box<Fault> {
        Box::new(self)
    }

    pub(super) fn value(mut self, value: Item) -> Fault {
        self.value = value;
        self
    }

    pub(super) fn value2(mut self, value: Item) -> Fault {
        self.value2 = value;
        self
    }

    pub(super) fn index(mut self, index: usize) -> Fault {
        self.index = index;
        self
    }

    pub(super) fn kind(mut self, kind: Option<&'static str>) -> Fault {
        self.kind = kind;
        self
    }

    pub(super) fn token(mut self, token: impl Into<String>) -> Fault {
        self.token = Some(Some(token.into()));
        self
    }

    pub(super) fn range(mut self, range: TextRange) -> Fault {
        self.range = Some(range);
        self
    }

    /// Adds the place, unless a more precise one is known.
    pub(super) fn at(mut self: Box<Fault>, range: TextRange) -> Box<Fault> {
        self.range.get_or_insert(range);
        self
    }

    /// Adds the name of the function that was called, unless one is known.
    pub(super) fn calling(mut self: Box<Fault>, name: impl FnOnce() -> Option<String>) -> Box<Fault> {
        self.token.get_or_insert_with(name);
        self
    }

    /// Sets the operator, whatever was known.
    pub(super) fn operator(mut self: Box<Fault>, symbol: &str) -> Box<Fault> {
        self.token = Some(Some(symbol.to_owned()));
        self
    }

    pub(super) fn into_error(self) -> EvalError {
        EvalError {
            code: self.code,
            message: self.message(),
            range: self.range.unwrap_or_default(),
            value: error_value(&self.value),
        }
    }

    /// The message with its placeholders filled.
    pub(super) fn message(&self) -> String {
        if let Some(message) = &self.message {
            return message.clone();
        }
        let template = TEMPLATES.binary_search_by(|(code, _)| code.cmp(&self.code)).map_or("", |at| TEMPLATES[at].1);
        let mut message = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            message.push_str(before);
            let Some((name, after)) = after.split_once('}') else { break };
            message.push_str(&self.placeholder(name));
            rest = after;
        }
        message + rest
    }

    fn placeholder(&self, name: &str) -> String {
        let token = || self.token.clone().flatten();
        match name {
            "token" => token().map_or("undefined".to_owned(), |token| crate::value::quoted(&token)),
            "name" => token().unwrap_or_default(),
            "index" => self.index.to_string(),
            "value" => message_json(&self.value),
            "value2" => message_json(&self.value2),
            _ => self.kind.map_or("undefined".to_owned(), crate::value::quoted),
        }
    }
}

/// The messages of the codes, sorted; names in braces are filled in.
const TEMPLATES: &[(&str, &str)] = &[
    ("D1001", "Number out of range: {value}"),
    ("D1002", "Cannot negate a non-numeric value: {value}"),
    ("D1004", "Regular expression matches zero length string"),
    ("D1009", "Multiple key definitions evaluate to same key: {value}"),
    ("D1013", "Object property names starting with _jsonata_ are reserved for internal use: {value}"),
    (
        "D2014",
        "The size of the sequence allocated by the range operator (..) must not exceed 1e7.  Attempted to allocate {value}.",
    ),
    ("D2015", "The maximum sequence length of {value} was exceeded."),
    ("D3001", "Attempting to invoke string function on Infinity or NaN"),
    ("D3010", "Second argument of replace function cannot be an empty string"),
    ("D3011", "Fourth argument of replace function must evaluate to a positive number"),
    ("D3012", "Attempted to replace a matched string with a non-string value"),
    ("D3020", "Third argument of split function must evaluate to a positive number"),
    ("D3030", "Unable to cast value to a number: {value}"),
    ("D3040", "Third argument of match function must evaluate to a positive number"),
    ("D3050", "The second argument of reduce function must be a function with at least two arguments"),
    ("D3060", "The sqrt function cannot be applied to a negative number: {value}"),
    (
        "D3061",
        "The power function has resulted in a value that cannot be represented as a JSON number: base={value}, exponent={value2}",
    ),
    (
        "D3070",
        "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function",
    ),
    ("D3120", "Syntax error in expression passed to function eval: {value}"),
    ("D3121", "Dynamic error evaluating the expression passed to function eval: {value}"),
    ("D3138", "The $single() function expected exactly 1 matching result.  Instead it matched more."),
    ("D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0."),
    ("T0410", "Argument {index} of function {token} does not match function signature"),
    ("T0411", "Context value is not a compatible type with argument {index} of function {token}"),
    ("T0412", "Argument {index} of function {token} must be an array of {type}"),
    ("T1003", "Key in object structure must evaluate to a string; got: {value}"),
    ("T1005", "Attempted to invoke a non-function. Did you mean ${name}?"),
    ("T1006", "Attempted to invoke a non-function"),
    ("T1007", "Attempted to partially apply a non-function. Did you mean ${name}?"),
    ("T1008", "Attempted to partially apply a non-function"),
    ("T1010", "The matcher function argument passed to function {token} does not return the correct object structure"),
    ("T2001", "The left side of the {token} operator must evaluate to a number"),
    ("T2002", "The right side of the {token} operator must evaluate to a number"),
    ("T2003", "The left side of the range operator (..) must evaluate to an integer"),
    ("T2004", "The right side of the range operator (..) must evaluate to an integer"),
    ("T2006", "The right side of the function application operator ~> must be a function"),
    ("T2007", "Type mismatch when comparing values {value} and {value2} in order-by clause"),
    ("T2008", "The expressions within an order-by clause must evaluate to numeric or string values"),
    ("T2009", "The values {value} and {value2} either side of operator {token} must be of the same data type"),
    ("T2010", "The expressions either side of operator {token} must evaluate to numeric or string values"),
    ("T2011", "The insert/update clause of the transform expression must evaluate to an object: {value}"),
    ("T2012", "The delete clause of the transform expression must evaluate to a string or array of strings: {value}"),
    (
        "T2013",
        "The transform expression clones the input object using the $clone() function.  This has been overridden in the current scope by a non-function.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_sorted() {
        assert!(TEMPLATES.is_sorted_by(|a, b| a.0 < b.0));
    }
}
