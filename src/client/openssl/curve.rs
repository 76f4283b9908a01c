//! Curves that are written out in a key instead of named: whether OpenSSL can
//! build them, and whether the key's point lies on them (`ec_asn1.c`, `ec_oct.c`).
//! Like OpenSSL, it does not ask whether the field is one.

use num_bigint::BigUint;

use super::asn1;
use crate::der::{Element, Reader, tag};

/// id-prime-field and id-characteristic-two-field (RFC 3279, section 2.3.5).
const PRIME_FIELD: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 1, 1];
const BINARY_FIELD: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 1, 2];

/// Largest field, in bits (`OPENSSL_ECC_MAX_FIELD_BITS`).
const MOST_BITS: u64 = 661;

/// A curve over integers below a number.
struct Curve {
    modulus: BigUint,
    a: BigUint,
    b: BigUint,
}

/// Bits of the order of the curve that the parameters describe; `None` where it
/// cannot be built or `point` is not on it. Binary fields are taken as they are.
pub(super) fn order_bits(parameters: &Element<'_>, point: &[u8]) -> Option<u32> {
    let mut fields = Reader::of(parameters, "");
    asn1::integer(fields.expect(tag::INTEGER).ok()?.content).filter(|version| version.len() <= 4)?;
    let field = fields.expect(tag::SEQUENCE).ok()?;
    let coefficients = fields.expect(tag::SEQUENCE).ok()?;
    let base = fields.expect(tag::OCTET_STRING).ok()?.content;
    let order = asn1::integer(fields.expect(tag::INTEGER).ok()?.content)?;
    if let Some(cofactor) = fields.optional(tag::INTEGER).ok()? {
        natural(asn1::integer(cofactor.content)?)?;
    }
    fields.finish().ok()?;
    let order = natural(order)?.bits();
    let mut field = Reader::of(&field, "");
    match field.expect(tag::OID).ok()?.content {
        PRIME_FIELD => {
            let modulus = natural(asn1::integer(field.expect(tag::INTEGER).ok()?.content)?)?;
            field.finish().ok()?;
            let curve = Curve::read(modulus, &coefficients)?;
            let fits = order > 0 && order <= curve.modulus.bits() + 1;
            (fits && curve.takes(base) && curve.takes(point)).then_some(u32::try_from(order).ok()?)
        }
        BINARY_FIELD => u32::try_from(order).ok(),
        _ => None,
    }
}

impl Curve {
    fn read(modulus: BigUint, coefficients: &Element<'_>) -> Option<Self> {
        if modulus.bits() <= 2 || modulus.bits() > MOST_BITS || !modulus.bit(0) {
            return None;
        }
        let mut fields = Reader::of(coefficients, "");
        let mut number =
            || fields.expect(tag::OCTET_STRING).ok().map(|octets| BigUint::from_bytes_be(octets.content));
        let (a, b) = (number()? % &modulus, number()? % &modulus);
        if let Some(seed) = fields.optional(tag::BIT_STRING).ok()? {
            asn1::bits(seed.content).filter(|octets| !octets.is_empty())?;
        }
        fields.finish().ok()?;
        Some(Self { modulus, a, b })
    }

    /// Whether an encoded point lies on the curve (SEC 1, 2.3.4).
    fn takes(&self, point: &[u8]) -> bool {
        let length = usize::try_from(self.modulus.bits().div_ceil(8)).unwrap_or(usize::MAX);
        let Some((form, coordinates)) = point.split_first() else {
            return false;
        };
        let wanted = match form {
            0 => 0,
            2 | 3 => length,
            4 | 6 | 7 => 2 * length,
            _ => return false,
        };
        if coordinates.len() != wanted {
            return false;
        }
        let numbers: Vec<_> = coordinates.chunks(length).map(BigUint::from_bytes_be).collect();
        if numbers.iter().any(|number| *number >= self.modulus) {
            return false;
        }
        match numbers.as_slice() {
            [] => true,
            [x] => self.is_square(&self.right(x)),
            [x, y, ..] => {
                let parity_fits = *form == 4 || y.bit(0) == (*form == 7);
                parity_fits && y * y % &self.modulus == self.right(x)
            }
        }
    }

    /// x³ + ax + b.
    fn right(&self, x: &BigUint) -> BigUint {
        ((x * x + &self.a) * x + &self.b) % &self.modulus
    }

    /// Euler's criterion, right for prime fields.
    fn is_square(&self, number: &BigUint) -> bool {
        let half = (&self.modulus - 1_u8) >> 1;
        let power = number.modpow(&half, &self.modulus);
        power == BigUint::ZERO || power == BigUint::from(1_u8)
    }
}

/// A number that is not negative.
fn natural(content: &[u8]) -> Option<BigUint> {
    content.first().is_some_and(|octet| octet & 0x80 == 0).then(|| BigUint::from_bytes_be(content))
}
