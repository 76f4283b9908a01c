//! Verifies certificate signatures with aws-lc-rs: RSA PKCS#1 and PSS, ECDSA on
//! P-256, P-384 and P-521, Ed25519. What the provider cannot verify is said to be so.

use aws_lc_rs::signature::{self as algorithms, ParsedPublicKey};

use super::algorithm::AlgorithmIdentifier;
use super::certificate::Certificate;
use super::pss::Pss;
use super::public_key::PublicKey;

/// Outcome of verifying one signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The key made the signature.
    Valid,
    /// It did not.
    Invalid,
    /// The provider does not have the algorithm, the hash or the key size.
    Unverifiable,
}

/// Verifies the signature of `child` with the key of `issuer`. A part that cannot
/// be read makes the signature invalid, since no client could verify it.
#[must_use]
pub fn verify(child: &Certificate<'_>, issuer: &Certificate<'_>) -> Verdict {
    let (Ok(tbs), Ok(algorithm), Ok(value)) =
        (&child.tbs, &child.signature_algorithm, &child.signature_value)
    else {
        return Verdict::Invalid;
    };
    let Ok(key) = &issuer.public_key else {
        return Verdict::Invalid;
    };
    if value.unused_bits != 0 {
        return Verdict::Invalid;
    }
    let Some(verification) = select(algorithm, key) else {
        return if is_other_family(algorithm, key) { Verdict::Invalid } else { Verdict::Unverifiable };
    };
    let Ok(public) = ParsedPublicKey::new(verification, key.key) else {
        return if key.decodable { Verdict::Unverifiable } else { Verdict::Invalid };
    };
    match public.verify_sig(tbs, value.octets) {
        Ok(()) => Verdict::Valid,
        Err(_) => Verdict::Invalid,
    }
}

/// Whether the point of an EC key lies on its curve and is not the point at infinity; `None` for curves that are not
/// computed with. Asked of every key, it is computed without the provider, which makes ready for a verification too.
#[must_use]
pub fn is_on_curve(key: &PublicKey<'_>) -> Option<bool> {
    Some(match key.ec?.curve {
        "P-256" => p256::PublicKey::from_sec1_bytes(key.key).is_ok(),
        "P-384" => p384::PublicKey::from_sec1_bytes(key.key).is_ok(),
        "P-521" => p521::PublicKey::from_sec1_bytes(key.key).is_ok(),
        _ => return None,
    })
}

fn select(
    algorithm: &AlgorithmIdentifier<'_>,
    key: &PublicKey<'_>,
) -> Option<&'static dyn algorithms::VerificationAlgorithm> {
    let curve = key.ec.map_or("", |ec| ec.curve);
    Some(match (algorithm.family(), key.kind, algorithm.hash(), curve) {
        ("rsa", "rsa", hash, _) => rsa(hash, key.bits)?,
        ("rsaPss", "rsa" | "rsaPss", ..) => pss(&algorithm.pss()?, key.bits)?,
        ("ecdsa", "ec", hash, curve) => ecdsa(hash, curve)?,
        ("eddsa", "ed25519", "sha512", _) => &algorithms::ED25519,
        _ => return None,
    })
}

fn rsa(hash: &str, bits: u32) -> Option<&'static dyn algorithms::VerificationAlgorithm> {
    if !(1024..=8192).contains(&bits) {
        return None;
    }
    Some(match hash {
        "sha256" => &algorithms::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        "sha512" => &algorithms::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        "sha1" => &algorithms::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        "sha384" if bits >= 2048 => &algorithms::RSA_PKCS1_2048_8192_SHA384,
        _ => return None,
    })
}

/// The provider takes one hash for both purposes and salts as long as it only, and no key below 2048 bits.
fn pss(parameters: &Pss, bits: u32) -> Option<&'static dyn algorithms::VerificationAlgorithm> {
    if !(2048..=8192).contains(&bits)
        || parameters.mask_hash != parameters.hash
        || parameters.trailer_field != 1
    {
        return None;
    }
    Some(match (parameters.hash, parameters.salt_length) {
        ("sha256", 32) => &algorithms::RSA_PSS_2048_8192_SHA256,
        ("sha384", 48) => &algorithms::RSA_PSS_2048_8192_SHA384,
        ("sha512", 64) => &algorithms::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn ecdsa(hash: &str, curve: &str) -> Option<&'static dyn algorithms::VerificationAlgorithm> {
    Some(match (curve, hash) {
        ("P-256", "sha256") => &algorithms::ECDSA_P256_SHA256_ASN1,
        ("P-256", "sha384") => &algorithms::ECDSA_P256_SHA384_ASN1,
        ("P-256", "sha512") => &algorithms::ECDSA_P256_SHA512_ASN1,
        ("P-256", "sha1") => &algorithms::ECDSA_P256_SHA1_ASN1,
        ("P-384", "sha256") => &algorithms::ECDSA_P384_SHA256_ASN1,
        ("P-384", "sha384") => &algorithms::ECDSA_P384_SHA384_ASN1,
        ("P-384", "sha512") => &algorithms::ECDSA_P384_SHA512_ASN1,
        ("P-521", "sha1") => &algorithms::ECDSA_P521_SHA1_ASN1,
        ("P-521", "sha224") => &algorithms::ECDSA_P521_SHA224_ASN1,
        ("P-521", "sha256") => &algorithms::ECDSA_P521_SHA256_ASN1,
        ("P-521", "sha384") => &algorithms::ECDSA_P521_SHA384_ASN1,
        ("P-521", "sha512") => &algorithms::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    })
}

/// Whether the key is of another family than the signature, so that it cannot
/// have made it (OpenSSL's `check_sig_alg_match`).
fn is_other_family(algorithm: &AlgorithmIdentifier<'_>, key: &PublicKey<'_>) -> bool {
    let wanted: &[&str] = match algorithm.family() {
        "rsa" => &["rsa"],
        "rsaPss" => &["rsa", "rsaPss"],
        "ecdsa" => &["ec"],
        "eddsa" => &["ed25519", "ed448"],
        "dsa" => &["dsa"],
        _ => return false,
    };
    key.kind != "other" && !wanted.contains(&key.kind)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, VerificationAlgorithm,
    };

    use super::*;
    use crate::der::{Element, Span};
    use crate::facts::public_key::Ec;

    fn is_on(curve: &'static str, octets: &[u8]) -> Option<bool> {
        let algorithm = AlgorithmIdentifier::read(
            &Element {
                tag: 0x30,
                span: Span::default(),
                content_start: 2,
                der: &[0x30, 3, 6, 1, 1],
                content: &[6, 1, 1],
            },
            "algorithm",
        )
        .expect("an identifier");
        let key = PublicKey {
            algorithm,
            kind: "ec",
            bits: 0,
            decodable: true,
            rsa: None,
            ec: Some(Ec { form: "named", curve }),
            key: octets,
            unused_bits: 0,
            der: &[],
            span: Span::default(),
        };
        is_on_curve(&key)
    }

    #[test]
    fn points_on_curves_are_those_that_the_provider_takes() {
        use p256::elliptic_curve::sec1::ToSec1Point as _;
        let curves: [(&str, &'static dyn VerificationAlgorithm, [Vec<u8>; 2]); 3] = [
            (
                "P-256",
                &ECDSA_P256_SHA256_ASN1,
                [false, true]
                    .map(|short| p256::AffinePoint::GENERATOR.to_sec1_point(short).as_bytes().to_vec()),
            ),
            (
                "P-384",
                &ECDSA_P384_SHA384_ASN1,
                [false, true]
                    .map(|short| p384::AffinePoint::GENERATOR.to_sec1_point(short).as_bytes().to_vec()),
            ),
            (
                "P-521",
                &ECDSA_P521_SHA512_ASN1,
                [false, true]
                    .map(|short| p521::AffinePoint::GENERATOR.to_sec1_point(short).as_bytes().to_vec()),
            ),
        ];
        for (curve, provider, points) in curves {
            let [whole, short] = &points;
            assert!(is_on(curve, whole) == Some(true) && is_on(curve, short) == Some(true), "{curve}");
            assert_eq!(is_on(curve, &[0]), Some(false), "{curve}: the point at infinity");
            for point in &points {
                for at in 0..point.len() {
                    for bit in [1, 0x80] {
                        let mut point = point.clone();
                        point[at] ^= bit;
                        let taken = ParsedPublicKey::new(provider, &point).is_ok();
                        assert_eq!(is_on(curve, &point), Some(taken), "{curve} {at}: {point:02x?}");
                    }
                }
            }
        }
        assert_eq!(is_on("brainpoolP256r1", &[4]), None);
    }
}
