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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_no_octet_too_many() {
        for content in [&[0][..], &[0x7f], &[0x80], &[0xff], &[0, 0x80], &[0xff, 0x7f], &[1, 0]] {
            assert_eq!(integer(content), Some(content));
        }
        for content in [&[][..], &[0, 0], &[0, 0x7f], &[0xff, 0x80], &[0xff, 0xff]] {
            assert_eq!(integer(content), None, "{content:?}");
        }
    }

    #[test]
    fn small_integers_are_those_of_eight_octets() {
        for (content, value) in [
            (&[][..], 0),
            (&[5], 5),
            (&[1, 2], 258),
            (&[0, 0xff], 255),
            (&[0xff], -1),
            (&[0x80, 0], -32_768),
            (&[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], i64::MAX),
            (&[0x80, 0, 0, 0, 0, 0, 0, 0], i64::MIN),
            (&[0, 0, 0, 0, 0, 0, 0, 0, 1], -1),
        ] {
            assert_eq!(small(content), value, "{content:?}");
        }
    }

    #[test]
    fn unused_bits_read_as_zero() {
        assert_eq!(bits(&[]), None);
        assert_eq!(bits(&[8, 0]), None);
        assert_eq!(bits(&[0]), Some(vec![]));
        assert_eq!(bits(&[7, 0xff]), Some(vec![0x80]));
        assert_eq!(bits(&[3, 0xff, 0xff]), Some(vec![0xff, 0xf8]));
        assert_eq!(
            (boolean(&[0]), boolean(&[2]), boolean(&[]), boolean(&[1, 1])),
            (Some(false), Some(true), None, None)
        );
    }

    #[test]
    fn elements_whose_content_fits_their_type_are_taken() {
        let taken = |der: &[u8], short| any(&reader(der).any().expect("it is an element"), short).is_some();
        for der in [
            &[2, 1, 0][..],
            &[10, 1, 0],
            &[1, 1, 0],
            &[5, 0],
            &[6, 1, 0x55],
            &[3, 1, 0],
            &[0x1e, 2, 0, 65],
            &[0x1c, 4, 0, 0, 0, 65],
            &[0x13, 1, 65],
            &[0x30, 0],
            &[0x31, 0],
            &[0x80, 0],
        ] {
            assert!(taken(der, false), "{der:?}");
        }
        for der in [
            &[2, 0][..],
            &[10, 2, 0, 0],
            &[1, 2, 0, 0],
            &[5, 1, 0],
            &[6, 0],
            &[3, 0],
            &[0x1e, 1, 65],
            &[0x1c, 2, 0, 65],
            &[0x10, 0],
            &[0x11, 0],
            &[0x21, 0],
            &[0x22, 0],
            &[0x25, 0],
            &[0x26, 0],
            &[0x2a, 0],
        ] {
            assert!(!taken(der, true), "{der:?}");
        }
        let time = |tag: u8, length: u8| [vec![tag, length], vec![b'0'; usize::from(length)]].concat();
        for (tag, least) in [(tag::UTC_TIME, 13), (tag::GENERALIZED_TIME, 15)] {
            assert!(taken(&time(tag, least), false) && taken(&time(tag, least - 1), true));
            assert!(!taken(&time(tag, least - 1), false));
        }
    }

    #[test]
    fn strings_become_utf8() {
        for (string, content, text) in [
            (tag::UTF8_STRING, "é".as_bytes(), Some("é")),
            (tag::UTF8_STRING, &[0xe9], None),
            (tag::TELETEX_STRING, &[0xe9], Some("é")),
            (tag::PRINTABLE_STRING, b"a", Some("a")),
            (tag::BMP_STRING, &[0x01, 0x02], Some("\u{102}")),
            (tag::BMP_STRING, &[0xd8, 0], None),
            (tag::UNIVERSAL_STRING, &[0, 1, 0xf6, 0], Some("\u{1f600}")),
            (tag::UNIVERSAL_STRING, &[0, 0x11, 0, 0], None),
            (tag::INTEGER, b"a", None),
        ] {
            assert_eq!(
                utf8(string, content),
                text.map(|text| text.as_bytes().to_vec()),
                "{string} {content:?}"
            );
        }
    }

    #[test]
    fn what_follows_a_sequence_is_passed_over_and_an_explicit_tag_holds_one_element() {
        let mut inner = first_sequence(&[0x30, 2, 5, 0, 9]).expect("a sequence stands first");
        assert!(inner.any().is_ok_and(|element| element.tag == tag::NULL) && inner.finish().is_ok());
        assert!(first_sequence(&[5, 0]).is_none());
        let wrapped =
            |der: &[u8]| explicit(&reader(der).any().expect("it is an element")).map(|inner| inner.tag);
        assert_eq!(wrapped(&[0xa0, 2, 5, 0]), Some(tag::NULL));
        assert_eq!(wrapped(&[0xa0, 4, 5, 0, 5, 0]), None);
        assert_eq!(wrapped(&[0xa0, 0]), None);
    }
}
