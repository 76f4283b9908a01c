//! A client whose verdict is wanted, how it is run, and how it words its errors.

use super::openssl::{self, Host, UnknownName, Version};
use super::{Error, Place, Served, Stage, Verdict, rustls};

/// A client and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The client.
    pub client: Client,
    /// The name or address that is asked for; `None` checks no name.
    pub host: Option<Host>,
}

/// The clients there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// One that verifies with OpenSSL.
    Openssl {
        /// Which one.
        client: openssl::Client,
        /// OpenSSL's version.
        version: Version,
        /// Security level; `None` for the client's own.
        level: Option<u8>,
    },
    /// rustls with webpki.
    Rustls,
}

impl Asked {
    /// A client by its name, with the version of OpenSSL that most have, 3.5.
    ///
    /// # Errors
    /// Where there is no client of that name.
    pub fn named(name: &str) -> Result<Self, UnknownName> {
        let client = match name {
            rustls::NAME => Client::Rustls,
            _ => Client::Openssl { client: name.parse()?, version: Version::V3_5, level: None },
        };
        Ok(Self { client, host: None })
    }

    /// Names of all clients.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        openssl::Client::ALL.iter().map(|client| client.name()).chain([rustls::NAME]).collect()
    }

    /// The same client with another version and security level of OpenSSL; one
    /// without OpenSSL has neither.
    #[must_use]
    pub fn with_openssl(mut self, wanted: Version, wanted_level: Option<u8>) -> Self {
        if let Client::Openssl { version, level, .. } = &mut self.client {
            (*version, *level) = (wanted, wanted_level);
        }
        self
    }

    /// Its name on the command line and in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.client {
            Client::Openssl { client, .. } => client.name(),
            Client::Rustls => rustls::NAME,
        }
    }

    /// The version of OpenSSL, for clients that use it.
    #[must_use]
    pub fn openssl(&self) -> Option<&'static str> {
        match self.client {
            Client::Openssl { version, .. } => Some(version.name()),
            Client::Rustls => None,
        }
    }

    /// What the client makes of what it is served, `instant` seconds after
    /// 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn verify(&self, served: &Served<'_>, instant: i64) -> Verdict {
        let host = self.host.clone();
        let Served { store, presented, minted, damaged, unnamed } = served;
        match self.client {
            Client::Rustls => {
                let loading = rustls::Loading::default();
                let parameters = rustls::Parameters { instant, host, minted_leaf: *minted, loading };
                rustls::verify(store, presented, &parameters)
            }
            Client::Openssl { client, .. } if *damaged => refuse_trust(client),
            Client::Openssl { client, version, level } => {
                let mut parameters = client.parameters(version, instant, host);
                parameters.level = level.unwrap_or(parameters.level);
                parameters.minted_leaf = *minted;
                parameters.unnamed_store = *unnamed;
                openssl::verify(store, presented, &parameters)
            }
        }
    }

    /// The line that the client prints for an error. What differs between builds,
    /// such as the line of Python's source, is left out.
    #[must_use]
    pub fn printed(&self, error: &Error) -> String {
        let Error { code, message, depth, stage, .. } = error;
        let Client::Openssl { client, .. } = self.client else {
            return message.clone();
        };
        match (client.is_python(), stage, code.zip(*depth)) {
            (true, Stage::Verify, _) => format!(
                "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] \
                 certificate verify failed: {message} (_ssl.c:…)"
            ),
            (true, Stage::Load | Stage::Handshake, _) => format!("ssl.SSLError: {message} (_ssl.c:…)"),
            (false, _, Some((code, depth))) => format!("error {code} at {depth} depth lookup: {message}"),
            (false, _, None) => message.clone(),
        }
    }
}

/// A trust file that OpenSSL cannot decode is refused as a whole.
fn refuse_trust(client: openssl::Client) -> Verdict {
    let message = if client.is_python() { "[X509] PEM lib" } else { openssl::LOADING };
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
