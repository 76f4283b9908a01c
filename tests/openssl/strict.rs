//! What the profile `python-strict` says of recorded verifications of OpenSSL 3.5
//! with Python 3.13's flags, and where it says otherwise.

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
    ("leaf-v1", "rfc5280/not-x509-v3", VERSION_1_LEAF),
    ("leaf-exts-empty-seq", "rfc5280/not-x509-v3", VERSION_1_LEAF),
];

const ANCHOR: &str = "the certificate is itself trusted, and OpenSSL asks nothing of whom it names as its issuer; \
    a bundle does not say which certificate is trusted";
const ALONE: &str = "OpenSSL makes no strict check of a path of one certificate";
const OFF_PATH: &str = "the certificate is among the inputs, but not on the path that OpenSSL builds";
const TRUST_SETTINGS: &str = "OpenSSL takes the purposes from the settings behind a TRUSTED CERTIFICATE";
const UNPROCESSED: &str = "OpenSSL does not look at an extension that verification has no use for";
const VERSION_1_LEAF: &str = "OpenSSL wants version 3 of authorities only";

/// Rejections for which no error of `python-strict` names the code: case, code, reason.
const UNEXPLAINED: &[(&str, Option<i64>, &str)] = &[
    ("self-hostname", Some(62), HOST_NAME),
    ("leaf-hostname", Some(62), HOST_NAME),
    ("leaf-cn-ignored-with-san", Some(62), HOST_NAME),
    ("leaf-ip-in-dns", Some(64), HOST_NAME),
    ("intanchor-nc-exclude", Some(48), NAME_CONSTRAINTS),
    ("root-nc-minimum", Some(49), NAME_CONSTRAINTS),
    ("intanchor-nc-rid", Some(51), NAME_CONSTRAINTS),
    ("int-nc-utf8-email-dn", Some(53), NAME_CONSTRAINTS),
    ("root-nc-cn-fallback", Some(47), NAME_CONSTRAINTS),
    ("root-nc-dirname-other", Some(47), NAME_CONSTRAINTS),
    ("intanchor-nc-dirname-other", Some(47), NAME_CONSTRAINTS),
    ("root-nc-ipv4-leaf-ipv6", Some(47), NAME_CONSTRAINTS),
    ("int-nc-ipv4-leaf-ipv6", Some(47), NAME_CONSTRAINTS),
    ("root-nc-uri-urn", Some(53), NAME_CONSTRAINTS),
    ("intanchor-nc-uri-urn", Some(53), NAME_CONSTRAINTS),
    ("root-dns-nc-email-bad", Some(53), NAME_CONSTRAINTS),
    ("intanchor-dns-nc-email-bad", Some(53), NAME_CONSTRAINTS),
    ("root-untrusted-sent", Some(19), TRUST_STORE),
    ("root-unknown", Some(20), TRUST_STORE),
    ("leaf-same-dn-as-root-noaki", Some(18), TRUST_STORE),
    ("leaf-same-dn-as-root-noski", Some(18), TRUST_STORE),
    ("int-notafter-malformed", None, TIME_FORM),
    ("int-notafter-fraction", Some(14), TIME_FORM),
    ("root-proxy-on-ca", Some(20), "later: no rule on proxyCertInfo"),
    (
        "self-invalid-ext",
        Some(26),
        "duplicate-extension says it, for a path of one certificate with another code",
    ),
];

const HOST_NAME: &str = "later: rules do not know the host name";
const NAME_CONSTRAINTS: &str = "later: no rule applies the name constraints of an issuer";
const TRUST_STORE: &str = "later: rules do not know which certificates are trusted";
const TIME_FORM: &str = "later: no rule on the form of times";

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

#[test]
fn every_rejection_by_openssl_is_explained_by_an_error() {
    let cases = cases();
    let rejected = cases.iter().filter(|case| !case.is_accepted());
    let found: BTreeSet<_> =
        rejected.filter(|case| !case.is_explained()).map(|case| (case.name.as_str(), case.code)).collect();
    let known = UNEXPLAINED.iter().map(|(case, code, _)| (*case, *code)).collect();
    assert_eq!(
        found, known,
        "left: rejections without an error that names the code; right: the ledger of them"
    );
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

    /// Whether a finding names the code that OpenSSL gives.
    fn is_explained(&self) -> bool {
        match self.code {
            Some(code) => self.errors.iter().any(|finding| finding.openssl.contains(&code)),
            None => !self.errors.is_empty(),
        }
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
