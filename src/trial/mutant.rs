//! The ways in which the conditions of a rule can be changed by one step. A change that no example notices shows a part
//! of the rule that nothing proves.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::expr::{Atom, Standing, atoms};
use crate::rule::Draft;

/// A rule with one change.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// `when` or `check`, whichever was changed.
    pub key: &'static str,
    /// The octets of it that were changed.
    pub place: Range<usize>,
    /// What was changed, for people.
    pub name: String,
    /// The other `when`, if it was changed.
    pub when: Option<String>,
    /// The other `check`, if it was changed.
    pub check: Option<String>,
}

/// Comparisons and those that differ from them by the limit alone.
const LIMITS: [(&str, &str); 4] = [(" <= ", " < "), (" >= ", " > "), (" < ", " <= "), (" > ", " >= ")];

/// Every mutant of a rule: each Boolean part negated and dropped, each comparison moved by one.
///
/// # Panics
/// Where a condition cannot be parsed, which is no rule of a set that was loaded.
#[must_use]
pub fn mutants(draft: &Draft) -> Vec<Mutant> {
    let when = draft.when.as_ref().map(|text| ("when", text.value.as_str()));
    let mut found = Vec::new();
    for (key, text) in when.into_iter().chain([("check", draft.check.value.as_str())]) {
        let atoms = atoms(text).unwrap_or_else(|faults| panic!("{}: {faults:?}", draft.source.id));
        let mut seen = BTreeSet::new();
        for atom in &atoms {
            let part = &text[atom.range.clone()];
            for new in changes(part, atom, &atoms) {
                let whole = format!("{}{new}{}", &text[..atom.range.start], &text[atom.range.end..]);
                if !seen.insert(whole.clone()) {
                    continue;
                }
                let same = text.match_indices(part).count() > 1;
                let nth = if same { format!(" at {}", atom.range.start) } else { String::new() };
                found.push(Mutant {
                    key,
                    place: atom.range.clone(),
                    name: format!("{key}: {part}{nth} -> {new}"),
                    when: (key == "when").then(|| whole.clone()),
                    check: (key == "check").then_some(whole),
                });
            }
        }
    }
    found
}

/// What may stand for a part: its opposite, and what makes it count no more.
fn changes(part: &str, atom: &Atom, atoms: &[Atom]) -> Vec<String> {
    let mut changes = Vec::new();
    // What `!` stands before is negated where the `!` is dropped.
    if atom.standing != Standing::Not {
        changes.push(
            part.strip_prefix('!')
                .filter(|rest| is_one(rest))
                .map_or_else(|| format!("!({part})"), str::to_owned),
        );
    }
    let dropped: &[&str] = match atom.standing {
        Standing::Whole | Standing::And | Standing::All => &["true"],
        Standing::Or | Standing::Exists => &["false"],
        Standing::Condition | Standing::Compared | Standing::Chosen => &["true", "false"],
        // Without its operand `!` is nothing, and a branch goes with its condition.
        Standing::Not | Standing::Branch => &[],
    };
    changes.extend(dropped.iter().map(|new| (*new).to_owned()));
    let is_inside = |other: &Atom| {
        other.range != atom.range
            && atom.range.start <= other.range.start
            && other.range.end <= atom.range.end
    };
    // Only a comparison itself, not what holds one.
    if !atoms.iter().any(is_inside) {
        let moved = LIMITS.iter().filter(|(from, _)| part.matches(from).count() == 1);
        changes.extend(moved.map(|(from, to)| part.replacen(from, to, 1)));
    }
    changes
}

/// Whether the text behind a `!` is one operand: a path, a call or all in brackets.
fn is_one(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().all(|octet| {
        match octet {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0 || octet.is_ascii_alphanumeric() || b"._)]".contains(&octet)
    })
}
