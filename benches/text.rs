//! Text without a block: how fast it is passed over, beside one pass of `memchr` over the same text.
//! Divide `may_hold` by `memchr` for the ratio; both show GB/s.

use std::fmt::Write as _;
use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use pemlint::input::{Input, may_hold};
use pemlint::source::Source;

/// 64 MiB that look like a log with numbers, words and base64.
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::with_capacity(65 << 20);
    let mut number = 1_u64;
    while text.len() < 64 << 20 {
        number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
        let _ = writeln!(
            text,
            "2026-11-23 INFO request {number} GET /accounts/{number:x} MI=-- base64 Ab{number:X}=="
        );
    }
    text
});

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 20)]
fn memchr(bencher: Bencher<'_, '_>) {
    let text = TEXT.as_bytes();
    bencher.counter(BytesCount::new(text.len())).bench(|| memchr::memchr(0xff, black_box(text)));
}

#[divan::bench(sample_count = 20, name = "may_hold")]
fn search(bencher: Bencher<'_, '_>) {
    let text = TEXT.as_bytes();
    bencher.counter(BytesCount::new(text.len())).bench(|| may_hold(black_box(text)));
}

#[divan::bench(sample_count = 10)]
fn read(bencher: Bencher<'_, '_>) {
    let text = TEXT.as_bytes();
    let source = || Source::new("log", text.to_vec());
    bencher.counter(BytesCount::new(text.len())).with_inputs(source).bench_values(Input::read);
}
