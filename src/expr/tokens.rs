//! Words, strings and brackets in the text of an expression: just as much of
//! its tokens as places of errors need.

use std::ops::Range;

/// Whether a character can be part of a name or a number.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The word, or the one character, that begins at an offset.
pub(super) fn word_at(text: &str, start: usize) -> Range<usize> {
    let rest = &text[start..];
    let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
    start..start + length
}

/// The token that begins at an offset: a word, a text, an operator or one character.
pub(super) fn token_at(text: &str, start: usize) -> Range<usize> {
    let rest = &text[start..];
    if rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with(['\'', '"']) {
        return start..string_end(text, start);
    }
    let is_double = ["&&", "||", "==", "!=", "<=", ">="].iter().any(|sign| rest.starts_with(sign));
    if is_double { start..start + 2 } else { word_at(text, start) }
}

/// Where the word that ends right before an offset begins, blanks between the
/// two left out; the offset itself where there is none.
pub(super) fn word_before(text: &str, end: usize) -> usize {
    let head = text[..end].trim_end();
    let start = head.trim_end_matches(is_word).len();
    if start < head.len() { start } else { end }
}

/// The text without the blanks around it.
pub(super) fn trimmed(text: &str) -> Range<usize> {
    let start = text.len() - text.trim_start().len();
    start..start.max(text.trim_end().len())
}

/// End of the string literal that begins at an offset, prefixes included.
pub(super) fn string_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let letters = bytes[start..].iter().take_while(|octet| octet.is_ascii_alphabetic()).count();
    let is_raw = bytes[start..start + letters].iter().any(|octet| octet.eq_ignore_ascii_case(&b'r'));
    let open = start + letters;
    let Some(quote) = bytes.get(open) else {
        return bytes.len();
    };
    let length = if bytes[open..].starts_with(&[*quote; 3]) { 3 } else { 1 };
    let mut at = open + length;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !is_raw => at += 2,
            octet if octet == *quote && (length == 1 || bytes[at..].starts_with(&[*quote; 3])) => {
                return at + length;
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The brackets that stand outside strings and comments, with their offsets.
pub(super) fn brackets(text: &str) -> Vec<(usize, u8)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' | b')' | b']' | b'}' => {
                found.push((at, bytes[at]));
                at += 1;
            }
            b'\'' | b'"' => {
                let prefix =
                    bytes[..at].iter().rev().take_while(|octet| octet.is_ascii_alphanumeric()).count();
                // A name does not stand right before a quote: letters there are a prefix.
                at = string_end(text, at - prefix.min(2)).max(at + 1);
            }
            b'/' if bytes[at..].starts_with(b"//") => {
                at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
            }
            _ => at += 1,
        }
    }
    found
}

/// Whether an octet opens a bracket.
pub(super) fn opens(bracket: u8) -> bool {
    matches!(bracket, b'(' | b'[' | b'{')
}
