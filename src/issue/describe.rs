//! The description of a certificate, and the certificate it becomes.

use std::collections::BTreeMap;

use super::{
    Error, Extension, Name, PrivateKey, SignatureAlgorithm, Validity, der, key::key_identifier, library, pem,
};

/// Parts of a certificate that raw octets may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `[0] EXPLICIT Version`.
    Version,
    /// The serial number's INTEGER, header included.
    SerialNumber,
    /// The inner `signature`.
    Signature,
    /// The issuer's name.
    Issuer,
    /// The validity.
    Validity,
    /// The subject's name.
    Subject,
    /// The subject's public key.
    SubjectPublicKeyInfo,
    /// issuerUniqueID and subjectUniqueID, which have no typed form.
    UniqueIdentifiers,
    /// `[3] EXPLICIT Extensions`.
    Extensions,
    /// The outer `signatureAlgorithm`.
    SignatureAlgorithm,
    /// The BIT STRING of the signature.
    SignatureValue,
}

/// What a certificate shall say (RFC 5280, 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// 1, 2, 3 or anything above; 1 is left out, since it is the default, as is 0.
    pub version: u64,
    /// Content octets of the serial number, as they are written: two's complement, big-endian.
    pub serial_number: Vec<u8>,
    /// The issuer's name.
    pub issuer: Name,
    /// From when until when.
    pub validity: Validity,
    /// The subject's name.
    pub subject: Name,
    /// The subject's `SubjectPublicKeyInfo`, DER.
    pub public_key: Vec<u8>,
    /// The extensions in the order written; none leaves the field out.
    pub extensions: Vec<Extension>,
    /// The algorithm that signs, and that the outer signatureAlgorithm names.
    pub signature_algorithm: SignatureAlgorithm,
    /// The algorithm that the inner signature names, when it is another.
    pub inner_signature_algorithm: Option<SignatureAlgorithm>,
    /// Whole encodings to write instead of a part; an empty one leaves the part out.
    pub raw: BTreeMap<Part, Vec<u8>>,
}

/// A certificate, DER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
}

impl Description {
    /// Writes octets instead of a part; none leaves the part out.
    pub fn set_raw(&mut self, part: Part, octets: Vec<u8>) {
        self.raw.insert(part, octets);
    }

    /// Takes away every extension with this OID.
    pub fn remove(&mut self, oid: &[u64]) {
        self.extensions.retain(|extension| extension.oid != oid);
    }

    /// Puts an extension in the place of the first one with the same OID, or at the end.
    pub fn put(&mut self, extension: Extension) {
        match self.extensions.iter_mut().find(|present| present.oid == extension.oid) {
            Some(present) => *present = extension,
            None => self.extensions.push(extension),
        }
    }

    /// The first extension with this OID.
    pub fn extension_mut(&mut self, oid: &[u64]) -> Option<&mut Extension> {
        self.extensions.iter_mut().find(|extension| extension.oid == oid)
    }

    /// The key identifier of the subject's key (RFC 5280, 4.2.1.2, method 1).
    #[must_use]
    pub fn key_identifier(&self) -> Vec<u8> {
        key_identifier(&self.public_key)
    }

    /// The `TBSCertificate`, DER.
    pub fn to_be_signed(&self) -> Vec<u8> {
        let inner = self.inner_signature_algorithm.unwrap_or(self.signature_algorithm);
        der::sequence([
            self.part(Part::Version, || version(self.version)),
            self.part(Part::SerialNumber, || der::value(der::tag::INTEGER, &self.serial_number)),
            self.part(Part::Signature, || inner.to_der()),
            self.part(Part::Issuer, || self.issuer.to_der()),
            self.part(Part::Validity, || self.validity.to_der()),
            self.part(Part::Subject, || self.subject.to_der()),
            self.part(Part::SubjectPublicKeyInfo, || self.public_key.clone()),
            self.part(Part::UniqueIdentifiers, Vec::new),
            self.part(Part::Extensions, || extensions(&self.extensions)),
        ])
    }

    /// Signs the description: by the library where it can, else as [`write`](Self::write).
    ///
    /// # Errors
    /// As [`PrivateKey::sign`].
    pub fn sign(&self, key: &PrivateKey) -> Result<Certificate, Error> {
        // Where the key refuses, the writer meets the same refusal and tells it.
        library::make(self, key).map_or_else(|| self.write(key), |der| Ok(Certificate { der }))
    }

    /// Signs the description with the writer of this crate, whatever it says. With a raw signature value nothing is signed.
    ///
    /// # Errors
    /// As [`PrivateKey::sign`].
    pub fn write(&self, key: &PrivateKey) -> Result<Certificate, Error> {
        let body = self.to_be_signed();
        let algorithm = self.part(Part::SignatureAlgorithm, || self.signature_algorithm.to_der());
        let signature = match self.raw.get(&Part::SignatureValue) {
            Some(raw) => raw.clone(),
            None => der::bit_string(&key.sign(self.signature_algorithm, &body)?),
        };
        Ok(Certificate { der: der::sequence([body, algorithm, signature]) })
    }

    fn part(&self, part: Part, typed: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        self.raw.get(&part).cloned().unwrap_or_else(typed)
    }
}

impl Certificate {
    /// A certificate of octets made elsewhere, which are not looked at.
    #[must_use]
    pub fn from_der(der: Vec<u8>) -> Self {
        Self { der }
    }

    /// The same certificate with the last bit of its signature turned.
    ///
    /// # Panics
    /// Without octets.
    #[must_use]
    pub fn with_signature_spoilt(mut self) -> Self {
        *self.der.last_mut().expect("a certificate ends with its signature") ^= 1;
        self
    }

    /// The same certificate with octets behind it.
    #[must_use]
    pub fn followed_by(mut self, octets: &[u8]) -> Self {
        self.der.extend_from_slice(octets);
        self
    }

    /// The octets.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// One `CERTIFICATE` block.
    #[must_use]
    pub fn pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der)
    }
}

/// `[0] EXPLICIT Version`, where 3 is written as 2.
fn version(version: u64) -> Vec<u8> {
    if version <= 1 {
        return Vec::new();
    }
    der::context(0, &der::unsigned(version - 1))
}

/// `[3] EXPLICIT Extensions`.
fn extensions(extensions: &[Extension]) -> Vec<u8> {
    if extensions.is_empty() {
        return Vec::new();
    }
    der::context(3, &der::sequence(extensions.iter().map(Extension::to_der)))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::issue::{Digest, oid};

    /// Ed25519 key of RFC 8410, 10.3.
    const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----";

    fn description(key: &PrivateKey) -> Description {
        Description {
            version: 3,
            serial_number: vec![1],
            issuer: Name::common("Test"),
            validity: Validity::between(datetime!(2026-06-01 00:00 UTC), datetime!(2027-06-01 00:00 UTC)),
            subject: Name::common("Test"),
            public_key: key.public_key().to_vec(),
            extensions: vec![Extension::basic_constraints(true, None)],
            signature_algorithm: SignatureAlgorithm::usual(key),
            inner_signature_algorithm: None,
            raw: BTreeMap::new(),
        }
    }

    #[test]
    fn same_description_gives_same_octets() {
        let key = PrivateKey::from_pem(KEY).expect("the key of the RFC is sound");
        let made = description(&key).sign(&key).expect("Ed25519 signs");
        assert_eq!(made, description(&key).sign(&key).expect("Ed25519 signs"));
        assert!(made.pem().starts_with("-----BEGIN CERTIFICATE-----\n"));
    }

    #[test]
    fn raw_octets_stand_for_a_part_and_empty_ones_leave_it_out() {
        let key = PrivateKey::from_pem(KEY).expect("the key of the RFC is sound");
        let mut described = description(&key);
        let sound = described.to_be_signed().len();
        described.set_raw(Part::Version, Vec::new());
        assert_eq!(described.to_be_signed().len(), sound - 5);
        described.set_raw(Part::Subject, der::null());
        assert!(described.to_be_signed().len() < sound - 5);
    }

    #[test]
    fn key_of_another_kind_is_refused() {
        let key = PrivateKey::from_pem(KEY).expect("the key of the RFC is sound");
        let refused =
            key.sign(SignatureAlgorithm::Ecdsa(Digest::Sha256), b"").expect_err("Ed25519 makes no ECDSA");
        assert_eq!(
            refused.to_string(),
            "a key of the kind Ed25519 cannot make a signature of the kind ecdsa-with-SHA256"
        );
    }

    #[test]
    fn put_replaces_in_place() {
        let key = PrivateKey::from_pem(KEY).expect("the key of the RFC is sound");
        let mut described = description(&key);
        described.put(Extension::basic_constraints(true, Some(0)));
        assert_eq!(described.extensions.len(), 1);
        described.remove(oid::BASIC_CONSTRAINTS);
        assert!(described.extensions.is_empty());
    }
}
