//! The model of OpenSSL against the real thing: `openssl verify` and handshakes with
//! Python, on the recorded cases and on random chains with random faults. First error,
//! depth and text must agree. `PEMLINT_OPENSSL` and `PEMLINT_PYTHON` name the engine that
//! alone is asked; `PEMLINT_SEED` the first chain and `PEMLINT_CHAINS` how many follow.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it compared"
)]

#[path = "openssl_engine/case.rs"]
mod case;
#[path = "openssl_engine/chains.rs"]
mod chains;
#[path = "openssl_engine/faults.rs"]
mod faults;
#[path = "common/labelled.rs"]
mod labelled;
#[path = "openssl_engine/names.rs"]
mod names;
#[path = "openssl_engine/program.rs"]
mod program;
#[path = "openssl_engine/python.rs"]
mod python;
#[path = "common/pythons.rs"]
mod pythons;
#[path = "openssl_engine/times.rs"]
mod times;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

use case::{Answer, Case, Engine};
use pemlint::client::openssl::{Client, Version};
use time::OffsetDateTime;

/// 2026-11-22T00:00:00Z, at which the cases were recorded.
const RECORDED: i64 = 1_795_305_600;

/// Chains that a run makes.
const CHAINS: u64 = 2000;

/// A known difference: start of the engine's name, name of the case, reason.
type Known = (&'static str, &'static str, &'static str);

/// Known differences. One that agrees is a fault as well.
const LEDGER: &[Known] = &[];

/// Host names that OpenSSL 4 refuses to be asked for (`validate_hostname_part`), which is
/// before all that the model is about.
const NOT_ASKED_OF_4: &[&str] = &["good.example.", "-a.good.example"];

/// The midnight before this run.
static TODAY: LazyLock<OffsetDateTime> = LazyLock::new(|| now().replace_time(time::Time::MIDNIGHT));

/// Random chains around today, so that a Python that cannot be told the time meets
/// valid ones for ever.
static RANDOM: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let maker = chains::Maker::new(*TODAY);
    let number = |name, usual| setting(name).map_or(usual, |number| number.parse().unwrap());
    let (first, count) = (number("PEMLINT_SEED", 0), number("PEMLINT_CHAINS", CHAINS));
    let seeds: Vec<u64> = (first..first + count).collect();
    in_parallel(&seeds, |seed| maker.make(*seed))
});

/// A setting of the run.
#[expect(clippy::disallowed_methods, reason = "a person chooses the engine")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "Python verifies at the time of day")]
fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Applies a function to all items, on two threads.
fn in_parallel<T: Sync, R: Send>(items: &[T], apply: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (one, other) = items.split_at(items.len() / 2);
    thread::scope(|scope| {
        let one = scope.spawn(|| one.iter().map(&apply).collect::<Vec<_>>());
        let other: Vec<_> = other.iter().map(&apply).collect();
        let mut all = one.join().unwrap();
        all.extend(other);
        all
    })
}

fn recorded() -> Vec<Case> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/openssl");
    let text = fs::read_to_string(fixtures.join("cases.json")).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let one = |case: &serde_json::Value| {
        Case::recorded(&fixtures.join(case["case"].as_str().unwrap()), case["hostname"].as_str().unwrap())
    };
    cases.iter().map(one).collect()
}

/// Compares what an engine said with the model; every case that differs is kept.
fn compare(engine: &Engine, cases: &[Case], said: &[Answer]) {
    compare_but_for(LEDGER, engine, cases, said);
}

fn compare_but_for(ledger: &[Known], engine: &Engine, cases: &[Case], said: &[Answer]) {
    let predicted = in_parallel(cases, |case| case.answer(engine));
    let mut codes = BTreeMap::new();
    let mut different = Vec::new();
    for ((case, said), predicted) in cases.iter().zip(said).zip(&predicted) {
        *codes.entry(said.code()).or_insert(0) += 1;
        let known =
            |(start, name, _): &(&str, &str, &str)| engine.name.starts_with(start) && *name == case.name;
        let is_known = ledger.iter().any(known);
        let is_asked = engine.version < Version::V4_0 || !NOT_ASKED_OF_4.contains(&case.host.as_str());
        let wrong = if is_asked { (said == predicted) == is_known } else { said.code().is_some() };
        if wrong {
            let told = format!("engine {said:?}, model {predicted:?}");
            let folder = case.keep(engine, &told);
            different.push(format!("{}: {told}; {}; see {}", case.name, case.about, folder.display()));
        }
    }
    println!("{}: {} cases, codes {codes:?}", engine.name, cases.len());
    assert_eq!(said.len(), cases.len(), "answers of {}", engine.name);
    assert!(different.is_empty(), "{}: {} differ:\n{}", engine.name, different.len(), different.join("\n"));
}

fn compare_with_pythons(cases: &[Case], whole_handshakes: usize) {
    let engines = python::pythons(now().unix_timestamp());
    for python in &engines {
        let said = python.ask(cases);
        let mut whole = 0;
        for (case, said) in cases.iter().zip(&said) {
            if let Some(answer) = &said.whole {
                whole += 1;
                let told = format!("whole handshake {answer:?}, without keys {:?}", said.flight);
                assert!(*answer == said.flight, "{}: {told}", case.keep(&python.engine, &told).display());
            }
        }
        println!("{}: {whole} whole handshakes", python.engine.name);
        let flights: Vec<_> = said.into_iter().map(|said| said.flight).collect();
        compare(&python.engine, cases, &flights);
        assert!(whole >= whole_handshakes, "{whole} whole handshakes");
    }
}

#[test]
fn recorded_cases_agree_with_openssl_verify() {
    let cases = recorded();
    for program in program::programs(RECORDED) {
        compare(&program.engine, &cases, &in_parallel(&cases, |case| program.ask(case)));
    }
}

#[test]
fn random_chains_agree_with_openssl_verify() {
    for program in program::programs(TODAY.unix_timestamp()) {
        compare(&program.engine, &RANDOM, &in_parallel(&RANDOM, |case| program.ask(case)));
    }
}

#[test]
fn recorded_cases_agree_with_python() {
    compare_with_pythons(&recorded(), 0);
}

#[test]
fn random_chains_agree_with_python() {
    compare_with_pythons(&RANDOM, RANDOM.len() / 2);
}

/// Three cases, what the model says to them, and an engine that does not exist.
fn sample() -> (Engine, Vec<Case>, Vec<Answer>) {
    let cases: Vec<Case> = recorded().into_iter().take(3).collect();
    let (name, version) = ("no engine".to_owned(), Version::V3_5);
    let engine = Engine { name, client: Client::OpensslStrict, version, instant: RECORDED };
    let answers = cases.iter().map(|case| case.answer(&engine)).collect();
    (engine, cases, answers)
}

#[test]
#[should_panic(expected = "no engine: 1 differ")]
fn an_answer_that_differs_is_found() {
    let (engine, cases, mut answers) = sample();
    answers[1] = Answer::Refused("something else".to_owned());
    compare(&engine, &cases, &answers);
}

#[test]
#[should_panic(expected = "no engine: 1 differ")]
fn a_known_difference_that_agrees_is_found() {
    let (engine, cases, answers) = sample();
    let name = cases[2].name.clone().leak();
    compare_but_for(&[("no engine", name, "none")], &engine, &cases, &answers);
}
