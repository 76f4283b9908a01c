//! Finds the octets that stand for a decoded text: YAML and HCL parsers give the text and
//! where it begins and ends, and indentation, folding and escapes lie between.

use std::ops::Range;

use super::unescape::escape;
use crate::input::layer::Draft;

/// Whether a string has escape sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// With backslashes.
    Yes,
    /// None.
    No,
}

/// `decoded` with a map to the octets of `range` that it was decoded from. Octets of the range that
/// nothing stands for (indentation, quotes) are passed over.
pub(super) fn align(text: &[u8], range: Range<usize>, decoded: &[u8], escapes: Escapes) -> Draft {
    let mut draft = Draft::with_room(decoded.len());
    let (mut at, mut source) = (0, range.start);
    while at < decoded.len() {
        let rest = &text[source.min(range.end)..range.end];
        if rest.is_empty() {
            // What is left was written by nobody: a line break that the form adds.
            draft.escape(&decoded[at..], range.end..range.end);
            break;
        }
        let found = if escapes == Escapes::Yes { escape(rest) } else { None };
        if let Some((c, length)) = found {
            let mut octets = [0; 4];
            let octets = c.encode_utf8(&mut octets).as_bytes();
            if decoded[at..].starts_with(octets) {
                draft.escape(octets, source..source + length);
                at += octets.len();
            }
            source += length;
            continue;
        }
        let same = rest.iter().zip(&decoded[at..]).take_while(|(left, right)| left == right).count();
        let run =
            if escapes == Escapes::Yes { memchr::memchr(b'\\', &rest[..same]).unwrap_or(same) } else { same };
        if run > 0 {
            draft.plain(&decoded[at..at + run], source);
            at += run;
            source += run;
        } else if is_break(decoded[at]) && is_break(rest[0]) {
            // A line break may become a blank, and a carriage return may go.
            draft.escape(&decoded[at..=at], source..source + 1);
            at += 1;
            source += 1;
        } else {
            source += 1;
        }
    }
    draft
}

fn is_break(octet: u8) -> bool {
    matches!(octet, b' ' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::layer::Map;

    fn places(text: &str, decoded: &str, escapes: Escapes) -> Vec<String> {
        let draft = align(text.as_bytes(), 0..text.len(), decoded.as_bytes(), escapes);
        assert_eq!(draft.octets.as_slice(), decoded.as_bytes());
        let map = Map::Pieces(draft.pieces);
        let place = |at: usize| text[map.outward(text.as_bytes(), &(at..at + 1))].to_owned();
        decoded.char_indices().map(|(at, _)| place(at)).collect()
    }

    #[test]
    fn indentation_is_passed_over() {
        assert_eq!(places("    ab\n    cd\n", "ab\ncd\n", Escapes::No).concat(), "ab\ncd\n");
    }

    #[test]
    fn an_escape_is_one_place() {
        assert_eq!(places(r"ab\ncd", "ab\ncd", Escapes::Yes), ["a", "b", r"\n", "c", "d"]);
    }

    #[test]
    fn folded_lines_are_joined() {
        assert_eq!(places("ab\n  cd", "ab cd", Escapes::No), ["a", "b", "\n", "c", "d"]);
    }
}
