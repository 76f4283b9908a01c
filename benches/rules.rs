//! What each rule on certificates costs, dearest first: the time of the whole check
//! with that rule alone, less the time with none, on Debian's roots.
//!
//! `cargo bench --bench rules`. Single-threaded; times are the least of some rounds.

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use pemlint::engine::{self, Given, Job, Part};
use pemlint::input::Input;
use pemlint::rule::{Level, Options, Profile, RuleSet, SetLevel, Subject};
use pemlint::source::Source;

const ROUNDS: usize = 25;

fn main() {
    let texts = roots();
    let (all, none) = (load(""), load("none"));
    let ids: Vec<&str> = all.on(Subject::Certificate).map(|rule| rule.draft.source.id.as_str()).collect();
    let mut costs: Vec<(i64, &str)> = ids.iter().map(|id| (cost(&texts, &load(id), &none), *id)).collect();
    costs.sort_unstable_by(|left, right| right.cmp(left));
    println!("{} rules, all together {} ns a certificate", ids.len(), cost(&texts, &all, &none));
    for (cost, id) in costs {
        println!("{cost:8} ns  {id}");
    }
}

/// All rules, or the one named alone.
fn load(only: &str) -> RuleSet {
    let profile = || Profile::named("rfc5280").expect("an embedded profile");
    let all = RuleSet::load(profile(), Options::default()).expect("embedded rules are sound");
    if only.is_empty() {
        return all;
    }
    let off = |id: &str| SetLevel {
        rule: id.to_owned(),
        level: Level::Off,
        path: String::new(),
        text: String::new(),
        range: 0..0,
    };
    let others = all.drafts().map(|draft| draft.source.id.as_str()).filter(|id| *id != only);
    let levels = others.map(off).collect();
    RuleSet::load(profile(), Options { levels, ..Options::default() }).expect("embedded rules are sound")
}

/// Debian's CA bundle, one PEM text a certificate.
fn roots() -> Vec<Vec<u8>> {
    let path = "/etc/ssl/certs/ca-certificates.crt";
    let text = std::fs::read_to_string(path).expect("Debian's package ca-certificates is installed");
    let blocks = text.split_inclusive("-----END CERTIFICATE-----\n").filter(|block| block.contains("BEGIN"));
    blocks.map(|block| block.as_bytes().to_vec()).collect()
}

/// Nanoseconds a certificate that rules take, reading left out: the two are run in turn, so that a drift of the
/// machine cancels out, and the least of each counts.
fn cost(texts: &[Vec<u8>], rules: &RuleSet, none: &RuleSet) -> i64 {
    let mut least = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        for (least, rules) in least.iter_mut().zip([rules, none]) {
            *least = round(texts, rules).min(*least);
        }
    }
    let [with, without] = least.map(|time| i64::try_from(time.as_nanos()).expect("a short time"));
    (with - without) / i64::try_from(texts.len()).expect("few texts")
}

/// Time of a check of all texts.
fn round(texts: &[Vec<u8>], rules: &RuleSet) -> Duration {
    let now = pemlint::facts::time::from_rfc3339("2026-11-22T00:00:00Z").expect("a valid instant");
    let job = Job { rules, now, join: false, clients: &[] };
    let start = Instant::now();
    for text in texts {
        let given = Given { input: Input::read(Source::new("bench.pem", text.clone())), part: Part::Checked };
        black_box(engine::count(&given, &job, &[Subject::Certificate]));
    }
    start.elapsed()
}
