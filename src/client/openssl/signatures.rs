//! Step 7: from the anchor down, each signature by the key above it, then the
//! validity period (`internal_verify`).

use super::run::Run;
use super::{arithmetic, codes, issued, time};
use crate::facts::signature::{self, Verdict};

/// Verifies signatures and times of the chain.
pub(super) fn verify(run: &mut Run<'_, '_>) {
    let last = run.verdict.chain.len() - 1;
    let anchor = run.at(last);
    let rooted = issued::likely(anchor, anchor, run.parameters.version);
    if rooted || run.parameters.partial_chain {
        check_times(run, last);
    } else if last == 0 {
        run.fail(codes::LEAF_UNVERIFIED, 0);
        check_times(run, 0);
    }
    for depth in (0..last).rev() {
        check_signature(run, depth);
        check_times(run, depth);
    }
}

/// The signature on the certificate at a depth, and whether its issuer may sign.
fn check_signature(run: &mut Run<'_, '_>, depth: usize) {
    let above = depth + 1;
    if let Some(code) = issued::signing_forbidden(run.at(above), run.at(depth)) {
        run.fail(code, above);
    }
    let (child, issuer) = (run.at(depth), run.at(above));
    if child.outer != child.signature {
        run.fail(codes::SIGNATURE_FAILURE, depth);
        return;
    }
    if depth == 0 && run.parameters.minted_leaf && issuer.key().is_some() {
        return;
    }
    match signature::verify(child.facts, issuer.facts) {
        Verdict::Valid => {}
        Verdict::Invalid => run.fail(codes::SIGNATURE_FAILURE, depth),
        Verdict::Unverifiable => match arithmetic::verify(child.facts, issuer.facts) {
            Some(true) => {}
            Some(false) => run.fail(codes::SIGNATURE_FAILURE, depth),
            None => assume(run, depth),
        },
    }
}

/// Notes that the signature on the certificate at a depth is taken for valid.
fn assume(run: &mut Run<'_, '_>, depth: usize) {
    let child = run.at(depth).facts;
    let name = |part: Option<String>| part.unwrap_or_default();
    let subject = name(child.subject.as_ref().ok().map(crate::facts::name::Name::text));
    let algorithm = name(child.signature_algorithm.as_ref().ok().map(|algorithm| algorithm.name().into()));
    let text = format!("the {algorithm} signature on the certificate {subject} is valid");
    run.verdict.assumptions.push(text);
}

/// notBefore, then notAfter; the one does not hide the other.
fn check_times(run: &mut Run<'_, '_>, depth: usize) {
    for code in time::faults(run.at(depth), run.parameters).into_iter().flatten() {
        run.fail(code, depth);
    }
}
