//! General names, key identifiers and constraints in the forms that OpenSSL
//! decodes them to (`v3_genn.c`, `v3_akeya.c`, `v3_ncons.c`, `v3_crld.c`).

use super::asn1;
use super::name::Name;
use crate::der::{Element, Reader, tag};

/// A `GeneralName`.
#[derive(Debug)]
pub(super) enum General<'a> {
    /// `otherName`: its type, the tag of its value, the value's content.
    Other(&'a [u8], u8, &'a [u8]),
    Email(&'a [u8]),
    Dns(&'a [u8]),
    X400,
    Directory(Name<'a>),
    Edi,
    Uri(&'a [u8]),
    Address(&'a [u8]),
    Registered,
}

/// An authority key identifier.
#[derive(Debug)]
pub(super) struct Authority<'a> {
    pub(super) key: Option<&'a [u8]>,
    pub(super) issuer: Option<Vec<General<'a>>>,
    pub(super) serial: Option<&'a [u8]>,
}

/// Name constraints.
#[derive(Debug, Default)]
pub(super) struct Constraints<'a> {
    pub(super) permitted: Vec<Subtree<'a>>,
    pub(super) excluded: Vec<Subtree<'a>>,
}

/// One subtree.
#[derive(Debug)]
pub(super) struct Subtree<'a> {
    pub(super) base: General<'a>,
    /// Content of `minimum`, if it is written.
    pub(super) minimum: Option<&'a [u8]>,
    /// Whether `maximum` is written.
    pub(super) maximum: bool,
}

impl<'a> General<'a> {
    /// Reads one general name.
    pub(super) fn read(element: &Element<'a>) -> Option<Self> {
        let content = element.content;
        Some(match element.tag {
            0xa0 => Self::read_other(element)?,
            0x81 => Self::Email(content),
            0x82 => Self::Dns(content),
            0xa3 => Self::X400,
            0xa4 => Self::Directory(Name::read(&asn1::explicit(element)?)?),
            0xa5 => Self::read_edi(element)?,
            0x86 => Self::Uri(content),
            0x87 => Self::Address(content),
            0x88 => asn1::oid(content).map(|_| Self::Registered)?,
            _ => return None,
        })
    }

    /// Reads general names to the end.
    pub(super) fn read_all(mut names: Reader<'a>) -> Option<Vec<Self>> {
        let mut read = Vec::new();
        while !names.is_empty() {
            read.push(Self::read(&names.any().ok()?)?);
        }
        Some(read)
    }

    /// Number of the choice.
    pub(super) fn choice(&self) -> u8 {
        match self {
            Self::Other(..) => 0,
            Self::Email(_) => 1,
            Self::Dns(_) => 2,
            Self::X400 => 3,
            Self::Directory(_) => 4,
            Self::Edi => 5,
            Self::Uri(_) => 6,
            Self::Address(_) => 7,
            Self::Registered => 8,
        }
    }

    fn read_other(element: &Element<'a>) -> Option<Self> {
        let mut fields = Reader::of(element, "");
        let oid = asn1::oid(fields.expect(tag::OID).ok()?.content)?;
        let value = asn1::explicit(&fields.expect(0xa0).ok()?)?;
        fields.finish().ok()?;
        asn1::any(&value, true)?;
        Some(Self::Other(oid, value.tag, value.content))
    }

    fn read_edi(element: &Element<'a>) -> Option<Self> {
        let is_text = |wrapper: &Element<'a>| {
            let text = asn1::explicit(wrapper)?;
            matches!(text.tag, 12 | 19 | 20 | 28 | 30).then_some(())
        };
        let mut fields = Reader::of(element, "");
        if let Some(assigner) = fields.optional(0xa0).ok()? {
            is_text(&assigner)?;
        }
        is_text(&fields.expect(0xa1).ok()?)?;
        fields.finish().ok()?;
        Some(Self::Edi)
    }
}

impl<'a> Authority<'a> {
    pub(super) fn read(value: &'a [u8]) -> Option<Self> {
        let mut fields = asn1::first_sequence(value)?;
        let key = fields.optional(0x80).ok()?.map(|element| element.content);
        let issuer = match fields.optional(0xa1).ok()? {
            Some(names) => Some(General::read_all(Reader::of(&names, ""))?),
            None => None,
        };
        let serial = match fields.optional(0x82).ok()? {
            Some(number) => Some(asn1::integer(number.content)?),
            None => None,
        };
        fields.finish().ok()?;
        Some(Self { key, issuer, serial })
    }
}

impl<'a> Constraints<'a> {
    pub(super) fn read(value: &'a [u8]) -> Option<Self> {
        let mut fields = asn1::first_sequence(value)?;
        let mut list = |tag| match fields.optional(tag).ok()? {
            Some(element) => Subtree::read_all(Reader::of(&element, "")),
            None => Some(Vec::new()),
        };
        let read = Self { permitted: list(0xa0)?, excluded: list(0xa1)? };
        fields.finish().ok()?;
        Some(read)
    }
}

impl<'a> Subtree<'a> {
    fn read_all(mut trees: Reader<'a>) -> Option<Vec<Self>> {
        let mut read = Vec::new();
        while !trees.is_empty() {
            let element = trees.expect(tag::SEQUENCE).ok()?;
            let mut fields = Reader::of(&element, "");
            let base = General::read(&fields.any().ok()?)?;
            let minimum = match fields.optional(0x80).ok()? {
                Some(number) => Some(asn1::integer(number.content)?),
                None => None,
            };
            let maximum = match fields.optional(0x81).ok()? {
                Some(number) => asn1::integer(number.content).map(|_| true)?,
                None => false,
            };
            fields.finish().ok()?;
            read.push(Self { base, minimum, maximum });
        }
        Some(read)
    }
}

/// Whether distribution points decode, and whether each names a place or a CRL issuer.
pub(super) fn points(value: &[u8]) -> Option<bool> {
    let mut list = asn1::first_sequence(value)?;
    let mut all_named = true;
    while !list.is_empty() {
        let point = list.expect(tag::SEQUENCE).ok()?;
        let mut fields = Reader::of(&point, "");
        let name = fields.optional(0xa0).ok()?;
        if let Some(name) = &name {
            point_name(&asn1::explicit(name)?)?;
        }
        if let Some(reasons) = fields.optional(0x81).ok()? {
            asn1::bits(reasons.content)?;
        }
        let issuers = match fields.optional(0xa2).ok()? {
            Some(names) => General::read_all(Reader::of(&names, ""))?.len(),
            None => 0,
        };
        fields.finish().ok()?;
        all_named &= name.is_some() || issuers > 0;
    }
    Some(all_named)
}

fn point_name(choice: &Element<'_>) -> Option<()> {
    match choice.tag {
        0xa0 => General::read_all(Reader::of(choice, "")).map(|_| ()),
        0xa1 => {
            let mut attributes = Reader::of(choice, "");
            while !attributes.is_empty() {
                let attribute = attributes.expect(tag::SEQUENCE).ok()?;
                let mut fields = Reader::of(&attribute, "");
                asn1::oid(fields.expect(tag::OID).ok()?.content)?;
                fields.any().ok()?;
                fields.finish().ok()?;
            }
            Some(())
        }
        _ => None,
    }
}

/// Whether proxyCertInfo decodes, and its path length (-1 for none).
pub(super) fn proxy(value: &[u8]) -> Option<i64> {
    let mut fields = asn1::first_sequence(value)?;
    let length = match fields.optional(tag::INTEGER).ok()? {
        Some(number) => asn1::small(asn1::integer(number.content)?),
        None => -1,
    };
    let policy = fields.expect(tag::SEQUENCE).ok()?;
    fields.finish().ok()?;
    let mut inner = Reader::of(&policy, "");
    asn1::oid(inner.expect(tag::OID).ok()?.content)?;
    inner.optional(tag::OCTET_STRING).ok()?;
    inner.finish().ok()?;
    Some(length)
}

/// Whether ipAddrBlocks decode (RFC 3779, section 2.2.3).
pub(super) fn address_blocks(value: &[u8]) -> Option<()> {
    let mut families = asn1::first_sequence(value)?;
    while !families.is_empty() {
        let family = families.expect(tag::SEQUENCE).ok()?;
        let mut fields = Reader::of(&family, "");
        fields.expect(tag::OCTET_STRING).ok()?;
        resources(&fields.any().ok()?, tag::BIT_STRING)?;
        fields.finish().ok()?;
    }
    Some(())
}

/// Whether autonomousSysIds decode (RFC 3779, section 3.2.3).
pub(super) fn system_numbers(value: &[u8]) -> Option<()> {
    let mut fields = asn1::first_sequence(value)?;
    for choice in [0xa0, 0xa1] {
        if let Some(wrapper) = fields.optional(choice).ok()? {
            resources(&asn1::explicit(&wrapper)?, tag::INTEGER)?;
        }
    }
    fields.finish().ok()
}

/// `inherit`, or a sequence of single values and ranges of type `single`.
fn resources(choice: &Element<'_>, single: u8) -> Option<()> {
    if choice.tag == tag::NULL {
        return choice.content.is_empty().then_some(());
    }
    if choice.tag != tag::SEQUENCE {
        return None;
    }
    let value = |element: &Element<'_>| {
        (element.tag == single).then_some(())?;
        asn1::any(element, true)
    };
    let mut items = Reader::of(choice, "");
    while !items.is_empty() {
        let item = items.any().ok()?;
        if item.tag == tag::SEQUENCE {
            let mut range = Reader::of(&item, "");
            value(&range.any().ok()?)?;
            value(&range.any().ok()?)?;
            range.finish().ok()?;
        } else {
            value(&item)?;
        }
    }
    Some(())
}
