//! The ciphers of locked keys, to decrypt with only. Takes octets and gives
//! octets; what locked them, and how a key came of a password, is not known here.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockCipherDecrypt, BlockModeDecrypt, InnerIvInit, KeyInit, StreamCipher as _};
use cbc::Decryptor;
use rc2::Rc2;
use zeroize::Zeroizing;

/// A cipher, with the sizes that are not fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    /// AES-CBC with a key of 16 octets.
    Aes128,
    /// AES-CBC with a key of 24 octets.
    Aes192,
    /// AES-CBC with a key of 32 octets.
    Aes256,
    /// DES-EDE3-CBC.
    TripleDes,
    /// DES-CBC.
    Des,
    /// RC2-CBC: length of the key in octets, effective bits (RFC 2268).
    Rc2(usize, usize),
    /// RC4: length of the key in octets.
    Rc4(usize),
}

impl Cipher {
    /// Length of its key in octets.
    pub(super) fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
            Self::Des => 8,
            Self::Rc2(length, _) | Self::Rc4(length) => length,
        }
    }

    /// Length of its initialization vector in octets.
    pub(super) fn iv_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::TripleDes | Self::Des | Self::Rc2(..) => 8,
            Self::Rc4(_) => 0,
        }
    }

    /// The plain text; `None` where the padding is wrong, as it mostly is with a
    /// wrong key, or a length does not fit.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut plain = Zeroizing::new(text.to_vec());
        let length = match self {
            Self::Aes128 => unchain(aes::Aes128::new_from_slice(key).ok()?, iv, &mut plain),
            Self::Aes192 => unchain(aes::Aes192::new_from_slice(key).ok()?, iv, &mut plain),
            Self::Aes256 => unchain(aes::Aes256::new_from_slice(key).ok()?, iv, &mut plain),
            Self::TripleDes => unchain(des::TdesEde3::new_from_slice(key).ok()?, iv, &mut plain),
            Self::Des => unchain(des::Des::new_from_slice(key).ok()?, iv, &mut plain),
            Self::Rc2(length, bits) => {
                let fits = key.len() == length && (1..=128).contains(&length) && (1..=1024).contains(&bits);
                fits.then(|| unchain(Rc2::new_with_eff_key_len(key, bits), iv, &mut plain))?
            }
            Self::Rc4(_) => {
                rc4::Rc4::new_from_slice(key).ok()?.apply_keystream(&mut plain);
                Some(plain.len())
            }
        }?;
        plain.truncate(length);
        Some(plain)
    }
}

/// Takes cipher block chaining and padding off; how many octets are left.
fn unchain<C>(cipher: C, iv: &[u8], text: &mut [u8]) -> Option<usize>
where
    C: BlockCipherDecrypt,
    Decryptor<C>: InnerIvInit<Inner = C> + BlockModeDecrypt,
{
    let mode = Decryptor::inner_iv_slice_init(cipher, iv).ok()?;
    mode.decrypt_padded::<Pkcs7>(text).ok().map(<[u8]>::len)
}
