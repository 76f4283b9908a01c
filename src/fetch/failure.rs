//! Why nothing was fetched, in words that say what to do about it.

use std::fmt;
use std::io;

use super::alert;
use super::guess::Guess;
use super::proxy::Proxy;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looking up the name.
    Lookup,
    /// Connecting.
    Connect,
    /// Waiting for the proxy.
    Proxy,
    /// Asking for TLS in another protocol.
    StartTls,
    /// The TLS handshake.
    Handshake,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lookup => "looking up the name",
            Self::Connect => "connecting",
            Self::Proxy => "waiting for the proxy to connect",
            Self::StartTls => "asking for TLS (STARTTLS)",
            Self::Handshake => "shaking hands",
        })
    }
}

/// Another way, for what this program cannot do.
const OTHER_WAY: &str = "`openssl s_client -showcerts` may get further";

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The name has no address.
    #[error("the name {host} cannot be looked up: {reason}")]
    Lookup {
        /// The name.
        host: String,
        /// What the system says.
        reason: String,
    },
    /// No address takes a connection.
    #[error("{address} cannot be reached: {reason}")]
    Unreachable {
        /// Address and port.
        address: String,
        /// What the system says.
        reason: String,
    },
    /// The time is over.
    #[error("timed out after {seconds} s while {step}; --timeout sets another limit")]
    TimedOut {
        /// What was being done.
        step: Step,
        /// The limit.
        seconds: u64,
    },
    /// The way to the proxy, or what it says.
    #[error("the proxy {proxy} (from HTTPS_PROXY): {reason}")]
    Proxy {
        /// Its host and port.
        proxy: String,
        /// Why.
        reason: String,
    },
    /// TLS could not be asked for.
    #[error("{reason}")]
    StartTls {
        /// Why.
        reason: String,
    },
    /// The server speaks something else.
    #[error("the server does not speak TLS here: {0}")]
    NotTls(Guess),
    /// The server refuses with an alert.
    #[error("the server ends the handshake with the alert {}{}", alert::name(*.0), alert::hint(*.0))]
    Alert(u8),
    /// The connection ended.
    #[error(
        "the server closes the connection while {0}; it may speak another protocol on this port, or not to this client"
    )]
    Closed(Step),
    /// The connection broke.
    #[error("the connection broke while {step}: {reason}")]
    Broken {
        /// What was being done.
        step: Step,
        /// What the system says.
        reason: String,
    },
    /// The server shakes hands without a certificate.
    #[error("the server presents no certificate: its Certificate message is empty or missing")]
    NoCertificate,
    /// The handshake failed before the certificates were handed over.
    #[error("the handshake fails before the certificates are at hand: {reason}")]
    Handshake {
        /// Why.
        reason: String,
    },
    /// The name cannot be sent.
    #[error("`{0}` cannot be sent as a server name; name another with --servername")]
    ServerName(String),
    /// All that was tried is in vain, and something else may help.
    #[error("{0}. {OTHER_WAY}")]
    AfterAll(Box<Failure>),
}

impl Failure {
    /// Whether a ClientHello of TLS 1.2 may get what this one did not.
    pub(super) fn is_worth_another_hello(&self) -> bool {
        matches!(
            self,
            Self::Alert(_)
                | Self::Closed(Step::Handshake)
                | Self::Broken { step: Step::Handshake, .. }
                | Self::Handshake { .. }
                | Self::NoCertificate
        )
    }

    /// What happened, without what to do about it.
    pub(super) fn brief(&self) -> String {
        match self {
            Self::Alert(number) => format!("alert {}", alert::name(*number)),
            Self::Handshake { reason } => reason.clone(),
            Self::Closed(_) => "the connection is closed".into(),
            other => other.to_string(),
        }
    }

    /// The failure, with another way where there may be one.
    pub(super) fn after_all(self) -> Self {
        match self {
            Self::Alert(_) | Self::Handshake { .. } => Self::AfterAll(Box::new(self)),
            other => other,
        }
    }

    /// A failure to reach the proxy.
    pub(super) fn of_proxy(self, proxy: &Proxy) -> Self {
        let reason = match self {
            Self::Lookup { reason, .. } => format!("its name cannot be looked up: {reason}"),
            Self::Unreachable { reason, .. } => format!("it cannot be reached: {reason}"),
            other => return other,
        };
        Self::Proxy { proxy: proxy.to_string(), reason }
    }

    /// What a failed read or write means.
    pub(super) fn of_io(error: &io::Error, step: Step, seconds: u64) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::TimedOut { step, seconds },
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                Self::Closed(step)
            }
            _ => Self::Broken { step, reason: system(error) },
        }
    }
}

/// What the system says, without the number of the error.
pub(super) fn system(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].to_lowercase()
}
