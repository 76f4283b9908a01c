//! Signatures that the provider of the facts cannot verify and OpenSSL can, by plain
//! arithmetic: RSA of any size, digest and salt, ECDSA with a digest that is not the
//! curve's or on P-224. Slow, and meant for public numbers only.

use num_bigint::BigUint;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;

use super::asn1;
use crate::der::{Element, Reader, tag};
use crate::facts::Certificate;
use crate::facts::public_key::PublicKey;
use crate::issue::{Digest, der};

/// id-mgf1 (RFC 8017, appendix C).
const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];

/// Digests by their names among the facts, and content of their OIDs.
const DIGESTS: &[(&str, Digest, &[u8])] = &[
    ("md5", Digest::Md5, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5]),
    ("sha1", Digest::Sha1, &[0x2b, 0x0e, 3, 2, 26]),
    ("sha224", Digest::Sha224, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4]),
    ("sha256", Digest::Sha256, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]),
    ("sha384", Digest::Sha384, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2]),
    ("sha512", Digest::Sha512, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3]),
];

/// Parameters of RSASSA-PSS (RFC 4055, section 3.1).
struct Pss {
    digest: Digest,
    mask: Digest,
    salt: usize,
}

/// Whether the key of `issuer` made the signature of `child`; `None` where this
/// module cannot tell either.
pub(super) fn verify(child: &Certificate<'_>, issuer: &Certificate<'_>) -> Option<bool> {
    let message = child.tbs.as_ref().ok()?;
    let algorithm = child.signature_algorithm.as_ref().ok()?;
    let signature = child.signature_value.as_ref().ok()?.octets;
    let key = issuer.public_key.as_ref().ok()?;
    let by_name = || DIGESTS.iter().find(|(name, ..)| *name == algorithm.hash());
    match (algorithm.family(), key.kind) {
        ("rsa", "rsa") => {
            let (_, digest, oid) = by_name()?;
            let info = der::sequence([
                der::sequence([der::value(tag::OID, oid), der::null()]),
                der::octet_string(&digest.of(message)),
            ]);
            Some(raise(key, signature)? == padded(&info, &modulus(key)?))
        }
        // A key with parameters of its own allows some signatures only.
        ("rsaPss", "rsaPss") if key.algorithm.parameters.is_some() => None,
        ("rsaPss", "rsa" | "rsaPss") => {
            let parameters = Pss::read(algorithm.parameters.as_ref()?)?;
            let bits = usize::try_from(modulus(key)?.bits()).ok()?.checked_sub(1)?;
            Some(parameters.fits(message, &raise(key, signature)?, bits))
        }
        ("ecdsa", "ec") => ecdsa(key, &by_name()?.1.of(message), signature),
        _ => None,
    }
}

fn ecdsa(key: &PublicKey<'_>, hash: &[u8], signature: &[u8]) -> Option<bool> {
    match key.ec?.curve {
        "P-224" => {
            let key = p224::ecdsa::VerifyingKey::from_sec1_bytes(key.key).ok()?;
            let signature = p224::ecdsa::Signature::from_der(signature);
            Some(signature.is_ok_and(|signature| key.verify_prehash(hash, &signature).is_ok()))
        }
        "P-256" => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key.key).ok()?;
            let signature = p256::ecdsa::Signature::from_der(signature);
            Some(signature.is_ok_and(|signature| key.verify_prehash(hash, &signature).is_ok()))
        }
        "P-384" => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key.key).ok()?;
            let signature = p384::ecdsa::Signature::from_der(signature);
            // The crate takes hashes of at least half the order's length.
            let long_enough = hash.len() >= 24;
            long_enough.then(|| signature.is_ok_and(|signature| key.verify_prehash(hash, &signature).is_ok()))
        }
        _ => None,
    }
}

fn modulus(key: &PublicKey<'_>) -> Option<BigUint> {
    Some(BigUint::from_bytes_be(key.rsa.as_ref()?.modulus)).filter(|modulus| modulus.bits() > 0)
}

/// RSAVP1 (RFC 8017, 5.2.2), as long as the modulus; empty for a signature that is no
/// number below it.
fn raise(key: &PublicKey<'_>, signature: &[u8]) -> Option<Vec<u8>> {
    let modulus = modulus(key)?;
    let length = usize::try_from(modulus.bits().div_ceil(8)).ok()?;
    let number = BigUint::from_bytes_be(signature);
    if signature.len() != length || number >= modulus {
        return Some(Vec::new());
    }
    let exponent = BigUint::from_bytes_be(key.rsa.as_ref()?.exponent);
    let octets = number.modpow(&exponent, &modulus).to_bytes_be();
    let mut padded = vec![0; length.checked_sub(octets.len())?];
    padded.extend(octets);
    Some(padded)
}

/// EMSA-PKCS1-v1_5 (RFC 8017, 9.2).
fn padded(info: &[u8], modulus: &BigUint) -> Vec<u8> {
    let length = usize::try_from(modulus.bits().div_ceil(8)).unwrap_or(0);
    let padding = length.saturating_sub(info.len() + 3);
    [&[0, 1], vec![0xff; padding].as_slice(), &[0], info].concat()
}

impl Pss {
    fn read(parameters: &Element<'_>) -> Option<Self> {
        let mut fields = Reader::of(parameters, "");
        let hash = |algorithm: &Element<'_>| {
            let oid = Reader::of(algorithm, "").expect(tag::OID).ok()?.content;
            DIGESTS.iter().find(|(.., known)| *known == oid).map(|(_, digest, _)| *digest)
        };
        let digest = match fields.optional(0xa0).ok()? {
            Some(wrapper) => hash(&asn1::explicit(&wrapper)?)?,
            None => Digest::Sha1,
        };
        let mask = match fields.optional(0xa1).ok()? {
            Some(wrapper) => {
                let generator = asn1::explicit(&wrapper)?;
                let mut fields = Reader::of(&generator, "");
                (fields.expect(tag::OID).ok()?.content == MGF1).then_some(())?;
                hash(&fields.any().ok()?)?
            }
            None => Digest::Sha1,
        };
        let mut number = |tag: u8, usual: i64| match fields.optional(tag).ok()? {
            Some(wrapper) => asn1::integer(asn1::explicit(&wrapper)?.content).map(asn1::small),
            None => Some(usual),
        };
        let (salt, trailer) = (number(0xa2, 20)?, number(0xa3, 1)?);
        (trailer == 1).then_some(Self { digest, mask, salt: usize::try_from(salt).ok()? })
    }

    /// EMSA-PSS-VERIFY (RFC 8017, 9.1.2) of an encoded message of so many bits.
    fn fits(&self, message: &[u8], encoded: &[u8], bits: usize) -> bool {
        let length = bits.div_ceil(8);
        let hash = self.digest.of(message);
        let Some(encoded) = encoded.len().checked_sub(length).map(|excess| &encoded[excess..]) else {
            return false;
        };
        let Some(masked) = length.checked_sub(hash.len() + 1) else {
            return false;
        };
        let (data, rest) = encoded.split_at(masked);
        let (found, trailer) = rest.split_at(hash.len());
        let mut data: Vec<u8> =
            data.iter().zip(self.stream(found, masked)).map(|(one, other)| one ^ other).collect();
        let unused = 8 * length - bits;
        if trailer != [0xbc] || encoded[0].leading_zeros() < u32::try_from(unused).unwrap_or(8) {
            return false;
        }
        data[0] &= 0xff_u8.checked_shr(u32::try_from(unused).unwrap_or(8)).unwrap_or(0);
        let Some(zeros) = masked.checked_sub(self.salt + 1) else {
            return false;
        };
        let (padding, salt) = data.split_at(zeros);
        let formed = padding.iter().all(|octet| *octet == 0) && salt[0] == 1;
        formed && self.digest.of(&[&[0; 8][..], &hash, &salt[1..]].concat()) == found
    }

    /// MGF1 (RFC 8017, B.2.1).
    fn stream(&self, seed: &[u8], length: usize) -> Vec<u8> {
        let mut stream = Vec::with_capacity(length + 64);
        for counter in 0_u32.. {
            if stream.len() >= length {
                break;
            }
            stream.extend(self.mask.of(&[seed, &counter.to_be_bytes()].concat()));
        }
        stream.truncate(length);
        stream
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use time::macros::datetime;

    use super::*;
    use crate::issue::{Description, Name, PrivateKey, SignatureAlgorithm, Validity};

    fn key(name: &str) -> PrivateKey {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys");
        let text =
            std::fs::read_to_string(format!("{folder}/{name}.pem")).expect("the key is among the fixtures");
        PrivateKey::from_pem(&text).expect("keys of fixtures are sound")
    }

    fn issue(own: &str, signer: &str, algorithm: SignatureAlgorithm) -> Vec<u8> {
        let description = Description {
            version: 3,
            serial_number: vec![1],
            issuer: Name::common("Test"),
            validity: Validity::between(datetime!(2026-06-01 00:00 UTC), datetime!(2027-06-01 00:00 UTC)),
            subject: Name::common("Test"),
            public_key: key(own).public_key().to_vec(),
            extensions: Vec::new(),
            signature_algorithm: algorithm,
            inner_signature_algorithm: None,
            raw: BTreeMap::new(),
        };
        description.sign(&key(signer)).expect("the key makes such signatures").der().to_vec()
    }

    fn judge(own: &str, signer: &str, algorithm: SignatureAlgorithm) -> Option<bool> {
        let certificate = issue(own, signer, algorithm);
        let certificate = Certificate::read(&certificate);
        verify(&certificate, &certificate)
    }

    #[test]
    fn signatures_of_the_own_key_are_valid_and_others_are_not() {
        use Digest::{Md5, Sha1, Sha224, Sha256, Sha384, Sha512};
        for digest in [Md5, Sha1, Sha224, Sha256, Sha384, Sha512] {
            for (own, other) in
                [("rsa-2047", "rsa-2048-a"), ("rsa-2048-a", "rsa-2048-b"), ("rsa-3072", "rsa-1963")]
            {
                for algorithm in [SignatureAlgorithm::RsaPkcs1(digest), SignatureAlgorithm::RsaPss(digest)] {
                    assert_eq!(judge(own, own, algorithm), Some(true), "{own} {algorithm:?}");
                    assert_eq!(judge(own, other, algorithm), Some(false), "{own} {algorithm:?}");
                }
            }
        }
        for digest in [Sha224, Sha256, Sha384, Sha512] {
            let algorithm = SignatureAlgorithm::Ecdsa(digest);
            assert_eq!(judge("p256-a", "p256-a", algorithm), Some(true));
            assert_eq!(judge("p256-a", "p256-b", algorithm), Some(false));
            assert_eq!(judge("p384", "p384", algorithm), Some(true));
        }
    }
}
