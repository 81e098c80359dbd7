//! What must hold for any bytes at all: one law for each language, called by the fuzz targets.

mod data;
mod expr;
mod items;
mod machine;
mod stack;
mod text;

pub use data::{json, toml, yaml};
pub use expr::{cond, intrinsic, jsonata, jsonpath};
pub use items::csv;
pub use machine::{asl, cir};
pub use stack::{on_small_stack, STACK};

/// Holds `law` against `data`. Input that may nest deep is read on a small stack.
pub fn check(law: fn(&[u8]), data: &[u8]) {
    if stack::may_nest(data) {
        stack::leave_trace(data);
        let data = data.to_vec();
        on_small_stack(move || law(&data));
    } else {
        law(data);
    }
}
