//! One question to model and engine alike, and the answer in a form that both give.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::labelled::certificates;
use pemlint::client::openssl::{Anchor, Client, Host, Version, verify};
use pemlint::client::{Error, Stage, Verdict};
use pemlint::input::Input;
use pemlint::source::Source;

/// A chain, a trust file and what the client is told.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The trust file.
    pub(crate) store: String,
    /// What the server presents, PEM.
    pub(crate) presented: String,
    pub(crate) host: String,
    pub(crate) level: u8,
    pub(crate) strict: bool,
    pub(crate) partial_chain: bool,
    /// The leaf's private key, PEM, where it is known.
    pub(crate) key: Option<String>,
    /// What is wrong with the chain, for people.
    pub(crate) about: String,
}

/// What a client says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    Accepted,
    Rejected {
        code: i64,
        /// `None` where the engine does not tell.
        depth: Option<u64>,
        text: String,
    },
    /// A file that does not load or a handshake that breaks; with the text where
    /// the engine is known by it.
    Refused(String),
}

/// Who is asked.
#[derive(Clone)]
pub(crate) struct Engine {
    /// For messages.
    pub(crate) name: String,
    pub(crate) client: Client,
    pub(crate) version: Version,
    /// At which it verifies.
    pub(crate) instant: i64,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::Rejected { code, depth: Some(depth), text } => write!(f, "{code} at {depth} ({text})"),
            Self::Rejected { code, depth: None, text } => write!(f, "{code} ({text})"),
            Self::Refused(text) => write!(f, "refused ({text})"),
        }
    }
}

impl Answer {
    /// Its verify code, 0 for none; `None` before verification.
    pub(crate) fn code(&self) -> Option<i64> {
        match self {
            Self::Accepted => Some(0),
            Self::Rejected { code, .. } => Some(*code),
            Self::Refused(_) => None,
        }
    }
}

impl Case {
    /// A folder with `ca.pem` and `chain.pem`, to be verified as Python 3.13 does.
    pub(crate) fn recorded(folder: &Path, host: &str) -> Self {
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        Self {
            name: folder.file_name().unwrap().to_string_lossy().into_owned(),
            store: read("ca.pem"),
            presented: read("chain.pem"),
            host: host.to_owned(),
            level: 2,
            strict: true,
            partial_chain: true,
            key: None,
            about: "recorded case".to_owned(),
        }
    }

    /// What the server presents, DER.
    pub(crate) fn chain(&self) -> Vec<Vec<u8>> {
        let input = read(&self.presented);
        input.blocks.iter().filter_map(|block| Some(input.certificate(block)?.to_vec())).collect()
    }

    /// The whole verdict of the model.
    pub(crate) fn predict(&self, engine: &Engine) -> Verdict {
        let (store, presented) = (read(&self.store), read(&self.presented));
        let (store, presented) = (certificates(&store), certificates(&presented));
        let store: Vec<_> = store
            .iter()
            .map(|(certificate, trusted)| Anchor { certificate, trusted_label: *trusted })
            .collect();
        let presented: Vec<_> = presented.iter().map(|(certificate, _)| certificate).collect();
        let host = Some(Host::new(&self.host));
        let mut parameters = engine.client.parameters(engine.version, engine.instant, host);
        parameters.level = self.level;
        (parameters.strict, parameters.partial_chain) = (self.strict, self.partial_chain);
        verify(&store, &presented, &parameters)
    }

    /// What the model says, as far as the engine could say it.
    pub(crate) fn answer(&self, engine: &Engine) -> Answer {
        let is_python = engine.client == Client::Python313;
        match self.predict(engine).error() {
            None => Answer::Accepted,
            Some(Error { stage: Stage::Verify, code, depth, message, .. }) => Answer::Rejected {
                code: code.unwrap(),
                depth: depth.map(|depth| depth as u64).filter(|_| !is_python),
                text: message.clone(),
            },
            Some(error) => Answer::Refused(if is_python { error.message.clone() } else { String::new() }),
        }
    }

    /// Writes the case to a folder where a person can look at it.
    pub(crate) fn keep(&self, engine: &Engine, told: &str) -> PathBuf {
        let name = |text: &str| text.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("disagreements").join(format!(
            "{}-{}",
            name(&engine.name),
            name(&self.name)
        ));
        fs::create_dir_all(&folder).unwrap();
        let about = format!(
            "{}\n{told}\nhost {}, level {}, strict {}, partial chain {}, instant {}\n",
            self.about, self.host, self.level, self.strict, self.partial_chain, engine.instant
        );
        fs::write(folder.join("ca.pem"), &self.store).unwrap();
        fs::write(folder.join("chain.pem"), &self.presented).unwrap();
        fs::write(folder.join("about.txt"), about).unwrap();
        folder
    }
}

fn read(text: &str) -> Input {
    Input::read(Source::new("case", text.as_bytes().to_vec()))
}

/// The version whose rules a version text of OpenSSL promises.
pub(crate) fn version_of(text: &str) -> Version {
    let number = text.split(' ').nth(1).unwrap();
    match number.split('.').collect::<Vec<_>>()[..] {
        ["1", ..] => Version::V1_1_1,
        ["3", "0" | "1" | "2", ..] => Version::V3_0,
        ["3", "3" | "4" | "5", ..] => Version::V3_5,
        ["3", ..] => Version::V3_6,
        _ => Version::V4_0,
    }
}
