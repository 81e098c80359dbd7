//! Bounds on an evaluation: counts only, so that the same evaluation always ends the same way.

use super::error::{Eval, Fault};
use super::item::Item;

/// How much one evaluation may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many nodes may be evaluated, items produced and steps of regular expressions taken, all together.
    pub ops: u64,
    /// How many bytes of strings, arrays and objects may be built, all together.
    pub bytes: u64,
    /// How deep evaluation may nest, counted as the reference does; the stack must have about 3 KiB for each
    /// (1 KiB if the program is optimised).
    pub depth: u32,
    /// How many items a range may have.
    pub sequence: u64,
}

impl Limits {
    /// Limits that no reasonable expression meets and a stack of 2 MiB bears.
    pub const fn standard() -> Self {
        Self { ops: 50_000_000, bytes: 512 << 20, depth: 600, sequence: 10_000_000 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::standard()
    }
}

/// How deep values may nest that an evaluation builds: what walks them recurses.
const HEIGHT: u32 = 500;

/// What is left of the limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter {
    limits: Limits,
    ops: u64,
    bytes: u64,
    depth: u32,
}

impl Meter {
    pub(super) fn new(limits: &Limits) -> Meter {
        Meter { limits: *limits, ops: limits.ops, bytes: limits.bytes, depth: 0 }
    }

    /// Counts work.
    pub(super) fn work(&mut self, ops: usize) -> Eval<()> {
        match self.ops.checked_sub(ops as u64) {
            Some(left) => {
                self.ops = left;
                Ok(())
            }
            None => Err(self.over_ops()),
        }
    }

    #[cold]
    fn over_ops(&self) -> Box<Fault> {
        let limit = self.limits.ops;
        Fault::limit(format!("The evaluation is over the limit of {limit} steps. Check for an infinite loop")).boxed()
    }

    /// Counts bytes that are about to be built.
    pub(super) fn build(&mut self, bytes: usize) -> Eval<()> {
        match self.bytes.checked_sub(bytes as u64) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => {
                let limit = self.limits.bytes;
                Err(Fault::limit(format!("The evaluation builds values over the limit of {limit} bytes")).boxed())
            }
        }
    }

    /// Counts items that are about to be built.
    pub(super) fn items(&mut self, count: usize) -> Eval<()> {
        self.work(count)?;
        self.build(count.saturating_mul(size_of::<Item>()))
    }

    /// Goes a level deeper.
    pub(super) fn enter(&mut self) -> Eval<()> {
        self.work(1)?;
        if self.depth >= self.limits.depth {
            let limit = self.limits.depth;
            let message = "Check for a function that calls itself without end. Consider rewriting it as tail-recursive";
            return Err(
                Fault::limit(format!("The evaluation nests deeper than the limit of {limit}. {message}")).boxed()
            );
        }
        self.depth += 1;
        Ok(())
    }

    /// Comes back from [`Meter::enter`].
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn range_limit(&self) -> u64 {
        self.limits.sequence
    }

    /// Refuses a value that nests too deep to be walked.
    pub(super) fn check_height(&self, item: &Item) -> Eval<()> {
        self.check_depth(item.shape().height)
    }

    /// Refuses to walk deeper into a value.
    pub(super) fn check_depth(&self, depth: u32) -> Eval<()> {
        if depth <= HEIGHT {
            return Ok(());
        }
        Err(Fault::limit(format!("A value of the evaluation nests deeper than the limit of {HEIGHT}")).boxed())
    }
}
