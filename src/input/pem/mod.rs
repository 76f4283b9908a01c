//! A scanner for PEM text that never stops: every `-----BEGIN`, and everything else that is meant as a BEGIN line,
//! becomes a block with its exact place, and everything wrong with it becomes a [`Damage`].
//! Works on octets, since files come in any encoding. Textual form: RFC 7468.

mod body;
mod boundary;
mod content;
mod damage;
mod label;
mod outside;
mod settle;

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;

use crate::limits;
use crate::source::shown;
pub use body::{decode, first_line, text_of};
use boundary::{Boundary, Word};
pub use damage::{Damage, DamageKind};
pub use label::{Kind, is_known_label, shown_label, suggested_label};
use outside::Outside;
pub(super) use settle::{settle, settle_key, settle_other, tell_once};

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

/// Number of blocks whose BEGIN line is as it should be: [`scan`] finds as many or more.
#[must_use]
pub fn count(bytes: &[u8]) -> usize {
    memmem::find_iter(bytes, BEGIN).count()
}

/// Finds every block of a file: all occurrences of `-----BEGIN`, and what is meant as one outside of blocks.
#[must_use]
pub fn scan(bytes: &[u8]) -> Vec<(Armour, Vec<Damage>)> {
    static FINDER: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(BEGIN));
    let mut scanner =
        Scanner { bytes, blocks: Vec::new(), outside: Outside::default(), at: 0, is_endless: false };
    let finder = &*FINDER;
    let mut next = finder.find(bytes);
    // DER has no lines.
    if next.is_none() && bytes.first() == Some(&0x30) && bytes.get(1).is_some_and(|octet| *octet >= 0x80) {
        return scanner.blocks;
    }
    loop {
        let limit = next.unwrap_or(bytes.len());
        if scanner.odd_block(limit) {
            continue;
        }
        let Some(start) = next else { break };
        let after = start + BEGIN.len();
        next = finder.find(&bytes[after..]).map(|at| after + at);
        let limit = next.unwrap_or(bytes.len());
        let begin = boundary::at(bytes, start, Word::Begin, scanner.at, limit);
        scanner.block(begin, limit);
    }
    scanner.take_text(bytes.len());
    scanner.finish()
}

/// What is known up to a place in a file.
struct Scanner<'a> {
    bytes: &'a [u8],
    blocks: Vec<(Armour, Vec<Damage>)>,
    outside: Outside,
    /// Where the last block ended.
    at: usize,
    /// Whether it has no END line, so that what follows may be a part of it.
    is_endless: bool,
}

impl Scanner<'_> {
    /// Reads a block before `limit` whose BEGIN line no program knows; tells whether there is one.
    fn odd_block(&mut self, limit: usize) -> bool {
        if is_blank(&self.bytes[self.at..limit]) {
            return false;
        }
        let mut from = self.at;
        while self.blocks.len() < limits::BLOCKS {
            let Some(found) = boundary::find(self.bytes, from..limit) else { break };
            if found.word == Word::Begin {
                self.block(found, limit);
                return true;
            }
            if let Some(start) = base64_above(self.bytes, from, found.range.start) {
                self.headless(start, found);
                return true;
            }
            from = found.range.end;
        }
        false
    }

    /// Text from the end of the last block up to `end` stands outside of blocks.
    fn take_text(&mut self, end: usize) {
        let range = self.at..end;
        if !self.is_endless && !range.is_empty() && !is_blank(&self.bytes[range.clone()]) {
            self.outside.take(self.bytes, range, self.blocks.len());
        }
    }

    /// Reads the block of a BEGIN line; another one begins at `limit`.
    fn block(&mut self, begin: Boundary, limit: usize) {
        let bytes = self.bytes;
        let mut damage = Vec::new();
        let line = line_start(bytes, self.at, begin.range.start);
        self.take_text(line);
        self.place_of_begin(line, &begin, &mut damage);
        add(&mut damage, begin.damage);
        let armour_label = begin.label.clone();
        let mut armour = Armour {
            kind: label::kind_of(&bytes[armour_label.clone()]),
            label: armour_label,
            body: begin.range.end..limit,
            begin: begin.range,
            end: None,
        };
        if let Some(found) = behind(bytes, &armour.begin, limit, "BEGIN") {
            // Other text than base64 is no part of the body.
            if found.kind != DamageKind::BodyGlued {
                armour.body.start = end_of_line(bytes, armour.begin.end, limit);
            }
            add(&mut damage, Some(found));
        }
        match find_end(bytes, &armour.body) {
            Some(end) if end.word == Word::End => self.close(armour, end, damage),
            other => {
                let limit = other.map_or(limit, |next| next.range.start);
                let body_start = armour.body.start;
                armour.body.end = body_start + base64_lines(&bytes[body_start..limit]);
                damage.push(Damage {
                    kind: DamageKind::EndMissing,
                    detail: "there is no END line before the next block or the end of the file".into(),
                    range: armour.begin.clone(),
                });
                self.at = armour.body.end;
                self.is_endless = true;
                self.blocks.push((armour, damage));
            }
        }
    }

    /// Ends a block.
    fn close(&mut self, mut armour: Armour, end: Boundary, mut damage: Vec<Damage>) {
        let bytes = self.bytes;
        armour.body.end = end.range.start;
        let (label, wanted) = (&bytes[end.label.clone()], &bytes[armour.label.clone()]);
        if label != wanted && label::plain(label) != label::plain(wanted) {
            if settle::is_cut(bytes, end.range.start, wanted) {
                damage.push(settle::cut_off(end.range.clone(), "inside the END line"));
            } else {
                damage.push(Damage {
                    kind: DamageKind::EndMissing,
                    detail: format!(
                        "the END line that closes it names `{}`",
                        shown(&shown_label(&String::from_utf8_lossy(label)))
                    ),
                    range: end.range.clone(),
                });
            }
        } else if end.range.end == bytes.len()
            && end.damage.is_some()
            && settle::is_cut(bytes, end.range.start, wanted)
        {
            damage.push(settle::cut_off(end.range.clone(), "inside the END line"));
        } else {
            add(&mut damage, end.damage);
        }
        let line = line_start(bytes, armour.body.start, end.range.start);
        add(&mut damage, before(bytes, line, &end.range, "END"));
        let next = end_of_line(bytes, end.range.end, bytes.len());
        let tail = behind(bytes, &end.range, next, "END");
        let is_shared = tail.as_ref().is_some_and(|found| found.kind == DamageKind::BlocksGlued);
        add(&mut damage, tail);
        // The rest of the line is told, unless another block begins there.
        let rest = end.range.end..next;
        let is_told = is_shared && memmem::find(&bytes[rest.clone()], BEGIN).is_none();
        self.at = if is_told && boundary::find(bytes, rest).is_none() { next } else { end.range.end };
        self.is_endless = false;
        armour.end = Some(end.range);
        self.blocks.push((armour, damage));
    }

    /// Reads a block that has base64 text from `start` and an END line, but no BEGIN line.
    fn headless(&mut self, start: usize, end: Boundary) {
        self.take_text(start);
        let armour = Armour {
            begin: start..start,
            kind: label::kind_of(&self.bytes[end.label.clone()]),
            label: end.label.clone(),
            body: start..end.range.start,
            end: None,
        };
        let damage = vec![Damage {
            kind: DamageKind::BeginMissing,
            detail: "there is no BEGIN line above the base64 text".into(),
            range: start..end_of_line(self.bytes, start, end.range.start),
        }];
        self.close(armour, end, damage);
    }

    /// What is wrong with what stands before a BEGIN line that is on the line from `line`.
    fn place_of_begin(&self, line: usize, begin: &Boundary, damage: &mut Vec<Damage>) {
        let bytes = self.bytes;
        let lead = &bytes[line..begin.range.start];
        // Where the block before ends on this line, that block has said so.
        let is_shared =
            line == self.at && self.at > 0 && !self.is_endless && line_start(bytes, 0, line) < line;
        if is_shared && is_blank(lead) {
            return;
        }
        if lead != MARK {
            add(damage, before(bytes, line, &begin.range, "BEGIN"));
            return;
        }
        // OpenSSL passes over a mark on the first line that it reads, and on the first behind a block.
        let is_first = is_blank(&bytes[self.at..line]) && !self.is_endless;
        let lines = memchr::memchr_iter(b'\n', &bytes[self.at..line]).count();
        let (kind, detail) = if is_first && lines <= 1 {
            (DamageKind::ByteOrderMark, "a byte order mark (EF BB BF) stands before the BEGIN line")
        } else {
            (DamageKind::BoundaryMisplaced, "a byte order mark (EF BB BF) stands before the BEGIN line")
        };
        damage.push(Damage { kind, detail: detail.to_owned(), range: line..begin.range.start });
    }

    /// All blocks, with what stands between them.
    fn finish(mut self) -> Vec<(Armour, Vec<Damage>)> {
        let count = self.blocks.len();
        for (block, damage) in std::mem::take(&mut self.outside).damage(count) {
            if let Some((_, all)) = self.blocks.get_mut(block) {
                all.push(damage);
            }
        }
        self.blocks
    }
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Base64 characters in a row that are no word.
const RUN: usize = 16;

/// Adds a damage, unless it is the same fault again.
fn add(damage: &mut Vec<Damage>, found: Option<Damage>) {
    let Some(found) = found else { return };
    match damage.iter_mut().find(|known| found.kind.is_told_once() && known.kind == found.kind) {
        None => damage.push(found),
        Some(known) if found.kind == DamageKind::BoundaryMalformed => {
            known.detail += "; something is wrong with the END line as well";
        }
        Some(_) => {}
    }
}

/// The boundary that ends a body, or begins the next block before one does.
fn find_end(bytes: &[u8], body: &Range<usize>) -> Option<Boundary> {
    let text = &bytes[body.clone()];
    let first = memchr::memchr3(b'-', 0xe2, 0xef, text);
    if let Some(at) = first.filter(|at| text[*at..].starts_with(END) && (*at == 0 || text[at - 1] == b'\n')) {
        return Some(boundary::at(bytes, body.start + at, Word::End, body.start, body.end));
    }
    boundary::find(bytes, body.clone())
}

/// What is wrong with what stands before a boundary on its line, which begins at `line`.
fn before(bytes: &[u8], line: usize, boundary: &Range<usize>, which: &str) -> Option<Damage> {
    let lead = &bytes[line..boundary.start];
    let damage = |kind, detail: String| Some(Damage { kind, detail, range: boundary.clone() });
    if lead.is_empty() {
        let is_alone = line > 0 && bytes[line - 1] == b'\r';
        let detail = || format!("lines end in carriage returns alone around the {which} line");
        return if is_alone { damage(DamageKind::CarriageReturns, detail()) } else { None };
    }
    if is_blank(lead) {
        return damage(DamageKind::BoundaryMisplaced, format!("blanks stand before the {which} line"));
    }
    if let Some(c) = unseen_alone(lead) {
        return damage(DamageKind::HiddenCharacter, format!("{} before the {which} line", body::named(c)));
    }
    if let Some(at) = memchr::memchr(0, lead) {
        let detail = format!("a NUL octet stands before the {which} line");
        return Some(Damage { kind: DamageKind::NulOctet, detail, range: line + at..line + at + 1 });
    }
    if which == "END" && is_base64(lead) {
        return damage(DamageKind::BodyGlued, "base64 text stands on the line of END".to_owned());
    }
    damage(DamageKind::BlocksGlued, format!("the {which} line shares its line with other text"))
}

/// What is wrong with what stands behind a boundary on its line.
fn behind(bytes: &[u8], boundary: &Range<usize>, limit: usize, which: &str) -> Option<Damage> {
    let line_end = end_of_line(bytes, boundary.end, bytes.len());
    let tail = &bytes[boundary.end..line_end.min(limit)];
    let damage = |kind, detail: String| Some(Damage { kind, detail, range: boundary.clone() });
    if is_blank(tail) {
        let is_alone = bytes.get(line_end) == Some(&b'\r') && bytes.get(line_end + 1) != Some(&b'\n');
        if is_alone && line_end <= limit {
            let detail = format!("lines end in carriage returns alone around the {which} line");
            return damage(DamageKind::CarriageReturns, detail);
        }
        if line_end > limit {
            return damage(
                DamageKind::BlocksGlued,
                format!("the {which} line shares its line with other text"),
            );
        }
        return None;
    }
    if let Some(c) = unseen_alone(tail) {
        return damage(DamageKind::HiddenCharacter, format!("{} behind the {which} line", body::named(c)));
    }
    if which == "BEGIN" && is_base64(tail.trim_ascii_start()) {
        return damage(DamageKind::BodyGlued, "base64 text stands on the line of BEGIN".to_owned());
    }
    damage(DamageKind::BlocksGlued, format!("the {which} line shares its line with other text"))
}

/// The first character of a text of blanks and of characters that cannot be seen; a NUL is none.
fn unseen_alone(text: &[u8]) -> Option<char> {
    let mut at = 0;
    let mut first = None;
    while at < text.len() {
        if matches!(text[at], b' ' | b'\t') {
            at += 1;
            continue;
        }
        first = first.or(body::character(&text[at..]));
        at += body::unseen(&text[at..]).filter(|_| text[at] != 0)?;
    }
    first
}

/// Whether a text begins with what is base64 and no word, or ends with it.
fn is_base64(text: &[u8]) -> bool {
    let is_run = |word: &[u8]| {
        let symbols = word.iter().take_while(|octet| body::is_symbol(**octet)).count();
        symbols > 0 && word[symbols..].iter().all(|octet| *octet == b'=')
    };
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.next().is_some_and(|first| is_run(first) && (first.len() >= RUN || text.len() == first.len()))
}

/// Where the base64 lines above an offset begin, if there are any.
fn base64_above(bytes: &[u8], floor: usize, end: usize) -> Option<usize> {
    let mut start = None;
    let mut at = end;
    while at > floor {
        let text = &bytes[floor..at];
        let line_start = floor + memchr::memrchr(b'\n', &text[..text.len() - 1]).map_or(0, |found| found + 1);
        let line = bytes[line_start..at].trim_ascii();
        let symbols = line.iter().take_while(|octet| body::is_symbol(**octet)).count();
        let is_run = symbols > 0 && line[symbols..].iter().all(|octet| *octet == b'=');
        if !is_run {
            break;
        }
        if symbols >= RUN {
            start = Some(line_start);
        }
        at = line_start;
    }
    start
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
    text.iter().all(|octet| matches!(octet, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Offset behind the last character of the line that holds `offset`, at most `limit`.
fn end_of_line(bytes: &[u8], offset: usize, limit: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[offset..limit]).map_or(limit, |at| offset + at)
}

/// Offset of the first character of the line that holds `offset`, at least `floor`.
fn line_start(bytes: &[u8], floor: usize, offset: usize) -> usize {
    memchr::memrchr2(b'\n', b'\r', &bytes[floor..offset]).map_or(floor, |at| floor + at + 1)
}

fn trimmed_len(text: &[u8], tail: &[u8]) -> usize {
    text.iter().rposition(|octet| !tail.contains(octet)).map_or(0, |at| at + 1)
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
