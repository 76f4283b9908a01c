//! The model of OpenSSL against the recorded answers of five versions.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking and says what it compared")]

#[path = "common/labelled.rs"]
mod labelled;

use std::fs;
use std::path::{Path, PathBuf};

use labelled::certificates;
use pemlint::client::Verdict;
use pemlint::client::openssl::{Anchor, Client, Host, Parameters, Version, verify};
use pemlint::input::Input;
use pemlint::source::Source;
use serde_json::Value;

/// 2026-11-22T00:00:00Z, at which the cases were recorded.
const INSTANT: i64 = 1_795_305_600;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/openssl")
}

fn cases() -> Vec<Value> {
    let text = fs::read_to_string(fixtures().join("cases.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn read(path: &Path) -> Input {
    Input::read(Source::new(path.display().to_string(), fs::read(path).unwrap()))
}

fn predict(case: &Value, parameters: &Parameters) -> Verdict {
    let folder = fixtures().join(case["case"].as_str().unwrap());
    let (ca, chain) = (read(&folder.join("ca.pem")), read(&folder.join("chain.pem")));
    let (ca, chain) = (certificates(&ca), certificates(&chain));
    let store: Vec<_> =
        ca.iter().map(|(certificate, trusted)| Anchor { certificate, trusted_label: *trusted }).collect();
    let presented: Vec<_> = chain.iter().map(|(certificate, _)| certificate).collect();
    verify(&store, &presented, parameters)
}

fn code(verdict: &Verdict) -> Option<i64> {
    verdict.error().map_or(Some(0), |error| error.code)
}

/// Every recorded answer with some flags, and what the model says differently.
fn compare(strict: bool, partial_chain: bool, field: &str) -> (usize, Vec<String>) {
    let mut compared = 0;
    let mut different = Vec::new();
    for case in cases() {
        let host = Host::new(case["hostname"].as_str().unwrap());
        for version in Version::ALL {
            let expect = &case["expect"][version.name()];
            let Some(wanted) = expect.get(field).filter(|value| !value.is_string()) else {
                continue;
            };
            let mut parameters = Client::Python313.parameters(version, INSTANT, Some(host.clone()));
            (parameters.strict, parameters.partial_chain) = (strict, partial_chain);
            let verdict = predict(&case, &parameters);
            compared += 1;
            let mut fault = (wanted.as_i64() != code(&verdict)).then(|| format!("{wanted}"));
            if strict && fault.is_none() {
                fault = details(expect, &verdict);
            }
            if let Some(fault) = fault {
                let found: Vec<_> = verdict.errors.iter().map(|error| (error.code, error.depth)).collect();
                different.push(format!("{} {}: {fault}, model {found:?}", case["case"], version.name()));
            }
        }
    }
    (compared, different)
}

/// Depth, message and all errors, where they are recorded.
fn details(expect: &Value, verdict: &Verdict) -> Option<String> {
    let first = verdict.error();
    let found = first.and_then(|error| error.depth).map(|depth| depth as u64);
    if let Some(depth) = expect.get("depth").and_then(Value::as_u64).filter(|depth| found != Some(*depth)) {
        return Some(format!("depth {depth}"));
    }
    if let Some(text) = expect.get("exception_text").and_then(Value::as_str) {
        let message = first.map_or("", |error| &error.message);
        let line =
            format!("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {message} (_ssl.c:N)");
        if line != text {
            return Some(format!("text {text}"));
        }
    }
    let all = expect.get("all_errors_in_order")?.as_array()?;
    let wanted: Vec<_> = all.iter().map(|error| (error["code"].as_i64(), error["depth"].as_u64())).collect();
    let found: Vec<_> =
        verdict.errors.iter().map(|error| (error.code, error.depth.map(|depth| depth as u64))).collect();
    (wanted != found).then(|| format!("all {wanted:?}"))
}

fn assert_same(strict: bool, partial_chain: bool, field: &str, least: usize) {
    let (compared, different) = compare(strict, partial_chain, field);
    assert!(compared >= least, "{compared} answers compared");
    assert!(different.is_empty(), "{} of {compared}:\n{}", different.len(), different.join("\n"));
}

#[test]
fn every_recorded_answer_is_predicted() {
    assert_same(true, true, "code", 780);
}

#[test]
fn answers_without_strict_checking_are_predicted() {
    assert_same(false, true, "partial_chain_only_code", 770);
}

#[test]
fn answers_of_python_3_12_are_predicted() {
    assert_same(false, false, "without_both_flags_code", 620);
}
