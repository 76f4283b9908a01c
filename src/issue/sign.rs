//! Signature algorithms, their identifiers, and signing: the same key, algorithm and message give the same octets.

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair},
};
use md5::Digest as _;
use p256::ecdsa::signature::{self, hazmat::PrehashSigner};

use super::{Error, PrivateKey, der, key::Material, oid, rsa::RsaNumbers};

/// Digests that signatures are made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// MD5 (RFC 1321), for certificates that are weak on purpose.
    Md5,
    /// SHA-1, for certificates that are weak on purpose.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// How a certificate is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5; parameters NULL (RFC 4055, 5).
    RsaPkcs1(Digest),
    /// RSASSA-PSS, salt as long as the digest, MGF1 with the same digest.
    RsaPss(Digest),
    /// ECDSA; parameters absent (RFC 5758, 3.2). MD5 has no such algorithm: its OID is that of SHA-1.
    Ecdsa(Digest),
    /// Ed25519; parameters absent (RFC 8410).
    Ed25519,
}

impl Digest {
    /// The digest of a message.
    #[must_use]
    pub fn of(self, message: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Md5 => return md5::Md5::digest(message).to_vec(),
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha224 => &digest::SHA224,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, message).as_ref().to_vec()
    }

    /// Name as it is written in algorithm names.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha224 => "SHA224",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }

    /// The digest's own `AlgorithmIdentifier`, with parameters NULL.
    pub(super) fn algorithm_identifier(self) -> Vec<u8> {
        let arcs: &[u64] = match self {
            Self::Md5 => &[1, 2, 840, 113_549, 2, 5],
            Self::Sha1 => &[1, 3, 14, 3, 2, 26],
            Self::Sha224 => &[2, 16, 840, 1, 101, 3, 4, 2, 4],
            Self::Sha256 => &[2, 16, 840, 1, 101, 3, 4, 2, 1],
            Self::Sha384 => &[2, 16, 840, 1, 101, 3, 4, 2, 2],
            Self::Sha512 => &[2, 16, 840, 1, 101, 3, 4, 2, 3],
        };
        der::sequence([der::oid(arcs), der::null()])
    }
}

impl SignatureAlgorithm {
    /// The usual algorithm of a key: SHA-256 for RSA, P-224 and P-256, SHA-384 for P-384, SHA-512 for P-521, Ed25519 for
    /// itself. A key that is for RSASSA-PSS alone makes such signatures, other RSA keys PKCS#1 v1.5.
    #[must_use]
    pub fn usual(key: &PrivateKey) -> Self {
        match key.material {
            Material::Rsa { .. } if key.is_for_pss_alone() => Self::RsaPss(Digest::Sha256),
            Material::Rsa { .. } => Self::RsaPkcs1(Digest::Sha256),
            Material::P384(_) => Self::Ecdsa(Digest::Sha384),
            Material::P521(_) => Self::Ecdsa(Digest::Sha512),
            Material::Ed25519(_) => Self::Ed25519,
            Material::P224(_) | Material::P256(_) | Material::SubjectOnly => Self::Ecdsa(Digest::Sha256),
        }
    }

    /// The `AlgorithmIdentifier`, DER.
    #[must_use]
    pub fn to_der(self) -> Vec<u8> {
        let pkcs1 = |last| der::sequence([der::oid(&[1, 2, 840, 113_549, 1, 1, last]), der::null()]);
        let ecdsa_sha2 = |last| der::sequence([der::oid(&[1, 2, 840, 10_045, 4, 3, last])]);
        match self {
            Self::RsaPkcs1(Digest::Md5) => pkcs1(4),
            Self::RsaPkcs1(Digest::Sha1) => pkcs1(5),
            Self::RsaPkcs1(Digest::Sha256) => pkcs1(11),
            Self::RsaPkcs1(Digest::Sha384) => pkcs1(12),
            Self::RsaPkcs1(Digest::Sha512) => pkcs1(13),
            Self::RsaPkcs1(Digest::Sha224) => pkcs1(14),
            Self::RsaPss(digest) => der::sequence([der::oid(oid::RSA_PSS), pss_parameters(digest)]),
            Self::Ecdsa(Digest::Md5 | Digest::Sha1) => der::sequence([der::oid(&[1, 2, 840, 10_045, 4, 1])]),
            Self::Ecdsa(Digest::Sha224) => ecdsa_sha2(1),
            Self::Ecdsa(Digest::Sha256) => ecdsa_sha2(2),
            Self::Ecdsa(Digest::Sha384) => ecdsa_sha2(3),
            Self::Ecdsa(Digest::Sha512) => ecdsa_sha2(4),
            Self::Ed25519 => der::sequence([der::oid(oid::ED25519)]),
        }
    }

    /// Name for messages, after the RFCs.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::RsaPkcs1(digest) => format!("{}WithRSAEncryption", digest.name().to_lowercase()),
            Self::RsaPss(digest) => format!("RSASSA-PSS with {}", digest.name()),
            Self::Ecdsa(digest) => format!("ecdsa-with-{}", digest.name()),
            Self::Ed25519 => "Ed25519".to_owned(),
        }
    }
}

/// `RSASSA-PSS-params` (RFC 4055, 3.1). Defaults (SHA-1, salt of 20) are left out.
fn pss_parameters(digest: Digest) -> Vec<u8> {
    if digest == Digest::Sha1 {
        return der::sequence::<[&[u8]; 0]>([]);
    }
    let hash = digest.algorithm_identifier();
    let mask = der::sequence([der::oid(oid::MGF1), hash.clone()]);
    let salt = der::unsigned(digest.of(&[]).len() as u64);
    der::sequence([der::context(0, &hash), der::context(1, &mask), der::context(2, &salt)])
}

impl PrivateKey {
    /// Signs a message: the content of signatureValue, without its BIT STRING.
    ///
    /// # Errors
    /// [`Error::KeyCannotSign`] when the key is of another kind, [`Error::ModulusTooShort`], [`Error::Provider`].
    pub fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        let provider = |_| Error::Provider(self.kind());
        match (&self.material, algorithm) {
            (Material::Rsa { provider, numbers }, SignatureAlgorithm::RsaPkcs1(digest)) => {
                sign_pkcs1(provider.as_ref(), numbers, digest, message)
            }
            (Material::Rsa { numbers, .. }, SignatureAlgorithm::RsaPss(digest)) => {
                numbers.sign_pss(digest, message)
            }
            (Material::P224(key), SignatureAlgorithm::Ecdsa(digest)) => {
                sign_ecdsa::<p224::ecdsa::DerSignature>(key, &digest.of(message)).map_err(provider)
            }
            (Material::P256(key), SignatureAlgorithm::Ecdsa(digest)) => {
                sign_ecdsa::<p256::ecdsa::DerSignature>(key, &digest.of(message)).map_err(provider)
            }
            (Material::P384(key), SignatureAlgorithm::Ecdsa(digest)) => {
                sign_ecdsa::<p384::ecdsa::DerSignature>(key, &digest.of(message)).map_err(provider)
            }
            (Material::P521(key), SignatureAlgorithm::Ecdsa(digest)) => {
                sign_ecdsa::<p521::ecdsa::DerSignature>(key, &digest.of(message)).map_err(provider)
            }
            (Material::Ed25519(key), SignatureAlgorithm::Ed25519) => Ok(key.sign(message).as_ref().to_vec()),
            _ => Err(Error::KeyCannotSign { key: self.kind(), algorithm: algorithm.name() }),
        }
    }
}

/// ECDSA by RFC 6979, as the curve's own hash makes its numbers, DER.
fn sign_ecdsa<S: AsRef<[u8]>>(key: &impl PrehashSigner<S>, hash: &[u8]) -> Result<Vec<u8>, signature::Error> {
    Ok(key.sign_prehash(hash)?.as_ref().to_vec())
}

/// PKCS#1 v1.5 by the provider where it offers key size and digest, by arithmetic elsewhere. The scheme uses no
/// randomness, so both give the same octets; the generator that the provider asks for is never drawn from.
fn sign_pkcs1(
    provider: Option<&RsaKeyPair>,
    numbers: &RsaNumbers,
    digest: Digest,
    message: &[u8],
) -> Result<Vec<u8>, Error> {
    let encoding = match digest {
        Digest::Sha256 => &RSA_PKCS1_SHA256,
        Digest::Sha384 => &RSA_PKCS1_SHA384,
        Digest::Sha512 => &RSA_PKCS1_SHA512,
        Digest::Md5 | Digest::Sha1 | Digest::Sha224 => return numbers.sign_pkcs1(digest, message),
    };
    let Some(key) = provider else {
        return numbers.sign_pkcs1(digest, message);
    };
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(encoding, &SystemRandom::new(), message, &mut signature).map_err(|_| Error::Provider("RSA"))?;
    Ok(signature)
}
