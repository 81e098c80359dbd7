//! Transitions lead to states that exist, in the same machine.

use wfc_diag::{Diagnostic, Safety};
use wfc_expr::nearest::nearest;
use wfc_source::Node;

use crate::report::replace_text;

rule!("unknown-state", Error, blocking = true, "a transition to a state that does not exist");

/// `target` is the value of the field `field`; `known` are the states it could mean, the likely ones first; `elsewhere` is a state of that name in another machine of the file.
pub(crate) fn report<'n>(
    field: &str,
    target: Node<'_>,
    known: impl Iterator<Item = &'n str>,
    elsewhere: Option<Node<'_>>,
) -> Diagnostic {
    let name = target.text();
    let diagnostic = Diagnostic::new(&RULE, target.span(), format!("there is no state `{name}`"));
    if let Some(elsewhere) = elsewhere {
        return diagnostic
            .also(elsewhere.span(), "this one is in another machine")
            .help("transitions stay inside their own machine, branch or map");
    }
    match likely(name, known) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")).fix(
            format!("Go to `{near}`"),
            Safety::Unsafe,
            vec![replace_text(target, near)],
        ),
        None => diagnostic.help(format!("add the state, or let `{field}` name one that exists")),
    }
}

/// The state that was probably meant. In a short name, any other letter makes it another name.
fn likely<'n>(name: &str, mut known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const SHORT: usize = 2;
    if name.chars().count() > SHORT {
        return nearest(name, known);
    }
    known.find(|known| known.eq_ignore_ascii_case(name))
}
