//! Numbers that point into the arrays of a plan.

use serde::{Deserialize, Serialize};

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The number of the next thing in an array that holds `len` things.
            pub fn next(len: usize) -> Self {
                // A plan comes from files below 4 GiB, so its arrays are shorter than 2^32.
                Self(u32::try_from(len).unwrap_or(u32::MAX))
            }

            /// The place in its array.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        })*
    };
}

indices! {
    /// A flow.
    FlowIx,
    /// A region.
    RegionIx,
    /// A node.
    NodeIx,
    /// An edge.
    EdgeIx,
    /// An expression.
    ExprIx,
    /// A place in the user's files.
    SiteId,
}
