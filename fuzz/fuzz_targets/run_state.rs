//! States of runs, written by anybody.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wfc_fuzz::check(wfc_fuzz::run_state, data));
