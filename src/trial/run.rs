//! One rule on one example, and what the parts of its conditions are worth there.

use std::ops::Range;

use super::{Behaviour, Worth};
use crate::document::Diagnostics;
use crate::engine::{self, Given, Job, Outcome};
use crate::expr::atoms;
use crate::finding::Severity;
use crate::rule::{Draft, Level, Options, Profile, RuleSet, RuleSource, SetLevel, embedded_drafts};

/// Where the levels of a trial come from, should an error name it.
const PLACE: &str = "rules test";

/// Rules of a user under a profile, all of them on and those of the binary off.
///
/// # Errors
/// Everything that is wrong with the rules and with what the profile says of them.
pub fn rules(profile: Profile, sources: Vec<RuleSource>) -> Result<RuleSet, Diagnostics> {
    let mut levels: Vec<SetLevel> =
        embedded_drafts()?.iter().map(|draft| SetLevel::new(&draft.source.id, Level::Off, PLACE)).collect();
    let on = Level::On(Severity::Error);
    let duplicates: Vec<String> = levels.iter().map(|level| level.rule.clone()).collect();
    let own = sources.iter().filter(|source| !duplicates.contains(&source.id));
    levels.extend(own.map(|source| SetLevel::new(&source.id, on, PLACE)));
    // A level for a rule whose file is faulty would be one more error about it.
    levels.retain(|level| {
        let source = sources.iter().find(|source| source.id == level.rule);
        source.is_none_or(|source| Draft::read(source.clone()).is_ok())
    });
    RuleSet::load(profile, Options { sources, levels })
}

/// Tries a rule of the set on a file at an instant.
#[must_use]
pub fn run(draft: &Draft, fails: bool, given: &Given, set: &RuleSet, now: i64) -> Behaviour {
    let outcome = check(given, set, now);
    let id = &draft.source.id;
    if behaves(&outcome, id, fails) {
        return Behaviour::Right;
    }
    let finding = outcome.findings.iter().find(|finding| finding.rule == *id);
    let note = outcome.notes.iter().find(|note| note.rule == *id);
    let reason = match (fails, finding, note) {
        (false, Some(finding), _) => {
            format!("must pass, but fails on line {}: {}", finding.place.line, finding.message)
        }
        (true, None, Some(note)) => format!("must fail, but has no answer: {}", note.reason),
        (false, None, Some(note)) => format!("must pass, but has no answer: {}", note.reason),
        (true, None, None) if !given.input.has_anything() => {
            "must fail, but there is no certificate and no key in the file".into()
        }
        _ => "must fail, but passes".into(),
    };
    Behaviour::Wrong { reason, parts: worth(draft, given, set, now) }
}

/// Whether a rule did as its file says: passing for want of an answer is no pass.
pub(super) fn behaves(outcome: &Outcome, id: &str, fails: bool) -> bool {
    let fires = outcome.findings.iter().any(|finding| finding.rule == id);
    if fails { fires } else { !fires && outcome.notes.iter().all(|note| note.rule != id) }
}

pub(super) fn check(given: &Given, set: &RuleSet, now: i64) -> Outcome {
    let job = Job { rules: set, now, join: false, clients: &[] };
    engine::check(std::slice::from_ref(given), &job)
}

/// The parts of `when` and `check` with their values on a file: each is asked as
/// the condition of a rule of its own, once as it is and once negated.
fn worth(draft: &Draft, given: &Given, set: &RuleSet, now: i64) -> Vec<Worth> {
    let mut parts = parts(draft);
    let mut profile = set.profile.clone();
    let mut sources = Vec::new();
    let name = |at: usize, wanted: bool| format!("part/{at}-{wanted}");
    for (at, part) in parts.iter().enumerate() {
        let negated = format!("!({})", part.text);
        for (wanted, check) in [(true, negated.as_str()), (false, part.text.as_str())] {
            profile.extend_to(&draft.source.id, &name(at, wanted));
            sources.push(draft.rewritten(&name(at, wanted), Some("true"), Some(check)));
        }
    }
    profile.keep(|id| sources.iter().any(|source| source.id == *id));
    let Ok(asked) = rules(profile, sources) else {
        return Vec::new();
    };
    let outcome = check(given, &asked, now);
    for (at, part) in parts.iter_mut().enumerate() {
        let fires = |wanted| outcome.findings.iter().any(|finding| finding.rule == name(at, wanted));
        let has_note = outcome.notes.iter().any(|note| note.rule == name(at, true));
        part.value = match (fires(true), fires(false), has_note) {
            (true, true, _) => "true and false",
            (true, false, false) => "true",
            (false, true, false) => "false",
            (true, false, true) => "true and without an answer",
            (false, true, true) => "false and without an answer",
            (false, false, true) => "without an answer",
            (false, false, false) => "never asked",
        };
    }
    parts
}

/// The parts that have a value of their own.
fn parts(draft: &Draft) -> Vec<Worth> {
    let when = draft.when.as_ref().map(|text| ("when", text.value.as_str()));
    let texts = when.into_iter().chain([("check", draft.check.value.as_str())]);
    let of_text = |(key, text): (&'static str, &str)| -> Vec<Worth> {
        let found = atoms(text).unwrap_or_default().into_iter().filter(|atom| !atom.is_looped);
        let part = |range: Range<usize>| Worth { key, text: text[range].trim().to_owned(), value: "" };
        found.map(|atom| part(atom.range)).collect()
    };
    let mut parts: Vec<Worth> = texts.flat_map(of_text).collect();
    let mut seen: Vec<(&str, String)> = Vec::new();
    parts.retain(|part| {
        let is_new = !seen.contains(&(part.key, part.text.clone()));
        seen.push((part.key, part.text.clone()));
        is_new
    });
    parts
}
