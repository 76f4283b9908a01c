//! Arithmetic on public keys that shows a weak one. Sound keys are told by remainders of small numbers, so that a rule may
//! ask of every key; long division is left for those that look weak.

use std::sync::LazyLock;

use dashu_base::{BitTest as _, SquareRootRem as _};
use dashu_int::UBig;

/// Primes are tried below this bound (NIST SP 800-89 §5.3.3 asks for 752).
const SMALL: u64 = 752;

/// Rounds of Fermat's method (BR 6.1.1.3 asks for 100).
const ROUNDS: u64 = 100;

/// Largest modulus whose square root is taken, in octets: 16,384 bits.
const OCTETS: usize = 2_048;

/// Largest prime of the fingerprint of CVE-2017-15361, which keys of every size have.
const ROCA: u64 = 167;

/// Limbs of 64 bits for which powers are kept: 4,096 bits.
const LIMBS: usize = 64;

/// Primes whose product fits 64 bits, and the powers of 2^64 modulo that product.
struct Group {
    primes: Vec<Prime>,
    product: u64,
    powers: Vec<u64>,
}

/// A prime, and what tells its multiples without a division.
struct Prime {
    prime: u64,
    /// Its inverse modulo 2^64; 0 for 2, which has none.
    inverse: u64,
    /// The largest number whose product with the prime fits 64 bits.
    largest: u64,
    /// The powers of 65537 modulo the prime, one bit each, for primes up to [`ROCA`].
    powers: [u64; 3],
}

impl Prime {
    fn new(prime: u64) -> Self {
        // Newton's method doubles the right bits: 3, 6, 12, 24, 48, 96.
        let inverse = (0..5)
            .fold(prime, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(prime.wrapping_mul(inverse))));
        let mut powers = [0; 3];
        if prime <= ROCA {
            let next = |power: &u64| Some(power * 65_537 % prime);
            let length = usize::try_from(prime).unwrap_or(0);
            for power in std::iter::successors(Some(1 % prime), next).take(length) {
                powers[usize::try_from(power / 64).unwrap_or(0)] |= 1 << (power % 64);
            }
        }
        Self { prime, inverse: if prime == 2 { 0 } else { inverse }, largest: u64::MAX / prime, powers }
    }

    fn divides(&self, number: u64) -> bool {
        match self.inverse {
            0 => number & 1 == 0,
            inverse => number.wrapping_mul(inverse) <= self.largest,
        }
    }

    /// Whether a number is a power of 65537 modulo the prime.
    fn has_power(&self, number: u64) -> bool {
        let rest = number % self.prime;
        self.powers[usize::try_from(rest / 64).unwrap_or(0)] >> (rest % 64) & 1 == 1
    }
}

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let mut groups: Vec<Group> = Vec::new();
    for prime in (2..SMALL).filter(|number| is_prime(*number)) {
        match groups.last_mut().and_then(|group| Some((group.product.checked_mul(prime)?, group))) {
            Some((product, group)) => {
                group.primes.push(Prime::new(prime));
                group.product = product;
            }
            None => groups.push(Group::new(vec![Prime::new(prime)], prime)),
        }
    }
    for group in &mut groups {
        group.powers = powers(group.product);
    }
    groups
});

/// The powers of 2^64 modulo a number.
fn powers(modulus: u64) -> Vec<u64> {
    let reduce = |number: u128| u64::try_from(number % u128::from(modulus)).expect("it is below the modulus");
    let next = |power: &u64| Some(reduce(u128::from(*power) << 64));
    std::iter::successors(Some(1 % modulus), next).take(LIMBS).collect()
}

impl Group {
    fn new(primes: Vec<Prime>, product: u64) -> Self {
        Self { primes, product, powers: Vec::new() }
    }

    /// The remainder of a number by the product; limbs from the lowest up.
    fn remainder(&self, limbs: &[u64]) -> u64 {
        remainder(limbs, self.product, &self.powers)
    }
}

/// The remainder of a number; `powers` are those of 2^64 modulo the modulus.
fn remainder(limbs: &[u64], modulus: u64, powers: &[u64]) -> u64 {
    let wide = u128::from(modulus);
    let reduced = if limbs.len() > powers.len() {
        limbs.iter().rev().fold(0, |rest, limb| (rest << 64 | u128::from(*limb)) % wide)
    } else {
        let (mut low, mut high) = (0_u128, 0_u128);
        for (limb, power) in limbs.iter().zip(powers) {
            let part = u128::from(*limb) * u128::from(*power);
            low += part & u128::from(u64::MAX);
            high += part >> 64;
        }
        (((high % wide) << 64) + low % wide) % wide
    };
    u64::try_from(reduced).expect("it is below the modulus")
}

fn is_prime(number: u64) -> bool {
    let mut divisors = (2..number).take_while(|divisor| divisor * divisor <= number);
    divisors.all(|divisor| !number.is_multiple_of(divisor))
}

/// A number in limbs of 64 bits, the lowest first, from its octets, the highest first.
fn limbs(octets: &[u8]) -> Vec<u64> {
    let limb = |chunk: &[u8]| chunk.iter().fold(0, |value, octet| value << 8 | u64::from(*octet));
    let first = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len());
    octets[first..].rchunks(8).map(limb).collect()
}

/// The smallest prime below 752 that divides a modulus, 0 for none.
#[must_use]
pub fn small_factor(modulus: &[u8]) -> i64 {
    if modulus.iter().all(|octet| *octet == 0) {
        return 0;
    }
    let limbs = limbs(modulus);
    let factor = |group: &Group| {
        let rest = group.remainder(&limbs);
        group.primes.iter().find(|prime| prime.divides(rest)).map(|prime| prime.prime)
    };
    GROUPS.iter().find_map(factor).and_then(|prime| i64::try_from(prime).ok()).unwrap_or(0)
}

/// A modulus by whose remainders most numbers are told to be no square.
struct Sieve {
    modulus: u64,
    /// Which remainders squares have.
    squares: Vec<bool>,
}

/// Moduli without common factors, whose product fits 64 bits.
const SIEVE: [u64; 5] = [63, 65, 11, 17 * 19, 23 * 29];

/// The remainders of squares modulo 64, one bit each.
const SQUARES_MODULO_64: u64 = {
    let (mut squares, mut number) = (0, 0_u64);
    while number < 64 {
        squares |= 1 << (number * number % 64);
        number += 1;
    }
    squares
};

static SIEVES: LazyLock<([Sieve; 5], u64, Vec<u64>)> = LazyLock::new(|| {
    let sieve = |modulus: u64| {
        let mut squares = vec![false; usize::try_from(modulus).expect("it is small")];
        for number in 0..modulus {
            squares[usize::try_from(number * number % modulus).expect("it is small")] = true;
        }
        Sieve { modulus, squares }
    };
    let product = SIEVE.iter().product();
    (SIEVE.map(sieve), product, powers(product))
});

impl Sieve {
    /// Whether a number may be a square.
    fn lets_pass(&self, number: u64) -> bool {
        self.squares[usize::try_from(number % self.modulus).expect("it is small")]
    }
}

/// Whether 100 rounds of Fermat's method factor a modulus.
#[must_use]
pub fn has_close_factors(modulus: &[u8]) -> bool {
    let number = UBig::from_be_bytes(modulus);
    if modulus.len() > OCTETS || !number.bit(0) {
        return false;
    }
    let (floor, rest) = number.sqrt_rem();
    let root = if rest.is_zero() { floor } else { floor + 1_u8 };
    let (sieves, product, powers) = &*SIEVES;
    let (root_limbs, limbs) = (limbs(&root.to_be_bytes()), limbs(modulus));
    let root_rest = remainder(&root_limbs, *product, powers);
    let rest = remainder(&limbs, *product, powers);
    let sides = sieves.each_ref().map(|sieve| (sieve, root_rest % sieve.modulus, rest % sieve.modulus));
    let may_be_square = |round: u64| {
        let middle = root_limbs[0].wrapping_add(round);
        let lowest = middle.wrapping_mul(middle).wrapping_sub(limbs[0]);
        let passes = |(sieve, root, number): &(&Sieve, u64, u64)| {
            let middle = root + round;
            sieve.lets_pass(middle * middle + sieve.modulus - number)
        };
        SQUARES_MODULO_64 >> (lowest % 64) & 1 == 1 && sides.iter().all(passes)
    };
    (0..ROUNDS).filter(|round| may_be_square(*round)).any(|round| {
        let middle = &root + round;
        let (side, rest) = (&middle * &middle - &number).sqrt_rem();
        // A factor of 1 is no factor.
        rest.is_zero() && middle - side > UBig::ONE
    })
}

/// Whether a modulus is a power of 65537 modulo each prime to 167, as those of a faulty library of Infineon are
/// (CVE-2017-15361). Of other moduli one in 2^27 is.
#[must_use]
pub fn has_roca_structure(modulus: &[u8]) -> bool {
    let limbs = limbs(modulus);
    let is_power = |group: &Group| {
        let rest = group.remainder(&limbs);
        group.primes.iter().all(|prime| prime.prime == 2 || prime.prime > ROCA || prime.has_power(rest))
    };
    let is_asked = |group: &&Group| group.primes.first().is_some_and(|prime| prime.prime <= ROCA);
    !modulus.is_empty() && GROUPS.iter().take_while(is_asked).all(is_power)
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
        assert_eq!(small_factor(&[]), 0);
    }

    #[test]
    fn remainders_are_those_of_long_division() {
        for length in [1, 4, 5, 255, 256, 257, 511, 512, 513, 2_048] {
            let octets: Vec<u8> =
                (1..=length).map(|at: u32| u8::try_from(at * at % 251).unwrap_or(0) | 1).collect();
            let number = UBig::from_be_bytes(&octets);
            let limbs = limbs(&octets);
            for group in GROUPS.iter() {
                assert_eq!(group.remainder(&limbs), &number % group.product, "{length}");
            }
            let divides = |divisor: &u64| &number % *divisor == 0;
            let smallest = (2..SMALL).find(divides).unwrap_or(0);
            let smallest = i64::try_from(smallest).expect("it is small");
            assert_eq!(small_factor(&octets), smallest, "{length}");
        }
    }

    #[test]
    fn close_primes_are_found_and_distant_ones_are_not() {
        let product = 1_000_003_u64 * 1_000_033;
        assert!(has_close_factors(&product.to_be_bytes()));
        let product = 1_000_003_u64 * 2_147_483_647;
        assert!(!has_close_factors(&product.to_be_bytes()));
    }

    #[test]
    fn the_sieve_lets_every_square_pass() {
        for number in 0..2_000_u64 {
            assert!(SIEVES.0.iter().all(|sieve| sieve.lets_pass(number * number)), "{number}");
        }
    }

    #[test]
    fn powers_of_65537_have_the_structure_and_few_others_do() {
        assert!(has_roca_structure(&65_537_u64.pow(3).to_be_bytes()));
        assert!(!has_roca_structure(&(65_537_u64.pow(3) + 2).to_be_bytes()));
        assert!(!has_roca_structure(&[]));
        let moduli = (1_u32 << 30..).step_by(2).take(10_000);
        assert_eq!(moduli.filter(|modulus| has_roca_structure(&modulus.to_be_bytes())).count(), 0);
    }
}
