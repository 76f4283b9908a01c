//! Subject public keys. x509-parser decodes them; sizes are counted here, since
//! its `key_size` rounds to octets.

use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::algorithm::AlgorithmIdentifier;
use crate::der::{Element, Got, Reader, Span, tag};
use crate::input::PublicIdentity;
use crate::input::key::{CURVES, bit_length};

/// A `SubjectPublicKeyInfo`.
#[derive(Clone, Debug)]
pub struct PublicKey<'a> {
    /// Its algorithm.
    pub algorithm: AlgorithmIdentifier<'a>,
    /// `rsa`, `rsaPss`, `ec`, `ed25519`, … or `other`.
    pub kind: &'static str,
    /// Bits of the modulus or of the curve; 0 where unknown.
    pub bits: u32,
    /// Whether `subjectPublicKey` decodes as its algorithm wants, to the last octet.
    pub decodable: bool,
    /// The numbers of an RSA key.
    pub rsa: Option<Rsa<'a>>,
    /// The parameters of an EC key.
    pub ec: Option<Ec>,
    /// Octets of the BIT STRING, without the count of unused bits.
    pub key: &'a [u8],
    /// Unused bits of the BIT STRING.
    pub unused_bits: u8,
    /// The whole element.
    pub der: &'a [u8],
    /// Its place.
    pub span: Span,
}

/// An RSA public key: content octets of its two INTEGERs.
#[derive(Clone, Copy, Debug)]
pub struct Rsa<'a> {
    /// The modulus, as DER writes it.
    pub modulus: &'a [u8],
    /// The public exponent, as DER writes it.
    pub exponent: &'a [u8],
}

/// The parameters of an EC key.
#[derive(Clone, Copy, Debug)]
pub struct Ec {
    /// `named`, `explicit`, `implicit` or `absent` (RFC 5480 §2.1.1).
    pub form: &'static str,
    /// Name of the curve, `other`, or empty where none is named.
    pub curve: &'static str,
}

impl<'a> PublicKey<'a> {
    /// Reads the key that `element` holds.
    ///
    /// # Errors
    /// Where it is no sequence of an algorithm and a BIT STRING.
    pub fn read(element: &Element<'a>) -> Got<Self> {
        const PART: &str = "subjectPublicKeyInfo";
        let mut fields = Reader::of(element, PART);
        if element.tag != tag::SEQUENCE {
            return Err(fields.fault("is not a SEQUENCE"));
        }
        let algorithm = AlgorithmIdentifier::read(&fields.any()?, "subjectPublicKeyInfo.algorithm")?;
        let bits = fields.enter("subjectPublicKeyInfo.subjectPublicKey").expect(tag::BIT_STRING)?;
        let Some((&unused_bits, octets)) = bits.content.split_first() else {
            return Err(fields.fault("is an empty BIT STRING"));
        };
        fields.finish()?;
        let mut key = Self {
            kind: kind_of(algorithm.oid.0),
            algorithm,
            bits: 0,
            decodable: false,
            rsa: None,
            ec: None,
            key: octets,
            unused_bits,
            der: element.der,
            span: element.span,
        };
        key.decode();
        Ok(key)
    }

    /// A form that compares equal for equal keys, for matching private keys.
    #[must_use]
    pub fn identity(&self) -> Option<PublicIdentity> {
        match (self.kind, self.rsa, self.ec) {
            ("rsa" | "rsaPss", Some(rsa), _) => Some(PublicIdentity::rsa(rsa.modulus, rsa.exponent)),
            ("ec", _, Some(ec)) => PublicIdentity::ec(ec.curve, self.key),
            ("ed25519", ..) => Some(PublicIdentity::Ed25519(self.key.to_vec())),
            _ => None,
        }
    }

    fn decode(&mut self) {
        match self.kind {
            "ec" => self.decode_ec(),
            "rsa" | "rsaPss" => self.decode_rsa(),
            "ed25519" | "x25519" => {
                self.bits = 256;
                self.decodable = self.key.len() == 32;
            }
            "ed448" => {
                self.bits = 456;
                self.decodable = self.key.len() == 57;
            }
            "dsa" => {
                let parsed = SubjectPublicKeyInfo::from_der(self.der);
                self.decodable = parsed.is_ok_and(|(_, info)| info.parsed().is_ok());
            }
            _ => self.decodable = true,
        }
        self.decodable &= self.unused_bits == 0;
    }

    fn decode_rsa(&mut self) {
        // x509-parser lets octets follow; the walk sees them.
        let whole = || {
            let mut outer = Reader::new(self.key, 0, "RSAPublicKey");
            let mut fields = Reader::of(&outer.expect(tag::SEQUENCE)?, "RSAPublicKey");
            outer.finish()?;
            fields.expect(tag::INTEGER)?;
            fields.expect(tag::INTEGER)?;
            fields.finish()
        };
        if whole().is_err() {
            return;
        }
        if let Ok((_, parsed)) = x509_parser::public_key::RSAPublicKey::from_der(self.key) {
            self.bits = bit_length(parsed.modulus);
            self.rsa = Some(Rsa { modulus: parsed.modulus, exponent: parsed.exponent });
            self.decodable = !parsed.modulus.is_empty() && !parsed.exponent.is_empty();
        }
    }

    fn decode_ec(&mut self) {
        let (form, curve, bits) = match &self.algorithm.parameters {
            None => ("absent", "", 0),
            Some(element) if element.tag == tag::OID => {
                let known = CURVES.iter().find(|(oid, ..)| *oid == element.content);
                known.map_or(("named", "other", 0), |(_, name, bits)| ("named", name, *bits))
            }
            Some(element) if element.tag == tag::NULL => ("implicit", "", 0),
            Some(_) => ("explicit", "", 0),
        };
        self.ec = Some(Ec { form, curve });
        self.bits = bits;
        let field = bits.div_ceil(8) as usize;
        self.decodable = match self.key.first() {
            Some(4) => bits == 0 || self.key.len() == 1 + 2 * field,
            Some(2 | 3) => bits == 0 || self.key.len() == 1 + field,
            _ => false,
        };
    }
}

fn kind_of(oid: &[u8]) -> &'static str {
    match oid {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1] => "rsa",
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10] => "rsaPss",
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1] => "ec",
        [0x2b, 0x65, 0x6e] => "x25519",
        [0x2b, 0x65, 0x6f] => "x448",
        [0x2b, 0x65, 0x70] => "ed25519",
        [0x2b, 0x65, 0x71] => "ed448",
        [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1] => "dsa",
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17] => "mlDsa44",
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18] => "mlDsa65",
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19] => "mlDsa87",
        _ => "other",
    }
}
