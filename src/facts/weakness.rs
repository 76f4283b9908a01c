//! Arithmetic on public keys that shows a weak one. Costly: asked for by rules
//! that want it, and by no other.

use num_bigint::BigUint;

/// Primes are tried below this bound (NIST SP 800-89 §5.3.3 asks for 752).
const SMALL: u32 = 752;

/// Rounds of Fermat's method (BR 6.1.6.1 asks for 100).
const ROUNDS: usize = 100;

/// Largest modulus whose square root is taken, in octets: 16,384 bits.
const OCTETS: usize = 2_048;

/// The smallest prime below 752 that divides a modulus, 0 for none.
#[must_use]
pub fn small_factor(modulus: &[u8]) -> i64 {
    let divides =
        |divisor: u32| modulus.iter().fold(0, |rest, octet| (rest << 8 | u32::from(*octet)) % divisor) == 0;
    let is_zero = modulus.iter().all(|octet| *octet == 0);
    // The smallest divisor above 1 is a prime.
    let found = if is_zero { None } else { (2..SMALL).find(|divisor| divides(*divisor)) };
    found.map_or(0, i64::from)
}

/// Whether 100 rounds of Fermat's method factor a modulus.
#[must_use]
pub fn has_close_factors(modulus: &[u8]) -> bool {
    let number = BigUint::from_bytes_be(modulus);
    if modulus.len() > OCTETS || !number.bit(0) {
        return false;
    }
    let mut root = number.sqrt();
    if &root * &root < number {
        root += 1_u32;
    }
    for _ in 0..ROUNDS {
        let rest = &root * &root - &number;
        let side = rest.sqrt();
        if &side * &side == rest {
            // A factor of 1 is no factor.
            return &root - &side > BigUint::from(1_u32);
        }
        root += 1_u32;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_factors_are_found() {
        assert_eq!(small_factor(&[0x01, 0x01]), 257);
        assert_eq!(small_factor(&(7_u32 * 65_537).to_be_bytes()), 7);
        assert_eq!(small_factor(&65_537_u32.to_be_bytes()), 0);
        assert_eq!(small_factor(&[0]), 0);
    }

    #[test]
    fn close_primes_are_found_and_distant_ones_are_not() {
        let product = 1_000_003_u64 * 1_000_033;
        assert!(has_close_factors(&product.to_be_bytes()));
        let product = 1_000_003_u64 * 2_147_483_647;
        assert!(!has_close_factors(&product.to_be_bytes()));
    }
}
