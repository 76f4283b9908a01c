//! Step 2: builds the chain from the leaf up and decides whether it ends at
//! something trusted (`build_chain`, `check_trust`).

use super::parameters::Version;
use super::run::{Abort, Run};
use super::trust::{self, Trust};
use super::x509::X509;
use super::{codes, issued, time};
use crate::client::Place;

/// Longest chain: the depth limit of 100, the leaf, and the anchor above them.
const LONGEST: usize = 101;

/// Where to look for the next issuer.
#[expect(clippy::struct_excessive_bools, reason = "flags of the search, one each")]
struct Search {
    presented: bool,
    store: bool,
    /// Looking for an anchor of a shorter chain.
    alternate: bool,
    may_alternate: bool,
    /// How many certificates that shorter chain has.
    shorter: usize,
    /// Presented certificates that are not in the chain yet.
    left: Vec<usize>,
    trust: Trust,
}

enum Next {
    Again,
    Done,
    Presented,
}

/// Builds the chain and notes why it is not trusted.
pub(super) fn build(run: &mut Run<'_, '_>) -> Result<(), Abort> {
    let trusted_first = run.parameters.trusted_first;
    let mut search = Search {
        presented: true,
        store: trusted_first,
        alternate: false,
        may_alternate: !trusted_first,
        shorter: 0,
        left: (0..run.presented.len()).collect(),
        trust: Trust::Open,
    };
    while search.presented || search.store {
        if search.store {
            match search.step_store(run)? {
                Next::Again => continue,
                Next::Done => break,
                Next::Presented => {}
            }
        }
        if search.presented {
            search.step_presented(run);
        }
    }
    let length = run.verdict.chain.len();
    if search.trust == Trust::Open && length <= LONGEST && length == run.verdict.untrusted {
        search.trust = pinned_leaf(run);
    }
    if search.trust == Trust::Open {
        explain(run);
    }
    Ok(())
}

impl Search {
    /// Looks in the store for the issuer of the last certificate.
    fn step_store(&mut self, run: &mut Run<'_, '_>) -> Result<Next, Abort> {
        let length = run.verdict.chain.len();
        let below = if self.alternate { self.shorter } else { length };
        let current = run.verdict.chain[below - 1];
        if let Some(issuer) = trusted_issuer(run, current).filter(|_| length <= LONGEST) {
            if self.alternate {
                self.alternate = false;
                run.verdict.chain.truncate(below);
                run.verdict.untrusted = below;
            }
            if let Some(next) = self.adopt(run, current, issuer)? {
                return Ok(next);
            }
        }
        if self.presented {
            return Ok(Next::Presented);
        }
        if self.alternate {
            self.shorter -= 1;
            return Ok(if self.shorter > 0 { Next::Again } else { Next::Done });
        }
        if !self.may_alternate || run.verdict.untrusted < 2 {
            return Ok(Next::Done);
        }
        self.alternate = true;
        self.shorter = run.verdict.untrusted - 1;
        Ok(Next::Again)
    }

    /// Takes an issuer of the store into the chain, or puts it in the place of
    /// the same self-signed certificate.
    fn adopt(&mut self, run: &mut Run<'_, '_>, current: Place, issuer: usize) -> Result<Option<Next>, Abort> {
        let from = run.verdict.chain.len();
        let Some(self_signed) = self_signed(run, current) else {
            run.fail(codes::UNSPECIFIED, from - 1);
            return Err(Abort);
        };
        let first_new = if self_signed {
            if run.certificate(current).der != run.store[issuer].der {
                // A mimic: its name alone is that of an anchor.
                return Ok(None);
            }
            run.verdict.untrusted = from - 1;
            run.verdict.chain[from - 1] = Place::Store(issuer);
            from - 1
        } else {
            run.verdict.chain.push(Place::Store(issuer));
            from
        };
        self.presented = false;
        self.trust = trust_from(run, first_new);
        if self.trust != Trust::Open {
            return Ok(Some(Next::Done));
        }
        let at_root = self_signed || run.store[issuer].cached.self_signed;
        Ok((!at_root).then_some(Next::Again))
    }

    /// Looks among the presented certificates for the issuer of the last one.
    fn step_presented(&mut self, run: &mut Run<'_, '_>) {
        let length = run.verdict.chain.len();
        let current = run.verdict.chain[length - 1];
        let at_root = self_signed(run, current) == Some(true);
        let found = if at_root || length > LONGEST { None } else { self.presented_issuer(run, current) };
        let Some(at) = found else {
            self.presented = false;
            self.store = true;
            return;
        };
        let issuer = self.left.remove(at);
        run.verdict.chain.push(Place::Presented(issuer));
        run.verdict.untrusted += 1;
    }

    /// Position in `left` of the best issuer that is not in the chain.
    fn presented_issuer(&self, run: &Run<'_, '_>, current: Place) -> Option<usize> {
        let child = run.certificate(current);
        let may_repeat = child.cached.self_issued && run.verdict.chain.len() == 1;
        let is_new = |candidate: &X509<'_>| {
            may_repeat || run.verdict.chain.iter().all(|place| run.certificate(*place).der != candidate.der)
        };
        let candidates = self.left.iter().map(|at| &run.presented[*at]).enumerate();
        best_issuer(run, child, candidates.filter(|(_, candidate)| is_new(candidate)))
    }
}

/// Index in the store of the best issuer.
fn trusted_issuer(run: &Run<'_, '_>, current: Place) -> Option<usize> {
    best_issuer(run, run.certificate(current), run.store.iter().enumerate())
}

/// The first candidate that is valid now; else, of those that fit, the one that
/// ends last (in 1.1.1: the last).
fn best_issuer<'x, 'a: 'x>(
    run: &Run<'_, '_>,
    child: &X509<'_>,
    candidates: impl Iterator<Item = (usize, &'x X509<'a>)>,
) -> Option<usize> {
    let version = run.parameters.version;
    let mut best: Option<(usize, &X509<'_>)> = None;
    for (at, candidate) in candidates.filter(|(_, candidate)| issued::likely(candidate, child, version)) {
        if time::is_valid(candidate, run.parameters) {
            return Some(at);
        }
        let better = |(_, earlier): &(usize, &X509<'_>)| {
            version == Version::V1_1_1 || time::ends_later(candidate, earlier)
        };
        if best.as_ref().is_none_or(better) {
            best = Some((at, candidate));
        }
    }
    best.map(|(at, _)| at)
}

/// Whether OpenSSL takes a certificate for self-signed; `None` where it cannot
/// read its key or its extensions, which 1.1.1 takes for no.
fn self_signed(run: &Run<'_, '_>, place: Place) -> Option<bool> {
    let certificate = run.certificate(place);
    let readable = !certificate.cached.invalid && certificate.key().is_some();
    if run.parameters.version == Version::V1_1_1 {
        return Some(!certificate.cached.invalid && certificate.cached.self_signed);
    }
    readable.then_some(certificate.cached.self_signed)
}

/// Whether the certificates of the store from this depth on make the chain trusted.
fn trust_from(run: &mut Run<'_, '_>, first: usize) -> Trust {
    for depth in first..run.verdict.chain.len() {
        match trust::check(run.at(depth), run.parameters, true) {
            Trust::Open => {}
            Trust::Trusted => return Trust::Trusted,
            Trust::Rejected => {
                run.fail(codes::REJECTED, depth);
                return Trust::Rejected;
            }
        }
    }
    if run.parameters.partial_chain { Trust::Trusted } else { Trust::Open }
}

/// Last resort under PARTIAL_CHAIN: the leaf itself is in the store.
fn pinned_leaf(run: &mut Run<'_, '_>) -> Trust {
    let leaf = run.at(0);
    let same = |anchor: &X509<'_>| anchor.der == leaf.der;
    let Some(pinned) = run.store.iter().position(same).filter(|_| run.parameters.partial_chain) else {
        return Trust::Open;
    };
    if trust::check(&run.store[pinned], run.parameters, true) == Trust::Rejected {
        run.fail(codes::REJECTED, 0);
        return Trust::Rejected;
    }
    run.verdict.chain[0] = Place::Store(pinned);
    run.verdict.untrusted = 0;
    Trust::Trusted
}

/// Notes why no anchor was reached.
fn explain(run: &mut Run<'_, '_>) {
    let length = run.verdict.chain.len();
    let last = length - 1;
    if length > LONGEST {
        run.fail(codes::CHAIN_TOO_LONG, last);
        if run.parameters.version == Version::V1_1_1 {
            return;
        }
    }
    let code = match (self_signed(run, run.verdict.chain[last]), last) {
        (Some(true), 0) => codes::SELF_SIGNED_LEAF,
        (Some(true), _) => codes::SELF_SIGNED_IN_CHAIN,
        _ if run.verdict.untrusted < length => codes::NO_ISSUER,
        _ => codes::NO_ISSUER_LOCALLY,
    };
    run.fail(code, last);
}
