//! RSA by plain arithmetic, for keys and digests that the provider refuses: moduli below 2048 bits, exponent 3, SHA-1, MD5.
//!
//! It is not constant in time and wipes nothing. That is right for test keys and wrong for any other.

use num_bigint::BigUint;

use super::{
    Digest, Error,
    der::{self, tag},
};

/// The numbers of an RSA key that signing needs.
pub(super) struct RsaNumbers {
    modulus: BigUint,
    public_exponent: BigUint,
    private_exponent: BigUint,
}

impl RsaNumbers {
    /// Reads an `RSAPrivateKey` (RFC 8017, A.1.2); the primes are not looked at.
    pub(super) fn read(private: &[u8]) -> Option<Self> {
        let (content, _) = der::read_tagged(private, tag::SEQUENCE)?;
        let (_version, rest) = der::read_tagged(content, tag::INTEGER)?;
        let (modulus, rest) = der::read_tagged(rest, tag::INTEGER)?;
        let (public_exponent, rest) = der::read_tagged(rest, tag::INTEGER)?;
        let (private_exponent, _) = der::read_tagged(rest, tag::INTEGER)?;
        let number = BigUint::from_bytes_be;
        let numbers = Self {
            modulus: number(modulus),
            public_exponent: number(public_exponent),
            private_exponent: number(private_exponent),
        };
        (numbers.modulus.bits() > 0).then_some(numbers)
    }

    /// The `RSAPublicKey` SEQUENCE.
    pub(super) fn public_key(&self) -> Vec<u8> {
        der::sequence([
            der::unsigned_octets(&self.modulus.to_bytes_be()),
            der::unsigned_octets(&self.public_exponent.to_bytes_be()),
        ])
    }

    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.1). Fails when the modulus is too short for the digest.
    pub(super) fn sign_pkcs1(&self, digest: Digest, message: &[u8]) -> Result<Vec<u8>, Error> {
        let length = self.octets();
        let info = der::sequence([digest.algorithm_identifier(), der::octet_string(&digest.of(message))]);
        let padding = length.checked_sub(info.len() + 3).filter(|padding| *padding >= 8);
        let padding = padding.ok_or(Error::ModulusTooShort { octets: length })?;
        let encoded = der::concatenate([&[0, 1], vec![0xff; padding].as_slice(), &[0], &info]);
        Ok(self.apply(&encoded))
    }

    /// RSASSA-PSS (RFC 8017, 8.1.1) with MGF1 over the same digest and a salt of the digest's length that is always the
    /// same. Fails when the modulus is too short.
    pub(super) fn sign_pss(&self, digest: Digest, message: &[u8]) -> Result<Vec<u8>, Error> {
        let bits = usize::try_from(self.modulus.bits()).expect("a modulus fits in memory") - 1;
        let length = bits.div_ceil(8);
        let hash = digest.of(message);
        let salt = vec![0x5a_u8; hash.len()];
        let padding = length.checked_sub(hash.len() + salt.len() + 2);
        let padding = padding.ok_or(Error::ModulusTooShort { octets: self.octets() })?;
        let hashed = digest.of(&der::concatenate([&[0_u8; 8], hash.as_slice(), &salt]));
        let mut block = der::concatenate([vec![0; padding].as_slice(), &[1], &salt]);
        for (octet, mask) in block.iter_mut().zip(mask(digest, &hashed, length)) {
            *octet ^= mask;
        }
        block[0] &= 0xff >> (8 * length - bits);
        Ok(self.apply(&der::concatenate([block.as_slice(), &hashed, &[0xbc]])))
    }

    fn octets(&self) -> usize {
        self.modulus.to_bytes_be().len()
    }

    /// RSASP1, as many octets as the modulus has.
    fn apply(&self, encoded: &[u8]) -> Vec<u8> {
        let signature =
            BigUint::from_bytes_be(encoded).modpow(&self.private_exponent, &self.modulus).to_bytes_be();
        let missing = self.octets().saturating_sub(signature.len());
        der::concatenate([vec![0; missing], signature])
    }
}

/// MGF1 (RFC 8017, B.2.1): at least `length` octets.
fn mask(digest: Digest, seed: &[u8], length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut counter = 0_u32;
    while out.len() < length {
        out.extend(digest.of(&der::concatenate([seed, counter.to_be_bytes().as_slice()])));
        counter += 1;
    }
    out
}
