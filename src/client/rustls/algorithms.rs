//! The signature algorithms of rustls' default provider, each wrapped: the wrapper
//! remembers over which octets a signature failed, since webpki does not tell, and
//! grants one signature that cannot exist yet.

use std::sync::Mutex;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1};
use aws_lc_rs::signature::{ParsedPublicKey, VerificationAlgorithm};
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
use webpki::aws_lc_rs as provider;

use crate::der::{Reader, tag};
use crate::input::key::bit_length;

/// The algorithms in rustls' order, which shows in its messages
/// (`rustls::crypto::aws_lc_rs::default_provider`).
static SUPPORTED: [&dyn SignatureVerificationAlgorithm; 22] = [
    provider::ECDSA_P256_SHA256,
    provider::ECDSA_P256_SHA384,
    provider::ECDSA_P256_SHA512,
    provider::ECDSA_P384_SHA256,
    provider::ECDSA_P384_SHA384,
    provider::ECDSA_P384_SHA512,
    provider::ECDSA_P521_SHA256,
    provider::ECDSA_P521_SHA384,
    provider::ECDSA_P521_SHA512,
    provider::ED25519,
    provider::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    provider::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    provider::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    provider::RSA_PKCS1_2048_8192_SHA256,
    provider::RSA_PKCS1_2048_8192_SHA384,
    provider::RSA_PKCS1_2048_8192_SHA512,
    provider::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    provider::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    provider::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    provider::ML_DSA_44,
    provider::ML_DSA_65,
    provider::ML_DSA_87,
];

/// Whether some algorithm verifies with keys of this kind: content octets of the
/// algorithm of a subjectPublicKeyInfo.
pub(super) fn knows_key(algorithm: &[u8]) -> bool {
    SUPPORTED.iter().any(|known| known.public_key_alg_id().as_ref() == algorithm)
}

/// All algorithms, wrapped.
#[derive(Debug)]
pub(super) struct Algorithms<'a> {
    granted: Option<&'a [u8]>,
    failed: Mutex<Option<Vec<u8>>>,
}

/// One algorithm for one verification.
#[derive(Debug)]
pub(super) struct Watched<'w> {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    all: &'w Algorithms<'w>,
}

impl<'a> Algorithms<'a> {
    /// `granted` is the tbsCertificate whose signature is taken for valid.
    pub(super) fn new(granted: Option<&'a [u8]>) -> Self {
        Self { granted, failed: Mutex::new(None) }
    }

    /// The algorithms for one verification.
    pub(super) fn watched(&self) -> [Watched<'_>; SUPPORTED.len()] {
        *self.failed.lock().expect("nobody panics while holding it") = None;
        SUPPORTED.map(|algorithm| Watched { algorithm, all: self })
    }

    /// The octets over which the last failed signature of that verification goes.
    pub(super) fn failed(&self) -> Option<Vec<u8>> {
        self.failed.lock().expect("nobody panics while holding it").clone()
    }
}

impl SignatureVerificationAlgorithm for Watched<'_> {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let outcome = if self.all.granted == Some(message) {
            can_sign(self.algorithm.public_key_alg_id(), key).then_some(()).ok_or(InvalidSignature)
        } else {
            self.algorithm.verify_signature(key, message, signature)
        };
        if outcome.is_err() {
            *self.all.failed.lock().expect("nobody panics while holding it") = Some(message.to_vec());
        }
        outcome
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
}

/// Whether any signature could verify with this key: RSA within the sizes of the
/// provider, a point on its curve. Other keys are taken for good.
fn can_sign(kind: AlgorithmIdentifier, key: &[u8]) -> bool {
    let on_curve = |algorithm: &'static dyn VerificationAlgorithm| {
        matches!(key.first(), Some(2..=4)) && ParsedPublicKey::new(algorithm, key).is_ok()
    };
    match kind {
        alg_id::RSA_ENCRYPTION => modulus_bits(key).is_some_and(|bits| (2048..=8192).contains(&bits)),
        alg_id::ECDSA_P256 => on_curve(&ECDSA_P256_SHA256_ASN1),
        alg_id::ECDSA_P384 => on_curve(&ECDSA_P384_SHA384_ASN1),
        alg_id::ECDSA_P521 => on_curve(&ECDSA_P521_SHA512_ASN1),
        alg_id::ED25519 => key.len() == 32,
        _ => true,
    }
}

/// Size of the modulus of an `RSAPublicKey`.
fn modulus_bits(key: &[u8]) -> Option<u32> {
    let numbers = Reader::new(key, 0, "").expect(tag::SEQUENCE).ok()?;
    let modulus = Reader::of(&numbers, "").expect(tag::INTEGER).ok()?;
    Some(bit_length(modulus.content))
}
