//! Texts in UTF-16 and UTF-32, as PowerShell's redirection and some editors write them, become UTF-8.

use zeroize::Zeroizing;

use crate::source::{Encoding, Source};

/// Octets that are looked at for a text without byte order mark.
const LOOK: usize = 16;

/// Makes the text of a source UTF-8, and keeps what was read.
pub(super) fn recode(source: &mut Source) {
    let Some((encoding, mark)) = detect(&source.bytes) else {
        return;
    };
    let octets = &source.bytes[mark..];
    let mut text = Zeroizing::new(Vec::with_capacity(octets.len() * 2));
    let mut push = |c: char| text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    match encoding {
        Encoding::Utf16Le => {
            char::decode_utf16(units(octets, u16::from_le_bytes)).for_each(|c| push(or_replaced(c.ok())));
        }
        Encoding::Utf16Be => {
            char::decode_utf16(units(octets, u16::from_be_bytes)).for_each(|c| push(or_replaced(c.ok())));
        }
        Encoding::Utf32Le => {
            units(octets, u32::from_le_bytes).for_each(|unit| push(or_replaced(char::from_u32(unit))));
        }
        Encoding::Utf32Be => {
            units(octets, u32::from_be_bytes).for_each(|unit| push(or_replaced(char::from_u32(unit))));
        }
        Encoding::Utf8 => return,
    }
    source.encoding = encoding;
    source.original = Some(std::mem::replace(&mut source.bytes, text));
}

fn or_replaced(c: Option<char>) -> char {
    c.unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn units<const WIDTH: usize, T>(octets: &[u8], read: fn([u8; WIDTH]) -> T) -> impl Iterator<Item = T> {
    octets.as_chunks::<WIDTH>().0.iter().map(move |unit| read(*unit))
}

/// The encoding, and the length of its byte order mark. Without a mark, a text is taken for one of
/// these encodings where its first characters are ASCII in it.
fn detect(bytes: &[u8]) -> Option<(Encoding, usize)> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => Some((Encoding::Utf32Le, 4)),
        [0, 0, 0xfe, 0xff, ..] => Some((Encoding::Utf32Be, 4)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        [first, second, ..] if *first == 0 || *second == 0 => {
            let is_ascii = |octet: u8| matches!(octet, b'\t' | b'\n' | b'\r' | 0x20..=0x7e);
            let fits = |width: usize, place: usize| {
                let look = &bytes[..bytes.len().min(LOOK) / width * width];
                let is_one = |unit: &[u8]| {
                    unit.iter()
                        .enumerate()
                        .all(|(at, octet)| if at == place { is_ascii(*octet) } else { *octet == 0 })
                };
                look.len() >= 8 && look.chunks(width).all(is_one)
            };
            let forms = [
                (Encoding::Utf32Le, 4, 0),
                (Encoding::Utf32Be, 4, 3),
                (Encoding::Utf16Le, 2, 0),
                (Encoding::Utf16Be, 2, 1),
            ];
            forms.into_iter().find(|(_, width, place)| fits(*width, *place)).map(|(form, ..)| (form, 0))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recoded(bytes: Vec<u8>) -> (Encoding, String) {
        let mut source = Source::new("x", bytes);
        recode(&mut source);
        (source.encoding, String::from_utf8_lossy(&source.bytes).into_owned())
    }

    #[test]
    fn every_encoding_becomes_utf_8_with_and_without_mark() {
        let text = "-----BEGIN CERTIFICATE-----\nGröße 😀\n";
        let wide: Vec<u16> = text.encode_utf16().collect();
        let forms: [(Encoding, &[u8], Vec<u8>); 4] = [
            (Encoding::Utf16Le, &[0xff, 0xfe], wide.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
            (Encoding::Utf16Be, &[0xfe, 0xff], wide.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
            (
                Encoding::Utf32Le,
                &[0xff, 0xfe, 0, 0],
                text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect(),
            ),
            (
                Encoding::Utf32Be,
                &[0, 0, 0xfe, 0xff],
                text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect(),
            ),
        ];
        for (encoding, mark, octets) in forms {
            assert_eq!(recoded([mark, &octets].concat()), (encoding, text.to_owned()));
            assert_eq!(recoded(octets), (encoding, text.to_owned()));
        }
    }

    #[test]
    fn der_and_utf_8_stay() {
        for octets in [&b"\x30\x82\x01\x00"[..], b"", b"\0", b"-----BEGIN", b"\0\0\0\0\0\0\0\0"] {
            assert_eq!(recoded(octets.to_vec()).0, Encoding::Utf8);
        }
    }
}
