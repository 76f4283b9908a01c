//! Cases of C2SP's x509-limbo, read from its file `limbo.json`, and put to the models of clients. Cases about what no
//! model does are left out, each with the reason.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Answer, Case, Comparison, Expectation, Groups, Ledger, LeftOut, Suite, Verdict, Verifier};
use crate::client::Asked;
use crate::client::openssl::Host;
use crate::corpus::judge;
use crate::facts::time::from_rfc3339;
use crate::input::{Content, Input};
use crate::source::Source;

/// The reference that the expected results are of.
pub const REFERENCE: &str = "x509-limbo";

/// The version of the form that is read.
const VERSION: u64 = 1;

/// The group of cases without a feature.
const NO_FEATURE: &str = "none";

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LimboError {
    /// It is no JSON, or not of the form that it must have.
    #[error("it is no file of x509-limbo: {0}")]
    Form(#[from] serde_json::Error),
    /// Its version is another one.
    #[error("it is of version {0}, this pemlint reads {VERSION}")]
    Version(u64),
    /// No case is left.
    #[error("no case in it is one that the models can be asked")]
    Nothing,
}

#[derive(Deserialize)]
struct Limbo {
    version: u64,
    testcases: Vec<TestCase>,
}

/// A case, with those of its fields that decide something here.
#[derive(Deserialize)]
struct TestCase {
    id: String,
    #[serde(default)]
    features: Vec<String>,
    validation_kind: String,
    trusted_certs: Vec<String>,
    #[serde(default)]
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    #[serde(default)]
    validation_time: Option<String>,
    #[serde(default)]
    signature_algorithms: Vec<String>,
    #[serde(default)]
    key_usage: Vec<String>,
    #[serde(default)]
    extended_key_usage: Vec<String>,
    expected_result: String,
    #[serde(default)]
    expected_peer_name: Option<PeerName>,
    #[serde(default)]
    max_chain_depth: Option<u64>,
    #[serde(default)]
    crls: Vec<String>,
}

#[derive(Deserialize)]
struct PeerName {
    kind: String,
    value: String,
}

/// A case that the models can be asked.
struct Question {
    chain: Vec<u8>,
    trust: Vec<u8>,
    host: Option<Host>,
    instant: Option<i64>,
    accepts: bool,
}

/// Puts the cases of a file to clients. `now` is the instant of cases that name none, seconds since 1970.
///
/// # Errors
/// [`LimboError`].
pub fn compare(
    name: &str,
    text: &[u8],
    clients: &[Asked],
    now: i64,
    ledger: Ledger,
) -> Result<Comparison, LimboError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u64,
    }
    let Versioned { version } = serde_json::from_slice(text)?;
    if version != VERSION {
        return Err(LimboError::Version(version));
    }
    let limbo: Limbo = serde_json::from_slice(text)?;
    debug_assert_eq!(limbo.version, version);
    let (mut cases, mut questions) = (Vec::new(), Vec::new());
    let mut left_out: BTreeMap<&'static str, usize> = BTreeMap::new();
    for case in limbo.testcases {
        match case.question() {
            Ok(question) => {
                cases.push(case.into_case(question.accepts));
                questions.push(question);
            }
            Err(reason) => *left_out.entry(reason).or_default() += 1,
        }
    }
    if cases.is_empty() {
        return Err(LimboError::Nothing);
    }
    let verifier = |asked: &Asked| Verifier {
        name: asked.name().to_owned(),
        about: asked.openssl().map_or("a model".into(), |version| format!("a model, OpenSSL {version}")),
        gate: Some(REFERENCE.to_owned()),
        answers: questions.iter().map(|question| question.ask(asked, now)).collect(),
    };
    let left_out = left_out.into_iter();
    Ok(Comparison {
        suite: Suite { name: name.to_owned(), groups: Groups::Features, at: None },
        verifiers: clients.iter().map(verifier).collect(),
        cases,
        left_out: left_out.map(|(reason, count)| LeftOut { reason: reason.to_owned(), count }).collect(),
        ledger,
    })
}

impl TestCase {
    /// What to ask, or why the models cannot be asked.
    fn question(&self) -> Result<Question, &'static str> {
        let has = |feature: &str| self.features.iter().any(|known| known == feature);
        if self.validation_kind != "SERVER" {
            return Err("about certificates of clients");
        }
        if !self.crls.is_empty() || has("has-crl") {
            return Err("about revocation lists");
        }
        if self.max_chain_depth.is_some() || has("max-chain-depth") {
            return Err("with a greatest depth that clients do not set");
        }
        if !self.signature_algorithms.is_empty() {
            return Err("with a list of signature algorithms that clients do not set");
        }
        if !self.key_usage.is_empty() {
            return Err("with a list of key usages that clients do not set");
        }
        if self.extended_key_usage.iter().any(|usage| usage != "serverAuth") {
            return Err("for a purpose other than serverAuth");
        }
        let host = match &self.expected_peer_name {
            None => None,
            Some(PeerName { kind, value }) if kind == "DNS" || kind == "IP" => Some(Host::new(value)),
            Some(_) => return Err("for a peer that is neither a host name nor an address"),
        };
        let instant = match self.validation_time.as_deref().map(from_rfc3339) {
            None => None,
            Some(Some(instant)) => Some(instant),
            Some(None) => return Err("at an instant that cannot be read"),
        };
        let accepts = match self.expected_result.as_str() {
            "SUCCESS" => true,
            "FAILURE" => false,
            _ => return Err("with a result that is neither SUCCESS nor FAILURE"),
        };
        let presented = std::iter::once(&self.peer_certificate).chain(&self.untrusted_intermediates);
        Ok(Question {
            chain: joined(presented),
            trust: joined(self.trusted_certs.iter()),
            host,
            instant,
            accepts,
        })
    }

    fn into_case(self, accepts: bool) -> Case {
        let groups = if self.features.is_empty() { vec![NO_FEATURE.to_owned()] } else { self.features };
        Case { name: self.id, groups, expected: vec![Expectation { by: REFERENCE.to_owned(), accepts }] }
    }
}

/// Certificates in PEM as one file.
fn joined<'t>(certificates: impl Iterator<Item = &'t String>) -> Vec<u8> {
    certificates.flat_map(|text| [text.trim_end(), "\n"]).collect::<String>().into_bytes()
}

impl Question {
    fn ask(&self, asked: &Asked, now: i64) -> Answer {
        if !begins_with_certificate(&self.chain) {
            return Answer::new(Verdict::Rejects, Some("the peer's certificate does not decode".into()));
        }
        let asked = Asked { host: self.host.clone(), ..asked.clone() };
        let said = judge(&self.chain, &self.trust, &[asked], self.instant.unwrap_or(now));
        match said.first() {
            Some(expected) if expected.accepts => Answer::new(Verdict::Accepts, None),
            Some(expected) => Answer::new(Verdict::Rejects, expected.error.clone()),
            None => Answer::error("the model gave no verdict"),
        }
    }
}

/// Whether the first block of a file is a certificate that decodes; else clients would take the second for the leaf.
fn begins_with_certificate(octets: &[u8]) -> bool {
    let input = Input::read(Source::new(REFERENCE, octets.to_vec()));
    input.blocks.first().is_some_and(|block| matches!(block.content, Content::Certificate(_)))
}
