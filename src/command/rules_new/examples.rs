//! The files on which a new rule fails and passes, made with fresh keys.

use std::collections::BTreeMap;

use anyhow::Context as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
};
use time::OffsetDateTime;
use time::macros::datetime;
use zeroize::Zeroizing;

use crate::issue::{Description, Extension, KeyUsage, Name, PrivateKey, SignatureAlgorithm, Validity, pem};
use crate::rule::Subject;

const START: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);
const IN_FIVE_YEARS: OffsetDateTime = datetime!(2031-01-01 00:00 UTC);
const IN_NINE_YEARS: OffsetDateTime = datetime!(2035-01-01 00:00 UTC);
const IN_TWENTY_YEARS: OffsetDateTime = datetime!(2046-01-01 00:00 UTC);

const ROOT: &str = "Example Root CA";

/// A file on which the template for a subject fails, and one on which it passes.
pub(super) fn of(subject: Subject) -> anyhow::Result<(String, String)> {
    if subject == Subject::Key {
        return Ok((
            key_text(&ECDSA_P384_SHA384_FIXED_SIGNING)?,
            key_text(&ECDSA_P256_SHA256_FIXED_SIGNING)?,
        ));
    }
    let (root_key, key) = (key()?, key()?);
    let root = |end| certificate(ROOT, &root_key, &root_key, end);
    let below = |end| certificate("Example Issuing CA", &key, &root_key, end);
    let chain = |end| Ok::<_, anyhow::Error>(root(IN_NINE_YEARS)? + &below(end)?);
    Ok(match subject {
        Subject::Certificate => (root(IN_TWENTY_YEARS)?, root(IN_NINE_YEARS)?),
        Subject::Link => (chain(IN_NINE_YEARS)?, chain(IN_FIVE_YEARS)?),
        Subject::Block => {
            let sound = root(IN_NINE_YEARS)?;
            (sound.replace(" CERTIFICATE-", " X509 CERTIFICATE-"), sound)
        }
        Subject::Bundle | Subject::File | Subject::Key => (chain(IN_FIVE_YEARS)?, root(IN_NINE_YEARS)?),
    })
}

fn key() -> anyhow::Result<PrivateKey> {
    Ok(PrivateKey::from_pkcs8(&pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING)?)?)
}

fn key_text(curve: &'static EcdsaSigningAlgorithm) -> anyhow::Result<String> {
    Ok(pem::encode("PRIVATE KEY", &pkcs8(curve)?))
}

fn pkcs8(curve: &'static EcdsaSigningAlgorithm) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let made = EcdsaKeyPair::generate_pkcs8(curve, &SystemRandom::new());
    let made = made.ok().context("the cryptographic provider makes no key")?;
    Ok(Zeroizing::new(made.as_ref().to_vec()))
}

/// A CA certificate of the root, as PEM.
fn certificate(
    subject: &str,
    key: &PrivateKey,
    signer: &PrivateKey,
    end: OffsetDateTime,
) -> anyhow::Result<String> {
    let mut description = Description {
        version: 3,
        serial_number: vec![1 + u8::from(subject != ROOT)],
        issuer: Name::common(ROOT),
        validity: Validity::between(START, end),
        subject: Name::common(subject),
        public_key: key.public_key().to_vec(),
        extensions: vec![
            Extension::basic_constraints(true, None),
            Extension::key_usage(&[KeyUsage::KeyCertSign, KeyUsage::CrlSign]),
        ],
        signature_algorithm: SignatureAlgorithm::usual(signer),
        inner_signature_algorithm: None,
        raw: BTreeMap::new(),
    };
    description.put(Extension::subject_key_identifier(&description.key_identifier()));
    description.put(Extension::authority_key_identifier(&signer.identifier()));
    Ok(description.sign(signer)?.pem())
}
