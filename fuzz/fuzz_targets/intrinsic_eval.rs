//! What intrinsic functions give.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wfc_fuzz::check(wfc_fuzz::intrinsic_eval, data));
