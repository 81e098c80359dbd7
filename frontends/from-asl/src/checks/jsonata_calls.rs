//! Calls of functions that JSONata in Step Functions does not have, or with the wrong number of arguments.
//!
//! The owner finds out when the expression is evaluated, so this stops nothing.

use wfc_cir::{ExprKind, Module};
use wfc_diag::Sink;
use wfc_expr::jsonata::{self, Profile};

pub(super) fn check(module: &Module, sink: &mut Sink) {
    module.exprs(&mut |_, outermost| {
        outermost.walk(&mut |expr| {
            let ExprKind::Jsonata { ast, .. } = &expr.kind else { return };
            for problem in jsonata::analyze(ast, Profile::StepFunctions).problems {
                let locate = |range| expr.origin.locate(range).unwrap_or_default();
                sink.push(problem.into_diagnostic(locate).blocking(false));
            }
        });
    });
}
