//! Which certificate webpki means: it tells one error for all paths that it tried
//! and no place. The paths are walked again in its order, each a little longer
//! than the last and each verified by webpki, until the error shows.

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use std::slice;
use webpki::{EndEntityCert, KeyUsage};

use super::algorithms::{self, Algorithms, Watched};
use crate::client::Place;
use crate::client::openssl::Anchor;
use crate::der::Reader;
use crate::facts::Certificate;
use crate::facts::extension::{Decoded, ExtensionKind};
use crate::limits;

/// All that a verification is made of.
pub(super) struct Attempt<'a> {
    pub(super) leaf: &'a EndEntityCert<'a>,
    /// What the server presents above the leaf.
    pub(super) intermediates: &'a [CertificateDer<'a>],
    /// Anchors with their index in the trust file.
    pub(super) anchors: &'a [(usize, TrustAnchor<'a>)],
    pub(super) store: &'a [Anchor<'a>],
    pub(super) presented: &'a [&'a Certificate<'a>],
    pub(super) algorithms: Algorithms<'a>,
    pub(super) instant: UnixTime,
}

/// A certificate to blame.
#[derive(Debug)]
pub(super) struct Blame {
    pub(super) certificate: Place,
    pub(super) depth: Option<usize>,
    /// The path on which the error shows, leaf first.
    pub(super) chain: Vec<Place>,
}

/// The walk over paths.
struct Walk<'w> {
    attempt: &'w Attempt<'w>,
    error: &'w webpki::Error,
    /// `None` for those that webpki cannot parse.
    parsed: Vec<Option<EndEntityCert<'w>>>,
    /// Indices of the intermediates on the path, nearest the leaf first.
    path: Vec<usize>,
    /// The first of the longest paths.
    longest: Vec<usize>,
    runs: usize,
}

impl<'a> Attempt<'a> {
    /// Has webpki build a path with these anchors and intermediates, and gives it.
    pub(super) fn run(
        &self,
        anchors: &[TrustAnchor<'_>],
        intermediates: &[CertificateDer<'_>],
    ) -> Result<Vec<Place>, webpki::Error> {
        let watched = self.algorithms.watched();
        let algorithms = watched.each_ref().map(|watched: &Watched<'_>| watched as _);
        let usage = KeyUsage::server_auth();
        let path = self.leaf.verify_for_usage(
            &algorithms,
            anchors,
            intermediates,
            self.instant,
            usage,
            None,
            None,
        )?;
        let mut chain = vec![Place::Presented(0)];
        for certificate in path.intermediate_certificates() {
            let der = certificate.der();
            let at = self.intermediates.iter().position(|sent| *sent == der);
            chain.extend(at.map(|at| Place::Presented(at + 1)));
        }
        let at = self.anchors.iter().position(|(_, anchor)| anchor == path.anchor());
        chain.extend(at.map(|at| Place::Store(self.anchors[at].0)));
        Ok(chain)
    }

    fn facts(&self, place: Place) -> Option<&Certificate<'a>> {
        match place {
            Place::Presented(at) => self.presented.get(at).copied(),
            Place::Store(at) => self.store.get(at).map(|anchor| anchor.certificate),
            Place::File => None,
        }
    }
}

/// Finds the certificate that the error of a verification is about.
pub(super) fn find(attempt: &Attempt<'_>, error: &webpki::Error) -> Blame {
    let leaf = vec![Place::Presented(0)];
    let unknown_issuer = *error == webpki::Error::UnknownIssuer;
    if !unknown_issuer && attempt.run(&[], &[]).is_err_and(|alone| alone == *error) {
        return Blame { certificate: Place::Presented(0), depth: Some(0), chain: leaf };
    }
    let results: Vec<_> = attempt.intermediates.iter().map(EndEntityCert::try_from).collect();
    if let Some(at) = results.iter().position(|result| result.as_ref().err() == Some(error)) {
        return Blame { certificate: Place::Presented(at + 1), depth: None, chain: leaf };
    }
    let parsed = results.into_iter().map(Result::ok).collect();
    let (path, longest) = (Vec::new(), Vec::new());
    let mut walk = Walk { attempt, error, parsed, path, longest, runs: 0 };
    match walk.step() {
        Some(blame) => blame,
        None if unknown_issuer => walk.end_of_path(),
        None => Blame { certificate: Place::Presented(0), depth: None, chain: leaf },
    }
}

impl Walk<'_> {
    /// Looks at the path as it is, then at each that is longer by one.
    fn step(&mut self) -> Option<Blame> {
        if self.path.len() > self.longest.len() {
            self.longest.clone_from(&self.path);
        }
        if *self.error != webpki::Error::UnknownIssuer
            && let Some(blame) = self.look()
        {
            return Some(blame);
        }
        for at in 0..self.parsed.len() {
            if self.leads_on(at) && self.runs < limits::PATHS_WALKED {
                self.path.push(at);
                let blame = self.step();
                self.path.pop();
                if blame.is_some() {
                    return blame;
                }
            }
        }
        None
    }

    /// Whether the error shows on this path: at its last certificate, or with an
    /// anchor above it.
    fn look(&mut self) -> Option<Blame> {
        if !self.path.is_empty() && self.fails(&[]) {
            let chain = self.chain(&self.path);
            return Some(Blame { certificate: *chain.last()?, depth: Some(self.path.len()), chain });
        }
        for (at, anchor) in self.attempt.anchors {
            if anchor.subject.as_ref() == self.head().issuer() && self.fails(slice::from_ref(anchor)) {
                let mut chain = self.chain(&self.path);
                chain.push(Place::Store(*at));
                let depth = self.at_fault(&chain);
                let certificate = depth.map_or(Place::Presented(0), |depth| chain[depth]);
                return Some(Blame { certificate, depth, chain });
            }
        }
        None
    }

    /// Whether this path and no other gives the error.
    fn fails(&mut self, anchors: &[TrustAnchor<'_>]) -> bool {
        self.runs += 1;
        let path: Vec<_> = self.path.iter().map(|at| self.attempt.intermediates[*at].clone()).collect();
        self.attempt.run(anchors, &path).is_err_and(|found| found == *self.error)
    }

    /// Depth of the certificate at fault on a path with its anchor.
    fn at_fault(&self, chain: &[Place]) -> Option<usize> {
        use webpki::Error as E;
        let facts = |depth: usize| self.attempt.facts(chain[depth]);
        // Signatures are verified from the anchor down.
        let mut children = (0..chain.len() - 1).rev();
        let signed_with = |depth: usize, wanted: &[u8]| {
            let algorithm = facts(depth).and_then(|child| child.signature_algorithm.ok());
            algorithm.is_some_and(|algorithm| content(algorithm.der) == wanted)
        };
        let key_kind = |depth: usize| {
            let key = facts(depth).and_then(|issuer| issuer.public_key.as_ref().ok());
            key.map(|key| content(key.algorithm.der))
        };
        match self.error {
            E::InvalidSignatureForPublicKey => {
                let failed = self.attempt.algorithms.failed()?;
                let child =
                    children.find(|depth| facts(*depth).is_some_and(|child| child.tbs == Ok(&failed)))?;
                let key = facts(child + 1).and_then(|issuer| issuer.public_key.as_ref().ok());
                let weak = key.is_some_and(|key| key.kind == "rsa" && !(2048..=8192).contains(&key.bits));
                Some(if weak { child + 1 } else { child })
            }
            E::UnsupportedSignatureAlgorithmContext(context) => {
                children.find(|depth| signed_with(*depth, &context.signature_algorithm_id))
            }
            E::UnsupportedSignatureAlgorithmForPublicKeyContext(context) => {
                let kind = &context.public_key_algorithm_id[..];
                let child = children.find(|depth| {
                    signed_with(*depth, &context.signature_algorithm_id) && key_kind(depth + 1) == Some(kind)
                })?;
                Some(if algorithms::knows_key(kind) { child } else { child + 1 })
            }
            E::MalformedNameConstraint | E::InvalidNetworkMaskConstraint => (1..chain.len())
                .rev()
                .find(|depth| facts(*depth).is_some_and(|found| constrains(found, None))),
            E::NameConstraintViolation => {
                let refuses =
                    |depth: &usize| facts(*depth).is_some_and(|found| constrains(found, Some(DIRECTORY)));
                Some((1..chain.len()).rev().find(refuses).unwrap_or(0))
            }
            _ => None,
        }
    }

    /// The issuer that is missing is that of the end of the longest path: blames
    /// that end, or the certificate of the trust file that was passed over.
    fn end_of_path(mut self) -> Blame {
        self.path = std::mem::take(&mut self.longest);
        let (chain, depth) = (self.chain(&self.path), self.path.len());
        let issuer = self.head().issuer();
        let skipped = self.attempt.store.iter().position(|anchor| {
            anchor.certificate.subject.as_ref().is_ok_and(|subject| content(subject.der) == issuer)
        });
        match skipped {
            Some(at) => Blame { certificate: Place::Store(at), depth: Some(depth + 1), chain },
            None => Blame { certificate: chain[depth], depth: Some(depth), chain },
        }
    }

    /// The last certificate of the path.
    fn head(&self) -> &EndEntityCert<'_> {
        let last = self.path.last().and_then(|at| self.parsed[*at].as_ref());
        last.unwrap_or(self.attempt.leaf)
    }

    /// Whether an intermediate comes next, by the rules of webpki: the name fits, and
    /// no certificate of the path, leaf included, has the same name and key.
    fn leads_on(&self, at: usize) -> bool {
        let Some(next) = &self.parsed[at] else {
            return false;
        };
        let same = |other: &EndEntityCert<'_>| {
            other.subject() == next.subject()
                && other.subject_public_key_info() == next.subject_public_key_info()
        };
        let mut earlier = self.path.iter().filter_map(|at| self.parsed[*at].as_ref());
        next.subject() == self.head().issuer() && !same(self.attempt.leaf) && !earlier.any(same)
    }

    fn chain(&self, path: &[usize]) -> Vec<Place> {
        let above = path.iter().map(|at| Place::Presented(at + 1));
        [Place::Presented(0)].into_iter().chain(above).collect()
    }
}

/// Kind of a general name: directoryName.
const DIRECTORY: &str = "directoryName";

/// Whether a certificate has name constraints, of a kind if one is given.
fn constrains(certificate: &Certificate<'_>, kind: Option<&str>) -> bool {
    let Ok(Some(extension)) = certificate.extension(ExtensionKind::NameConstraints) else {
        return false;
    };
    match (&extension.decoded, kind) {
        (_, None) => true,
        (Ok(Decoded::NameConstraints(permitted, excluded)), Some(kind)) => {
            permitted.iter().chain(excluded).any(|subtree| subtree.base.kind == kind)
        }
        (_, Some(_)) => false,
    }
}

/// Content octets of one element.
fn content(der: &[u8]) -> &[u8] {
    Reader::new(der, 0, "").any().map_or(&[], |element| element.content)
}
