//! By which method a subjectKeyIdentifier was made from the public key
//! (RFC 5280 §4.2.1.2, RFC 7093 §2). Any value that is unique will do for a chain.

use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};

use super::public_key::PublicKey;

/// Octets that RFC 7093 keeps of a longer hash: 160 bits.
const KEPT: usize = 20;

/// The methods of RFC 7093 that shorten a hash of the key.
const SHORTENED: [(&Algorithm, &str); 3] =
    [(&SHA256, "RFC 7093 method 1"), (&SHA384, "RFC 7093 method 2"), (&SHA512, "RFC 7093 method 3")];

/// Name of the method, or `unknown`; empty where there is no octet. The usual one is tried first.
#[must_use]
pub fn method(identifier: &[u8], key: &PublicKey<'_>) -> &'static str {
    if identifier.is_empty() {
        return "";
    }
    let sha1 = digest(&SHA1_FOR_LEGACY_USE_ONLY, key.key);
    let sha1 = sha1.as_ref();
    if identifier == sha1 {
        return "RFC 5280 method 1";
    }
    // 0100 and the last 60 bits.
    let short = sha1.last_chunk::<8>().map(|last| u64::from_be_bytes(*last) & (u64::MAX >> 4) | 4 << 60);
    if short.is_some_and(|short| identifier == short.to_be_bytes()) {
        return "RFC 5280 method 2";
    }
    let is_of = |hash: &[u8]| identifier == hash || hash.get(..KEPT) == Some(identifier);
    // SHA-1 over the whole key is what many libraries take for the usual one.
    if is_of(digest(&SHA1_FOR_LEGACY_USE_ONLY, key.der).as_ref()) {
        return "RFC 7093 method 4";
    }
    if identifier.len() == KEPT {
        let found = SHORTENED
            .iter()
            .find(|(algorithm, _)| digest(algorithm, key.key).as_ref().get(..KEPT) == Some(identifier));
        if let Some((_, name)) = found {
            return name;
        }
    }
    // The fourth method hashes the key with its algorithm and leaves the hash open.
    let mut whole = [&SHA256, &SHA384, &SHA512].iter().map(|algorithm| digest(algorithm, key.der));
    if whole.any(|hash| is_of(hash.as_ref())) { "RFC 7093 method 4" } else { "unknown" }
}
