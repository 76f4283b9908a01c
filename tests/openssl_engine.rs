//! The model of OpenSSL against the installed `openssl verify`: the recorded
//! cases and random chains with random faults. The first error and its depth must agree.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it compared"
)]

#[path = "openssl_engine/chains.rs"]
mod chains;

use std::fs;
use std::path::Path;
use std::process::Command;

use pemlint::client::Verdict;
use pemlint::client::openssl::{Anchor, Client, Host, Version, verify};
use pemlint::facts::Certificate;
use pemlint::input::{Armour, Input};
use pemlint::source::Source;

/// 2026-11-22T00:00:00Z.
const INSTANT: i64 = 1_795_305_600;

/// Cases on which `openssl verify` of 3.0 answers otherwise than a TLS client, with the reason.
const LEDGER: &[(&str, &str)] = &[];

/// The version whose rules the installed program follows.
fn installed() -> Version {
    let text = String::from_utf8(Command::new("openssl").arg("version").output().unwrap().stdout).unwrap();
    let number = text.split(' ').nth(1).unwrap();
    let version = match number.split('.').collect::<Vec<_>>()[..] {
        ["1", ..] => Version::V1_1_1,
        ["3", "0" | "1" | "2", ..] => Version::V3_0,
        ["3", "3" | "4" | "5", ..] => Version::V3_5,
        ["3", ..] => Version::V3_6,
        _ => Version::V4_0,
    };
    println!("{}", text.trim());
    version
}

fn certificates(input: &Input) -> Vec<(Certificate<'_>, bool)> {
    let blocks = input.blocks.iter().filter_map(|block| Some((block, input.certificate(block)?)));
    blocks
        .map(|(block, der)| {
            let label = |armour: &Armour| &input.source.bytes[armour.label.clone()] == b"TRUSTED CERTIFICATE";
            (Certificate::read(der), block.armour.as_ref().is_some_and(label))
        })
        .collect()
}

fn predict(folder: &Path, version: Version, host: &str, level: u8) -> Verdict {
    let read = |name: &str| Input::read(Source::new(name, fs::read(folder.join(name)).unwrap()));
    let (ca, chain) = (read("ca.pem"), read("chain.pem"));
    let (ca, chain) = (certificates(&ca), certificates(&chain));
    let store: Vec<_> =
        ca.iter().map(|(certificate, trusted)| Anchor { certificate, trusted_label: *trusted }).collect();
    let presented: Vec<_> = chain.iter().map(|(certificate, _)| certificate).collect();
    let mut parameters = Client::OpensslStrict.parameters(version, INSTANT, Some(Host::new(host)));
    parameters.level = level;
    verify(&store, &presented, &parameters)
}

/// First error and depth that `openssl verify` prints; `None` for a file that it
/// cannot load.
fn ask(folder: &Path, host: &str, level: u8) -> Option<(i64, u64)> {
    // In a file of many, the program would skip a leaf that does not parse.
    let chain = fs::read_to_string(folder.join("chain.pem")).unwrap();
    let leaf = tempfile::NamedTempFile::new().unwrap();
    let end = "-----END CERTIFICATE-----\n";
    fs::write(leaf.path(), chain.split_inclusive(end).next().unwrap()).unwrap();
    let name = if matches!(Host::new(host), Host::Address(_)) { "-verify_ip" } else { "-verify_hostname" };
    let output = Command::new("openssl")
        .args(["verify", "-x509_strict", "-partial_chain", "-purpose", "sslserver"])
        .args(["-auth_level", &level.to_string()])
        .args(["-attime", &INSTANT.to_string(), name, host])
        .args(["-no-CApath", "-no-CAstore"])
        .arg("-CAfile")
        .arg(folder.join("ca.pem"))
        .arg("-untrusted")
        .arg(folder.join("chain.pem"))
        .arg(leaf.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = text.lines().find(|line| line.starts_with("error ") && line.contains(" depth lookup"));
    match line {
        Some(line) => {
            let words: Vec<_> = line.split(' ').collect();
            Some((words[1].parse().unwrap(), words[3].parse().unwrap()))
        }
        None if output.status.success() => Some((0, 0)),
        None => None,
    }
}

/// What the model says, in the form of [`ask`].
fn first(verdict: &Verdict) -> Option<(i64, u64)> {
    match verdict.error() {
        None => Some((0, 0)),
        Some(error) => Some((error.code?, error.depth? as u64)),
    }
}

#[test]
fn recorded_cases_agree_with_the_installed_openssl() {
    let version = installed();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/openssl");
    let cases: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(fixtures.join("cases.json")).unwrap()).unwrap();
    let mut different = Vec::new();
    for case in cases.as_array().unwrap() {
        let (name, host) = (case["case"].as_str().unwrap(), case["hostname"].as_str().unwrap());
        let folder = fixtures.join(name);
        let wanted = ask(&folder, host, 2);
        let found = first(&predict(&folder, version, host, 2));
        let known = LEDGER.iter().any(|(case, _)| *case == name);
        if (wanted == found) == known {
            different.push(format!("{name}: openssl {wanted:?}, model {found:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn random_chains_agree_with_the_installed_openssl() {
    let version = installed();
    let count = std::option_env!("PEMLINT_CHAINS").map_or(600, |count| count.parse().unwrap());
    let mut different = Vec::new();
    let mut codes = std::collections::BTreeMap::new();
    let maker = chains::Maker::new();
    for seed in 0..count {
        let folder = tempfile::tempdir().unwrap();
        let chain = maker.make(seed);
        fs::write(folder.path().join("ca.pem"), &chain.store).unwrap();
        fs::write(folder.path().join("chain.pem"), &chain.presented).unwrap();
        let wanted = ask(folder.path(), chain.host, chain.level);
        let verdict = predict(folder.path(), version, chain.host, chain.level);
        *codes.entry(wanted.map(|(code, _)| code)).or_insert(0) += 1;
        if wanted != first(&verdict) {
            different.push(format!(
                "seed {seed}: openssl {wanted:?}, model {:?}, {}",
                first(&verdict),
                chain.faults.join(", ")
            ));
        }
    }
    println!("answers: {codes:?}");
    assert!(different.is_empty(), "{} of {count}:\n{}", different.len(), different.join("\n"));
}
