//! What decides how OpenSSL verifies: its version, the flags that the client
//! sets, the instant and the name that is asked for.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A version of OpenSSL whose answers differ from those of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 1.1.1.
    V1_1_1,
    /// 3.0, 3.1 and 3.2.
    V3_0,
    /// 3.3, 3.4 and 3.5.
    V3_5,
    /// 3.6.
    V3_6,
    /// 4.0.
    V4_0,
}

impl Version {
    /// All versions, oldest first.
    pub const ALL: [Self; 5] = [Self::V1_1_1, Self::V3_0, Self::V3_5, Self::V3_6, Self::V4_0];

    /// Its number: `1.1.1`, `3.0`, `3.5`, `3.6` or `4.0`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V1_1_1 => "1.1.1",
            Self::V3_0 => "3.0",
            Self::V3_5 => "3.5",
            Self::V3_6 => "3.6",
            Self::V4_0 => "4.0",
        }
    }

    /// Whether times that are too short pass the decoder, as they did before 3.3.
    pub(super) fn takes_short_times(self) -> bool {
        self < Self::V3_5
    }
}

impl FromStr for Version {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|version| version.name() == text)
            .ok_or_else(|| UnknownName { kind: "OpenSSL version", name: text.to_owned() })
    }
}

/// A name that is none of those known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} {name:?}")]
pub struct UnknownName {
    kind: &'static str,
    name: String,
}

/// What the client wants to talk to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// A host name.
    Name(String),
    /// An address, and how it was written: only addresses of the certificate
    /// count then.
    Address(IpAddr, String),
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Name(text) | Self::Address(_, text)) = self;
        f.write_str(text)
    }
}

impl Host {
    /// An address where the text is one, else a name, as Python decides.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.to_owned();
        match text.parse() {
            Ok(address) => Self::Address(address, text),
            Err(_) => Self::Name(text),
        }
    }
}

/// All that the verification is told.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "flags of OpenSSL, one each")]
pub struct Parameters {
    /// Version of OpenSSL.
    pub version: Version,
    /// `X509_V_FLAG_X509_STRICT`.
    pub strict: bool,
    /// `X509_V_FLAG_PARTIAL_CHAIN`.
    pub partial_chain: bool,
    /// `X509_V_FLAG_TRUSTED_FIRST`.
    pub trusted_first: bool,
    /// Security level, 0 for none.
    pub level: u8,
    /// Seconds since 1970-01-01T00:00:00Z at which the client verifies.
    pub instant: i64,
    /// What is asked for; `None` checks no name.
    pub host: Option<Host>,
    /// `X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS`.
    pub no_partial_wildcards: bool,
    /// Purpose and trust of a TLS server; without it, any purpose is right.
    pub server_purpose: bool,
    /// Whether the chain comes by TLS to Python: damage then shows in the
    /// handshake, and Python words some messages itself.
    pub python: bool,
    /// Whether the leaf was minted for the question, so that its signature is
    /// taken for valid.
    pub minted_leaf: bool,
    /// Whether no trust file was named: one without certificates is an error while it is
    /// loaded, a default one is not.
    pub unnamed_store: bool,
}

/// Sets of parameters by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// The default context of Python 3.13 and newer.
    Python313,
    /// The default context of Python 3.12 and older.
    Python312,
    /// `openssl verify` with the flags of Python 3.13.
    OpensslStrict,
    /// `openssl verify` without options.
    Openssl,
}

impl Client {
    /// All clients.
    pub const ALL: [Self; 4] = [Self::Python313, Self::Python312, Self::OpensslStrict, Self::Openssl];

    /// Its name on the command line and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Python313 => "python-3.13",
            Self::Python312 => "python-3.12",
            Self::OpensslStrict => "openssl-strict",
            Self::Openssl => "openssl",
        }
    }

    /// Whether it is a version of Python.
    #[must_use]
    pub fn is_python(self) -> bool {
        matches!(self, Self::Python313 | Self::Python312)
    }

    /// Its parameters at an instant, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn parameters(self, version: Version, instant: i64, host: Option<Host>) -> Parameters {
        let flags = matches!(self, Self::Python313 | Self::OpensslStrict);
        let python = self.is_python();
        Parameters {
            version,
            strict: flags,
            partial_chain: flags,
            trusted_first: true,
            level: if self == Self::Openssl { 0 } else { 2 },
            instant,
            host,
            no_partial_wildcards: python,
            server_purpose: self != Self::Openssl,
            python,
            minted_leaf: false,
            unnamed_store: false,
        }
    }
}

impl FromStr for Client {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|client| client.name() == text)
            .ok_or_else(|| UnknownName { kind: "client", name: text.to_owned() })
    }
}
