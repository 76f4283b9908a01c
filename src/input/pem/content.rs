//! What octets are that stand under the label of something else. Told by their outermost elements alone.

use crate::der::{Element, Reader, tag};

/// Content octets of 1.2.840.113549.1.7, below which are the content types of PKCS #7.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7];

/// The elements of a SEQUENCE, up to so many.
fn elements<'a>(sequence: &Element<'a>, most: usize) -> Vec<Element<'a>> {
    let mut reader = Reader::of(sequence, "content");
    std::iter::from_fn(|| reader.any().ok()).take(most).collect()
}

/// Whether octets begin as a certificate does that has a version, as all but a few have. Quick.
pub(super) fn is_surely_certificate(der: &[u8]) -> bool {
    let outer = Reader::new(der, 0, "content").expect(tag::SEQUENCE);
    let inner = outer.and_then(|outer| Reader::of(&outer, "content").expect(tag::SEQUENCE));
    inner.is_ok_and(|inner| Reader::of(&inner, "content").peek() == Some(0xa0))
}

/// Whether octets are a certificate, also one of version 1.
pub(super) fn is_certificate(der: &[u8]) -> bool {
    is_surely_certificate(der) || name(der) == Some("a certificate of version 1")
}

/// What octets are, if not a certificate; `None` for a certificate and for what is not known.
pub(super) fn other(der: &[u8]) -> Option<&'static str> {
    if is_surely_certificate(der) { None } else { name(der).filter(|name| !name.contains("version 1")) }
}

fn name(der: &[u8]) -> Option<&'static str> {
    let outer = Reader::new(der, 0, "content").expect(tag::SEQUENCE).ok()?;
    let outer = elements(&outer, 4);
    let tags: Vec<u8> = outer.iter().map(|element| element.tag).collect();
    match tags.as_slice() {
        [tag::INTEGER, tag::SEQUENCE, tag::OCTET_STRING, ..] => Some("a private key (PKCS #8)"),
        [tag::INTEGER, tag::INTEGER] => Some("an RSA public key (PKCS #1)"),
        [tag::INTEGER, tag::INTEGER, tag::INTEGER, tag::INTEGER] => Some("a private key (PKCS #1)"),
        [tag::INTEGER, tag::OCTET_STRING, ..] => Some("a private key (SEC 1)"),
        [tag::INTEGER, tag::SEQUENCE, ..] => Some("a PKCS #12 store"),
        [tag::SEQUENCE, tag::OCTET_STRING] => Some("an encrypted private key"),
        [tag::SEQUENCE, tag::BIT_STRING] => Some("a public key"),
        [tag::OID, 0xa0, ..] => outer[0].content.starts_with(PKCS7).then_some("PKCS #7"),
        [tag::SEQUENCE, tag::SEQUENCE, tag::BIT_STRING] => signed(&outer[0]),
        _ => None,
    }
}

/// What is signed: its third or fourth element tells.
fn signed(inner: &Element<'_>) -> Option<&'static str> {
    let inner = elements(inner, 4);
    let tags: Vec<u8> = inner.iter().map(|element| element.tag).collect();
    let is_time = |tag: u8| matches!(tag, tag::UTC_TIME | tag::GENERALIZED_TIME);
    let first_of = |element: &Element<'_>| Reader::of(element, "content").peek().unwrap_or(0);
    match tags.as_slice() {
        [tag::SEQUENCE, tag::SEQUENCE, time, ..] | [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, time, ..]
            if is_time(*time) =>
        {
            Some("a revocation list")
        }
        [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, tag::SEQUENCE] if is_time(first_of(&inner[3])) => {
            Some("a certificate of version 1")
        }
        [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE] | [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, 0xa0]
            if first_of(&inner[2]) == tag::SEQUENCE =>
        {
            Some("a certificate request")
        }
        _ => None,
    }
}
