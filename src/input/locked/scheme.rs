//! Schemes that lock with a password, read from their AlgorithmIdentifier:
//! PBES2 and the older ones of PKCS#5 and PKCS#12. What a file asks for is held
//! against the caps before anything is computed.

use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::derive::Hash;
use super::fields::{Algorithm, count};
use super::names::{self, find};
use super::password::wide_forms;
use super::{Budget, Fault, Password};
use crate::der::{Element, Reader, tag};
use crate::limits;
use crate::oid::Oid;

/// A scheme with all its parameters.
#[derive(Debug)]
pub(super) struct Scheme {
    derivation: Derivation,
    salt: Vec<u8>,
    cipher: Cipher,
    /// Empty where it comes of the password too.
    iv: Vec<u8>,
}

/// How the key comes of the password.
#[derive(Clone, Copy, Debug)]
pub(super) enum Derivation {
    Pbkdf1 { hash: Hash, rounds: u32 },
    Pbkdf2 { hash: Hash, rounds: u32 },
    Scrypt { log_n: u8, r: u32, p: u32 },
    Pkcs12 { rounds: u32, two_parts: bool },
}

/// What a block that scrypt mixes costs, in rounds of SHA-256.
const SCRYPT_COST: u64 = 3;

/// ID octets of RFC 7292, B.3.
pub(super) mod purpose {
    pub(in super::super) const KEY: u8 = 1;
    pub(in super::super) const IV: u8 = 2;
    pub(in super::super) const MAC: u8 = 3;
}

impl Scheme {
    /// Reads a scheme.
    pub(super) fn read(algorithm: &Algorithm<'_>) -> Result<Self, Fault> {
        if algorithm.oid.0 == names::PBES2 {
            return Self::pbes2(algorithm);
        }
        let pbes1 = names::PBES1.iter().find(|(oid, ..)| *oid == algorithm.oid.0);
        let pkcs12 = names::PKCS12.iter().find(|(oid, ..)| *oid == algorithm.oid.0);
        if pbes1.is_none() && pkcs12.is_none() {
            return Err(Fault::Unsupported(names::name(algorithm.oid)));
        }
        let mut fields = algorithm.fields("parameters of the encryption")?;
        let salt = salt(&fields.expect(tag::OCTET_STRING)?)?;
        let rounds = rounds(&fields.expect(tag::INTEGER)?)?;
        let (derivation, cipher) = match (pbes1, pkcs12) {
            (Some((_, hash, cipher)), _) => (Derivation::Pbkdf1 { hash: *hash, rounds }, *cipher),
            (_, Some((_, cipher, two_parts))) => {
                (Derivation::Pkcs12 { rounds, two_parts: *two_parts }, *cipher)
            }
            (None, None) => unreachable!("refused above"),
        };
        Ok(Self { derivation, salt, cipher, iv: Vec::new() })
    }

    fn pbes2(algorithm: &Algorithm<'_>) -> Result<Self, Fault> {
        let mut fields = algorithm.fields("PBES2-params")?;
        let function = Algorithm::read(&mut fields)?;
        let cipher = Algorithm::read(&mut fields)?;
        let (derivation, salt, key_length) = derivation(&function)?;
        let (cipher, iv) = cipher_of(&cipher, key_length)?;
        if key_length.is_some_and(|length| length != cipher.key_length() as u64) {
            return Err(Fault::Malformed("the key length of PBES2 is not that of its cipher".into()));
        }
        Ok(Self { derivation, salt, cipher, iv })
    }

    /// Decrypts what is locked so that `accepts` finds it to be what it should be.
    pub(super) fn open(
        &self,
        password: Option<&Password>,
        text: &[u8],
        budget: &mut Budget,
        accepts: fn(&[u8]) -> bool,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let forms = match self.derivation {
            Derivation::Pkcs12 { .. } => wide_forms(password),
            _ => vec![Zeroizing::new(password.map_or(&[][..], Password::octets).to_vec())],
        };
        for form in forms {
            let plain = self.decrypt(&form, text, budget)?;
            if let Some(plain) = plain.filter(|plain| accepts(plain)) {
                return Ok(plain);
            }
        }
        Err(if password.is_some() { Fault::PasswordWrong } else { Fault::PasswordNeeded })
    }

    fn decrypt(
        &self,
        password: &[u8],
        text: &[u8],
        budget: &mut Budget,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let mut key = Zeroizing::new(vec![0; self.cipher.key_length()]);
        let mut iv = Zeroizing::new(self.iv.clone());
        match self.derivation {
            Derivation::Pbkdf1 { hash, rounds } => {
                budget.spend(rounds.into())?;
                // The first half is the key, the second the initialization vector.
                let derived = hash.pbkdf1(password, &self.salt, rounds);
                key.copy_from_slice(&derived[..8]);
                iv.extend_from_slice(&derived[8..16]);
            }
            Derivation::Pkcs12 { rounds, two_parts } => {
                let (hash, used) = (Hash::Sha1, if two_parts { 16 } else { key.len() });
                let blocks = used.div_ceil(hash.length()) + usize::from(self.cipher.iv_length() > 0);
                budget.spend(u64::from(rounds) * blocks as u64)?;
                hash.pkcs12(purpose::KEY, password, &self.salt, rounds, &mut key[..used]);
                if two_parts {
                    let (first, third) = key.split_at_mut(16);
                    third.copy_from_slice(&first[..8]);
                }
                iv.resize(self.cipher.iv_length(), 0);
                hash.pkcs12(purpose::IV, password, &self.salt, rounds, &mut iv);
            }
            derivation => derivation.fill(password, &self.salt, &mut key, budget)?,
        }
        Ok(self.cipher.decrypt(&key, &iv, text))
    }
}

impl Derivation {
    /// Fills a key by PBKDF2 or scrypt, the functions that give as much as is wanted.
    pub(super) fn fill(
        self,
        password: &[u8],
        salt: &[u8],
        key: &mut [u8],
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        match self {
            Self::Pbkdf2 { hash, rounds } => {
                let blocks = key.len().div_ceil(hash.length()) as u64;
                budget.spend(u64::from(rounds) * blocks * hash.cost())?;
                hash.pbkdf2(password, salt, rounds, key);
            }
            Self::Scrypt { log_n, r, p } => {
                budget.spend(((u64::from(r) * u64::from(p)) << log_n) * SCRYPT_COST)?;
                let parameters = scrypt::Params::new(log_n, r, p)
                    .map_err(|_| Fault::Malformed("the parameters of scrypt contradict each other".into()))?;
                scrypt::scrypt(password, salt, &parameters, key)
                    .map_err(|_| Fault::Malformed("the key length is none that scrypt gives".into()))?;
            }
            Self::Pbkdf1 { .. } | Self::Pkcs12 { .. } => {
                unreachable!("no scheme with parameters for each part has these")
            }
        }
        Ok(())
    }
}

/// Function, salt and stated key length of a key derivation function of PBES2.
pub(super) fn derivation(function: &Algorithm<'_>) -> Result<(Derivation, Vec<u8>, Option<u64>), Fault> {
    match function.oid.0 {
        names::PBKDF2 => pbkdf2(function),
        names::SCRYPT => scrypt_of(function),
        _ => Err(Fault::Unsupported(names::name(function.oid))),
    }
}

fn pbkdf2(function: &Algorithm<'_>) -> Result<(Derivation, Vec<u8>, Option<u64>), Fault> {
    let mut fields = function.fields("PBKDF2-params")?;
    let first = fields.any()?;
    if first.tag != tag::OCTET_STRING {
        return Err(Fault::Unsupported("PBKDF2 with a salt from elsewhere".into()));
    }
    let salt = salt(&first)?;
    let rounds = rounds(&fields.expect(tag::INTEGER)?)?;
    let length = fields.optional(tag::INTEGER)?.map(|element| count(&element)).transpose()?;
    let hash = match fields.optional(tag::SEQUENCE)? {
        None => Hash::Sha1,
        Some(element) => {
            let function = Algorithm::of(&element)?;
            find(names::HMACS, function.oid).ok_or_else(|| Fault::Unsupported(names::name(function.oid)))?
        }
    };
    Ok((Derivation::Pbkdf2 { hash, rounds }, salt, length))
}

fn scrypt_of(function: &Algorithm<'_>) -> Result<(Derivation, Vec<u8>, Option<u64>), Fault> {
    let mut fields = function.fields("scrypt-params")?;
    let salt = salt(&fields.expect(tag::OCTET_STRING)?)?;
    let mut next = || count(&fields.expect(tag::INTEGER)?);
    let (n, r, p) = (next()?, next()?, next()?);
    let length = fields.optional(tag::INTEGER)?.map(|element| count(&element)).transpose()?;
    if !n.is_power_of_two() || n < 2 || r == 0 || p == 0 {
        return Err(Fault::Malformed("the parameters of scrypt are none".into()));
    }
    // 128·r·N octets are mixed, and 128·r·p octets stand beside them.
    let memory = n.saturating_add(p).saturating_mul(r).saturating_mul(128);
    let steps = n.saturating_mul(r).saturating_mul(p);
    if memory > limits::SCRYPT_OCTETS || steps > u64::from(limits::DERIVATION_STEPS) {
        return Err(Fault::TooCostly(format!(
            "scrypt with N = {n}, r = {r}, p = {p} takes more than {} MiB or {} blocks to mix",
            limits::SCRYPT_OCTETS >> 20,
            limits::DERIVATION_STEPS
        )));
    }
    let log_n = u8::try_from(n.trailing_zeros()).expect("a number of 64 bits has no more zeros");
    let small = |value: u64| u32::try_from(value).expect("it was found to be small");
    Ok((Derivation::Scrypt { log_n, r: small(r), p: small(p) }, salt, length))
}

/// The cipher of PBES2 and its initialization vector.
fn cipher_of(algorithm: &Algorithm<'_>, key_length: Option<u64>) -> Result<(Cipher, Vec<u8>), Fault> {
    if algorithm.oid.0 == names::RC2 {
        return rc2(algorithm, key_length);
    }
    let cipher = find(names::CIPHERS, algorithm.oid);
    iv_in(algorithm.parameters, cipher.ok_or_else(|| Fault::Unsupported(names::name(algorithm.oid)))?)
}

/// RC2 of PBES2. OpenSSL 3.5 leaves the effective bits out of its parameters.
fn rc2(algorithm: &Algorithm<'_>, key_length: Option<u64>) -> Result<(Cipher, Vec<u8>), Fault> {
    let stated = key_length.map(usize::try_from).transpose().ok().flatten();
    let (bits, iv) = match algorithm.parameters {
        Some(element) if element.tag == tag::OCTET_STRING => {
            (stated.map_or(128, |length| length * 8), element)
        }
        _ => {
            let mut fields = algorithm.fields("RC2-CBC-Parameter")?;
            (effective_bits(fields.optional(tag::INTEGER)?)?, fields.any()?)
        }
    };
    let length = Some(stated.unwrap_or(bits / 8)).filter(|length| (1..=128).contains(length));
    let length = length.ok_or_else(|| Fault::Malformed("the key length is none of RC2".into()))?;
    iv_in(Some(iv), Cipher::Rc2(length, bits))
}

fn iv_in(element: Option<Element<'_>>, cipher: Cipher) -> Result<(Cipher, Vec<u8>), Fault> {
    match element {
        Some(element) if element.tag == tag::OCTET_STRING && element.content.len() == cipher.iv_length() => {
            Ok((cipher, element.content.to_vec()))
        }
        _ => Err(Fault::Malformed("the initialization vector is missing or of a wrong length".into())),
    }
}

/// Effective bits of RC2 by their version number (RFC 8018, B.2.3).
fn effective_bits(version: Option<Element<'_>>) -> Result<usize, Fault> {
    let Some(element) = version else {
        return Ok(32);
    };
    match count(&element)? {
        160 => Ok(40),
        120 => Ok(64),
        58 => Ok(128),
        bits @ 256..=1024 => Ok(usize::try_from(bits).expect("it is small")),
        _ => Err(Fault::Unsupported("RC2 of an uncommon key size".into())),
    }
}

fn salt(element: &Element<'_>) -> Result<Vec<u8>, Fault> {
    if element.content.len() > limits::SALT_OCTETS {
        return Err(Fault::TooCostly(format!("a salt has more than {} octets", limits::SALT_OCTETS)));
    }
    Ok(element.content.to_vec())
}

/// Salt and rounds of the MAC of PKCS#12.
pub(super) fn salt_and_rounds(fields: &mut Reader<'_>) -> Result<(Vec<u8>, u32), Fault> {
    let salt = salt(&fields.expect(tag::OCTET_STRING)?)?;
    let rounds = fields.optional(tag::INTEGER)?.map_or(Ok(1), |element| rounds(&element))?;
    Ok((salt, rounds))
}

fn rounds(element: &Element<'_>) -> Result<u32, Fault> {
    let asked = count(element)?;
    let rounds = u32::try_from(asked).ok().filter(|rounds| *rounds <= limits::DERIVATION_STEPS);
    match rounds {
        Some(0) => Err(Fault::Malformed("the count of rounds is 0".into())),
        Some(rounds) => Ok(rounds),
        None => Err(Fault::TooCostly(format!(
            "it asks for {asked} rounds of key derivation, more than {} are not done",
            limits::DERIVATION_STEPS
        ))),
    }
}

/// Whether octets are one whole SEQUENCE, as all that is locked here is.
pub(super) fn is_sequence(octets: &[u8]) -> bool {
    let mut reader = Reader::new(octets, 0, "content");
    reader.expect(tag::SEQUENCE).is_ok() && reader.is_empty()
}

/// The hash that an HMAC of PBMAC1 or a MAC of PKCS#12 is made with.
pub(super) fn hash(table: &[(&[u8], Hash)], oid: Oid<'_>) -> Result<Hash, Fault> {
    find(table, oid).ok_or_else(|| Fault::Unsupported(names::name(oid)))
}
