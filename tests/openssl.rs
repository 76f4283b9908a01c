//! pemlint against other readers of the same octets: OpenSSL and x509-parser.
//! What differs is written down with its reason, and an entry that no longer
//! differs fails as well.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/corpus.rs"]
mod corpus;
#[path = "openssl/differences.rs"]
mod differences;
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
#[path = "openssl/parameters.rs"]
mod parameters;
#[path = "openssl/signatures.rs"]
mod signatures;
#[path = "openssl/strict.rs"]
mod strict;

use differences::X509_PARSER_LEDGER;
use ledger::{Difference, Entry, compare, settle};
use pemlint::facts::Certificate;
use printed::Facts;
use samples::Sample;

/// Facts that OpenSSL prints otherwise.
const OPENSSL_LEDGER: &[Entry] = &[
    (
        "fixtures/rules/rfc5280/utf8-mailbox-invalid/fails-another-string-type.pem#1",
        "extension 2.5.29.17",
        "OpenSSL does not read a mailbox in another string type; to pemlint it is another otherName",
    ),
    (
        "fixtures/rules/rfc5280/issuer-alt-name-invalid/fails-address-too-short.pem#1",
        "extension 2.5.29.18",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/issuer-alt-name-invalid/fails-identifier-without-octets.pem#1",
        "extension 2.5.29.18",
        "OpenSSL does not read an identifier without octets; to pemlint the name is there and empty",
    ),
    (
        "fixtures/rules/rfc5280/issuer-alt-name-invalid/passes-identifier-of-one-octet.pem#1",
        "extension 2.5.29.18",
        "OpenSSL names the registered identifiers that it knows, pemlint gives their numbers",
    ),
    (
        "fixtures/rules/rfc5280/name-constraints-form-unsupported/fails-permitted-registered-identifier.pem#0",
        "extension 2.5.29.30",
        "OpenSSL names the registered identifiers that it knows, pemlint gives their numbers",
    ),
    (
        "fixtures/rules/rfc5280/issuer-alt-name-invalid/fails-beyond-ascii.pem#1",
        "extension 2.5.29.18",
        "OpenSSL prints the octets of an IA5String as they are, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/uri-host-not-fqdn-or-address/passes-beyond-ascii.pem#1",
        "extension 2.5.29.17",
        "OpenSSL prints the octets of an IA5String as they are, pemlint as Latin-1",
    ),
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
    (
        "fixtures/rules/keys/ec-point-not-on-curve/fails-p-256.pem#1",
        "bits",
        "OpenSSL does not load a key whose point is not on its curve",
    ),
    (
        "fixtures/rules/keys/ec-point-not-on-curve/fails-p-256.pem#1",
        "curve",
        "OpenSSL does not load a key whose point is not on its curve",
    ),
    (
        "fixtures/rules/keys/ec-point-not-on-curve/fails-p-384.pem#1",
        "bits",
        "OpenSSL does not load a key whose point is not on its curve",
    ),
    (
        "fixtures/rules/keys/ec-point-not-on-curve/fails-p-384.pem#1",
        "curve",
        "OpenSSL does not load a key whose point is not on its curve",
    ),
    (
        "fixtures/rules/keys/ec-point-not-on-curve/fails-strict-client.pem#1",
        "bits",
        "OpenSSL does not load a key whose point is not on its curve",
    ),
    (
        "fixtures/rules/keys/ec-point-not-on-curve/fails-strict-client.pem#1",
        "curve",
        "OpenSSL does not load a key whose point is not on its curve",
    ),
    (
        "fixtures/rules/keys/ec-point-not-on-curve/passes-curve-that-nobody-computes-with.pem#1",
        "bits",
        "OpenSSL does not load a key whose point is not on its curve",
    ),
    (
        "fixtures/rules/keys/ec-point-not-on-curve/passes-curve-that-nobody-computes-with.pem#1",
        "curve",
        "OpenSSL does not load a key whose point is not on its curve",
    ),
    (
        "fixtures/rules/names/attribute-type-unknown/fails-old.pem#1",
        "subject",
        "OpenSSL shows the value of an attribute that it does not know as octets, or has a name of its own for it",
    ),
    (
        "fixtures/rules/names/attribute-type-unknown/fails-private.pem#1",
        "subject",
        "OpenSSL shows the value of an attribute that it does not know as octets, or has a name of its own for it",
    ),
    (
        "fixtures/rules/names/attribute-without-letters/passes-no-text.pem#1",
        "certificate",
        "OpenSSL does not load a certificate with a string that does not decode",
    ),
    (
        "fixtures/rules/names/control-or-invisible-character/fails-line-end.pem#0",
        "issuer",
        "OpenSSL escapes control characters; pemlint does so where it shows them",
    ),
    (
        "fixtures/rules/names/control-or-invisible-character/fails-line-end.pem#0",
        "subject",
        "OpenSSL escapes control characters; pemlint does so where it shows them",
    ),
    (
        "fixtures/rules/names/control-or-invisible-character/fails-nul-in-the-unit.pem#0",
        "issuer",
        "OpenSSL escapes control characters; pemlint does so where it shows them",
    ),
    (
        "fixtures/rules/names/control-or-invisible-character/fails-nul-in-the-unit.pem#0",
        "subject",
        "OpenSSL escapes control characters; pemlint does so where it shows them",
    ),
    (
        "fixtures/rules/names/duplicate-attribute-in-relative-name/fails-two-of-three.pem#1",
        "subject",
        "OpenSSL turns the attributes of a relative name round; RFC 4514 leaves their order open",
    ),
    (
        "fixtures/rules/names/duplicate-attribute-in-relative-name/fails-two-units.pem#1",
        "subject",
        "OpenSSL turns the attributes of a relative name round; RFC 4514 leaves their order open",
    ),
    (
        "fixtures/rules/names/duplicate-attribute-in-relative-name/passes-two-types.pem#1",
        "subject",
        "OpenSSL turns the attributes of a relative name round; RFC 4514 leaves their order open",
    ),
    (
        "fixtures/rules/names/printable-string-alphabet-exceeded/passes-ia5-beyond-ascii.pem#0",
        "issuer",
        "OpenSSL reads an IA5String as Latin-1 here; to pemlint it does not decode",
    ),
    (
        "fixtures/rules/names/printable-string-alphabet-exceeded/passes-ia5-beyond-ascii.pem#0",
        "subject",
        "OpenSSL reads an IA5String as Latin-1 here; to pemlint it does not decode",
    ),
    (
        "fixtures/rules/names/relative-name-empty/passes-two-attributes.pem#0",
        "issuer",
        "OpenSSL turns the attributes of a relative name round; RFC 4514 leaves their order open",
    ),
    (
        "fixtures/rules/names/relative-name-empty/passes-two-attributes.pem#0",
        "subject",
        "OpenSSL turns the attributes of a relative name round; RFC 4514 leaves their order open",
    ),
    (
        "fixtures/rules/names/several-attributes-in-relative-name/fails-three.pem#1",
        "subject",
        "OpenSSL turns the attributes of a relative name round; RFC 4514 leaves their order open",
    ),
    (
        "fixtures/rules/names/string-not-decodable/fails-half-a-bmp-character.pem#0",
        "certificate",
        "OpenSSL does not load a certificate with a string that does not decode",
    ),
    (
        "fixtures/rules/names/string-not-decodable/fails-latin-1-as-utf-8.pem#0",
        "certificate",
        "OpenSSL does not load a certificate with a string that does not decode",
    ),
    (
        "fixtures/rules/names/string-not-decodable/passes-no-string.pem#0",
        "issuer",
        "OpenSSL has a name for this attribute type, and shows what is no string with its header",
    ),
    (
        "fixtures/rules/names/string-not-decodable/passes-no-string.pem#0",
        "subject",
        "OpenSSL has a name for this attribute type, and shows what is no string with its header",
    ),
    (
        "fixtures/rules/names/string-type-wrong/passes-unknown-type.pem#0",
        "issuer",
        "OpenSSL has a name for this attribute type, and shows what is no string with its header",
    ),
    (
        "fixtures/rules/names/string-type-wrong/passes-unknown-type.pem#0",
        "subject",
        "OpenSSL has a name for this attribute type, and shows what is no string with its header",
    ),
    (
        "fixtures/rules/rfc5280/address-length-wrong/fails-text.pem#1",
        "extension 2.5.29.17",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/address-length-wrong/fails-three-octets.pem#1",
        "extension 2.5.29.17",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/address-length-wrong/fails-with-mask.pem#1",
        "extension 2.5.29.17",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/alternative-name-empty/fails-address.pem#1",
        "extension 2.5.29.17",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/alternative-name-not-ascii/fails-host.pem#1",
        "extension 2.5.29.17",
        "OpenSSL prints the octets of an IA5String as they are, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/alternative-name-not-ascii/fails-mail-address.pem#1",
        "extension 2.5.29.17",
        "OpenSSL prints the octets of an IA5String as they are, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/alternative-name-not-ascii/fails-uri.pem#1",
        "extension 2.5.29.17",
        "OpenSSL prints the octets of an IA5String as they are, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/alternative-name-not-ascii/passes-directory-name.pem#1",
        "extension 2.5.29.17",
        "OpenSSL escapes octets beyond ASCII in a directoryName",
    ),
    (
        "fixtures/rules/rfc5280/mail-address-invalid/passes-beyond-ascii.pem#1",
        "extension 2.5.29.17",
        "OpenSSL prints the octets of an IA5String as they are, pemlint as Latin-1",
    ),
    (
        "fixtures/rules/rfc5280/name-constraints-address-wrong/fails-excluded-without-mask.pem#0",
        "extension 2.5.29.30",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/name-constraints-address-wrong/fails-permitted-without-mask.pem#0",
        "extension 2.5.29.30",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/name-constraints-mask-invalid/passes-half-an-address.pem#0",
        "extension 2.5.29.30",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/name-constraints-mask-invalid/passes-permitted-half-an-address.pem#0",
        "extension 2.5.29.30",
        "OpenSSL does not show an address of a wrong length, pemlint shows its octets",
    ),
    (
        "fixtures/rules/rfc5280/uri-not-absolute/passes-beyond-ascii.pem#1",
        "extension 2.5.29.17",
        "OpenSSL prints the octets of an IA5String as they are, pemlint as Latin-1",
    ),
];

#[test]
fn every_fact_is_what_openssl_prints() {
    let samples = every_sample();
    let found = in_two_threads(&samples, |sample| {
        let bundle = ours::alone(&sample.der);
        differences(sample, &bundle.certificates[0], &ours::facts(&bundle), printed::facts(&sample.text))
    });
    settle(&found, &[OPENSSL_LEDGER, parameters::LEDGER].concat(), "openssl");
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
