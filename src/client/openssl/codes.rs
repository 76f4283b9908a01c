//! Verify codes and their texts in each version (`x509_vfy.h.in`, `x509_txt.c`).
//! Inside the model a code has its number of OpenSSL 3 and 4.

use super::parameters::Version;
use crate::client::codes::verify_code;

pub(super) const UNSPECIFIED: i64 = 1;
pub(super) const NO_ISSUER: i64 = 2;
pub(super) const SIGNATURE_FAILURE: i64 = 7;
pub(super) const NOT_YET_VALID: i64 = 9;
pub(super) const EXPIRED: i64 = 10;
pub(super) const NOT_BEFORE_FORM: i64 = 13;
pub(super) const NOT_AFTER_FORM: i64 = 14;
pub(super) const SELF_SIGNED_LEAF: i64 = 18;
pub(super) const SELF_SIGNED_IN_CHAIN: i64 = 19;
pub(super) const NO_ISSUER_LOCALLY: i64 = 20;
pub(super) const LEAF_UNVERIFIED: i64 = 21;
pub(super) const CHAIN_TOO_LONG: i64 = 22;
pub(super) const PATH_LENGTH_EXCEEDED: i64 = 25;
pub(super) const INVALID_PURPOSE: i64 = 26;
pub(super) const REJECTED: i64 = 28;
pub(super) const NO_CERT_SIGN: i64 = 32;
pub(super) const UNHANDLED_CRITICAL: i64 = 34;
pub(super) const INVALID_NON_CA: i64 = 37;
pub(super) const PROXY_PATH_LENGTH_EXCEEDED: i64 = 38;
pub(super) const NO_DIGITAL_SIGNATURE: i64 = 39;
pub(super) const PROXY_NOT_ALLOWED: i64 = 40;
/// Of 1.1.1 alone.
pub(super) const INVALID_EXTENSION: i64 = 41;
pub(super) const PERMITTED_VIOLATION: i64 = 47;
pub(super) const EXCLUDED_VIOLATION: i64 = 48;
pub(super) const SUBTREE_MINMAX: i64 = 49;
pub(super) const UNSUPPORTED_CONSTRAINT: i64 = 51;
pub(super) const UNSUPPORTED_NAME: i64 = 53;
pub(super) const HOST_MISMATCH: i64 = 62;
pub(super) const ADDRESS_MISMATCH: i64 = 64;
pub(super) const LEAF_KEY_WEAK: i64 = 66;
pub(super) const CA_KEY_WEAK: i64 = 67;
pub(super) const DIGEST_WEAK: i64 = 68;
pub(super) const PROXY_SUBJECT: i64 = 72;
pub(super) const ALGORITHM_INCONSISTENT: i64 = 78;
pub(super) const INVALID_CA: i64 = 79;
pub(super) const PATH_LENGTH_WITHOUT_CA: i64 = 80;
pub(super) const PATH_LENGTH_WITHOUT_USAGE: i64 = 81;
pub(super) const CERT_SIGN_WITHOUT_CA: i64 = 82;
pub(super) const ISSUER_EMPTY: i64 = 83;
pub(super) const SUBJECT_EMPTY: i64 = 84;
pub(super) const AUTHORITY_KEY_MISSING: i64 = 85;
pub(super) const SUBJECT_KEY_MISSING: i64 = 86;
pub(super) const NAMES_EMPTY: i64 = 87;
pub(super) const NAMES_NOT_CRITICAL: i64 = 88;
pub(super) const CONSTRAINTS_NOT_CRITICAL: i64 = 89;
pub(super) const USAGE_MISSING: i64 = 92;
pub(super) const VERSION_3_REQUIRED: i64 = 93;
pub(super) const CURVE_EXPLICIT: i64 = 94;
pub(super) const AUTHORITY_KEY_EMPTY: i64 = 102;
pub(super) const AUTHORITY_UNPAIRED: i64 = 103;

/// The number that a version has for a code.
pub(super) fn number(code: i64, version: Version) -> i64 {
    match (version, code) {
        (Version::V1_1_1, INVALID_CA) => 24,
        (Version::V1_1_1, CURVE_EXPLICIT) => 79,
        _ => code,
    }
}

/// The name of a code, without `X509_V_ERR_`.
pub(super) fn name(code: i64) -> &'static str {
    verify_code(code).map_or("UNSPECIFIED", |known| known.name)
}

/// The text that a version has for a code.
pub(super) fn text(code: i64, version: Version) -> &'static str {
    match (version, code) {
        (Version::V1_1_1, SELF_SIGNED_LEAF) => "self signed certificate",
        (Version::V1_1_1, SELF_SIGNED_IN_CHAIN) => "self signed certificate in certificate chain",
        (Version::V1_1_1, INVALID_PURPOSE) => "unsupported certificate purpose",
        (Version::V1_1_1, HOST_MISMATCH) => "Hostname mismatch",
        (Version::V3_6 | Version::V4_0, NOT_YET_VALID) => {
            "certificate is not yet valid or the system clock is incorrect"
        }
        _ => verify_code(code).map_or("", |known| known.message),
    }
}
