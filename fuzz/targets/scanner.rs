//! Any octets read as a file.

#![no_main]

#[path = "../../tests/common/invariants/scanner.rs"]
mod scanner;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| scanner::hold(bytes));
