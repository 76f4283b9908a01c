//! BEGIN and END lines, also those that programs do not know any more: other dashes, blanks that are none, too many or
//! too few hyphens, small letters. Finds them and tells what is wrong with each; bodies are none of its business.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::body::{character, named};
use super::label::{is_known_label, is_odd_blank, plain, suggested_label};
use super::{BEGIN, DASHES, Damage, DamageKind, END, end_of_line, label_length};

/// What a boundary does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Begin,
    End,
}

impl Word {
    fn text(self) -> &'static str {
        match self {
            Self::Begin => "BEGIN",
            Self::End => "END",
        }
    }
}

/// A BEGIN or END line.
#[derive(Clone, Debug)]
pub(super) struct Boundary {
    pub(super) word: Word,
    /// From its first dash to its last.
    pub(super) range: Range<usize>,
    pub(super) label: Range<usize>,
    /// What is wrong with its characters, the first thing of several.
    pub(super) damage: Option<Damage>,
}

/// BEGIN, END and how they are misspelt, each with what is meant.
const WORDS: [(&str, Word); 8] = [
    ("BEGIN", Word::Begin),
    ("BEGN", Word::Begin),
    ("BEING", Word::Begin),
    ("BEGI ", Word::Begin),
    ("END", Word::End),
    ("EDN", Word::End),
    ("NED", Word::End),
    ("EN ", Word::End),
];

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| *word);
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("the words are few")
});

/// Hyphens on both sides of a line that is taken for a boundary though no program does.
const FEWEST: usize = 4;

/// Characters before a word that may belong to its boundary.
const REACH: usize = 40;

/// The boundary that stands at `start` as RFC 7468 writes its beginning, before `limit`; nothing before `floor` is
/// part of it.
pub(super) fn at(bytes: &[u8], start: usize, word: Word, floor: usize, limit: usize) -> Boundary {
    let prefix = if word == Word::Begin { BEGIN.len() } else { END.len() };
    let line_end = end_of_line(bytes, start, limit);
    let inner = start + prefix;
    let text = bytes[inner..line_end].trim_ascii_end();
    if let Some(label) = text.strip_prefix(b" ").and_then(|text| text.strip_suffix(DASHES))
        && label
            .iter()
            .all(|octet| octet.is_ascii_uppercase() || octet.is_ascii_digit() || b" #.".contains(octet))
        && (start == floor || matches!(bytes[start - 1], b'\n' | b'\r' | b' '))
        && label.trim_ascii() == label
    {
        let label = inner + 1..inner + 1 + label.len();
        return Boundary { word, range: start..label.end + DASHES.len(), label, damage: None };
    }
    parse(bytes, word, inner - word.text().len()..inner, floor, limit).0
}

/// The first boundary in a range, however it is written.
pub(super) fn find(bytes: &[u8], range: Range<usize>) -> Option<Boundary> {
    let text = &bytes[range.clone()];
    FINDER.find_iter(text).find_map(|found| {
        let (pattern, word) = WORDS[found.pattern().as_usize()];
        let at = range.start + found.start()..range.start + found.start() + pattern.trim_end().len();
        let parsed = likely(bytes, &at, &range).then(|| parse(bytes, word, at, range.start, range.end))?;
        parsed.1.then_some(parsed.0)
    })
}

/// Whether a word stands apart from letters: a cheap look before a close one.
fn likely(bytes: &[u8], word: &Range<usize>, range: &Range<usize>) -> bool {
    let is_letter = |at: usize| bytes[at].is_ascii_alphanumeric() || b"+/_".contains(&bytes[at]);
    let before = word.start > range.start && !is_letter(word.start - 1);
    before && word.end < range.end && !is_letter(word.end)
}

/// A character of a boundary.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Hyphen,
    /// Another dash, and how many hyphens it may stand for.
    Dash(char, usize),
    Blank,
    /// A blank that is none of ASCII, or what cannot be seen.
    Odd(char),
}

/// The sign that a text begins with, and its octets. Octets of Windows-1252 that are no UTF-8 count as well.
fn sign(text: &[u8]) -> Option<(Sign, usize)> {
    match text.first()? {
        b'-' => return Some((Sign::Hyphen, 1)),
        b' ' | b'\t' => return Some((Sign::Blank, 1)),
        ..=0x7f => return None,
        _ => {}
    }
    let Some(c) = character(text) else {
        return match text.first()? {
            0x96 => Some((Sign::Dash('\u{2013}', 1), 1)),
            0x97 => Some((Sign::Dash('\u{2014}', 2), 1)),
            0xa0 => Some((Sign::Odd('\u{a0}'), 1)),
            _ => None,
        };
    };
    let sign = match c {
        '\u{2014}' | '\u{2015}' | '\u{fe58}' => Sign::Dash(c, 2),
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => Sign::Dash(c, 1),
        c if is_odd_blank(c) => Sign::Odd(c),
        _ => return None,
    };
    Some((sign, c.len_utf8()))
}

/// Signs before an offset, nearest first, each with where it begins.
fn signs_before(bytes: &[u8], end: usize, floor: usize) -> Vec<(Sign, usize)> {
    let mut found = Vec::new();
    let mut at = end;
    while at > floor && found.len() < REACH {
        let step = (1..=3.min(at - floor))
            .find_map(|length| sign(&bytes[at - length..at]).filter(|(_, octets)| *octets == length));
        let Some((sign, octets)) = step else { break };
        at -= octets;
        found.push((sign, at));
    }
    found
}

/// Signs from an offset on, each with where it ends.
fn signs_behind(bytes: &[u8], start: usize, limit: usize) -> Vec<(Sign, usize)> {
    let mut found = Vec::new();
    let mut at = start;
    while at < limit && found.len() < REACH {
        let Some((sign, octets)) = sign(&bytes[at..limit]) else { break };
        at += octets;
        found.push((sign, at));
    }
    found
}

fn is_dash(sign: Sign) -> bool {
    matches!(sign, Sign::Hyphen | Sign::Dash(..))
}

/// Hyphens that signs may stand for.
fn weight(signs: &[(Sign, usize)]) -> usize {
    let one = |(sign, _): &(Sign, usize)| match sign {
        Sign::Hyphen => 1,
        Sign::Dash(_, weight) => *weight,
        _ => 0,
    };
    signs.iter().map(one).sum()
}

/// Reads what stands around a word; tells whether it is meant as a boundary.
fn parse(bytes: &[u8], word: Word, at: Range<usize>, floor: usize, limit: usize) -> (Boundary, bool) {
    let line_end = end_of_line(bytes, at.end, limit);
    let mut before = signs_before(bytes, at.start, floor);
    // Blanks in front of the first dash indent the line.
    before.truncate(before.iter().rposition(|(sign, _)| is_dash(*sign)).map_or(0, |last| last + 1));
    let start = before.last().map_or(at.start, |(_, start)| *start);
    let label = label_at(bytes, at.end, line_end);
    let mut behind = signs_behind(bytes, label.end, line_end);
    behind.truncate(behind.iter().rposition(|(sign, _)| is_dash(*sign)).map_or(0, |last| last + 1));
    // Two boundaries may share ten hyphens.
    let next = behind.last().map_or(label.end, |(_, end)| *end);
    let is_shared = [&b"BEGIN"[..], b"END"].iter().any(|word| bytes[next..line_end].starts_with(word));
    if is_shared && weight(&behind) >= 2 * DASHES.len() {
        behind.truncate(DASHES.len());
    }
    let end = behind.last().map_or(label.end, |(_, end)| *end);
    let between = signs_behind(bytes, at.end, label.start);
    let weights = (weight(&before), weight(&behind));
    let text = plain(&bytes[label.clone()]).unwrap_or_default();
    let is_plain = bytes[..at.start].ends_with(DASHES) && bytes[at.clone()] == *word.text().as_bytes();
    let is_close = is_known_label(&text) || suggested_label(&text).is_some() && weights.0.min(weights.1) > 1;
    let is_meant = is_plain || is_close && weights.0 + weights.1 >= FEWEST;
    let range = start..end;
    let signs = [before, between, behind].concat();
    let faults = Faults { bytes, word, at: &at, label: &label, range: &range };
    let damage = faults.first(&signs, weights);
    (Boundary { word, range, label, damage }, is_meant)
}

/// The label behind a word: up to the dashes, or as many words in capitals as a label has.
fn label_at(bytes: &[u8], start: usize, line_end: usize) -> Range<usize> {
    let text = &bytes[start..line_end];
    let blanks = signs_behind(bytes, start, line_end);
    let lead = blanks.iter().take_while(|(sign, _)| !is_dash(*sign)).last().map_or(start, |(_, end)| *end);
    let dash = (lead..line_end).find(|at| sign(&bytes[*at..line_end]).is_some_and(|(sign, _)| is_dash(sign)));
    let Some(end) = dash else {
        return lead..lead + label_length(&text[lead - start..]);
    };
    // Blanks between the label and the dashes are none of it.
    let tail = signs_before(bytes, end, lead);
    let end = tail.iter().take_while(|(sign, _)| !is_dash(*sign)).last().map_or(end, |(_, at)| *at);
    lead..end
}

/// What a boundary is looked through for.
struct Faults<'a> {
    bytes: &'a [u8],
    word: Word,
    at: &'a Range<usize>,
    label: &'a Range<usize>,
    range: &'a Range<usize>,
}

impl Faults<'_> {
    fn first(&self, signs: &[(Sign, usize)], (before, behind): (usize, usize)) -> Option<Damage> {
        let Self { bytes, word, .. } = self;
        let name = word.text();
        let other =
            signs.iter().find_map(|(sign, _)| if let Sign::Dash(c, _) = sign { Some(*c) } else { None });
        if let Some(dash) = other {
            let detail = format!("{} in place of hyphens in the {name} line", dashes(dash));
            return Some(self.damage(DamageKind::OtherDashes, detail));
        }
        let odd = signs.iter().find_map(|(sign, _)| if let Sign::Odd(c) = sign { Some(*c) } else { None });
        let in_label = String::from_utf8_lossy(&bytes[self.label.clone()]).chars().find(|c| is_odd_blank(*c));
        if let Some(c) = odd.or(in_label) {
            let detail = format!("{} in the {name} line", named(c));
            return Some(self.damage(DamageKind::HiddenCharacter, detail));
        }
        if behind == 0 && before == DASHES.len() {
            let detail = format!("the {name} line does not close with five dashes");
            return Some(self.damage(DamageKind::BoundaryMalformed, detail));
        }
        if (before, behind) != (DASHES.len(), DASHES.len()) {
            let detail =
                format!("the {name} line has {before} hyphens in front and {behind} behind, not five");
            return Some(self.damage(DamageKind::BoundaryMalformed, detail));
        }
        let written = &bytes[self.at.clone()];
        if !written.eq_ignore_ascii_case(name.as_bytes()) {
            let detail = format!("`{}` stands in place of {name}", String::from_utf8_lossy(written));
            return Some(self.damage(DamageKind::BoundaryMalformed, detail));
        }
        let label = &bytes[self.label.clone()];
        let text = String::from_utf8_lossy(label);
        if written != name.as_bytes()
            || plain(label).is_some_and(|plain| is_known_label(&plain) && has_small(&text))
        {
            let detail = format!("the {name} line is written in small letters");
            return Some(self.damage(DamageKind::LabelCase, detail));
        }
        let exact = 2 * DASHES.len() + name.len() + 1 + label.len();
        let is_single = self.label.is_empty() || text.split(' ').all(|word| !word.is_empty());
        (self.range.len() != exact || !is_single).then(|| {
            let detail = format!("blanks stand in the {name} line where none belong, or are missing");
            self.damage(DamageKind::BoundaryMalformed, detail)
        })
    }

    fn damage(&self, kind: DamageKind, detail: String) -> Damage {
        Damage { kind, detail, range: self.range.clone() }
    }
}

fn has_small(text: &str) -> bool {
    text.bytes().any(|octet| octet.is_ascii_lowercase())
}

/// Dashes that are no hyphens, in words.
fn dashes(c: char) -> String {
    let name = match c {
        '\u{2013}' => "en dashes",
        '\u{2014}' => "em dashes",
        '\u{2212}' => "minus signs",
        _ => "other dashes",
    };
    format!("{name} (U+{:04X}) stand", u32::from(c))
}
