//! A key that ends in `.$` promises a path or a call.

use wfc_diag::{Diagnostic, Safety};
use wfc_expr::intrinsic::{self, Function};
use wfc_expr::ExprError;
use wfc_source::{Member, Node};

use crate::report::{location, replace_text, SCHEMA};

rule!("bad-payload-value", Error, blocking = true, "a key ends in `.$`, but its value is no path and no call");

/// The value is neither a path nor a call.
pub(crate) fn report(parent: Node<'_>, member: Member<'_>) -> Diagnostic {
    let name = member.name();
    if let Some(call) = in_other_case(member.value.text()) {
        let message = format!("`{}` is no intrinsic function: capitals count", member.value.text());
        let diagnostic = Diagnostic::new(&RULE, member.value.span(), message)
            .fix(format!("Write `{call}`"), Safety::Unsafe, vec![replace_text(member.value, &call)]);
        return with_owner(diagnostic, parent, name);
    }
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

/// The call that a text is if capitals do not count.
fn in_other_case(text: &str) -> Option<String> {
    let (name, arguments) = text.split_once('(')?;
    let (_, name) = name.split_once('.').filter(|(prefix, _)| prefix.eq_ignore_ascii_case("States"))?;
    let known = Function::ALL.iter().map(|function| function.name()).find(|known| known.eq_ignore_ascii_case(name))?;
    let call = format!("States.{known}({arguments}");
    intrinsic::parse_payload(&call).is_ok().then_some(call)
}
