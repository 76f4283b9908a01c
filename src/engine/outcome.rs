//! What came out of a run: findings, notes and verdicts in an order of their own,
//! put together where there was more than one run.

use std::collections::BTreeMap;

use super::{Given, Job, Sink, check};
use crate::finding::{AskedBy, Finding, InputSummary, Note};
use crate::source::Place;
use crate::verdict::{Error, Verdict};

/// What came out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings, sorted by file, place and rule.
    pub findings: Vec<Finding>,
    /// Rules without an answer, sorted likewise.
    pub notes: Vec<Note>,
    /// What clients say, in the order of inputs and clients.
    pub verdicts: Vec<Verdict>,
    /// What is in each input, in the order given.
    pub inputs: Vec<InputSummary>,
}

/// Fingerprint, file, place and message of a finding.
type Identity = (String, String, Place, String);

/// Checks inputs under several profiles, a job for each. What is found under more than
/// one of them is there once, at its highest level, and says under which.
#[must_use]
pub fn check_all(given: &[Given], jobs: &[Job<'_>]) -> Outcome {
    if let [only] = jobs {
        return check(given, only);
    }
    let mut all = Outcome::default();
    let mut known = BTreeMap::new();
    for job in jobs {
        let mut outcome = check(given, job);
        for finding in &mut outcome.findings {
            let name = job.rules.profile.name.clone();
            finding.asked_by.push(AskedBy { name, severity: finding.severity });
        }
        all.unite(outcome, &mut known);
    }
    all.sort();
    all
}

impl Outcome {
    /// Adds what came out for the same certificates before another client; what was
    /// found already is left out.
    pub fn add(&mut self, other: Self) {
        for finding in other.findings {
            let is_same = |known: &&mut Finding| {
                (&known.fingerprint, &known.path, known.place)
                    == (&finding.fingerprint, &finding.path, finding.place)
            };
            match self.findings.iter_mut().find(is_same) {
                Some(known) => known.clients.extend(finding.clients),
                None => self.findings.push(finding),
            }
        }
        for finding in &mut self.findings {
            finding.clients.sort_unstable();
            finding.clients.dedup();
        }
        for input in other.inputs {
            if !self.inputs.iter().any(|known| known.path == input.path) {
                self.inputs.push(input);
            }
        }
        self.notes.extend(other.notes);
        self.verdicts.extend(other.verdicts);
        self.sort();
    }

    /// Adds what came out for the same inputs under another profile; `known` tells where
    /// each finding is.
    fn unite(&mut self, other: Self, known: &mut BTreeMap<Identity, usize>) {
        for finding in other.findings {
            let identity =
                (finding.fingerprint.clone(), finding.path.clone(), finding.place, finding.message.clone());
            let at = *known.entry(identity).or_insert(self.findings.len());
            let Some(same) = self.findings.get_mut(at) else {
                self.findings.push(finding);
                continue;
            };
            same.severity = same.severity.max(finding.severity);
            same.asked_by.extend(finding.asked_by);
            same.clients.extend(finding.clients);
            same.clients.sort_unstable();
            same.clients.dedup();
        }
        // Those that are the same go when all is sorted.
        self.notes.extend(other.notes);
        for verdict in other.verdicts {
            match self.verdicts.iter_mut().find(|known| is_same_verdict(known, &verdict)) {
                Some(known) => unite_rules(known, verdict),
                None => self.verdicts.push(verdict),
            }
        }
        if self.inputs.is_empty() {
            self.inputs = other.inputs;
        }
    }

    pub(super) fn take(&mut self, sink: Sink) {
        self.findings.extend(sink.findings);
        self.notes.extend(sink.notes);
    }

    pub(super) fn sort(&mut self) {
        self.findings.sort_by(|left, right| {
            let place = left.path.cmp(&right.path).then_with(|| left.place.cmp(&right.place));
            let rule = || left.rule.cmp(&right.rule).then_with(|| left.fact.cmp(&right.fact));
            place.then_with(rule).then_with(|| left.message.cmp(&right.message))
        });
        self.notes.sort_by(|left, right| {
            (&left.path, left.certificate, &left.rule, &left.reason).cmp(&(
                &right.path,
                right.certificate,
                &right.rule,
                &right.reason,
            ))
        });
        // Elements of one list mostly lack an answer for the same reason.
        self.notes.dedup();
    }
}

/// Whether two runs came to the same verdict; the rules that explain its errors may differ.
fn is_same_verdict(left: &Verdict, right: &Verdict) -> bool {
    let about = |one: &Verdict| (one.path.clone(), one.certificate, one.client, one.openssl, one.leaf);
    let said = |error: &Error| {
        (error.name.clone(), error.printed.clone(), error.depth, error.path.clone(), error.certificate)
    };
    about(left) == about(right)
        && (&left.host, &left.chain) == (&right.host, &right.chain)
        && left.errors.iter().map(said).eq(right.errors.iter().map(said))
}

fn unite_rules(known: &mut Verdict, other: Verdict) {
    for (error, same) in known.errors.iter_mut().zip(other.errors) {
        error.rules.extend(same.rules);
        error.rules.sort_unstable();
        error.rules.dedup();
    }
}
