//! Finds the errors that a text speaks of: by their words, their names and their
//! numbers. Takes time in proportion to the text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use super::entry::{Entry, Words, entries};
use super::plain::{plain, squeezed};

/// How far behind its text the words may stand that decide between two meanings.
const NEAR: usize = 160;

/// Octets above a `verify error` in which its depth stands, before a subject's name.
const DEPTH_LINE: usize = 600;

/// An error that a text speaks of.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// Where it stands in the plain text.
    pub(super) at: usize,
    /// What it may be.
    pub(super) meanings: Vec<Meaning>,
    /// The depth that is printed with it.
    pub(super) depth: Option<u16>,
}

/// One thing that a mention may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    pub(super) entry: &'static Entry,
    /// The codes it can be, by their places in the entry; no bit where it has none.
    pub(super) codes: u64,
    pub(super) found: Found,
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    Text(&'static str),
    Words(&'static Words),
    Name,
    Number,
}

/// A known text without its spaces.
struct Pattern {
    squeezed: String,
    plain: String,
    meanings: Vec<Meaning>,
}

struct Index {
    patterns: Vec<Pattern>,
    machine: AhoCorasick,
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

impl Index {
    fn new() -> Self {
        let mut patterns: BTreeMap<String, Pattern> = BTreeMap::new();
        let mut add = |text: &str, meaning: Meaning| {
            let plain = plain(text);
            let (squeezed, _) = squeezed(&plain);
            let pattern = patterns.entry(squeezed.clone()).or_insert_with(|| Pattern {
                squeezed,
                plain,
                meanings: Vec::new(),
            });
            let same = |other: &&mut Meaning| other.entry.id == meaning.entry.id && other.codes != 0;
            match pattern.meanings.iter_mut().find(same) {
                Some(same) => same.codes |= meaning.codes,
                None => pattern.meanings.push(meaning),
            }
        };
        for entry in entries() {
            for (at, code) in entry.codes.iter().enumerate() {
                let codes = 1 << at;
                for text in &code.texts {
                    add(text, Meaning { entry, codes, found: Found::Text(text) });
                }
                add(&format!("X509_V_ERR_{}", code.name), Meaning { entry, codes, found: Found::Name });
                // A single word may stand in any text.
                if code.name.contains('_') {
                    add(&code.name, Meaning { entry, codes, found: Found::Name });
                }
            }
            for words in &entry.words {
                add(&words.text, Meaning { entry, codes: 0, found: Found::Words(words) });
            }
        }
        let patterns: Vec<Pattern> = patterns.into_values().collect();
        let machine = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(patterns.iter().map(|pattern| &pattern.squeezed))
            .expect("the texts are few and short");
        Self { patterns, machine }
    }

    /// Of the texts that overlap, the one that begins first, and of those the longest.
    fn mentions(&self, plain: &str) -> Vec<Mention> {
        let (text, places) = squeezed(plain);
        let octets = plain.as_bytes();
        let is_word = |at: Option<usize>| {
            at.and_then(|at| octets.get(at)).is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'_')
        };
        let is_whole = |start: usize, end: usize| {
            let (first, last) = (places[start], places[end - 1]);
            let goes_on_before = is_word(first.checked_sub(1)) && is_word(Some(first));
            let goes_on_behind = is_word(Some(last)) && is_word(Some(last + 1));
            !(goes_on_before || goes_on_behind)
        };
        let hits = self.machine.find_overlapping_iter(&text);
        let mut hits: Vec<(usize, usize, usize)> = hits
            .map(|hit| (hit.start(), hit.end(), hit.pattern().as_usize()))
            .filter(|(start, end, _)| is_whole(*start, *end))
            .collect();
        hits.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
        let mut mentions = Vec::new();
        let mut free = 0;
        for (start, end, pattern) in hits {
            if start >= free {
                free = end;
                let meanings = decided(&self.patterns[pattern].meanings, &text.as_bytes()[end..]);
                mentions.push(Mention { at: places[start], meanings, depth: None });
            }
        }
        mentions
    }
}

/// The meanings that the words behind a text leave.
fn decided(meanings: &[Meaning], behind: &[u8]) -> Vec<Meaning> {
    let behind = &behind[..behind.len().min(NEAR)];
    let near = |meaning: &&Meaning| match meaning.found {
        Found::Words(words) => words.near.as_ref(),
        _ => None,
    };
    let is_near = |word: &String| {
        let (word, _) = squeezed(&plain(word));
        behind.windows(word.len()).any(|window| window == word.as_bytes())
    };
    let decided: Vec<Meaning> =
        meanings.iter().filter(|meaning| near(meaning).is_some_and(is_near)).copied().collect();
    if !decided.is_empty() {
        return decided;
    }
    meanings.iter().filter(|meaning| near(meaning).is_none()).copied().collect()
}

/// Forms in which a number is surely a verify code.
static NUMBERS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let forms = [
        r"\bverify[_ -]?(?:return[_ ])?(?:error[_ ])?(?:code|result)(?: is)?[ :=(]*(?P<code>[0-9]{1,3})\b",
        r"\berror (?P<code>[0-9]{1,3}) at (?P<depth>[0-9]{1,3}) depth lookup",
        r"\bverify error: ?num=(?P<code>[0-9]{1,3})\b",
        r"\bverify (?:error|failed)[a-z, ]*: ?\((?P<code>[0-9]{1,3}):",
        r"\bverify result: [^()]{1,120} \((?P<code>[0-9]{1,3})\)",
        r"\bx509_v_err(?:or)?[ :=#]+(?P<code>[0-9]{1,3})\b",
        r"^(?:openssl )?(?:(?:verify[_ ])?(?:code|error|err))?[ :=#]*(?P<code>[0-9]{1,3})[.:]?$",
    ];
    forms.iter().map(|form| Regex::new(form).expect("the forms are sound")).collect()
});

/// The errors that a plain text speaks of, first to last.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = INDEX.mentions(text);
    found.extend(numbers(text));
    found.extend(alone(text));
    found.sort_by_key(|mention| mention.at);
    found
}

/// Numbers that some form calls a verify code, and what each may be. A number
/// that nothing is known of has no meaning.
fn numbers(text: &str) -> Vec<Mention> {
    let hits = NUMBERS.iter().flat_map(|form| form.captures_iter(text));
    let mentions = hits.filter_map(|hit| {
        let code = hit.name("code")?;
        let depth = hit.name("depth").and_then(|depth| depth.as_str().parse().ok());
        let depth = depth.or_else(|| depth_before(text, code.start()));
        Some(Mention { at: code.start(), meanings: of_number(code.as_str().parse().ok()?), depth })
    });
    mentions.collect()
}

/// The depth that `openssl s_client` prints in the line above its `verify error`.
fn depth_before(text: &str, at: usize) -> Option<u16> {
    let line = text[..at].strip_suffix("verify error:num=")?;
    let from = (line.len().saturating_sub(DEPTH_LINE)..line.len()).find(|at| line.is_char_boundary(*at))?;
    let (_, depth) = line[from..].rsplit_once("depth=")?;
    depth.split(' ').next()?.parse().ok()
}

fn of_number(number: u16) -> Vec<Meaning> {
    let mut meanings = Vec::new();
    for entry in entries() {
        let has = entry.codes.iter().enumerate().filter(|(_, code)| code.number == number);
        let codes = has.fold(0, |codes, (at, _)| codes | 1 << at);
        if codes != 0 {
            meanings.push(Meaning { entry, codes, found: Found::Number });
        }
    }
    // What the versions in use call it comes before what old ones did.
    meanings.sort_by_key(|meaning| {
        let mut codes = meaning.entry.codes.iter();
        codes.any(|code| code.number == number && code.openssl.starts_with("1.1.1"))
    });
    meanings
}

/// A name of one word, where nothing else is in the text.
fn alone(text: &str) -> Option<Mention> {
    let mut codes = entries().iter().flat_map(|entry| {
        entry.codes.iter().enumerate().map(move |(at, code)| (entry, 1 << at, code.name.to_lowercase()))
    });
    let (entry, codes, _) = codes.find(|(_, _, name)| name == text)?;
    Some(Mention { at: 0, meanings: vec![Meaning { entry, codes, found: Found::Name }], depth: None })
}

/// Every text that is known, in plain form, with what it may be.
pub(super) fn known() -> impl Iterator<Item = (&'static str, &'static [Meaning])> {
    INDEX.patterns.iter().map(|pattern| (pattern.plain.as_str(), pattern.meanings.as_slice()))
}

impl Meaning {
    /// The text as it was written, where it was found by a text.
    pub(super) fn shown(&self, plain: &'static str) -> &'static str {
        match self.found {
            Found::Text(text) => text,
            Found::Words(words) => &words.text,
            Found::Name | Found::Number => plain,
        }
    }
}
