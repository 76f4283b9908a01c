//! What a security level asks of keys and hashes, in the terms of rules
//! (`ssl_security_default_callback`, `check_key_level`, `check_sig_level`).

use super::Version;
use super::key::{curve_strength, rsa_strength, wanted_strength};

/// What keys and signatures must be for a security level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demands {
    /// Fewest bits of an RSA modulus.
    pub rsa_bits: u32,
    /// Named curves that suffice.
    pub curves: Vec<&'static str>,
    /// Hashes of signatures that do not.
    pub weak_hashes: Vec<&'static str>,
}

/// Curves that OpenSSL verifies with, and the bits of their orders.
const CURVES: [(&str, u32); 8] = [
    ("P-224", 224),
    ("P-256", 256),
    ("secp256k1", 256),
    ("brainpoolP256r1", 256),
    ("P-384", 384),
    ("brainpoolP384r1", 384),
    ("brainpoolP512r1", 512),
    ("P-521", 521),
];

/// Hashes, and the security bits of a signature over them in OpenSSL 3.
const HASHES: [(&str, u32); 8] = [
    ("md2", 0),
    ("md4", 0),
    ("md5", 39),
    ("sha1", 63),
    ("sha224", 112),
    ("sha256", 128),
    ("sha384", 192),
    ("sha512", 256),
];

/// Largest RSA modulus that is asked for.
const RSA_BITS: u32 = 16_384;

/// The demands of a level; `None` at level 0, which has none.
#[must_use]
pub fn demands(level: u8, version: Version) -> Option<Demands> {
    let wanted = wanted_strength(level)?;
    let suffices = |bits: &u32| rsa_strength(*bits, version) >= wanted;
    let curves = CURVES.iter().filter(|(_, order)| curve_strength(*order) >= wanted);
    let hashes = HASHES.iter().filter(|(_, bits)| *bits < wanted);
    Some(Demands {
        rsa_bits: (1..=RSA_BITS).find(suffices).unwrap_or(RSA_BITS),
        curves: curves.map(|(name, _)| *name).collect(),
        weak_hashes: hashes.map(|(name, _)| *name).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_ask_for_what_openssl_does() {
        let of = |level| demands(level, Version::V3_5).expect("the level asks for something");
        assert_eq!(demands(0, Version::V3_5), None);
        assert_eq!(
            (of(2).rsa_bits, demands(2, Version::V1_1_1).map(|asks| asks.rsa_bits)),
            (1_963, Some(2_048))
        );
        assert_eq!(of(2).weak_hashes, ["md2", "md4", "md5", "sha1"]);
        assert!(of(2).curves.contains(&"P-224") && !of(3).curves.contains(&"P-224"));
        assert!(of(3).weak_hashes.contains(&"sha224") && !of(3).weak_hashes.contains(&"sha256"));
        assert_eq!(of(5).curves, ["brainpoolP512r1", "P-521"]);
    }
}
