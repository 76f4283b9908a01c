//! The keys that chains are made with. They are public, and stand for nothing but tests.

use std::sync::LazyLock;

use crate::issue::PrivateKey;

/// A test key of `fixtures/keys/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// P-256, the first of four.
    P256A,
    /// P-256, the second.
    P256B,
    /// P-256, the third.
    P256C,
    /// P-256, the fourth.
    P256D,
    /// P-384.
    P384,
    /// P-521.
    P521,
    /// P-224, a curve of no web client.
    P224,
    /// RSA, 2048 bits, the first of two.
    Rsa2048A,
    /// RSA, 2048 bits, the second.
    Rsa2048B,
    /// RSA, 3072 bits.
    Rsa3072,
    /// RSA, 4096 bits.
    Rsa4096,
    /// RSA, 1024 bits: too small.
    Rsa1024,
    /// RSA, 1962 bits: the largest that OpenSSL 3 counts as weaker than 112 bits.
    Rsa1962,
    /// RSA, 1963 bits: the smallest that it does not.
    Rsa1963,
    /// RSA, 2047 bits: one too few.
    Rsa2047,
    /// RSA, 2048 bits, of the kind that makes no signatures but RSASSA-PSS.
    RsaPss2048,
    /// Ed25519, which not every client and product accepts.
    Ed25519,
    /// secp256k1, a curve of no web client; signs nothing here.
    Secp256k1,
    /// X25519, which signs nothing anywhere.
    X25519,
}

/// A private key behind a password.
pub(super) const ENCRYPTED: &str = include_str!("../../fixtures/keys/formats/p256-a-encrypted-pkcs8.pem");

/// The keys in the order of the enumeration.
static KEYS: LazyLock<Vec<PrivateKey>> = LazyLock::new(|| {
    let read = |key: &Key| PrivateKey::from_pem(key.pem()).expect("the keys in the program are sound");
    Key::ALL.iter().map(read).collect()
});

impl Key {
    /// All keys.
    pub const ALL: [Self; 19] = [
        Self::P256A,
        Self::P256B,
        Self::P256C,
        Self::P256D,
        Self::P384,
        Self::P521,
        Self::P224,
        Self::Rsa2048A,
        Self::Rsa2048B,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::Rsa1024,
        Self::Rsa1962,
        Self::Rsa1963,
        Self::Rsa2047,
        Self::RsaPss2048,
        Self::Ed25519,
        Self::Secp256k1,
        Self::X25519,
    ];

    /// The key as it is kept, PKCS#8 in PEM.
    #[must_use]
    pub fn pem(self) -> &'static str {
        match self {
            Self::P256A => include_str!("../../fixtures/keys/p256-a.pem"),
            Self::P256B => include_str!("../../fixtures/keys/p256-b.pem"),
            Self::P256C => include_str!("../../fixtures/keys/p256-c.pem"),
            Self::P256D => include_str!("../../fixtures/keys/p256-d.pem"),
            Self::P384 => include_str!("../../fixtures/keys/p384.pem"),
            Self::P521 => include_str!("../../fixtures/keys/p521.pem"),
            Self::P224 => include_str!("../../fixtures/keys/p224.pem"),
            Self::Rsa2048A => include_str!("../../fixtures/keys/rsa-2048-a.pem"),
            Self::Rsa2048B => include_str!("../../fixtures/keys/rsa-2048-b.pem"),
            Self::Rsa3072 => include_str!("../../fixtures/keys/rsa-3072.pem"),
            Self::Rsa4096 => include_str!("../../fixtures/keys/rsa-4096.pem"),
            Self::Rsa1024 => include_str!("../../fixtures/keys/rsa-1024.pem"),
            Self::Rsa1962 => include_str!("../../fixtures/keys/rsa-1962.pem"),
            Self::Rsa1963 => include_str!("../../fixtures/keys/rsa-1963.pem"),
            Self::Rsa2047 => include_str!("../../fixtures/keys/rsa-2047.pem"),
            Self::RsaPss2048 => include_str!("../../fixtures/keys/rsa-pss-2048.pem"),
            Self::Ed25519 => include_str!("../../fixtures/keys/ed25519.pem"),
            Self::Secp256k1 => include_str!("../../fixtures/keys/secp256k1.pem"),
            Self::X25519 => include_str!("../../fixtures/keys/x25519.pem"),
        }
    }

    /// The key, ready to sign.
    #[must_use]
    pub fn private(self) -> &'static PrivateKey {
        &KEYS[self as usize]
    }
}
