//! Extensions: the generic view of each, and the decoded value of those that
//! rules look into (RFC 5280 §4.2). A decoder reads to the last octet.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::encoding;
use super::general_name::{GeneralName, Subtree, saturating_int};
use super::name::Name;
use super::points::{AccessDescription, DistributionPoint};
use super::policy::{self, Policies, PolicyConstraints, PolicyMapping};
use crate::der::{Element, Got, Reader, Span, tag};
use crate::limits;
use crate::oid::Oid;

/// One extension of a certificate.
#[derive(Clone, Debug)]
pub struct Extension<'a> {
    /// Its `extnID`.
    pub oid: Oid<'a>,
    /// Whether it is marked critical.
    pub critical: bool,
    /// `absent`, `true`, `false` or `nonDer`: the BOOLEAN as written.
    pub critical_encoding: &'static str,
    /// Octets of `extnValue`.
    pub value: &'a [u8],
    /// Offset of the first of them in the certificate.
    pub value_start: u32,
    /// The whole extension.
    pub span: Span,
    /// Which of the known extensions it is.
    pub kind: ExtensionKind,
    /// What is known of it.
    entry: Option<&'static Known>,
    /// How often its OID occurs in the certificate.
    pub count: u32,
    /// Whether an earlier extension has the same OID.
    pub repeated: bool,
    /// Its value, or why that does not decode.
    pub decoded: Got<Decoded<'a>>,
}

/// The extensions that have facts of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "names of RFC 5280")]
pub enum ExtensionKind {
    KeyUsage,
    BasicConstraints,
    ExtKeyUsage,
    SubjectAltName,
    IssuerAltName,
    SubjectKeyIdentifier,
    AuthorityKeyIdentifier,
    NameConstraints,
    CrlDistributionPoints,
    FreshestCrl,
    CertificatePolicies,
    PolicyMappings,
    PolicyConstraints,
    InhibitAnyPolicy,
    AuthorityInfoAccess,
    SubjectInfoAccess,
    SubjectDirectoryAttributes,
    OcspNoCheck,
    NetscapeCertType,
    ProxyCertInfo,
    Other,
}

impl ExtensionKind {
    /// Number of kinds that have a fact of their own.
    pub const COUNT: usize = 20;

    /// Its place in a table by kind, `None` for others.
    #[must_use]
    pub fn index(self) -> Option<usize> {
        (self != Self::Other).then_some(self as usize)
    }
}

/// Decoded values.
#[derive(Clone, Debug)]
pub enum Decoded<'a> {
    /// keyUsage.
    KeyUsage(KeyUsage),
    /// basicConstraints.
    BasicConstraints(BasicConstraints),
    /// extKeyUsage: the purposes in order.
    ExtKeyUsage(Vec<Oid<'a>>),
    /// subjectAltName, issuerAltName.
    Names(Vec<GeneralName<'a>>),
    /// subjectKeyIdentifier.
    KeyIdentifier(&'a [u8]),
    /// authorityKeyIdentifier.
    Authority(AuthorityKeyIdentifier<'a>),
    /// nameConstraints: permitted and excluded subtrees.
    NameConstraints(Vec<Subtree<'a>>, Vec<Subtree<'a>>),
    /// cRLDistributionPoints, freshestCRL.
    Points(Vec<DistributionPoint<'a>>),
    /// certificatePolicies.
    Policies(Policies<'a>),
    /// policyMappings.
    PolicyMappings(Vec<PolicyMapping<'a>>),
    /// policyConstraints.
    PolicyConstraints(PolicyConstraints),
    /// id-pkix-ocsp-nocheck: whether it is NULL.
    NoCheck(bool),
    /// authorityInfoAccess, subjectInfoAccess.
    Access(Vec<AccessDescription<'a>>),
    /// netscapeCertType: its first octet, as it is written.
    NetscapeType(u8),
    /// Not looked into.
    Opaque,
}

/// keyUsage: a set of named bits.
#[derive(Clone, Copy, Debug)]
pub struct KeyUsage {
    /// Bit `n` of RFC 5280 is `1 << n`.
    pub bits: u16,
    /// Whether a bit is set that RFC 5280 does not name.
    pub has_unknown: bool,
    /// Whether its last bit is a one, as DER wants it (X.690 §11.2.2).
    pub is_minimal: bool,
}

/// Names of the bits of keyUsage, from bit 0.
pub const KEY_USAGE: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// basicConstraints.
#[derive(Clone, Copy, Debug)]
pub struct BasicConstraints {
    /// Whether the subject is a CA.
    pub ca: bool,
    /// `absent`, `true`, `false` or `nonDer`: the BOOLEAN as written.
    pub ca_encoding: &'static str,
    /// `pathLenConstraint`, saturated to 64 bits.
    pub path_length: Option<i64>,
    /// Its place.
    pub path_length_span: Option<Span>,
}

/// authorityKeyIdentifier.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuthorityKeyIdentifier<'a> {
    /// `keyIdentifier`.
    pub key_identifier: Option<&'a [u8]>,
    /// Content of `authorityCertIssuer`.
    pub issuer: Option<Element<'a>>,
    /// Content octets of `authorityCertSerialNumber`.
    pub serial_number: Option<&'a [u8]>,
}

impl<'a> AuthorityKeyIdentifier<'a> {
    /// The first directoryName of `authorityCertIssuer`.
    #[must_use]
    pub fn directory(&self) -> Option<Name<'a>> {
        let names = Reader::of(self.issuer.as_ref()?, "extnValue");
        let names = GeneralName::read_all(names, "extnValue").ok()?;
        names.iter().find(|name| name.kind == "directoryName")?.directory("extnValue").ok()
    }
}

/// What is known of an extension by its OID.
#[derive(Debug)]
struct Known {
    oid: &'static [u8],
    name: &'static str,
    kind: ExtensionKind,
    /// In the list that OpenSSL accepts as critical (`X509_supported_extension`).
    processed: bool,
    /// The OID as text, when it was asked for.
    dotted: OnceLock<String>,
}

const fn known(oid: &'static [u8], name: &'static str, kind: ExtensionKind, processed: bool) -> Known {
    Known { oid, name, kind, processed, dotted: OnceLock::new() }
}

use ExtensionKind as E;

static TABLE: [Known; 24] = [
    known(&[0x55, 0x1d, 19], "basicConstraints", E::BasicConstraints, true),
    known(&[0x55, 0x1d, 15], "keyUsage", E::KeyUsage, true),
    known(&[0x55, 0x1d, 14], "subjectKeyIdentifier", E::SubjectKeyIdentifier, false),
    known(&[0x55, 0x1d, 35], "authorityKeyIdentifier", E::AuthorityKeyIdentifier, false),
    known(&[0x55, 0x1d, 17], "subjectAltName", E::SubjectAltName, true),
    known(&[0x55, 0x1d, 37], "extKeyUsage", E::ExtKeyUsage, true),
    known(&[0x55, 0x1d, 32], "certificatePolicies", E::CertificatePolicies, true),
    known(&[0x55, 0x1d, 31], "cRLDistributionPoints", E::CrlDistributionPoints, true),
    known(&[0x2b, 6, 1, 5, 5, 7, 1, 1], "authorityInfoAccess", E::AuthorityInfoAccess, false),
    known(&[0x55, 0x1d, 30], "nameConstraints", E::NameConstraints, true),
    known(&[0x55, 0x1d, 18], "issuerAltName", E::IssuerAltName, false),
    known(&[0x55, 0x1d, 33], "policyMappings", E::PolicyMappings, true),
    known(&[0x55, 0x1d, 36], "policyConstraints", E::PolicyConstraints, true),
    known(&[0x55, 0x1d, 54], "inhibitAnyPolicy", E::InhibitAnyPolicy, true),
    known(&[0x55, 0x1d, 46], "freshestCRL", E::FreshestCrl, false),
    known(&[0x55, 0x1d, 9], "subjectDirectoryAttributes", E::SubjectDirectoryAttributes, false),
    known(&[0x2b, 6, 1, 5, 5, 7, 1, 11], "subjectInfoAccess", E::SubjectInfoAccess, false),
    known(&[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5], "ocspNoCheck", E::OcspNoCheck, true),
    known(&[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1], "netscapeCertType", E::NetscapeCertType, true),
    known(&[0x2b, 6, 1, 5, 5, 7, 1, 7], "ipAddrBlocks", E::Other, true),
    known(&[0x2b, 6, 1, 5, 5, 7, 1, 8], "autonomousSysIds", E::Other, true),
    known(&[0x2b, 6, 1, 5, 5, 7, 1, 14], "proxyCertInfo", E::ProxyCertInfo, true),
    known(&[0x2b, 6, 1, 5, 5, 7, 1, 24], "tlsFeature", E::Other, false),
    known(&[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 13], "netscapeComment", E::Other, false),
];

impl<'a> Extension<'a> {
    /// Reads the extension that `element` holds; its value may be malformed.
    ///
    /// # Errors
    /// Where it is no `Extension` at all.
    pub fn read(element: &Element<'a>) -> Got<Self> {
        let mut fields = Reader::of(element, "extensions");
        let oid = Oid(fields.expect(tag::OID)?.content);
        if !oid.is_well_formed() {
            return Err(fields.fault("holds a malformed OBJECT IDENTIFIER"));
        }
        let (critical, critical_encoding) = match fields.optional(tag::BOOLEAN)?.map(|flag| flag.content) {
            None => (false, "absent"),
            Some([0xff]) => (true, "true"),
            Some([0]) => (false, "false"),
            Some([_]) => (true, "nonDer"),
            Some(_) => return Err(fields.fault("has a critical flag that is no BOOLEAN")),
        };
        let value = fields.expect(tag::OCTET_STRING)?;
        fields.finish()?;
        let entry = TABLE.iter().find(|entry| entry.oid == oid.0);
        let kind = entry.map_or(ExtensionKind::Other, |entry| entry.kind);
        Ok(Self {
            oid,
            critical,
            critical_encoding,
            value: value.content,
            value_start: value.content_start,
            span: element.span,
            kind,
            entry,
            count: 1,
            repeated: false,
            decoded: decode(kind, &value),
        })
    }

    /// Its name: RFC 5280's, else the registry's, else the dotted OID.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self.entry {
            Some(entry) => entry.name.into(),
            None => self.oid.registered_name().map_or_else(|| self.oid.to_string().into(), Cow::Borrowed),
        }
    }

    /// Its OID as text.
    #[must_use]
    pub fn dotted(&self) -> Cow<'static, str> {
        match self.entry {
            Some(entry) => entry.dotted.get_or_init(|| self.oid.to_string()).as_str().into(),
            None => self.oid.to_string().into(),
        }
    }

    /// Whether OpenSSL processes it, so that it may be critical.
    #[must_use]
    pub fn is_processed(&self) -> bool {
        self.entry.is_some_and(|entry| entry.processed)
    }

    /// Whether its OID is one of Netscape (2.16.840.1.113730).
    #[must_use]
    pub fn is_of_netscape(&self) -> bool {
        self.oid.0.starts_with(&[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42]) && self.oid.0.len() > 7
    }

    /// Whether its value is an empty SEQUENCE or nothing.
    #[must_use]
    pub fn is_empty_sequence(&self) -> bool {
        matches!(self.value, [] | [_] | [tag::SEQUENCE, 0])
    }
}

fn decode<'a>(kind: ExtensionKind, value: &Element<'a>) -> Got<Decoded<'a>> {
    let octets = Reader::of(value, "extnValue");
    Ok(match kind {
        E::KeyUsage => Decoded::KeyUsage(key_usage(octets)?),
        E::BasicConstraints => Decoded::BasicConstraints(basic_constraints(octets)?),
        E::ExtKeyUsage => Decoded::ExtKeyUsage(ext_key_usage(octets)?),
        E::SubjectAltName | E::IssuerAltName => {
            Decoded::Names(GeneralName::read_all(whole_sequence(octets)?, "extnValue")?)
        }
        E::SubjectKeyIdentifier => Decoded::KeyIdentifier(key_identifier(octets)?),
        E::AuthorityKeyIdentifier => Decoded::Authority(authority(octets)?),
        E::NameConstraints => {
            let (permitted, excluded) = name_constraints(octets)?;
            Decoded::NameConstraints(permitted, excluded)
        }
        E::CertificatePolicies => Decoded::Policies(Policies::read(whole_sequence(octets)?)?),
        E::PolicyMappings => Decoded::PolicyMappings(policy::read_mappings(whole_sequence(octets)?)?),
        E::PolicyConstraints => {
            Decoded::PolicyConstraints(policy::read_constraints(whole_sequence(octets)?)?)
        }
        E::OcspNoCheck => Decoded::NoCheck(no_check(octets)?),
        E::CrlDistributionPoints | E::FreshestCrl => {
            Decoded::Points(DistributionPoint::read_all(whole_sequence(octets)?)?)
        }
        E::AuthorityInfoAccess | E::SubjectInfoAccess => {
            Decoded::Access(AccessDescription::read_all(whole_sequence(octets)?)?)
        }
        E::NetscapeCertType => Decoded::NetscapeType(netscape_type(octets)?),
        E::Other => Decoded::Opaque,
        _ => {
            // Not looked into yet; at least one whole element must stand there.
            let mut octets = octets;
            octets.any()?;
            octets.finish()?;
            Decoded::Opaque
        }
    })
}

/// The content of the one SEQUENCE that an extension value must be.
fn whole_sequence(mut octets: Reader<'_>) -> Got<Reader<'_>> {
    let sequence = octets.expect(tag::SEQUENCE)?;
    octets.finish()?;
    Ok(Reader::of(&sequence, "extnValue"))
}

fn key_usage(mut octets: Reader<'_>) -> Got<KeyUsage> {
    let bits = octets.expect(tag::BIT_STRING)?;
    octets.finish()?;
    let reader = Reader::of(&bits, "extnValue");
    let Some((&unused, flags)) = bits.content.split_first() else {
        return Err(reader.fault("is a BIT STRING without a count of unused bits"));
    };
    if unused > 7 || (flags.is_empty() && unused > 0) {
        return Err(reader.fault("is a BIT STRING with a wrong count of unused bits"));
    }
    let octet = |at: usize| flags.get(at).copied().unwrap_or(0).reverse_bits();
    let kept = |at: usize| {
        // Unused bits of the last octet are no bits of the value.
        let value = octet(at);
        if at + 1 == flags.len() && unused > 0 { value & (0xff >> unused) } else { value }
    };
    let bits = u16::from(kept(0)) | u16::from(kept(1)) << 8;
    let has_unknown = bits >> KEY_USAGE.len() != 0 || (2..flags.len()).any(|at| kept(at) != 0);
    Ok(KeyUsage { bits, has_unknown, is_minimal: encoding::is_minimal(unused, flags) })
}

fn no_check(mut octets: Reader<'_>) -> Got<bool> {
    let element = octets.any()?;
    octets.finish()?;
    Ok(element.der == [tag::NULL, 0])
}

fn netscape_type(mut octets: Reader<'_>) -> Got<u8> {
    let bits = octets.expect(tag::BIT_STRING)?;
    octets.finish()?;
    match bits.content {
        [unused @ 0..=7, flags @ ..] if *unused == 0 || !flags.is_empty() => {
            let last = if flags.len() == 1 { 0xff << unused } else { 0xff };
            Ok(flags.first().copied().unwrap_or(0) & last)
        }
        _ => Err(Reader::of(&bits, "extnValue").fault("is a BIT STRING with a wrong count of unused bits")),
    }
}

fn basic_constraints(octets: Reader<'_>) -> Got<BasicConstraints> {
    let mut fields = whole_sequence(octets)?;
    let (ca, ca_encoding) = match fields.optional(tag::BOOLEAN)?.map(|flag| flag.content) {
        None => (false, "absent"),
        Some([0]) => (false, "false"),
        Some([0xff]) => (true, "true"),
        Some([_]) => (true, "nonDer"),
        Some(_) => return Err(fields.fault("has a cA flag that is no BOOLEAN")),
    };
    let length = fields.optional(tag::INTEGER)?;
    if length.is_some_and(|element| element.content.is_empty()) {
        return Err(fields.fault("has an empty INTEGER"));
    }
    if length.is_some_and(|element| saturating_int(element.content) < 0) {
        // INTEGER (0..MAX); OpenSSL takes the whole certificate for invalid.
        return Err(fields.fault("has a negative pathLenConstraint"));
    }
    fields.finish()?;
    Ok(BasicConstraints {
        ca,
        ca_encoding,
        path_length: length.map(|element| saturating_int(element.content)),
        path_length_span: length.map(|element| element.span),
    })
}

fn ext_key_usage(octets: Reader<'_>) -> Got<Vec<Oid<'_>>> {
    let mut fields = whole_sequence(octets)?;
    let mut purposes = Vec::new();
    while !fields.is_empty() {
        let oid = Oid(fields.expect(tag::OID)?.content);
        if !oid.is_well_formed() || purposes.len() == limits::LIST_ITEMS {
            return Err(fields.fault("holds a malformed OBJECT IDENTIFIER or too many"));
        }
        purposes.push(oid);
    }
    Ok(purposes)
}

fn key_identifier(mut octets: Reader<'_>) -> Got<&[u8]> {
    let identifier = octets.expect(tag::OCTET_STRING)?;
    octets.finish()?;
    Ok(identifier.content)
}

fn authority(octets: Reader<'_>) -> Got<AuthorityKeyIdentifier<'_>> {
    let mut fields = whole_sequence(octets)?;
    let key_identifier = fields.optional(0x80)?.map(|element| element.content);
    let issuer = fields.optional(0xa1)?;
    if let Some(issuer) = &issuer {
        GeneralName::read_all(Reader::of(issuer, "extnValue"), "extnValue")?;
    }
    let serial_number = fields.optional(0x82)?.map(|element| element.content);
    fields.finish()?;
    Ok(AuthorityKeyIdentifier { key_identifier, issuer, serial_number })
}

type Subtrees<'a> = Vec<Subtree<'a>>;

fn name_constraints(octets: Reader<'_>) -> Got<(Subtrees<'_>, Subtrees<'_>)> {
    let mut fields = whole_sequence(octets)?;
    let mut list = |tag| match fields.optional(tag)? {
        Some(element) => Subtree::read_all(Reader::of(&element, "extnValue")),
        None => Ok(Vec::new()),
    };
    let permitted = list(0xa0)?;
    let excluded = list(0xa1)?;
    fields.finish()?;
    Ok((permitted, excluded))
}
