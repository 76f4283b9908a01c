//! Nothing shows a password, or a part of a key that one opened.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pemlint::engine::{self, Given, Job, Part};
use pemlint::facts::name::hex;
use pemlint::input::pkcs12;
use pemlint::input::{Format, Input, Options, Password};
use pemlint::report;
use pemlint::rule::{self, Profile, RuleSet};
use pemlint::source::Source;

use crate::asked::passwords;

/// Nothing shorter is searched for: it might stand anywhere.
const RUN: usize = 12;

/// The files that the password `pemlint` opens, here under a password that nothing else says.
const FILES: [&str; 6] = [
    "containers/modern.p12",
    "containers/legacy.p12",
    "containers/without-mac.p12",
    "containers/encrypted-scrypt.pem",
    "keys/formats/p256-a-encrypted-pkcs8.pem",
    "keys/formats/p256-a-encrypted-legacy.pem",
];

fn octets(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The private number of the key that all files hold, in the forms that it could be shown in.
fn secrets() -> Vec<String> {
    let text = String::from_utf8(octets("keys/p256-a.pem")).expect("PEM is text");
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(body).expect("the key is sound");
    // ECPrivateKey: the version, then the OCTET STRING of 32 octets.
    let at = memchr::memmem::find(&der, &[2, 1, 1, 4, 32]).expect("it is an EC key") + 5;
    let number = &der[at..at + 32];
    let listed: Vec<String> = number.iter().map(ToString::to_string).collect();
    let mut forms = vec![hex(number), hex(number).to_uppercase(), listed.join(", ")];
    // Base64 of the number as it falls on each of three places.
    forms.extend((0..3).map(|skipped| STANDARD.encode(&der[at + skipped..at + 30])));
    forms
}

/// Every run of characters that would be a part of the key.
static RUNS: LazyLock<HashSet<Vec<u8>>> = LazyLock::new(|| {
    let forms = secrets();
    forms.iter().flat_map(|form| form.as_bytes().windows(RUN)).map(<[u8]>::to_vec).collect()
});

#[track_caller]
fn assert_hidden(what: &str, output: &str) {
    let shown = output.as_bytes().windows(RUN).find(|run| RUNS.contains(*run));
    let shown = shown.map(String::from_utf8_lossy);
    assert!(shown.is_none(), "{what} shows {shown:?}:\n{output}");
}

#[test]
fn a_key_that_is_shown_would_be_found() {
    assert!(RUNS.len() > 150, "{} runs", RUNS.len());
    let text = String::from_utf8(octets("keys/p256-a.pem")).expect("PEM is text");
    assert!(text.replace('\n', "").as_bytes().windows(RUN).any(|run| RUNS.contains(run)));
}

fn read(name: &str, texts: &[&str]) -> Input {
    let file = name.rsplit('/').next().expect("it has a name");
    Input::read_with(
        Source::new(file, octets(name)),
        &Options { passwords: passwords(texts), ..Options::default() },
    )
}

/// The key in other texts: sound ones, and ones that are damaged around it or in it.
fn carriers() -> Vec<(&'static str, String)> {
    let key = String::from_utf8(octets("keys/p256-a.pem")).expect("PEM is text");
    let json = serde_json::json!({"private_key": key, "certificates": key}).to_string();
    let indented = key.replace('\n', "\n    ");
    let base64 = STANDARD.encode(&key);
    let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    vec![
        ("json", json.clone()),
        ("json that is cut off", json[..json.len() - 40].to_owned()),
        ("json with an unknown escape", json.replace("\\n", "\\q")),
        ("json of a doubled text", serde_json::json!({"body": json}).to_string()),
        ("yaml", format!("data:\n  tls.key: |\n    {indented}\n")),
        ("yaml in base64", format!("data:\n  tls.key: {base64}\n")),
        ("yaml with a tab", format!("data:\n\ttls.key: |\n    {indented}\n")),
        ("terraform", format!("private_key = <<EOT\n{key}EOT\n")),
        ("terraform without an end", format!("private_key = <<EOT\n{key}")),
        ("environment", format!("TLS_KEY=\"{}\"\n", key.trim().replace('\n', "\\n"))),
        ("environment without a quote", format!("TLS_KEY=\"{key}\n")),
        ("base64", base64),
        ("base64 of the octets", body.clone()),
        ("a certificate by its label", key.replace("PRIVATE KEY", "CERTIFICATE")),
        ("without a line", key.replacen('\n', "", 2)),
        ("a damaged body", key.replace(&body[20..24], "!*.~")),
        ("no end", key.lines().take(3).collect::<Vec<_>>().join("\n")),
        ("no begin", key.lines().skip(1).collect::<Vec<_>>().join("\n")),
        ("one word", key.replace('\n', " ")),
    ]
}

#[test]
fn keys_inside_other_texts_are_not_shown() {
    for (name, text) in carriers() {
        for format in Format::ALL {
            let source = Source::new("any", text.clone().into_bytes());
            let input = Input::read_with(source, &Options { format, ..Options::default() });
            let name = format!("{name} read as {}", format.name());
            assert_hidden(&name, &format!("{input:?}{input:#?}"));
            let given = [Given { input, part: Part::Checked }];
            assert_hidden(&name, &reported(&given, &SETS[0]));
        }
    }
}

#[test]
fn debug_forms_show_nothing() {
    for name in FILES {
        let input = read(name, &["pemlint"]);
        assert_hidden(name, &format!("{input:?}{input:#?}"));
    }
    for name in ["containers/modern.p12", "containers/legacy.p12"] {
        let opened = pkcs12::open(&octets(name), Some(&Password::new(b"pemlint".to_vec())));
        let opened = opened.expect("the password is right");
        assert_hidden(name, &format!("{opened:?}{opened:#?}"));
    }
}

#[test]
fn options_and_passwords_show_nothing() {
    let options = Options { passwords: passwords(&["correct horse", "batterie"]), ..Options::default() };
    let shown = format!("{options:?}{options:#?}");
    for part in ["correct", "horse", "batterie", "99, 111", "636f7272", &STANDARD.encode("correct horse")] {
        assert!(!shown.contains(part), "{shown}");
    }
}

/// Profiles that between them run every rule of the binary on containers and keys.
const PROFILES: [&str; 4] = ["cloudflare-byopki", "azure-firewall-premium", "rfc5280", "python-strict"];

/// Their rules.
static SETS: LazyLock<Vec<RuleSet>> = LazyLock::new(|| {
    let profile = |name| Profile::named(name).expect("it is a profile of the binary");
    let load = |name| RuleSet::load(profile(name), rule::Options::default()).expect("the rules are sound");
    PROFILES.into_iter().map(load).collect()
});

/// The report in every format.
fn reported(given: &[Given], rules: &RuleSet) -> String {
    let job = Job { rules, now: 1_795_000_000, join: false, clients: &[] };
    let report = report::build(engine::check(given, &job), rules, "2026-11-22T00:00:00Z".into());
    let mut text = Vec::new();
    report::human::write(&report, false, &mut text).expect("it can be written");
    report::json::write(&report, &mut text).expect("it can be written");
    report::sarif::write(&report, &mut text).expect("it can be written");
    String::from_utf8(text).expect("reports are text")
}

#[test]
fn no_report_shows_a_password_or_a_key_that_was_opened() {
    for (name, texts) in FILES.iter().flat_map(|name| {
        [(*name, &["zweiunddreissig", "pemlint"][..]), (name, &["zweiunddreissig"]), (name, &[])]
    }) {
        let given = [Given { input: read(name, texts), part: Part::Checked }];
        for rules in SETS.iter() {
            let text = reported(&given, rules);
            assert_hidden(name, &text);
            assert!(!text.contains("zweiunddreissig"), "{name}:\n{text}");
        }
    }
}
