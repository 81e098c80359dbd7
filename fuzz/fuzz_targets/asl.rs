//! State machines: everything from bytes to the last finding.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wfc_fuzz::check(wfc_fuzz::asl, data));
