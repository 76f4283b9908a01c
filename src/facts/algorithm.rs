//! Algorithm identifiers: RFC 5280 §4.1.1.2 with the tables of RFC 3279, 4055,
//! 5758 and 8410 for what an OID means.

use std::borrow::Cow;

use super::pss::{self, Pss};
use crate::der::{Element, Got, Reader, Span, tag};
use crate::oid::Oid;

/// An `AlgorithmIdentifier`.
#[derive(Clone, Copy, Debug)]
pub struct AlgorithmIdentifier<'a> {
    /// The algorithm.
    pub oid: Oid<'a>,
    /// Its parameters, if any are written.
    pub parameters: Option<Element<'a>>,
    /// The whole element.
    pub der: &'a [u8],
    /// Its place.
    pub span: Span,
    meaning: &'static Meaning,
}

#[derive(Debug)]
struct Meaning {
    oid: &'static [u8],
    name: &'static str,
    family: &'static str,
    hash: &'static str,
}

const fn meaning(
    oid: &'static [u8],
    name: &'static str,
    family: &'static str,
    hash: &'static str,
) -> Meaning {
    Meaning { oid, name, family, hash }
}

static OTHER: Meaning = meaning(&[], "", "other", "");

/// Content octets of the OID of RSASSA-PSS.
pub const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];

static TABLE: &[Meaning] = &[
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], "sha256WithRSAEncryption", "rsa", "sha256"),
    meaning(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], "ecdsa-with-SHA256", "ecdsa", "sha256"),
    meaning(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], "ecdsa-with-SHA384", "ecdsa", "sha384"),
    meaning(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], "ecdsa-with-SHA512", "ecdsa", "sha512"),
    meaning(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1], "ecdsa-with-SHA224", "ecdsa", "sha224"),
    meaning(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], "ecdsa-with-SHA1", "ecdsa", "sha1"),
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], "sha384WithRSAEncryption", "rsa", "sha384"),
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], "sha512WithRSAEncryption", "rsa", "sha512"),
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14], "sha224WithRSAEncryption", "rsa", "sha224"),
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], "sha1WithRSAEncryption", "rsa", "sha1"),
    meaning(&[0x2b, 0x0e, 3, 2, 29], "sha1WithRSAEncryption", "rsa", "sha1"),
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], "md5WithRSAEncryption", "rsa", "md5"),
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 3], "md4WithRSAEncryption", "rsa", "md4"),
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 2], "md2WithRSAEncryption", "rsa", "md2"),
    meaning(RSA_PSS, "rsassaPss", "rsaPss", ""),
    meaning(&[0x2b, 0x65, 0x70], "Ed25519", "eddsa", "sha512"),
    meaning(&[0x2b, 0x65, 0x71], "Ed448", "eddsa", "shake256"),
    meaning(&[0x2b, 0x65, 0x6e], "X25519", "other", ""),
    meaning(&[0x2b, 0x65, 0x6f], "X448", "other", ""),
    meaning(&[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3], "dsa-with-SHA1", "dsa", "sha1"),
    meaning(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 1], "dsa-with-SHA224", "dsa", "sha224"),
    meaning(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2], "dsa-with-SHA256", "dsa", "sha256"),
    meaning(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17], "id-ml-dsa-44", "mldsa", ""),
    meaning(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18], "id-ml-dsa-65", "mldsa", ""),
    meaning(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19], "id-ml-dsa-87", "mldsa", ""),
    meaning(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], "rsaEncryption", "rsa", ""),
    meaning(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1], "id-ecPublicKey", "ecdsa", ""),
];

impl<'a> AlgorithmIdentifier<'a> {
    /// Reads the identifier that `element` holds.
    ///
    /// # Errors
    /// Where it is no sequence of an OID and at most one more element.
    pub fn read(element: &Element<'a>, part: &'static str) -> Got<Self> {
        let mut fields = Reader::of(element, part);
        if element.tag != tag::SEQUENCE {
            return Err(fields.fault("is not a SEQUENCE"));
        }
        let oid = Oid(fields.expect(tag::OID)?.content);
        if !oid.is_well_formed() {
            return Err(fields.fault("holds a malformed OBJECT IDENTIFIER"));
        }
        let parameters = if fields.is_empty() { None } else { Some(fields.any()?) };
        fields.finish()?;
        Ok(Self {
            oid,
            parameters,
            der: element.der,
            span: element.span,
            meaning: TABLE.iter().find(|entry| entry.oid == oid.0).unwrap_or(&OTHER),
        })
    }

    /// Name of the algorithm: the RFC's, else the registry's, else the dotted OID.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        if self.meaning.name.is_empty() {
            self.oid.registered_name().map_or_else(|| self.oid.to_string().into(), Cow::Borrowed)
        } else {
            self.meaning.name.into()
        }
    }

    /// `rsa`, `rsaPss`, `ecdsa`, `eddsa`, `dsa`, `mldsa` or `other`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.meaning.family
    }

    /// `sha256` and so on; empty where the algorithm names none or it is unknown.
    #[must_use]
    pub fn hash(&self) -> &'static str {
        if self.oid.0 == RSA_PSS { pss_hash(self.parameters.as_ref()) } else { self.meaning.hash }
    }

    /// The parameters of RSASSA-PSS, where they decode.
    #[must_use]
    pub fn pss(&self) -> Option<Pss> {
        (self.oid.0 == RSA_PSS).then(|| Pss::read(self.parameters.as_ref()?).ok()).flatten()
    }

    /// `absent`, `null` or `other`.
    #[must_use]
    pub fn parameters_form(&self) -> &'static str {
        match &self.parameters {
            None => "absent",
            Some(element) if element.der == [tag::NULL, 0] => "null",
            Some(_) => "other",
        }
    }
}

/// `hashAlgorithm` of RSASSA-PSS-params (RFC 4055 §3.1), whose default is SHA-1.
fn pss_hash(parameters: Option<&Element<'_>>) -> &'static str {
    let read = || {
        let mut fields = Reader::of(parameters?, "parameters");
        let Some(wrapper) = fields.optional(0xa0).ok()? else {
            return Some("sha1");
        };
        let inner = Reader::of(&wrapper, "hashAlgorithm").expect(tag::SEQUENCE).ok()?;
        let oid = Reader::of(&inner, "hashAlgorithm").expect(tag::OID).ok()?;
        Some(pss::name_of(oid.content))
    };
    read().unwrap_or("")
}
