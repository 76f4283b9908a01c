//! Object identifiers of what locks keys, and names for what is not opened here.
//! A table; nothing of a file but such an identifier is ever told.

use super::cipher::Cipher;
use super::derive::Hash;
use crate::oid::Oid;

/// PKCS#5 (1.2.840.113549.1.5) and what is below it.
pub(super) const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
/// PBMAC1 (RFC 9579).
pub(super) const PBMAC1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 14];
/// PBKDF2.
pub(super) const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
/// scrypt (RFC 7914, 7).
pub(super) const SCRYPT: &[u8] = &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];
/// RC2-CBC, whose parameters hold the effective bits.
pub(super) const RC2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 3, 2];

/// Schemes of PKCS#5 1.5: identifier, hash, cipher.
pub(super) const PBES1: &[(&[u8], Hash, Cipher)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 3], Hash::Md5, Cipher::Des),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 6], Hash::Md5, Cipher::Rc2(8, 64)),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 10], Hash::Sha1, Cipher::Des),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 11], Hash::Sha1, Cipher::Rc2(8, 64)),
];

/// Schemes of PKCS#12, all with SHA-1: identifier, cipher, whether the key is
/// of two parts, the first of which is used twice.
pub(super) const PKCS12: &[(&[u8], Cipher, bool)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 1], Cipher::Rc4(16), false),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 2], Cipher::Rc4(5), false),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 3], Cipher::TripleDes, false),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 4], Cipher::TripleDes, true),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 5], Cipher::Rc2(16, 128), false),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 6], Cipher::Rc2(5, 40), false),
];

/// Ciphers of PBES2 whose parameters are the initialization vector.
pub(super) const CIPHERS: &[(&[u8], Cipher)] = &[
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 2], Cipher::Aes128),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 22], Cipher::Aes192),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42], Cipher::Aes256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 3, 7], Cipher::TripleDes),
    (&[0x2b, 0x0e, 3, 2, 7], Cipher::Des),
];

/// HMAC with a hash (RFC 8018, B.1.2).
pub(super) const HMACS: &[(&[u8], Hash)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 6], Hash::Md5),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 7], Hash::Sha1),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 8], Hash::Sha224),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9], Hash::Sha256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 10], Hash::Sha384),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 11], Hash::Sha512),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 12], Hash::Sha512_224),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 13], Hash::Sha512_256),
];

/// Hashes by themselves, as the MAC of PKCS#12 names them.
pub(super) const HASHES: &[(&[u8], Hash)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5], Hash::Md5),
    (&[0x2b, 0x0e, 3, 2, 26], Hash::Sha1),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4], Hash::Sha224),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1], Hash::Sha256),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2], Hash::Sha384),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3], Hash::Sha512),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 5], Hash::Sha512_224),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 6], Hash::Sha512_256),
];

/// Ciphers of `DEK-Info` (RFC 1423), by the names of OpenSSL.
pub(super) const DEK_INFO: &[(&str, Cipher)] = &[
    ("AES-128-CBC", Cipher::Aes128),
    ("AES-192-CBC", Cipher::Aes192),
    ("AES-256-CBC", Cipher::Aes256),
    ("DES-EDE3-CBC", Cipher::TripleDes),
    ("DES-CBC", Cipher::Des),
    ("RC2-CBC", Cipher::Rc2(16, 128)),
    ("RC2-64-CBC", Cipher::Rc2(8, 64)),
    ("RC2-40-CBC", Cipher::Rc2(5, 40)),
];

/// Begins the names of other ciphers that OpenSSL writes into `DEK-Info`.
const OTHER_CIPHERS: &[&str] = &[
    "AES",
    "ARIA",
    "BF",
    "CAMELLIA",
    "CAST5",
    "DES",
    "IDEA",
    "RC2",
    "RC5",
    "SEED",
    "SM4",
    "id-aes128",
    "id-aes192",
    "id-aes256",
];

/// Modes in which those end.
const MODES: &[&str] =
    &["CBC", "CFB", "CFB1", "CFB8", "CTR", "ECB", "GCM", "OFB", "CCM", "OCB", "EDE", "EDE3"];

/// Identifiers of what is not opened here, and those that no registry names well.
const NAMES: &[(&[u8], &str)] = &[
    (PBES2, "PBES2"),
    (PBMAC1, "PBMAC1"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 1], "pbeWithMD2AndDES-CBC"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 4], "pbeWithMD2AndRC2-CBC"),
    (&[0x2a, 0x83, 8, 0x8c, 0x9a, 0x4b, 0x3d, 1, 1, 1, 2], "Camellia-128-CBC"),
    (&[0x2a, 0x83, 8, 0x8c, 0x9a, 0x4b, 0x3d, 1, 1, 1, 3], "Camellia-192-CBC"),
    (&[0x2a, 0x83, 8, 0x8c, 0x9a, 0x4b, 0x3d, 1, 1, 1, 4], "Camellia-256-CBC"),
    (&[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x6e, 1, 1, 2], "ARIA-128-CBC"),
    (&[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x6e, 1, 1, 7], "ARIA-192-CBC"),
    (&[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x6e, 1, 1, 12], "ARIA-256-CBC"),
    (&[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x44, 1, 4], "SEED-CBC"),
    (&[0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x68, 2], "SM4-CBC"),
    (&[0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x11, 2], "HMAC with SM3"),
    (&[0x2b, 6, 1, 4, 1, 0x81, 0x3c, 7, 1, 1, 2], "IDEA-CBC"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf6, 0x7d, 7, 0x42, 10], "CAST5-CBC"),
    (&[0x2b, 6, 1, 4, 1, 0x97, 0x55, 1, 2], "Blowfish-CBC"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 6], "AES-128-GCM"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 26], "AES-192-GCM"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 46], "AES-256-GCM"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 3], "AES-128-OFB"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 43], "AES-256-OFB"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 4], "AES-128-CFB"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 44], "AES-256-CFB"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 14], "HMAC with SHA3-256"),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 16], "HMAC with SHA3-512"),
    (&[0x2b, 6, 1, 4, 1, 0x2a, 2, 17, 1, 1], "the key protection of Java"),
    (&[0x2b, 6, 1, 4, 1, 0x2a, 2, 19, 1], "PBEWithMD5AndTripleDES of Java"),
    (&[0x2a, 0x85, 3, 2, 2, 21], "GOST 28147-89"),
    (&[0x2a, 0x85, 3, 7, 1, 1, 4, 1], "HMAC with Streebog-256"),
    (&[0x2a, 0x85, 3, 7, 1, 1, 4, 2], "HMAC with Streebog-512"),
    (&[0x2a, 0x85, 3, 7, 1, 1, 2, 2], "Streebog-256"),
    (&[0x2a, 0x85, 3, 7, 1, 1, 2, 3], "Streebog-512"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2], "a signature (public-key integrity)"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3], "a public key (public-key privacy)"),
];

/// The second column of a table for an identifier.
pub(super) fn find<T: Copy>(table: &[(&[u8], T)], oid: Oid<'_>) -> Option<T> {
    table.iter().find(|(known, _)| *known == oid.0).map(|(_, found)| *found)
}

/// The name of an algorithm. The digits of one that has none are not told: in a
/// damaged file they may be octets of anything.
pub(super) fn name(oid: Oid<'_>) -> String {
    let name = find(NAMES, oid).or_else(|| oid.registered_name());
    name.unwrap_or("an algorithm that has no name here").to_owned()
}

/// The name of a cipher of `DEK-Info` as it may be told: only what is one.
pub(super) fn dek_info_name(text: &str) -> &str {
    let is_cipher = OTHER_CIPHERS.iter().any(|begin| {
        let Some(rest) = text.strip_prefix(begin) else {
            return false;
        };
        let mut parts = rest.split('-').skip(1);
        rest.starts_with('-')
            && parts.all(|part| MODES.contains(&part) || ["128", "192", "256"].contains(&part))
    });
    if is_cipher { text } else { "a cipher that has no name here" }
}
