//! What locked things are made of besides octets: small numbers and algorithm
//! identifiers, read from DER. Knows no algorithm.

use super::Fault;
use crate::der::{Element, Reader, tag};
use crate::oid::Oid;

/// An AlgorithmIdentifier (RFC 5280, 4.1.1.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Algorithm<'a> {
    /// Which it is.
    pub(super) oid: Oid<'a>,
    /// Its parameters, if it has any.
    pub(super) parameters: Option<Element<'a>>,
}

impl<'a> Algorithm<'a> {
    /// Reads the next element of `fields`.
    pub(super) fn read(fields: &mut Reader<'a>) -> Result<Self, Fault> {
        Self::of(&fields.expect(tag::SEQUENCE)?)
    }

    /// Reads an element that is at hand.
    pub(super) fn of(element: &Element<'a>) -> Result<Self, Fault> {
        let mut inner = Reader::of(element, "algorithm");
        let oid = Oid(inner.expect(tag::OID)?.content);
        let parameters = if inner.is_empty() { None } else { Some(inner.any()?) };
        Ok(Self { oid, parameters })
    }

    /// A reader over its parameters, which must be a SEQUENCE.
    pub(super) fn fields(&self, part: &'static str) -> Result<Reader<'a>, Fault> {
        match &self.parameters {
            Some(element) if element.tag == tag::SEQUENCE => Ok(Reader::of(element, part)),
            _ => Err(Fault::Malformed(format!("{part} are no SEQUENCE"))),
        }
    }
}

/// A count that is not negative; what does not fit is as large as can be.
pub(super) fn count(element: &Element<'_>) -> Result<u64, Fault> {
    let digits = element.content;
    if digits.first().is_none_or(|first| first & 0x80 != 0) {
        return Err(Fault::Malformed("a count is negative or has no digits".into()));
    }
    let zeros = digits.iter().take_while(|octet| **octet == 0).count();
    if digits.len() - zeros > 8 {
        return Ok(u64::MAX);
    }
    Ok(digits.iter().fold(0, |value, octet| value << 8 | u64::from(*octet)))
}
