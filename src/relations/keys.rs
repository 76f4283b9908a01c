//! Which certificate a private key belongs to.

use std::collections::HashSet;

use crate::facts::bundle::{Bundle, KeyFacts, KeyMatch};
use crate::facts::certificate::Certificate;
use crate::input::{Block, Content, Input, PublicIdentity};

/// The private keys of an input, with the block each stands in.
#[must_use]
pub fn key_facts(input: &Input) -> Vec<(usize, KeyFacts)> {
    // In the same text: the values of a carrier are files of their own.
    let is_certificate =
        |block: &&Block| matches!(block.content, Content::Certificate(_) | Content::UndecodedCertificate);
    let in_text = input.blocks.iter().filter(|block| block.armour.is_some());
    let with_certificates: HashSet<usize> = in_text.filter(is_certificate).map(|block| block.layer).collect();
    let keys = input.blocks.iter().enumerate().filter_map(|(at, block)| match &block.content {
        Content::Key(key) => Some((at, key)),
        _ => None,
    });
    keys.map(|(at, key)| {
        let facts = KeyFacts {
            key: (**key).clone(),
            path: input.source.path.clone(),
            beside_certificate: with_certificates.contains(&input.blocks[at].layer),
            matches: Vec::new(),
            comparable: false,
        };
        (at, facts)
    })
    .collect()
}

/// Records the certificates of `bundle` that have the public half of a key.
/// `place` gives file and number of a certificate by its place in the bundle.
pub fn find_matches(bundle: &Bundle<'_>, keys: &mut [KeyFacts], place: impl Fn(usize) -> (String, usize)) {
    for key in keys {
        let Some(public) = &key.key.public else {
            continue;
        };
        key.comparable |= !bundle.certificates.is_empty();
        for (at, certificate) in bundle.certificates.iter().enumerate() {
            if !has_key(certificate, public) {
                continue;
            }
            let (path, number) = place(at);
            let original = bundle.standings[at].duplicate_of.unwrap_or(at);
            key.matches.push(KeyMatch {
                path,
                certificate: number,
                subject: certificate
                    .subject
                    .as_ref()
                    .map(super::super::facts::name::Name::text)
                    .unwrap_or_default(),
                is_issuing: bundle.issuing.contains(&original),
            });
        }
    }
}

/// Whether a certificate holds this public key.
pub(super) fn has_key(certificate: &Certificate<'_>, public: &PublicIdentity) -> bool {
    certificate
        .public_key
        .as_ref()
        .ok()
        .and_then(super::super::facts::public_key::PublicKey::identity)
        .as_ref()
        == Some(public)
}
