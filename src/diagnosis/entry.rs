//! What is known of one error, or of a family of them, as its file below `errors/`
//! says it. Knows no text that was brought.

use std::sync::LazyLock;

use serde::Deserialize;

use super::embedded;

/// When in its work a client meets an error. The order is that of OpenSSL; what
/// comes later is hidden by what comes earlier.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// While certificates or keys are loaded.
    Load,
    /// While the handshake is read.
    Handshake,
    /// The strength of the server's key.
    LeafKey,
    /// The search for a way to a trusted certificate.
    Chain,
    /// The extensions of each certificate, in every mode.
    Extensions,
    /// The extensions of each certificate, in strict mode alone.
    Strict,
    /// The purpose and the path length of each certificate.
    Purpose,
    /// The strength of keys and signatures above the server's key.
    Strength,
    /// The name that was asked for.
    Name,
    /// Revocation and what else runs on request alone.
    OnRequest,
    /// Signatures and times.
    SignatureAndTime,
    /// Name constraints.
    NameConstraints,
    /// Nowhere in particular.
    Elsewhere,
}

/// A verify code of OpenSSL.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Its number.
    pub number: u16,
    /// Its name without `X509_V_ERR_`.
    pub name: String,
    /// The versions that give it this number.
    pub openssl: String,
    /// What the versions print, the newest first.
    #[serde(default)]
    pub texts: Vec<String>,
    /// What sets it apart in its family.
    pub note: Option<String>,
}

/// What another client prints, or a text without a verify code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Who prints it.
    pub client: String,
    /// What is printed.
    pub text: String,
    /// Words that must follow soon, where the text alone has two meanings.
    pub near: Option<String>,
    /// Other errors that the client has the same words for, by their ids.
    #[serde(default)]
    pub also: Vec<String>,
}

/// An error, or a family of errors that are answered alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Name of its file, without `.toml`.
    #[serde(skip)]
    pub id: String,
    /// What is wrong, in one sentence.
    pub saying: String,
    /// When it is met.
    pub step: Step,
    /// Whether it is no answer where anything better is found.
    #[serde(default)]
    pub fallback: bool,
    /// Which certificate is meant, and why the text does not say so.
    pub certificate: String,
    /// What usually causes it, most likely first.
    pub causes: Vec<String>,
    /// Who must act.
    pub acts: String,
    /// How to see it, in place of the usual commands.
    pub see: Option<String>,
    /// Rules that find it, beside those that list one of its codes.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What to do.
    pub repair: String,
    /// Least-bad ways around it, with their price; those of its step if not given.
    pub workaround: Option<String>,
    /// Since when it exists; the answer of its step if not given.
    pub since: Option<String>,
    /// What it hides, beside what its step does.
    pub hides: Option<String>,
    /// Its verify codes.
    #[serde(default, rename = "code")]
    pub codes: Vec<Code>,
    /// What other clients print.
    #[serde(default, rename = "text")]
    pub words: Vec<Words>,
}

/// Every entry, sorted by id.
///
/// # Panics
/// Where a file below `errors/` is faulty, which a test excludes.
#[must_use]
pub fn entries() -> &'static [Entry] {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let read = |(id, text): &(&str, &str)| {
            let mut entry: Entry =
                toml::from_str(text).unwrap_or_else(|error| panic!("errors/{id}.toml: {error}"));
            (*id).clone_into(&mut entry.id);
            entry
        };
        embedded::ERRORS.iter().map(read).collect()
    });
    &ENTRIES
}

/// An entry by its id.
#[must_use]
pub fn entry(id: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.id == id)
}
