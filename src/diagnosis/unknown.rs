//! What is said of a text in which no error is known: which known texts come close.

use std::collections::{BTreeMap, BTreeSet};

use super::find::known;
use super::plain::plain;

/// Closest texts that are named.
const NAMED: usize = 3;

/// Share of the weight of a text's words, of 100, that must be there to come close.
const CLOSE: usize = 60;

/// Share of letters, of 100, above which a text is a misspelt one.
const ALIKE: usize = 75;

/// The known texts that share most words with this one, the closest first.
#[must_use]
pub fn closest(text: &str) -> Vec<&'static str> {
    let text = plain(text);
    let words: BTreeSet<&str> = words(&text).collect();
    let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
    for (pattern, _) in known() {
        for word in self::words(pattern) {
            *holders.entry(word).or_default() += 1;
        }
    }
    // A word that stands in many texts says little.
    let weight = |word: &str| 1000 / (3 + holders.get(word).copied().unwrap_or(1));
    let mut scored: Vec<(usize, &'static str)> = Vec::new();
    for (pattern, meanings) in known() {
        let shown = meanings.first().map_or(pattern, |meaning| meaning.shown(pattern));
        let whole: usize = self::words(pattern).map(weight).sum();
        let shared: usize = self::words(pattern).filter(|word| words.contains(word)).map(weight).sum();
        let alike = alike(pattern, &text);
        let score = (shared * 100 / whole.max(1)).max(if alike > ALIKE { alike } else { 0 });
        if score >= CLOSE && (alike > ALIKE || self::words(pattern).count() > 1) {
            scored.push((score, shown));
        }
    }
    scored.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
    scored.dedup_by(|left, right| left.1 == right.1);
    scored.into_iter().take(NAMED).map(|(_, shown)| shown).collect()
}

/// How much of a text is that of an error, letter by letter, of 100.
fn alike(pattern: &str, text: &str) -> usize {
    let length = pattern.chars().count();
    // A text that is longer by half is another one.
    if text.chars().take(length + length / 2 + 1).count() > length + length / 2 {
        return 0;
    }
    let distance = strsim::damerau_levenshtein(pattern, text);
    100 - (distance * 100 / length.max(1)).min(100)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1)
}

/// The number, where the text is nothing else.
#[must_use]
pub fn unknown_number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// The clients whose texts are known.
#[must_use]
pub fn client_names() -> Vec<&'static str> {
    let names = ["Python", "curl", "Node", "Go", "rustls", "Java", "GnuTLS", "git", "wget"];
    let browsers = ["Chrome", "Firefox", "Windows", ".NET", "macOS"];
    names.into_iter().chain(browsers).collect()
}
