//! What a person has when TLS fails, an error text or a whole log, and what it
//! means. Errors are data: one file each below `errors/`. Text in, answers out;
//! the rules that find a fault are those that list its code.

mod answer;
mod clues;
mod entry;
mod find;
mod plain;
mod render;
mod step;
mod unknown;

pub use answer::{Explanation, KnownCode, Related};
pub use clues::Clues;
pub use entry::{Code, Entry, Step, Words, entries, entry};
pub use plain::decoded;
pub use render::markdown;
pub use unknown::{client_names, closest, unknown_number};

use std::collections::BTreeSet;

use find::{Found, Meaning, Mention};

/// The files below `errors/`, embedded by the build script.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/errors.rs"));
}

/// What a text speaks of.
#[derive(Debug)]
pub struct Diagnosis {
    /// Each error once, in the order in which they stand in the text.
    pub answers: Vec<Answer>,
    /// What else the text gives.
    pub clues: Clues,
}

/// An error that a text speaks of.
#[derive(Debug)]
pub struct Answer {
    /// What is known of it.
    pub entry: &'static Entry,
    /// The codes that are meant, if the text leaves any.
    pub codes: Vec<&'static Code>,
    /// The texts by which it was found; a name or a number is among the codes.
    pub found: Vec<String>,
    /// Other errors that the same words may mean.
    pub also: Vec<&'static Entry>,
    /// The depth that the text gives; 0 is the server's certificate.
    pub depth: Option<u16>,
}

/// Reads a text. Nothing is found in a text that knows no certificate error.
#[must_use]
pub fn diagnose(text: &str) -> Diagnosis {
    let plain = plain::plain(text);
    let mut mentions = find::mentions(&plain);
    settle(&mut mentions);
    let mut answers: Vec<Answer> = Vec::new();
    let mut seen = BTreeSet::new();
    for meaning in mentions.iter().flat_map(|mention| &mention.meanings) {
        if seen.insert(&meaning.entry.id) {
            answers.push(Answer::of(meaning.entry, &mentions));
        }
    }
    if answers.iter().any(|answer| !answer.entry.fallback) {
        answers.retain(|answer| !answer.entry.fallback);
    }
    Diagnosis { answers, clues: Clues::of(&plain) }
}

/// The answer to the id of an error, with all of its codes.
#[must_use]
pub fn of_id(id: &str) -> Option<Diagnosis> {
    let entry = entry(id)?;
    let answer = Answer {
        entry,
        codes: entry.codes.iter().collect(),
        found: Vec::new(),
        also: Vec::new(),
        depth: None,
    };
    Some(Diagnosis { answers: vec![answer], clues: Clues::default() })
}

/// A number that means different things in different versions means that which is
/// named elsewhere in the text.
fn settle(mentions: &mut [Mention]) {
    let single = |mention: &Mention| match mention.meanings.as_slice() {
        [one] => Some(one.entry.id.clone()),
        _ => None,
    };
    let sure: BTreeSet<String> = mentions.iter().filter_map(single).collect();
    for mention in mentions.iter_mut().filter(|mention| mention.meanings.len() > 1) {
        if mention.meanings.iter().any(|meaning| sure.contains(&meaning.entry.id)) {
            mention.meanings.retain(|meaning| sure.contains(&meaning.entry.id));
        }
    }
}

impl Answer {
    fn of(entry: &'static Entry, mentions: &[Mention]) -> Self {
        let of_entry =
            |mention: &&Mention| mention.meanings.iter().any(|meaning| meaning.entry.id == entry.id);
        let meanings: Vec<&Meaning> = mentions
            .iter()
            .flat_map(|mention| &mention.meanings)
            .filter(|meaning| meaning.entry.id == entry.id)
            .collect();
        let codes = codes(&meanings);
        let mut found: Vec<String> = Vec::new();
        let mut also: Vec<&'static Entry> = Vec::new();
        for meaning in meanings {
            let shown = match meaning.found {
                Found::Text(text) => text.to_owned(),
                Found::Words(words) => {
                    let others = words.also.iter().filter_map(|id| self::entry(id));
                    also.extend(others);
                    format!("{} ({})", words.text, words.client)
                }
                // Both show as the code.
                Found::Name | Found::Number => continue,
            };
            if !found.contains(&shown) {
                found.push(shown);
            }
        }
        also.sort_by(|left, right| left.id.cmp(&right.id));
        also.dedup_by(|left, right| left.id == right.id);
        Self {
            entry,
            codes: entry
                .codes
                .iter()
                .enumerate()
                .filter(|(at, _)| codes >> at & 1 == 1)
                .map(|(_, code)| code)
                .collect(),
            found,
            also,
            depth: mentions.iter().filter(of_entry).find_map(|mention| mention.depth),
        }
    }
}

/// The codes that are left when all mentions are taken together: those that one of
/// them is sure of, and of an unsure one all, unless a sure one is among them.
fn codes(meanings: &[&Meaning]) -> u64 {
    let sure = meanings.iter().map(|meaning| meaning.codes).filter(|codes| codes.is_power_of_two());
    let sure = sure.fold(0, |all, codes| all | codes);
    let unsure = meanings.iter().map(|meaning| meaning.codes).filter(|codes| codes & sure == 0);
    unsure.fold(sure, |all, codes| all | codes)
}
