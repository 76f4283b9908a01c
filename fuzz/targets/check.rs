//! Any octets checked as a whole, up to the reports.

#![no_main]

#[path = "../../tests/common/invariants/check.rs"]
mod check;
#[path = "../../tests/common/invariants/regions.rs"]
mod regions;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check::hold(bytes));
