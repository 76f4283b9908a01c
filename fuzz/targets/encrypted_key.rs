//! Any octets read as an encrypted key.

#![no_main]

#[path = "../../tests/common/invariants/locked.rs"]
#[expect(dead_code, reason = "another target takes the rest")]
mod locked;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| locked::hold_key(bytes));
