//! Encrypted private keys: `EncryptedPrivateKeyInfo` of PKCS#8 (RFC 5958, 3) and
//! the PEM encryption of RFC 1421 as OpenSSL writes it. What comes out is DER of a
//! key; which key is not known here.

use zeroize::Zeroizing;

use super::scheme::{Scheme, is_sequence};
use super::{Fault, Opener, derive, fields::Algorithm, names};
use crate::der::{Reader, tag};

/// Octets of the initialization vector that `EVP_BytesToKey` takes for its salt.
const SALT: usize = 8;

/// Decrypts an `EncryptedPrivateKeyInfo`.
///
/// # Errors
/// Where it is malformed, its scheme is not known or too costly, or no password opens it.
pub fn pkcs8(der: &[u8], opener: &mut Opener<'_>) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let mut outer = Reader::new(der, 0, "EncryptedPrivateKeyInfo");
    let mut fields = Reader::of(&outer.expect(tag::SEQUENCE)?, "EncryptedPrivateKeyInfo");
    outer.finish()?;
    let scheme = Scheme::read(&Algorithm::read(&mut fields)?)?;
    let text = fields.expect(tag::OCTET_STRING)?.content;
    fields.finish()?;
    opener.try_each(|password, budget| scheme.open(Some(password), text, budget, is_sequence))
}

/// Decrypts octets below headers of RFC 1421, of which `headers` is the text.
///
/// # Errors
/// Where a header is malformed, the cipher is not known, or no password opens it.
pub fn legacy(headers: &[u8], text: &[u8], opener: &mut Opener<'_>) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let malformed = |what: &str| Fault::Malformed(what.into());
    let headers = std::str::from_utf8(headers).map_err(|_| malformed("its headers are no text"))?;
    let value = headers
        .lines()
        .find_map(|line| line.trim().strip_prefix("DEK-Info:"))
        .ok_or_else(|| malformed("its header DEK-Info, which names the cipher, is missing"))?;
    let (name, digits) = value.trim().split_once(',').unwrap_or((value.trim(), ""));
    let cipher = names::DEK_INFO.iter().find(|(known, _)| *known == name.trim()).map(|(_, cipher)| *cipher);
    let cipher = cipher.ok_or_else(|| Fault::Unsupported(names::dek_info_name(name.trim()).to_owned()))?;
    let iv = unhex(digits.trim()).filter(|iv| iv.len() == cipher.iv_length());
    let iv =
        iv.ok_or_else(|| malformed("the initialization vector of its header DEK-Info is of a wrong length"))?;
    opener.try_each(|password, budget| {
        let mut key = Zeroizing::new(vec![0; cipher.key_length()]);
        budget.spend(2)?;
        derive::bytes_to_key(password.octets(), &iv[..SALT], &mut key);
        cipher.decrypt(&key, &iv, text).filter(|plain| is_sequence(plain)).ok_or(Fault::PasswordWrong)
    })
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let value = |digit: u8| char::from(digit).to_digit(16);
    let pair = |pair: &[u8]| u8::try_from(value(pair[0])? << 4 | value(pair[1])?).ok();
    digits.len().is_multiple_of(2).then(|| digits.chunks_exact(2).map(pair).collect())?
}
