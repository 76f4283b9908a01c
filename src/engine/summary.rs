//! What is in each input, for reports: facts as text, taken while they are at hand.

use super::{Given, Origin};
use crate::facts::bundle::{Bundle, KeyFacts, KeyMatch};
use crate::facts::name::hex;
use crate::facts::time::rfc3339;
use crate::source::shown;

/// What is in one input.
#[derive(Debug, Default)]
pub struct InputFacts {
    /// Its certificates, in order.
    pub certificates: Vec<CertificateFacts>,
    /// Its private keys, in order.
    pub keys: Vec<KeyEntry>,
}

/// A certificate as text; what cannot be read is `None`.
#[derive(Debug)]
pub struct CertificateFacts {
    /// Place among the certificates of the input, from 0.
    pub number: usize,
    /// First line of its block, from 1.
    pub line: usize,
    /// Last line of its block.
    pub end_line: usize,
    /// Subject, RFC 4514.
    pub subject: Option<String>,
    /// Issuer, RFC 4514.
    pub issuer: Option<String>,
    /// Content octets of the serial number in hex.
    pub serial: Option<String>,
    /// RFC 3339.
    pub not_before: Option<String>,
    /// RFC 3339.
    pub not_after: Option<String>,
    /// `root`, `intermediate` or `leaf`.
    pub role: &'static str,
    /// Kind, bits and curve of its key.
    pub public_key: Option<(&'static str, u32, &'static str)>,
    /// Name of its signature algorithm.
    pub signature_algorithm: Option<String>,
    /// 64 hex digits.
    pub sha256: String,
}

/// A private key.
#[derive(Debug)]
pub struct KeyEntry {
    /// Line of its BEGIN, from 1.
    pub line: usize,
    /// Its form.
    pub format: &'static str,
    /// Whether a password protects it.
    pub encrypted: bool,
    /// Its algorithm, empty where unknown.
    pub algorithm: &'static str,
    /// Its size, 0 where unknown.
    pub bits: u32,
    /// Certificates it belongs to.
    pub matches: Vec<KeyMatch>,
}

/// The inputs with their keys; certificates are added by bundle.
pub(super) fn inputs(given: &[Given], keys: &[KeyFacts], blocks: &[(usize, usize)]) -> Vec<InputFacts> {
    let mut inputs: Vec<InputFacts> = given.iter().map(|_| InputFacts::default()).collect();
    for (facts, (at, block)) in keys.iter().zip(blocks) {
        let input = &given[*at].input;
        inputs[*at].keys.push(KeyEntry {
            line: input.begin_of(&input.blocks[*block]).line,
            format: facts.key.format.name(),
            encrypted: facts.key.encrypted,
            algorithm: facts.key.algorithm,
            bits: facts.key.bits,
            matches: facts.matches.clone(),
        });
    }
    inputs
}

/// One certificate of a bundle.
pub(super) fn certificate(
    given: &[Given],
    origin: Origin,
    bundle: &Bundle<'_>,
    at: usize,
) -> CertificateFacts {
    let input = &given[origin.input].input;
    let block = &input.blocks[origin.block];
    let certificate = &bundle.certificates[at];
    let validity = certificate.validity.as_ref().ok();
    let line = input.begin_of(block).line;
    let end =
        block.armour.as_ref().map(|armour| armour.end.clone().unwrap_or(armour.body.end..armour.body.end));
    CertificateFacts {
        number: origin.number,
        line,
        end_line: end.map_or(line, |end| input.source.place(&end).line),
        subject: certificate.subject.as_ref().ok().map(|name| shown(&name.text()).into_owned()),
        issuer: certificate.issuer.as_ref().ok().map(|name| shown(&name.text()).into_owned()),
        serial: certificate.serial_number.as_ref().ok().map(|serial| hex(serial.content)),
        not_before: validity.and_then(|period| period.not_before.ok()).map(|time| rfc3339(time.instant)),
        not_after: validity.and_then(|period| period.not_after.ok()).map(|time| rfc3339(time.instant)),
        role: bundle.standings[at].role,
        public_key: certificate
            .public_key
            .as_ref()
            .ok()
            .map(|key| (key.kind, key.bits, key.ec.map_or("", |ec| ec.curve))),
        signature_algorithm: certificate
            .signature_algorithm
            .as_ref()
            .ok()
            .map(|algorithm| algorithm.name().into_owned()),
        sha256: hex(&certificate.sha256()),
    }
}
