//! RSASSA-PSS-params (RFC 4055 §3.1): two hashes, a salt length and a trailer field,
//! each with a default.

use super::general_name::saturating_int;
use crate::der::{Element, Got, Reader, tag};

/// Content octets of id-mgf1.
const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];

/// What the parameters say, defaults filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pss {
    /// `hashAlgorithm`; empty where it is unknown.
    pub hash: &'static str,
    /// The hash of `maskGenAlgorithm`; empty where it is unknown.
    pub mask_hash: &'static str,
    /// `saltLength` in octets.
    pub salt_length: i64,
    /// `trailerField`.
    pub trailer_field: i64,
}

impl Pss {
    /// Reads the parameters to their end.
    ///
    /// # Errors
    /// Where they have another form, or another mask than MGF1.
    pub fn read(parameters: &Element<'_>) -> Got<Self> {
        const PART: &str = "parameters";
        let mut fields = Reader::of(parameters, PART);
        if parameters.tag != tag::SEQUENCE {
            return Err(fields.fault("is not a SEQUENCE"));
        }
        let hash = match inner(&mut fields, 0xa0, tag::SEQUENCE)? {
            Some(algorithm) => hash_of(&algorithm)?,
            None => "sha1",
        };
        let mask_hash = match inner(&mut fields, 0xa1, tag::SEQUENCE)? {
            Some(algorithm) => {
                let mut mask = Reader::of(&algorithm, PART);
                if mask.expect(tag::OID)?.content != MGF1 {
                    return Err(mask.fault("has another mask than MGF1"));
                }
                let hash = hash_of(&mask.expect(tag::SEQUENCE)?)?;
                mask.finish()?;
                hash
            }
            None => "sha1",
        };
        let salt_length = inner(&mut fields, 0xa2, tag::INTEGER)?;
        let trailer_field = inner(&mut fields, 0xa3, tag::INTEGER)?;
        fields.finish()?;
        Ok(Self {
            hash,
            mask_hash,
            salt_length: salt_length.map_or(20, |number| saturating_int(number.content)),
            trailer_field: trailer_field.map_or(1, |number| saturating_int(number.content)),
        })
    }

    /// Octets of the hash, 0 where it is unknown.
    #[must_use]
    pub fn hash_octets(&self) -> i64 {
        match self.hash {
            "md5" => 16,
            "sha1" => 20,
            "sha224" => 28,
            "sha256" => 32,
            "sha384" => 48,
            "sha512" => 64,
            _ => 0,
        }
    }
}

/// The one element inside an explicit tag, if the tag is there.
fn inner<'a>(fields: &mut Reader<'a>, explicit: u8, wanted: u8) -> Got<Option<Element<'a>>> {
    let Some(wrapper) = fields.optional(explicit)? else {
        return Ok(None);
    };
    let mut inside = Reader::of(&wrapper, "parameters");
    let element = inside.expect(wanted)?;
    inside.finish()?;
    Ok(Some(element))
}

/// The hash that an `AlgorithmIdentifier` names; its parameters are NULL or absent.
fn hash_of(algorithm: &Element<'_>) -> Got<&'static str> {
    let mut fields = Reader::of(algorithm, "parameters");
    let oid = fields.expect(tag::OID)?;
    fields.optional(tag::NULL)?;
    fields.finish()?;
    Ok(name_of(oid.content))
}

/// The hash of an OID's content octets, empty where it is unknown.
#[must_use]
pub fn name_of(oid: &[u8]) -> &'static str {
    match oid {
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => "sha256",
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => "sha384",
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => "sha512",
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4] => "sha224",
        [0x2b, 0x0e, 3, 2, 26] => "sha1",
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5] => "md5",
        _ => "",
    }
}
