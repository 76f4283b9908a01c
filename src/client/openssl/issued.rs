//! Whether one certificate may have issued another, without a look at the
//! signature (`ossl_x509_likely_issued`, `X509_check_akid`, `check_sig_alg_match`).

use super::cached::{CERT_SIGN, DIGITAL_SIGNATURE};
use super::codes;
use super::general::{Authority, General};
use super::key;
use super::parameters::Version;
use super::x509::X509;

/// Whether `issuer` comes into question for `subject`: names, key identifiers and
/// algorithm fit, and neither is malformed.
pub(super) fn likely(issuer: &X509<'_>, subject: &X509<'_>, openssl: Version) -> bool {
    issuer.subject == subject.issuer
        && !issuer.cached.invalid
        && !subject.cached.invalid
        && authority_matches(issuer, issuer.cached.key_identifier, subject.cached.authority.as_ref())
        && algorithm_matches(issuer, subject, openssl)
}

/// Whether an authority key identifier fits: key identifiers count where both
/// are there; then the serial number; then the first directoryName, which is
/// compared with the *issuer* of the issuer.
pub(super) fn authority_matches(
    issuer: &X509<'_>,
    key_identifier: Option<&[u8]>,
    authority: Option<&Authority<'_>>,
) -> bool {
    let Some(authority) = authority else {
        return true;
    };
    if matches!((authority.key, key_identifier), (Some(wanted), Some(found)) if wanted != found) {
        return false;
    }
    if authority.serial.is_some_and(|serial| serial != issuer.serial) {
        return false;
    }
    let directory = authority.issuer.iter().flatten().find_map(|name| match name {
        General::Directory(name) => Some(name),
        _ => None,
    });
    directory.is_none_or(|name| *name == issuer.issuer)
}

/// Whether the key of `issuer` is of the family that `subject` was signed with.
pub(super) fn algorithm_matches(issuer: &X509<'_>, subject: &X509<'_>, openssl: Version) -> bool {
    let Some(key) = issuer.key() else {
        return false;
    };
    match (key.family, key::signing_family(subject.signature.oid, openssl)) {
        (_, None) => false,
        ("RSA" | "RSA-PSS", Some("RSA" | "RSA-PSS")) if openssl == Version::V1_1_1 => true,
        ("RSA", Some("RSA-PSS")) => true,
        (key, Some(signature)) => key == signature,
    }
}

/// The code for a keyUsage of the issuer that forbids to sign `subject`.
pub(super) fn signing_forbidden(issuer: &X509<'_>, subject: &X509<'_>) -> Option<i64> {
    if subject.cached.proxy {
        issuer.cached.refuses_usage(DIGITAL_SIGNATURE).then_some(codes::NO_DIGITAL_SIGNATURE)
    } else {
        issuer.cached.refuses_usage(CERT_SIGN).then_some(codes::NO_CERT_SIGN)
    }
}
