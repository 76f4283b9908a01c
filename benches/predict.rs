//! The budget of a verdict, as a ratio within one run: OpenSSL's model as
//! python-3.13 on a chain of three, from the DER to the verdict, against the three
//! signature verifications alone; the same with all of Debian's roots trusted; and
//! rustls on the same chain.
//!
//! `cargo bench --bench predict`. Single-threaded. Times are medians of rounds in
//! which all variants take turns, so that a drift of the machine cancels out.

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use pemlint::client::openssl::{self, Anchor, Client, Host, Parameters, Version};
use pemlint::client::{Verdict, rustls};
use pemlint::facts::{Certificate, signature};
use pemlint::input::Input;
use pemlint::source::Source;

/// Runs of a variant in one round.
const RUNS: u32 = 200;
const ROUNDS: usize = 31;

/// 2026-11-22T00:00:00Z.
const INSTANT: i64 = 1_795_305_600;
const HOST: &str = "good.example";

/// Chains of three that every client accepts: the folder and its keys.
const CHAINS: &[(&str, &str)] = &[("good-rsa2048", "RSA-2048"), ("int-eku-server", "P-256")];

/// A variant and what it runs.
type Run<'r> = (&'r str, Box<dyn Fn() + 'r>);

/// A chain as a client has it before it looks: DER.
struct Chain {
    /// What is trusted.
    store: Vec<Vec<u8>>,
    /// What the server presents, leaf first.
    presented: Vec<Vec<u8>>,
}

fn main() {
    let parameters = Client::Python313.parameters(Version::V3_5, INSTANT, Some(Host::new(HOST)));
    let debian = certificates("/etc/ssl/certs/ca-certificates.crt");
    for (folder, keys) in CHAINS {
        let path = |file: &str| format!("{}/fixtures/openssl/{folder}/{file}", env!("CARGO_MANIFEST_DIR"));
        let small =
            Chain { store: certificates(&path("ca.pem")), presented: certificates(&path("chain.pem")) };
        let store = debian.iter().chain(&small.store).cloned().collect();
        let large = Chain { store, presented: small.presented.clone() };
        println!("{keys}: a chain of three, signatures included");
        compare(&small, &large, &parameters);
    }
}

fn compare(small: &Chain, large: &Chain, parameters: &Parameters) {
    let anchors = large.read_store();
    let anchors = as_anchors(&anchors);
    let three = small.all();
    let mut runs: Vec<Run<'_>> = vec![
        ("the three signature verifications alone", Box::new(|| signatures(&three))),
        ("reading the three certificates alone", Box::new(|| read(small))),
        ("verdict of python-3.13, DER to verdict", Box::new(|| whole(small, parameters))),
        ("the same, Debian's roots trusted too", Box::new(|| whole(large, parameters))),
        ("the same, their facts read before", Box::new(|| verdict(&anchors, &large.presented, parameters))),
        ("verdict of rustls, DER to verdict", Box::new(|| with_rustls(small))),
    ];
    let medians = measure(&mut runs);
    for ((label, _), median) in runs.iter().zip(&medians) {
        let ratio = median.as_secs_f64() / medians[0].as_secs_f64();
        println!("  {label:45} {:9.2} µs  {ratio:5.2} ×", median.as_secs_f64() * 1e6);
    }
}

impl Chain {
    fn read_store(&self) -> Vec<Certificate<'_>> {
        self.store.iter().map(|der| Certificate::read(der)).collect()
    }

    /// Leaf, intermediate, root.
    fn all(&self) -> Vec<Certificate<'_>> {
        let all: Vec<_> =
            self.presented.iter().chain(&self.store).map(|der| Certificate::read(der)).collect();
        assert_eq!(all.len(), 3, "a chain of three");
        all
    }
}

/// The certificates of a PEM file, DER.
fn certificates(path: &str) -> Vec<Vec<u8>> {
    let text = fs::read(path).expect("fixtures and Debian's package ca-certificates are there");
    let input = Input::read(Source::new(path, text));
    input.blocks.iter().filter_map(|block| input.certificate(block)).map(<[u8]>::to_vec).collect()
}

fn as_anchors<'a>(store: &'a [Certificate<'a>]) -> Vec<Anchor<'a>> {
    store.iter().map(|certificate| Anchor { certificate, trusted_label: false }).collect()
}

fn signatures(chain: &[Certificate<'_>]) {
    for (at, child) in chain.iter().enumerate() {
        let issuer = chain.get(at + 1).unwrap_or(child);
        assert_eq!(signature::verify(black_box(child), issuer), signature::Verdict::Valid);
    }
}

fn read(chain: &Chain) {
    for der in chain.presented.iter().chain(&chain.store) {
        black_box(Certificate::read(black_box(der)));
    }
}

fn whole(chain: &Chain, parameters: &Parameters) {
    let store = chain.read_store();
    verdict(&as_anchors(&store), &chain.presented, parameters);
}

fn verdict(anchors: &[Anchor<'_>], presented: &[Vec<u8>], parameters: &Parameters) {
    let presented: Vec<_> = presented.iter().map(|der| Certificate::read(der)).collect();
    let presented: Vec<_> = presented.iter().collect();
    accept(&openssl::verify(anchors, &presented, parameters));
}

fn with_rustls(chain: &Chain) {
    let store = chain.read_store();
    let presented: Vec<_> = chain.presented.iter().map(|der| Certificate::read(der)).collect();
    let presented: Vec<_> = presented.iter().collect();
    let parameters = rustls::Parameters {
        instant: INSTANT,
        host: Some(Host::new(HOST)),
        minted_leaf: false,
        loading: rustls::Loading::Parsable,
    };
    accept(&rustls::verify(&as_anchors(&store), &presented, &parameters));
}

fn accept(verdict: &Verdict) {
    assert!(black_box(verdict).accepts(), "{verdict:?}");
}

/// Runs all variants in turn and gives the median of each, for one run.
fn measure(runs: &mut [Run<'_>]) -> Vec<Duration> {
    let mut times = vec![Vec::new(); runs.len()];
    for round in 0..=ROUNDS {
        for ((_, run), times) in runs.iter().zip(&mut times) {
            let start = Instant::now();
            (0..RUNS).for_each(|_| run());
            if round > 0 {
                times.push(start.elapsed() / RUNS);
            }
        }
    }
    times.into_iter().map(median).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
