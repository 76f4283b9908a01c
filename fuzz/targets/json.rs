//! Any octets read as JSON, and by their content.

#![no_main]

#[path = "../../tests/common/invariants/carrier.rs"]
#[expect(dead_code, reason = "another target takes the rest")]
mod carrier;

use pemlint::input::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    carrier::hold(Format::Json, bytes);
    carrier::hold(Format::Auto, bytes);
});
