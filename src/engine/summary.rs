//! What is in each input, for reports: facts as text, taken while they are at hand.

use super::{Given, Origin};
use crate::facts::bundle::{Bundle, KeyFacts};
use crate::facts::name::{Name, hex};
use crate::facts::time::rfc3339;
use crate::finding::{CertificateSummary, InputSummary, KeySummary, MatchSummary, PublicKeySummary};
use crate::source::shown;

/// The inputs with their keys; certificates are added by bundle.
pub(super) fn inputs(given: &[Given], keys: &[KeyFacts], blocks: &[(usize, usize)]) -> Vec<InputSummary> {
    let empty = |one: &Given| InputSummary { path: one.input.source.path.clone(), ..InputSummary::default() };
    let mut inputs: Vec<InputSummary> = given.iter().map(empty).collect();
    for (facts, (at, block)) in keys.iter().zip(blocks) {
        let input = &given[*at].input;
        let matches = facts.matches.iter();
        inputs[*at].private_keys.push(KeySummary {
            line: input.begin_of(&input.blocks[*block]).line,
            inside: named(input.inside(&input.blocks[*block])),
            format: facts.key.format.name().to_owned(),
            encrypted: facts.key.encrypted,
            algorithm: named(facts.key.algorithm),
            bits: sized(facts.key.bits),
            matches: matches
                .map(|found| MatchSummary { path: found.path.clone(), certificate: found.certificate })
                .collect(),
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
) -> CertificateSummary {
    let input = &given[origin.input].input;
    let block = &input.blocks[origin.block];
    let certificate = &bundle.certificates[at];
    let validity = certificate.validity.as_ref().ok();
    let line = input.begin_of(block).line;
    let whole = input.whole_of(block);
    let text = |name: &Name<'_>| shown(&name.text()).into_owned();
    CertificateSummary {
        index: origin.number,
        line,
        end_line: whole.map_or(line, |range| input.source.place(&range).end_line),
        inside: named(input.inside(block)),
        subject: certificate.subject.as_ref().ok().map(text),
        issuer: certificate.issuer.as_ref().ok().map(text),
        serial: certificate.serial_number.as_ref().ok().map(|serial| hex(serial.content)),
        not_before: validity.and_then(|period| period.not_before.ok()).map(|time| rfc3339(time.instant)),
        not_after: validity.and_then(|period| period.not_after.ok()).map(|time| rfc3339(time.instant)),
        role: bundle.standings[at].role.to_owned(),
        public_key: certificate.public_key.as_ref().ok().map(|key| PublicKeySummary {
            algorithm: key.kind.to_owned(),
            bits: sized(key.bits),
            curve: named(key.ec.map_or("", |ec| ec.curve)),
        }),
        signature_algorithm: certificate
            .signature_algorithm
            .as_ref()
            .ok()
            .map(|found| found.name().into_owned()),
        sha256: hex(&certificate.sha256()),
    }
}

fn named(name: &str) -> Option<String> {
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

fn sized(bits: u32) -> Option<i64> {
    Some(i64::from(bits)).filter(|bits| *bits > 0)
}
