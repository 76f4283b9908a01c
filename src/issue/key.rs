//! Private keys that sign, read from PKCS#8 (RFC 5958), and the public keys they stand for.
//!
//! The octets of a private key are wiped on drop where this crate owns them. Numbers in [`num_bigint`] are not wiped:
//! they are used only for RSA keys and digests that the provider refuses, which no real authority should have.

use aws_lc_rs::{
    digest,
    signature::{Ed25519KeyPair, KeyPair as _, RsaKeyPair},
};
use zeroize::Zeroizing;

use super::{
    Error,
    der::{self, tag},
    oid, pem,
    rsa::RsaNumbers,
};

/// A private key and the subjectPublicKeyInfo that belongs to it. `Debug` shows the kind only.
pub struct PrivateKey {
    public: Vec<u8>,
    pub(super) material: Material,
}

/// What signs.
pub(super) enum Material {
    /// RSA: the provider's key where it accepts it, and the numbers for everything else.
    Rsa { provider: Option<RsaKeyPair>, numbers: RsaNumbers },
    /// ECDSA on P-224, by RFC 6979.
    P224(p224::ecdsa::SigningKey),
    /// ECDSA on P-256, by RFC 6979.
    P256(p256::ecdsa::SigningKey),
    /// ECDSA on P-384, by RFC 6979.
    P384(p384::ecdsa::SigningKey),
    /// ECDSA on P-521, by RFC 6979.
    P521(p521::ecdsa::SigningKey),
    /// Ed25519.
    Ed25519(Ed25519KeyPair),
    /// A key that is only a subject here: another curve, X25519.
    SubjectOnly,
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "PrivateKey({})", self.kind())
    }
}

/// What signs on a curve, and its public point, uncompressed: the curves share their methods, but no trait that has them.
macro_rules! signing_key {
    ($curve:ident, $material:ident, $scalar:expr, $refusal:literal) => {{
        let key = $curve::ecdsa::SigningKey::from_slice($scalar).map_err(|_| Error::PrivateKey($refusal))?;
        let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        (Material::$material(key), Some(point))
    }};
}

impl PrivateKey {
    /// Reads the first `PRIVATE KEY` block of a text.
    ///
    /// # Errors
    /// [`Error::NoPemBlock`] without a sound block, else as [`PrivateKey::from_pkcs8`].
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        Self::from_pkcs8(&Zeroizing::new(pem::decode(text, "PRIVATE KEY")?))
    }

    /// Reads an unencrypted PKCS#8 key: RSA, RSA-PSS, EC with a named curve, Ed25519, X25519.
    ///
    /// EC keys on curves other than P-224, P-256, P-384 and P-521 must carry their public key; they can be subjects, not signers.
    ///
    /// # Errors
    /// [`Error::PrivateKey`] when the structure or the key is not of these kinds.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, Error> {
        let (algorithm, private) = split_pkcs8(pkcs8).ok_or(Error::PrivateKey("no PKCS#8 structure"))?;
        let (algorithm_oid, _) =
            der::read_tagged(algorithm, tag::OID).ok_or(Error::PrivateKey("no algorithm"))?;
        let is = |arcs: &[u64]| der::oid(arcs)[2..] == *algorithm_oid;
        if is(oid::RSA) || is(oid::RSA_PSS) {
            return Self::rsa(pkcs8, algorithm, private);
        }
        if is(oid::EC) {
            return Self::ec(algorithm, private);
        }
        if is(oid::ED25519) {
            return Self::ed25519(pkcs8);
        }
        if is(oid::X25519) {
            return Self::x25519(private);
        }
        Err(Error::PrivateKey("unknown algorithm"))
    }

    /// Kind of the key for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.material {
            Material::Rsa { .. } => "RSA",
            Material::P224(_) => "P-224",
            Material::P256(_) => "P-256",
            Material::P384(_) => "P-384",
            Material::P521(_) => "P-521",
            Material::Ed25519(_) => "Ed25519",
            Material::SubjectOnly => "subject-only",
        }
    }

    /// The `SubjectPublicKeyInfo`, DER.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// The key identifier of RFC 5280, 4.2.1.2, method 1.
    #[must_use]
    pub fn identifier(&self) -> Vec<u8> {
        key_identifier(&self.public)
    }

    /// Whether its algorithm is id-RSASSA-PSS (RFC 4055, 3).
    pub(super) fn is_for_pss_alone(&self) -> bool {
        let pss = der::oid(oid::RSA_PSS);
        let algorithm = || {
            let (content, _) = der::read_tagged(&self.public, tag::SEQUENCE)?;
            Some(der::read_tagged(content, tag::SEQUENCE)?.0)
        };
        algorithm().is_some_and(|algorithm| algorithm.starts_with(&pss))
    }

    fn rsa(pkcs8: &[u8], algorithm: &[u8], private: &[u8]) -> Result<Self, Error> {
        let numbers = RsaNumbers::read(private).ok_or(Error::PrivateKey("no RSAPrivateKey"))?;
        let key = numbers.public_key();
        let public = der::sequence([der::value(tag::SEQUENCE, algorithm), der::bit_string(&key)]);
        let provider = RsaKeyPair::from_pkcs8(pkcs8).ok();
        Ok(Self { public, material: Material::Rsa { provider, numbers } })
    }

    fn ec(algorithm: &[u8], private: &[u8]) -> Result<Self, Error> {
        let (scalar, point) = split_sec1(private).ok_or(Error::PrivateKey("no ECPrivateKey"))?;
        let is = |curve: &[u64]| algorithm.ends_with(&der::oid(curve));
        let (material, computed) = if is(oid::P224) {
            signing_key!(p224, P224, scalar, "no scalar of P-224")
        } else if is(oid::P256) {
            signing_key!(p256, P256, scalar, "no scalar of P-256")
        } else if is(oid::P384) {
            signing_key!(p384, P384, scalar, "no scalar of P-384")
        } else if is(oid::P521) {
            signing_key!(p521, P521, scalar, "no scalar of P-521")
        } else {
            (Material::SubjectOnly, point.map(<[u8]>::to_vec))
        };
        let point = computed.ok_or(Error::PrivateKey("a curve without public key"))?;
        let public = der::sequence([der::value(tag::SEQUENCE, algorithm), der::bit_string(&point)]);
        Ok(Self { public, material })
    }

    fn ed25519(pkcs8: &[u8]) -> Result<Self, Error> {
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8)
            .map_err(|_| Error::PrivateKey("no Ed25519 key"))?;
        let algorithm = der::sequence([der::oid(oid::ED25519)]);
        let public = der::sequence([algorithm, der::bit_string(key.public_key().as_ref())]);
        Ok(Self { public, material: Material::Ed25519(key) })
    }

    fn x25519(private: &[u8]) -> Result<Self, Error> {
        let invalid = Error::PrivateKey("no X25519 key");
        let (scalar, _) = der::read_tagged(private, tag::OCTET_STRING).ok_or(invalid.clone())?;
        let key = aws_lc_rs::agreement::PrivateKey::from_private_key(&aws_lc_rs::agreement::X25519, scalar)
            .map_err(|_| invalid.clone())?;
        let public = key.compute_public_key().map_err(|_| invalid)?;
        let algorithm = der::sequence([der::oid(oid::X25519)]);
        let public = der::sequence([algorithm, der::bit_string(public.as_ref())]);
        Ok(Self { public, material: Material::SubjectOnly })
    }
}

/// `SubjectPublicKeyInfo` of an RSA key from big-endian numbers, which are not checked: a modulus may be short, an
/// exponent even.
#[must_use]
pub fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = der::sequence([der::unsigned_octets(modulus), der::unsigned_octets(exponent)]);
    der::sequence([der::sequence([der::oid(oid::RSA), der::null()]), der::bit_string(&key)])
}

/// `SubjectPublicKeyInfo` of an EC key on a named curve, from an encoded point, which is not checked.
#[must_use]
pub fn ec_public_key(curve: &[u64], point: &[u8]) -> Vec<u8> {
    der::sequence([der::sequence([der::oid(oid::EC), der::oid(curve)]), der::bit_string(point)])
}

/// SHA-1 over the bits of subjectPublicKey (RFC 5280, 4.2.1.2, method 1); over everything when there are none.
pub(super) fn key_identifier(public: &[u8]) -> Vec<u8> {
    let bits = || {
        let (content, _) = der::read_tagged(public, tag::SEQUENCE)?;
        let (_, _, rest) = der::read(content)?;
        let (bits, _) = der::read_tagged(rest, tag::BIT_STRING)?;
        bits.get(1..)
    };
    let input = bits().unwrap_or(public);
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, input).as_ref().to_vec()
}

/// The content of privateKeyAlgorithm and of privateKey.
fn split_pkcs8(pkcs8: &[u8]) -> Option<(&[u8], &[u8])> {
    let (content, _) = der::read_tagged(pkcs8, tag::SEQUENCE)?;
    let (_version, rest) = der::read_tagged(content, tag::INTEGER)?;
    let (algorithm, rest) = der::read_tagged(rest, tag::SEQUENCE)?;
    let (private, _) = der::read_tagged(rest, tag::OCTET_STRING)?;
    Some((algorithm, private))
}

/// The scalar and the point of an `ECPrivateKey` (RFC 5915).
fn split_sec1(private: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let (content, _) = der::read_tagged(private, tag::SEQUENCE)?;
    let (_version, rest) = der::read_tagged(content, tag::INTEGER)?;
    let (scalar, mut rest) = der::read_tagged(rest, tag::OCTET_STRING)?;
    let mut point = None;
    while let Some((element, content, after)) = der::read(rest) {
        if element == 0xa1 {
            point = der::read_tagged(content, tag::BIT_STRING).and_then(|(bits, _)| bits.get(1..));
        }
        rest = after;
    }
    Some((scalar, point))
}
