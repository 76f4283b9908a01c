//! Which certificate webpki means: it tells one error for all paths that it tried
//! and no place. The paths are walked again in its order, each a little longer
//! than the last and each verified by webpki, until the error shows.

use std::slice;

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{DerTypeId, EndEntityCert, KeyUsage};

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
    pub(super) anchors: &'a [TrustAnchor<'a>],
    /// Index of each anchor in the trust file.
    pub(super) places: &'a [usize],
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
    /// Whether the error is looked for; else the longest path is.
    looks: bool,
    /// `None` for those that webpki cannot parse.
    parsed: Vec<Option<EndEntityCert<'w>>>,
    /// Indices of the intermediates on the path, nearest the leaf first.
    path: Vec<usize>,
    /// The first of the longest paths.
    longest: Vec<usize>,
    steps: usize,
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
        let at = self.anchors.iter().position(|anchor| anchor == path.anchor());
        chain.extend(at.map(|at| Place::Store(self.places[at])));
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
    let unknown_issuer = *error == webpki::Error::UnknownIssuer;
    if !unknown_issuer && attempt.run(&[], &[]).is_err_and(|alone| alone == *error) {
        return Blame { certificate: Place::Presented(0), depth: Some(0), chain: vec![Place::Presented(0)] };
    }
    let results: Vec<_> = attempt.intermediates.iter().map(EndEntityCert::try_from).collect();
    let unreadable = results.iter().position(|result| result.as_ref().err() == Some(error));
    let mut walk = Walk {
        attempt,
        error,
        looks: !unknown_issuer && unreadable.is_none(),
        parsed: results.into_iter().map(Result::ok).collect(),
        path: Vec::new(),
        longest: Vec::new(),
        steps: 0,
    };
    match (walk.step(), unreadable) {
        (Some(blame), _) => blame,
        (None, Some(at)) => walk.above_path(Place::Presented(at + 1)),
        (None, None) if unknown_issuer => walk.end_of_path(),
        (None, None) => {
            Blame { certificate: Place::Presented(0), depth: None, chain: vec![Place::Presented(0)] }
        }
    }
}

impl Walk<'_> {
    /// Looks at the path as it is, then at each that is longer by one.
    fn step(&mut self) -> Option<Blame> {
        self.steps += 1;
        if self.path.len() > self.longest.len() {
            self.longest.clone_from(&self.path);
        }
        let found = if self.looks { self.look() } else { None };
        if found.is_some() {
            return found;
        }
        for at in 0..self.parsed.len() {
            if self.steps < limits::PATHS_WALKED && self.leads_on(at) {
                self.path.push(at);
                let found = self.step();
                self.path.pop();
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// Whether the error shows on this path: at its last certificate, or with an
    /// anchor above it.
    fn look(&self) -> Option<Blame> {
        if !self.path.is_empty() && self.fails(&[]) {
            let chain = self.chain();
            return Some(Blame { certificate: *chain.last()?, depth: Some(self.path.len()), chain });
        }
        let issuer = self.head().issuer();
        let anchors = self.attempt.anchors.iter().zip(self.attempt.places);
        let named = anchors.filter(|(anchor, _)| anchor.subject.as_ref() == issuer);
        for (anchor, at) in named.take(limits::PATHS_WALKED) {
            if self.fails(slice::from_ref(anchor)) {
                let mut chain = self.chain();
                chain.push(Place::Store(*at));
                let depth = self.at_fault(&chain);
                let certificate = depth.map_or(Place::Presented(0), |depth| chain[depth]);
                return Some(Blame { certificate, depth, chain });
            }
        }
        None
    }

    /// Whether this path and no other gives the error.
    fn fails(&self, anchors: &[TrustAnchor<'_>]) -> bool {
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
            E::MalformedNameConstraint
            | E::InvalidNetworkMaskConstraint
            | E::TrailingData(DerTypeId::GeneralName) => (1..chain.len())
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
        let (chain, depth) = (self.chain(), self.path.len());
        let skipped = (0..self.attempt.store.len()).map(Place::Store).find(|place| self.issues(*place));
        match skipped {
            Some(certificate) => Blame { certificate, depth: Some(depth + 1), chain },
            None => Blame { certificate: chain[depth], depth: Some(depth), chain },
        }
    }

    /// Blames a certificate that webpki cannot parse, at the end of the longest
    /// path if it belongs there.
    fn above_path(mut self, certificate: Place) -> Blame {
        self.path = std::mem::take(&mut self.longest);
        let mut chain = self.chain();
        let fits = self.issues(certificate);
        let depth = fits.then_some(chain.len());
        chain.extend(fits.then_some(certificate));
        Blame { certificate, depth, chain }
    }

    /// Whether a certificate has the name that the last of the path has as issuer.
    fn issues(&self, place: Place) -> bool {
        let subject = self.attempt.facts(place).and_then(|facts| facts.subject.as_ref().ok());
        subject.is_some_and(|subject| content(subject.der) == self.head().issuer())
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

    /// Places of the path, leaf first.
    fn chain(&self) -> Vec<Place> {
        let above = self.path.iter().map(|at| Place::Presented(at + 1));
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
