//! The rustls client against rustls itself: the recorded cases of OpenSSL and
//! random chains with random faults. Verdict and text must be the same.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking and says what it compared")]

#[expect(dead_code, reason = "rustls is asked otherwise than OpenSSL")]
#[path = "openssl_engine/case.rs"]
mod case;
#[path = "openssl_engine/chains.rs"]
mod chains;
#[path = "openssl_engine/faults.rs"]
mod faults;
#[path = "common/labelled.rs"]
mod labelled;
#[path = "rustls_engine/made.rs"]
mod made;
#[path = "openssl_engine/names.rs"]
mod names;
#[path = "openssl_engine/times.rs"]
mod times;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use labelled::certificates;
use pemlint::client::openssl::{Anchor, Host};
use pemlint::client::rustls::{Loading, Parameters, meaning, verify};
use pemlint::client::{Place, Stage, Verdict};
use pemlint::facts::Certificate;
use pemlint::input::Input;
use pemlint::source::Source;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{WebPkiServerVerifier, verify_server_cert_signed_by_trust_anchor};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{Error, RootCertStore};

/// 2026-11-22T00:00:00Z.
const INSTANT: i64 = 1_795_305_600;

/// A chain as both sides get it.
struct Given {
    name: String,
    store: Input,
    presented: Input,
    host: String,
}

impl Given {
    fn store(&self) -> Vec<(Certificate<'_>, bool)> {
        certificates(&self.store)
    }

    fn presented(&self) -> Vec<Certificate<'_>> {
        certificates(&self.presented).into_iter().map(|(certificate, _)| certificate).collect()
    }

    fn ours(&self, granted: bool, loading: Loading) -> Verdict {
        let (store, presented) = (self.store(), self.presented());
        let store: Vec<_> = store
            .iter()
            .map(|(certificate, trusted)| Anchor { certificate, trusted_label: *trusted })
            .collect();
        let presented: Vec<_> = presented.iter().collect();
        let host = Some(Host::new(&self.host));
        let parameters = Parameters { instant: INSTANT, host, minted_leaf: granted, loading };
        verify(&store, &presented, &parameters)
    }

    /// What rustls says; `None` where it accepts.
    fn theirs(&self) -> Option<String> {
        let mut roots = RootCertStore::empty();
        let store = self.store();
        let plain = store.iter().filter(|(_, trusted)| !trusted);
        roots.add_parsable_certificates(plain.map(|(anchor, _)| CertificateDer::from(anchor.octets)));
        let presented = self.presented();
        let chain: Vec<_> = presented.iter().map(|sent| CertificateDer::from(sent.octets)).collect();
        let host = match ServerName::try_from(self.host.clone()) {
            Ok(host) => host,
            // A program does not get as far as a connection.
            Err(error) => return Some(error.to_string()),
        };
        let now = UnixTime::since_unix_epoch(Duration::from_secs(INSTANT.cast_unsigned()));
        let outcome = ask(roots, &chain, &host, now);
        outcome.err().map(|error| error.to_string())
    }
}

fn ask(
    roots: RootCertStore,
    chain: &[CertificateDer<'_>],
    host: &ServerName<'_>,
    now: UnixTime,
) -> Result<(), Error> {
    let provider = Arc::new(default_provider());
    if roots.is_empty() {
        // The builder wants anchors; a client without any fails at its first connection.
        let leaf = ParsedCertificate::try_from(&chain[0])?;
        let algorithms = provider.signature_verification_algorithms.all;
        return verify_server_cert_signed_by_trust_anchor(&leaf, &roots, &chain[1..], now, algorithms);
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    verifier.verify_server_cert(&chain[0], &chain[1..], host, &[], now).map(|_| ())
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/openssl")
}

fn read(path: &Path) -> Input {
    Input::read(Source::new(path.display().to_string(), fs::read(path).unwrap()))
}

fn case(name: &str, host: &str) -> Given {
    let folder = fixtures().join(name);
    Given {
        name: name.to_owned(),
        store: read(&folder.join("ca.pem")),
        presented: read(&folder.join("chain.pem")),
        host: host.to_owned(),
    }
}

fn recorded() -> Vec<Given> {
    let text = fs::read_to_string(fixtures().join("cases.json")).unwrap();
    let cases: serde_json::Value = serde_json::from_str(&text).unwrap();
    let cases = cases.as_array().unwrap();
    cases.iter().map(|one| case(one["case"].as_str().unwrap(), one["hostname"].as_str().unwrap())).collect()
}

/// Compares one chain; the difference, if there is one. Counts the answer.
fn compare(given: &Given, answers: &mut BTreeMap<String, usize>) -> Option<String> {
    let (theirs, verdict) = (given.theirs(), given.ours(false, Loading::Parsable));
    let ours = verdict.error().map(|error| error.message.clone());
    let name = verdict.error().map_or("accepts".into(), |error| error.name.clone());
    *answers.entry(name.into_owned()).or_insert(0) += 1;
    if theirs != ours {
        return Some(format!("{}: rustls {theirs:?}, here {ours:?}", given.name));
    }
    fault_of_place(&verdict).map(|fault| format!("{}: {fault}: {verdict:?}", given.name))
}

/// What is wrong with the places of a verdict.
fn fault_of_place(verdict: &Verdict) -> Option<&'static str> {
    for error in &verdict.errors {
        if meaning(&error.name).is_none() {
            return Some("an error without a meaning");
        }
        let Some(depth) = error.depth else { continue };
        let above = depth == verdict.chain.len() && matches!(error.certificate, Place::Store(_));
        if !above && verdict.chain.get(depth) != Some(&error.certificate) {
            return Some("the certificate is not the one at its depth");
        }
    }
    let anchored = matches!(verdict.chain.last(), Some(Place::Store(_)));
    (verdict.accepts() && !anchored).then_some("accepted without an anchor")
}

#[test]
fn recorded_cases_agree_with_rustls() {
    let mut answers = BTreeMap::new();
    let all = recorded();
    let different: Vec<_> = all.iter().filter_map(|given| compare(given, &mut answers)).collect();
    println!("answers: {answers:?}");
    assert!(all.len() >= 150 && answers.len() >= 12, "{} cases, {answers:?}", all.len());
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn random_chains_agree_with_rustls() {
    let count = std::option_env!("PEMLINT_CHAINS").map_or(1_500, |count| count.parse().unwrap());
    let today = time::OffsetDateTime::from_unix_timestamp(INSTANT).unwrap();
    let maker = chains::Maker::new(today);
    let mut answers = BTreeMap::new();
    let mut different = Vec::new();
    for seed in 0..count {
        let chain = maker.make(seed);
        let input = |text: &str| Input::read(Source::new("chain.pem", text.as_bytes().to_vec()));
        let given = Given {
            name: format!("seed {seed}, {}", chain.about),
            store: input(&chain.store),
            presented: input(&chain.presented),
            host: chain.host,
        };
        different.extend(compare(&given, &mut answers));
    }
    println!("answers: {answers:?}");
    assert!(different.is_empty(), "{} of {count}:\n{}", different.len(), different.join("\n"));
}

#[test]
fn damaged_chains_agree_with_rustls() {
    let mut answers = BTreeMap::new();
    let mut different = Vec::new();
    for (seed, mut given) in recorded().into_iter().enumerate() {
        let (sound, mut random) = (given.presented, seed as u64 + 1);
        for _ in 0..8 {
            let (damaged, fault) = made::with_damage(&certificates(&sound), &mut random);
            given.presented = damaged;
            different.extend(compare(&given, &mut answers).map(|text| format!("{fault}: {text}")));
        }
        given.presented = sound;
    }
    println!("answers: {answers:?}");
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The certificates that cases are about, with the depth and the error.
const PLACES: &[(&str, &str, Place, Option<usize>)] = &[
    ("leaf-v1", "UnsupportedCertVersion", Place::Presented(0), Some(0)),
    ("leaf-ca-true", "CaUsedAsEndEntity", Place::Presented(0), Some(0)),
    ("leaf-hostname", "CertNotValidForName", Place::Presented(0), Some(0)),
    ("int-v1", "UnsupportedCertVersion", Place::Presented(1), Some(1)),
    ("int-v3-noext", "EndEntityUsedAsCa", Place::Presented(1), Some(1)),
    ("int-bc-malformed", "BadDer", Place::Presented(1), Some(1)),
    ("int-sha1", "UnsupportedSignatureAlgorithmContext", Place::Presented(1), Some(1)),
    ("int-wrong-key-noaki", "InvalidSignatureForPublicKey", Place::Presented(1), Some(1)),
    ("root-unknown", "UnknownIssuer", Place::Presented(1), Some(1)),
    ("root-rsa1024", "InvalidSignatureForPublicKey", Place::Store(0), Some(2)),
    ("root-ec-explicit", "UnsupportedSignatureAlgorithmForPublicKeyContext", Place::Store(0), Some(2)),
    ("root-bc-malformed", "UnknownIssuer", Place::Store(0), Some(2)),
    ("root-nc-minimum", "TrailingData", Place::Store(0), Some(2)),
    ("root-nc-dirname-other", "NameConstraintViolation", Place::Store(0), Some(2)),
    ("intanchor-nc-exclude", "NameConstraintViolation", Place::Presented(0), Some(0)),
];

#[test]
fn the_certificate_at_fault_is_found() {
    let all = recorded();
    for (name, error, place, depth) in PLACES {
        let given = all.iter().find(|given| given.name == *name).unwrap();
        let verdict = given.ours(false, Loading::Parsable);
        let found = verdict.error().unwrap();
        assert_eq!((&*found.name, found.certificate, found.depth), (*error, *place, *depth), "{name}");
        assert_eq!((found.stage, found.code), (Stage::Verify, None), "{name}");
    }
}

#[test]
fn a_name_that_does_not_match_hides_behind_the_chain() {
    let verdict = case("leaf-notyet", "other.test").ours(false, Loading::Parsable);
    let names: Vec<_> = verdict.errors.iter().map(|error| &*error.name).collect();
    assert_eq!(names, ["CertNotValidYet", "CertNotValidForName"]);
}

#[test]
fn a_trust_file_of_an_application_is_refused_as_rustls_refuses_it() {
    let given = case("root-bc-malformed", "good.example");
    let store = given.store();
    let said = RootCertStore::empty().add(CertificateDer::from(store[0].0.octets)).unwrap_err();
    let verdict = given.ours(false, Loading::Every);
    let error = verdict.error().unwrap();
    assert_eq!(error.message, said.to_string());
    assert_eq!((error.stage, error.certificate, verdict.errors.len()), (Stage::Load, Place::Store(0), 1));
    let lenient = given.ours(false, Loading::Parsable);
    assert!(lenient.assumptions[0].contains("(1 here)"), "{:?}", lenient.assumptions);
}

#[test]
fn the_signature_of_a_minted_leaf_is_granted_and_no_other() {
    for name in ["good-rsa2048", "int-san-empty"] {
        let mut given = case(name, "good.example");
        given.presented = made::with_broken_leaf(&given.presented());
        let strict = given.ours(false, Loading::Parsable);
        let error = strict.error().unwrap();
        assert_eq!((&*error.name, error.depth), ("InvalidSignatureForPublicKey", Some(0)), "{name}");
        let granted = given.ours(true, Loading::Parsable);
        assert!(granted.accepts(), "{name}: {granted:?}");
        assert_eq!(granted.assumptions, ["the signature on the leaf is valid"]);
    }
    // The signature above it is not.
    let above = case("int-wrong-key-noaki", "good.example").ours(true, Loading::Parsable);
    assert_eq!(above.error().unwrap().depth, Some(1));
}

#[test]
fn a_minted_leaf_fares_as_one_that_the_key_has_signed() {
    let mut accepted = 0;
    for (key, mut given) in made::pairs() {
        let (theirs, ours) = (given.theirs(), given.ours(true, Loading::Parsable));
        assert_eq!(theirs, ours.error().map(|error| error.message.clone()), "{key}");
        given.presented = made::with_broken_leaf(&given.presented());
        let minted = given.ours(true, Loading::Parsable);
        assert_eq!(minted.errors, ours.errors, "{key}");
        accepted += usize::from(minted.accepts());
    }
    // RSA of 2048 bits and more, P-256, P-384, Ed25519; not RSA below, not a key for PSS alone.
    assert_eq!(accepted, 6);
}

#[test]
fn a_chain_too_long_for_a_handshake_is_refused_as_rustls_refuses_it() {
    // Just below the limit it depends on records whether rustls finds its buffer full before.
    let sound = made::LARGEST_LEAF - 1_000;
    assert_eq!(made::handshake(sound), "accepted");
    assert!(made::padded(sound).ours(false, Loading::Parsable).accepts());
    let said = made::handshake(made::LARGEST_LEAF + 1);
    let verdict = made::padded(made::LARGEST_LEAF + 1).ours(false, Loading::Parsable);
    let error = verdict.error().unwrap();
    assert_eq!((&error.message, error.stage), (&said, Stage::Handshake));
    assert!(made::padded(made::LARGEST_LEAF).ours(false, Loading::Parsable).accepts());
}
