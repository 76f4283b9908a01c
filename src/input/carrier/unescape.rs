//! Escape sequences of JSON, YAML, HCL and shells, as far as certificates are written with them.

use std::ops::Range;

use crate::input::layer::Draft;

/// What the escape sequence at the start of a text stands for, and its length.
pub(super) fn escape(text: &[u8]) -> Option<(char, usize)> {
    let [b'\\', kind, rest @ ..] = text else {
        return None;
    };
    let plain = |c: char| Some((c, 2));
    match kind {
        b'n' => plain('\n'),
        b'r' => plain('\r'),
        b't' => plain('\t'),
        b'b' => plain('\u{8}'),
        b'f' => plain('\u{c}'),
        b'"' | b'\\' | b'/' | b'\'' | b' ' | b'$' => plain(char::from(*kind)),
        b'x' => number(rest, 2).and_then(|number| Some((char::from_u32(number)?, 4))),
        b'u' => unicode(rest),
        b'U' => number(rest, 8).and_then(|number| Some((char::from_u32(number)?, 10))),
        _ => None,
    }
}

/// `\uXXXX`, or two of them that are a pair of surrogates.
fn unicode(rest: &[u8]) -> Option<(char, usize)> {
    let first = number(rest, 4)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 6));
    }
    let second = rest.get(4..).filter(|rest| rest.starts_with(b"\\u")).and_then(|rest| number(&rest[2..], 4));
    let pair = second.filter(|second| (0xdc00..0xe000).contains(second) && first < 0xdc00);
    let joined =
        pair.and_then(|second| char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)));
    Some(joined.map_or((char::REPLACEMENT_CHARACTER, 6), |c| (c, 12)))
}

fn number(text: &[u8], digits: usize) -> Option<u32> {
    let text = std::str::from_utf8(text.get(..digits)?).ok()?;
    u32::from_str_radix(text, 16).ok()
}

/// The text of `range` with its escape sequences replaced; others stay as they are.
pub(super) fn unescape(text: &[u8], range: Range<usize>) -> Draft {
    let mut draft = Draft::with_room(range.len());
    let mut at = range.start;
    while at < range.end {
        let rest = &text[at..range.end];
        let run = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        if run > 0 {
            draft.plain(&rest[..run], at);
            at += run;
            continue;
        }
        if let Some((c, length)) = escape(rest) {
            draft.escape(c.encode_utf8(&mut [0; 4]).as_bytes(), at..at + length);
            at += length;
        } else {
            draft.plain(&rest[..1], at);
            at += 1;
        }
    }
    draft
}

/// Whether a text begins with a line break that is written as a backslash and n; doubled backslashes are one escape.
pub(in crate::input) fn is_escaped_break(text: &[u8]) -> bool {
    let slashes = text.iter().take_while(|octet| **octet == b'\\').count();
    slashes > 0 && matches!(text.get(slashes), Some(b'n' | b'r'))
}

/// The text of `range`, with line breaks for those that are written as a backslash and n.
pub(in crate::input) fn unescaped(text: &[u8], range: Range<usize>) -> Draft {
    let mut draft = Draft::with_room(range.len());
    let mut at = range.start;
    while at < range.end {
        let rest = &text[at..range.end];
        let run = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        if run > 0 {
            draft.plain(&rest[..run], at);
            at += run;
            continue;
        }
        let slashes = rest.iter().take_while(|octet| **octet == b'\\').count();
        let (text, length): (&[u8], usize) = match rest.get(slashes) {
            Some(b'n') => (b"\n", slashes + 1),
            Some(b'r') => (b"\r", slashes + 1),
            Some(b't') => (b"\t", slashes + 1),
            Some(b'/') => (b"/", slashes + 1),
            _ => (&rest[..slashes], slashes),
        };
        if text.len() == length {
            draft.plain(text, at);
        } else {
            draft.escape(text, at..at + length);
        }
        at += length;
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_what_json_says() {
        let text = br#"a\n\"\u00e9\ud83d\ude00\/\q"#;
        let draft = unescape(text, 0..text.len());
        assert_eq!(String::from_utf8_lossy(&draft.octets), "a\n\"é😀/\\q");
    }

    #[test]
    fn half_a_pair_is_replaced() {
        let text = br"\ud83dx";
        assert_eq!(String::from_utf8_lossy(&unescape(text, 0..text.len()).octets), "\u{fffd}x");
    }

    #[test]
    fn line_breaks_are_found_behind_any_number_of_backslashes() {
        let text = br"-----BEGIN X-----\\nAA/A\n-----END X-----\r\n";
        let draft = unescaped(text, 0..text.len());
        assert_eq!(String::from_utf8_lossy(&draft.octets), "-----BEGIN X-----\nAA/A\n-----END X-----\r\n");
        assert!(is_escaped_break(br"\\n") && is_escaped_break(br"\r"));
        assert!(!is_escaped_break(b"\n") && !is_escaped_break(br"\") && !is_escaped_break(b""));
    }
}
