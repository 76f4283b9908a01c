//! What octets of DER are: a certificate, a key, or PKCS#7 with certificates in it.

use std::ops::Range;

use zeroize::Zeroizing;

use super::key::{self, PrivateKey};
use crate::der::{Element, Got, Reader, tag};
use crate::limits;

/// What was found in octets.
pub(super) enum Found {
    /// A private key.
    Key(PrivateKey),
    /// Certificates, and where each stands.
    Certificates(Vec<Range<usize>>),
    /// Nothing that is known.
    Nothing,
}

/// Content octets of id-signedData (RFC 2315, section 14).
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];

/// Tells what octets are.
pub(super) fn find(octets: &[u8]) -> Found {
    if octets.first() != Some(&tag::SEQUENCE) {
        return Found::Nothing;
    }
    if let Ok(places) = signed_data(octets) {
        return Found::Certificates(places);
    }
    if octets.len() > limits::DER_OCTETS {
        return Found::Nothing;
    }
    if let Some(key) = key::from_der(&Zeroizing::new(octets.to_vec())) {
        return Found::Key(key);
    }
    if looks_like_certificate(octets) {
        return Found::Certificates(std::iter::once(0..octets.len()).collect());
    }
    Found::Nothing
}

/// The certificates of `SignedData` (RFC 2315, section 9.1; RFC 5652, section 5.1), which `openssl crl2pkcs7` and
/// Windows write without content and signers.
fn signed_data(octets: &[u8]) -> Got<Vec<Range<usize>>> {
    const PART: &str = "SignedData";
    let content_info = Reader::new(octets, 0, PART).expect(tag::SEQUENCE)?;
    let mut fields = Reader::of(&content_info, PART);
    let kind = fields.expect(tag::OID)?;
    let content = fields.expect(0xa0)?;
    if kind.content != SIGNED_DATA {
        return fields.expect(tag::OID).map(|_| Vec::new());
    }
    let signed = Reader::of(&content, PART).expect(tag::SEQUENCE)?;
    let mut fields = Reader::of(&signed, PART);
    fields.expect(tag::INTEGER)?;
    fields.expect(tag::SET)?;
    fields.expect(tag::SEQUENCE)?;
    let mut places = Vec::new();
    if let Some(certificates) = fields.optional(0xa0)? {
        let mut each = Reader::of(&certificates, PART);
        while !each.is_empty() && places.len() < limits::LIST_ITEMS {
            let Element { tag, span, .. } = each.any()?;
            if tag == tag::SEQUENCE {
                places.push(span.range());
            }
        }
    }
    Ok(places)
}

/// A SEQUENCE whose first element is a SEQUENCE: `Certificate` and `tbsCertificate`.
/// Requests and revocation lists begin alike, so the version or serial number decides.
fn looks_like_certificate(octets: &[u8]) -> bool {
    let inner = || {
        let outer = Reader::new(octets, 0, "certificate").expect(tag::SEQUENCE).ok()?;
        let tbs = Reader::of(&outer, "tbsCertificate").expect(tag::SEQUENCE).ok()?;
        let mut fields = Reader::of(&tbs, "version");
        let first = fields.any().ok()?;
        let second = fields.any().ok()?;
        let third = fields.any().ok()?;
        Some(match first.tag {
            0xa0 => second.tag == tag::INTEGER,
            // Version 1: serial number, algorithm, issuer, then the validity, of two times.
            tag::INTEGER => {
                second.tag == tag::SEQUENCE && third.tag == tag::SEQUENCE && {
                    let fourth = fields.any().ok()?;
                    let time = Reader::of(&fourth, "validity").peek();
                    matches!(time, Some(tag::UTC_TIME | tag::GENERALIZED_TIME))
                }
            }
            _ => false,
        })
    };
    inner().unwrap_or(false)
}
