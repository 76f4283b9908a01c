//! What is in each input, for reports: facts as text, taken while they are at hand.

use std::collections::BTreeSet;

use super::{Given, Origin, Part};
use crate::client::reader::{Reader, Reading};
use crate::facts::bundle::{Bundle, KeyFacts};
use crate::facts::name::{Name, hex};
use crate::facts::time::rfc3339;
use crate::finding::{
    CertificateSummary, InputSummary, KeySummary, MatchSummary, PublicKeySummary, ReaderSummary,
};
use crate::input::{Block, Content, Damage, DamageKind, Input};
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

/// What programs load from a file in PEM, unless it is plainly sound: no certificate of it is malformed, and its text is
/// as it should be.
pub(super) fn readers(given: &Given, is_malformed: bool) -> Vec<ReaderSummary> {
    let input = &given.input;
    // Other texts inside the file, as in JSON, are for other programs.
    let is_text = input.blocks.iter().any(|block| block.armour.is_some())
        && input.layers.iter().all(|layer| layer.path.is_empty());
    let is_sound = !is_malformed
        && input.source.original.is_none()
        && input.blocks.iter().all(|block| is_plainly_sound(input, block));
    let undecoded = |block: &&Block| matches!(block.content, Content::UndecodedCertificate);
    let undecoded = input.blocks.iter().filter(undecoded).count();
    let has_some = undecoded > 0 || input.blocks.iter().any(|block| input.certificate(block).is_some());
    if given.part == Part::Keys || !is_text || is_sound || !has_some {
        return Vec::new();
    }
    let whole: BTreeSet<&[u8]> = input.blocks.iter().filter_map(|block| input.certificate(block)).collect();
    let of = whole.len() + undecoded;
    let read = |reader: Reader| {
        let Reading { loads, error, .. } = reader.read(input.source.as_read());
        let error = error.map(std::borrow::Cow::into_owned);
        ReaderSummary { reader: reader.name(), title: reader.title(), loads, of, error }
    };
    Reader::ALL.map(read).to_vec()
}

/// Whether the text of a block is that of a certificate as every program takes it.
fn is_plainly_sound(input: &Input, block: &Block) -> bool {
    let does_no_harm =
        |damage: &Damage| matches!(damage.kind, DamageKind::TextOutside | DamageKind::LongLine);
    block.damage.iter().all(does_no_harm)
        && matches!(block.content, Content::Certificate(_))
        && input.label(block) == b"CERTIFICATE"
        && block.layer == 0
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
