//! The table of checks. One file each: the rule, the check, the words; its page beside it.

mod choice_arm_shadowed;
mod comparison_never_holds;
mod endless_loop;
mod handler_shadowed;
mod items_not_an_array;
mod limit_after_flow_timeout;
mod maybe_unbound_variable;
mod path_never_written;
mod payload_too_large;
mod retrier_shadowed;
mod secret_in_condition;
mod unbound_variable;
mod unknown_context_field;
mod unknown_error_name;
mod unreachable;

use wfc_diag::{Rule, Sink};

use crate::cx::Cx;

macro_rules! table {
    ($($name:ident),* $(,)?) => {
        /// The checks, in the order they are run.
        pub(crate) const CHECKS: &[fn(&Cx<'_>, &mut Sink)] = &[$($name::check),*];

        /// The kinds of finding, in the same order.
        pub const RULES: &[&Rule] = &[$(&$name::RULE),*];
    };
}

table! {
    unreachable,
    endless_loop,
    unbound_variable,
    maybe_unbound_variable,
    path_never_written,
    unknown_context_field,
    items_not_an_array,
    comparison_never_holds,
    choice_arm_shadowed,
    handler_shadowed,
    retrier_shadowed,
    unknown_error_name,
    limit_after_flow_timeout,
    payload_too_large,
    secret_in_condition,
}
