//! Where the profile `python-strict` finds errors in chains that OpenSSL 3.5 accepts
//! with Python 3.13's flags. That it has one for each error is shown in `explained`.

use std::collections::BTreeSet;

use pemlint::engine::{Given, Job, Part, check};
use pemlint::facts::time::from_rfc3339;
use pemlint::finding::{Finding, Severity};
use pemlint::rule::{Options, Profile, RuleSet};
use serde_json::Value;

use crate::corpus;

/// Release of OpenSSL whose verdicts count.
const RELEASE: &str = "3.5";

/// Instant of the recorded verifications.
const NOW: &str = "2026-11-22T00:00:00Z";

/// Errors of `python-strict` on chains that OpenSSL accepts: case, rule, reason.
const STRICTER: &[(&str, &str, &str)] = &[
    ("good-leaf-pinned-noaki", "rfc5280/authority-key-identifier-missing", ANCHOR),
    ("intanchor-aki-missing", "rfc5280/authority-key-identifier-missing", ANCHOR),
    ("self-ca-noku-noncritbc-noski", "rfc5280/ca-basic-constraints-not-critical", ALONE),
    ("self-ca-noku-noncritbc-noski", "rfc5280/ca-key-usage-missing", ALONE),
    ("self-ca-noku-noncritbc-noski", "rfc5280/ca-subject-key-identifier-missing", ALONE),
    ("self-ec-explicit", "keys/ec-parameters-explicit", ALONE),
    ("self-empty-subject-san-noncrit", "rfc5280/empty-subject-without-critical-subject-alt-name", ALONE),
    ("self-empty-subject-san-noncrit", "rfc5280/issuer-empty", ALONE),
    ("dup-int-good-first", "rfc5280/authority-key-identifier-missing", OFF_PATH),
    ("int-store-overrides-sent", "rfc5280/ca-basic-constraints-not-critical", OFF_PATH),
    ("dup-root-bc-good-first", "rfc5280/ca-basic-constraints-not-critical", OFF_PATH),
    ("dup-root-expired-good-first", "validity/expired", OFF_PATH),
    ("root-eku-client-aux", "chain/extended-key-usage-without-server-auth", TRUST_SETTINGS),
    ("int-unknown-duplicate", "rfc5280/duplicate-extension", UNPROCESSED),
    ("int-ian-malformed", "rfc5280/malformed-extension", UNPROCESSED),
    ("leaf-aia-malformed", "rfc5280/malformed-extension", UNPROCESSED),
    ("root-aki-keyid-issuer-noserial", "rfc5280/authority-key-identifier-incomplete", OPENSSL_4),
    ("int-aki-keyid-issuer-noserial", "rfc5280/authority-key-identifier-incomplete", OPENSSL_4),
    ("intanchor-aki-keyid-issuer-noserial", "rfc5280/authority-key-identifier-incomplete", OPENSSL_4),
    ("root-eku-client-aux", "trust/any-purpose-not-trusted", ANY_PURPOSE),
    ("leaf-v1", "rfc5280/not-x509-v3", VERSION_1_LEAF),
    ("leaf-exts-empty-seq", "rfc5280/not-x509-v3", VERSION_1_LEAF),
];

const ANCHOR: &str = "the certificate is itself trusted, and OpenSSL asks nothing of whom it names as its issuer; \
    a bundle does not say which certificate is trusted";
const ALONE: &str = "OpenSSL makes no strict check of a path of one certificate";
const OFF_PATH: &str = "the certificate is among the inputs, but not on the path that OpenSSL builds";
const TRUST_SETTINGS: &str = "OpenSSL takes the purposes from the settings behind a TRUSTED CERTIFICATE";
const UNPROCESSED: &str = "OpenSSL does not look at an extension that verification has no use for";
const OPENSSL_4: &str = "OpenSSL refuses it from 4.0 on";
const ANY_PURPOSE: &str = "Python verifies for TLS servers; `openssl verify` as it comes has no purpose";
const VERSION_1_LEAF: &str = "OpenSSL wants version 3 of authorities only";

#[test]
fn no_error_of_the_strict_profile_is_news_to_openssl() {
    let cases = cases();
    let accepted = cases.iter().filter(|case| case.is_accepted());
    let mut found = BTreeSet::new();
    for case in accepted {
        found.extend(case.errors.iter().map(|finding| (case.name.as_str(), finding.rule.as_str())));
    }
    let known = STRICTER.iter().map(|(case, rule, _)| (*case, *rule)).collect();
    assert_eq!(found, known, "left: errors on chains that OpenSSL accepts; right: the ledger of them");
}

/// One verification.
struct Case {
    name: String,
    /// Verify code; `None` where OpenSSL could not even read a certificate.
    code: Option<i64>,
    /// Error-level findings on the trust store and the chain together.
    errors: Vec<Finding>,
}

impl Case {
    /// Whether OpenSSL accepts the chain.
    fn is_accepted(&self) -> bool {
        self.code == Some(0)
    }
}

/// Every recorded verification with what the rules say.
fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(corpus::root().join("fixtures/openssl/cases.json")).unwrap();
    let recorded: Vec<Value> = serde_json::from_str(&text).unwrap();
    let profile = Profile::named("python-strict").expect("the profile exists");
    let rules = RuleSet::load(profile, Options::default()).expect("the rules load");
    let job = Job { rules: &rules, now: from_rfc3339(NOW).unwrap(), join: true, clients: &[] };
    recorded.iter().map(|record| case(record, &job)).collect()
}

fn case(record: &Value, job: &Job<'_>) -> Case {
    let name = record["case"].as_str().expect("a case has a name").to_owned();
    let folder = corpus::root().join("fixtures/openssl").join(&name);
    let given = ["ca.pem", "chain.pem"]
        .map(|file| Given { input: corpus::input(&folder.join(file)), part: Part::Checked });
    let verdict = &record["expect"][RELEASE];
    assert!(verdict.is_object(), "{name} has no verdict of OpenSSL {RELEASE}");
    let mut errors = check(&given, job).findings;
    errors.retain(|finding| finding.severity == Severity::Error);
    Case { name, code: verdict["code"].as_i64(), errors }
}
