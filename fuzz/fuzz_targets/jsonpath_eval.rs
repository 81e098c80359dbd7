//! What JSONPath selects.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wfc_fuzz::check(wfc_fuzz::jsonpath_eval, data));
