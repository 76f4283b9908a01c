//! A model of OpenSSL's certificate verification as Python uses it: given what
//! the trust file and the server hold, every error in the order in which the
//! client meets them. Pure: no clock, no files, no network.
//!
//! The list is that of `X509_verify_cert` with a callback that notes each error,
//! clears it and goes on; so its first entry is what a client without a callback
//! says, and the others are what shows once the first is repaired. Two things end
//! it early, as nothing can follow them: a file that does not load, a handshake
//! that breaks. A certificate that the store rejects (28) ends the building of the
//! chain without the errors that would only say so again.

mod asn1;
mod cached;
mod chain;
mod checks;
mod codes;
mod constraints;
mod general;
mod host;
mod issued;
mod key;
mod name;
mod parameters;
mod run;
mod signatures;
mod time;
mod trust;
mod x509;

pub use parameters::{Client, Host, Parameters, UnknownName, Version};

use crate::facts::Certificate;
use run::Run;

/// A certificate of the trust file.
#[derive(Clone, Copy, Debug)]
pub struct Anchor<'a> {
    /// The certificate.
    pub certificate: &'a Certificate<'a>,
    /// Whether its block is labelled `TRUSTED CERTIFICATE`, so that trust
    /// settings may follow the certificate.
    pub trusted_label: bool,
}

/// Which certificate is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// One that the server presents, by its index; 0 is the leaf.
    Presented(usize),
    /// One of the trust file, by its index.
    Store(usize),
    /// The trust file as a whole.
    File,
}

/// When the error shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// While the trust file is loaded.
    Load,
    /// While the messages of the server are read.
    Handshake,
    /// While the chain is verified.
    Verify,
}

impl Stage {
    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Handshake => "handshake",
            Self::Verify => "verify",
        }
    }
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The verify code in the numbering of the version; `None` before verification.
    pub code: Option<i64>,
    /// Name of the code without `X509_V_ERR_`, or OpenSSL's name of the reason.
    pub name: &'static str,
    /// What the client says: for Python the part of the exception's text between
    /// `certificate verify failed: ` and the source line.
    pub message: String,
    /// Depth in the built chain, 0 for the leaf; `None` before verification.
    pub depth: Option<usize>,
    /// The certificate at fault.
    pub certificate: Place,
    /// When it shows.
    pub stage: Stage,
}

/// What the client makes of a chain.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// All errors in the order in which the client meets them.
    pub errors: Vec<Error>,
    /// The chain that it built, leaf first; empty where it built none.
    pub chain: Vec<Place>,
    /// How many of them, from the leaf, the client did not trust by themselves.
    pub untrusted: usize,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
}

impl Verdict {
    /// Whether the client accepts the chain.
    #[must_use]
    pub fn accepts(&self) -> bool {
        self.errors.is_empty()
    }

    /// What the client says: the first error.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.errors.first()
    }
}

/// Verifies what a server presents, leaf first, against the certificates of a
/// trust file in the order in which they are loaded.
#[must_use]
pub fn verify<'a>(
    store: &[Anchor<'a>],
    presented: &[&'a Certificate<'a>],
    parameters: &Parameters,
) -> Verdict {
    let mut run = Run::new(parameters);
    run.load(store);
    if run.verdict.accepts() {
        run.receive(presented);
    }
    if run.verdict.accepts() {
        run.verify();
    }
    run.finish()
}
