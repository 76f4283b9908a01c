//! What a run found, and the formats that show it. A format sees the [`Report`]
//! alone: no files, no clock, no terminal.

pub mod human;
pub mod json;
pub mod sarif;
#[cfg(test)]
mod sample;
mod store;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::engine::Outcome;
use crate::finding::{AskedBy, Finding, Note, Severity};
pub use crate::finding::{
    CertificateSummary, InputSummary, KeySummary, MatchSummary, PublicKeySummary, ReaderSummary,
};
use crate::rule::{self, Draft, RuleSet};
use crate::verdict::Verdict;
pub use store::{Refused, StoreSummary};

/// Everything that a run has to say.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Name of the profile; of several, all names with commas between them.
    pub profile: String,
    /// Names of the profiles, where there are several; else empty.
    pub profiles: Vec<String>,
    /// Instant of evaluation, RFC 3339.
    pub at: String,
    /// The inputs, sorted by path.
    pub inputs: Vec<InputSummary>,
    /// The findings, sorted; suppressed ones included.
    pub findings: Vec<Finding>,
    /// Rules without an answer, sorted.
    pub notes: Vec<Note>,
    /// What clients would say.
    pub verdicts: Vec<Verdict>,
    /// The rules that ran.
    pub rules: Vec<RuleSummary>,
    /// Entries of the baseline that match nothing or have run out, each as a sentence without its full stop.
    pub stale: Vec<String>,
    /// What a client makes of a trust store, if one was checked.
    pub store: Option<StoreSummary>,
}

/// A rule that ran.
#[derive(Clone, Debug)]
pub struct RuleSummary {
    /// What was written.
    pub draft: Arc<Draft>,
    /// Its level under the profile.
    pub severity: Severity,
}

impl RuleSummary {
    /// Its id, `source/name`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.draft.source.id
    }

    /// What to do, markdown.
    #[must_use]
    pub fn fix(&self) -> String {
        // Braces that stand for themselves are doubled in rule files.
        self.draft.fix.value.trim().replace("{{", "{").replace("}}", "}")
    }

    /// Address of its reference page; a user's rule has none.
    #[must_use]
    pub fn page(&self) -> Option<String> {
        rule::page(self.id())
    }
}

/// Numbers of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "what they count")]
pub struct Summary {
    pub inputs: usize,
    pub certificates: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub notes: usize,
    pub suppressed: usize,
}

/// Numbers of a run under one of several profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "what they count")]
pub struct ProfileSummary {
    /// Name of the profile.
    pub name: String,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
}

impl Report {
    /// Counts what the report holds; suppressed findings count apart.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let level = |severity| self.shown().filter(|finding| finding.severity == severity).count();
        Summary {
            inputs: self.inputs.len(),
            certificates: self.inputs.iter().map(|input| input.certificates.len()).sum(),
            errors: level(Severity::Error),
            warnings: level(Severity::Warning),
            infos: level(Severity::Info),
            notes: self.notes.len(),
            suppressed: self.findings.len() - self.shown().count(),
        }
    }

    /// The profiles with what was found under each, where there are several.
    #[must_use]
    pub fn by_profile(&self) -> Vec<ProfileSummary> {
        let of = |name: &String| {
            let count = |severity| {
                let asks = |one: &&AskedBy| one.name == *name && one.severity == severity;
                self.shown().flat_map(|finding| &finding.asked_by).filter(asks).count()
            };
            ProfileSummary {
                name: name.clone(),
                errors: count(Severity::Error),
                warnings: count(Severity::Warning),
                infos: count(Severity::Info),
            }
        };
        self.profiles.iter().map(of).collect()
    }

    /// Findings that no baseline leaves out.
    pub fn shown(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }
}

/// Makes the report of a run.
#[must_use]
pub fn build(outcome: Outcome, rules: &RuleSet, at: String) -> Report {
    build_all(outcome, std::slice::from_ref(rules), at)
}

/// Makes the report of a run under several profiles; a rule is told at the highest of
/// its levels.
#[must_use]
pub fn build_all(outcome: Outcome, sets: &[RuleSet], at: String) -> Report {
    let names: Vec<String> = sets.iter().map(|set| set.profile.name.clone()).collect();
    let mut rules: BTreeMap<&str, RuleSummary> = BTreeMap::new();
    for rule in sets.iter().flat_map(|set| &set.rules) {
        let new = || RuleSummary { draft: Arc::clone(&rule.draft), severity: rule.severity };
        let summary = rules.entry(&rule.draft.source.id).or_insert_with(new);
        summary.severity = summary.severity.max(rule.severity);
    }
    Report {
        profile: names.join(", "),
        profiles: if names.len() > 1 { names } else { Vec::new() },
        at,
        inputs: outcome.inputs,
        findings: outcome.findings,
        notes: outcome.notes,
        verdicts: outcome.verdicts,
        rules: rules.into_values().collect(),
        stale: Vec::new(),
        store: None,
    }
}
