//! How strong keys and signatures are in OpenSSL's eyes, and of which family:
//! security bits by NIST SP 800-57 and 800-56B (`rsa_lib.c`, `x509_set.c`), and
//! the table of signature algorithms (`obj_xref.h`).

use super::asn1;
use super::curve;
use super::parameters::Version;
use super::x509::X509;
use crate::der::{Element, Reader, tag};
use crate::facts::public_key::PublicKey;
use crate::facts::signature;
use crate::input::key::bit_length;

/// A public key that OpenSSL can decode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) family: &'static str,
    /// Security bits.
    pub(super) strength: u32,
    /// An EC key whose curve is written out.
    pub(super) explicit: bool,
}

/// A signature algorithm: its OID, the family of the keys that make it, and its
/// security bits; -1 for those that follow from elsewhere, 0 for hashes that are gone.
type Signature = (&'static [u8], &'static str, i32);

const SIGNATURES: &[Signature] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], "RSA", 128),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], "EC", 128),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], "EC", 192),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], "EC", 256),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1], "EC", 112),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], "EC", SHA1),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 2], "EC", 0),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3], "EC", 0),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], "RSA", 192),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], "RSA", 256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14], "RSA", 112),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], "RSA", SHA1),
    (&[0x2b, 0x0e, 3, 2, 29], "RSA", SHA1),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], "RSA", MD5),
    (&[0x2b, 0x0e, 3, 2, 3], "RSA", MD5),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 3], "RSA", 64),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 2], "RSA", 0),
    (&[0x2b, 0x0e, 3, 2, 15], "RSA", 0),
    (&[0x2b, 0x0e, 3, 2, 14], "RSA", 64),
    (&[0x2b, 0x24, 3, 3, 1, 2], "RSA", 80),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 13], "RSA", 112),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 14], "RSA", 128),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 15], "RSA", 192),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 16], "RSA", 256),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 9], "EC", 112),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 10], "EC", 128),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 11], "EC", 192),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 12], "EC", 256),
    (crate::facts::algorithm::RSA_PSS, "RSA-PSS", -1),
    (&[0x2b, 0x65, 0x70], "ED25519", 128),
    (&[0x2b, 0x65, 0x71], "ED448", 224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3], "DSA", SHA1),
    (&[0x2b, 0x0e, 3, 2, 27], "DSA", SHA1),
    (&[0x2b, 0x0e, 3, 2, 13], "DSA", 0),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 1], "DSA", 112),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2], "DSA", 128),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17], "ML-DSA-44", -1),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18], "ML-DSA-65", -1),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19], "ML-DSA-87", -1),
];

/// Bits of hashes that OpenSSL 3 counts as broken, 1.1.1 not.
const SHA1: i32 = 63;
const MD5: i32 = 39;

/// The curves that OpenSSL knows by name, with the bits of their order.
const CURVES: &[(&[u8], u32)] = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], 256),
    (&[0x2b, 0x81, 4, 0, 0x22], 384),
    (&[0x2b, 0x81, 4, 0, 0x23], 521),
    (&[0x2b, 0x81, 4, 0, 0x21], 224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1], 192),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 2], 192),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 3], 192),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 4], 239),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 5], 239),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 6], 239),
    (&[0x2b, 0x81, 4, 0, 0x0a], 256),
    (&[0x2b, 0x81, 4, 0, 0x20], 225),
    (&[0x2b, 0x81, 4, 0, 0x1f], 192),
    (&[0x2b, 0x81, 4, 0, 8], 161),
    (&[0x2b, 0x81, 4, 0, 9], 161),
    (&[0x2b, 0x81, 4, 0, 0x1e], 161),
    (&[0x2b, 0x81, 4, 0, 6], 112),
    (&[0x2b, 0x81, 4, 0, 0x1c], 128),
    (&[0x2b, 0x81, 4, 0, 1], 163),
    (&[0x2b, 0x81, 4, 0, 15], 163),
    (&[0x2b, 0x81, 4, 0, 0x1a], 232),
    (&[0x2b, 0x81, 4, 0, 0x1b], 233),
    (&[0x2b, 0x81, 4, 0, 16], 281),
    (&[0x2b, 0x81, 4, 0, 17], 282),
    (&[0x2b, 0x81, 4, 0, 0x24], 407),
    (&[0x2b, 0x81, 4, 0, 0x25], 409),
    (&[0x2b, 0x81, 4, 0, 0x26], 570),
    (&[0x2b, 0x81, 4, 0, 0x27], 570),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 1], 160),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 3], 192),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 5], 224),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7], 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 8], 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 9], 320),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 10], 320),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11], 384),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 12], 384),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13], 512),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 14], 512),
];

impl Key {
    /// Decodes a key; `None` where this version cannot.
    pub(super) fn read(key: &PublicKey<'_>, openssl: Version) -> Option<Self> {
        let plain = |family, strength| Some(Self { family, strength, explicit: false });
        match key.kind {
            "ec" => Self::read_ec(key),
            _ if !key.decodable => None,
            "rsa" => plain("RSA", rsa_strength(key.bits, openssl)),
            "rsaPss" => plain("RSA-PSS", rsa_strength(key.bits, openssl)),
            "ed25519" => plain("ED25519", 128),
            "ed448" => plain("ED448", 224),
            "x25519" => plain("X25519", 128),
            "x448" => plain("X448", 224),
            "dsa" => plain("DSA", dsa_strength(key.algorithm.parameters.as_ref()?)?),
            "mlDsa44" if openssl >= Version::V3_5 => plain("ML-DSA-44", 128),
            "mlDsa65" if openssl >= Version::V3_5 => plain("ML-DSA-65", 192),
            "mlDsa87" if openssl >= Version::V3_5 => plain("ML-DSA-87", 256),
            _ => None,
        }
    }

    fn read_ec(key: &PublicKey<'_>) -> Option<Self> {
        let parameters = key.algorithm.parameters.as_ref()?;
        let (order, explicit) = match key.ec?.form {
            "named" => (CURVES.iter().find(|(oid, _)| *oid == parameters.content)?.1, false),
            "explicit" => (curve::order_bits(parameters, key.key)?, true),
            _ => return None,
        };
        if !key.decodable || (key.key.first() == Some(&4) && signature::is_on_curve(key) == Some(false)) {
            return None;
        }
        Some(Self { family: "EC", strength: curve_strength(order), explicit })
    }
}

/// Family of the keys that make a signature of this algorithm; `None` for one
/// that this version does not know.
pub(super) fn signing_family(oid: &[u8], openssl: Version) -> Option<&'static str> {
    let family = SIGNATURES.iter().find(|(known, ..)| *known == oid)?.1;
    (openssl >= Version::V3_5 || !family.starts_with("ML-DSA")).then_some(family)
}

/// Security bits of the signature on a certificate; 0 where OpenSSL cannot tell.
pub(super) fn signature_strength(certificate: &X509<'_>, openssl: Version) -> u32 {
    let Some((_, family, bits)) = SIGNATURES.iter().find(|(known, ..)| *known == certificate.outer.oid)
    else {
        return 0;
    };
    let old = openssl == Version::V1_1_1;
    match (*family, *bits) {
        ("RSA-PSS", _) => {
            let hash =
                certificate.facts.signature_algorithm.as_ref().map_or("", |algorithm| algorithm.hash());
            match hash {
                "sha1" => {
                    if old {
                        80
                    } else {
                        64
                    }
                }
                "md5" => {
                    if old {
                        64
                    } else {
                        39
                    }
                }
                "sha224" => 112,
                "sha256" => 128,
                "sha384" => 192,
                "sha512" => 256,
                _ => 0,
            }
        }
        // For want of a hash, OpenSSL takes the key of the certificate itself.
        (_, -1) if openssl >= Version::V3_5 => certificate.key().map_or(0, |key| key.strength),
        (_, SHA1) if old => 80,
        (_, MD5) if old => 64,
        (_, bits) => u32::try_from(bits).unwrap_or(0),
    }
}

/// Least security bits at a level; `None` at level 0.
pub(super) fn wanted_strength(level: u8) -> Option<u32> {
    const LEVELS: [u32; 5] = [80, 112, 128, 192, 256];
    let at = usize::from(level).checked_sub(1)?;
    Some(LEVELS[at.min(LEVELS.len() - 1)])
}

pub(super) fn curve_strength(order: u32) -> u32 {
    match order {
        512.. => 256,
        384.. => 192,
        256.. => 128,
        224.. => 112,
        160.. => 80,
        bits => bits / 2,
    }
}

/// Steps of 1.1.1 and of DSA (NIST SP 800-57).
fn stepped_strength(bits: u32) -> u32 {
    match bits {
        15_360.. => 256,
        7_680.. => 192,
        3_072.. => 128,
        2_048.. => 112,
        1_024.. => 80,
        _ => 0,
    }
}

pub(super) fn rsa_strength(bits: u32, openssl: Version) -> u32 {
    if openssl == Version::V1_1_1 {
        return stepped_strength(bits);
    }
    match bits {
        // Sizes that standards pin.
        2_048 => 112,
        3_072 => 128,
        4_096 => 152,
        6_144 => 176,
        7_680 => 192,
        8_192 => 200,
        15_360 => 256,
        0..8 => 0,
        687_737.. => 1_200,
        _ => sieve_strength(u64::from(bits)),
    }
}

/// The formula of NIST SP 800-56B, appendix D, for the cost of the number field
/// sieve, in fixed point with 18 binary places as OpenSSL reckons it, so that
/// the sizes at which it rounds up are the same.
fn sieve_strength(bits: u64) -> u32 {
    const ONE: u64 = 1 << 18;
    const LN_2: u64 = 0x02_c5c8;
    const LOG2_E: u64 = 0x05_c551;
    let times = |a: u64, b: u64| a * b / ONE;
    let natural_logarithm = |mut value: u64| {
        let mut result = 0;
        while value >= 2 * ONE {
            value >>= 1;
            result += ONE;
        }
        let mut place = ONE / 2;
        while place != 0 {
            value = times(value, value);
            if value >= 2 * ONE {
                value >>= 1;
                result += place;
            }
            place /= 2;
        }
        result * ONE / LOG2_E
    };
    let x = bits * LN_2;
    let log = natural_logarithm(x);
    // The cube root of the scale is 2^6; the root of the scaled value needs 2^12 more.
    let root = cube_root(times(times(x, log), log)) << 12;
    let exponent = (times(0x07_b126, root) - 0x12_c28f) / LN_2;
    let cap = match bits {
        0..=7_680 => 192,
        7_681..=15_360 => 256,
        _ => 1_200,
    };
    u32::try_from(((exponent + 4) & !7).min(cap)).unwrap_or(u32::MAX)
}

fn cube_root(value: u64) -> u64 {
    let (mut low, mut high) = (0, 1 << 22);
    while low + 1 < high {
        let middle: u64 = u64::midpoint(low, high);
        if middle.checked_pow(3).is_some_and(|cube| cube <= value) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Bits of p bound the strength, half the bits of q as well.
fn dsa_strength(parameters: &Element<'_>) -> Option<u32> {
    let mut fields = Reader::of(parameters, "");
    let p = bit_length(asn1::integer(fields.expect(tag::INTEGER).ok()?.content)?);
    let q = bit_length(asn1::integer(fields.expect(tag::INTEGER).ok()?.content)?);
    let half = q / 2;
    Some(if half < 80 { 0 } else { stepped_strength(p).min(half) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_of_rsa_keys_rises_where_openssl_says() {
        let first = |wanted| (512..9_000).find(|bits| rsa_strength(*bits, Version::V3_5) >= wanted);
        assert_eq!(first(80), Some(920));
        assert_eq!(first(112), Some(1_963));
        assert_eq!(rsa_strength(2_047, Version::V1_1_1), 80);
        assert_eq!(rsa_strength(1_024, Version::V3_0), 80);
    }

    #[test]
    fn strengths_change_at_their_sizes_and_nowhere_else() {
        let steps = |strength: fn(u32) -> u32, largest: u32| {
            let changes = (1..=largest).filter(|bits| strength(*bits) != strength(*bits - 1));
            changes.map(|bits| (bits, strength(bits))).collect::<Vec<_>>()
        };
        let all = [(1_024, 80), (2_048, 112), (3_072, 128), (7_680, 192), (15_360, 256)];
        assert_eq!(steps(stepped_strength, 20_000), all);
        assert_eq!(steps(|bits| rsa_strength(bits, Version::V1_1_1), 20_000), all);
        let curves = steps(curve_strength, 600);
        assert_eq!(curves[curves.len() - 4..], [(224, 112), (256, 128), (384, 192), (512, 256)]);
        assert_eq!((curve_strength(159), curve_strength(160), curve_strength(223)), (79, 80, 80));
    }

    #[test]
    fn sizes_that_standards_pin_have_their_strength() {
        let pinned =
            [2_048, 3_072, 4_096, 6_144, 7_680, 8_192, 15_360].map(|bits| rsa_strength(bits, Version::V3_5));
        assert_eq!(pinned, [112, 128, 152, 176, 192, 200, 256]);
        assert_eq!((rsa_strength(7, Version::V3_5), rsa_strength(687_737, Version::V3_5)), (0, 1_200));
    }

    #[test]
    fn levels_want_their_strengths() {
        let wanted: Vec<Option<u32>> = (0..=6).map(wanted_strength).collect();
        assert_eq!(wanted, [None, Some(80), Some(112), Some(128), Some(192), Some(256), Some(256)]);
    }

    #[test]
    fn half_of_the_bits_of_q_bound_a_dsa_key() {
        let strength = |p: usize, q: usize| {
            let number = |bits: usize| crate::issue::der::unsigned_octets(&vec![0xff; bits / 8]);
            let der = crate::issue::der::sequence([number(p), number(q)]);
            dsa_strength(&asn1::reader(&der).any().expect("it is an element"))
        };
        assert_eq!(strength(1_024, 160), Some(80));
        assert_eq!(strength(2_048, 256), Some(112));
        assert_eq!(strength(2_048, 160), Some(80));
        assert_eq!(strength(3_072, 152), Some(0));
        assert_eq!(strength(512, 160), Some(0));
    }
}
