//! What OpenSSL makes of the text of a trust file (`PEM_X509_INFO_read_bio`,
//! `PEM_read_bio_ex`): which blocks it sees, and whether it refuses the file. It is
//! stricter than the scanner of inputs, which finds every block that a person sees.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::openssl::{self, Anchor};
use super::{Place, Stage};
use crate::der::{Reader, tag};
use crate::facts::Certificate;
use crate::input::{Block, Content, Input};
use crate::limits;

/// Octets that OpenSSL reads at once (`LINESIZE`): longer lines fall to pieces.
const PIECE: usize = 254;

/// Octets of base64 in a line behind a blank one.
const COLUMNS: usize = 64;

/// A block that OpenSSL sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Offset of its BEGIN line.
    pub begin: usize,
    /// Its label.
    pub label: &'a [u8],
}

/// The blocks of a text that OpenSSL sees, up to the one that makes it refuse the
/// whole text, and whether there is one. Certificates are not looked into.
#[must_use]
pub fn read(text: &[u8]) -> (Vec<Seen<'_>>, bool) {
    let mut seen = Vec::new();
    for (block, body) in Blocks::of_file(text) {
        seen.push(block);
        if !body.is_ok_and(|body| body.is_read(block.label)) {
            return (seen, true);
        }
    }
    (seen, false)
}

/// Whether Python refuses an input as a trust file, or leaves out all of it: for its
/// text, or for a certificate that does not parse. One without certificates is not
/// refused for that.
#[must_use]
pub fn is_refused(input: &Input) -> bool {
    let (seen, is_refused) = read(input.source.as_read());
    let is_seen = |block: &&Block| {
        let begin = block.armour.as_ref().map(|armour| armour.begin.start);
        seen.iter().any(|seen| Some(seen.begin) == begin)
    };
    let blocks: Vec<&Block> = input.blocks.iter().filter(is_seen).collect();
    if is_refused || blocks.iter().any(|block| matches!(block.content, Content::UndecodedCertificate)) {
        return true;
    }
    let certificate = |block: &&Block| {
        let certificate = Certificate::read(input.certificate(block)?);
        Some((certificate, input.has_trusted_label(block)))
    };
    let certificates: Vec<(Certificate<'_>, bool)> = blocks.iter().filter_map(certificate).collect();
    let anchor = |(certificate, trusted_label)| Anchor { certificate, trusted_label };
    let store: Vec<Anchor<'_>> =
        certificates.iter().map(|(certificate, label)| anchor((certificate, *label))).collect();
    let parameters = openssl::Client::Python313.parameters(openssl::Version::V3_5, 0, None);
    let found = openssl::verify(&store, &[], &parameters);
    found
        .errors
        .iter()
        .any(|error| matches!((error.stage, error.certificate), (Stage::Load, Place::Store(_))))
}

/// What stands between BEGIN and END.
pub(super) struct Body {
    /// Whether lines of a header stand above the base64 text.
    pub(super) has_header: bool,
    /// The base64 text, which OpenSSL decodes.
    text: Zeroizing<Vec<u8>>,
}

/// Why OpenSSL refuses a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// `BAD_END_LINE`: no END line, another label on it, or lines that cannot stand before it.
    EndLine,
    /// `BAD_BASE64_DECODE`.
    Base64,
    /// It gives no reason: an empty body, or a long line behind a header.
    Silent,
}

impl Body {
    /// The octets; `None` where they are padded in a way that only OpenSSL reads.
    pub(super) fn octets(&self) -> Option<Zeroizing<Vec<u8>>> {
        let symbols = Zeroizing::new(symbols(&self.text).collect::<Vec<u8>>());
        STANDARD.decode(symbols.as_slice()).ok().map(Zeroizing::new)
    }

    /// Whether a file that is loaded as a whole may hold it under a label.
    pub(super) fn is_read(&self, label: &[u8]) -> bool {
        if is_certificate(label) {
            return !self.has_header && self.holds(|_| true);
        }
        // Keys are decoded unless a header says how they are encrypted.
        !is_plain_key(label) || self.has_header || self.holds(|first| first == tag::INTEGER)
    }

    /// Whether it holds a whole SEQUENCE with such an element first; taken for granted where its octets are not known.
    fn holds(&self, is_first: impl Fn(u8) -> bool) -> bool {
        let Some(octets) = self.octets() else {
            return true;
        };
        let outer = Reader::new(&octets, 0, "").expect(tag::SEQUENCE);
        outer.is_ok_and(|outer| Reader::of(&outer, "").peek().is_none_or(is_first))
    }
}

/// The blocks of a text (`PEM_read_bio_ex` again and again), each with its body. What follows one that is refused is
/// looked at from where OpenSSL stopped.
pub(super) struct Blocks<'a> {
    pieces: Pieces<'a>,
    /// How many refused blocks do not end it: what follows is looked at from where the decoder of DER gave up.
    patience: usize,
}

impl<'a> Blocks<'a> {
    /// Those of a file, where NUL ends a line and at its start everything (`fgets`).
    pub(super) fn of_file(text: &'a [u8]) -> Self {
        Self { pieces: Pieces { text, next: 0, is_file: true }, patience: 0 }
    }

    /// Those of a text in memory.
    pub(super) fn of_memory(text: &'a [u8]) -> Self {
        Self { pieces: Pieces { text, next: 0, is_file: false }, patience: 0 }
    }

    /// Those that the decoders of `OSSL_STORE` try one after the other.
    pub(super) fn of_store(text: &'a [u8]) -> Self {
        Self { patience: limits::REFUSED_BLOCKS, ..Self::of_memory(text) }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = (Seen<'a>, Result<Body, Fault>);

    /// `get_name`.
    fn next(&mut self) -> Option<Self::Item> {
        let start = self.pieces.next;
        let mut is_first = true;
        loop {
            let (begin, piece) = self.pieces.next()?;
            let marked = piece.strip_prefix(b"\xef\xbb\xbf").filter(|rest| is_first && !rest.is_empty());
            is_first = false;
            let line = trimmed(marked.unwrap_or(piece));
            let label = line.strip_prefix(b"-----BEGIN ").and_then(|rest| rest.strip_suffix(b"-----"));
            if let Some(label) = label {
                let body = read_body(&mut self.pieces, label);
                if self.patience > 0 && body.is_err() {
                    self.patience -= 1;
                    self.pieces.next = behind_element(self.pieces.text, start, begin);
                }
                let begin = if marked.is_some() { begin + 3 } else { begin };
                return Some((Seen { begin, label }, body));
            }
        }
    }
}

/// Where `asn1_d2i_read_bio` stops, again and again from `start` until that is behind `begin`: it takes the text for the
/// tag and length of an element, and reads eight octets at least.
fn behind_element(text: &[u8], start: usize, begin: usize) -> usize {
    let mut at = start;
    while at <= begin {
        let length = text.get(at + 1).map_or(0, |octet| usize::from(octet & 0x7f));
        at += (length + 2).max(8);
    }
    at.min(text.len())
}

/// What `BIO_gets` gives again and again: lines, or pieces of them, each with its offset.
struct Pieces<'a> {
    text: &'a [u8],
    next: usize,
    is_file: bool,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.next;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let window = &rest[..rest.len().min(PIECE)];
        let piece = &window[..memchr::memchr(b'\n', window).map_or(window.len(), |at| at + 1)];
        self.next = start + piece.len();
        let nul = if self.is_file { memchr::memchr(0, piece) } else { None };
        match nul {
            Some(0) => {
                self.next = self.text.len();
                None
            }
            Some(at) => Some((start, &piece[..at])),
            None => Some((start, piece)),
        }
    }
}

/// `sanitize_line`: what ends a line is taken off, and where `char` has a sign every octet beyond ASCII as well.
fn trimmed(piece: &[u8]) -> &[u8] {
    let is_text = |octet: &u8| *octet > b' ' && octet.is_ascii();
    &piece[..piece.iter().rposition(is_text).map_or(0, |last| last + 1)]
}

/// Reads up to the END line of a label (`get_header_and_data`).
fn read_body(pieces: &mut Pieces<'_>, label: &[u8]) -> Result<Body, Fault> {
    let (mut has_header, mut text) = (false, Zeroizing::new(Vec::new()));
    let (mut is_header, mut is_divided, mut is_last, mut is_partial) = (false, false, false, false);
    loop {
        let (_, piece) = pieces.next().ok_or(Fault::EndLine)?;
        let was_partial = is_partial;
        is_partial = piece.len() == PIECE && !piece.ends_with(b"\n");
        is_header |= !is_divided && piece.contains(&b':');
        let line = trimmed(piece);
        if line.is_empty() {
            // One blank line ends a header, whether there is one or not.
            if was_partial {
                continue;
            }
            if std::mem::replace(&mut is_divided, true) {
                return Err(Fault::EndLine);
            }
            has_header = !text.is_empty();
            text.clear();
            continue;
        }
        if let Some(end) = line.strip_prefix(b"-----END ") {
            if end.strip_prefix(label) != Some(b"-----") {
                return Err(Fault::EndLine);
            }
            if is_header && !is_divided {
                text.clear();
            }
            is_base64(&text)?;
            return Ok(Body { has_header, text });
        }
        if is_last {
            return Err(Fault::EndLine);
        }
        if is_divided && line.len() > COLUMNS {
            return Err(Fault::Silent);
        }
        is_last = is_divided && line.len() < COLUMNS;
        // `BIO_puts` copies up to NUL.
        text.extend_from_slice(&line[..memchr::memchr(0, line).unwrap_or(line.len())]);
    }
}

fn is_certificate(label: &[u8]) -> bool {
    matches!(label, b"CERTIFICATE" | b"X509 CERTIFICATE" | b"TRUSTED CERTIFICATE" | b"X509 CRL")
}

/// Whether a block is taken for a private key without a password.
fn is_plain_key(label: &[u8]) -> bool {
    label != b"ENCRYPTED PRIVATE KEY" && memchr::memmem::find(label, b"PRIVATE KEY").is_some()
}

/// The characters that `EVP_DecodeUpdate` decodes: a dash ends them, blanks do not count.
fn symbols(text: &[u8]) -> impl Iterator<Item = u8> {
    let before = text.iter().copied().take_while(|octet| *octet != b'-');
    before.filter(|octet| !octet.is_ascii_whitespace())
}

/// Whether `EVP_DecodeUpdate` takes a text.
fn is_base64(text: &[u8]) -> Result<(), Fault> {
    let symbols: Zeroizing<Vec<u8>> = Zeroizing::new(symbols(text).collect());
    let padding = symbols.iter().rev().take_while(|octet| **octet == b'=').count();
    let (digits, _) = symbols.split_at(symbols.len() - padding);
    if symbols.is_empty() {
        return Err(Fault::Silent);
    }
    let is_digit = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let is_sound = symbols.len().is_multiple_of(4) && padding <= 2 && digits.iter().all(is_digit);
    if is_sound { Ok(()) } else { Err(Fault::Base64) }
}
