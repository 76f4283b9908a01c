//! What a client is given: the certificates that it trusts and those that a
//! server presents; and the leaf that a gateway would mint, where none is at hand.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use super::openssl::Anchor;
use crate::facts::Certificate;
use crate::issue::{
    Description, Digest, Extension, GeneralName, KeyUsage, Name, Part, SignatureAlgorithm, Validity, der,
    ec_public_key, oid,
};

/// Certificates in front of a client.
#[derive(Clone, Debug, Default)]
pub struct Served<'a> {
    /// Those of the trust file, in its order.
    pub store: Vec<Anchor<'a>>,
    /// Those that the server sends, leaf first.
    pub presented: Vec<&'a Certificate<'a>>,
    /// Whether a block of the trust file is no certificate at all although its
    /// label says so.
    pub damaged: bool,
    /// Whether no trust file was named, so that a store without certificates is no error by
    /// itself: the client goes on, and trusts nobody.
    pub unnamed: bool,
    /// Whether the first of them is from [`minted_leaf`], so that its signature
    /// is to be taken for valid.
    pub minted: bool,
}

/// Host of leaves that [`minted_leaf`] makes.
pub const MINTED_HOST: &str = "www.example.com";

/// Days that such a leaf is valid.
const MINTED_DAYS: i64 = 30;

/// Octets of a serial number, positive and of the size that RFC 5280 allows.
const SERIAL: [u8; 16] = [0x5e; 16];

/// The generator of P-256 (SEC 2, 2.4.2), uncompressed: some public key.
const POINT: [u8; 65] = [
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f,
    0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce,
    0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
];

/// DER of the leaf that a TLS-inspecting gateway would mint with a CA: for
/// [`MINTED_HOST`], valid at `instant` (seconds since 1970-01-01T00:00:00Z), with
/// the CA's subject as issuer and its subjectKeyIdentifier, if there is one, as
/// authorityKeyIdentifier. Its signature is a row of zeros.
#[must_use]
pub fn minted_leaf(issuer: &Certificate<'_>, instant: i64) -> Vec<u8> {
    let from = OffsetDateTime::from_unix_timestamp(instant).unwrap_or(OffsetDateTime::UNIX_EPOCH)
        - Duration::days(1);
    let mut leaf = Description {
        version: 3,
        serial_number: SERIAL.to_vec(),
        issuer: Name::empty(),
        validity: Validity::between(from, from + Duration::days(MINTED_DAYS)),
        subject: Name::common(MINTED_HOST),
        public_key: ec_public_key(oid::P256, &POINT),
        extensions: vec![
            Extension::basic_constraints(false, None),
            Extension::key_usage(&[KeyUsage::DigitalSignature]),
            Extension::extended_key_usage(&[oid::SERVER_AUTH]),
            Extension::subject_alt_name(&[GeneralName::Dns(MINTED_HOST.to_owned())]),
        ],
        // What is written instead stands below.
        signature_algorithm: SignatureAlgorithm::Ed25519,
        inner_signature_algorithm: None,
        raw: BTreeMap::new(),
    };
    if let Ok(subject) = &issuer.subject {
        leaf.set_raw(Part::Issuer, subject.der.to_vec());
    }
    if let Some(identifier) = issuer.subject_key_identifier() {
        leaf.put(Extension::authority_key_identifier(identifier));
    }
    let algorithm = signature_algorithm(issuer);
    leaf.set_raw(Part::Signature, algorithm.clone());
    der::sequence([leaf.to_be_signed(), algorithm, der::bit_string(&[0; 64])])
}

/// The `AlgorithmIdentifier` of signatures that a CA's key makes, SHA-256 where
/// it leaves a choice.
fn signature_algorithm(issuer: &Certificate<'_>) -> Vec<u8> {
    let kind = issuer.public_key.as_ref().map_or("rsa", |key| key.kind);
    match kind {
        "ec" => SignatureAlgorithm::Ecdsa(Digest::Sha256).to_der(),
        "ed25519" => SignatureAlgorithm::Ed25519.to_der(),
        "ed448" => der::sequence([der::oid(&[1, 3, 101, 113])]),
        "dsa" => der::sequence([der::oid(&[2, 16, 840, 1, 101, 3, 4, 3, 2])]),
        "rsaPss" => SignatureAlgorithm::RsaPss(Digest::Sha256).to_der(),
        _ => SignatureAlgorithm::RsaPkcs1(Digest::Sha256).to_der(),
    }
}
