//! What the engine says: findings and notes, with their place and fingerprint,
//! and what was in each input.

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
    /// Where it stands inside a carrier: `result[0].certificates`.
    pub inside: Option<String>,
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
    /// Clients that reject what they are served because of it.
    pub clients: Vec<&'static str>,
    /// The profiles that it is found under, where there are several; the finding has the
    /// highest of their levels.
    pub asked_by: Vec<AskedBy>,
    /// Names the finding over time: rule, certificate and fact; no line numbers.
    pub fingerprint: String,
    /// Why a baseline leaves it out, if one does.
    pub suppressed: Option<String>,
}

/// A profile under which something is found, and how much it matters there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AskedBy {
    /// Name of the profile.
    pub name: String,
    /// The level of the rule under it.
    pub severity: Severity,
}

/// Lines of a file that a finding shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines, with `\n` between them; hidden characters are not escaped.
    pub text: String,
    /// Octets of `text` that the region covers.
    pub region: std::ops::Range<usize>,
}

impl Excerpt {
    /// Whether it goes to the end of `place`; that of a long region does not.
    #[must_use]
    pub fn is_whole(&self, place: Place) -> bool {
        self.text.matches('\n').count() == place.end_line - place.line
    }
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
    /// What programs load from its text; empty where it is sound, so that all load all, and where it is no PEM.
    pub readers: Vec<ReaderSummary>,
}

/// What a program loads from a file.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReaderSummary {
    /// `python-cafile`, `python-cadata`, `openssl-x509` or `rustls`.
    pub reader: &'static str,
    /// What it is called in a sentence.
    #[serde(skip)]
    pub title: &'static str,
    /// How many different certificates it loads; `openssl-x509` never more than one.
    pub loads: usize,
    /// How many different ones a person sees.
    pub of: usize,
    /// What it says where it refuses the file or a part of it.
    pub error: Option<String>,
}

impl ReaderSummary {
    /// Whether it loads what a person sees, as far as it loads more than one.
    #[must_use]
    pub fn is_content(&self) -> bool {
        let wanted = if self.reader == "openssl-x509" { self.of.min(1) } else { self.of };
        self.loads == wanted && self.error.is_none()
    }
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
    /// Where it stands inside a carrier: `result[0].certificates`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<String>,
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
    /// Where it stands inside a carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<String>,
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
