//! Any octets checked as a whole, up to the reports.

#![no_main]

#[path = "../../tests/common/invariants/check.rs"]
mod check;
#[path = "../../tests/common/invariants/regions.rs"]
mod regions;

// The rules of one file are not worth another thread, which would have to be woken each time.
libfuzzer_sys::fuzz_target!(
    init: {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
        pool.build_global().expect("nothing has run yet");
    },
    |bytes: &[u8]| check::hold(bytes)
);
