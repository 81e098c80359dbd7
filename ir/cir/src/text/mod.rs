//! The `.cir` text form: CIR as people read and write it, so that any pass can be tested from a file.
//!
//! A file is a list of statements. A statement is a word, what stands behind it, and an end: `;`, a value, or a block.
//!
//! ```text
//! file      = statement*
//! statement = word atom* (";" | "=" term ";" | "{" statement* "}")
//! atom      = word | string | number | "->"
//! term      = primary ("of" primary)*
//! primary   = number | string | word | word "(" [term ("," term)*] ")" | lang | json | "(" term ")"
//!           | "{" [string ":" term ("," string ":" term)*] "}" | "[" [term ("," term)*] "]"
//! lang      = word string, without a blank between      such as  path"$.x"
//! json      = "json" and an array or object of JSON     such as  json{"a": [1, 2]}
//! ```
//!
//! A word is letters, digits and underscores with dots and dashes inside; a name that is none stands in quotes. Strings
//! and numbers are those of JSON; a comment goes from `//` to the end of the line. Brackets nest at most 256 levels.
//!
//! ```text
//! cir 1;
//! module "order" dialect asl entry main;
//!
//! flow main {
//!   trace aws;
//!   abort immediate;
//!   seq entry Pay {
//!     node Pay tool "arn:aws:states:::lambda:invoke" reply {
//!       args = {"id": path"$.id" of input, "at": jsonata"$now()", "all": json["a", "b"]};
//!       result = path"$.Payload" of result;
//!       policy {
//!         timeout = 30;
//!         retry { names "Busy"; interval 1; max 3; backoff 2.0; }
//!       }
//!       handler { names "States.ALL"; }
//!       on done -> Paid { assign total = path"$.sum" of result; out = put(raw, path"$.pay", result); }
//!       on error 0 -> Failed;
//!     }
//!     node Paid choice {
//!       case = and(is(path"$.ok" of input, present), BooleanEquals(path"$.ok" of input, true));
//!       on case 0 -> Done;
//!       on otherwise -> Failed;
//!     }
//!     node Done return region { end { out = var(total); } }
//!     node Failed raise { error = "NotPaid"; }
//!   }
//! }
//! ```
//!
//! What differs from its default is written, all else is not. Documents are `raw`, `input`, `args`, `result`, `error`,
//! `context` and `item`. Expressions are literals, documents, objects and arrays; `path"…" of d`, `call"…" of d` for
//! intrinsic functions, `jsonata"…"`, `dotted"…"` (maybe `of out(key)`); `out(key)`, `var(name)`, `secret(name)`,
//! `opaque(lang, "text")`; `put(into, path"…", value)`; `and(…)`, `or(…)`, `not(…)`, `is(e, test)`, `is_not(e, test)`
//! and comparisons by their names. Regions are `seq entry key {…}` and `dag stop {…}` or `dag drain {…}` inside a flow
//! or node. The words of every table are in `words.rs`; what each node has, `build_node.rs` reads in the order of
//! [`crate::Node`].

mod build;
mod build_node;
mod grammar;
mod lex;
mod print;
mod print_expr;
mod read;
mod read_expr;
#[cfg(test)]
mod tests;
pub(crate) mod words;

pub use build::parse;
pub use print::print;
pub(crate) use print::print_node;
pub use print_expr::print_expr;
pub(crate) use read_expr::ExprReader;
