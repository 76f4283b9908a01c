//! What a client makes of a chain, whichever client it is. Certificates are named
//! by their place in what the client was given.

use std::borrow::Cow;

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
    /// The verify code in the numbering of OpenSSL's version; `None` before
    /// verification and for other clients.
    pub code: Option<i64>,
    /// Name of the code without `X509_V_ERR_`, OpenSSL's name of the reason, or
    /// that of the variant of `webpki::Error`.
    pub name: Cow<'static, str>,
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
