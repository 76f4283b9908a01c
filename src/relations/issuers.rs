//! Finds the issuer of each certificate: candidates by name, the one preferred
//! whose key verifies the signature, then the one with the wanted key identifier.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::facts::bundle::{Bundle, Link};
use crate::facts::signature::{self, Verdict};
use crate::limits;

/// Fills in links, issuers and issued.
pub(super) fn find(bundle: &mut Bundle<'_>) {
    let subjects = by_subject(bundle);
    for child in 0..bundle.certificates.len() {
        let Ok(issuer) = &bundle.certificates[child].issuer else {
            continue;
        };
        let Some(candidates) = subjects.get(&issuer.canonical()) else {
            continue;
        };
        // Duplicates stand for their original.
        let itself = bundle.standings[child].duplicate_of.unwrap_or(child);
        let ranked = rank(bundle, child, itself, candidates);
        let Some((best, verdict)) = ranked.first().copied() else {
            continue;
        };
        if best == itself {
            bundle.standings[child].is_own_issuer = true;
            bundle.links.push(Link::new(child, child, verdict));
            continue;
        }
        bundle.links.push(Link::new(child, best, verdict));
        bundle.standings[child].issuers = ranked
            .iter()
            .filter(|(at, verdict)| *at == best || (*at != itself && *verdict != Some(Verdict::Invalid)))
            .map(|(at, _)| *at)
            .collect();
        if child == itself {
            bundle.standings[best].issued.push(child);
        }
    }
}

/// Places of distinct certificates by canonical subject.
fn by_subject(bundle: &Bundle<'_>) -> HashMap<Vec<u8>, Vec<usize>> {
    let mut subjects: HashMap<Vec<u8>, Vec<usize>> = HashMap::with_capacity(bundle.certificates.len());
    for (at, certificate) in bundle.certificates.iter().enumerate() {
        if let (Ok(subject), None) = (&certificate.subject, bundle.standings[at].duplicate_of) {
            subjects.entry(subject.canonical()).or_default().push(at);
        }
    }
    subjects
}

/// Candidates, best first, with the verdict on the signature where it had to be
/// asked. What cannot be verified counts as valid; among equals the certificate
/// itself comes first, then the order of the file.
fn rank(
    bundle: &Bundle<'_>,
    child: usize,
    itself: usize,
    candidates: &[usize],
) -> Vec<(usize, Option<Verdict>)> {
    if let [only] = candidates {
        return vec![(*only, None)];
    }
    let certificate = &bundle.certificates[child];
    let wanted = certificate.authority_key_identifier();
    let mut ranked: Vec<_> = candidates
        .iter()
        .take(limits::ISSUER_CANDIDATES)
        .map(|at| {
            let issuer = &bundle.certificates[*at];
            let verdict = signature::verify(certificate, issuer);
            let named = wanted.is_some() && wanted == issuer.subject_key_identifier();
            (Reverse(verdict != Verdict::Invalid), Reverse(named), *at != itself, *at, verdict)
        })
        .collect();
    ranked.sort_by_key(|(valid, named, other, at, _)| (*valid, *named, *other, *at));
    ranked.into_iter().map(|(.., at, verdict)| (at, Some(verdict))).collect()
}
