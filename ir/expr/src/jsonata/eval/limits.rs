//! Bounds on an evaluation: counts only, so that the same evaluation always ends the same way.

/// How much one evaluation may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many nodes may be evaluated, items produced and steps of regular expressions taken, all together.
    pub ops: u64,
    /// How many bytes of strings, arrays and objects may be built, all together.
    pub bytes: u64,
    /// How deep evaluation may nest, counted as the reference does; the stack must have about 2 KiB for each.
    pub depth: u32,
    /// How many items a range may have.
    pub sequence: u64,
}

impl Limits {
    /// Limits that no reasonable expression meets and a stack of 2 MiB bears.
    pub const fn standard() -> Self {
        Self { ops: 50_000_000, bytes: 512 << 20, depth: 500, sequence: 10_000_000 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::standard()
    }
}
