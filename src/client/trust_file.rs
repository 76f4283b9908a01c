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

/// Octets that OpenSSL reads at once; a longer line begins no block.
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
    let mut lines = Lines { text, next: if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 } };
    let mut seen = Vec::new();
    while let Some((begin, line)) = lines.next() {
        if line.len() >= PIECE {
            continue;
        }
        let Some(label) = line.strip_prefix(b"-----BEGIN ").and_then(|rest| rest.strip_suffix(b"-----"))
        else {
            continue;
        };
        seen.push(Seen { begin, label });
        if read_body(&mut lines, label).is_none() {
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
    let (seen, is_refused) = read(&input.source.bytes);
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

/// Lines up to the line feed, what ends them trimmed off.
struct Lines<'a> {
    text: &'a [u8],
    next: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.next;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.next = start + end + 1;
        let line = &rest[..end];
        let length = line.iter().rposition(|octet| *octet > b' ').map_or(0, |last| last + 1);
        Some((start, &line[..length]))
    }
}

/// Reads up to the END line of a label; `None` where OpenSSL refuses.
fn read_body(lines: &mut Lines<'_>, label: &[u8]) -> Option<()> {
    let (mut header, mut body) = (Vec::new(), Zeroizing::new(Vec::new()));
    let (mut is_divided, mut is_last) = (false, false);
    loop {
        let (_, line) = lines.next()?;
        if line.is_empty() {
            // One blank line ends a header, whether there is one or not.
            if std::mem::replace(&mut is_divided, true) {
                return None;
            }
            header = body.to_vec();
            body.clear();
            continue;
        }
        if let Some(end) = line.strip_prefix(b"-----END ") {
            let is_own = end.strip_prefix(label).is_some_and(|rest| rest == b"-----");
            let is_certificate = is_certificate(label);
            let is_plain = header.is_empty() || !is_certificate;
            let is_read = header.is_empty() && (is_certificate || is_key(label));
            let fits = is_base64(&body) && (!is_read || is_sequence(&body));
            return (is_own && is_plain && fits).then_some(());
        }
        if is_last || (is_divided && line.len() > COLUMNS) {
            return None;
        }
        is_last = is_divided && line.len() < COLUMNS;
        body.extend_from_slice(line);
    }
}

fn is_certificate(label: &[u8]) -> bool {
    matches!(label, b"CERTIFICATE" | b"X509 CERTIFICATE" | b"TRUSTED CERTIFICATE" | b"X509 CRL")
}

/// Private keys that are decoded without a password.
fn is_key(label: &[u8]) -> bool {
    matches!(label, b"PRIVATE KEY" | b"RSA PRIVATE KEY" | b"EC PRIVATE KEY" | b"DSA PRIVATE KEY")
}

/// Whether base64 text holds a whole SEQUENCE; taken for granted where it is padded
/// in a way that only OpenSSL reads.
fn is_sequence(text: &[u8]) -> bool {
    let symbols: Vec<u8> = text.iter().copied().filter(|octet| !octet.is_ascii_whitespace()).collect();
    let symbols = Zeroizing::new(symbols);
    STANDARD
        .decode(symbols.as_slice())
        .map(Zeroizing::new)
        .map_or(true, |octets| Reader::new(&octets, 0, "").expect(tag::SEQUENCE).is_ok())
}

/// Whether `EVP_DecodeUpdate` takes a text: a dash ends it, blanks do not count.
fn is_base64(text: &[u8]) -> bool {
    let symbols = text.iter().copied().take_while(|octet| *octet != b'-');
    let symbols: Zeroizing<Vec<u8>> =
        Zeroizing::new(symbols.filter(|octet| !octet.is_ascii_whitespace()).collect());
    let padding = symbols.iter().rev().take_while(|octet| **octet == b'=').count();
    let (digits, _) = symbols.split_at(symbols.len() - padding);
    !symbols.is_empty()
        && symbols.len().is_multiple_of(4)
        && padding <= 2
        && digits.iter().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/'))
}
