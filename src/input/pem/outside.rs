//! Text that stands between blocks: what a program or a person writes there, and what does harm there. Knows nothing of
//! what blocks hold.

use std::ops::Range;

use super::{Damage, DamageKind};

/// What was found outside of blocks: the first of each kind, with the place of the block that it belongs to.
#[derive(Debug, Default)]
pub(super) struct Outside {
    nul: Option<(usize, Range<usize>)>,
    not_ascii: Option<(usize, Range<usize>)>,
    text: Option<(usize, Range<usize>)>,
    lines: usize,
}

/// Starts of lines that OpenSSL's own programs write, and of comments.
const OWN: [&str; 26] = [
    "#",
    "subject=",
    "issuer=",
    "subject:",
    "issuer:",
    "Bag Attributes",
    "Key Attributes",
    "friendlyName",
    "localKeyID",
    "Microsoft CSP Name",
    "Certificate:",
    "Certificate Request:",
    "Certificate Revocation List",
    "Certificate chain",
    "Server certificate",
    "Private-Key:",
    "Public-Key:",
    "X509v3",
    "Data:",
    "Version:",
    "Serial Number",
    "Signature ",
    "Validity",
    "serial=",
    "notBefore=",
    "notAfter=",
];

impl Outside {
    /// Takes in text that stands before block `block`, or behind the last one.
    pub(super) fn take(&mut self, bytes: &[u8], range: Range<usize>, block: usize) {
        let text = &bytes[range.clone()];
        let mut is_own = false;
        let mut at = range.start;
        for line in text.split_inclusive(|octet| matches!(octet, b'\n' | b'\r')) {
            let start = at + line.len() - line.trim_ascii_start().len();
            let trimmed = line.trim_ascii();
            at += line.len();
            if trimmed.is_empty() {
                continue;
            }
            is_own = is_written_by_program(line, trimmed, is_own);
            let place = start..start + trimmed.len();
            if let Some(nul) = memchr::memchr(0, trimmed) {
                self.nul.get_or_insert((block, start + nul..start + nul + 1));
            } else if !trimmed.is_ascii() {
                let first = trimmed.iter().position(|octet| !octet.is_ascii()).unwrap_or(0);
                let length = super::body::character_length(&trimmed[first..]);
                self.not_ascii.get_or_insert((block, start + first..start + first + length));
            }
            if !is_own {
                self.text.get_or_insert((block, place));
                self.lines += 1;
            }
        }
    }

    /// The damage, each with the place of its block among `blocks`.
    pub(super) fn damage(self, blocks: usize) -> Vec<(usize, Damage)> {
        let count = match self.lines {
            1 => "a line of text stands".to_owned(),
            lines => format!("{lines} lines of text stand"),
        };
        // What stands behind the last block takes nothing away from it.
        let nul = self.nul.filter(|(block, _)| *block < blocks);
        let nul =
            nul.map(|found| (found, DamageKind::NulOctet, "a NUL octet stands before this block".to_owned()));
        let not_ascii = self.not_ascii.map(|found| {
            (
                found,
                DamageKind::TextNotAscii,
                "a character outside ASCII stands outside of the blocks".to_owned(),
            )
        });
        let text =
            self.text.map(|found| (found, DamageKind::TextOutside, format!("{count} outside of the blocks")));
        let found = [nul, not_ascii, text].into_iter().flatten();
        found
            .map(|((block, range), kind, detail)| {
                (block.min(blocks.saturating_sub(1)), Damage { kind, detail, range })
            })
            .collect()
    }
}

/// Whether a line is a comment, a ruler, or one that OpenSSL's programs write; indented lines go with the one above.
fn is_written_by_program(line: &[u8], trimmed: &[u8], above: bool) -> bool {
    let is_indented = matches!(line.first(), Some(b' ' | b'\t'));
    let is_ruler = trimmed.iter().all(|octet| matches!(octet, b'-' | b'=' | b'*' | b'_' | b'\0'));
    let digits = trimmed.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let is_chain = is_indented
        && [" s:", "s:", "i:", "a:", "v:"]
            .iter()
            .any(|start| trimmed[digits..].starts_with(start.as_bytes()));
    is_ruler
        || is_chain
        || (is_indented && above)
        || OWN.iter().any(|own| trimmed.starts_with(own.as_bytes()))
}
