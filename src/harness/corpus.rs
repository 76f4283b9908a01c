//! A corpus as it is read: the chains that servers present, and the references that say what to expect of them.
//! Files are named, not opened.

use serde::Deserialize;

use super::LeftOut;
use crate::client::Asked;
use crate::client::openssl::{Host, Version};
use crate::corpus::MANIFEST_VERSION;
use crate::document::closest;
use crate::facts::time::from_rfc3339;

/// The group of chains without a defect.
pub const NO_DEFECT: &str = "none";

/// A corpus that verifiers can be asked about.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// The instant that good chains are good at, seconds since 1970.
    pub instant: i64,
    /// The chains that are served and for which verdicts are known.
    pub chains: Vec<Chain>,
    /// The others.
    pub left_out: Vec<LeftOut>,
}

/// A chain that a server presents, as a manifest names it. Files are relative to the folder of the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Its name.
    pub name: String,
    /// File with what the server sends.
    pub chain: String,
    /// File with what the client trusts.
    pub trust: String,
    /// File with the key of the first certificate.
    pub leaf_key: Option<String>,
    /// What the client asks for.
    pub host: String,
    /// Names of its defects.
    pub defects: Vec<String>,
    /// Clients, and whether they accept it.
    pub verdicts: Vec<(String, bool)>,
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// It is no JSON, or not of the form that it must have.
    #[error("it is no manifest of a corpus: {0}")]
    Form(#[from] serde_json::Error),
    /// Its version is another one.
    #[error(
        "it is of version {0}, this pemlint reads {MANIFEST_VERSION}; make the corpus anew with `pemlint fixtures make`"
    )]
    Version(u64),
    /// Its instant is none.
    #[error("its instant `{0}` is none of RFC 3339")]
    Instant(String),
    /// A file lies outside of its folder.
    #[error("{name} names the file `{file}`, which does not lie in its folder")]
    Outside {
        /// The chain.
        name: String,
        /// The file.
        file: String,
    },
    /// No chain is left.
    #[error("no chain in it is one that a server presents and for which verdicts are known")]
    Nothing,
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

#[derive(Deserialize)]
struct Manifest {
    at: String,
    chains: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: String,
    chain: String,
    trust: Option<String>,
    leaf_key: Option<String>,
    host: Option<String>,
    defects: Vec<String>,
    verdicts: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    client: String,
    accepts: bool,
}

impl Corpus {
    /// Reads the manifest of a corpus.
    ///
    /// # Errors
    /// [`CorpusError`].
    pub fn read(text: &[u8]) -> Result<Self, CorpusError> {
        let Versioned { version } = serde_json::from_slice(text)?;
        if version != u64::from(MANIFEST_VERSION) {
            return Err(CorpusError::Version(version));
        }
        let manifest: Manifest = serde_json::from_slice(text)?;
        let instant = from_rfc3339(&manifest.at).ok_or(CorpusError::Instant(manifest.at))?;
        let (mut chains, mut uploads, mut unloadable) = (Vec::new(), 0, 0);
        for entry in manifest.chains {
            match (entry.is_upload(), entry.verdicts.is_empty()) {
                (true, _) => uploads += 1,
                (false, true) => unloadable += 1,
                (false, false) => chains.extend(entry.served()?),
            }
        }
        if chains.is_empty() {
            return Err(CorpusError::Nothing);
        }
        let left_out = [
            ("uploads, which no server presents", uploads),
            ("chains in files that no server or client loads", unloadable),
        ];
        let left_out = left_out.into_iter().filter(|(_, count)| *count > 0);
        let left_out = left_out.map(|(reason, count)| LeftOut { reason: reason.to_owned(), count });
        Ok(Self { instant, chains, left_out: left_out.collect() })
    }
}

impl Entry {
    fn is_upload(&self) -> bool {
        self.trust.is_none() || self.host.is_none()
    }

    fn served(self) -> Result<Option<Chain>, CorpusError> {
        let (Some(trust), Some(host)) = (self.trust, self.host) else { return Ok(None) };
        for file in [Some(&self.chain), Some(&trust), self.leaf_key.as_ref()].into_iter().flatten() {
            let is_plain = |part: &str| !part.is_empty() && part != "." && part != "..";
            if file.contains('\\') || !file.split('/').all(is_plain) {
                return Err(CorpusError::Outside { name: self.name, file: file.clone() });
            }
        }
        let verdicts = self.verdicts.into_iter().map(|expected| (expected.client, expected.accepts));
        Ok(Some(Chain {
            name: self.name,
            chain: self.chain,
            trust,
            leaf_key: self.leaf_key,
            host,
            defects: self.defects,
            verdicts: verdicts.collect(),
        }))
    }
}

/// Something that says what to expect: a client whose verdicts the manifest holds, or a model that is asked now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Verdicts in the manifest.
    Manifest(&'static str),
    /// A model that is asked now.
    Model {
        /// Its name: the client, `/`, and the version of OpenSSL, or `now`.
        name: String,
        /// The model.
        asked: Asked,
    },
}

/// There is no such reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no model `{name}`; {help}")]
pub struct UnknownReference {
    name: String,
    help: String,
}

impl Reference {
    /// A reference by its name: `CLIENT` for the manifest's verdicts, `CLIENT/VERSION` for the model of the client with
    /// a version of OpenSSL, `rustls/now` for a model without one.
    ///
    /// # Errors
    /// Where there is no client or version of that name.
    pub fn named(name: &str) -> Result<Self, UnknownReference> {
        let unknown = |help: String| UnknownReference { name: name.to_owned(), help };
        let (client, version) = name.split_once('/').map_or((name, None), |(c, v)| (c, Some(v)));
        let Some(client) = Asked::names().into_iter().find(|known| *known == client) else {
            let help = match closest(client, Asked::names()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("there are {}", Asked::names().join(", ")),
            };
            return Err(unknown(help));
        };
        match version {
            None => Ok(Self::Manifest(client)),
            Some(version) => Self::model(client, version).ok_or_else(|| {
                let all = Version::ALL.map(Version::name).join(", ");
                unknown(format!("behind `/` stands a version of OpenSSL: {all}; `now` for clients without"))
            }),
        }
    }

    /// The model of a client with a version of OpenSSL.
    #[must_use]
    pub fn model(client: &str, version: &str) -> Option<Self> {
        let asked = Asked::named(client).ok()?;
        let name = format!("{client}/{version}");
        match (asked.openssl(), version) {
            (None, "now") => Some(Self::Model { name, asked }),
            (None, _) => None,
            (Some(_), version) => {
                Some(Self::Model { name, asked: asked.with_openssl(version.parse().ok()?, None) })
            }
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Manifest(name) => name,
            Self::Model { name, .. } => name,
        }
    }

    /// Whether it accepts a chain, given the octets of its files; `None` where the manifest does not say.
    #[must_use]
    pub fn accepts(&self, chain: &Chain, presented: &[u8], trusted: &[u8], instant: i64) -> Option<bool> {
        match self {
            Self::Manifest(client) => {
                let verdict = chain.verdicts.iter().find(|(name, _)| name == client);
                verdict.map(|(_, accepts)| *accepts)
            }
            Self::Model { asked, .. } => {
                let asked = Asked { host: Some(Host::new(&chain.host)), ..asked.clone() };
                let said = crate::corpus::judge(presented, trusted, &[asked], instant);
                said.first().map(|expected| expected.accepts)
            }
        }
    }
}
