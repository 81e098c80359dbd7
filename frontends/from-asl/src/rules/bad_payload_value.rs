//! A key that ends in `.$` promises a path or a call.

use wfc_diag::{Diagnostic, Safety};
use wfc_expr::ExprError;
use wfc_source::{Member, Node};

use crate::report::{location, replace_text, SCHEMA};

rule!("bad-payload-value", Error, blocking = true, "a key ends in `.$`, but its value is no path and no call");

/// The value is neither a path nor a call.
pub(crate) fn report(parent: Node<'_>, member: Member<'_>) -> Diagnostic {
    let name = member.name();
    let plain = name.strip_suffix(".$").unwrap_or(name);
    let message = format!("`{name}` needs a JSONPath or a call of an intrinsic function");
    let diagnostic = Diagnostic::new(&RULE, member.value.span(), message)
        .label("neither starts with `$` nor with `States.`")
        .also(member.key.span(), "`.$` says that the value is computed")
        .help(format!("call the key `{plain}` to pass the value as it stands"))
        .fix(format!("Rename it to `{plain}`"), Safety::Unsafe, vec![replace_text(member.key, plain)]);
    with_owner(diagnostic, parent, name)
}

/// The value starts like a path or a call, but does not parse.
pub(crate) fn syntax(parent: Node<'_>, member: Member<'_>, error: ExprError) -> Diagnostic {
    let diagnostic = error.into_diagnostic(|range| member.value.locate(range));
    with_owner(diagnostic, parent, member.name())
}

fn with_owner(diagnostic: Diagnostic, parent: Node<'_>, name: &str) -> Diagnostic {
    let message =
        format!("The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call");
    diagnostic.owner(SCHEMA, message, Some(location(parent)))
}
