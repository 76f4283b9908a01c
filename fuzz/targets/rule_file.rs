//! Any text read as a rule, a profile, a configuration and a baseline.

#![no_main]

#[path = "../../tests/common/invariants/rule_file.rs"]
mod rule_file;

libfuzzer_sys::fuzz_target!(|text: &str| rule_file::hold(text));
