//! How much an evaluation may do: counted, never timed, so that the same input gives the same answer everywhere.

use std::fmt;

/// Operations of the standard budget; a step over one value is one operation.
const OPS: u64 = 10_000_000;
/// Bytes of the standard budget.
const BYTES: u64 = 64 << 20;

/// What is left of an allowance of operations and of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    ops: Meter,
    bytes: Meter,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Meter {
    limit: u64,
    left: u64,
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// The evaluation takes more than this many operations.
    Ops(u64),
    /// The evaluation makes more than this many bytes.
    Bytes(u64),
}

impl Budget {
    /// What one evaluation may do unless somebody says otherwise.
    pub fn standard() -> Self {
        Self::new(OPS, BYTES)
    }

    /// A budget of this many operations and bytes of output.
    pub fn new(ops: u64, bytes: u64) -> Self {
        Self { ops: Meter::new(ops), bytes: Meter::new(bytes) }
    }

    /// Counts operations.
    pub fn ops(&mut self, count: usize) -> Result<(), Exceeded> {
        self.ops.take(count).map_err(Exceeded::Ops)
    }

    /// Counts bytes of output.
    pub fn bytes(&mut self, count: usize) -> Result<(), Exceeded> {
        self.bytes.take(count).map_err(Exceeded::Bytes)
    }
}

impl Meter {
    fn new(limit: u64) -> Self {
        Self { limit, left: limit }
    }

    /// Takes `count` off what is left, or gives the limit; what could not be paid leaves nothing.
    fn take(&mut self, count: usize) -> Result<(), u64> {
        let left = u64::try_from(count).ok().and_then(|count| self.left.checked_sub(count));
        self.left = left.unwrap_or(0);
        left.map(|_| ()).ok_or(self.limit)
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exceeded::Ops(limit) => write!(f, "the evaluation takes more than the limit of {limit} operations"),
            Exceeded::Bytes(limit) => write!(f, "the evaluation makes more than the limit of {limit} bytes"),
        }
    }
}

impl std::error::Error for Exceeded {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_limit_that_was_reached() {
        let mut budget = Budget::new(3, 10);
        assert_eq!((budget.ops(2), budget.bytes(10), budget.ops(1)), (Ok(()), Ok(()), Ok(())));
        assert_eq!((budget.ops(1), budget.bytes(1)), (Err(Exceeded::Ops(3)), Err(Exceeded::Bytes(10))));
        assert!(Exceeded::Ops(3).to_string().contains("limit of 3 operations"));
    }
}
