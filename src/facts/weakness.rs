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

/// Bits of the products of primes that remainders are taken by.
const BITS: u32 = 60;

/// So many products of a limb and a number of [`BITS`] bits have a sum below 2^128.
const TOGETHER: usize = 1 << (64 - BITS);

/// Odd primes whose product fits [`BITS`].
struct Group {
    primes: Vec<Prime>,
    product: Modulus,
}

/// An odd number above 256 of at most [`BITS`] bits, and what takes a remainder by it without a division (Montgomery's method).
struct Modulus {
    number: u64,
    /// Its inverse modulo 2^64, negated.
    inverse: u64,
    /// The powers of 2^64 modulo it, times 2^128, which two reductions take away again.
    powers: Vec<u64>,
}

impl Modulus {
    fn new(number: u64) -> Self {
        let wide = u128::from(number);
        let reduce = |value: u128| u64::try_from(value % wide).expect("it is below the modulus");
        let next = |power: &u64| Some(reduce(u128::from(*power) << 64));
        let powers = std::iter::successors(Some(1), next).skip(2).take(LIMBS).collect();
        Self { number, inverse: inverse(number).wrapping_neg(), powers }
    }

    /// The remainder of a number; limbs from the lowest up.
    fn remainder(&self, limbs: &[u64]) -> u64 {
        let modulus = u128::from(self.number);
        if limbs.len() > self.powers.len() {
            let rest = limbs.iter().rev().fold(0, |rest, limb| (rest << 64 | u128::from(*limb)) % modulus);
            return u64::try_from(rest).expect("it is below the modulus");
        }
        let (mut low, mut high) = (0_u128, 0_u128);
        let mut add = |sum: u128| {
            low += sum & u128::from(u64::MAX);
            high += sum >> 64;
        };
        // Of a length that is known, so that the loop is unrolled.
        let (whole, rest) = limbs.as_chunks::<TOGETHER>();
        let (powers, _) = self.powers.as_chunks::<TOGETHER>();
        whole.iter().zip(powers).for_each(|(limbs, powers)| add(products(limbs, powers)));
        add(products(rest, &self.powers[whole.len() * TOGETHER..]));
        // A multiple of the modulus makes the lowest limb zero, which then goes.
        let reduce = |lowest: u64, rest: u128| {
            let multiple = u128::from(lowest.wrapping_mul(self.inverse)) * modulus;
            ((multiple + u128::from(lowest)) >> 64) + rest
        };
        let once = reduce(lowest(low), (low >> 64) + high);
        let twice = reduce(lowest(once), once >> 64);
        u64::try_from(if twice < modulus { twice } else { twice - modulus }).expect("it is below the modulus")
    }
}

/// The sum of the products of limbs; of at most [`TOGETHER`].
#[inline]
fn products(limbs: &[u64], powers: &[u64]) -> u128 {
    limbs.iter().zip(powers).map(|(limb, power)| u128::from(*limb) * u128::from(*power)).sum()
}

/// The lowest limb of a number.
fn lowest(number: u128) -> u64 {
    u64::try_from(number & u128::from(u64::MAX)).expect("it is masked")
}

/// The inverse of an odd number modulo 2^64. Newton's method doubles the right bits: 3, 6, 12, 24, 48, 96.
fn inverse(number: u64) -> u64 {
    (0..5).fold(number, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(number.wrapping_mul(inverse))))
}

/// An odd prime, and what tells its multiples without a division.
struct Prime {
    prime: u64,
    /// Its inverse modulo 2^64.
    inverse: u64,
    /// The largest number whose product with the prime fits 64 bits.
    largest: u64,
    /// The powers of 65537 modulo the prime, one bit each, for primes up to [`ROCA`].
    powers: [u64; 3],
}

impl Prime {
    fn new(prime: u64) -> Self {
        let mut powers = [0; 3];
        if prime <= ROCA {
            let next = |power: &u64| Some(power * 65_537 % prime);
            let length = usize::try_from(prime).unwrap_or(0);
            for power in std::iter::successors(Some(1 % prime), next).take(length) {
                powers[usize::try_from(power / 64).unwrap_or(0)] |= 1 << (power % 64);
            }
        }
        Self { prime, inverse: inverse(prime), largest: u64::MAX / prime, powers }
    }

    fn divides(&self, number: u64) -> bool {
        number.wrapping_mul(self.inverse) <= self.largest
    }

    /// Whether a number is a power of 65537 modulo the prime.
    fn has_power(&self, number: u64) -> bool {
        let rest = number % self.prime;
        self.powers[usize::try_from(rest / 64).unwrap_or(0)] >> (rest % 64) & 1 == 1
    }
}

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let mut groups: Vec<(Vec<Prime>, u64)> = Vec::new();
    for prime in (3..SMALL).filter(|number| is_prime(*number)) {
        match groups.last_mut().and_then(|group| Some((fitting(group.1, prime)?, group))) {
            Some((product, group)) => {
                group.0.push(Prime::new(prime));
                group.1 = product;
            }
            None => groups.push((vec![Prime::new(prime)], prime)),
        }
    }
    let group = |(primes, product)| Group { primes, product: Modulus::new(product) };
    groups.into_iter().map(group).collect()
});

/// The product of two numbers where it fits [`BITS`].
fn fitting(left: u64, right: u64) -> Option<u64> {
    left.checked_mul(right).filter(|product| product >> BITS == 0)
}

fn is_prime(number: u64) -> bool {
    let mut divisors = (2..number).take_while(|divisor| divisor * divisor <= number);
    divisors.all(|divisor| !number.is_multiple_of(divisor))
}

/// A number in limbs of 64 bits, the lowest first, from its octets, the highest first.
fn limbs(octets: &[u8]) -> Vec<u64> {
    let first = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len());
    let (head, whole) = octets[first..].as_rchunks::<8>();
    let mut limbs = Vec::with_capacity(whole.len() + 1);
    limbs.extend(whole.iter().rev().map(|limb| u64::from_be_bytes(*limb)));
    if !head.is_empty() {
        limbs.push(head.iter().fold(0, |value, octet| value << 8 | u64::from(*octet)));
    }
    limbs
}

/// The smallest prime below 752 that divides a modulus, 0 for none.
#[must_use]
pub fn small_factor(modulus: &[u8]) -> i64 {
    let limbs = limbs(modulus);
    match limbs.first() {
        None => return 0,
        Some(lowest) if lowest & 1 == 0 => return 2,
        Some(_) => {}
    }
    let factor = |group: &Group| {
        let rest = group.product.remainder(&limbs);
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

/// Moduli without common factors, whose product fits [`BITS`].
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

static SIEVES: LazyLock<([Sieve; 5], Modulus)> = LazyLock::new(|| {
    let sieve = |modulus: u64| {
        let mut squares = vec![false; usize::try_from(modulus).expect("it is small")];
        for number in 0..modulus {
            squares[usize::try_from(number * number % modulus).expect("it is small")] = true;
        }
        Sieve { modulus, squares }
    };
    (SIEVE.map(sieve), Modulus::new(SIEVE.iter().product()))
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
    let (sieves, product) = &*SIEVES;
    let (root_limbs, limbs) = (limbs(&root.to_be_bytes()), limbs(modulus));
    let (root_rest, rest) = (product.remainder(&root_limbs), product.remainder(&limbs));
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
        let rest = group.product.remainder(&limbs);
        group.primes.iter().all(|prime| prime.prime > ROCA || prime.has_power(rest))
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
                assert_eq!(group.product.remainder(&limbs), &number % group.product.number, "{length}");
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
