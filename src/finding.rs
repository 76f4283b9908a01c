//! What the engine says: findings and notes, with their place and fingerprint.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Place;

/// How much a finding matters. Ordered: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing breaks.
    Info,
    /// A standard's SHOULD, or a risk.
    Warning,
    /// A standard's MUST, or something that a client or product refuses.
    Error,
}

impl Severity {
    /// `info`, `warning` or `error`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A rule that does not hold, on one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// Title of the rule.
    pub title: String,
    /// Its level under the profile.
    pub severity: Severity,
    /// One sentence with the values at fault; safe to show.
    pub message: String,
    /// What to do, markdown.
    pub fix: String,
    /// File, as reports show it.
    pub path: String,
    /// Region of the file.
    pub place: Place,
    /// The lines of the region, for annotated output; `None` for binary files and key material.
    pub excerpt: Option<Excerpt>,
    /// Place of the certificate among those of the file, from 0.
    pub certificate: Option<usize>,
    /// Its SHA-256, 64 hex digits.
    pub sha256: Option<String>,
    /// Path of the fact that the finding points at.
    pub fact: Option<String>,
    /// `RFC 5280 §4.2.1.3` and so on.
    pub references: Vec<String>,
    /// Verify codes of OpenSSL that the fault leads to.
    pub openssl: Vec<i64>,
    /// Names the finding over time: rule, certificate and fact; no line numbers.
    pub fingerprint: String,
    /// Why a baseline leaves it out, if one does.
    pub suppressed: Option<String>,
}

/// Lines of a file that a finding shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines, with `\n` between them; hidden characters are not escaped.
    pub text: String,
    /// Octets of `text` that the region covers.
    pub region: std::ops::Range<usize>,
}

/// A rule without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Id of the rule.
    pub rule: String,
    /// File, as reports show it.
    pub path: String,
    /// Place of the certificate among those of the file, from 0.
    pub certificate: Option<usize>,
    /// Whether the rule could not be computed; otherwise it reads what does not decode.
    pub is_error: bool,
    /// Why.
    pub reason: String,
}
