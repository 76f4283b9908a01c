//! Certificates by the library `rcgen`, for descriptions that a conforming library can express.
//!
//! What goes which way is told by [`Description::maker`]. Keys stay with [`PrivateKey`]: the library arranges and this
//! crate signs, so that signatures are as deterministic as elsewhere. It must not know how the writer of
//! [`describe`](super::describe) works.

use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, Issuer, PublicKeyData,
    SerialNumber, SigningKey, string,
};
use time::UtcOffset;

use super::{
    Attribute, Description, Digest, Extension, Name, PrivateKey, SignatureAlgorithm, StringType,
    der::{self, tag},
    oid,
};

/// Who arranges the octets of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// The library `rcgen`.
    Library,
    /// The DER writer of this crate, which writes whatever is described.
    Writer,
}

impl Description {
    /// Who makes a certificate of this description.
    ///
    /// The library does where it can say everything, which is
    /// * version 3, one signature algorithm, nothing in [`raw`](Self::raw);
    /// * a serial number that is positive, minimal and of 20 octets at most;
    /// * times from 1950 to 9999 in the encoding of their year;
    /// * names whose attributes are of different types, in letters that their string types have;
    /// * a key of RSA, P-256, P-384, P-521 or Ed25519, and a signature of PKCS#1 v1.5 or ECDSA with SHA-256, SHA-384 or
    ///   SHA-512, or of Ed25519;
    /// * extensions that differ from each other, whose values are DER, and of the type that RFC 5280 gives them where the
    ///   library knows it: no keyUsage without bits, no negative pathLenConstraint, no empty list.
    ///
    /// The writer makes everything else. What both can make, both make alike, octet for octet.
    #[must_use]
    pub fn maker(&self) -> Maker {
        if Request::of(self).is_some() { Maker::Library } else { Maker::Writer }
    }
}

/// A certificate that the library makes, DER; `None` for what the writer must make, and where the key refuses to sign.
pub(super) fn make(description: &Description, key: &PrivateKey) -> Option<Vec<u8>> {
    let request = Request::of(description)?;
    let mut issuer = CertificateParams::default();
    issuer.distinguished_name = distinguished(&description.issuer)?;
    let signer = Signer { key, asked: description.signature_algorithm, algorithm: request.algorithm };
    let made = request.parameters.signed_by(&request.subject, &Issuer::new(issuer, signer)).ok()?;
    Some(made.der().to_vec())
}

/// A description in the words of the library.
struct Request<'a> {
    parameters: CertificateParams,
    subject: Subject<'a>,
    algorithm: &'static rcgen::SignatureAlgorithm,
}

/// The key of the subject, as the library arranges it.
struct Subject<'a> {
    algorithm: &'static rcgen::SignatureAlgorithm,
    key: &'a [u8],
}

/// The key that signs. The library asks it for nothing but the name of the algorithm and the signature.
struct Signer<'a> {
    key: &'a PrivateKey,
    asked: SignatureAlgorithm,
    algorithm: &'static rcgen::SignatureAlgorithm,
}

impl<'a> Request<'a> {
    fn of(description: &'a Description) -> Option<Self> {
        let is_plain = description.version == 3
            && description.raw.is_empty()
            && description
                .inner_signature_algorithm
                .is_none_or(|inner| inner == description.signature_algorithm)
            && is_serial_number(&description.serial_number)
            && description.validity.not_before.is_conforming()
            && description.validity.not_after.is_conforming()
            && are_extensions(&description.extensions);
        // The issuer's name is looked at twice, so that nobody who asks is told otherwise than what is made.
        if !is_plain || distinguished(&description.issuer).is_none() {
            return None;
        }
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name = distinguished(&description.subject)?;
        parameters.serial_number = Some(SerialNumber::from_slice(&description.serial_number));
        parameters.not_before = description.validity.not_before.at.to_offset(UtcOffset::UTC);
        parameters.not_after = description.validity.not_after.at.to_offset(UtcOffset::UTC);
        parameters.custom_extensions = description.extensions.iter().map(custom).collect();
        let subject = Subject::of(&description.public_key)?;
        Some(Self { parameters, subject, algorithm: named(description.signature_algorithm)? })
    }
}

impl<'a> Subject<'a> {
    /// The kinds of keys that the library can name; the parameters must be the usual ones.
    fn of(public_key: &'a [u8]) -> Option<Self> {
        let (content, _) = der::read_tagged(public_key, tag::SEQUENCE)?;
        let (_, _, bits) = der::read(content)?;
        let key = der::read_tagged(bits, tag::BIT_STRING)?.0.get(1..)?;
        let kinds = [
            &rcgen::PKCS_ECDSA_P256_SHA256,
            &rcgen::PKCS_RSA_SHA256,
            &rcgen::PKCS_ECDSA_P384_SHA384,
            &rcgen::PKCS_ECDSA_P521_SHA512,
            &rcgen::PKCS_ED25519,
        ];
        let named = kinds.into_iter().map(|algorithm| Self { algorithm, key });
        named.into_iter().find(|subject| subject.subject_public_key_info() == public_key)
    }
}

impl PublicKeyData for Subject<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.key
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm
    }
}

impl PublicKeyData for Signer<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.key.public_key()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm
    }
}

impl SigningKey for Signer<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.key.sign(self.asked, message).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// The algorithm as the library knows it. It ties digests to curves; certificates name the digest alone.
fn named(algorithm: SignatureAlgorithm) -> Option<&'static rcgen::SignatureAlgorithm> {
    match algorithm {
        SignatureAlgorithm::RsaPkcs1(Digest::Sha256) => Some(&rcgen::PKCS_RSA_SHA256),
        SignatureAlgorithm::RsaPkcs1(Digest::Sha384) => Some(&rcgen::PKCS_RSA_SHA384),
        SignatureAlgorithm::RsaPkcs1(Digest::Sha512) => Some(&rcgen::PKCS_RSA_SHA512),
        SignatureAlgorithm::Ecdsa(Digest::Sha256) => Some(&rcgen::PKCS_ECDSA_P256_SHA256),
        SignatureAlgorithm::Ecdsa(Digest::Sha384) => Some(&rcgen::PKCS_ECDSA_P384_SHA384),
        SignatureAlgorithm::Ecdsa(Digest::Sha512) => Some(&rcgen::PKCS_ECDSA_P521_SHA512),
        SignatureAlgorithm::Ed25519 => Some(&rcgen::PKCS_ED25519),
        SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(_) | SignatureAlgorithm::Ecdsa(_) => {
            None
        }
    }
}

/// A name, unless two attributes are of one type, or a string type lacks a letter.
fn distinguished(name: &Name) -> Option<DistinguishedName> {
    let mut distinguished = DistinguishedName::new();
    for attribute in &name.attributes {
        let kind = DnType::from_oid(&attribute.oid);
        if !is_oid(&attribute.oid) || distinguished.get(&kind).is_some() {
            return None;
        }
        distinguished.push(kind, text(attribute)?);
    }
    Some(distinguished)
}

fn text(attribute: &Attribute) -> Option<DnValue> {
    let text = attribute.text.as_str();
    Some(match attribute.string_type {
        StringType::Utf8 => DnValue::Utf8String(text.to_owned()),
        StringType::Printable => DnValue::PrintableString(string::PrintableString::try_from(text).ok()?),
        StringType::Ia5 => DnValue::Ia5String(string::Ia5String::try_from(text).ok()?),
        StringType::Teletex => DnValue::TeletexString(string::TeletexString::try_from(text).ok()?),
        StringType::Bmp => DnValue::BmpString(string::BmpString::try_from(text).ok()?),
        StringType::Universal => DnValue::UniversalString(string::UniversalString::try_from(text).ok()?),
    })
}

/// All extensions are given as OID and octets: the library has an order of its own for those that it knows.
fn custom(extension: &Extension) -> CustomExtension {
    let mut custom = CustomExtension::from_oid_content(&extension.oid, extension.value.clone());
    custom.set_criticality(extension.critical);
    custom
}

/// Positive, minimal, at most 20 octets (RFC 5280, 4.1.2.2).
fn is_serial_number(content: &[u8]) -> bool {
    content.len() <= 20
        && content.iter().any(|octet| *octet > 0)
        && der::unsigned_octets(content)[2..] == *content
}

fn are_extensions(extensions: &[Extension]) -> bool {
    let is_first = |at: usize| extensions[..at].iter().all(|other| other.oid != extensions[at].oid);
    extensions.iter().enumerate().all(|(at, extension)| is_first(at) && is_extension(extension))
}

/// Whether an extension says something that its type allows.
fn is_extension(extension: &Extension) -> bool {
    let value = extension.value.as_slice();
    let is_list = || matches!(der::read(value), Some((tag::SEQUENCE, [_, ..], _)));
    let is_kind = match extension.oid.as_slice() {
        oid::BASIC_CONSTRAINTS => is_basic_constraints(value),
        oid::KEY_USAGE => is_key_usage(value),
        oid::SUBJECT_KEY_IDENTIFIER => value.first() == Some(&tag::OCTET_STRING),
        oid::AUTHORITY_KEY_IDENTIFIER => value.first() == Some(&tag::SEQUENCE),
        oid::SUBJECT_ALT_NAME
        | oid::ISSUER_ALT_NAME
        | oid::EXTENDED_KEY_USAGE
        | oid::NAME_CONSTRAINTS
        | oid::CERTIFICATE_POLICIES => is_list(),
        _ => true,
    };
    extension.raw.is_none() && is_oid(&extension.oid) && is_kind && is_der(value)
}

/// FALSE, or TRUE with a limit below 256 or none.
fn is_basic_constraints(value: &[u8]) -> bool {
    let limit = value.last().map(|last| u64::from(*last));
    let forms = [(false, None), (true, None), (true, limit)];
    forms.iter().any(|(ca, limit)| Extension::basic_constraints(*ca, *limit).value == value)
}

/// At least one bit, and none unused that need not be.
fn is_key_usage(value: &[u8]) -> bool {
    let Some((content, _)) = der::read_tagged(value, tag::BIT_STRING) else {
        return false;
    };
    let octets = content.get(1..).unwrap_or_default();
    let bits: Vec<bool> =
        octets.iter().flat_map(|octet| (0..8).map(move |place| octet << place & 0x80 != 0)).collect();
    bits.contains(&true) && der::named_bits(&bits) == value
}

/// Whether octets are one value whose lengths, and those of the values in it, are the shortest.
fn is_der(octets: &[u8]) -> bool {
    let Some((tag, content, [])) = der::read(octets) else {
        return false;
    };
    let is_constructed = tag & 0x20 != 0;
    der::value(tag, content) == octets && (!is_constructed || are_der(content))
}

/// Whether octets are such values, one after the other.
fn are_der(mut octets: &[u8]) -> bool {
    while !octets.is_empty() {
        let Some((_, _, rest)) = der::read(octets) else {
            return false;
        };
        let (first, after) = octets.split_at(octets.len() - rest.len());
        if !is_der(first) {
            return false;
        }
        octets = after;
    }
    true
}

/// Whether arcs can be written (X.690, 8.19.4).
fn is_oid(arcs: &[u64]) -> bool {
    matches!(arcs, [0 | 1, 0..40, ..] | [2, 0..=0xffff, ..])
}
