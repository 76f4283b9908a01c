//! pemlint against other readers of the same octets: OpenSSL and x509-parser.
//! What differs is written down with its reason, and an entry that no longer
//! differs fails as well.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/corpus.rs"]
mod corpus;
#[path = "openssl/fact.rs"]
mod fact;
#[path = "openssl/ledger.rs"]
mod ledger;
#[path = "openssl/ours.rs"]
mod ours;
#[path = "openssl/printed.rs"]
mod printed;
#[path = "openssl/samples.rs"]
mod samples;
#[path = "openssl/second.rs"]
mod second;
#[path = "openssl/signatures.rs"]
mod signatures;
#[path = "openssl/strict.rs"]
mod strict;

use ledger::{Difference, Entry, compare, settle};
use pemlint::facts::Certificate;
use printed::Facts;
use samples::Sample;

/// Facts that OpenSSL prints otherwise.
const OPENSSL_LEDGER: &[Entry] = &[
    (
        "fixtures/openssl/int-notafter-fraction/chain.pem#1",
        "notAfter",
        "instants are whole seconds; the fraction is the fact notAfterEncoding.hasFraction",
    ),
    (
        "fixtures/openssl/int-parse-ber-length/chain.pem#1",
        "sha256",
        "OpenSSL writes the outer length anew, as DER wants it, before it counts; pemlint counts the octets that are there",
    ),
    (
        "fixtures/openssl/leaf-aia-malformed/chain.pem#0",
        "extension 1.3.6.1.5.5.7.1.1",
        "pemlint does not look into authorityInfoAccess, and verification does not either",
    ),
    (
        "fixtures/openssl/root-pathlen-negative/ca.pem#0",
        "extension 2.5.29.19",
        "OpenSSL prints a negative pathLenConstraint, though verification takes the extension for invalid",
    ),
    (
        "fixtures/rules/rfc5280/malformed-extension/fails-octet-after-key-identifier.pem#0",
        "extension 2.5.29.14",
        "OpenSSL passes over octets behind the value of an extension; pemlint reads to the last octet",
    ),
    (
        "fixtures/rules/rfc5280/malformed-extension/passes-other-name.pem#0",
        "extension 2.5.29.17",
        "pemlint shows the octets of an otherName, OpenSSL looks into it",
    ),
    (
        "fixtures/rules/keys/ca-key-unusable/fails-unknown-algorithm.pem#1",
        "bits",
        "OpenSSL cannot load a key of an algorithm that it does not know; pemlint does not look into it",
    ),
    (
        "fixtures/rules/rfc5280/constraint-kind-unsupported/fails-other-name-of-the-same-type.pem#0",
        "extension 2.5.29.30",
        "pemlint shows the octets of an otherName, OpenSSL looks into it",
    ),
    (
        "fixtures/rules/rfc5280/constraint-kind-unsupported/fails-other-name-of-the-same-type.pem#1",
        "extension 2.5.29.17",
        "pemlint shows the octets of an otherName, OpenSSL looks into it",
    ),
    (
        "fixtures/rules/rfc5280/constraint-kind-unsupported/passes-other-name-of-another-type.pem#1",
        "extension 2.5.29.17",
        "pemlint shows the octets of an otherName, OpenSSL looks into it",
    ),
    (
        "fixtures/rules/rfc5280/serial-number-not-minimal/fails-two-zeros-before-a-set-bit.pem#0",
        "certificate",
        "a needless octet is a finding of its own, and the number can be read",
    ),
    (
        "fixtures/rules/rfc5280/serial-number-not-minimal/fails-zero-in-front.pem#0",
        "certificate",
        "a needless octet is a finding of its own, and the number can be read",
    ),
    (
        "fixtures/rules/rfc5280/time-form-invalid/fails-fraction.pem#0",
        "notAfter",
        "instants are whole seconds; the fraction is the fact notAfterEncoding.hasFraction",
    ),
    (
        "fixtures/rules/rfc5280/time-form-invalid/fails-without-zone.pem#0",
        "notAfter",
        "the form is a finding of its own, and the instant can be read",
    ),
    (
        "fixtures/rules/rfc5280/time-form-invalid/fails-fraction-at-the-start.pem#0",
        "notBefore",
        "instants are whole seconds; the fraction is the fact notBeforeEncoding.hasFraction",
    ),
    (
        "fixtures/rules/rfc5280/time-form-invalid/fails-start-without-zone.pem#0",
        "notBefore",
        "the form is a finding of its own, and the instant can be read",
    ),
];

/// Facts that x509-parser reads otherwise.
const X509_PARSER_LEDGER: &[Entry] = &[
    (
        "fixtures/openssl/leaf-aia-malformed/chain.pem#0",
        "extension 1.3.6.1.5.5.7.1.1",
        "pemlint does not look into authorityInfoAccess",
    ),
    (
        "fixtures/rules/keys/public-key-undecodable/fails-ec-point-of-no-form.pem#1",
        "bits",
        "x509-parser does not look at the form of a point",
    ),
    (
        "fixtures/rules/keys/public-key-undecodable/fails-ec-point-one-octet-short.pem#1",
        "bits",
        "x509-parser does not look at the length of a point",
    ),
    (
        "fixtures/rules/keys/public-key-undecodable/fails-ed25519-one-octet-short.pem#1",
        "bits",
        "x509-parser does not look into Ed25519 keys",
    ),
    (
        "fixtures/rules/rfc5280/malformed-extension/fails-extended-key-usage-of-integers.pem#0",
        "extension 2.5.29.37",
        "x509-parser ends the list at the first element of another type",
    ),
    (
        "fixtures/rules/rfc5280/malformed-extension/fails-octet-after-key-identifier.pem#0",
        "extension 2.5.29.14",
        "x509-parser passes over octets behind the value of an extension",
    ),
    (
        "fixtures/rules/rfc5280/time-form-invalid/fails-without-zone.pem#0",
        "certificate",
        "the form is a finding of its own, and the instant can be read",
    ),
    (
        "fixtures/rules/rfc5280/time-form-invalid/fails-start-without-zone.pem#0",
        "certificate",
        "the form is a finding of its own, and the instant can be read",
    ),
];

#[test]
fn every_fact_is_what_openssl_prints() {
    let samples = every_sample();
    let found = in_two_threads(&samples, |sample| {
        let bundle = ours::alone(&sample.der);
        differences(sample, &bundle.certificates[0], &ours::facts(&bundle), printed::facts(&sample.text))
    });
    settle(&found, OPENSSL_LEDGER, "openssl");
}

#[test]
fn every_fact_is_what_x509_parser_reads() {
    let samples = every_sample();
    let found = samples.iter().flat_map(|sample| {
        let bundle = ours::alone(&sample.der);
        differences(sample, &bundle.certificates[0], &second::ours(&bundle), second::theirs(&sample.der))
    });
    settle(&found.collect::<Vec<_>>(), X509_PARSER_LEDGER, "x509-parser");
}

fn every_sample() -> Vec<Sample> {
    samples::debian().into_iter().chain(samples::fixtures()).collect()
}

/// What two readers say differently of one certificate. A certificate that the
/// other cannot read must be malformed for pemlint too.
fn differences(
    sample: &Sample,
    certificate: &Certificate<'_>,
    ours: &Facts,
    theirs: Option<Facts>,
) -> Vec<Difference> {
    match theirs {
        Some(theirs) => compare(&sample.name, ours, &theirs),
        None if certificate.malformed.is_empty() => vec![Difference {
            sample: sample.name.clone(),
            fact: "certificate".into(),
            ours: "read".into(),
            theirs: "unreadable".into(),
        }],
        None => Vec::new(),
    }
}

fn in_two_threads<T: Sync, R: Send>(items: &[T], one: impl Fn(&T) -> Vec<R> + Sync) -> Vec<R> {
    let half = items.len().div_ceil(2);
    std::thread::scope(|scope| {
        let runs: Vec<_> = items
            .chunks(half)
            .map(|part| scope.spawn(|| part.iter().flat_map(&one).collect::<Vec<_>>()))
            .collect();
        runs.into_iter().flat_map(|run| run.join().expect("a thread of this test failed")).collect()
    })
}
