//! Texts inside texts: the value of a JSON string, a heredoc, what base64 holds. Each
//! octet of a layer is followed back, layer by layer, to the octets of the file that stand for it.

use std::ops::Range;

use zeroize::Zeroizing;

use super::pem;
use crate::der::Span;

/// A text that was found in an input. The first one of an input is the file itself.
#[derive(Debug)]
pub struct Layer {
    /// Where it stands in its carrier: `result[0].certificates`; empty for the file itself.
    pub path: String,
    /// Number of the object that it belongs to: the layers of one object are one bundle.
    pub object: usize,
    /// Whether its line breaks, or those of a text that it stands in, were written as a backslash
    /// and n: readers of PEM find nothing in it.
    pub is_escaped: bool,
    /// Its octets; `None` for the file itself. They may hold a key.
    pub(super) octets: Option<Zeroizing<Vec<u8>>>,
    /// The layer that it stands in.
    pub(super) parent: usize,
    pub(super) map: Map,
}

/// From octets of a layer to those of the layer that it stands in.
#[derive(Debug)]
pub(super) enum Map {
    /// The file itself.
    Same,
    /// Runs of octets.
    Pieces(Vec<Piece>),
    /// Base64 text that encodes the layer.
    Base64(Range<usize>),
}

/// A run of octets of a layer and what stands for it in its parent: as many octets, one
/// for one, or an escape sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it begins in the layer.
    pub(super) start: usize,
    /// How many octets it has there.
    pub(super) length: usize,
    /// Where it begins in the parent.
    pub(super) source: usize,
    /// How many octets it has there.
    pub(super) source_length: usize,
}

impl Layer {
    /// The file itself.
    pub(super) fn file() -> Self {
        Self { path: String::new(), object: 0, is_escaped: false, octets: None, parent: 0, map: Map::Same }
    }
}

impl Map {
    /// The range of the parent, whose octets are `outer`, that stands for a range of the layer.
    pub(super) fn outward(&self, outer: &[u8], range: &Range<usize>) -> Range<usize> {
        match self {
            Self::Same => range.clone(),
            Self::Pieces(pieces) => across(pieces, range),
            Self::Base64(body) => {
                let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                let span = Span { start: offset(range.start), end: offset(range.end) };
                pem::text_of(outer, body, span).unwrap_or_else(|| body.clone())
            }
        }
    }
}

/// The range that stands for a range of the layer.
fn across(pieces: &[Piece], range: &Range<usize>) -> Range<usize> {
    let start = before(pieces, range.start).map_or(0, |piece| {
        let inside = range.start - piece.start;
        if inside < piece.length { piece.source + piece.inside(inside) } else { piece.source_end() }
    });
    if range.end <= range.start {
        return start..start;
    }
    // The last octet of the range decides where it ends.
    let end = before(pieces, range.end - 1).map_or(start, |piece| {
        let inside = range.end - 1 - piece.start;
        let is_plain = piece.length == piece.source_length && inside < piece.length;
        if is_plain { piece.source + inside + 1 } else { piece.source_end() }
    });
    start..end.max(start)
}

/// The last piece that begins at or before an octet.
fn before(pieces: &[Piece], at: usize) -> Option<&Piece> {
    pieces.get(pieces.partition_point(|piece| piece.start <= at).max(1) - 1)
}

impl Piece {
    fn inside(&self, at: usize) -> usize {
        if self.length == self.source_length { at } else { 0 }
    }

    fn source_end(&self) -> usize {
        self.source + self.source_length
    }
}

/// Gathers a text and its pieces.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) octets: Zeroizing<Vec<u8>>,
    pub(super) pieces: Vec<Piece>,
}

impl Draft {
    /// Room for as many octets: a vector that grows would leave copies of keys behind.
    pub(super) fn with_room(octets: usize) -> Self {
        Self { octets: Zeroizing::new(Vec::with_capacity(octets)), pieces: Vec::new() }
    }

    /// Takes octets over as they stand from `source` on.
    pub(super) fn plain(&mut self, octets: &[u8], source: usize) {
        match self.pieces.last_mut() {
            Some(last)
                if last.length == last.source_length
                    && last.source_end() == source
                    && last.start + last.length == self.octets.len() =>
            {
                last.length += octets.len();
                last.source_length += octets.len();
            }
            _ => self.pieces.push(Piece {
                start: self.octets.len(),
                length: octets.len(),
                source,
                source_length: octets.len(),
            }),
        }
        self.octets.extend_from_slice(octets);
    }

    /// Takes over what an escape sequence stands for.
    pub(super) fn escape(&mut self, octets: &[u8], source: Range<usize>) {
        self.pieces.push(Piece {
            start: self.octets.len(),
            length: octets.len(),
            source: source.start,
            source_length: source.len(),
        });
        self.octets.extend_from_slice(octets);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_followed_through_escapes_and_gaps() {
        let mut draft = Draft::default();
        draft.plain(b"ab", 10);
        draft.escape(b"\n", 12..14);
        draft.plain(b"cd", 14);
        draft.plain(b"ef", 20);
        assert_eq!(draft.octets.as_slice(), b"ab\ncdef");
        let to = |range| across(&draft.pieces, &range);
        assert_eq!(to(0..2), 10..12);
        assert_eq!(to(1..3), 11..14);
        assert_eq!(to(2..3), 12..14);
        assert_eq!(to(3..5), 14..16);
        assert_eq!(to(4..7), 15..22);
        assert_eq!(to(5..5), 20..20);
        assert_eq!(to(7..7), 22..22);
    }

    #[test]
    fn an_escape_of_two_octets_for_two_is_no_run() {
        let mut draft = Draft::default();
        draft.escape("é".as_bytes(), 0..6);
        assert_eq!(across(&draft.pieces, &(0..1)), 0..6);
        assert_eq!(across(&draft.pieces, &(1..2)), 0..6);
    }
}
