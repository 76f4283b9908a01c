//! Reading DER octets element by element, with the place of each. Lenient where
//! clients are (BER lengths), strict about structure. Knows no certificate.

use std::ops::Range;

use der_parser::asn1_rs::{FromBer, Header, Length};

/// A range of octets in the DER of one artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// Offset of the first octet.
    pub start: u32,
    /// Offset behind the last octet.
    pub end: u32,
}

impl Span {
    /// The span as a range of indices.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Why a part of a DER structure does not decode, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The part, as RFC 5280 names it (`validity.notBefore`).
    pub part: &'static str,
    /// What is wrong there, lower case, without a full stop.
    pub reason: &'static str,
    /// Offset of the octet at fault in the artifact's DER.
    pub offset: u32,
}

/// A part that decodes, or the reason why it does not.
pub type Got<T> = Result<T, Malformed>;

/// One element: identifier, place, content.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The first identifier octet; class, constructed bit and number.
    pub tag: u8,
    /// The whole element in the artifact's DER.
    pub span: Span,
    /// Offset of the first content octet.
    pub content_start: u32,
    /// The whole element, header included.
    pub der: &'a [u8],
    /// Its content octets.
    pub content: &'a [u8],
}

/// Universal and context tags that certificates use.
pub mod tag {
    #![expect(missing_docs, reason = "names of X.680")]
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const UTF8_STRING: u8 = 0x0c;
    pub const NUMERIC_STRING: u8 = 0x12;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const TELETEX_STRING: u8 = 0x14;
    pub const IA5_STRING: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const VISIBLE_STRING: u8 = 0x1a;
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    pub const BMP_STRING: u8 = 0x1e;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
}

/// A cursor over the elements that stand in a run of octets.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: u32,
    part: &'static str,
}

impl<'a> Reader<'a> {
    /// A reader over `octets`, the first of which lies at `offset` of the
    /// artifact; faults will be said of `part`.
    #[must_use]
    pub fn new(octets: &'a [u8], offset: u32, part: &'static str) -> Self {
        Self { rest: octets, offset, part }
    }

    /// A reader over the content of an element.
    #[must_use]
    pub fn of(element: &Element<'a>, part: &'static str) -> Self {
        Self::new(element.content, element.content_start, part)
    }

    /// Faults from here on are said of `part`.
    pub fn enter(&mut self, part: &'static str) -> &mut Self {
        self.part = part;
        self
    }

    /// Whether every octet was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Number of octets not read yet.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Identifier of the next element, if there is one.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The fault `reason` at the next octet.
    #[must_use]
    pub fn fault(&self, reason: &'static str) -> Malformed {
        Malformed { part: self.part, reason, offset: self.offset }
    }

    /// Reads the next element, whatever it is.
    ///
    /// # Errors
    /// Where no whole element of definite length stands.
    pub fn any(&mut self) -> Got<Element<'a>> {
        if self.rest.is_empty() {
            return Err(self.fault("is missing"));
        }
        let (header, length) = match short_header(self.rest) {
            Some(read) => read,
            None => self.long_header()?,
        };
        let end = header.checked_add(length).ok_or_else(|| self.fault("has a length beyond all bounds"))?;
        if end > self.rest.len() {
            return Err(self.fault("ends before the length that it states"));
        }
        let (der, rest) = self.rest.split_at(end);
        let element = Element {
            tag: der[0],
            span: Span { start: self.offset, end: self.offset + index(end) },
            content_start: self.offset + index(header),
            der,
            content: &der[header..],
        };
        self.rest = rest;
        self.offset += index(end);
        Ok(element)
    }

    /// Reads the next element, which must carry `tag`.
    ///
    /// # Errors
    /// Where it is missing, cut off or of another type.
    pub fn expect(&mut self, tag: u8) -> Got<Element<'a>> {
        match self.peek() {
            None => Err(self.fault("is missing")),
            Some(found) if found != tag => Err(self.fault(other_type(tag))),
            Some(_) => self.any(),
        }
    }

    /// Reads the next element, which must carry `tag`; one that is cut off is
    /// read as far as it goes, with the fault beside it.
    ///
    /// # Errors
    /// Where it is missing, of another type or without a readable header.
    pub fn expect_cut(&mut self, tag: u8) -> Got<(Element<'a>, Option<Malformed>)> {
        let Err(fault) = self.clone().expect(tag) else {
            return self.expect(tag).map(|element| (element, None));
        };
        let header = match self.peek() {
            Some(found) if found == tag => short_header(self.rest).map_or_else(|| self.long_header(), Ok)?.0,
            _ => return Err(fault),
        };
        let end = self.offset + index(self.rest.len());
        let element = Element {
            tag,
            span: Span { start: self.offset, end },
            content_start: self.offset + index(header),
            der: self.rest,
            content: self.rest.get(header..).unwrap_or_default(),
        };
        self.rest = &[];
        self.offset = end;
        Ok((element, Some(fault)))
    }

    /// Reads the next element if it carries `tag`.
    ///
    /// # Errors
    /// Where it does but is cut off.
    pub fn optional(&mut self, tag: u8) -> Got<Option<Element<'a>>> {
        if self.peek() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// That nothing follows.
    ///
    /// # Errors
    /// Where octets are left.
    pub fn finish(&self) -> Got<()> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.fault("is followed by octets that belong to nothing"))
        }
    }

    /// Headers with long tags or lengths, by der-parser.
    fn long_header(&self) -> Got<(usize, usize)> {
        let (rest, header) =
            Header::from_ber(self.rest).map_err(|_| self.fault("has a header that is no DER"))?;
        match header.length() {
            Length::Definite(length) => Ok((self.rest.len() - rest.len(), length)),
            Length::Indefinite => Err(self.fault("has an indefinite length")),
        }
    }
}

/// The common headers: one identifier octet, a length of one to three octets.
pub(crate) fn short_header(octets: &[u8]) -> Option<(usize, usize)> {
    match *octets {
        [tag, ..] if tag & 0x1f == 0x1f => None,
        [_, length, ..] if length < 0x80 => Some((2, usize::from(length))),
        [_, 0x81, length, ..] => Some((3, usize::from(length))),
        [_, 0x82, high, low, ..] => Some((4, usize::from(high) << 8 | usize::from(low))),
        _ => None,
    }
}

fn other_type(wanted: u8) -> &'static str {
    match wanted {
        tag::SEQUENCE => "is not a SEQUENCE",
        tag::SET => "is not a SET",
        tag::INTEGER => "is not an INTEGER",
        tag::BIT_STRING => "is not a BIT STRING",
        tag::OCTET_STRING => "is not an OCTET STRING",
        tag::OID => "is not an OBJECT IDENTIFIER",
        _ => "is of another type",
    }
}

/// Offsets fit 32 bits: no artifact is longer than `limits::DER_OCTETS`.
pub(crate) fn index(value: usize) -> u32 {
    u32::try_from(value).expect("artifacts are capped below 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_their_place() {
        let mut reader = Reader::new(&[0x30, 0x03, 0x02, 0x01, 0x05, 0x05, 0x00], 10, "x");
        let sequence = reader.expect(tag::SEQUENCE).unwrap();
        assert_eq!(sequence.span, Span { start: 10, end: 15 });
        let inner = Reader::of(&sequence, "x").expect(tag::INTEGER).unwrap();
        assert_eq!((inner.span.start, inner.content), (12, &[5][..]));
        assert!(!reader.is_empty());
        assert_eq!(reader.finish().unwrap_err().offset, 15);
    }

    #[test]
    fn cut_off_and_indefinite_elements_are_refused() {
        assert_eq!(
            Reader::new(&[0x30, 0x05, 0x00], 0, "x").any().unwrap_err().reason,
            "ends before the length that it states"
        );
        assert_eq!(
            Reader::new(&[0x30, 0x80, 0, 0], 0, "x").any().unwrap_err().reason,
            "has an indefinite length"
        );
        assert!(Reader::new(&[0x30, 0x84, 0, 0, 0, 1, 9], 0, "x").any().is_ok());
    }
}
