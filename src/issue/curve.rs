//! The parameters of P-256 written out, where a name would do (RFC 3279, 2.3.5): RFC 5480 forbids it, OpenSSL refuses it in
//! strict chains.

use super::{der, oid};

/// A number of 256 bits in groups of 64, the highest first.
type Number = [u64; 4];

const PRIME: Number = [0xffff_ffff_0000_0001, 0, 0x0000_0000_ffff_ffff, 0xffff_ffff_ffff_ffff];
const A: Number = [0xffff_ffff_0000_0001, 0, 0x0000_0000_ffff_ffff, 0xffff_ffff_ffff_fffc];
const B: Number =
    [0x5ac6_35d8_aa3a_93e7, 0xb3eb_bd55_7698_86bc, 0x651d_06b0_cc53_b0f6, 0x3bce_3c3e_27d2_604b];
const X: Number =
    [0x6b17_d1f2_e12c_4247, 0xf8bc_e6e5_63a4_40f2, 0x7703_7d81_2deb_33a0, 0xf4a1_3945_d898_c296];
const Y: Number =
    [0x4fe3_42e2_fe1a_7f9b, 0x8ee7_eb4a_7c0f_9e16, 0x2bce_3357_6b31_5ece, 0xcbb6_4068_37bf_51f5];
const ORDER: Number =
    [0xffff_ffff_0000_0000, 0xffff_ffff_ffff_ffff, 0xbce6_faad_a717_9e84, 0xf3b9_cac2_fc63_2551];
/// The seed that the curve was drawn with; it is optional.
const SEED: [u8; 20] = [
    0xc4, 0x9d, 0x36, 0x08, 0x86, 0xe7, 0x04, 0x93, 0x6a, 0x66, 0x78, 0xe1, 0x13, 0x9d, 0x26, 0xb7, 0x81,
    0x9f, 0x7e, 0x90,
];

/// `SubjectPublicKeyInfo` of a key on P-256 with the parameters of the curve written out, from an encoded point, which is
/// not checked.
#[must_use]
pub fn explicit_p256_public_key(point: &[u8]) -> Vec<u8> {
    let field = der::sequence([der::oid(oid::PRIME_FIELD), der::unsigned_octets(&octets(PRIME))]);
    let curve =
        der::sequence([der::octet_string(&octets(A)), der::octet_string(&octets(B)), der::bit_string(&SEED)]);
    let generator = der::octet_string(&der::concatenate([vec![4], octets(X), octets(Y)]));
    let (version, cofactor) = (der::unsigned(1), der::unsigned(1));
    let parameters =
        der::sequence([version, field, curve, generator, der::unsigned_octets(&octets(ORDER)), cofactor]);
    der::sequence([der::sequence([der::oid(oid::EC), parameters]), der::bit_string(point)])
}

fn octets(number: Number) -> Vec<u8> {
    number.into_iter().flat_map(u64::to_be_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::pem;

    /// Written by `openssl ec -pubout -param_enc explicit`.
    const BY_OPENSSL: &str = include_str!("../../fixtures/keys/formats/p256-c-explicit-public.pem");

    #[test]
    fn parameters_are_those_that_openssl_writes() {
        let theirs = pem::decode(BY_OPENSSL, "PUBLIC KEY").expect("the file is sound");
        let point = &theirs[theirs.len() - 65..];
        assert_eq!(explicit_p256_public_key(point), theirs);
    }
}
