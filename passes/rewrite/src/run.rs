//! Runs passes one after another and verifies the module after each.

use std::fmt;

use wfc_cir::{undo, verify, EditLog, Editor, Module, Violation};

use crate::{Pass, PassCx};

/// What a pass did.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Which.
    pub pass: &'static Pass,
    /// Its edits; none if there was nothing to do.
    pub log: EditLog,
}

/// A pass left a module that is none: a bug of the pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its name.
    pub pass: &'static str,
    /// What does not hold.
    pub violations: Vec<Violation>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pass `{}` left a malformed module", self.pass)?;
        self.violations.iter().try_for_each(|violation| write!(f, "\n  {violation}"))
    }
}

impl std::error::Error for Broken {}

/// Runs passes in this order and calls `observe` after each; `asked` if the user named them. The module of a broken
/// pass is as it was before that pass.
pub fn run(
    module: &mut Module,
    passes: &[&'static Pass],
    asked: bool,
    observe: &mut dyn FnMut(&Pass, &Module),
) -> Result<Vec<Ran>, Broken> {
    let mut ran = Vec::with_capacity(passes.len());
    for &pass in passes {
        ran.push(run_one(module, pass, asked)?);
        observe(pass, module);
    }
    Ok(ran)
}

fn run_one(module: &mut Module, pass: &'static Pass, asked: bool) -> Result<Ran, Broken> {
    let mut editor = Editor::new(module, pass.name);
    let changed = (pass.run)(&mut editor, &PassCx::new(pass, asked));
    let log = editor.finish();
    debug_assert_eq!(changed == crate::Changed::No, log.is_empty(), "{} does not know what it did", pass.name);
    match verify(module) {
        Ok(()) => Ok(Ran { pass, log }),
        Err(violations) => {
            undo(module, log);
            Err(Broken { pass: pass.name, violations })
        }
    }
}
