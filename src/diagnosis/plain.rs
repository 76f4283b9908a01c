//! Text as people paste it, made plain: no colours, no escapes, no quotes, no
//! frames, one space between words, lower case. Knows no error.

use std::iter::Peekable;
use std::str::Chars;

const ESCAPE: char = '\u{1b}';

/// The octets of a file or pipe as text. PowerShell writes UTF-16 with a mark.
#[must_use]
pub fn decoded(octets: &[u8]) -> String {
    let pairs = |wide: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = octets[2..].chunks_exact(2).map(|pair| wide([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match octets {
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        _ => String::from_utf8_lossy(octets).into_owned(),
    }
}

/// The text in one line, in a form in which texts of errors can be compared.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ESCAPE => skip_sequence(&mut chars),
            '\\' => unescape(&mut chars, &mut plain),
            '&' => push_entity(&mut chars, &mut plain),
            _ if is_quote(c) || is_invisible(c) => {}
            '\u{2010}' | '\u{2011}' => plain.push('-'),
            _ if c.is_whitespace() || c.is_control() || is_frame(c) => push_space(&mut plain),
            _ => plain.extend(c.to_lowercase()),
        }
    }
    if plain.ends_with(' ') {
        plain.pop();
    }
    plain
}

/// The plain text without spaces and what stands at the edge of wrapped lines, and
/// where each of its octets stands in the plain text: a text that was broken in the
/// middle of a word is whole in it.
pub(super) fn squeezed(plain: &str) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(plain.len());
    let mut places = Vec::with_capacity(plain.len());
    for (at, c) in plain.char_indices().filter(|(_, c)| !matches!(c, ' ' | '|' | '>' | '<')) {
        text.push(c);
        places.extend(at..at + c.len_utf8());
    }
    (text, places)
}

fn push_space(plain: &mut String) {
    if !plain.is_empty() && !plain.ends_with(' ') {
        plain.push(' ');
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '"' | '`' | '´' | '‘' | '’' | '‛' | '“' | '”' | '„' | '«' | '»')
}

/// Characters without width, as pages and word processors put them between others.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Box drawing, as progress bars and boxed tracebacks have it.
fn is_frame(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{259f}' | '¦')
}

/// Skips what follows an escape character: a colour, a title, a link.
fn skip_sequence(chars: &mut Peekable<Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            while chars.next_if(|c| matches!(c, '0'..='?')).is_some() {}
            chars.next_if(|c| matches!(c, '@'..='~'));
        }
        Some(']') => {
            // A title or link ends with BEL or ESC \ in its line; else it is none.
            let mut ahead = chars.clone();
            let ends = match ahead.find(|c| matches!(c, '\u{7}' | '\n' | &ESCAPE)) {
                Some('\u{7}') => true,
                Some(ESCAPE) => ahead.next_if_eq(&'\\').is_some(),
                _ => false,
            };
            if ends {
                *chars = ahead;
            }
        }
        _ => {}
    }
}

/// What a backslash stands before: an escape of JSON, Python or a shell.
fn unescape(chars: &mut Peekable<Chars<'_>>, plain: &mut String) {
    match chars.peek() {
        Some('n' | 'r' | 't') => {
            chars.next();
            push_space(plain);
        }
        Some('u' | 'x' | '0' | 'e') => {
            let mut ahead = chars.clone();
            let code: String = ahead.by_ref().take_while(|c| *c != '[').take(6).collect();
            if matches!(code.to_ascii_lowercase().as_str(), "u001b" | "x1b" | "033" | "e") {
                for _ in 0..code.len() {
                    chars.next();
                }
                skip_sequence(chars);
            } else if matches!(code.to_ascii_lowercase().get(..5), Some("u0027" | "u0022" | "u003e")) {
                for _ in 0..5 {
                    chars.next();
                }
            }
        }
        _ => {}
    }
}

/// An entity of HTML; a quote is dropped as any other.
fn push_entity(chars: &mut Peekable<Chars<'_>>, plain: &mut String) {
    let name: String = chars.clone().take_while(|c| *c != ';').take(6).collect();
    let ends = chars.clone().nth(name.chars().count()) == Some(';');
    match name.as_str() {
        "#39" | "#x27" | "#34" | "quot" | "apos" if ends => {}
        "nbsp" if ends => push_space(plain),
        _ => return plain.push('&'),
    }
    for _ in 0..=name.chars().count() {
        chars.next();
    }
}
