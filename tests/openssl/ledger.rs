//! Differences between two readers of the same octets, and the ledger of those
//! that are known.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::printed::Facts;

/// A fact that two readers see differently.
pub(crate) struct Difference {
    pub(crate) sample: String,
    pub(crate) fact: String,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

/// A known difference: where, in which fact, why.
pub(crate) type Entry = (&'static str, &'static str, &'static str);

/// What differs between two sets of facts.
pub(crate) fn compare(sample: &str, ours: &Facts, theirs: &Facts) -> Vec<Difference> {
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let text = |facts: &Facts, name: &str| facts.get(name).cloned().unwrap_or_else(|| "absent".into());
    names
        .into_iter()
        .filter(|name| ours.get(*name) != theirs.get(*name))
        .map(|name| Difference {
            sample: sample.to_owned(),
            fact: name.clone(),
            ours: text(ours, name),
            theirs: text(theirs, name),
        })
        .collect()
}

/// Fails where a difference is not in the ledger, and where an entry of the
/// ledger is no difference.
pub(crate) fn settle(found: &[Difference], ledger: &[Entry], other: &str) {
    let mut text = String::new();
    for difference in found {
        let known = ledger.iter().any(|entry| entry.0 == difference.sample && entry.1 == difference.fact);
        if !known {
            let Difference { sample, fact, ours, theirs } = difference;
            let _ = writeln!(text, "{sample}: {fact}\n  pemlint: {ours}\n  {other}: {theirs}");
        }
    }
    for (sample, fact, reason) in ledger {
        if !found.iter().any(|difference| difference.sample == *sample && difference.fact == *fact) {
            let _ = writeln!(text, "{sample}: {fact} no longer differs, though the ledger says: {reason}");
        }
    }
    assert!(text.is_empty(), "pemlint and {other} differ:\n{text}");
}
