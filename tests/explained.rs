//! Every error of every client is explained: by the findings of at least one rule
//! of level error, whatever was brought. Without this, an exit status that counts
//! findings would be silent about a chain that a client refuses.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/corpus.rs"]
mod corpus;

use std::collections::{BTreeMap, BTreeSet};

use pemlint::client::Asked;
use pemlint::client::openssl::{Host, Version};
use pemlint::engine::{Given, Job, Outcome, Part, check};
use pemlint::facts::time::from_rfc3339;
use pemlint::finding::Severity;
use pemlint::rule::{Options, Profile, Rule, RuleSet, profile_names};
use serde_json::Value;

/// Instant of the recorded verifications, and of the fixtures.
const NOW: &str = "2026-11-22T00:00:00Z";

/// Fixtures and codes with errors that no finding of level error explains.
const UNEXPLAINED: &[(&str, &str, &str)] = &[
    ("validity/expires-soon/fails-now", "X509_V_ERR_CERT_HAS_EXPIRED", LAST_SECOND),
    ("rfc5280/validity-reversed/passes-one-second", "X509_V_ERR_CERT_HAS_EXPIRED", LAST_SECOND),
    ("products/expired-twin/passes-ends-now", "X509_V_ERR_CERT_HAS_EXPIRED", LAST_SECOND),
];

/// Errors of rustls alone that no rule knows: case or fixture, name, reason. Rules
/// for what OpenSSL accepts would be errors on chains that Python accepts.
const RUSTLS: &[(&str, &str, &str)] = &[
    ("int-cp-critical", "UnsupportedCriticalExtension", POLICIES),
    ("int-pc-critical", "UnsupportedCriticalExtension", POLICIES),
    ("int-parse-ber-length", "TrailingData", "OpenSSL reads lengths that are not minimal"),
    ("leaf-ca-true", "CaUsedAsEndEntity", AUTHORITY),
    ("self-ca-noku-noncritbc-noski", "CaUsedAsEndEntity", AUTHORITY),
    ("leaf-not-first/passes-only-authorities", "CaUsedAsEndEntity", AUTHORITY),
    ("leaf-not-first/passes-leaf-trusted-and-not-sent", "CaUsedAsEndEntity", AUTHORITY),
    ("leaf-cn-used-with-email-san", "CertNotValidForName", COMMON_NAME),
    ("leaf-san-empty", "CertNotValidForName", COMMON_NAME),
    ("leaf-san-missing", "CertNotValidForName", COMMON_NAME),
    ("root-nc-cn-fallback", "CertNotValidForName", COMMON_NAME),
    ("rfc9525/host-mismatch/fails-other-common-name", "CertNotValidForName", COMMON_NAME),
    ("rfc9525/host-mismatch/passes-common-name-alone", "CertNotValidForName", COMMON_NAME),
];

const POLICIES: &str = "OpenSSL processes policies, rustls does not";
const AUTHORITY: &str = "OpenSSL lets an authority be a server";
const COMMON_NAME: &str = "OpenSSL looks into the common name where there is no dNSName";

const LAST_SECOND: &str = "notAfter is this very second, which RFC 5280 still counts as valid and \
    OpenSSL before 4.0 does not";

/// What was looked at, and the errors that no finding of level error explains.
#[derive(Default)]
struct Tally {
    verdicts: usize,
    errors: usize,
    unexplained: BTreeMap<String, BTreeSet<String>>,
    /// Entries of the ledger that were met.
    known: BTreeSet<&'static str>,
}

impl Tally {
    fn take(&mut self, name: &str, outcome: &Outcome) {
        let severe: BTreeSet<&str> = outcome
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.rule.as_str())
            .collect();
        for verdict in &outcome.verdicts {
            self.verdicts += 1;
            for error in &verdict.errors {
                self.errors += 1;
                if error.rules.iter().any(|rule| severe.contains(rule.as_str())) {
                    continue;
                }
                let ledger = if verdict.client == "rustls" { RUSTLS } else { UNEXPLAINED };
                let entry = ledger.iter().find(|(case, code, reason)| {
                    name.contains(case) && error.name == *code && !reason.is_empty()
                });
                if let Some((case, ..)) = entry {
                    self.known.insert(case);
                } else {
                    let client = format!("{} {}", verdict.client, verdict.openssl.unwrap_or_default());
                    let text = format!(
                        "{name}: {} at {:?}, {}: {:?}",
                        error.name, error.depth, error.message, error.rules
                    );
                    self.unexplained.entry(text).or_default().insert(client);
                }
            }
        }
    }

    /// An entry that is not met any more has to go.
    #[track_caller]
    fn assert_known<'l>(&self, ledger: impl Iterator<Item = &'l (&'static str, &'static str, &'static str)>) {
        let ledger: BTreeSet<&str> = ledger.map(|(case, ..)| *case).collect();
        assert_eq!(self.known, ledger, "left: met; right: the ledger");
    }

    #[track_caller]
    fn settle(&self, verdicts: usize, errors: usize) {
        let Self { verdicts: seen, errors: met, unexplained, .. } = self;
        let lines: Vec<_> = unexplained.iter().map(|(text, clients)| format!("{text} {clients:?}")).collect();
        assert!(
            lines.is_empty(),
            "{} of {met} errors in {seen} verdicts:\n{}",
            lines.len(),
            lines.join("\n")
        );
        assert!(*seen >= verdicts && *met >= errors, "{seen} verdicts with {met} errors are too few");
    }
}

fn rules(profile: &str) -> RuleSet {
    let profile = Profile::named(profile).expect("the profile exists");
    RuleSet::load(profile, Options::default()).expect("the rules load")
}

fn given(part: Part, path: &std::path::Path) -> Given {
    Given { input: corpus::input(path), part }
}

/// Every client with every version that it can have, and none twice.
fn every_client(host: &str) -> Vec<Asked> {
    let host = Some(Host::new(host));
    let asked = |name: &str| Asked { host: host.clone(), ..Asked::named(name).unwrap() };
    let mut clients = Vec::new();
    for name in Asked::names() {
        for version in Version::ALL {
            let client = asked(name).with_openssl(version, None);
            if !clients.contains(&client) {
                clients.push(client);
            }
        }
    }
    clients
}

#[test]
fn every_error_on_every_recorded_case_is_explained() {
    let folder = corpus::root().join("fixtures/openssl");
    let text = std::fs::read_to_string(folder.join("cases.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let rules = rules("python-strict");
    let mut tally = Tally::default();
    for case in &cases {
        let name = case["case"].as_str().unwrap();
        let given = [
            given(Part::Presented, &folder.join(name).join("chain.pem")),
            given(Part::Trusted, &folder.join(name).join("ca.pem")),
        ];
        let clients = every_client(case["hostname"].as_str().unwrap());
        let now = from_rfc3339(NOW).unwrap();
        tally.take(name, &check(&given, &Job { rules: &rules, now, join: true, clients: &clients }));
    }
    tally.settle(cases.len() * 21, 2_200);
    tally.assert_known(RUSTLS.iter().filter(|(case, ..)| !case.contains('/')));
}

/// What Python 3.13 prints first for a recorded case, and every rule that explains
/// it, written by hand: nothing nearby takes the place of the cause.
const CAUSES: &[(&str, &[&str])] = &[
    ("root-ku-empty", &["rfc5280/key-usage-empty"]),
    ("intanchor-ku-zero-byte", &["rfc5280/key-usage-empty"]),
    ("root-ski-duplicate", &["rfc5280/duplicate-extension"]),
    ("intanchor-bc-malformed", &["rfc5280/malformed-extension"]),
    ("root-proxy-on-ca", &["rfc3820/ca-or-names-in-proxy-certificate"]),
    ("root-unknown", &["trust/issuer-missing"]),
    ("root-untrusted-sent", &["trust/root-not-trusted"]),
    (
        "leaf-same-dn-as-root-noaki",
        &["chain/self-issued-without-key-identifier", "trust/self-signed-not-trusted"],
    ),
    ("root-ski-missing", &["rfc5280/ca-subject-key-identifier-missing"]),
    ("leaf-aki-missing-2tier", &["rfc5280/authority-key-identifier-missing"]),
    ("int-v3-noext", &["rfc5280/ca-basic-constraints-missing"]),
    ("root-nc-minimum", &["rfc5280/subtree-bounds-unsupported"]),
    ("root-nc-dirname-other", &["rfc5280/name-not-permitted"]),
    ("intanchor-nc-exclude", &["rfc5280/name-in-excluded-subtree"]),
    ("intanchor-nc-rid", &["rfc5280/constraint-kind-unsupported"]),
    ("root-nc-uri-urn", &["rfc5280/name-invalid-under-constraints"]),
    ("int-notafter-malformed", &["rfc5280/time-form-invalid"]),
    ("int-notafter-fraction", &["rfc5280/time-form-invalid"]),
    ("leaf-hostname", &["rfc9525/host-mismatch"]),
    ("leaf-ip-in-dns", &["rfc9525/address-mismatch"]),
    ("int-sha1", &["keys/signature-hash-weak"]),
    ("order-expired-vs-badsig", &["chain/signature-invalid"]),
];

#[test]
fn the_rules_that_explain_the_first_error_are_those_on_its_cause() {
    let folder = corpus::root().join("fixtures/openssl");
    let text = std::fs::read_to_string(folder.join("cases.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let rules = rules("python-strict");
    for (name, wanted) in CAUSES {
        let case = cases.iter().find(|case| case["case"] == *name).expect("the case is recorded");
        let host = Some(Host::new(case["hostname"].as_str().unwrap()));
        let clients = [Asked { host, ..Asked::named("python-3.13").unwrap() }];
        let given = [
            given(Part::Presented, &folder.join(name).join("chain.pem")),
            given(Part::Trusted, &folder.join(name).join("ca.pem")),
        ];
        let now = from_rfc3339(NOW).unwrap();
        let outcome = check(&given, &Job { rules: &rules, now, join: true, clients: &clients });
        assert_eq!(outcome.verdicts[0].errors[0].rules, *wanted, "{name}");
    }
}

/// Whether two profiles ask the same clients, and have the same to say of what leads to errors of clients.
fn explains_alike(left: &RuleSet, right: &RuleSet) -> bool {
    let asks = |set: &RuleSet| {
        let profile = &set.profile;
        (profile.clients.clone(), profile.every_certificate_is_ca, profile.chain_may_be_incomplete)
    };
    let leads = |set: &RuleSet| -> Vec<String> {
        let rules = set.rules.iter().filter(|rule| {
            let draft = &rule.draft;
            !(draft.openssl.is_empty() && draft.refused.is_empty() && draft.rustls.is_empty())
        });
        let params = |rule: &Rule| {
            let id = &rule.draft.source.id;
            let params = rule.draft.params.keys().map(|name| format!("{:?}", set.profile.param(id, name)));
            format!("{id} {} {}", rule.severity, params.collect::<String>())
        };
        rules.map(params).collect()
    };
    asks(left) == asks(right) && leads(left) == leads(right)
}

#[test]
fn every_error_on_every_fixture_is_explained_under_every_profile_with_clients() {
    let files: Vec<_> = ["rules", "clean", "openssl"].into_iter().flat_map(corpus::files).collect();
    let mut tally = Tally::default();
    let mut met: Vec<RuleSet> = Vec::new();
    for profile in profile_names() {
        let rules = rules(profile);
        let clients = rules.profile.asked();
        // What explains errors under one profile does so under all that are like it in this.
        if clients.is_empty() || met.iter().any(|known| explains_alike(known, &rules)) {
            continue;
        }
        for path in &files {
            let now = from_rfc3339(NOW).unwrap();
            let job = Job { rules: &rules, now, join: false, clients: &clients };
            let name = format!("{profile} {}", path.strip_prefix(corpus::root()).unwrap().display());
            tally.take(&name, &check(&[given(Part::Checked, path)], &job));
        }
        met.push(rules);
    }
    assert!(met.len() >= 4, "there are {} kinds of profiles only", met.len());
    // Many files have no certificate to ask about.
    tally.settle(files.len() * 3, 2_000);
    tally.assert_known(UNEXPLAINED.iter());
}

#[test]
fn every_error_on_every_fixture_that_a_server_presents_is_explained() {
    let rules = rules("python-strict");
    let mut tally = Tally::default();
    let trust = |path: &std::path::Path| Some(path.with_extension("trust")).filter(|trust| trust.exists());
    let files = corpus::files("rules");
    let pairs: Vec<_> = files.iter().filter_map(|path| Some((path, trust(path)?))).collect();
    for (path, trust) in &pairs {
        for host in ["test.example", "www.example.org", "192.0.2.7", "2001:db8::7"] {
            let clients = every_client(host);
            let given = [given(Part::Presented, path), given(Part::Trusted, trust)];
            let job = Job { rules: &rules, now: from_rfc3339(NOW).unwrap(), join: true, clients: &clients };
            let name = path.strip_prefix(corpus::root()).unwrap().display().to_string();
            tally.take(&name, &check(&given, &job));
        }
    }
    tally.settle(pairs.len() * 84, 3_000);
    tally.assert_known(RUSTLS.iter().filter(|(case, ..)| case.contains('/')));
}
