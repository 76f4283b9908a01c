//! Answers held against references: counts, differences, and what the ledger knows of them.

use super::{Answer, Case, Comparison, Known, Verdict, Verifier};

/// How often a verifier and a reference say the same, and how often not. Cases without a verdict are in none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Both accept.
    pub both_accept: usize,
    /// Both reject.
    pub both_reject: usize,
    /// The reference accepts, the verifier rejects.
    pub only_reference_accepts: usize,
    /// The verifier accepts, the reference rejects.
    pub only_verifier_accepts: usize,
}

impl Counts {
    /// How often both say the same.
    #[must_use]
    pub fn agree(self) -> usize {
        self.both_accept + self.both_reject
    }

    /// How often they do not.
    #[must_use]
    pub fn differ(self) -> usize {
        self.only_reference_accepts + self.only_verifier_accepts
    }
}

/// A case on which a verifier differs from a reference.
#[derive(Clone, Copy, Debug)]
pub struct Difference<'c> {
    /// The case.
    pub case: &'c Case,
    /// What the verifier said.
    pub answer: &'c Answer,
    /// Whether the reference accepts.
    pub expected: bool,
    /// Why the difference is known, if the ledger says so.
    pub known: Option<&'c str>,
}

/// Numbers of a comparison, over all verifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Answers that are verdicts.
    pub verdicts: usize,
    /// Answers that are errors.
    pub errors: usize,
    /// Differences from references that are demanded, known ones left out.
    pub differences: usize,
    /// Those that the ledger knows.
    pub known: usize,
    /// Entries of the ledger that differ no more.
    pub stale: usize,
}

impl Comparison {
    /// Names of all references, in the order in which the cases name them.
    #[must_use]
    pub fn references(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for expectation in self.cases.iter().flat_map(|case| &case.expected) {
            if !names.contains(&expectation.by.as_str()) {
                names.push(&expectation.by);
            }
        }
        names
    }

    /// Names of all groups, in the order in which the cases name them.
    #[must_use]
    pub fn groups(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for group in self.cases.iter().flat_map(|case| &case.groups) {
            if !names.contains(&group.as_str()) {
                names.push(group);
            }
        }
        names
    }

    /// A verifier against a reference.
    #[must_use]
    pub fn counts(&self, verifier: &Verifier, by: &str) -> Counts {
        let mut counts = Counts::default();
        for (case, answer) in self.cases.iter().zip(&verifier.answers) {
            match (case.expected_by(by), answer.verdict.accepts()) {
                (Some(true), Some(true)) => counts.both_accept += 1,
                (Some(false), Some(false)) => counts.both_reject += 1,
                (Some(true), Some(false)) => counts.only_reference_accepts += 1,
                (Some(false), Some(true)) => counts.only_verifier_accepts += 1,
                _ => {}
            }
        }
        counts
    }

    /// The reference that a verifier's differences are shown from: the one that is demanded, else the one that it
    /// agrees with most; the first of several.
    #[must_use]
    pub fn reference<'c>(&'c self, verifier: &'c Verifier) -> Option<&'c str> {
        let closest = || {
            let names = self.references();
            names.into_iter().rev().max_by_key(|by| self.counts(verifier, by).agree())
        };
        verifier.gate.as_deref().or_else(closest)
    }

    /// Where a verifier differs from its reference.
    #[must_use]
    pub fn differences<'c>(&'c self, verifier: &'c Verifier) -> Vec<Difference<'c>> {
        let Some(by) = self.reference(verifier) else { return Vec::new() };
        let pairs = self.cases.iter().zip(&verifier.answers);
        pairs.filter_map(|(case, answer)| self.difference(verifier, case, answer, by)).collect()
    }

    fn difference<'c>(
        &'c self,
        verifier: &Verifier,
        case: &'c Case,
        answer: &'c Answer,
        by: &str,
    ) -> Option<Difference<'c>> {
        let expected = case.expected_by(by)?;
        let differs = answer.verdict.accepts()? != expected;
        let known = || self.ledger.known(verifier, case).map(|known| known.reason.as_str());
        differs.then(|| Difference { case, answer, expected, known: known() })
    }

    /// Entries of the ledger that were looked at and differ no more: none of the cases that they are about, and that
    /// have a verdict, differs from a reference that is demanded.
    #[must_use]
    pub fn stale(&self) -> Vec<&Known> {
        self.ledger.entries.iter().filter(|known| self.is_stale(known)).collect()
    }

    fn is_stale(&self, known: &Known) -> bool {
        let Some(verifier) = self.verifiers.iter().find(|verifier| verifier.name == known.verifier) else {
            return false;
        };
        let Some(gate) = &verifier.gate else { return false };
        let pairs = self.cases.iter().zip(&verifier.answers).filter(|(case, _)| known.is_about(case));
        let judged: Vec<bool> = pairs
            .filter_map(|(case, answer)| Some(answer.verdict.accepts()? != case.expected_by(gate)?))
            .collect();
        !judged.is_empty() && !judged.contains(&true)
    }

    /// The numbers that decide how a run ends.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let mut numbers = Numbers { stale: self.stale().len(), ..Numbers::default() };
        for verifier in &self.verifiers {
            numbers.errors += verifier.count(Verdict::Error);
            numbers.verdicts += verifier.count(Verdict::Accepts) + verifier.count(Verdict::Rejects);
            if verifier.gate.is_some() {
                let differences = self.differences(verifier);
                let known = differences.iter().filter(|difference| difference.known.is_some()).count();
                numbers.known += known;
                numbers.differences += differences.len() - known;
            }
        }
        numbers
    }
}

impl Verifier {
    /// How often it gave a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.answers.iter().filter(|answer| answer.verdict == verdict).count()
    }
}
