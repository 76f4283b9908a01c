//! A trust store as a whole: which of its certificates a client refuses.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Report;
use crate::verdict::Verdict;

/// What a client makes of the certificates of a trust store, each counted once
/// however many files hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoreSummary {
    /// The client.
    pub client: &'static str,
    /// How many certificates there are.
    pub certificates: usize,
    /// Those that it refuses, sorted.
    pub refused: Vec<Refused>,
}

/// A certificate that a client refuses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refused {
    /// Its subject, RFC 4514.
    pub subject: String,
    /// The first error.
    pub message: String,
    /// Its SHA-256, 64 hex digits.
    pub sha256: String,
}

impl StoreSummary {
    /// Counts what one client says.
    #[must_use]
    pub fn of(report: &Report, client: &'static str) -> Self {
        let mut judged: BTreeMap<String, Option<Refused>> = BTreeMap::new();
        for verdict in report.verdicts.iter().filter(|verdict| verdict.client == client) {
            let Some((sha256, subject)) = about(report, verdict) else { continue };
            let refusal = verdict.errors.first().map(|error| Refused {
                subject,
                message: error.message.clone(),
                sha256: sha256.clone(),
            });
            judged.entry(sha256).or_insert(refusal);
        }
        let certificates = judged.len();
        let mut refused: Vec<Refused> = judged.into_values().flatten().collect();
        refused.sort();
        Self { client, certificates, refused }
    }
}

/// SHA-256 and name of the certificate that a verdict is about.
fn about(report: &Report, verdict: &Verdict) -> Option<(String, String)> {
    let input = report.inputs.iter().find(|input| input.path == verdict.path)?;
    let certificate = input.certificates.get(verdict.certificate?)?;
    let subject = match certificate.subject.as_deref() {
        None => "subject does not decode",
        Some("") => "empty subject",
        Some(subject) => subject,
    };
    Some((certificate.sha256.clone(), subject.to_owned()))
}

impl Report {
    /// Leaves out what no client refuses.
    pub fn keep_rejected(&mut self) {
        self.verdicts.retain(|verdict| !verdict.accepts());
        self.findings.retain(|finding| !finding.clients.is_empty());
        self.notes.retain(|note| note.is_error);
    }
}
