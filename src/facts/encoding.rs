//! Faults of encoding: where octets are BER but no DER (X.690 §8, §10, §11).
//! One pass over all elements of a certificate, made only when a rule asks.

use super::certificate::Certificate;
use super::extension::ExtensionKind;
use crate::der::{self, Reader, index, tag};
use crate::limits;

/// One fault of encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodingFault {
    /// What is wrong: `lengthNotMinimal`, `indefiniteLength`, `integerNotMinimal`, `booleanNotDer`,
    /// `defaultWritten`, `bitStringPadding`, `namedBitsNotMinimal`, `setNotSorted`,
    /// `constructedString`, `trailingData`, `highTagForm` or `invalidUtf8`.
    pub code: &'static str,
    /// Octet of the DER at which the element begins, from 0.
    pub offset: u32,
}

/// All faults of a certificate, in the order of its octets.
#[must_use]
pub fn faults(certificate: &Certificate<'_>) -> Vec<EncodingFault> {
    let mut walk = Walk { faults: Vec::new() };
    walk.run(certificate.octets, 0, 0, true);
    if let Ok(extensions) = &certificate.extensions {
        for extension in extensions {
            if extension.critical_encoding == "false" {
                walk.add("defaultWritten", extension.span.start);
            }
            let offset = extension.value_start;
            if extension.kind != ExtensionKind::Other {
                walk.run(extension.value, offset, 1, false);
            }
            match (extension.kind, extension.value) {
                (ExtensionKind::BasicConstraints, [tag::SEQUENCE, _, tag::BOOLEAN, 1, 0, ..]) => {
                    walk.add("defaultWritten", offset);
                }
                (ExtensionKind::KeyUsage, [tag::BIT_STRING, _, unused, bits @ ..])
                    if !is_minimal(*unused, bits) =>
                {
                    walk.add("namedBitsNotMinimal", offset);
                }
                _ => {}
            }
        }
    }
    if let (Some(span), Ok(1)) = (certificate.version_span, certificate.version) {
        walk.add("defaultWritten", span.start);
    }
    walk.faults.sort_by_key(|fault| (fault.offset, fault.code));
    walk.faults
}

struct Walk {
    faults: Vec<EncodingFault>,
}

impl Walk {
    fn add(&mut self, code: &'static str, offset: u32) {
        self.faults.push(EncodingFault { code, offset });
    }

    /// Looks at a run of elements, the first of which begins at `offset`; `whole` says that nothing may follow it.
    fn run(&mut self, octets: &[u8], mut offset: u32, depth: usize, whole: bool) {
        let mut rest = octets;
        while !rest.is_empty() {
            if whole && rest.len() < octets.len() {
                self.add("trailingData", offset);
                return;
            }
            let Some((header, end)) = self.header(rest, offset) else {
                return;
            };
            let (tag, content) = (rest[0], &rest[header..end]);
            self.content(tag, content, offset);
            if tag & CONSTRUCTED != 0 && depth < limits::DER_DEPTH {
                self.run(content, offset + index(header), depth + 1, false);
            }
            rest = &rest[end..];
            offset += index(end);
        }
    }

    /// Octets of the header and of the whole element; `None` where no whole element stands.
    fn header(&mut self, octets: &[u8], offset: u32) -> Option<(usize, usize)> {
        // Most headers are short; the others are left to the reader of all.
        if let Some((header, length)) = der::short_header(octets)
            && header + length <= octets.len()
        {
            if header != header_for(length) {
                self.add("lengthNotMinimal", offset);
            }
            return Some((header, header + length));
        }
        match Reader::new(octets, offset, "element").any() {
            Ok(element) => {
                let header = element.der.len() - element.content.len();
                match (element.tag & LONG_TAG == LONG_TAG, octets.get(1)) {
                    (true, Some(number)) if *number < LONG_TAG => self.add("highTagForm", offset),
                    (false, _) if header != header_for(element.content.len()) => {
                        self.add("lengthNotMinimal", offset);
                    }
                    _ => {}
                }
                Some((header, element.der.len()))
            }
            Err(fault) => {
                let is_open = fault.reason.contains("indefinite");
                self.add(if is_open { "indefiniteLength" } else { "trailingData" }, fault.offset);
                None
            }
        }
    }

    fn content(&mut self, tag: u8, content: &[u8], offset: u32) {
        match (tag, content) {
            (tag::BOOLEAN, content) if !matches!(content, [0 | 0xff]) => self.add("booleanNotDer", offset),
            (tag::INTEGER, [0, next, ..]) if next & 0x80 == 0 => self.add("integerNotMinimal", offset),
            (tag::INTEGER, [0xff, next, ..]) if next & 0x80 != 0 => self.add("integerNotMinimal", offset),
            (tag::BIT_STRING, content) if has_padding(content) => self.add("bitStringPadding", offset),
            (tag::UTF8_STRING, content) if std::str::from_utf8(content).is_err() => {
                self.add("invalidUtf8", offset);
            }
            (tag::SET, content) if !is_sorted(content) => self.add("setNotSorted", offset),
            // Universal strings and times are primitive in DER.
            (0x23 | 0x24 | 0x2c | 0x32..=0x3e, _) => self.add("constructedString", offset),
            _ => {}
        }
    }
}

/// The bit of an identifier that says that elements stand inside.
const CONSTRUCTED: u8 = 0x20;

/// The number of an identifier that says that its number follows in octets of its own.
const LONG_TAG: u8 = 0x1f;

/// Octets of the shortest header of an element with so much content (X.690 §10.1) and a tag of one octet.
fn header_for(content: usize) -> usize {
    match content {
        0..=0x7f => 2,
        0x80..=0xff => 3,
        0x100..=0xffff => 4,
        0x1_0000..=0xff_ffff => 5,
        _ => 6,
    }
}

fn has_padding(content: &[u8]) -> bool {
    match content {
        [unused @ 1..=7, .., last] => last & ((1 << unused) - 1) != 0,
        _ => false,
    }
}

/// Whether a named bit list ends with a one (X.690 §11.2.2).
pub(super) fn is_minimal(unused: u8, bits: &[u8]) -> bool {
    match bits.last() {
        None => unused == 0,
        Some(last) => u32::from(unused) == last.trailing_zeros() && *last != 0,
    }
}

/// Whether the elements of a SET OF ascend (X.690 §11.6).
fn is_sorted(content: &[u8]) -> bool {
    // A relative name has mostly one attribute.
    if der::short_header(content).is_some_and(|(header, length)| header + length == content.len()) {
        return true;
    }
    let mut members = Reader::new(content, 0, "set");
    let mut before: &[u8] = &[];
    while let Ok(member) = members.any() {
        if member.der < before {
            return false;
        }
        before = member.der;
    }
    true
}
