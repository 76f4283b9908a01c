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

/// Fewest characters of a text that is sought without its spaces, where no
/// neighbour tells whether a word ends.
const SQUEEZED: usize = 14;

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
    Number(u16),
}

struct Index {
    patterns: Vec<(String, Vec<Meaning>)>,
    machine: AhoCorasick,
}

impl Index {
    fn new(form: fn(&str) -> String, shortest: usize) -> Self {
        let mut table: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        let mut add = |text: &str, meaning: Meaning| {
            let known = table.entry(form(text)).or_default();
            let same = known.iter_mut().find(|other| {
                other.entry.id == meaning.entry.id && matches!(other.found, Found::Text(_) | Found::Name)
            });
            match same {
                Some(same) => same.codes |= meaning.codes,
                None => known.push(meaning),
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
        let patterns: Vec<_> = table.into_iter().filter(|(text, _)| text.len() >= shortest).collect();
        let machine = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(patterns.iter().map(|(text, _)| text.as_str()))
            .expect("the texts are few and short");
        Self { patterns, machine }
    }

    /// Of the texts that overlap, the one that begins first, and of those the longest.
    fn mentions(&self, text: &str, whole_words: bool) -> Vec<Mention> {
        let octets = text.as_bytes();
        let goes_on = |left: Option<&u8>, right: Option<&u8>| {
            let is_word = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_';
            left.is_some_and(is_word) && right.is_some_and(is_word)
        };
        let ends = |start: usize, end: usize| {
            let before = start.checked_sub(1).and_then(|at| octets.get(at));
            !goes_on(before, octets.get(start)) && !goes_on(octets.get(end - 1), octets.get(end))
        };
        let mut hits: Vec<(usize, usize, usize)> = self
            .machine
            .find_overlapping_iter(text)
            .filter(|hit| !whole_words || ends(hit.start(), hit.end()))
            .map(|hit| (hit.start(), hit.end(), hit.pattern().as_usize()))
            .collect();
        hits.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
        let mut mentions = Vec::new();
        let mut free = 0;
        for (start, end, pattern) in hits {
            if start >= free {
                free = end;
                let meanings = decided(&self.patterns[pattern].1, &octets[end..]);
                mentions.push(Mention { at: start, meanings, depth: None });
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
    let is_near = |word: &String| behind.windows(word.len()).any(|window| window == word.as_bytes());
    let decided: Vec<Meaning> =
        meanings.iter().filter(|meaning| near(meaning).is_some_and(is_near)).copied().collect();
    if !decided.is_empty() {
        return decided;
    }
    meanings.iter().filter(|meaning| near(meaning).is_none()).copied().collect()
}

static SPACED: LazyLock<Index> = LazyLock::new(|| Index::new(plain, 1));
static UNSPACED: LazyLock<Index> = LazyLock::new(|| Index::new(|text| squeezed(&plain(text)), SQUEEZED));

/// Forms in which a number is surely a verify code.
static NUMBERS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let forms = [
        r"\bverify[_ -]?(?:return[_ ])?(?:error[_ ])?(?:code|result)(?: is)?[ :=(]*(?P<code>[0-9]{1,3})\b",
        r"\berror (?P<code>[0-9]{1,3}) at (?P<depth>[0-9]{1,3}) depth lookup",
        r"(?:\bdepth=(?P<depth>[0-9]{1,3}) [^\n]{0,400}?)?\bverify error: ?num=(?P<code>[0-9]{1,3})\b",
        r"\bverify (?:error|failed)[a-z, ]*: ?\((?P<code>[0-9]{1,3}):",
        r"\bverify result: [^()]{1,120} \((?P<code>[0-9]{1,3})\)",
        r"\bx509_v_err(?:or)?[ :=#]+(?P<code>[0-9]{1,3})\b",
        r"^(?:openssl )?(?:(?:verify[_ ])?(?:code|error|err))?[ :=#]*(?P<code>[0-9]{1,3})[.:]?$",
    ];
    forms.iter().map(|form| Regex::new(form).expect("the forms are sound")).collect()
});

/// The errors that a plain text speaks of, first to last.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = SPACED.mentions(text, true);
    found.extend(numbers(text));
    found.extend(alone(text));
    if found.iter().all(|mention| mention.meanings.iter().all(|meaning| meaning.entry.fallback)) {
        found.extend(UNSPACED.mentions(&squeezed(text), false));
    }
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
        Some(Mention { at: code.start(), meanings: of_number(code.as_str().parse().ok()?), depth })
    });
    mentions.collect()
}

fn of_number(number: u16) -> Vec<Meaning> {
    let mut meanings = Vec::new();
    for entry in entries() {
        let has = entry.codes.iter().enumerate().filter(|(_, code)| code.number == number);
        let codes = has.fold(0, |codes, (at, _)| codes | 1 << at);
        if codes != 0 {
            meanings.push(Meaning { entry, codes, found: Found::Number(number) });
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

/// Every text that is known, in plain form, with the entries that have it.
pub(super) fn known() -> impl Iterator<Item = (&'static str, &'static [Meaning])> {
    SPACED.patterns.iter().map(|(text, meanings)| (text.as_str(), meanings.as_slice()))
}

impl Meaning {
    /// The text as it was written, where it was found by a text.
    pub(super) fn shown(&self, plain: &'static str) -> &'static str {
        match self.found {
            Found::Text(text) => text,
            Found::Words(words) => &words.text,
            Found::Name | Found::Number(_) => plain,
        }
    }
}
