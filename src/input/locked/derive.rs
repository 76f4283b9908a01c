//! From a password to a key: the functions of PKCS#5 (RFC 8018), PKCS#12 (RFC
//! 7292), scrypt (RFC 7914) and OpenSSL's old PEM encryption. Counts beyond
//! `limits` are refused before these are called.

use hmac::digest::block_api::BlockSizeUser;
use hmac::digest::{Digest, KeyInit};
use hmac::{EagerHash, Hmac, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use zeroize::Zeroizing;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512_224,
    Sha512_256,
}

/// Calls a function with the type of a hash.
macro_rules! with_type {
    ($hash:expr, $call:ident($($argument:expr),*)) => {
        match $hash {
            Hash::Md5 => $call::<Md5>($($argument),*),
            Hash::Sha1 => $call::<Sha1>($($argument),*),
            Hash::Sha224 => $call::<Sha224>($($argument),*),
            Hash::Sha256 => $call::<Sha256>($($argument),*),
            Hash::Sha384 => $call::<Sha384>($($argument),*),
            Hash::Sha512 => $call::<Sha512>($($argument),*),
            Hash::Sha512_224 => $call::<Sha512_224>($($argument),*),
            Hash::Sha512_256 => $call::<Sha512_256>($($argument),*),
        }
    };
}

impl Hash {
    /// Length of its output in octets.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 | Self::Sha512_224 => 28,
            Self::Sha256 | Self::Sha512_256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// What a round costs, in rounds of SHA-256; the larger ones have no instructions of their own.
    pub(super) fn cost(self) -> u64 {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha224 | Self::Sha256 => 1,
            Self::Sha384 | Self::Sha512 | Self::Sha512_224 | Self::Sha512_256 => 4,
        }
    }

    /// PBKDF2 (RFC 8018, 5.2) with HMAC of this hash.
    pub(super) fn pbkdf2(self, password: &[u8], salt: &[u8], rounds: u32, key: &mut [u8]) {
        use pbkdf2::pbkdf2_hmac;
        with_type!(self, pbkdf2_hmac(password, salt, rounds, key));
    }

    /// PBKDF1 (RFC 8018, 5.1), as long as the hash.
    pub(super) fn pbkdf1(self, password: &[u8], salt: &[u8], rounds: u32) -> Zeroizing<Vec<u8>> {
        with_type!(self, chained_of(&[password, salt], rounds))
    }

    /// The function of PKCS#12 (RFC 7292, B.2); `purpose` is its ID octet.
    pub(super) fn pkcs12(self, purpose: u8, password: &[u8], salt: &[u8], rounds: u32, key: &mut [u8]) {
        with_type!(self, pkcs12_of(purpose, password, salt, rounds, key));
    }

    /// HMAC of a text.
    pub(super) fn hmac(self, key: &[u8], text: &[u8]) -> Vec<u8> {
        with_type!(self, hmac_of(key, text))
    }
}

/// `EVP_BytesToKey` of OpenSSL with MD5 and one round, as encrypted PEM has it.
pub(super) fn bytes_to_key(password: &[u8], salt: &[u8], key: &mut [u8]) {
    let mut block = Zeroizing::new(Vec::new());
    for part in key.chunks_mut(Hash::Md5.length()) {
        block = chained_of::<Md5>(&[&block, password, salt], 1);
        part.copy_from_slice(&block[..part.len()]);
    }
}

/// The hash of parts put together, hashed again until `rounds` are done.
fn chained_of<D: Digest>(parts: &[&[u8]], rounds: u32) -> Zeroizing<Vec<u8>> {
    let first = parts.iter().fold(D::new(), D::chain_update).finalize();
    let mut value = Zeroizing::new(first.to_vec());
    for _ in 1..rounds {
        let next = D::digest(&*value);
        value.copy_from_slice(&next);
    }
    value
}

fn pkcs12_of<D: Digest + BlockSizeUser>(
    purpose: u8,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    key: &mut [u8],
) {
    let block = <D as BlockSizeUser>::block_size();
    let diversifier = vec![purpose; block];
    let mut input = Zeroizing::new(Vec::new());
    let filled = |text: &[u8]| text.len().div_ceil(block) * block;
    input.reserve_exact(filled(salt) + filled(password));
    input.extend(salt.iter().cycle().take(filled(salt)));
    input.extend(password.iter().cycle().take(filled(password)));
    for part in key.chunks_mut(<D as Digest>::output_size()) {
        let value = chained_of::<D>(&[&diversifier, &input], rounds);
        part.copy_from_slice(&value[..part.len()]);
        // Each block of the input, as a number, grows by the value repeated and 1.
        for chunk in input.chunks_mut(block) {
            let mut carry = 1;
            for (at, octet) in chunk.iter_mut().enumerate().rev() {
                let sum = u16::from(*octet) + u16::from(value[at % value.len()]) + carry;
                [_, *octet] = sum.to_be_bytes();
                carry = sum >> 8;
            }
        }
    }
}

fn hmac_of<D: EagerHash>(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = <Hmac<D> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}
