//! Private keys: what they are and whose public half they carry. The private
//! octets live in wiped buffers and leave nothing behind but a [`PrivateKey`]
//! description. Encrypted keys are opened by `locked`, where a password does.

use std::fmt;

use aws_lc_rs::agreement;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use zeroize::Zeroizing;

use super::locked::{Fault, Opener, encrypted_key};
use super::pem::{self, Damage};
use crate::der::{Element, Got, Malformed, Reader, tag};
use crate::oid::Oid;

/// The form in which a key was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFormat {
    /// `PrivateKeyInfo` of RFC 5208, `OneAsymmetricKey` of RFC 5958.
    Pkcs8,
    /// `EncryptedPrivateKeyInfo` of RFC 5208.
    EncryptedPkcs8,
    /// `RSAPrivateKey` of RFC 8017.
    Pkcs1,
    /// `ECPrivateKey` of RFC 5915.
    Sec1,
    /// OpenSSL's traditional DSA form.
    Dsa,
    /// The format of `ssh-keygen`.
    OpenSsh,
}

impl KeyFormat {
    /// The name that reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 | Self::EncryptedPkcs8 => "pkcs8",
            Self::Pkcs1 => "pkcs1",
            Self::Sec1 => "sec1",
            Self::Dsa => "dsa",
            Self::OpenSsh => "openssh",
        }
    }
}

/// What is known of a private key. Holds no private octet.
#[derive(Clone, Debug)]
pub struct PrivateKey {
    /// The form it was written in.
    pub format: KeyFormat,
    /// Whether a password protects it.
    pub encrypted: bool,
    /// Why it was not opened where a password protects it; nothing more is known of it then.
    pub lock: Option<Fault>,
    /// `rsa`, `rsaPss`, `ec`, `ed25519`, …, or empty where unknown.
    pub algorithm: &'static str,
    /// Size of the modulus or of the curve in bits; 0 where unknown.
    pub bits: u32,
    /// Name of the curve, or empty.
    pub curve: &'static str,
    /// Why it cannot be used, empty if it can.
    pub malformed: &'static str,
    /// The public half, to find the certificate it belongs to.
    pub public: Option<PublicIdentity>,
}

/// A public key in a form that compares equal exactly for equal keys.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum PublicIdentity {
    /// Modulus and exponent, big-endian without leading zeros.
    Rsa(Vec<u8>, Vec<u8>),
    /// Curve name and compressed point (SEC 1, 2.3.3).
    Ec(&'static str, Vec<u8>),
    /// The 32 octets of RFC 8032.
    Ed25519(Vec<u8>),
}

impl fmt::Debug for PublicIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa(..) => "Rsa",
            Self::Ec(..) => "Ec",
            Self::Ed25519(_) => "Ed25519",
        })
    }
}

impl PublicIdentity {
    /// Identity of an RSA key from its numbers as DER writes them.
    #[must_use]
    pub fn rsa(modulus: &[u8], exponent: &[u8]) -> Self {
        Self::Rsa(unpadded(modulus).to_vec(), unpadded(exponent).to_vec())
    }

    /// Identity of a point on `curve`, `None` for forms other than SEC 1's two.
    #[must_use]
    pub fn ec(curve: &'static str, point: &[u8]) -> Option<Self> {
        let compressed = match point.split_first()? {
            (4, coordinates) if coordinates.len() % 2 == 0 => {
                let (x, y) = coordinates.split_at(coordinates.len() / 2);
                let mut octets = vec![2 | (y.last()? & 1)];
                octets.extend_from_slice(x);
                octets
            }
            (2 | 3, _) => point.to_vec(),
            _ => return None,
        };
        Some(Self::Ec(curve, compressed))
    }
}

/// Named curves: content octets of the OID, name, bits.
pub const CURVES: &[(&[u8], &str, u32)] = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "P-256", 256),
    (&[0x2b, 0x81, 4, 0, 0x22], "P-384", 384),
    (&[0x2b, 0x81, 4, 0, 0x23], "P-521", 521),
    (&[0x2b, 0x81, 4, 0, 0x21], "P-224", 224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1], "P-192", 192),
    (&[0x2b, 0x81, 4, 0, 0x0a], "secp256k1", 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7], "brainpoolP256r1", 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11], "brainpoolP384r1", 384),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13], "brainpoolP512r1", 512),
];

/// Reads a key from the text between two boundaries, which begins at `offset` of the file.
pub(super) fn from_pem(
    format: KeyFormat,
    text: &[u8],
    offset: usize,
    opener: &mut Opener<'_>,
) -> (PrivateKey, Option<Damage>) {
    if format == KeyFormat::OpenSsh {
        return (
            PrivateKey::unusable(format, "is in the format of OpenSSH, which no TLS product reads"),
            None,
        );
    }
    let headers = header_length(text);
    let is_legacy = memchr::memmem::find(&text[..headers], b"ENCRYPTED").is_some();
    let encrypted = format == KeyFormat::EncryptedPkcs8 || is_legacy;
    let mut der = Zeroizing::new(Vec::with_capacity(text.len()));
    if let Err(damage) = pem::decode(&text[headers..], offset + headers, &mut der) {
        let mut key = PrivateKey::unusable(format, "");
        key.encrypted = encrypted;
        return (key, Some(damage));
    }
    let key = match (is_legacy, encrypted) {
        (true, _) => opened(format, encrypted_key::legacy(&text[..headers], &der, opener)),
        (false, true) => opened(format, encrypted_key::pkcs8(&der, opener)),
        (false, false) => read(&der).unwrap_or_else(|fault| PrivateKey::unusable(format, fault.reason)),
    };
    (key, None)
}

/// A key that was encrypted, of the octets that came out or of the reason why none did.
pub(super) fn opened(format: KeyFormat, plain: Result<Zeroizing<Vec<u8>>, Fault>) -> PrivateKey {
    let mut key = match plain {
        Ok(der) => read(&der).unwrap_or_else(|fault| PrivateKey::unusable(format, fault.reason)),
        Err(fault) => PrivateKey { lock: Some(fault), ..PrivateKey::unusable(format, "") },
    };
    key.format = format;
    key.encrypted = true;
    key
}

/// A key of a container that is not encrypted by itself.
pub(super) fn plain(der: &[u8]) -> PrivateKey {
    read(der).unwrap_or_else(|fault| PrivateKey::unusable(KeyFormat::Pkcs8, fault.reason))
}

/// Reads a key from a binary file; `None` where the octets are no key.
pub(super) fn from_der(der: &Zeroizing<Vec<u8>>, opener: &mut Opener<'_>) -> Option<PrivateKey> {
    let key = read(der).ok()?;
    Some(if key.encrypted { opened(key.format, encrypted_key::pkcs8(der, opener)) } else { key })
}

impl PrivateKey {
    fn unusable(format: KeyFormat, malformed: &'static str) -> Self {
        Self {
            format,
            encrypted: false,
            lock: None,
            algorithm: "",
            bits: 0,
            curve: "",
            malformed,
            public: None,
        }
    }

    fn new(format: KeyFormat, algorithm: &'static str) -> Self {
        Self { algorithm, ..Self::unusable(format, "") }
    }
}

/// Length of the headers of RFC 1421 (`Proc-Type: …`) with the blank line behind them.
fn header_length(text: &[u8]) -> usize {
    let mut length = 0;
    let mut seen = false;
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        let blank = line.iter().all(u8::is_ascii_whitespace);
        if line.contains(&b':') {
            seen = true;
        } else if !blank {
            break;
        }
        length += line.len();
        if seen && blank {
            break;
        }
    }
    if seen { length } else { 0 }
}

/// Any of the unencrypted forms, told apart by their structure.
fn read(der: &[u8]) -> Got<PrivateKey> {
    const OTHER: &str = "is of no form that is known";
    let mut outer = Reader::new(der, 0, "privateKey");
    let mut fields = Reader::of(&outer.expect(tag::SEQUENCE)?, "privateKey");
    outer.finish()?;
    let first = fields.any()?;
    let second = fields.any()?;
    match (first.tag, second.tag) {
        (tag::INTEGER, tag::SEQUENCE) => pkcs8(&second, &fields.expect(tag::OCTET_STRING)?),
        (tag::INTEGER, tag::INTEGER) => rsa(KeyFormat::Pkcs1, "rsa", der),
        (tag::INTEGER, tag::OCTET_STRING) => sec1(KeyFormat::Sec1, der, None),
        (tag::SEQUENCE, tag::OCTET_STRING) if fields.is_empty() => {
            let mut key = PrivateKey::unusable(KeyFormat::EncryptedPkcs8, "");
            key.encrypted = true;
            Ok(key)
        }
        _ => Err(Malformed { part: "privateKey", reason: OTHER, offset: 0 }),
    }
}

fn pkcs8(algorithm: &Element<'_>, key: &Element<'_>) -> Got<PrivateKey> {
    let mut fields = Reader::of(algorithm, "privateKeyAlgorithm");
    let oid = Oid(fields.expect(tag::OID)?.content);
    let parameters = fields.optional(tag::OID)?.map(|element| element.content);
    match oid.0 {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1] => rsa(KeyFormat::Pkcs8, "rsa", key.content),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10] => rsa(KeyFormat::Pkcs8, "rsaPss", key.content),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1] => sec1(KeyFormat::Pkcs8, key.content, parameters),
        [0x2b, 0x65, 0x70] => {
            let seed = Reader::of(key, "privateKey").expect(tag::OCTET_STRING)?;
            let mut read = PrivateKey::new(KeyFormat::Pkcs8, "ed25519");
            read.bits = 256;
            match Ed25519KeyPair::from_seed_unchecked(seed.content) {
                Ok(pair) => {
                    read.public = Some(PublicIdentity::Ed25519(pair.public_key().as_ref().to_vec()));
                }
                Err(_) => read.malformed = "is no Ed25519 key of 32 octets",
            }
            Ok(read)
        }
        [0x2b, 0x65, 0x71] => Ok(PrivateKey::new(KeyFormat::Pkcs8, "ed448")),
        [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1] => Ok(PrivateKey::new(KeyFormat::Pkcs8, "dsa")),
        _ => Ok(PrivateKey::new(KeyFormat::Pkcs8, "other")),
    }
}

fn rsa(format: KeyFormat, algorithm: &'static str, der: &[u8]) -> Got<PrivateKey> {
    let mut outer = Reader::new(der, 0, "RSAPrivateKey");
    let mut fields = Reader::of(&outer.expect(tag::SEQUENCE)?, "RSAPrivateKey");
    fields.expect(tag::INTEGER)?;
    let modulus = fields.expect(tag::INTEGER)?;
    let exponent = fields.expect(tag::INTEGER)?;
    fields.expect(tag::INTEGER)?;
    let mut key = PrivateKey::new(format, algorithm);
    key.bits = bit_length(modulus.content);
    key.public = Some(PublicIdentity::rsa(modulus.content, exponent.content));
    if is_inconsistent(der) {
        key.malformed = "holds numbers that do not belong together";
        key.public = None;
    }
    Ok(key)
}

/// Whether the provider finds that the factors do not give the modulus. It takes
/// keys of 2,048 to 8,192 bits; of others nothing is said.
fn is_inconsistent(der: &[u8]) -> bool {
    aws_lc_rs::rsa::KeyPair::from_der(der)
        .err()
        .is_some_and(|rejected| rejected.description_() == "InconsistentComponents")
}

fn sec1(format: KeyFormat, der: &[u8], named: Option<&[u8]>) -> Got<PrivateKey> {
    let mut outer = Reader::new(der, 0, "ECPrivateKey");
    let mut fields = Reader::of(&outer.expect(tag::SEQUENCE)?, "ECPrivateKey");
    fields.expect(tag::INTEGER)?;
    let scalar = fields.expect(tag::OCTET_STRING)?;
    let inner = match fields.optional(0xa0)? {
        Some(wrapper) => Reader::of(&wrapper, "parameters").optional(tag::OID)?.map(|oid| oid.content),
        None => None,
    };
    let public = match fields.optional(0xa1)? {
        Some(wrapper) => Some(Reader::of(&wrapper, "publicKey").expect(tag::BIT_STRING)?),
        None => None,
    };
    let mut key = PrivateKey::new(format, "ec");
    let curve = named.or(inner);
    let Some((_, name, bits)) = CURVES.iter().find(|(oid, ..)| Some(*oid) == curve) else {
        key.malformed = "is on a curve that is not named or not known";
        return Ok(key);
    };
    key.curve = name;
    key.bits = *bits;
    let written =
        public.and_then(|element| element.content.get(1..)).and_then(|point| PublicIdentity::ec(name, point));
    let computed = ec_public(name, *bits, scalar.content);
    if computed.is_some() && written.is_some() && computed != written {
        key.malformed = "holds a public key that is not that of its private number";
    }
    key.public = computed.or(written);
    Ok(key)
}

/// The public point of a private scalar, computed rather than read from the file;
/// `None` for curves that the provider does not have and for numbers out of range.
fn ec_public(curve: &'static str, bits: u32, scalar: &[u8]) -> Option<PublicIdentity> {
    let algorithm = match curve {
        "P-256" => &agreement::ECDH_P256,
        "P-384" => &agreement::ECDH_P384,
        "P-521" => &agreement::ECDH_P521,
        _ => return None,
    };
    let digits = unpadded(scalar);
    let mut padded = Zeroizing::new(vec![0; bits.div_ceil(8) as usize]);
    let start = padded.len().checked_sub(digits.len())?;
    padded[start..].copy_from_slice(digits);
    let private = agreement::PrivateKey::from_private_key(algorithm, &padded).ok()?;
    let public = private.compute_public_key().ok()?;
    PublicIdentity::ec(curve, public.as_ref())
}

/// Number of bits of a DER INTEGER's magnitude, taken as unsigned.
#[must_use]
pub fn bit_length(content: &[u8]) -> u32 {
    let digits = unpadded(content);
    let top = digits.first().map_or(0, |octet| 8 - octet.leading_zeros());
    u32::try_from(digits.len().saturating_sub(1) * 8).unwrap_or(u32::MAX - 8) + top
}

fn unpadded(content: &[u8]) -> &[u8] {
    let zeros = content.iter().take_while(|octet| **octet == 0).count();
    &content[zeros..]
}
