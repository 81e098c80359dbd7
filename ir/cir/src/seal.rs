//! Proof, as a type, that a module was checked and that nothing changed it since.

use crate::Module;

/// A module on which the user-facing checks found nothing that blocks, and that has no [`crate::NodeKind::Hole`].
#[derive(Clone, Debug)]
pub struct Checked {
    module: Module,
}

impl Checked {
    /// For `passes/validate` alone, which a test enforces: says that `module` was checked.
    pub fn assume_checked(module: Module) -> Self {
        Self { module }
    }

    /// The module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// The module, to rewrite it. The proof is gone with it.
    pub fn into_module(self) -> Module {
        self.module
    }
}

/// A checked module after the passes and the structural verifier: what back ends take.
#[derive(Clone, Debug)]
pub struct Sealed {
    module: Module,
}

impl Sealed {
    /// For `src/driver` alone, which a test enforces: says that `module` was checked, rewritten and verified.
    pub fn assume_sealed(module: Module) -> Self {
        Self { module }
    }

    /// The module.
    pub fn module(&self) -> &Module {
        &self.module
    }
}
