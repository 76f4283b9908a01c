//! Facts that OpenSSL prints otherwise, of fixtures on keys of drafts, on RSASSA-PSS-params and on id-pkix-ocsp-nocheck.

use super::ledger::Entry;

const NO_KEY: &str =
    "OpenSSL cannot load a key of an algorithm that it does not know; pemlint does not look into it";
const NO_NAME: &str = "the OpenSSL of the machine is older than ML-DSA";
const NOT_NULL: &str = "that it is not NULL is a finding of its own, and that it is there can be read";
const PARAMETERS: &str =
    "OpenSSL prints the parameters beside the name; that they do not decode is a finding of its own";
const NO_CHECK: &str = "extension 1.3.6.1.5.5.7.48.1.5";

/// Certificate, fact, reason.
pub(crate) const LEDGER: &[Entry] = &[
    ("fixtures/rules/keys/post-quantum-draft-algorithm/fails-dilithium.pem#1", "bits", NO_KEY),
    ("fixtures/rules/keys/post-quantum-draft-algorithm/fails-draft-of-ml-dsa.pem#1", "bits", NO_KEY),
    ("fixtures/rules/keys/post-quantum-draft-algorithm/fails-falcon.pem#1", "bits", NO_KEY),
    ("fixtures/rules/keys/post-quantum-draft-algorithm/fails-kyber.pem#1", "bits", NO_KEY),
    ("fixtures/rules/keys/post-quantum-draft-algorithm/passes-ml-dsa.pem#1", "bits", NO_NAME),
    ("fixtures/rules/keys/post-quantum-draft-algorithm/passes-ml-dsa.pem#1", "key", NO_NAME),
    ("fixtures/rules/rfc5280/ocsp-no-check-critical/fails-octets.pem#1", NO_CHECK, NOT_NULL),
    ("fixtures/rules/rfc5280/ocsp-no-check-not-null/fails-octets.pem#1", NO_CHECK, NOT_NULL),
    ("fixtures/rules/rfc5280/ocsp-no-check-not-null/fails-true.pem#1", NO_CHECK, NOT_NULL),
    ("fixtures/rules/rfc5280/pss-parameters-invalid/fails-no-parameters.pem#0", "signature", PARAMETERS),
    (
        "fixtures/rules/rfc5280/pss-parameters-invalid/passes-missing-inside-only.pem#0",
        "signature",
        PARAMETERS,
    ),
];
