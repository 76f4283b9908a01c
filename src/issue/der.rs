//! A small writer, and a smaller reader, of DER (X.690).
//!
//! Each writing function returns the whole encoding of one value, tag and length included, so that encodings compose
//! as values and a malformed part can stand wherever a sound one can. It must not know certificates.

/// Tag octets of the universal types that certificates use (X.680, 8.4).
pub mod tag {
    /// BOOLEAN.
    pub const BOOLEAN: u8 = 0x01;
    /// INTEGER.
    pub const INTEGER: u8 = 0x02;
    /// BIT STRING.
    pub const BIT_STRING: u8 = 0x03;
    /// OCTET STRING.
    pub const OCTET_STRING: u8 = 0x04;
    /// NULL.
    pub const NULL: u8 = 0x05;
    /// OBJECT IDENTIFIER.
    pub const OID: u8 = 0x06;
    /// `UTF8String`.
    pub const UTF8_STRING: u8 = 0x0c;
    /// `PrintableString`.
    pub const PRINTABLE_STRING: u8 = 0x13;
    /// `TeletexString`.
    pub const TELETEX_STRING: u8 = 0x14;
    /// `IA5String`.
    pub const IA5_STRING: u8 = 0x16;
    /// `UTCTime`.
    pub const UTC_TIME: u8 = 0x17;
    /// `GeneralizedTime`.
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// VisibleString.
    pub const VISIBLE_STRING: u8 = 0x1a;
    /// `UniversalString`.
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    /// `BMPString`.
    pub const BMP_STRING: u8 = 0x1e;
    /// SEQUENCE, constructed.
    pub const SEQUENCE: u8 = 0x30;
    /// SET, constructed.
    pub const SET: u8 = 0x31;
}

/// One value: tag octet, length in the shortest form, content octets.
#[must_use]
pub fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag);
    match significant(content.len()).as_slice() {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => out.extend(long_form(long)),
    }
    out.extend_from_slice(content);
    out
}

/// The same value with one length octet more than it needs, which BER allows and DER does not (X.690, 10.1). What is no
/// value stays as it is.
#[must_use]
pub fn with_long_length(encoding: &[u8]) -> Vec<u8> {
    let Some((tag, content, rest)) = read(encoding) else {
        return encoding.to_vec();
    };
    let mut length = significant(content.len());
    if length.is_empty() || content.len() >= 0x80 {
        length.insert(0, 0);
    }
    concatenate([&[tag], long_form(&length).as_slice(), content, rest])
}

/// A length without its leading zeros.
fn significant(length: usize) -> Vec<u8> {
    length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect()
}

/// The long form of a length: how many octets, and the octets (X.690, 8.1.3.5).
fn long_form(length: &[u8]) -> Vec<u8> {
    concatenate([&[length.iter().fold(0x80, |first, _| first + 1)], length])
}

/// SEQUENCE of encodings, in the order given.
pub fn sequence<I>(parts: I) -> Vec<u8>
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    value(tag::SEQUENCE, &concatenate(parts))
}

/// SET of encodings, sorted as DER asks of a SET OF (X.690, 11.6).
#[must_use]
pub fn set(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    value(tag::SET, &concatenate(parts))
}

/// Encodings one after the other, without a header.
pub fn concatenate<I>(parts: I) -> Vec<u8>
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(part.as_ref());
    }
    out
}

/// BOOLEAN; TRUE is FF (X.690, 11.1).
#[must_use]
pub fn boolean(truth: bool) -> Vec<u8> {
    value(tag::BOOLEAN, &[if truth { 0xff } else { 0 }])
}

/// INTEGER of a number that is not negative.
#[must_use]
pub fn unsigned(number: u64) -> Vec<u8> {
    unsigned_octets(&number.to_be_bytes())
}

/// INTEGER of a big-endian magnitude: leading zeros go, and one comes back where the number would read as negative.
#[must_use]
pub fn unsigned_octets(magnitude: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = magnitude.iter().copied().skip_while(|octet| *octet == 0).collect();
    if content.first().is_none_or(|octet| *octet >= 0x80) {
        content.insert(0, 0);
    }
    value(tag::INTEGER, &content)
}

/// OCTET STRING.
#[must_use]
pub fn octet_string(content: &[u8]) -> Vec<u8> {
    value(tag::OCTET_STRING, content)
}

/// BIT STRING without unused bits.
#[must_use]
pub fn bit_string(content: &[u8]) -> Vec<u8> {
    value(tag::BIT_STRING, &concatenate([&[0], content]))
}

/// BIT STRING of a named bit list: trailing zero bits are left out (X.690, 11.2.2). Bit 0 is the first of `bits`.
#[must_use]
pub fn named_bits(bits: &[bool]) -> Vec<u8> {
    let used = bits.iter().rposition(|bit| *bit).map_or(0, |last| last + 1);
    let mut octets = vec![0_u8; used.div_ceil(8)];
    for place in (0..used).filter(|place| bits[*place]) {
        octets[place / 8] |= 0x80 >> (place % 8);
    }
    let unused = (used..octets.len() * 8).fold(0_u8, |count, _| count + 1);
    value(tag::BIT_STRING, &concatenate([&[unused], octets.as_slice()]))
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    value(tag::NULL, &[])
}

/// OBJECT IDENTIFIER of its arcs (X.690, 8.19). Fewer than two arcs are filled up with zeros.
#[must_use]
pub fn oid(arcs: &[u64]) -> Vec<u8> {
    let arc = |place: usize| arcs.get(place).copied().unwrap_or(0);
    let mut content = base_128(arc(0) * 40 + arc(1));
    for arc in arcs.iter().skip(2) {
        content.extend(base_128(*arc));
    }
    value(tag::OID, &content)
}

/// One arc, seven bits an octet, all octets but the last with the high bit.
fn base_128(number: u64) -> Vec<u8> {
    let mut groups = vec![(number & 0x7f) as u8];
    let mut rest = number >> 7;
    while rest > 0 {
        groups.push(0x80 | (rest & 0x7f) as u8);
        rest >>= 7;
    }
    groups.reverse();
    groups
}

/// Context-specific, constructed: `[number] EXPLICIT`, or IMPLICIT over a constructed type. `number` is below 31.
#[must_use]
pub fn context(number: u8, content: &[u8]) -> Vec<u8> {
    value(0xa0 | (number & 0x1f), content)
}

/// Context-specific, primitive: `[number] IMPLICIT` over a primitive type. `number` is below 31.
#[must_use]
pub fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    value(0x80 | (number & 0x1f), content)
}

/// Reads one value: its tag octet, its content, and what follows it.
///
/// `None` when the input is cut short, when the length takes more than four octets or is indefinite. Meant for keys and
/// for certificates made here; it is no judge of DER.
#[must_use]
pub fn read(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = input.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let count = usize::from(*first & 0x7f);
        if !(1..=4).contains(&count) {
            return None;
        }
        let (octets, rest) = rest.split_at_checked(count)?;
        (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// Reads one value with this tag: its content and what follows it. `None` as for [`read`], or when the tag differs.
#[must_use]
pub fn read_tagged(input: &[u8], expected: u8) -> Option<(&[u8], &[u8])> {
    let (tag, content, rest) = read(input)?;
    (tag == expected).then_some((content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_takes_the_shortest_form() {
        assert_eq!(value(4, &[])[..2], [4, 0]);
        assert_eq!(value(4, &[0; 127])[..2], [4, 127]);
        assert_eq!(value(4, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(value(4, &[0; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn a_long_length_takes_one_octet_more() {
        assert_eq!(with_long_length(&null()), [5, 0x81, 0]);
        assert_eq!(with_long_length(&boolean(true)), [1, 0x81, 1, 0xff]);
        assert_eq!(with_long_length(&value(4, &[0; 128]))[..4], [4, 0x82, 0, 128]);
        assert_eq!(with_long_length(&[5]), [5]);
    }

    #[test]
    fn integers_are_minimal_and_positive() {
        assert_eq!(unsigned(0), [2, 1, 0]);
        assert_eq!(unsigned(128), [2, 2, 0, 128]);
        assert_eq!(unsigned(65_537), [2, 3, 1, 0, 1]);
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        assert_eq!(named_bits(&[false; 9]), [3, 1, 0]);
        assert_eq!(named_bits(&[false, false, false, false, false, true, true]), [3, 2, 1, 6]);
        assert_eq!(
            named_bits(&[false, false, false, false, false, false, false, false, true]),
            [3, 3, 7, 0, 128]
        );
    }

    #[test]
    fn oid_encodes_large_arcs() {
        assert_eq!(oid(&[1, 2, 840, 113_549]), [6, 6, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]);
    }

    #[test]
    fn read_takes_back_what_value_wrote() {
        let long = value(tag::OCTET_STRING, &[7; 300]);
        assert_eq!(read(&long), Some((tag::OCTET_STRING, [7; 300].as_slice(), [].as_slice())));
        assert_eq!(read(&long[..299]), None);
    }
}
