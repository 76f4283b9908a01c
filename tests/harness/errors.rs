//! What cannot be used, and what is said of it.

use serde_json::{Value, json};

use crate::program::Folder;
use crate::run::{folder, run};

fn manifest(folder: &Folder) -> Value {
    serde_json::from_str(&folder.read("corpus/manifest.json")).expect("it is JSON")
}

/// The verifier of tests in which it is never started.
const NEVER: &[&str] = &["true {chain}"];

#[test]
fn command_lines_with_mistakes_are_refused() {
    let folder = folder("none");
    for (line, parts) in [
        ("x {chian}", &["--verifier 'x {chian}'", "there is no `{chian}`", "did you mean `{chain}`?"][..]),
        ("x {trust}", &["neither `{chain}` nor `{leaf}`"]),
        ("x '{chain}", &["a quote is opened"]),
        ("x {chain", &["a single `{`"]),
        ("", &["the command line is empty"]),
        ("opensl", &["there is no such verifier; did you mean `openssl`?"]),
        ("verify", &["ready-made verifiers are openssl, python3, curl, gnutls, go, node, all"]),
        ("mine=x {script} {chain}", &["there is no `{script}`"]),
    ] {
        run(&folder, "harness corpus", &[line]).refuses(parts);
    }
    folder.run("harness corpus").refuses(&["--verifier <CMD>"]);
}

#[test]
fn a_corpus_that_is_none_is_refused() {
    let folder = folder("none");
    run(&folder, "harness nowhere", NEVER).refuses(&["nowhere cannot be opened", "pemlint fixtures make"]);
    folder.write("empty/x", "");
    run(&folder, "harness empty", NEVER).refuses(&["empty/manifest.json cannot be read"]);
    folder.write("corpus/manifest.json", "[");
    run(&folder, "harness corpus", NEVER).refuses(&["corpus/manifest.json", "no manifest of a corpus"]);
    folder
        .write("corpus/manifest.json", "{\"version\": 2, \"at\": \"2026-11-01T00:00:00Z\", \"chains\": []}");
    run(&folder, "harness corpus", NEVER).refuses(&["no chain in it is one that a server presents"]);
    folder.write("corpus/manifest.json", "{\"version\": 2, \"at\": \"soon\", \"chains\": []}");
    run(&folder, "harness corpus", NEVER).refuses(&["its instant `soon`"]);
}

#[test]
fn a_manifest_of_another_version_is_refused_whatever_else_it_holds() {
    let folder = folder("none");
    for version in [1, 3] {
        folder.write("corpus/manifest.json", json!({"version": version, "else": 1}).to_string());
        run(&folder, "harness corpus", NEVER)
            .refuses(&[&format!("it is of version {version}, this pemlint reads 2"), "make the corpus anew"]);
    }
}

#[test]
fn a_file_that_is_missing_or_lies_elsewhere_is_refused() {
    let folder = folder("none");
    std::fs::remove_file(folder.path().join("corpus/chains/000000/trust.pem")).expect("it is there");
    run(&folder, "harness corpus", NEVER).refuses(&["chains/000000/trust.pem cannot be read"]);
    for outside in ["../mine.pem", "/etc/passwd", "chains/../../mine.pem", "chains\\x.pem"] {
        let mut changed = manifest(&folder);
        changed["chains"][0]["chain"] = outside.into();
        folder.write("corpus/manifest.json", changed.to_string());
        run(&folder, "harness corpus", NEVER).refuses(&["does not lie in its folder"]);
    }
}

#[test]
fn a_chain_without_a_key_is_not_asked_where_one_is_needed() {
    let folder = folder("none");
    let mut changed = manifest(&folder);
    changed["chains"][0]["leafKey"] = Value::Null;
    folder.write("corpus/manifest.json", changed.to_string());
    let report = run(&folder, "harness corpus --format json", &["true {chain} {key}", "true {chain}"]);
    let report = report.ends(0).json();
    assert_eq!(report["verifiers"][0]["answers"][0]["verdict"], "leftOut");
    assert_eq!(report["verifiers"][1]["answers"][0]["verdict"], "accepts");
}

#[test]
fn models_that_are_unknown_are_refused() {
    let folder = folder("none");
    let refuses = |words: &str, parts: &[&str]| {
        run(&folder, &format!("harness corpus {words}"), NEVER).refuses(parts);
    };
    refuses("--expect pyton-3.13", &["there is no model `pyton-3.13`", "did you mean `python-3.13`?"]);
    refuses("--expect chrome", &["there are python-3.13, python-3.12"]);
    refuses("--model openssl/9", &["1.1.1, 3.0, 3.5, 3.6, 4.0"]);
    refuses("--model rustls/3.0", &["`now` for clients without"]);
    let mut changed = manifest(&folder);
    changed["chains"][0]["verdicts"].as_array_mut().expect("a list").retain(|one| one["client"] != "rustls");
    folder.write("corpus/manifest.json", changed.to_string());
    refuses("--expect rustls", &["the manifest holds no verdicts of it; rustls/VERSION asks the model"]);
    run(&folder, "harness corpus --expect rustls/now", NEVER).ends(0);
}

#[test]
fn options_that_exclude_each_other_are_refused() {
    let folder = folder("none");
    run(&folder, "harness corpus --seed 3", NEVER).refuses(&["--seed"]);
    run(&folder, "harness --limbo x.json", NEVER).refuses(&["--limbo"]);
    run(&folder, "harness corpus --client rustls", NEVER).refuses(&["--limbo"]);
    run(&folder, "harness --at soon", NEVER).refuses(&["--at soon"]);
}
