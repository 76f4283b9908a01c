//! Validity periods as OpenSSL reads and compares them (`X509_cmp_time`,
//! `ossl_x509_check_cert_time`).

use super::codes;
use super::parameters::{Parameters, Version};
use super::x509::X509;
use crate::der::{Element, tag};
use crate::facts::time;

/// 9999-12-31T23:59:59Z, which OpenSSL 4 takes for no end at all (RFC 5280, section 4.1.2.5).
const NO_END: i64 = 253_402_300_799;

/// What is wrong with notBefore and with notAfter.
pub(super) fn faults(certificate: &X509<'_>, parameters: &Parameters) -> [Option<i64>; 2] {
    let now = parameters.instant;
    let start = match instant(&certificate.not_before) {
        None => Some(codes::NOT_BEFORE_FORM),
        Some(start) => (start > now).then_some(codes::NOT_YET_VALID),
    };
    let end = match instant(&certificate.not_after) {
        None => Some(codes::NOT_AFTER_FORM),
        // Up to 3.6 the last second is one too late.
        Some(end) if parameters.version < Version::V4_0 => (end <= now).then_some(codes::EXPIRED),
        Some(end) => (end != NO_END && end < now).then_some(codes::EXPIRED),
    };
    [start, end]
}

/// Whether the certificate is valid now.
pub(super) fn is_valid(certificate: &X509<'_>, parameters: &Parameters) -> bool {
    faults(certificate, parameters) == [None, None]
}

/// Whether one ends later than the other; never where a time cannot be read.
pub(super) fn ends_later(one: &X509<'_>, other: &X509<'_>) -> bool {
    let end = |certificate: &X509<'_>| time::read(&certificate.not_after, "").ok().map(|time| time.instant);
    match (end(one), end(other)) {
        (Some(one), Some(other)) => one > other,
        _ => false,
    }
}

/// The instant of a time in the one form that RFC 5280 allows.
fn instant(element: &Element<'_>) -> Option<i64> {
    let digits = if element.tag == tag::UTC_TIME { 12 } else { 14 };
    let (last, text) = element.content.split_last()?;
    let formed = *last == b'Z' && text.len() == digits && text.iter().all(u8::is_ascii_digit);
    formed.then(|| time::read(element, "").ok()).flatten().map(|time| time.instant)
}
