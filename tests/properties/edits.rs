//! Files of the fixtures, and what goes wrong with files: parts cut, flipped,
//! inserted, doubled, glued together, line ends changed.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::corpus;

/// Contents of the fixtures, with their names.
pub(crate) static FIXTURES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let folders = ["chains", "clean", "keys", "malformed", "openssl", "regressions", "rules"];
    let paths = folders.into_iter().flat_map(corpus::files);
    paths.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
});

/// What PEM files are made of.
const PIECES: &[&[u8]] = &[
    b"-----BEGIN",
    b"-----END",
    b"-----",
    b"----",
    b"-",
    b" ",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    b"\0",
    b"=",
    b"\\n",
    b" CERTIFICATE",
    b" PRIVATE KEY",
    b" EC PRIVATE KEY",
    b" ENCRYPTED PRIVATE KEY",
    b" OPENSSH PRIVATE KEY",
    b"-----BEGIN CERTIFICATE-----\n",
    b"-----END CERTIFICATE-----\n",
    b"-----BEGIN PRIVATE KEY-----\n",
    b"-----END PRIVATE KEY-----\n",
    b"Proc-Type: 4,ENCRYPTED\n\n",
    b"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n",
    b"MAA=\n",
    b"\xef\xbb\xbf",
    b"\xc3\xa9",
    b"\xff\xfe",
    "\u{202e}\u{200b}\u{1f600}".as_bytes(),
];

/// A piece of a PEM file, or a few random octets.
pub(crate) fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ]
}

/// One of the fixtures.
pub(crate) fn fixture() -> impl Strategy<Value = Vec<u8>> {
    any::<Index>().prop_map(|index| index.get(&FIXTURES).1.clone())
}

/// One thing that goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Cut(Index, u16),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Double(Index, u16, Index),
    End(Index),
    /// The line end at a place is left out.
    Glue(Index),
    /// All line ends become this.
    LineEnds(&'static str),
}

/// Anything that goes wrong.
pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), 1..200_u16).prop_map(|(at, length)| Edit::Cut(at, length)),
        3 => (at(), 1..=255_u8).prop_map(|(at, mask)| Edit::Flip(at, mask)),
        3 => (at(), piece()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => (at(), 1..400_u16, at()).prop_map(|(from, length, to)| Edit::Double(from, length, to)),
        1 => at().prop_map(Edit::End),
        3 => at().prop_map(Edit::Glue),
        1 => prop::sample::select(&["", " ", "\r", "\r\n", "\n\n", "\\n", "\n  "][..]).prop_map(Edit::LineEnds),
    ]
}

impl Edit {
    /// The octets after the edit.
    pub(crate) fn apply(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let length = bytes.len();
        let place = |index: &Index| index.index(length + 1);
        let range = |start: usize, count: u16| start..length.min(start + usize::from(count));
        match self {
            Self::Cut(at, count) => drop(bytes.drain(range(place(at), *count))),
            Self::Flip(at, mask) => {
                if let Some(octet) = bytes.get_mut(place(at)) {
                    *octet ^= mask;
                }
            }
            Self::Insert(at, piece) => drop(bytes.splice(place(at)..place(at), piece.iter().copied())),
            Self::Double(from, count, to) => {
                let copy = bytes[range(place(from), *count)].to_vec();
                bytes.splice(place(to)..place(to), copy);
            }
            Self::End(at) => bytes.truncate(place(at)),
            Self::Glue(at) => {
                let ends: Vec<usize> = (0..length).filter(|at| bytes[*at] == b'\n').collect();
                if !ends.is_empty() {
                    bytes.remove(*at.get(&ends));
                }
            }
            Self::LineEnds(end) => {
                let lines: Vec<&[u8]> = bytes.split(|octet| *octet == b'\n').collect();
                return lines.join(end.as_bytes());
            }
        }
        bytes
    }
}
