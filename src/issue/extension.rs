//! Extensions: typed constructors for the common ones, and any other as OID, criticality and octets.

use super::{
    Name,
    der::{self, tag},
    oid,
};

/// An extension as it is written: the constructors choose the criticality that RFC 5280 asks for, the caller may
/// change every field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// extnID, as arcs.
    pub oid: Vec<u64>,
    /// critical; FALSE is left out, since it is the default.
    pub critical: bool,
    /// Content of extnValue: the encoding of the extension's own type, or anything.
    pub value: Vec<u8>,
    /// The whole encoding to write instead, for an extension that is malformed around its value.
    pub raw: Option<Vec<u8>>,
}

/// Bits of keyUsage, in their order (RFC 5280, 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUsage {
    /// Bit 0.
    DigitalSignature,
    /// Bit 1.
    NonRepudiation,
    /// Bit 2.
    KeyEncipherment,
    /// Bit 3.
    DataEncipherment,
    /// Bit 4.
    KeyAgreement,
    /// Bit 5.
    KeyCertSign,
    /// Bit 6.
    CrlSign,
    /// Bit 7.
    EncipherOnly,
    /// Bit 8.
    DecipherOnly,
}

/// The choices of `GeneralName` that are written here (RFC 5280, 4.2.1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneralName {
    /// rfc822Name.
    Email(String),
    /// dNSName.
    Dns(String),
    /// directoryName.
    Directory(Name),
    /// uniformResourceIdentifier.
    Uri(String),
    /// iPAddress: 4 or 16 octets; in name constraints 8 or 32, address and mask.
    Ip(Vec<u8>),
}

impl GeneralName {
    /// The choice with its context tag.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Email(text) => der::context_primitive(1, text.as_bytes()),
            Self::Dns(text) => der::context_primitive(2, text.as_bytes()),
            Self::Directory(name) => der::context(4, &name.to_der()),
            Self::Uri(text) => der::context_primitive(6, text.as_bytes()),
            Self::Ip(octets) => der::context_primitive(7, octets),
        }
    }
}

impl Extension {
    /// Any extension, not critical.
    #[must_use]
    pub fn new(oid: &[u64], value: Vec<u8>) -> Self {
        Self { oid: oid.to_vec(), critical: false, value, raw: None }
    }

    /// The same extension with this criticality.
    #[must_use]
    pub fn critical(mut self, critical: bool) -> Self {
        self.critical = critical;
        self
    }

    /// The same extension with these octets as its whole encoding.
    #[must_use]
    pub fn with_raw(mut self, raw: Vec<u8>) -> Self {
        self.raw = Some(raw);
        self
    }

    /// basicConstraints, critical. cA FALSE is left out, since it is the default.
    pub fn basic_constraints(ca: bool, path_length: Option<u64>) -> Self {
        let ca = if ca { der::boolean(true) } else { Vec::new() };
        let path_length = path_length.map(der::unsigned).unwrap_or_default();
        Self::new(oid::BASIC_CONSTRAINTS, der::sequence([ca, path_length])).critical(true)
    }

    /// basicConstraints, critical, with the content octets of a pathLenConstraint, as they are written: two's complement,
    /// big-endian. So a length may be negative.
    #[must_use]
    pub fn basic_constraints_with(ca: bool, path_length: &[u8]) -> Self {
        let ca = if ca { der::boolean(true) } else { Vec::new() };
        let value = der::sequence([ca, der::value(tag::INTEGER, path_length)]);
        Self::new(oid::BASIC_CONSTRAINTS, value).critical(true)
    }

    /// keyUsage, critical, with the content octets of its BIT STRING, as they are written: how many bits of the last
    /// octet are unused, then the octets.
    #[must_use]
    pub fn key_usage_with(unused: u8, octets: &[u8]) -> Self {
        let content = der::concatenate([&[unused], octets]);
        Self::new(oid::KEY_USAGE, der::value(tag::BIT_STRING, &content)).critical(true)
    }

    /// keyUsage, critical.
    #[must_use]
    pub fn key_usage(usages: &[KeyUsage]) -> Self {
        let mut bits = [false; 9];
        for usage in usages {
            bits[*usage as usize] = true;
        }
        Self::new(oid::KEY_USAGE, der::named_bits(&bits)).critical(true)
    }

    /// subjectKeyIdentifier of these octets.
    #[must_use]
    pub fn subject_key_identifier(identifier: &[u8]) -> Self {
        Self::new(oid::SUBJECT_KEY_IDENTIFIER, der::octet_string(identifier))
    }

    /// authorityKeyIdentifier with the keyIdentifier only.
    #[must_use]
    pub fn authority_key_identifier(identifier: &[u8]) -> Self {
        Self::new(oid::AUTHORITY_KEY_IDENTIFIER, der::sequence([der::context_primitive(0, identifier)]))
    }

    /// authorityKeyIdentifier with the issuer's own issuer name and serial number (content octets) only.
    #[must_use]
    pub fn authority_key_identifier_by_serial(issuer: &Name, serial: &[u8]) -> Self {
        let names = der::context(1, &GeneralName::Directory(issuer.clone()).to_der());
        Self::new(oid::AUTHORITY_KEY_IDENTIFIER, der::sequence([names, der::context_primitive(2, serial)]))
    }

    /// subjectAltName.
    pub fn subject_alt_name(names: &[GeneralName]) -> Self {
        Self::new(oid::SUBJECT_ALT_NAME, der::sequence(names.iter().map(GeneralName::to_der)))
    }

    /// issuerAltName.
    pub fn issuer_alt_name(names: &[GeneralName]) -> Self {
        Self::new(oid::ISSUER_ALT_NAME, der::sequence(names.iter().map(GeneralName::to_der)))
    }

    /// extKeyUsage of these purposes.
    #[must_use]
    pub fn extended_key_usage(purposes: &[&[u64]]) -> Self {
        Self::new(oid::EXTENDED_KEY_USAGE, der::sequence(purposes.iter().map(|purpose| der::oid(purpose))))
    }

    /// nameConstraints, critical; an empty list is left out.
    #[must_use]
    pub fn name_constraints(permitted: &[GeneralName], excluded: &[GeneralName]) -> Self {
        let subtrees = |number: u8, names: &[GeneralName]| {
            if names.is_empty() {
                return Vec::new();
            }
            der::context(number, &der::concatenate(names.iter().map(|name| der::sequence([name.to_der()]))))
        };
        let value = der::sequence([subtrees(0, permitted), subtrees(1, excluded)]);
        Self::new(oid::NAME_CONSTRAINTS, value).critical(true)
    }

    /// certificatePolicies without qualifiers.
    #[must_use]
    pub fn certificate_policies(policies: &[&[u64]]) -> Self {
        let information = policies.iter().map(|policy| der::sequence([der::oid(policy)]));
        Self::new(oid::CERTIFICATE_POLICIES, der::sequence(information))
    }

    /// The `Extension` SEQUENCE, or the raw octets that stand for it.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let critical = if self.critical { der::value(tag::BOOLEAN, &[0xff]) } else { Vec::new() };
        der::sequence([der::oid(&self.oid), critical, der::octet_string(&self.value)])
    }
}
