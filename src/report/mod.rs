//! What a run found, and the formats that show it. A format sees the [`Report`]
//! alone: no files, no clock, no terminal.

pub mod human;
pub mod json;
pub mod sarif;
#[cfg(test)]
mod sample;

use serde::Serialize;

use crate::engine::{CertificateFacts, Outcome};
use crate::finding::{Finding, Note, Severity};
use crate::rule::{Reference, Rule, RuleSet};

/// Everything that a run has to say.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Name of the profile.
    pub profile: String,
    /// Instant of evaluation, RFC 3339.
    pub at: String,
    /// The inputs, sorted by path.
    pub inputs: Vec<InputSummary>,
    /// The findings, sorted; suppressed ones included.
    pub findings: Vec<Finding>,
    /// Rules without an answer, sorted.
    pub notes: Vec<Note>,
    /// What clients would say.
    pub verdicts: Vec<serde_json::Value>,
    /// The rules that ran.
    pub rules: Vec<RuleSummary>,
    /// Entries of the baseline that match nothing: their fingerprints and reasons.
    pub stale: Vec<String>,
}

/// What was found in one input.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputSummary {
    /// File, as reports show it.
    pub path: String,
    /// Its certificates, in order.
    pub certificates: Vec<CertificateSummary>,
    /// Its private keys, in order.
    pub private_keys: Vec<KeySummary>,
}

/// One certificate. What cannot be read is `None`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateSummary {
    /// Place among the certificates of the input, from 0.
    pub index: usize,
    /// First line of its block, from 1.
    pub line: usize,
    /// Last line of its block.
    pub end_line: usize,
    /// RFC 4514.
    pub subject: Option<String>,
    /// RFC 4514.
    pub issuer: Option<String>,
    /// Content octets in hex.
    pub serial: Option<String>,
    /// RFC 3339.
    pub not_before: Option<String>,
    /// RFC 3339.
    pub not_after: Option<String>,
    /// `root`, `intermediate` or `leaf`.
    pub role: String,
    /// Its key.
    pub public_key: Option<PublicKeySummary>,
    /// Name of the algorithm.
    pub signature_algorithm: Option<String>,
    /// 64 hex digits.
    pub sha256: String,
}

/// A public key.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicKeySummary {
    /// `rsa`, `ec` and so on.
    pub algorithm: String,
    /// Size, where it is known.
    pub bits: Option<i64>,
    /// Curve of an EC key.
    pub curve: Option<String>,
}

/// A private key; never its octets.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeySummary {
    /// Line of its BEGIN, from 1.
    pub line: usize,
    /// `pkcs8`, `pkcs1` or `sec1`.
    pub format: String,
    /// Whether a password protects it.
    pub encrypted: bool,
    /// `rsa`, `ec` and so on, where it is known.
    pub algorithm: Option<String>,
    /// Size, where it is known.
    pub bits: Option<i64>,
    /// Certificates with its public key.
    pub matches: Vec<MatchSummary>,
}

/// A certificate that a key belongs to.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchSummary {
    /// File.
    pub path: String,
    /// Place of the certificate in it, from 0.
    pub certificate: usize,
}

/// A rule that ran.
#[derive(Clone, Debug)]
pub struct RuleSummary {
    /// Its id, `source/name`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its level under the profile.
    pub severity: Severity,
    /// Why it matters, markdown.
    pub why: String,
    /// What to do, markdown.
    pub fix: String,
    /// `RFC 5280 §4.2.1.3` and so on.
    pub references: Vec<String>,
    /// Address of the first reference that has one.
    pub url: Option<String>,
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

    /// Findings that no baseline leaves out.
    pub fn shown(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }
}

/// Makes the report of a run; `paths` are those of the inputs, in order.
#[must_use]
pub fn build(outcome: Outcome, paths: &[String], rules: &RuleSet, at: String) -> Report {
    let inputs = outcome.inputs.into_iter().zip(paths).map(|(facts, path)| InputSummary {
        path: path.clone(),
        certificates: facts.certificates.into_iter().map(CertificateSummary::from).collect(),
        private_keys: facts
            .keys
            .into_iter()
            .map(|key| KeySummary {
                line: key.line,
                format: key.format.to_owned(),
                encrypted: key.encrypted,
                algorithm: Some(key.algorithm.to_owned()).filter(|name| !name.is_empty()),
                bits: Some(i64::from(key.bits)).filter(|bits| *bits > 0),
                matches: key
                    .matches
                    .into_iter()
                    .map(|found| MatchSummary { path: found.path, certificate: found.certificate })
                    .collect(),
            })
            .collect(),
    });
    Report {
        profile: rules.profile.name.clone(),
        at,
        inputs: inputs.collect(),
        findings: outcome.findings,
        notes: outcome.notes,
        verdicts: Vec::new(),
        rules: rules.rules.iter().map(RuleSummary::from).collect(),
        stale: Vec::new(),
    }
}

impl From<CertificateFacts> for CertificateSummary {
    fn from(facts: CertificateFacts) -> Self {
        Self {
            index: facts.number,
            line: facts.line,
            end_line: facts.end_line,
            subject: facts.subject,
            issuer: facts.issuer,
            serial: facts.serial,
            not_before: facts.not_before,
            not_after: facts.not_after,
            role: facts.role.to_owned(),
            public_key: facts.public_key.map(|(algorithm, bits, curve)| PublicKeySummary {
                algorithm: algorithm.to_owned(),
                bits: Some(i64::from(bits)).filter(|bits| *bits > 0),
                curve: Some(curve.to_owned()).filter(|curve| !curve.is_empty()),
            }),
            signature_algorithm: facts.signature_algorithm,
            sha256: facts.sha256,
        }
    }
}

impl From<&Rule> for RuleSummary {
    fn from(rule: &Rule) -> Self {
        let draft = &rule.draft;
        Self {
            id: draft.source.id.clone(),
            title: draft.title.clone(),
            severity: rule.severity,
            why: draft.why.trim().to_owned(),
            fix: draft.fix.value.trim().to_owned(),
            references: draft.references.iter().map(Reference::text).collect(),
            url: draft.references.iter().find_map(|reference| reference.url.clone()),
        }
    }
}
