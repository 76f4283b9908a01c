//! Moduli of RSA keys that anyone can take apart, put together from known numbers: nobody's private key is told by them.

use num_bigint::BigUint;

use super::Key;
use crate::issue::der;

/// 2048 bits, the product of the two largest primes below 2^1024.
#[must_use]
pub fn modulus_with_close_factors() -> Vec<u8> {
    let below = |less: u32| -> BigUint { (BigUint::from(1_u32) << 1024_u32) - less };
    let modulus: BigUint = below(105) * below(179);
    modulus.to_bytes_be()
}

/// 2048 bits, a power of 65537 modulo the product of the primes to 167, as the keys of CVE-2017-15361 are. No prime below
/// 752 divides it.
#[must_use]
pub fn modulus_of_roca() -> Vec<u8> {
    let is_prime = |number: &u32| (2..*number).all(|divisor| !number.is_multiple_of(divisor));
    let product: BigUint = (2..168).filter(is_prime).product();
    let times: BigUint = (BigUint::from(1_u32) << 2047_u32) / &product + 1_u32;
    let power = BigUint::from(65_537_u32).modpow(&BigUint::from(7_u32), &product);
    let modulus: BigUint = power + product * times;
    modulus.to_bytes_be()
}

/// The modulus of a test key of 2048 bits, which is sound; its 256 octets.
///
/// # Panics
/// Never: the key is one of RSA.
#[must_use]
pub fn sound_modulus() -> Vec<u8> {
    let public = Key::Rsa2048A.private().public_key();
    let modulus = || {
        let (content, _) = der::read_tagged(public, der::tag::SEQUENCE)?;
        let (_, _, rest) = der::read(content)?;
        let (bits, _) = der::read_tagged(rest, der::tag::BIT_STRING)?;
        let (numbers, _) = der::read_tagged(bits.get(1..)?, der::tag::SEQUENCE)?;
        let (modulus, _) = der::read_tagged(numbers, der::tag::INTEGER)?;
        Some(modulus.iter().copied().skip_while(|octet| *octet == 0).collect())
    };
    modulus().expect("an RSA key has a modulus")
}
