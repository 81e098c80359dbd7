//! JSON: reading, agreement with serde_json, layout.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wfc_fuzz::check(wfc_fuzz::json, data));
