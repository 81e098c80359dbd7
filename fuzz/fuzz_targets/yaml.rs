//! YAML: reading, and bounds on what it grows to.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wfc_fuzz::check(wfc_fuzz::yaml, data));
