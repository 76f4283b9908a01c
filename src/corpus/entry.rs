//! A chain of a corpus with what is known of it: its defects, the rules that must fire, what each client says.

use serde::Serialize;

use super::draw::{Random, draw};
use super::{Chain, Made, Mutation, Purpose, Shape, combine};
use crate::client::openssl::{Anchor, Host};
use crate::client::{Asked, Served, minted_leaf};
use crate::facts::Certificate;
use crate::facts::time::rfc3339;
use crate::input::{Content, Input};
use crate::issue::Error;
use crate::source::Source;

/// The clients whose verdicts a corpus holds.
const CLIENTS: [&str; 5] = ["python-3.13", "python-3.12", "openssl", "openssl-strict", "rustls"];

/// A shape with the mutations that break it.
#[derive(Clone, Debug)]
pub struct Defective {
    /// The good chain.
    pub shape: Shape,
    /// What breaks it; none for a good chain.
    pub mutations: Vec<&'static Mutation>,
}

/// What a corpus says of itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Version of this form.
    pub version: u32,
    /// The seed it was drawn with.
    pub seed: u64,
    /// The instant that good chains are good at, RFC 3339.
    pub at: String,
    /// The chains.
    pub chains: Vec<Entry>,
}

/// What a corpus says of one chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// The profile that it is judged under.
    pub profile: &'static str,
    /// File with what the server sends, or with the upload.
    pub chain: String,
    /// File with what the client trusts; `null` for an upload.
    pub trust: Option<String>,
    /// File with the private key of an upload.
    pub key: Option<String>,
    /// File with the private key of the server's certificate; `null` for an upload.
    pub leaf_key: Option<String>,
    /// What the client asks for; `null` for an upload.
    pub host: Option<String>,
    /// Names of the mutations.
    pub defects: Vec<&'static str>,
    /// Ids of the rules that fire, and no others.
    pub rules: Vec<&'static str>,
    /// What each client says. For an upload it is asked about a leaf that a gateway would mint. Empty where a file
    /// is one that no server or client loads, so that it never comes to a chain.
    pub verdicts: Vec<Expected>,
}

/// What one client says of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Expected {
    /// The client.
    pub client: &'static str,
    /// Whether it accepts the chain.
    pub accepts: bool,
    /// Its first verify code, for clients that have codes.
    pub code: Option<i64>,
    /// Name of its first error.
    pub error: Option<String>,
    /// Depth of the certificate at fault, 0 for the leaf.
    pub depth: Option<usize>,
}

/// Version of the form of manifests. 2 has the keys of servers.
pub const MANIFEST_VERSION: u32 = 2;

/// The JSON Schema of manifests.
pub const MANIFEST_SCHEMA: &str = include_str!("manifest.schema.json");

/// The clients whose verdicts a corpus holds, as they ask for a host.
#[must_use]
pub fn clients(host: Option<&str>) -> Vec<Asked> {
    let asked = CLIENTS.iter().filter_map(|name| Asked::named(name).ok());
    asked.map(|asked| Asked { host: host.map(Host::new), ..asked }).collect()
}

impl Purpose {
    /// Name of the profile that chains of this purpose are judged under.
    #[must_use]
    pub fn profile(self) -> &'static str {
        match self {
            Self::Served => "rfc5280",
            Self::Uploaded => "cloudflare-byopki",
        }
    }
}

impl Defective {
    /// Draws the chain of a number in a corpus: it has the wanted defect, or none, and one time in four a second one
    /// out of `others`, where one fits.
    #[must_use]
    pub fn drawn(
        seed: u64,
        number: u64,
        instant: i64,
        wanted: Option<&'static Mutation>,
        others: &[&'static Mutation],
    ) -> Self {
        let mut random = Random::new(seed, number);
        let mut mutations: Vec<&'static Mutation> = wanted.into_iter().collect();
        if let Some(first) = wanted.filter(|_| random.chance(4)) {
            let fitting: Vec<_> = others.iter().filter(|other| first.combines_with(other)).collect();
            if !fitting.is_empty() {
                mutations.push(fitting[random.below(fitting.len())]);
            }
        }
        let either = if random.chance(4) { Purpose::Uploaded } else { Purpose::Served };
        let purpose = wanted.map_or(either, |mutation| mutation.purpose);
        Self { shape: draw(&mut random, purpose, instant), mutations }.with_room()
    }

    /// The same with as many intermediates as its mutations need.
    #[must_use]
    pub fn with_room(mut self) -> Self {
        let needed = self.mutations.iter().map(|mutation| mutation.intermediates).max().unwrap_or(0);
        self.shape.intermediates = self.shape.intermediates.max(needed);
        self
    }

    /// The description of the chain.
    #[must_use]
    pub fn chain(&self) -> Chain {
        let mut chain = self.shape.chain();
        for mutation in &self.mutations {
            mutation.apply(&mut chain);
        }
        chain
    }

    /// The files of the chain, and what is known of it. `folder` stands before the names of its files.
    ///
    /// # Errors
    /// As [`Chain::make`].
    pub fn make(&self, folder: &str) -> Result<(Made, Entry), Error> {
        let chain = self.chain();
        let made = chain.make()?;
        let file = |name: &str| format!("{folder}/{name}");
        let entry = Entry {
            name: folder.rsplit('/').next().unwrap_or(folder).to_owned(),
            profile: chain.purpose.profile(),
            chain: file("chain.pem"),
            trust: made.trust.is_some().then(|| file("trust.pem")),
            key: made.key.is_some().then(|| file("key.pem")),
            leaf_key: made.leaf_key.is_some().then(|| file("leaf.key")),
            host: chain.host.clone(),
            defects: self.mutations.iter().map(|mutation| mutation.name).collect(),
            rules: combine(&self.mutations).into_iter().collect(),
            verdicts: if chain.is_loadable() {
                made.verdicts(chain.host.as_deref(), chain.instant)
            } else {
                Vec::new()
            },
        };
        Ok((made, entry))
    }
}

impl Manifest {
    /// A corpus of chains.
    #[must_use]
    pub fn new(seed: u64, instant: i64, chains: Vec<Entry>) -> Self {
        Self { version: MANIFEST_VERSION, seed, at: rfc3339(instant), chains }
    }
}

impl Made {
    /// What each client says of the files at an instant.
    fn verdicts(&self, host: Option<&str>, instant: i64) -> Vec<Expected> {
        let clients = clients(host);
        match &self.trust {
            Some(trust) => judge(&self.chain, trust, &clients, instant),
            None => upload(&certificates(&read(&self.chain)), instant),
        }
    }
}

/// What clients say of the octets of a chain file and a trust file at an instant.
#[must_use]
pub fn judge(chain: &[u8], trust: &[u8], clients: &[Asked], instant: i64) -> Vec<Expected> {
    let (chain, trust) = (read(chain), read(trust));
    let (presented, trusted) = (certificates(&chain), certificates(&trust));
    let anchor = |(certificate, trusted_label)| Anchor { certificate, trusted_label };
    let served = Served {
        store: trusted.iter().map(|(certificate, label)| anchor((certificate, *label))).collect(),
        presented: presented.iter().map(|(certificate, _)| certificate).collect(),
        damaged: is_damaged(&trust),
        minted: false,
    };
    ask(&served, clients, instant)
}

fn read(octets: &[u8]) -> Input {
    Input::read(Source::new("corpus", octets.to_vec()))
}

/// What clients say of a leaf that the issuing authority of an upload mints; the last certificate is the issuing one,
/// the first the root.
fn upload(chain: &[(Certificate<'_>, bool)], instant: i64) -> Vec<Expected> {
    let (Some((root, _)), Some((issuing, _))) = (chain.first(), chain.last()) else {
        return Vec::new();
    };
    let minted = minted_leaf(issuing, instant);
    let minted = Certificate::read(&minted);
    let between = chain.iter().skip(1).rev().map(|(certificate, _)| certificate);
    let served = Served {
        store: vec![Anchor { certificate: root, trusted_label: false }],
        presented: std::iter::once(&minted).chain(between).collect(),
        damaged: false,
        minted: true,
    };
    ask(&served, &clients(None), instant)
}

fn ask(served: &Served<'_>, clients: &[Asked], instant: i64) -> Vec<Expected> {
    let answer = |asked: &Asked| {
        let verdict = asked.verify(served, instant);
        let error = verdict.error();
        Expected {
            client: asked.name(),
            accepts: error.is_none(),
            code: error.and_then(|error| error.code),
            error: error.map(|error| error.name.clone().into_owned()),
            depth: error.and_then(|error| error.depth),
        }
    };
    clients.iter().map(answer).collect()
}

/// The certificates of a file, and whether each is labelled as trusted.
fn certificates(input: &Input) -> Vec<(Certificate<'_>, bool)> {
    let blocks = input.blocks.iter().filter_map(|block| Some((block, input.certificate(block)?)));
    blocks.map(|(block, der)| (Certificate::read(der), input.has_trusted_label(block))).collect()
}

fn is_damaged(input: &Input) -> bool {
    input.blocks.iter().any(|block| matches!(block.content, Content::UndecodedCertificate))
}
