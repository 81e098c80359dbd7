//! What must hold for any bytes at all: one law for each language, called by the fuzz targets.

mod data;
mod eval;
mod expr;
mod items;
mod machine;
mod runs;
mod stack;
mod text;

pub use data::{json, toml, yaml};
pub use eval::{intrinsic_eval, jsonata_eval, jsonpath_eval};
pub use expr::{cond, intrinsic, jsonata, jsonpath};
pub use items::csv;
pub use machine::{asl, cir};
pub use runs::{plan, plans, run_state, states};
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
