//! Any text compiled as an expression, a message and a path, and evaluated.

#![no_main]

#[path = "../../tests/common/invariants/expression.rs"]
mod expression;

libfuzzer_sys::fuzz_target!(|text: &str| expression::hold(text));
