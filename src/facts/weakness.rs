//! Arithmetic on public keys that shows a weak one. Sound keys are told by remainders of small numbers, so that a rule may
//! ask of every key; long division is left for those that look weak.

use std::sync::LazyLock;

use num_bigint::BigUint;

/// Primes are tried below this bound (NIST SP 800-89 §5.3.3 asks for 752).
const SMALL: u32 = 752;

/// Rounds of Fermat's method (BR 6.1.1.3 asks for 100).
const ROUNDS: u64 = 100;

/// Largest modulus whose square root is taken, in octets: 16,384 bits.
const OCTETS: usize = 2_048;

/// Largest prime of the fingerprint of CVE-2017-15361, which keys of every size have.
const ROCA: u32 = 167;

/// Limbs of 32 bits for which powers are kept: 4,096 bits.
const LIMBS: usize = 128;

/// Primes whose product fits 32 bits, and the powers of 2^32 modulo that product.
struct Group {
    primes: Vec<u32>,
    product: u32,
    powers: Vec<u32>,
}

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let mut groups: Vec<Group> = Vec::new();
    for prime in (2..SMALL).filter(|number| is_prime(*number)) {
        match groups.last_mut().and_then(|group| Some((group.product.checked_mul(prime)?, group))) {
            Some((product, group)) => {
                group.primes.push(prime);
                group.product = product;
            }
            None => groups.push(Group { primes: vec![prime], product: prime, powers: Vec::new() }),
        }
    }
    for group in &mut groups {
        let modulus = u64::from(group.product);
        let next = |power: &u64| Some((power << 32) % modulus);
        let powers = std::iter::successors(Some(1 % modulus), next).take(LIMBS);
        group.powers = powers.map(|power| u32::try_from(power).expect("it is below the product")).collect();
    }
    groups
});

impl Group {
    /// The remainder of a number by the product; limbs from the lowest up.
    fn remainder(&self, limbs: &[u32]) -> u64 {
        let modulus = u64::from(self.product);
        if limbs.len() > LIMBS {
            return limbs.iter().rev().fold(0, |rest, limb| (rest << 32 | u64::from(*limb)) % modulus);
        }
        let (mut low, mut high) = (0_u64, 0_u64);
        for (limb, power) in limbs.iter().zip(&self.powers) {
            let part = u64::from(*limb) * u64::from(*power);
            low += part & 0xffff_ffff;
            high += part >> 32;
        }
        (((high % modulus) << 32) + low % modulus) % modulus
    }
}

fn is_prime(number: u32) -> bool {
    let mut divisors = (2..number).take_while(|divisor| divisor * divisor <= number);
    divisors.all(|divisor| !number.is_multiple_of(divisor))
}

/// A number in limbs of 32 bits, the lowest first, from its octets, the highest first.
fn limbs(octets: &[u8]) -> Vec<u32> {
    let limb = |chunk: &[u8]| chunk.iter().fold(0, |value, octet| value << 8 | u32::from(*octet));
    octets.rchunks(4).map(limb).collect()
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
        group.primes.iter().copied().find(|prime| rest.is_multiple_of(u64::from(*prime)))
    };
    GROUPS.iter().find_map(factor).map_or(0, i64::from)
}

/// Moduli by whose remainders a number is told to be no square.
const SIEVE: [u64; 6] = [64, 63, 65, 11, 17 * 19, 23 * 29];

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
    let below = |number: &BigUint, modulus: u64| u64::try_from(number % modulus).unwrap_or(0);
    let rests = SIEVE.map(|modulus| (modulus, below(&root, modulus), below(&number, modulus)));
    let may_be_square = |round: u64| {
        rests.iter().all(|(modulus, root, number)| {
            let side = (root + round) % modulus;
            is_square_modulo((side * side + modulus - number) % modulus, *modulus)
        })
    };
    (0..ROUNDS).filter(|round| may_be_square(*round)).any(|round| {
        let middle = &root + round;
        let rest = &middle * &middle - &number;
        let side = rest.sqrt();
        // A factor of 1 is no factor.
        &side * &side == rest && &middle - &side > BigUint::from(1_u32)
    })
}

fn is_square_modulo(rest: u64, modulus: u64) -> bool {
    static SQUARES: LazyLock<Vec<Vec<bool>>> = LazyLock::new(|| {
        let squares = |modulus: u64| {
            let mut is_square = vec![false; usize::try_from(modulus).unwrap_or(0)];
            for number in 0..modulus {
                is_square[usize::try_from(number * number % modulus).unwrap_or(0)] = true;
            }
            is_square
        };
        SIEVE.iter().map(|modulus| squares(*modulus)).collect()
    });
    let squares = SIEVE.iter().position(|known| *known == modulus).map(|at| &SQUARES[at]);
    let rest = usize::try_from(rest).unwrap_or(usize::MAX);
    squares.is_none_or(|squares| squares.get(rest).copied().unwrap_or(true))
}

/// Whether a modulus is a power of 65537 modulo each prime to 167, as those of a faulty library of Infineon are
/// (CVE-2017-15361). Of other moduli one in 2^27 is.
#[must_use]
pub fn has_roca_structure(modulus: &[u8]) -> bool {
    let limbs = limbs(modulus);
    let is_power = |prime: u32| {
        let prime = u64::from(prime);
        let rest = limbs.iter().rev().fold(0, |rest, limb| (rest << 32 | u64::from(*limb)) % prime);
        let mut power = 1;
        (0..prime).any(|_| {
            power = power * 65_537 % prime;
            power == rest
        })
    };
    // Modulo 3, 5 and 7 every number is a power: 11 is the first that tells something.
    let mut primes = (11..=ROCA).chain(3..11).filter(|number| is_prime(*number));
    !modulus.is_empty() && primes.all(is_power)
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
            let number = BigUint::from_bytes_be(&octets);
            let limbs = limbs(&octets);
            for group in GROUPS.iter() {
                assert_eq!(BigUint::from(group.remainder(&limbs)), &number % group.product, "{length}");
            }
            let divides = |divisor: &u32| (&number % *divisor) == BigUint::ZERO;
            let smallest = (2..SMALL).find(divides).map_or(0, i64::from);
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
            let square = number * number;
            assert!(SIEVE.iter().all(|modulus| is_square_modulo(square % modulus, *modulus)), "{number}");
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
