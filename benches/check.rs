//! The budget of the design, as ratios within one run over one corpus: base64 and
//! x509-parser alone against the whole check of one-certificate inputs; the
//! verification of signatures apart; the start with all rules loaded.
//!
//! `cargo bench --bench check`. Single-threaded. All variants take turns on each slice of a corpus, in many rounds, so that
//! a drift of the machine cancels out. What counts is the least time of each slice, since others on the machine only add to
//! it; the medians of the slices show how much.

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]
#![expect(clippy::cast_precision_loss, reason = "sizes of corpora are small")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use base64::Engine as _;
use pemlint::engine::{self, Given, Job, Part};
use pemlint::facts::Certificate;
use pemlint::facts::signature;
use pemlint::input::Input;
use pemlint::rule::{Options, Profile, RuleSet, Subject};
use pemlint::source::Source;

/// Certificates of a corpus.
const SIZE: usize = 20_000;
const ROUNDS: usize = 15;

/// Certificates of a slice of a corpus: some milliseconds, so that each slice has its quiet moments.
const SLICE: usize = 250;

/// A variant and what it does with a slice of a corpus.
type Run<'r> = (&'r str, Box<dyn Fn(&[Vec<u8>]) -> usize + 'r>);

fn main() {
    let now = pemlint::facts::time::from_rfc3339("2026-11-22T00:00:00Z").expect("a valid instant");
    let rules = load("rfc5280");
    let byopki = load("cloudflare-byopki");
    for (name, corpus) in [("Debian's roots", debian()), ("small EC certificates", small_ec())] {
        let octets: usize = corpus.iter().map(Vec::len).sum();
        println!("{name}: {} certificates, {} octets each on average", corpus.len(), octets / corpus.len());
        let mut runs: Vec<Run<'_>> = vec![
            ("parse-only: base64 + x509-parser", Box::new(parse_only)),
            ("our walk alone: scan, base64, facts", Box::new(walk_only)),
            ("whole check, certificate rules, rfc5280", Box::new(|corpus| check(corpus, &rules, now))),
            (
                "whole check, certificate rules, cloudflare-byopki",
                Box::new(|corpus| check(corpus, &byopki, now)),
            ),
        ];
        let times = measure(&mut runs, &corpus);
        let each = |time: Duration| time.as_secs_f64() / corpus.len() as f64 * 1e6;
        for ((label, _), time) in runs.iter().zip(&times) {
            let [least, median] = *time;
            let [of_least, of_median] = [0, 1].map(|at| time[at].as_secs_f64() / times[0][at].as_secs_f64());
            println!(
                "  {label:52} {:6.2} µs each {of_least:5.2} ×   median {:6.2} µs {of_median:5.2} ×",
                each(least),
                each(median)
            );
        }
        let each = signatures(&corpus);
        println!("  {:52} {:6.2} µs each", "self-signature alone", each.as_secs_f64() * 1e6);
    }
    let mut runs: Vec<Run<'_>> =
        vec![("load all rules, cloudflare-byopki", Box::new(|_| load("cloudflare-byopki").rules.len()))];
    let milliseconds = |[least, median]: [Duration; 2]| {
        format!("{:.2} ms, median {:.2} ms", least.as_secs_f64() * 1e3, median.as_secs_f64() * 1e3)
    };
    let load = measure(&mut runs, &[Vec::new()])[0];
    println!("{}: {}", runs[0].0, milliseconds(load));
    println!("cold start, whole process on one root: {}", milliseconds(cold_start()));
    println!("peak memory of this process: {}", peak_memory());
}

/// The program on a clean root, from start to exit: least and median of 41 runs.
fn cold_start() -> [Duration; 2] {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/openssl/good-rsa2048/ca.pem");
    let run = || {
        let start = Instant::now();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pemlint"));
        command.args(["check", root, "--format", "json", "--no-key"]);
        command.output().expect("the program starts");
        start.elapsed()
    };
    spread((0..41).map(|_| run()).collect())
}

/// Most memory held at once, as Linux counts it; both corpora are part of it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown here".into(), |size| size.trim().to_owned())
}

fn load(profile: &str) -> RuleSet {
    let profile = Profile::named(profile).expect("an embedded profile");
    RuleSet::load(profile, Options::default()).expect("embedded rules are sound")
}

/// Runs all variants in turn on each slice; gives the sums of the least and of the median times of all slices.
fn measure(runs: &mut [Run<'_>], corpus: &[Vec<u8>]) -> Vec<[Duration; 2]> {
    let mut sums = vec![[Duration::ZERO; 2]; runs.len()];
    for slice in corpus.chunks(SLICE) {
        let mut times = vec![Vec::new(); runs.len()];
        for _ in 0..ROUNDS {
            for ((_, run), times) in runs.iter().zip(&mut times) {
                let start = Instant::now();
                black_box(run(slice));
                times.push(start.elapsed());
            }
        }
        for (sum, times) in sums.iter_mut().zip(times) {
            let [least, median] = spread(times);
            *sum = [sum[0] + least, sum[1] + median];
        }
    }
    sums
}

/// The least and the median.
fn spread(mut times: Vec<Duration>) -> [Duration; 2] {
    times.sort_unstable();
    [times[0], times[times.len() / 2]]
}

/// Debian's CA bundle, one PEM text a certificate, repeated.
fn debian() -> Vec<Vec<u8>> {
    let path = "/etc/ssl/certs/ca-certificates.crt";
    let text = std::fs::read_to_string(path).expect("Debian's package ca-certificates is installed");
    let blocks: Vec<Vec<u8>> = text
        .split_inclusive("-----END CERTIFICATE-----\n")
        .filter(|block| block.contains("BEGIN"))
        .map(|block| block.as_bytes().to_vec())
        .collect();
    blocks.iter().cycle().take(SIZE).cloned().collect()
}

/// The smallest EC certificates of the fixtures, repeated.
fn small_ec() -> Vec<Vec<u8>> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/openssl");
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(root).expect("fixtures are there").filter_map(Result::ok) {
        let Ok(text) = std::fs::read_to_string(entry.path().join("ca.pem")) else { continue };
        if text.len() < 800 && text.matches("BEGIN CERTIFICATE").count() == 1 {
            texts.push(text.into_bytes());
        }
    }
    texts.sort();
    texts.iter().cycle().take(SIZE).cloned().collect()
}

fn parse_only(corpus: &[Vec<u8>]) -> usize {
    let mut der = Vec::new();
    let mut parsed = 0;
    for text in corpus {
        der.clear();
        // The leanest reading that still yields DER: lines between the boundaries.
        let body = &text[28..text.len() - 26];
        let mut symbols = Vec::with_capacity(body.len());
        symbols.extend(body.iter().copied().filter(|octet| *octet != b'\n'));
        base64::engine::general_purpose::STANDARD.decode_vec(&symbols, &mut der).expect("good base64");
        parsed += usize::from(x509_parser::parse_x509_certificate(black_box(&der)).is_ok());
    }
    parsed
}

fn walk_only(corpus: &[Vec<u8>]) -> usize {
    let mut read = 0;
    for text in corpus {
        let input = Input::read(Source::new("bench.pem", text.clone()));
        for block in &input.blocks {
            let certificate = input.certificate(block).map(Certificate::read);
            read += usize::from(
                black_box(certificate).is_some_and(|certificate| certificate.malformed.is_empty()),
            );
        }
    }
    read
}

fn check(corpus: &[Vec<u8>], rules: &RuleSet, now: i64) -> usize {
    let job = Job { rules, now, join: false, clients: &[] };
    let mut findings = 0;
    for text in corpus {
        let given = Given { input: Input::read(Source::new("bench.pem", text.clone())), part: Part::Checked };
        let counts = engine::count(&given, &job, &[Subject::Certificate]);
        findings += counts.errors + counts.warnings + counts.infos;
    }
    findings
}

/// Time of one verification of a self-signature.
fn signatures(corpus: &[Vec<u8>]) -> Duration {
    let distinct = &corpus[..corpus.len().min(200)];
    let inputs: Vec<Input> =
        distinct.iter().map(|text| Input::read(Source::new("bench.pem", text.clone()))).collect();
    let start = Instant::now();
    for input in &inputs {
        for block in &input.blocks {
            if let Some(certificate) = input.certificate(block).map(Certificate::read) {
                black_box(signature::verify(&certificate, &certificate));
            }
        }
    }
    start.elapsed() / u32::try_from(inputs.len()).expect("at most 200")
}
