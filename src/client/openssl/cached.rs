//! What OpenSSL derives from the extensions of a certificate once and looks at
//! ever after (`ossl_x509v3_cache_extensions`): among it, whether the certificate
//! is malformed, self-issued and, without a look at its signature, self-signed.

use super::asn1;
use super::general::{self, Authority, Constraints, General};
use super::issued;
use super::parameters::Version;
use super::x509::{Extension, X509};
use crate::der::tag;

/// Derived values of one certificate.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "OpenSSL's flags, one each")]
pub(super) struct Cached<'a> {
    /// An extension does not decode, occurs twice or contradicts another.
    pub(super) invalid: bool,
    /// A critical extension that is not looked into.
    pub(super) unhandled_critical: bool,
    /// basicConstraints are there.
    pub(super) constrained: bool,
    /// They are critical.
    pub(super) constraints_critical: bool,
    pub(super) ca: bool,
    /// -1 for none.
    pub(super) path_length: i64,
    pub(super) proxy: bool,
    /// -1 for none.
    pub(super) proxy_path_length: i64,
    /// keyUsage: the first octet below, the second above.
    pub(super) key_usage: Option<u16>,
    /// extKeyUsage: whether a TLS server is among the purposes.
    pub(super) serves_tls: Option<bool>,
    /// nsCertType: its first octet.
    pub(super) netscape_type: Option<u8>,
    pub(super) key_identifier: Option<&'a [u8]>,
    pub(super) authority: Option<Authority<'a>>,
    pub(super) self_issued: bool,
    pub(super) self_signed: bool,
    pub(super) names: Option<Vec<General<'a>>>,
    pub(super) names_critical: bool,
    pub(super) name_constraints: Option<Constraints<'a>>,
    /// RFC 3779 resources are there.
    pub(super) resources: bool,
}

/// keyUsage bits in the order of OpenSSL's octets.
pub(super) const DIGITAL_SIGNATURE: u16 = 0x80;
pub(super) const KEY_ENCIPHERMENT: u16 = 0x20;
pub(super) const KEY_AGREEMENT: u16 = 0x08;
pub(super) const CERT_SIGN: u16 = 0x04;
pub(super) const CRL_SIGN: u16 = 0x02;

const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const EXT_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
const SUBJECT_KEY: &[u8] = &[0x55, 0x1d, 14];
const AUTHORITY_KEY: &[u8] = &[0x55, 0x1d, 35];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
const ISSUER_ALT_NAME: &[u8] = &[0x55, 0x1d, 18];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
const CRL_POINTS: &[u8] = &[0x55, 0x1d, 31];
const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];
const PROXY: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 14];
const ADDRESS_BLOCKS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 7];
const SYSTEM_NUMBERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 8];
const OCSP_NO_CHECK: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5];

/// Purposes that serve TLS: serverAuth, and the two for server gated cryptography.
const TLS_SERVER: [&[u8]; 3] = [
    &[0x2b, 6, 1, 5, 5, 7, 3, 1],
    &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3],
    &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1],
];

impl Default for Cached<'_> {
    fn default() -> Self {
        Self {
            invalid: false,
            unhandled_critical: false,
            constrained: false,
            constraints_critical: false,
            ca: false,
            path_length: -1,
            proxy: false,
            proxy_path_length: -1,
            key_usage: None,
            serves_tls: None,
            netscape_type: None,
            key_identifier: None,
            authority: None,
            self_issued: false,
            self_signed: false,
            names: None,
            names_critical: false,
            name_constraints: None,
            resources: false,
        }
    }
}

impl<'a> Cached<'a> {
    /// Derives the values, in OpenSSL's order.
    pub(super) fn of(certificate: &X509<'a>, openssl: Version) -> Self {
        let mut cached = Self::default();
        cached.basic_constraints(certificate, openssl);
        cached.proxy(certificate);
        cached.usage(certificate, openssl);
        cached.key_identifier = cached.decode(certificate, SUBJECT_KEY, octet_string);
        cached.authority = cached.decode(certificate, AUTHORITY_KEY, Authority::read);
        cached.self_issued = certificate.subject == certificate.issuer;
        if cached.self_issued {
            let own =
                issued::authority_matches(certificate, cached.key_identifier, cached.authority.as_ref());
            cached.self_signed = own && issued::algorithm_matches(certificate, certificate, openssl);
        }
        let names = |value| General::read_all(asn1::first_sequence(value)?);
        cached.names = cached.decode(certificate, SUBJECT_ALT_NAME, names);
        cached.name_constraints = cached.decode(certificate, NAME_CONSTRAINTS, Constraints::read);
        let all_named = cached.decode(certificate, CRL_POINTS, general::points);
        cached.invalid |= all_named == Some(false) && openssl > Version::V1_1_1;
        let addresses = cached.decode(certificate, ADDRESS_BLOCKS, general::address_blocks);
        let numbers = cached.decode(certificate, SYSTEM_NUMBERS, general::system_numbers);
        cached.resources = addresses.is_some() || numbers.is_some();
        cached.criticality(certificate, openssl);
        cached
    }

    /// keyUsage is there and has none of these bits.
    pub(super) fn refuses_usage(&self, bits: u16) -> bool {
        self.key_usage.is_some_and(|usage| usage & bits == 0)
    }

    /// The value of an extension; malformed where it does not decode or occurs twice.
    fn decode<T>(
        &mut self,
        certificate: &X509<'a>,
        oid: &'static [u8],
        read: impl FnOnce(&'a [u8]) -> Option<T>,
    ) -> Option<T> {
        let mut found = certificate.extensions.iter().filter(|extension| extension.oid == oid);
        let first = found.next()?;
        let value = if found.next().is_some() { None } else { read(first.value) };
        self.invalid |= value.is_none();
        value
    }

    fn basic_constraints(&mut self, certificate: &X509<'a>, openssl: Version) {
        let read = |value| {
            let mut fields = asn1::first_sequence(value)?;
            let ca = match fields.optional(tag::BOOLEAN).ok()? {
                Some(flag) => asn1::boolean(flag.content)?,
                None => false,
            };
            let length = match fields.optional(tag::INTEGER).ok()? {
                Some(number) => Some(asn1::integer(number.content)?),
                None => None,
            };
            fields.finish().ok()?;
            Some((ca, length))
        };
        let Some((ca, length)) = self.decode(certificate, BASIC_CONSTRAINTS, read) else {
            return;
        };
        self.constrained = true;
        self.ca = ca;
        let Some(length) = length else {
            return;
        };
        let old = openssl == Version::V1_1_1;
        if length[0] & 0x80 != 0 {
            self.invalid = true;
            self.path_length = if old { 0 } else { -1 };
            return;
        }
        self.path_length = asn1::small(length);
        if old && !ca && self.path_length != 0 {
            self.invalid = true;
            self.path_length = 0;
        }
    }

    fn proxy(&mut self, certificate: &X509<'a>) {
        if let Some(length) = self.decode(certificate, PROXY, general::proxy) {
            let named = certificate
                .extensions
                .iter()
                .any(|extension| extension.oid == SUBJECT_ALT_NAME || extension.oid == ISSUER_ALT_NAME);
            self.invalid |= self.ca || named;
            self.proxy = true;
            self.proxy_path_length = length;
        }
    }

    fn usage(&mut self, certificate: &X509<'a>, openssl: Version) {
        if let Some(bits) = self.decode(certificate, KEY_USAGE, bit_string) {
            let octet = |at: usize| u16::from(bits.get(at).copied().unwrap_or(0));
            let usage = octet(0) | octet(1) << 8;
            self.key_usage = Some(usage);
            self.invalid |= usage == 0 && openssl > Version::V1_1_1;
        }
        let purposes = |value| {
            let mut fields = asn1::first_sequence(value)?;
            let mut serves = false;
            while !fields.is_empty() {
                let oid = asn1::oid(fields.expect(tag::OID).ok()?.content)?;
                serves |= TLS_SERVER.contains(&oid);
            }
            Some(serves)
        };
        self.serves_tls = self.decode(certificate, EXT_KEY_USAGE, purposes);
        let kind = self.decode(certificate, NETSCAPE_TYPE, bit_string);
        self.netscape_type = kind.map(|bits| bits.first().copied().unwrap_or(0));
    }

    /// Looks at critical extensions in order, up to the first that is not processed.
    fn criticality(&mut self, certificate: &X509<'a>, openssl: Version) {
        for extension in certificate.extensions.iter().filter(|extension| extension.critical) {
            if !is_processed(extension, openssl) {
                self.unhandled_critical = true;
                break;
            }
            self.constraints_critical |= extension.oid == BASIC_CONSTRAINTS;
            self.names_critical |= extension.oid == SUBJECT_ALT_NAME;
        }
    }
}

fn octet_string(value: &[u8]) -> Option<&[u8]> {
    asn1::reader(value).expect(tag::OCTET_STRING).ok().map(|element| element.content)
}

fn bit_string(value: &[u8]) -> Option<Vec<u8>> {
    asn1::bits(asn1::reader(value).expect(tag::BIT_STRING).ok()?.content)
}

/// `X509_supported_extension`.
fn is_processed(extension: &Extension<'_>, openssl: Version) -> bool {
    const ARC: [u8; 2] = [0x55, 0x1d];
    match extension.oid {
        // certificatePolicies, policyMappings, policyConstraints, inhibitAnyPolicy
        [arc @ .., 32 | 33 | 36 | 54] if arc == ARC => true,
        OCSP_NO_CHECK => openssl > Version::V1_1_1,
        oid => [
            NETSCAPE_TYPE,
            KEY_USAGE,
            SUBJECT_ALT_NAME,
            BASIC_CONSTRAINTS,
            CRL_POINTS,
            EXT_KEY_USAGE,
            ADDRESS_BLOCKS,
            SYSTEM_NUMBERS,
            PROXY,
            NAME_CONSTRAINTS,
        ]
        .contains(&oid),
    }
}
