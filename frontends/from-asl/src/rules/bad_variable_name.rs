//! Names of variables.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("bad-variable-name", Error, blocking = true, "a name that no variable can have");

const MAX_CHARS: usize = 80;

/// What is wrong with the name, which stands at `key`, if anything is.
pub(crate) fn check(key: Node<'_>, name: &str) -> Option<Diagnostic> {
    let problem = if name == "states" {
        "`states` is what the service itself provides".to_owned()
    } else if name.chars().count() > MAX_CHARS {
        format!("a variable has at most {MAX_CHARS} characters, not {}", name.chars().count())
    } else if !is_name(name) {
        format!("`{name}` cannot be a variable")
    } else {
        return None;
    };
    Some(
        Diagnostic::new(&RULE, key.span(), problem)
            .help("a variable starts with a letter and goes on with letters, digits and `_`"),
    )
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_') && chars.all(|c| c.is_alphanumeric() || c == '_')
}
