//! Faults of encoding: where octets are BER but no DER (X.690 §8, §10, §11).
//! One pass over all elements of a certificate, made only when a rule asks.

use super::certificate::Certificate;
use super::extension::ExtensionKind;
use crate::der::{Element, Reader, tag};
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
    walk.run(Reader::new(certificate.octets, 0, "certificate"), 0, true);
    if let Ok(extensions) = &certificate.extensions {
        for extension in extensions {
            if extension.critical_encoding == "false" {
                walk.add("defaultWritten", extension.span.start);
            }
            let offset = extension.value_start;
            if extension.kind != ExtensionKind::Other {
                walk.run(Reader::new(extension.value, offset, "extnValue"), 1, false);
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

    /// Looks at a run of elements; `whole` says that nothing may follow the first.
    fn run(&mut self, mut elements: Reader<'_>, depth: usize, whole: bool) {
        let mut first = true;
        while !elements.is_empty() {
            if whole && !first {
                let offset = elements.fault("").offset;
                self.add("trailingData", offset);
                return;
            }
            first = false;
            match elements.any() {
                Ok(element) => self.element(&element, depth),
                Err(fault) => {
                    let code =
                        if fault.reason.contains("indefinite") { "indefiniteLength" } else { "trailingData" };
                    self.add(code, fault.offset);
                    return;
                }
            }
        }
    }

    fn element(&mut self, element: &Element<'_>, depth: usize) {
        let offset = element.span.start;
        if element.tag & 0x1f == 0x1f && element.der.get(1).is_some_and(|number| *number < 0x1f) {
            self.add("highTagForm", offset);
        } else if !is_short(element) {
            self.add("lengthNotMinimal", offset);
        }
        match (element.tag, element.content) {
            (tag::BOOLEAN, content) if !matches!(content, [0 | 0xff]) => self.add("booleanNotDer", offset),
            (tag::INTEGER, [0, next, ..]) if next & 0x80 == 0 => self.add("integerNotMinimal", offset),
            (tag::INTEGER, [0xff, next, ..]) if next & 0x80 != 0 => self.add("integerNotMinimal", offset),
            (tag::BIT_STRING, content) if has_padding(content) => self.add("bitStringPadding", offset),
            (tag::UTF8_STRING, content) if std::str::from_utf8(content).is_err() => {
                self.add("invalidUtf8", offset);
            }
            (tag::SET, content) if !is_sorted(Reader::new(content, 0, "set")) => {
                self.add("setNotSorted", offset);
            }
            // Universal strings and times are primitive in DER.
            (0x23 | 0x24 | 0x2c | 0x32..=0x3e, _) => self.add("constructedString", offset),
            _ => {}
        }
        if element.tag & 0x20 != 0 && depth < limits::DER_DEPTH {
            self.run(Reader::of(element, "element"), depth + 1, false);
        }
    }
}

/// Whether the length takes the fewest octets (X.690 §10.1); one-octet tags only.
fn is_short(element: &Element<'_>) -> bool {
    let header = element.der.len() - element.content.len();
    let wanted = match element.content.len() {
        0..=0x7f => 2,
        0x80..=0xff => 3,
        0x100..=0xffff => 4,
        0x1_0000..=0xff_ffff => 5,
        _ => 6,
    };
    element.tag & 0x1f == 0x1f || header == wanted
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
fn is_sorted(mut members: Reader<'_>) -> bool {
    let mut before: &[u8] = &[];
    while let Ok(member) = members.any() {
        if member.der < before {
            return false;
        }
        before = member.der;
    }
    true
}
