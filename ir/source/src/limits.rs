//! Bounds on what a file may ask of the machine, each settable and named in the message that refuses.

/// Limits on one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file (`max-bytes`).
    pub max_bytes: u64,
    /// Levels of nested arrays and objects (`max-depth`).
    pub max_depth: u32,
    /// Values in a file, after aliases are expanded (`max-nodes`).
    pub max_nodes: u32,
    /// Syntax errors before reading stops (`max-errors`).
    pub max_errors: u32,
}

impl Default for Limits {
    fn default() -> Self {
        // Depth: one nested Parallel costs four levels, so 1,000 levels hold 250 of them, and recursive walks of
        // the later stages stay well inside a 2 MiB stack.
        Self { max_bytes: 512 << 20, max_depth: 1_000, max_nodes: 60_000_000, max_errors: 100 }
    }
}
