//! A scanner for PEM text that never stops: every `-----BEGIN` becomes a block
//! with its exact place, and everything wrong with it becomes a [`Damage`].
//! Works on octets, since files come in any encoding. Textual form: RFC 7468.

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;

use super::key::KeyFormat;
use crate::der::Span;
use crate::limits;
use crate::source::{secret_runs, shown};

const BEGIN: &[u8] = b"-----BEGIN";
const END: &[u8] = b"-----END";
const DASHES: &[u8] = b"-----";

/// Where a block stands in its file. All ranges are octet offsets.
#[derive(Clone, Debug)]
pub struct Armour {
    /// The `BEGIN` boundary, dashes included.
    pub begin: Range<usize>,
    /// The label between `BEGIN ` and the closing dashes.
    pub label: Range<usize>,
    /// The text between the boundaries, line ends included; headers of RFC 1421 included.
    pub body: Range<usize>,
    /// The `END` boundary, if there is one.
    pub end: Option<Range<usize>>,
    kind: Kind,
}

impl Armour {
    /// What the label announces.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `CERTIFICATE`, `X509 CERTIFICATE`, `TRUSTED CERTIFICATE`.
    Certificate,
    /// A private key.
    Key(KeyFormat),
    /// Everything else.
    Other,
}

/// One thing wrong with the armour of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong.
    pub kind: DamageKind,
    /// What exactly, for a person; never quotes the text of the block.
    pub detail: String,
    /// Where, in octets of the file.
    pub range: Range<usize>,
}

/// Kinds of damage. Each is reported by a rule below `rules/pem/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// No `END` boundary for this block, or one with another label.
    EndMissing,
    /// The body is no base64.
    Base64Invalid,
    /// A boundary that shares its line with other text.
    BlocksGlued,
    /// A `BEGIN` or `END` line without its five closing dashes.
    BoundaryMalformed,
    /// A `BEGIN` or `END` line that OpenSSL does not find where it stands.
    BoundaryMisplaced,
    /// A blank line in the body, which ends a header for OpenSSL.
    BlankLine,
    /// Line breaks that are written as a backslash and n.
    NewlinesEscaped,
}

impl DamageKind {
    /// The name that rules use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EndMissing => "endMissing",
            Self::Base64Invalid => "base64Invalid",
            Self::BlocksGlued => "blocksGlued",
            Self::BoundaryMalformed => "boundaryMalformed",
            Self::BoundaryMisplaced => "boundaryMisplaced",
            Self::BlankLine => "blankLine",
            Self::NewlinesEscaped => "newlinesEscaped",
        }
    }
}

/// Labels of RFC 7468 and of OpenSSL (`pem.h`), and what they announce.
const LABELS: &[(&str, Kind)] = &[
    ("CERTIFICATE", Kind::Certificate),
    ("X509 CERTIFICATE", Kind::Certificate),
    ("TRUSTED CERTIFICATE", Kind::Certificate),
    ("PRIVATE KEY", Kind::Key(KeyFormat::Pkcs8)),
    ("ENCRYPTED PRIVATE KEY", Kind::Key(KeyFormat::EncryptedPkcs8)),
    ("RSA PRIVATE KEY", Kind::Key(KeyFormat::Pkcs1)),
    ("EC PRIVATE KEY", Kind::Key(KeyFormat::Sec1)),
    ("DSA PRIVATE KEY", Kind::Key(KeyFormat::Dsa)),
    ("OPENSSH PRIVATE KEY", Kind::Key(KeyFormat::OpenSsh)),
    ("CERTIFICATE REQUEST", Kind::Other),
    ("NEW CERTIFICATE REQUEST", Kind::Other),
    ("X509 CRL", Kind::Other),
    ("PKCS7", Kind::Other),
    ("PKCS #7 SIGNED DATA", Kind::Other),
    ("CMS", Kind::Other),
    ("ATTRIBUTE CERTIFICATE", Kind::Other),
    ("CERTIFICATE PAIR", Kind::Other),
    ("PUBLIC KEY", Kind::Other),
    ("RSA PUBLIC KEY", Kind::Other),
    ("DSA PUBLIC KEY", Kind::Other),
    ("EC PARAMETERS", Kind::Other),
    ("DH PARAMETERS", Kind::Other),
    ("X9.42 DH PARAMETERS", Kind::Other),
    ("DSA PARAMETERS", Kind::Other),
    ("PARAMETERS", Kind::Other),
    ("SSL SESSION PARAMETERS", Kind::Other),
];

/// Whether a label is one of RFC 7468 or OpenSSL.
#[must_use]
pub fn is_known_label(label: &str) -> bool {
    LABELS.iter().any(|(known, _)| *known == label)
}

/// A label as it may be shown: a damaged file may have a key in its place, so what
/// is too long for a word of a label becomes `…`.
#[must_use]
pub fn shown_label(label: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut rest = 0;
    for run in secret_runs(label.as_bytes()) {
        shown.push_str(&label[rest..run.start]);
        shown.push('…');
        rest = run.end;
    }
    if rest == 0 { label.into() } else { (shown + &label[rest..]).into() }
}

/// The known label that a misspelt one most likely means.
#[must_use]
pub fn suggested_label(label: &str) -> Option<&'static str> {
    if label.len() > LABELS.iter().map(|(known, _)| known.len() + 2).max()? {
        return None;
    }
    let wanted = label.trim().to_ascii_uppercase();
    let closest =
        LABELS.iter().map(|(known, _)| (strsim::damerau_levenshtein(known, &wanted), *known)).min()?;
    (closest.0 <= 2 && !is_known_label(label)).then_some(closest.1)
}

/// Number of blocks that [`scan`] will find.
#[must_use]
pub fn count(bytes: &[u8]) -> usize {
    memmem::find_iter(bytes, BEGIN).count()
}

/// Finds every block of a file. The number of blocks is the number of
/// occurrences of `-----BEGIN` in it.
#[must_use]
pub fn scan(bytes: &[u8]) -> Vec<(Armour, Vec<Damage>)> {
    let mut blocks: Vec<(Armour, Vec<Damage>)> = Vec::new();
    let finder = memmem::Finder::new(BEGIN);
    let mut next = finder.find(bytes);
    while let Some(start) = next {
        let after = start + BEGIN.len();
        next = finder.find(&bytes[after..]).map(|at| after + at);
        let limit = next.unwrap_or(bytes.len());
        let mut damage = Vec::new();
        // Where the block before ends on this line, that block has said so.
        let said = blocks
            .last()
            .and_then(|(before, _)| before.end.clone())
            .is_some_and(|end| is_blank(&bytes[end.end..start]));
        let mut armour = begin_at(bytes, start, limit, &mut damage);
        if !said {
            damage.extend(glued_or_misplaced(bytes, &armour.begin, "BEGIN"));
        }
        find_end(bytes, &mut armour, limit, &mut damage);
        blocks.push((armour, damage));
    }
    blocks
}

/// Reads the boundary that begins at `start`; the next block begins at `limit`.
fn begin_at(bytes: &[u8], start: usize, limit: usize, damage: &mut Vec<Damage>) -> Armour {
    let line_end = end_of_line(bytes, start, limit);
    let inner = start + BEGIN.len();
    let text = &bytes[inner..line_end];
    let (label, begin_end) = if let Some(at) = memmem::find(text, DASHES) {
        (inner..inner + at, inner + at + DASHES.len())
    } else {
        damage.push(unclosed(bytes, start..line_end, "BEGIN"));
        (inner..inner + label_length(text), line_end)
    };
    let skip = usize::from(bytes[label.clone()].first() == Some(&b' '));
    let label = label.start + skip..label.end;
    Armour {
        begin: start..begin_end,
        kind: kind_of(&bytes[label.clone()]),
        label,
        body: begin_end..limit,
        end: None,
    }
}

/// Sets the end of the block and of its body, or records that it has none.
fn find_end(bytes: &[u8], armour: &mut Armour, limit: usize, damage: &mut Vec<Damage>) {
    let body_start = armour.body.start;
    let found = memmem::find(&bytes[body_start..limit], END).map(|at| body_start + at);
    let Some(start) = found else {
        armour.body.end = body_start + base64_lines(&bytes[body_start..limit]);
        damage.push(Damage {
            kind: DamageKind::EndMissing,
            detail: "there is no END line before the next block or the end of the file".into(),
            range: armour.begin.clone(),
        });
        return;
    };
    armour.body.end = start;
    let line_end = end_of_line(bytes, start, limit);
    let inner = &bytes[start + END.len()..line_end];
    let (label, end) = if let Some(at) = memmem::find(inner, DASHES) {
        (&inner[..at], start..start + END.len() + at + DASHES.len())
    } else {
        damage.push(unclosed(bytes, start..line_end, "END"));
        (&inner[..label_length(inner)], start..line_end)
    };
    let label = label.strip_prefix(b" ").unwrap_or(label);
    if label != &bytes[armour.label.clone()] {
        damage.push(Damage {
            kind: DamageKind::EndMissing,
            detail: format!(
                "the END line that closes it names `{}`",
                shown(&shown_label(&String::from_utf8_lossy(label)))
            ),
            range: end.clone(),
        });
    }
    damage.extend(glued_or_misplaced(bytes, &end, "END"));
    armour.end = Some(end);
}

fn unclosed(bytes: &[u8], line: Range<usize>, which: &str) -> Damage {
    Damage {
        kind: DamageKind::BoundaryMalformed,
        detail: format!("the {which} line does not close with five dashes"),
        range: line.start..line.start + trimmed_len(&bytes[line], b" \t"),
    }
}

/// What is wrong with the place of a boundary: it has no line for itself, or
/// OpenSSL does not find it there.
fn glued_or_misplaced(bytes: &[u8], boundary: &Range<usize>, which: &str) -> Option<Damage> {
    if !stands_alone(bytes, boundary) {
        let detail = format!("the {which} line shares its line with other text");
        return Some(Damage { kind: DamageKind::BlocksGlued, detail, range: boundary.clone() });
    }
    let before = bytes[..boundary.start].last();
    let is_alone = |at: usize| bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n');
    let detail = if matches!(before, Some(b' ' | b'\t')) {
        format!("blanks stand before the {which} line")
    } else if before == Some(&b'\r') || is_alone(boundary.end) {
        format!("lines end in carriage returns alone around the {which} line")
    } else {
        return None;
    };
    Some(Damage { kind: DamageKind::BoundaryMisplaced, detail, range: boundary.clone() })
}

/// A blank line in a body, which is one too many for OpenSSL. One right behind the
/// BEGIN line is none.
pub(super) fn blank_line(bytes: &[u8], body: &Range<usize>) -> Option<Damage> {
    let text = &bytes[body.clone()];
    let first = memchr::memchr(b'\n', text)? + 1;
    let mut at = first;
    for (number, line) in text[first..].split_inclusive(|octet| *octet == b'\n').enumerate() {
        if line.ends_with(b"\n") && line.trim_ascii().is_empty() && number > 0 {
            let detail = "a blank line stands in the base64 text".to_owned();
            let start = body.start + at;
            return Some(Damage { kind: DamageKind::BlankLine, detail, range: start..start + line.len() });
        }
        at += line.len();
    }
    None
}

/// Whether a boundary has its line for itself; blanks around it and a byte
/// order mark at the very start of the file do not count.
fn stands_alone(bytes: &[u8], boundary: &Range<usize>) -> bool {
    let not_blank = |octet: &&u8| !matches!(octet, b' ' | b'\t');
    let before = bytes[..boundary.start].iter().rev().find(not_blank);
    let after = bytes[boundary.end..].iter().find(not_blank);
    let at_line_end = |octet: Option<&u8>| matches!(octet, None | Some(b'\n' | b'\r'));
    let marked = boundary.start == 3 && bytes.starts_with(b"\xef\xbb\xbf");
    (marked || at_line_end(before)) && at_line_end(after)
}

/// Length of the words of a label that is not closed: the rest of the line may
/// be anything, a key included, so only short words in capitals are taken.
fn label_length(text: &[u8]) -> usize {
    let mut length = 0;
    for word in text.split_inclusive(|octet| *octet == b' ') {
        let trimmed = &word[..trimmed_len(word, b"- \t")];
        let is_word = trimmed.len() <= limits::SHOWN_RUN
            && trimmed
                .iter()
                .all(|octet| octet.is_ascii_uppercase() || octet.is_ascii_digit() || b"#.".contains(octet));
        if !is_word {
            break;
        }
        length += if word.len() == trimmed.len() + 1 { word.len() } else { trimmed.len() };
        if word.len() > trimmed.len() + 1 {
            break;
        }
    }
    trimmed_len(&text[..length], b"- \t")
}

fn is_blank(text: &[u8]) -> bool {
    text.iter().all(|octet| matches!(octet, b' ' | b'\t'))
}

/// Offset behind the last character of the line that holds `offset`, at most `limit`.
fn end_of_line(bytes: &[u8], offset: usize, limit: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[offset..limit]).map_or(limit, |at| offset + at)
}

fn trimmed_len(text: &[u8], tail: &[u8]) -> usize {
    text.iter().rposition(|octet| !tail.contains(octet)).map_or(0, |at| at + 1)
}

fn kind_of(label: &[u8]) -> Kind {
    LABELS.iter().find(|(known, _)| known.as_bytes() == label).map_or(Kind::Other, |(_, kind)| *kind)
}

/// Length of the leading lines that look like base64, for a block without END.
fn base64_lines(text: &[u8]) -> usize {
    let mut length = 0;
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        let is_base64 =
            line.iter().all(|octet| octet.is_ascii_alphanumeric() || b"+/= \t\r\n".contains(octet));
        if !is_base64 {
            break;
        }
        length += line.len();
    }
    length
}

/// Decodes the base64 text of a body that begins at `offset` of the file,
/// appending to `out`. White space is skipped.
///
/// # Errors
/// The first character that is none of base64, or what is wrong with the end of it.
pub fn decode(text: &[u8], offset: usize, out: &mut Vec<u8>) -> Result<(), Damage> {
    // The 64-column form that every tool writes decodes line by line, in place.
    let mut rest = text;
    loop {
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        let Some((line, tail)) = rest.split_at_checked(64) else {
            break;
        };
        let start = out.len();
        out.resize(start + 48, 0);
        if STANDARD.decode_slice(line, &mut out[start..]) != Ok(48) {
            out.truncate(start);
            break;
        }
        rest = tail;
    }
    decode_rest(rest, offset + text.len() - rest.len(), out)
}

fn decode_rest(text: &[u8], offset: usize, out: &mut Vec<u8>) -> Result<(), Damage> {
    let mut symbols = zeroize::Zeroizing::new(Vec::with_capacity(text.len()));
    let mut last = offset;
    for (at, &octet) in text.iter().enumerate() {
        if octet.is_ascii_whitespace() {
            continue;
        }
        let fault = if !(octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=')) {
            Some(describe(octet))
        } else if octet != b'=' && symbols.last() == Some(&b'=') {
            Some("text follows the padding".to_owned())
        } else {
            None
        };
        if let Some(detail) = fault {
            return Err(invalid(detail, offset + at..offset + at + character_length(&text[at..])));
        }
        symbols.push(octet);
        last = offset + at;
    }
    let padding = symbols.iter().rev().take_while(|octet| **octet == b'=').count();
    let detail = match (symbols.len() % 4, padding) {
        (0, 0..=2) => match STANDARD.decode_vec(symbols.as_slice(), out) {
            Ok(()) => return Ok(()),
            Err(_) => "the last characters carry bits that belong to nothing".to_owned(),
        },
        (_, 0) => format!(
            "{} characters are no multiple of four: the text is cut off or a character is missing",
            symbols.len()
        ),
        _ => "the padding does not fit the length of the text".to_owned(),
    };
    Err(invalid(detail, last..last + 1))
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
fn character_length(text: &[u8]) -> usize {
    let more = match text.first() {
        Some(0xc0..=0xdf) => 1,
        Some(0xe0..=0xef) => 2,
        Some(0xf0..=0xf7) => 3,
        _ => 0,
    };
    1 + text[1..].iter().take(more).take_while(|octet| **octet & 0xc0 == 0x80).count()
}

fn invalid(detail: String, range: Range<usize>) -> Damage {
    Damage { kind: DamageKind::Base64Invalid, detail, range }
}

/// The damage of a block whose content is beyond `limits::DER_OCTETS`.
pub(super) fn oversized(armour: &Armour) -> Damage {
    invalid(format!("the block holds more than {} octets", limits::DER_OCTETS), armour.begin.clone())
}

/// The base64 characters, in octets of the file, that encode `span` of the
/// decoded octets of the body.
#[must_use]
pub fn text_of(bytes: &[u8], body: &Range<usize>, span: Span) -> Option<Range<usize>> {
    let first = span.start as usize * 4 / 3;
    let last = (span.end.max(span.start + 1) as usize * 4).div_ceil(3) - 1;
    let mut seen = 0;
    let mut start = None;
    for at in body.clone() {
        if bytes[at].is_ascii_whitespace() {
            continue;
        }
        if seen == first {
            start = Some(at);
        }
        if seen == last {
            return start.map(|start| start..at + 1);
        }
        seen += 1;
    }
    // Octets behind the end, such as a missing part, are shown at the last character.
    let end = body.start + trimmed_len(&bytes[body.clone()], b" \t\r\n");
    let start = start.or_else(|| end.checked_sub(1).filter(|at| body.contains(at)));
    start.map(|start| start..body.start + trimmed_len(&bytes[body.clone()], b" \t\r\n"))
}

/// The first line of base64 text of a body.
#[must_use]
pub fn first_line(bytes: &[u8], body: &Range<usize>) -> Option<Range<usize>> {
    let start = body.clone().find(|at| !bytes[*at].is_ascii_whitespace())?;
    let line = start..end_of_line(bytes, start, body.end);
    Some(start..start + trimmed_len(&bytes[line], b" \t"))
}
