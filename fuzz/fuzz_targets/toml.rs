//! TOML: reading, and agreement with the toml crate.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wfc_fuzz::check(wfc_fuzz::toml, data));
