//! A client whose verdict is wanted, how it is run, and how it words its errors.

use super::openssl::{self, Host, UnknownName, Version};
use super::{Error, Place, Served, Stage, Verdict};

/// A client, its version and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The client.
    pub client: openssl::Client,
    /// OpenSSL's version.
    pub version: Version,
    /// Security level; `None` for the client's own.
    pub level: Option<u8>,
    /// The name or address that is asked for; `None` checks no name.
    pub host: Option<Host>,
}

impl Asked {
    /// A client with the version of OpenSSL that most users of it have, 3.5.
    ///
    /// # Errors
    /// Where there is no client of that name.
    pub fn named(name: &str) -> Result<Self, UnknownName> {
        Ok(Self { client: name.parse()?, version: Version::V3_5, level: None, host: None })
    }

    /// Names of all clients.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        openssl::Client::ALL.map(openssl::Client::name).to_vec()
    }

    /// Its name on the command line and in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.client.name()
    }

    /// The version of OpenSSL, for clients that use it.
    #[must_use]
    pub fn openssl(&self) -> Option<&'static str> {
        Some(self.version.name())
    }

    /// What the client makes of what it is served, `instant` seconds after
    /// 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn verify(&self, served: &Served<'_>, instant: i64) -> Verdict {
        if served.damaged {
            return self.refuse_trust();
        }
        let mut parameters = self.client.parameters(self.version, instant, self.host.clone());
        parameters.level = self.level.unwrap_or(parameters.level);
        parameters.minted_leaf = served.minted;
        openssl::verify(&served.store, &served.presented, &parameters)
    }

    /// A file that OpenSSL cannot decode is refused as a whole.
    fn refuse_trust(&self) -> Verdict {
        let message = if self.client.is_python() { "[X509] PEM lib" } else { "error loading file" };
        let error = Error {
            code: None,
            name: "PEM lib".into(),
            message: message.to_owned(),
            depth: None,
            certificate: Place::File,
            stage: Stage::Load,
        };
        Verdict { errors: vec![error], ..Verdict::default() }
    }

    /// The line that the client prints for an error. What differs between builds,
    /// such as the line of Python's source, is left out.
    #[must_use]
    pub fn printed(&self, error: &Error) -> String {
        let Error { code, message, depth, stage, .. } = error;
        if self.client.is_python() {
            return match stage {
                Stage::Verify => format!(
                    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] \
                     certificate verify failed: {message} (_ssl.c:…)"
                ),
                Stage::Load | Stage::Handshake => format!("ssl.SSLError: {message} (_ssl.c:…)"),
            };
        }
        match (code, depth) {
            (Some(code), Some(depth)) => format!("error {code} at {depth} depth lookup: {message}"),
            _ => message.clone(),
        }
    }
}
