//! Rows of a CSV: any way of arriving, and back from what they are written as.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wfc_fuzz::check(wfc_fuzz::csv, data));
