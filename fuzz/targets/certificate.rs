//! Any octets read as a certificate.

#![no_main]

#[path = "../../tests/common/invariants/certificate.rs"]
mod certificate;

libfuzzer_sys::fuzz_target!(|der: &[u8]| certificate::read_everything(der));
