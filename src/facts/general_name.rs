//! General names and the subtrees of name constraints (RFC 5280 §4.2.1.6, §4.2.1.10).

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::name::{Name, hex};
use crate::der::{Element, Got, Malformed, Reader, Span, tag};
use crate::limits;
use crate::oid::Oid;

/// A `GeneralName`.
#[derive(Clone, Copy, Debug)]
pub struct GeneralName<'a> {
    /// Its choice, as RFC 5280 names it.
    pub kind: &'static str,
    /// Content octets of the choice.
    pub content: &'a [u8],
    /// The whole element.
    pub span: Span,
    content_start: u32,
}

/// A `GeneralSubtree` of name constraints.
#[derive(Clone, Copy, Debug)]
pub struct Subtree<'a> {
    /// Its base.
    pub base: GeneralName<'a>,
    /// `minimum`, 0 where it is not written.
    pub minimum: i64,
    /// `maximum`, if it is written.
    pub maximum: Option<i64>,
    /// The whole element.
    pub span: Span,
}

impl<'a> GeneralName<'a> {
    /// Reads one general name.
    ///
    /// # Errors
    /// Where the element is none of the nine choices.
    pub fn read(element: &Element<'a>, part: &'static str) -> Got<Self> {
        let kind = match element.tag {
            0xa0 => "otherName",
            0x81 => "rfc822Name",
            0x82 => "dNSName",
            0xa3 => "x400Address",
            0xa4 => "directoryName",
            0xa5 => "ediPartyName",
            0x86 => "uniformResourceIdentifier",
            0x87 => "iPAddress",
            0x88 => "registeredID",
            _ => {
                return Err(Malformed {
                    part,
                    reason: "holds an element that is no GeneralName",
                    offset: element.span.start,
                });
            }
        };
        let name =
            Self { kind, content: element.content, span: element.span, content_start: element.content_start };
        if kind == "directoryName" {
            name.directory(part)?;
        }
        Ok(name)
    }

    /// Reads a `GeneralNames` content to its end.
    ///
    /// # Errors
    /// Where an element is no general name.
    pub fn read_all(mut names: Reader<'a>, part: &'static str) -> Got<Vec<Self>> {
        let mut read = Vec::new();
        while !names.is_empty() {
            if read.len() == limits::LIST_ITEMS {
                return Err(names.fault("has more names than are looked at"));
            }
            read.push(Self::read(&names.any()?, part)?);
        }
        Ok(read)
    }

    /// The distinguished name of a `directoryName`.
    ///
    /// # Errors
    /// Where it holds none.
    pub fn directory(&self, part: &'static str) -> Got<Name<'a>> {
        Name::read(&Reader::new(self.content, self.content_start, part).any()?, part)
    }

    /// Type of an otherName, and its value where that is a `UTF8String`.
    #[must_use]
    pub fn other(&self) -> Option<(Oid<'a>, Option<&'a [u8]>)> {
        if self.kind != "otherName" {
            return None;
        }
        let mut fields = Reader::new(self.content, self.content_start, "otherName");
        let oid = fields.expect(tag::OID).ok()?.content;
        let value = fields.expect(0xa0).ok()?;
        let inner = Reader::of(&value, "otherName").any().ok()?;
        Some((Oid(oid), (inner.tag == tag::UTF8_STRING).then_some(inner.content)))
    }

    /// The name as people read it: IA5 text as Latin-1, addresses in their usual
    /// form, names by RFC 4514, OIDs dotted, anything else as hex.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        match self.kind {
            "rfc822Name" | "dNSName" | "uniformResourceIdentifier" => {
                std::str::from_utf8(self.content).ok().filter(|text| text.is_ascii()).map_or_else(
                    || self.content.iter().map(|octet| char::from(*octet)).collect::<String>().into(),
                    Cow::Borrowed,
                )
            }
            "iPAddress" => address(self.content).into(),
            "directoryName" => {
                self.directory("directoryName").map(|name| name.text()).unwrap_or_default().into()
            }
            "registeredID" => Oid(self.content).to_string().into(),
            _ => hex(self.content).into(),
        }
    }
}

impl<'a> Subtree<'a> {
    /// Reads a `GeneralSubtrees` content to its end.
    ///
    /// # Errors
    /// Where a subtree has another form.
    pub fn read_all(mut trees: Reader<'a>) -> Got<Vec<Self>> {
        const PART: &str = "nameConstraints";
        let mut read = Vec::new();
        while !trees.is_empty() {
            if read.len() == limits::LIST_ITEMS {
                return Err(trees.fault("has more subtrees than are looked at"));
            }
            let element = trees.expect(tag::SEQUENCE)?;
            let mut fields = Reader::of(&element, PART);
            let base = GeneralName::read(&fields.any()?, PART)?;
            let minimum = fields.optional(0x80)?.map_or(0, |value| saturating_int(value.content));
            let maximum = fields.optional(0x81)?.map(|value| saturating_int(value.content));
            fields.finish()?;
            read.push(Self { base, minimum, maximum, span: element.span });
        }
        Ok(read)
    }

    /// `ipv4` or `ipv6`, by the octets of an iPAddress with its mask (RFC 5280 §4.2.1.10); empty for others.
    #[must_use]
    pub fn address_family(&self) -> &'static str {
        match (self.base.kind, self.base.content.len()) {
            ("iPAddress", 8) => "ipv4",
            ("iPAddress", 32) => "ipv6",
            _ => "",
        }
    }

    /// Whether the mask of an iPAddress subtree is ones, then zeros; true for other names.
    #[must_use]
    pub fn is_mask_contiguous(&self) -> bool {
        if self.base.kind != "iPAddress" {
            return true;
        }
        let mask = &self.base.content[self.base.content.len() / 2..];
        let ones =
            mask.iter().map(|octet| octet.leading_ones() as usize).take_while(|ones| *ones == 8).count();
        mask.get(ones).is_none_or(|octet| octet.leading_ones() + octet.trailing_zeros().min(8) >= 8)
            && mask.iter().skip(ones + 1).all(|octet| *octet == 0)
    }
}

/// A two's complement integer, held at the bounds of 64 bits where it is larger.
#[must_use]
pub fn saturating_int(content: &[u8]) -> i64 {
    let negative = content.first().is_some_and(|octet| octet & 0x80 != 0);
    let filler = if negative { 0xff } else { 0 };
    let digits = {
        let padding = content.iter().take_while(|octet| **octet == filler).count();
        &content[padding..]
    };
    if digits.len() > 8 || (digits.len() == 8 && (digits[0] & 0x80 != 0) != negative) {
        return if negative { i64::MIN } else { i64::MAX };
    }
    let start = if negative { -1 } else { 0 };
    digits.iter().fold(start, |value: i64, octet| value << 8 | i64::from(*octet))
}

fn address(octets: &[u8]) -> String {
    let one = |octets: &[u8]| -> Option<String> {
        if let Ok(quad) = <[u8; 4]>::try_from(octets) {
            return Some(Ipv4Addr::from(quad).to_string());
        }
        <[u8; 16]>::try_from(octets).ok().map(|octets| Ipv6Addr::from(octets).to_string())
    };
    one(octets)
        .or_else(|| {
            let (net, mask) = octets.split_at_checked(octets.len() / 2)?;
            Some(format!("{}/{}", one(net)?, one(mask)?)).filter(|_| matches!(octets.len(), 8 | 32))
        })
        .unwrap_or_else(|| hex(octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_saturate() {
        assert_eq!(saturating_int(&[0xfb]), -5);
        assert_eq!(saturating_int(&[0, 0xff]), 255);
        assert_eq!(saturating_int(&[0x7f; 9]), i64::MAX);
        assert_eq!(saturating_int(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0]), i64::MIN);
        assert_eq!(saturating_int(&[]), 0);
    }

    #[test]
    fn addresses_have_their_usual_form() {
        assert_eq!(address(&[10, 0, 0, 0, 255, 0, 0, 0]), "10.0.0.0/255.0.0.0");
        assert_eq!(address(&[1, 2, 3, 4]), "1.2.3.4");
        assert_eq!(address(&[0; 5]), "0000000000");
    }
}
