//! Distinguished names as OpenSSL reads and compares them (`x_name.c`): which
//! values it takes, and the canonical form that stands for the name in every
//! comparison. The form is a run of SETs, so a name constraint is a prefix of it.

use super::asn1;
use crate::der::{Element, Reader, tag};

/// A name: its attributes in order, whatever set they stand in.
#[derive(Debug)]
pub(super) struct Name<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    pub(super) canonical: Vec<u8>,
}

/// One attribute.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Which relative name it stands in.
    pub(super) set: usize,
    /// Content of its type.
    pub(super) oid: &'a [u8],
    /// Identifier octet of its value.
    pub(super) tag: u8,
    /// Content of its value.
    pub(super) content: &'a [u8],
}

pub(super) const COMMON_NAME: &[u8] = &[0x55, 4, 3];
pub(super) const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];

impl<'a> Name<'a> {
    /// Reads a `Name`.
    pub(super) fn read(element: &Element<'a>) -> Option<Self> {
        if element.tag != tag::SEQUENCE {
            return None;
        }
        let mut sets = Reader::of(element, "");
        let mut name = Self { entries: Vec::new(), canonical: Vec::new() };
        let mut set = 0;
        while !sets.is_empty() {
            let members = sets.expect(tag::SET).ok()?;
            name.read_set(&mut Reader::of(&members, ""), set)?;
            set += 1;
        }
        Some(name)
    }

    /// Attributes of one type.
    pub(super) fn of_type(&self, oid: &'static [u8]) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(move |entry| entry.oid == oid)
    }

    /// Whether `other` with one commonName more, alone in its set, is this name
    /// (RFC 3820, section 3.4).
    pub(super) fn is_proxy_of(&self, other: &Self) -> bool {
        let [.., before, last] = self.entries.as_slice() else {
            return false;
        };
        let without = {
            let mut sets = asn1::reader(&self.canonical);
            let mut end = 0;
            while let Ok(set) = sets.any() {
                if sets.is_empty() {
                    break;
                }
                end += set.der.len();
            }
            &self.canonical[..end]
        };
        self.entries.len() == other.entries.len() + 1
            && before.set != last.set
            && last.oid == COMMON_NAME
            && without == other.canonical
    }

    fn read_set(&mut self, members: &mut Reader<'a>, set: usize) -> Option<()> {
        let mut forms = Vec::new();
        while !members.is_empty() {
            let attribute = members.expect(tag::SEQUENCE).ok()?;
            let mut fields = Reader::of(&attribute, "");
            let oid = asn1::oid(fields.expect(tag::OID).ok()?.content)?;
            let value = fields.any().ok()?;
            fields.finish().ok()?;
            if !is_name_type(value.tag) {
                return None;
            }
            asn1::any(&value, true)?;
            forms.push(canonical(oid, &value)?);
            self.entries.push(Entry { set, oid, tag: value.tag, content: value.content });
        }
        if !forms.is_empty() {
            forms.sort_unstable();
            push(&mut self.canonical, tag::SET, &forms.concat());
        }
        Some(())
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

/// The types that a value may have (`B_ASN1_PRINTABLE`).
fn is_name_type(value: u8) -> bool {
    matches!(
        value,
        tag::BIT_STRING
            | tag::UTF8_STRING
            | tag::NUMERIC_STRING
            | tag::PRINTABLE_STRING
            | tag::TELETEX_STRING
            | tag::IA5_STRING
            | tag::UNIVERSAL_STRING
            | tag::BMP_STRING
            | tag::SEQUENCE
            | 7..=9
            | 11
            | 13..=15
            | 29
    )
}

/// One attribute in canonical form: text in UTF-8, lower case in ASCII, spaces
/// collapsed and trimmed. Values that are no text stay as they are.
fn canonical(oid: &[u8], value: &Element<'_>) -> Option<Vec<u8>> {
    let folds =
        !matches!(value.tag, tag::NUMERIC_STRING | tag::BIT_STRING | tag::SEQUENCE | 7..=11 | 13..=15 | 29);
    let mut form = Vec::with_capacity(oid.len() + value.content.len() + 8);
    push(&mut form, tag::OID, oid);
    if folds {
        push(&mut form, tag::UTF8_STRING, &folded(&asn1::utf8(value.tag, value.content)?));
    } else {
        push(&mut form, value.tag, value.content);
    }
    let mut attribute = Vec::with_capacity(form.len() + 4);
    push(&mut attribute, tag::SEQUENCE, &form);
    Some(attribute)
}

fn folded(text: &[u8]) -> Vec<u8> {
    let is_space = |octet: &u8| matches!(octet, b' ' | 9..=13);
    let mut form = Vec::with_capacity(text.len());
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if !form.is_empty() {
            form.push(b' ');
        }
        form.extend(word.iter().map(u8::to_ascii_lowercase));
    }
    form
}

/// Appends an element with a DER length.
fn push(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    out.push(tag);
    let length = content.len();
    if length < 0x80 {
        out.push(length.to_le_bytes()[0]);
    } else {
        let octets = length.to_be_bytes();
        let digits = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
        out.push(0x80 | digits.len().to_le_bytes()[0]);
        out.extend_from_slice(digits);
    }
    out.extend_from_slice(content);
}
