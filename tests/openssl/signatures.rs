//! Whether a key made a signature, as `openssl verify` sees it.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use pemlint::facts::signature::{Verdict, verify};
use pemlint::facts::{Certificate, Link};
use pemlint::relations::relate;

use crate::printed::openssl;
use crate::samples::{self, Sample};
use crate::{corpus, in_two_threads};

/// Signatures of which OpenSSL says otherwise: pemlint's verdict and the reason.
const LEDGER: &[(&str, Verdict, &str)] = &[
    ("openssl/int-sigalg-inconsistent/chain.pem#1", Verdict::Valid, TWO_ALGORITHMS),
    ("openssl/root-ec-explicit/ca.pem#0", Verdict::Unverifiable, PROVIDER),
    ("openssl/root-md5/ca.pem#0", Verdict::Unverifiable, PROVIDER),
    ("openssl/self-ec-explicit/ca.pem#0", Verdict::Unverifiable, PROVIDER),
    (
        "rules/keys/self-signature-hash-weak/fails-rsa-md5-plain-profile.pem#0",
        Verdict::Unverifiable,
        PROVIDER,
    ),
    ("rules/keys/signature-algorithm-not-accepted/fails-sha224.pem#0", Verdict::Unverifiable, PROVIDER),
    ("rules/keys/signature-hash-weak/fails-rsa-md5.pem#1", Verdict::Unverifiable, PROVIDER),
    ("rules/keys/signature-hash-weak/fails-server-certificate-md5.pem#1", Verdict::Unverifiable, PROVIDER),
    (
        "rules/keys/signature-hash-weak/fails-server-certificate-pss-sha1.pem#1",
        Verdict::Unverifiable,
        PROVIDER,
    ),
    (
        "rules/rfc5280/signature-algorithm-mismatch/fails-null-inside-only.pem#0",
        Verdict::Valid,
        TWO_ALGORITHMS,
    ),
    (
        "rules/rfc5280/signature-algorithm-mismatch/fails-null-outside-only.pem#0",
        Verdict::Valid,
        TWO_ALGORITHMS,
    ),
    ("rules/rfc5280/signature-algorithm-mismatch/fails-other-digest.pem#0", Verdict::Valid, TWO_ALGORITHMS),
    (
        "rules/rfc5280/signature-parameters-not-absent/passes-null-inside-only.pem#0",
        Verdict::Valid,
        TWO_ALGORITHMS,
    ),
    ("rules/rfc5280/pss-parameters-invalid/fails-hash-of-224-bits.pem#0", Verdict::Unverifiable, PROVIDER),
    ("rules/rfc5280/pss-parameters-invalid/fails-long-salt.pem#0", Verdict::Unverifiable, PARAMETERS),
    ("rules/rfc5280/pss-parameters-invalid/fails-no-parameters.pem#0", Verdict::Unverifiable, PARAMETERS),
    ("rules/rfc5280/pss-parameters-invalid/fails-short-salt.pem#0", Verdict::Unverifiable, PARAMETERS),
    ("rules/rfc5280/pss-parameters-invalid/fails-trailer-field-2.pem#0", Verdict::Unverifiable, PARAMETERS),
    ("rules/rfc5280/pss-parameters-invalid/fails-two-hashes.pem#0", Verdict::Unverifiable, PARAMETERS),
    ("rules/rfc5280/pss-parameters-invalid/passes-missing-inside-only.pem#0", Verdict::Valid, TWO_ALGORITHMS),
];

const PARAMETERS: &str = "the signature is made with other parameters than are written, and the provider does not verify with those";
const PROVIDER: &str = "the provider does not verify this algorithm";
const TWO_ALGORITHMS: &str = "OpenSSL looks at no signature whose two algorithm identifiers differ; signature-algorithm-mismatch says that";

/// Errors of verification that `openssl verify` reports and passes over, so that
/// it comes to the signature all the same (`cb` in `apps/verify.c`).
const PASSED_OVER: [u32; 6] = [10, 18, 25, 34, 37, 79];

/// The error that says that the signature is wrong.
const SIGNATURE_FAILURE: u32 = 7;

/// The error that says that the path is one self-signed certificate.
const SELF_SIGNED: u32 = 18;

#[test]
fn every_root_of_debian_verifies_its_own_signature() {
    let mut valid = 0;
    for sample in samples::debian() {
        let certificate = Certificate::read(&sample.der);
        let verdict = verify(&certificate, &certificate);
        assert_ne!(verdict, Verdict::Invalid, "{}", sample.name);
        valid += usize::from(verdict == Verdict::Valid);
    }
    assert!(valid > 100, "{valid} verified, too few");
}

#[test]
fn every_link_of_the_fixtures_verifies_as_openssl_does() {
    let answers = in_two_threads(&pairs(), |pair| {
        let folder = tempfile::tempdir().unwrap();
        let theirs = pair.theirs(folder.path());
        theirs.map(|theirs| (pair.name.clone(), pair.ours(), theirs)).into_iter().collect()
    });
    let is = |name: &str, child: &str| name.starts_with(&format!("fixtures/{child} by "));
    let mut wrong = Vec::new();
    for (name, ours, theirs) in &answers {
        let known = LEDGER.iter().find(|(child, ..)| is(name, child));
        let wanted = known.map_or(*theirs, |(_, verdict, _)| *verdict);
        if *ours != wanted {
            wrong.push(format!("{name}: openssl says {theirs:?}, pemlint {ours:?}"));
        }
        assert!(known.is_none() || ours != theirs, "{name} is in the ledger, but no longer differs");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (child, ..) in LEDGER {
        assert!(answers.iter().any(|(name, ..)| is(name, child)), "no link is what the ledger calls {child}");
    }
    let count = |wanted| answers.iter().filter(|(.., theirs)| *theirs == wanted).count();
    let (valid, invalid) = (count(Verdict::Valid), count(Verdict::Invalid));
    assert!(
        valid > 400 && invalid > 10,
        "openssl came to too few signatures: {valid} valid, {invalid} invalid"
    );
}

/// A certificate and one that has the name of its issuer.
struct Pair {
    name: String,
    child: Sample,
    issuer: Sample,
}

impl Pair {
    /// What pemlint says.
    fn ours(&self) -> Verdict {
        verify(&Certificate::read(&self.child.der), &Certificate::read(&self.issuer.der))
    }

    /// What OpenSSL says; `None` where another fault keeps it from the signature.
    fn theirs(&self, folder: &Path) -> Option<Verdict> {
        let file = folder.join("issuer.pem");
        fs::write(&file, &self.issuer.text).unwrap();
        let is_self = self.child.der == self.issuer.der;
        let mut arguments = vec!["verify", "-partial_chain", "-no_check_time", "-auth_level", "0"];
        arguments.extend(["-trusted", file.to_str().unwrap()]);
        if is_self {
            arguments.push("-check_ss_sig");
        }
        let output = openssl(&arguments, &self.child.text);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let codes: Vec<u32> = text.split("error ").skip(1).filter_map(code).collect();
        let reached = |code: &u32| *code == SIGNATURE_FAILURE || PASSED_OVER.contains(code);
        if !codes.iter().all(reached) || (codes.is_empty() && !output.status.success()) {
            return None;
        }
        if codes.contains(&SELF_SIGNED) && !is_self {
            // It took the child for a root and looked at its own signature.
            return None;
        }
        Some(if codes.contains(&SIGNATURE_FAILURE) { Verdict::Invalid } else { Verdict::Valid })
    }
}

fn code(text: &str) -> Option<u32> {
    text.split_once(" at ")?.0.parse().ok()
}

/// Every different link of the fixtures; the files of an OpenSSL case are one bundle.
fn pairs() -> Vec<Pair> {
    let mut bundles: Vec<Vec<PathBuf>> = Vec::new();
    for path in corpus::files("openssl") {
        match bundles.last_mut().filter(|files| files[0].parent() == path.parent()) {
            Some(files) => files.push(path),
            None => bundles.push(vec![path]),
        }
    }
    bundles.extend(["clean", "rules"].into_iter().flat_map(corpus::files).map(|path| vec![path]));
    let mut seen = HashSet::new();
    let all = bundles.iter().flat_map(|files| links(files));
    all.filter(|pair| seen.insert((pair.child.der.clone(), pair.issuer.der.clone()))).collect()
}

fn links(files: &[PathBuf]) -> Vec<Pair> {
    let certificates: Vec<Sample> =
        files.iter().flat_map(|path| samples::certificates(&corpus::input(path))).collect();
    let read = certificates.iter().map(|sample| Certificate::read(&sample.der)).collect();
    let bundle = relate(read, &vec![0; certificates.len()], false);
    let pair = |link: &Link| {
        let (child, issuer) = (&certificates[link.child], &certificates[link.issuer]);
        Pair {
            name: format!("{} by {}", child.name, issuer.name),
            child: child.clone(),
            issuer: issuer.clone(),
        }
    };
    bundle.links.iter().map(pair).collect()
}
