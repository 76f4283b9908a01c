//! What clients make of the chains that were brought, in terms of files: verdicts
//! of `client` with the findings that explain them. Plain data.

use serde::Serialize;

use crate::client::Stage;

/// Where the leaf of a verdict comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Leaf {
    /// It was brought.
    Given,
    /// A gateway would mint it with the CA that was brought.
    Assumed,
}

/// What one client makes of one chain.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// File of the certificate that the verdict is about.
    pub path: String,
    /// Its place among the certificates of the file, from 0: the leaf, or the CA
    /// that would mint one. `None` where there is no certificate.
    pub certificate: Option<usize>,
    /// Name of the client.
    pub client: &'static str,
    /// Version of OpenSSL, for clients that use it.
    pub openssl: Option<&'static str>,
    /// Where the leaf comes from.
    pub leaf: Leaf,
    /// The host that was asked for, if one was.
    pub host: Option<String>,
    /// The chain that the client built, leaf first; where it built none, what the
    /// server presents.
    pub chain: Vec<Step>,
    /// All errors in the order in which the client meets them; it prints the first.
    pub errors: Vec<Error>,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
}

/// A certificate of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Its file; `None` for an assumed leaf.
    pub path: Option<String>,
    /// Its place among the certificates of the file, from 0.
    pub certificate: Option<usize>,
    /// Its subject, RFC 4514, if it decodes.
    pub subject: Option<String>,
    /// Whether the client trusts it by itself.
    pub trusted: bool,
}

/// One error of a client.
#[derive(Clone, Debug)]
pub struct Error {
    /// Verify code of OpenSSL in the numbering of its version.
    pub code: Option<i64>,
    /// `X509_V_ERR_…` for verify codes, else the client's own name of the error.
    pub name: String,
    /// What the error says.
    pub message: String,
    /// The line that the client prints for it.
    pub printed: String,
    /// Depth in the chain, 0 for the leaf.
    pub depth: Option<usize>,
    /// When it shows.
    pub stage: Stage,
    /// File of the certificate at fault; `None` for an assumed leaf.
    pub path: Option<String>,
    /// Its place among the certificates of the file, from 0.
    pub certificate: Option<usize>,
    /// Rules whose findings explain it.
    pub rules: Vec<String>,
}

impl Verdict {
    /// Whether the client accepts the chain.
    #[must_use]
    pub fn accepts(&self) -> bool {
        self.errors.is_empty()
    }
}
