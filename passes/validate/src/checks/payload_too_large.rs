//! Data written in the program that is larger than any state may pass on.

use wfc_cir::{Expr, ExprKind};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::Cx;

/// Data that is larger than the service allows.
pub(super) const RULE: Rule = Rule {
    name: "payload-too-large",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Any,
    summary: "data is larger than the service allows",
    page: include_str!("payload-too-large.md"),
};

/// The service's limit of a payload, in bytes of its JSON text.
const AWS_LIMIT: usize = 262_144;

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    for (id, node) in cx.reachable().filter(|&(id, _)| &*cx.flow(id).trace == "aws") {
        let outs = cx.m.outs(id).filter_map(|(_, edge)| edge.transfer.out.as_ref());
        let exprs = node.io.args.iter().chain(&node.io.result).chain(outs).chain(&node.end.out);
        for (expr, size) in exprs.map(|expr| (expr, least_size(expr))).filter(|(_, size)| *size > AWS_LIMIT) {
            let message = format!("{} makes data of at least {size} bytes", cx.named(id));
            let found = Diagnostic::new(&RULE, cx.span(id, &expr.origin), message)
                .note(format!("the service fails a {} whose data is larger than {AWS_LIMIT} bytes", cx.vocab.node))
                .help("keep the data in a store such as S3 and pass its address");
            sink.push(found);
        }
    }
}

/// A lower bound of the length of the value as compact JSON.
fn least_size(expr: &Expr) -> usize {
    let (mut size, mut work) = (0, vec![expr]);
    while let Some(part) = work.pop() {
        match &part.kind {
            ExprKind::Literal(value) => size += value.json_len(),
            ExprKind::Object(members) => {
                // Braces, and for each member its name in quotes, a colon and a comma, but for the last.
                size += 1 + members.iter().map(|(name, _)| name.len() + 4).sum::<usize>();
                work.extend(members.iter().map(|(_, value)| value));
            }
            ExprKind::Array(items) => {
                size += 1 + items.len();
                work.extend(items);
            }
            _ => {}
        }
    }
    size
}
