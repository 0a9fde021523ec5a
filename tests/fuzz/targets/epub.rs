#![no_main]
#![allow(missing_docs)] // libFuzzer's macro makes a function without

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reprint_fuzz::read_as("epub", bytes));
