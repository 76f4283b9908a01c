//! What OpenSSL's ASN.1 decoder asks of single elements (`tasn_dec.c`, `a_int.c`,
//! `a_bitstr.c`, `a_object.c`), and its strings as UTF-8. `None` always means that
//! it refuses. Knows no certificate.

use crate::der::{Element, Reader, tag};
use crate::oid::Oid;

/// A reader over octets whose places do not matter.
pub(super) fn reader(octets: &[u8]) -> Reader<'_> {
    Reader::new(octets, 0, "")
}

/// The content of the SEQUENCE that stands first; what follows it is passed
/// over, as OpenSSL does at the end of an extension value.
pub(super) fn first_sequence(octets: &[u8]) -> Option<Reader<'_>> {
    let sequence = reader(octets).expect(tag::SEQUENCE).ok()?;
    Some(Reader::of(&sequence, ""))
}

/// The one element inside an EXPLICIT tag.
pub(super) fn explicit<'a>(wrapper: &Element<'a>) -> Option<Element<'a>> {
    let mut inner = Reader::of(wrapper, "");
    let element = inner.any().ok()?;
    inner.finish().ok()?;
    Some(element)
}

/// Content of an INTEGER: at least one octet and none too many (X.690 8.3.2).
pub(super) fn integer(content: &[u8]) -> Option<&[u8]> {
    match content {
        [] => None,
        [0, next, ..] if next & 0x80 == 0 => None,
        [0xff, next, ..] if next & 0x80 != 0 => None,
        _ => Some(content),
    }
}

/// Value of an INTEGER as `ASN1_INTEGER_get` gives it: -1 where it does not fit.
pub(super) fn small(content: &[u8]) -> i64 {
    if content.len() > 8 {
        return -1;
    }
    let start = if content.first().is_some_and(|octet| octet & 0x80 != 0) { -1 } else { 0 };
    content.iter().fold(start, |value: i64, octet| value << 8 | i64::from(*octet))
}

/// Content of a BOOLEAN: any octet but zero is true.
pub(super) fn boolean(content: &[u8]) -> Option<bool> {
    match content {
        [octet] => Some(*octet != 0),
        _ => None,
    }
}

/// Content of a BIT STRING without the count of unused bits; those read as zero.
pub(super) fn bits(content: &[u8]) -> Option<Vec<u8>> {
    let (unused, octets) = content.split_first()?;
    if *unused > 7 {
        return None;
    }
    let mut octets = octets.to_vec();
    if let Some(last) = octets.last_mut() {
        *last &= 0xff << unused;
    }
    Some(octets)
}

/// Content of an OBJECT IDENTIFIER.
pub(super) fn oid(content: &[u8]) -> Option<&[u8]> {
    Oid(content).is_well_formed().then_some(content)
}

/// Whether the decoder takes an element of universal type with this content.
pub(super) fn any(element: &Element<'_>, short_times: bool) -> Option<()> {
    let content = element.content;
    let fits = match element.tag {
        tag::INTEGER | 0x0a => integer(content).is_some(),
        tag::BOOLEAN => content.len() == 1,
        tag::NULL => content.is_empty(),
        tag::OID => oid(content).is_some(),
        tag::BIT_STRING => bits(content).is_some(),
        tag::BMP_STRING => content.len().is_multiple_of(2),
        tag::UNIVERSAL_STRING => content.len().is_multiple_of(4),
        tag::UTC_TIME => short_times || content.len() >= 13,
        tag::GENERALIZED_TIME => short_times || content.len() >= 15,
        // Primitive SEQUENCE and SET, constructed types that are primitive.
        0x10 | 0x11 | 0x21 | 0x22 | 0x25 | 0x26 | 0x2a => false,
        _ => true,
    };
    fits.then_some(())
}

/// A string in UTF-8, as `ASN1_STRING_to_UTF8` makes it.
pub(super) fn utf8(string: u8, content: &[u8]) -> Option<Vec<u8>> {
    match string {
        tag::UTF8_STRING => std::str::from_utf8(content).ok().map(|text| text.as_bytes().to_vec()),
        tag::NUMERIC_STRING
        | tag::PRINTABLE_STRING
        | tag::TELETEX_STRING
        | tag::IA5_STRING
        | tag::VISIBLE_STRING
        | tag::UTC_TIME
        | tag::GENERALIZED_TIME => {
            Some(content.iter().map(|octet| char::from(*octet)).collect::<String>().into_bytes())
        }
        tag::BMP_STRING => {
            let one = |pair: &[u8]| char::from_u32(u32::from(pair[0]) << 8 | u32::from(pair[1]));
            content.chunks_exact(2).map(one).collect::<Option<String>>().map(String::into_bytes)
        }
        tag::UNIVERSAL_STRING => {
            let one = |quad: &[u8]| char::from_u32(u32::from_be_bytes(quad.try_into().ok()?));
            content.chunks_exact(4).map(one).collect::<Option<String>>().map(String::into_bytes)
        }
        _ => None,
    }
}
