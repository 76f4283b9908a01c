//! The base64 text between boundaries: its octets, and what is wrong with it. Characters that a person does not see
//! are passed over and reported. Knows nothing of boundaries.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use zeroize::Zeroizing;

use super::label::is_odd_blank;
use super::{Damage, DamageKind};
use crate::der::{Reader, Span, tag};

/// Characters of a line of base64 (RFC 7468, 2).
const COLUMNS: usize = 64;

/// Lines that are decoded together.
const LINES: usize = 8;

/// Takes base64 whether it is padded or not; bits that belong to nothing are refused.
const UNPADDED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
);

/// Decodes the base64 text of a body that begins at `offset` of the file,
/// appending to `out`. White space is skipped, and so is what cannot be seen: it is told with the result.
///
/// # Errors
/// The first character that is none of base64, or what is wrong with the end of it.
pub fn decode(text: &[u8], offset: usize, out: &mut Vec<u8>) -> Result<Option<Damage>, Damage> {
    let first = out.len();
    // The 64-column form that every tool writes; line by line where some lines together do not decode.
    let mut symbols = Zeroizing::new([0; COLUMNS * LINES]);
    let rest = decode_lines(text, symbols.as_mut_slice(), out);
    let rest = decode_lines(rest, &mut symbols[..COLUMNS], out);
    decode_rest(rest, offset + text.len() - rest.len(), first, out)
}

/// Decodes whole lines, as many together as `symbols` holds; the rest begins with the first that do not decode, or with
/// no whole line.
fn decode_lines<'t>(text: &'t [u8], symbols: &mut [u8], out: &mut Vec<u8>) -> &'t [u8] {
    let mut rest = text;
    loop {
        let (mut ahead, mut filled) = (rest, 0);
        for slot in symbols.chunks_exact_mut(COLUMNS) {
            let line = ahead.strip_prefix(b"\r\n").or_else(|| ahead.strip_prefix(b"\n")).unwrap_or(ahead);
            let Some((line, tail)) = line.split_at_checked(COLUMNS) else {
                break;
            };
            slot.copy_from_slice(line);
            filled += COLUMNS;
            ahead = tail;
        }
        let (start, octets) = (out.len(), filled / 4 * 3);
        out.resize(start + octets, 0);
        if filled == 0 || STANDARD.decode_slice(&symbols[..filled], &mut out[start..]) != Ok(octets) {
            out.truncate(start);
            return rest;
        }
        rest = ahead;
    }
}

/// As [`decode`], for the rest of a body whose octets begin at `first` of `out`.
fn decode_rest(
    text: &[u8],
    offset: usize,
    first: usize,
    out: &mut Vec<u8>,
) -> Result<Option<Damage>, Damage> {
    // Mostly nothing is wrong with it.
    let start = out.len();
    if STANDARD.decode_vec(text.trim_ascii(), out).is_ok() {
        return Ok(None);
    }
    out.truncate(start);
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut last = offset;
    let mut passed = None;
    let mut at = 0;
    while let Some(&octet) = text.get(at) {
        if octet.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let place = offset + at;
        if let Some(length) = unseen(&text[at..]) {
            passed.get_or_insert_with(|| unseen_damage(&text[at..at + length], place));
            at += length;
            continue;
        }
        let fault = if !is_symbol(octet) && octet != b'=' {
            Some(describe(octet))
        } else if octet != b'=' && symbols.last() == Some(&b'=') {
            Some("text follows the padding".to_owned())
        } else {
            None
        };
        if let Some(detail) = fault {
            let range = place..place + character_length(&text[at..]);
            return Err(Damage { kind: DamageKind::Base64Invalid, detail, range });
        }
        symbols.push(octet);
        last = place;
        at += 1;
    }
    match decode_symbols(&symbols, first, out) {
        Ok(None) => Ok(passed),
        // What cannot be seen comes first, and one damage is told at a time.
        Ok(Some(detail)) => Ok(passed.or_else(|| Some(padding(detail, last)))),
        Err((kind, detail)) => Err(Damage { kind, detail, range: last..last + 1 }),
    }
}

/// Decodes characters of base64; the result tells what was wrong with the padding of octets that are whole.
fn decode_symbols(
    symbols: &[u8],
    first: usize,
    out: &mut Vec<u8>,
) -> Result<Option<String>, (DamageKind, String)> {
    let padding = symbols.iter().rev().take_while(|octet| **octet == b'=').count();
    let digits = &symbols[..symbols.len() - padding];
    if symbols.len().is_multiple_of(4) && padding <= 2 {
        let bits = "the last characters carry bits that belong to nothing";
        return match STANDARD.decode_vec(symbols, out) {
            Ok(()) => Ok(None),
            Err(_) => Err((DamageKind::Base64Invalid, bits.to_owned())),
        };
    }
    let start = out.len();
    let wanted = (4 - digits.len() % 4) % 4;
    if wanted < 3 && UNPADDED.decode_vec(digits, out).is_ok() && is_whole(&out[first..]) {
        return Ok(Some(match (padding, wanted) {
            (0, 1) => "the `=` at the end is missing".to_owned(),
            (0, _) => "the `==` at the end is missing".to_owned(),
            (found, wanted) => format!("{found} characters `=` stand at the end where {wanted} belong"),
        }));
    }
    out.truncate(start);
    if padding > 0 {
        let detail = "the padding does not fit the length of the text";
        return Err((DamageKind::PaddingWrong, detail.to_owned()));
    }
    let count = symbols.len();
    let detail =
        format!("{count} characters are no multiple of four: the text is cut off or a character is missing");
    Err((DamageKind::Base64Invalid, detail))
}

/// Whether octets are one SEQUENCE and no more.
fn is_whole(octets: &[u8]) -> bool {
    let mut reader = Reader::new(octets, 0, "content");
    reader.expect(tag::SEQUENCE).is_ok() && reader.is_empty()
}

/// Whether octets hold one whole SEQUENCE, whatever follows it.
pub(super) fn is_sequence(octets: &[u8]) -> bool {
    Reader::new(octets, 0, "content").expect(tag::SEQUENCE).is_ok()
}

fn padding(detail: String, last: usize) -> Damage {
    Damage { kind: DamageKind::PaddingWrong, detail, range: last..last + 1 }
}

pub(super) fn is_symbol(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/')
}

/// Octets of what cannot be seen at the start of a text, or looks like a blank of ASCII.
pub(super) fn unseen(text: &[u8]) -> Option<usize> {
    match text.first()? {
        0 => Some(1),
        0xc2 | 0xe1..=0xe3 | 0xef => {
            let c = character(text)?;
            is_odd_blank(c).then(|| c.len_utf8())
        }
        _ => None,
    }
}

fn unseen_damage(text: &[u8], at: usize) -> Damage {
    let range = at..at + text.len();
    match character(text) {
        None | Some('\0') => Damage {
            kind: DamageKind::NulOctet,
            detail: "a NUL octet stands in the base64 text".into(),
            range,
        },
        Some(c) => Damage {
            kind: DamageKind::HiddenCharacter,
            detail: format!("{} stands in the base64 text", named(c)),
            range,
        },
    }
}

/// What is passed over in a body, for one that is decoded elsewhere.
pub(in crate::input) fn unseen_in(text: &[u8], offset: usize) -> Option<Damage> {
    let at = (0..text.len()).find(|at| unseen(&text[*at..]).is_some())?;
    Some(unseen_damage(&text[at..at + unseen(&text[at..])?], offset + at))
}

/// The character that a text begins with, if it is UTF-8.
pub(super) fn character(text: &[u8]) -> Option<char> {
    let window = &text[..text.len().min(4)];
    window.utf8_chunks().next()?.valid().chars().next()
}

/// A character that cannot be shown, in words.
pub(super) fn named(c: char) -> String {
    let name = match c {
        '\u{a0}' | '\u{202f}' => "a no-break space",
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero-width space",
        '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => "a character that steers the direction of text",
        '\u{2028}' | '\u{2029}' => "a line separator",
        '\u{feff}' => "a byte order mark",
        '\u{2060}' => "a word joiner",
        _ => "an odd blank",
    };
    format!("{name} (U+{:04X})", u32::from(c))
}

/// Names a character without quoting more than it: bodies may be private keys,
/// of which a stray character that is no base64 gives nothing away.
fn describe(octet: u8) -> String {
    match octet {
        b'-' => "a dash stands in the base64 text".into(),
        0x21..=0x7e => format!("`{}` is no base64 character", octet as char),
        0x80.. => "a character outside ASCII stands in the base64 text".into(),
        _ => format!("the control character 0x{octet:02x} stands in the base64 text"),
    }
}

/// Octets of the character that a text begins with, as far as they are there.
pub(super) fn character_length(text: &[u8]) -> usize {
    let more = match text.first() {
        Some(0xc0..=0xdf) => 1,
        Some(0xe0..=0xef) => 2,
        Some(0xf0..=0xf7) => 3,
        _ => 0,
    };
    1 + text[1..].iter().take(more).take_while(|octet| **octet & 0xc0 == 0x80).count()
}

/// A blank line in a body, which is one too many for OpenSSL, and the first line that is too long. A blank line right
/// behind the BEGIN line is none.
pub(super) fn lines(bytes: &[u8], body: &Range<usize>) -> (Option<Damage>, Option<Damage>) {
    let text = &bytes[body.clone()];
    let (mut blank, mut long) = (None, None);
    let mut at = 0;
    // Without a line feed, carriage returns end lines.
    let ends = if memchr::memchr(b'\n', text).is_some() { b'\n' } else { b'\r' };
    let ends = memchr::memchr_iter(ends, text).map(|at| at + 1);
    for (number, end) in ends.chain([text.len()]).enumerate() {
        let (start, line) = (body.start + at, &text[at..end]);
        at = end;
        if line.trim_ascii_end().len() > COLUMNS && long.is_none() {
            let trimmed = line.trim_ascii();
            let range =
                start + line.len() - line.trim_ascii_start().len()..start + line.trim_ascii_end().len();
            if trimmed.len() > COLUMNS {
                let detail = format!("the line has {} characters", trimmed.len());
                long = Some(Damage { kind: DamageKind::LongLine, detail, range });
            }
        } else if line.len() < COLUMNS / 2
            && number > 1
            && blank.is_none()
            && line.ends_with(b"\n")
            && line.trim_ascii().is_empty()
        {
            let detail = "a blank line stands in the base64 text".to_owned();
            blank = Some(Damage { kind: DamageKind::BlankLine, detail, range: start..start + line.len() });
        }
    }
    (blank, long)
}

/// Why a body is no base64 of anything but a place where some belongs.
pub(super) fn placeholder(text: &[u8]) -> Option<&'static str> {
    const WORDS: [&str; 12] = [
        "your", "paste", "insert", "here", "snip", "redacted", "omitted", "example", "content", "replace",
        "todo", "removed",
    ];
    let visible: Vec<u8> = text.iter().copied().filter(|octet| !octet.is_ascii_whitespace()).collect();
    let Some(first) = visible.first() else {
        return Some("nothing stands between BEGIN and END");
    };
    if visible.iter().all(|octet| octet == first) {
        return Some("one character over and over stands in the place of the base64 text");
    }
    let has = |needle: &str| memchr::memmem::find(&visible, needle.as_bytes()).is_some();
    if has("...") || has("\u{2026}") {
        return Some("three dots stand for text that was left out");
    }
    let ends = [(b'<', b'>'), (b'[', b']'), (b'{', b'}'), (b'$', b'}'), (b'%', b'%'), (b'(', b')')];
    let is_framed = |(open, close): &(u8, u8)| first == open && visible.last() == Some(close);
    if ends.iter().any(is_framed) {
        return Some("text in brackets stands in the place of the base64 text");
    }
    // Words count where blanks part them: base64 has any run of letters.
    let words = String::from_utf8_lossy(&text[..text.len().min(4 * COLUMNS)]).to_ascii_lowercase();
    let mut words = words.split(|c: char| !c.is_ascii_alphabetic());
    words.any(|word| WORDS.contains(&word)).then_some("words stand in the place of the base64 text")
}

/// The base64 characters, in octets of the file, that encode `span` of the
/// decoded octets of the body.
#[must_use]
pub fn text_of(bytes: &[u8], body: &Range<usize>, span: Span) -> Option<Range<usize>> {
    let first = span.start as usize * 4 / 3;
    let last = (span.end.max(span.start + 1) as usize * 4).div_ceil(3) - 1;
    let mut seen = 0;
    let mut start = None;
    let mut at = body.start;
    while at < body.end {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if !is_symbol(bytes[at])
            && let Some(length) = unseen(&bytes[at..body.end])
        {
            at += length;
            continue;
        }
        if seen == first {
            start = Some(at);
        }
        if seen == last {
            return start.map(|start| start..at + 1);
        }
        seen += 1;
        at += 1;
    }
    // Octets behind the end, such as a missing part, are shown at the last character.
    let end = body.start + super::trimmed_len(&bytes[body.clone()], b" \t\r\n");
    let start = start.or_else(|| end.checked_sub(1).filter(|at| body.contains(at)));
    start.map(|start| start..end)
}

/// The first line of base64 text of a body.
#[must_use]
pub fn first_line(bytes: &[u8], body: &Range<usize>) -> Option<Range<usize>> {
    let start = body.clone().find(|at| !bytes[*at].is_ascii_whitespace())?;
    let line = start..super::end_of_line(bytes, start, body.end);
    Some(start..start + super::trimmed_len(&bytes[line], b" \t"))
}
